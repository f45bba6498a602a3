"""From the fields that a caller knows to typed data that its key can sign."""

from api.answers import Prepared
from api.asking import moment
from ledger.documents.canonical import Json, is_object
from ledger.errors import InvalidField
from ledger.opening import OpenLedger
from ledger.writing import prepare


def prepared(ledger: OpenLedger, body: Json) -> Prepared:
    """The act that `{kind, fields}` asks for.

    Raises:
        InvalidField: a member or field that is missing, unknown or unreadable.
        Refused: UnknownRecord, UnknownOrganization.
    """
    if not is_object(body):
        raise InvalidField("body", body, "an object with kind and fields")
    for name in body.keys() - {"kind", "fields"}:
        raise InvalidField(name, body[name], "kind or fields")
    kind, fields = body.get("kind"), body.get("fields")
    if not isinstance(kind, str):
        raise InvalidField("kind", kind, "the name of an act")
    if not is_object(fields):
        raise InvalidField("fields", fields, "an object")
    now = moment(ledger)
    found = prepare(kind, fields, read_model=ledger.read_model, deployment=ledger.deployment, now=now)
    return Prepared.of(found)
