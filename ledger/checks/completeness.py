"""P2: nothing is missing and nothing was changed. Versions, notes and heads of every record, up to the contracts'.

Rests on the trust root for the founding heads and on the node for the heads at the block; all between is recomputed. A
part of a shipment that was split begins with the entry of the split.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from ledger.acts.act import ActClass, RecordKind
from ledger.acts.manifests import SplitShipment
from ledger.acts.organizations import AppointAgent
from ledger.chain.closure import Wanted, parts_of
from ledger.checks.findings import Finding, Step, fault, moment, noted, short
from ledger.checks.replay import Past
from ledger.ids import ZERO32, Head, RecordId
from ledger.journal.entries import founding_head, next_head, next_note_head
from ledger.journal.history import Heads


@dataclass(frozen=True, slots=True)
class _Start:
    """What a record begins with that no act of its own created."""

    head: Head
    version: int = 0


def completeness(past: Past) -> Iterator[Finding]:
    """What is missing or altered in the history, and what it is complete up to."""
    yield from _order(past)
    yield from _numbers(past)
    yield from _spent(past)
    founded = {**_founding_heads(past), **_heads_of_parts(past)}
    for record, wanted in past.closure.records.items():
        heads = past.history.heads.get(record)
        if heads is None:
            name = wanted.kind.name.lower()
            yield fault(f"The history lacks {name} {short(record)}, which it rests on.", record=record)
            continue
        yield from _steps(past, record, founded.get(record), heads)
        if wanted.noted:
            yield from _notes(past, record, wanted, heads)
    yield from past.passed_over
    at = past.history.at
    yield noted(
        f"{len(past.closure.records)} records were recomputed from {len(past.steps)} entries"
        f" up to {at} ({moment(at.time)})."
    )


def _order(past: Past) -> Iterator[Finding]:
    entries = past.history.entries
    for entry, following in pairwise(entries):
        if following.seq <= entry.seq:
            yield fault(f"Entry {following.seq} stands after entry {entry.seq}.", _step(past, following.seq))
        if following.time < entry.time:
            yield fault(f"Entry {following.seq} is dated before entry {entry.seq}.", _step(past, following.seq))
    if past.steps and past.steps[-1].entry.seq > past.history.length:
        yield fault(f"The journal has {past.history.length} entries only.", past.steps[-1])


def _step(past: Past, seq: int) -> Step:
    return next(step for step in past.steps if step.entry.seq == seq)


def _numbers(past: Past) -> Iterator[Finding]:
    """Numbers go by order of creation, so those of two records cannot be exchanged."""
    for kind, number in sorted(past.closure.numbers):
        if not past.own(past.history.numbers.get((kind, number), RecordId(b""))):
            yield fault(f"No entry registers {kind.name.lower()} {number}.")
    for kind in (RecordKind.ORGANIZATION, RecordKind.POLICY):
        known = sorted((number, record) for (other, number), record in past.history.numbers.items() if other == kind)
        created = [past.own(record)[0] for _, record in known if past.own(record)]
        for first, second in pairwise(created):
            if second.entry.seq <= first.entry.seq:
                yield fault(f"The numbers of {kind.name.lower()} records do not follow their registration.", second)


def _spent(past: Past) -> Iterator[Finding]:
    """I7: an act counts once."""
    times = Counter(step.entry.digest for step in past.steps)
    for step in past.steps:
        if times[step.entry.digest] > 1:
            yield fault(f"The same act was entered {times[step.entry.digest]} times.", step)


def _founding_heads(past: Past) -> dict[RecordId, _Start]:
    heads = {}
    deployment = past.deployment
    for number, founder in enumerate(deployment.founders, start=1):
        record = deployment.organization_record(number)
        heads[record] = _Start(founding_head(record, number, founder.roles, founder.profile))
        for agent in founder.agents:
            record = deployment.agent_record(number, agent.account)
            heads[record] = _Start(founding_head(record, number, agent.powers, agent.account))
    return heads


def _heads_of_parts(past: Past) -> dict[RecordId, _Start]:
    """A part begins with the act that split the shipment, as if that were its own first step."""
    return {
        part: _Start(next_head(ZERO32, step.entry.digest, step.entry.signer), 1)
        for step in past.steps
        if isinstance(step.act, SplitShipment)
        for part in parts_of(past.deployment, step.act)
    }


def _steps(past: Past, record: RecordId, founded: _Start | None, heads: Heads) -> Iterator[Finding]:
    """All versions in a row, each head from the one before, the last one the contract's."""
    head, version = (Head(ZERO32), 0) if founded is None else (founded.head, founded.version)
    step = None
    for step in past.own(record):
        entry, act = step.entry, step.act
        if act is not None and act.CLASS is ActClass.NOTE:
            if (entry.version, entry.record_head) != (version, head):
                yield fault("This note does not stand on the record's head.", step)
            continue
        if entry.version != version + 1:
            yield fault(f"Version {entry.version} follows version {version}: an act is missing before this one.", step)
        elif entry.record_head != next_head(head, entry.digest, entry.signer):
            yield fault(f"The head at version {entry.version} does not follow from the one before.", step)
        else:
            yield from _birth(past, step, head, first=founded is None and version == 0)
        head, version = entry.record_head, entry.version
    if head != heads.head:
        after = "anything" if step is None else f"entry {step.entry.seq}"
        text = f"The contract has another head for record {short(record)}: what came after {after} is missing."
        yield fault(text, step, record=record)


def _birth(past: Past, step: Step, head: Head, *, first: bool) -> Iterator[Finding]:
    """A step stands on the head that its signer saw; a first one creates, with an id of its own making."""
    act, deployment = step.act, past.deployment
    if act is None:
        return
    if act.CLASS is ActClass.STEP and act.parent != head:
        yield fault("Its signer saw another head of the record.", step)
    if first is not act.CREATES:
        yield fault("The record's first act, and only that, creates it.", step)
    if act.CREATES:
        salt = act.account.rjust(32, b"\0") if isinstance(act, AppointAgent) else getattr(act, "salt", ZERO32)
        if act.record != deployment.record(act.RECORD, act.organization, salt):
            yield fault("The record's id does not follow from its creator and salt.", step)


def _notes(past: Past, record: RecordId, wanted: Wanted, heads: Heads) -> Iterator[Finding]:
    """Notes 1 to m, each head from the one before, the last one the contract's."""
    head, count = Head(ZERO32), 0
    step = None
    for step, touched in past.touching(record):
        if touched.note != count + 1:
            yield fault(f"Note {touched.note} follows note {count}: an act is missing before this one.", step)
        elif touched.note_head != next_note_head(head, step.entry.digest, step.entry.signer, touched.delta):
            yield fault(f"Note {touched.note} is not the one that the record's notes lead to.", step)
        head, count = touched.note_head, touched.note
    if head != heads.note_head:
        after = "anything" if step is None else f"entry {step.entry.seq}"
        name = wanted.kind.name.lower()
        text = f"The contract has other notes on {name} {short(record)}: what came after {after} is missing."
        yield fault(text, step, record=record)
