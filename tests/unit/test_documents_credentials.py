"""Documents: drafted, secured, verified, and refused when anything about them differs."""

from hashlib import sha256, shake_256

import pytest
from nacl.bindings import crypto_scalarmult_ed25519_base_noclamp
from nacl.signing import SigningKey

from ledger.documents.canonical import Json, JsonObject, canonical_bytes, parse_object
from ledger.documents.credentials import draft, secure, verify
from ledger.documents.dids import account_of, did_pkh, multibase, verification_method
from ledger.documents.keys import Keys
from ledger.documents.proofs import add_proof, hash_data
from ledger.errors import InvalidField, Refused
from ledger.ids import Address, Time

ACCOUNT = Address(bytes.fromhex("5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"))
KEY = SigningKey(shake_256(b"document key").digest(32))
SUBJECT: JsonObject = {"event": "statement", "text": "Doos 3 is nat geworden."}


def report(**changes: Json) -> JsonObject:
    return {**draft("Report", SUBJECT, issuer=ACCOUNT, chain_id=7, salt=bytes(32)), **changes}


def test_a_secured_document_names_its_issuer() -> None:
    secured = verify(secure(report(), KEY))
    assert (secured.issuer, secured.chain_id) == (ACCOUNT, 7)


def test_a_secured_document_names_its_kind() -> None:
    assert verify(secure(report(), KEY)).kind == "Report"


def test_a_secured_document_names_the_key_that_proved_it() -> None:
    assert verify(secure(report(), KEY)).ed25519_public == bytes(KEY.verify_key)


def test_the_commitment_is_the_hash_of_the_canonical_bytes() -> None:
    data = secure(report(), KEY)
    assert verify(data).commitment == sha256(data).digest()


def test_equal_arguments_give_equal_bytes() -> None:
    assert secure(report(), KEY, created=Time(0)) == secure(report(), KEY, created=Time(0))


def test_a_drawn_salt_is_never_the_same() -> None:
    first, second = (draft("Report", SUBJECT, issuer=ACCOUNT, chain_id=7) for _ in range(2))
    assert first["credentialSubject"] != second["credentialSubject"]


def test_the_time_of_making_stands_in_the_proof() -> None:
    proof = verify(secure(report(), KEY, created=Time(1677281798))).document["proof"]
    assert isinstance(proof, dict)
    assert proof["created"] == "2023-02-24T23:36:38Z"


def test_an_agents_keys_issue_as_its_own_account() -> None:
    keys = Keys.from_private(shake_256(b"agent").digest(96))
    secured = verify(keys.sign_document("Report", SUBJECT, chain_id=7))
    assert (secured.issuer, secured.ed25519_public) == (keys.address, keys.public.ed25519)


@pytest.mark.parametrize("salt", [b"", bytes(31), bytes(33)])
def test_a_salt_of_another_length_is_refused(salt: bytes) -> None:
    with pytest.raises(InvalidField, match="salt"):
        draft("Report", SUBJECT, issuer=ACCOUNT, chain_id=7, salt=salt)


def test_a_subject_that_brings_its_own_salt_is_refused() -> None:
    with pytest.raises(InvalidField, match="salt"):
        draft("Report", {**SUBJECT, "salt": "0x" + "00" * 32}, issuer=ACCOUNT, chain_id=7)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(InvalidField, match="OrganizationProfile"):
        draft("Rumor", SUBJECT, issuer=ACCOUNT, chain_id=7)


def test_a_document_is_not_secured_twice() -> None:
    with pytest.raises(InvalidField, match="proof"):
        secure(parse_object(secure(report(), KEY)), KEY)


FAULTS: dict[str, JsonObject] = {
    "another context": {"@context": ["https://www.w3.org/ns/credentials/v2"]},
    "another type": {"type": ["VerifiableCredential"]},
    "a type that is no list": {"type": "VerifiableCredential"},
    "a member more": {"id": "urn:uuid:1"},
    "an issuer of another method": {"issuer": "did:web:example.org"},
    "an issuer without checksum": {"issuer": "did:pkh:eip155:7:0x" + ACCOUNT.hex()},
    "an issuer on no chain": {"issuer": did_pkh(ACCOUNT, 7).replace(":7:", ":07:")},
    "a subject that is no object": {"credentialSubject": [SUBJECT]},
    "a subject without salt": {"credentialSubject": SUBJECT},
    "a subject with a short salt": {"credentialSubject": {**SUBJECT, "salt": "0x00"}},
}


@pytest.mark.parametrize("change", FAULTS.values(), ids=FAULTS.keys())
def test_a_document_of_another_form_is_refused_although_its_proof_holds(change: JsonObject) -> None:
    with pytest.raises(InvalidField):
        verify(secure(report(**change), KEY))


def test_a_document_without_proof_is_refused() -> None:
    with pytest.raises(InvalidField, match="proof"):
        verify(canonical_bytes(report()))


def test_a_changed_word_breaks_the_proof() -> None:
    with pytest.raises(Refused, match="ProofInvalid"):
        verify(secure(report(), KEY).replace(b"nat", b"zat"))


def test_a_document_that_is_not_canonical_is_refused() -> None:
    with pytest.raises(InvalidField, match="RFC 8785"):
        verify(secure(report(), KEY) + b"\n")


def secured_with(document: JsonObject, options: JsonObject) -> bytes:
    """`document` with a signature that is right over whatever proof `options` say."""
    signature = KEY.sign(hash_data(document, options)).signature
    return canonical_bytes({**document, "proof": {**options, "proofValue": multibase(signature)}})


def options_of(document: JsonObject) -> JsonObject:
    proof = add_proof(document, KEY, created=Time(0))["proof"]
    assert isinstance(proof, dict)
    return {name: value for name, value in proof.items() if name != "proofValue"}


OWN = verification_method(bytes(KEY.verify_key))
PROOF_FAULTS: dict[str, JsonObject] = {
    "another cryptosuite": {"cryptosuite": "eddsa-rdfc-2022"},
    "another purpose": {"proofPurpose": "authentication"},
    "another type": {"type": "Ed25519Signature2020"},
    "a context of its own": {"@context": ["https://www.w3.org/ns/credentials/v2"]},
    "an unknown member": {"expires": "2030-01-01T00:00:00Z"},
    "a time with a fraction": {"created": "2023-02-24T23:36:38.5Z"},
    "a day that does not exist": {"created": "2023-02-30T23:36:38Z"},
    "a key without its DID": {"verificationMethod": OWN.split("#")[1]},
    "a method that names two keys": {"verificationMethod": f"did:key:z6Mk#{OWN.split('#')[1]}"},
}


def test_options_signed_as_the_suite_says_are_accepted() -> None:
    assert verify(secured_with(report(), options_of(report()))).kind == "Report"


@pytest.mark.parametrize("change", PROOF_FAULTS.values(), ids=PROOF_FAULTS.keys())
def test_proof_options_of_another_form_are_refused_although_signed(change: JsonObject) -> None:
    with pytest.raises(InvalidField):
        verify(secured_with(report(), {**options_of(report()), **change}))


@pytest.mark.parametrize(
    "value", ["u" + "A" * 86, "z" + "2" * 80, "z" + "2" * 100_000, "z" + "0" * 88, "z", None, 1]
)
def test_a_proof_value_that_is_no_signature_is_refused(value: Json) -> None:
    document = report(proof={**options_of(report()), "proofValue": value})
    with pytest.raises(InvalidField, match="proofValue"):
        verify(canonical_bytes(document))


def test_a_proof_by_another_key_than_it_names_is_refused() -> None:
    other = verification_method(bytes(SigningKey(bytes(32)).verify_key))
    with pytest.raises(Refused, match="ProofInvalid"):
        verify(secured_with(report(), {**options_of(report()), "verificationMethod": other}))


def test_a_key_of_small_order_proves_nothing() -> None:
    # With the neutral element as key, R = r x B and s = r satisfy the equation for every message.
    r = (5).to_bytes(32, "little")
    forged = multibase(crypto_scalarmult_ed25519_base_noclamp(r) + r)
    method = verification_method(b"\x01" + bytes(31))
    proof: JsonObject = {**options_of(report()), "verificationMethod": method, "proofValue": forged}
    with pytest.raises(Refused, match="ProofInvalid"):
        verify(canonical_bytes(report(proof=proof)))


@pytest.mark.parametrize("chain_id", [0, 1, 131277322940537])
def test_an_account_is_read_back_from_its_did(chain_id: int) -> None:
    assert account_of(did_pkh(ACCOUNT, chain_id), place="issuer") == (ACCOUNT, chain_id)


def test_an_account_is_written_with_the_checksum_of_eip_55() -> None:
    assert did_pkh(ACCOUNT, 1) == "did:pkh:eip155:1:0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
