"""Making a dossier: the closure of a shipment out of the read model, with proofs against one checkpoint.

Takes what the read model says and judges nothing; a wrong answer of its shows when the dossier is verified. The work
grows with the shipment and its license, not with the ledger.
"""

from collections.abc import Iterable

from ledger.acts.act import RecordKind
from ledger.chain.closure import Closure, closure_of
from ledger.chain.deployment import Deployment
from ledger.documents.credentials import Document
from ledger.dossier.form import Dossier, ProvenEntry, ProvenRecord
from ledger.errors import InvalidField, Refused
from ledger.ids import RecordId, hex0x
from ledger.journal.checkpoints import parse_checkpoint
from ledger.journal.entries import Entry
from ledger.journal.notes import Note
from ledger.read_model.model import ReadModel
from ledger.read_model.questions import LONGEST_PAGE
from ledger.records.states import Organization, Policy, Shipment

_KINDS: dict[RecordKind, type[Organization | Policy]] = {
    RecordKind.ORGANIZATION: Organization,
    RecordKind.POLICY: Policy,
}


def build(
    read_model: ReadModel,
    deployment: Deployment,
    shipment: RecordId,
    checkpoint: Note,
    documents: Iterable[Document] = (),
) -> Dossier:
    """The dossier of `shipment` as of a signed checkpoint of this journal, with those documents.

    Raises:
        Refused: UnknownRecord, no such shipment at that checkpoint.
        InvalidField: the record is of another kind, or the checkpoint's text is none.
        Unavailable: the read model does not answer, or does not know so many entries.
    """
    size = parse_checkpoint(checkpoint.text).size
    found = read_model.record(shipment).item
    if found is None or found.created_seq > size:
        raise Refused("UnknownRecord", {"record": shipment})
    if not isinstance(found, Shipment):
        raise InvalidField("shipment", hex0x(shipment), "the record id of a shipment")
    gathering = _Gathering(read_model, deployment, size)
    closure = gathering.gather(shipment)
    proven = {record: read_model.prove_record(record, size) for record in closure.records}
    # The last entry's leaf is the same in all of them.
    last = proven[shipment].last
    records = (ProvenRecord(one.heads, one.place, one.path) for one in proven.values())
    return Dossier(
        shipment=shipment,
        checkpoint=checkpoint,
        last=last,
        entries=tuple(ProvenEntry.of(entry, read_model.prove_entry(entry.seq, size)) for entry in gathering.entries()),
        records=tuple(sorted(records, key=lambda one: one.place)),
        documents=tuple(sorted(documents, key=lambda one: one.commitment)),
    )


class _Gathering:
    """Entries and numbers up to one size, found record by record until the closure wants nothing new."""

    def __init__(self, read_model: ReadModel, deployment: Deployment, size: int) -> None:
        self._read_model = read_model
        self._deployment = deployment
        self._size = size
        self._entries: dict[int, Entry] = {}
        self._asked: set[RecordId] = set()
        self._numbers: dict[tuple[RecordKind, int], RecordId] = {}

    def entries(self) -> tuple[Entry, ...]:
        """What was found, in order of seq."""
        return tuple(self._entries[seq] for seq in sorted(self._entries))

    def gather(self, shipment: RecordId) -> Closure:
        while True:
            closure = closure_of(self._deployment, shipment, self.entries(), self._numbers)
            numbers = closure.numbers - self._numbers.keys()
            records = closure.records.keys() - self._asked
            if not numbers and not records:
                return closure
            for kind, number in sorted(numbers):
                self._numbers[kind, number] = self._record_of(kind, number)
            for record in records:
                self._take(record, noted=closure.records[record].noted)

    def _take(self, record: RecordId, *, noted: bool) -> None:
        """The entries that stepped the record and, where they belong to it, those that noted it."""
        self._asked.add(record)
        after: str | None = None
        while True:
            page = self._read_model.history(record, after=after, limit=LONGEST_PAGE)
            for answer in page.items:
                entry = answer.entry
                if entry.seq <= self._size and (noted or entry.record == record):
                    self._entries[entry.seq] = entry
            after = page.next
            if after is None or int(after) >= self._size:
                return

    def _record_of(self, kind: RecordKind, number: int) -> RecordId:
        """The record of a number; none where there was none at the checkpoint."""
        found = self._read_model.numbered(_KINDS[kind], number).item
        return RecordId(bytes(32)) if found is None or found.created_seq > self._size else found.record
