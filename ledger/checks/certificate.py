"""P3: the end-use certificates behind the shipment's lines: who undertook, how well that is proven, what it covers.

With cosigners and endorsement, and the line of succession of corrections; `backing` says whether they were in force
when that was asked.
"""

from collections.abc import Iterator

from ledger.acts.certificates import (
    CosignCertificate,
    EndorseCertificate,
    RecordCertificate,
    RevokeCertificate,
    SignCertificate,
    VerifyCertificate,
)
from ledger.acts.licensing import BindCertificate, IssueLicense
from ledger.checks.backing import behind_line, ended_before, grade, uses
from ledger.checks.findings import Finding, Step, doubt, fault, moment, noted, short
from ledger.checks.replay import Goods, Past
from ledger.ids import RecordId
from ledger.journal.entries import certificate_delta
from ledger.records.codes import CertificateGrade, CertificateStatus, Role
from ledger.records.states import NO_RECORD, Certificate, License

_METHODS = range(1, 7)


def certificates(past: Past, goods: Goods) -> Iterator[Finding]:
    """What stands behind the lines that the shipment draws."""
    named = _named(past, goods)
    found = {record: past.now(Certificate, record) for record in named}
    for record, certificate in found.items():
        if certificate is None:
            yield fault(f"Certificate {short(record)} is missing.", record=record)
            continue
        yield from _undertaking(past, certificate)
        yield from _succession(past, certificate)
        yield from _coverage(past, goods, certificate)
        yield from _revocation(past, goods, certificate)
    numbers = [line.license_line for line in goods.shipment.lines]
    bare = [number for number in numbers if goods.license.lines[number].certificate == NO_RECORD]
    if bare:
        yield noted(f"No certificate is named for license lines {', '.join(map(str, bare))}.")
    if None not in found.values():
        yield from uses(past, goods)
        yield from grade(past, goods)
    yield from _sponsor(past, goods)


def _named(past: Past, goods: Goods) -> list[RecordId]:
    """Those that the drawn lines name or ever named, each followed by what supersedes it."""
    ahead = []
    for step in past.own(goods.license.record):
        licensed = past.after(License, goods.license.record, step)
        if licensed is not None:
            ahead += [licensed.lines[line.license_line].certificate for line in goods.shipment.lines]
    found: list[RecordId] = []
    while ahead:
        record = ahead.pop(0)
        if record == NO_RECORD or record in found:
            continue
        found.append(record)
        certificate = past.now(Certificate, record)
        if certificate is not None:
            ahead.append(certificate.superseded_by)
    return sorted(found)


def _undertaking(past: Past, certificate: Certificate) -> Iterator[Finding]:
    """Who signed, recorded, verified, cosigned, endorsed or revoked it."""
    name = f"certificate {short(certificate.record)}"
    for step in past.own(certificate.record):
        match step.act:
            case SignCertificate() as act:
                yield noted(f"End-user {act.end_user} signed {name} with its own key: grade A.", step)
                if act.organization != act.end_user:
                    yield fault(f"Not end-user {act.end_user} but {act.organization} signed {name}.", step)
            case RecordCertificate() as act:
                yield noted(f"Exporter {act.exporter} recorded {name} from paper: grade R.", step)
                if act.organization != act.exporter:
                    yield fault(f"Not exporter {act.exporter} but {act.organization} recorded {name}.", step)
            case VerifyCertificate() as act:
                yield from _verification(past, certificate, act, step)
            case CosignCertificate() | EndorseCertificate():
                yield from _backed(past, certificate, step)
            case RevokeCertificate():
                yield from _revoker_faults(past, certificate, step)
    yield noted(f"The {name} is valid from {moment(certificate.valid_from)} until {moment(certificate.valid_until)}.")


def _verification(past: Past, certificate: Certificate, act: VerifyCertificate, step: Step) -> Iterator[Finding]:
    name, authority = f"certificate {short(certificate.record)}", certificate.authority
    roles, sponsor = past.roles(act.organization, step), past.sponsor(act.organization, step)
    before = past.before(Certificate, certificate.record, step)
    if act.organization != authority and not (roles & Role.MISSION and sponsor == authority):
        yield fault(f"Organization {act.organization} may not verify {name}: it is authority {authority}'s.", step)
    elif before is None or before.grade != CertificateGrade.R or act.method not in _METHODS:
        yield fault(f"There was nothing to verify on {name}, or no method that is known.", step)
    else:
        yield noted(f"Organization {act.organization} verified {name} by method {act.method}: grade V.", step)


def _backed(past: Past, certificate: Certificate, step: Step) -> Iterator[Finding]:
    """A second signature on it: the exporter's, a consignee's, the end-user's authority's; each once."""
    number, name = step.entry.organization, f"certificate {short(certificate.record)}"
    before = past.before(Certificate, certificate.record, step)
    if isinstance(step.act, CosignCertificate):
        role = Role(1 << step.act.role)
        consignee = role == Role.CONSIGNEE and bool(past.roles(number, step) & Role.CONSIGNEE)
        may = consignee or (role == Role.EXPORTER and number == certificate.exporter)
        # Another consignee may sign after the first.
        again = before is not None and bool(before.signers & role)
        again = again and (role != Role.CONSIGNEE or (before is not None and before.consignee == number))
    else:
        role, may = Role.AUTHORITY, number == past.sponsor(certificate.end_user, step)
        again = before is not None and bool(before.signers & role)
    if not may or before is None or before.status != CertificateStatus.VALID or again:
        yield fault(f"Organization {number} could not put its signature under {name}.", step)
    elif role == Role.AUTHORITY:
        yield noted(f"Authority {number}, which registered the end-user, endorsed {name}.", step)
    else:
        yield noted(f"Organization {number} cosigned {name} as {str(role.name).lower()}.", step)


def _revoker_faults(past: Past, certificate: Certificate, step: Step) -> Iterator[Finding]:
    number, end_user = step.entry.organization, certificate.end_user
    before = past.before(Certificate, certificate.record, step)
    endorsed = before is not None and bool(before.signers & Role.AUTHORITY)
    if number != end_user and not (endorsed and number == past.sponsor(end_user, step)):
        text = f"Not end-user {end_user} but {number} revoked certificate {short(certificate.record)}."
        yield fault(text, step)
    if before is not None and before.status != CertificateStatus.VALID:
        yield fault(f"The certificate {short(certificate.record)} was valid no more when it was revoked.", step)


def _succession(past: Past, certificate: Certificate) -> Iterator[Finding]:
    """A correction is for the same parties, of no lower grade, and covers what was granted of the one before."""
    born = next(iter(past.own(certificate.record)), None)
    if certificate.supersedes == NO_RECORD or born is None:
        return
    name, former = f"certificate {short(certificate.record)}", past.before(Certificate, certificate.supersedes, born)
    own = past.after(Certificate, certificate.record, born)
    if former is None or own is None:
        yield fault(f"What {name} supersedes is missing.", born)
        return
    if (former.exporter, former.end_user) != (own.exporter, own.end_user):
        yield fault(f"The {name} supersedes one of other parties.", born)
    if former.status != CertificateStatus.VALID or former.grade > own.grade:
        yield fault(f"The {name} supersedes one that was valid no more, or better proven.", born)
    if any((old.unit, old.decimals) != (new.unit, new.decimals) for old, new in zip(former.lines, own.lines)):  # noqa: B905  # it may have more lines
        yield fault(f"The {name} counts in another unit than the one that it supersedes.", born)
    if any(line.granted > line.certified for line in own.lines):
        yield fault(f"The {name} covers less than licenses have been granted on the one that it supersedes.", born)
    yield noted(f"The {name} supersedes certificate {short(former.record)}.", born)


def _coverage(past: Past, goods: Goods, certificate: Certificate) -> Iterator[Finding]:
    """No more granted by licenses in sum than was certified (I2); this license took what its lines say."""
    notes = [(step, one) for step, one in past.touching(certificate.record) if step.entry.record != certificate.record]
    noting = [(step, certificate_delta(one.delta)) for step, one in notes]
    for step, _ in noting:
        after = past.after(Certificate, certificate.record, step)
        for number, line in enumerate(() if after is None else after.lines):
            if line.granted > line.certified:
                yield fault(f"Licenses granted more of certificate line {number} than was certified.", step)
    for step in past.own(goods.license.record):
        if isinstance(step.act, IssueLicense | BindCertificate):
            said = {taken.line: taken.quantity for at, delta in noting if at is step for taken in delta.lines}
            if said != _taken(past, goods, certificate, step):
                yield fault("The license took something else of the certificate than its lines say.", step)
    for number, line in enumerate(certificate.lines):
        yield noted(f"Of certificate line {number}, {line.granted} of {line.certified} are granted by licenses.")


def _taken(past: Past, goods: Goods, certificate: Certificate, step: Step) -> dict[int, int]:
    """What the license takes of the certificate by the act, by the certificate's line."""
    before = past.before(License, goods.license.record, step)
    sums: dict[int, int] = {}
    for number in range(len(goods.license.lines)):
        line, behind = behind_line(past, goods, number, step)
        bound = not isinstance(step.act, BindCertificate) or step.act.line == number
        if behind is None or behind.record != certificate.record or not bound:
            continue
        again = before is not None and before.lines[number].certificate != NO_RECORD
        # What is drawn stays with the certificate under which it was drawn.
        granted = max(line.granted - line.drawn, 0) if again else line.granted
        if granted and not (line.unlimited and before is not None):
            sums[line.certificate_line] = sums.get(line.certificate_line, 0) + granted
    return sums


def _revocation(past: Past, goods: Goods, certificate: Certificate) -> Iterator[Finding]:
    """An undertaking taken back before the goods arrived leaves nobody who undertakes."""
    for step in past.own(certificate.record):
        if isinstance(step.act, RevokeCertificate):
            text = f"Certificate {short(certificate.record)} was revoked"
            ended = ended_before(past, goods.shipment, step)
            yield noted(f"{text} after the shipment had ended.", step) if ended else doubt(f"{text}.", step)


def _sponsor(past: Past, goods: Goods) -> Iterator[Finding]:
    end_user, authority = goods.shipment.end_user, goods.license.authority
    if not end_user:
        yield doubt("No end-user is known.", goods.registered)
        return
    sponsor = past.sponsor(end_user, goods.registered)
    relation = "the licensing authority itself" if sponsor == authority else f"not the licensing authority {authority}"
    yield noted(f"End-user {end_user} was registered by authority {sponsor}, {relation}.")
