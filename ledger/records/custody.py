"""Effects on shipments: permissions, withdrawals, stops (RULES.md, section 5). Reports are in `reports`."""

from dataclasses import replace

from ledger.acts.act import Act
from ledger.acts.custody import (
    AcceptHandoff,
    CancelShipment,
    ClearShipment,
    ConfirmDelivery,
    ConfirmReport,
    DepartShipment,
    HoldShipment,
    OfferHandoff,
    RefuseHandoff,
    RegisterShipment,
    ReportDelivery,
    ReportMovement,
    ResumeShipment,
    WithdrawOffer,
)
from ledger.ids import Commitment, RecordId, Time
from ledger.journal.entries import Entry
from ledger.records.book import Book, known
from ledger.records.codes import FOREVER, CustodyGrade, ShipmentStatus
from ledger.records.counting import behind, counted, terms_of
from ledger.records.directory import no_effect
from ledger.records.reports import report_after
from ledger.records.states import Shipment, ShipmentLine


def shipment_after(act: Act, entry: Entry, book: Book) -> Shipment:
    """The shipment as the act leaves it."""
    if isinstance(act, RegisterShipment):
        return _registered(act, entry, book)
    shipment = known(Shipment, act.record, book)
    match act:
        case ReportMovement() | ReportDelivery() | ConfirmDelivery() | ConfirmReport():
            return report_after(act, shipment, entry, book)
        case HoldShipment() | ResumeShipment():
            return _stopped(act, shipment, entry)
        case OfferHandoff() | WithdrawOffer() | RefuseHandoff() | AcceptHandoff():
            return _handed(act, shipment, book)
        case CancelShipment() | ClearShipment() | DepartShipment():
            return _moved(act, shipment, book)
    raise no_effect(act)


def _registered(act: RegisterShipment, entry: Entry, book: Book) -> Shipment:
    return Shipment(
        record=RecordId(act.record),
        created_seq=entry.seq,
        license=RecordId(act.license),
        exporter=act.organization,
        end_user=act.end_user,
        holder=act.organization,
        responsible=behind(act.organization, book),
        status=ShipmentStatus.REGISTERED,
        share=act.share,
        waybill=Commitment(act.waybill),
        document=Commitment(act.document),
        lines=tuple(
            ShipmentLine(license_line=draw.line, registered=draw.quantity, held=draw.quantity) for draw in act.draws
        ),
    )


def _stopped(act: HoldShipment | ResumeShipment, shipment: Shipment, entry: Entry) -> Shipment:
    if isinstance(act, HoldShipment):
        return replace(shipment, holds=(*shipment.holds, act.organization), stopped_until=Time(FOREVER))
    holds = tuple(holder for holder in shipment.holds if holder != act.hold_of)
    return replace(shipment, holds=holds, stopped_until=shipment.stopped_until if holds else entry.time)


def _handed(
    act: OfferHandoff | WithdrawOffer | RefuseHandoff | AcceptHandoff, shipment: Shipment, book: Book
) -> Shipment:
    match act:
        case OfferHandoff():
            return replace(
                shipment,
                offered_to=act.to,
                offered_at=Time(act.occurred_at),
                offered_by_holder=act.organization == shipment.holder,
            )
        case AcceptHandoff():
            return _accepted(act, shipment, book)
    return replace(shipment, offered_to=0)


def _accepted(act: AcceptHandoff, shipment: Shipment, book: Book) -> Shipment:
    after = counted(shipment, act.counted, terms_of(shipment, book).count_tolerance)
    return replace(
        after,
        holder=act.organization,
        responsible=act.organization,
        offered_to=0,
        last_fact=Time(act.occurred_at),
        grade=CustodyGrade.A if shipment.offered_by_holder else CustodyGrade.B,
        reported=False,
    )


def _moved(act: CancelShipment | ClearShipment | DepartShipment, shipment: Shipment, book: Book) -> Shipment:
    match act:
        case CancelShipment():
            return replace(shipment, status=ShipmentStatus.CANCELLED, offered_to=0)
        case ClearShipment():
            return replace(shipment, status=ShipmentStatus.CLEARED, cleared_at=Time(act.occurred_at))
    return _departed(act, shipment, book)


def _departed(act: DepartShipment, shipment: Shipment, book: Book) -> Shipment:
    grade, responsible = CustodyGrade.A, shipment.responsible
    if act.organization == shipment.exporter:
        grade, responsible = CustodyGrade.B, behind(act.organization, book)
    elif act.organization == shipment.holder:
        responsible = act.organization
    # An inspector attests the departure; whoever answered for the goods still does.
    return replace(
        shipment,
        status=ShipmentStatus.DEPARTED,
        responsible=responsible,
        last_fact=Time(act.occurred_at),
        departed_at=Time(act.occurred_at),
        departure_grade=grade,
    )
