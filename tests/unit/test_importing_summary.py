"""Does the end of an import say what became of every row?"""

import csv
from pathlib import Path

import pytest
from rich.console import Console

from api.importing.reading import Reject
from api.importing.rows import Summary
from api.importing.summary import ImportSummary, write_rejects
from ledger.errors import Unavailable

COUNTS = Summary(1006, 1004, {("value", "fits no format"): 2}, {("value", "lost zeros restored"): 7})
SUMMARY = ImportSummary(COUNTS, entered=1000, completed=1, already=3, seconds=91.0)


def table() -> str:
    console = Console(width=100, record=True, file=Path("/dev/null").open("w"))  # noqa: SIM115
    console.print(SUMMARY)
    return console.export_text()


@pytest.mark.parametrize(
    "words",
    ["1,006 rows", "new ", "1,000", "reject: value fits no format", "lost zeros restored", "11.0 licenses a second"],
)
def test_the_table_tells_rows_rejects_decisions_and_rate(words: str) -> None:
    assert words in table()


def test_the_json_counts_every_row_once() -> None:
    told = SUMMARY.to_json()
    assert (told["rows"], told["entered"], told["completed"], told["already"], told["rejected"]) == (
        1006,
        1000,
        1,
        3,
        [{"field": "value", "reason": "fits no format", "rows": 2}],
    )


def test_rejects_are_written_in_the_order_of_their_lines(tmp_path: Path) -> None:
    write_rejects(tmp_path / "rejects.csv", [Reject(9, "value", "3", "b"), Reject(2, "code", "", "a")])
    with (tmp_path / "rejects.csv").open(encoding="utf-8", newline="") as file:
        assert [row["line"] for row in csv.DictReader(file)] == ["2", "9"]


def test_a_value_with_commas_quotes_and_line_ends_is_read_back(tmp_path: Path) -> None:
    value = 'a "b",\r\nc'
    write_rejects(tmp_path / "rejects.csv", [Reject(2, "code", value, "a")])
    with (tmp_path / "rejects.csv").open(encoding="utf-8", newline="") as file:
        assert [row["value"] for row in csv.DictReader(file)] == [value]


def test_earlier_rejects_are_replaced_and_no_draft_is_left(tmp_path: Path) -> None:
    for reason in ("first", "second"):
        write_rejects(tmp_path / "rejects.csv", [Reject(2, "code", "", reason)])
    assert [path.name for path in tmp_path.iterdir()] == ["rejects.csv"]
    assert "second" in (tmp_path / "rejects.csv").read_text()


def test_rejects_that_cannot_be_written_are_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        write_rejects(tmp_path / "no folder" / "rejects.csv", [])
