"""From a signed message to a session: who it is must be an active agent of an active organization.

A nonce of somebody else, another's signature and an account that is no agent get one and the same refusal.
"""

from api.answers import SessionOpened
from api.sessions import Sessions
from ledger.documents.canonical import Json, is_object
from ledger.errors import InvalidField, Refused
from ledger.opening import OpenLedger


def open_session(body: Json, *, caller: str, sessions: Sessions, ledger: OpenLedger) -> SessionOpened:
    """The session that `{message, signature}` opens.

    Raises:
        InvalidField: a member is missing, unknown or unreadable; the message is meant for another service or time.
        Refused: SignInRefused, TooManyAttempts.
    """
    message, signature = _texts(body)
    said = sessions.signed_in(message, signature, caller=caller)
    reader = ledger.read_model.reader(said.address)
    if reader is None:
        raise Refused("SignInRefused")
    token, session = sessions.begin(said)
    told = {name: getattr(reader, name) for name in ("account", "organization", "roles", "powers")}
    return SessionOpened.of({"token": token, "expires": session.expires, **told})


def _texts(body: Json) -> tuple[str, str]:
    if not is_object(body):
        raise InvalidField("body", body, "an object with message and signature")
    for name in body.keys() - {"message", "signature"}:
        raise InvalidField(name, body[name], "message or signature")
    message, signature = body.get("message"), body.get("signature")
    if not isinstance(message, str):
        raise InvalidField("message", message, "the text that was signed")
    if not isinstance(signature, str):
        raise InvalidField("signature", signature, "0x and 130 hex digits")
    return message, signature
