"""P8: seals, counts and irregular bits: the signs that something happened on the way.

A seal that the receiver saw otherwise than the giver, a reservation, a count beyond tolerance, a loss and every rule
that a report broke are questioned, each with the act that shows it; a rule that two officers regularized since is only
told. A permission after a broken rule fails.
"""

from collections.abc import Iterator

from ledger.acts.custody import AcceptHandoff, ClearShipment, DepartShipment, OfferHandoff
from ledger.acts.manifests import AdjustShipment, SplitShipment
from ledger.acts.orders import Regularize, SeizeShipment
from ledger.acts.reports import AddStatement, ReportDiscrepancy, ReportLoss
from ledger.checks.custody import Hop, hops_of
from ledger.checks.findings import Finding, Step, doubt, fault, noted, short
from ledger.checks.replay import Goods, Past
from ledger.ids import ZERO32
from ledger.records.codes import Irregular, ShipmentStatus, names_of

_INTACT = 1
_SEAL_STATES = ("none found", "intact", "broken", "replaced")
_REGULAR_ONLY = ClearShipment | DepartShipment | OfferHandoff | AcceptHandoff | AdjustShipment | SplitShipment


def seals(past: Past, goods: Goods) -> Iterator[Finding]:
    """Everything that a receiver or a report found out of order."""
    for hop in hops_of(past, goods):
        yield from _seal(hop)
    for step in goods.steps:
        yield from _changes(past, goods, step)
        yield from _said(step)
        if isinstance(step.act, Regularize):
            yield _regularized(past, step, step.act)
    if goods.shipment.status == ShipmentStatus.SEIZED:
        yield doubt(f"The goods are seized by {goods.shipment.holder}.")
    if not goods.shipment.irregular:
        yield noted("No rule was broken by what was reported, or none that was not regularized.")


def _seal(hop: Hop) -> Iterator[Finding]:
    if not isinstance(hop.taken.act, AcceptHandoff):
        return
    act, offer = hop.taken.act, hop.offered.act if hop.offered is not None else None
    offered, giver = (offer.seal, offer.organization) if isinstance(offer, OfferHandoff) else (ZERO32, hop.giver)
    state = _SEAL_STATES[act.seal_state]
    if act.seal != offered:
        yield doubt(f"{act.organization} saw another seal than {giver} gave; it found it {state}.", hop.taken)
    elif offered != ZERO32 and act.seal_state != _INTACT:
        yield doubt(f"{act.organization} found the seal {state}.", hop.taken)
    else:
        yield noted(f"{act.organization} saw the seal that {giver} gave: {state}.", hop.taken)
    if act.reservation:
        yield doubt(f"{act.organization} accepted with a reservation.", hop.taken)


def _said(step: Step) -> Iterator[Finding]:
    """What was stated, lost or taken."""
    match step.act:
        case AddStatement() as act:
            yield noted(f"{act.organization} made a statement of kind {act.kind} about {_subject(act.subject)}.", step)
        case ReportDiscrepancy() as act:
            yield doubt(f"{act.organization} reported a discrepancy in {_subject(act.subject)}.", step)
        case ReportLoss() as act:
            yield doubt(f"{act.organization} reported a loss: {', '.join(map(str, act.lost))}, line by line.", step)
        case SeizeShipment() as act:
            yield noted(f"{act.organization} seized the goods.", step)


def _subject(digest: bytes) -> str:
    return "the shipment" if digest == ZERO32 else f"the act {short(digest)}"


def _changes(past: Past, goods: Goods, step: Step) -> Iterator[Finding]:
    """What this act added to the record: a discrepancy, broken rules; and whether it could be entered at all."""
    before, after = past.shipment_before(step), past.shipment_after(step)
    if after is None:
        return
    known = Irregular(0) if before is None else before.irregular
    if known and isinstance(step.act, _REGULAR_ONLY):
        yield fault(f"{step.name} was entered on a shipment that was irregular already.", step)
    counts = not isinstance(step.act, ReportDiscrepancy)
    if counts and after.discrepancy and not (before is not None and before.discrepancy):
        yield doubt("The count differs from what was held by more than the policy's tolerance.", step)
    for bit in Irregular(after.irregular & ~known):
        (name,) = names_of(bit)
        cleared = _cleared_by(past, goods, step, bit)
        if cleared is None:
            yield doubt(f"The report breaks a rule: {name}.", step)
        else:
            yield noted(f"The report broke a rule, {name}, that entry {cleared.entry.seq} regularized.", step)


def _cleared_by(past: Past, goods: Goods, step: Step, bit: Irregular) -> Step | None:
    """The act of two officers that cleared the bit since; None where it still stands."""
    for later in goods.steps:
        clears = isinstance(later.act, Regularize) and bool(later.act.bits & bit) and past.seconded(later) is not None
        if clears and later.entry.seq > step.entry.seq:
            return later
    return None


def _regularized(past: Past, step: Step, act: Regularize) -> Finding:
    names = ", ".join(names_of(Irregular(act.bits)))
    if past.seconded(step) is None:
        return noted(f"An officer proposed to regularize: {names}.", step)
    return noted(f"Two officers of {act.organization} regularized: {names}.", step)
