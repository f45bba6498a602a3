"""P1: every signature, and its signer's authority at that entry. P10: what a compromised key may have signed.

The digest is recomputed from the act, never believed; the signer is recovered from the signature; whether the signer
could sign follows from the organizations and agents as they stood when the act was entered.
"""

from collections.abc import Iterator

from ledger.acts.digests import digest_of, recover
from ledger.acts.organizations import DismissAgent
from ledger.checks.authority import authority_fault
from ledger.checks.directory import directory_faults
from ledger.checks.findings import Finding, Step, doubt, fault, moment, noted, short
from ledger.checks.replay import Past
from ledger.errors import Refused
from ledger.records.states import Agent

_LONGEST_DEADLINE = 30 * 86_400


def signatures(past: Past) -> Iterator[Finding]:
    """What is wrong with any signature of the history, and how many there are."""
    for step in past.steps:
        for text in _faults(past, step):
            yield fault(f"Entry {step.entry.seq} does not stand: {text}.", step)
        if step.entry.record in past.closure.records and past.behind(step) != step.entry.organization:
            text = f"Organization {past.behind(step)} signed {step.name} for organization {step.entry.organization}."
            yield noted(text, step)
    signers = {step.entry.signer for step in past.steps}
    organizations = {step.entry.organization for step in past.steps}
    yield noted(
        f"{len(past.steps)} signatures of {len(signers)} agents for {len(organizations)} organizations were checked."
    )


def _faults(past: Past, step: Step) -> Iterator[str]:
    entry, act = step.entry, step.act
    if act is None:
        yield "its bytes are no act"
        return
    if (act.record, act.organization) != (entry.record, entry.organization):
        yield "its act names another record or organization than the journal"
    digest = digest_of(act, past.deployment.chain_id, past.deployment.address(act.CONTRACT))
    if digest != entry.digest:
        yield "its digest is not that of its act"
    yield from _signature_faults(step)
    if not entry.time <= act.deadline <= entry.time + _LONGEST_DEADLINE:
        yield "it was entered outside the time that its signer allowed"
    lacking = authority_fault(past, step)
    if lacking is not None:
        yield lacking
    yield from directory_faults(past, step)


def _signature_faults(step: Step) -> Iterator[str]:
    try:
        if recover(step.entry.digest, step.entry.signature) != step.entry.signer:
            yield "its signature is another account's"
    except Refused:
        yield "its signature is none"


def compromised(past: Past) -> Iterator[Finding]:
    """What an agent signed after its keys were compromised, as its dismissal says, and before that was known."""
    reports = [step for step in past.steps if isinstance(step.act, DismissAgent) and step.act.compromised_since]
    for report in reports:
        yield from _signed_meanwhile(past, report)
    if not reports:
        yield noted("No agent of this history is said to have lost its keys.")


def _signed_meanwhile(past: Past, report: Step) -> Iterator[Finding]:
    agent = past.after(Agent, report.entry.record, report)
    if agent is None:
        return
    name, since = f"agent {short(agent.account)} of organization {agent.organization}", agent.compromised_since
    yield noted(f"The keys of {name} are said to be compromised since {moment(since)}.", report)
    for step in past.steps:
        meanwhile = since <= step.entry.time and step.entry.seq < report.entry.seq
        if step.entry.signer == agent.account and meanwhile and step.entry.record in past.closure.records:
            yield doubt(f"{step.name} was signed by {name} at {moment(step.entry.time)}: with keys in doubt.", step)
