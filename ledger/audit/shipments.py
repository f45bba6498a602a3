"""Kinds 83 to 89: clearance, departure, handoffs (RULES.md, section 5)."""

from ledger.acts.act import Act
from ledger.acts.custody import (
    AcceptHandoff,
    ClearShipment,
    DepartShipment,
    InvalidateClearance,
    OfferHandoff,
    RefuseHandoff,
    WithdrawOffer,
)
from ledger.audit.authority import require_unsuspended
from ledger.audit.case import Case, Row
from ledger.audit.codes import Grade, LicenseKind, Power, ShipmentStatus, bits
from ledger.audit.custody import (
    LIVE,
    UNSHIPPED,
    by_holder_or_responsible,
    by_inspector,
    check_backing,
    check_certificates,
    check_fact,
    check_regular,
    check_shipment_unstopped,
    check_unstopped,
    end_offer,
    is_overdue,
    lapse_of,
    license_of,
    require_receiver,
)
from ledger.audit.draws import move, require_in_force
from ledger.audit.licenses import returned
from ledger.audit.parcels import bring_back, check_counts, count, differs
from ledger.audit.refusals import require, require_between, require_commitment
from ledger.audit.state import Shipment

BY_EXPORTER, BY_HOLDER, BY_INSPECTOR = range(3)


def by_exporter_holder_or_inspector(case: Case[DepartShipment]) -> int:
    """85: the exporter relation is tried first, then holder, then inspector."""
    shipment, named = case.the(Shipment), case.act.organization
    if named == shipment.exporter:
        return BY_EXPORTER
    if named == shipment.holder:
        return BY_HOLDER
    by_inspector(case)
    return BY_INSPECTOR


def by_offered_to(case: Case[Act]) -> int:
    """88, 89: the organization that the offer names."""
    shipment, named = case.the(Shipment), case.act.organization
    require(shipment.offered_to != 0, "NoOffer", shipment.record)
    require(named == shipment.offered_to, "NotOfferedTo", named, shipment.offered_to)
    return 0


def check_clear(case: Case[ClearShipment]) -> None:
    """83: document; fact; regular; not stopped; license in force; certificates in force."""
    moment = case.act.occurred_at
    require_commitment("document", case.act.document)
    check_fact(case, moment)
    check_regular(case)
    check_unstopped(case, moment)
    require_in_force(license_of(case), moment)
    check_certificates(case, moment)


def clear(case: Case[ClearShipment]) -> None:
    """83."""
    case.draft(Shipment).cleared_at = case.act.occurred_at


def void_clearance(case: Case[InvalidateClearance]) -> None:
    """84."""
    case.draft(Shipment).cleared_at = 0


def check_depart(case: Case[DepartShipment]) -> None:
    """85: fact; regular; not stopped; license in force; cleared by then; certificate grade; certificate signers."""
    moment, shipment = case.act.occurred_at, case.the(Shipment)
    check_fact(case, moment)
    check_regular(case)
    check_unstopped(case, moment)
    require_in_force(license_of(case), moment)
    if case.state.policy(license_of(case).policy).terms.clearance_required:
        cleared = 0 < shipment.cleared_at <= moment
        require(cleared, "ClearanceMissing", shipment.record, shipment.cleared_at, moment)
    check_backing(case)


def depart(case: Case[DepartShipment]) -> None:
    """85: graded A when the inspector or a holder other than the exporter signs; an inspector answers for nothing."""
    shipment = case.draft(Shipment)
    shipment.departure_grade = Grade.ONE_SIDED if case.relation == BY_EXPORTER else Grade.FULL
    shipment.last_fact = case.act.occurred_at
    if case.relation != BY_INSPECTOR:
        shipment.responsible = case.behind


def check_offer(case: Case[OfferHandoff]) -> None:
    """86: fact; regular; no open offer; the receiver; unless it is a refuge: suspension, stops, return."""
    act, shipment, license = case.act, case.the(Shipment), license_of(case)
    check_fact(case, act.occurred_at)
    check_regular(case)
    is_open = shipment.offered_to != 0 and act.occurred_at <= lapse_of(case)
    require(not is_open, "OfferOpen", shipment.record, shipment.offered_to)
    require_receiver(case, act.to)
    if case.state.is_refuge(act.to, shipment.exporter):
        return
    require_unsuspended(case)
    check_unstopped(case, act.occurred_at)
    overdue = is_overdue(license, act.occurred_at)
    require(not overdue, "ReturnOverdue", license.record, license.return_by, act.occurred_at)


def offer(case: Case[OfferHandoff]) -> None:
    """86."""
    shipment = case.draft(Shipment)
    shipment.offered_to, shipment.offered_at = case.act.to, case.act.occurred_at
    shipment.offered_by_holder = case.behind == shipment.holder


def check_withdraw(case: Case[WithdrawOffer]) -> None:
    """87: an offer."""
    require(case.the(Shipment).offered_to != 0, "NoOffer", case.act.record)


def drop_offer(case: Case[WithdrawOffer] | Case[RefuseHandoff]) -> None:
    """87, 89."""
    end_offer(case.draft(Shipment))


def check_accept(case: Case[AcceptHandoff]) -> None:
    """88: fact; regular; not lapsed; shipment not stopped, unless toward a refuge; seal state; counts."""
    act, shipment = case.act, case.the(Shipment)
    check_fact(case, act.occurred_at)
    check_regular(case)
    lapse = lapse_of(case)
    require(act.occurred_at <= lapse, "OfferLapsed", shipment.record, lapse, act.occurred_at)
    if not case.state.is_refuge(act.organization, shipment.exporter):
        check_shipment_unstopped(shipment, act.occurred_at)
    require_between("sealState", act.seal_state, 0, 3)
    check_counts(shipment.lines, act.counted, count_tolerance(case))


def count_tolerance(case: Case[Act]) -> int:
    """Basis points, of the policy that the license pins."""
    return case.state.policy(license_of(case).policy).terms.count_tolerance


def accept(case: Case[AcceptHandoff]) -> int | None:
    """88: holder and responsible are the receiver; A if the holder itself offered; home again after departure."""
    act, shipment = case.act, case.draft(Shipment)
    shipment.discrepancy |= differs(shipment.lines, act.counted, count_tolerance(case))
    shipment.lines = count(shipment.lines, act.counted)
    shipment.holder = shipment.responsible = act.organization
    shipment.grade = Grade.FULL if shipment.offered_by_holder else Grade.ONE_SIDED
    shipment.last_fact, shipment.reported = act.occurred_at, False
    end_offer(shipment)
    if shipment.status != ShipmentStatus.DEPARTED or act.organization != shipment.exporter:
        return None
    _come_home(case, shipment)
    return ShipmentStatus.RETURNED


def _come_home(case: Case[AcceptHandoff], shipment: Shipment) -> None:
    """Held becomes returned; under a temporary license a return graded A takes the draw back."""
    shipment.lines = bring_back(shipment.lines)
    if license_of(case).kind == LicenseKind.TEMPORARY and shipment.grade == Grade.FULL:
        move(case, shipment.license, returned(shipment, shipment.share))
        shipment.credited = True


ROWS = (
    Row(
        act=ClearShipment,
        record=Shipment,
        powers=(Power.INSPECT,),
        allowed=bits(ShipmentStatus.REGISTERED),
        to=ShipmentStatus.CLEARED,
        relation=by_inspector,
        checks=check_clear,
        effects=clear,
    ),
    Row(
        act=InvalidateClearance,
        record=Shipment,
        powers=(Power.INSPECT,),
        allowed=bits(ShipmentStatus.CLEARED),
        to=ShipmentStatus.REGISTERED,
        relation=by_inspector,
        effects=void_clearance,
    ),
    Row(
        act=DepartShipment,
        record=Shipment,
        powers=(Power.SHIP, Power.CUSTODY, Power.INSPECT),
        keyless=Power.RECORD,
        allowed=UNSHIPPED,
        to=ShipmentStatus.DEPARTED,
        relation=by_exporter_holder_or_inspector,
        checks=check_depart,
        effects=depart,
    ),
    Row(
        act=OfferHandoff,
        record=Shipment,
        powers=(Power.CUSTODY,),
        allowed=LIVE,
        relation=by_holder_or_responsible,
        when_suspended=True,
        checks=check_offer,
        effects=offer,
    ),
    Row(
        act=WithdrawOffer,
        record=Shipment,
        powers=(Power.CUSTODY,),
        allowed=LIVE,
        relation=by_holder_or_responsible,
        when_suspended=True,
        checks=check_withdraw,
        effects=drop_offer,
    ),
    Row(
        act=AcceptHandoff,
        record=Shipment,
        powers=(Power.CUSTODY,),
        allowed=LIVE,
        relation=by_offered_to,
        checks=check_accept,
        effects=accept,
    ),
    Row(
        act=RefuseHandoff,
        record=Shipment,
        powers=(Power.CUSTODY,),
        allowed=LIVE,
        relation=by_offered_to,
        when_suspended=True,
        effects=drop_offer,
    ),
)
