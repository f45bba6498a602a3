"""Does the embedded chain keep what it acknowledged, and the time it was told?"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from embedded_parts import (
    BURNS_ALL_GAS,
    CHAIN_ID,
    FEES,
    GENESIS,
    GIVES_THE_TIME,
    KEY,
    LOGS_ITS_INPUT,
    Sender,
    word,
)

from ledger.chain.account import RelayAccount
from ledger.chain.embedded import BLOCK_GAS, EmbeddedChain, Genesis
from ledger.chain.node import Node, TransactionRejected
from ledger.errors import InvalidField, Unavailable


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def chain(tmp_path: Path, clock: Clock) -> Iterator[EmbeddedChain]:
    opened = EmbeddedChain(tmp_path / "chain.db", GENESIS, clock=clock, mode="rehearsal")
    yield opened
    opened.close()


@pytest.fixture
def node(chain: EmbeddedChain) -> Node:
    return Node.embedded(chain)


@pytest.fixture
def sender(node: Node) -> Sender:
    return Sender(node)


def test_a_reopened_chain_stands_at_its_last_block(
    chain: EmbeddedChain, sender: Sender, tmp_path: Path
) -> None:
    address = sender.deploy(LOGS_ITS_INPUT)
    head = sender.node.head()
    chain.close()

    reopened = EmbeddedChain(tmp_path / "chain.db")
    again = Node.embedded(reopened)

    assert (again.head(), again.chain_id(), again.code(address)) == (head, CHAIN_ID, LOGS_ITS_INPUT)
    reopened.close()


def test_a_reopened_chain_goes_on_from_its_last_block(
    chain: EmbeddedChain, sender: Sender, tmp_path: Path
) -> None:
    head = sender.node.block(sender.send(sender.account.address, b"").block_number)
    chain.close()

    reopened = EmbeddedChain(tmp_path / "chain.db")
    again = Sender(Node.embedded(reopened))
    again.send(again.account.address, b"")

    assert again.node.head().parent_hash == head.hash
    reopened.close()


def test_a_second_writer_is_told_who_writes(chain: EmbeddedChain, tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"open for writing by process \d+"):
        EmbeddedChain(tmp_path / "chain.db")


def test_a_closed_chain_lets_the_next_writer_in(chain: EmbeddedChain, tmp_path: Path) -> None:
    chain.close()
    EmbeddedChain(tmp_path / "chain.db").close()


def test_a_reader_follows_while_another_writes(chain: EmbeddedChain, sender: Sender, tmp_path: Path) -> None:
    reader = EmbeddedChain(tmp_path / "chain.db", mode="read")
    reading = Node.embedded(reader)
    for _ in range(3):
        sender.send(sender.account.address, b"")
        assert reading.head() == sender.node.head()
    reader.close()


def test_a_reader_cannot_write(chain: EmbeddedChain, sender: Sender, tmp_path: Path) -> None:
    reader = EmbeddedChain(tmp_path / "chain.db", mode="read")
    raw = sender.account.sign(sender.account.address, b"", gas=21_000, fees=FEES)
    with pytest.raises(TransactionRejected):
        Node.embedded(reader).send(raw)
    reader.close()


def test_reading_a_file_that_is_no_chain_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.db").write_bytes(b"")
    with pytest.raises(InvalidField, match="existing chain"):
        EmbeddedChain(tmp_path / "other.db", mode="read")


def test_a_missing_file_is_not_opened_without_a_genesis(tmp_path: Path) -> None:
    with pytest.raises(InvalidField, match="existing chain"):
        EmbeddedChain(tmp_path / "none.db")


def test_the_file_of_another_chain_id_is_refused(chain: EmbeddedChain, tmp_path: Path) -> None:
    chain.close()
    with pytest.raises(InvalidField, match=str(CHAIN_ID)):
        EmbeddedChain(tmp_path / "chain.db", Genesis(CHAIN_ID + 1, GENESIS.funded))


def test_a_chain_id_beyond_the_integers_of_json_is_refused() -> None:
    with pytest.raises(InvalidField, match="2\\^53"):
        Genesis(2**53, ())


def test_block_times_strictly_increase_while_the_clock_stands(sender: Sender, clock: Clock) -> None:
    times = [sender.node.block(sender.send(sender.account.address, b"").block_number).time for _ in range(3)]
    assert times == [clock.now + 1, clock.now + 2, clock.now + 3]


def test_a_block_has_the_time_at_which_it_was_made(sender: Sender, clock: Clock) -> None:
    sender.send(sender.account.address, b"")
    clock.now += 3600
    sender.send(sender.account.address, b"")
    assert sender.node.head().time == clock.now


def test_time_advanced_in_a_rehearsal_is_the_next_blocks_time(sender: Sender, clock: Clock) -> None:
    told = sender.node.advance_time(86_400)
    sender.send(sender.account.address, b"")
    assert sender.node.head().time == told == clock.now + 86_400


def test_time_of_a_ledger_in_earnest_cannot_be_advanced(chain: EmbeddedChain, tmp_path: Path) -> None:
    chain.close()
    earnest = EmbeddedChain(tmp_path / "chain.db")
    with pytest.raises(Unavailable, match="not offered"):
        Node.embedded(earnest).advance_time(1)
    earnest.close()


def test_blocks_of_a_ledger_in_earnest_cannot_be_taken_back(tmp_path: Path) -> None:
    earnest = EmbeddedChain(tmp_path / "earnest.db", GENESIS)
    assert "error" in earnest.request("evm_snapshot", [])
    earnest.close()


def test_a_dry_run_sees_the_present_and_not_the_last_block(sender: Sender, clock: Clock) -> None:
    address = sender.deploy(GIVES_THE_TIME)
    clock.now += 3600
    assert sender.node.simulate(address, b"") == word(clock.now)


def test_a_call_sees_the_time_of_its_block(sender: Sender, clock: Clock) -> None:
    address = sender.deploy(GIVES_THE_TIME)
    clock.now += 3600
    assert sender.node.call(address, b"") == word(sender.node.head().time)


def test_a_transaction_for_another_chain_is_refused(sender: Sender) -> None:
    stranger = RelayAccount(KEY, chain_id=CHAIN_ID + 1)
    raw = stranger.sign(stranger.address, b"", gas=21_000, fees=FEES)
    with pytest.raises(TransactionRejected, match=f"signed for chain {CHAIN_ID + 1}"):
        sender.node.send(raw)


def test_a_refused_transaction_makes_no_block(sender: Sender) -> None:
    before = sender.node.head()
    sender.account.nonce += 1
    with pytest.raises(TransactionRejected):
        sender.send(sender.account.address, b"")
    assert sender.node.head() == before


def test_more_gas_than_a_block_takes_is_refused(sender: Sender) -> None:
    with pytest.raises(TransactionRejected, match=str(BLOCK_GAS)):
        sender.send(sender.account.address, b"", gas=BLOCK_GAS + 1)


def test_a_transaction_sent_twice_counts_once(sender: Sender) -> None:
    raw = sender.account.sign(sender.account.address, b"", gas=21_000, fees=FEES)
    first = sender.node.send(raw)
    head = sender.node.head()
    assert (sender.node.send(raw), sender.node.head()) == (first, head)


def test_full_blocks_do_not_raise_the_price_of_gas(sender: Sender) -> None:
    burns_all = sender.deploy(BURNS_ALL_GAS)
    for _ in range(3):
        sender.send(burns_all, b"", gas=BLOCK_GAS)
    assert sender.node.fees() == FEES


def test_a_revert_gives_the_same_height_with_another_hash(chain: EmbeddedChain, sender: Sender) -> None:
    snapshot = chain.request("evm_snapshot", [])["result"]
    raw = sender.account.sign(sender.account.address, b"", gas=21_000, fees=FEES)
    first = sender.node.receipt(sender.node.send(raw))
    chain.request("evm_revert", [snapshot])
    second = sender.node.receipt(sender.node.send(raw))

    assert first is not None
    assert second is not None
    assert first.block_number == second.block_number
    assert first.block_hash != second.block_hash


def test_a_reverted_transaction_has_no_receipt(chain: EmbeddedChain, sender: Sender) -> None:
    snapshot = chain.request("evm_snapshot", [])["result"]
    sent = sender.node.send(sender.account.sign(sender.account.address, b"", gas=21_000, fees=FEES))
    chain.request("evm_revert", [snapshot])
    assert sender.node.receipt(sent) is None


def test_a_revert_takes_the_logs_along(chain: EmbeddedChain, sender: Sender) -> None:
    address = sender.deploy(LOGS_ITS_INPUT)
    snapshot = chain.request("evm_snapshot", [])["result"]
    for value in range(3):
        sender.send(address, word(value))
    chain.request("evm_revert", [snapshot])
    assert sender.node.logs(address=address, from_block=0, to_block=9) == []


def test_a_revert_gives_time_back(chain: EmbeddedChain, node: Node, clock: Clock) -> None:
    snapshot = chain.request("evm_snapshot", [])["result"]
    node.advance_time(86_400)
    chain.request("evm_revert", [snapshot])
    assert node.advance_time(0) == clock.now


def test_reverts_repeat_and_survive_reopening(chain: EmbeddedChain, sender: Sender, tmp_path: Path) -> None:
    address = sender.deploy(LOGS_ITS_INPUT)
    for _ in range(3):
        snapshot = chain.request("evm_snapshot", [])["result"]
        nonce = sender.account.nonce
        sender.send(address, word(1))
        sender.send(address, word(2))
        chain.request("evm_revert", [snapshot])
        sender.account.nonce = nonce
    last = sender.send(address, word(3))
    chain.close()

    reopened = EmbeddedChain(tmp_path / "chain.db")
    assert Node.embedded(reopened).head().hash == last.block_hash
    reopened.close()
