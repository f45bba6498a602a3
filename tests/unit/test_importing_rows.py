"""Does every row end as a license or as a reject with its line, field and reason?"""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.importing.mapping import RegisterMapping, parse_mapping
from api.importing.reading import Reject
from api.importing.rows import RegisterRow, read_register, summarize
from ledger.errors import InvalidField

DUTCH_REGISTER = Path("../shared/data/nl_dual_use/Overzicht.dual-use.goederen-2004-2015.csv")
DUTCH_MAPPING = Path("api/importing/mappings/nl_dual_use.toml")
REGISTER = Path("tests/data/sample_register.csv").read_bytes()
MAPPING_TEXT = Path("tests/data/sample_register.toml").read_text("utf-8")
MAPPING = parse_mapping(MAPPING_TEXT.encode())

Results = list[RegisterRow | Reject]


@pytest.fixture(scope="module")
def sample() -> Results:
    return list(read_register(REGISTER, MAPPING))


@pytest.fixture(scope="module")
def dutch() -> Results:
    if not DUTCH_REGISTER.exists():
        pytest.skip(f"the Dutch register is not at {DUTCH_REGISTER}")
    return list(read_register(DUTCH_REGISTER.read_bytes(), parse_mapping(DUTCH_MAPPING.read_bytes())))


def row(results: Results, line: int) -> RegisterRow:
    [found] = [result for result in results if result.line == line]
    assert isinstance(found, RegisterRow)
    return found


def reject(results: Results, line: int) -> tuple[str, str]:
    [found] = [result for result in results if result.line == line]
    assert isinstance(found, Reject)
    return found.field, found.reason


def read(text: str, mapping: RegisterMapping = MAPPING) -> Results:
    return list(read_register(text.encode(), mapping))


def test_accepted_and_rejected_rows_of_the_sample_add_up(sample: Results) -> None:
    summary = summarize(sample)
    assert (summary.rows, summary.accepted, sum(summary.rejected.values())) == (26, 15, 11)


@pytest.mark.parametrize(
    ("line", "field", "reason"),
    [
        (15, "row", "is identical to an earlier row"),
        (16, "row", "repeats the header"),
        (19, "code", "not a code of the control list, or not a whole one"),
        (20, "destination", "a place that the mapping does not know"),
        (21, "expires", "before the day of issue"),
        (22, "issued", "fits no date format of the mapping"),
        (23, "kind", "not a kind of the mapping"),
        (24, "value", "thousands with lost zeros, or a fraction"),
        (25, "drawn", "more than the value"),
        (26, "row", "has not the header's 11 cells"),
        (29, "value", "whole units, or thousands whose zeros were lost"),
    ],
)
def test_a_reject_names_its_physical_line_field_and_reason(
    sample: Results, line: int, field: str, reason: str
) -> None:
    assert reject(sample, line) == (field, reason)


def test_validity_is_whole_days_of_the_registers_zone(sample: Results) -> None:
    first = row(sample, 2)
    instants = [datetime.fromtimestamp(at, UTC).isoformat() for at in (first.valid_from, first.valid_until)]
    assert instants == ["2026-01-04T23:00:00+00:00", "2027-01-31T23:00:00+00:00"]


def test_the_day_begins_with_its_first_instant_where_clocks_skip_midnight() -> None:
    beirut = parse_mapping(MAPPING_TEXT.replace("Europe/Amsterdam", "Asia/Beirut").encode())
    header, first = REGISTER.decode().split("\n")[:2]
    [found] = read("\n".join([header, first.replace("05-01-2026", "29-03-2026")]), beirut)
    assert isinstance(found, RegisterRow)
    assert datetime.fromtimestamp(found.valid_from, UTC).isoformat() == "2026-03-28T22:00:00+00:00"


def test_a_license_enters_sixty_percent_drawn(sample: Results) -> None:
    assert row(sample, 3).drawn_share == 600_000_000


def test_a_value_that_lost_its_zeros_is_never_taken_as_it_stands(sample: Results) -> None:
    assert row(sample, 27).value == 11_295_000


def test_a_row_without_a_value_is_recorded_as_stating_none(sample: Results) -> None:
    assert row(sample, 18).value is None


def test_temporary_licenses_are_told_from_permanent_ones(sample: Results) -> None:
    assert (row(sample, 9).kind, row(sample, 2).kind) == ("temporary", "individual")


def test_rows_that_share_a_number_get_occurrences_in_file_order(sample: Results) -> None:
    assert [row(sample, line).identity.occurrence for line in (13, 14)] == [1, 2]


def test_cells_are_kept_as_written_without_padding(sample: Results) -> None:
    assert dict(row(sample, 3).cells)["code"] == "2B350g"


def test_reading_twice_gives_the_same_rows(sample: Results) -> None:
    assert list(read_register(REGISTER, MAPPING)) == sample


def test_windows_line_ends_change_no_row() -> None:
    header, first = REGISTER.decode().split("\n")[:2]
    assert read(f"{header}\r\n{first}\r\n") == read(f"{header}\n{first}\n")


def test_one_day_in_the_other_order_makes_doubtful_days_rejects() -> None:
    header, *rest = REGISTER.decode().split("\n")
    lines = [line for line in rest if line.startswith(("03/09/2026;SR-2026-011;5A002;", "01/13/2026"))]
    found = read("\n".join([header, *lines[:2], lines[0].replace("01/13/2026", "13/01/2026")]))
    assert [type(result).__name__ for result in found] == ["RegisterRow", "Reject", "Reject"]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (b"", "header"),
        (REGISTER.replace(b"Entry;", b"Eintrag;", 1), "header"),
        (REGISTER.replace(b"T\xc3\xbcrkiye", b"T\xfcrkiye"), "register"),
        (REGISTER.replace(b'"5A002a1,', b'"5A002a1,"x'), "register"),
        (REGISTER + b'"', "register"),
        (b"\xef\xbb\xbf" + REGISTER, "header"),
    ],
)
def test_a_file_whose_rows_cannot_be_told_apart_is_refused_whole(data: bytes, field: str) -> None:
    with pytest.raises(InvalidField) as refusal:
        list(read_register(data, MAPPING))
    assert refusal.value.values["field"] == field


@pytest.mark.parametrize("lost", ["\ufffd", "\x00", "\x85"])
def test_a_cell_with_a_lost_character_is_a_reject(lost: str) -> None:
    header, first = REGISTER.decode().split("\n")[:2]
    [found] = read(f"{header}\n{first.replace('Image', 'Im' + lost + 'ge')}")
    assert isinstance(found, Reject)
    assert found.field == "goods"


def test_every_dutch_row_is_accepted_or_rejected_with_a_reason(dutch: Results) -> None:
    summary = summarize(dutch)
    assert (summary.rows, summary.accepted) == (6335, 6307)
    assert summary.rejected == {
        ("value", "whole units, or thousands whose zeros were lost"): 21,
        ("code", "not a code of the control list, or not a whole one"): 6,
        ("expires", "before the day of issue"): 1,
    }


def test_the_dutch_row_that_lost_its_zeros_shows_what_was_restored(dutch: Results) -> None:
    [decision] = [taken for taken in row(dutch, 6334).decisions if taken.field == "value"]
    assert (decision.written, decision.read_as, row(dutch, 6334).value) == ("112.95", "112950", 11_295_000)


def test_a_dutch_search_for_russia_does_not_find_belarus(dutch: Results) -> None:
    rows = [result for result in dutch if isinstance(result, RegisterRow)]
    found = [r for r in rows if any(place.country == "RU" for place in r.destination.final)]
    assert not any("Wit-Rusland" in place.written for r in found for place in r.destination.final)
    assert len(found) > 300


def test_serbia_and_montenegro_stays_one_place_without_a_code(dutch: Results) -> None:
    rows = [result for result in dutch if isinstance(result, RegisterRow)]
    found = [r.destination.final for r in rows if dict(r.cells)["destination"] == "Servië en Montenegro"]
    assert {(len(places), places[0].country) for places in found} == {(1, None)}
