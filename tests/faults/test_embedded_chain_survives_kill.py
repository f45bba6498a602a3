"""Is every acknowledged transaction in the chain after its writer was killed in the middle of writing?"""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from ledger.chain.embedded import EmbeddedChain
from ledger.chain.node import Node

WRITER = Path(__file__).with_name("write_until_killed.py")
PAUSES = {"in-process": (0.0, 0.013, 0.029, 0.05, 0.11), "in-child": (0.0, 0.04)}
"""Seconds between the tenth acknowledgement and each kill: blocks take about 0.01."""


class Survivor(NamedTuple):
    node: Node
    acknowledged: list[bytes]


@pytest.fixture(scope="module", params=PAUSES)
def survivor(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Survivor]:
    """The chain after its writer, or the parent of its writer, was killed again and again."""
    path = tmp_path_factory.mktemp(request.param) / "chain.db"
    acknowledged = [
        one for pause in PAUSES[request.param] for one in write_until_killed(path, request.param, pause)
    ]
    chain = EmbeddedChain(path, patience=10.0)
    yield Survivor(Node.embedded(chain), acknowledged)
    chain.close()


def write_until_killed(path: Path, place: str, pause: float) -> list[bytes]:
    """The hashes that the writer acknowledged."""
    command = [sys.executable, str(WRITER), str(path), place]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        lines = [writer.stdout.readline() for _ in range(10)]
        time.sleep(pause)
        writer.kill()
        lines += writer.stdout.readlines()
    return [bytes.fromhex(line) for line in lines if line.endswith("\n")]


def test_every_acknowledged_transaction_is_in_the_chain(survivor: Survivor) -> None:
    assert [one.hex() for one in survivor.acknowledged if survivor.node.receipt(one) is None] == []


def test_the_chain_has_no_gap(survivor: Survivor) -> None:
    blocks = [survivor.node.block(number) for number in range(survivor.node.head().number + 1)]
    assert [block.parent_hash for block in blocks[1:]] == [block.hash for block in blocks[:-1]]
