"""Kinds 60, 61, 67: a license comes into being, a certificate behind it, a license instead of another (section 4)."""

from collections.abc import Sequence
from dataclasses import replace

from ledger.acts.act import Act, RecordKind
from ledger.acts.licensing import BindCertificate, IssueLicense, SupersedeLicense
from ledger.audit.applications import ASSESSED, check_uninvolved
from ledger.audit.case import Case, Row
from ledger.audit.certificates import grant, is_in_force
from ledger.audit.codes import (
    CONTINUING,
    END_USER_NUMBER,
    FOREVER,
    ApplicationStatus,
    LicenseKind,
    LicenseStatus,
    Power,
)
from ledger.audit.draws import LIVE
from ledger.audit.heads import drawing, granting, naming
from ledger.audit.licenses import ISSUED, by_its_exporter
from ledger.audit.parcels import change_lines
from ledger.audit.refusals import refuse, require, require_between
from ledger.audit.state import Application, Certificate, License, Line, Shipment
from ledger.ids import ZERO32

Issuing = Case[IssueLicense] | Case[SupersedeLicense]


def by_the_applications_authority(case: Issuing) -> int:
    """60: the authority that was asked."""
    application = case.state.the(Application, case.act.application)
    within = case.act.organization == application.authority
    require(within, "OutsideJurisdiction", case.act.organization, application.record)
    return 0


def by_the_applications_authority_over_the_old(case: Case[SupersedeLicense]) -> int:
    """67: the same; the license that is superseded exists."""
    case.state.the(License, case.act.license)
    return by_the_applications_authority(case)


def check_issue(case: Case[IssueLicense]) -> None:
    """60: as 67 up to returnBy, then certificates and continuation."""
    application = case.state.the(Application, case.act.application)
    appealed = not any(application.continues) or case.state.find(License, application.continues) is None
    _check_grant(case, application, continues_rightly=appealed)
    for number, lines in _by_certificate(case, application.lines).items():
        _check_certificate(case, application, number, lines, exporter=application.exporter)
    _check_continuation(case, application)


def _check_grant(case: Issuing, application: Application, *, continues_rightly: bool) -> None:
    """Four eyes; assessed head; status; what it continues; policy; validity; return."""
    act, state = case.act, case.state
    require(case.agent != application.assessor, "FourEyes", case.agent, application.record)
    check_uninvolved(case, application)
    same = act.assessed_head == application.head
    require(same, "AssessedHeadMoved", act.assessed_head, application.head)
    assessed = application.status == ApplicationStatus.ASSESSED
    require(assessed, "WrongStatus", application.record, application.status, ASSESSED)
    require(continues_rightly, "WrongContinuation", application.record, application.continues)
    current = state.policies.get((application.authority, application.kind)) or 0
    require(act.policy == current != 0, "PolicyNotCurrent", act.policy, current)
    ended = act.valid_from if application.recorded else max(act.valid_from, case.time)
    require_between("validUntil", act.valid_until, ended + 1, FOREVER)
    if application.kind == LicenseKind.TEMPORARY:
        require_between("returnBy", act.return_by, act.valid_from + 1, FOREVER)
    else:
        require_between("returnBy", act.return_by, 0, 0)


def _by_certificate(case: Case[Act], lines: Sequence[Line]) -> dict[int, list[Line]]:
    """Lines by the number of the newest certificate behind them, in the order in which they name one."""
    found: dict[int, list[Line]] = {}
    for line in lines:
        certificate = case.state.certificate(line.certificate)
        if certificate:
            found.setdefault(certificate.number, []).append(line)
    return found


def _check_certificate(
    case: Case[Act], application: Application, number: int, lines: Sequence[Line], *, exporter: int
) -> None:
    """One certificate and all lines that take from it (I2)."""
    certificate = case.state.certificate(number) or refuse("UnknownRecord", ZERO32)
    named = (certificate.end_user, END_USER_NUMBER) in application.parties
    require(named, "CertificateMismatch", number, 0, certificate.end_user)
    for line in lines:
        index = line.certificate_line
        require_between("certificateLine", index, 0, len(certificate.lines) - 1)
        certified = certificate.lines[index]
        same = (line.unit, line.decimals) == (certified.unit, certified.decimals)
        require(same, "UnitMismatch", certificate.record, index, line.unit, line.decimals)
    require(is_in_force(certificate, case.time), "CertificateNotInForce", number, case.time)
    require(certificate.exporter == exporter, "CertificateMismatch", number, exporter, certificate.exporter)
    for index, certified in enumerate(certificate.lines):
        requested = sum(line.granted for line in lines if line.certificate_line == index)
        remaining = certified.certified - certified.granted
        require(requested <= remaining, "CertificateExceeded", number, index, requested, remaining)


def _check_continuation(case: Case[IssueLicense], application: Application) -> None:
    """I11: at most what was delivered and is not continued yet."""
    if application.kind not in CONTINUING:
        return
    shipment = case.state.the(Shipment, application.continues)
    for index, (line, parcel) in enumerate(zip(application.lines, shipment.lines, strict=False)):
        remaining = parcel.delivered - parcel.continued
        within = line.granted <= remaining
        require(within, "ContinuationExceeded", shipment.record, index, line.granted, remaining)


def issue(case: Case[IssueLicense]) -> None:
    """60: the license; the application is granted; certificates and a continued shipment give what is granted."""
    application = case.state.the(Application, case.act.application)
    _add(case, application)
    for number, lines in _by_certificate(case, application.lines).items():
        quantities = [(line.certificate_line, line.granted) for line in lines]
        grant(case, number, quantities, license=case.act.record)
    if application.kind in CONTINUING:
        _continue(case, application)


def _add(case: Issuing, application: Application) -> None:
    act, state = case.act, case.state
    number = state.next_number(RecordKind.LICENSE)
    license = License(
        record=act.record,
        number=number,
        application=application.record,
        exporter=application.exporter,
        authority=application.authority,
        policy=act.policy,
        kind=application.kind,
        control=application.control or state.policy(act.policy).terms.control,
        valid_from=act.valid_from,
        valid_until=act.valid_until,
        return_by=act.return_by,
        shares=application.drawn_share,
        lines=application.lines,
    )
    state.numbered.put((RecordKind.LICENSE, number), act.record)
    state.records.put(act.record, license)
    state.draft(Application, application.record).status = ApplicationStatus.GRANTED
    case.touch(application.record, naming(act.record))


def _continue(case: Case[IssueLicense], application: Application) -> None:
    """I11: what is granted is continued from now on; the shipment is noted."""
    shipment = case.state.draft(Shipment, application.continues)
    granted = [line.granted for line in application.lines]
    shipment.lines = change_lines(shipment.lines, granted, lambda line, more: {"continued": line.continued + more})
    case.touch(shipment.record, granting(case.act.record, list(enumerate(granted))))


def check_bind(case: Case[BindCertificate]) -> None:
    """61: line known, with no certificate in force; certificate exists; then as at 60."""
    act, state, license = case.act, case.state, case.the(License)
    require_between("line", act.line, 0, len(license.lines) - 1)
    line = license.lines[act.line]
    former = state.certificate(line.certificate)
    bound = former is not None and is_in_force(former, case.time)
    require(not bound, "AlreadyBound", act.record, act.line, line.certificate)
    state.the(Certificate, act.certificate)
    application, newest = state.the(Application, license.application), state.certificate(_named(case))
    asked = replace(line, certificate_line=act.certificate_line, granted=_taken(line))
    _check_certificate(case, application, newest.number if newest else 0, [asked], exporter=license.exporter)


def _named(case: Case[BindCertificate]) -> int:
    return case.state.the(Certificate, case.act.certificate).number


def _taken(line: Line) -> int:
    """What a line takes of a certificate that is bound to it: what was drawn stays with the one of before."""
    if line.unlimited:
        return 0
    return max(line.granted - line.drawn, 0) if line.certificate else line.granted


def bind(case: Case[BindCertificate]) -> None:
    """61."""
    act, license = case.act, case.draft(License)
    line, number = license.lines[act.line], _named(case)
    bound = replace(line, certificate=number, certificate_line=act.certificate_line)
    license.lines = (*license.lines[: act.line], bound, *license.lines[act.line + 1 :])
    grant(case, number, [(act.certificate_line, _taken(line))], license=act.record)


def check_supersede(case: Case[SupersedeLicense]) -> None:
    """67: as 60 up to returnBy; the old license, and each line against what is not drawn of it."""
    state = case.state
    application, old = state.the(Application, case.act.application), state.the(License, case.act.license)
    _check_grant(case, application, continues_rightly=application.continues == old.record)
    require(old.status == LicenseStatus.ISSUED, "WrongStatus", old.record, old.status, ISSUED)
    same = application.exporter == old.exporter
    require(same, "WrongOrganization", application.exporter, old.exporter)
    require_between("lines", len(application.lines), len(old.lines), len(old.lines))
    for index, (line, before) in enumerate(zip(application.lines, old.lines, strict=True)):
        _check_taken_over(case, old, index, line, before)


def _check_taken_over(case: Case[SupersedeLicense], old: License, index: int, line: Line, before: Line) -> None:
    same = (line.unit, line.decimals) == (before.unit, before.decimals)
    require(same, "UnitMismatch", old.record, index, line.unit, line.decimals)
    now, former = case.state.certificate(line.certificate), case.state.certificate(before.certificate)
    backed = now is former and (now is None or line.certificate_line == before.certificate_line)
    require(backed, "CertificateMismatch", line.certificate, 0, 0)
    require_between("unlimited", line.unlimited, 0, int(before.unlimited))
    balance = max(before.granted - before.drawn, 0)
    require(line.granted <= balance, "BalanceExceeded", old.record, index, line.granted, balance)


def supersede(case: Case[SupersedeLicense]) -> None:
    """67: the old line's granted falls by what the new one takes; certificates are not touched."""
    application = case.state.the(Application, case.act.application)
    _add(case, application)
    old = case.state.draft(License, case.act.license)
    taken = [line.granted for line in application.lines]
    old.lines = tuple(replace(line, granted=line.granted - less) for line, less in zip(old.lines, taken, strict=True))
    old.status = LicenseStatus.SUPERSEDED
    case.touch(old.record, drawing(case.act.record, 0, []))


ROWS = (
    Row(
        act=IssueLicense,
        record=License,
        powers=(Power.DECIDE,),
        to=LicenseStatus.ISSUED,
        relation=by_the_applications_authority,
        checks=check_issue,
        effects=issue,
    ),
    Row(
        act=BindCertificate,
        record=License,
        powers=(Power.APPLY,),
        allowed=LIVE,
        relation=by_its_exporter,
        checks=check_bind,
        effects=bind,
    ),
    Row(
        act=SupersedeLicense,
        record=License,
        powers=(Power.DECIDE,),
        to=LicenseStatus.ISSUED,
        relation=by_the_applications_authority_over_the_old,
        checks=check_supersede,
        effects=supersede,
    ),
)
