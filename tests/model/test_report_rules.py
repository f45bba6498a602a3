"""The model on reports: the other side's word, bits, what is lost, transfers, returns and their credit."""

import pytest

from ledger.acts.licensing import CreditReturn
from ledger.acts.manifests import Draw, RecordTransfer
from ledger.acts.orders import OrderHandoff, Regularize
from ledger.acts.reports import ConfirmReport, ReportLoss, ReportMovement
from ledger.audit.codes import Broken, Grade, ShipmentStatus
from ledger.ids import ZERO32
from tests.model.office import delivered, drawn, shipment_of, trade

BACK = (Draw(line=0, quantity=100), Draw(line=1, quantity=50))


def test_the_other_side_raises_a_report_to_a():
    made = trade()
    shipment = made.departed(10)
    values = {"movement": 1, "to": made.carrier, "counted": (10,)}
    made.office.do("exporter", ReportMovement, made.exporter, shipment, **values)
    head = shipment_of(made, shipment).head
    made.office.do("carrier", ConfirmReport, made.carrier, shipment, report_head=head)
    found = shipment_of(made, shipment)
    assert (found.grade, found.holder, found.responsible) == (Grade.FULL, made.carrier, made.carrier)


def test_nobody_confirms_its_own_report():
    made = trade()
    shipment = made.departed(10)
    values = {"movement": 1, "to": made.end_user, "counted": (10,)}
    made.office.do("end-user", ReportMovement, made.end_user, shipment, **values)
    head = shipment_of(made, shipment).head
    answer = made.office.refusal("end-user", ConfirmReport, made.end_user, shipment, report_head=head)
    assert answer == ("NotTheReport", {"reportHead": head, "expected": ZERO32})


def test_a_report_on_an_ended_shipment_sets_bit_8_alone():
    made = trade()
    shipment = delivered(made, 10)
    before = shipment_of(made, shipment)
    values = {"movement": 1, "to": made.carrier, "counted": (0,)}
    made.office.do("exporter", ReportMovement, made.exporter, shipment, **values)
    after = shipment_of(made, shipment)
    assert after.irregular == before.irregular | Broken.TERMINAL
    assert (after.holder, after.lines, after.version) == (before.holder, before.lines, before.version + 1)


def test_two_officers_clear_irregular_bits():
    made = trade()
    shipment = made.departed(10)
    values = {"movement": 1, "to": made.customs, "counted": (10,)}
    made.office.do("end-user", ReportMovement, made.end_user, shipment, **values)
    assert shipment_of(made, shipment).irregular == Broken.UNILATERAL
    for who in ("office 1 officer 1", "office 1 officer 2"):
        assert shipment_of(made, shipment).irregular
        made.office.do(who, Regularize, 1, shipment, bits=Broken.UNILATERAL)
    assert shipment_of(made, shipment).irregular == 0


def test_what_is_lost_is_held_again_by_order():
    made = trade()
    shipment = made.departed(10)
    made.office.do("exporter", ReportLoss, made.exporter, shipment, lost=(10,))
    assert shipment_of(made, shipment).status == ShipmentStatus.LOST
    made.office.do("office 1 officer 1", OrderHandoff, 1, shipment, to=made.carrier)
    found = shipment_of(made, shipment)
    assert (found.status, found.lines[0].held, found.grade) == (ShipmentStatus.DEPARTED, 10, Grade.ORDERED)


def test_a_transfer_draws_whatever_the_rules_say():
    made = trade()
    values = {"license": made.license, "end_user": 0, "share": 0, "draws": (Draw(line=0, quantity=5000),)}
    outcome = made.office.send("exporter", made.office.act(RecordTransfer, made.exporter, **values))
    assert outcome.irregular == Broken.OVER_DRAW | Broken.RECEIVER
    assert drawn(made) == [5000, 0]
    assert shipment_of(made, outcome.record).holder == made.exporter


def test_a_report_on_an_ended_shipment_is_not_refused_for_its_counts():
    made = trade()
    shipment = delivered(made, 10)
    values = {"movement": 1, "to": made.carrier, "counted": (99, 1)}
    assert made.office.refusal("exporter", ReportMovement, made.exporter, shipment, **values) is None


def test_a_reported_return_credits_nobody_until_two_officers_do():
    made = trade(kind=4)
    shipment = made.departed(100, 50)
    made.hand(shipment, "exporter", "carrier", 100, 50)
    values = {"movement": 1, "to": made.exporter, "counted": (100, 50)}
    made.office.do("carrier", ReportMovement, made.carrier, shipment, **values)
    assert (shipment_of(made, shipment).status, drawn(made)) == (ShipmentStatus.RETURNED, [100, 50])
    for who in ("office 1 officer 1", "office 1 officer 2"):
        made.office.do(who, CreditReturn, 1, made.license, shipment=shipment, share=0, returned=BACK)
    assert drawn(made) == [0, 0]


FALSE_CREDITS = {
    "a line missing": (BACK[:1], ("CountsMismatch", {"given": 1, "expected": 2})),
    "too much": ((BACK[0], Draw(line=1, quantity=51)), ("ReturnMismatch", {"line": 1, "named": 51, "returned": 50})),
    "another line": ((BACK[0], Draw(line=0, quantity=50)), ("ReturnMismatch", {"line": 1, "named": 0, "returned": 50})),
}


@pytest.mark.parametrize("what", FALSE_CREDITS)
def test_a_credit_says_what_came_back(what):
    made = trade(kind=4)
    shipment = made.departed(100, 50)
    made.hand(shipment, "exporter", "carrier", 100, 50)
    values = {"movement": 1, "to": made.exporter, "counted": (100, 50)}
    made.office.do("carrier", ReportMovement, made.carrier, shipment, **values)
    named, (name, told) = FALSE_CREDITS[what]
    values = {"shipment": shipment, "share": 0, "returned": named}
    answer = made.office.refusal("office 1 officer 1", CreditReturn, 1, made.license, **values)
    assert answer == (name, told | ({"shipment": shipment} if name == "ReturnMismatch" else {}))
