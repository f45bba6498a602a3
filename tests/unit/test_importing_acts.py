"""Is a row always the same act and document, and does the document say what was decided for it?"""

from dataclasses import replace
from typing import Any

import pytest

from api.importing.acts import party_profile, prepare, record_license
from api.importing.identity import IdentityKey
from api.importing.reading import Reject
from api.importing.rows import RegisterRow
from ledger.documents.credentials import verify
from tests.scenario import keys_of
from tests.unit.importing_parts import DESK, REGISTER, prepared, rows

LOST_ZEROS = 27


def told(row: RegisterRow) -> Any:
    return verify(prepared(row).document).subject["registerRow"]


def test_a_row_gives_the_same_document_and_records_on_every_run() -> None:
    assert prepared(rows()[2]) == prepared(rows()[2])


def test_rows_inserted_above_change_no_commitment() -> None:
    header, rest = REGISTER.split(b"\n", 1)
    below = rows(header + b"\n\n\n" + rest)[4]
    assert prepared(below).document == prepared(rows()[2]).document


def test_a_changed_row_meets_its_own_application_with_another_license() -> None:
    row = rows()[2]
    changed = prepared(replace(row, cells=tuple((name, text + "!") for name, text in row.cells)))
    own = prepared(row)
    assert (changed.application == own.application, changed.license == own.license) == (True, False)


def test_another_recorder_gives_the_same_records() -> None:
    own, other = prepared(rows()[2]), prepared(rows()[2], replace(DESK, recorder=keys_of("another recorder")))
    assert (own.application, own.license) == (other.application, other.license)


def test_another_recorder_gives_the_same_profile_of_the_registers_party() -> None:
    assert party_profile(DESK) == party_profile(replace(DESK, recorder=keys_of("another recorder")))


def test_another_identity_key_gives_another_profile_of_the_registers_party() -> None:
    assert party_profile(DESK) != party_profile(replace(DESK, key=IdentityKey(bytes(32))))


def test_a_value_that_lost_its_zeros_shows_in_the_document_what_was_restored() -> None:
    row = told(rows()[LOST_ZEROS])
    restored = "value: lost zeros restored: 112.95 -> 112950"
    assert (row["valueAsWritten"], row["value"]["minorUnits"], row["amountDecisions"]) == (
        "112.95",
        11_295_000,
        [restored],
    )


def test_the_document_says_what_was_drawn_before() -> None:
    assert told(rows()[3])["drawn"] == {"minorUnits": 6_000_000, "currency": "EUR"}


def test_several_countries_all_stand_in_the_document() -> None:
    assert told(rows()[10])["destinations"] == ["FR", "DE"]


def test_a_row_with_a_value_is_bounded_by_it() -> None:
    act = record_license(DESK, prepared(rows()[2]), party=2).act
    assert act.to_json()["control"] == 2


@pytest.mark.parametrize(("field", "length"), [("goods", 10_001), ("origin", 301), ("destination", 301)])
def test_a_cell_longer_than_documents_allow_is_a_reject_with_its_field(field: str, length: int) -> None:
    row = rows()[2]
    cells = tuple((name, "x" * length if name == field else text) for name, text in row.cells)
    found = prepare(DESK, replace(row, cells=cells, goods=dict(cells)["goods"]))
    assert isinstance(found, Reject)
    assert (found.line, found.field) == (2, field)


def test_more_decisions_than_documents_allow_are_a_reject() -> None:
    row = rows()[LOST_ZEROS]
    found = prepare(DESK, replace(row, decisions=row.decisions * 40))
    assert isinstance(found, Reject)
    assert found.field == "decisions"
