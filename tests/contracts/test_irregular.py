"""Every bit of `irregular`: set by the fact that breaks its rule, and not by its neighbor that keeps it."""

import dataclasses

import pytest

from ledger.acts.applications import Party
from ledger.acts.certificates import RevokeCertificate
from ledger.acts.custody import OfferHandoff
from ledger.acts.orders import SuspendLicense
from ledger.ids import ZERO32
from tests.contracts.examples import HOUR
from tests.scenario import BROKER, CUSTODY, CUSTOMS, DAY, END_USER, TERMS, salt_of

NOT_IN_FORCE, STOPPED, LATE, CERTIFICATE, CLEARANCE, RECEIVER, GRADE, UNILATERAL, TERMINAL = (
    1 << bit for bit in range(9)
)
NOT_DEPARTED = 1 << 10
HANDOFF, DEPARTURE, DELIVERY, CONFIRMATION = "handoff", "departure", "delivery", "confirmation"


def bits(stage, shipment):
    return stage.trade.view("Shipments", "shipmentOf", shipment).shipment.irregular


def report(stage, fact, shipment, person="clerk", organization=2, **fields):
    """Reports the fact and gives the bits it set."""
    trade, before = stage.trade, bits(stage, shipment)
    if fact is HANDOFF:
        trade.report_movement(shipment, person, organization, 4, **({"to": 3} | fields))
    elif fact is DEPARTURE:
        trade.report_movement(shipment, person, organization, 4, movement=2, **fields)
    elif fact is DELIVERY:
        trade.report_delivery(shipment, person, organization, 4, **fields)
    else:
        trade.confirm_delivery(shipment, 4, **fields)
    return bits(stage, shipment) & ~before


def shipment_under(stage, certificate=None, valid=DAY, **terms):
    """A registered shipment of 4 under terms that ask little unless told."""
    trade = stage.trade
    trade.adopt(dataclasses.replace(TERMS, **({"clearance_required": False} | terms)))
    trade.assess(application := trade.apply(4, certificate=certificate or trade.certificate(4)))
    return trade.ship(trade.issue(application, valid_until=trade.time + valid), 4)


@pytest.mark.parametrize("fact", [HANDOFF, DELIVERY])
def test_a_report_that_keeps_every_rule_sets_no_bit(stage, fact):
    assert report(stage, fact, stage.departed) == 0


def test_a_departure_that_keeps_every_rule_sets_no_bit(stage):
    assert report(stage, DEPARTURE, stage.cleared) == 0


def test_a_confirmation_that_keeps_every_rule_sets_no_bit(stage):
    assert report(stage, CONFIRMATION, stage.arrived) == 0


# 0 NOT_IN_FORCE


@pytest.mark.parametrize(("after", "expected"), [(-1, 0), (0, NOT_IN_FORCE)])
def test_bit_0_a_departure_outside_validity(stage, after, expected):
    """Story 3: had it departed on Monday, 00:05."""
    shipment = shipment_under(stage, valid=HOUR)
    last = stage.trade.time + HOUR
    stage.trade.advance(2 * HOUR)
    assert report(stage, DEPARTURE, shipment, occurred_at=last + after) == expected


@pytest.mark.parametrize("fact", [HANDOFF, DELIVERY])
def test_bit_0_is_not_for_what_follows_departure(stage, fact):
    shipment = shipment_under(stage, valid=HOUR)
    stage.trade.depart(shipment)
    stage.trade.advance(2 * HOUR)
    assert report(stage, fact, shipment) == 0


def test_bit_0_is_not_for_a_suspended_license(stage):
    stage.trade.act(SuspendLicense, "enforcer", 1, record=stage.license, reason=1)
    assert report(stage, DEPARTURE, stage.cleared) == STOPPED


# 1 STOPPED


@pytest.mark.parametrize(
    ("fact", "name"),
    [(HANDOFF, "departed"), (DEPARTURE, "cleared"), (DELIVERY, "departed"), (CONFIRMATION, "arrived")],
)
@pytest.mark.parametrize("stop", ["hold", "suspension"])
def test_bit_1_a_fact_under_a_stop(stage, fact, name, stop):
    trade, shipment = stage.trade, getattr(stage, name)
    if stop == "hold":
        trade.hold(shipment)
    else:
        trade.act(SuspendLicense, "enforcer", 1, record=stage.license, reason=1)
    assert report(stage, fact, shipment) == STOPPED


@pytest.mark.parametrize(("before", "expected"), [(1, STOPPED), (0, 0)])
def test_bit_1_ends_when_the_suspension_lapses(stage, before, expected):
    trade = stage.trade
    trade.act(SuspendLicense, "enforcer", 1, record=stage.license, reason=1)
    lapse = trade.time + 72 * HOUR
    trade.time = lapse + HOUR
    assert report(stage, HANDOFF, stage.departed, occurred_at=lapse - before) == expected


@pytest.mark.parametrize("refuge", [5, 1])
def test_bit_1_is_not_for_goods_on_their_way_to_a_refuge(stage, refuge):
    stage.trade.hold(stage.departed)
    assert report(stage, HANDOFF, stage.departed, to=refuge) == 0


def test_bit_1_is_not_for_goods_on_their_way_home(stage):
    trade = stage.trade
    trade.accept_goods(stage.offered, "forwarder clerk", 3, 4)
    trade.hold(stage.offered)
    assert report(stage, HANDOFF, stage.offered, "forwarder clerk", 3, to=2) == 0


def test_bit_1_is_not_for_a_delivery_to_an_end_user_that_is_a_refuge(stage):
    trade = stage.trade
    number = trade.register("customs laboratory", CUSTOMS | END_USER, {"head": 1 | CUSTODY})
    trade.assess(application := trade.apply(4, parties=(Party(organization=number, role=6),)))
    shipment = trade.ship(trade.issue(application), 4, end_user=number)
    trade.hold(shipment)
    assert report(stage, DELIVERY, shipment) == NOT_DEPARTED


# 2 LATE


@pytest.mark.parametrize(
    ("fact", "name"),
    [(HANDOFF, "departed"), (DEPARTURE, "cleared"), (DELIVERY, "departed"), (CONFIRMATION, "arrived")],
)
@pytest.mark.parametrize(("late", "expected"), [(0, 0), (1, LATE)])
def test_bit_2_a_fact_recorded_beyond_the_lateness_limit(stage, fact, name, late, expected):
    trade = stage.trade
    moment = trade.time
    trade.advance(72 * HOUR + late)
    assert report(stage, fact, getattr(stage, name), occurred_at=moment) == expected


# 3 CERTIFICATE


@pytest.mark.parametrize(("needed", "expected"), [(1, 0), (2, CERTIFICATE)])
def test_bit_3_a_departure_below_the_certificate_grade(stage, needed, expected):
    shipment = shipment_under(stage, stage.trade.paper_certificate(4), certificate_grade=needed)
    assert report(stage, DEPARTURE, shipment) == expected


@pytest.mark.parametrize(("exempt", "expected"), [(END_USER, 0), (CUSTOMS, CERTIFICATE)])
def test_bit_3_is_not_for_an_exempt_end_user(stage, exempt, expected):
    shipment = shipment_under(stage, ZERO32, exempt_roles=exempt)
    assert report(stage, DEPARTURE, shipment) == expected


@pytest.mark.parametrize(("fact", "name"), [(DELIVERY, "departed"), (CONFIRMATION, "arrived")])
def test_bit_3_a_delivery_under_a_revoked_certificate(stage, fact, name):
    stage.trade.act(RevokeCertificate, "official", 6, record=stage.certificate, reason=1)
    assert report(stage, fact, getattr(stage, name)) == CERTIFICATE


@pytest.mark.parametrize(("after", "expected"), [(-1, 0), (0, CERTIFICATE)])
def test_bit_3_a_delivery_outside_the_certificates_window(stage, after, expected):
    trade = stage.trade
    last = trade.time + HOUR
    shipment = shipment_under(stage, trade.paper_certificate(4, valid_until=last), certificate_grade=1)
    trade.depart(shipment)
    trade.advance(2 * HOUR)
    assert report(stage, DELIVERY, shipment, occurred_at=last + after) == expected


def test_bit_3_is_not_for_a_handoff(stage):
    stage.trade.act(RevokeCertificate, "official", 6, record=stage.certificate, reason=1)
    assert report(stage, HANDOFF, stage.departed) == 0


def test_bit_3_is_not_for_a_delivery_without_any_certificate(stage):
    shipment = shipment_under(stage, ZERO32, certificate_grade=0)
    stage.trade.depart(shipment)
    assert report(stage, DELIVERY, shipment) == 0


# 4 CLEARANCE


def test_bit_4_a_departure_without_the_clearance_that_is_asked(stage):
    assert report(stage, DEPARTURE, stage.registered) == CLEARANCE


def test_bit_4_is_not_where_no_clearance_is_asked(stage):
    assert report(stage, DEPARTURE, shipment_under(stage)) == 0


@pytest.mark.parametrize(("early", "expected"), [(0, 0), (1, CLEARANCE)])
def test_bit_4_a_departure_before_its_clearance(stage, early, expected):
    trade = stage.trade
    trade.clear(stage.registered)
    moment = trade.time
    trade.advance(HOUR)
    assert report(stage, DEPARTURE, stage.registered, occurred_at=moment - early) == expected


# 5 RECEIVER


@pytest.mark.parametrize(("roles", "expected"), [(BROKER, RECEIVER), (BROKER | 1 << 4, 0)])
def test_bit_5_a_handoff_to_who_is_no_receiver(stage, roles, expected):
    number = stage.trade.register("somebody", roles, {"somebody": 1})
    assert report(stage, HANDOFF, stage.departed, to=number) == expected


# 6 GRADE


@pytest.mark.parametrize(("lowest", "expected"), [(1, 0), (2, GRADE), (3, GRADE)])
@pytest.mark.parametrize("fact", [HANDOFF, DELIVERY])
def test_bit_6_a_grade_below_the_lowest_that_the_policy_allows(stage, fact, lowest, expected):
    shipment = shipment_under(stage, lowest_custody_grade=lowest)
    stage.trade.depart(shipment)
    assert report(stage, fact, shipment) == expected


def test_bit_6_is_not_for_a_departure_or_a_confirmed_delivery(stage):
    trade = stage.trade
    shipment = shipment_under(stage, lowest_custody_grade=3)
    departure = report(stage, DEPARTURE, shipment)
    trade.offer(shipment, "clerk", 2, 6)
    trade.accept_goods(shipment, "storekeeper", 6, 4)
    assert (departure, report(stage, CONFIRMATION, shipment)) == (0, 0)


# 7 UNILATERAL


@pytest.mark.parametrize("fact", [HANDOFF, DELIVERY])
@pytest.mark.parametrize(
    ("person", "organization", "expected"),
    [("clerk", 2, 0), ("storekeeper", 6, UNILATERAL), ("recorder", 1, UNILATERAL)],
)
def test_bit_7_a_report_for_neither_holder_nor_responsible(stage, fact, person, organization, expected):
    assert report(stage, fact, stage.departed, person, organization) == expected


def test_bit_7_is_not_for_the_former_holder_that_still_answers(stage):
    assert report(stage, HANDOFF, stage.reported, to=4) == 0


def test_bit_7_is_not_for_the_new_holder(stage):
    assert report(stage, HANDOFF, stage.reported, "forwarder clerk", 3, to=4) == 0


def test_bit_7_a_departure_reported_by_who_was_offered_the_goods(stage):
    assert report(stage, DEPARTURE, stage.offered, "forwarder clerk", 3) == UNILATERAL | CLEARANCE


# 8 TERMINAL


@pytest.mark.parametrize("name", ["delivered", "cancelled"])
@pytest.mark.parametrize("fact", [HANDOFF, DEPARTURE, DELIVERY])
@pytest.mark.parametrize(("person", "organization"), [("clerk", 2), ("recorder", 1)])
def test_bit_8_a_report_after_the_end_sets_it_and_nothing_else(stage, name, fact, person, organization):
    shipment = getattr(stage, name)
    before = stage.trade.view("Shipments", "shipmentOf", shipment)
    report(stage, fact, shipment, person, organization)
    after = stage.trade.view("Shipments", "shipmentOf", shipment)
    before.shipment.irregular, before.shipment.version = TERMINAL, before.shipment.version + 1
    assert after == before


def test_bit_8_a_second_confirmation(stage):
    assert report(stage, CONFIRMATION, stage.delivered) == TERMINAL


def test_bit_8_counts_are_not_read_after_the_end(stage):
    stage.trade.report_delivery(stage.delivered, "clerk", 2)
    assert bits(stage, stage.delivered) == TERMINAL


# 10 NOT_DEPARTED


@pytest.mark.parametrize("name", ["registered", "cleared"])
def test_bit_10_a_delivery_before_departure(stage, name):
    assert report(stage, DELIVERY, getattr(stage, name)) == NOT_DEPARTED


def test_bit_10_a_confirmed_delivery_before_departure(stage):
    trade = stage.trade
    trade.offer(stage.registered, "clerk", 2, 6)
    trade.accept_goods(stage.registered, "storekeeper", 6, 4)
    assert report(stage, CONFIRMATION, stage.registered) == NOT_DEPARTED


# All


def test_bits_stick_and_add_up(stage):
    trade = stage.trade
    trade.hold(stage.departed)
    first = report(stage, HANDOFF, stage.departed)
    trade.confirm_report(stage.departed, "forwarder clerk", 3, trade.entries[-1])
    second = report(stage, HANDOFF, stage.departed, "storekeeper", 6, to=4)
    assert (first, second, bits(stage, stage.departed)) == (STOPPED, UNILATERAL, STOPPED | UNILATERAL)


@pytest.mark.parametrize("bit", [STOPPED, UNILATERAL])
def test_any_bit_freezes_the_shipment(stage, bit):
    trade = stage.trade
    if bit == STOPPED:
        trade.hold(stage.departed)
        report(stage, HANDOFF, stage.departed)
    else:
        report(stage, HANDOFF, stage.departed, "storekeeper", 6)
    values = {"occurred_at": trade.time, "to": 1, "seal": salt_of("seal")}
    answer = trade.refusal(OfferHandoff, "forwarder clerk", 3, record=stage.departed, **values)
    assert answer == ("Irregular", {"shipment": stage.departed, "bits": bit})
