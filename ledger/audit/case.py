"""One act before the judge, and the row of the rules that it falls under.

A row says what its table says: the statuses, the power, the relation of the organization, the checks, the effects.
Nothing here decides.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from ledger.acts.act import Act
from ledger.audit.heads import moved
from ledger.audit.state import Kept, Record, State
from ledger.ids import ZERO32

Sort_co = TypeVar("Sort_co", bound=Act, covariant=True)

ACCOUNT_ITSELF = -1
"""What a relation answers where the signer needs no power: it is the agent that the act is about."""


@dataclass(slots=True)
class Case(Generic[Sort_co]):
    """An act, who signed it and when, and what the judgement finds on its way."""

    state: State
    act: Sort_co
    signer: bytes
    time: int
    """Of the block."""
    digest: bytes
    agent: int = 0
    """Number of the agent that signed."""
    powers: int = 0
    """Of that agent."""
    behind: int = 0
    """The organization whose agent signed."""
    relation: int = 0
    """Which of the row's relations fits."""
    bits: int = 0
    """Broken rules that the act puts on record."""
    touched: dict[bytes, bytes] = field(default_factory=dict)
    """Deltas by second record."""

    def the(self, kind: type[Kept]) -> Kept:
        """The act's record, to read. Refuses with UnknownRecord."""
        return self.state.the(kind, self.act.record)

    def draft(self, kind: type[Kept]) -> Kept:
        """The act's record, to write on."""
        return self.state.draft(kind, self.act.record)

    def touch(self, record: bytes, delta: bytes) -> None:
        """Leaves a note on a second record."""
        self.touched[record] = delta

    def next_head(self) -> bytes:
        """The record's head right after this act, if it is a step or an order."""
        found = self.state.find(Record, self.act.record)
        return moved(found.head if found else ZERO32, self.digest, self.signer)


Rule = Callable[[Any], None]
"""Of a Case of the row's act."""


def nothing(_case: Case[Act]) -> None:
    """No check, no effect."""


def anyone(_case: Case[Act]) -> int:
    """No relation is asked: the power says it."""
    return 0


def stored(case: Case[Act]) -> int:
    """The record's status."""
    return case.the(Record).status


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of RULES.md."""

    act: type[Act]
    allowed: int = 0
    """Statuses as a bit set; 0: every one, or none such record yet."""
    to: int | None = None
    """Status after it; None: unchanged, or by the effects."""
    record: type[Record]
    powers: tuple[int, ...] = ()
    """One for each relation."""
    relation: Callable[[Any], int] = anyone
    """Refuses with the row's own error, or answers which relation fits."""
    keyless: int = 0
    """The power of a sponsor's agent that may sign while there is none (RECORD) or no admin (REGISTER)."""
    signed: Rule = nothing
    """What else is asked of the signer."""
    two_agents: bool = False
    when_suspended: bool = False
    """Whether a suspended organization may still sign it."""
    status: Callable[[Any], int] = stored
    """The status that is compared."""
    checks: Rule = nothing
    effects: Callable[[Any], int | None] = nothing
    """Answers the status after it where it depends; None: as the row says."""
