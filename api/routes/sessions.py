"""Signing in with an agent's key (EIP-4361) and out again."""

from fastapi import APIRouter, Request, Response

from api.answers import Nonce, SessionOpened
from api.description import body
from api.parsing import Ledger, SignInBody
from api.problems import errors
from api.reading import Given, OpenSessions, Reader
from api.signing_in import open_session

router = APIRouter(prefix="/v1/sessions", tags=["sessions"])


@router.post("/nonce", responses=errors())
async def give_nonce(sessions: OpenSessions) -> Nonce:
    """A nonce for one sign-in message."""
    nonce, expires = sessions.nonce()
    return Nonce(nonce=nonce, expires=expires, chain_id=sessions.chain_id)


@router.post(
    "",
    status_code=201,
    responses=errors(400, 401, 408, 413, 422, 429, 503),
    openapi_extra=body("SignIn", "The message of EIP-4361 as it was signed, and the signature (EIP-191)."),
)
def sign_in(given: SignInBody, request: Request, sessions: OpenSessions, ledger: Ledger) -> SessionOpened:
    """Open a session for an active agent: it lasts twelve hours, or until the message's expiration time."""
    caller = request.client.host if request.client else ""
    return open_session(given, caller=caller, sessions=sessions, ledger=ledger)


@router.delete("", status_code=204, response_class=Response, responses=errors(401, 503))
def sign_out(_: Reader, given: Given, sessions: OpenSessions) -> None:
    """End this session."""
    if given is not None:
        sessions.end(given.credentials)
