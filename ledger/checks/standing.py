"""Whether an organization stood in the relation to a shipment that the act needs: RULES.md, sections 5 and 6.

Handoffs are judged where their two sides are (`handoffs`); whether a person could sign for the organization is
`authority`.
"""

from collections.abc import Iterator

from ledger.acts.custody import (
    AddStatement,
    CancelShipment,
    ClearShipment,
    ConfirmDelivery,
    ConfirmReport,
    DepartShipment,
    HoldShipment,
    OfferHandoff,
    RefuseHandoff,
    ReportDelivery,
    ReportMovement,
    ResumeShipment,
    WithdrawOffer,
)
from ledger.checks.authority import involved_in
from ledger.checks.findings import Step
from ledger.checks.replay import Goods, Past
from ledger.records.codes import Role
from ledger.records.states import Shipment


def standing_faults(past: Past, goods: Goods, step: Step, before: Shipment) -> Iterator[str]:
    """Why the organization could not do this to the shipment."""
    number = step.entry.organization
    match step.act:
        case CancelShipment() if number != before.exporter or before.holder != before.exporter:
            yield f"{number} gave up goods that exporter {before.exporter} did not hold"
        case ClearShipment() | HoldShipment() if not inspects(past, goods, number, before):
            yield f"{number} may not inspect this shipment"
        case DepartShipment() if not _may_depart(past, goods, number, before):
            yield f"{number} is neither exporter nor holder, and may not inspect this shipment"
        case OfferHandoff() | WithdrawOffer() if number not in (before.holder, before.responsible):
            yield f"{number} neither held the goods nor answered for them: {before.holder} held them"
        case RefuseHandoff() if number != before.offered_to:
            yield f"nothing was offered to {number}"
        case ResumeShipment() as act if act.hold_of not in before.holds or not _may_resume(past, number, act.hold_of):
            yield f"{number} ended a hold that was not its own"
        case ReportMovement() | ReportDelivery() if not _may_report(past, goods, number, before):
            yield f"{number} has no part in this shipment to report from"
        case ReportMovement() as act if act.movement == 1 and act.to == before.holder and before.status.live:
            yield f"it names {act.to} as receiver, which held the goods"
        case ConfirmDelivery() if not number == before.end_user == before.holder:
            yield f"{number} confirmed goods of end-user {before.end_user} that {before.holder} held"
        case ConfirmReport() as act if not _may_confirm(number, act.report_head, before):
            yield f"there was no report of another that {number} could confirm"
        case AddStatement() if not _may_state(past, goods, number, before):
            yield f"{number} has no part in this shipment to speak from"


def inspects(past: Past, goods: Goods, number: int, shipment: Shipment) -> bool:
    """The license's authority, or customs of the sponsor of exporter, holder or end-user."""
    if number == goods.license.authority:
        return True
    sponsors = {past.sponsor(other) for other in (shipment.exporter, shipment.holder, shipment.end_user)}
    return bool(past.roles(number) & Role.CUSTOMS) and past.sponsor(number) in sponsors


def is_refuge(past: Past, number: int, shipment: Shipment) -> bool:
    """Where goods may always go, stopped or not."""
    return number == shipment.exporter or bool(past.roles(number) & (Role.CUSTOMS | Role.AUTHORITY))


def is_receiver(past: Past, goods: Goods, number: int, shipment: Shipment) -> bool:
    """Who may receive the goods at all."""
    named = number == shipment.end_user or bool(goods.license.party_roles(number))
    return named or is_refuge(past, number, shipment) or bool(past.roles(number) & Role.CARRIER)


def _may_depart(past: Past, goods: Goods, number: int, before: Shipment) -> bool:
    return number in (before.exporter, before.holder) or inspects(past, goods, number, before)


def _may_resume(past: Past, number: int, hold_of: int) -> bool:
    return number in (hold_of, past.sponsor(hold_of))


def _may_report(past: Past, goods: Goods, number: int, before: Shipment) -> bool:
    involved = involved_in(before)
    sponsors = {past.sponsor(other) for other in involved}
    return number in involved | sponsors | {goods.license.authority}


def _may_confirm(number: int, report_head: bytes, before: Shipment) -> bool:
    return before.reported and number == before.holder != before.responsible and report_head == before.report_head


def _may_state(past: Past, goods: Goods, number: int, before: Shipment) -> bool:
    party = number in involved_in(before) or bool(goods.license.party_roles(number))
    return party or inspects(past, goods, number, before)
