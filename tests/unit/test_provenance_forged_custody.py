"""Is a broken rule of custody found where every signature, version and head is right? As test_provenance_forged."""

import dataclasses

import pytest

from ledger.acts.applications import ApplyForLicense, Party
from ledger.acts.custody import AcceptHandoff, ClearShipment, DepartShipment, OfferHandoff, RefuseHandoff, WithdrawOffer
from ledger.acts.manifests import CancelShipment
from ledger.acts.orders import HoldShipment, ResumeShipment
from ledger.acts.reports import AddStatement, ConfirmDelivery, ConfirmReport, ReportMovement
from tests.scenario import DAY, salt_of
from tests.unit.provenance_parts import Forgery, at, failed, found_in, honest_history, order

HOUR = 3600


@pytest.fixture(scope="module")
def honest(settled_trade):
    return honest_history(settled_trade)


@pytest.fixture
def forgery(honest, settled_trade):
    return Forgery(honest, settled_trade.deployment)


# P6


def test_goods_that_nobody_offered_break_custody(forgery):
    forgery.drop(forgery.of(OfferHandoff))
    assert failed(forgery, "P6") == {at(forgery, AcceptHandoff)}


def test_an_offer_of_one_who_does_not_hold_the_goods_breaks_custody(forgery):
    offer = forgery.of(OfferHandoff, 1)
    offer.change(organization=4)
    offer.person = "driver"
    assert failed(forgery, "P6") == {at(forgery, OfferHandoff, 1)}


def test_a_delivery_of_goods_that_another_holds_breaks_custody(forgery):
    forgery.drop(forgery.of(OfferHandoff, 1), forgery.of(AcceptHandoff, 1))
    assert failed(forgery, "P6") == {at(forgery, ConfirmDelivery)}


def test_a_fact_before_the_one_before_it_breaks_custody(forgery):
    departed = forgery.of(DepartShipment)
    departed.change(occurred_at=forgery.of(AcceptHandoff).act.occurred_at - 1)
    assert failed(forgery, "P6") == {at(forgery, DepartShipment)}


def test_a_fact_still_to_come_breaks_custody(forgery):
    delivered = forgery.of(ConfirmDelivery)
    delivered.change(occurred_at=delivered.entry.time + 1)
    assert failed(forgery, "P6") == {at(forgery, ConfirmDelivery)}


def test_a_hold_that_another_ends_breaks_custody(forgery):
    resumed = forgery.of(ResumeShipment)
    resumed.change(organization=5)
    resumed.person = "customs officer"
    assert failed(forgery, "P6") == {at(forgery, ResumeShipment)}


def test_a_second_departure_breaks_custody(forgery):
    departed = forgery.of(DepartShipment)
    forgery.copy(departed, after=departed).change(deadline=departed.act.deadline + 1)
    assert failed(forgery, "P6") == {at(forgery, DepartShipment, 1)}


def test_a_departure_signed_by_one_without_part_breaks_custody(forgery):
    departed = forgery.of(DepartShipment)
    departed.change(organization=4)
    departed.person = "driver"
    assert at(forgery, DepartShipment) in failed(forgery, "P6")


def signed_by(draft, organization, person):
    draft.change(organization=organization)
    draft.person = person


def test_a_hold_of_one_who_may_not_inspect_breaks_custody(forgery):
    signed_by(forgery.of(HoldShipment), 3, "forwarder clerk")
    assert at(forgery, HoldShipment) in failed(forgery, "P6")


def test_a_clearance_of_one_who_may_not_inspect_breaks_custody(forgery):
    signed_by(forgery.of(ClearShipment), 3, "forwarder clerk")
    assert failed(forgery, "P6") == {at(forgery, ClearShipment)}


def added(forgery, act, person, organization, **members):
    """An act on the shipment right before its delivery."""
    delivery = forgery.of(ConfirmDelivery)
    draft = order(forgery, act, person, delivery.act.record, delivery, **members)
    draft.change(organization=organization)
    return forgery.drafts.index(draft) + 1


def test_goods_given_up_after_departure_break_custody(forgery):
    assert added(forgery, CancelShipment, "clerk", 2) in failed(forgery, "P6")


def test_an_offer_refused_by_another_than_the_one_offered_to_breaks_custody(forgery):
    assert added(forgery, RefuseHandoff, "driver", 4, reason=1) in failed(forgery, "P6")


def test_an_offer_withdrawn_by_one_without_the_goods_breaks_custody(forgery):
    assert added(forgery, WithdrawOffer, "driver", 4) in failed(forgery, "P6")


def test_a_confirmation_without_a_report_breaks_custody(forgery):
    assert added(forgery, ConfirmReport, "storekeeper", 6, report_head=salt_of("x")) in failed(forgery, "P6")


def test_a_report_of_one_without_part_breaks_custody(forgery):
    assert added(forgery, ReportMovement, "stranger", 7, **movement(forgery, to=4)) in failed(forgery, "P6")


def test_a_statement_of_one_without_part_breaks_custody(forgery):
    said = added(forgery, AddStatement, "stranger", 7, subject=bytes(32), kind=1, document=salt_of("x"))
    assert said in failed(forgery, "P6")


def movement(forgery, to):
    occurred_at = forgery.of(ConfirmDelivery).act.occurred_at
    return {"occurred_at": occurred_at, "movement": 1, "to": to, "document": salt_of("x"), "counted": (5,)}


def test_a_report_that_names_the_holder_as_receiver_breaks_custody(forgery):
    assert added(forgery, ReportMovement, "storekeeper", 6, **movement(forgery, to=6)) in failed(forgery, "P6")


# P7


def test_goods_offered_to_who_holds_them_fail_the_handoff(forgery):
    forgery.of(OfferHandoff, 1).change(to=3)
    assert at(forgery, OfferHandoff, 1) in failed(forgery, "P7")


def test_goods_taken_while_the_shipment_is_held_fail_the_handoff(forgery):
    accept = forgery.of(AcceptHandoff, 1)
    order(forgery, HoldShipment, "inspector", accept.act.record, accept, reason=1)
    assert failed(forgery, "P7") == {at(forgery, AcceptHandoff, 1)}


def test_goods_taken_by_another_than_the_one_offered_to_fail_the_handoff(forgery):
    accept = forgery.of(AcceptHandoff)
    accept.change(organization=4)
    accept.person = "driver"
    assert at(forgery, AcceptHandoff) in failed(forgery, "P7")


def test_an_offer_of_one_who_does_not_hold_the_goods_fails_the_handoff(forgery):
    offer = forgery.of(OfferHandoff, 1)
    offer.change(organization=4)
    offer.person = "driver"
    assert failed(forgery, "P7") == {at(forgery, OfferHandoff, 1)}


def test_goods_taken_after_the_offer_lapsed_fail_the_handoff(forgery):
    offer = forgery.of(OfferHandoff)
    offer.change(occurred_at=forgery.of(AcceptHandoff).act.occurred_at - 72 * HOUR - 1)
    assert at(forgery, AcceptHandoff) in failed(forgery, "P7")


def test_goods_taken_before_they_were_offered_fail_the_handoff(forgery):
    forgery.of(OfferHandoff).change(occurred_at=forgery.of(AcceptHandoff).act.occurred_at + 1)
    assert failed(forgery, "P7") == {at(forgery, AcceptHandoff)}


def test_a_permission_entered_later_than_the_policy_allows_fails_the_handoff(forgery):
    departed = forgery.of(OfferHandoff)
    departed.change(occurred_at=departed.entry.time - 72 * HOUR - 1)
    assert at(forgery, OfferHandoff) in failed(forgery, "P7")


def test_a_second_offer_while_the_first_is_open_fails_the_handoff(forgery):
    offer = forgery.of(OfferHandoff)
    forgery.copy(offer, after=offer).change(deadline=offer.act.deadline + 1)
    assert failed(forgery, "P7") == {at(forgery, OfferHandoff, 1)}


def test_a_receiver_without_part_fails_the_handoff(forgery):
    forgery.of(ApplyForLicense).change(parties=(Party(organization=2, role=3),))
    registered = next(d for d in forgery.drafts if d.act.RECORD.name == "ORGANIZATION" and d.act.roles == 1 << 4)
    registered.change(roles=1 << 5)
    assert at(forgery, AcceptHandoff) in failed(forgery, "P7")


def test_an_offer_while_the_shipment_is_held_fails_the_handoff(forgery):
    offer = forgery.of(OfferHandoff, 1)
    order(forgery, HoldShipment, "inspector", offer.act.record, offer, reason=1)
    assert at(forgery, OfferHandoff, 1) in failed(forgery, "P7")


# P8


def test_a_permission_on_an_irregular_shipment_fails_what_was_reported(forgery):
    accept = forgery.of(AcceptHandoff)
    departed = forgery.of(DepartShipment)
    report = order(forgery, ReportMovement, "forwarder clerk", accept.act.record, departed, **movement(forgery, to=6))
    report.change(organization=3, occurred_at=departed.entry.time - 80 * HOUR)
    assert at(forgery, DepartShipment) in failed(forgery, "P8")


def test_another_seal_than_the_one_given_is_questioned(forgery):
    forgery.of(AcceptHandoff).change(seal=salt_of("another seal"))
    assert found_in(forgery.report(), "questioned") == {"P8": {at(forgery, AcceptHandoff)}}


def test_a_broken_seal_is_questioned(forgery):
    forgery.of(AcceptHandoff).change(seal_state=2)
    assert found_in(forgery.report(), "questioned") == {"P8": {at(forgery, AcceptHandoff)}}


def test_a_reservation_is_questioned(forgery):
    forgery.of(AcceptHandoff, 1).change(reservation=True)
    assert found_in(forgery.report(), "questioned") == {"P8": {at(forgery, AcceptHandoff, 1)}}


def test_a_count_beyond_tolerance_is_questioned(forgery):
    forgery.of(AcceptHandoff, 1).change(counted=(4,))
    forgery.of(ConfirmDelivery).change(counted=(4,))
    assert found_in(forgery.report(), "questioned") == {"P8": {at(forgery, AcceptHandoff, 1)}}


def test_a_delivery_told_later_than_the_policy_allows_is_questioned_with_its_bit(forgery):
    delivered = forgery.of(ConfirmDelivery)
    delivered.entry = dataclasses.replace(delivered.entry, time=delivered.entry.time + 4 * DAY)
    delivered.change(deadline=delivered.entry.time)
    texts = [f.text for f in forgery.report().checks[7].findings if f.verdict == "questioned"]
    assert texts == ["The report breaks a rule: late."]


def test_a_seal_in_a_state_that_no_contract_takes_is_not_checkable(forgery):
    forgery.of(AcceptHandoff).change(seal_state=9)
    assert forgery.report().checks[7].verdict == "not checkable"
