"""The dossier as values and as bytes. One dossier has one byte form; every other form is refused.

Reads untrusted bytes within bounds and judges nothing: whether entries, heads and checkpoint belong together is for
`verifying`. Order of work in `read`: size, nesting, JSON, members and types, then the bytes against the one form.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from ledger.acts.act import RecordKind
from ledger.acts.words import Json, Word
from ledger.documents.canonical import canonical_bytes, parse
from ledger.documents.credentials import Document
from ledger.errors import InvalidField
from ledger.ids import Address, Digest, Head, RecordId, Time, hex0x
from ledger.journal.entries import Entry, Touched
from ledger.journal.leaves import LogLeaf, RecordHeads, entry_hash
from ledger.journal.notes import Note, parse_note
from ledger.journal.proofs import CurrencyProof, EntryProof

FORMAT = "license-ledger-dossier/1"
MOST_BYTES = 64 * 1024 * 1024
MOST_PATH = 63
_TOP = ("format", "shipment", "checkpoint", "last", "entries", "records", "documents")
_ENTRY = {
    "seq": Word.of("uint64"),
    "record": Word.of("bytes32"),
    "organization": Word.of("uint32"),
    "kind": Word.of("uint8"),
    "version": Word.of("uint64"),
    "time": Word.of("uint64"),
    "signer": Word.of("address"),
    "digest": Word.of("bytes32"),
    "recordHead": Word.of("bytes32"),
}
_LEAF = {"records": Word.of("uint64"), "headsRoot": Word.of("bytes32")}
_TOUCHED = {"record": Word.of("bytes32"), "note": Word.of("uint64"), "noteHead": Word.of("bytes32")}
_HEADS = {
    "record": Word.of("bytes32"),
    "kind": Word.of("uint8"),
    "number": Word.of("uint32"),
    "version": Word.of("uint64"),
    "head": Word.of("bytes32"),
    "notes": Word.of("uint64"),
    "noteHead": Word.of("bytes32"),
    "lastSeq": Word.of("uint64"),
    "place": Word.of("uint64"),
}
_HASH = Word.of("bytes32")
_NOWHERE: dict[str, Any] = {"block_number": 0, "block_hash": bytes(32), "transaction_hash": bytes(32), "log_index": 0}
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class ProvenEntry:
    """An entry with its inclusion in the log."""

    entry: Entry
    proof: EntryProof

    @classmethod
    def of(cls, entry: Entry, proof: EntryProof) -> "ProvenEntry":
        """Without its place on the chain: no leaf commits to that, and a dossier does not say it."""
        return cls(replace(entry, **_NOWHERE), proof)


@dataclass(frozen=True, slots=True)
class ProvenRecord:
    """What a record is after the last entry, with its inclusion in the heads tree."""

    heads: RecordHeads
    place: int
    path: tuple[bytes, ...]

    def currency(self, last: EntryProof) -> CurrencyProof:
        """The whole proof, over the last entry's leaf."""
        return CurrencyProof(last, self.heads, self.place, self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """One shipment's evidence, as claimed."""

    shipment: RecordId
    checkpoint: Note
    last: EntryProof
    """Of the last entry that the checkpoint covers: its leaf commits to every record's heads."""
    entries: tuple[ProvenEntry, ...]
    """In order of seq."""
    records: tuple[ProvenRecord, ...]
    """In order of creation."""
    documents: tuple[Document, ...] = ()
    """Whole, or the fields that whoever made the dossier chose to show; in order of commitment."""

    @property
    def data(self) -> bytes:
        """The bytes of the file: JSON by RFC 8785, and a line's end."""
        found: dict[str, Json] = {
            "format": FORMAT,
            "shipment": hex0x(self.shipment),
            "checkpoint": str(self.checkpoint),
            "last": self.last.to_json(),
            "entries": [_entry_json(one) for one in self.entries],
            "records": [_record_json(one) for one in self.records],
            "documents": [_document_json(one) for one in self.documents],
        }
        # Names are ASCII and numbers integers, where RFC 8785 and this agree.
        return json.dumps(found, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"

    @classmethod
    def read(cls, data: bytes) -> "Dossier":
        """The dossier in the bytes of a file. Raises InvalidField with the path of what does not fit."""
        top = _members(parse(data, "dossier", most=MOST_BYTES), "dossier", _TOP)
        if top["format"] != FORMAT:
            raise InvalidField("dossier.format", top["format"], FORMAT)
        found = cls(
            shipment=RecordId(_bytes(top["shipment"], "dossier.shipment", _HASH)),
            checkpoint=parse_note(_text(top["checkpoint"], "dossier.checkpoint")),
            last=EntryProof.from_json(top["last"], "dossier.last"),
            entries=_each(top["entries"], "dossier.entries", _entry),
            records=_each(top["records"], "dossier.records", _record),
            documents=_each(top["documents"], "dossier.documents", _document),
        )
        if found.data != data:
            raise InvalidField("dossier", data[:40].decode(errors="replace"), "the one byte form of a dossier")
        return found


def _entry_json(one: ProvenEntry) -> Json:
    entry, proof = one.entry, one.proof
    values = (
        *(entry.seq, entry.record, entry.organization, entry.kind, entry.version, entry.time, entry.signer),
        *(entry.digest, entry.record_head),
    )
    return {
        **_json(_ENTRY, values),
        "act": hex0x(entry.act),
        "signature": hex0x(entry.signature),
        "touched": [
            {**_json(_TOUCHED, (it.record, it.note, it.note_head)), "delta": hex0x(it.delta)} for it in entry.touched
        ],
        **_json(_LEAF, (proof.leaf.records, proof.leaf.heads_root)),
        "path": [hex0x(it) for it in proof.path],
    }


def _record_json(one: ProvenRecord) -> Json:
    it = one.heads
    values = (it.record, it.kind, it.number, it.version, it.head, it.notes, it.note_head, it.last_seq, one.place)
    return {**_json(_HEADS, values), "path": [hex0x(sibling) for sibling in one.path]}


def _json(words: Mapping[str, Word], values: tuple[int | bytes, ...]) -> dict[str, Json]:
    return {name: word.to_json(value) for (name, word), value in zip(words.items(), values, strict=True)}


def _entry(found: Json, field: str) -> ProvenEntry:
    members = _members(found, field, (*_ENTRY, *_LEAF, "act", "signature", "touched", "path"))
    seq, record, organization, kind, version, time, signer, digest, head = _words(members, field, _ENTRY)
    entry = Entry(
        seq=int(seq),
        record=RecordId(bytes(record)),
        organization=int(organization),
        kind=int(kind),
        version=int(version),
        time=Time(int(time)),
        signer=Address(bytes(signer)),
        digest=Digest(bytes(digest)),
        record_head=Head(bytes(head)),
        act=_hex(members["act"], f"{field}.act"),
        signature=_hex(members["signature"], f"{field}.signature"),
        touched=_each(members["touched"], f"{field}.touched", _touched),
        **_NOWHERE,
    )
    records, root = _words(members, field, _LEAF)
    leaf = LogLeaf(entry_hash(entry), int(records), bytes(root))
    return ProvenEntry(entry, EntryProof(entry.seq, leaf, _path(members["path"], f"{field}.path")))


def _touched(found: Json, field: str) -> Touched:
    members = _members(found, field, (*_TOUCHED, "delta"))
    record, note, head = _words(members, field, _TOUCHED)
    return Touched(RecordId(bytes(record)), int(note), Head(bytes(head)), _hex(members["delta"], f"{field}.delta"))


def _record(found: Json, field: str) -> ProvenRecord:
    members = _members(found, field, (*_HEADS, "path"))
    record, kind, number, version, head, notes, note_head, last, place = _words(members, field, _HEADS)
    if not 1 <= int(kind) <= max(RecordKind):
        raise InvalidField(f"{field}.kind", kind, f"1 to {max(RecordKind)}")
    heads = RecordHeads(
        record=RecordId(bytes(record)),
        kind=RecordKind(int(kind)),
        number=int(number),
        version=int(version),
        head=Head(bytes(head)),
        notes=int(notes),
        note_head=Head(bytes(note_head)),
        last_seq=int(last),
    )
    return ProvenRecord(heads, int(place), _path(members["path"], f"{field}.path"))


def _document_json(one: Document) -> Json:
    credential: Json = json.loads(one.credential)
    return {"credential": credential, "disclosures": list(one.disclosures)}


def _document(found: Json, field: str) -> Document:
    members = _members(found, field, ("credential", "disclosures"))
    credential = canonical_bytes(members["credential"], f"{field}.credential")
    return Document(credential, _each(members["disclosures"], f"{field}.disclosures", _text))


def _members(found: Json, field: str, names: tuple[str, ...]) -> Mapping[str, Json]:
    if not isinstance(found, dict) or found.keys() != set(names):
        raise InvalidField(field, found, f"an object with the members {', '.join(names)}")
    return found


def _each(found: Json, field: str, read: Callable[[Json, str], Item]) -> tuple[Item, ...]:
    if not isinstance(found, list):
        raise InvalidField(field, found, "a list")
    return tuple(read(one, f"{field}[{index}]") for index, one in enumerate(found))


def _words(members: Mapping[str, Json], field: str, words: Mapping[str, Word]) -> list[int | bytes]:
    return [word.from_json(members[name], f"{field}.{name}") for name, word in words.items()]


def _path(found: Json, field: str) -> tuple[bytes, ...]:
    if isinstance(found, list) and len(found) > MOST_PATH:
        raise InvalidField(field, f"{len(found)} hashes", f"at most {MOST_PATH}")
    return _each(found, field, lambda one, place: _bytes(one, place, _HASH))


def _bytes(found: Json, field: str, word: Word) -> bytes:
    return bytes(word.from_json(found, field))


def _hex(found: Json, field: str) -> bytes:
    text = _text(found, field)
    try:
        return bytes.fromhex(text.removeprefix("0x"))
    except ValueError as fault:
        raise InvalidField(field, text, "0x and pairs of hex digits") from fault


def _text(found: Json, field: str) -> str:
    if not isinstance(found, str):
        raise InvalidField(field, found, "a string")
    return found
