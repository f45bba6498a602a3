"""Do strangers agree on proofs? The W3C vectors of the cryptosuite eddsa-jcs-2022."""

import copy
from pathlib import Path

import pytest
from nacl.signing import SigningKey

from ledger.documents.canonical import JsonObject, parse_object
from ledger.documents.credentials import verify
from ledger.documents.dids import from_multibase, multibase
from ledger.documents.proofs import add_proof, check_proof, hash_data
from ledger.errors import InvalidField, Refused
from ledger.ids import Time

VECTORS = Path(__file__).parents[3] / "shared" / "vectors" / "eddsa-jcs-2022"
CREATED = Time(1677281798)  # 2023-02-24T23:36:38Z
GROUP_ORDER = 2**252 + 27742317777372353535851937790883648493

pytestmark = pytest.mark.skipif(not VECTORS.exists(), reason="../shared/vectors/eddsa-jcs-2022 is not here")


def vector(name: str) -> JsonObject:
    return parse_object((VECTORS / name).read_bytes())


@pytest.fixture
def signed() -> JsonObject:
    return vector("eddsa-jcs-2022/signedJCS.json")


@pytest.fixture
def key() -> SigningKey:
    pair = vector("keyPair.json")
    # multicodec 0x1300 (Ed25519 private key) stands before the seed
    return SigningKey(from_multibase(pair["privateKeyMultibase"], length=34, place="key")[2:])


def test_the_bytes_to_sign_are_the_published_ones() -> None:
    combined = hash_data(vector("unsigned.json"), vector("eddsa-jcs-2022/proofConfigJCS.json"))
    assert combined.hex() == (VECTORS / "eddsa-jcs-2022/combinedHashJCS.txt").read_text().strip()


def test_the_secured_document_is_the_published_one(signed: JsonObject, key: SigningKey) -> None:
    assert add_proof(vector("unsigned.json"), key, created=CREATED) == signed


def test_the_published_proof_holds(signed: JsonObject, key: SigningKey) -> None:
    assert check_proof(signed) == bytes(key.verify_key)


def test_a_published_document_with_one_letter_changed_is_refused(signed: JsonObject) -> None:
    with pytest.raises(Refused, match="ProofInvalid"):
        check_proof({**signed, "name": "Alumni Credentials"})


def test_a_signature_with_s_not_reduced_is_refused(signed: JsonObject) -> None:
    changed = copy.deepcopy(signed)
    proof = changed["proof"]
    assert isinstance(proof, dict)
    value = from_multibase(proof["proofValue"], length=64, place="proof")
    s = int.from_bytes(value[32:], "little") + GROUP_ORDER
    proof["proofValue"] = multibase(value[:32] + s.to_bytes(32, "little"))
    with pytest.raises(Refused, match="ProofInvalid"):
        check_proof(changed)


@pytest.mark.parametrize(
    "name",
    [
        "Ed25519Signature2020/signedEdSig.json",
        "eddsa-rdfc-2022/signedDataInt.json",
        "proof-set-chain/signedProofSet2.json",
    ],
)
def test_a_published_document_of_another_cryptosuite_is_refused(name: str) -> None:
    with pytest.raises(InvalidField):
        check_proof(vector(name))


def test_a_strangers_credential_is_no_document_of_ours() -> None:
    data = (VECTORS / "eddsa-jcs-2022/signedJCS.json").read_bytes()
    with pytest.raises(InvalidField):
        verify(data)
