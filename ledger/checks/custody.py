"""P6: custody is unbroken from the exporter to whoever holds the goods now, and each hop has its grade.

A hop is an accepted offer (A where the holder itself offered, else B) or a one-sided report (B, and A once the other
side confirms it; both stay on record). A weak hop does not break the chain: the weakest is named.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ledger.acts.custody import (
    AcceptHandoff,
    CancelShipment,
    ClearShipment,
    ConfirmReport,
    DepartShipment,
    HoldShipment,
    OfferHandoff,
    RefuseHandoff,
    ReportDelivery,
    ReportMovement,
    WithdrawOffer,
)
from ledger.checks.findings import Finding, Step, fault, moment, noted
from ledger.checks.replay import Goods, Past
from ledger.checks.standing import standing_faults
from ledger.records.codes import CustodyGrade, ShipmentStatus, name_of
from ledger.records.states import Shipment

_UNSHIPPED = (ShipmentStatus.REGISTERED, ShipmentStatus.CLEARED)
_UNDER_WAY = (*_UNSHIPPED, ShipmentStatus.DEPARTED)
_ALLOWED = {
    CancelShipment: _UNSHIPPED,
    ClearShipment: (ShipmentStatus.REGISTERED,),
    DepartShipment: _UNSHIPPED,
    OfferHandoff: _UNDER_WAY,
    WithdrawOffer: _UNDER_WAY,
    AcceptHandoff: _UNDER_WAY,
    RefuseHandoff: _UNDER_WAY,
    HoldShipment: _UNDER_WAY,
}
"""The statuses in which an act is allowed; a report is allowed in every one."""


@dataclass(frozen=True, slots=True)
class Hop:
    """The goods go from one hand to the next."""

    giver: int
    """Who held the goods."""
    receiver: int
    grade: CustodyGrade
    taken: Step
    """The accept or the report."""
    occurred_at: int
    offered: Step | None = None
    """None in a report, or where there was no offer."""
    confirmed: Step | None = None
    """The other side's confirmation of a report."""


def hops_of(past: Past, goods: Goods) -> list[Hop]:
    """Every change of holder, in order, from the acts."""
    hops: list[Hop] = []
    offered: Step | None = None
    for step in goods.steps:
        before = past.before(Shipment, goods.shipment.record, step)
        if before is None or (not before.status.live and not isinstance(step.act, ConfirmReport)):
            continue
        if isinstance(step.act, ConfirmReport) and hops:
            hops[-1] = replace(hops[-1], grade=CustodyGrade.A, confirmed=step)
        hop = _hop(before, step, offered)
        if hop is not None:
            hops.append(hop)
        if isinstance(step.act, OfferHandoff):
            offered = step
        elif hop is not None or isinstance(step.act, WithdrawOffer | RefuseHandoff | ReportMovement):
            offered = None
    return hops


def _hop(before: Shipment, step: Step, offered: Step | None) -> Hop | None:
    match step.act:
        case AcceptHandoff() as act:
            by_holder = offered is not None and offered.entry.organization == before.holder
            grade = CustodyGrade.A if by_holder else CustodyGrade.B
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
    yield noted(f"Exporter {goods.shipment.exporter} registered the goods and held them.", goods.registered)
    for hop in hops_of(past, goods):
        yield from _hop_findings(hop)
    status = name_of(goods.shipment.status)
    yield noted(f"The shipment is {status}; {goods.shipment.holder} holds it, {goods.shipment.responsible} answers.")


def _hop_findings(hop: Hop) -> Iterator[Finding]:
    way = f"{hop.giver} to {hop.receiver} at {moment(hop.occurred_at)}"
    if hop.confirmed is not None:
        yield noted(f"{way}: reported by one side (B), confirmed by {hop.receiver} (A).", hop.confirmed)
    elif not isinstance(hop.taken.act, AcceptHandoff):
        yield noted(f"{way}: reported by {hop.taken.entry.organization} alone (B).", hop.taken)
    elif hop.offered is None:
        yield fault(f"{way}: {hop.receiver} took goods that nobody had offered.", hop.taken)
    elif hop.grade == CustodyGrade.A:
        yield noted(f"{way}: both signed (A).", hop.taken)
    else:
        yield noted(f"{way}: offered by {hop.offered.entry.organization}, which answered for it (B).", hop.taken)


def _faults(past: Past, goods: Goods, step: Step) -> Iterator[str]:
    before = past.before(Shipment, goods.shipment.record, step)
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
