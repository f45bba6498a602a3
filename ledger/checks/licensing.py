"""P4: the license was decided under four eyes by its authority, and was in force when it was used.

In force is asked at registration, adjustment, clearance and departure, with the suspensions that stood at each of these
entries. A rule that a permission broke fails, one that a report tells of is questioned; so is a license that is stopped
now while goods are under way.
"""

from collections.abc import Iterator

from ledger.acts.act import Act
from ledger.acts.custody import ClearShipment
from ledger.acts.licensing import (
    AcknowledgeConditions,
    BindCertificate,
    CorrectLicense,
    CreditReturn,
    SurrenderLicense,
    TransferLicense,
)
from ledger.acts.manifests import AdjustShipment, RecordTransfer
from ledger.acts.orders import ConfirmSuspension, ReinstateLicense, RevokeLicense, SuspendLicense
from ledger.acts.reports import ReportMovement
from ledger.checks.backing import departure_of
from ledger.checks.decision import decided
from ledger.checks.findings import Finding, Step, doubt, fault, moment, noted
from ledger.checks.replay import Goods, Past
from ledger.records.codes import LicenseStatus, Role, name_of
from ledger.records.states import License

_LIVE = (LicenseStatus.ISSUED, LicenseStatus.SUSPENDED)
_ALLOWED: dict[type[Act], tuple[LicenseStatus, ...]] = {
    ConfirmSuspension: (LicenseStatus.SUSPENDED,),
    ReinstateLicense: (LicenseStatus.SUSPENDED,),
    TransferLicense: (LicenseStatus.ISSUED,),
}
"""The statuses in which an act on the license is allowed; any other: issued and suspended."""
_EXPORTERS = BindCertificate | SurrenderLicense
_TWO_OFFICERS = RevokeLicense | CreditReturn


def licensing(past: Past, goods: Goods) -> Iterator[Finding]:
    """How the license came to be, what became of it, and whether it was in force."""
    yield from decided(past, goods)
    suspender = None
    for step in past.own(goods.license.record):
        before = past.before(License, goods.license.record, step)
        if before is None or step.act is None:
            continue
        yield from _standing(past, before, step)
        yield from _officers(past, step, suspender)
        yield from _told(past, step)
        if isinstance(step.act, SuspendLicense):
            suspender = step.entry.signer
    yield from _uses(past, goods)
    yield from _present(past, goods)


def _standing(past: Past, before: License, step: Step) -> Iterator[Finding]:
    """By whom, and in which status, an act on the license is allowed."""
    number, act = step.entry.organization, step.act
    if act is not None and before.status not in _ALLOWED.get(type(act), _LIVE):
        yield fault(f"{step.name} was entered on a license that was {name_of(before.status)}.", step)
    if isinstance(act, AcknowledgeConditions):
        if number != before.exporter and not before.party_roles(number):
            yield fault(f"Organization {number} is no party of the license.", step)
    elif isinstance(act, _EXPORTERS):
        if number != before.exporter:
            yield fault(f"Organization {number} is not the license's exporter.", step)
    elif number != before.authority:
        yield fault(f"Organization {number} is not the license's authority.", step)
    if isinstance(act, TransferLicense):
        yield from _transfer(past, before, act, step)


def _transfer(past: Past, before: License, act: TransferLicense, step: Step) -> Iterator[Finding]:
    of_authority = past.sponsor(act.to, step) == before.authority
    if not past.roles(act.to, step) & Role.EXPORTER or not of_authority or act.to == before.exporter:
        yield fault(f"The license went to {act.to}, no other exporter of its authority.", step)
    if before.transfers >= past.then(step).policy(before.policy).terms.transfers:
        yield fault("The license went to another exporter more often than the policy allows.", step)


def _officers(past: Past, step: Step, suspender: bytes | None) -> Iterator[Finding]:
    """Each by another officer than the last suspension; an end or a credit by two."""
    if isinstance(step.act, SuspendLicense | ConfirmSuspension | ReinstateLicense) and step.entry.signer == suspender:
        yield fault("The officer of the last suspension acted again.", step)
    if isinstance(step.act, _TWO_OFFICERS) and past.alone(step):
        yield fault(f"One officer entered {step.name} twice.", step)


def _told(past: Past, step: Step) -> Iterator[Finding]:
    after = past.after(License, step.entry.record, step)
    if after is None:
        return
    until = moment(after.stopped_until)
    match step.act:
        case SuspendLicense() | ConfirmSuspension():
            yield noted(f"The license was suspended until {until}.", step)
        case ReinstateLicense():
            yield noted("It was reinstated.", step)
        case RevokeLicense() | CreditReturn() if past.seconded(step) is None:
            yield noted(f"An officer proposed {step.name}.", step)
        case RevokeLicense():
            yield noted("Two officers revoked the license.", step)
        case CreditReturn():
            yield noted("Two officers credited what was returned.", step)
        case SurrenderLicense():
            yield noted("Its exporter surrendered the license.", step)
        case TransferLicense() as act:
            yield noted(f"The license went to exporter {act.to}.", step)
        case CorrectLicense():
            yield noted("The authority corrected the license's document.", step)


def _uses(past: Past, goods: Goods) -> Iterator[Finding]:
    """In force whenever goods were drawn, cleared, shipped; cleared before departure where the policy asks."""
    departure = departure_of(past, goods)
    if departure is not goods.registered:
        yield from _in_force(past, goods, goods.registered, goods.registered.entry.time)
    for step in goods.steps:
        match step.act:
            case ClearShipment() as act:
                yield from _in_force(past, goods, step, act.occurred_at)
            case AdjustShipment() as act if act.share > 0 or any(one.quantity > 0 for one in act.adjustments):
                yield from _in_force(past, goods, step, step.entry.time)
    if departure is None:
        yield noted("The shipment has not departed.")
        return
    time = getattr(departure.act, "occurred_at", departure.entry.time)
    yield from _in_force(past, goods, departure, time)
    before, transferred = past.shipment_before(departure), isinstance(departure.act, RecordTransfer)
    cleared = before is not None and 0 < before.cleared_at <= time
    if goods.terms.clearance_required and not cleared and not transferred:
        yield _broken("departed without the clearance that the policy asks for", departure)


def _in_force(past: Past, goods: Goods, step: Step, time: int) -> Iterator[Finding]:
    licensed, shipment = past.before(License, goods.license.record, step), past.shipment_before(step)
    if licensed is None or time < licensed.valid_from:
        yield _broken("used the license before it was valid", step)
    elif licensed.status not in _LIVE:
        yield _broken(f"used the license when it was {name_of(licensed.status)}", step)
    elif not licensed.valid(time):
        yield _broken(f"used the license after {moment(licensed.valid_until)}, when it was valid no more", step)
    elif not licensed.in_force(time):
        yield _broken(f"used the license at {moment(time)}, stopped until {moment(licensed.stopped_until)}", step)
    elif shipment is not None and time < shipment.stopped_until:
        yield _broken(f"moved the shipment at {moment(time)} while it was held", step)
    else:
        yield noted(f"In force at {moment(time)}.", step)


def _broken(what: str, step: Step) -> Finding:
    """A permission cannot break a rule; a report tells that one was broken."""
    told = isinstance(step.act, ReportMovement | RecordTransfer)
    return (doubt if told else fault)(f"{step.name} {what}.", step)


def _present(past: Past, goods: Goods) -> Iterator[Finding]:
    now, shipment, licensed = past.history.at.time, goods.shipment, goods.license
    if not shipment.status.live:
        return
    if now < licensed.stopped_until:
        yield doubt(f"The license is stopped until {moment(licensed.stopped_until)} while goods are under way.")
    if now < shipment.stopped_until and shipment.holds:
        yield doubt(f"The shipment is held by {', '.join(map(str, shipment.holds))}.")
    if shipment.recalled:
        yield doubt("The authority has recalled the shipment.")
    if 0 < licensed.return_by <= now and any(shipment.outstanding(line) for line in shipment.lines):
        yield doubt(f"The goods should be back since {moment(licensed.return_by)}.")
