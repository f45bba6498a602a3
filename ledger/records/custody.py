"""Effects on shipments on their way: permissions and withdrawals (RULES.md, section 5)."""

from dataclasses import replace

from ledger.acts.custody import (
    AcceptHandoff,
    ClearShipment,
    DepartShipment,
    InvalidateClearance,
    OfferHandoff,
    RefuseHandoff,
    WithdrawOffer,
)
from ledger.ids import Time
from ledger.journal.entries import Entry
from ledger.records.book import Book, known
from ledger.records.codes import CustodyGrade, LicenseKind, ShipmentStatus
from ledger.records.counting import behind, counted, home_again, terms_of
from ledger.records.states import NO_TIME, License, Shipment

Moving = ClearShipment | InvalidateClearance | DepartShipment
Handing = OfferHandoff | WithdrawOffer | RefuseHandoff | AcceptHandoff
Passage = Moving | Handing


def custody_after(act: Passage, entry: Entry, book: Book) -> Shipment:
    """The shipment as the permission or withdrawal leaves it."""
    shipment = known(Shipment, act.record, book)
    if isinstance(act, Moving):
        return _moved(act, shipment, entry, book)
    return _handed(act, shipment, entry, book)


def _handed(act: Handing, shipment: Shipment, entry: Entry, book: Book) -> Shipment:
    match act:
        case OfferHandoff():
            return replace(
                shipment,
                offered_to=act.to,
                offered_at=Time(act.occurred_at),
                offered_by_holder=behind(entry, book) == shipment.holder,
            )
        case AcceptHandoff():
            return _accepted(act, shipment, book)
    return replace(shipment, offered_to=0)


def _accepted(act: AcceptHandoff, shipment: Shipment, book: Book) -> Shipment:
    after = counted(shipment, act.counted, terms_of(shipment, book).count_tolerance)
    after = replace(
        after,
        holder=act.organization,
        responsible=act.organization,
        offered_to=0,
        last_fact=Time(act.occurred_at),
        grade=CustodyGrade.A if shipment.offered_by_holder else CustodyGrade.B,
        reported=False,
    )
    home = home_again(after)
    temporary = known(License, shipment.license, book).kind == LicenseKind.TEMPORARY
    if home.status == ShipmentStatus.RETURNED and temporary and home.grade == CustodyGrade.A:
        return replace(home, credited=True)
    return home


def _moved(act: Moving, shipment: Shipment, entry: Entry, book: Book) -> Shipment:
    match act:
        case ClearShipment():
            return replace(shipment, status=ShipmentStatus.CLEARED, cleared_at=Time(act.occurred_at))
        case InvalidateClearance():
            return replace(shipment, status=ShipmentStatus.REGISTERED, cleared_at=NO_TIME)
    return _departed(act, shipment, entry, book)


def _departed(act: DepartShipment, shipment: Shipment, entry: Entry, book: Book) -> Shipment:
    grade = CustodyGrade.B if act.organization == shipment.exporter else CustodyGrade.A
    # An inspector attests the departure; whoever answered for the goods still does.
    signs_for_goods = act.organization in (shipment.exporter, shipment.holder)
    return replace(
        shipment,
        status=ShipmentStatus.DEPARTED,
        responsible=behind(entry, book) if signs_for_goods else shipment.responsible,
        last_fact=Time(act.occurred_at),
        departed_at=Time(act.occurred_at),
        departure_grade=grade,
    )
