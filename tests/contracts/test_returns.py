"""Goods that come home: what becomes of the shipment, of its draw, and of goods that should be back."""

import dataclasses

import pytest

from ledger.acts.custody import AcceptHandoff, OfferHandoff
from ledger.acts.licensing import CreditReturn
from ledger.acts.manifests import Draw, RegisterShipment
from ledger.ids import ZERO32
from ledger.journal.entries import LicenseDelta, LineDelta, license_delta
from tests.contracts.examples import HOUR
from tests.scenario import DAY, DOCUMENT, TERMS

RETURNED = 7
CREDITED = 1 << 9
RETURN_OVERDUE = 1 << 12
TEMPORARY = 4
SHARE = 300


@pytest.fixture
def outside(stage):
    """4 of 8 under a temporary license are with the forwarder, to be back in ten days."""
    trade = stage.trade
    trade.adopt(dataclasses.replace(TERMS, clearance_required=False), kind=TEMPORARY)
    trade.assess(application := trade.apply(8, certificate=trade.certificate(8), kind=TEMPORARY))
    license = trade.issue(application, return_by=trade.time + 10 * DAY)
    return license, sent(stage, license, 4)


def sent(stage, license, quantity):
    """Departed, and handed to the forwarder."""
    trade = stage.trade
    shipment = trade.ship(license, quantity, share=SHARE)
    trade.depart(shipment)
    trade.offer(shipment, "clerk", 2, 3)
    trade.accept_goods(shipment, "forwarder clerk", 3, quantity)
    return shipment


def brought_home(stage, shipment, *counted):
    trade = stage.trade
    trade.offer(shipment, "forwarder clerk", 3, 2)
    return trade.accept_goods(shipment, "clerk", 2, *counted)


def shipment_of(stage, record):
    return stage.trade.view("Shipments", "shipmentOf", record).shipment


def goods(stage, record):
    """Held, unaccounted and returned."""
    (line,) = stage.trade.view("Shipments", "shipmentOf", record).held
    return line.held, line.unaccounted, stage.trade.view("Shipments", "goneOf", record, 0).returned


def drawn(stage, license):
    number = stage.trade.view("Licenses", "numberOf", license)
    line = stage.trade.view("Licenses", "lineOf", number, 0)
    return line.drawn, stage.trade.view("Licenses", "licenseOf", number).shares


def offer(stage, shipment, to, **changed):
    values = {"record": shipment, "occurred_at": stage.trade.time, "to": to, "seal": ZERO32}
    return stage.trade.refusal(OfferHandoff, "forwarder clerk", 3, **(values | changed))


# The shipment


def test_i9_what_is_held_comes_home_and_the_shipment_is_returned(stage, outside):
    _, shipment = outside
    brought_home(stage, shipment, 4)
    found = shipment_of(stage, shipment)
    assert (found.status, found.holder, found.responsible, found.grade) == (RETURNED, 2, 2, 3)
    assert goods(stage, shipment) == (0, 0, 4)


def test_i9_what_is_missing_at_home_is_unaccounted_and_not_returned(stage, outside):
    _, shipment = outside
    brought_home(stage, shipment, 3)
    assert (goods(stage, shipment), shipment_of(stage, shipment).flags & 1) == ((0, 1, 3), 1)


def test_before_departure_goods_come_back_and_nothing_ends(stage):
    trade = stage.trade
    trade.offer(stage.registered, "clerk", 2, 3)
    trade.accept_goods(stage.registered, "forwarder clerk", 3, 4)
    brought_home(stage, stage.registered, 4)
    assert (shipment_of(stage, stage.registered).status, goods(stage, stage.registered)) == (1, (4, 0, 0))


def test_a_reported_homecoming_returns_the_shipment_with_grade_b(stage, outside):
    _, shipment = outside
    stage.trade.report_movement(shipment, "forwarder clerk", 3, 3, to=2)
    found = shipment_of(stage, shipment)
    assert (found.status, found.holder, found.grade, goods(stage, shipment)) == (RETURNED, 2, 1, (0, 1, 3))


def test_a_reported_homecoming_before_departure_ends_nothing(stage):
    stage.trade.report_movement(stage.reported, "forwarder clerk", 3, 4, to=2)
    assert (shipment_of(stage, stage.reported).status, goods(stage, stage.reported)) == (1, (4, 0, 0))


def test_i4_what_was_returned_does_not_leave_again(stage):
    values = {"record": stage.returned, "occurred_at": stage.trade.time, "to": 3, "seal": ZERO32}
    answer = stage.trade.refusal(OfferHandoff, "clerk", 2, **values)
    assert answer == ("WrongStatus", {"record": stage.returned, "status": RETURNED, "allowed": 14})


# The draw


def test_i1_a_return_by_both_hands_takes_back_what_a_temporary_license_counts(stage, outside):
    license, shipment = outside
    entry = brought_home(stage, shipment, 4)
    (note,) = entry.touched
    assert license_delta(note.delta) == LicenseDelta(shipment, -SHARE, (LineDelta(0, -4),))
    assert (drawn(stage, license), shipment_of(stage, shipment).flags & CREDITED) == ((0, 0), CREDITED)


def test_i1_a_temporary_license_takes_back_only_what_came_home(stage, outside):
    license, shipment = outside
    brought_home(stage, shipment, 3)
    assert drawn(stage, license) == (1, 0)


def test_i1_a_temporary_license_bounds_what_is_outstanding(stage, outside):
    """8 at a time, as often as they come back."""
    license, shipment = outside
    sent(stage, license, 4)
    values = {"license": license, "end_user": 6, "share": 0, "waybill": ZERO32, "document": DOCUMENT}
    one = values | {"draws": (Draw(line=0, quantity=1),)}
    before = stage.trade.refusal(RegisterShipment, "clerk", 2, **one)
    brought_home(stage, shipment, 4)
    four = values | {"draws": (Draw(line=0, quantity=4),)}
    assert (before[0], stage.trade.refusal(RegisterShipment, "clerk", 2, **four)) == ("LineFull", None)


@pytest.mark.parametrize("how", ["reported", "offered by who answers for it"])
def test_i1_a_one_sided_return_is_credited_to_nobody(stage, outside, how):
    license, shipment = outside
    trade = stage.trade
    if how == "reported":
        entry = trade.report_movement(shipment, "forwarder clerk", 3, 4, to=2)
    else:
        trade.report_movement(shipment, "forwarder clerk", 3, 4, to=4)
        entry = brought_home(stage, shipment, 4)
    found = shipment_of(stage, shipment)
    assert (found.status, found.grade, found.flags & CREDITED) == (RETURNED, 1, 0)
    assert (drawn(stage, license), entry.touched) == ((4, SHARE), ())


def test_a_confirmed_report_of_a_return_is_graded_a_and_still_not_credited(stage, outside):
    license, shipment = outside
    report = stage.trade.report_movement(shipment, "forwarder clerk", 3, 4, to=2)
    stage.trade.confirm_report(shipment, "clerk", 2, report)
    assert (shipment_of(stage, shipment).grade, drawn(stage, license)) == (3, (4, SHARE))


def test_i1_a_return_under_an_ordinary_license_stays_drawn(stage):
    """What the stage's returned shipment drew: 4, beside the seized and the irregular one."""
    assert (drawn(stage, stage.second)[0], goods(stage, stage.returned)) == (12, (0, 0, 4))


def test_i1_a_credit_by_two_officers_gives_a_one_sided_return_back(stage, outside):
    license, shipment = outside
    stage.trade.report_movement(shipment, "forwarder clerk", 3, 3, to=2)
    values = {"record": license, "shipment": shipment, "share": SHARE - 1, "document": DOCUMENT}
    values["returned"] = (Draw(line=0, quantity=3),)
    stage.trade.act(CreditReturn, "enforcer", 1, **values)
    between = drawn(stage, license)
    stage.trade.act(CreditReturn, "second enforcer", 1, **values)
    assert (between, drawn(stage, license)) == ((4, SHARE), (1, 1))


def test_what_a_temporary_license_took_back_is_not_credited_again(stage, outside):
    license, shipment = outside
    brought_home(stage, shipment, 4)
    values = {"record": license, "shipment": shipment, "share": 0, "document": DOCUMENT, "returned": ()}
    answer = stage.trade.refusal(CreditReturn, "enforcer", 1, **values)
    assert answer == ("AlreadyCredited", {"shipment": shipment})


# Overdue


@pytest.mark.parametrize("to", [4, 6])
@pytest.mark.parametrize("after", [-1, 0])
def test_goods_that_should_be_back_are_not_offered_onward(stage, outside, to, after):
    license, shipment = outside
    due = stage.trade.view("Licenses", "licenseOf", stage.trade.view("Licenses", "numberOf", license)).returnBy
    stage.trade.time = due + HOUR
    answer = offer(stage, shipment, to, occurred_at=due + after)
    values = {"license": license, "returnBy": due, "moment": due}
    assert answer == (("ReturnOverdue", values) if after == 0 else None)


@pytest.mark.parametrize("to", [2, 5, 1])
def test_goods_that_should_be_back_are_offered_to_a_refuge(stage, outside, to):
    stage.trade.advance(11 * DAY)
    assert offer(stage, outside[1], to) is None


def test_what_was_offered_in_time_is_accepted_when_it_should_be_back(stage, outside):
    _, shipment = outside
    stage.trade.advance(9 * DAY)
    stage.trade.offer(shipment, "forwarder clerk", 3, 4)
    stage.trade.advance(DAY + HOUR)
    seal = {"seal": ZERO32, "seal_state": 0, "reservation": False, "document": ZERO32}
    values = {"record": shipment, "occurred_at": stage.trade.time, "counted": (4,)} | seal
    assert stage.trade.refusal(AcceptHandoff, "driver", 4, **values) is None


@pytest.mark.parametrize(("after", "expected"), [(-1, 0), (0, RETURN_OVERDUE)])
@pytest.mark.parametrize("fact", ["handoff", "delivery", "confirmation"])
def test_bit_12_a_report_of_goods_that_should_be_back(stage, outside, fact, after, expected):
    license, shipment = outside
    trade = stage.trade
    due = trade.view("Licenses", "licenseOf", trade.view("Licenses", "numberOf", license)).returnBy
    if fact == "confirmation":
        trade.offer(shipment, "forwarder clerk", 3, 6)
        trade.accept_goods(shipment, "storekeeper", 6, 4)
    trade.time = due + HOUR
    if fact == "handoff":
        trade.report_movement(shipment, "forwarder clerk", 3, 4, to=4, occurred_at=due + after)
    elif fact == "delivery":
        trade.report_delivery(shipment, "forwarder clerk", 3, 4, occurred_at=due + after)
    else:
        trade.confirm_delivery(shipment, 4, occurred_at=due + after)
    assert shipment_of(stage, shipment).irregular == expected


@pytest.mark.parametrize("to", [2, 5])
def test_bit_12_is_not_for_goods_on_their_way_to_a_refuge(stage, outside, to):
    stage.trade.advance(11 * DAY)
    stage.trade.report_movement(outside[1], "forwarder clerk", 3, 4, to=to)
    assert shipment_of(stage, outside[1]).irregular == 0
