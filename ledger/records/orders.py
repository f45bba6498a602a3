"""Effects of orders on shipments: stops, seizures, goods into other hands (RULES.md, section 5)."""

from dataclasses import replace

from ledger.acts.act import Act
from ledger.acts.orders import (
    HoldShipment,
    OrderHandoff,
    RecallShipment,
    Regularize,
    ReleaseSeizure,
    ResumeShipment,
    SeizeShipment,
)
from ledger.ids import Time
from ledger.journal.entries import Entry
from ledger.records.book import Book, known
from ledger.records.codes import FOREVER, CustodyGrade, Irregular, ShipmentStatus
from ledger.records.directory import no_effect
from ledger.records.proposals import seconded
from ledger.records.states import NO_TIME, Shipment


def order_after(act: Act, entry: Entry, book: Book) -> Shipment:
    """The shipment as the order leaves it."""
    shipment = known(Shipment, act.record, book)
    match act:
        case HoldShipment() | RecallShipment() | ResumeShipment():
            return _stopped(act, shipment, entry)
        case SeizeShipment():
            return _given(replace(shipment, status=ShipmentStatus.SEIZED), act.organization, entry)
        case ReleaseSeizure():
            return _given(_going_on(shipment), act.to, entry)
        case OrderHandoff():
            lost = shipment.status == ShipmentStatus.LOST
            return _given(_going_on(_found(shipment)) if lost else shipment, act.to, entry)
        case Regularize():
            acts, proposals = seconded(act, entry, shipment.proposals, book)
            left = shipment.irregular & ~Irregular(act.bits) if acts else shipment.irregular
            return replace(shipment, irregular=left, proposals=proposals)
    raise no_effect(act)


def _stopped(act: HoldShipment | RecallShipment | ResumeShipment, shipment: Shipment, entry: Entry) -> Shipment:
    match act:
        case HoldShipment():
            return replace(shipment, holds=(*shipment.holds, act.organization), stopped_until=Time(FOREVER))
        case RecallShipment():
            return replace(shipment, recalled=True, stopped_until=Time(FOREVER))
    holds = tuple(holder for holder in shipment.holds if holder != act.hold_of)
    stopped = holds or shipment.recalled
    return replace(shipment, holds=holds, stopped_until=shipment.stopped_until if stopped else entry.time)


def _found(shipment: Shipment) -> Shipment:
    """What was lost is held again."""
    lines = tuple(replace(line, held=line.held + line.lost, lost=0) for line in shipment.lines)
    return replace(shipment, lines=lines)


def _going_on(shipment: Shipment) -> Shipment:
    """Under way again; what had not departed needs a new clearance."""
    if shipment.departed:
        return replace(shipment, status=ShipmentStatus.DEPARTED)
    return replace(shipment, status=ShipmentStatus.REGISTERED, cleared_at=NO_TIME)


def _given(shipment: Shipment, to: int, entry: Entry) -> Shipment:
    """Into other hands; who is named may confirm it, unless the order is its own."""
    reported = to != entry.organization
    return replace(
        shipment,
        holder=to,
        responsible=entry.organization,
        offered_to=0,
        grade=CustodyGrade.O,
        reported=reported,
        report_head=entry.record_head if reported else shipment.report_head,
    )
