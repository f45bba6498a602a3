"""Which line of a certificate a line of an application belongs to.

To the one with its part number; else with its description, word by word; else with its control-list entries; of several
to the one in its unit. Quantities are not compared here.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ledger.documents.end_use import DraftGoods
from ledger.documents.kinds import Application
from ledger.documents.parts import Goods, LicensedGoods

Codes = frozenset[tuple[str, str]]
"""Control lists and their codes."""


class Pair(NamedTuple):
    """A line of an application, and the certificate's line that it belongs to with its place, None without one."""

    application: Application
    line: LicensedGoods
    line_codes: Codes
    place: int | None
    certified: DraftGoods | None
    certified_codes: Codes

    @property
    def one_unit(self) -> bool:
        """Whether both count in one unit with the same decimals."""
        return self.certified is not None and unit_of(self.certified) == unit_of(self.line)


@dataclass(frozen=True, slots=True)
class _Marks:
    """By what a line is known; made once a line, as descriptions may be long."""

    part: str | None
    description: str
    codes: Codes
    unit: tuple[str, int]

    def likeness(self, other: "_Marks") -> int | None:
        """0 is the best; None: two goods."""
        if self.part is not None and other.part is not None:
            return 0 if self.part == other.part else None
        if self.description == other.description:
            return 1
        return 2 if self.codes and self.codes == other.codes else None


def plain(text: str) -> str:
    """The words of a text, for comparing: case, spaces and punctuation make no difference."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def unit_of(line: Goods) -> tuple[str, int]:
    """The line's unit and decimals."""
    return line.unit, line.decimals


def pairs(certified: Sequence[DraftGoods], applications: Sequence[Application]) -> Iterator[Pair]:
    """Every line of the applications with the line of the certificate that it belongs to."""
    known = [_marks(line) for line in certified]
    for application in applications:
        for line in application.lines:
            marks = _marks(line)
            place = _best(marks, known)
            if place is None:
                yield Pair(application, line, marks.codes, None, None, frozenset())
            else:
                yield Pair(application, line, marks.codes, place, certified[place], known[place].codes)


def _best(marks: _Marks, known: Sequence[_Marks]) -> int | None:
    ranks = [
        (rank, other.unit != marks.unit, place)
        for place, other in enumerate(known)
        if (rank := marks.likeness(other)) is not None
    ]
    return min(ranks)[2] if ranks else None


def _marks(line: Goods) -> _Marks:
    part = None if line.part_number is None else plain(line.part_number)
    codes = frozenset((plain(entry.list), plain(entry.code)) for entry in line.control_entries)
    return _Marks(part, plain(line.description), codes, unit_of(line))
