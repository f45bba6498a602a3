"""Values typed from standards, for a checkout without the vectors beside it: each is a fact somebody else published."""

import pytest
from nacl.signing import SigningKey

from ledger.documents.canonical import JsonObject, canonical_bytes
from ledger.documents.dids import account_of, from_multibase, multibase
from ledger.documents.disclosures import digest_of
from ledger.documents.proofs import add_proof, check_proof, hash_data
from ledger.ids import Time

# RFC 8785, section 3.2.3: names in the order of their UTF-16 code units.
SORTED: JsonObject = {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\u0080": 6, "\u00f6": 7}
SORTED_BYTES = '{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\U0001f600":5,"\ufb33":3}'

# RFC 8032, section 7.1: seed, public key, message, signature.
ED25519 = {
    "test 1": (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    "test 2": (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    "test 3": (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
}

# W3C "Data Integrity EdDSA Cryptosuites v1.0", the worked example of eddsa-jcs-2022.
SECRET = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"
PUBLIC = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
UNSIGNED: JsonObject = {
    "@context": ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2"],
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential", "AlumniCredential"],
    "name": "Alumni Credential",
    "description": "A minimum viable example of an Alumni Credential.",
    "issuer": "https://vc.example/issuers/5678",
    "validFrom": "2023-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
}
CREATED = Time(1677281798)
PROOF_HASH = "66ab154f5c2890a140cb8388a22a160454f80575f6eae09e5a097cabe539a1db"
DOCUMENT_HASH = "59b7cb6251b8991add1ce0bc83107e3db9dbbab5bd2c28f687db1a03abc92f19"
PROOF_VALUE = "z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX"


@pytest.fixture
def proof() -> JsonObject:
    made = add_proof(UNSIGNED, SigningKey(from_multibase(SECRET, length=34, place="key")[2:]), created=CREATED)["proof"]
    assert isinstance(made, dict)
    return made


def test_names_are_sorted_as_rfc_8785_shows() -> None:
    assert canonical_bytes(SORTED).decode() == SORTED_BYTES


@pytest.mark.parametrize(("seed", "public", "message", "signature"), ED25519.values(), ids=ED25519.keys())
def test_signatures_are_those_of_rfc_8032(seed: str, public: str, message: str, signature: str) -> None:
    key = SigningKey(bytes.fromhex(seed))
    signed = key.sign(bytes.fromhex(message)).signature
    assert (bytes(key.verify_key).hex(), signed.hex()) == (public, signature)


def test_the_hashes_of_the_worked_example_are_the_published_ones(proof: JsonObject) -> None:
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    assert hash_data(UNSIGNED, options).hex() == PROOF_HASH + DOCUMENT_HASH


def test_the_proof_of_the_worked_example_is_the_published_one(proof: JsonObject) -> None:
    assert proof["proofValue"] == PROOF_VALUE


def test_the_worked_example_names_its_key(proof: JsonObject) -> None:
    assert multibase(b"\xed\x01" + check_proof({**UNSIGNED, "proof": proof})) == PUBLIC


@pytest.mark.parametrize(
    ("disclosure", "digest"),
    [
        (
            "WyI2cU1RdlJMNWhhaiIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0",
            "uutlBuYeMDyjLLTpf6Jxi7yNkEF35jdyWMn9U7b_RYY",
        ),
        ("WyJsa2x4RjVqTVlsR1RQVW92TU5JdkNBIiwgIkZSIl0", "w0I8EKcdCtUPkGCNUrfwVp2xEgNjtoIDlOxc9-PlOhs"),
    ],
    ids=["a member", "an element"],
)
def test_digests_of_disclosures_are_those_of_rfc_9901(disclosure: str, digest: str) -> None:
    assert digest_of(disclosure) == digest


@pytest.mark.parametrize(
    "address",
    [
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
        "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
    ],
)
def test_addresses_of_eip_55_are_read(address: str) -> None:
    assert account_of(f"did:pkh:eip155:1:{address}", place="issuer") == (bytes.fromhex(address[2:]), 1)
