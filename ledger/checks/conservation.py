"""P5: nothing appears and nothing disappears, on each line of the shipment and on the license over all its draws.

The license's draws are complete because its notes are (P2); each note is compared with the act that left it.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from ledger.acts.custody import CancelShipment, RegisterShipment
from ledger.checks.findings import Finding, Step, fault, noted
from ledger.checks.replay import Goods, Past
from ledger.ids import RecordId
from ledger.journal.entries import LicenseDelta, license_delta
from ledger.records.codes import WHOLE, WHOLE_VALUE
from ledger.records.states import Shipment, ShipmentLine


def conservation(past: Past, goods: Goods) -> Iterator[Finding]:
    """What does not add up, on the shipment's lines and on its license."""
    for step in goods.steps:
        yield from _count_faults(past, goods, step)
    for number, line in enumerate(goods.shipment.lines):
        yield from _line(number, line)
    yield from _Drawing(past, goods).findings()


def _line(number: int, line: ShipmentLine) -> Iterator[Finding]:
    found = line.held + line.delivered + line.unaccounted + line.lost + line.returned
    if found != line.registered:
        yield fault(f"Of line {number}, {line.registered} were registered and {found} are on record.")
    yield noted(
        f"Line {number}: {line.registered} registered = {line.held} held + {line.delivered} delivered"
        f" + {line.unaccounted} unaccounted + {line.lost} lost + {line.returned} returned."
    )


def _count_faults(past: Past, goods: Goods, step: Step) -> Iterator[Finding]:
    """A count finds one number a line, none above what was held plus tolerance."""
    counted: Sequence[int] | None = getattr(step.act, "counted", None)
    before = past.before(Shipment, goods.shipment.record, step)
    if counted is None or before is None or not before.status.live:
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


class _Drawing:
    """The license drawn on, note by note, from what was drawn before the ledger."""

    def __init__(self, past: Past, goods: Goods) -> None:
        self._past = past
        self._goods = goods
        self._lines = goods.application.lines
        self._drawn = [line.drawn for line in self._lines]
        self._shares = goods.application.drawn_share
        self._draws: defaultdict[RecordId, list[LicenseDelta]] = defaultdict(list)

    def findings(self) -> Iterator[Finding]:
        for step, touched in self._past.touching(self._goods.license.record):
            delta = license_delta(touched.delta)
            if not self._is_said(step, delta):
                yield fault("The license was drawn on otherwise than the act says.", step)
            yield from self._enter(step, delta)
            self._draws[delta.shipment].append(delta)
        if not self._draws[self._goods.shipment.record]:
            yield fault("The shipment draws on no license.", self._goods.registered)
        for number, (line, drawn) in enumerate(zip(self._lines, self._drawn, strict=True)):
            granted = "any quantity" if line.unlimited else line.granted
            yield noted(f"Of license line {number}, {drawn} of {granted} are drawn, by shipments: {len(self._draws)}.")
        yield noted(f"Of the license's value, {self._shares} of {WHOLE_VALUE} parts are drawn.")

    def _is_said(self, step: Step, delta: LicenseDelta) -> bool:
        """A draw is what its act says; a giving back is what the shipment drew."""
        said = {line.line: line.quantity for line in delta.lines}
        match step.act:
            case RegisterShipment() as act:
                draws = {draw.line: draw.quantity for draw in act.draws}
                return (delta.shipment, delta.share, said) == (act.record, act.share, draws)
            case CancelShipment() as act:
                drawn = self._draws[RecordId(act.record)]
                back = {line.line: -line.quantity for one in drawn for line in one.lines}
                return (delta.shipment, len(drawn), said) == (act.record, 1, back) and delta.share == -drawn[0].share
        return False

    def _enter(self, step: Step, delta: LicenseDelta) -> Iterator[Finding]:
        """I1: a draw on a line that is not full, within granted and tolerance."""
        control, terms = self._goods.license.control, self._goods.terms
        for taken in delta.lines:
            line, before = self._lines[taken.line], self._drawn[taken.line]
            self._drawn[taken.line] = before + taken.quantity
            limit = line.granted * (WHOLE + terms.quantity_tolerance) // WHOLE
            bounded = control.bounds_quantity and not line.unlimited and taken.quantity > 0
            if bounded and (before >= line.granted or before + taken.quantity > limit):
                drawn = before + taken.quantity
                yield fault(f"{drawn} were drawn on license line {taken.line}, which grants {line.granted}.", step)
        self._shares += delta.share
        if control.bounds_value and delta.share > 0:
            limit = WHOLE_VALUE * (WHOLE + terms.value_tolerance) // WHOLE
            if self._shares > limit:
                yield fault(f"{self._shares} parts of the license's value were drawn, {limit} may be.", step)
