"""What is asked for in 50, 51 and 56: terms, parties, lines, and what it continues (RULES.md, section 4)."""

from collections.abc import Sequence
from dataclasses import dataclass

from ledger.acts.applications import AmendApplication, ApplyForLicense, LicenseLine, RecordLicense
from ledger.audit.case import Case
from ledger.audit.codes import (
    BROKER_NUMBER,
    CONTINUING,
    DAY,
    FOREVER,
    LAST_ROLE_NUMBER,
    MOST_DECIMALS,
    MOST_LINES,
    MOST_PARTIES,
    ApplicationStatus,
    LicenseKind,
    ShipmentStatus,
    bits,
)
from ledger.audit.refusals import refuse, require, require_between, require_commitment, require_quantity
from ledger.audit.state import Application, Certificate, License, Line, Shipment, State

Asking = Case[ApplyForLicense] | Case[AmendApplication] | Case[RecordLicense]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """For whom, from whom, and of what kind; `continues` None: recorded, not asked for."""

    kind: int
    exporter: int
    authority: int
    continues: bytes | None


def check_request(case: Asking, asked: Request) -> None:
    """Document; kind; validity; continues; parties; lines; the certificates that lines name."""
    act = case.act
    require_commitment("document", act.document)
    _check_kind(asked)
    require_between("validUntil", act.valid_until, act.valid_from + 1, FOREVER)
    if asked.continues is not None:
        _check_continues(case, asked, asked.continues)
    _check_parties(case, asked)
    _check_lines(case, asked)
    _check_named_certificates(case, asked)


def _check_kind(asked: Request) -> None:
    """1 to 8; what is recorded continues nothing, so neither 5 nor 6."""
    continues = asked.continues is None and asked.kind in CONTINUING
    require_between("kind", asked.kind, 1, LicenseKind.TEMPORARY if continues else LicenseKind.LAST)


def _check_continues(case: Asking, asked: Request, continues: bytes) -> None:
    if asked.kind in CONTINUING:
        _check_continued_shipment(case, asked, continues)
    elif any(continues) and not isinstance(case.act, AmendApplication):
        _check_appeal_or_successor(case, asked, continues)


def _check_continued_shipment(case: Asking, asked: Request, continues: bytes) -> None:
    """A delivered shipment, as its exporter or end-user; at most its lines, each in its unit."""
    state = case.state
    shipment = state.the(Shipment, continues)
    delivered = shipment.status == ShipmentStatus.DELIVERED
    require(delivered, "WrongStatus", continues, shipment.status, bits(ShipmentStatus.DELIVERED))
    require(asked.exporter in (shipment.exporter, shipment.end_user), "NotAParty", asked.exporter, continues)
    require_between("lines", len(case.act.lines), 1, len(shipment.lines))
    license = state.the(License, shipment.license)
    for index, (line, parcel) in enumerate(zip(case.act.lines, shipment.lines, strict=False)):
        before = license.lines[parcel.line]
        same = (line.unit, line.decimals) == (before.unit, before.decimals)
        require(same, "UnitMismatch", continues, index, line.unit, line.decimals)


def _check_appeal_or_successor(case: Asking, asked: Request, continues: bytes) -> None:
    """A refused application or a license, of the same exporter, authority and kind."""
    appealed = case.state.find(Application, continues)
    named = appealed or case.state.find(License, continues)
    if named is None:
        refuse("UnknownRecord", continues)
    if appealed:
        refused = appealed.status == ApplicationStatus.REFUSED
        require(refused, "WrongStatus", continues, appealed.status, bits(ApplicationStatus.REFUSED))
    require(named.exporter == asked.exporter, "WrongOrganization", asked.exporter, named.exporter)
    require(named.authority == asked.authority, "OutsideJurisdiction", asked.authority, continues)
    require_between("kind", asked.kind, named.kind, named.kind)


def _check_parties(case: Asking, asked: Request) -> None:
    """1 to 16, each known, with one role that it has; for brokering one of them BROKER."""
    parties = case.act.parties
    require_between("parties", len(parties), 1, MOST_PARTIES)
    for party in parties:
        found = case.state.organization(party.organization) or refuse("UnknownOrganization", party.organization)
        require_between("role", party.role, 0, LAST_ROLE_NUMBER)
        has = bool(found.roles >> party.role & 1)
        require(has, "RoleMissing", party.organization, found.roles, 1 << party.role)
    if asked.kind == LicenseKind.BROKERING:
        brokered = any(party.role == BROKER_NUMBER for party in parties)
        require(brokered, "PartyMissing", case.act.record, BROKER_NUMBER)


def _check_lines(case: Asking, asked: Request) -> None:
    """1 to 32: unit, decimals, quantity, nothing drawn, unlimited only for open and general licenses."""
    require_between("lines", len(case.act.lines), 1, MOST_LINES)
    for line in case.act.lines:
        require(any(line.unit), "OutOfRange", "unit", 0, 1, 2**24 - 1)
        require_between("decimals", line.decimals, 0, MOST_DECIMALS)
        may_be_none = asked.kind in CONTINUING or line.unlimited
        require_quantity("granted", line.granted, 0 if may_be_none else 1)
        if asked.continues is None:
            require_quantity("drawn", line.drawn, 0)
            continue
        require_between("drawn", line.drawn, 0, 0)
        may_be_unlimited = asked.kind in (LicenseKind.OPEN, LicenseKind.GENERAL)
        require_between("unlimited", line.unlimited, 0, int(may_be_unlimited))


def _check_named_certificates(case: Asking, asked: Request) -> None:
    """Each exists and may still be used, by the policy that is current now."""
    number = case.state.policies.get((asked.authority, asked.kind))
    terms = case.state.policy(number).terms if number else None
    for line in case.act.lines:
        if any(line.certificate):
            certificate = _named(case.state, line.certificate)
            days = 0 if terms is None else terms.last_use_days if certificate.used else terms.first_use_days
            until = certificate.valid_from + days * DAY
            usable = days == 0 or case.time < until
            require(usable, "UseWindowPassed", certificate.number, until, case.time)


def _named(state: State, record: bytes) -> Certificate:
    """The newest certificate in the line of succession of the one named."""
    named = state.the(Certificate, record)
    return state.certificate(named.number) or named


def named_certificates(state: State, lines: Sequence[LicenseLine]) -> list[Certificate]:
    """The certificates that lines name, each once."""
    found = [_named(state, line.certificate) for line in lines if any(line.certificate)]
    return list({certificate.record: certificate for certificate in found}.values())


def lines_of(state: State, lines: Sequence[LicenseLine]) -> tuple[Line, ...]:
    """Lines as an application keeps them: certificates by number."""
    return tuple(
        Line(
            line.unit,
            line.decimals,
            line.granted,
            line.drawn,
            line.unlimited,
            state.the(Certificate, line.certificate).number if any(line.certificate) else 0,
            line.certificate_line,
        )
        for line in lines
    )
