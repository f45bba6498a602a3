"""Reports: taken whatever rule they break, refused for a wrong signer or impossible arithmetic alone."""

import pytest

from ledger.acts.custody import OfferHandoff
from ledger.acts.reports import AddStatement, ConfirmDelivery, ConfirmReport, ReportDelivery, ReportMovement
from ledger.ids import ZERO32
from tests.scenario import BROKER, DOCUMENT, INSPECT, STATE

HANDOFF, DEPARTURE = 1, 2
REPORTED = 1 << 2


def movement(stage, shipment, person="clerk", organization=2, **changed):
    values = {"occurred_at": stage.trade.time, "movement": HANDOFF, "to": 3, "document": DOCUMENT, "counted": (4,)}
    return stage.trade.refusal(ReportMovement, person, organization, record=shipment, **(values | changed))


def delivery(stage, shipment, person="clerk", organization=2, **changed):
    values = {"occurred_at": stage.trade.time, "document": DOCUMENT, "counted": (4,)}
    return stage.trade.refusal(ReportDelivery, person, organization, record=shipment, **(values | changed))


def confirmation(stage, shipment, person="storekeeper", organization=6, **changed):
    values = {"occurred_at": stage.trade.time, "document": ZERO32, "counted": (4,)}
    return stage.trade.refusal(ConfirmDelivery, person, organization, record=shipment, **(values | changed))


def confirm(stage, shipment, report, person="forwarder clerk", organization=3):
    values = {"record": shipment, "report_head": report.record_head}
    return stage.trade.refusal(ConfirmReport, person, organization, **values)


def shipment_of(stage, record):
    return stage.trade.view("Shipments", "shipmentOf", record).shipment


def line_of(stage, record):
    (found,) = stage.trade.view("Shipments", "shipmentOf", record).held
    return found.held, found.delivered, found.unaccounted


ONE_SIDED = pytest.mark.parametrize("report", [movement, delivery])
EVERY = pytest.mark.parametrize("report", [movement, delivery, confirmation])


def subject(stage, report):
    return stage.arrived if report is confirmation else stage.departed


# Who

REPORTERS = {
    "the holder": ("clerk", 2),
    "the end-user": ("storekeeper", 6),
    "the license's authority": ("recorder", 1),
}


@ONE_SIDED
@pytest.mark.parametrize("who", REPORTERS)
def test_an_involved_organization_reports(stage, report, who):
    assert report(stage, stage.departed, *REPORTERS[who]) is None


@ONE_SIDED
def test_who_was_offered_the_goods_reports(stage, report):
    assert report(stage, stage.offered, "forwarder clerk", 3) is None


@ONE_SIDED
def test_the_former_holder_that_answers_for_the_goods_reports(stage, report):
    assert report(stage, stage.reported, **({"to": 4} if report is movement else {})) is None


@ONE_SIDED
@pytest.mark.parametrize(("person", "organization"), [("stranger", 7), ("forwarder clerk", 3), ("customs officer", 5)])
def test_a_stranger_reports_nothing(stage, report, person, organization):
    answer = report(stage, stage.departed, person, organization)
    assert answer == ("NotAParty", {"organization": organization, "record": stage.departed})


@ONE_SIDED
def test_for_an_organization_that_is_not_there_nobody_reports(stage, report):
    assert report(stage, stage.departed, organization=99)[0] == "NotAParty"


def test_delivery_is_confirmed_by_the_end_user(stage):
    answer = confirmation(stage, stage.arrived, "clerk", 2)
    assert answer == ("WrongOrganization", {"organization": 2, "required": 6})


def test_delivery_is_confirmed_by_the_end_user_when_it_holds_the_goods(stage):
    assert confirmation(stage, stage.departed) == ("NotTheHolder", {"organization": 6, "holder": 2})


# What


@ONE_SIDED
def test_a_one_sided_report_brings_its_evidence(stage, report):
    assert report(stage, stage.departed, document=ZERO32) == ("CommitmentMissing", {"field": "document"})


@pytest.mark.parametrize("kind", [0, 3])
def test_a_movement_is_a_handoff_or_a_departure(stage, kind):
    answer = movement(stage, stage.departed, movement=kind)
    assert answer == ("OutOfRange", {"field": "movement", "value": kind, "minimum": 1, "maximum": 2})


def test_a_departure_names_no_receiver(stage):
    answer = movement(stage, stage.departed, movement=DEPARTURE, to=3)
    assert answer == ("OutOfRange", {"field": "to", "value": 3, "minimum": 0, "maximum": 0})


@pytest.mark.parametrize(
    ("to", "answer"),
    [
        (2, ("AlreadyHolder", {"organization": 2})),
        (0, ("UnknownOrganization", {"organization": 0})),
        (99, ("UnknownOrganization", {"organization": 99})),
    ],
)
def test_a_handoff_names_a_known_organization_that_is_not_the_holder(stage, to, answer):
    assert movement(stage, stage.departed, to=to) == answer


@EVERY
def test_a_report_of_the_future_is_impossible(stage, report):
    time = stage.trade.time
    answer = report(stage, subject(stage, report), occurred_at=time + 1)
    assert answer == ("OccurredInFuture", {"occurredAt": time + 1, "time": time})


@EVERY
@pytest.mark.parametrize("early", [0, 1])
def test_a_report_from_before_the_last_custody_fact_is_impossible(stage, report, early):
    shipment = subject(stage, report)
    last = shipment_of(stage, shipment).lastFact
    answer = report(stage, shipment, occurred_at=last - early)
    assert answer == (("OccurredBeforeLastFact", {"occurredAt": last - 1, "lastFact": last}) if early else None)


@EVERY
@pytest.mark.parametrize("counted", [(), (4, 4)])
def test_a_report_counts_every_line_once(stage, report, counted):
    answer = report(stage, subject(stage, report), counted=counted)
    assert answer == ("CountsMismatch", {"given": len(counted), "expected": 1})


@EVERY
def test_a_report_counts_no_more_than_is_held(stage, report):
    answer = report(stage, subject(stage, report), counted=(5,))
    assert answer == ("CountExceedsHeld", {"line": 0, "counted": 5, "maximum": 4})


@EVERY
def test_a_report_on_a_stale_head_is_refused_before_its_arithmetic(stage, report):
    answer = report(stage, subject(stage, report), parent=ZERO32, counted=(9, 9))
    assert answer[0] == "StaleParent"


# Effects


def test_i3_a_reported_handoff_names_the_holder_and_leaves_the_reporter_responsible(stage):
    trade = stage.trade
    trade.report_movement(stage.offered, "clerk", 2, 3, to=4)
    found = shipment_of(stage, stage.offered)
    assert (found.holder, found.responsible, found.grade, found.offeredTo, found.lastFact) == (4, 2, 1, 0, trade.time)
    assert line_of(stage, stage.offered) == (3, 0, 1)


def test_who_answers_for_reported_goods_may_hand_them_on(stage):
    values = {"occurred_at": stage.trade.time, "to": 4, "seal": ZERO32}
    assert stage.trade.refusal(OfferHandoff, "clerk", 2, record=stage.reported, **values) is None


@pytest.mark.parametrize("name", ["registered", "cleared"])
def test_a_reported_departure_departs_with_grade_b(stage, name):
    shipment = getattr(stage, name)
    stage.trade.report_movement(shipment, "clerk", 2, 4, movement=DEPARTURE)
    found = shipment_of(stage, shipment)
    assert (found.status, found.flags >> 4 & 3, found.holder) == (3, 1, 2)


def test_a_second_departure_changes_neither_status_nor_grade(stage):
    trade = stage.trade
    trade.depart(stage.cleared, "customs officer", 5)
    trade.report_movement(stage.cleared, "clerk", 2, 4, movement=DEPARTURE)
    found = shipment_of(stage, stage.cleared)
    assert (found.status, found.flags >> 4 & 3) == (3, 3)


def test_i9_a_reported_delivery_makes_what_is_held_delivered(stage):
    trade = stage.trade
    trade.report_delivery(stage.departed, "clerk", 2, 3)
    found = shipment_of(stage, stage.departed)
    assert (found.status, found.holder, found.responsible, found.grade, found.flags >> 6 & 3) == (4, 6, 2, 1, 1)
    assert line_of(stage, stage.departed) == (0, 3, 1)


def test_i9_a_confirmed_delivery_is_graded_a(stage):
    trade = stage.trade
    trade.confirm_delivery(stage.arrived, 4)
    found = shipment_of(stage, stage.arrived)
    assert (found.status, found.responsible, found.grade, found.flags >> 6 & 3) == (4, 6, 3, 3)
    assert (line_of(stage, stage.arrived), found.irregular) == ((0, 4, 0), 0)


# Confirming a report


def test_the_named_holder_raises_a_reported_handoff_to_a(stage):
    stage.trade.confirm_report(stage.reported, "forwarder clerk", 3, stage.report)
    found = shipment_of(stage, stage.reported)
    assert (found.holder, found.responsible, found.grade, found.flags & REPORTED) == (3, 3, 3, 0)


def test_a_confirmed_delivery_report_is_graded_a(stage):
    trade = stage.trade
    report = trade.report_delivery(stage.departed, "clerk", 2, 4)
    trade.confirm_report(stage.departed, "storekeeper", 6, report)
    found = shipment_of(stage, stage.departed)
    assert (found.status, found.grade, found.flags >> 6 & 3, found.responsible) == (4, 3, 3, 6)


def test_only_the_named_holder_confirms(stage):
    answer = confirm(stage, stage.reported, stage.report, "clerk", 2)
    assert answer == ("NotTheHolder", {"organization": 2, "holder": 3})


def test_a_report_is_confirmed_once(stage):
    stage.trade.confirm_report(stage.reported, "forwarder clerk", 3, stage.report)
    answer = confirm(stage, stage.reported, stage.report)
    assert answer == ("NotTheReport", {"reportHead": stage.report.record_head, "expected": ZERO32})


def test_where_nothing_was_reported_nothing_is_confirmed(stage):
    values = {"record": stage.departed, "report_head": ZERO32}
    answer = stage.trade.refusal(ConfirmReport, "clerk", 2, **values)
    assert answer == ("NotTheReport", {"reportHead": ZERO32, "expected": ZERO32})


def test_another_head_than_the_reports_is_not_confirmed(stage):
    entry = stage.trade.hold(stage.reported)
    answer = confirm(stage, stage.reported, entry)
    expected = {"reportHead": entry.record_head, "expected": stage.report.record_head}
    assert answer == ("NotTheReport", expected)


def test_a_report_is_confirmed_after_a_hold_came_between(stage):
    stage.trade.hold(stage.reported)
    assert confirm(stage, stage.reported, stage.report) is None


def test_nobody_confirms_its_own_report(stage):
    """Grade A means that two organizations signed: the receiver's own word twice is not that."""
    trade = stage.trade
    report = trade.report_movement(stage.offered, "forwarder clerk", 3, 4, to=3)
    answer = confirm(stage, stage.offered, report)
    assert answer == ("NotTheReport", {"reportHead": report.record_head, "expected": ZERO32})


def test_a_reported_departure_names_no_holder_and_is_not_confirmed(stage):
    trade = stage.trade
    trade.accept_goods(stage.offered, "forwarder clerk", 3, 4)
    report = trade.report_movement(stage.offered, "clerk", 2, 4, movement=DEPARTURE)
    answer = confirm(stage, stage.offered, report)
    assert answer == ("NotTheReport", {"reportHead": report.record_head, "expected": ZERO32})


def test_a_newer_report_ends_the_chance_to_confirm_the_older(stage):
    trade = stage.trade
    newer = trade.report_movement(stage.reported, "clerk", 2, 4, to=4)
    older = confirm(stage, stage.reported, stage.report, "driver", 4)
    expected = {"reportHead": stage.report.record_head, "expected": newer.record_head}
    assert older == ("NotTheReport", expected)
    assert confirm(stage, stage.reported, newer, "driver", 4) is None


def test_an_accept_ends_the_chance_to_confirm_an_earlier_report(stage):
    trade = stage.trade
    trade.offer(stage.reported, "clerk", 2, 4)
    trade.accept_goods(stage.reported, "driver", 4, 4)
    answer = confirm(stage, stage.reported, stage.report, "driver", 4)
    assert answer == ("NotTheReport", {"reportHead": stage.report.record_head, "expected": ZERO32})


def test_a_report_after_the_end_takes_nobodys_chance_to_confirm_the_delivery(stage):
    trade = stage.trade
    report = trade.report_delivery(stage.departed, "clerk", 2, 4)
    trade.report_movement(stage.departed, "clerk", 2, 4, to=3)
    assert confirm(stage, stage.departed, report, "storekeeper", 6) is None


# Statements

SPEAKERS = {
    "the holder": ("clerk", 2),
    "the authority": ("assessor", 1),
}


@pytest.mark.parametrize("who", SPEAKERS)
def test_a_party_adds_a_statement(stage, who):
    values = {"record": stage.departed, "subject": ZERO32, "kind": 8, "document": DOCUMENT}
    assert stage.trade.refusal(AddStatement, *SPEAKERS[who], **values) is None


def test_customs_with_a_say_and_parties_of_the_license_add_statements(stage):
    trade = stage.trade
    number = trade.register("post", 2, {"guard": 1 | INSPECT | STATE})
    broker = trade.register("broker", BROKER, {"broker admin": 1 | STATE})
    values = {"record": stage.departed, "subject": ZERO32, "kind": 1, "document": DOCUMENT}
    assert trade.refusal(AddStatement, "guard", number, **values) is None
    answer = trade.refusal(AddStatement, "broker admin", broker, **values)
    assert answer == ("NotAParty", {"organization": broker, "record": stage.departed})


@pytest.mark.parametrize("kind", [0, 9])
def test_a_statement_has_one_of_eight_kinds(stage, kind):
    values = {"record": stage.departed, "subject": ZERO32, "kind": kind, "document": DOCUMENT}
    answer = stage.trade.refusal(AddStatement, "clerk", 2, **values)
    assert answer == ("OutOfRange", {"field": "kind", "value": kind, "minimum": 1, "maximum": 8})


def test_a_statement_without_document_is_refused(stage):
    values = {"record": stage.departed, "subject": ZERO32, "kind": 1, "document": ZERO32}
    assert stage.trade.refusal(AddStatement, "clerk", 2, **values) == ("CommitmentMissing", {"field": "document"})


def test_a_statement_moves_no_head_and_blocks_nobody(stage):
    trade = stage.trade
    act, person = stage.build(OfferHandoff)
    before, notes = shipment_of(stage, stage.departed), trade.view("Shipments", "notesOf", stage.departed)
    values = {"record": stage.departed, "subject": ZERO32, "kind": 1, "document": DOCUMENT}
    entry = trade.act(AddStatement, "clerk", 2, **values)
    assert (entry.version, entry.record_head, shipment_of(stage, stage.departed)) == (
        before.version,
        act.parent,
        before,
    )
    assert trade.view("Shipments", "notesOf", stage.departed) == notes + 1
    assert trade.refusal_of(act, trade.sign(act, person)) is None
