"""Effects on certificates, applications and licenses, and what notes do to them (RULES.md, sections 3 and 4)."""

from collections.abc import Sequence
from dataclasses import replace

from ledger.acts.act import Act, RecordKind
from ledger.acts.licensing import (
    ApplyForLicense,
    AssessApplication,
    IssueLicense,
    RecordCertificate,
    RecordLicense,
    RefuseApplication,
    ReinstateLicense,
    RevokeCertificate,
    SignCertificate,
    SuspendLicense,
    VerifyCertificate,
)
from ledger.acts.licensing import LicenseLine as AskedLine
from ledger.ids import Commitment, RecordId, Time
from ledger.journal.entries import Entry, LineDelta, certificate_delta, license_delta, record_delta
from ledger.records.book import Book, known
from ledger.records.codes import (
    ApplicationStatus,
    CertificateGrade,
    CertificateStatus,
    Control,
    LicenseKind,
    LicenseStatus,
)
from ledger.records.directory import no_effect
from ledger.records.states import Application, Certificate, CertificateLine, License, LicenseLine, Record

HOUR = 3600


def certificate_after(act: Act, entry: Entry, book: Book) -> Certificate:
    """A new certificate, or one verified or revoked."""
    match act:
        case SignCertificate():
            return _certified(act, CertificateGrade.A, entry, book)
        case RecordCertificate():
            return _certified(act, CertificateGrade.R, entry, book)
        case VerifyCertificate():
            return replace(known(Certificate, act.record, book), grade=CertificateGrade.V)
        case RevokeCertificate():
            return replace(known(Certificate, act.record, book), status=CertificateStatus.REVOKED)
    raise no_effect(act)


def _certified(
    act: SignCertificate | RecordCertificate, grade: CertificateGrade, entry: Entry, book: Book
) -> Certificate:
    record = RecordId(act.record)
    return Certificate(
        record=record,
        created_seq=entry.seq,
        number=book.new_number(RecordKind.CERTIFICATE, record),
        exporter=act.exporter,
        end_user=act.end_user,
        authority=act.authority,
        valid_from=Time(act.valid_from),
        valid_until=Time(act.valid_until),
        status=CertificateStatus.VALID,
        grade=grade,
        document=Commitment(act.document),
        lines=tuple(
            CertificateLine(unit=line.unit, decimals=line.decimals, certified=line.quantity) for line in act.lines
        ),
    )


def application_after(act: Act, entry: Entry, book: Book) -> Application:
    """A new application, or one assessed or refused."""
    match act:
        case ApplyForLicense():
            return _asked(act, entry)
        case RecordLicense():
            return _recorded(act, entry, book)
        case AssessApplication():
            application = known(Application, act.record, book)
            assessor = book.agent(act.organization, entry.signer).number
            return replace(application, status=ApplicationStatus.ASSESSED, assessor=assessor)
        case RefuseApplication():
            return replace(known(Application, act.record, book), status=ApplicationStatus.REFUSED)
    raise no_effect(act)


def _asked(act: ApplyForLicense, entry: Entry) -> Application:
    return Application(
        record=RecordId(act.record),
        created_seq=entry.seq,
        exporter=act.organization,
        authority=act.authority,
        kind=LicenseKind(act.kind),
        status=ApplicationStatus.SUBMITTED,
        recorded=False,
        control=Control.POLICY,
        drawn_share=0,
        assessor=0,
        document=Commitment(act.document),
        parties=act.parties,
        lines=_lines(act.lines),
    )


def _recorded(act: RecordLicense, entry: Entry, book: Book) -> Application:
    return Application(
        record=RecordId(act.record),
        created_seq=entry.seq,
        exporter=act.exporter,
        authority=act.organization,
        kind=LicenseKind(act.kind),
        status=ApplicationStatus.ASSESSED,
        recorded=True,
        control=Control(act.control),
        drawn_share=act.drawn_share,
        assessor=book.agent(act.organization, entry.signer).number,
        document=Commitment(act.document),
        parties=act.parties,
        lines=_lines(act.lines),
    )


def _lines(asked: Sequence[AskedLine]) -> tuple[LicenseLine, ...]:
    return tuple(
        LicenseLine(
            unit=line.unit,
            decimals=line.decimals,
            granted=line.granted,
            drawn=line.drawn,
            unlimited=line.unlimited,
            certificate=RecordId(line.certificate),
            certificate_line=line.certificate_line,
        )
        for line in asked
    )


def license_after(act: Act, entry: Entry, book: Book) -> License:
    """A new license, or one suspended or reinstated."""
    match act:
        case IssueLicense():
            return _issued(act, entry, book)
        case SuspendLicense():
            return _suspended(known(License, act.record, book), entry, book)
        case ReinstateLicense():
            license = known(License, act.record, book)
            return replace(license, status=LicenseStatus.ISSUED, stopped_until=entry.time)
    raise no_effect(act)


def _issued(act: IssueLicense, entry: Entry, book: Book) -> License:
    application = known(Application, act.application, book)
    record = RecordId(act.record)
    policy = book.policy(act.policy)
    return License(
        record=record,
        created_seq=entry.seq,
        number=book.new_number(RecordKind.LICENSE, record),
        exporter=application.exporter,
        authority=application.authority,
        policy=act.policy,
        kind=application.kind,
        control=application.control if application.recorded else Control(policy.terms.control),
        status=LicenseStatus.ISSUED,
        valid_from=Time(act.valid_from),
        valid_until=Time(act.valid_until),
        shares=application.drawn_share,
        application=application.record,
        document=Commitment(act.document),
        parties=application.parties,
        lines=application.lines,
    )


def _suspended(license: License, entry: Entry, book: Book) -> License:
    until = entry.time + book.policy(license.policy).terms.suspension_hours * HOUR
    return replace(
        license,
        status=LicenseStatus.SUSPENDED,
        stopped_until=Time(max(license.stopped_until, until)),
        suspender=book.agent(entry.organization, entry.signer).number,
    )


def noted(record: Record, delta: bytes) -> Record:
    """What a note changes in its record, its own chain aside: draws, grants, a decision."""
    match record:
        case License():
            drawn = license_delta(delta)
            return replace(record, shares=record.shares + drawn.share, lines=_drawn(record.lines, drawn.lines))
        case Certificate():
            return replace(record, lines=_granted(record.lines, certificate_delta(delta).lines))
        case Application():
            return replace(record, status=ApplicationStatus.GRANTED, license=record_delta(delta))
    return record


def _drawn(lines: tuple[LicenseLine, ...], deltas: Sequence[LineDelta]) -> tuple[LicenseLine, ...]:
    after = list(lines)
    for delta in deltas:
        after[delta.line] = replace(after[delta.line], drawn=after[delta.line].drawn + delta.quantity)
    return tuple(after)


def _granted(lines: tuple[CertificateLine, ...], deltas: Sequence[LineDelta]) -> tuple[CertificateLine, ...]:
    after = list(lines)
    for delta in deltas:
        after[delta.line] = replace(after[delta.line], granted=after[delta.line].granted + delta.quantity)
    return tuple(after)
