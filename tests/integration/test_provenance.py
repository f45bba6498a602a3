"""Does verification tell the truth about real journeys, asked of a node? What holds, and with which grade."""

import dataclasses

import pytest

from ledger.acts.certificates import RevokeCertificate, VerifyCertificate
from ledger.acts.custody import RefuseHandoff, WithdrawOffer
from ledger.acts.manifests import CancelShipment
from ledger.acts.orders import ReinstateLicense, SuspendLicense
from ledger.acts.organizations import DismissAgent
from ledger.acts.reports import AddStatement
from ledger.ids import ZERO32
from ledger.provenance import verify_shipment
from tests.integration.provenance_journeys import (
    delivered,
    grades,
    recorded_license,
    represented,
    said,
    to_end_user,
    to_forwarder,
)
from tests.scenario import ADMIN, DOCUMENT, END_USER, EXPORTER, MISSION, TERMS, VERIFY

HOUR = 3600


@pytest.fixture
def report(trade):
    """The report on a shipment, at the node's head."""
    return lambda shipment: verify_shipment(trade.node, trade.deployment, shipment)


def test_a_journey_that_both_sides_signed_holds_with_grade_a(trade, report):
    found = report(delivered(trade, trade.ship(trade.license(10), 10), 10))
    assert (found.verdict, found.exit_code, grades(found)) == ("holds", 0, ("A", "A", "A", "A"))


def test_a_reported_hop_holds_and_is_the_weakest_link(trade, report):
    shipment = trade.ship(trade.license(10), 10)
    trade.clear(shipment)
    trade.report_movement(shipment, "clerk", trade.exporter, 10, to=trade.forwarder)
    trade.depart(shipment, "forwarder clerk", trade.forwarder)
    to_end_user(trade, shipment, 10)
    found = report(shipment)
    assert (found.verdict, found.grades.weakest()) == ("holds", ("custody", "B"))


def test_a_confirmed_report_holds_with_grade_a_and_keeps_both(trade, report):
    shipment = trade.ship(trade.license(10), 10)
    trade.clear(shipment)
    movement = trade.report_movement(shipment, "clerk", trade.exporter, 10, to=trade.forwarder)
    trade.confirm_report(shipment, "forwarder clerk", trade.forwarder, movement)
    trade.depart(shipment, "forwarder clerk", trade.forwarder)
    to_end_user(trade, shipment, 10)
    found = report(shipment)
    assert (grades(found)[2], any("(B), confirmed" in text for text in said(found, "holds")["P6"])) == ("A", True)


def test_a_verified_certificate_holds_with_grade_v(trade, report):
    certificate = trade.paper_certificate(10)
    application = trade.apply(10, certificate=certificate)
    trade.assess(application)
    licensed = trade.issue(application)
    trade.act(VerifyCertificate, "recorder", trade.authority, record=certificate, method=2, document=DOCUMENT)
    found = report(delivered(trade, trade.ship(licensed, 10), 10))
    assert (found.verdict, found.grades.weakest()) == ("holds", ("certificate", "V"))


def test_a_suspension_that_was_lifted_before_use_holds(trade, report):
    licensed = trade.license(10)
    trade.act(SuspendLicense, "enforcer", trade.authority, record=licensed, reason=1)
    trade.act(ReinstateLicense, "second enforcer", trade.authority, record=licensed, reason=1)
    trade.advance(HOUR)
    found = report(delivered(trade, trade.ship(licensed, 10), 10))
    assert (found.verdict, "It was reinstated." in said(found, "holds")["P4"]) == ("holds", True)


def test_a_shipment_that_was_given_up_holds_and_draws_nothing(trade, report):
    licensed = trade.license(10)
    shipment = trade.ship(licensed, 10)
    trade.act(CancelShipment, "clerk", trade.exporter, record=shipment)
    found = report(shipment)
    assert (found.verdict, "Of license line 0, 0 of 10 are drawn, by shipments: 1." in said(found, "holds")["P5"]) == (
        "holds",
        True,
    )


def test_what_other_shipments_drew_is_counted_on_the_license(trade, report):
    licensed = trade.license(10)
    trade.ship(licensed, 3)
    shipment = trade.ship(licensed, 4)
    texts = said(report(shipment), "holds")["P5"]
    assert "Of license line 0, 7 of 10 are drawn, by shipments: 2." in texts


def test_a_missing_piece_within_tolerance_is_named_with_its_last_holder(trade, report):
    shipment = trade.ship(trade.license(1000), 1000)
    trade.clear(shipment)
    to_forwarder(trade, shipment, 999)
    found = report(shipment)
    assert (found.verdict, "1 of line 0 are unaccounted for, last held by 2." in said(found, "holds")["P5"]) == (
        "holds",
        True,
    )


def test_a_statement_is_told_and_changes_nothing(trade, report):
    shipment = trade.ship(trade.license(10), 10)
    trade.act(AddStatement, "clerk", trade.exporter, record=shipment, subject=ZERO32, kind=1, document=DOCUMENT)
    found = report(shipment)
    assert (found.verdict, "2 made a statement of kind 1 about the shipment." in said(found, "holds")["P8"]) == (
        "holds",
        True,
    )


def test_an_offer_of_the_reporter_who_answers_holds_with_grade_b(trade, report):
    shipment = trade.ship(trade.license(10), 10)
    trade.clear(shipment)
    trade.report_movement(shipment, "clerk", trade.exporter, 10, to=trade.carrier)
    trade.offer(shipment, "clerk", trade.exporter, trade.forwarder)
    trade.accept_goods(shipment, "forwarder clerk", trade.forwarder, 10)
    found = report(shipment)
    assert (found.verdict, [check.number for check in found.checks if check.verdict != "holds"], grades(found)[2]) == (
        "holds",
        [],
        "B",
    )


def test_offers_refused_and_withdrawn_leave_custody_unbroken(trade, report):
    shipment = trade.ship(trade.license(10), 10)
    trade.clear(shipment)
    trade.offer(shipment, "clerk", trade.exporter, trade.carrier)
    trade.act(RefuseHandoff, "driver", trade.carrier, record=shipment, reason=1)
    trade.offer(shipment, "clerk", trade.exporter, trade.carrier)
    trade.act(WithdrawOffer, "clerk", trade.exporter, record=shipment)
    to_forwarder(trade, shipment, 10)
    assert report(shipment).verdict == "holds"


def test_a_delivery_reported_by_one_side_holds_with_grade_b(trade, report):
    shipment = trade.ship(trade.license(10), 10)
    trade.clear(shipment)
    trade.depart(shipment, "customs officer", trade.customs)
    trade.report_delivery(shipment, "clerk", trade.exporter, 10)
    found = report(shipment)
    assert (found.verdict, grades(found)) == ("holds", ("A", "A", "B", "B"))


def test_a_delivery_that_the_end_user_confirms_later_holds_with_grade_a(trade, report):
    shipment = trade.ship(trade.license(10), 10)
    trade.clear(shipment)
    trade.depart(shipment)
    reported = trade.report_delivery(shipment, "clerk", trade.exporter, 10)
    trade.confirm_report(shipment, "storekeeper", trade.end_user, reported)
    found = report(shipment)
    assert (found.verdict, grades(found)) == ("holds", ("A", "B", "A", "A"))


def test_an_end_user_that_the_policy_exempts_needs_no_certificate(trade, report):
    trade.adopt(dataclasses.replace(TERMS, exempt_roles=END_USER))
    shipment = trade.ship(trade.license(10, certified=False), 10)
    trade.clear(shipment)
    trade.depart(shipment)
    assert report(shipment).verdict == "holds"


def test_a_policy_that_asks_no_certificate_holds_without_one(trade, report):
    trade.adopt(dataclasses.replace(TERMS, certificate_grade=0))
    shipment = trade.ship(trade.license(10, certified=False), 10)
    trade.clear(shipment)
    trade.depart(shipment)
    found = report(shipment)
    assert (found.verdict, found.grades.weakest()) == ("holds", ("departure", "B"))


def test_a_mission_of_the_authority_may_verify(trade, report):
    mission = trade.register("mission", MISSION, {"mission admin": ADMIN, "consul": VERIFY})
    certificate = trade.paper_certificate(10)
    trade.act(VerifyCertificate, "consul", mission, record=certificate, method=2, document=DOCUMENT)
    application = trade.apply(10, certificate=certificate)
    trade.assess(application)
    assert report(trade.ship(trade.issue(application), 10)).verdict == "holds"


def test_a_revocation_after_delivery_questions_nothing(trade, report):
    certificate = trade.certificate(10)
    application = trade.apply(10, certificate=certificate)
    trade.assess(application)
    shipment = delivered(trade, trade.ship(trade.issue(application), 10), 10)
    trade.act(RevokeCertificate, "official", trade.end_user, record=certificate, reason=1)
    assert report(shipment).verdict == "holds"


def test_goods_may_be_offered_to_customs_while_the_shipment_is_held(trade, report):
    shipment = trade.ship(trade.license(10), 10)
    trade.hold(shipment)
    trade.offer(shipment, "clerk", trade.exporter, trade.customs)
    trade.accept_goods(shipment, "customs officer", trade.customs, 10)
    assert said(report(shipment), "fails") == {}


def test_a_license_from_before_the_ledger_counts_what_was_drawn_then(trade, report):
    shipment = trade.ship(recorded_license(trade, trade.exporter), 6)
    assert "Of license line 0, 10 of 10 are drawn, by shipments: 1." in said(report(shipment), "holds")["P5"]


def test_an_exporter_without_keys_is_represented_by_its_sponsor(trade, report):
    keyless = trade.record_party("keyless", EXPORTER)
    assert report(represented(trade, keyless).record).checks[0].verdict == "holds"


def test_an_agent_dismissed_later_leaves_its_earlier_acts_standing(trade, report):
    shipment = trade.ship(trade.license(10), 10)
    record = trade.agent(trade.exporter, "clerk")
    trade.act(DismissAgent, "export admin", trade.exporter, record=record, reason=1, compromised_since=0)
    assert report(shipment).checks[0].verdict == "holds"


def test_a_report_says_the_same_to_machines(trade, report):
    found = report(delivered(trade, trade.ship(trade.license(10), 10), 10)).to_json()
    assert (found["verdict"], found["grades"]["weakest"], [check["number"] for check in found["checks"]]) == (
        "holds",
        {"part": "certificate", "grade": "A"},
        ["P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8", "P10", "P15"],
    )


def test_a_departure_that_the_sponsor_signs_for_an_exporter_without_keys_holds(trade, report):
    trade.adopt(dataclasses.replace(TERMS, certificate_grade=0, clearance_required=False))
    keyless = trade.record_party("keyless", EXPORTER)
    registered = represented(trade, keyless)
    trade.depart(registered.record, "recorder", keyless)
    found = report(registered.record)
    assert (found.verdict, grades(found)[1]) == ("holds", "B")
