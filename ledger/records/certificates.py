"""Effects on certificates, and what stands behind the lines of a shipment (RULES.md, sections 3 and 5)."""

from dataclasses import dataclass, replace

from ledger.acts.act import Act, RecordKind
from ledger.acts.certificates import CertificateLine as CertifiedLine
from ledger.acts.certificates import (
    CosignCertificate,
    EndorseCertificate,
    RecordCertificate,
    RevokeCertificate,
    SignCertificate,
    VerifyCertificate,
)
from ledger.acts.organizations import Terms
from ledger.ids import Commitment, RecordId, Time
from ledger.journal.entries import Entry
from ledger.records.book import Book, known
from ledger.records.codes import CertificateGrade, CertificateStatus, Role
from ledger.records.directory import no_effect
from ledger.records.states import NO_RECORD, NO_ROLES, Certificate, CertificateLine, License, Shipment


def certificate_after(act: Act, entry: Entry, book: Book) -> Certificate:
    """The certificate as the act leaves it."""
    if isinstance(act, SignCertificate | RecordCertificate):
        return _certified(act, entry, book)
    certificate = known(Certificate, act.record, book)
    match act:
        case CosignCertificate():
            role = Role(1 << act.role)
            consignee = act.organization if role == Role.CONSIGNEE else certificate.consignee
            return replace(certificate, signers=certificate.signers | role, consignee=consignee)
        case EndorseCertificate():
            return replace(certificate, signers=certificate.signers | Role.AUTHORITY)
        case VerifyCertificate():
            return replace(certificate, grade=CertificateGrade.V)
        case RevokeCertificate():
            return replace(certificate, status=CertificateStatus.REVOKED)
    raise no_effect(act)


def _certified(act: SignCertificate | RecordCertificate, entry: Entry, book: Book) -> Certificate:
    former = known(Certificate, act.supersedes, book) if act.supersedes != NO_RECORD else None
    record = RecordId(act.record)
    number = book.new_number(RecordKind.CERTIFICATE, record)
    return Certificate(
        record=record,
        created_seq=entry.seq,
        number=number,
        exporter=act.exporter,
        end_user=act.end_user,
        authority=act.authority,
        valid_from=Time(act.valid_from),
        valid_until=Time(act.valid_until),
        status=CertificateStatus.VALID,
        grade=CertificateGrade.A if isinstance(act, SignCertificate) else CertificateGrade.R,
        document=Commitment(act.document),
        supersedes=RecordId(act.supersedes),
        first=former.first if former else number,
        used=former.used if former else False,
        lines=_lines(act.lines, former.lines if former else ()),
    )


def _lines(certified: tuple[CertifiedLine, ...], former: tuple[CertificateLine, ...]) -> tuple[CertificateLine, ...]:
    """What licenses have granted of the former certificate is granted of the new one."""
    granted = [line.granted for line in former] + [0] * (len(certified) - len(former))
    return tuple(
        CertificateLine(unit=line.unit, decimals=line.decimals, certified=line.quantity, granted=taken)
        for line, taken in zip(certified, granted, strict=True)
    )


def newest(record: bytes, book: Book) -> Certificate | None:
    """The newest certificate of that one's line of succession; None for no record."""
    if record == NO_RECORD:
        return None
    found = known(Certificate, record, book)
    while found.superseded_by != NO_RECORD:
        found = known(Certificate, found.superseded_by, book)
    return found


@dataclass(frozen=True, slots=True)
class Backing:
    """The certificates behind a shipment's lines."""

    grade: CertificateGrade
    """The weakest; none where a line has no certificate, a revoked one, or another end-user's."""
    signers: Role
    """Roles in which every one is cosigned."""
    failing: bool
    """Whether any is revoked or outside its window."""

    def satisfies(self, terms: Terms) -> bool:
        """Whether the goods may depart on it, end-users that the policy exempts aside."""
        return self.grade >= terms.certificate_grade and not terms.certificate_signers & ~self.signers


def backing(shipment: Shipment, license: License, moment: int, book: Book) -> Backing:
    """What stands behind the shipment at `moment`, UTC seconds; grade and signers do not ask the window."""
    found = [newest(license.lines[line.license_line].certificate, book) for line in shipment.lines]
    counting = [one if one and _counts(one, shipment) else None for one in found]
    signers = ~NO_ROLES
    for one in counting:
        signers &= _signers(one, license) if one else NO_ROLES
    return Backing(
        grade=min(one.grade if one else CertificateGrade.NONE for one in counting),
        signers=signers,
        failing=any(one is not None and not one.in_force(moment) for one in found),
    )


def _counts(certificate: Certificate, shipment: Shipment) -> bool:
    return certificate.status == CertificateStatus.VALID and certificate.end_user == shipment.end_user


def _signers(certificate: Certificate, license: License) -> Role:
    """A consignee counts only where the license names it as such."""
    if license.party_roles(certificate.consignee) & Role.CONSIGNEE:
        return certificate.signers
    return certificate.signers & ~Role.CONSIGNEE
