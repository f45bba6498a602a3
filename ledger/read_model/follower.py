"""Keeps the read model at the chain: from its cursor on, in windows of blocks, over reorganizations.

Each window is one transaction, so whatever stops the follower, it goes on where it stopped. Every block's parent hash
is checked against the block before it; where the chain went another way, the old branch is orphaned first. A node that
is behind the read model but on the same branch is waited for, not followed back.
"""

from ledger.chain.artifacts import ENTRY, TOUCHED, entries_of
from ledger.chain.deployment import Deployment
from ledger.chain.node import Block, Node
from ledger.errors import Unavailable
from ledger.journal.entries import Entry
from ledger.read_model.model import ReadModel

WINDOW = 250
"""Blocks a window, and so a transaction."""
ATTEMPTS = 10
"""At windows in a row that a reorganization made unreadable."""


def follow(read_model: ReadModel, node: Node, deployment: Deployment, upto: int | None = None) -> Block:
    """Applies the chain up to its head (or the block `upto`); gives the read model's newest block.

    Raises:
        Unavailable: node or database does not answer, or the chain does not hold still. What was applied stays.
    """
    attempts = 0
    while True:
        head = node.head()
        if head.number < deployment.block:
            raise Unavailable(f"the chain ends at block {head.number}, before this ledger's deployment")
        cursor = _common(read_model, node, head)
        if cursor is None:
            cursor = node.block(deployment.block)
            read_model.found(deployment, cursor)
        last = head.number if upto is None else min(upto, head.number)
        if cursor.number >= last:
            return cursor
        batch = _window(node, deployment, cursor, last)
        attempts = 0 if batch else attempts + 1
        if attempts == ATTEMPTS:
            raise Unavailable(f"the chain reorganizes above block {cursor.number} faster than it can be read")
        read_model.apply_blocks(batch)


def rebuild(read_model: ReadModel, node: Node, deployment: Deployment) -> Block:
    """Throws everything away and follows from the deployment on; gives the newest block."""
    read_model.clear()
    return follow(read_model, node, deployment)


def _common(read_model: ReadModel, node: Node, head: Block) -> Block | None:
    """The newest block that chain and read model share, everything above it orphaned; None: they share nothing."""
    cursor = read_model.cursor()
    if cursor is None:
        return None
    top = min(cursor.number, head.number)
    shared = read_model.block(top)
    while shared is not None and node.block(shared.number).hash != shared.hash:
        shared = read_model.block(shared.number - 1)
    if shared is not None and shared.number == top:
        return cursor
    read_model.orphan_from(shared.number + 1 if shared else 0)
    return shared


def _window(node: Node, deployment: Deployment, cursor: Block, last: int) -> list[tuple[Block, list[Entry]]]:
    """The next blocks with their entries; none where they do not hang together: the chain changed meanwhile."""
    last = min(last, cursor.number + WINDOW)
    blocks = [node.block(number) for number in range(cursor.number + 1, last + 1)]
    logs = node.logs(
        address=deployment.address("Journal"),
        from_block=cursor.number + 1,
        to_block=last,
        topics=[[ENTRY, TOUCHED]],
    )
    parents = [cursor.hash, *(block.hash for block in blocks)]
    hangs = all(block.parent_hash == parent for block, parent in zip(blocks, parents, strict=False))
    entries: dict[bytes, list[Entry]] = {block.hash: [] for block in blocks}
    if not hangs or any(log.block_hash not in entries for log in logs):
        return []
    for entry in entries_of(logs):
        entries[entry.block_hash].append(entry)
    return [(block, entries[block.hash]) for block in blocks]
