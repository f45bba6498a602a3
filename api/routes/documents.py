"""Sealed documents under their commitments: put, given to those entitled, shared with readers who lack a key."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api import keeping, queries
from api.answers import Kept, Page
from api.parsing import CommitmentPath, DocumentBody, KeysBody, Ledger
from api.problems import Answers, errors
from api.reading import Reader
from api.sealed import (
    ENVELOPE,
    DocumentRead,
    DocumentReaders,
    KeptDocument,
    MissingDocument,
    envelope_body,
    keys_body,
)

router = APIRouter(prefix="/v1/documents", tags=["documents"])
_KNOWN: Answers = {200: {"model": Kept, "description": "It was here already; the first envelope stays."}}
_ENVELOPE: Answers = {
    200: {"description": "The sections that you may read.", "content": {"application/json": {"schema": ENVELOPE}}}
}


@router.get("", responses=errors(401, 422, 503))
def list_documents(asked: Annotated[queries.Documents, Query()], ledger: Ledger, reader: Reader) -> Page[KeptDocument]:
    """Documents sealed to your key, or to another one, that your organization may read, in order of putting."""
    return keeping.kept(ledger, reader, recipient=asked.x25519, after=asked.place, limit=asked.limit)


@router.get("/missing", responses=errors(401, 422, 503))
def list_missing(asked: Annotated[queries.Places, Query()], ledger: Ledger, reader: Reader) -> Page[MissingDocument]:
    """Documents that the ledger commits to, that your organization may read, and that are not here."""
    return keeping.missing(ledger, reader, after=asked.place if asked.after else -1, limit=asked.limit)


@router.get("/readers", responses=errors(401, 422, 503))
def list_own_readers(ledger: Ledger, reader: Reader) -> DocumentReaders:
    """Whom a new document of yours is sealed to first: your organization's active agents, its archive among them."""
    return keeping.own_readers(ledger, reader)


@router.put(
    "/{commitment}",
    status_code=201,
    responses=errors(400, 408, 409, 413, 422, 503) | _KNOWN,
    openapi_extra=envelope_body(),
)
def put_document(commitment: CommitmentPath, data: DocumentBody, ledger: Ledger, response: Response) -> Kept:
    """Keep a sealed document. Its author must be an active agent; what no act commits to within a day is dropped."""
    if not keeping.keep(ledger, commitment, data):
        response.status_code = 200
    return Kept.of({"commitment": commitment})


@router.get("/{commitment}", response_class=Response, responses=errors(401, 403, 404, 422, 503) | _ENVELOPE)
def get_document(commitment: CommitmentPath, ledger: Ledger, reader: Reader) -> Response:
    """The sealed document, for organizations that may read it; the read is logged."""
    return Response(keeping.give_out(ledger, commitment, reader), media_type="application/json")


@router.put(
    "/{commitment}/keys", responses=errors(400, 401, 403, 404, 408, 409, 413, 422, 503), openapi_extra=keys_body()
)
def put_keys(commitment: CommitmentPath, data: KeysBody, ledger: Ledger, reader: Reader) -> Kept:
    """Keep keys that you sealed to readers who lacked them."""
    keeping.add_keys(ledger, commitment, data, reader)
    return Kept.of({"commitment": commitment})


@router.get("/{commitment}/readers", responses=errors(401, 403, 404, 422, 503))
def list_readers(commitment: CommitmentPath, ledger: Ledger, reader: Reader) -> DocumentReaders:
    """Who may read the document, with the act that brought each one's key; `lacking` says who needs one sealed."""
    return keeping.readers_of(ledger, commitment, reader)


@router.get("/{commitment}/reads", responses=errors(401, 403, 404, 422, 503))
def list_reads(
    commitment: CommitmentPath, asked: Annotated[queries.Places, Query()], ledger: Ledger, reader: Reader
) -> Page[DocumentRead]:
    """Who was given the document: all to its author's organization and to auditors, to others their own reads."""
    return keeping.reads(ledger, commitment, reader, after=asked.place, limit=asked.limit)
