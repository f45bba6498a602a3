"""What records keep of what happened to them; each of these was found by a small fault that no other test noticed."""

import dataclasses

from ledger.acts.applications import AssessApplication, WithdrawApplication
from tests.contracts.examples import LINE
from tests.contracts.test_onward_licenses import asked, supersede
from tests.contracts.test_splits import parts_of
from tests.scenario import DOCUMENT

DISCREPANCY = 1


def shipment_of(stage, record):
    return stage.trade.view("Shipments", "shipmentOf", record).shipment


def departure(stage, record):
    """The grade of the shipment's departure."""
    return shipment_of(stage, record).flags >> 4 & 3


def test_i4_a_withdrawn_application_is_assessed_no_more(stage):
    trade = stage.trade
    trade.act(WithdrawApplication, "clerk", 2, record=stage.submitted)
    assessing = {"record": stage.submitted, "recommendation": 1, "document": DOCUMENT}
    assert trade.refusal(AssessApplication, "assessor", 1, **assessing)[0] == "WrongStatus"


def test_a_successor_takes_nothing_where_all_is_drawn(stage):
    stage.trade.ship(stage.bare, 10)
    answer = supersede(stage, asked(stage, 1, continues=stage.bare))
    assert answer == ("BalanceExceeded", {"license": stage.bare, "line": 0, "requested": 1, "balance": 0})


def test_a_successor_continues_no_other_line_of_the_same_certificate(stage):
    number = stage.trade.view("Licenses", "numberOf", stage.license)
    line = stage.trade.view("Licenses", "lineOf", number, 0)
    named = dataclasses.replace(LINE, granted=1, certificate=stage.certificate)
    lines = tuple(dataclasses.replace(named, certificate_line=place) for place in (1, 0))
    answer = supersede(stage, asked(stage, continues=stage.license, lines=lines), stage.license)
    assert (answer[0], answer[1]["certificate"]) == ("CertificateMismatch", line.certificate)


def test_a_delivery_keeps_the_grade_of_the_departure(stage):
    before = departure(stage, stage.arrived)
    stage.trade.confirm_delivery(stage.arrived, 4)
    assert departure(stage, stage.arrived) == before != 0


def test_i9_a_delivery_that_is_short_is_a_discrepancy(stage):
    stage.trade.confirm_delivery(stage.arrived, 2)
    assert shipment_of(stage, stage.arrived).flags & DISCREPANCY


def test_a_part_keeps_the_grade_of_a_departure_that_customs_attest(stage):
    stage.trade.depart(stage.cleared, "customs officer", 5)
    parts = parts_of(stage, stage.cleared, (10_000_000, 0), (1, 3))
    assert [departure(stage, part) for part in parts] == [departure(stage, stage.cleared)] * 2 == [3, 3]
