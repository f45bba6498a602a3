"""The model on licenses and shipments: draws, splits, superseding, continuation, returns, reports."""

import pytest

from ledger.acts.custody import AcceptHandoff, ClearShipment, DepartShipment, OfferHandoff
from ledger.acts.licensing import IssueLicense, SupersedeLicense, SurrenderLicense
from ledger.acts.manifests import (
    Adjustment,
    AdjustShipment,
    CancelShipment,
    Draw,
    RecordTransfer,
    RegisterShipment,
    SplitShipment,
)
from ledger.acts.orders import HoldShipment, SuspendLicense
from ledger.acts.organizations import AdoptPolicy
from ledger.audit.codes import LicenseStatus, ShipmentStatus
from ledger.audit.manifests import part_id
from ledger.audit.state import Certificate, License
from ledger.ids import ZERO32
from tests.model.office import (
    DAY,
    TERMS,
    account,
    apply,
    commitment,
    delivered,
    drawn,
    issue,
    issuing,
    lines,
    shipment_of,
    trade,
)


def register(made, *quantities, license=None, share=0):
    draws = tuple(Draw(line=line, quantity=quantity) for line, quantity in enumerate(quantities))
    values = {"license": license or made.license, "end_user": made.end_user, "share": share, "waybill": ZERO32}
    return made.office.refusal("exporter", RegisterShipment, made.exporter, draws=draws, **values)


def test_one_last_draw_may_pass_what_is_granted_within_the_tolerance():
    made = trade()
    assert register(made, 1100) is None


def test_no_draw_passes_the_tolerance():
    made = trade()
    values = {"record": made.license, "line": 0, "requested": 1101, "remaining": 1100}
    assert register(made, 1101) == ("QuantityExceeded", values)


def test_a_full_line_takes_nothing_more():
    made = trade()
    made.register(1000)
    values = {"license": made.license, "line": 0, "granted": 1000, "drawn": 1000}
    assert register(made, 1) == ("LineFull", values)


def test_the_last_box_may_still_be_weighed():
    made = trade()
    made.register(300)
    last = made.register(700)
    heavier = (Adjustment(line=0, quantity=99),)
    values = {"share": 0, "adjustments": heavier}
    assert made.office.refusal("exporter", AdjustShipment, made.exporter, last, **values) is None
    assert drawn(made) == [1099, 0]


def test_the_last_box_is_weighed_within_the_tolerance():
    made = trade()
    made.register(300)
    last = made.register(700)
    values = {"share": 0, "adjustments": (Adjustment(line=0, quantity=101),)}
    answer = made.office.refusal("exporter", AdjustShipment, made.exporter, last, **values)
    assert answer == ("QuantityExceeded", {"record": made.license, "line": 0, "requested": 801, "remaining": 800})


def test_a_refused_adjustment_leaves_the_draw_as_it_was():
    made = trade()
    last = made.register(1000)
    values = {"share": 0, "adjustments": (Adjustment(line=0, quantity=101),)}
    assert made.office.refusal("exporter", AdjustShipment, made.exporter, last, **values)[0] == "QuantityExceeded"
    assert drawn(made) == [1000, 0]


def test_value_is_bounded_beside_quantity():
    made = trade()
    values = {"license": made.license, "requested": 1_100_000_001, "remaining": 1_100_000_000}
    assert register(made, 1, share=1_100_000_001) == ("ValueExceeded", values)


def test_a_cancelled_shipment_gives_its_draw_back():
    made = trade()
    shipment = made.register(400, 20, share=7)
    made.office.do("exporter", CancelShipment, made.exporter, shipment)
    assert (drawn(made), made.office.the(License, made.license).shares) == ([0, 0], 0)


def test_the_share_of_what_is_missing_is_not_given_back():
    made = trade()
    shipment = made.register(400, 20, share=7)
    made.hand(shipment, "exporter", "carrier", 399, 20)
    made.hand(shipment, "carrier", "exporter", 399, 20)
    made.office.do("exporter", CancelShipment, made.exporter, shipment)
    assert (drawn(made), made.office.the(License, made.license).shares) == ([1, 0], 7)


SPLIT = {"shares": (3, 4), "quantities": (100, 20, 300, 0)}


def split(made, shipment, **changed):
    return made.office.refusal("exporter", SplitShipment, made.exporter, shipment, **(SPLIT | changed))


def test_a_split_conserves_quantity_and_share():
    made = trade()
    parent = made.register(400, 20, share=7)
    act = made.office.act(SplitShipment, made.exporter, parent, **SPLIT)
    outcome = made.office.send("exporter", act)
    parts = [shipment_of(made, part_id(made.office.state, act, index)) for index in (0, 1)]
    assert [[line.registered for line in part.lines] for part in parts] == [[100, 20], [300, 0]]
    assert [(part.share, part.version, part.status) for part in parts] == [(3, 1, 1), (4, 1, 1)]
    left = shipment_of(made, parent)
    assert (left.status, left.share, [line.registered for line in left.lines]) == (ShipmentStatus.SPLIT, 0, [0, 0])
    assert (outcome.notes, drawn(made)) == ((), [400, 20])


@pytest.mark.parametrize(
    ("changed", "answer"),
    [
        ({"quantities": (100, 20, 299, 0)}, ("SplitMismatch", {"line": 0, "given": 399, "held": 400})),
        ({"quantities": (400, 20, 0, 0)}, ("OutOfRange", None)),
        ({"quantities": (400, 20)}, ("CountsMismatch", {"given": 2, "expected": 4})),
        ({"shares": (3, 5)}, ("OutOfRange", {"field": "shares", "value": 8, "minimum": 7, "maximum": 7})),
        ({"shares": (7,)}, ("OutOfRange", {"field": "parts", "value": 1, "minimum": 2, "maximum": 16})),
    ],
)
def test_a_split_that_does_not_add_up_is_refused(changed, answer):
    made = trade()
    name, values = split(made, made.register(400, 20, share=7), **changed)
    assert (name, values if answer[1] else None) == answer


def test_a_held_shipment_is_not_split():
    made = trade()
    shipment = made.register(400, 20, share=7)
    made.office.do("customs", HoldShipment, made.customs, shipment, reason=1)
    assert split(made, shipment)[0] == "ShipmentStopped"


def successor(made, *granted):
    application = apply(made, continues=made.license, lines=lines(made.certificate, granted))
    return issuing(made, application, license=made.license)


def test_a_successor_takes_the_balance_over():
    made = trade()
    made.register(400, 20)
    certified = made.office.the(Certificate, made.certificate).lines
    license = made.office.do("office 1 officer 2", SupersedeLicense, 1, **successor(made, 600, 480))
    old = made.office.the(License, made.license)
    assert (old.status, [line.granted for line in old.lines]) == (LicenseStatus.SUPERSEDED, [400, 20])
    assert (drawn(made, license), drawn(made)) == ([0, 0], [400, 20])
    assert made.office.the(Certificate, made.certificate).lines == certified


def test_a_successor_takes_no_more_than_the_balance():
    made = trade()
    made.register(400, 20)
    answer = made.office.refusal("office 1 officer 2", SupersedeLicense, 1, **successor(made, 601, 480))
    assert answer == ("BalanceExceeded", {"license": made.license, "line": 0, "requested": 601, "balance": 600})


def test_a_successor_is_not_issued_as_a_license_of_its_own():
    made = trade()
    values = successor(made, 10, 10)
    application = values["application"]
    values.pop("license")
    answer = made.office.refusal("office 1 officer 2", IssueLicense, 1, **values)
    assert answer == ("WrongContinuation", {"application": application, "continues": made.license})


def test_a_superseded_license_ships_no_more():
    made = trade()
    made.office.do("office 1 officer 2", SupersedeLicense, 1, **successor(made, 10, 10))
    assert register(made, 1)[0] == "WrongStatus"


def adopt_retransfer(made):
    values = {"kind": 5, "replaces": 0, "terms": TERMS, "control_list": commitment("list")}
    made.office.do("office 1 admin 1", AdoptPolicy, 1, **values)


def continuation(made, shipment, *granted):
    return apply(made, kind=5, continues=shipment, lines=lines(ZERO32, granted))


def test_continuations_take_no_more_than_was_delivered():
    made = trade()
    adopt_retransfer(made)
    shipment = delivered(made, 100, 50)
    issue(made, continuation(made, shipment, 60, 0))
    application = continuation(made, shipment, 41, 0)
    answer = made.office.refusal("office 1 officer 2", IssueLicense, 1, **issuing(made, application))
    assert answer == ("ContinuationExceeded", {"shipment": shipment, "line": 0, "requested": 41, "remaining": 40})


def test_a_surrendered_continuation_gives_back_what_it_did_not_draw():
    made = trade()
    adopt_retransfer(made)
    shipment = delivered(made, 100, 50)
    license = issue(made, continuation(made, shipment, 60, 50))
    assert register(made, 10, license=license) is None
    made.office.do("exporter", SurrenderLicense, made.exporter, license)
    assert [line.continued for line in shipment_of(made, shipment).lines] == [10, 0]


def test_a_continuation_starts_where_the_goods_are():
    made = trade()
    adopt_retransfer(made)
    license = issue(made, continuation(made, delivered(made, 100, 50), 60, 50))
    made.license = license
    assert shipment_of(made, made.register(10)).holder == made.end_user


def test_a_temporary_license_bounds_what_is_outstanding():
    made = trade(kind=4)
    shipment = made.departed(1000)
    assert register(made, 1)[0] == "LineFull"
    made.hand(shipment, "exporter", "carrier", 1000)
    made.hand(shipment, "carrier", "exporter", 1000)
    assert (drawn(made), shipment_of(made, shipment).status) == ([0, 0], ShipmentStatus.RETURNED)
    assert register(made, 1000) is None


def test_what_continues_temporary_goods_stays_drawn():
    made = trade(kind=4)
    adopt_retransfer(made)
    shipment = delivered(made, 100, 50)
    issue(made, continuation(made, shipment, 60, 0))
    assert drawn(made) == [100, 50]


def test_a_continuation_is_cancelled_where_it_started():
    made = trade()
    adopt_retransfer(made)
    made.license = issue(made, continuation(made, delivered(made, 100, 50), 60, 50))
    shipment = made.register(10)
    assert made.office.refusal("exporter", CancelShipment, made.exporter, shipment) is None


def test_an_adjustment_voids_the_clearance():
    made = trade()
    shipment = made.register(100)
    made.office.do("customs", ClearShipment, made.customs, shipment)
    values = {"share": 0, "adjustments": (Adjustment(line=0, quantity=-1),)}
    made.office.do("exporter", AdjustShipment, made.exporter, shipment, **values)
    found = shipment_of(made, shipment)
    assert (found.status, found.cleared_at) == (ShipmentStatus.REGISTERED, 0)


def test_what_falls_is_not_judged_by_a_full_line():
    made = trade()
    shipment = made.register(400)
    values = {"license": made.license, "end_user": 0, "share": 0, "draws": (Draw(line=0, quantity=5000),)}
    made.office.do("exporter", RecordTransfer, made.exporter, **values)
    less = {"share": 0, "adjustments": (Adjustment(line=0, quantity=-1),)}
    more = {"share": 0, "adjustments": (Adjustment(line=0, quantity=1),)}
    assert made.office.refusal("exporter", AdjustShipment, made.exporter, shipment, **more)[0] == "LineFull"
    assert made.office.refusal("exporter", AdjustShipment, made.exporter, shipment, **less) is None


def test_an_overdue_offer_goes_to_a_refuge_only():
    made = trade(kind=4)
    shipment = made.departed(100)
    made.office.time += 91 * DAY
    offer = {"to": made.carrier, "seal": commitment("seal")}
    assert made.office.refusal("exporter", OfferHandoff, made.exporter, shipment, **offer)[0] == "ReturnOverdue"
    assert made.office.refusal("exporter", OfferHandoff, made.exporter, shipment, **offer | {"to": 1}) is None


def test_a_departure_is_judged_by_the_stop_at_its_time():
    made = trade()
    shipment = made.register(10)
    made.office.do("office 1 officer 1", SuspendLicense, 1, made.license, reason=1)
    stopped = made.office.the(License, made.license).stopped_until
    answer = made.office.refusal("exporter", DepartShipment, made.exporter, shipment, occurred_at=made.office.time)
    moment = made.office.time - 1
    values = {"license": made.license, "stoppedUntil": stopped, "moment": moment}
    assert answer == ("LicenseStopped", values)
    made.office.time = stopped
    assert made.office.refusal("exporter", DepartShipment, made.exporter, shipment) is None


def test_a_count_beyond_what_is_held_is_refused():
    made = trade()
    shipment = made.departed(100)
    offer = {"to": made.carrier, "seal": commitment("seal")}
    made.office.do("exporter", OfferHandoff, made.exporter, shipment, **offer)
    values = {"seal": commitment("seal"), "seal_state": 1, "reservation": False, "counted": (106,)}
    answer = made.office.refusal("carrier", AcceptHandoff, made.carrier, shipment, **values)
    assert answer == ("CountExceedsHeld", {"line": 0, "counted": 106, "maximum": 105})


def test_the_assessor_does_not_issue():
    made = trade()
    application = apply(made)
    answer = made.office.refusal("office 1 officer 1", IssueLicense, 1, **issuing(made, application))
    number = made.office.state.agent_of(account("office 1 officer 1"), 1).number
    assert answer == ("FourEyes", {"agent": number, "record": application})


def test_licenses_take_no_more_than_is_certified():
    made = trade()
    application = apply(made, lines=lines(made.certificate, (4001, 1)))
    answer = made.office.refusal("office 1 officer 2", IssueLicense, 1, **issuing(made, application))
    assert answer == ("CertificateExceeded", {"certificate": 1, "line": 0, "requested": 4001, "remaining": 4000})
