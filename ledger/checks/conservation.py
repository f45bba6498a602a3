"""P5: nothing appears and nothing disappears, along the shipment's lineage and on the license over all its draws.

The license's draws are complete because its notes are (P2); each note is compared with the act that left it. Of other
shipments only these notes are known: what they give back is bounded by what was drawn.
"""

from collections.abc import Iterator, Sequence

from ledger.acts.custody import AcceptHandoff
from ledger.acts.licensing import CreditReturn, SupersedeLicense
from ledger.acts.manifests import AdjustShipment, CancelShipment, Draw, RecordTransfer, RegisterShipment, SplitShipment
from ledger.acts.reports import ReportLoss
from ledger.checks.findings import Finding, Step, fault, noted
from ledger.checks.replay import Goods, Past
from ledger.ids import RecordId
from ledger.journal.entries import LicenseDelta, license_delta
from ledger.records.codes import WHOLE, WHOLE_VALUE, LicenseKind, ShipmentStatus
from ledger.records.states import License, Shipment, ShipmentLine

_PARTS = range(2, 17)
_MOVING = RegisterShipment | RecordTransfer | AdjustShipment | CancelShipment
"""What always moves the license."""


def conservation(past: Past, goods: Goods) -> Iterator[Finding]:
    """What does not add up, on the shipment's lines, in a split, and on its license."""
    for step in goods.steps:
        before = past.shipment_before(step)
        if before is not None:
            yield from _count_faults(goods, step, before)
            yield from _division_faults(step, before)
            yield from _loss_faults(step, before)
        yield from _missing(past, step)
    for number, line in enumerate(goods.shipment.lines):
        yield noted(_balance(number, line))
    yield from _Drawing(past, goods).findings()


def _balance(number: int, line: ShipmentLine) -> str:
    return (
        f"Line {number}: {line.registered} registered = {line.held} held + {line.delivered} delivered"
        f" + {line.unaccounted} unaccounted + {line.lost} lost + {line.returned} returned."
    )


def _count_faults(goods: Goods, step: Step, before: Shipment) -> Iterator[Finding]:
    """A count finds one number a line, none above what was held plus tolerance."""
    counted: Sequence[int] | None = getattr(step.act, "counted", None)
    if counted is None or not before.status.live:
        return
    if len(counted) != len(before.lines):
        yield fault(f"{len(counted)} lines were counted, the shipment has {len(before.lines)}.", step)
        return
    for number, (count, line) in enumerate(zip(counted, before.lines, strict=True)):
        if count > line.held * (WHOLE + goods.terms.count_tolerance) // WHOLE:
            yield fault(f"{count} were counted on line {number}, where {line.held} were held.", step)
        elif count < line.held:
            missing = line.held - count
            yield noted(f"{missing} of line {number} are unaccounted for, last held by {before.holder}.", step)


def _division_faults(step: Step, before: Shipment) -> Iterator[Finding]:
    """The parts of a split hold in sum what was held, and have in sum its share."""
    act = step.act
    if not isinstance(act, SplitShipment):
        return
    parts, lines = len(act.shares), len(before.lines)
    if parts not in _PARTS or len(act.quantities) != parts * lines:
        yield fault(f"It makes {parts} parts of {lines} lines out of {len(act.quantities)} numbers.", step)
        return
    for number, line in enumerate(before.lines):
        total = sum(act.quantities[number::lines])
        if total != line.held:
            yield fault(f"The parts have {total} of line {number}, where {line.held} were held.", step)
    if sum(act.shares) != before.share:
        yield fault(f"The parts have {sum(act.shares)} of the value, the shipment had {before.share}.", step)
    if not all(any(act.quantities[part * lines : (part + 1) * lines]) for part in range(parts)):
        yield fault("One of the parts is empty.", step)
    yield noted(f"The shipment was split into {parts} parts.", step)


def _loss_faults(step: Step, before: Shipment) -> Iterator[Finding]:
    if not isinstance(step.act, ReportLoss):
        return
    lost = step.act.lost
    if len(lost) != len(before.lines) or not any(lost):
        yield fault(f"It tells of {len(lost)} lines, the shipment has {len(before.lines)}; or of no loss.", step)
        return
    for number, (quantity, line) in enumerate(zip(lost, before.lines, strict=True)):
        if quantity > line.held + line.unaccounted:
            yield fault(f"{quantity} of line {number} are said to be lost, where {line.held} were held.", step)


def _missing(past: Past, step: Step) -> Iterator[Finding]:
    after = past.shipment_after(step)
    for number, line in enumerate(() if after is None else after.lines):
        if min(line.held, line.delivered, line.unaccounted, line.lost, line.returned) < 0:
            yield fault(f"{step.name} takes more of line {number} than there was.", step)


class _Drawing:
    """The license drawn on, note by note."""

    def __init__(self, past: Past, goods: Goods) -> None:
        self._past = past
        self._goods = goods
        self._record = goods.license.record
        self._drawn: dict[RecordId, dict[int, int]] = {}
        """What each shipment that was registered has drawn, by license line."""

    def findings(self) -> Iterator[Finding]:
        for step, touched in self._past.touching(self._record):
            if step.entry.record == self._record:
                continue
            delta = license_delta(touched.delta)
            if not self._is_said(step, delta):
                yield fault("The license was drawn on otherwise than the act says.", step)
            yield from self._bounds(step)
            self._enter(delta, step)
        for step in self._past.own(self._record):
            yield from self._credit_faults(step)
        yield from self._lineage()
        for number, line in enumerate(self._goods.license.lines):
            granted = "any quantity" if line.unlimited else line.granted
            count = len(self._drawn)
            yield noted(f"Of license line {number}, {line.drawn} of {granted} are drawn, by shipments: {count}.")
            if line.drawn < 0:
                yield fault(f"More was given back on license line {number} than was drawn.", record=self._record)
        yield noted(f"Of the license's value, {self._goods.license.shares} of {WHOLE_VALUE} parts are drawn.")

    def _is_said(self, step: Step, delta: LicenseDelta) -> bool:
        """A draw is what its act says; a giving back is what the shipment drew, as far as that is known."""
        moved = {line.line: line.quantity for line in delta.lines if line.quantity}
        match step.act:
            case RegisterShipment() | RecordTransfer() as act:
                return (delta.shipment, delta.share, moved) == (act.record, act.share, _by_line(act.draws))
            case AdjustShipment() as act:
                quantities = [line.quantity for line in delta.lines]
                changes = [change.quantity for change in act.adjustments]
                own = self._past.shipment_before(step)
                if own is not None:
                    expected = {own.lines[one.line].license_line: one.quantity for one in act.adjustments}
                    return (delta.shipment, delta.share, moved) == (act.record, act.share, expected)
                return (delta.shipment, delta.share, quantities) == (act.record, act.share, changes)
            case CancelShipment() | AcceptHandoff():
                return delta.shipment == step.entry.record and self._is_given_back(step, delta, moved)
            case SupersedeLicense() as act:
                return (delta.shipment, delta.share, moved) == (act.record, 0, {})
        return False

    def _is_given_back(self, step: Step, delta: LicenseDelta, moved: dict[int, int]) -> bool:
        """All that was held; what came home under a temporary license."""
        before, after = self._past.shipment_before(step), self._past.shipment_after(step)
        if before is not None and after is not None:
            home = isinstance(step.act, AcceptHandoff)
            pairs = zip(before.lines, after.lines, strict=True)
            back = {old.license_line: -(new.returned if home else old.held) for old, new in pairs}
            complete = home or all(line.held == line.registered for line in before.lines)
            expected = {line: quantity for line, quantity in back.items() if quantity}
            returned = not home or self._is_return(after)
            return returned and (moved, delta.share) == (expected, -before.share if complete else 0)
        drawn = self._drawn.get(delta.shipment)
        within = drawn is None or all(-quantity <= drawn.get(line, 0) for line, quantity in moved.items())
        return within and delta.share <= 0 and all(quantity < 0 for quantity in moved.values())

    def _is_return(self, shipment: Shipment) -> bool:
        temporary = self._goods.license.kind == LicenseKind.TEMPORARY
        return temporary and shipment.status == ShipmentStatus.RETURNED and shipment.credited

    def _bounds(self, step: Step) -> Iterator[Finding]:
        """I1: a permitted draw is on a line that is not full, and within granted and tolerance."""
        before = self._past.before(License, self._record, step)
        after = self._past.after(License, self._record, step)
        if before is None or after is None or not isinstance(step.act, RegisterShipment | AdjustShipment):
            return
        control, terms = after.control, self._goods.terms
        for number, (old, line) in enumerate(zip(before.lines, after.lines, strict=True)):
            limit = line.granted * (WHOLE + terms.quantity_tolerance) // WHOLE
            full = isinstance(step.act, RegisterShipment) and old.drawn >= line.granted
            bounded = control.bounds_quantity and not line.unlimited and line.drawn > old.drawn
            if bounded and (full or line.drawn > limit):
                yield fault(f"{line.drawn} were drawn on license line {number}, which grants {line.granted}.", step)
        limit = WHOLE_VALUE * (WHOLE + terms.value_tolerance) // WHOLE
        if control.bounds_value and after.shares > max(before.shares, limit):
            yield fault(f"{after.shares} parts of the license's value were drawn, {limit} may be.", step)

    def _enter(self, delta: LicenseDelta, step: Step) -> None:
        if isinstance(step.act, RegisterShipment | RecordTransfer):
            self._drawn.setdefault(delta.shipment, {})
        own = self._drawn.get(delta.shipment)
        if own is not None:
            for taken in delta.lines:
                own[taken.line] = own.get(taken.line, 0) + taken.quantity

    def _credit_faults(self, step: Step) -> Iterator[Finding]:
        """What is credited came back under this license, and was not credited before.

        Of a shipment that is not in this history, only what it drew is known, and of the part of another not even that.
        """
        act = step.act
        if not isinstance(act, CreditReturn):
            return
        back = self._past.before(Shipment, RecordId(act.shipment), step)
        if back is None:
            drawn = self._drawn.get(RecordId(act.shipment))
            if drawn is not None and any(each.quantity > drawn.get(each.line, 0) for each in act.returned):
                yield fault("It credits more than the shipment drew.", step)
        elif back.license != self._record or back.status != ShipmentStatus.RETURNED or back.credited:
            yield fault("It credits what did not come back, or had been credited.", step)
        elif act.share > back.share:
            yield fault(f"It credits {act.share} of the value, the shipment had {back.share}.", step)
        elif [(each.line, each.quantity) for each in act.returned] != [
            (line.license_line, line.returned) for line in back.lines
        ]:
            yield fault("It credits other quantities than came back.", step)

    def _lineage(self) -> Iterator[Finding]:
        """Every act that draws or gives back was noted, and the goods were drawn as they were registered."""
        for step in self._goods.steps:
            noted_on = {touched.record for touched in step.entry.touched}
            if isinstance(step.act, _MOVING) and self._record not in noted_on:
                yield fault(f"{step.name} left no note on the license.", step)
        first = self._goods.lineage[0]
        if not self._drawn.get(first.record):
            yield fault("The shipment draws on no license.", self._goods.registered)
            return
        if first.credited and self._goods.license.kind == LicenseKind.TEMPORARY:
            return
        for number, line in enumerate(self._whole(first).lines):
            drawn = self._drawn[first.record].get(line.license_line, 0)
            if drawn != line.registered:
                text = f"The shipment has {line.registered} of line {number}, and drew {drawn} on the license."
                yield fault(text, self._goods.registered)

    def _whole(self, first: Shipment) -> Shipment:
        """The shipment that was registered, before it was split."""
        for step in self._past.own(first.record):
            if isinstance(step.act, SplitShipment):
                return self._past.shipment_before(step) or first
        return first


def _by_line(draws: Sequence[Draw]) -> dict[int, int]:
    return {draw.line: draw.quantity for draw in draws}
