"""Effects on what a shipment draws: registration, adjustment, parts, transfers (RULES.md, sections 5 and 6)."""

from dataclasses import replace

from ledger.acts.act import RecordKind
from ledger.acts.digests import part_salt, record_id
from ledger.acts.manifests import (
    AdjustShipment,
    CancelShipment,
    Draw,
    RecordTransfer,
    RegisterShipment,
    SplitShipment,
)
from ledger.ids import ZERO32, Commitment, RecordId, Time
from ledger.journal.entries import Entry, next_head
from ledger.records.book import Book, known
from ledger.records.certificates import backing
from ledger.records.codes import CustodyGrade, Irregular, Role, ShipmentStatus
from ledger.records.counting import behind, fact_bits, grade_bit, roles_of
from ledger.records.standing import is_over
from ledger.records.states import NO_HEAD, NO_RECORD, NO_ROLES, REGULAR, License, Shipment, ShipmentLine

Redraw = AdjustShipment | CancelShipment | SplitShipment
Manifest = RegisterShipment | RecordTransfer | Redraw


def manifest_after(act: Manifest, entry: Entry, book: Book) -> Shipment:
    """The shipment as the act leaves it; the parts of one that is split are `parts_of`."""
    match act:
        case RegisterShipment():
            return _registered(act, entry, book)
        case RecordTransfer():
            return _transferred(act, entry, book)
    return _redrawn(act, known(Shipment, act.record, book))


def _registered(act: RegisterShipment, entry: Entry, book: Book) -> Shipment:
    """A new shipment; goods that were delivered before start where they were."""
    license = known(License, act.license, book)
    origin = license.exporter
    if license.continues != NO_RECORD:
        origin = known(Shipment, license.continues, book).end_user
    return Shipment(
        record=RecordId(act.record),
        created_seq=entry.seq,
        license=license.record,
        exporter=act.organization,
        end_user=act.end_user,
        holder=origin,
        responsible=behind(entry, book),
        status=ShipmentStatus.REGISTERED,
        share=act.share,
        waybill=Commitment(act.waybill),
        document=Commitment(act.document),
        lines=_lines(act.draws),
    )


def _transferred(act: RecordTransfer, entry: Entry, book: Book) -> Shipment:
    """Intangible goods: with the recipient at once, by the word of one side."""
    responsible = behind(entry, book)
    reported = act.end_user not in (0, responsible)
    shipment = Shipment(
        record=RecordId(act.record),
        created_seq=entry.seq,
        license=RecordId(act.license),
        exporter=act.organization,
        end_user=act.end_user,
        holder=act.end_user or act.organization,
        responsible=responsible,
        last_fact=Time(act.occurred_at),
        status=ShipmentStatus.DEPARTED,
        departed_at=Time(act.occurred_at),
        grade=CustodyGrade.B,
        departure_grade=CustodyGrade.B,
        reported=reported,
        intangible=True,
        share=act.share,
        waybill=Commitment(ZERO32),
        document=Commitment(act.document),
        lines=_lines(act.draws),
    )
    shipment = replace(shipment, irregular=_transfer_bits(act, shipment, entry, book))
    return replace(shipment, report_head=entry.record_head) if reported else shipment


def _lines(draws: tuple[Draw, ...]) -> tuple[ShipmentLine, ...]:
    return tuple(ShipmentLine(license_line=draw.line, held=draw.quantity) for draw in draws)


def _transfer_bits(act: RecordTransfer, shipment: Shipment, entry: Entry, book: Book) -> Irregular:
    license = known(License, act.license, book)
    terms = book.policy(license.policy).terms
    bits = fact_bits(act.occurred_at, shipment, toward=act.end_user, entry=entry, book=book) | grade_bit(terms)
    if not license.valid(act.occurred_at):
        bits |= Irregular.NOT_IN_FORCE
    active = book.organization(act.end_user).active_roles if act.end_user else NO_ROLES
    if not active or not license.party_roles(act.end_user) & Role.END_USER:
        bits |= Irregular.RECEIVER
    found = backing(shipment, license, act.occurred_at, book)
    exempt = roles_of(act.end_user, book) & terms.exempt_roles
    if found.failing or not (exempt or found.satisfies(terms)):
        bits |= Irregular.CERTIFICATE
    taken = {draw.line: draw.quantity for draw in act.draws}
    return bits | (Irregular.OVER_DRAW if is_over(license, terms, taken, act.share) else REGULAR)


def _redrawn(act: Redraw, shipment: Shipment) -> Shipment:
    """The shipment after its draw was changed, given back, or divided."""
    match act:
        case AdjustShipment():
            return _adjusted(act, shipment)
        case CancelShipment():
            complete = all(line.held == line.registered for line in shipment.lines)
            given_back = replace(shipment, share=0) if complete else shipment
            return replace(given_back, status=ShipmentStatus.CANCELLED, offered_to=0, lines=_emptied(shipment))
    return replace(shipment, status=ShipmentStatus.SPLIT, share=0, lines=_emptied(shipment))


def _adjusted(act: AdjustShipment, shipment: Shipment) -> Shipment:
    lines = list(shipment.lines)
    for change in act.adjustments:
        lines[change.line] = replace(lines[change.line], held=lines[change.line].held + change.quantity)
    return replace(shipment, lines=tuple(lines), share=shipment.share + act.share, document=Commitment(act.document))


def _emptied(shipment: Shipment) -> tuple[ShipmentLine, ...]:
    return tuple(replace(line, held=0) for line in shipment.lines)


def parts_of(act: SplitShipment, entry: Entry, book: Book) -> list[Shipment]:
    """The parts that the act makes of the shipment as it stood before."""
    whole = known(Shipment, act.record, book)
    return [_part(act, whole, index, entry=entry, book=book) for index in range(len(act.shares))]


def _part(act: SplitShipment, whole: Shipment, index: int, *, entry: Entry, book: Book) -> Shipment:
    origin, salt = book.origin(), part_salt(act.record, index)
    own = act.quantities[index * len(whole.lines) : (index + 1) * len(whole.lines)]
    return replace(
        whole,
        record=record_id(
            origin.chain_id, origin.shipments, kind=RecordKind.SHIPMENT, organization=act.organization, salt=salt
        ),
        version=1,
        head=next_head(ZERO32, entry.digest, entry.signer),
        notes=0,
        note_head=NO_HEAD,
        created_seq=entry.seq,
        last_seq=entry.seq,
        discrepancy=False,
        offered_by_holder=False,
        reported=False,
        report_head=NO_HEAD,
        proposals=(),
        parent=whole.record,
        part=index,
        share=act.shares[index],
        document=Commitment(act.document),
        lines=tuple(
            ShipmentLine(license_line=line.license_line, held=quantity)
            for line, quantity in zip(whole.lines, own, strict=True)
        ),
    )
