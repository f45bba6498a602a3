"""Whether an organization stood in the relation to a shipment that the act needs: RULES.md, sections 5 and 6.

Handoffs are judged where their two sides are (`handoffs`); whether a person could sign for the organization is
`authority`.
"""

from collections.abc import Iterator

from ledger.acts.custody import (
    ClearShipment,
    DepartShipment,
    InvalidateClearance,
    OfferHandoff,
    RefuseHandoff,
    WithdrawOffer,
)
from ledger.acts.manifests import AdjustShipment, CancelShipment, SplitShipment
from ledger.acts.orders import (
    HoldShipment,
    OrderHandoff,
    RecallShipment,
    Regularize,
    ReleaseSeizure,
    ResumeShipment,
    SeizeShipment,
)
from ledger.acts.reports import (
    AddStatement,
    AttachSerials,
    ConfirmDelivery,
    ConfirmReport,
    ReportDelivery,
    ReportDiscrepancy,
    ReportLoss,
    ReportMovement,
)
from ledger.checks.authority import involved_in
from ledger.checks.findings import Step
from ledger.checks.replay import Goods, Past
from ledger.records.codes import Role
from ledger.records.counting import is_receiver, is_refuge
from ledger.records.states import License, Shipment

_INSPECTED = ClearShipment | InvalidateClearance | HoldShipment | SeizeShipment
_ORDERED = RecallShipment | OrderHandoff | Regularize
_TOLD = ReportMovement | ReportDelivery | ReportDiscrepancy
_OWN_WORD = ConfirmDelivery | ConfirmReport | RefuseHandoff


def standing_faults(past: Past, goods: Goods, step: Step, before: Shipment) -> Iterator[str]:
    """Why the organization could not do this to the shipment."""
    act, number, authority = step.act, step.entry.organization, goods.license.authority
    if isinstance(act, _INSPECTED) and not inspects(past, goods, step, before):
        yield f"{number} may not inspect this shipment"
    elif isinstance(act, _ORDERED) and number != authority:
        yield f"{number} gave an order that is authority {authority}'s"
    elif isinstance(act, _TOLD) and not _may_report(past, goods, step, before):
        yield f"{number} has no part in this shipment to report from"
    elif isinstance(act, _OWN_WORD):
        yield from _own_word_faults(step, before)
    yield from _goods_faults(past, goods, step, before)
    yield from _order_faults(past, step, before)


def _own_word_faults(step: Step, before: Shipment) -> Iterator[str]:
    """The other side's own word."""
    number = step.entry.organization
    match step.act:
        case RefuseHandoff() if number != before.offered_to:
            yield f"nothing was offered to {number}"
        case ConfirmDelivery() if not number == before.end_user == before.holder:
            yield f"{number} confirmed goods of end-user {before.end_user} that {before.holder} held"
        case ConfirmReport() as act if not _may_confirm(number, act.report_head, before):
            yield f"there was no report or order of another that {number} could confirm"


def _goods_faults(past: Past, goods: Goods, step: Step, before: Shipment) -> Iterator[str]:
    number, near = step.entry.organization, (before.holder, before.responsible)
    match step.act:
        case AdjustShipment() if number != before.exporter:
            yield f"{number} adjusted what exporter {before.exporter} ships"
        case CancelShipment() if number != before.exporter or before.holder != _origin(past, goods):
            yield f"{number} gave up goods that were not where they started"
        case DepartShipment() if not _may_depart(past, goods, step, before):
            yield f"{number} is neither exporter nor holder, and may not inspect this shipment"
        case OfferHandoff() | WithdrawOffer() if number not in near:
            yield f"{number} neither held the goods nor answered for them: {before.holder} held them"
        case SplitShipment() if number != before.holder:
            yield f"{number} split goods that {before.holder} held"
        case SplitShipment() if before.offered_to or step.entry.time < before.stopped_until:
            yield "the goods were offered, or stopped"
        case ReportMovement() as act if act.movement == 1 and act.to == before.holder and before.status.live:
            yield f"it names {act.to} as receiver, which held the goods"
        case ReportLoss() if number not in (*near, goods.license.authority):
            yield f"{number} neither held the goods nor answered for them: {before.holder} held them"
        case AttachSerials() if number not in (*near, before.exporter):
            yield f"{number} has no part in this shipment to attach serial numbers from"
        case AddStatement() if not _may_state(past, goods, step, before):
            yield f"{number} has no part in this shipment to speak from"


def _order_faults(past: Past, step: Step, before: Shipment) -> Iterator[str]:
    """Holds and seizures are ended by whoever made them, or its sponsor; bits are cleared by two officers."""
    number = step.entry.organization
    match step.act:
        case HoldShipment() if number in before.holds:
            yield f"{number} held the shipment already"
        case ResumeShipment() as act if act.hold_of not in before.holds or not _answers(past, step, act.hold_of):
            yield f"{number} ended a hold that was not its own"
        case ReleaseSeizure() if not _answers(past, step, before.holder):
            yield f"{number} released what {before.holder} had seized"
        case RecallShipment() if before.recalled:
            yield "the shipment was recalled already"
        case Regularize() if past.alone(step):
            yield "one officer cleared what two must"
        case Regularize() as act if not act.bits or act.bits & ~before.irregular:
            yield "it clears rules that nobody had broken"


def inspects(past: Past, goods: Goods, step: Step, shipment: Shipment) -> bool:
    """The license's authority, or customs of the sponsor of exporter, holder or end-user."""
    number = step.entry.organization
    if number == goods.license.authority:
        return True
    sponsors = {past.sponsor(other, step) for other in (shipment.exporter, shipment.holder, shipment.end_user)} - {0}
    return bool(past.roles(number, step) & Role.CUSTOMS) and past.sponsor(number, step) in sponsors


def takes_refuge(past: Past, number: int, shipment: Shipment, step: Step) -> bool:
    """Whether goods may always go there, stopped or not."""
    known = past.organization_before(number, step) is not None
    return known and is_refuge(number, shipment, past.then(step))


def may_receive(past: Past, goods: Goods, number: int, step: Step) -> bool:
    """Whether the goods may be given to the organization at all."""
    before, known = past.shipment_before(step), past.organization_before(number, step) is not None
    licensed = past.before(License, goods.license.record, step) or goods.license
    return known and before is not None and is_receiver(number, before, licensed, past.then(step))


def _origin(past: Past, goods: Goods) -> int:
    """Who held the goods when they were registered."""
    first = past.shipment_after(goods.registered)
    return goods.shipment.exporter if first is None else first.holder


def _answers(past: Past, step: Step, number: int) -> bool:
    return step.entry.organization in (number, past.sponsor(number, step))


def _may_depart(past: Past, goods: Goods, step: Step, before: Shipment) -> bool:
    return step.entry.organization in (before.exporter, before.holder) or inspects(past, goods, step, before)


def _may_report(past: Past, goods: Goods, step: Step, before: Shipment) -> bool:
    involved = involved_in(before)
    sponsors = {past.sponsor(other, step) for other in involved}
    return step.entry.organization in involved | sponsors | {goods.license.authority}


def _may_confirm(number: int, report_head: bytes, before: Shipment) -> bool:
    return before.reported and number == before.holder != before.responsible and report_head == before.report_head


def _may_state(past: Past, goods: Goods, step: Step, before: Shipment) -> bool:
    number = step.entry.organization
    licensed = past.before(License, goods.license.record, step) or goods.license
    party = number in involved_in(before) or number == licensed.exporter or bool(licensed.party_roles(number))
    return party or inspects(past, goods, step, before)
