"""P3: the end-use certificates behind the shipment's lines: who undertook, how well that is proven, what it covers.

A rule that a permission broke fails; a rule that a report tells of is questioned; before departure a grade below what
the policy asks is questioned.
"""

from collections.abc import Iterator

from ledger.acts.custody import ClearShipment, DepartShipment, ReportMovement
from ledger.acts.licensing import RecordCertificate, RevokeCertificate, SignCertificate, VerifyCertificate
from ledger.checks.findings import Finding, Step, doubt, fault, moment, noted, short
from ledger.checks.replay import Goods, Past
from ledger.journal.entries import certificate_delta
from ledger.records.codes import CertificateGrade, CertificateStatus, Role, ShipmentStatus
from ledger.records.states import NO_RECORD, Certificate, LicenseLine, Shipment

_METHODS = range(1, 7)


def certificates(past: Past, goods: Goods) -> Iterator[Finding]:
    """What stands behind the lines that the shipment draws."""
    lines = {line.license_line: goods.license.lines[line.license_line] for line in goods.shipment.lines}
    for record in sorted({line.certificate for line in lines.values()} - {NO_RECORD}):
        certificate = past.now(Certificate, record)
        if certificate is None:
            yield fault(f"Certificate {short(record)} is missing.", record=record)
            continue
        yield from _undertaking(past, certificate)
        yield from _window(past, goods, certificate)
        yield from _coverage(past, goods, certificate)
        yield from _revocation(past, goods, certificate)
    bare = [number for number, line in lines.items() if line.certificate == NO_RECORD]
    if bare:
        yield noted(f"No certificate is named for license lines {', '.join(map(str, bare))}.")
    yield from _grade(past, goods)
    yield from _sponsor(past, goods)


def departure_of(past: Past, goods: Goods) -> Step | None:
    """The act by which the shipment departed; None while it has not."""
    for step in goods.steps:
        reported = isinstance(step.act, ReportMovement) and step.act.movement == 2
        before = past.before(Shipment, goods.shipment.record, step)
        under_way = before is not None and before.status < ShipmentStatus.DEPARTED
        if isinstance(step.act, DepartShipment) or (reported and under_way):
            return step
    return None


def certificate_grade(past: Past, goods: Goods, step: Step | None = None) -> CertificateGrade:
    """The weakest grade over the shipment's lines before an act, or now; none and revoked count nothing."""
    grades = []
    for line in goods.shipment.lines:
        record = goods.license.lines[line.license_line].certificate
        found = past.now(Certificate, record) if step is None else past.before(Certificate, record, step)
        valid = found is not None and found.status == CertificateStatus.VALID
        grades.append(found.grade if found is not None and valid else CertificateGrade.NONE)
    return min(grades, default=CertificateGrade.NONE)


def _undertaking(past: Past, certificate: Certificate) -> Iterator[Finding]:
    """Who signed, recorded or verified it."""
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
            case RevokeCertificate() as act if act.organization != certificate.end_user:
                yield fault(f"Not end-user {certificate.end_user} but {act.organization} revoked {name}.", step)


def _verification(past: Past, certificate: Certificate, act: VerifyCertificate, step: Step) -> Iterator[Finding]:
    name, authority = f"certificate {short(certificate.record)}", certificate.authority
    mission = past.roles(act.organization) & Role.MISSION and past.sponsor(act.organization) == authority
    before = past.before(Certificate, certificate.record, step)
    if act.organization != authority and not mission:
        yield fault(f"Organization {act.organization} may not verify {name}: it is authority {authority}'s.", step)
    elif before is None or before.grade != CertificateGrade.R or act.method not in _METHODS:
        yield fault(f"There was nothing to verify on {name}, or no method that is known.", step)
    else:
        yield noted(f"Organization {act.organization} verified {name} by method {act.method}: grade V.", step)


def _window(past: Past, goods: Goods, certificate: Certificate) -> Iterator[Finding]:
    """In force when the license was issued, when the shipment was registered and when it was cleared."""
    asked: list[tuple[str, Step, int]] = [
        ("the license was issued", goods.issued, goods.issued.entry.time),
        ("the shipment was registered", goods.registered, goods.registered.entry.time),
        *(
            ("the shipment was cleared", step, step.act.occurred_at)
            for step in goods.steps
            if isinstance(step.act, ClearShipment)
        ),
    ]
    for event, step, time in asked:
        then = past.before(Certificate, certificate.record, step)
        if then is None or not then.in_force(time):
            yield fault(f"Certificate {short(certificate.record)} was not in force when {event}.", step)
    yield noted(
        f"Certificate {short(certificate.record)} is valid from {moment(certificate.valid_from)}"
        f" until {moment(certificate.valid_until)}."
    )


def _coverage(past: Past, goods: Goods, certificate: Certificate) -> Iterator[Finding]:
    """The same parties and units, and no more granted by licenses in sum than was certified (I2)."""
    name, granting = f"certificate {short(certificate.record)}", goods.license
    if certificate.exporter != granting.exporter:
        yield fault(f"The {name} is for exporter {certificate.exporter}, not {granting.exporter}.", goods.issued)
    if certificate.end_user != goods.shipment.end_user:
        text = f"The {name} is end-user {certificate.end_user}'s, the shipment goes to {goods.shipment.end_user}."
        yield fault(text, goods.registered)
    lines = [line for line in granting.lines if line.certificate == certificate.record]
    for line in lines:
        yield from _unit_faults(certificate, line, goods)
    yield from _granted(past, goods, certificate, lines)


def _unit_faults(certificate: Certificate, line: LicenseLine, goods: Goods) -> Iterator[Finding]:
    if line.certificate_line >= len(certificate.lines):
        yield fault(f"The certificate has no line {line.certificate_line}.", goods.issued)
        return
    certified = certificate.lines[line.certificate_line]
    if (certified.unit, certified.decimals) != (line.unit, line.decimals):
        yield fault(f"Line {line.certificate_line} of the certificate counts in another unit.", goods.issued)


def _granted(past: Past, goods: Goods, certificate: Certificate, lines: list[LicenseLine]) -> Iterator[Finding]:
    sums = [0] * len(certificate.lines)
    for step, touched in past.touching(certificate.record):
        delta = certificate_delta(touched.delta)
        for taken in delta.lines:
            sums[taken.line] += taken.quantity
            if sums[taken.line] > certificate.lines[taken.line].certified:
                yield fault(f"Licenses granted more of certificate line {taken.line} than was certified.", step)
        said = {taken.line: taken.quantity for taken in delta.lines}
        if step.entry.record == goods.license.record and said != _taken(lines):
            yield fault("The license took something else of the certificate than its lines say.", step)
    for number, (line, total) in enumerate(zip(certificate.lines, sums, strict=True)):
        yield noted(f"Of certificate line {number}, {total} of {line.certified} are granted by licenses.")


def _taken(lines: list[LicenseLine]) -> dict[int, int]:
    """What license lines take of a certificate, by its line."""
    sums: dict[int, int] = {}
    for line in lines:
        if line.granted:
            sums[line.certificate_line] = sums.get(line.certificate_line, 0) + line.granted
    return sums


def _revocation(past: Past, goods: Goods, certificate: Certificate) -> Iterator[Finding]:
    """An undertaking taken back before the goods arrived leaves nobody who undertakes."""
    for step in past.own(certificate.record):
        if isinstance(step.act, RevokeCertificate):
            arrived = past.before(Shipment, goods.shipment.record, step)
            ended = arrived is not None and not arrived.status.live
            text = f"Certificate {short(certificate.record)} was revoked"
            yield noted(f"{text} after the shipment had ended.", step) if ended else doubt(f"{text}.", step)


def _grade(past: Past, goods: Goods) -> Iterator[Finding]:
    """The grade that the policy asks for at departure (I10)."""
    asked = CertificateGrade(goods.terms.certificate_grade)
    departure = departure_of(past, goods)
    grade, now = certificate_grade(past, goods, departure), certificate_grade(past, goods)
    if past.roles(goods.shipment.end_user) & goods.terms.exempt_roles:
        yield noted(f"The policy exempts end-user {goods.shipment.end_user} from a certificate.")
        return
    text = f"the certificates have grade {grade.name}, the policy asks {asked.name}"
    if departure is None:
        below = f"The shipment has not departed and must not yet: {text}."
        live = goods.shipment.status.live
        yield doubt(below) if grade < asked and live else noted(f"Before departure {text}.")
    elif grade >= asked:
        yield noted(f"At departure {text}; now they have {now.name}.", departure)
    elif isinstance(departure.act, DepartShipment):
        yield fault(f"At departure {text}.", departure)
    else:
        yield doubt(f"At the reported departure {text}.", departure)


def _sponsor(past: Past, goods: Goods) -> Iterator[Finding]:
    end_user, authority = goods.shipment.end_user, goods.license.authority
    sponsor = past.sponsor(end_user)
    relation = "the licensing authority itself" if sponsor == authority else f"not the licensing authority {authority}"
    yield noted(f"End-user {end_user} was registered by authority {sponsor}, {relation}.")
