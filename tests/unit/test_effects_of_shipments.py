"""Do the effects on shipments say exactly what the contracts say: adjustments, orders, parts, transfers, losses?"""

from dataclasses import replace

import pytest

from ledger.acts.certificates import CosignCertificate
from ledger.acts.custody import InvalidateClearance
from ledger.acts.manifests import Adjustment, AdjustShipment, CancelShipment, Draw, RecordTransfer, SplitShipment
from ledger.acts.orders import (
    OrderHandoff,
    RecallShipment,
    Regularize,
    ReleaseSeizure,
    ResumeShipment,
    SeizeShipment,
    SuspendLicense,
)
from ledger.acts.reports import AttachSerials, ReportDiscrepancy, ReportLoss
from ledger.ids import ZERO32
from ledger.records.codes import CustodyGrade, Irregular, ShipmentStatus
from ledger.records.states import REGULAR, Shipment
from tests.scenario import DAY, DOCUMENT, EXPORTER, TERMS, salt_of
from tests.unit.contract_views import same_as_contracts


def test_a_shipment_is_adjusted_both_ways_and_cancelled(trade):
    license = trade.license(10, 5)
    shipment = trade.ship(license, 4, 5, share=9)
    adjust(trade, shipment, (0, 3), (1, -2), share=-4)
    trade.act(CancelShipment, "clerk", trade.exporter, record=shipment)
    book = same_as_contracts(trade)
    before = book.states(shipment)[-2]
    assert [(line.held, line.registered) for line in before.lines] == [(7, 7), (3, 3)]
    assert (before.share, book.get(shipment).share, book.get(license).shares) == (5, 0, 0)


def test_what_is_missing_stays_drawn_when_a_shipment_is_cancelled(trade):
    license = trade.license(10)
    shipment = trade.ship(license, 4, share=9)
    hand_over(trade, shipment, 4)
    trade.offer(shipment, "forwarder clerk", trade.forwarder, trade.exporter)
    trade.accept_goods(shipment, "clerk", trade.exporter, 3)
    trade.act(CancelShipment, "clerk", trade.exporter, record=shipment)
    book = same_as_contracts(trade)
    assert (book.get(license).lines[0].drawn, book.get(license).shares, book.get(shipment).share) == (1, 9, 9)


def test_a_clearance_is_taken_back(trade):
    shipment = trade.ship(trade.license(10), 4)
    trade.clear(shipment)
    trade.act(InvalidateClearance, "customs officer", trade.customs, record=shipment, reason=1)
    found = same_as_contracts(trade).get(shipment)
    assert (found.status, found.cleared_at) == (ShipmentStatus.REGISTERED, 0)


def test_seized_goods_are_released_to_whom_the_seizer_names_and_who_confirms(trade):
    shipment = under_way(trade, 4)
    values = {"record": shipment, "document": DOCUMENT}
    trade.act(SeizeShipment, "customs officer", trade.customs, reason=1, **values)
    trade.act(ReleaseSeizure, "customs officer", trade.customs, to=trade.carrier, **values)
    confirm(trade, shipment, "driver", trade.carrier)
    found = same_as_contracts(trade).states(shipment)
    assert [state.grade for state in found[-3:]] == [CustodyGrade.O, CustodyGrade.O, CustodyGrade.A]


def test_a_release_voids_the_clearance_of_what_has_not_departed(trade):
    shipment = trade.ship(trade.license(10), 4)
    trade.clear(shipment)
    values = {"record": shipment, "document": DOCUMENT}
    trade.act(SeizeShipment, "inspector", trade.authority, reason=1, **values)
    trade.act(ReleaseSeizure, "inspector", trade.authority, to=trade.exporter, **values)
    assert same_as_contracts(trade).get(shipment).cleared_at == 0


def test_a_recalled_shipment_stays_stopped_when_the_last_hold_ends(trade):
    shipment = under_way(trade, 4)
    trade.hold(shipment)
    trade.act(RecallShipment, "enforcer", trade.authority, record=shipment, reason=1)
    trade.act(ResumeShipment, "customs officer", trade.customs, record=shipment, hold_of=trade.customs)
    found = same_as_contracts(trade).get(shipment)
    assert (found.recalled, found.stopped_until, found.holds) == (True, 2**40 - 1, ())


def test_an_ordered_handoff_ends_an_offer(trade):
    shipment = under_way(trade, 4)
    trade.offer(shipment, "forwarder clerk", trade.forwarder, trade.end_user)
    order(trade, shipment, trade.customs)
    found = same_as_contracts(trade).get(shipment)
    assert (found.holder, found.responsible, found.offered_to, found.reported) == (trade.customs, 1, 0, True)


def test_lost_goods_are_found_by_an_order(trade):
    shipment = under_way(trade, 4)
    lose(trade, shipment, 1)
    lose(trade, shipment, 3)
    order(trade, shipment, trade.carrier)
    states = same_as_contracts(trade).states(shipment)
    assert [state.status.name for state in states[-3:]] == ["DEPARTED", "LOST", "DEPARTED"]
    assert (states[-1].lines[0].held, states[-1].lines[0].lost) == (4, 0)


def test_a_loss_takes_what_is_unaccounted_for_first(trade):
    shipment = trade.ship(trade.license(10), 10)
    hand_over(trade, shipment, 8)
    lose(trade, shipment, 3)
    line = same_as_contracts(trade).get(shipment).lines[0]
    assert (line.held, line.unaccounted, line.lost, line.registered) == (7, 0, 3, 10)


def test_two_officers_regularize_the_bits_that_both_name(trade):
    shipment = trade.ship(trade.license(10), 10)
    trade.report_movement(shipment, "clerk", trade.exporter, 10, movement=2)
    trade.report_movement(shipment, "clerk", trade.exporter, 10, to=trade.record_party("a shop", EXPORTER))
    values = {"record": shipment, "document": DOCUMENT}
    trade.act(Regularize, "enforcer", trade.authority, bits=Irregular.CLEARANCE, **values)
    trade.act(Regularize, "second enforcer", trade.authority, bits=Irregular.CLEARANCE, **values)
    assert same_as_contracts(trade).get(shipment).irregular == Irregular.RECEIVER


def test_notes_count_serials_and_flag_a_discrepancy(trade):
    shipment = trade.ship(trade.license(10), 4)
    serials = tuple(salt_of(number) for number in range(3))
    trade.act(AttachSerials, "clerk", trade.exporter, record=shipment, line=0, serials=serials)
    trade.act(ReportDiscrepancy, "clerk", trade.exporter, record=shipment, subject=ZERO32, document=DOCUMENT)
    found = same_as_contracts(trade).get(shipment)
    assert (found.lines[0].serials, found.discrepancy, found.notes, found.version) == (3, True, 2, 1)


def test_a_split_makes_parts_that_go_on_by_themselves(trade):
    shipment = trade.ship(trade.license(10, 6), 10, 6, share=100)
    trade.clear(shipment)
    trade.offer(shipment, "clerk", trade.exporter, trade.forwarder)
    trade.accept_goods(shipment, "forwarder clerk", trade.forwarder, 9, 6)
    split(trade, shipment, (60, 40), (5, 6, 4, 0))
    book = same_as_contracts(trade)
    first, second = [one for one in book.records() if isinstance(one, Shipment) and one.parent == shipment]
    assert [line.held for line in first.lines + second.lines] == [5, 6, 4, 0]
    assert [line.registered for line in book.get(shipment).lines] == [1, 0]
    trade.depart(first.record, "forwarder clerk", trade.forwarder)
    assert same_as_contracts(trade).get(first.record).status == ShipmentStatus.DEPARTED


def test_whoever_answered_for_a_shipment_answers_for_its_parts_and_what_is_left(trade):
    shipment = trade.ship(trade.license(10), 10)
    trade.report_movement(shipment, "clerk", trade.exporter, 10, to=trade.forwarder)
    split(trade, shipment, (0, 0), (6, 4))
    book = same_as_contracts(trade)
    assert {one.responsible for one in book.records() if isinstance(one, Shipment)} == {trade.exporter}


def test_a_transfer_of_technology_draws_and_departs_at_once(trade):
    license = trade.license(10)
    shipment = transfer(trade, license, 4, end_user=trade.end_user)
    confirm(trade, shipment, "storekeeper", trade.end_user)
    book = same_as_contracts(trade)
    found = book.get(shipment)
    assert (found.irregular, found.holder, found.grade) == (REGULAR, trade.end_user, CustodyGrade.A)
    assert (found.intangible, book.get(license).lines[0].drawn) == (True, 4)


def test_a_transfer_beyond_every_rule_is_drawn_with_its_bits(trade):
    license = trade.license(10)
    trade.advance(400 * DAY)
    shipment = transfer(trade, license, 11, occurred_at=trade.time - 4 * DAY)
    assert same_as_contracts(trade).get(shipment).irregular == (
        Irregular.NOT_IN_FORCE | Irregular.LATE | Irregular.CERTIFICATE | Irregular.RECEIVER | Irregular.OVER_DRAW
    )


@pytest.mark.parametrize("to", ["carrier", "customs"])
def test_goods_that_should_be_back_go_only_to_a_refuge_by_the_rules(trade, to):
    shipment = trade.ship(temporary(trade), 4)
    trade.advance(31 * DAY)
    trade.report_movement(shipment, "clerk", trade.exporter, 4, to=getattr(trade, to))
    expected = REGULAR if to == "customs" else Irregular.RETURN_OVERDUE
    assert same_as_contracts(trade).get(shipment).irregular == expected


def test_a_delivery_after_the_return_date_breaks_a_rule(trade):
    shipment = trade.ship(temporary(trade), 4)
    trade.advance(31 * DAY)
    trade.report_delivery(shipment, "clerk", trade.exporter, 4)
    bits = Irregular.RETURN_OVERDUE | Irregular.NOT_DEPARTED
    assert same_as_contracts(trade).get(shipment).irregular == bits


@pytest.mark.parametrize("cosigned", [False, True])
def test_a_departure_asks_who_signed_the_certificate(trade, cosigned):
    trade.adopt(replace(TERMS, certificate_signers=EXPORTER, clearance_required=False))
    shipment = trade.ship(trade.license(10), 4)
    if cosigned:
        certificate = next(entry.record for entry in trade.entries[trade.told :] if entry.kind == 40)
        trade.act(CosignCertificate, "clerk", trade.exporter, record=certificate, role=3, document=DOCUMENT)
    trade.report_movement(shipment, "clerk", trade.exporter, 4, movement=2)
    assert same_as_contracts(trade).get(shipment).irregular == (REGULAR if cosigned else Irregular.CERTIFICATE)


def test_a_transfer_to_customs_while_the_license_is_suspended_breaks_no_stop(trade):
    license = trade.license(10)
    trade.act(SuspendLicense, "enforcer", trade.authority, record=license, reason=1)
    shipment = transfer(trade, license, 4, end_user=trade.customs)
    assert same_as_contracts(trade).get(shipment).irregular == Irregular.RECEIVER | Irregular.CERTIFICATE


def test_what_nobody_known_received_stays_with_its_exporter(trade):
    shipment = transfer(trade, trade.license(10), 4)
    found = same_as_contracts(trade).get(shipment)
    assert (found.status, found.holder, found.reported) == (ShipmentStatus.DEPARTED, trade.exporter, False)


def test_a_reported_return_gives_nothing_back_by_itself(trade):
    license = temporary(trade)
    shipment = trade.ship(license, 4)
    trade.report_movement(shipment, "clerk", trade.exporter, 4, movement=2)
    trade.report_movement(shipment, "clerk", trade.exporter, 4, to=trade.carrier)
    trade.report_movement(shipment, "driver", trade.carrier, 4, to=trade.exporter)
    confirm(trade, shipment, "clerk", trade.exporter)
    book = same_as_contracts(trade)
    assert (book.get(shipment).status, book.get(license).lines[0].drawn) == (ShipmentStatus.RETURNED, 4)


def temporary(trade):
    trade.adopt(TERMS, kind=4)
    application = trade.apply(10, certificate=trade.certificate(10), kind=4)
    trade.assess(application)
    return trade.issue(application, return_by=trade.time + 30 * DAY)


def adjust(trade, shipment, *changes, share):
    adjustments = tuple(Adjustment(line=line, quantity=quantity) for line, quantity in changes)
    values = {"share": share, "document": salt_of("manifest"), "adjustments": adjustments}
    trade.act(AdjustShipment, "clerk", trade.exporter, record=shipment, **values)


def hand_over(trade, shipment, counted):
    trade.offer(shipment, "clerk", trade.exporter, trade.forwarder)
    trade.accept_goods(shipment, "forwarder clerk", trade.forwarder, counted)


def under_way(trade, quantity):
    shipment = trade.ship(trade.license(10), quantity)
    trade.clear(shipment)
    hand_over(trade, shipment, quantity)
    trade.depart(shipment, "forwarder clerk", trade.forwarder)
    return shipment


def order(trade, shipment, to):
    trade.act(OrderHandoff, "enforcer", trade.authority, record=shipment, to=to, document=DOCUMENT)


def confirm(trade, shipment, person, organization):
    trade.confirm_report(shipment, person, organization, trade.entries[-1])


def lose(trade, shipment, quantity):
    values = {"document": salt_of(quantity), "lost": (quantity,)}
    trade.act(ReportLoss, "forwarder clerk", trade.forwarder, record=shipment, **values)


def split(trade, shipment, shares, quantities):
    values = {"document": DOCUMENT, "shares": shares, "quantities": quantities}
    trade.act(SplitShipment, "forwarder clerk", trade.forwarder, record=shipment, **values)


def transfer(trade, license, quantity, **fields):
    values = {
        "occurred_at": trade.time,
        "license": license,
        "end_user": 0,
        "share": 0,
        "document": DOCUMENT,
        "draws": (Draw(line=0, quantity=quantity),),
    }
    return trade.act(RecordTransfer, "clerk", trade.exporter, **(values | fields)).record
