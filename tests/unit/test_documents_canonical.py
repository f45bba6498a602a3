"""Canonical JSON: one meaning, one byte form, and a refusal that names the place."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.documents.canonical import Json, canonical_bytes, parse, parse_canonical
from ledger.errors import InvalidField

VALUES: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)

REFUSED = {
    "a float": (b'{"a":[1,1.0]}', "document.a[1]"),
    "an exponent": (b'{"a":1e2}', "document.a"),
    "NaN": (b'{"a":NaN}', "document.a"),
    "infinity": (b"[-Infinity]", "document[0]"),
    "a number beyond 2^53 - 1": (b'{"a":{"b":9007199254740992}}', "document.a.b"),
    "a number below -(2^53 - 1)": (b"[-9007199254740992]", "document[0]"),
    "a number of a million digits": (b"[" + b"9" * 1_000_000 + b"]", "document[0]"),
    "a name twice": (b'{"a":{"b":1,"b":1}}', "document.a.b"),
    "a lone surrogate": (b'["\\ud800"]', "document[0]"),
    "a lone surrogate in a name": (b'{"\\udc00":1}', "document"),
    "depth 33": (b"[" * 33 + b"]" * 33, "document" + "[0]" * 32),
    "bottomless nesting": (b"[" * 100_000, "document"),
    "more than 1 MiB": (b" " * (1 << 20) + b"1", "document"),
    "bytes that are not UTF-8": (b'"\xff"', "document"),
    "a byte order mark": (b"\xef\xbb\xbf{}", "document"),
    "a control character in a string": (b'"\x01"', "document"),
    "a trailing comma": (b"[1,]", "document"),
    "nothing": (b"", "document"),
}


@pytest.mark.parametrize(("data", "place"), REFUSED.values(), ids=REFUSED.keys())
def test_what_readers_could_understand_differently_is_refused_with_its_place(data: bytes, place: str) -> None:
    with pytest.raises(InvalidField) as refusal:
        parse(data)
    assert refusal.value.values["field"] == place


def test_depth_32_is_read() -> None:
    assert canonical_bytes(parse(b"[" * 32 + b"]" * 32)) == b"[" * 32 + b"]" * 32


def test_the_largest_integer_is_read_exactly() -> None:
    assert parse(b"9007199254740991") == 2**53 - 1


@pytest.mark.parametrize("data", [b'{"b":1,"a":2}', b'{"a": 1}', b'{"a":1}\n', b'{"a":"\\u0041"}', b'{"a":-0}'])
def test_bytes_other_than_the_canonical_ones_are_refused(data: bytes) -> None:
    with pytest.raises(InvalidField, match="RFC 8785"):
        parse_canonical(data)


@pytest.mark.parametrize("value", [1.0, float("nan"), 2**53, b"x", ("a",), {1: 2}, {"a": [1.5]}, "\ud800"])
def test_a_value_that_json_cannot_say_exactly_is_not_written(value: Json) -> None:
    with pytest.raises(InvalidField):
        canonical_bytes(value)


def test_names_are_sorted_by_utf16_code_units() -> None:
    assert canonical_bytes({"\ufb33": 1, "\U0001f602": 2}) == '{"\U0001f602":2,"\ufb33":1}'.encode()


@settings(max_examples=100)
@given(VALUES)
def test_every_value_reads_back_as_written(value: Json) -> None:
    assert parse(canonical_bytes(value)) == value
