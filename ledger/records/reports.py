"""Effects of reports and notes: what happened anyway, and the bits of the rules it broke (RULES.md, section 6).

The bits are effects, not judgments: they follow from the license, policy, certificates and organizations as they
stand when the report enters. A report on an ended shipment moves its head and sets TERMINAL; nothing else.
"""

from dataclasses import replace

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
from ledger.ids import Time
from ledger.journal.entries import Entry
from ledger.records.book import Book, known
from ledger.records.certificates import backing
from ledger.records.codes import CustodyGrade, Irregular, ShipmentStatus
from ledger.records.counting import behind, counted, fact_bits, grade_bit, home_again, is_receiver, roles_of, terms_of
from ledger.records.states import REGULAR, License, Shipment, ShipmentLine

HANDOFF = 1
Delivery = ReportDelivery | ConfirmDelivery
Fact = ReportMovement | Delivery
Note = ReportDiscrepancy | ReportLoss | AttachSerials | AddStatement
Report = Fact | ConfirmReport | Note


def report_after(act: Report, entry: Entry, book: Book) -> Shipment:
    """The shipment as the report or note leaves it."""
    shipment = known(Shipment, act.record, book)
    match act:
        case ReportMovement() | ReportDelivery() | ConfirmDelivery():
            return _reported(act, shipment, entry, book)
        case ConfirmReport():
            return _confirmed(act, shipment)
    return _annotated(act, shipment)


def _reported(act: Fact, shipment: Shipment, entry: Entry, book: Book) -> Shipment:
    """While the report waits for its other side, `report_head` is what the other side names."""
    if not shipment.status.live:
        return replace(shipment, irregular=shipment.irregular | Irregular.TERMINAL)
    after = _happened(act, shipment, entry, book)
    responsible = behind(entry, book)
    # Only a hop names a holder who may confirm it, unless that holder's own agent made the report.
    hop = isinstance(act, ReportDelivery) or (isinstance(act, ReportMovement) and act.movement == HANDOFF)
    reported = hop and responsible != after.holder
    return replace(
        after,
        responsible=responsible,
        offered_to=0,
        last_fact=Time(act.occurred_at),
        reported=reported,
        report_head=entry.record_head if reported else after.report_head,
    )


def _confirmed(act: ConfirmReport, shipment: Shipment) -> Shipment:
    delivered = shipment.status == ShipmentStatus.DELIVERED
    return replace(
        shipment,
        responsible=act.organization,
        grade=CustodyGrade.A,
        delivery_grade=CustodyGrade.A if delivered else shipment.delivery_grade,
        reported=False,
    )


def _happened(act: Fact, shipment: Shipment, entry: Entry, book: Book) -> Shipment:
    departs = isinstance(act, ReportMovement) and act.movement != HANDOFF
    toward = act.to if isinstance(act, ReportMovement) else shipment.end_user
    bits = fact_bits(act.occurred_at, shipment, toward=toward, entry=entry, book=book)
    if departs:
        bits &= ~Irregular.RETURN_OVERDUE
    if not isinstance(act, ConfirmDelivery):
        bits |= _one_sided_bits(act.organization, shipment)
    after = counted(shipment, act.counted, terms_of(shipment, book).count_tolerance)
    if not isinstance(act, ReportMovement):
        return _delivered(act, after, bits, book)
    return _departed(act, after, bits, book) if departs else _handed_off(act, after, bits, book)


def _one_sided_bits(organization: int, shipment: Shipment) -> Irregular:
    return REGULAR if organization in (shipment.holder, shipment.responsible) else Irregular.UNILATERAL


def _handed_off(act: ReportMovement, shipment: Shipment, bits: Irregular, book: Book) -> Shipment:
    bits |= grade_bit(terms_of(shipment, book))
    if not is_receiver(act.to, shipment, known(License, shipment.license, book), book):
        bits |= Irregular.RECEIVER
    after = replace(shipment, irregular=shipment.irregular | bits, holder=act.to, grade=CustodyGrade.B)
    return home_again(after)


def _departed(act: ReportMovement, shipment: Shipment, bits: Irregular, book: Book) -> Shipment:
    after = replace(shipment, irregular=shipment.irregular | bits | _departure_bits(act, shipment, book))
    if shipment.status == ShipmentStatus.DEPARTED:
        return after
    return replace(
        after,
        status=ShipmentStatus.DEPARTED,
        departed_at=Time(act.occurred_at),
        departure_grade=CustodyGrade.B,
    )


def _departure_bits(act: ReportMovement, shipment: Shipment, book: Book) -> Irregular:
    license = known(License, shipment.license, book)
    terms = terms_of(shipment, book)
    bits = REGULAR if license.valid(act.occurred_at) else Irregular.NOT_IN_FORCE
    if terms.clearance_required and not 0 < shipment.cleared_at <= act.occurred_at:
        bits |= Irregular.CLEARANCE
    exempt = roles_of(shipment.end_user, book) & terms.exempt_roles
    if not exempt and not backing(shipment, license, act.occurred_at, book).satisfies(terms):
        bits |= Irregular.CERTIFICATE
    return bits


def _delivered(act: Delivery, shipment: Shipment, bits: Irregular, book: Book) -> Shipment:
    one_sided = isinstance(act, ReportDelivery)
    grade = CustodyGrade.B if one_sided else CustodyGrade.A
    if one_sided:
        bits |= grade_bit(terms_of(shipment, book))
    if backing(shipment, known(License, shipment.license, book), act.occurred_at, book).failing:
        bits |= Irregular.CERTIFICATE
    if shipment.status != ShipmentStatus.DEPARTED:
        bits |= Irregular.NOT_DEPARTED
    return replace(
        shipment,
        irregular=shipment.irregular | bits,
        lines=tuple(replace(line, held=0, delivered=line.delivered + line.held) for line in shipment.lines),
        status=ShipmentStatus.DELIVERED,
        holder=shipment.end_user,
        delivered_at=Time(act.occurred_at),
        grade=grade,
        delivery_grade=grade,
    )


def _annotated(act: Note, shipment: Shipment) -> Shipment:
    match act:
        case ReportDiscrepancy():
            return replace(shipment, discrepancy=True)
        case ReportLoss():
            return _lost(act, shipment)
        case AttachSerials():
            lines = list(shipment.lines)
            lines[act.line] = replace(lines[act.line], serials=lines[act.line].serials + len(act.serials))
            return replace(shipment, lines=tuple(lines))
    return shipment


def _lost(act: ReportLoss, shipment: Shipment) -> Shipment:
    lines = tuple(_lost_of(line, quantity) for line, quantity in zip(shipment.lines, act.lost, strict=True))
    gone = not any(line.held for line in lines)
    return replace(shipment, lines=lines, status=ShipmentStatus.LOST if gone else shipment.status)


def _lost_of(line: ShipmentLine, quantity: int) -> ShipmentLine:
    """From what is unaccounted for first, then from what is held."""
    missing = min(quantity, line.unaccounted)
    return replace(
        line, unaccounted=line.unaccounted - missing, held=line.held - quantity + missing, lost=line.lost + quantity
    )
