"""Adjusting and cancelling what a shipment draws: who may, within which bounds, and what comes back."""

import dataclasses

import pytest

from ledger.acts.certificates import RevokeCertificate
from ledger.acts.licensing import IssueLicense
from ledger.acts.manifests import Adjustment, AdjustShipment, CancelShipment, RecordTransfer
from ledger.acts.orders import SuspendLicense
from ledger.journal.entries import LicenseDelta, LineDelta, license_delta
from tests.contracts.examples import HOUR, LINE
from tests.scenario import DOCUMENT, TERMS

SHARE = 10_000_000
"""What every shipment of the stage draws of its license's value."""
LEFT = 18
"""Of the first line of the stage's license: 50 granted, 8 shipments of 4."""
MOST = 2**80 - 1


def changes(*quantities):
    """Adjustments of the lines with a change other than 0."""
    return tuple(Adjustment(line=line, quantity=quantity) for line, quantity in enumerate(quantities) if quantity)


def adjust(stage, shipment, *quantities, person="clerk", organization=2, **changed):
    values = {"record": shipment, "share": 0, "document": DOCUMENT, "adjustments": changes(*quantities)}
    return stage.trade.refusal(AdjustShipment, person, organization, **(values | changed))


def adjusted(stage, shipment, *quantities, share=0):
    values = {"record": shipment, "share": share, "document": DOCUMENT, "adjustments": changes(*quantities)}
    return stage.trade.act(AdjustShipment, "clerk", 2, **values)


def cancelled(stage, shipment):
    return stage.trade.act(CancelShipment, "clerk", 2, record=shipment)


def shipment_of(stage, record):
    return stage.trade.view("Shipments", "shipmentOf", record).shipment


def held(stage, record):
    return [line.held for line in stage.trade.view("Shipments", "shipmentOf", record).held]


def drawn(stage, license):
    """What is drawn on the first line, and the shares."""
    number = stage.trade.view("Licenses", "numberOf", license)
    line = stage.trade.view("Licenses", "lineOf", number, 0)
    return line.drawn, stage.trade.view("Licenses", "licenseOf", number).shares


def under(stage, *granted, **terms):
    """A license under a policy with other terms."""
    stage.trade.adopt(dataclasses.replace(TERMS, **({"clearance_required": False} | terms)))
    return stage.trade.license(*granted)


# Who, and when


def test_only_the_exporter_adjusts(stage):
    answer = adjust(stage, stage.registered, -1, person="forwarder clerk", organization=3)
    assert answer == ("WrongOrganization", {"organization": 3, "required": 2})


def test_the_exporter_adjusts_while_another_holds_the_goods(stage):
    trade = stage.trade
    trade.offer(stage.registered, "clerk", 2, 3)
    trade.accept_goods(stage.registered, "forwarder clerk", 3, 4)
    assert adjust(stage, stage.registered, -1) is None


def test_an_adjustment_without_document_is_refused(stage):
    answer = adjust(stage, stage.registered, -1, document=bytes(32))
    assert answer == ("CommitmentMissing", {"field": "document"})


def test_an_irregular_shipment_is_not_adjusted(stage):
    assert adjust(stage, stage.irregular, -1) == ("Irregular", {"shipment": stage.irregular, "bits": 1 << 7})


def test_an_adjustment_voids_the_clearance(stage):
    """Customs cleared other quantities: the shipment is registered again and asks for a new clearance."""
    adjusted(stage, stage.cleared, -1)
    found = shipment_of(stage, stage.cleared)
    assert (found.status, found.clearedAt) == (1, 0)


# The shape of an adjustment


SHAPES = {
    "a line twice": (((0, 1), (0, 1)), ("LinesNotAscending", {"line": 0, "previous": 0})),
    "lines in disorder": (((1, 1), (0, 1)), ("LinesNotAscending", {"line": 0, "previous": 1})),
    "an unknown line": (((2, 1),), ("OutOfRange", {"field": "line", "value": 2, "minimum": 0, "maximum": 1})),
    "a change of 0": (((0, 0),), ("OutOfRange", {"field": "quantity", "value": 0, "minimum": 1, "maximum": MOST})),
}


@pytest.mark.parametrize("fault", SHAPES)
def test_a_faulty_adjustment_is_refused(stage, fault):
    pairs, answer = SHAPES[fault]
    shipment = stage.trade.ship(stage.license, 1, 1)
    adjustments = tuple(Adjustment(line=line, quantity=quantity) for line, quantity in pairs)
    assert adjust(stage, shipment, adjustments=adjustments) == answer


# Less


@pytest.mark.parametrize("less", [4, 5])
def test_no_more_than_is_held_is_taken_off(stage, less):
    values = {"record": stage.registered, "line": 0, "requested": 5, "remaining": 4}
    assert adjust(stage, stage.registered, -less) == (None if less == 4 else ("QuantityExceeded", values))


@pytest.mark.parametrize("share", [-SHARE, -SHARE - 1])
def test_the_share_does_not_fall_below_nothing(stage, share):
    answer = adjust(stage, stage.registered, -1, share=share)
    assert (answer and answer[:1]) == (None if share == -SHARE else ("OutOfRange",))


def test_i1_a_reduction_gives_back_quantity_and_share_and_notes_the_license(stage):
    quantity, shares = drawn(stage, stage.license)
    entry = adjusted(stage, stage.registered, -3, share=-7)
    assert (drawn(stage, stage.license), held(stage, stage.registered)) == ((quantity - 3, shares - 7), [1])
    (note,) = entry.touched
    assert (note.record, license_delta(note.delta)) == (
        stage.license,
        LicenseDelta(stage.registered, -7, (LineDelta(0, -3),)),
    )


@pytest.mark.parametrize("more", [1, -1])
def test_a_suspended_license_lets_less_be_shipped_and_not_more(stage, more):
    stage.trade.act(SuspendLicense, "enforcer", 1, record=stage.license, reason=1)
    answer = adjust(stage, stage.registered, more)
    assert (answer and answer[0]) == ("LicenseStopped" if more > 0 else None)


@pytest.mark.parametrize("more", [1, -1])
def test_a_held_shipment_becomes_less_and_not_more(stage, more):
    answer = adjust(stage, stage.held, more)
    assert (answer and answer[0]) == ("ShipmentStopped" if more > 0 else None)


@pytest.mark.parametrize("more", [1, -1])
def test_a_revoked_certificate_lets_less_be_shipped_and_not_more(stage, more):
    stage.trade.act(RevokeCertificate, "official", 6, record=stage.certificate, reason=1)
    answer = adjust(stage, stage.registered, more)
    assert (answer and answer[0]) == ("CertificateNotInForce" if more > 0 else None)


@pytest.mark.parametrize("more", [1, -1])
def test_on_a_line_that_a_transfer_overdrew_less_is_shipped_and_not_more(stage, more):
    trade = stage.trade
    values = {"license": stage.license, "end_user": 6, "share": 0, "document": DOCUMENT, "occurred_at": trade.time}
    act, person = stage.build(RecordTransfer, **values)
    draws = (dataclasses.replace(act.draws[0], quantity=LEFT + 9),)
    trade.act(RecordTransfer, person, 2, draws=draws, **values)
    answer = adjust(stage, stage.registered, more)
    assert (answer and answer[0]) == ("LineFull" if more > 0 else None)


# More


@pytest.mark.parametrize("more", [LEFT, LEFT + 1])
def test_i1_more_is_drawn_within_what_is_left(stage, more):
    """The 4 that it holds count as drawn anew."""
    answer = adjust(stage, stage.registered, more)
    values = {"record": stage.license, "line": 0, "requested": more + 4, "remaining": LEFT + 4}
    assert answer == (None if more == LEFT else ("QuantityExceeded", values))


@pytest.mark.parametrize("more", [5, 6])
def test_i1_the_last_box_is_weighed_within_the_tolerance_although_its_line_is_full(stage, more):
    license = under(stage, 1_000, quantity_tolerance=50)
    stage.trade.ship(license, 400)
    last = stage.trade.ship(license, 600)
    answer = adjust(stage, last, more)
    values = {"record": license, "line": 0, "requested": 606, "remaining": 605}
    assert answer == (None if more == 5 else ("QuantityExceeded", values))


def test_i1_a_line_that_others_have_filled_is_full_for_an_adjustment_too(stage):
    license = under(stage, 1_000, quantity_tolerance=50)
    first = stage.trade.ship(license, 2)
    last = stage.trade.ship(license, 998)
    adjusted(stage, last, 5)
    values = {"license": license, "line": 0, "granted": 1_000, "drawn": 1_003}
    assert adjust(stage, first, 1) == ("LineFull", values)


@pytest.mark.parametrize("over", [0, 1])
def test_i1_the_share_rises_within_the_value_and_its_tolerance(stage, over):
    _, shares = drawn(stage, stage.license)
    room = 1_100_000_000 - shares
    answer = adjust(stage, stage.registered, -1, share=room + over)
    values = {"license": stage.license, "requested": SHARE + room + 1, "remaining": SHARE + room}
    assert answer == (("ValueExceeded", values) if over else None)


def test_a_share_beyond_its_width_is_refused(stage):
    answer = adjust(stage, stage.registered, -1, share=2**32 - SHARE)
    assert (answer[0], answer[1]["maximum"]) == ("OutOfRange", 2**32 - 1)


def test_an_expired_license_is_not_drawn_on_by_an_adjustment(stage):
    trade = stage.trade
    trade.assess(application := trade.apply(10, certificate=trade.certificate(10)))
    shipment = trade.ship(trade.issue(application, valid_until=trade.time + HOUR), 4)
    trade.advance(HOUR)
    assert [adjust(stage, shipment, 1)[0], adjust(stage, shipment, -1)] == ["LicenseExpired", None]


@pytest.mark.parametrize("share", [1, 0])
def test_a_share_that_rises_asks_for_the_license_as_quantity_does(stage, share):
    stage.trade.act(SuspendLicense, "enforcer", 1, record=stage.license, reason=1)
    answer = adjust(stage, stage.registered, -1, share=share)
    assert (answer and answer[0]) == ("LicenseStopped" if share else None)


# Cancelling


def test_i1_a_cancellation_gives_back_what_is_held_and_the_share(stage):
    quantity, shares = drawn(stage, stage.license)
    entry = cancelled(stage, stage.registered)
    found = shipment_of(stage, stage.registered)
    assert (found.status, found.share, held(stage, stage.registered)) == (5, 0, [0])
    assert drawn(stage, stage.license) == (quantity - 4, shares - SHARE)
    assert license_delta(entry.touched[0].delta) == LicenseDelta(stage.registered, -SHARE, (LineDelta(0, -4),))


def test_goods_that_another_holds_are_not_cancelled(stage):
    trade = stage.trade
    trade.offer(stage.registered, "clerk", 2, 3)
    trade.accept_goods(stage.registered, "forwarder clerk", 3, 4)
    answer = trade.refusal(CancelShipment, "clerk", 2, record=stage.registered)
    assert answer == ("NotTheHolder", {"organization": 2, "holder": 3})


def test_i9_what_a_count_left_unaccounted_stays_drawn_and_keeps_the_share(stage):
    trade = stage.trade
    trade.offer(stage.registered, "clerk", 2, 3)
    trade.accept_goods(stage.registered, "forwarder clerk", 3, 3)
    trade.offer(stage.registered, "forwarder clerk", 3, 2)
    trade.accept_goods(stage.registered, "clerk", 2, 3)
    quantity, shares = drawn(stage, stage.license)
    cancelled(stage, stage.registered)
    registered = trade.view("Shipments", "registeredOf", stage.registered, 0)
    assert (drawn(stage, stage.license), shipment_of(stage, stage.registered).share) == ((quantity - 3, shares), SHARE)
    assert registered == 1


def test_i1_what_an_adjustment_took_off_does_not_come_back_twice(stage):
    quantity, shares = drawn(stage, stage.license)
    adjusted(stage, stage.registered, -3, share=-7)
    cancelled(stage, stage.registered)
    assert drawn(stage, stage.license) == (quantity - 4, shares - SHARE)


def test_under_a_license_that_has_expired_a_shipment_is_still_cancelled(stage):
    trade = stage.trade
    trade.assess(application := trade.apply(10, certificate=trade.certificate(10)))
    shipment = trade.ship(trade.issue(application, valid_until=trade.time + HOUR), 4)
    trade.advance(2 * HOUR)
    assert trade.refusal(CancelShipment, "clerk", 2, record=shipment) is None


# Certificates at the second


@pytest.mark.parametrize("early", [0, 1])
def test_i2_a_license_is_issued_from_the_very_second_its_certificate_begins(stage, early):
    trade = stage.trade
    begins = trade.time + HOUR
    paper = trade.paper_certificate(9, valid_from=begins)
    lines = (dataclasses.replace(LINE, granted=9, certificate=paper),)
    trade.assess(application := trade.apply(9, lines=lines))
    trade.time = begins - early
    act, person = stage.build(IssueLicense)
    named = {"application": application, "assessed_head": trade.heads[application], "policy": trade.policy}
    window = {"valid_from": trade.time, "valid_until": trade.time + 9, "return_by": 0, "document": act.document}
    answer = trade.refusal(IssueLicense, person, 1, **named, **window)
    assert (answer and answer[0]) == ("CertificateNotInForce" if early else None)
