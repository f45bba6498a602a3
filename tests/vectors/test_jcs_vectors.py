"""Do strangers agree on canonical JSON? The RFC 8785 author's vectors."""

from pathlib import Path

import pytest

from ledger.documents.canonical import canonical_bytes, parse
from ledger.errors import InvalidField

VECTORS = Path(__file__).parents[3] / "shared" / "vectors" / "jcs-rfc8785"

pytestmark = pytest.mark.skipif(not VECTORS.exists(), reason="../shared/vectors/jcs-rfc8785 is not here")


@pytest.mark.parametrize("name", ["arrays", "french", "unicode", "weird"])
def test_a_vector_without_floats_has_the_published_canonical_bytes(name: str) -> None:
    value = parse((VECTORS / "input" / f"{name}.json").read_bytes())
    published = bytes.fromhex((VECTORS / "outhex" / f"{name}.txt").read_text())
    assert canonical_bytes(value) == published


@pytest.mark.parametrize(("name", "place"), [("values", "document.numbers[0]"), ("structures", "document.1.\n")])
def test_a_vector_with_floats_is_refused_where_the_first_float_stands(name: str, place: str) -> None:
    with pytest.raises(InvalidField) as refusal:
        parse((VECTORS / "input" / f"{name}.json").read_bytes())
    assert refusal.value.values["field"] == place
