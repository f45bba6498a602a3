"""P8: seals, counts and irregular bits: the signs that something happened on the way.

A seal that the receiver saw otherwise than the giver, a reservation, a count beyond tolerance and every rule that a
report broke are questioned, each with the act that shows it. A permission after a broken rule fails.
"""

from collections.abc import Iterator

from ledger.acts.custody import AcceptHandoff, AddStatement, ClearShipment, DepartShipment, OfferHandoff
from ledger.checks.custody import Hop, hops_of
from ledger.checks.findings import Finding, Step, doubt, fault, noted, short
from ledger.checks.replay import Goods, Past
from ledger.ids import ZERO32
from ledger.records.codes import Irregular, names_of
from ledger.records.states import Shipment

_INTACT = 1
_SEAL_STATES = ("none found", "intact", "broken", "replaced")
_REGULAR_ONLY = (ClearShipment, DepartShipment, OfferHandoff, AcceptHandoff)


def seals(past: Past, goods: Goods) -> Iterator[Finding]:
    """Everything that a receiver or a report found out of order."""
    for hop in hops_of(past, goods):
        yield from _seal(hop)
    for step in goods.steps:
        yield from _changes(past, goods, step)
        if isinstance(step.act, AddStatement):
            about = "the shipment" if step.act.subject == ZERO32 else f"the act {short(step.act.subject)}"
            yield noted(f"{step.act.organization} made a statement of kind {step.act.kind} about {about}.", step)
    if not goods.shipment.irregular:
        yield noted("No rule was broken by what was reported.")


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


def _changes(past: Past, goods: Goods, step: Step) -> Iterator[Finding]:
    """What this act added to the record: a discrepancy, broken rules; and whether it could be entered at all."""
    before = past.before(Shipment, goods.shipment.record, step)
    after = past.after(Shipment, goods.shipment.record, step)
    if before is None or after is None:
        return
    if before.irregular and isinstance(step.act, _REGULAR_ONLY):
        yield fault(f"{step.name} was entered on a shipment that was irregular already.", step)
    if after.discrepancy and not before.discrepancy:
        yield doubt("The count differs from what was held by more than the policy's tolerance.", step)
    for name in names_of(Irregular(after.irregular & ~before.irregular)):
        yield doubt(f"The report breaks a rule: {name}.", step)
