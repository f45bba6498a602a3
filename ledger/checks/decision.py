"""How the license came to be: decided by its authority under four eyes, on what was assessed, in place of what it says.

Part of P4. An appeal is decided by two others than those who refused; a license that supersedes one takes what is not
drawn of that.
"""

from collections.abc import Iterator

from ledger.acts.applications import ApplyForLicense, AssessApplication, RecordLicense
from ledger.acts.licensing import IssueLicense, SupersedeLicense
from ledger.acts.manifests import RecordTransfer
from ledger.checks.findings import Finding, Step, doubt, fault, noted, short
from ledger.checks.replay import Goods, Past
from ledger.records.codes import ApplicationStatus, LicenseStatus, Power, Role
from ledger.records.states import NO_RECORD, Application, License, LicenseLine


def decided(past: Past, goods: Goods) -> Iterator[Finding]:
    """Who decided what, and whether they could."""
    yield from _decision(past, goods)
    yield from _parties(past, goods)
    if isinstance(goods.issued.act, SupersedeLicense):
        yield from _superseding(past, goods, goods.issued.act)


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
        yield from _appeal(past, goods, step, role)
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


def _appeal(past: Past, goods: Goods, step: Step, role: str) -> Iterator[Finding]:
    """On an appeal others decide than those who refused."""
    refused = past.before(Application, goods.application.continues, step)
    agent = past.agent_before(step.entry.organization, step.entry.signer, step)
    if refused is None or agent is None:
        return
    if refused.status != ApplicationStatus.REFUSED:
        yield fault("It appeals against a decision that was no refusal.", step)
    if agent.number in (refused.assessor, refused.decider):
        yield fault(f"Agent {short(agent.account)} {role} on the appeal and had decided before.", step)
    else:
        yield noted(f"It appeals against the refusal of {short(refused.record)}: another agent {role}.", step)


def _basis(past: Past, goods: Goods) -> Iterator[Finding]:
    """The license is the application that was assessed, under a policy of this authority for this kind."""
    act, policy = goods.issued.act, goods.policy
    before = past.before(Application, goods.application.record, goods.issued)
    if isinstance(act, IssueLicense | SupersedeLicense) and (before is None or act.assessed_head != before.head):
        yield fault("The application moved after it was assessed.", goods.issued)
    elif before is not None and before.status != ApplicationStatus.ASSESSED:
        yield fault("The application was not assessed as it stood.", goods.issued)
    if (policy.organization, policy.kind) != (goods.license.authority, goods.license.kind):
        yield fault(f"Policy {policy.number} is another authority's, or for another kind of license.", goods.issued)


def _parties(past: Past, goods: Goods) -> Iterator[Finding]:
    """Whose license it is, who used it, and for whom."""
    asking = (ApplyForLicense, RecordLicense)
    applied = next((step for step in past.own(goods.application.record) if isinstance(step.act, asking)), None)
    licensed, exporter = past.before(License, goods.license.record, goods.registered), goods.application.exporter
    if applied is not None and past.sponsor(exporter, applied) != goods.license.authority:
        yield fault(f"Authority {goods.license.authority} has no jurisdiction over exporter {exporter}.", applied)
    if licensed is not None and goods.registered.entry.organization != licensed.exporter:
        text = f"Organization {goods.registered.entry.organization} used the license of exporter {licensed.exporter}."
        yield fault(text, goods.registered)
    if not goods.license.party_roles(goods.shipment.end_user) & Role.END_USER:
        # A transfer that has happened is told, not permitted.
        wrong = doubt if isinstance(goods.registered.act, RecordTransfer) else fault
        yield wrong(f"The license does not name {goods.shipment.end_user} as end-user.", goods.registered)


def _superseding(past: Past, goods: Goods, act: SupersedeLicense) -> Iterator[Finding]:
    """The license before was issued, the same exporter's, and had left what this one grants."""
    old, new = (
        past.before(License, goods.license.supersedes, goods.issued),
        past.after(License, goods.license.record, goods.issued),
    )
    if old is None or new is None:
        yield fault("The license that it supersedes is missing.", goods.issued)
        return
    if goods.application.continues != act.license or act.license == NO_RECORD:
        yield fault("Its application continues another license than it supersedes.", goods.issued)
    if old.status != LicenseStatus.ISSUED or old.exporter != new.exporter:
        yield fault("The license that it supersedes was not issued, or was another exporter's.", goods.issued)
    pairs = list(zip(old.lines, new.lines, strict=False))
    if len(old.lines) != len(new.lines) or any(not _same(*pair) for pair in pairs):
        yield fault("Its lines are others than those of the license that it supersedes.", goods.issued)
    for number, (former, line) in enumerate(pairs):
        left = max(former.granted - former.drawn, 0)
        if not former.unlimited and (line.unlimited or line.granted > left):
            yield fault(f"Line {number} grants {line.granted} where {left} were left.", goods.issued)
    yield noted(f"It supersedes license {old.number} for what was not drawn of it.", goods.issued)


def _same(old: LicenseLine, new: LicenseLine) -> bool:
    return (old.unit, old.decimals, old.certificate) == (new.unit, new.decimals, new.certificate)
