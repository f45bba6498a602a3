"""The base of every act: the four members that all have, and what kind of act it is."""

from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import ClassVar

from ledger.acts.structs import Struct
from ledger.acts.types import Bytes32, Uint32, Uint64


class ActClass(Enum):
    """How an act binds to history: a step on the current head, an overriding order, or a note."""

    STEP = "step"
    ORDER = "order"
    NOTE = "note"


class RecordKind(IntEnum):
    """Record kinds, part of every record id."""

    ORGANIZATION = 1
    AGENT = 2
    POLICY = 3
    CERTIFICATE = 4
    APPLICATION = 5
    LICENSE = 6
    SHIPMENT = 7


KEEPERS = {
    RecordKind.ORGANIZATION: "Directory",
    RecordKind.AGENT: "Directory",
    RecordKind.POLICY: "Policies",
    RecordKind.CERTIFICATE: "Certificates",
    RecordKind.APPLICATION: "Applications",
    RecordKind.LICENSE: "Licenses",
    RecordKind.SHIPMENT: "Shipments",
}
"""The contract that keeps the records of a kind and is part of their ids; another may take the acts on them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act(Struct):
    """One signed typed message."""

    KIND: ClassVar[int]
    """The act's number, Entry.kind."""
    CLASS: ClassVar[ActClass]
    CREATES: ClassVar[bool]
    """Whether it creates its record: parent 0, id from a salt."""
    CONTRACT: ClassVar[str]
    """The contract that takes it, EIP-712 verifyingContract."""
    RECORD: ClassVar[RecordKind]

    record: Bytes32
    parent: Bytes32
    """The record's head that the signer saw; 0 to create."""
    organization: Uint32
    """For whom the signer acts."""
    deadline: Uint64
    """UTC seconds; at most 30 days ahead."""
