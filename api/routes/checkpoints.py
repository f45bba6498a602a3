"""The journal's signed checkpoint, and proofs against it: what anybody may ask, without an account."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, ConfigDict, Field

from api.parsing import Ledger
from api.problems import Answers, errors
from api.queries import RecordId
from api.records import Shown
from api.shapes import Hex32
from ledger import ids
from ledger.errors import InvalidField, Unavailable
from ledger.journal.checkpoints import parse_checkpoint
from ledger.journal.proofs import LARGEST
from ledger.opening import OpenLedger
from ledger.publishing import Log

router = APIRouter(prefix="/v1/journal", tags=["journal"])
_NOTE: Answers = {200: {"description": "A C2SP signed note, byte for byte.", "content": {"text/plain": {}}}}
Size = Annotated[int, Field(ge=0, le=LARGEST)]


class Asked(BaseModel):
    """What is to be proven; at least one thing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    entry: Annotated[Size | None, Field(description="Sequence number of an entry.")] = None
    record: Annotated[RecordId | None, Field(description="A record: what it is at the checkpoint.")] = None
    old: Annotated[Size | None, Field(alias="from", description="Size of an earlier checkpoint.")] = None


class EntryProof(Shown):
    """That an entry stands in the journal."""

    seq: Size
    entry_hash: Annotated[Hex32, Field(description="SHA-256 of the entry's bytes.")]
    records: Size
    heads_root: Hex32
    path: list[Hex32]


class RecordProof(Shown):
    """What a record is after all entries of the checkpoint."""

    last: EntryProof
    record: Hex32
    kind: Annotated[int, Field(ge=1, le=7, description="1 organization … 7 shipment, as in record ids.")]
    number: Annotated[Size, Field(description="Among the records of its kind, in order of creation.")]
    version: Size
    head: Hex32
    notes: Size
    note_head: Hex32
    last_seq: Size
    place: Size
    path: list[Hex32]


class ConsistencyProof(Shown):
    """That the checkpoint extends an earlier one."""

    old: Annotated[Size, Field(alias="from")]
    path: list[Hex32]


class Proof(Shown):
    """Proofs with the checkpoint that they belong to; null is what was not asked for."""

    checkpoint: Annotated[str, Field(description="A C2SP signed note.")]
    entry: EntryProof | None
    record: RecordProof | None
    consistency: ConsistencyProof | None


class LogKey(Shown):
    """What checkpoints are verified with; compare it with one from another source."""

    key: Annotated[str, Field(description="The log's vkey (C2SP signed-note).")]
    witnesses: Annotated[list[str], Field(description="Vkeys of the witnesses that are asked.")]


@router.get("/checkpoint", response_class=PlainTextResponse, responses=errors(503) | _NOTE)
def get_checkpoint(ledger: Ledger) -> PlainTextResponse:
    """The newest checkpoint, with the cosignatures of the witnesses that answered."""
    return PlainTextResponse(str(_log(ledger).newest()))


@router.get("/key", responses=errors(503))
def get_log_key(ledger: Ledger) -> LogKey:
    """The log's key and its witnesses'."""
    log = _log(ledger)
    return LogKey(key=str(log.key), witnesses=[str(witness.key) for witness in log.witnesses])


@router.get("/proof", responses=errors(404, 422, 503))
def get_proof(asked: Annotated[Asked, Query()], ledger: Ledger) -> Proof:
    """Prove that an entry stands in the journal, what a record is now, or that the journal extends an earlier one."""
    return _proof(asked, ledger)


def _proof(asked: Asked, ledger: OpenLedger) -> Proof:
    """All of one checkpoint: trees tell every past size, so nothing that is written meanwhile shows."""
    if asked.entry is None and asked.record is None and asked.old is None:
        raise InvalidField("entry", "", "given, or record, or from")
    note, model = _log(ledger).newest(), ledger.read_model
    size = parse_checkpoint(note.text).size
    found = {
        "entry": None if asked.entry is None else model.prove_entry(asked.entry, size),
        "record": None if asked.record is None else model.prove_record(ids.RecordId(asked.record), size),  # type: ignore[arg-type]  # bytes, by its validator
        "consistency": None if asked.old is None else model.prove_consistency(asked.old, size),
    }
    shown = {name: None if one is None else one.to_json() for name, one in found.items()}
    return Proof.of({"checkpoint": str(note), **shown})


def _log(ledger: OpenLedger) -> Log:
    if ledger.log is None:
        raise Unavailable("this process only reads the ledger")
    return ledger.log
