"""The journal as it is, and the trust root that it is checked against."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api import queries
from api.answers import Entry, JournalState, Page
from api.asking import journal_state, listed
from api.parsing import Ledger
from api.problems import Answers, errors
from api.reading import Seen

router = APIRouter(prefix="/v1", tags=["journal"])
_TRUST_ROOT: Answers = {200: {"description": "deployment.json, byte for byte.", "content": {"application/json": {}}}}


@router.get("/journal/entries", responses=errors(401, 403, 422, 503))
def list_entries(asked: Annotated[queries.Entries, Query()], ledger: Ledger, seen: Seen) -> Page[Entry]:
    """Entries in order, with act and signature: all that recomputes the rest. For authorities and auditors."""
    seen.require("entries")
    return listed(Entry, ledger.read_model.entries(after=asked.after, limit=asked.limit))


@router.get("/journal/state", responses=errors(503))
def get_journal_state(ledger: Ledger) -> JournalState:
    """Length and head of the journal, from the chain."""
    return journal_state(ledger)


@router.get("/deployment", response_class=Response, responses=errors() | _TRUST_ROOT)
async def get_deployment(ledger: Ledger) -> Response:
    """The trust root: founders, chain id, addresses, code hashes. Compare it with one from another source."""
    return Response(ledger.deployment.to_json(), media_type="application/json")
