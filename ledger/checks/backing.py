"""What stood behind the shipment's lines when that was asked: at issue, binding, registration, clearance, departure.

Part of P3. Whoever named a certificate by its number means the newest of its line of succession. A rule that a
permission broke fails; one that a report tells of is questioned; before departure what is still lacking is questioned.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from ledger.acts.custody import ClearShipment, DepartShipment
from ledger.acts.licensing import BindCertificate, IssueLicense
from ledger.acts.manifests import AdjustShipment, RecordTransfer, RegisterShipment
from ledger.acts.reports import ReportMovement
from ledger.checks.findings import Finding, Step, doubt, fault, noted, short
from ledger.checks.replay import Goods, Past
from ledger.records.certificates import Backing, backing, newest
from ledger.records.codes import CertificateGrade, Role, ShipmentStatus, names_of
from ledger.records.states import Certificate, License, LicenseLine, Shipment


def departure_of(past: Past, goods: Goods) -> Step | None:
    """The act by which the goods departed; None while they have not."""
    for step in goods.steps:
        before = past.shipment_before(step)
        under_way = before is not None and before.status < ShipmentStatus.DEPARTED
        reported = isinstance(step.act, ReportMovement) and step.act.movement == 2
        if isinstance(step.act, DepartShipment | RecordTransfer) or (reported and under_way):
            return step
    return None


def certificate_grade(past: Past, goods: Goods, step: Step | None = None) -> CertificateGrade:
    """The weakest grade over the shipment's lines before an act, or now; none and revoked count nothing."""
    return _backing(past, goods, step).grade


def _backing(past: Past, goods: Goods, step: Step | None) -> Backing:
    now = past.history.at.time
    if step is None:
        return backing(goods.shipment, goods.license, now, past.book)
    shipment = past.shipment_before(step) or past.shipment_after(step) or goods.shipment
    licensed = past.before(License, goods.license.record, step) or goods.license
    return backing(shipment, licensed, getattr(step.act, "occurred_at", now), past.then(step))


def behind_line(past: Past, goods: Goods, number: int, step: Step) -> tuple[LicenseLine, Certificate | None]:
    """A license line as the act left it, and the certificate behind it when the act was entered."""
    licensed = past.after(License, goods.license.record, step) or goods.license
    return licensed.lines[number], newest(licensed.lines[number].certificate, past.then(step))


@dataclass(frozen=True, slots=True)
class _Use:
    """A moment at which certificates are asked for."""

    event: str
    step: Step
    moment: int
    lines: tuple[int, ...]
    """Of the license."""


def uses(past: Past, goods: Goods) -> Iterator[Finding]:
    """In force, for the same parties and in the same units, whenever that was asked."""
    drawn = tuple(line.license_line for line in goods.shipment.lines)
    if isinstance(goods.issued.act, IssueLicense):
        issue = _Use("the license was issued", goods.issued, goods.issued.entry.time, drawn)
        yield from _taken(past, goods, issue)
    for step in past.own(goods.license.record):
        if isinstance(step.act, BindCertificate) and step.act.line in drawn:
            yield from _taken(past, goods, _Use("it was bound", step, step.entry.time, (step.act.line,)))
    for step in goods.steps:
        use = _use(past, step, drawn)
        if use is not None:
            yield from _asked(past, goods, use)


def _use(past: Past, step: Step, drawn: tuple[int, ...]) -> _Use | None:
    match step.act:
        case RegisterShipment():
            return _Use("the shipment was registered", step, step.entry.time, drawn)
        case RecordTransfer() as act:
            return _Use("the transfer occurred", step, act.occurred_at, drawn)
        case ClearShipment() as act:
            return _Use("the shipment was cleared", step, act.occurred_at, drawn)
        case AdjustShipment() as act:
            before = past.shipment_before(step)
            risen = [change.line for change in act.adjustments if change.quantity > 0]
            lines = () if before is None else tuple(before.lines[line].license_line for line in risen)
            return _Use("the shipment was adjusted", step, step.entry.time, lines)
    return None


def _taken(past: Past, goods: Goods, use: _Use) -> Iterator[Finding]:
    """A license takes of a certificate in force, for its exporter and one of its end-users, in the same unit."""
    licensed = past.after(License, goods.license.record, use.step) or goods.license
    for number in use.lines:
        line, certificate = behind_line(past, goods, number, use.step)
        if certificate is None:
            continue
        name = f"certificate {short(certificate.record)}"
        if not certificate.in_force(use.moment):
            yield fault(f"The {name} was not in force when {use.event}.", use.step)
        if certificate.exporter != licensed.exporter:
            yield fault(f"The {name} is for exporter {certificate.exporter}, not {licensed.exporter}.", use.step)
        if not licensed.party_roles(certificate.end_user) & Role.END_USER:
            yield fault(f"The {name} is of {certificate.end_user}, no end-user of the license.", use.step)
        yield from _unit_faults(certificate, line, use.step)


def _unit_faults(certificate: Certificate, line: LicenseLine, step: Step) -> Iterator[Finding]:
    if line.certificate_line >= len(certificate.lines):
        yield fault(f"The certificate has no line {line.certificate_line}.", step)
        return
    certified = certificate.lines[line.certificate_line]
    if (certified.unit, certified.decimals) != (line.unit, line.decimals):
        yield fault(f"Line {line.certificate_line} of the certificate counts in another unit.", step)


def _asked(past: Past, goods: Goods, use: _Use) -> Iterator[Finding]:
    """What the goods are shipped on is in force, and their end-user's; of a transfer the report tells."""
    wrong = doubt if isinstance(use.step.act, RecordTransfer) else fault
    for number in use.lines:
        _, certificate = behind_line(past, goods, number, use.step)
        if certificate is None:
            continue
        name = f"certificate {short(certificate.record)}"
        if not certificate.in_force(use.moment):
            yield wrong(f"The {name} was not in force when {use.event}.", use.step)
        if certificate.end_user != goods.shipment.end_user and not isinstance(use.step.act, ClearShipment):
            text = f"The {name} is end-user {certificate.end_user}'s, the shipment goes to {goods.shipment.end_user}."
            yield wrong(text, use.step)


def grade(past: Past, goods: Goods) -> Iterator[Finding]:
    """The grade and the signers that the policy asks for at departure (I10)."""
    departure = departure_of(past, goods)
    asking = departure or goods.steps[-1]
    if past.roles(goods.shipment.end_user, asking) & goods.terms.exempt_roles:
        yield noted(f"The policy exempts end-user {goods.shipment.end_user} from a certificate.")
        return
    found, now = _backing(past, goods, departure), _backing(past, goods, None)
    for text, lacking in _lacking(goods, found):
        if departure is None:
            below = lacking and goods.shipment.status.live
            early = f"The shipment has not departed and must not yet: {text}."
            yield doubt(early) if below else noted(f"Before departure {text}.")
        elif not lacking:
            yield noted(f"At departure {text}; now they have {now.grade.name}.", departure)
        elif isinstance(departure.act, DepartShipment):
            yield fault(f"At departure {text}.", departure)
        else:
            yield doubt(f"At the reported departure {text}.", departure)


def _lacking(goods: Goods, found: Backing) -> Iterator[tuple[str, bool]]:
    """What the policy asks, and whether it is lacking."""
    asked, roles = CertificateGrade(goods.terms.certificate_grade), Role(goods.terms.certificate_signers)
    yield f"the certificates have grade {found.grade.name}, the policy asks {asked.name}", found.grade < asked
    if roles:
        missing = roles & ~found.signers
        signed = f"lack a signature of {', '.join(names_of(missing))}" if missing else "are signed by all whom it asks"
        yield f"the certificates {signed}", bool(missing)


def ended_before(past: Past, shipment: Shipment, step: Step) -> bool:
    """Whether the shipment had ended when the act was entered."""
    then = past.before(Shipment, shipment.record, step)
    return then is not None and not then.status.live
