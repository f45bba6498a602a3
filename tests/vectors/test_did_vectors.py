"""Do strangers agree on the names of keys? The did:key vectors of the W3C CCG."""

import json
import re
from pathlib import Path

import pytest
from nacl.signing import SigningKey

from ledger.documents.dids import did_key, key_of_method, verification_method
from ledger.errors import InvalidField

VECTORS = Path(__file__).parents[3] / "shared" / "vectors" / "did-key"

pytestmark = pytest.mark.skipif(not VECTORS.exists(), reason="../shared/vectors/did-key is not here")


def ed25519_vectors() -> list[tuple[str, str]]:
    path = VECTORS / "ed25519-x25519.json"
    found = json.loads(path.read_text()) if path.exists() else {}
    return [(did, vector["seed"]) for did, vector in found.items()]


@pytest.mark.parametrize(("did", "seed"), ed25519_vectors())
def test_the_key_of_a_seed_has_the_published_did(did: str, seed: str) -> None:
    assert did_key(bytes(SigningKey(bytes.fromhex(seed)).verify_key)) == did


@pytest.mark.parametrize(("did", "seed"), ed25519_vectors())
def test_a_published_did_gives_back_its_key(did: str, seed: str) -> None:
    public = bytes(SigningKey(bytes.fromhex(seed)).verify_key)
    assert key_of_method(verification_method(public), place="method") == public


@pytest.mark.parametrize("name", ["secp256k1", "x25519", "bls12381", "nist-curves", "rsa"])
def test_a_published_did_of_another_kind_of_key_is_refused(name: str) -> None:
    did = re.findall(r"did:key:(z\w+)", (VECTORS / f"{name}.json").read_text())[0]
    with pytest.raises(InvalidField):
        key_of_method(f"did:key:{did}#{did}", place="method")
