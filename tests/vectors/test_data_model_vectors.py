"""Do strangers agree on what a credential is? The W3C vectors of the Verifiable Credentials Data Model v2.0.

The files are what an issuing service is asked to sign. As the suite's own runner does, the issuer that such a service
would add is added here, unless its absence is the fault, and the two placeholders for dates are filled in.
"""

from pathlib import Path

import pytest

from ledger.documents.canonical import JsonObject, is_object, parse_object
from ledger.documents.data_model import check_data_model
from ledger.errors import InvalidField

VECTORS = Path(__file__).parents[3] / "shared" / "vectors" / "vc-data-model-2.0"
ISSUER = "did:example:issuer"
DATES = {"PAST DATE": "2000-01-01T00:00:00Z", "FUTURE DATE": "3000-01-01T00:00:00Z"}
PAIRINGS = {
    "presentation-self-asserted-vc-holder-mismatch",
    "presentation-self-asserted-vc-issuer-mismatch",
    "presentation-self-asserted-vc-no-holder",
}
"""Well formed; whether holder and issuer must be the same is for the receiver of a presentation to say."""

pytestmark = pytest.mark.skipif(not VECTORS.exists(), reason="../shared/vectors/vc-data-model-2.0 is not here")


def vectors(ending: str) -> list[Path]:
    return sorted(VECTORS.rglob(f"*{ending}.json"))


def completed(path: Path) -> JsonObject:
    document = parse_object(path.read_bytes())
    if path.stem.startswith("presentation") or path.stem == "credential-no-issuer-fail":
        return document
    issuer = document.setdefault("issuer", ISSUER)
    if is_object(issuer):
        issuer.setdefault("id", ISSUER)
    for member in ("validFrom", "validUntil"):
        if document.get(member) in DATES:
            document[member] = DATES[str(document[member])]
    return document


def test_every_vector_is_used() -> None:
    used = vectors("-ok") + vectors("-fail") + vectors("-fail-or-inject") + vectors("-mismatch") + vectors("-no-holder")
    assert sorted(used) == sorted(VECTORS.rglob("*.json"))


@pytest.mark.parametrize("path", vectors("-ok"), ids=lambda path: path.stem)
def test_what_is_published_as_good_is_accepted(path: Path) -> None:
    check_data_model(completed(path))


@pytest.mark.parametrize("path", vectors("-fail") + vectors("-fail-or-inject"), ids=lambda path: path.stem)
def test_what_is_published_as_bad_is_refused(path: Path) -> None:
    with pytest.raises(InvalidField):
        check_data_model(completed(path))


@pytest.mark.parametrize("name", sorted(PAIRINGS))
def test_a_presentation_is_well_formed_whoever_holds_it(name: str) -> None:
    check_data_model(completed(VECTORS / f"{name}.json"))
