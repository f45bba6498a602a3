"""Are signed notes read as C2SP writes them, and nothing else?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import InvalidField, Refused
from ledger.ids import Time
from ledger.journal.checkpoints import Checkpoint, open_checkpoint, parse_checkpoint
from ledger.journal.notes import COSIGNATURE, MOST_SIGNATURES, TEXT, Signer, VerifierKey, parse_note
from ledger.witness.requests import Request
from tests.vectors.journal_cases import LOG, WITNESS, told

CHECKPOINT = told()[0].checkpoint()
SIGNED = CHECKPOINT.signed(LOG)
EXAMPLE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE = """This is an example message.

\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
"""
"""The example of the signed-note specification."""


def test_the_example_of_the_specification_verifies():
    note, key = parse_note(EXAMPLE), VerifierKey.parse(EXAMPLE_KEY)
    assert key.check(note.text, key.find(note)) is None


def test_a_note_is_written_as_it_was_read():
    assert str(parse_note(EXAMPLE)) == EXAMPLE


def test_a_text_may_hold_empty_lines():
    text = "one\n\ntwo\n"
    note = parse_note(f"{text}\n{LOG.sign(text).line()}\n")
    assert note.text == text


def test_a_key_is_written_as_it_was_read():
    assert str(VerifierKey.parse(EXAMPLE_KEY)) == EXAMPLE_KEY


def test_a_key_with_another_id_is_refused():
    with pytest.raises(InvalidField):
        VerifierKey.parse(EXAMPLE_KEY.replace("530d903a", "530d903b"))


def test_a_key_of_a_kind_that_is_not_known_is_refused():
    with pytest.raises(InvalidField):
        VerifierKey.parse("example.com/foo+530d903a+BukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u00a0b", "a\nb", "a\x00b"])
def test_a_name_that_no_line_can_hold_is_refused(name):
    with pytest.raises(InvalidField):
        Signer.generate(name, TEXT)


def test_a_signing_key_is_read_as_it_was_written():
    made = Signer.generate("witness.example/w1", COSIGNATURE)
    assert Signer.parse(made.written()) == made


def test_a_signing_key_that_cannot_be_read_is_in_no_message():
    with pytest.raises(InvalidField) as refusal:
        Signer.parse(LOG.written()[:-1])
    assert LOG.written()[40:60] not in str(refusal.value)


def test_a_signing_key_is_not_shown_by_accident():
    assert LOG.seed.hex() not in repr(LOG)


def test_a_cosignature_names_its_time():
    note = SIGNED.with_signatures([WITNESS.cosign(SIGNED.text, Time(1_795_305_600))])
    assert WITNESS.public.check(note.text, WITNESS.public.find(note)) == 1_795_305_600


def test_a_second_cosignature_of_one_key_replaces_the_first():
    first, second = (WITNESS.cosign(SIGNED.text, Time(at)) for at in (5, 6))
    assert SIGNED.with_signatures([first]).with_signatures([second]).signatures[1:] == (second,)


def test_the_signature_of_a_log_is_no_cosignature():
    as_witness = VerifierKey(LOG.name, COSIGNATURE, LOG.public.key)
    with pytest.raises(Refused, match="NoteSignatureInvalid"):
        as_witness.check(SIGNED.text, SIGNED.signatures[0])


def test_a_cosignature_without_a_time_is_refused():
    with pytest.raises(Refused, match="NoteSignatureInvalid"):
        WITNESS.public.check(SIGNED.text, WITNESS.cosign(SIGNED.text, Time(0)))


def test_a_note_that_its_log_did_not_sign_is_refused():
    unsigned = f"{SIGNED.text}\n{WITNESS.cosign(SIGNED.text, Time(5)).line()}\n"
    with pytest.raises(Refused, match="NoteUnsigned"):
        open_checkpoint(unsigned, LOG.public)


def test_a_note_of_more_signatures_than_the_bound_is_refused():
    with pytest.raises(InvalidField):
        parse_note(SIGNED.text + "\n" + f"{SIGNED.signatures[0].line()}\n" * (MOST_SIGNATURES + 1))


def test_sixteen_signatures_are_read():
    others = [Signer.generate(f"w{number}", TEXT).sign(SIGNED.text) for number in range(15)]
    assert len(parse_note(str(SIGNED.with_signatures(others))).signatures) == 16


@given(st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32))
def test_a_checkpoint_is_read_as_it_was_written(size, root):
    checkpoint = Checkpoint("log.example", size or 1, root)
    assert parse_checkpoint(checkpoint.text()) == checkpoint


@given(st.integers(0, len(str(SIGNED).encode()) - 1), st.integers(0, 7))
def test_a_note_with_one_bit_changed_is_refused(place, bit):
    data = bytearray(str(SIGNED).encode())
    data[place] ^= 1 << bit
    with pytest.raises(Refused):
        open_checkpoint(bytes(data), LOG.public)


@given(st.binary(max_size=300) | st.text(max_size=300))
def test_whatever_is_no_note_is_refused_as_unreadable(data):
    with pytest.raises(InvalidField):
        parse_note(data)


REQUEST = Request(5, (bytes(32), bytes(range(32))), SIGNED)


def test_a_request_is_read_as_it_was_written():
    assert Request.parse(str(REQUEST).encode()) == REQUEST


@given(st.integers(0, len(str(REQUEST)) - 1), st.binary(max_size=3))
def test_a_request_with_bytes_replaced_is_refused_or_another(place, new):
    data = str(REQUEST).encode()
    changed = data[:place] + new + data[place + len(new) + 1 :]
    try:
        assert str(Request.parse(changed)).encode() == changed
    except Refused:
        assert changed != data


def test_a_request_with_more_hashes_than_a_proof_has_is_refused():
    with pytest.raises(InvalidField):
        Request.parse(str(Request(5, (bytes(32),) * 64, SIGNED)).encode())
