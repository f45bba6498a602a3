"""Does a rerun make the same salts, and can nobody else make them?"""

from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from api.importing.identity import (
    IdentityKey,
    Purpose,
    create_key,
    fingerprint,
    license_salt,
    party_salt,
    profile_salt,
    read_key,
    salt,
)
from api.importing.mapping import parse_mapping
from api.importing.rows import Identity, RegisterRow, read_register
from ledger.errors import InvalidField

KEY = IdentityKey(bytes(range(32)))
ROW = Identity("sample", "SR-1", 1)


def sample_row() -> RegisterRow:
    mapping = parse_mapping(Path("tests/data/sample_register.toml").read_bytes())
    first = next(read_register(Path("tests/data/sample_register.csv").read_bytes(), mapping))
    assert isinstance(first, RegisterRow)
    return first


def test_the_same_row_gets_the_same_salt() -> None:
    # Pinned with another program (openssl dgst -sha256 -mac HMAC): a later version must make the same ids.
    assert salt(KEY, ROW, "application record").hex() == (
        "3e5422fc5ffbd73be5f88530cf40846fb0adb97c187c9cc9ce19cc358bff4e86"
    )


def test_every_purpose_has_a_salt_of_its_own() -> None:
    salts = {salt(KEY, ROW, purpose) for purpose in get_args(Purpose)}
    others = {license_salt(KEY, ROW, b""), party_salt("sample"), profile_salt(KEY, "sample")}
    assert len(salts | others) == 5


@pytest.mark.parametrize(
    "other",
    [Identity("sample", "SR-1", 2), Identity("sample", "SR-11", 1), Identity("sampleS", "R-1", 1)],
)
def test_another_row_gets_another_salt(other: Identity) -> None:
    assert salt(KEY, other, "application record") != salt(KEY, ROW, "application record")


def test_another_key_gives_another_salt() -> None:
    assert salt(IdentityKey(bytes(32)), ROW, "application record") != salt(KEY, ROW, "application record")


def test_a_changed_cell_changes_the_fingerprint() -> None:
    row = sample_row()
    changed = replace(row, cells=(("issued", "06-01-2026"), *row.cells[1:]))
    assert fingerprint(KEY, changed) != fingerprint(KEY, row)


def test_a_changed_cell_keeps_the_salts() -> None:
    row = sample_row()
    changed = replace(row, cells=(("issued", "06-01-2026"), *row.cells[1:]))
    assert salt(KEY, changed.identity, "application record") == salt(KEY, row.identity, "application record")


def test_a_created_key_is_read_back(tmp_path: Path) -> None:
    created = create_key(tmp_path / "import.key")
    assert read_key(tmp_path / "import.key") == created


def test_only_the_owner_can_read_a_created_key(tmp_path: Path) -> None:
    create_key(tmp_path / "import.key")
    assert (tmp_path / "import.key").stat().st_mode & 0o777 == 0o600


def test_creating_a_key_leaves_no_draft_behind(tmp_path: Path) -> None:
    create_key(tmp_path / "import.key")
    assert [path.name for path in tmp_path.iterdir()] == ["import.key"]


def test_an_existing_key_is_never_replaced(tmp_path: Path) -> None:
    created = create_key(tmp_path / "import.key")
    with pytest.raises(InvalidField):
        create_key(tmp_path / "import.key")
    assert read_key(tmp_path / "import.key") == created


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    create_key(tmp_path / "import.key")
    (tmp_path / "import.key").chmod(0o644)
    with pytest.raises(InvalidField, match="only its owner"):
        read_key(tmp_path / "import.key")


@pytest.mark.parametrize("text", ["", "ab" * 31 + "\n", "AB" * 32 + "\n", "zz" * 32 + "\n", "ab" * 32])
def test_a_file_that_holds_no_key_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "import.key"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(InvalidField, match="64 hex digits"):
        read_key(path)


def test_a_missing_key_is_refused_and_not_made_up(tmp_path: Path) -> None:
    with pytest.raises(InvalidField, match="readable key file"):
        read_key(tmp_path / "import.key")
