"""What is said about a shipment without moving it: discrepancies, losses, serials."""

import pytest

from ledger.acts.orders import OrderHandoff
from ledger.acts.reports import AttachSerials, ReportDiscrepancy, ReportLoss
from ledger.ids import ZERO32
from tests.scenario import DOCUMENT, salt_of

LOST = 8
LARGEST = 2**256 - 1


def discrepancy(stage, person="clerk", organization=2, **changed):
    values = {"record": stage.departed, "subject": ZERO32, "document": DOCUMENT}
    return stage.trade.refusal(ReportDiscrepancy, person, organization, **(values | changed))


def loss(stage, shipment, *lost, person="clerk", organization=2, **changed):
    values = {"record": shipment, "lost": lost, "document": DOCUMENT}
    return stage.trade.refusal(ReportLoss, person, organization, **(values | changed))


def lost(stage, shipment, *quantities, person="clerk", organization=2):
    values = {"record": shipment, "lost": quantities, "document": DOCUMENT}
    return stage.trade.act(ReportLoss, person, organization, **values)


def serials(stage, person="clerk", organization=2, **changed):
    values = {"record": stage.departed, "line": 0, "serials": (salt_of("serial"),)}
    return stage.trade.refusal(AttachSerials, person, organization, **(values | changed))


def found(stage, record):
    return stage.trade.view("Shipments", "shipmentOf", record)


def goods(stage, record, line=0):
    """Held, unaccounted and lost of a line, and what it draws."""
    here = found(stage, record).held[line]
    gone = stage.trade.view("Shipments", "goneOf", record, line)
    return here.held, here.unaccounted, gone.lost, stage.trade.view("Shipments", "registeredOf", record, line)


# Discrepancies


@pytest.mark.parametrize(("person", "organization"), [("clerk", 2), ("storekeeper", 6), ("recorder", 1)])
def test_an_involved_organization_reports_a_discrepancy(stage, person, organization):
    assert discrepancy(stage, person, organization) is None


@pytest.mark.parametrize(("person", "organization"), [("stranger", 7), ("customs officer", 5)])
def test_a_stranger_reports_no_discrepancy(stage, person, organization):
    answer = discrepancy(stage, person, organization)
    assert answer == ("NotAParty", {"organization": organization, "record": stage.departed})


def test_a_discrepancy_brings_its_document(stage):
    assert discrepancy(stage, document=ZERO32) == ("CommitmentMissing", {"field": "document"})


def test_a_discrepancy_is_flagged_and_moves_neither_head_nor_last_fact(stage):
    trade = stage.trade
    before, head = found(stage, stage.departed), trade.head(stage.departed, ReportDiscrepancy)
    entry = trade.act(ReportDiscrepancy, "clerk", 2, record=stage.departed, subject=ZERO32, document=DOCUMENT)
    after = found(stage, stage.departed)
    before.shipment.flags |= 1
    assert (after, entry.record_head, entry.version) == (before, head, before.shipment.version)


def test_a_discrepancy_is_no_irregularity(stage):
    trade = stage.trade
    trade.act(ReportDiscrepancy, "clerk", 2, record=stage.departed, subject=ZERO32, document=DOCUMENT)
    assert found(stage, stage.departed).shipment.irregular == 0


@pytest.mark.parametrize("name", ["delivered", "cancelled", "returned", "seized"])
def test_a_discrepancy_is_reported_after_the_end_too(stage, name):
    answer = discrepancy(stage, record=getattr(stage, name))
    assert answer is None


# Losses


@pytest.mark.parametrize(
    ("who", "answer"),
    [
        (("forwarder clerk", 3), None),
        (("clerk", 2), None),
        (("recorder", 1), None),
        (("storekeeper", 6), ("NotTheHolder", {"organization": 6, "holder": 3})),
        (("customs officer", 5), ("NotTheHolder", {"organization": 5, "holder": 3})),
    ],
    ids=["holder", "responsible", "authority", "end-user", "customs"],
)
def test_holder_responsible_and_authority_report_a_loss(stage, who, answer):
    person, organization = who
    assert loss(stage, stage.reported, 1, person=person, organization=organization) == answer


def test_the_authority_needs_record_for_a_loss_that_it_does_not_answer_for(stage):
    answer = loss(stage, stage.departed, 1, person="inspector", organization=1)
    assert (answer[0], answer[1]["required"]) == ("PowerMissing", 1 << 2)


def test_a_loss_brings_its_document(stage):
    assert loss(stage, stage.departed, 1, document=ZERO32) == ("CommitmentMissing", {"field": "document"})


@pytest.mark.parametrize("numbers", [(), (1, 1)])
def test_a_loss_names_every_line_once(stage, numbers):
    answer = loss(stage, stage.departed, *numbers)
    assert answer == ("CountsMismatch", {"given": len(numbers), "expected": 1})


def test_no_more_is_lost_than_is_held_or_unaccounted(stage):
    trade = stage.trade
    trade.accept_goods(stage.offered, "forwarder clerk", 3, 3)
    who = {"person": "forwarder clerk", "organization": 3}
    assert loss(stage, stage.offered, 4, **who) is None
    values = {"line": 0, "counted": 5, "maximum": 4}
    assert loss(stage, stage.offered, 5, **who) == ("CountExceedsHeld", values)


def test_a_loss_of_nothing_is_refused(stage):
    answer = loss(stage, stage.departed, 0)
    assert (answer[0], answer[1]["field"], answer[1]["minimum"]) == ("OutOfRange", "lost", 1)


@pytest.mark.parametrize("name", ["delivered", "cancelled", "returned", "seized"])
def test_i4_of_an_ended_shipment_nothing_is_lost(stage, name):
    shipment = getattr(stage, name)
    who = {"person": "recorder", "organization": 1}
    answer = loss(stage, shipment, 1, **who)
    assert (answer[0], answer[1]["allowed"]) == ("WrongStatus", 14)


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [(1, (3, 0, 1, 4)), (2, (2, 0, 2, 4)), (4, (0, 0, 4, 4))],
)
def test_i9_a_loss_takes_from_what_is_unaccounted_first_and_draws_the_same(stage, quantity, expected):
    trade = stage.trade
    trade.accept_goods(stage.offered, "forwarder clerk", 3, 3)
    lost(stage, stage.offered, quantity, person="forwarder clerk", organization=3)
    assert goods(stage, stage.offered) == expected


@pytest.mark.parametrize(("second", "status"), [(1, 3), (2, LOST)])
def test_a_shipment_is_lost_when_nothing_is_left_held(stage, second, status):
    trade = stage.trade
    shipment = trade.ship(stage.license, 3, 2)
    trade.clear(shipment)
    trade.depart(shipment)
    lost(stage, shipment, 3, second)
    assert found(stage, shipment).shipment.status == status


def test_a_loss_moves_neither_head_nor_last_fact_though_the_shipment_is_lost(stage):
    trade = stage.trade
    before, head = found(stage, stage.departed).shipment, trade.head(stage.departed, ReportLoss)
    entry = lost(stage, stage.departed, 4)
    after = found(stage, stage.departed).shipment
    before.status = LOST
    assert (after, entry.record_head, entry.version) == (before, head, before.version)


def test_what_is_left_of_a_partial_loss_travels_on(stage):
    trade = stage.trade
    lost(stage, stage.departed, 1)
    trade.offer(stage.departed, "clerk", 2, 6)
    trade.accept_goods(stage.departed, "storekeeper", 6, 3)
    trade.confirm_delivery(stage.departed, 3)
    (line,) = found(stage, stage.departed).held
    assert (line.delivered, goods(stage, stage.departed)) == (3, (0, 0, 1, 4))


def test_what_was_lost_twice_is_found_at_once(stage):
    trade = stage.trade
    lost(stage, stage.departed, 1)
    lost(stage, stage.departed, 3)
    trade.act(OrderHandoff, "enforcer", 1, record=stage.departed, to=3, document=DOCUMENT)
    assert goods(stage, stage.departed) == (4, 0, 0, 4)


# Serials


@pytest.mark.parametrize(
    ("who", "answer"),
    [
        (("clerk", 2), None),
        (("forwarder clerk", 3), None),
        (("storekeeper", 6), "NotAParty"),
        (("inspector", 1), "NotAParty"),
    ],
)
def test_exporter_holder_and_responsible_attach_serials(stage, who, answer):
    said = serials(stage, *who, record=stage.reported)
    assert said == (answer and (answer, {"organization": who[1], "record": stage.reported}))


@pytest.mark.parametrize(("count", "taken"), [(0, False), (256, True), (257, False)])
def test_one_to_256_serials_are_attached(stage, count, taken):
    answer = serials(stage, serials=tuple(salt_of(number) for number in range(count)))
    bounds = {"field": "serials", "value": count, "minimum": 1, "maximum": 256}
    assert answer == (None if taken else ("OutOfRange", bounds))


def test_serials_are_of_a_line_that_the_shipment_has(stage):
    answer = serials(stage, line=1)
    assert answer == ("OutOfRange", {"field": "line", "value": 1, "minimum": 0, "maximum": 0})


@pytest.mark.parametrize("name", ["delivered", "cancelled", "returned", "seized"])
def test_serials_are_attached_after_the_end_too(stage, name):
    assert serials(stage, record=getattr(stage, name)) is None


def test_serials_move_nothing(stage):
    trade = stage.trade
    before, notes = found(stage, stage.departed), trade.view("Shipments", "notesOf", stage.departed)
    trade.act(AttachSerials, "clerk", 2, record=stage.departed, line=0, serials=(salt_of("serial"),))
    assert (found(stage, stage.departed), trade.view("Shipments", "notesOf", stage.departed)) == (before, notes + 1)


def test_a_carrier_that_handed_the_goods_on_attaches_nothing(stage):
    trade = stage.trade
    trade.accept_goods(stage.offered, "forwarder clerk", 3, 4)
    trade.offer(stage.offered, "forwarder clerk", 3, 4)
    trade.accept_goods(stage.offered, "driver", 4, 4)
    answer = serials(stage, "forwarder clerk", 3, record=stage.offered)
    assert answer == ("NotAParty", {"organization": 3, "record": stage.offered})
