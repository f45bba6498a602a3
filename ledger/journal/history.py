"""What is said about one shipment as of one moment: entries, current heads, numbers. Values only, nothing is judged.

Whoever takes these values from a node, a file or a stranger brings them in this form, and the same judgment follows.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ledger.acts.act import RecordKind
from ledger.ids import Head, RecordId, Time
from ledger.journal.entries import Entry


@dataclass(frozen=True, slots=True)
class Heads:
    """The heads that a contract gives for a record; 32 zero bytes where there is none."""

    head: Head
    note_head: Head


@dataclass(frozen=True, slots=True)
class AtBlock:
    """The block that all answers of a node hold for."""

    number: int
    hash: bytes
    time: Time

    def __str__(self) -> str:
        return f"block {self.number}"


@dataclass(frozen=True, slots=True)
class AtCheckpoint:
    """The checkpoint that all proofs of a dossier lead to."""

    size: int
    """Entries that it covers."""
    root: bytes
    time: Time
    """Of the last of these entries."""

    def __str__(self) -> str:
        return f"checkpoint {self.size}"


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Everything that a shipment rests on, as claimed."""

    shipment: RecordId
    at: AtBlock | AtCheckpoint
    length: int
    """Entries in the journal then."""
    entries: tuple[Entry, ...]
    """In order of seq, each with all its notes."""
    heads: Mapping[RecordId, Heads]
    numbers: Mapping[tuple[RecordKind, int], RecordId]
    """Record ids of organizations and policies by number."""
