"""The chain itself, for authorities and auditors that recompute everything: read-only JSON-RPC."""

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from api.parsing import Ledger, RpcBody
from api.problems import Answers, errors
from api.reading import Seen
from api.rpc import answered

router = APIRouter(tags=["journal"])
_CALL = {"$ref": "#/components/schemas/RpcCall"}
_TAKEN = {
    "requestBody": {
        "required": True,
        "description": "One call of JSON-RPC 2.0, or a list of at most 20.",
        "content": {
            "application/json": {"schema": {"oneOf": [_CALL, {"type": "array", "items": _CALL, "maxItems": 20}]}}
        },
    }
}
_GIVEN: Answers = {
    200: {"description": "The answer, or a list of answers, of JSON-RPC 2.0.", "content": {"application/json": {}}},
    204: {"description": "No call had an id."},
}


@router.post(
    "/rpc", response_class=Response, responses=errors(400, 401, 403, 408, 413, 422, 503) | _GIVEN, openapi_extra=_TAKEN
)
def call_chain(body: RpcBody, ledger: Ledger, seen: Seen) -> Response:
    """Ask the chain by Ethereum JSON-RPC, within bounds. For authorities and auditors."""
    seen.require("chain")
    found = answered(ledger, body)
    return Response(status_code=204) if found is None else JSONResponse(found)
