"""A register's bytes as raw rows: cells by field name, trimmed, with the physical line each row starts on.

Order of work: decode -> split (RFC 4180) -> check the header -> pair cells with fields. A file whose
bytes, quotes or header are wrong is refused whole, since the borders of every later row are then unsure.
A row with too few or too many cells, a repeated header or an unreadable character is a `Reject`.
Blank lines are no rows. Blanks around a cell are padding: they are no part of it.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from api.importing.mapping import FileRules, RegisterMapping
from ledger.errors import InvalidField

# Control characters other than tab and line ends, and the mark that a decoder left for lost bytes.
UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]")


@dataclass(frozen=True, slots=True)
class RawRow:
    """`line`: physical line of the row's start, from 1. `cells`: trimmed text by field name."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that cannot be taken over: its line, the field at fault, what it says, and why."""

    line: int
    field: str
    value: str
    reason: str


def read_rows(data: bytes, mapping: RegisterMapping) -> list[RawRow | Reject]:
    """Every row after the header, in file order. Raises: InvalidField if the file as a whole is unusable."""
    lines = _split(_decode(data, mapping.file), mapping.file)
    _, header = next(lines, (0, []))
    names = [name.strip() for name in header]
    wanted = [*mapping.columns.by_field.values(), *mapping.columns.ignored]
    if sorted(names) != sorted(wanted):
        raise InvalidField("header", ", ".join(names), "exactly the columns " + ", ".join(wanted))
    places = {field: names.index(column) for field, column in mapping.columns.by_field.items()}
    return [_row(line, [cell.strip() for cell in cells], names, places) for line, cells in lines]


def _decode(data: bytes, rules: FileRules) -> str:
    try:
        return data.decode(rules.encoding)
    except UnicodeDecodeError as error:
        raise InvalidField("register", f"byte {error.start}", f"text in {rules.encoding}") from error


def _split(text: str, rules: FileRules) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=rules.delimiter, quotechar=rules.quote, strict=True
    )
    start = 1
    try:
        for cells in reader:
            if cells:
                yield start, cells
            start = reader.line_num + 1
    except csv.Error as error:
        bound = f"cells that can be told apart: {error}"
        raise InvalidField("register", f"row at line {start}", bound) from error


def _row(line: int, cells: list[str], names: list[str], places: Mapping[str, int]) -> RawRow | Reject:
    shown = " | ".join(cells)
    if len(cells) != len(names):
        return Reject(line, "row", f"{len(cells)} cells", f"has not the header's {len(names)} cells")
    if cells == names:
        return Reject(line, "row", shown, "repeats the header")
    if not any(cells):
        return Reject(line, "row", "", "has no content")
    found = {field: cells[place] for field, place in places.items()}
    for field, cell in found.items():
        if UNREADABLE.search(cell):
            return Reject(line, field, repr(cell), "has a character that was lost or cannot be shown")
    return RawRow(line, found)
