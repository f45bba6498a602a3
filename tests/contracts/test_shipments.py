"""Clearing, departing, cancelling and holding: who may, when, and under which license and certificate."""

import dataclasses

import pytest

from ledger.acts.certificates import RevokeCertificate, VerifyCertificate
from ledger.acts.custody import ClearShipment, DepartShipment
from ledger.acts.manifests import CancelShipment
from ledger.acts.orders import HoldShipment, ResumeShipment, SuspendLicense
from ledger.ids import ZERO32
from tests.contracts.examples import HOUR, LINE
from tests.scenario import CUSTOMS, DOCUMENT, END_USER, INSPECT, TERMS

FOREVER = 2**40 - 1
CLEAR, DEPART = (ClearShipment, "customs officer", 5), (DepartShipment, "clerk", 2)
PERMISSIONS = pytest.mark.parametrize("ask", [CLEAR, DEPART], ids=["clear", "depart"])


def refusal(stage, ask, shipment, **changed):
    act, person, organization = ask
    values = {"record": shipment, "occurred_at": stage.trade.time, "document": DOCUMENT}
    return stage.trade.refusal(act, person, organization, **(values | changed))


def subject(stage, ask):
    return stage.registered if ask is CLEAR else stage.cleared


def shipment_of(stage, record):
    return stage.trade.view("Shipments", "shipmentOf", record).shipment


def under(stage, quantity=4, certificate=None, **terms):
    """A license under a policy with other terms."""
    trade = stage.trade
    trade.adopt(dataclasses.replace(TERMS, **terms))
    trade.assess(application := trade.apply(quantity, certificate=certificate or trade.certificate(quantity)))
    return trade.issue(application)


# Who


def test_customs_of_nobodys_sponsor_clear_nothing(stage):
    trade = stage.trade
    answer = refusal(stage, (ClearShipment, "forwarder clerk", 3), stage.registered)
    assert answer == ("OutsideJurisdiction", {"organization": 3, "record": stage.registered})
    assert trade.refusal(HoldShipment, "forwarder clerk", 3, record=stage.registered, reason=1)[0] == answer[0]


def test_the_licenses_authority_clears_too(stage):
    assert refusal(stage, (ClearShipment, "inspector", 1), stage.registered) is None


@pytest.mark.parametrize(
    ("person", "organization", "grade", "responsible"),
    [("clerk", 2, 1, 2), ("customs officer", 5, 3, 2), ("inspector", 1, 3, 2)],
)
def test_a_departure_is_graded_by_who_signs_it(stage, person, organization, grade, responsible):
    """B by the exporter, A by an inspector; an inspector does not become responsible for the goods."""
    stage.trade.depart(stage.cleared, person, organization)
    found = shipment_of(stage, stage.cleared)
    assert (found.status, found.flags >> 4 & 3, found.responsible) == (3, grade, responsible)


def test_a_departure_by_a_holder_other_than_the_exporter_is_graded_a(stage):
    trade = stage.trade
    trade.offer(stage.cleared, "clerk", 2, 3)
    trade.accept_goods(stage.cleared, "forwarder clerk", 3, 4)
    trade.depart(stage.cleared, "forwarder clerk", 3)
    found = shipment_of(stage, stage.cleared)
    assert (found.flags >> 4 & 3, found.responsible) == (3, 3)


def test_a_departure_by_the_exporter_while_another_holds_makes_the_exporter_responsible(stage):
    trade = stage.trade
    trade.offer(stage.cleared, "clerk", 2, 3)
    trade.accept_goods(stage.cleared, "forwarder clerk", 3, 4)
    trade.depart(stage.cleared)
    found = shipment_of(stage, stage.cleared)
    assert (found.flags >> 4 & 3, found.holder, found.responsible) == (1, 3, 2)


def test_a_stranger_departs_nothing(stage):
    answer = refusal(stage, (DepartShipment, "stranger", 7), stage.cleared)
    assert answer == ("OutsideJurisdiction", {"organization": 7, "record": stage.cleared})


# When


@PERMISSIONS
def test_nothing_occurs_in_the_future(stage, ask):
    time = stage.trade.time
    answer = refusal(stage, ask, subject(stage, ask), occurred_at=time + 1)
    assert answer == ("OccurredInFuture", {"occurredAt": time + 1, "time": time})


@PERMISSIONS
@pytest.mark.parametrize("late", [0, 1])
def test_a_fact_is_recorded_within_the_policys_lateness(stage, ask, late):
    trade = stage.trade
    moment = trade.time
    trade.advance(72 * HOUR + late)
    answer = refusal(stage, ask, subject(stage, ask), occurred_at=moment)
    assert answer == (("TooLate", {"occurredAt": moment, "earliest": moment + 1}) if late else None)


@pytest.mark.parametrize("early", [0, 1])
def test_a_departure_is_not_before_the_last_custody_fact(stage, early):
    trade = stage.trade
    trade.offer(stage.cleared, "clerk", 2, 3)
    trade.accept_goods(stage.cleared, "forwarder clerk", 3, 4)
    last = trade.time
    trade.advance(HOUR)
    answer = refusal(stage, DEPART, stage.cleared, occurred_at=last - early)
    values = {"occurredAt": last - 1, "lastFact": last}
    assert answer == (("OccurredBeforeLastFact", values) if early else None)


# Regular, stopped, in force


@PERMISSIONS
def test_i10_a_held_shipment_gets_no_permission(stage, ask):
    shipment = subject(stage, ask)
    stage.trade.hold(shipment)
    values = {"shipment": shipment, "stoppedUntil": FOREVER, "moment": stage.trade.time}
    assert refusal(stage, ask, shipment) == ("ShipmentStopped", values)


@PERMISSIONS
@pytest.mark.parametrize("before", [1, 0])
def test_i10_what_occurred_before_a_hold_was_lifted_stays_refused(stage, ask, before):
    trade, shipment = stage.trade, subject(stage, ask)
    trade.hold(shipment)
    trade.advance(HOUR)
    trade.act(ResumeShipment, "customs officer", 5, record=shipment, hold_of=5)
    lifted = trade.time
    answer = refusal(stage, ask, shipment, occurred_at=lifted - before)
    values = {"shipment": shipment, "stoppedUntil": lifted, "moment": lifted - 1}
    assert answer == (("ShipmentStopped", values) if before else None)


@PERMISSIONS
def test_i10_a_suspended_license_lets_nothing_clear_or_depart(stage, ask):
    trade = stage.trade
    trade.act(SuspendLicense, "enforcer", 1, record=stage.license, reason=1)
    values = {"license": stage.license, "stoppedUntil": trade.time + 72 * HOUR, "moment": trade.time}
    assert refusal(stage, ask, subject(stage, ask)) == ("LicenseStopped", values)


@PERMISSIONS
@pytest.mark.parametrize("after", [0, 1])
def test_i10_validity_is_judged_as_of_the_fact(stage, ask, after):
    """Story 3: what departed on the last day is entered the day after."""
    trade = stage.trade
    trade.assess(application := trade.apply(4, certificate=trade.certificate(4)))
    last = trade.time + HOUR
    shipment = trade.ship(trade.issue(application, valid_until=last + 1), 4)
    if ask is DEPART:
        trade.clear(shipment)
    trade.advance(2 * HOUR)
    answer = refusal(stage, ask, shipment, occurred_at=last + after)
    assert (answer and answer[0]) == ("LicenseExpired" if after else None)


@PERMISSIONS
def test_an_irregular_shipment_gets_no_permission(stage, ask):
    trade, shipment = stage.trade, subject(stage, ask)
    trade.report_movement(shipment, "storekeeper", 6, 4, to=6)
    answer = refusal(stage, ask, shipment)
    assert answer == ("Irregular", {"shipment": shipment, "bits": 1 << 7})


# Clearance


def test_clearing_without_document_is_refused(stage):
    answer = refusal(stage, CLEAR, stage.registered, document=ZERO32)
    assert answer == ("CommitmentMissing", {"field": "document"})


def test_a_shipment_with_a_revoked_certificate_is_not_cleared(stage):
    stage.trade.act(RevokeCertificate, "official", 6, record=stage.certificate, reason=1)
    number = stage.trade.view("Certificates", "numberOf", stage.certificate)
    values = {"certificate": number, "moment": stage.trade.time}
    assert refusal(stage, CLEAR, stage.registered) == ("CertificateNotInForce", values)


def test_a_departure_without_the_clearance_that_the_policy_asks_is_refused(stage):
    values = {"shipment": stage.registered, "clearedAt": 0, "moment": stage.trade.time}
    assert refusal(stage, DEPART, stage.registered) == ("ClearanceMissing", values)


@pytest.mark.parametrize("early", [0, 1])
def test_a_departure_is_not_before_its_clearance(stage, early):
    trade = stage.trade
    cleared = trade.time
    trade.clear(stage.registered)
    trade.advance(HOUR)
    answer = refusal(stage, DEPART, stage.registered, occurred_at=cleared - early)
    values = {"shipment": stage.registered, "clearedAt": cleared, "moment": cleared - 1}
    assert answer == (("ClearanceMissing", values) if early else None)


def test_where_no_clearance_is_asked_a_shipment_departs_uncleared(stage):
    shipment = stage.trade.ship(under(stage, clearance_required=False), 4)
    assert refusal(stage, DEPART, shipment) is None


# Certificate grade (I10)


@pytest.mark.parametrize(("needed", "grade"), [(0, 0), (1, 1), (2, 1), (2, 2), (3, 2), (3, 3), (1, 0)])
def test_i10_nothing_departs_below_the_certificate_grade_of_its_policy(stage, needed, grade):
    trade = stage.trade
    certificate = {0: ZERO32, 3: trade.certificate(4)}.get(grade) if grade in (0, 3) else trade.paper_certificate(4)
    if grade == 2:
        trade.act(VerifyCertificate, "recorder", 1, record=certificate, method=1, document=DOCUMENT)
    shipment = trade.ship(under(stage, 4, certificate, certificate_grade=needed, clearance_required=False), 4)
    values = {"shipment": shipment, "grade": grade, "required": needed}
    expected = ("CertificateGradeTooLow", values) if grade < needed else None
    assert refusal(stage, DEPART, shipment) == expected


def test_i10_a_revoked_certificate_counts_as_none_at_departure(stage):
    stage.trade.act(RevokeCertificate, "official", 6, record=stage.certificate, reason=1)
    values = {"shipment": stage.cleared, "grade": 0, "required": 2}
    assert refusal(stage, DEPART, stage.cleared) == ("CertificateGradeTooLow", values)


def test_a_certificates_window_is_not_asked_again_at_departure(stage):
    trade = stage.trade
    paper = trade.paper_certificate(4, valid_until=trade.time + HOUR)
    shipment = trade.ship(under(stage, 4, paper, certificate_grade=1, clearance_required=False), 4)
    trade.advance(2 * HOUR)
    assert refusal(stage, DEPART, shipment) is None


def test_the_weakest_grade_over_the_lines_counts(stage):
    trade = stage.trade
    trade.adopt(dataclasses.replace(TERMS, clearance_required=False))
    lines = (
        dataclasses.replace(LINE, certificate=trade.certificate(10), granted=4),
        dataclasses.replace(LINE, certificate=trade.paper_certificate(10), granted=4),
    )
    trade.assess(application := trade.apply(1, lines=lines))
    drawn_on = trade.issue(application)
    both, first = trade.ship(drawn_on, 1, 1), trade.ship(drawn_on, 1)
    assert refusal(stage, DEPART, both)[1] == {"shipment": both, "grade": 1, "required": 2}
    assert refusal(stage, DEPART, first) is None


def test_an_end_user_whose_role_is_exempt_needs_no_certificate(stage):
    exempt = under(stage, 4, ZERO32, exempt_roles=END_USER, clearance_required=False)
    other = under(stage, 4, ZERO32, exempt_roles=CUSTOMS, clearance_required=False)
    answers = [refusal(stage, DEPART, stage.trade.ship(drawn_on, 4)) for drawn_on in (exempt, other)]
    assert [answer and answer[0] for answer in answers] == [None, "CertificateGradeTooLow"]


# Cancelling


def test_only_the_exporter_cancels(stage):
    answer = stage.trade.refusal(CancelShipment, "forwarder clerk", 3, record=stage.registered)
    assert answer == ("WrongOrganization", {"organization": 3, "required": 2})


def test_goods_that_another_holds_are_not_cancelled(stage):
    trade = stage.trade
    trade.accept_goods(stage.offered, "forwarder clerk", 3, 4)
    answer = trade.refusal(CancelShipment, "clerk", 2, record=stage.offered)
    assert answer == ("NotTheHolder", {"organization": 2, "holder": 3})


def test_cancelling_ends_an_open_offer(stage):
    trade = stage.trade
    trade.act(CancelShipment, "clerk", 2, record=stage.offered)
    assert shipment_of(stage, stage.offered).offeredTo == 0


@pytest.mark.parametrize("name", ["held", "reported"])
def test_a_stopped_shipment_can_be_cancelled(stage, name):
    trade = stage.trade
    shipment = getattr(stage, name)
    if name == "reported":
        trade.report_movement(shipment, "forwarder clerk", 3, 4, to=2)
    trade.act(CancelShipment, "clerk", 2, record=shipment)
    assert shipment_of(stage, shipment).status == 5


# Holds


def test_an_organization_holds_a_shipment_once(stage):
    answer = stage.trade.refusal(HoldShipment, "customs officer", 5, record=stage.held, reason=2)
    assert answer == ("AlreadyHeld", {"shipment": stage.held, "organization": 5})


def test_a_shipment_runs_when_the_last_of_its_holds_is_gone(stage):
    trade = stage.trade
    trade.hold(stage.held, "inspector", 1)
    stops = []
    for person, organization in (("customs officer", 5), ("inspector", 1)):
        trade.act(ResumeShipment, person, organization, record=stage.held, hold_of=organization)
        found = shipment_of(stage, stage.held)
        stops.append((found.holds, found.stoppedUntil))
    assert stops == [(1, FOREVER), (0, trade.node.head().time)]


def test_a_sponsor_lifts_the_hold_of_its_customs(stage):
    answer = stage.trade.refusal(ResumeShipment, "inspector", 1, record=stage.held, hold_of=5)
    assert answer is None


def test_nobody_else_lifts_a_hold(stage):
    trade = stage.trade
    trade.hold(stage.held, "inspector", 1)
    answer = trade.refusal(ResumeShipment, "customs officer", 5, record=stage.held, hold_of=1)
    assert answer == ("OutsideJurisdiction", {"organization": 5, "record": stage.held})


def test_a_hold_that_is_not_there_is_not_lifted(stage):
    answer = stage.trade.refusal(ResumeShipment, "customs officer", 5, record=stage.registered, hold_of=5)
    assert answer == ("NotHeld", {"shipment": stage.registered, "organization": 5})


def test_a_shipment_has_at_most_16_holds(stage):
    trade = stage.trade
    for count in range(16):
        number = trade.register(f"post {count}", CUSTOMS, {f"guard {count}": 1 | INSPECT})
        trade.hold(stage.registered, f"guard {count}", number)
    answer = trade.refusal(HoldShipment, "customs officer", 5, record=stage.registered, reason=1)
    assert answer == ("OutOfRange", {"field": "holds", "value": 17, "minimum": 1, "maximum": 16})
