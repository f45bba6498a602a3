"""Whether a dossier proves its shipment's transfer chain: offline, from the file, the trust root and a witness policy.

P12 and P13 are made here; everything else is judged by `provenance` on the history that the dossier claims. What P12
has proven of a record (its heads, its kind and number) is all that the history gets for it, so that P2 fails where an
act was left out. Calls out to nobody and trusts no clock but the witnesses'.

Order of work: the checkpoint and who signed it, inclusion of every entry, currency of every record, the quorum, the
history, the reader's own list of authorities.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from ledger.acts.act import RecordKind
from ledger.chain.deployment import Deployment
from ledger.checks.findings import Check, Finding, check, fault, moment, noted, short
from ledger.checks.replay import Past, goods_of
from ledger.dossier.form import Dossier
from ledger.dossier.policy import Policy
from ledger.errors import Refused
from ledger.ids import RecordId, Time
from ledger.journal.checkpoints import Checkpoint, open_checkpoint, origin_of, parse_checkpoint
from ledger.journal.history import AtCheckpoint, Heads, History
from ledger.provenance import Report, judge

_NUMBERED = (RecordKind.ORGANIZATION, RecordKind.POLICY)


def verify(dossier: Dossier, deployment: Deployment, policy: Policy | None) -> Report:
    """Every check on the dossier. `policy` None: who signed the checkpoint cannot be checked, P12 and P13 say so.

    Raises:
        InvalidField: the checkpoint's text is none.
    """
    checkpoint = parse_checkpoint(dossier.checkpoint.text)
    cosigned, witnessed = _witnesses(dossier, policy)
    history = _history(dossier, checkpoint, cosigned)
    report = judge(history, deployment, dossier.documents)
    included = _inclusion(dossier, checkpoint, deployment, policy)
    inclusion = check("P12", "Inclusion under the signed checkpoint", included)
    quorum = check("P13", "Quorum of witnesses", witnessed)
    checks = [_accepted(one, history, deployment, policy) for one in report.checks]
    ordered = sorted([*checks, inclusion, quorum], key=lambda one: int(one.number.removeprefix("P")))
    return replace(report, checks=tuple(ordered))


def _history(dossier: Dossier, checkpoint: Checkpoint, cosigned: Time | None) -> History:
    """What the dossier claims, as far as its records' heads are proven. Its moment is the latest cosignature's."""
    latest = max((one.entry.time for one in dossier.entries), default=Time(0))
    proven = [one for one in dossier.records if _holds(lambda it: it.currency(dossier.last).check(checkpoint), one)]
    return History(
        shipment=dossier.shipment,
        at=AtCheckpoint(checkpoint.size, checkpoint.root, latest if cosigned is None else max(cosigned, latest)),
        length=checkpoint.size,
        entries=tuple(one.entry for one in dossier.entries),
        heads={one.heads.record: Heads(one.heads.head, one.heads.note_head) for one in proven},
        numbers={(one.heads.kind, one.heads.number): one.heads.record for one in proven if one.heads.kind in _NUMBERED},
    )


def _inclusion(
    dossier: Dossier, checkpoint: Checkpoint, deployment: Deployment, policy: Policy | None
) -> Iterator[Finding]:
    """P12: the root is the signed checkpoint's own, and every entry and record leads to it."""
    yield from _signed(dossier, checkpoint, deployment, policy)
    for one in dossier.entries:
        entry = one.entry
        if not _holds(lambda it: it.proof.check_entry(checkpoint, it.entry), one):
            yield Finding(f"Entry {entry.seq} is not in the journal of this checkpoint.", "fails", entry.seq)
    for record in dossier.records:
        heads = record.heads
        if not _holds(lambda it: it.currency(dossier.last).check(checkpoint), record):
            text = f"The heads of record {short(heads.record)} are not those of this checkpoint."
            yield fault(text, record=heads.record)
    yield noted(f"{len(dossier.entries)} entries and the heads of {len(dossier.records)} records were looked up.")


def _signed(
    dossier: Dossier, checkpoint: Checkpoint, deployment: Deployment, policy: Policy | None
) -> Iterator[Finding]:
    origin = origin_of(deployment.chain_id, deployment.address("Journal"))
    if checkpoint.origin != origin:
        yield fault(f"The checkpoint is of {checkpoint.origin}, the trust root of {origin}.")
    if policy is None:
        yield Finding("No policy names the log's key: the checkpoint's signature was not checked.", "not checkable")
        return
    try:
        open_checkpoint(dossier.checkpoint, policy.log)
    except Refused as refused:
        yield fault(f"The checkpoint is not signed by the log that the policy names: {refused}.")


def _witnesses(dossier: Dossier, policy: Policy | None) -> tuple[Time | None, list[Finding]]:
    """P13, and the latest time at which a witness of the policy cosigned."""
    if policy is None:
        return None, [Finding("No policy names witnesses.", "not checkable")]
    found: list[Finding] = []
    times: dict[str, Time] = {}
    for witness in policy.witnesses:
        signature = witness.key.find(dossier.checkpoint)
        if signature is None:
            continue
        try:
            time = witness.key.check(dossier.checkpoint.text, signature)
        except Refused:
            found.append(fault(f"The cosignature in the name of {witness.key.name} is not of its key."))
            continue
        if time is not None:
            times[witness.operator] = max(time, times.get(witness.operator, time))
            found.append(noted(f"{witness.operator} cosigned at {moment(time)}."))
    asked = f"{len(times)} of {policy.quorum} operators that the policy asks for have cosigned the checkpoint."
    found.append(noted(asked) if len(times) >= policy.quorum else fault(asked))
    return max(times.values(), default=None), found


def _accepted(one: Check, history: History, deployment: Deployment, policy: Policy | None) -> Check:
    """P4 with what the reader's own list of authorities says."""
    if one.number != "P4" or policy is None or not policy.authorities:
        return one
    goods = goods_of(Past(history, deployment), history.shipment)
    if goods is None:
        return one
    number = goods.license.authority
    record = history.numbers.get((RecordKind.ORGANIZATION, number), RecordId(b""))
    if record in policy.authorities:
        said = noted(f"Authority {number} is one that the policy accepts.")
    else:
        said = fault(f"The policy does not accept authority {number}, which issued the license.", record=record or None)
    return check(one.number, one.title, [*one.findings, said])


def _holds(checking: Callable[..., None], proof: object) -> bool:
    try:
        checking(proof)
    except Refused:
        return False
    return True
