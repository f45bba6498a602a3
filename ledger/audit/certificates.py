"""Kinds 40 to 45: the end-user's undertaking, and what licenses may rest on it (RULES.md, section 3)."""

from ledger.acts.act import Act, RecordKind
from ledger.acts.certificates import (
    CosignCertificate,
    EndorseCertificate,
    RecordCertificate,
    RevokeCertificate,
    SignCertificate,
    VerifyCertificate,
)
from ledger.audit.authority import require_known
from ledger.audit.case import Case, Row
from ledger.audit.codes import (
    CONSIGNEE_NUMBER,
    EXPORTER_NUMBER,
    FOREVER,
    MOST_DECIMALS,
    MOST_LINES,
    CertificateGrade,
    CertificateStatus,
    Power,
    Role,
    bits,
)
from ledger.audit.heads import granting
from ledger.audit.refusals import refuse, require, require_between, require_commitment, require_quantity
from ledger.audit.state import Certificate, CertifiedLine
from ledger.ids import ZERO32

New = Case[SignCertificate] | Case[RecordCertificate]
VALID = bits(CertificateStatus.VALID)
COSIGNING = Role.EXPORTER | Role.CONSIGNEE


def by_its_end_user(case: Case[SignCertificate]) -> int:
    """40: the end-user that the act names."""
    act = case.act
    require(act.organization == act.end_user, "WrongOrganization", act.organization, act.end_user)
    return 0


def by_its_exporter(case: Case[RecordCertificate]) -> int:
    """42: the exporter that the act names."""
    act = case.act
    require(act.organization == act.exporter, "WrongOrganization", act.organization, act.exporter)
    return 0


def by_cosigner(case: Case[CosignCertificate]) -> int:
    """41: role 3 or 5; 3: its exporter, APPLY; 5: a CONSIGNEE, CERTIFY."""
    named, certificate = case.act.organization, case.the(Certificate)
    if case.act.role == EXPORTER_NUMBER:
        require(named == certificate.exporter, "WrongOrganization", named, certificate.exporter)
        return 0
    if case.act.role == CONSIGNEE_NUMBER:
        roles = case.state.roles(named)
        require(bool(roles & Role.CONSIGNEE), "RoleMissing", named, roles, Role.CONSIGNEE)
        return 1
    return refuse("RolesInvalid", (1 << case.act.role) % 2**16, COSIGNING)


def by_verifier(case: Case[VerifyCertificate]) -> int:
    """43: the certificate's authority, or a mission that it sponsors."""
    named, authority = case.act.organization, case.the(Certificate).authority
    if named == authority:
        return 0
    require_known(case.state, named)
    mission = bool(case.state.roles(named) & Role.MISSION) and case.state.sponsor(named) == authority
    require(mission, "OutsideJurisdiction", named, case.act.record)
    return 0


def by_sponsor_of_end_user(case: Case[EndorseCertificate]) -> int:
    """44."""
    sponsor = case.state.sponsor(case.the(Certificate).end_user)
    require(case.act.organization == sponsor, "OutsideJurisdiction", case.act.organization, case.act.record)
    return 0


def by_revoker(case: Case[RevokeCertificate]) -> int:
    """45: the end-user, CERTIFY; once endorsed, the sponsor of its end-user, VERIFY."""
    named, certificate = case.act.organization, case.the(Certificate)
    if named == certificate.end_user:
        return 0
    endorsed = bool(certificate.signers & Role.AUTHORITY)
    endorser = endorsed and named == case.state.sponsor(certificate.end_user)
    require(endorser, "WrongOrganization", named, certificate.end_user)
    return 1


def check_new(case: New) -> None:
    """40, 42: document; roles; validity; lines; the one superseded."""
    act = case.act
    require_commitment("document", act.document)
    named = ((act.exporter, Role.EXPORTER), (act.end_user, Role.END_USER), (act.authority, Role.AUTHORITY))
    for organization, role in named:
        roles = case.state.roles(organization)
        require(bool(roles & role), "RoleMissing", organization, roles, role)
    before = max(act.valid_until, 1) - 1
    require(act.valid_from < act.valid_until, "OutOfRange", "validFrom", act.valid_from, 0, before)
    require_between("validUntil", act.valid_until, case.time + 1, FOREVER)
    require_between("lines", len(act.lines), 1, MOST_LINES)
    for line in act.lines:
        require_between("decimals", line.decimals, 0, MOST_DECIMALS)
        require(any(line.unit), "OutOfRange", "unit", 0, 1, 2**24 - 1)
        require_quantity("quantity", line.quantity)
    if any(act.supersedes):
        _check_supersedes(case)


def grade_of(case: New) -> int:
    """A signed by the end-user, R recorded from paper."""
    return CertificateGrade.SIGNED if isinstance(case.act, SignCertificate) else CertificateGrade.RECORDED


def _check_supersedes(case: New) -> None:
    """Same exporter and end-user, valid, no higher grade; its lines kept and what is granted of them certified."""
    act, grade = case.act, grade_of(case)
    old = case.state.the(Certificate, act.supersedes)
    for named, required in ((act.exporter, old.exporter), (act.end_user, old.end_user)):
        require(named == required, "CertificateMismatch", old.number, named, required)
    require(old.status == CertificateStatus.VALID, "WrongStatus", old.record, old.status, VALID)
    require(old.grade <= grade, "GradeNotRaised", old.record, old.grade, grade)
    require_between("lines", len(act.lines), len(old.lines), MOST_LINES)
    for index, (line, before) in enumerate(zip(act.lines, old.lines, strict=False)):
        same = (line.unit, line.decimals) == (before.unit, before.decimals)
        require(same, "UnitMismatch", old.record, index, line.unit, line.decimals)
        covered = line.quantity >= before.granted
        require(covered, "CertificateExceeded", old.number, index, before.granted, line.quantity)


def add(case: New) -> None:
    """40, 42: a number; it inherits what is granted of the one superseded, and its use; that one is noted."""
    act, state = case.act, case.state
    number = state.next_number(RecordKind.CERTIFICATE)
    old = state.draft(Certificate, act.supersedes) if any(act.supersedes) else None
    first = number
    granted = [0] * len(act.lines)
    if old:
        old.status, first = CertificateStatus.SUPERSEDED, old.first
        granted[: len(old.lines)] = [line.granted for line in old.lines]
        case.touch(old.record, granting(act.record, ()))
    lines = zip(act.lines, granted, strict=True)
    certificate = Certificate(
        record=act.record,
        number=number,
        first=first,
        exporter=act.exporter,
        end_user=act.end_user,
        authority=act.authority,
        valid_from=act.valid_from,
        valid_until=act.valid_until,
        grade=grade_of(case),
        lines=tuple(CertifiedLine(line.unit, line.decimals, line.quantity, taken) for line, taken in lines),
        used=old is not None and old.used,
    )
    state.numbered.put((RecordKind.CERTIFICATE, number), act.record)
    state.newest.put(first, number)
    state.records.put(act.record, certificate)


def check_cosign(case: Case[CosignCertificate]) -> None:
    """41: not cosigned in that role, as consignee by the same organization; document."""
    act, certificate = case.act, case.the(Certificate)
    cosigned = bool(certificate.signers >> act.role & 1)
    if act.role == CONSIGNEE_NUMBER:
        cosigned = certificate.consignee == act.organization
    require(not cosigned, "AlreadyCosigned", act.record, act.role)
    require_commitment("document", act.document)


def cosign(case: Case[CosignCertificate]) -> None:
    """41."""
    certificate = case.draft(Certificate)
    certificate.signers |= 1 << case.act.role
    if case.act.role == CONSIGNEE_NUMBER:
        certificate.consignee = case.act.organization


def check_verify(case: Case[VerifyCertificate]) -> None:
    """43: document; method; grade is R."""
    require_commitment("document", case.act.document)
    require_between("method", case.act.method, 1, 6)
    grade = case.the(Certificate).grade
    recorded = grade == CertificateGrade.RECORDED
    require(recorded, "GradeNotRaised", case.act.record, grade, CertificateGrade.VERIFIED)


def verify(case: Case[VerifyCertificate]) -> None:
    """43."""
    case.draft(Certificate).grade = CertificateGrade.VERIFIED


def check_endorse(case: Case[EndorseCertificate]) -> None:
    """44: document; not endorsed."""
    require_commitment("document", case.act.document)
    endorsed = case.the(Certificate).signers & Role.AUTHORITY
    require(not endorsed, "AlreadyCosigned", case.act.record, 0)


def endorse(case: Case[EndorseCertificate]) -> None:
    """44."""
    case.draft(Certificate).signers |= Role.AUTHORITY


def is_in_force(certificate: Certificate, moment: int) -> bool:
    """Valid and inside its window."""
    valid = certificate.status == CertificateStatus.VALID
    return valid and certificate.valid_from <= moment < certificate.valid_until


def grant(case: Case[Act], number: int, quantities: list[tuple[int, int]], *, license: bytes) -> None:
    """Adds what a license takes of the newest certificate of that number, by line, and notes it (I2)."""
    found = case.state.certificate(number)
    certificate = case.state.draft(Certificate, found.record if found else ZERO32)
    taken = [sum(quantity for line, quantity in quantities if line == index) for index in range(len(certificate.lines))]
    certificate.lines = tuple(
        CertifiedLine(line.unit, line.decimals, line.certified, line.granted + more)
        for line, more in zip(certificate.lines, taken, strict=True)
    )
    case.touch(certificate.record, granting(license, quantities))


ROWS = (
    Row(
        act=SignCertificate,
        record=Certificate,
        powers=(Power.CERTIFY,),
        to=CertificateStatus.VALID,
        relation=by_its_end_user,
        checks=check_new,
        effects=add,
    ),
    Row(
        act=CosignCertificate,
        record=Certificate,
        powers=(Power.APPLY, Power.CERTIFY),
        allowed=VALID,
        relation=by_cosigner,
        checks=check_cosign,
        effects=cosign,
    ),
    Row(
        act=RecordCertificate,
        record=Certificate,
        powers=(Power.APPLY,),
        keyless=Power.RECORD,
        to=CertificateStatus.VALID,
        relation=by_its_exporter,
        checks=check_new,
        effects=add,
    ),
    Row(
        act=VerifyCertificate,
        record=Certificate,
        powers=(Power.VERIFY,),
        allowed=VALID,
        relation=by_verifier,
        checks=check_verify,
        effects=verify,
    ),
    Row(
        act=EndorseCertificate,
        record=Certificate,
        powers=(Power.VERIFY,),
        allowed=VALID,
        relation=by_sponsor_of_end_user,
        checks=check_endorse,
        effects=endorse,
    ),
    Row(
        act=RevokeCertificate,
        record=Certificate,
        powers=(Power.CERTIFY, Power.VERIFY),
        allowed=VALID,
        to=CertificateStatus.REVOKED,
        relation=by_revoker,
    ),
)
