"""Documents: drafted, secured, verified, and refused when anything about them differs."""

from dataclasses import replace
from hashlib import sha256, shake_256

import pytest
from nacl.signing import SigningKey

from ledger.documents.canonical import Json, JsonObject, canonical_bytes, parse_object
from ledger.documents.credentials import Document, anonymous, draft, secure, select, verify
from ledger.documents.dids import account_of, did_pkh, multibase, verification_method
from ledger.documents.keys import Keys
from ledger.documents.proofs import add_proof, hash_data
from ledger.errors import InvalidField, Refused
from ledger.ids import Address, Time

ACCOUNT = Address(bytes.fromhex("5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"))
KEY = SigningKey(shake_256(b"document key").digest(32))
SUBJECT: JsonObject = {
    "topic": "statement",
    "text": "Doos 3 is nat geworden.",
    "lines": [{"line": 0, "counted": 47}, {"line": 1, "counted": 3, "serials": ["a", "b"]}],
}
UNSIGNED = draft("Statement", SUBJECT, issuer=ACCOUNT, chain_id=7, salt=bytes(32))
SIGNED = secure(UNSIGNED, KEY)


def changed(document: Document, **changes: Json) -> Document:
    """`document` with other members in its credential."""
    return replace(document, credential=canonical_bytes({**parse_object(document.credential), **changes}))


def test_a_secured_document_names_its_issuer() -> None:
    secured = verify(SIGNED)
    assert (secured.issuer, secured.chain_id) == (ACCOUNT, 7)


def test_a_secured_document_names_its_kind() -> None:
    assert verify(SIGNED).kind == "Statement"


def test_a_secured_document_names_the_key_that_proved_it() -> None:
    assert verify(SIGNED).ed25519_public == bytes(KEY.verify_key)


def test_a_whole_document_says_what_was_drafted() -> None:
    secured = verify(SIGNED)
    assert (secured.subject, secured.complete) == (SUBJECT, True)


def test_the_commitment_is_the_hash_of_the_credential_alone() -> None:
    assert SIGNED.commitment == sha256(SIGNED.credential).digest()


def test_the_file_reads_back_as_written() -> None:
    assert Document.read(SIGNED.data) == SIGNED


def test_the_file_is_canonical() -> None:
    assert canonical_bytes(parse_object(SIGNED.data)) == SIGNED.data


def test_the_credential_tells_no_word_of_the_subject() -> None:
    words = [b"topic", b"statement", b"Doos", b"nat", b"lines", b"counted", b"serials"]
    assert [word for word in words if word in SIGNED.credential] == []


def test_equal_arguments_give_equal_bytes() -> None:
    assert secure(UNSIGNED, KEY, created=Time(0)) == secure(UNSIGNED, KEY, created=Time(0))


def test_a_drawn_salt_is_never_the_same() -> None:
    first, second = (draft("Statement", SUBJECT, issuer=ACCOUNT, chain_id=7) for _ in range(2))
    assert not set(first.disclosures) & set(second.disclosures)


def test_the_time_of_making_stands_in_the_proof() -> None:
    proof = verify(secure(UNSIGNED, KEY, created=Time(1677281798))).credential["proof"]
    assert isinstance(proof, dict)
    assert proof["created"] == "2023-02-24T23:36:38Z"


def test_an_agents_keys_issue_as_its_own_account() -> None:
    keys = Keys.from_private(shake_256(b"agent").digest(96))
    secured = verify(keys.sign_document("Statement", SUBJECT, chain_id=7))
    assert (secured.issuer, secured.ed25519_public) == (keys.address, keys.public.ed25519)


def test_chosen_fields_are_shown_where_they_stand() -> None:
    secured = verify(select(SIGNED, ["/topic", "/lines/1/counted"]))
    assert secured.subject == {"topic": "statement", "lines": [None, {"counted": 3}]}


def test_chosen_fields_are_not_complete() -> None:
    assert not verify(select(SIGNED, ["/topic"])).complete


def test_a_chosen_field_is_shown_with_all_that_is_inside_it() -> None:
    assert verify(select(SIGNED, ["/lines/1"])).subject == {"lines": [None, SUBJECT["lines"][1]]}  # type: ignore[index]


def test_a_selection_has_the_commitment_of_the_whole() -> None:
    assert verify(select(SIGNED, ["/topic"])).commitment == SIGNED.commitment


def test_a_selection_holds_nothing_of_what_was_not_chosen() -> None:
    kept = select(SIGNED, ["/lines/0/counted"])
    assert verify(replace(kept, disclosures=kept.disclosures[:0])).subject == {}


def test_a_selection_of_a_selection_shows_less() -> None:
    assert verify(select(select(SIGNED, ["/lines"]), ["/lines/0/line"])).subject == {"lines": [{"line": 0}, None]}


@pytest.mark.parametrize("pointer", ["", "/", "topic", "/mood", "/lines/2", "/lines/-", "/lines/0/line/0"])
def test_a_field_that_does_not_exist_is_not_selected(pointer: str) -> None:
    with pytest.raises(InvalidField, match="RFC 6901"):
        select(SIGNED, [pointer])


def test_a_field_that_is_withheld_cannot_be_selected_again() -> None:
    with pytest.raises(InvalidField, match="the document shows"):
        select(select(SIGNED, ["/topic"]), ["/text"])


@pytest.mark.parametrize("salt", [b"", bytes(31), bytes(33)])
def test_a_salt_of_another_length_is_refused(salt: bytes) -> None:
    with pytest.raises(InvalidField, match="salt"):
        draft("Statement", SUBJECT, issuer=ACCOUNT, chain_id=7, salt=salt)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(InvalidField, match="OrganizationProfile"):
        draft("Rumor", SUBJECT, issuer=ACCOUNT, chain_id=7)


def test_a_document_is_not_secured_twice() -> None:
    with pytest.raises(InvalidField, match="proof"):
        secure(SIGNED, KEY)


def test_an_anonymous_document_names_no_issuer() -> None:
    assert "issuer" not in parse_object(anonymous("Statement", SUBJECT).credential)


def test_an_anonymous_document_is_not_verified() -> None:
    with pytest.raises(InvalidField, match="issuer"):
        verify(anonymous("Statement", SUBJECT))


FAULTS: dict[str, JsonObject] = {
    "another context": {"@context": ["https://www.w3.org/ns/credentials/v2"]},
    "another type": {"type": ["VerifiableCredential"]},
    "a type that is no list": {"type": "VerifiableCredential"},
    "a third type": {"type": ["VerifiableCredential", "Statement", "Manifest"]},
    "a member more": {"id": "urn:uuid:1"},
    "an issuer of another method": {"issuer": "did:web:example.org"},
    "an issuer without checksum": {"issuer": "did:pkh:eip155:7:0x" + ACCOUNT.hex()},
    "an issuer on no chain": {"issuer": did_pkh(ACCOUNT, 7).replace(":7:", ":07:")},
    "a subject that is no object": {"credentialSubject": [{"_sd": []}]},
    "a subject in the clear": {"credentialSubject": SUBJECT},
    "a subject with a field in the clear": {"credentialSubject": {"_sd": [], "_sd_alg": "sha-256", "text": "x"}},
    "another digest algorithm": {"credentialSubject": {"_sd": [], "_sd_alg": "sha-512"}},
}


@pytest.mark.parametrize("change", FAULTS.values(), ids=FAULTS.keys())
def test_a_document_of_another_form_is_refused_although_its_proof_holds(change: JsonObject) -> None:
    with pytest.raises(InvalidField):
        verify(secure(replace(changed(UNSIGNED, **change), disclosures=()), KEY))


def test_a_document_without_proof_is_refused() -> None:
    with pytest.raises(InvalidField, match="proof"):
        verify(UNSIGNED)


def test_a_changed_digest_breaks_the_proof() -> None:
    other = parse_object(draft("Statement", SUBJECT, issuer=ACCOUNT, chain_id=7).credential)
    with pytest.raises(Refused, match="ProofInvalid"):
        verify(changed(SIGNED, credentialSubject=other["credentialSubject"]))


def test_another_issuer_breaks_the_proof() -> None:
    with pytest.raises(Refused, match="ProofInvalid"):
        verify(changed(SIGNED, issuer=did_pkh(ACCOUNT, 8)))


def test_the_proof_of_another_document_breaks() -> None:
    other = secure(draft("Statement", {"topic": "loss"}, issuer=ACCOUNT, chain_id=7), KEY)
    with pytest.raises(Refused, match="ProofInvalid"):
        verify(changed(SIGNED, proof=parse_object(other.credential)["proof"]))


def test_a_credential_that_is_not_canonical_is_refused() -> None:
    with pytest.raises(InvalidField, match="RFC 8785"):
        verify(replace(SIGNED, credential=SIGNED.credential + b"\n"))


BAD_FILES: dict[str, bytes] = {
    "nothing": b"",
    "a truncated one": SIGNED.data[:-40],
    "a list": b"[]",
    "a credential alone": SIGNED.credential,
    "a name twice": SIGNED.data[:-1] + b',"disclosures":[]}',
    "a member more": SIGNED.data[:-1] + b',"salt":1}',
    "disclosures that are no list": b'{"credential":{},"disclosures":{}}',
    "a disclosure that is no text": b'{"credential":{},"disclosures":[1]}',
    "a credential that is no object": b'{"credential":"x","disclosures":[]}',
    "a lone surrogate": b'{"credential":{"a":"\\ud800"},"disclosures":[]}',
    "a number beyond 2^53": b'{"credential":{"a":9007199254740993},"disclosures":[]}',
    "deep nesting": b'{"credential":' + b'{"a":' * 40 + b"1" + b"}" * 40 + b',"disclosures":[]}',
    "bottomless nesting": b'{"credential":' + b'{"a":' * 100_000,
    "a space": SIGNED.data.replace(b",", b", ", 1),
    "more than 1 MiB": b'{"credential":{},"disclosures":["' + b"A" * (1 << 20) + b'"]}',
}


@pytest.mark.parametrize("data", BAD_FILES.values(), ids=BAD_FILES.keys())
def test_a_file_that_is_no_document_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidField):
        Document.read(data)


def secured_with(document: JsonObject, options: JsonObject) -> Document:
    """`document` with a signature that is right over whatever proof `options` say."""
    signature = KEY.sign(hash_data(document, options)).signature
    proof: JsonObject = {**options, "proofValue": multibase(signature)}
    return replace(UNSIGNED, credential=canonical_bytes({**document, "proof": proof}))


CREDENTIAL = parse_object(UNSIGNED.credential)


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
    assert verify(secured_with(CREDENTIAL, options_of(CREDENTIAL))).kind == "Statement"


@pytest.mark.parametrize("change", PROOF_FAULTS.values(), ids=PROOF_FAULTS.keys())
def test_proof_options_of_another_form_are_refused_although_signed(change: JsonObject) -> None:
    with pytest.raises(InvalidField):
        verify(secured_with(CREDENTIAL, {**options_of(CREDENTIAL), **change}))


@pytest.mark.parametrize("value", ["u" + "A" * 86, "z" + "2" * 80, "z" + "2" * 100_000, "z" + "0" * 88, "z", None, 1])
def test_a_proof_value_that_is_no_signature_is_refused(value: Json) -> None:
    document = changed(UNSIGNED, proof={**options_of(CREDENTIAL), "proofValue": value})
    with pytest.raises(InvalidField, match="proofValue"):
        verify(document)


def test_a_proof_by_another_key_than_it_names_is_refused() -> None:
    other = verification_method(bytes(SigningKey(bytes(32)).verify_key))
    with pytest.raises(Refused, match="ProofInvalid"):
        verify(secured_with(CREDENTIAL, {**options_of(CREDENTIAL), "verificationMethod": other}))


@pytest.mark.parametrize("chain_id", [0, 1, 131277322940537])
def test_an_account_is_read_back_from_its_did(chain_id: int) -> None:
    assert account_of(did_pkh(ACCOUNT, chain_id), place="issuer") == (ACCOUNT, chain_id)


def test_an_account_is_written_with_the_checksum_of_eip_55() -> None:
    assert did_pkh(ACCOUNT, 1) == "did:pkh:eip155:1:0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"


def test_a_field_is_not_taken_for_one_whose_pointer_begins_alike() -> None:
    subject: JsonObject = {"topic": "serials", "lines": [{"line": line, "counted": 1} for line in range(11)]}
    document = secure(draft("Statement", subject, issuer=ACCOUNT, chain_id=7), KEY)
    lines = verify(select(document, ["/lines/1"])).subject["lines"]
    assert isinstance(lines, list)
    assert [index for index, line in enumerate(lines) if line is not None] == [1]


def survives(data: bytes) -> bool:
    try:
        verify(Document.read(data))
    except Refused:
        return False
    return True


def test_one_bit_flipped_anywhere_is_refused() -> None:
    flipped = [
        SIGNED.data[:place] + bytes([SIGNED.data[place] ^ (1 << place % 8)]) + SIGNED.data[place + 1 :]
        for place in range(0, len(SIGNED.data), 5)
    ]
    assert [place for place, data in enumerate(flipped) if survives(data)] == []


def test_one_byte_left_out_anywhere_is_refused() -> None:
    shorter = [SIGNED.data[:place] + SIGNED.data[place + 1 :] for place in range(0, len(SIGNED.data), 5)]
    assert [place for place, data in enumerate(shorter) if survives(data)] == []
