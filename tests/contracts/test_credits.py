"""What came back is credited to its license by two officers, once (I1)."""

import pytest

from ledger.acts.licensing import CreditReturn
from ledger.acts.manifests import Draw
from tests.scenario import DOCUMENT, salt_of

PAPER = {"document": DOCUMENT}
BACK = {"returned": (Draw(line=0, quantity=4),)}


def number_of(stage, record):
    return stage.trade.view("Licenses", "numberOf", record)


def license_of(stage, record):
    return stage.trade.view("Licenses", "licenseOf", number_of(stage, record))


def line_of(stage, record, line=0):
    return stage.trade.view("Licenses", "lineOf", number_of(stage, record), line)


def credit(stage, person="enforcer", **changed):
    values = {"record": stage.second, "shipment": stage.returned, "share": 10_000_000} | PAPER | BACK
    return stage.trade.refusal(CreditReturn, person, 1, **(values | changed))


def credited(stage, person, **changed):
    values = {"record": stage.second, "shipment": stage.returned, "share": 10_000_000} | PAPER | BACK
    return stage.trade.act(CreditReturn, person, 1, **(values | changed))


def test_i1_two_officers_credit_what_was_returned_and_the_share_they_name(stage):
    found = [(line_of(stage, stage.second).drawn, license_of(stage, stage.second).shares)]
    for person in ("enforcer", "second enforcer"):
        credited(stage, person, share=6_000_000)
        found.append((line_of(stage, stage.second).drawn, license_of(stage, stage.second).shares))
    assert found == [(12, 30_000_000), (12, 30_000_000), (8, 24_000_000)]


def test_the_shipment_is_touched_by_the_second_entry_of_a_credit(stage):
    touched = [[note.record for note in credited(stage, p).touched] for p in ("enforcer", "second enforcer")]
    assert touched == [[], [stage.returned]]


def test_i5_one_officer_does_not_credit_alone(stage):
    credited(stage, "enforcer")
    answer = credit(stage, deadline=stage.trade.time + 5)
    number = stage.trade.agent_number("enforcer", 1)
    assert answer == ("FourEyes", {"agent": number, "record": stage.second})


def test_a_return_is_credited_once(stage):
    for person in ("enforcer", "second enforcer"):
        credited(stage, person)
    assert credit(stage) == ("AlreadyCredited", {"shipment": stage.returned})


def test_a_return_that_does_not_exist_is_not_credited(stage):
    assert credit(stage, shipment=salt_of("nothing")) == ("UnknownRecord", {"record": salt_of("nothing")})


def test_a_return_under_another_license_is_not_credited(stage):
    answer = credit(stage, record=stage.license)
    assert answer == ("ShipmentNotOfLicense", {"shipment": stage.returned, "license": stage.license})


@pytest.mark.parametrize(("name", "status"), [("registered", 1), ("departed", 3), ("delivered", 4), ("cancelled", 5)])
def test_only_what_was_returned_is_credited(stage, name, status):
    shipment = getattr(stage, name)
    answer = credit(stage, record=stage.license, shipment=shipment)
    assert answer == ("WrongStatus", {"record": shipment, "status": status, "allowed": 1 << 7})


@pytest.mark.parametrize("more", [0, 1])
def test_no_more_than_the_shipments_share_is_credited(stage, more):
    bounds = {"field": "share", "value": 10_000_001, "minimum": 0, "maximum": 10_000_000}
    assert credit(stage, share=10_000_000 + more) == (("OutOfRange", bounds) if more else None)


@pytest.mark.parametrize("count", [0, 2])
def test_a_credit_names_every_line_of_the_shipment(stage, count):
    answer = credit(stage, returned=(Draw(line=0, quantity=4),) * count)
    assert answer == ("CountsMismatch", {"given": count, "expected": 1})


@pytest.mark.parametrize("quantity", [0, 3, 5, 2**96 - 1])
def test_no_other_quantity_is_credited_than_came_back(stage, quantity):
    values = {"shipment": stage.returned, "line": 0, "named": quantity, "returned": 4}
    assert credit(stage, returned=(Draw(line=0, quantity=quantity),)) == ("ReturnMismatch", values)


def test_no_other_license_line_is_credited_than_was_drawn_on(stage):
    values = {"shipment": stage.returned, "line": 0, "named": 0, "returned": 4}
    assert credit(stage, returned=(Draw(line=1, quantity=4),)) == ("ReturnMismatch", values)


def test_i1_each_line_of_a_credit_comes_back_to_its_license_line(stage):
    trade = stage.trade
    license = trade.license(10, 20, 30)
    shipment = trade.ship(license, 5, 0, 7)
    trade.clear(shipment)
    trade.depart(shipment)
    trade.offer(shipment, "clerk", trade.exporter, trade.forwarder)
    trade.accept_goods(shipment, "forwarder clerk", trade.forwarder, 5, 7)
    trade.report_movement(shipment, "forwarder clerk", 3, 5, 6, to=2)
    back = (Draw(line=0, quantity=5), Draw(line=2, quantity=6))
    for person in ("enforcer", "second enforcer"):
        credited(stage, person, record=license, shipment=shipment, share=0, returned=back)
    assert [line_of(stage, license, line).drawn for line in range(3)] == [0, 0, 1]
