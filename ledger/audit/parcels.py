"""The lines of a shipment: counts, what is held, what left (RULES.md, section 5, Counts; I9).

Every function answers new lines; nothing is written here.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from ledger.audit.codes import WHOLE
from ledger.audit.refusals import require
from ledger.audit.state import Parcel


def change_lines(
    lines: Sequence[Parcel], numbers: Sequence[int], change: Callable[[Parcel, int], dict[str, int]]
) -> tuple[Parcel, ...]:
    """The lines with the members that `change` answers for each line and its number; 0 where numbers end."""
    padded = [*numbers, *[0] * (len(lines) - len(numbers))]
    return tuple(replace(parcel, **change(parcel, number)) for parcel, number in zip(lines, padded, strict=True))


def check_counts(lines: Sequence[Parcel], counted: Sequence[int], tolerance: int) -> None:
    """One a line, none above what is held with the tolerance."""
    require(len(counted) == len(lines), "CountsMismatch", len(counted), len(lines))
    for index, (parcel, count) in enumerate(zip(lines, counted, strict=True)):
        maximum = parcel.held * (WHOLE + tolerance) // WHOLE
        require(count <= maximum, "CountExceedsHeld", index, count, maximum)


def count(lines: Sequence[Parcel], counted: Sequence[int]) -> tuple[Parcel, ...]:
    """Held is what was counted, at most what was held; the shortfall goes to unaccounted."""
    return change_lines(lines, counted, _counted)


def _counted(parcel: Parcel, counted: int) -> dict[str, int]:
    held = min(counted, parcel.held)
    return {"held": held, "unaccounted": parcel.unaccounted + parcel.held - held}


def differs(lines: Sequence[Parcel], counted: Sequence[int], tolerance: int) -> bool:
    """Whether a count differs from what was held beyond the tolerance, either way."""
    pairs = zip(lines, counted, strict=True)
    return any(abs(number - parcel.held) * WHOLE > parcel.held * tolerance for parcel, number in pairs)


def deliver(lines: Sequence[Parcel]) -> tuple[Parcel, ...]:
    """Held becomes delivered."""
    return tuple(replace(parcel, held=0, delivered=parcel.delivered + parcel.held) for parcel in lines)


def bring_back(lines: Sequence[Parcel]) -> tuple[Parcel, ...]:
    """Held becomes returned."""
    return tuple(replace(parcel, held=0, returned=parcel.returned + parcel.held) for parcel in lines)


def find_again(lines: Sequence[Parcel]) -> tuple[Parcel, ...]:
    """Lost becomes held."""
    return tuple(replace(parcel, lost=0, held=parcel.held + parcel.lost) for parcel in lines)


def lose(lines: Sequence[Parcel], lost: Sequence[int]) -> tuple[Parcel, ...]:
    """From unaccounted first, then from held."""
    return change_lines(lines, lost, _lost)


def _lost(parcel: Parcel, lost: int) -> dict[str, int]:
    missing = min(lost, parcel.unaccounted)
    return {
        "unaccounted": parcel.unaccounted - missing,
        "held": parcel.held - (lost - missing),
        "lost": parcel.lost + lost,
    }
