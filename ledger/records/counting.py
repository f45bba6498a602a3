"""What permissions and reports ask alike: who answers for a signature, which terms hold, what a count does."""

from collections.abc import Sequence
from dataclasses import replace

from ledger.acts.organizations import Terms
from ledger.records.book import Book, known
from ledger.records.codes import WHOLE
from ledger.records.states import License, Shipment, ShipmentLine


def behind(organization: int, book: Book) -> int:
    """The organization whose agent signed: the sponsor's, while the organization has no active agent."""
    represented = book.organization(organization)
    return represented.number if represented.agents else represented.sponsor


def terms_of(shipment: Shipment, book: Book) -> Terms:
    """The terms of the policy that the shipment's license pins."""
    return book.policy(known(License, shipment.license, book).policy).terms


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
