"""Do strangers agree on the names of keys and accounts? The did:key and did:pkh vectors of the W3C CCG."""

import json
import re
from pathlib import Path

import pytest
from nacl.signing import SigningKey

from ledger.documents.dids import account_of, did_key, did_pkh, key_of_method, verification_method
from ledger.errors import InvalidField

VECTORS = Path(__file__).parents[3] / "shared" / "vectors" / "did-key"
ACCOUNTS = VECTORS.with_name("did-pkh")

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


def account_vectors(namespace: str) -> list[str]:
    """The names of accounts in the files, which are called as their DIDs are."""
    return sorted(path.stem for path in ACCOUNTS.glob(f"did:pkh:{namespace}:*.jsonld"))


def test_there_are_vectors_of_accounts() -> None:
    assert (len(account_vectors("eip155")), len(account_vectors("*"))) == (3, 10)


@pytest.mark.parametrize("did", account_vectors("eip155"))
def test_a_published_account_is_read(did: str) -> None:
    account, chain_id = account_of(did, place="issuer")
    assert did_pkh(account, chain_id).lower() == did


@pytest.mark.parametrize("did", sorted(set(account_vectors("*")) - set(account_vectors("eip155"))))
def test_an_account_on_another_kind_of_chain_is_refused(did: str) -> None:
    with pytest.raises(InvalidField):
        account_of(did, place="issuer")
