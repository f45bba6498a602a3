"""Is a cell read as the mapping says, and refused where it says nothing?"""

from dataclasses import replace
from datetime import date

import pytest

from api.importing.fields import (
    CodeRules,
    DateRules,
    PlaceRules,
    ValueFormat,
    contradicted_formats,
    read_amount,
    read_codes,
    read_date,
    read_route,
)
from ledger.errors import InvalidField

ARABIC_DAY = "\u0660\u0665-\u0660\u0661-\u0662\u0660\u0660\u0664"
FORMATS = ("DD-MM-YYYY", "MM/DD/YYYY")
DOTS = ValueFormat(
    issued_from=date(2015, 1, 1),
    issued_until=date(2015, 1, 31),
    group=".",
    decimal="",
    restore_zeros=True,
    trust_unmarked=False,
)
CODES = CodeRules("Annex I", "of the day", (",", " en "), True, ("Various",), {"1E+201": "1E201"})
PLACES = PlaceRules(
    via="via",
    separators=(",", " en ", "/"),
    accept_unmapped=True,
    countries={
        "china": "CN", "trinidad en tobago": "TT", "israel": "IL", "rusland": "RU", "wit-rusland": "BY",
    },
    markers={"diverse landen": "several", "wereld muv gl": "group"},
)


def day(text: str, formats: tuple[str, ...] = FORMATS, contradicted: frozenset[str] = frozenset()) -> date:
    return read_date("issued", text, formats, contradicted=contradicted)[0]


def amount(text: str, written: ValueFormat = DOTS) -> int:
    return read_amount("value", text, written, minor_digits=2)[0]


def test_the_mark_decides_a_day_that_could_be_either() -> None:
    assert (day("05-01-2004"), day("05/01/2004")) == (date(2004, 1, 5), date(2004, 5, 1))


def test_a_day_decided_by_the_format_is_named_as_a_decision() -> None:
    [decision] = read_date("issued", "05-01-2004", FORMATS, contradicted=frozenset())[1]
    assert (decision.written, decision.read_as) == ("05-01-2004", "2004-01-05")


def test_a_day_with_one_reading_needs_no_decision() -> None:
    assert read_date("issued", "31-01-2004", FORMATS, contradicted=frozenset())[1] == ()


def test_a_day_that_fits_two_formats_with_two_days_is_refused() -> None:
    with pytest.raises(InvalidField, match="two days"):
        day("05-01-2004", ("DD-MM-YYYY", "MM-DD-YYYY"))


def test_a_day_that_fits_two_formats_with_one_day_is_read() -> None:
    assert day("05-05-2004", ("DD-MM-YYYY", "MM-DD-YYYY")) == date(2004, 5, 5)


@pytest.mark.parametrize(
    "text", ["", "31-02-2004", "1-1-2004", "2004-01-05", "05.01.2004", ARABIC_DAY, "01-01-1969"]
)
def test_a_day_outside_the_formats_is_refused(text: str) -> None:
    with pytest.raises(InvalidField):
        day(text)


def test_a_cell_that_only_fits_exchanged_contradicts_its_format() -> None:
    found = contradicted_formats(["12-05-2016", "13/05/2016"], DateRules(FORMATS, trust_contradicted=False))
    assert found == {"MM/DD/YYYY"}


def test_a_mapping_that_trusts_its_formats_sees_no_contradiction() -> None:
    assert not contradicted_formats(["13/05/2016"], DateRules(FORMATS, trust_contradicted=True))


def test_a_contradicted_format_no_longer_decides_a_doubtful_day() -> None:
    with pytest.raises(InvalidField, match="contradicts"):
        day("05/01/2016", contradicted=frozenset({"MM/DD/YYYY"}))


def test_a_contradicted_format_still_reads_a_day_with_one_reading() -> None:
    assert day("05/31/2016", contradicted=frozenset({"MM/DD/YYYY"})) == date(2016, 5, 31)


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("112.95", 11_295_000),
        ("3.5", 350_000),
        ("5.539", 553_900),
        ("2.308.000", 230_800_000),
        ("1000", 100_000),
    ],
)
def test_dotted_amounts_get_their_lost_zeros_back_where_the_mapping_says_so(text: str, cents: int) -> None:
    assert amount(text) == cents


def test_restored_zeros_are_named_as_a_decision() -> None:
    [decision] = read_amount("value", "112.95", DOTS, minor_digits=2)[1]
    assert (decision.rule, decision.read_as) == ("lost zeros restored", "112950")


def test_an_amount_with_lost_zeros_is_refused_where_the_mapping_does_not_restore() -> None:
    with pytest.raises(InvalidField, match="lost zeros"):
        amount("112.95", replace(DOTS, restore_zeros=False))


def test_three_digits_without_a_mark_are_refused_where_zeros_get_lost() -> None:
    with pytest.raises(InvalidField, match="whole units, or thousands"):
        amount("3")


@pytest.mark.parametrize(
    "text", ["", "-1", "1,000", "1.0000", "01.000", "1.110.15", "1e3", "\u0663", "9" * 20]
)
def test_an_amount_outside_the_format_is_refused(text: str) -> None:
    with pytest.raises(InvalidField):
        amount(text)


def test_a_decimal_mark_that_the_mapping_names_separates_cents() -> None:
    euro = replace(DOTS, decimal=",", restore_zeros=False, trust_unmarked=True)
    assert (amount("1.234,5", euro), amount("12", euro)) == (123_450, 1200)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("6A002a2a", ("6A002.a.2.a",)),
        ("6A002.a.2.a", ("6A002.a.2.a",)),
        ("1C350-02", ("1C350.2",)),
        ("0B001b13", ("0B001.b.13",)),
        ("5D002C1", ("5D002.c.1",)),
        ("1C351,\n1C351a1,\n1C351a3 en 1C351a6", ("1C351", "1C351.a.1", "1C351.a.3", "1C351.a.6")),
        ("1E+201", ("1E201",)),
        ("Various", ()),
        ("", ()),
    ],
)
def test_codes_are_read_in_one_form(text: str, codes: tuple[str, ...]) -> None:
    assert read_codes("code", text, CODES)[0] == codes


@pytest.mark.parametrize("text", ["7A", "8A00201e", "3B001,", "5A002,5D,5E002", "10", "1E+202", "6F002"])
def test_a_code_that_is_none_or_not_whole_is_refused(text: str) -> None:
    with pytest.raises(InvalidField):
        read_codes("code", text, CODES)


def test_a_missing_code_is_refused_where_the_mapping_says_so() -> None:
    with pytest.raises(InvalidField, match="states no code"):
        read_codes("code", "", replace(CODES, accept_missing=False))


@pytest.mark.parametrize(
    ("text", "final", "via"),
    [
        ("China", ["CN"], []),
        ("CHINA  via   Israël", ["CN"], ["IL"]),
        ("Trinidad en Tobago", ["TT"], []),
        ("China en Rusland", ["CN", "RU"], []),
        ("Wit-Rusland", ["BY"], []),
        ("Diverse landen via China", [None], ["CN"]),
        ("China en Atlantis", [None], []),
    ],
)
def test_places_become_countries_only_where_the_whole_name_is_known(
    text: str, final: list[str | None], via: list[str | None]
) -> None:
    route = read_route("destination", text, PLACES)[0]
    assert ([place.country for place in route.final], [place.country for place in route.via]) == (final, via)


def test_an_unknown_place_is_kept_as_written_and_named_as_a_decision() -> None:
    route, [decision] = read_route("destination", "Atlantis", PLACES)
    assert (route.final[0].meaning, decision.rule) == ("unmapped", "place kept as written")


def test_an_unknown_place_is_refused_where_the_mapping_says_so() -> None:
    with pytest.raises(InvalidField, match="does not know"):
        read_route("destination", "Atlantis", replace(PLACES, accept_unmapped=False))
