"""Whether the service lives and can work, and its description."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.answers import Health, Readiness
from api.asking import readiness
from api.description import error_names
from api.page import POLICY, page
from api.parsing import Ledger
from api.problems import errors

router = APIRouter(tags=["service"])


@router.get("/healthz", responses=errors())
async def health() -> Health:
    """The process answers."""
    return Health()


@router.get("/readyz", responses=errors(503))
def ready(ledger: Ledger) -> Readiness:
    """The chain answers, and the read model knows its head."""
    return readiness(ledger)


@router.get("/docs", response_class=HTMLResponse, include_in_schema=False)
def docs(request: Request) -> HTMLResponse:
    """The description for people."""
    text = page(request.app.openapi(), error_names())
    return HTMLResponse(text, headers={"content-security-policy": POLICY})
