"""What tests of the write path share: a journal in memory instead of the read model, acts that need no story."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

from ledger.acts.act import Act
from ledger.acts.organizations import RecordParty
from ledger.chain.artifacts import entries_of
from ledger.chain.deployment import Deployment
from ledger.chain.gas import MOST_GAS
from ledger.chain.gate import Gate
from ledger.chain.node import Block, Node
from ledger.chain.outbox import Included, Outbox, SignedAct
from ledger.chain.relay import Knowledge, Relay
from ledger.ids import Digest
from ledger.journal.entries import Entry, next_head
from tests.world import EXPORTER, World, salt_of

NEVER_AHEAD = 2.0**40
"""A clock that no chain of a test runs ahead of."""


class Heard:
    """The journal as the relay told it, and as the node tells it on catching up."""

    def __init__(self, node: Node, deployment: Deployment) -> None:
        self.node, self.deployment = node, deployment
        self.entries: dict[bytes, Entry] = {}
        self.batches: list[int] = []

    def apply(self, entries: Sequence[Entry], _: Block) -> None:
        self.batches.append(len(entries))
        self.entries |= {entry.digest: entry for entry in entries}

    def catch_up(self) -> None:
        journal, last = self.deployment.address("Journal"), self.node.head().number
        logs = self.node.logs(address=journal, from_block=self.deployment.block, to_block=last)
        self.entries = {entry.digest: entry for entry in entries_of(logs)}

    def entered(self, digest: Digest) -> Entry | None:
        return self.entries.get(digest)

    def knowledge(self) -> Knowledge:
        return Knowledge(self.apply, self.catch_up, self.entered)


class WritePath:
    """A relay over a world's chain, with its outbox in `folder`; a context manager."""

    def __init__(
        self,
        world: World,
        folder: Path,
        *,
        gate: Gate | None = None,
        clock: Callable[[], float] = lambda: NEVER_AHEAD,
        most_gas: int = MOST_GAS,
    ) -> None:
        self.world = world
        self.heard = Heard(world.node, world.deployment)
        self.outbox = Outbox(folder / "outbox.sqlite", clock=time.time)
        self.relay = Relay(
            gate or Gate(world.node, world.deployment, world.relay, most_gas),
            self.outbox,
            self.heard.knowledge(),
            clock=clock,
        )

    def __enter__(self) -> "WritePath":
        return self

    def __exit__(self, *_: object) -> None:
        self.relay.close()
        self.outbox.close()

    def submit(self, signed: SignedAct) -> "Future[Included]":
        return self.relay.submit(signed.act, signed.signature)

    def party(self, name: object, person: str = "recorder", **fields: object) -> SignedAct:
        """A signed act that records an organization; the same name, the same act."""
        values = {"roles": EXPORTER, "profile": salt_of(name), "salt": salt_of((name, "salt"))}
        return self.signed(self.world.build(RecordParty, 1, **(values | fields)), person)

    def signed(self, act: Act, person: str) -> SignedAct:
        return SignedAct.of(act, self.world.sign(act, person), self.world.deployment)

    def next_head(self, signed: SignedAct) -> bytes:
        """The head of the record after the act."""
        return next_head(signed.act.parent, signed.digest, signed.signer)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """What is submitted inside waits and goes out together."""
        with self.relay._changed:
            yield


class Held:
    """A clock that stands still until it is told."""

    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def advance_soon(self, seconds: float) -> None:
        threading.Timer(0.3, self._advance, [seconds]).start()

    def _advance(self, seconds: float) -> None:
        self.now += seconds
