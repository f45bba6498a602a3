"""The HTTP API of one opened ledger: routes, refusals, headers, description.

The caller opens the ledger and closes it; the application keeps nothing of its own and holds no party's key. Writes are
authenticated by the acts themselves. Access logs are the server's to switch on.
"""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.description import describe
from api.problems import http_refusal, problem, unavailable
from api.routes import (
    acts,
    certificates,
    checkpoints,
    documents,
    health,
    journal,
    records,
    rpc,
    schemas,
    sessions,
    shipments,
)
from api.sessions import Sessions
from api.shell import HEADERS, Shell
from ledger.errors import InvalidField, Refused, Unavailable
from ledger.opening import OpenLedger

ROUTERS = (sessions, acts, certificates, records, shipments, journal, checkpoints, rpc, documents, schemas, health)


def create_app(ledger: OpenLedger, origin: str) -> FastAPI:
    """The application over `ledger`, which stays open as long as the application answers.

    `origin` (scheme://authority) is where people reach it: what they sign in to.
    """
    app = FastAPI(title="License Ledger", docs_url=None, redoc_url=None, redirect_slashes=False)
    app.state.ledger = ledger
    app.state.sessions = Sessions(origin, ledger.deployment.chain_id)
    app.openapi = describe(app)  # type: ignore[method-assign]  # the framework's documented way
    app.add_middleware(Shell)
    app.exception_handler(Refused)(_refused)
    app.exception_handler(Unavailable)(_unavailable)
    app.exception_handler(RequestValidationError)(_unreadable)
    app.exception_handler(HTTPException)(_of_the_framework)
    app.exception_handler(Exception)(_broken)
    for routes in ROUTERS:
        app.include_router(routes.router)
    return app


async def _refused(request: Request, refused: Refused) -> JSONResponse:
    # What a reader asks for and is not there is 404; what an act names is the contract's own refusal, 409.
    missing = refused.name == "UnknownRecord" and request.method == "GET"
    return problem(refused, 404 if missing else None)


async def _unavailable(_: Request, __: Unavailable) -> JSONResponse:
    return unavailable()


async def _unreadable(_: Request, fault: RequestValidationError) -> JSONResponse:
    first = fault.errors()[0]
    field = ".".join(str(step) for step in first["loc"][1:])
    return problem(InvalidField(field, first["input"], first["msg"].removeprefix("Value error, ")))


async def _of_the_framework(request: Request, fault: HTTPException) -> JSONResponse:
    refused = http_refusal(fault.status_code, request, str(fault.detail))
    return problem(refused, fault.status_code, headers=dict(fault.headers or {}))


async def _broken(_: Request, __: Exception) -> JSONResponse:
    # Answered outside the Shell, so the headers are put here. The server logs the fault.
    return problem(Refused("Broken"), headers=HEADERS)
