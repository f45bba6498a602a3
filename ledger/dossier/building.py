"""Making a dossier: the closure of a shipment out of the read model, with proofs against one checkpoint.

Takes what the read model says and judges nothing; a wrong answer of its shows when the dossier is verified. The work
grows with the shipment and its license, not with the ledger.
"""

from collections.abc import Iterable, Set

from ledger.acts.act import RecordKind
from ledger.chain.closure import Closure
from ledger.chain.deployment import Deployment
from ledger.chain.gathering import Gathering
from ledger.documents.credentials import Document
from ledger.dossier.form import Dossier, ProvenEntry, ProvenRecord
from ledger.errors import InvalidField, Refused
from ledger.ids import RecordId, hex0x
from ledger.journal.checkpoints import parse_checkpoint
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


class _Gathering(Gathering):
    """The read model's answers up to one size of the journal, gathered."""

    def __init__(self, read_model: ReadModel, deployment: Deployment, size: int) -> None:
        super().__init__(deployment)
        self._read_model = read_model
        self._size = size

    def _load(self, closure: Closure, records: Set[RecordId]) -> None:
        for record in records:
            self._take(record, noted=closure.records[record].noted)

    def _take(self, record: RecordId, *, noted: bool) -> None:
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
        found = self._read_model.numbered(_KINDS[kind], number).item
        return RecordId(bytes(32)) if found is None or found.created_seq > self._size else found.record

    def _find_split(self, part: RecordId) -> None:
        """The history of a part begins with its split, so it is here already."""
