"""Does the private index find what a person looks for, nothing else, and keep it to its owner?"""

import hashlib
import json
import stat
from collections.abc import Iterator

import pytest

from ledger.documents.kinds import KINDS
from ledger.documents.schema import schema_text
from ledger.errors import InvalidField
from ledger.ids import Commitment, RecordId
from ledger.private_index.store import Index, Indexed, Place
from ledger.private_index.terms import COUNTRY_FIELDS, terms, words_of

OWNER = "organization 2, chain 7"
NOWHERE = Place(None, None)
APPLICATION = {
    "reference": "DL-2026-0041",
    "exporter": {"name": "Deltalens Instruments B.V.", "address": {"locality": "Delft", "country": "NL"}},
    "lines": [{"controlEntries": [{"code": "6A003.b.4.b"}], "unit": "NAR", "serials": ["SN-17/4"]}],
    "destinations": ["GH", "BY"],
    "via": ["NG"],
    "endUse": "Zählung von Tieren",
}


def document(name, fields, kind="Application", place=NOWHERE):
    return Indexed(Commitment(hashlib.sha256(name.encode()).digest()), place, kind, fields)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "index.sqlite"


@pytest.fixture
def index(path) -> Iterator[Index]:
    with Index(path, owner=OWNER) as index:
        yield index


@pytest.fixture
def one(index):
    index.add(document("one", APPLICATION), ("goods",))
    return lambda *words, **exact: len(index.search(words, **exact))


@pytest.mark.parametrize(
    "word",
    ["DL-2026-0041", "deltalens", "DELFT", "nar", "SN-17/4", "zahlung", "Tieren", "6A003.b.4.b", "instruments"],
)
def test_a_word_of_any_text_finds_the_document(one, word):
    assert one(word) == 1


@pytest.mark.parametrize("word", ["delta", "SN-17/5", "DL-2026-004", "6A004"])
def test_a_part_of_a_word_or_another_one_finds_nothing(one, word):
    assert one(word) == 0


def test_several_words_must_all_be_there(one):
    assert (one("deltalens", "delft"), one("deltalens", "rotterdam"), one("deltalens delft")) == (1, 0, 1)


@pytest.mark.parametrize("country", ["NL", "GH", "BY", "NG"])
def test_a_country_is_found_wherever_it_is_named(one, country):
    assert one(country=country) == 1


def test_a_country_that_is_not_named_is_not_found(one):
    assert one(country="RU") == 0


@pytest.mark.parametrize(
    ("code", "found"),
    [("6A003", 1), ("6a003.b", 1), ("6A003.b.4.b", 1), ("6A00", 0), ("6A003.b.4.b.1", 0), ("6A003.b.4.bis", 0)],
)
def test_a_code_finds_itself_and_what_is_below_it(one, code, found):
    assert one(code=code) == found


def test_kind_and_words_narrow_together(one, index):
    index.add(document("other", APPLICATION, kind="License"), ("goods",))
    assert (one("delft"), one("delft", kind="License"), one(kind="Manifest")) == (2, 1, 0)


def test_rusland_does_not_find_belarus_as_a_register_writes_it(index):
    index.add(document("row", {"registerRow": {"destinationAsWritten": "Wit-Rusland", "destinations": ["BY"]}}), ())
    assert (index.search(["Rusland"]), len(index.search(["wit-rusland"])), index.search(country="RU")) == ([], 1, [])


def test_a_name_is_found_by_what_its_hyphen_joins():
    assert {"pierre", "jean", "jean-pierre"} <= words_of("Jean-Pierre")


def test_every_field_that_a_schema_calls_a_country_is_one_here():
    assert set().union(*(countries_of(json.loads(schema_text(kind))) for kind in KINDS)) <= COUNTRY_FIELDS


def countries_of(schema):
    """Names of the properties whose values are countries."""
    found = set()
    for part in (schema, *schema.get("$defs", {}).values()):
        for name, said in part.get("properties", {}).items():
            if "#/$defs/Country" in str(said):
                found.add(name)
    return found


def test_true_and_numbers_are_told_apart():
    assert terms({"letterhead": True, "quantity": 1}).words == {"1"}


def test_a_document_put_again_takes_the_place_of_the_first(index):
    index.add(document("one", {"text": "before"}), ("goods",))
    index.add(document("one", {"text": "after"}), ("goods", "prices"))
    assert (index.search(["before"]), len(index.search(["after"]))) == ([], 1)


def test_a_document_that_is_removed_is_found_no_more(one, index):
    index.remove(document("one", APPLICATION).commitment)
    assert (one(), index.held()) == (0, {})


def test_where_a_document_belongs_may_be_told_later(one, index):
    place = Place(RecordId(bytes(32)), "ApplyForLicense")
    index.place(document("one", APPLICATION).commitment, place)
    assert [found.place for found in index.search()] == [place]


def test_only_its_owner_can_read_the_file(index, path):
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_others_can_read_is_refused(index, path):
    path.chmod(0o644)
    with pytest.raises(InvalidField, match="chmod 600"):
        Index(path)


def test_an_index_that_is_not_there_is_refused_and_not_made(path):
    with pytest.raises(InvalidField):
        Index(path)
    assert not path.exists()


def test_an_index_of_another_organization_is_refused(index, path):
    with pytest.raises(InvalidField, match="organization 3"):
        Index(path, owner="organization 3, chain 7")


def test_a_file_that_is_no_index_is_refused(path):
    path.write_bytes(b"no database at all, but long enough to be looked at" * 9)
    path.chmod(0o600)
    with pytest.raises(InvalidField, match="a private index"):
        Index(path)


def test_an_index_reads_as_it_was_written(path):
    with Index(path, owner=OWNER) as index:
        index.add(document("one", APPLICATION), ("goods",))
    with Index(path) as index:
        assert [found.fields for found in index.search(["delft"])] == [APPLICATION]
