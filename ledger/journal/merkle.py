"""Merkle trees after RFC 6962 (SHA-256): hashes, which nodes a proof holds, and checking proofs.

Pure and strict: a proof with a hash too many, too few or of another length is refused. Where the nodes come from is for
`tree` and the read model. Sources: RFC 6962 section 2.1; RFC 9162 sections 2.1.3.2 and 2.1.4.2, whose steps the two
checks follow in order.
"""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Literal, NoReturn

from ledger.errors import Refused

EMPTY_ROOT = hashlib.sha256().digest()
"""The root of a tree without leaves."""
MOST_LEAVES = 2**63 - 1
Node = tuple[int, int]
"""A perfect subtree: its level (0: a leaf) and its place among those of its level, from 0."""
Span = tuple[int, int]
"""The leaves from the first number up to, not including, the second."""


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf."""
    return hashlib.sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of what has two children."""
    return hashlib.sha256(b"\1" + left + right).digest()


def fold(hashes: Sequence[bytes]) -> bytes:
    """The hash over perfect subtrees that stand side by side, each larger than the next; at least one."""
    total = hashes[-1]
    for left in reversed(hashes[:-1]):
        total = node_hash(left, total)
    return total


def nodes_of(span: Span) -> Iterator[Node]:
    """The perfect subtrees that make up a span of a tree, from left to right; its start is a multiple of their size."""
    start, end = span
    while start < end:
        level = (end - start).bit_length() - 1
        yield level, start >> level
        start += 1 << level


def inclusion_spans(place: int, size: int) -> list[Span]:
    """What an inclusion proof of the leaf at `place` in a tree of `size` leaves hashes, from the leaf upwards."""
    start, end = 0, size
    found: list[Span] = []
    while end - start > 1:
        middle = start + _split(end - start)
        if place < middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start = middle
    return found[::-1]


def consistency_spans(old: int, size: int) -> list[Span]:
    """What a consistency proof from `old` to `size` leaves hashes, in its order; nothing from 0, or to the same."""
    start, end = 0, size
    found: list[Span] = []
    while 0 < old < end:
        middle = start + _split(end - start)
        if old <= middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start = middle
    if old and start:
        found.append((start, end))
    return found[::-1]


def root_of_inclusion(leaf: bytes, path: Sequence[bytes], *, place: int, size: int) -> bytes:
    """The root that a path leads to from a leaf's hash (RFC 9162 2.1.3.2). Raises Refused: ProofInvalid."""
    _check_hashes("inclusion", [leaf, *path])
    if not 0 <= place < size <= MOST_LEAVES:  # 1
        _refuse("inclusion", "no such leaf")
    node, last, total = place, size - 1, leaf  # 2, 3
    for sibling in path:  # 4
        if last == 0:
            _refuse("inclusion", "too long")
        if node & 1 or node == last:
            total = node_hash(sibling, total)
            node, last = _up_to_left(node, last)
        else:
            total = node_hash(total, sibling)
        node, last = node >> 1, last >> 1
    if last:  # 5
        _refuse("inclusion", "too short")
    return total


def check_inclusion(root: bytes, leaf: bytes, path: Sequence[bytes], *, place: int, size: int) -> None:
    """That the leaf of that hash stands at `place` (from 0). Raises Refused: ProofInvalid."""
    if root_of_inclusion(leaf, path, place=place, size=size) != root:
        _refuse("inclusion", "another root")


def check_consistency(old: tuple[int, bytes], new: tuple[int, bytes], path: Sequence[bytes]) -> None:
    """That the tree `new` (size, root) extends the tree `old` (RFC 9162 2.1.4.2).

    Raises:
        Refused: ProofInvalid.
    """
    (first, first_root), (second, second_root) = old, new
    _check_hashes("consistency", [first_root, second_root, *path])
    if not 0 <= first <= second <= MOST_LEAVES:
        _refuse("consistency", "a tree that shrinks")
    if first in (0, second):
        _check_trivial(old, new, path)
        return
    if not path:  # 1
        _refuse("consistency", "too short")
    hashes = [first_root, *path] if first & (first - 1) == 0 else list(path)  # 2
    node, last = first - 1, second - 1  # 3
    while node & 1:  # 4
        node, last = node >> 1, last >> 1
    before = after = hashes[0]  # 5
    for sibling in hashes[1:]:  # 6
        if last == 0:
            _refuse("consistency", "too long")
        if node & 1 or node == last:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
            node, last = _up_to_left(node, last)
        else:
            after = node_hash(after, sibling)
        node, last = node >> 1, last >> 1
    if last:  # 7
        _refuse("consistency", "too short")
    if before != first_root or after != second_root:
        _refuse("consistency", "another root")


def _check_trivial(old: tuple[int, bytes], new: tuple[int, bytes], path: Sequence[bytes]) -> None:
    """From the empty tree, or to the same one: nothing is to be proven."""
    if path:
        _refuse("consistency", "too long")
    if old[0] == new[0] and old[1] != new[1]:
        _refuse("consistency", "another root")
    if any(size == 0 and root != EMPTY_ROOT for size, root in (old, new)):
        _refuse("consistency", "another root")


def _up_to_left(node: int, last: int) -> tuple[int, int]:
    """Up the right edge, until the node is a right child or the first of its level."""
    while node and not node & 1:
        node, last = node >> 1, last >> 1
    return node, last


def _split(size: int) -> int:
    """The largest power of two below `size`, which is 2 or more."""
    return 1 << (size - 1).bit_length() - 1


def _check_hashes(proof: Literal["inclusion", "consistency"], hashes: Sequence[bytes]) -> None:
    if any(len(one) != 32 for one in hashes):
        _refuse(proof, "a hash that is not of 32 bytes")


def _refuse(proof: Literal["inclusion", "consistency"], fault: str) -> NoReturn:
    raise Refused("ProofInvalid", {"proof": proof, "fault": fault})
