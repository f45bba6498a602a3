"""Does the node's face say what the chain says, in this process and over the child?"""

import itertools
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from embedded_parts import (
    BURNS_ALL_GAS,
    CHAIN_ID,
    GENESIS,
    LOGS_ITS_INPUT,
    REVERTS_WITH_ITS_INPUT,
    Sender,
    word,
)

from ledger.chain.account import RelayAccount
from ledger.chain.embedded import ChainProcess, EmbeddedChain
from ledger.chain.node import CallReverted, Log, Node, Receipt
from ledger.errors import InvalidField, Unavailable
from ledger.ids import Address


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("chain") / "chain.db"


@pytest.fixture(scope="module")
def process(path: Path) -> Iterator[ChainProcess]:
    started = ChainProcess(path, GENESIS)
    yield started
    started.close()


@pytest.fixture(scope="module")
def sender(process: ChainProcess) -> Sender:
    return Sender(Node.embedded(process))


@pytest.fixture(scope="module")
def logger(sender: Sender) -> Address:
    return sender.deploy(LOGS_ITS_INPUT)


@pytest.fixture(scope="module")
def history(sender: Sender, logger: Address) -> list[Receipt]:
    other = sender.deploy(LOGS_ITS_INPUT)
    topics = itertools.product((1, 2), (3, 4), (5, 6))
    return [
        sender.send(address, b"".join(word(topic) for topic in chosen) + bytes(chosen))
        for chosen in topics
        for address in (logger, other)
    ]


FILTERS = [
    (),
    (word(1),),
    (word(1), word(4)),
    (word(2), None, word(5)),
    (None, word(3)),
    (None, [word(3), word(4)], word(6)),
    ([word(1), word(2)], None, [word(6)]),
    (word(7),),
    (None, None, None, None),
]


def matches(log: Log, topics: tuple[bytes | list[bytes] | None, ...]) -> bool:
    if len(log.topics) < len(topics):
        return False
    wanted = ([topic] if isinstance(topic, bytes) else topic for topic in topics)
    return all(choice is None or had in choice for had, choice in zip(log.topics, wanted, strict=False))


@pytest.mark.parametrize("topics", FILTERS)
def test_logs_equal_a_scan_of_the_receipts(
    sender: Sender, logger: Address, history: list[Receipt], topics: tuple[bytes | list[bytes] | None, ...]
) -> None:
    first, last = history[2].block_number, history[-3].block_number
    scanned = [
        log
        for receipt in history
        if first <= receipt.block_number <= last
        for log in receipt.logs
        if log.address == logger and matches(log, topics)
    ]
    found = sender.node.logs(address=logger, from_block=first, to_block=last, topics=topics)
    assert found == scanned


def test_logs_beyond_the_head_are_none(sender: Sender, logger: Address) -> None:
    above = sender.node.head().number + 1
    assert sender.node.logs(address=logger, from_block=above, to_block=above + 10) == []


def test_a_receipt_names_its_block(sender: Sender, history: list[Receipt]) -> None:
    block = sender.node.block(history[0].block_number)
    assert block.hash == history[0].block_hash


def test_an_unsent_transaction_has_no_receipt(sender: Sender) -> None:
    assert sender.node.receipt(bytes(32)) is None


def test_blocks_are_linked_by_their_hashes(sender: Sender, history: list[Receipt]) -> None:
    head = sender.node.head()
    assert sender.node.block(head.number - 1).hash == head.parent_hash


def test_a_block_beyond_the_head_is_unavailable(sender: Sender) -> None:
    with pytest.raises(Unavailable):
        sender.node.block(10**6)


@pytest.mark.parametrize("data", [b"", b"\x9b\x10", bytes.fromhex("08c379a0"), bytes(range(100))])
def test_a_revert_carries_its_raw_data(sender: Sender, data: bytes) -> None:
    reverter = sender.deploy(REVERTS_WITH_ITS_INPUT)
    with pytest.raises(CallReverted) as reverted:
        sender.node.call(reverter, data)
    assert reverted.value.data == data


def test_a_dry_run_reverts_as_the_call_does(sender: Sender) -> None:
    reverter = sender.deploy(REVERTS_WITH_ITS_INPUT)
    with pytest.raises(CallReverted) as reverted:
        sender.node.simulate(reverter, b"no")
    assert reverted.value.data == b"no"


def test_a_reverting_transaction_is_in_its_block_as_failed(sender: Sender) -> None:
    assert sender.send(sender.deploy(REVERTS_WITH_ITS_INPUT), b"no").status == 0


def test_running_out_of_gas_is_no_revert(sender: Sender) -> None:
    burns_all = sender.deploy(BURNS_ALL_GAS)
    with pytest.raises(Unavailable, match="execution failed"):
        sender.node.call(burns_all, b"")


def test_a_call_at_an_older_block_sees_the_older_state(sender: Sender) -> None:
    before = sender.node.head()
    address = sender.deploy(REVERTS_WITH_ITS_INPUT)
    assert sender.node.call(address, b"x", block=before.hash) == b""


def test_estimated_gas_is_enough(sender: Sender, logger: Address) -> None:
    data = word(1) * 3
    gas = sender.node.gas_for(logger, data, sender=sender.account.address)
    assert sender.send(logger, data, gas=gas).status == 1


def test_the_chain_says_its_own_id(sender: Sender) -> None:
    assert sender.node.chain_id() == CHAIN_ID


def test_a_second_process_is_told_that_the_chain_is_open(process: ChainProcess, path: Path) -> None:
    with pytest.raises(Unavailable, match="open for writing by process"):
        ChainProcess(path, patience=0.0)


def test_a_process_refuses_a_file_without_a_chain(tmp_path: Path) -> None:
    with pytest.raises(InvalidField, match="existing chain"):
        ChainProcess(tmp_path / "none.db")


def test_another_process_reads_what_is_written(sender: Sender, history: list[Receipt], path: Path) -> None:
    reader = EmbeddedChain(path, mode="read")
    assert Node.embedded(reader).head() == sender.node.head()
    reader.close()


def test_threads_get_their_own_answers(sender: Sender, history: list[Receipt]) -> None:
    wrong: list[int] = []

    def ask(number: int) -> None:
        wrong.extend(number for _ in range(20) if sender.node.block(number).number != number)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_an_interrupt_at_the_terminal_passes_the_chain_by(tmp_path: Path) -> None:
    process = ChainProcess(tmp_path / "chain.db", GENESIS)
    assert os.getpgid(process.pid) != os.getpgrp()
    process.close()


def test_a_killed_chain_process_is_unavailable(tmp_path: Path) -> None:
    process = ChainProcess(tmp_path / "chain.db", GENESIS)
    os.kill(process.pid, signal.SIGKILL)
    with pytest.raises(Unavailable, match="has ended"):
        Node.embedded(process).head()
    process.close()


def test_a_node_that_does_not_listen_is_unavailable() -> None:
    with pytest.raises(Unavailable, match="does not answer"):
        Node.connect("http://127.0.0.1:9", timeout=1.0).head()


@pytest.mark.parametrize("key", [b"", bytes(32), b"\xff" * 32])
def test_what_is_no_private_key_is_refused(key: bytes) -> None:
    with pytest.raises(InvalidField, match="private_key"):
        RelayAccount(key, chain_id=CHAIN_ID)
