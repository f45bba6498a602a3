"""P6: custody is unbroken from where the goods started to whoever holds them now, and each hop has its grade.

A hop is an accepted offer (A where the holder itself offered, else B), an authority's order (O) or a one-sided report
(B); the last two become A once the other side confirms, and both stay on record. A weak hop does not break the chain:
the weakest is named. A part goes back through the shipments that were split.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

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
from ledger.acts.manifests import AdjustShipment, CancelShipment, RecordTransfer, SplitShipment
from ledger.acts.orders import HoldShipment, OrderHandoff, RecallShipment, ReleaseSeizure, SeizeShipment
from ledger.acts.reports import ConfirmReport, ReportDelivery, ReportLoss, ReportMovement
from ledger.checks.findings import Finding, Step, fault, moment, noted, short
from ledger.checks.replay import Goods, Past
from ledger.checks.standing import standing_faults
from ledger.records.codes import CustodyGrade, ShipmentStatus, name_of
from ledger.records.states import Shipment

_UNSHIPPED = (ShipmentStatus.REGISTERED, ShipmentStatus.CLEARED)
_UNDER_WAY = (*_UNSHIPPED, ShipmentStatus.DEPARTED)
_ALLOWED: dict[type[Act], tuple[ShipmentStatus, ...]] = {
    AdjustShipment: _UNSHIPPED,
    CancelShipment: _UNSHIPPED,
    ClearShipment: (ShipmentStatus.REGISTERED,),
    InvalidateClearance: (ShipmentStatus.CLEARED,),
    DepartShipment: _UNSHIPPED,
    OfferHandoff: _UNDER_WAY,
    WithdrawOffer: _UNDER_WAY,
    AcceptHandoff: _UNDER_WAY,
    RefuseHandoff: _UNDER_WAY,
    HoldShipment: _UNDER_WAY,
    SeizeShipment: _UNDER_WAY,
    ReleaseSeizure: (ShipmentStatus.SEIZED,),
    RecallShipment: _UNDER_WAY,
    OrderHandoff: (*_UNDER_WAY, ShipmentStatus.LOST),
    SplitShipment: _UNDER_WAY,
    ReportLoss: _UNDER_WAY,
}
"""The statuses in which an act is allowed; any other in every one."""
_ORDERS = SeizeShipment | ReleaseSeizure | OrderHandoff


@dataclass(frozen=True, slots=True)
class Hop:
    """The goods go from one hand to the next."""

    giver: int
    """Who held the goods."""
    receiver: int
    grade: CustodyGrade
    taken: Step
    """The accept, the order or the report."""
    occurred_at: int
    offered: Step | None = None
    """None in an order or report, or where there was no offer."""
    confirmed: Step | None = None
    """The other side's confirmation of an order or report."""


def hops_of(past: Past, goods: Goods) -> list[Hop]:
    """Every change of holder, in order, from the acts."""
    hops: list[Hop] = []
    offered: Step | None = None
    for step in goods.steps:
        before = past.shipment_before(step)
        if isinstance(step.act, ConfirmReport) and hops:
            hops[-1] = replace(hops[-1], grade=CustodyGrade.A, confirmed=step)
        hop = _start(step) if before is None else _hop(before, step, offered)
        if hop is not None:
            hops.append(hop)
        if isinstance(step.act, OfferHandoff):
            offered = step
        elif hop is not None or isinstance(step.act, WithdrawOffer | RefuseHandoff | ReportMovement):
            offered = None
    return hops


def _start(step: Step) -> Hop | None:
    """Intangible goods are with their recipient at once."""
    act = step.act
    if not isinstance(act, RecordTransfer) or not act.end_user:
        return None
    return Hop(act.organization, act.end_user, CustodyGrade.B, step, act.occurred_at)


def _hop(before: Shipment, step: Step, offered: Step | None) -> Hop | None:
    if isinstance(step.act, _ORDERS):
        receiver = step.act.organization if isinstance(step.act, SeizeShipment) else step.act.to
        return Hop(before.holder, receiver, CustodyGrade.O, step, step.entry.time)
    if not before.status.live:
        return None
    match step.act:
        case AcceptHandoff() as act:
            grade = CustodyGrade.A if offered is not None and before.offered_by_holder else CustodyGrade.B
            return Hop(before.holder, act.organization, grade, step, act.occurred_at, offered)
        case ReportMovement() as act if act.movement == 1:
            return Hop(before.holder, act.to, CustodyGrade.B, step, act.occurred_at)
        case ReportDelivery() as act if before.holder != before.end_user:
            return Hop(before.holder, before.end_user, CustodyGrade.B, step, act.occurred_at)
    return None


def custody(past: Past, goods: Goods) -> Iterator[Finding]:
    """The chain of holders, and every act that breaks it."""
    for step in goods.steps:
        for text in _faults(past, goods, step):
            yield fault(f"{step.name}: {text}.", step)
    yield from _beginning(past, goods)
    for hop in hops_of(past, goods):
        yield from _hop_findings(past, hop)
    for whole, part in zip(goods.lineage, goods.lineage[1:], strict=False):
        yield noted(f"Shipment {short(whole.record)} was split; part {part.part} went on as {short(part.record)}.")
    status = name_of(goods.shipment.status)
    yield noted(f"The shipment is {status}; {goods.shipment.holder} holds it, {goods.shipment.responsible} answers.")


def _beginning(past: Past, goods: Goods) -> Iterator[Finding]:
    first = past.shipment_after(goods.registered)
    if first is None or first.intangible:
        yield noted(f"Exporter {goods.shipment.exporter} recorded what had gone to its recipient.", goods.registered)
    elif first.holder == first.exporter:
        yield noted(f"Exporter {first.exporter} registered the goods and held them.", goods.registered)
    else:
        text = f"{first.exporter} registered goods that were delivered to {first.holder} before."
        yield noted(text, goods.registered)


def _hop_findings(past: Past, hop: Hop) -> Iterator[Finding]:
    way, signer = f"{hop.giver} to {hop.receiver} at {moment(hop.occurred_at)}", hop.taken.entry.organization
    ordered = isinstance(hop.taken.act, _ORDERS)
    if hop.confirmed is not None:
        how = f"ordered by {signer} (O)" if ordered else "reported by one side (B)"
        yield noted(f"{way}: {how}, confirmed by {hop.receiver} (A).", hop.confirmed)
    elif ordered:
        yield noted(f"{way}: ordered by {signer} (O).", hop.taken)
    elif not isinstance(hop.taken.act, AcceptHandoff):
        yield noted(f"{way}: reported by {signer} alone (B).", hop.taken)
    elif hop.offered is None:
        yield fault(f"{way}: {hop.receiver} took goods that nobody had offered.", hop.taken)
    elif hop.grade == CustodyGrade.A:
        yield noted(f"{way}: both signed (A).", hop.taken)
    elif past.behind(hop.offered) != hop.offered.entry.organization:
        yield noted(f"{way}: offered by {past.behind(hop.offered)} under a mandate (B).", hop.taken)
    else:
        yield noted(f"{way}: offered by {hop.offered.entry.organization}, which answered for it (B).", hop.taken)


def _faults(past: Past, goods: Goods, step: Step) -> Iterator[str]:
    before = past.shipment_before(step)
    if before is None or step.act is None:
        return
    allowed = _ALLOWED.get(type(step.act))
    if allowed is not None and before.status not in allowed:
        yield f"the shipment was {name_of(before.status)}"
    occurred_at = getattr(step.act, "occurred_at", None)
    if occurred_at is not None and occurred_at > step.entry.time:
        yield f"it tells of {moment(occurred_at)}, which was still to come"
    if occurred_at is not None and occurred_at < before.last_fact:
        yield f"it tells of {moment(occurred_at)}, before the last custody fact at {moment(before.last_fact)}"
    yield from standing_faults(past, goods, step, before)
