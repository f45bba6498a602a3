"""Documents are put under their commitment. They are not given out before they are sealed to their readers."""

from fastapi import APIRouter, Response

from api.answers import Kept
from api.keeping import keep
from api.parsing import DOCUMENT_BYTES, CommitmentPath, DocumentBody, Ledger
from api.problems import Answers, errors

router = APIRouter(prefix="/v1", tags=["documents"])
_KNOWN: Answers = {200: {"model": Kept, "description": "It was here already."}}
_BODY = {
    "requestBody": {
        "required": True,
        "description": f"The canonical bytes (RFC 8785) of the secured document, at most {DOCUMENT_BYTES} bytes.",
        "content": {"application/json": {"schema": {"type": "object"}}},
    }
}


@router.put(
    "/documents/{commitment}",
    status_code=201,
    responses=errors(400, 408, 413, 422, 503) | _KNOWN,
    openapi_extra=_BODY,
)
def put_document(commitment: CommitmentPath, data: DocumentBody, ledger: Ledger, response: Response) -> Kept:
    """Keep a document. The path must be the sha256 of the body, and the body canonical."""
    if not keep(ledger.documents, commitment, data):
        response.status_code = 200
    return Kept.of({"commitment": commitment})
