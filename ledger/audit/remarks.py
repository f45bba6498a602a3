"""Kinds 116 to 119: notes about a shipment, which move neither its head nor its last fact (RULES.md, section 6)."""

from ledger.acts.act import Act
from ledger.acts.reports import AddStatement, AttachSerials, ReportDiscrepancy, ReportLoss
from ledger.audit.case import Case, Row
from ledger.audit.codes import MOST_SERIALS, Power, ShipmentStatus
from ledger.audit.custody import LIVE, is_inspector, license_of, party_roles
from ledger.audit.parcels import lose
from ledger.audit.refusals import require, require_between, require_commitment
from ledger.audit.reports import by_reporter
from ledger.audit.state import Shipment


def by_holder_responsible_or_authority(case: Case[ReportLoss]) -> int:
    """117: holder or responsible, CUSTODY; the license's authority, RECORD."""
    shipment, named = case.the(Shipment), case.act.organization
    if named in (shipment.holder, shipment.responsible):
        return 0
    require(named == license_of(case).authority, "NotTheHolder", named, shipment.holder)
    return 1


def by_exporter_holder_or_responsible(case: Case[AttachSerials]) -> int:
    """118."""
    shipment, named = case.the(Shipment), case.act.organization
    involved = named in (shipment.exporter, shipment.holder, shipment.responsible)
    require(involved, "NotAParty", named, shipment.record)
    return 0


def by_party_or_authority(case: Case[AddStatement]) -> int:
    """119: a party of the shipment or license, its authority, or an inspector."""
    shipment, license, named = case.the(Shipment), license_of(case), case.act.organization
    involved = (
        named in (shipment.exporter, shipment.end_user, shipment.holder, shipment.responsible, shipment.offered_to)
        or bool(party_roles(case.state, license, named))
        or is_inspector(case.state, shipment, named)
    )
    require(involved, "NotAParty", named, shipment.record)
    return 0


def check_document(case: Case[ReportDiscrepancy]) -> None:
    """116: document."""
    require_commitment("document", case.act.document)


def flag(case: Case[Act]) -> None:
    """116."""
    case.draft(Shipment).discrepancy = True


def check_loss(case: Case[ReportLoss]) -> None:
    """117: document; one number a line, at most held and unaccounted, not all 0."""
    lost, lines = case.act.lost, case.the(Shipment).lines
    require_commitment("document", case.act.document)
    require(len(lost) == len(lines), "CountsMismatch", len(lost), len(lines))
    for index, (parcel, quantity) in enumerate(zip(lines, lost, strict=True)):
        maximum = parcel.held + parcel.unaccounted
        require(quantity <= maximum, "CountExceedsHeld", index, quantity, maximum)
    require(any(lost), "OutOfRange", "lost", 0, 1, 2**256 - 1)


def report_loss(case: Case[ReportLoss]) -> int | None:
    """117: lost where nothing is left held."""
    shipment = case.draft(Shipment)
    shipment.lines = lose(shipment.lines, case.act.lost)
    return None if any(parcel.held for parcel in shipment.lines) else ShipmentStatus.LOST


def check_serials(case: Case[AttachSerials]) -> None:
    """118: line known; 1 to 256 serials."""
    require_between("line", case.act.line, 0, len(case.the(Shipment).lines) - 1)
    require_between("serials", len(case.act.serials), 1, MOST_SERIALS)


def check_statement(case: Case[AddStatement]) -> None:
    """119: document; statement kind."""
    require_commitment("document", case.act.document)
    require_between("kind", case.act.kind, 1, 8)


ROWS = (
    Row(
        act=ReportDiscrepancy,
        record=Shipment,
        powers=(Power.CUSTODY, Power.RECORD),
        relation=by_reporter,
        when_suspended=True,
        checks=check_document,
        effects=flag,
    ),
    Row(
        act=ReportLoss,
        record=Shipment,
        powers=(Power.CUSTODY, Power.RECORD),
        allowed=LIVE,
        relation=by_holder_responsible_or_authority,
        when_suspended=True,
        checks=check_loss,
        effects=report_loss,
    ),
    Row(
        act=AttachSerials,
        record=Shipment,
        powers=(Power.CUSTODY,),
        relation=by_exporter_holder_or_responsible,
        when_suspended=True,
        checks=check_serials,
    ),
    Row(
        act=AddStatement,
        record=Shipment,
        powers=(Power.STATE,),
        relation=by_party_or_authority,
        when_suspended=True,
        checks=check_statement,
    ),
)
