"""Filling a private index: what the vault has for one's keys is fetched, opened, proven, and put in.

Only what is new, or opens further than before, is fetched: each fetch is a read that the service records. What is
listed no longer goes out again. That a document's key is its author's, and where it belongs, is the service's word:
`verify` proves that.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ledger.acts.words import Word
from ledger.documents.canonical import Json, JsonObject
from ledger.documents.contents import contents
from ledger.errors import Refused, Unavailable, brief
from ledger.ids import Commitment, RecordId
from ledger.private_index.store import Index, Indexed, Place
from ledger.sharing import Desk

_UNREADABLE = {
    "InvalidField",
    "ProofInvalid",
    "NotSealedToKey",
    "EnvelopeAltered",
    "DocumentAltered",
    "DocumentUnknown",
    "NotEntitled",
}
"""What is wrong with one document, and nothing with the others."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild did."""

    documents: int
    """In the index now."""
    added: int
    """Of these, how many were fetched."""
    removed: int
    unreadable: tuple[Commitment, ...]
    """That the vault has for these keys, and that do not open or do not hold."""


@dataclass(slots=True)
class _Listed:
    """A document as the vault lists it: what one's keys open of it, and where it belongs."""

    sections: tuple[str, ...]
    place: Place


def rebuild(desk: Desk, index: Index) -> Rebuilt:
    """Bring the index to what the vault has for the keys of the desk. A rebuild that was cut short goes on.

    Raises:
        Refused, Unavailable: as `Desk`, `Index`.
    """
    listed, held = _listed(desk), index.held()
    gone = held.keys() - listed.keys()
    for commitment in gone:
        index.remove(commitment)
    unreadable = []
    for commitment, one in listed.items():
        if held.get(commitment) == one.sections:
            index.place(commitment, one.place)
            continue
        try:
            index.add(_opened(desk, commitment, one.place), one.sections)
        except Refused as refused:
            if refused.name not in _UNREADABLE:
                raise
            unreadable.append(commitment)
    documents = len(index.held())
    fetched = sum(1 for commitment, one in listed.items() if held.get(commitment) != one.sections)
    return Rebuilt(documents, fetched - len(unreadable), len(gone), tuple(unreadable))


def _opened(desk: Desk, commitment: Commitment, place: Place) -> Indexed:
    """Raises Refused: it does not open, or does not hold."""
    found = contents(desk.get(commitment))
    return Indexed(commitment, place, found.kind, found.subject)


def _listed(desk: Desk) -> Mapping[Commitment, _Listed]:
    """Every document once, in order of putting, with the sections that any of one's keys opens."""
    found: dict[Commitment, _Listed] = {}
    for commitment, item in desk.kept():
        one = found.setdefault(commitment, _Listed((), _place(item)))
        given = item.get("sections")
        names = [str(name) for name in given] if isinstance(given, list) else []
        one.sections = tuple(sorted({*one.sections, *names}))
    return found


def _place(item: JsonObject) -> Place:
    match item:
        case {"record": None, "act": None}:
            return Place(None, None)
        case {"record": record, "act": str(act)}:
            return Place(RecordId(_bytes32(record)), act)
    raise Unavailable(f"the service lists a document as {brief(item)}")


def _bytes32(value: Json) -> bytes:
    found = Word.of("bytes32").from_json(value, "record")
    return found if isinstance(found, bytes) else b""
