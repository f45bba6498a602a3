"""Refusals as `application/problem+json` (RFC 9457): one shape for everything that is not an answer.

`type` and `title` are the error's name, the same from Solidity to here; its fields are members, wide numbers as decimal
strings, bytes as 0x-hex. Decides the HTTP status and nothing else; the sentences are `ledger.sentences`.
"""

from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse

from ledger.acts.words import Json
from ledger.chain.artifacts import error_forms
from ledger.errors import Refused, Value
from ledger.ids import hex0x
from ledger.sentences import sentence

MEDIA_TYPE = "application/problem+json"
URN = "urn:license-ledger:error:"
RETRY_SECONDS = 2
Answers = dict[int | str, dict[str, Any]]
"""Answers of a route by status, as its description takes them."""
RENAMED = {"status": "recordStatus"}
"""Fields of errors that would hide a problem's own member of that name."""

_STATUS = {
    "InvalidField": 422,
    "NotJson": 400,
    "SessionMissing": 401,
    "SessionUnknown": 401,
    "SignInRefused": 401,
    "NotEntitled": 403,
    "BodyTooSlow": 408,
    "BodyTooLarge": 413,
    "NotFound": 404,
    "MethodNotAllowed": 405,
    "UnknownAct": 404,
    "DocumentUnknown": 404,
    "DocumentAltered": 500,
    "TooManyAttempts": 429,
    "Broken": 500,
    "Unavailable": 503,
}
"""By name; every other refusal is the contract's, or stands in for it: 409."""

MEANING = {
    400: "The body is not JSON.",
    401: "There is no session, or none any more; or this sign-in opens none.",
    403: "The organization of the session may not read this.",
    404: "Nothing is known under this id or path.",
    405: "The path does not take this method.",
    408: "The body did not arrive in time.",
    409: "The contract refuses the act, or the vault a document; named after the error, whose fields are members.",
    413: "The body is too large; `limit` says how large it may be, in bytes.",
    422: "A field cannot be read: `field`, `value` and `bound`.",
    429: "Too many attempts; see Retry-After.",
    500: "The service failed.",
    503: "The chain, or something else that is needed, does not answer; see Retry-After.",
}


def members(refused: Refused, status: int | None = None) -> dict[str, Json]:
    """The problem's members. `status` where it is another than the error's name gives."""
    kinds = _kinds(refused.name)
    told: dict[str, Json] = {
        "type": URN + refused.name,
        "title": refused.name,
        "status": status or _STATUS.get(refused.name, 409),
        "detail": sentence(refused),
    }
    for field, value in refused.values.items():
        told[RENAMED.get(field, field)] = _shown(kinds.get(field, ""), value)
    return told


def problem(refused: Refused, status: int | None = None, headers: dict[str, str] | None = None) -> JSONResponse:
    """The answer to a refused request."""
    told = members(refused, status)
    found = int(str(told["status"]))
    return JSONResponse(told, status_code=found, headers=_headers(found, refused, headers), media_type=MEDIA_TYPE)


def unavailable() -> JSONResponse:
    """The answer to an Unavailable; its reason may hold an address or a key and stays inside."""
    return problem(Refused("Unavailable"), headers={"Retry-After": str(RETRY_SECONDS)})


def errors(*statuses: int) -> Answers:
    """The error answers of a route, for its description."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": MEANING[status], "content": content} for status in (*statuses, 500)}


def http_refusal(status: int, request: Request, detail: str) -> Refused:
    """The framework's own refusals under names of ours."""
    path = request.url.path[:200]
    if status == HTTPStatus.NOT_FOUND:
        return Refused("NotFound", {"path": path})
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        return Refused("MethodNotAllowed", {"path": path, "method": request.method[:20]})
    return Refused(HTTPStatus(status).phrase.replace(" ", ""), {"reason": detail})


def _headers(status: int, refused: Refused, more: dict[str, str] | None) -> dict[str, str]:
    """What the status asks an answer to have, and `more`."""
    own = {"WWW-Authenticate": "Bearer"} if status == HTTPStatus.UNAUTHORIZED else {}
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        own["Retry-After"] = str(refused.values.get("seconds", RETRY_SECONDS))
    return own | (more or {})


def _kinds(name: str) -> dict[str, str]:
    """Solidity types of the fields of a contract's error; empty for the service's own."""
    return next(
        (dict(zip(form.fields, form.types, strict=True)) for form in error_forms().values() if form.name == name), {}
    )


def _shown(kind: str, value: Value) -> Json:
    if isinstance(value, bytes):
        return value.rstrip(b"\0").decode("ascii", "replace") if kind == "bytes3" else hex0x(value)
    return str(value) if kind == "uint256" else value
