"""Every act in every status: what RULES.md does not name is refused, and what has ended stays ended (I4)."""

import pytest

from ledger.acts import custody as c
from ledger.acts import licensing as l
from ledger.acts import organizations as o
from ledger.acts.kinds import ACTS
from ledger.ids import ZERO32
from tests.contracts.examples import KEYS
from tests.scenario import DOCUMENT, keys_of

AGENTS = {"pending": 1, "accepted": 2, "active": 3, "dismissed": 4}
CERTIFICATES = {"certificate": 1, "revoked": 3}
APPLICATIONS = {"submitted": 1, "assessed": 3, "granted": 4, "refused": 5}
LICENSES = {"license": 1, "suspended": 2}
SHIPMENTS = {"registered": 1, "cleared": 2, "departed": 3, "delivered": 4, "cancelled": 5}
FACT = {"document": DOCUMENT}
COUNTED = FACT | {"counted": (4,)}
LIVE = {1, 2, 3}
ALL = set(SHIPMENTS.values())

# The act, who signs it, its members, the records by status, the statuses in which it is allowed.
ROWS = [
    (o.AcceptAppointment, "its account", 0, KEYS, AGENTS, {1}),
    (o.ConfirmAppointment, "its admin", 0, {}, AGENTS, {2}),
    (o.DismissAgent, "its admin", 0, {"reason": 1, "compromised_since": 0}, AGENTS, {1, 2, 3}),
    (l.VerifyCertificate, "recorder", 1, {"method": 1} | FACT, CERTIFICATES, {1}),
    (l.RevokeCertificate, "official", 6, {"reason": 1}, CERTIFICATES, {1}),
    (l.AssessApplication, "assessor", 1, {"recommendation": 1} | FACT, APPLICATIONS, {1}),
    (l.RefuseApplication, "issuer", 1, FACT, APPLICATIONS, {3}),
    (l.SuspendLicense, "second enforcer", 1, {"reason": 1}, LICENSES, {1, 2}),
    (l.ReinstateLicense, "second enforcer", 1, {"reason": 1}, LICENSES, {2}),
    (c.CancelShipment, "clerk", 2, {}, SHIPMENTS, {1, 2}),
    (c.ClearShipment, "customs officer", 5, FACT, SHIPMENTS, {1}),
    (c.DepartShipment, "clerk", 2, FACT, SHIPMENTS, {1, 2}),
    (c.OfferHandoff, "holder", 0, {"to": 4, "seal": ZERO32}, SHIPMENTS, LIVE),
    (c.WithdrawOffer, "holder", 0, {}, SHIPMENTS, LIVE),
    (c.HoldShipment, "customs officer", 5, {"reason": 1}, SHIPMENTS, LIVE),
    (c.ReportMovement, "clerk", 2, COUNTED | {"movement": 1, "to": 3}, SHIPMENTS, ALL),
    (c.ReportDelivery, "clerk", 2, COUNTED, SHIPMENTS, ALL),
    (c.AddStatement, "clerk", 2, {"subject": ZERO32, "kind": 1} | FACT, SHIPMENTS, ALL),
]
CELLS = [(row, name) for row in ROWS for name in row[4]]
ELSEWHERE = {
    # AcceptHandoff and RefuseHandoff need an offer, and an ended shipment has none: NoOffer comes before WrongStatus.
    "AcceptHandoff",
    "RefuseHandoff",
    # Allowed in every status; they need a hold, the end-user as holder, a report.
    "ResumeShipment",
    "ConfirmDelivery",
    "ConfirmReport",
    # IssueLicense steps no record that exists; test_licenses.py has the statuses of its application.
    "IssueLicense",
}


def signer(stage, who, organization, record):
    """The person and organization that stand in the relation the row names."""
    if who == "holder":
        holder = stage.trade.view("Shipments", "shipmentOf", record).shipment.holder
        return {2: ("clerk", 2), 6: ("dean's deputy", 6)}[holder]
    if who == "its admin":
        return ("second admin", 1) if record == stage.accepted else ("export admin", 2)
    if who == "its account":
        names = {stage.pending: "trainee", stage.accepted: "new assessor", stage.active: "clerk"}
        return names.get(record, "leaver"), 1 if record == stage.accepted else 2
    return who, organization


@pytest.mark.parametrize(("row", "name"), CELLS, ids=[f"{row[0].__name__} when {name}" for row, name in CELLS])
def test_i4_an_act_passes_in_the_statuses_of_its_row_only(stage, row, name):
    act, who, organization, values, records, allowed = row
    record, status = getattr(stage, name), records[name]
    if who == "holder" and name == "delivered":
        stage.trade.appoint("dean", 6, "dean's deputy", 1 << 12)
    person, organization = signer(stage, who, organization, record)
    if hasattr(act, "occurred_at"):
        values = values | {"occurred_at": stage.trade.time}
    answer = stage.trade.refusal(act, person, organization, record=record, **values)
    if status in allowed:
        assert answer is None or answer[0] not in ("WrongStatus", "Unavailable")
    else:
        bits = sum(1 << one for one in allowed)
        assert answer == ("WrongStatus", {"record": record, "status": status, "allowed": bits})


def test_every_act_that_changes_a_record_has_its_row():
    changing = {name for name, act in ACTS.items() if not act.CREATES}
    assert {row[0].__name__ for row in ROWS} | ELSEWHERE == changing | {"IssueLicense"}


@pytest.mark.parametrize("name", ["delivered", "cancelled"])
@pytest.mark.parametrize("act", [c.AcceptHandoff, c.RefuseHandoff])
def test_i4_an_ended_shipment_has_no_offer_to_answer(stage, name, act):
    shipment = getattr(stage, name)
    values = {"reason": 1}
    if act is c.AcceptHandoff:
        seal = {"seal": ZERO32, "seal_state": 0, "reservation": False}
        values = COUNTED | seal | {"occurred_at": stage.trade.time}
    answer = stage.trade.refusal(act, "forwarder clerk", 3, record=shipment, **values)
    assert answer == ("NoOffer", {"shipment": shipment})


@pytest.mark.parametrize("name", ["delivered", "cancelled"])
def test_i4_lifting_a_hold_and_late_reports_leave_the_end_as_it_is(stage, name):
    trade, shipment = stage.trade, getattr(stage, name)
    before = trade.view("Shipments", "shipmentOf", shipment)
    trade.report_delivery(shipment, "clerk", 2, 4)
    trade.report_movement(shipment, "clerk", 2, 4, to=3)
    after = trade.view("Shipments", "shipmentOf", shipment)
    unmoved = [(found.shipment.status, found.shipment.holder, found.held) for found in (before, after)]
    assert unmoved[0] == unmoved[1]


def test_i4_a_hold_outlives_a_cancellation_and_can_be_lifted_after_it(stage):
    trade = stage.trade
    trade.act(c.CancelShipment, "clerk", 2, record=stage.held)
    trade.act(c.ResumeShipment, "customs officer", 5, record=stage.held, hold_of=5)
    found = trade.view("Shipments", "shipmentOf", stage.held).shipment
    assert (found.status, found.holds) == (5, 0)


def test_i4_a_dismissed_agents_record_takes_no_second_appointment(stage):
    account = keys_of("leaver").address
    answer = stage.trade.refusal(o.AppointAgent, "export admin", 2, account=account, powers=1 << 11)
    assert (answer[0], answer[1]["record"]) == ("StaleParent", stage.dismissed)
