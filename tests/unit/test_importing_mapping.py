"""Does a mapping refuse what it does not decide?"""

from pathlib import Path

import pytest

from api.importing.mapping import parse_mapping
from ledger.errors import InvalidField

SAMPLE = Path("tests/data/sample_register.toml").read_text("utf-8")
DUTCH = Path("api/importing/mappings/nl_dual_use.toml")


def refused_field(text: str) -> object:
    with pytest.raises(InvalidField) as refusal:
        parse_mapping(text.encode())
    return refusal.value.values["field"]


def test_the_dutch_mapping_that_ships_is_readable() -> None:
    assert parse_mapping(DUTCH.read_bytes()).source == "nl-dual-use"


def test_an_unknown_key_is_refused_by_its_path() -> None:
    assert refused_field(SAMPLE.replace("[dates]", "[dates]\nguess = true")) == "dates.guess"


def test_an_unknown_table_is_refused() -> None:
    assert refused_field(SAMPLE + "\n[guesses]\n") == "guesses"


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ('unmapped = "reject"', "places.unmapped"),
        ('missing = "accept"', "codes.missing"),
        ('contradicted = "reject"', "dates.contradicted"),
        ('lost_zeros = "restore"', "value.formats[1].lost_zeros"),
        ('unit = "ZZ"', "unit"),
    ],
)
def test_a_decision_left_out_is_refused_because_none_has_a_default(line: str, field: str) -> None:
    assert refused_field(SAMPLE.replace(line, "")) == field


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("Europe/Amsterdam", "Europe/Atlantis", "time_zone"),
        ("minor_digits = 2", "minor_digits = true", "value.minor_digits"),
        ("minor_digits = 2", "minor_digits = 2.0", "value.minor_digits"),
        ("DD-MM-YYYY", "DD-MM-YY", "dates.formats[0]"),
        ('P = "individual"', 'P = "personal"', "kinds.P"),
        ('"0" = "0E001"', '"0" = "nuclear"', "codes.replaced.0"),
        ("2026-04-01", "2026-03-31", "value.formats"),
        ("2026-04-01", '"2026-04-01"', "value.formats[1].issued_from"),
        ('group = "."\ndecimal = ""', 'group = "."\ndecimal = "."', "value.formats[1].decimal"),
        ('TR = ["Turkey"', 'XX = ["Chile"]\nTR = ["Turkey"', "places"),
        ('groups = ["World"]', 'groups = ["FRANCE"]', "places"),
        ('drawn = "Used EUR"', 'drawn = "Value EUR"', "columns"),
    ],
)
def test_a_decision_that_cannot_be_meant_is_refused(old: str, new: str, field: str) -> None:
    assert refused_field(SAMPLE.replace(old, new)) == field


def test_bytes_that_are_no_toml_are_refused() -> None:
    assert refused_field("source = ") == "mapping"
