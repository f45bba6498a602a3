"""The leaves of the two trees, byte for byte as `PROOFS.md` has them.

The heads tree has a leaf for each record, in order of creation; the log tree one for each entry, which also commits to
the heads tree right after that entry. Judges no rule and checks no signature.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ledger.acts.act import RecordKind
from ledger.acts.digests import part_salt, record_id
from ledger.acts.kinds import BY_KIND
from ledger.acts.manifests import SplitShipment
from ledger.errors import InvalidField
from ledger.ids import ZERO32, Address, Head, RecordId, hex0x
from ledger.journal.entries import Entry, next_head
from ledger.journal.merkle import leaf_hash


@dataclass(frozen=True, slots=True)
class RecordHeads:
    """What a leaf of the heads tree says: by which number acts name a record, and everything that later acts move."""

    record: RecordId
    kind: RecordKind
    number: int
    """Counts the records of its kind in order of creation, from 1."""
    version: int
    head: Head
    notes: int
    note_head: Head
    last_seq: int
    """Of the last entry that stepped or noted it; 0: the deployment."""

    def data(self) -> bytes:
        """The leaf's 125 bytes."""
        return b"".join(
            (
                *(self.record, bytes([self.kind]), self.number.to_bytes(4, "big"), _uint64(self.version), self.head),
                *(_uint64(self.notes), self.note_head, _uint64(self.last_seq)),
            )
        )


@dataclass(frozen=True, slots=True)
class LogLeaf:
    """What a leaf of the log tree says."""

    entry_hash: bytes
    """SHA-256 of the entry's bytes."""
    records: int
    """In the heads tree after the entry."""
    heads_root: bytes

    def data(self) -> bytes:
        """The leaf's 72 bytes."""
        return self.entry_hash + _uint64(self.records) + self.heads_root

    def hash(self) -> bytes:
        return leaf_hash(self.data())


@dataclass(frozen=True, slots=True)
class Origin:
    """What the ids of shipments follow from, besides organization and salt."""

    chain_id: int
    shipments: Address
    """The contract that keeps them."""


def entry_bytes(entry: Entry) -> bytes:
    """abi.encode of the Entry event's fields in order, then that of each Touched event's."""
    return b"".join((_entry_event(entry), *_touched_events(entry)))


def entry_hash(entry: Entry) -> bytes:
    """SHA-256 of the entry's bytes."""
    return hashlib.sha256(entry_bytes(entry)).digest()


def founded(founders: Iterable[tuple[RecordId, RecordKind, Head]]) -> list[RecordHeads]:
    """The leaves of the records that the deployment founds, in order of creation."""
    counts: Counter[RecordKind] = Counter()
    found = []
    for record, kind, head in founders:
        counts[kind] += 1
        found.append(RecordHeads(record, kind, counts[kind], 0, head, 0, Head(ZERO32), 0))
    return found


def records_of(entry: Entry, origin: Origin) -> list[RecordId]:
    """Every record whose leaf the entry moves, without repetition: its own, the parts it makes, those it notes."""
    return list(dict.fromkeys((entry.record, *_parts(entry, origin), *(one.record for one in entry.touched))))


def heads_after(
    entry: Entry,
    origin: Origin,
    known: Callable[[RecordId], RecordHeads | None],
    counts: Mapping[RecordKind, int],
) -> list[RecordHeads]:
    """The leaves that the entry moves, as it leaves them; new records in order of creation.

    `counts` are the records of each kind before the entry.

    Raises:
        InvalidField: the entry notes a record that is not known, or its act cannot be read.
    """
    kind = _kind_of(entry)
    own = known(entry.record) or _made(entry.record, kind, counts.get(kind, 0) + 1)
    moved = {entry.record: replace(own, version=entry.version, head=entry.record_head, last_seq=entry.seq)}
    head = next_head(ZERO32, entry.digest, entry.signer)
    for number, part in enumerate(_parts(entry, origin), start=counts.get(kind, 0) + 1):
        moved[part] = replace(_made(part, kind, number), version=1, head=head, last_seq=entry.seq)
    for touched in entry.touched:
        noted = moved.get(touched.record) or known(touched.record)
        if noted is None:
            raise InvalidField("touched", hex0x(touched.record), "a record that is there")
        moved[touched.record] = replace(noted, notes=touched.note, note_head=touched.note_head, last_seq=entry.seq)
    return list(moved.values())


def _made(record: RecordId, kind: RecordKind, number: int) -> RecordHeads:
    return RecordHeads(record, kind, number, 0, Head(ZERO32), 0, Head(ZERO32), 0)


def _kind_of(entry: Entry) -> RecordKind:
    if entry.kind not in BY_KIND:
        raise InvalidField("kind", entry.kind, "the number of an act")
    return BY_KIND[entry.kind].RECORD


def _parts(entry: Entry, origin: Origin) -> list[RecordId]:
    """The shipments that a split makes, which no event names."""
    act = entry.decoded() if entry.kind == SplitShipment.KIND else None
    if not isinstance(act, SplitShipment):
        return []
    return [
        record_id(
            origin.chain_id,
            origin.shipments,
            kind=RecordKind.SHIPMENT,
            organization=act.organization,
            salt=part_salt(act.record, index),
        )
        for index in range(len(act.shares))
    ]


def _entry_event(entry: Entry) -> bytes:
    act, signature = _tail(entry.act), _tail(entry.signature)
    return b"".join(
        (
            *(_word(entry.seq), entry.record, _word(entry.organization), _word(entry.kind), _word(entry.version)),
            *(_word(entry.time), entry.signer.rjust(32, b"\0"), entry.digest, entry.record_head),
            *(_word(11 * 32), _word(11 * 32 + len(act)), act, signature),
        )
    )


def _touched_events(entry: Entry) -> Sequence[bytes]:
    return [
        _word(entry.seq) + one.record + _word(one.note) + one.note_head + _word(5 * 32) + _tail(one.delta)
        for one in entry.touched
    ]


def _tail(data: bytes) -> bytes:
    return _word(len(data)) + data + bytes(-len(data) % 32)


def _word(number: int) -> bytes:
    return number.to_bytes(32, "big")


def _uint64(number: int) -> bytes:
    return number.to_bytes(8, "big")
