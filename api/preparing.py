"""From the fields that a caller knows to typed data that its key can sign."""

from api.answers import Prepared
from api.asking import moment
from api.reading import Sight
from ledger.acts.kinds import act_class
from ledger.acts.organizations import AcceptAppointment
from ledger.documents.canonical import Json, is_object
from ledger.errors import InvalidField, Refused
from ledger.ids import RecordId
from ledger.opening import OpenLedger
from ledger.read_model.visibility import Reader
from ledger.records.codes import AgentStatus
from ledger.records.states import Agent
from ledger.writing import prepare


def prepared(ledger: OpenLedger, body: Json, reader: Reader | None) -> Prepared:
    """The act that `{kind, fields}` asks for, on a record that `reader` may see.

    Raises:
        InvalidField: a member or field that is missing, unknown or unreadable.
        Refused: SessionMissing, UnknownRecord, UnknownOrganization.
    """
    if not is_object(body):
        raise InvalidField("body", body, "an object with kind and fields")
    for name in body.keys() - {"kind", "fields"}:
        raise InvalidField(name, body[name], "kind or fields")
    kind, fields = body.get("kind"), body.get("fields")
    if reader is None and kind != AcceptAppointment.__name__:
        raise Refused("SessionMissing")
    if not isinstance(kind, str):
        raise InvalidField("kind", kind, "the name of an act")
    if not is_object(fields):
        raise InvalidField("fields", fields, "an object")
    now = moment(ledger)
    found = prepare(kind, fields, read_model=ledger.read_model, deployment=ledger.deployment, now=now)
    if not act_class(kind).CREATES:
        _may_see(found.record, ledger, reader)
    return Prepared.of(found)


def _may_see(record: RecordId, ledger: OpenLedger, reader: Reader | None) -> None:
    if reader is not None:
        Sight(reader).find(record, ledger)
        return
    appointed = ledger.read_model.record(record).item
    if not isinstance(appointed, Agent) or appointed.status != AgentStatus.PENDING:
        raise Refused("UnknownRecord", {"record": record})
