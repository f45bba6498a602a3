"""What permissions and reports ask alike: who answers for a signature, who may receive, what a count does."""

from collections.abc import Sequence
from dataclasses import replace

from ledger.acts.organizations import Terms
from ledger.journal.entries import Entry
from ledger.records.book import Book, known
from ledger.records.codes import WHOLE, CustodyGrade, Irregular, Role, ShipmentStatus
from ledger.records.states import NO_ROLES, REGULAR, License, Shipment, ShipmentLine

HOUR = 3600


def behind(entry: Entry, book: Book) -> int:
    """The organization whose agent signed: the one that the act names, its delegate, or its sponsor."""
    agent = book.signing(entry.signer)
    # In a book of a part the signer may be missing; whoever the act names answers for it then.
    return agent.organization if agent else entry.organization


def terms_of(shipment: Shipment, book: Book) -> Terms:
    """The terms of the policy that the shipment's license pins."""
    return book.policy(known(License, shipment.license, book).policy).terms


def roles_of(organization: int, book: Book) -> Role:
    """The organization's roles; none where it is not known to the ledger (0)."""
    return book.organization(organization).roles if organization else NO_ROLES


def is_refuge(organization: int, shipment: Shipment, book: Book) -> bool:
    """Where goods may always go, stopped or not."""
    return organization == shipment.exporter or bool(roles_of(organization, book) & (Role.CUSTOMS | Role.AUTHORITY))


def is_receiver(organization: int, shipment: Shipment, license: License, book: Book) -> bool:
    """Who may receive the goods at all."""
    roles = book.organization(organization).active_roles
    named = organization == shipment.end_user or license.party_roles(organization)
    return bool(roles) and bool(named or roles & Role.CARRIER or is_refuge(organization, shipment, book))


def fact_bits(occurred_at: int, shipment: Shipment, *, toward: int, entry: Entry, book: Book) -> Irregular:
    """The bits that any custody fact may get. `toward`: who received the goods; 0: nobody known."""
    license = known(License, shipment.license, book)
    bits = REGULAR
    if occurred_at < entry.time - terms_of(shipment, book).lateness_hours * HOUR:
        bits |= Irregular.LATE
    if toward and is_refuge(toward, shipment, book):
        return bits
    if occurred_at < max(shipment.stopped_until, license.stopped_until):
        bits |= Irregular.STOPPED
    if license.return_by and occurred_at >= license.return_by:
        bits |= Irregular.RETURN_OVERDUE
    return bits


def grade_bit(terms: Terms) -> Irregular:
    """Of a fact that one side tells."""
    return Irregular.GRADE if terms.lowest_custody_grade > CustodyGrade.B else REGULAR


def counted(shipment: Shipment, counts: Sequence[int], tolerance: int) -> Shipment:
    """One count a line: what is short of held becomes unaccounted (I9), what differs beyond tolerance a discrepancy.

    `tolerance` in basis points.
    """
    pairs = list(zip(shipment.lines, counts, strict=True))
    differs = any(abs(count - line.held) * WHOLE > line.held * tolerance for line, count in pairs)
    lines = tuple(_counted(line, count) for line, count in pairs)
    return replace(shipment, lines=lines, discrepancy=shipment.discrepancy or differs)


def _counted(line: ShipmentLine, count: int) -> ShipmentLine:
    if count >= line.held:
        return line
    return replace(line, held=count, unaccounted=line.unaccounted + line.held - count)


def home_again(shipment: Shipment) -> Shipment:
    """What is held, with the exporter after departure, has come back; else nothing changes."""
    if shipment.holder != shipment.exporter or shipment.status != ShipmentStatus.DEPARTED:
        return shipment
    lines = tuple(replace(line, held=0, returned=line.returned + line.held) for line in shipment.lines)
    return replace(shipment, status=ShipmentStatus.RETURNED, lines=lines)
