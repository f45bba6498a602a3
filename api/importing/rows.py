"""Register rows as the ledger needs them: each raw row becomes one `RegisterRow` or one `Reject`.

Order of work: number the rows that share a number -> read each field by the mapping -> check the fields
against each other. The first field at fault names the reject, so accepted and rejected rows add up to
the rows of the file. Nothing here makes salts, documents or acts, and no clock is read.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from api.importing.fields import (
    Decision,
    Decisions,
    Route,
    contradicted_formats,
    read_amount,
    read_codes,
    read_date,
    read_route,
    read_value,
    value_format,
)
from api.importing.mapping import Kind, RegisterMapping
from api.importing.reading import RawRow, Reject, read_rows
from ledger.errors import InvalidField
from ledger.ids import Time

BILLION = 10**9
Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Identity:
    """What makes a row the same row on every run. `occurrence` counts from 1 in file order."""

    source: str
    number: str
    occurrence: int


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One license of a register.

    `cells`: (field, text as written without padding) in the order of the mapping. `issued`, `expires`:
    first and last valid day. `valid_from`, `valid_until`: UTC seconds, the first instant of the first
    day and the first instant after the last. `value`: minor units, None where the register states none.
    `drawn`: minor units already used, None where the register does not say.
    """

    line: int
    identity: Identity
    cells: tuple[tuple[str, str], ...]
    kind: Kind
    issued: date
    expires: date
    valid_from: Time
    valid_until: Time
    goods: str
    end_use: str
    codes: tuple[str, ...]
    destination: Route
    origin: Route | None
    value: int | None
    drawn: int | None
    decisions: tuple[Decision, ...]

    @property
    def drawn_share(self) -> int:
        """Parts per billion of the value already drawn, rounded down (DESIGN section 4, precision 7)."""
        return self.drawn * BILLION // self.value if self.drawn and self.value else 0


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts over one file. Rejects by (field, reason) and decisions by (field, rule), in rows."""

    rows: int
    accepted: int
    rejected: dict[tuple[str, str], int]
    decided: dict[tuple[str, str], int]


def read_register(data: bytes, mapping: RegisterMapping) -> Iterator[RegisterRow | Reject]:
    """Every row of the register in `data`, in file order. Raises: InvalidField if the file is unusable."""
    raw_rows = read_rows(data, mapping)
    whole = [row for row in raw_rows if isinstance(row, RawRow)]
    days = (row.cells[field] for row in whole for field in ("issued", "expires"))
    contradicted = contradicted_formats(days, mapping.dates)
    seen: dict[str, list[tuple[str, ...]]] = {}
    for raw in raw_rows:
        if isinstance(raw, Reject):
            yield raw
            continue
        alike = seen.setdefault(raw.cells["number"], [])
        cells = tuple(raw.cells.values())
        if cells in alike:
            yield Reject(raw.line, "row", raw.cells["number"], "is identical to an earlier row")
            continue
        alike.append(cells)
        identity = Identity(mapping.source, raw.cells["number"], len(alike))
        yield _row_or_reject(raw, mapping, identity=identity, contradicted=contradicted)


def summarize(results: Iterable[RegisterRow | Reject]) -> Summary:
    """Counts for the summary table. A row counts once for each rule that decided one of its fields."""
    accepted, rejected, decided = 0, Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for result in results:
        if isinstance(result, Reject):
            rejected[result.field, result.reason] += 1
        else:
            accepted += 1
            decided.update({(decision.field, decision.rule) for decision in result.decisions})
    total = accepted + rejected.total()
    return Summary(total, accepted, dict(rejected.most_common()), dict(decided.most_common()))


def _row_or_reject(
    raw: RawRow, mapping: RegisterMapping, *, identity: Identity, contradicted: frozenset[str]
) -> RegisterRow | Reject:
    try:
        return _row(raw, mapping, identity=identity, contradicted=contradicted)
    except InvalidField as fault:
        said = fault.values
        return Reject(raw.line, str(said["field"]), str(said["value"]), str(said["bound"]))


def _row(
    raw: RawRow, mapping: RegisterMapping, *, identity: Identity, contradicted: frozenset[str]
) -> RegisterRow:
    cells = raw.cells
    for field in ("number", "goods", "end_use"):
        if not cells[field]:
            raise InvalidField(field, "", "is empty")
    taken = _Taken()
    formats = mapping.dates.formats
    issued = taken.keep(read_date("issued", cells["issued"], formats, contradicted=contradicted))
    expires = taken.keep(read_date("expires", cells["expires"], formats, contradicted=contradicted))
    if expires < issued:
        raise InvalidField("expires", cells["expires"], "before the day of issue")
    value = taken.keep(read_value("value", cells["value"], mapping.value, issued=issued))
    return RegisterRow(
        line=raw.line,
        identity=identity,
        cells=tuple(cells.items()),
        kind=_kind(cells["kind"], mapping),
        issued=issued,
        expires=expires,
        valid_from=_first_instant(issued, mapping.zone),
        valid_until=_first_instant(expires + timedelta(days=1), mapping.zone),
        goods=cells["goods"],
        end_use=cells["end_use"],
        codes=taken.keep(read_codes("code", cells["code"], mapping.codes)),
        destination=taken.keep(read_route("destination", cells["destination"], mapping.places)),
        origin=_origin(cells, mapping, taken),
        value=value,
        drawn=_drawn(cells, mapping, taken, issued=issued, value=value),
        decisions=tuple(taken.decisions),
    )


class _Taken:
    """Collects the decisions of one row while its fields are read."""

    def __init__(self) -> None:
        self.decisions: list[Decision] = []

    def keep(self, read: tuple[Read, Decisions]) -> Read:
        value, decisions = read
        self.decisions += decisions
        return value


def _origin(cells: Mapping[str, str], mapping: RegisterMapping, taken: _Taken) -> Route | None:
    if "origin" not in cells:
        return None
    return taken.keep(read_route("origin", cells["origin"], mapping.places))


def _kind(word: str, mapping: RegisterMapping) -> Kind:
    if word not in mapping.kinds:
        raise InvalidField("kind", word, "not a kind of the mapping")
    return mapping.kinds[word]


def _drawn(
    cells: Mapping[str, str], mapping: RegisterMapping, taken: _Taken, *, issued: date, value: int | None
) -> int | None:
    if "drawn" not in cells:
        return None
    text = cells["drawn"]
    written = value_format("drawn", text, issued=issued, rules=mapping.value)
    drawn = taken.keep(read_amount("drawn", text, written, minor_digits=mapping.value.minor_digits))
    if drawn > (value or 0):
        raise InvalidField("drawn", text, "more than the value")
    return drawn


def _first_instant(day: date, zone: ZoneInfo) -> Time:
    """UTC seconds of the day's start. Where clocks skip or repeat midnight, fold 0 is its first instant."""
    return Time(int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()))
