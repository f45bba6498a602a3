"""Is a row of the ledger recognized, whoever recorded it, and a changed one told from it?"""

from dataclasses import replace
from typing import Any

import pytest

from api.importing.acts import party_profile
from api.importing.posting import StoredApplication, StoredParty
from api.importing.reading import Reject
from api.importing.recorded import ASSESSED, CHANGED, GRANTED, UNFINISHED, ChangedRow, check_party, compare
from ledger.errors import InvalidField
from ledger.ids import ZERO32, Commitment, Head, RecordId
from tests.scenario import keys_of
from tests.unit.importing_parts import DESK, prepared, rows

ROW = prepared(rows()[2])
OTHER = prepared(rows()[2], replace(DESK, recorder=keys_of("another recorder")))
CHANGE = prepared(replace(rows()[2], goods="Tubes"))


def stored(status: str = GRANTED, **fields: Any) -> StoredApplication:
    document = ROW.document.commitment
    values = {"record": ROW.application, "head": Head(ZERO32), "document": document, "license": ROW.license}
    return StoredApplication(status=status, **(values | fields))


def test_a_row_that_is_on_the_ledger_is_recognized() -> None:
    assert compare(ROW, stored()) is None


def test_a_row_that_another_recorder_recorded_is_recognized_by_its_license() -> None:
    assert compare(OTHER, stored()) is None


def test_a_row_that_somebody_issued_by_hand_is_recognized_by_its_document() -> None:
    assert compare(ROW, stored(license=RecordId(bytes([1]) * 32))) is None


def test_a_changed_row_is_told_from_the_one_on_the_ledger() -> None:
    assert compare(CHANGE, stored()) == ChangedRow(Reject(2, "row", "SR-2026-001", CHANGED))


def test_a_row_that_is_not_issued_yet_can_be_completed_by_its_recorder() -> None:
    assert compare(ROW, stored(ASSESSED, license=RecordId(ZERO32))) is None


def test_a_row_that_is_not_issued_yet_is_a_reject_for_another_recorder() -> None:
    found = compare(OTHER, stored(ASSESSED, license=RecordId(ZERO32)))
    assert found == ChangedRow(Reject(2, "row", "SR-2026-001", UNFINISHED))


def test_a_row_whose_application_was_refused_is_a_reject() -> None:
    found = compare(ROW, stored("refused", license=RecordId(ZERO32)))
    assert found == Reject(2, "row", "SR-2026-001", "its application on the ledger is refused")


def test_the_party_of_the_same_key_and_mapping_is_accepted() -> None:
    check_party(DESK, StoredParty(2, party_profile(DESK).commitment))


def test_a_party_with_another_profile_is_refused() -> None:
    with pytest.raises(InvalidField, match="identity_key"):
        check_party(DESK, StoredParty(2, Commitment(ZERO32)))
