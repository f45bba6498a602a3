"""Do strangers agree on proofs? The W3C vectors of the cryptosuite eddsa-jcs-2022."""

import copy
from pathlib import Path

import pytest
from nacl.signing import SigningKey

from ledger.documents.canonical import JsonObject, canonical_bytes, parse_object
from ledger.documents.credentials import Document, verify
from ledger.documents.data_model import check_data_model
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


def text(name: str) -> str:
    return (VECTORS / "eddsa-jcs-2022" / name).read_text().strip()


@pytest.mark.parametrize(
    ("name", "published"),
    [("unsigned.json", "canonDocJCS.txt"), ("eddsa-jcs-2022/proofConfigJCS.json", "proofCanonJCS.txt")],
)
def test_the_canonical_bytes_are_the_published_ones(name: str, published: str) -> None:
    assert canonical_bytes(vector(name)).decode() == text(published)


@pytest.mark.parametrize(
    ("part", "published"),
    [
        (slice(0, 32), "proofHashJCS.txt"),
        (slice(32, 64), "docHashJCS.txt"),
        (slice(0, 64), "combinedHashJCS.txt"),
    ],
)
def test_the_bytes_to_sign_are_the_published_ones(part: slice, published: str) -> None:
    combined = hash_data(vector("unsigned.json"), vector("eddsa-jcs-2022/proofConfigJCS.json"))
    assert combined[part].hex() == text(published)


def test_the_signature_is_the_published_one(key: SigningKey) -> None:
    combined = hash_data(vector("unsigned.json"), vector("eddsa-jcs-2022/proofConfigJCS.json"))
    assert key.sign(combined).signature.hex() == text("sigHexJCS.txt")


def test_the_signature_is_written_as_published() -> None:
    assert multibase(bytes.fromhex(text("sigHexJCS.txt"))) == text("sigBTC58JCS.txt")


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
    stranger = Document(canonical_bytes(vector("eddsa-jcs-2022/signedJCS.json")), ())
    with pytest.raises(InvalidField, match="only and all of"):
        verify(stranger)


def test_a_strangers_credential_is_a_credential() -> None:
    check_data_model(vector("eddsa-jcs-2022/signedJCS.json"))
