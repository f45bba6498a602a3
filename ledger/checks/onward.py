"""P15: goods that were delivered before go on under a retransfer or re-export license, and no more than were delivered.

The shipment that the license continues is judged like any other, back to the first export, and so is what that one
continues. A cycle cannot be: each license is issued after the delivery that it continues.
"""

from collections.abc import Callable, Iterator, Sequence

from ledger.acts.applications import ApplyForLicense
from ledger.acts.licensing import IssueLicense, SurrenderLicense
from ledger.acts.orders import RevokeLicense
from ledger.checks.findings import Finding, Step, check, fault, noted, short, worst
from ledger.checks.replay import UNREADABLE, Goods, Past, goods_of
from ledger.ids import RecordId
from ledger.journal.entries import ShipmentDelta, shipment_delta
from ledger.records.codes import ShipmentStatus
from ledger.records.states import NO_RECORD, License, Shipment

Judging = tuple[str, str, Callable[[Past, Goods], Iterator[Finding]]]
"""Number, title and findings of a check."""
MOST_JOURNEYS = 32
"""So many journeys in a row are followed back."""


def onward(past: Past, goods: Goods, checks: Sequence[Judging]) -> Iterator[Finding]:
    """Every earlier journey of these goods, each by all checks, and what went on of it."""
    if goods.license.continues == NO_RECORD:
        yield noted("The license continues no other shipment.")
        return
    for _ in range(MOST_JOURNEYS):
        record = goods.license.continues
        if record == NO_RECORD:
            return
        earlier = goods_of(past, record)
        if earlier is None:
            text = f"Shipment {short(record)}, of which the goods come, is missing or cannot be followed back."
            yield Finding(text, "not checkable", record=record)
            return
        yield from _continuation(past, goods, earlier)
        yield from _judged(past, earlier, checks)
        goods = earlier
    yield Finding(f"More than {MOST_JOURNEYS} journeys came before.", "not checkable")


def _judged(past: Past, earlier: Goods, checks: Sequence[Judging]) -> Iterator[Finding]:
    """What any check finds out of order on an earlier journey."""
    name, verdicts = f"shipment {short(earlier.shipment.record)}", []
    for number, title, findings in checks:
        found: list[Finding] = []
        try:
            found.extend(findings(past, earlier))
        except UNREADABLE as error:
            found.append(Finding(f"The acts cannot be read further: {error!r}.", "not checkable"))
        judged = check(number, title, found)
        verdicts.append(judged.verdict)
        for finding in judged.findings:
            if finding.verdict != "holds":
                text = f"Of {name}, {number}: {finding.text}"
                yield Finding(text, finding.verdict, finding.seq, finding.act, finding.record)
    numbers = ", ".join(number for number, _, _ in checks)
    yield noted(f"The goods come of {name}: {numbers} were checked there too, with the verdict: {worst(verdicts)}.")


def _continuation(past: Past, goods: Goods, earlier: Goods) -> Iterator[Finding]:
    """Asked for by a side of the delivery, after it, in its units; over all licenses no more than delivered (I11)."""
    delivered, asked = earlier.shipment, goods.application
    for step in past.own(asked.record):
        before = past.before(Shipment, delivered.record, step)
        if isinstance(step.act, ApplyForLicense) and (before is None or before.status != ShipmentStatus.DELIVERED):
            yield fault("It asks to pass on what was not delivered.", step)
    if asked.exporter not in (delivered.exporter, delivered.end_user):
        yield fault(
            f"{asked.exporter} passes on goods that {delivered.exporter} sent {delivered.end_user}.", goods.issued
        )
    units = [(earlier.license.lines[line.license_line]) for line in delivered.lines]
    for number, line in enumerate(asked.lines):
        same = number < len(units) and (units[number].unit, units[number].decimals) == (line.unit, line.decimals)
        if not same:
            yield fault(
                f"Line {number} of the license is none of the shipment's, or counts in another unit.", goods.issued
            )
    yield from _sums(past, goods, delivered)


def _sums(past: Past, goods: Goods, delivered: Shipment) -> Iterator[Finding]:
    taken: dict[RecordId, list[int]] = {}
    for step, touched in past.touching(delivered.record):
        if not isinstance(step.act, IssueLicense | RevokeLicense | SurrenderLicense):
            continue
        delta = shipment_delta(touched.delta)
        own = taken.setdefault(delta.license, [0] * len(delivered.lines))
        for moved in delta.lines:
            own[moved.line] += moved.quantity
        yield from _over(delivered, taken, delta, step)
        if step.entry.record == goods.license.record and not _is_said(past, goods, delta, step):
            yield fault("The license continues otherwise than its lines say.", step)
    if goods.license.record not in taken:
        yield fault("The license took nothing of the shipment that it continues.", goods.issued)
    for number, line in enumerate(delivered.lines):
        total = sum(own[number] for own in taken.values())
        text = f"Of line {number} of shipment {short(delivered.record)}, {total} of {line.delivered} delivered go on."
        yield noted(text)


def _over(delivered: Shipment, taken: dict[RecordId, list[int]], delta: ShipmentDelta, step: Step) -> Iterator[Finding]:
    if delta.license != step.entry.record or min(taken[delta.license]) < 0:
        yield fault("A license gives back what it never took.", step)
    for number, line in enumerate(delivered.lines):
        total = sum(own[number] for own in taken.values())
        if total > line.delivered:
            yield fault(f"{total} of line {number} go on, of which {line.delivered} were delivered.", step)


def _is_said(past: Past, goods: Goods, delta: ShipmentDelta, step: Step) -> bool:
    """It takes what its lines grant, and gives back what was not drawn."""
    moved = {line.line: line.quantity for line in delta.lines if line.quantity}
    before, after = (find(License, goods.license.record, step) for find in (past.before, past.after))
    lines = () if after is None else after.lines
    if before is None:
        said = {number: line.granted for number, line in enumerate(lines)}
    else:
        said = {number: -max(line.granted - line.drawn, 0) for number, line in enumerate(lines)}
    return moved == {number: quantity for number, quantity in said.items() if quantity}
