"""The mapping of one register: every decision that the file itself leaves open, stated by an officer.

Reads TOML into frozen values and refuses what it does not know: an unknown, missing or doubled key is
an `InvalidField` with the key's path. It has no defaults, because a default would be a silent guess;
only the columns `origin` and `drawn` may be left out, where a register has none.

    source, time_zone, unit                who the register is, where its days are, what it does not say
    [party]    name country                who stands for the exporters and end-users that it does not name
    [file]     encoding delimiter quote
    [columns]  issued number code goods end_use kind destination value expires [origin] [drawn] ignored
    [dates]    formats contradicted        what a day may look like
    [kinds]    the register's word = kind of license
    [value]    currency minor_digits absent [[value.formats]]
    [codes]    list version separators missing several [codes.replaced]
    [places]   via separators several groups unknown uncoded unmapped [places.countries]

`mappings/nl_dual_use.toml` shows each of them with its reason.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from types import MappingProxyType
from typing import Literal, TypeVar, get_args
from zoneinfo import ZoneInfo

from api.importing.fields import (
    CodeRules,
    DateRules,
    Meaning,
    PlaceRules,
    ValueFormat,
    ValueRules,
    date_pattern,
    fold,
    is_code,
)
from ledger.errors import InvalidField

Text = TypeVar("Text", bound=str)
Kind = Literal["individual", "open", "general", "temporary", "retransfer", "reexport", "transit", "brokering"]
KINDS: tuple[Kind, ...] = get_args(Kind)
REQUIRED_COLUMNS = (
    "issued", "number", "code", "goods", "end_use", "kind", "destination", "value", "expires",
)  # fmt: skip
OPTIONAL_COLUMNS = ("origin", "drawn")
MARKER_KEYS: dict[str, Meaning] = {
    "several": "several", "groups": "group", "unknown": "unknown", "uncoded": "unmapped",
}  # fmt: skip
ENCODINGS = ("utf-8", "utf-8-sig", "cp1252", "iso-8859-1")


@dataclass(frozen=True, slots=True)
class FileRules:
    """How the bytes become cells. `quote` doubles inside a quoted cell (RFC 4180)."""

    encoding: str
    delimiter: str
    quote: str


@dataclass(frozen=True, slots=True)
class Columns:
    """`by_field`: column header by field name. `ignored`: headers that are known and not taken over."""

    by_field: Mapping[str, str]
    ignored: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PartyRules:
    """Profile of the one party that is recorded for a register that names none."""

    name: str
    country: str


@dataclass(frozen=True, slots=True)
class RegisterMapping:
    """One register's decisions.

    `source` is part of every row's identity and must never change. `unit` is the UNECE Rec 20 code of the lines,
    which have no quantity. `zone` is the IANA zone whose whole days the validity counts.
    """

    source: str
    party: PartyRules
    zone: ZoneInfo
    unit: str
    file: FileRules
    columns: Columns
    dates: DateRules
    kinds: Mapping[str, Kind]
    value: ValueRules
    codes: CodeRules
    places: PlaceRules


def parse_mapping(data: bytes) -> RegisterMapping:
    """The mapping in the TOML document `data`. Raises: InvalidField with the path of the key at fault."""
    try:
        top = _Table(tomllib.loads(data.decode("utf-8")), "")
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidField("mapping", str(error), "a TOML document in UTF-8") from error
    mapping = RegisterMapping(
        source=top.match("source", r"[a-z0-9][a-z0-9-]{0,63}"),
        party=_party(top.table("party")),
        zone=_zone(top.text("time_zone")),
        unit=top.match("unit", r"[A-Z0-9]{2,3}"),
        file=_file(top.table("file")),
        columns=_columns(top.table("columns")),
        dates=_dates(top.table("dates")),
        kinds=_kinds(top.table("kinds")),
        value=_value(top.table("value")),
        codes=_codes(top.table("codes")),
        places=_places(top.table("places")),
    )
    top.close()
    return mapping


def _party(table: "_Table") -> PartyRules:
    rules = PartyRules(table.text("name"), table.match("country", r"[A-Z]{2}"))
    table.close()
    return rules


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:
        raise InvalidField("time_zone", name, "the name of an IANA time zone") from error


def _file(table: "_Table") -> FileRules:
    rules = FileRules(
        encoding=table.choice("encoding", ENCODINGS),
        delimiter=table.match("delimiter", r"[,;|\t]"),
        quote=table.match("quote", "[\"']"),
    )
    table.close()
    return rules


def _columns(table: "_Table") -> Columns:
    ignored = table.texts("ignored")
    by_field = {field: table.text(field) for field in REQUIRED_COLUMNS}
    by_field |= {field: table.text(field) for field in OPTIONAL_COLUMNS if table.has(field)}
    table.close()
    headers = [*by_field.values(), *ignored]
    if len(set(headers)) != len(headers):
        raise InvalidField("columns", ", ".join(headers), "each column named once")
    return Columns(MappingProxyType(by_field), ignored)


def _dates(table: "_Table") -> DateRules:
    formats = table.texts("formats")
    for index, written in enumerate(formats):
        if date_pattern(written) is None:
            path = f"dates.formats[{index}]"
            raise InvalidField(path, written, "DD, MM and YYYY once each, with marks between")
    rules = DateRules(formats, table.choice("contradicted", ("reject", "trust")) == "trust")
    table.close()
    return rules


def _kinds(table: "_Table") -> Mapping[str, Kind]:
    kinds = {word: _kind(table.text(word), f"kinds.{word}") for word in table}
    table.close()
    return MappingProxyType(kinds)


def _kind(name: str, path: str) -> Kind:
    for kind in KINDS:
        if kind == name:
            return kind
    raise InvalidField(path, name, "one of " + ", ".join(KINDS))


def _value(table: "_Table") -> ValueRules:
    rules = ValueRules(
        currency=table.match("currency", r"[A-Z]{3}"),
        minor_digits=table.whole("minor_digits", 4),
        absent=table.texts("absent"),
        formats=tuple(_value_format(part) for part in table.tables("formats")),
    )
    table.close()
    ordered = sorted(rules.formats, key=lambda item: item.issued_from)
    for earlier, later in pairwise(ordered):
        if later.issued_from <= earlier.issued_until:
            raise InvalidField("value.formats", str(later.issued_from), "periods that do not overlap")
    return rules


def _value_format(table: "_Table") -> ValueFormat:
    found = ValueFormat(
        issued_from=table.day("issued_from"),
        issued_until=table.day("issued_until"),
        group=table.match("group", r"[.,' ]?"),
        decimal=table.match("decimal", r"[.,]?"),
        restore_zeros=table.choice("lost_zeros", ("reject", "restore")) == "restore",
        trust_unmarked=table.choice("unmarked", ("reject", "as_written")) == "as_written",
    )
    table.close()
    if found.decimal and (found.decimal == found.group or found.restore_zeros):
        raise InvalidField(table.path + ".decimal", found.decimal, "a mark that cannot mean thousands too")
    return found


def _codes(table: "_Table") -> CodeRules:
    replaced = table.table("replaced")
    pairs = {written: replaced.text(written) for written in replaced}
    for written, meant in pairs.items():
        if not is_code(meant):
            raise InvalidField(f"codes.replaced.{written}", meant, "a control-list code such as 6A002a2a")
    replaced.close()
    rules = CodeRules(
        control_list=table.text("list"),
        version=table.text("version"),
        separators=table.texts("separators"),
        accept_missing=table.choice("missing", ("reject", "accept")) == "accept",
        several=table.texts("several"),
        replaced=MappingProxyType(pairs),
    )
    table.close()
    return rules


def _places(table: "_Table") -> PlaceRules:
    names: dict[str, str] = {}
    countries = table.table("countries")
    for country in countries:
        if not re.fullmatch(r"[A-Z]{2}", country):
            raise InvalidField(f"places.countries.{country}", country, "an ISO 3166-1 alpha-2 code")
        for name in countries.texts(country):
            _add_once(names, fold(name), country)
    markers: dict[str, Meaning] = {}
    for key, meaning in MARKER_KEYS.items():
        for name in table.texts(key):
            _add_once(markers, fold(name), meaning)
    if both := names.keys() & markers.keys():
        raise InvalidField("places", ", ".join(sorted(both)), "each name with one meaning")
    rules = PlaceRules(
        via=fold(table.text("via")),
        separators=table.texts("separators"),
        accept_unmapped=table.choice("unmapped", ("reject", "as_written")) == "as_written",
        countries=MappingProxyType(names),
        markers=MappingProxyType(markers),
    )
    table.close()
    return rules


def _add_once(names: dict[str, Text], name: str, meaning: Text) -> None:
    if names.setdefault(name, meaning) != meaning:
        raise InvalidField("places", name, "each name with one meaning")


class _Table:
    """A TOML table that must be read to the last key. Every error names the key's path."""

    def __init__(self, values: object, path: str) -> None:
        if not isinstance(values, dict):
            raise InvalidField(path, values, "a table")
        self._values: dict[str, object] = values
        self._read: set[str] = set()
        self.path = path

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def has(self, key: str) -> bool:
        return key in self._values

    def text(self, key: str) -> str:
        value = self._take(key)
        if not isinstance(value, str) or not value:
            raise InvalidField(self._at(key), value, "a text")
        return value

    def match(self, key: str, pattern: str) -> str:
        value = self._take(key)
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise InvalidField(self._at(key), value, f"a text that fits {pattern}")
        return value

    def choice(self, key: str, allowed: tuple[str, ...]) -> str:
        value = self._take(key)
        if not isinstance(value, str) or value not in allowed:
            raise InvalidField(self._at(key), value, "one of " + ", ".join(allowed))
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._take(key)
        if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
            raise InvalidField(self._at(key), value, "a list of texts")
        return tuple(value)

    def whole(self, key: str, most: int) -> int:
        value = self._take(key)
        if type(value) is not int or not 0 <= value <= most:
            raise InvalidField(self._at(key), value, f"a whole number from 0 to {most}")
        return value

    def day(self, key: str) -> date:
        value = self._take(key)
        if not isinstance(value, date) or isinstance(value, datetime):
            raise InvalidField(self._at(key), value, "a date such as 2015-01-31, without quotes")
        return value

    def table(self, key: str) -> "_Table":
        return _Table(self._take(key), self._at(key))

    def tables(self, key: str) -> list["_Table"]:
        value = self._take(key)
        if not isinstance(value, list) or not value:
            raise InvalidField(self._at(key), value, "one or more tables")
        return [_Table(item, f"{self._at(key)}[{index}]") for index, item in enumerate(value)]

    def close(self) -> None:
        for key in self._values:
            if key not in self._read:
                raise InvalidField(self._at(key), key, "a key that the mapping knows")

    def _take(self, key: str) -> object:
        if key not in self._values:
            raise InvalidField(self._at(key), "", "a decision; it has no default")
        self._read.add(key)
        return self._values[key]

    def _at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key
