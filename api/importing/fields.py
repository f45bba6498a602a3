"""One cell each: dates, amounts, control codes and places, read by the rules that a mapping states.

Every reader returns the value and the `Decision`s that the mapping had to take for it, and raises
`InvalidField(field, value, reason)` where the mapping takes none. Nothing here knows rows or columns,
and no reader prefers the likelier of two readings. Days are calendar dates, amounts integer minor units.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from ledger.errors import InvalidField

LARGEST_AMOUNT = 2**53 - 1  # documents are JSON (RFC 8785): larger integers do not survive every reader

Meaning = Literal["country", "several", "group", "unknown", "unmapped"]
MARKER_RULES: dict[Meaning, str] = {
    "several": "several countries, not named",
    "group": "group of countries",
    "unknown": "place not known",
    "unmapped": "place kept as written",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """What the mapping decided for one cell: `rule` names the decision, `read_as` its result."""

    field: str
    rule: str
    written: str
    read_as: str


Decisions = tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class DateRules:
    """`formats` such as DD-MM-YYYY; `trust_contradicted`: keep a format that the file itself contradicts."""

    formats: tuple[str, ...]
    trust_contradicted: bool


@dataclass(frozen=True, slots=True)
class ValueFormat:
    """How amounts of licenses issued in a period (both days included) are written.

    `group` is the mark between thousands, `decimal` the one before minor units; empty where there is none.
    `restore_zeros`: a mark followed by one or two digits is a thousands mark whose zeros were lost.
    `trust_unmarked`: up to three digits without a mark mean what they say, not thousands.
    """

    issued_from: date
    issued_until: date
    group: str
    decimal: str
    restore_zeros: bool
    trust_unmarked: bool


@dataclass(frozen=True, slots=True)
class ValueRules:
    """`absent`: cells that say "no value stated". `minor_digits`: of the ISO 4217 `currency`."""

    currency: str
    minor_digits: int
    absent: tuple[str, ...]
    formats: tuple[ValueFormat, ...]


@dataclass(frozen=True, slots=True)
class CodeRules:
    """`several`: cells for "several codes, not named". `replaced`: misspelt -> meant code."""

    control_list: str
    version: str
    separators: tuple[str, ...]
    accept_missing: bool
    several: tuple[str, ...]
    replaced: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PlaceRules:
    """`via` and the keys are folded. `countries`: name -> ISO 3166-1. `markers`: name without a country."""

    via: str
    separators: tuple[str, ...]
    accept_unmapped: bool
    countries: Mapping[str, str]
    markers: Mapping[str, Meaning]


@dataclass(frozen=True, slots=True)
class Place:
    """A place as written. `country` is its ISO 3166-1 alpha-2 code when `meaning` is "country"."""

    written: str
    meaning: Meaning
    country: str | None


@dataclass(frozen=True, slots=True)
class Route:
    """Where the goods end, and the places they pass on the way, in the order written."""

    final: tuple[Place, ...]
    via: tuple[Place, ...]


def fold(text: str) -> str:
    """`text` without letter case, accents and doubled blanks: the form in which names are compared."""
    letters = unicodedata.normalize("NFKD", text)
    return " ".join("".join(c for c in letters if not unicodedata.combining(c)).casefold().split())


@cache
def date_pattern(written: str) -> re.Pattern[str] | None:
    """The expression for a date format; None unless it has DD, MM and YYYY once each, with marks between."""
    if sorted(re.findall(r"[A-Z]+", written)) != ["DD", "MM", "YYYY"]:
        return None
    if not re.fullmatch(r"[A-Z]+[-/. ][A-Z]+[-/. ][A-Z]+", written):
        return None
    escaped = re.escape(written).replace("YYYY", "(?P<y>[0-9]{4})")
    return re.compile(escaped.replace("DD", "(?P<d>[0-9]{2})").replace("MM", "(?P<m>[0-9]{2})"))


def _both_readings(text: str, written: str) -> tuple[date | None, date | None]:
    """The day as the format says, and with day and month exchanged (None where the year comes first)."""
    pattern = date_pattern(written)
    found = pattern.fullmatch(text) if pattern else None
    if not found:
        return None, None
    year, month, day = int(found["y"]), int(found["m"]), int(found["d"])
    return _day(year, month, day), None if written.startswith("Y") else _day(year, day, month)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def contradicted_formats(texts: Iterable[str], rules: DateRules) -> frozenset[str]:
    """Formats that some cell fits only with day and month exchanged (13/05/2016 under MM/DD/YYYY).

    Such a cell proves that the format does not hold for the whole file, so it can no longer decide
    the days that fit both ways. Empty where the mapping trusts its formats all the same.
    """
    if rules.trust_contradicted:
        return frozenset()
    found = set()
    for text in texts:
        for written in rules.formats:
            declared, exchanged = _both_readings(text, written)
            if declared is None and exchanged is not None:
                found.add(written)
    return frozenset(found)


def read_date(
    field: str, text: str, formats: tuple[str, ...], *, contradicted: frozenset[str]
) -> tuple[date, Decisions]:
    """The day in `text`. Raises: InvalidField if it fits no format, two days, or a contradicted format."""
    readings = {written: _both_readings(text, written) for written in formats}
    fitting = {written: both for written, both in readings.items() if both[0] is not None}
    days = {both[0] for both in fitting.values()}
    if len(days) != 1:
        reason = "fits two date formats with two days" if days else "fits no date format of the mapping"
        raise InvalidField(field, text, reason)
    written, (day, exchanged) = next(iter(fitting.items()))
    if day is None or not 1970 <= day.year <= 9998:
        raise InvalidField(field, text, "not in the years 1970 to 9998")
    if exchanged is None or exchanged == day:
        return day, ()
    if written in contradicted:
        raise InvalidField(field, text, "day and month could be either, and the file contradicts the format")
    return day, (Decision(field, f"day and month by format {written}", text, day.isoformat()),)


def value_format(field: str, text: str, *, issued: date, rules: ValueRules) -> ValueFormat:
    """The one format of licenses issued that day. Raises: InvalidField where the mapping has none."""
    for found in rules.formats:
        if found.issued_from <= issued <= found.issued_until:
            return found
    raise InvalidField(field, text, "the mapping has no value format for the day of issue")


def read_amount(field: str, text: str, written: ValueFormat, *, minor_digits: int) -> tuple[int, Decisions]:
    """Minor units in `text`. Raises: InvalidField where the format allows no reading, or two."""
    group, decimal = re.escape(written.group), re.escape(written.decimal)
    if group and re.fullmatch(rf"[1-9][0-9]{{0,2}}{group}[0-9]{{1,2}}", text) and not decimal:
        if not written.restore_zeros:
            raise InvalidField(field, text, "thousands with lost zeros, or a fraction")
        return _restored(field, text, written.group, minor_digits=minor_digits)
    grouped = rf"|[1-9][0-9]{{0,2}}(?:{group}[0-9]{{3}})+" if group else ""
    fraction = rf"(?:{decimal}(?P<minor>[0-9]{{1,{minor_digits}}}))?" if decimal and minor_digits else ""
    found = re.fullmatch(rf"(?P<major>0|[1-9][0-9]*{grouped}){fraction}", text)
    if not found:
        raise InvalidField(field, text, "fits no value format of the mapping")
    if not written.trust_unmarked and re.fullmatch(r"[1-9][0-9]{0,2}", text):
        raise InvalidField(field, text, "whole units, or thousands whose zeros were lost")
    major = found["major"].replace(written.group, "") if group else found["major"]
    minor = (found.groupdict().get("minor") or "").ljust(minor_digits, "0")
    return _bounded(field, text, int(major + minor)), ()


def _restored(field: str, text: str, group: str, *, minor_digits: int) -> tuple[int, Decisions]:
    thousands, rest = text.split(group)
    whole = int(thousands + rest.ljust(3, "0"))
    amount = _bounded(field, text, whole * 10**minor_digits)
    return amount, (Decision(field, "lost zeros restored", text, str(whole)),)


def _bounded(field: str, text: str, amount: int) -> int:
    if amount > LARGEST_AMOUNT:
        raise InvalidField(field, text, "more than 2^53 - 1 minor units")
    return amount


def read_value(field: str, text: str, rules: ValueRules, *, issued: date) -> tuple[int | None, Decisions]:
    """Minor units, or None where the cell is one of the mapping's marks for "no value stated"."""
    if text in rules.absent:
        return None, (Decision(field, "no value stated, so nothing may be drawn", text, ""),)
    written = value_format(field, text, issued=issued, rules=rules)
    amount, decisions = read_amount(field, text, written, minor_digits=rules.minor_digits)
    if amount == 0:
        raise InvalidField(field, text, "states no value")
    return amount, decisions


# Category, group and number; then an item of a numbered list (1C350-02) or letters and numbers in turn.
_CODE = re.compile(
    r"(?P<entry>[0-9][A-E][0-9]{3})(?:[-.](?P<item>[0-9]{1,2})|(?P<rest>(?:\.?[a-z]\.?[0-9]{1,2})*(?:\.?[a-z])?))"
)


def is_code(text: str) -> bool:
    """Whether `text` is a dual-use code, with or without marks between its parts."""
    return _normal_code(text) is not None


def _normal_code(text: str) -> str | None:
    found = _CODE.fullmatch(text[:5] + text[5:].lower())
    if not found:
        return None
    if found["item"]:
        return f"{found['entry']}.{int(found['item'])}"
    return ".".join([found["entry"], *re.findall(r"[a-z]|[0-9]+", found["rest"])])


def read_codes(field: str, text: str, rules: CodeRules) -> tuple[tuple[str, ...], Decisions]:
    """Codes in the form 6A002.a.2.a, 1C350.2, in the order written; empty where the register names none.

    The codes are checked for their form only: a list of the day of issue is not at hand.
    """
    if not text:
        if not rules.accept_missing:
            raise InvalidField(field, text, "states no code")
        return (), (Decision(field, "no code stated", text, ""),)
    if text in rules.several:
        return (), (Decision(field, "several codes, not named", text, ""),)
    parts = _split(text, rules.separators)
    codes, decisions = [], []
    for part in parts:
        code = _normal_code(rules.replaced.get(part, part))
        if code is None:
            raise InvalidField(field, text, "not a code of the control list, or not a whole one")
        codes.append(code)
        if part in rules.replaced:
            decisions.append(Decision(field, "code replaced", part, code))
    if len(codes) > 1:
        decisions.append(Decision(field, "several codes", text, " ".join(codes)))
    return tuple(codes), tuple(decisions)


def _split(text: str, separators: tuple[str, ...]) -> list[str]:
    if not separators:
        return [text]
    return [part.strip() for part in re.split("|".join(map(re.escape, separators)), text)]


def read_route(field: str, text: str, rules: PlaceRules) -> tuple[Route, Decisions]:
    """Final places and places on the way. Raises: InvalidField for a part left empty."""
    blank = " ".join(text.split())
    final, *via = re.split(rf"\s+{re.escape(rules.via)}\s+", blank, flags=re.IGNORECASE)
    ends, decisions = _places(field, final, rules)
    passed = [_places(field, part, rules) for part in via]
    for _, taken in passed:
        decisions += taken
    if via:
        decisions += (Decision(field, "via", text, final),)
    return Route(ends, tuple(place for places, _ in passed for place in places)), decisions


def _places(field: str, text: str, rules: PlaceRules) -> tuple[tuple[Place, ...], Decisions]:
    """The whole name first ("Trinidad and Tobago"), and parts only if each of them has a meaning."""
    if not text:
        raise InvalidField(field, text, "states no place")
    if whole := _known(text, rules):
        rule = MARKER_RULES.get(whole.meaning)
        return (whole,), (Decision(field, rule, text, ""),) if rule else ()
    parts = [_known(part, rules) for part in _split(text, rules.separators)]
    known = tuple(part for part in parts if part)
    if len(known) == len(parts):
        read_as = ", ".join(place.country or place.written for place in known)
        return known, (Decision(field, "several countries", text, read_as),)
    if not rules.accept_unmapped:
        raise InvalidField(field, text, "a place that the mapping does not know")
    return (Place(text, "unmapped", None),), (Decision(field, MARKER_RULES["unmapped"], text, ""),)


def _known(text: str, rules: PlaceRules) -> Place | None:
    name = fold(text)
    if name in rules.countries:
        return Place(text, "country", rules.countries[name])
    if name in rules.markers:
        return Place(text, rules.markers[name], None)
    return None
