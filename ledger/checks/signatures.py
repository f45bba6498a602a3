"""P1: every signature, and its signer's authority at that entry.

The digest is recomputed from the act, never believed; the signer is recovered from the signature; whether the signer
could sign follows from the organizations and agents as they stood when the act was entered.
"""

from collections.abc import Iterator

from ledger.acts.digests import digest_of, recover
from ledger.checks.authority import authority_fault
from ledger.checks.findings import Finding, Step, fault, noted
from ledger.checks.replay import Past
from ledger.errors import Refused

_LONGEST_DEADLINE = 30 * 86_400


def signatures(past: Past) -> Iterator[Finding]:
    """What is wrong with any signature of the history, and how many there are."""
    for step in past.steps:
        for text in _faults(past, step):
            yield fault(f"Entry {step.entry.seq} does not stand: {text}.", step)
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


def _signature_faults(step: Step) -> Iterator[str]:
    try:
        if recover(step.entry.digest, step.entry.signature) != step.entry.signer:
            yield "its signature is another account's"
    except Refused:
        yield "its signature is none"
