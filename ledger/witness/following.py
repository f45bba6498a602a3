"""Reading the journal from the witness's own node, final blocks only, into a replay.

A final block that is gone or another is evidence; a node that does not answer, or leaves logs out, is an outage.
"""

from ledger.chain.artifacts import ENTRY, TOUCHED, entries_of, view_call
from ledger.chain.deployment import Deployment
from ledger.chain.node import Block, Node
from ledger.errors import Refused, Unavailable
from ledger.witness.replay import Replay

WINDOW = 1000
"""Blocks a question."""


class Following:
    """One node, followed. Methods raise Unavailable when it does not answer."""

    def __init__(self, node: Node, deployment: Deployment, *, live: bool = True) -> None:
        """`live`: the node shows the chain as it is now; a copy that was carried here does not.

        Raises Refused: the trust root founds what no contract would, or the node is on another chain.
        """
        if node.chain_id() != deployment.chain_id:
            raise Refused("ChainUnknown", {"chainId": node.chain_id(), "required": deployment.chain_id})
        self.replay = Replay(deployment)
        self._node, self._deployment, self._live = node, deployment, live
        self._last: Block | None = None

    def catch_up(self) -> None:
        """Replays what has become final.

        Raises:
            Refused: JournalUntrue; ChainRewritten, a block that was final is gone or another.
        """
        self._check_last()
        final = self._node.final()
        first = self._deployment.block if self._last is None else self._last.number + 1
        for start in range(first, final.number + 1, WINDOW):
            self._read(start, min(start + WINDOW - 1, final.number))
        self._check_state(final)

    def shown(self) -> int:
        """Entries in the journal at the node's head, final or not; 0: there is no now."""
        return self._state(None)[0] if self._live else 0

    def _read(self, first: int, last: int) -> None:
        logs = self._node.logs(
            address=self._deployment.address("Journal"),
            from_block=first,
            to_block=last,
            topics=[[ENTRY, TOUCHED]],
        )
        for entry in entries_of(logs):
            if entry.seq > self.replay.size + 1:
                raise Unavailable(f"the node leaves out entry {self.replay.size + 1}")
            if entry.seq > self.replay.size:  # an attempt that broke off may have come further than its last block
                self.replay.enter(entry)
        self._last = self._node.block(last)

    def _check_last(self) -> None:
        last = self._last
        if last is None:
            return
        head = self._node.head()
        if head.number < last.number or self._node.block(last.number).hash != last.hash:
            raise Refused("ChainRewritten", {"block": last.number, "head": head.number})

    def _check_state(self, block: Block) -> None:
        """What the contract says of its journal must be what its logs gave."""
        length, head = self._state(block)
        if length > self.replay.size:
            raise Unavailable(f"the node leaves out entry {self.replay.size + 1}")
        if (length, head) != (self.replay.size, self.replay.journal_head):
            raise Refused(
                "JournalUntrue", {"seq": length, "fault": "the contract's journal is not the one of its logs"}
            )

    def _state(self, block: Block | None) -> tuple[int, bytes]:
        place = None if block is None else block.number
        answer = self._node.call(self._deployment.address("Journal"), view_call("state()"), block=place)
        return int.from_bytes(answer[:32], "big"), answer[32:64]
