"""Where effects find and leave records: the protocol, and a book in memory.

`MemoryBook` keeps every state of every record, so that a verifier can ask what stood there at an entry.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from ledger.acts.act import RecordKind
from ledger.errors import Refused, Unavailable
from ledger.ids import Address
from ledger.records.codes import AgentStatus, Role
from ledger.records.states import Agent, Certificate, License, Organization, Policy, Record

Numbered = TypeVar("Numbered", Organization, Policy, Certificate, License)
Known = TypeVar("Known", bound=Record)


@dataclass(frozen=True, slots=True)
class Origin:
    """What the id of a shipment follows from, besides its organization and salt."""

    chain_id: int
    shipments: Address
    """The contract that keeps them."""


class Book(Protocol):
    """Records by id, and by the numbers that acts use. A lookup by number raises Refused where there is none."""

    def begin(self, origin: Origin) -> None:
        """Before the first record."""

    def origin(self) -> Origin: ...

    def get(self, record: bytes) -> Record | None: ...

    def put(self, record: Record) -> None: ...

    def organization(self, number: int) -> Organization: ...

    def policy(self, number: int) -> Policy: ...

    def certificate(self, number: int) -> Certificate: ...

    def license(self, number: int) -> License: ...

    def agent(self, organization: int, account: bytes) -> Agent:
        """The agent that the account is of the organization."""

    def signing(self, account: bytes) -> Agent | None:
        """The active agent that the account is: it is bound to one organization for ever."""

    def agents_of(self, organization: int) -> Sequence[Agent]:
        """All that were ever appointed."""

    def authorities(self) -> Sequence[Organization]:
        """Those with the role, suspended ones too."""

    def voted(self) -> Sequence[Organization]:
        """Those on which votes are open."""

    def new_number(self, kind: RecordKind, record: bytes) -> int:
        """The number of a new record, counting from 1 in order of creation."""


class MemoryBook:
    """A Book of everything it was told."""

    def __init__(self) -> None:
        self._states: dict[bytes, list[Record]] = {}
        self._numbered: dict[tuple[type[Record], int], bytes] = {}
        self._agents: dict[tuple[int, bytes], bytes] = {}
        self._accounts: dict[bytes, set[bytes]] = {}
        self._counts: dict[RecordKind, int] = {}
        self._origin: Origin | None = None

    def begin(self, origin: Origin) -> None:
        self._origin = origin

    def origin(self) -> Origin:
        if self._origin is None:
            raise Unavailable("the book is empty: nothing was founded")
        return self._origin

    def get(self, record: bytes) -> Record | None:
        states = self._states.get(record)
        return states[-1] if states else None

    def put(self, record: Record) -> None:
        states = self._states.setdefault(record.record, [])
        if states and states[-1].last_seq == record.last_seq:
            states.pop()
        states.append(record)
        number = getattr(record, "number", None)
        if number is not None:
            self._numbered[type(record), number] = record.record
        if isinstance(record, Agent):
            self._agents[record.organization, record.account] = record.record
            self._accounts.setdefault(record.account, set()).add(record.record)

    def records(self) -> list[Record]:
        """The current state of all records, in order of creation."""
        return [states[-1] for states in self._states.values()]

    def states(self, record: bytes) -> tuple[Record, ...]:
        """Every state of a record, one an entry that stepped or noted it (`last_seq`), oldest first."""
        return tuple(self._states.get(record, ()))

    def at(self, record: bytes, seq: int) -> Record | None:
        """The record as it stood right after the entry of that seq."""
        past = [state for state in self._states.get(record, ()) if state.last_seq <= seq]
        return past[-1] if past else None

    def organization(self, number: int) -> Organization:
        return self._at_number(Organization, number)

    def policy(self, number: int) -> Policy:
        return self._at_number(Policy, number)

    def certificate(self, number: int) -> Certificate:
        return self._at_number(Certificate, number)

    def license(self, number: int) -> License:
        return self._at_number(License, number)

    def agent(self, organization: int, account: bytes) -> Agent:
        found = self.get(self._agents.get((organization, account), b""))
        if isinstance(found, Agent):
            return found
        raise Refused("NotAnAgent", {"signer": account, "organization": organization})

    def signing(self, account: bytes) -> Agent | None:
        return active(self.get(record) for record in self._accounts.get(account, ()))

    def agents_of(self, organization: int) -> Sequence[Agent]:
        agents = (one for one in self.records() if isinstance(one, Agent))
        return [agent for agent in agents if agent.organization == organization]

    def authorities(self) -> Sequence[Organization]:
        return [one for one in self._organizations() if one.roles & Role.AUTHORITY]

    def voted(self) -> Sequence[Organization]:
        return [one for one in self._organizations() if one.votes]

    def _organizations(self) -> list[Organization]:
        return [one for one in self.records() if isinstance(one, Organization)]

    def new_number(self, kind: RecordKind, record: bytes) -> int:  # noqa: ARG002  # a book of a part may pin numbers by id
        self._counts[kind] = self._counts.get(kind, 0) + 1
        return self._counts[kind]

    def _at_number(self, kind: type[Numbered], number: int) -> Numbered:
        found = self.get(self._numbered.get((kind, number), b""))
        if isinstance(found, kind):
            return found
        raise unknown_number(kind, number)


def active(records: Iterable[Record | None]) -> Agent | None:
    """The one active agent among some; None where there is none."""
    agents = (one for one in records if isinstance(one, Agent))
    return next((agent for agent in agents if agent.status == AgentStatus.ACTIVE), None)


def unknown_number(kind: type[Record], number: int) -> Refused:
    """No record of that kind has the number: UnknownOrganization(organization), UnknownPolicy(policy), ..."""
    return Refused(f"Unknown{kind.__name__}", {kind.__name__.lower(): number})


def known(kind: type[Known], record: bytes, book: Book) -> Known:
    """The record of that id and kind. Raises Refused("UnknownRecord")."""
    found = book.get(record)
    if isinstance(found, kind):
        return found
    raise Refused("UnknownRecord", {"record": record})
