"""Effects of reports: what happened anyway, and the bits of the rules it broke (RULES.md, section 6).

The bits are effects, not judgments: they follow from the license, policy, certificates and organizations as they
stand when the report enters. A report on an ended shipment moves its head and sets TERMINAL; nothing else.
"""

from dataclasses import replace

from ledger.acts.custody import ConfirmDelivery, ConfirmReport, ReportDelivery, ReportMovement
from ledger.ids import Time
from ledger.journal.entries import Entry
from ledger.records.book import Book, known
from ledger.records.codes import CertificateGrade, CertificateStatus, CustodyGrade, Irregular, Role, ShipmentStatus
from ledger.records.counting import behind, counted
from ledger.records.states import REGULAR, Certificate, License, Shipment

HOUR = 3600
HANDOFF = 1
Delivery = ReportDelivery | ConfirmDelivery
Report = ReportMovement | Delivery | ConfirmReport


def report_after(act: Report, shipment: Shipment, entry: Entry, book: Book) -> Shipment:
    """The shipment as the report leaves it; while one waits for its other side, the head that the other side names."""
    if isinstance(act, ConfirmReport):
        return _confirmed(act, shipment)
    if not shipment.status.live:
        return replace(shipment, irregular=shipment.irregular | Irregular.TERMINAL)
    after = _happened(act, shipment, entry, book)
    responsible = _answering(act, shipment, book)
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


def _happened(act: ReportMovement | Delivery, shipment: Shipment, entry: Entry, book: Book) -> Shipment:
    license = known(License, shipment.license, book)
    terms = book.policy(license.policy).terms
    bits = REGULAR if isinstance(act, ConfirmDelivery) else _unilateral(act.organization, shipment)
    if act.occurred_at < max(shipment.stopped_until, license.stopped_until):
        bits |= Irregular.STOPPED
    if act.occurred_at < entry.time - terms.lateness_hours * HOUR:
        bits |= Irregular.LATE
    after = counted(shipment, act.counted, terms.count_tolerance)
    if not isinstance(act, ReportMovement):
        return _delivered(act, after, bits, book)
    return _handed_off(act, after, bits, book) if act.movement == HANDOFF else _departed(act, after, bits, book)


def _answering(act: ReportMovement | Delivery, shipment: Shipment, book: Book) -> int:
    """Who signed answers for the goods: for one of the shipment's own without keys, its sponsor."""
    if isinstance(act, ConfirmDelivery):
        return act.organization
    involved = (shipment.holder, shipment.responsible, shipment.offered_to, shipment.exporter, shipment.end_user)
    return behind(act.organization, book) if act.organization in involved else act.organization


def _unilateral(organization: int, shipment: Shipment) -> Irregular:
    return REGULAR if organization in (shipment.holder, shipment.responsible) else Irregular.UNILATERAL


def _refuge(organization: int, shipment: Shipment, book: Book) -> bool:
    """Where goods may always go, stopped or not."""
    roles = book.organization(organization).roles
    return organization == shipment.exporter or bool(roles & (Role.CUSTOMS | Role.AUTHORITY))


def _handed_off(act: ReportMovement, shipment: Shipment, bits: Irregular, book: Book) -> Shipment:
    license = known(License, shipment.license, book)
    carries = book.organization(act.to).roles & Role.CARRIER
    if _refuge(act.to, shipment, book):
        bits &= ~Irregular.STOPPED
    elif not carries and act.to != shipment.end_user and not license.party_roles(act.to):
        bits |= Irregular.RECEIVER
    bits |= _grade_bit(license, book)
    return replace(shipment, irregular=shipment.irregular | bits, holder=act.to, grade=CustodyGrade.B)


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
    terms = book.policy(license.policy).terms
    bits = REGULAR if license.valid(act.occurred_at) else Irregular.NOT_IN_FORCE
    if terms.clearance_required and not 0 < shipment.cleared_at <= act.occurred_at:
        bits |= Irregular.CLEARANCE
    exempt = book.organization(shipment.end_user).roles & terms.exempt_roles
    if not exempt and _weakest(_certificates(shipment, license, book)) < terms.certificate_grade:
        bits |= Irregular.CERTIFICATE
    return bits


def _delivered(act: Delivery, shipment: Shipment, bits: Irregular, book: Book) -> Shipment:
    license = known(License, shipment.license, book)
    one_sided = isinstance(act, ReportDelivery)
    grade = CustodyGrade.B if one_sided else CustodyGrade.A
    if one_sided:
        bits |= _grade_bit(license, book)
    if _refuge(shipment.end_user, shipment, book):
        bits &= ~Irregular.STOPPED
    if any(found and not found.in_force(act.occurred_at) for found in _certificates(shipment, license, book)):
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


def _grade_bit(license: License, book: Book) -> Irregular:
    lowest = book.policy(license.policy).terms.lowest_custody_grade
    return Irregular.GRADE if lowest > CustodyGrade.B else REGULAR


def _certificates(shipment: Shipment, license: License, book: Book) -> list[Certificate | None]:
    """What stands behind each of the shipment's lines; None where the license's line names nothing."""
    named = (license.lines[line.license_line].certificate for line in shipment.lines)
    return [known(Certificate, record, book) if any(record) else None for record in named]


def _weakest(certificates: list[Certificate | None]) -> CertificateGrade:
    """No certificate and a revoked one count nothing; the window is not asked."""
    valid = CertificateStatus.VALID
    return min(found.grade if found and found.status == valid else CertificateGrade.NONE for found in certificates)
