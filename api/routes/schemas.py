"""The JSON Schemas of the documents, as they are in the package."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from api.answers import SchemaList
from api.problems import Answers, errors
from ledger.documents.kinds import KINDS
from ledger.documents.schema import schema_text
from ledger.errors import Refused

_SCHEMA: Answers = {200: {"description": "JSON Schema 2020-12.", "content": {"application/schema+json": {}}}}
router = APIRouter(prefix="/v1", tags=["schemas"])


@router.get("/schemas", responses=errors())
async def list_schemas() -> SchemaList:
    """The kinds of documents, each with the path of its schema."""
    return SchemaList.of({"items": [{"kind": kind, "path": f"/v1/schemas/{kind}"} for kind in KINDS]})


@router.get(
    "/schemas/{kind}",
    response_class=Response,
    responses=errors(404, 422) | _SCHEMA,
)
def get_schema(kind: Annotated[str, Path(max_length=100)], request: Request) -> Response:
    """The JSON Schema of one kind of document."""
    if kind not in KINDS:
        raise Refused("NotFound", {"path": request.url.path[:200]})
    return Response(schema_text(kind), media_type="application/schema+json")
