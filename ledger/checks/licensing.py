"""P4: the license was decided under four eyes by its authority, and was in force when it was used.

In force is asked at registration, clearance and departure, with the suspensions that stood at each of these entries. A
rule that a permission broke fails, one that a report tells of is questioned; so is a license that is stopped now while
goods are under way.
"""

from collections.abc import Iterator

from ledger.acts.custody import ClearShipment, DepartShipment
from ledger.acts.licensing import (
    ApplyForLicense,
    AssessApplication,
    IssueLicense,
    RecordLicense,
    ReinstateLicense,
    SuspendLicense,
)
from ledger.checks.certificate import departure_of
from ledger.checks.findings import Finding, Step, doubt, fault, moment, noted, short
from ledger.checks.replay import Goods, Past
from ledger.records.codes import Power, Role
from ledger.records.states import Application, License, Shipment


def licensing(past: Past, goods: Goods) -> Iterator[Finding]:
    """How the license came to be, and whether it was in force."""
    yield from _decision(past, goods)
    yield from _parties(past, goods)
    yield from _stops(past, goods)
    yield from _uses(past, goods)
    yield from _present(past, goods)


def _decision(past: Past, goods: Goods) -> Iterator[Finding]:
    """I5: assessor and issuer are two agents of the authority, neither of them an admin."""
    deciding = (AssessApplication, RecordLicense)
    assessments = [step for step in past.own(goods.application.record) if isinstance(step.act, deciding)]
    if not assessments:
        yield fault("Nobody assessed the application.", goods.issued)
        return
    assessed = assessments[-1]
    for step, role in ((assessed, "assessed"), (goods.issued, "issued")):
        yield from _officer_faults(past, goods, step, role)
    if assessed.entry.signer == goods.issued.entry.signer:
        yield fault(f"Agent {short(assessed.entry.signer)} both assessed and issued.", goods.issued)
    yield from _basis(past, goods)
    recorded = "recorded a license decided outside the ledger" if goods.application.recorded else "assessed"
    yield noted(
        f"Authority {goods.license.authority} decided: agent {short(assessed.entry.signer)} {recorded},"
        f" agent {short(goods.issued.entry.signer)} issued.",
        goods.issued,
    )


def _officer_faults(past: Past, goods: Goods, step: Step, role: str) -> Iterator[Finding]:
    if step.entry.organization != goods.application.authority:
        yield fault(f"Organization {step.entry.organization} {role}, which is not the application's authority.", step)
    agent = past.agent_before(step.entry.organization, step.entry.signer, step)
    if agent is not None and agent.powers & Power.ADMIN:
        yield fault(f"An admin {role}.", step)


def _basis(past: Past, goods: Goods) -> Iterator[Finding]:
    """The license is the application that was assessed, under a policy of this authority for this kind."""
    act, policy = goods.issued.act, goods.policy
    before = past.before(Application, goods.application.record, goods.issued)
    if isinstance(act, IssueLicense) and (before is None or act.assessed_head != before.head):
        yield fault("The application moved after it was assessed.", goods.issued)
    if (policy.organization, policy.kind) != (goods.license.authority, goods.license.kind):
        yield fault(f"Policy {policy.number} is another authority's, or for another kind of license.", goods.issued)


def _parties(past: Past, goods: Goods) -> Iterator[Finding]:
    licensed, asking = goods.license, (ApplyForLicense, RecordLicense)
    applied = next((step for step in past.own(goods.application.record) if isinstance(step.act, asking)), None)
    if past.sponsor(licensed.exporter) != licensed.authority:
        yield fault(f"Authority {licensed.authority} has no jurisdiction over exporter {licensed.exporter}.", applied)
    if goods.registered.entry.organization != licensed.exporter:
        text = f"Organization {goods.registered.entry.organization} used the license of exporter {licensed.exporter}."
        yield fault(text, goods.registered)
    if not licensed.party_roles(goods.shipment.end_user) & Role.END_USER:
        text = f"The license does not name {goods.shipment.end_user} as end-user."
        yield fault(text, goods.registered)


def _stops(past: Past, goods: Goods) -> Iterator[Finding]:
    """Suspensions and reinstatements: by the authority, each by another officer than the last suspension."""
    suspender = None
    for step in past.own(goods.license.record):
        if not isinstance(step.act, SuspendLicense | ReinstateLicense):
            continue
        after = past.after(License, goods.license.record, step)
        suspends = isinstance(step.act, SuspendLicense)
        if step.entry.organization != goods.license.authority:
            yield fault(f"Organization {step.entry.organization} is not the license's authority.", step)
        if step.entry.signer == suspender:
            yield fault("The officer of the last suspension acted again.", step)
        if suspends:
            suspender = step.entry.signer
        if after is not None:
            until = moment(after.stopped_until)
            yield noted(f"The license was suspended until {until}." if suspends else "It was reinstated.", step)


def _uses(past: Past, goods: Goods) -> Iterator[Finding]:
    """In force at registration, clearance and departure; cleared before it departed where the policy asks."""
    yield from _in_force(past, goods, goods.registered, goods.registered.entry.time)
    for step in goods.steps:
        if isinstance(step.act, ClearShipment):
            yield from _in_force(past, goods, step, step.act.occurred_at)
    departure = departure_of(past, goods)
    if departure is None:
        yield noted("The shipment has not departed.")
        return
    time = getattr(departure.act, "occurred_at", departure.entry.time)
    yield from _in_force(past, goods, departure, time)
    before = past.before(Shipment, goods.shipment.record, departure)
    if goods.terms.clearance_required and (before is None or not 0 < before.cleared_at <= time):
        yield _broken("departed without the clearance that the policy asks for", departure)


def _in_force(past: Past, goods: Goods, step: Step, time: int) -> Iterator[Finding]:
    licensed = past.before(License, goods.license.record, step)
    shipment = past.before(Shipment, goods.shipment.record, step)
    if licensed is None or time < licensed.valid_from:
        yield _broken("used the license before it was valid", step)
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
    permission = step.act is None or isinstance(step.act, DepartShipment) or not step.name.startswith("Report")
    return (fault if permission else doubt)(f"{step.name} {what}.", step)


def _present(past: Past, goods: Goods) -> Iterator[Finding]:
    now = past.history.block.time
    if goods.shipment.status.live and now < goods.license.stopped_until:
        yield doubt(f"The license is stopped until {moment(goods.license.stopped_until)} while goods are under way.")
    if goods.shipment.status.live and now < goods.shipment.stopped_until:
        holders = ", ".join(map(str, goods.shipment.holds))
        yield doubt(f"The shipment is held by {holders}.")
