"""What is left of a license, and how it stands at a moment: computed, never stored.

Formulas: RULES.md, section 4 (draw, in force); 15 CFR 750.7(f) and 750.11 for the tolerances behind them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ledger.acts.organizations import Terms
from ledger.records.codes import WHOLE, WHOLE_VALUE, Control
from ledger.records.states import License, LicenseLine


@dataclass(frozen=True, slots=True)
class LineLeft:
    """What one more shipment may draw on a line. Both are None where the license does not bound the quantity."""

    limit: int | None
    """Granted with tolerance."""
    left: int | None
    """0 once the line is full (drawn >= granted): the tolerance serves one last draw only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A license at a moment."""

    lines: tuple[LineLeft, ...]
    share_limit: int | None
    """Parts per billion of the value, with tolerance; None where the license does not bound the value."""
    share_left: int | None
    in_force: bool
    not_yet_valid: bool
    expired: bool
    stopped: bool
    overdue: bool
    """What is out under a temporary license should be back."""
    exhausted: bool
    """Every line is full, or the value is used up: no shipment of anything fits any more."""


def standing(license: License, terms: Terms, moment: int) -> Standing:
    """How the license stands at `moment` (UTC seconds) under the terms of the policy that it pins."""
    lines = tuple(_line_left(line, license.control, terms.quantity_tolerance) for line in license.lines)
    limit = _share_limit(license, terms)
    share_left = None if limit is None else max(0, limit - license.shares)
    return Standing(
        lines=lines,
        share_limit=limit,
        share_left=share_left,
        in_force=license.in_force(moment),
        not_yet_valid=moment < license.valid_from,
        expired=moment >= license.valid_until,
        stopped=moment < license.stopped_until,
        overdue=0 < license.return_by <= moment,
        exhausted=share_left == 0 or all(line.left == 0 for line in lines),
    )


def is_over(license: License, terms: Terms, taken: Mapping[int, int], share: int) -> bool:
    """Whether a permission would be refused these quantities, by line, or this share."""
    limit = _share_limit(license, terms)
    left = {line: _line_left(license.lines[line], license.control, terms.quantity_tolerance).left for line in taken}
    over = any(left[line] is not None and taken[line] > (left[line] or 0) for line in taken)
    return over or (limit is not None and share > max(0, limit - license.shares))


def _share_limit(license: License, terms: Terms) -> int | None:
    return WHOLE_VALUE * (WHOLE + terms.value_tolerance) // WHOLE if license.control.bounds_value else None


def _line_left(line: LicenseLine, control: Control, tolerance: int) -> LineLeft:
    if line.unlimited or not control.bounds_quantity:
        return LineLeft(None, None)
    limit = line.granted * (WHOLE + tolerance) // WHOLE
    return LineLeft(limit, 0 if line.drawn >= line.granted else limit - line.drawn)
