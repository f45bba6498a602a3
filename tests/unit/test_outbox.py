"""Does the outbox keep what it was given, through a restart, and does it know what is final?"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ledger.acts.organizations import RecordParty
from ledger.chain.outbox import Included, Outbox, SignedAct
from ledger.errors import Refused, Unavailable
from ledger.ids import ZERO32, Address, Digest, Head, Time

SIGNER = Address(b"\x01" * 20)
OTHER = Address(b"\x02" * 20)


def signed(number: int, signer: Address = SIGNER) -> SignedAct:
    act = RecordParty(
        record=bytes([number]) * 32,
        parent=ZERO32,
        organization=1,
        deadline=1_800_000_000,
        salt=bytes([number]) * 32,
        roles=8,
        profile=ZERO32,
    )
    return SignedAct(act, bytes([number]) * 65, Digest(bytes([number]) * 32), signer)


def included(act: SignedAct, seq: int = 7) -> Included:
    return Included(
        digest=act.digest,
        seq=seq,
        version=1,
        head=Head(b"h" * 32),
        block_number=3,
        block_hash=b"b" * 32,
        block_time=Time(1_800_000_000),
        transaction_hash=b"t" * 32,
    )


@pytest.fixture
def reopened(tmp_path: Path) -> Iterator[Callable[[], Outbox]]:
    """Opens the same outbox, again and again."""
    opened: list[Outbox] = []

    def reopen() -> Outbox:
        for outbox in opened:
            outbox.close()
        opened.append(Outbox(tmp_path / "outbox.sqlite", clock=lambda: 1000.0 + len(opened)))
        return opened[-1]

    yield reopen
    opened[-1].close()


def test_what_was_taken_waits_in_order_after_a_restart(reopened: Callable[[], Outbox]) -> None:
    acts = [signed(3), signed(1), signed(2)]
    reopened().take(acts)
    assert reopened().waiting() == acts


def test_what_was_sent_still_waits_after_a_restart(reopened: Callable[[], Outbox]) -> None:
    outbox = reopened()
    outbox.take([signed(1)])
    outbox.sending([signed(1)], b"t" * 32)
    assert reopened().waiting() == [signed(1)]


def test_an_answered_act_does_not_wait(reopened: Callable[[], Outbox]) -> None:
    outbox = reopened()
    outbox.take([signed(1), signed(2)])
    outbox.answered([(signed(1).key, included(signed(1)))])
    assert outbox.waiting() == [signed(2)]


def test_a_repeat_of_a_waiting_act_waits_once(reopened: Callable[[], Outbox]) -> None:
    outbox = reopened()
    outbox.take([signed(1)])
    outbox.take([signed(1)])
    assert outbox.waiting() == [signed(1)]


def test_a_repeat_of_an_included_act_gets_its_first_answer(reopened: Callable[[], Outbox]) -> None:
    outbox = reopened()
    outbox.take([signed(1)])
    outbox.answered([(signed(1).key, included(signed(1)))])
    (answer,) = reopened().take([signed(1)]).values()
    assert (answer.seq, answer.repeated) == (7, True)


@pytest.mark.parametrize("answer", [Refused("StaleParent", {}), Unavailable("no reason")])
def test_a_repeat_of_a_refused_or_failed_act_waits_again_behind_the_others(
    reopened: Callable[[], Outbox], answer: Refused | Unavailable
) -> None:
    outbox = reopened()
    outbox.take([signed(1), signed(2)])
    outbox.answered([(signed(1).key, answer)])
    outbox.take([signed(1)])
    assert outbox.waiting() == [signed(2), signed(1)]


def test_the_same_words_of_two_signers_wait_both(reopened: Callable[[], Outbox]) -> None:
    outbox = reopened()
    outbox.take([signed(1), signed(1, OTHER)])
    assert [act.signer for act in outbox.waiting()] == [SIGNER, OTHER]


def test_an_inclusion_is_told_before_a_later_refusal_of_another_signer(reopened: Callable[[], Outbox]) -> None:
    outbox = reopened()
    outbox.take([signed(1), signed(1, OTHER)])
    outbox.answered([(signed(1).key, included(signed(1))), (signed(1, OTHER).key, Refused("NotAnAgent", {}))])
    status = outbox.status(signed(1).digest)
    assert status is not None
    assert status.state == "included"


def test_a_refusal_keeps_bytes_numbers_and_text_apart(reopened: Callable[[], Outbox]) -> None:
    values = {"record": b"\x01\x02", "asked": 2**90, "field": "0x0102", "open": True}
    outbox = reopened()
    outbox.take([signed(1)])
    outbox.answered([(signed(1).key, Refused("OutOfRange", values))])
    status = reopened().status(signed(1).digest)
    assert status is not None
    assert status.refused is not None
    assert status.refused.values == values


def test_an_unknown_act_has_no_status(reopened: Callable[[], Outbox]) -> None:
    assert reopened().status(signed(1).digest) is None


def test_the_last_sequence_number_told_survives_a_restart(reopened: Callable[[], Outbox]) -> None:
    outbox = reopened()
    outbox.take([signed(1), signed(2)])
    outbox.answered([(signed(n).key, included(signed(n), seq)) for n, seq in ((1, 12), (2, 11))])
    assert reopened().last_seq() == 12


def test_a_file_that_is_no_outbox_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "outbox.sqlite").write_bytes(b"something else, long enough to look at" * 100)
    with pytest.raises(Unavailable, match="cannot be opened"):
        Outbox(tmp_path / "outbox.sqlite", clock=lambda: 0.0)
