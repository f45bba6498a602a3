"""Orders on shipments: seizing, releasing, recalling, ordering into other hands, clearing bits; any head will do."""

import pytest

from ledger.acts.custody import DepartShipment, OfferHandoff
from ledger.acts.orders import (
    OrderHandoff,
    RecallShipment,
    Regularize,
    ReleaseSeizure,
    ResumeShipment,
    SeizeShipment,
    SuspendLicense,
)
from ledger.acts.reports import ConfirmReport, ReportLoss
from ledger.ids import ZERO32
from tests.contracts.examples import HOUR, UNILATERAL
from tests.scenario import ADMIN, CUSTOMS, DOCUMENT, INSPECT, salt_of

FOREVER = 2**40 - 1
ORDERED, FULL = 2, 3
REGISTERED, DEPARTED, LOST, SEIZED = 1, 3, 8, 9
PAPER = {"document": DOCUMENT}


def shipment_of(stage, record):
    return stage.trade.view("Shipments", "shipmentOf", record).shipment


def seize(stage, shipment, person="customs officer", organization=5):
    return stage.trade.act(SeizeShipment, person, organization, record=shipment, reason=1, **PAPER)


def release(stage, shipment, to, person="customs officer", organization=5, **changed):
    return stage.trade.refusal(ReleaseSeizure, person, organization, record=shipment, to=to, **(PAPER | changed))


def order(stage, shipment, to, person="enforcer", organization=1, **changed):
    return stage.trade.refusal(OrderHandoff, person, organization, record=shipment, to=to, **(PAPER | changed))


def ordered(stage, shipment, to):
    return stage.trade.act(OrderHandoff, "enforcer", 1, record=shipment, to=to, **PAPER)


def recalled(stage, shipment):
    return stage.trade.act(RecallShipment, "enforcer", 1, record=shipment, reason=1)


def regularize(stage, person, bits=UNILATERAL, **changed):
    return stage.trade.act(Regularize, person, 1, record=stage.irregular, bits=bits, **(PAPER | changed))


def lost(stage, shipment, person="clerk", organization=2):
    return stage.trade.act(ReportLoss, person, organization, record=shipment, lost=(4,), **PAPER)


# Seizing


def test_i3_a_seizure_makes_the_seizer_holder_and_responsible_and_ends_an_offer(stage):
    seize(stage, stage.offered)
    found = shipment_of(stage, stage.offered)
    assert (found.status, found.holder, found.responsible, found.grade, found.offeredTo) == (SEIZED, 5, 5, ORDERED, 0)


def test_i9_what_is_seized_stays_held(stage):
    seize(stage, stage.departed)
    (line,) = stage.trade.view("Shipments", "shipmentOf", stage.departed).held
    assert (line.held, line.delivered, line.unaccounted) == (4, 0, 0)


@pytest.mark.parametrize(("person", "organization"), [("forwarder clerk", 3), ("clerk", 2)])
def test_only_an_inspector_seizes(stage, person, organization):
    values = {"record": stage.departed, "reason": 1} | PAPER
    answer = stage.trade.refusal(SeizeShipment, person, organization, **values)
    assert answer == ("OutsideJurisdiction", {"organization": organization, "record": stage.departed})


def test_a_seizure_brings_its_document(stage):
    values = {"record": stage.departed, "reason": 1, "document": ZERO32}
    answer = stage.trade.refusal(SeizeShipment, "customs officer", 5, **values)
    assert answer == ("CommitmentMissing", {"field": "document"})


@pytest.mark.parametrize("act", [OfferHandoff, DepartShipment])
def test_i4_seized_goods_get_no_permission(stage, act):
    values = {"record": stage.seized, "occurred_at": stage.trade.time}
    values |= {"to": 2, "seal": ZERO32} if act is OfferHandoff else PAPER
    answer = stage.trade.refusal(act, "customs officer", 5, **values)
    assert (answer[0], answer[1]["status"]) == ("WrongStatus", SEIZED)


# Releasing


@pytest.mark.parametrize(
    ("name", "status"), [("departed", DEPARTED), ("cleared", REGISTERED), ("registered", REGISTERED)]
)
def test_a_release_lets_the_goods_go_on_and_voids_the_clearance_of_what_had_not_departed(stage, name, status):
    trade, shipment = stage.trade, getattr(stage, name)
    cleared = shipment_of(stage, shipment).clearedAt
    seize(stage, shipment)
    trade.act(ReleaseSeizure, "customs officer", 5, record=shipment, to=3, **PAPER)
    found = shipment_of(stage, shipment)
    assert (found.status, found.holder, found.responsible, found.grade) == (status, 3, 5, ORDERED)
    assert found.clearedAt == (cleared if status == DEPARTED else 0)


def test_the_seizer_and_its_sponsor_release_and_nobody_else(stage):
    trade = stage.trade
    other = trade.register("post", CUSTOMS, {"guard": ADMIN | INSPECT})
    answers = [release(stage, stage.seized, 2, *who) for who in (("inspector", 1), ("guard", other))]
    assert answers == [None, ("OutsideJurisdiction", {"organization": other, "record": stage.seized})]


@pytest.mark.parametrize(
    ("to", "answer"),
    [
        (5, ("AlreadyHolder", {"organization": 5})),
        (99, "NotAReceiver"),
        (0, "NotAReceiver"),
        (7, None),
        (6, None),
        (1, None),
    ],
)
def test_seized_goods_are_released_to_a_receiver(stage, to, answer):
    said = release(stage, stage.seized, to)
    assert said == (answer if answer != "NotAReceiver" else (answer, {"organization": to, "shipment": stage.seized}))


def test_goods_are_not_released_to_a_suspended_organization(stage):
    answer = release(stage, stage.seized, stage.barred)
    assert answer == ("NotAReceiver", {"organization": stage.barred, "shipment": stage.seized})


def test_goods_that_nobody_seized_are_not_released(stage):
    answer = release(stage, stage.arrived, 2, "inspector", 1)
    assert answer == ("WrongStatus", {"record": stage.arrived, "status": DEPARTED, "allowed": 1 << SEIZED})


def test_i4_only_a_release_ends_a_seizure(stage):
    """An order of the authority has to go through who seized: customs or its sponsor."""
    answer = order(stage, stage.seized, 2)
    assert (answer[0], answer[1]["status"]) == ("WrongStatus", SEIZED)


# Recalling


def test_a_recall_stops_the_shipment_for_everyone_but_a_refuge(stage):
    trade = stage.trade
    recalled(stage, stage.departed)
    values = {"record": stage.departed, "occurred_at": trade.time, "seal": ZERO32}
    answers = [trade.refusal(OfferHandoff, "clerk", 2, to=to, **values) for to in (3, 6, 5, 1)]
    assert [answer and answer[0] for answer in answers] == ["ShipmentStopped", "ShipmentStopped", None, None]


def test_a_shipment_is_recalled_once(stage):
    recalled(stage, stage.departed)
    answer = stage.trade.refusal(RecallShipment, "second enforcer", 1, record=stage.departed, reason=2)
    assert answer == ("AlreadyRecalled", {"shipment": stage.departed})


def test_only_the_licenses_authority_recalls(stage):
    answer = stage.trade.refusal(RecallShipment, "customs officer", 5, record=stage.departed, reason=1)
    assert answer == ("OutsideJurisdiction", {"organization": 5, "record": stage.departed})


def test_a_recall_is_final_although_every_hold_is_lifted(stage):
    trade = stage.trade
    recalled(stage, stage.held)
    trade.act(ResumeShipment, "customs officer", 5, record=stage.held, hold_of=5)
    found = shipment_of(stage, stage.held)
    assert (found.holds, found.stoppedUntil) == (0, FOREVER)


# Ordering into other hands


def test_i3_an_order_names_the_holder_with_grade_o_and_ends_an_offer(stage):
    ordered(stage, stage.offered, 4)
    found = shipment_of(stage, stage.offered)
    assert (found.status, found.holder, found.responsible, found.grade, found.offeredTo) == (1, 4, 1, ORDERED, 0)


def test_an_order_keeps_the_clearance_of_what_is_under_way(stage):
    before = shipment_of(stage, stage.cleared).clearedAt
    ordered(stage, stage.cleared, 3)
    found = shipment_of(stage, stage.cleared)
    assert (found.status, found.clearedAt) == (2, before)


@pytest.mark.parametrize("stop", ["hold", "recall", "suspension"])
def test_an_order_moves_stopped_goods_to_any_receiver(stage, stop):
    trade = stage.trade
    if stop == "hold":
        trade.hold(stage.departed)
    elif stop == "recall":
        recalled(stage, stage.departed)
    else:
        trade.act(SuspendLicense, "enforcer", 1, record=stage.license, reason=1)
    assert order(stage, stage.departed, 7) is None


@pytest.mark.parametrize("to", [2, 99])
def test_an_order_names_a_receiver_that_is_not_the_holder(stage, to):
    values = {"organization": to} | ({} if to == 2 else {"shipment": stage.departed})
    assert order(stage, stage.departed, to) == ("AlreadyHolder" if to == 2 else "NotAReceiver", values)


def test_an_order_brings_its_document(stage):
    assert order(stage, stage.departed, 3, document=ZERO32) == ("CommitmentMissing", {"field": "document"})


def test_only_the_licenses_authority_orders(stage):
    answer = order(stage, stage.departed, 3, "customs officer", 5)
    assert answer == ("OutsideJurisdiction", {"organization": 5, "record": stage.departed})


@pytest.mark.parametrize(("name", "status"), [("departed", DEPARTED), ("cleared", REGISTERED)])
def test_an_order_finds_what_was_lost_and_it_goes_on(stage, name, status):
    shipment = getattr(stage, name)
    lost(stage, shipment)
    before = shipment_of(stage, shipment).status
    ordered(stage, shipment, 3)
    after = stage.trade.view("Shipments", "shipmentOf", shipment)
    assert (before, after.shipment.status, after.shipment.holder, after.held[0].held) == (LOST, status, 3, 4)
    assert (after.shipment.clearedAt == 0) == (status == REGISTERED)
    assert stage.trade.view("Shipments", "goneOf", shipment, 0).lost == 0


@pytest.mark.parametrize("act", [SeizeShipment, RecallShipment])
def test_i4_nothing_but_an_order_ends_a_loss(stage, act):
    lost(stage, stage.departed)
    person, organization = ("customs officer", 5) if act is SeizeShipment else ("enforcer", 1)
    values = {"reason": 1} | (PAPER if act is SeizeShipment else {})
    answer = stage.trade.refusal(act, person, organization, record=stage.departed, **values)
    assert (answer[0], answer[1]["status"]) == ("WrongStatus", LOST)


# Confirming an order


def test_whom_an_order_names_confirms_it_and_the_grade_rises_to_a(stage):
    entry = ordered(stage, stage.departed, 3)
    stage.trade.confirm_report(stage.departed, "forwarder clerk", 3, entry)
    found = shipment_of(stage, stage.departed)
    assert (found.grade, found.responsible) == (FULL, 3)


def test_whom_a_release_names_confirms_it(stage):
    entry = stage.trade.act(ReleaseSeizure, "customs officer", 5, record=stage.seized, to=4, **PAPER)
    stage.trade.confirm_report(stage.seized, "driver", 4, entry)
    assert shipment_of(stage, stage.seized).grade == FULL


@pytest.mark.parametrize("kind", ["order", "seizure"])
def test_who_takes_the_goods_by_its_own_order_confirms_nothing(stage, kind):
    entry = ordered(stage, stage.departed, 1) if kind == "order" else seize(stage, stage.departed)
    person, organization = ("inspector", 1) if kind == "order" else ("customs officer", 5)
    values = {"record": stage.departed, "report_head": entry.record_head}
    answer = stage.trade.refusal(ConfirmReport, person, organization, **values)
    assert answer == ("NotTheReport", {"reportHead": entry.record_head, "expected": ZERO32})


def test_an_order_ends_the_chance_to_confirm_an_earlier_report(stage):
    entry = ordered(stage, stage.reported, 4)
    values = {"record": stage.reported, "report_head": stage.report.record_head}
    answer = stage.trade.refusal(ConfirmReport, "driver", 4, **values)
    expected = {"reportHead": stage.report.record_head, "expected": entry.record_head}
    assert answer == ("NotTheReport", expected)


@pytest.mark.parametrize("kind", ["hold", "recall"])
def test_an_order_that_moves_nothing_leaves_a_report_to_be_confirmed(stage, kind):
    stage.trade.hold(stage.reported) if kind == "hold" else recalled(stage, stage.reported)
    values = {"record": stage.reported, "report_head": stage.report.record_head}
    assert stage.trade.refusal(ConfirmReport, "forwarder clerk", 3, **values) is None


# Regularizing


def test_bits_are_cleared_by_the_second_of_two_officers(stage):
    first = regularize(stage, "enforcer")
    proposed = shipment_of(stage, stage.irregular).irregular
    second = regularize(stage, "second enforcer")
    assert (proposed, shipment_of(stage, stage.irregular).irregular) == (UNILATERAL, 0)
    assert (second.version, second.record_head != first.record_head) == (first.version + 1, True)


def test_one_officer_does_not_second_itself(stage):
    regularize(stage, "enforcer", deadline=stage.trade.time + HOUR)
    values = {"record": stage.irregular, "bits": UNILATERAL} | PAPER
    answer = stage.trade.refusal(Regularize, "enforcer", 1, **values)
    number = stage.trade.agent_number("enforcer", 1)
    assert answer == ("FourEyes", {"agent": number, "record": stage.irregular})


def test_another_document_is_another_proposal(stage):
    regularize(stage, "enforcer")
    regularize(stage, "second enforcer", document=salt_of("another"))
    assert shipment_of(stage, stage.irregular).irregular == UNILATERAL


@pytest.mark.parametrize("bits", [0, 1, UNILATERAL | 1])
def test_only_bits_that_are_set_are_cleared(stage, bits):
    values = {"record": stage.irregular, "bits": bits} | PAPER
    answer = stage.trade.refusal(Regularize, "enforcer", 1, **values)
    bounds = {"field": "bits", "value": bits, "minimum": 1, "maximum": UNILATERAL}
    assert answer == ("OutOfRange", bounds)


def test_the_bits_that_are_not_named_stay(stage):
    trade = stage.trade
    trade.hold(stage.irregular)
    trade.report_movement(stage.irregular, "forwarder clerk", 3, 4, to=4)
    before = shipment_of(stage, stage.irregular).irregular
    for person in ("enforcer", "second enforcer"):
        regularize(stage, person)
    assert (before, shipment_of(stage, stage.irregular).irregular) == (UNILATERAL | 2, 2)


def test_a_regularized_shipment_goes_on(stage):
    trade = stage.trade
    values = {"record": stage.irregular, "occurred_at": trade.time, "to": 4, "seal": ZERO32}
    before = trade.refusal(OfferHandoff, "forwarder clerk", 3, **values)
    for person in ("enforcer", "second enforcer"):
        regularize(stage, person)
    assert (before[0], trade.refusal(OfferHandoff, "forwarder clerk", 3, **values)) == ("Irregular", None)


def test_only_the_licenses_authority_regularizes(stage):
    values = {"record": stage.irregular, "bits": UNILATERAL} | PAPER
    answer = stage.trade.refusal(Regularize, "customs officer", 5, **values)
    assert answer == ("OutsideJurisdiction", {"organization": 5, "record": stage.irregular})


def test_an_order_holds_on_a_head_that_moved_meanwhile(stage):
    """The officer signed what it saw; the carrier's handoff came first."""
    trade = stage.trade
    act = trade.build(RecallShipment, 1, record=stage.offered, reason=1)
    signature = trade.sign(act, "enforcer")
    trade.accept_goods(stage.offered, "forwarder clerk", 3, 4)
    trade.send(act, signature)
    assert shipment_of(stage, stage.offered).stoppedUntil == FOREVER
