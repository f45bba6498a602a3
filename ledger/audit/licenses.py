"""Kinds 66, 68 to 71: licenses between issue and end (RULES.md, section 4).

Enforcement (62 to 65) is in `orders.py`.
"""

from ledger.acts.act import Act
from ledger.acts.licensing import (
    AcknowledgeConditions,
    CorrectLicense,
    CreditReturn,
    SurrenderLicense,
    TransferLicense,
)
from ledger.audit.case import Case, Row
from ledger.audit.codes import CONTINUING, LicenseStatus, Power, Role, ShipmentStatus, bits
from ledger.audit.draws import LIVE, Taking, shift
from ledger.audit.heads import granting
from ledger.audit.parcels import change_lines
from ledger.audit.refusals import require, require_between, require_commitment
from ledger.audit.state import Application, License, Shipment

ISSUED = bits(LicenseStatus.ISSUED)


def by_its_exporter(case: Case[Act]) -> int:
    """The exporter that has the license."""
    exporter = case.the(License).exporter
    require(case.act.organization == exporter, "WrongOrganization", case.act.organization, exporter)
    return 0


def by_its_authority(case: Case[Act]) -> int:
    """The authority that issued it."""
    within = case.act.organization == case.the(License).authority
    require(within, "OutsideJurisdiction", case.act.organization, case.act.record)
    return 0


def by_exporter_or_party(case: Case[AcknowledgeConditions]) -> int:
    """71."""
    license, named = case.the(License), case.act.organization
    parties = case.state.the(Application, license.application).parties
    party = any(organization == named for organization, _ in parties)
    require(named == license.exporter or party, "NotAParty", named, case.act.record)
    return 0


def check_document(case: Case[CorrectLicense] | Case[AcknowledgeConditions]) -> None:
    """66, 71: document."""
    require_commitment("document", case.act.document)


def check_transfer(case: Case[TransferLicense]) -> None:
    """68: the next exporter; transfers left; document."""
    act, license, state = case.act, case.the(License), case.state
    roles = state.roles(act.to)
    require(bool(roles & Role.EXPORTER), "RoleMissing", act.to, roles, Role.EXPORTER)
    require(state.sponsor(act.to) == license.authority, "OutsideJurisdiction", act.organization, act.record)
    require(act.to != license.exporter, "AlreadyHolder", act.to)
    allowed = state.policy(license.policy).terms.transfers
    require(license.transfers < allowed, "TransfersExhausted", act.record, license.transfers, allowed)
    require_commitment("document", act.document)


def transfer(case: Case[TransferLicense]) -> None:
    """68."""
    license = case.draft(License)
    license.exporter = case.act.to
    license.transfers += 1


def release_continued(case: Case[Act]) -> None:
    """65, 69: a retransfer or re-export license gives back to its shipment what was not drawn (I11)."""
    license = case.the(License)
    if license.kind not in CONTINUING:
        return
    record = case.state.the(Application, license.application).continues
    shipment = case.state.draft(Shipment, record)
    rest = [max(line.granted - line.drawn, 0) for line in license.lines]
    shipment.lines = change_lines(shipment.lines, rest, lambda parcel, left: {"continued": parcel.continued - left})
    case.touch(record, granting(license.record, [(index, -left) for index, left in enumerate(rest)]))


def check_credit(case: Case[CreditReturn]) -> None:
    """70: document; the shipment, of this license, returned, not credited; share; what came back, line by line."""
    act = case.act
    require_commitment("document", act.document)
    shipment = case.state.the(Shipment, act.shipment)
    require(shipment.license == act.record, "ShipmentNotOfLicense", act.shipment, act.record)
    returned = shipment.status == ShipmentStatus.RETURNED
    require(returned, "WrongStatus", act.shipment, shipment.status, bits(ShipmentStatus.RETURNED))
    require(not shipment.credited, "AlreadyCredited", act.shipment)
    require_between("share", act.share, 0, shipment.share)
    require(len(act.returned) == len(shipment.lines), "CountsMismatch", len(act.returned), len(shipment.lines))
    for named, parcel in zip(act.returned, shipment.lines, strict=True):
        quantity = named.quantity if named.line == parcel.line else 0
        same = (named.line, named.quantity) == (parcel.line, parcel.returned)
        require(same, "ReturnMismatch", act.shipment, parcel.line, quantity, parcel.returned)


def credit(case: Case[CreditReturn]) -> None:
    """70, by the second agent: what was returned is no longer drawn; the shipment is noted."""
    act = case.act
    shipment = case.state.draft(Shipment, act.shipment)
    shipment.credited = True
    shift(case.state, act.record, returned(shipment, act.share))
    case.touch(act.shipment, granting(act.record, []))


def returned(shipment: Shipment, share: int) -> Taking:
    """What comes back to a license with returned goods."""
    quantities = tuple((parcel.line, -parcel.returned) for parcel in shipment.lines)
    return Taking(shipment.record, shipment.end_user, -share, quantities)


ROWS = (
    Row(
        act=CorrectLicense,
        record=License,
        powers=(Power.DECIDE,),
        allowed=LIVE,
        relation=by_its_authority,
        checks=check_document,
    ),
    Row(
        act=TransferLicense,
        record=License,
        powers=(Power.DECIDE,),
        allowed=ISSUED,
        relation=by_its_authority,
        checks=check_transfer,
        effects=transfer,
    ),
    Row(
        act=SurrenderLicense,
        record=License,
        powers=(Power.APPLY,),
        allowed=LIVE,
        to=LicenseStatus.SURRENDERED,
        relation=by_its_exporter,
        effects=release_continued,
    ),
    Row(
        act=CreditReturn,
        record=License,
        powers=(Power.ENFORCE,),
        allowed=LIVE,
        relation=by_its_authority,
        two_agents=True,
        checks=check_credit,
        effects=credit,
    ),
    Row(
        act=AcknowledgeConditions,
        record=License,
        powers=(Power.STATE,),
        allowed=LIVE,
        relation=by_exporter_or_party,
        checks=check_document,
    ),
)
