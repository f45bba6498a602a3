"""Proofs about entries and records against a checkpoint: their values, their JSON, and checking them.

An inclusion proof says that an entry stands in the journal. A currency proof says what a record is after ALL entries of
the checkpoint: its leaf is in the heads tree to which the last entry commits. Checking needs the checkpoint's size and
root and nothing else; who signed the checkpoint is for the caller to ask. Formats: `PROOFS.md`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ledger.acts.act import RecordKind
from ledger.acts.words import Json
from ledger.errors import InvalidField, Refused
from ledger.ids import Head, RecordId, hex0x
from ledger.journal.checkpoints import Checkpoint
from ledger.journal.entries import Entry
from ledger.journal.leaves import LogLeaf, RecordHeads, entry_hash
from ledger.journal.merkle import check_consistency, check_inclusion, leaf_hash

LARGEST = 2**53 - 1
"""Numbers in JSON: beyond it not every reader reads the same."""
MOST_HASHES = 63
Path = tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class EntryProof:
    """That a leaf is the one of entry `seq`."""

    seq: int
    leaf: LogLeaf
    path: Path

    def check(self, checkpoint: Checkpoint) -> None:
        """Raises Refused: ProofInvalid."""
        size, place = checkpoint.size, self.seq - 1
        check_inclusion(checkpoint.root, self.leaf.hash(), self.path, place=place, size=size)

    def check_entry(self, checkpoint: Checkpoint, entry: Entry) -> None:
        """That it is a proof of this entry, notes included. Raises Refused: ProofInvalid."""
        self.check(checkpoint)
        if entry.seq != self.seq or entry_hash(entry) != self.leaf.entry_hash:
            raise Refused("ProofInvalid", {"proof": "inclusion", "fault": "another entry"})

    def to_json(self) -> dict[str, Json]:
        return {
            "seq": self.seq,
            "entryHash": hex0x(self.leaf.entry_hash),
            "records": self.leaf.records,
            "headsRoot": hex0x(self.leaf.heads_root),
            "path": [hex0x(one) for one in self.path],
        }

    @classmethod
    def from_json(cls, found: Json, field: str) -> "EntryProof":
        """Raises InvalidField."""
        members = _members(found, field, ("seq", "entryHash", "records", "headsRoot", "path"))
        leaf = LogLeaf(
            _hash(members["entryHash"], f"{field}.entryHash"),
            _count(members["records"], f"{field}.records"),
            _hash(members["headsRoot"], f"{field}.headsRoot"),
        )
        return cls(_count(members["seq"], f"{field}.seq"), leaf, _path(members["path"], f"{field}.path"))


@dataclass(frozen=True, slots=True)
class CurrencyProof:
    """What a record is after all entries: the last entry's leaf, and the record's in the heads tree of that."""

    last: EntryProof
    heads: RecordHeads
    place: int
    """Of the record, from 0 in order of creation."""
    path: Path

    def check(self, checkpoint: Checkpoint) -> None:
        """Raises Refused: ProofInvalid."""
        if self.last.seq != checkpoint.size:
            raise Refused("ProofInvalid", {"proof": "currency", "fault": "not the last entry"})
        self.last.check(checkpoint)
        if self.heads.last_seq > checkpoint.size:
            raise Refused("ProofInvalid", {"proof": "currency", "fault": "later than the checkpoint"})
        root, size = self.last.leaf.heads_root, self.last.leaf.records
        check_inclusion(root, leaf_hash(self.heads.data()), self.path, place=self.place, size=size)

    def to_json(self) -> dict[str, Json]:
        return {
            "last": self.last.to_json(),
            "record": hex0x(self.heads.record),
            "kind": int(self.heads.kind),
            "number": self.heads.number,
            "version": self.heads.version,
            "head": hex0x(self.heads.head),
            "notes": self.heads.notes,
            "noteHead": hex0x(self.heads.note_head),
            "lastSeq": self.heads.last_seq,
            "place": self.place,
            "path": [hex0x(one) for one in self.path],
        }

    @classmethod
    def from_json(cls, found: Json, field: str) -> "CurrencyProof":
        """Raises InvalidField."""
        hashes, counts = ("record", "head", "noteHead"), ("number", "version", "notes", "lastSeq", "place")
        members = _members(found, field, ("last", "kind", *hashes, *counts, "path"))
        hashed = {name: _hash(members[name], f"{field}.{name}") for name in hashes}
        counted = {name: _count(members[name], f"{field}.{name}") for name in counts}
        heads = RecordHeads(
            record=RecordId(hashed["record"]),
            kind=_kind(members["kind"], f"{field}.kind"),
            number=_number(counted["number"], f"{field}.number"),
            version=counted["version"],
            head=Head(hashed["head"]),
            notes=counted["notes"],
            note_head=Head(hashed["noteHead"]),
            last_seq=counted["lastSeq"],
        )
        last = EntryProof.from_json(members["last"], f"{field}.last")
        return cls(last, heads, counted["place"], _path(members["path"], f"{field}.path"))


@dataclass(frozen=True, slots=True)
class ConsistencyProof:
    """That a checkpoint extends the tree of an earlier size."""

    old: int
    path: Path

    def check(self, old_root: bytes, checkpoint: Checkpoint) -> None:
        """Raises Refused: ProofInvalid."""
        check_consistency((self.old, old_root), (checkpoint.size, checkpoint.root), self.path)

    def to_json(self) -> dict[str, Json]:
        return {"from": self.old, "path": [hex0x(one) for one in self.path]}

    @classmethod
    def from_json(cls, found: Json, field: str) -> "ConsistencyProof":
        """Raises InvalidField."""
        members = _members(found, field, ("from", "path"))
        return cls(_count(members["from"], f"{field}.from"), _path(members["path"], f"{field}.path"))


def _members(found: Json, field: str, names: tuple[str, ...]) -> Mapping[str, Json]:
    if not isinstance(found, dict) or found.keys() != set(names):
        raise InvalidField(field, found, f"an object with the members {', '.join(names)}")
    return found


def _path(found: Json, field: str) -> Path:
    if not isinstance(found, list) or len(found) > MOST_HASHES:
        raise InvalidField(field, found, f"a list of at most {MOST_HASHES} hashes")
    return tuple(_hash(one, f"{field}[{index}]") for index, one in enumerate(found))


def _hash(found: Json, field: str) -> bytes:
    digits = found[2:] if isinstance(found, str) and found.startswith("0x") else ""
    if len(digits) != 64 or any(digit not in "0123456789abcdef" for digit in digits):
        raise InvalidField(field, found, "0x and 64 hex digits in lower case")
    return bytes.fromhex(digits)


def _kind(found: Json, field: str) -> RecordKind:
    if _count(found, field) not in list(RecordKind):
        raise InvalidField(field, found, "the number of a kind of records")
    return RecordKind(_count(found, field))


def _number(found: int, field: str) -> int:
    if found >= 2**32:
        raise InvalidField(field, found, "below 2^32")
    return found


def _count(found: Json, field: str) -> int:
    if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found <= LARGEST:
        raise InvalidField(field, found, "a whole number from 0 to 2^53 - 1")
    return found
