"""Offers and acceptances: who may hand goods to whom, what is counted, and who answers then."""

import dataclasses

import pytest

from ledger.acts.applications import Party
from ledger.acts.custody import AcceptHandoff, OfferHandoff, RefuseHandoff, WithdrawOffer
from ledger.acts.orders import SuspendLicense
from ledger.chain.artifacts import act_call
from tests.contracts.examples import HOUR
from tests.scenario import BROKER, CARRIER, TERMS, salt_of

HANDOFF = 72 * HOUR
FOREVER = 2**40 - 1


def offer(stage, shipment, to, person="clerk", organization=2, **changed):
    values = {"record": shipment, "occurred_at": stage.trade.time, "to": to, "seal": salt_of("seal")}
    return stage.trade.refusal(OfferHandoff, person, organization, **(values | changed))


def accept(stage, shipment, *counted, person="forwarder clerk", organization=3, **changed):
    values = {
        "record": shipment,
        "occurred_at": stage.trade.time,
        "seal": salt_of("seal"),
        "seal_state": 1,
        "reservation": False,
        "document": bytes(32),
        "counted": counted,
    }
    return stage.trade.refusal(AcceptHandoff, person, organization, **(values | changed))


def shipment_of(stage, record):
    return stage.trade.view("Shipments", "shipmentOf", record).shipment


def lines_of(stage, record):
    found = stage.trade.view("Shipments", "shipmentOf", record).held
    return [(line.held, line.unaccounted) for line in found]


# Offers


@pytest.mark.parametrize(("person", "organization"), [("forwarder clerk", 3), ("storekeeper", 6), ("inspector", 1)])
@pytest.mark.parametrize("act", [OfferHandoff, WithdrawOffer])
def test_only_holder_or_responsible_offer_and_withdraw(stage, act, person, organization):
    values = {"occurred_at": stage.trade.time, "to": 3, "seal": salt_of("seal")} if act is OfferHandoff else {}
    answer = stage.trade.refusal(act, person, organization, record=stage.offered, **values)
    assert answer == ("NotTheHolder", {"organization": organization, "holder": 2})


def test_goods_are_not_offered_to_their_holder(stage):
    assert offer(stage, stage.departed, 2) == ("AlreadyHolder", {"organization": 2})


RECEIVERS = {"a carrier": 3, "another carrier": 7, "customs": 5, "the authority": 1, "the end-user": 6}


@pytest.mark.parametrize("who", RECEIVERS)
def test_a_receiver_is_offered_the_goods(stage, who):
    assert offer(stage, stage.departed, RECEIVERS[who]) is None


def test_a_party_of_the_license_is_a_receiver_whatever_its_role(stage):
    trade = stage.trade
    broker = trade.register("broker", BROKER, {"broker admin": 1})
    answer = offer(stage, stage.departed, broker)
    parties = (Party(organization=6, role=6), Party(organization=broker, role=7))
    trade.assess(application := trade.apply(4, parties=parties))
    shipment = trade.ship(trade.issue(application), 4)
    assert answer == ("NotAReceiver", {"organization": broker, "shipment": stage.departed})
    assert offer(stage, shipment, broker) is None


@pytest.mark.parametrize("nobody", [0, 99])
def test_an_organization_that_is_not_there_receives_nothing(stage, nobody):
    answer = offer(stage, stage.departed, nobody)
    assert answer == ("NotAReceiver", {"organization": nobody, "shipment": stage.departed})


@pytest.mark.parametrize("lapsed", [0, 1])
def test_goods_are_offered_again_when_the_first_offer_has_lapsed(stage, lapsed):
    trade = stage.trade
    trade.time = shipment_of(stage, stage.offered).lapsesAt + lapsed
    answer = offer(stage, stage.offered, 4)
    assert answer == (None if lapsed else ("OfferOpen", {"shipment": stage.offered, "offeredTo": 3}))


def test_a_new_offer_takes_the_place_of_a_lapsed_one(stage):
    trade = stage.trade
    trade.advance(HANDOFF + HOUR)
    trade.offer(stage.offered, "clerk", 2, 4)
    assert accept(stage, stage.offered, 4) == ("NotOfferedTo", {"organization": 3, "offeredTo": 4})
    assert accept(stage, stage.offered, 4, person="driver", organization=4) is None


@pytest.mark.parametrize("act", [WithdrawOffer, RefuseHandoff])
def test_an_offer_that_was_taken_back_or_refused_is_gone(stage, act):
    trade = stage.trade
    person, organization = ("clerk", 2) if act is WithdrawOffer else ("forwarder clerk", 3)
    values = {"reason": 1} if act is RefuseHandoff else {}
    trade.act(act, person, organization, record=stage.offered, **values)
    assert accept(stage, stage.offered, 4) == ("NoOffer", {"shipment": stage.offered})


@pytest.mark.parametrize(("act", "person", "organization"), [(WithdrawOffer, "clerk", 2), (RefuseHandoff, "driver", 4)])
def test_where_nothing_is_offered_nothing_is_withdrawn_or_refused(stage, act, person, organization):
    values = {"reason": 1} if act is RefuseHandoff else {}
    answer = stage.trade.refusal(act, person, organization, record=stage.departed, **values)
    assert answer == ("NoOffer", {"shipment": stage.departed})


@pytest.mark.parametrize("act", [AcceptHandoff, RefuseHandoff])
def test_only_who_was_offered_the_goods_answers(stage, act):
    if act is AcceptHandoff:
        answer = accept(stage, stage.offered, 4, person="driver", organization=4)
    else:
        answer = stage.trade.refusal(act, "driver", 4, record=stage.offered, reason=1)
    assert answer == ("NotOfferedTo", {"organization": 4, "offeredTo": 3})


def test_an_offer_is_refused_for_a_fact_in_the_future(stage):
    assert offer(stage, stage.departed, 3, occurred_at=stage.trade.time + 1)[0] == "OccurredInFuture"


def test_an_offer_stands_for_the_policys_hours(stage):
    entry = stage.trade.offer(stage.departed, "clerk", 2, 3)
    assert shipment_of(stage, stage.departed).lapsesAt == entry.decoded().occurred_at + HANDOFF


def test_an_offer_does_not_move_the_last_custody_fact(stage):
    before = shipment_of(stage, stage.departed).lastFact
    stage.trade.offer(stage.departed, "clerk", 2, 3)
    assert shipment_of(stage, stage.departed).lastFact == before


# Acceptance (I3)


def test_i3_the_receiver_becomes_holder_and_responsible_by_accepting(stage):
    trade = stage.trade
    before = shipment_of(stage, stage.offered)
    trade.accept_goods(stage.offered, "forwarder clerk", 3, 4)
    after = shipment_of(stage, stage.offered)
    assert (before.holder, after.holder, after.responsible, after.offeredTo, after.grade) == (2, 3, 3, 0, 3)


def test_a_handoff_that_the_responsible_offered_for_the_holder_is_graded_b(stage):
    trade = stage.trade
    trade.offer(stage.reported, "clerk", 2, 4)
    trade.accept_goods(stage.reported, "driver", 4, 4)
    assert (shipment_of(stage, stage.reported).holder, shipment_of(stage, stage.reported).grade) == (4, 1)


def test_a_handoff_that_the_named_holder_offered_itself_is_graded_a(stage):
    trade = stage.trade
    trade.offer(stage.reported, "forwarder clerk", 3, 4)
    trade.accept_goods(stage.reported, "driver", 4, 4)
    assert shipment_of(stage, stage.reported).grade == 3


def test_i3_the_former_holder_has_no_say_any_more(stage):
    trade = stage.trade
    trade.accept_goods(stage.offered, "forwarder clerk", 3, 4)
    assert offer(stage, stage.offered, 4) == ("NotTheHolder", {"organization": 2, "holder": 3})


@pytest.mark.parametrize("late", [0, 1])
def test_an_offer_is_accepted_until_it_lapses(stage, late):
    trade = stage.trade
    lapse = shipment_of(stage, stage.offered).lapsesAt
    trade.time = lapse + HOUR
    answer = accept(stage, stage.offered, 4, occurred_at=lapse + late)
    values = {"shipment": stage.offered, "lapsedAt": lapse, "moment": lapse + 1}
    assert answer == (("OfferLapsed", values) if late else None)


@pytest.mark.parametrize(("state", "taken"), [(0, True), (3, True), (4, False)])
def test_a_seal_state_is_none_intact_broken_or_replaced(stage, state, taken):
    answer = accept(stage, stage.offered, 4, seal_state=state)
    bounds = {"field": "sealState", "value": state, "minimum": 0, "maximum": 3}
    assert answer == (None if taken else ("OutOfRange", bounds))


def test_an_irregular_shipment_is_neither_offered_nor_accepted(stage):
    trade = stage.trade
    trade.report_movement(stage.departed, "storekeeper", 6, 4, to=3)
    answer = offer(stage, stage.departed, 4, "forwarder clerk", 3)
    assert answer == ("Irregular", {"shipment": stage.departed, "bits": 1 << 7})
    trade.report_movement(stage.offered, "clerk", 2, 4, movement=2)
    assert shipment_of(stage, stage.offered).offeredTo == 0


# Stops


@pytest.mark.parametrize(("to", "taken"), [(3, False), (6, False), (5, True), (1, True)])
def test_held_goods_are_offered_to_a_refuge_only(stage, to, taken):
    answer = offer(stage, stage.held, to)
    values = {"shipment": stage.held, "stoppedUntil": FOREVER, "moment": stage.trade.time}
    assert answer == (None if taken else ("ShipmentStopped", values))


@pytest.mark.parametrize(("to", "taken"), [(3, False), (6, False), (5, True), (1, True)])
def test_under_a_suspended_license_goods_are_offered_to_a_refuge_only(stage, to, taken):
    trade = stage.trade
    trade.act(SuspendLicense, "enforcer", 1, record=stage.license, reason=1)
    answer = offer(stage, stage.departed, to)
    values = {"license": stage.license, "stoppedUntil": trade.time + 72 * HOUR, "moment": trade.time}
    assert answer == (None if taken else ("LicenseStopped", values))


def test_goods_offered_before_a_suspension_are_accepted_after_it(stage):
    stage.trade.act(SuspendLicense, "enforcer", 1, record=stage.license, reason=1)
    assert accept(stage, stage.offered, 4) is None


def test_goods_offered_before_a_hold_are_not_accepted_under_it(stage):
    stage.trade.hold(stage.offered)
    values = {"shipment": stage.offered, "stoppedUntil": FOREVER, "moment": stage.trade.time}
    assert accept(stage, stage.offered, 4) == ("ShipmentStopped", values)


def test_a_refuge_accepts_held_goods(stage):
    trade = stage.trade
    trade.offer(stage.held, "clerk", 2, 5)
    assert accept(stage, stage.held, 4, person="customs officer", organization=5) is None


def test_held_goods_go_back_to_the_exporter(stage):
    trade = stage.trade
    trade.accept_goods(stage.offered, "forwarder clerk", 3, 4)
    trade.hold(stage.offered)
    trade.offer(stage.offered, "forwarder clerk", 3, 2)
    assert accept(stage, stage.offered, 4, person="clerk", organization=2) is None


@pytest.mark.parametrize("act", [WithdrawOffer, RefuseHandoff])
def test_withdrawing_and_refusing_stay_open_under_a_hold(stage, act):
    stage.trade.hold(stage.offered)
    person, organization = ("clerk", 2) if act is WithdrawOffer else ("forwarder clerk", 3)
    values = {"reason": 1} if act is RefuseHandoff else {}
    assert stage.trade.refusal(act, person, organization, record=stage.offered, **values) is None


# Counts


@pytest.fixture
def bulk(stage):
    """A shipment of 10,000 and 100 offered to the forwarder under a count tolerance of 50 basis points."""
    trade = stage.trade
    trade.adopt(dataclasses.replace(TERMS, clearance_required=False))
    shipment = trade.ship(trade.license(10_000, 100), 10_000, 100)
    trade.offer(shipment, "clerk", 2, 3)
    return shipment


@pytest.mark.parametrize("counted", [(), (10_000,), (10_000, 100, 1)])
def test_one_count_a_line_is_asked(stage, bulk, counted):
    answer = accept(stage, bulk, *counted)
    assert answer == ("CountsMismatch", {"given": len(counted), "expected": 2})


def test_nobody_counts_more_than_is_held_and_tolerated(stage, bulk):
    assert accept(stage, bulk, 10_050, 100) is None
    values = {"line": 0, "counted": 10_051, "maximum": 10_050}
    assert accept(stage, bulk, 10_051, 100) == ("CountExceedsHeld", values)


def test_the_largest_count_that_an_act_can_say_is_refused_by_its_bound(stage, bulk):
    values = {"line": 1, "counted": 2**96 - 1, "maximum": 100}
    assert accept(stage, bulk, 10_000, 2**96 - 1) == ("CountExceedsHeld", values)


@pytest.mark.parametrize(
    ("counted", "lines", "discrepancy"),
    [
        ((10_000, 100), [(10_000, 0), (100, 0)], 0),
        ((10_050, 100), [(10_000, 0), (100, 0)], 0),
        ((9_950, 100), [(9_950, 50), (100, 0)], 0),
        ((9_949, 100), [(9_949, 51), (100, 0)], 1),
        ((10_000, 99), [(10_000, 0), (99, 1)], 1),
        ((0, 0), [(0, 10_000), (0, 100)], 1),
    ],
)
def test_i9_a_shortfall_becomes_unaccounted_and_beyond_tolerance_a_discrepancy(
    stage, bulk, counted, lines, discrepancy
):
    stage.trade.accept_goods(bulk, "forwarder clerk", 3, *counted)
    assert (lines_of(stage, bulk), shipment_of(stage, bulk).flags & 1) == (lines, discrepancy)


def test_i9_what_is_unaccounted_never_comes_back(stage, bulk):
    trade = stage.trade
    trade.accept_goods(bulk, "forwarder clerk", 3, 9_960, 100)
    trade.offer(bulk, "forwarder clerk", 3, 4)
    trade.accept_goods(bulk, "driver", 4, 10_000, 100)
    assert lines_of(stage, bulk) == [(9_960, 40), (100, 0)]


def word(number):
    return number.to_bytes(32, "big")


def pushed(call):
    """Where the signature stands, one word further on."""
    return word(int.from_bytes(call[36:68], "big") + 32)


ODD_CALLS = {
    "a gap before the act": lambda call: call[:4] + word(96) + pushed(call) + bytes(32) + call[68:],
    "a gap inside": lambda call: call[:36] + pushed(call) + word(64) + bytes(32) + call[100:],
    "a gap before the counts": lambda call: (
        call[:36] + pushed(call) + call[68:388] + word(352) + bytes(32) + call[420:]
    ),
    "a flag that is neither": lambda call: call[:324] + word(2) + call[356:],
}


@pytest.mark.parametrize("what", ODD_CALLS)
def test_i6_an_acceptance_is_journaled_as_it_was_signed_or_not_at_all(stage, bulk, what):
    trade = stage.trade
    act, person = stage.build(AcceptHandoff, record=bulk, counted=(10_000, 100))
    call = act_call(act, trade.sign(act, person))
    answers = [trade.answer(trade.address("Shipments"), one) for one in (call, ODD_CALLS[what](call))]
    assert answers == [None, ("Unavailable", {})]


def test_an_unknown_carrier_is_no_receiver_until_it_is_registered(stage):
    trade = stage.trade
    number = trade.organization_count() + 1
    before = offer(stage, stage.departed, number)
    trade.register("late carrier", CARRIER, {"late admin": 1})
    assert (before[0], offer(stage, stage.departed, number)) == ("NotAReceiver", None)
