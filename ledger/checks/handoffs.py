"""P7: each handoff is between the right two parties, and in time.

The giver held the goods or answered for them, the receiver is whom offer or order names and may receive; accepted while
the offer was open, entered within the policy's limit, and not while a stop, a suspension or a return date forbade it.
Lateness is shown even where it is allowed. What a report tells late is questioned, not failed.
"""

from collections.abc import Iterator

from ledger.acts.custody import AcceptHandoff, ClearShipment, DepartShipment, OfferHandoff
from ledger.acts.orders import OrderHandoff, ReleaseSeizure, SeizeShipment
from ledger.checks.custody import Hop, hops_of
from ledger.checks.findings import Finding, Step, doubt, fault, moment, noted, span
from ledger.checks.replay import Goods, Past
from ledger.checks.standing import may_receive, takes_refuge
from ledger.records.codes import OrganizationStatus
from ledger.records.counting import HOUR
from ledger.records.states import License, Shipment

_PERMISSIONS = ClearShipment | DepartShipment | OfferHandoff | AcceptHandoff
_ORDERS = OrderHandoff | ReleaseSeizure


def handoffs(past: Past, goods: Goods) -> Iterator[Finding]:
    """What is wrong with any offer, accept, order or reported hop, and how late each was entered."""
    for step in goods.steps:
        if isinstance(step.act, OfferHandoff):
            yield from _offer(past, goods, step, step.act)
    hops = hops_of(past, goods)
    for hop in hops:
        yield from _receiver(past, goods, hop)
        if hop.offered is not None:
            yield from _window(past, goods, hop, hop.offered)
    for step in goods.steps:
        yield from _lateness(goods, step)
    yield noted(f"{len(hops)} handoffs are on record.")


def _offer(past: Past, goods: Goods, step: Step, act: OfferHandoff) -> Iterator[Finding]:
    before = past.shipment_before(step)
    if before is None:
        return
    if act.organization not in (before.holder, before.responsible):
        yield fault(f"{act.organization} offered goods that {before.holder} held.", step)
    if act.to == before.holder:
        yield fault(f"The goods were offered to {act.to}, which held them.", step)
    if before.offered_to and act.occurred_at <= _lapse(goods, before):
        yield fault(f"The goods were offered to {act.to} while {before.offered_to} could still accept.", step)
    if not may_receive(past, goods, act.to, step):
        yield fault(f"The goods were offered to {act.to}, which may not receive them.", step)
    if not takes_refuge(past, act.to, before, step):
        yield from _forbidden(past, goods, step, act)


def _forbidden(past: Past, goods: Goods, step: Step, act: OfferHandoff) -> Iterator[Finding]:
    """What stops goods on their way to any but a refuge."""
    before, licensed = past.shipment_before(step), past.before(License, goods.license.record, step)
    giver = past.organization_before(act.organization, step)
    if before is None or licensed is None:
        return
    stopped = max(before.stopped_until, licensed.stopped_until)
    if act.occurred_at < stopped:
        yield fault(f"The goods were offered to {act.to} while stopped until {moment(stopped)}.", step)
    if 0 < licensed.return_by <= act.occurred_at:
        yield fault(f"The goods were offered to {act.to} when they should be back.", step)
    if giver is not None and giver.status == OrganizationStatus.SUSPENDED:
        yield fault(f"The goods were offered to {act.to} while {act.organization} was suspended.", step)


def _receiver(past: Past, goods: Goods, hop: Hop) -> Iterator[Finding]:
    """A seizer takes goods whoever it is; a transfer's recipient is the license's question."""
    before = past.shipment_before(hop.taken)
    if before is None or isinstance(hop.taken.act, SeizeShipment):
        return
    permitted = hop.offered is not None or isinstance(hop.taken.act, _ORDERS)
    if not may_receive(past, goods, hop.receiver, hop.taken):
        yield (fault if permitted else doubt)(f"{hop.receiver} may not receive this shipment.", hop.taken)
    if isinstance(hop.taken.act, _ORDERS) and hop.receiver == hop.giver:
        yield fault(f"The goods were ordered to {hop.receiver}, which held them.", hop.taken)


def _window(past: Past, goods: Goods, hop: Hop, offered: Step) -> Iterator[Finding]:
    """The offer names the receiver, and was open when it accepted."""
    before = past.shipment_before(hop.taken)
    if before is None or not isinstance(offered.act, OfferHandoff):
        return
    if offered.act.to != hop.receiver:
        yield fault(f"{hop.receiver} took goods that were offered to {offered.act.to}.", hop.taken)
    lapse = _lapse(goods, before)
    if hop.occurred_at < offered.act.occurred_at:
        yield fault(f"{hop.receiver} took the goods before they were offered.", hop.taken)
    if hop.occurred_at > lapse:
        yield fault(f"{hop.receiver} took the goods after the offer had lapsed at {moment(lapse)}.", hop.taken)
    if hop.occurred_at < before.stopped_until and not takes_refuge(past, hop.receiver, before, hop.taken):
        yield fault(f"{hop.receiver} took goods that were held until {moment(before.stopped_until)}.", hop.taken)


def _lateness(goods: Goods, step: Step) -> Iterator[Finding]:
    """How long after the fact it was entered; a permission within the policy's limit, a report at any time."""
    occurred_at = getattr(step.act, "occurred_at", None)
    if occurred_at is None:
        return
    late, limit = step.entry.time - occurred_at, goods.terms.lateness_hours * HOUR
    text = f"{step.name} was entered {span(late)} after the fact; the limit is {span(limit)}."
    if late <= limit:
        yield noted(text, step)
    else:
        yield (fault if isinstance(step.act, _PERMISSIONS) else doubt)(text, step)


def _lapse(goods: Goods, shipment: Shipment) -> int:
    return shipment.offered_at + goods.terms.handoff_hours * HOUR
