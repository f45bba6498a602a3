"""Does a sealed document open for its readers alone, section by section, and break wherever it is touched?"""

import json
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.public import PublicKey, SealedBox
from nacl.secret import Aead

from ledger.documents.canonical import MAX_DEPTH, canonical_bytes
from ledger.documents.credentials import Document, select, verify
from ledger.documents.disclosures import conceal, is_priced, pointers
from ledger.documents.keys import Keys
from ledger.documents.sealing import (
    ENVELOPE_BYTES,
    GOODS,
    PADDING,
    PRICES,
    SECTIONS,
    Envelope,
    SealedKey,
    SealedSection,
    open_envelope,
    read_keys,
    reseal,
    seal,
)
from ledger.errors import InvalidField, Refused

ALICE, BOB, CAROL = (Keys.from_private(bytes([number]) * 96) for number in (1, 2, 3))
LINE = {
    "description": "Thermal camera",
    "unit": "NAR",
    "decimals": 0,
    "quantity": 10,
    "line": 0,
    "value": {"minorUnits": 840_000, "currency": "EUR"},
}
SUBJECT = {
    "license": "0x" + 32 * "5c",
    "exporter": {"name": "Deltalens", "address": {"country": "NL"}},
    "endUser": {"name": "Kwaya University", "address": {"country": "GH"}},
    "mode": "air",
    "lines": [LINE],
    "sealSalt": "0x" + 32 * "01",
    "placeSalt": "0x" + 32 * "02",
}
DOCUMENT = ALICE.sign_document("Manifest", SUBJECT, chain_id=7, salt=bytes(32))
OTHER = ALICE.sign_document("Manifest", {**SUBJECT, "mode": "sea"}, chain_id=7, salt=bytes(32))


def to(*people, prices=(ALICE,)):
    """Readers: some of the goods, some of the prices too."""
    return {GOODS: [one.public.x25519 for one in people], PRICES: [one.public.x25519 for one in prices]}


ENVELOPE = seal(DOCUMENT, to(ALICE, BOB))
GIVEN = json.loads(ENVELOPE.data)


def as_read(**changes):
    return Envelope.read(json.dumps({**GIVEN, **changes}).encode())


def test_who_reads_both_sections_gets_the_whole_document():
    opened = open_envelope(ENVELOPE, ALICE)
    assert (opened.credential, sorted(opened.disclosures)) == (DOCUMENT.credential, sorted(DOCUMENT.disclosures))


def test_who_reads_the_goods_sees_everything_but_prices():
    opened = verify(open_envelope(ENVELOPE, BOB))
    assert opened.subject == {**SUBJECT, "lines": [{name: LINE[name] for name in LINE if name != "value"}]}


def test_the_sections_divide_a_documents_disclosures():
    shown = pointers(json.loads(DOCUMENT.credential)["credentialSubject"], DOCUMENT.disclosures)
    goods = open_envelope(ENVELOPE, BOB).disclosures
    assert set(goods) == {text for text in DOCUMENT.disclosures if not is_priced(shown[text])}


def test_who_was_not_sealed_to_opens_nothing():
    with pytest.raises(Refused, match="NotSealedToKey"):
        open_envelope(ENVELOPE, CAROL)


def test_an_envelope_is_read_as_it_was_written():
    assert Envelope.read(ENVELOPE.data) == ENVELOPE


def test_no_byte_of_a_subject_is_in_an_envelope():
    assert not any(
        word in ENVELOPE.data for word in (b"Thermal", b"Kwaya", b"840000", b"GH", DOCUMENT.disclosures[0].encode())
    )


def test_sealing_twice_gives_nothing_that_is_equal():
    again = seal(DOCUMENT, to(ALICE, BOB))
    assert {ENVELOPE.sections[name].ciphertext for name in SECTIONS}.isdisjoint(
        again.sections[name].ciphertext for name in SECTIONS
    )


@pytest.mark.parametrize("text", ["a", "a" * 300])
def test_a_section_tells_its_length_in_steps_of_1024_bytes(text):
    document = ALICE.sign_document("OrganizationProfile", {**SUBJECT["exporter"], "contact": text}, chain_id=7)
    sections = seal(document, to(ALICE)).sections.values()
    assert {len(section.ciphertext) % PADDING for section in sections} == {16}


def test_a_document_without_prices_looks_like_one_with_a_few():
    document = ALICE.sign_document("OrganizationProfile", SUBJECT["exporter"], chain_id=7)
    envelope = seal(document, to(ALICE))
    assert len(envelope.sections[PRICES].ciphertext) == len(ENVELOPE.sections[PRICES].ciphertext)


def test_a_document_that_withholds_fields_is_not_sealed():
    with pytest.raises(InvalidField, match="withheld"):
        seal(select(DOCUMENT, ["/mode"]), to(ALICE))


@pytest.mark.parametrize(
    "readers",
    [{GOODS: [ALICE.public.x25519]}, {GOODS: [], PRICES: []}, to(BOB), to(ALICE, BOB, prices=(ALICE, CAROL))],
    ids=["a section is missing", "no reader", "prices without goods", "one reads prices alone"],
)
def test_readers_that_make_no_sense_are_refused(readers):
    with pytest.raises(InvalidField):
        seal(DOCUMENT, readers)


@pytest.mark.parametrize("key", [bytes(32), b"\1" + bytes(31), bytes(31), bytes(33), b""])
def test_a_key_that_no_one_can_hold_is_refused(key):
    with pytest.raises(InvalidField, match="X25519"):
        seal(DOCUMENT, {GOODS: [key], PRICES: [key]})


def test_resealing_opens_the_document_to_a_new_reader():
    envelope = replace(ENVELOPE, keys=(*ENVELOPE.keys, *reseal(ENVELOPE, BOB, {GOODS: [CAROL.public.x25519]})))
    assert open_envelope(envelope, CAROL) == open_envelope(ENVELOPE, BOB)


def test_nobody_reseals_what_it_cannot_open():
    with pytest.raises(Refused, match="NotSealedToKey"):
        reseal(ENVELOPE, BOB, {PRICES: [CAROL.public.x25519]})


def test_a_good_key_opens_beside_one_that_does_not():
    forged = SealedKey(GOODS, BOB.public.x25519, bytes(80))
    assert open_envelope(replace(ENVELOPE, keys=(forged, *ENVELOPE.keys)), BOB).disclosures


def test_resealing_does_not_hand_on_a_key_that_opens_nothing():
    keys = reseal(seal(OTHER, to(ALICE)), ALICE, {GOODS: [BOB.public.x25519]})
    envelope = replace(ENVELOPE, keys=keys)
    with pytest.raises(Refused, match="EnvelopeAltered"):
        reseal(envelope, BOB, {GOODS: [CAROL.public.x25519]})


@settings(max_examples=60, deadline=None)
@given(section=st.sampled_from(SECTIONS), place=st.integers(0, 10**6), bit=st.integers(0, 7))
def test_one_flipped_bit_of_a_ciphertext_is_found(section, place, bit):
    sealed = ENVELOPE.sections[section]
    altered = bytearray(sealed.ciphertext)
    altered[place % len(altered)] ^= 1 << bit
    sections = {**ENVELOPE.sections, section: SealedSection(sealed.nonce, bytes(altered))}
    with pytest.raises(Refused, match="EnvelopeAltered"):
        open_envelope(replace(ENVELOPE, sections=sections), ALICE)


@settings(max_examples=60, deadline=None)
@given(section=st.sampled_from(SECTIONS), place=st.integers(0, 10**6), bit=st.integers(0, 7))
def test_one_flipped_bit_of_a_sealed_key_is_found(section, place, bit):
    keys = []
    for key in ENVELOPE.keys:
        sealed = bytearray(key.sealed)
        if key.section == section:
            sealed[place % len(sealed)] ^= 1 << bit
        keys.append(replace(key, sealed=bytes(sealed)))
    with pytest.raises(Refused, match="EnvelopeAltered"):
        open_envelope(replace(ENVELOPE, keys=tuple(keys)), ALICE)


@settings(max_examples=60, deadline=None)
@given(length=st.integers(0, 3000), section=st.sampled_from(SECTIONS))
def test_a_truncated_ciphertext_is_refused(length, section):
    sealed = ENVELOPE.sections[section]
    short = sealed.ciphertext[: length % len(sealed.ciphertext)]
    given_sections = {
        **GIVEN["sections"],
        section: {"nonce": "0x" + sealed.nonce.hex(), "ciphertext": "0x" + short.hex()},
    }
    with pytest.raises(Refused, match=r"InvalidField|EnvelopeAltered"):
        open_envelope(as_read(sections=given_sections), ALICE)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_an_envelope_with_bytes_changed_is_refused_or_says_the_same(data):
    altered = bytearray(ENVELOPE.data)
    for _ in range(data.draw(st.integers(1, 3))):
        altered[data.draw(st.integers(0, len(altered) - 1))] = data.draw(st.integers(0, 255))
    try:
        opened = open_envelope(Envelope.read(bytes(altered)), ALICE)
    except Refused:
        return
    if opened.credential == DOCUMENT.credential:
        assert sorted(opened.disclosures) == sorted(DOCUMENT.disclosures)
    else:
        pytest.fail("a changed credential opened")


def swapped_sections():
    return {GOODS: ENVELOPE.sections[PRICES], PRICES: ENVELOPE.sections[GOODS]}


def swapped_nonces():
    goods, prices = ENVELOPE.sections[GOODS], ENVELOPE.sections[PRICES]
    return {
        GOODS: SealedSection(prices.nonce, goods.ciphertext),
        PRICES: SealedSection(goods.nonce, prices.ciphertext),
    }


def another_documents_section():
    return {**ENVELOPE.sections, GOODS: seal(OTHER, to(ALICE)).sections[GOODS]}


@pytest.mark.parametrize("sections", [swapped_sections, swapped_nonces, another_documents_section])
def test_sections_that_were_exchanged_do_not_open(sections):
    with pytest.raises(Refused, match="EnvelopeAltered"):
        open_envelope(replace(ENVELOPE, sections=sections()), ALICE)


def test_another_documents_section_does_not_open_with_its_own_key_either():
    other = seal(OTHER, to(ALICE))
    with pytest.raises(Refused, match="EnvelopeAltered"):
        open_envelope(replace(ENVELOPE, sections=other.sections, keys=other.keys), ALICE)


def test_the_keys_of_two_sections_exchanged_open_nothing():
    names = {GOODS: PRICES, PRICES: GOODS}
    keys = tuple(replace(key, section=names[key.section]) for key in ENVELOPE.keys)
    with pytest.raises(Refused, match="EnvelopeAltered"):
        open_envelope(replace(ENVELOPE, keys=keys), ALICE)


def test_a_key_under_another_recipients_name_opens_nothing():
    keys = tuple(replace(key, recipient=CAROL.public.x25519) for key in ENVELOPE.keys if key.section == GOODS)
    with pytest.raises(Refused, match="EnvelopeAltered"):
        open_envelope(replace(ENVELOPE, keys=keys[:1]), CAROL)


def lied(**sections):
    """An envelope by an author who lies: bound to this document, holding what the author likes."""
    sealed, keys = {}, []
    for name, plaintext in sections.items():
        key, nonce = bytes([len(name)]) * 32, bytes(24)
        bound = b'{"commitment":"0x%s","section":"%s"}' % (DOCUMENT.commitment.hex().encode(), name.encode())
        padded = plaintext.ljust(-len(plaintext) // PADDING * -PADDING)
        sealed[name] = SealedSection(nonce, Aead(key).encrypt(padded, bound, nonce).ciphertext)
        keys.append(SealedKey(name, BOB.public.x25519, SealedBox(PublicKey(BOB.public.x25519)).encrypt(key)))
    return Envelope(DOCUMENT.credential, sealed, tuple(keys))


def listed(disclosures):
    return json.dumps(list(disclosures), separators=(",", ":")).encode()


GOODS_TEXTS = open_envelope(ENVELOPE, BOB).disclosures
PRICE_TEXTS = tuple(text for text in DOCUMENT.disclosures if text not in GOODS_TEXTS)


def test_what_an_honest_author_seals_opens():
    assert open_envelope(lied(goods=listed(GOODS_TEXTS), prices=listed(PRICE_TEXTS)), BOB).disclosures


@pytest.mark.parametrize(
    "sections",
    [
        {"goods": listed(OTHER.disclosures)},
        {"goods": listed(DOCUMENT.disclosures)},
        {"goods": listed(GOODS_TEXTS[:-1]), "prices": listed((*PRICE_TEXTS, GOODS_TEXTS[-1]))},
        {"goods": listed((*GOODS_TEXTS, GOODS_TEXTS[0]))},
        {"goods": b"[1]"},
        {"goods": b"{}"},
        {"goods": b"not JSON"},
        {"goods": listed(GOODS_TEXTS) + b" " * PADDING},
        {"goods": b'["a" ]'},
    ],
    ids=[
        "another document's",
        "prices among the goods",
        "goods among the prices",
        "one twice",
        "no text",
        "no list",
        "no JSON",
        "padded too far",
        "not canonical",
    ],
)
def test_what_a_lying_author_sealed_is_refused(sections):
    with pytest.raises(Refused):
        open_envelope(lied(**sections), BOB)


def test_disclosures_of_another_document_are_not_sealed():
    with pytest.raises(InvalidField):
        seal(Document(DOCUMENT.credential, OTHER.disclosures), to(ALICE))


BAD = {
    "another version": {"version": 2},
    "a version that is true": {"version": True},
    "a credential that is a list": {"credential": []},
    "no goods": {"sections": {"prices": GIVEN["sections"]["prices"]}},
    "a third section": {"sections": {**GIVEN["sections"], "notes": GIVEN["sections"]["goods"]}},
    "an empty section": {"sections": {**GIVEN["sections"], "goods": {}}},
    "a short nonce": {"sections": {**GIVEN["sections"], "goods": {**GIVEN["sections"]["goods"], "nonce": "0x00"}}},
    "capital digits": {
        "sections": {**GIVEN["sections"], "goods": {**GIVEN["sections"]["goods"], "nonce": "0X" + 48 * "A"}}
    },
    "an empty ciphertext": {
        "sections": {**GIVEN["sections"], "goods": {**GIVEN["sections"]["goods"], "ciphertext": "0x"}}
    },
    "keys that are an object": {"keys": {}},
    "a key of no section": {"keys": [{**GIVEN["keys"][0], "section": "notes"}]},
    "a short recipient": {"keys": [{**GIVEN["keys"][0], "recipient": "0x00"}]},
    "a long sealed key": {"keys": [{**GIVEN["keys"][0], "sealed": GIVEN["keys"][0]["sealed"] + "00"}]},
    "a key with a member more": {"keys": [{**GIVEN["keys"][0], "by": 1}]},
    "a member more": {"note": "x"},
}


@pytest.mark.parametrize("changes", BAD.values(), ids=BAD)
def test_an_envelope_of_another_form_is_refused(changes):
    with pytest.raises(InvalidField):
        as_read(**changes)


@pytest.mark.parametrize("member", GIVEN)
def test_an_envelope_without_one_of_its_members_is_refused(member):
    with pytest.raises(InvalidField):
        Envelope.read(json.dumps({name: value for name, value in GIVEN.items() if name != member}).encode())


@pytest.mark.parametrize(
    "data",
    [
        ENVELOPE.data.replace(b'"version":1', b'"version":1,"version":1'),
        ENVELOPE.data.replace(b'"nonce":', b'"nonce":"0x00","nonce":', 1),
        ENVELOPE.data.replace(b'"version":1', b'"version":1.0'),
        ENVELOPE.data.replace(b'"version":1', b'"version":NaN'),
        ENVELOPE.data[:-1],
        b"\xff" + ENVELOPE.data,
        b"",
        b"[" * 5000,
        b'{"credential":' + b'{"a":' * (MAX_DEPTH + 1) + b"1" + b"}" * (MAX_DEPTH + 2),
    ],
    ids=["name twice", "inner name twice", "float", "NaN", "cut", "not UTF-8", "empty", "deep list", "deep objects"],
)
def test_json_that_two_readers_could_understand_differently_is_refused(data):
    with pytest.raises(InvalidField):
        Envelope.read(data)


def test_an_envelope_over_the_limit_is_refused_at_once():
    data = b'{"version":1,"credential":{"a":"' + b"x" * 100_000_000 + b'"}}'
    started = time.perf_counter()
    with pytest.raises(InvalidField, match=str(ENVELOPE_BYTES)):
        Envelope.read(data)
    assert time.perf_counter() - started < 1


def test_a_document_too_large_for_an_envelope_is_not_sealed():
    concealed, disclosures = conceal({"text": "x" * 786_000}, bytes(32))
    with pytest.raises(InvalidField, match=str(ENVELOPE_BYTES)):
        _ = seal(Document(canonical_bytes({"credentialSubject": concealed}), disclosures), to(ALICE)).data


def test_a_document_is_not_sealed_to_more_readers_than_an_envelope_names():
    with pytest.raises(InvalidField, match="4096"):
        seal(DOCUMENT, dict.fromkeys(SECTIONS, [ALICE.public.x25519] * 2049))


def test_more_keys_than_an_envelope_holds_are_refused():
    with pytest.raises(InvalidField, match="4096"):
        read_keys([GIVEN["keys"][0]] * 4097, "keys")
