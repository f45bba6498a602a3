"""What records list besides their lines: mandates, votes, proposals, acknowledgements. Organizations by number."""

from dataclasses import dataclass

from ledger.ids import Commitment, Time
from ledger.records.codes import Motion


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The first entry of an act that takes two agents; the second one acts."""

    kind: int
    """Of the act."""
    agent: int
    """Number of the agent that proposed."""
    content: bytes
    """keccak256 over the act's kind and its members besides those that all acts have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandate:
    """Another organization whose agents may sign some kinds of acts."""

    delegate: int
    kinds: int
    """A bit set of act kinds."""
    until: Time
    """First instant after."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """Of an active authority on a motion that has not passed."""

    motion: Motion
    organization: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    """A party that has read the conditions, and the document in which it says so last."""

    organization: int
    document: Commitment
