"""An RFC 6962 tree that grows at its end and whose leaves may be replaced; its root and proofs at every moment.

The nodes of perfect subtrees stand in a mapping that the caller brings: all of them, or those that an operation needs
(a node that is missing is made from its children). What is at the right edge is computed, never kept.
"""

from collections.abc import Iterator, MutableMapping

from ledger.journal.merkle import EMPTY_ROOT, Node, Span, consistency_spans, fold, inclusion_spans, node_hash, nodes_of


class Tree:
    """The tree over `count` leaves whose nodes are in `nodes`. A node that cannot be made raises KeyError."""

    def __init__(self, nodes: MutableMapping[Node, bytes] | None = None, count: int = 0) -> None:
        self.nodes = Levels() if nodes is None else nodes
        self.count = count

    def put(self, place: int, leaf: bytes) -> list[Node]:
        """Sets the leaf hash at `place`, or appends it there; gives the perfect subtrees whose hash it set."""
        self.count = max(self.count, place + 1)
        level, total = 0, leaf
        changed = [(level, place)]
        self.nodes[level, place] = total
        while ((place >> 1) + 1) << (level + 1) <= self.count:
            beside = self.node(level, place ^ 1)
            total = node_hash(beside, total) if place & 1 else node_hash(total, beside)
            level, place = level + 1, place >> 1
            self.nodes[level, place] = total
            changed.append((level, place))
        return changed

    def node(self, level: int, place: int) -> bytes:
        """The hash of a perfect subtree."""
        found = self.nodes.get((level, place))
        if found is None:
            if level == 0:
                raise KeyError(place)
            found = node_hash(self.node(level - 1, 2 * place), self.node(level - 1, 2 * place + 1))
            self.nodes[level, place] = found
        return found

    def root(self) -> bytes:
        """The root over all leaves."""
        return self._hash((0, self.count)) if self.count else EMPTY_ROOT

    def root_at(self, size: int) -> bytes:
        """The root over the first leaves; a past root of a tree in which none was replaced."""
        return self._hash((0, size)) if size else EMPTY_ROOT

    def inclusion(self, place: int, size: int | None = None) -> tuple[bytes, ...]:
        """The inclusion proof of the leaf at `place`."""
        return tuple(self._hash(span) for span in inclusion_spans(place, self.count if size is None else size))

    def consistency(self, old: int, size: int | None = None) -> tuple[bytes, ...]:
        """The consistency proof from the tree over the first `old` leaves."""
        return tuple(self._hash(span) for span in consistency_spans(old, self.count if size is None else size))

    def _hash(self, span: Span) -> bytes:
        return fold([self.node(*node) for node in nodes_of(span)])


class Levels(MutableMapping[Node, bytes]):
    """Every node of one tree in memory, a row of bytes for each level; nodes of a level come in order of place."""

    def __init__(self) -> None:
        self._rows: list[bytearray] = []

    def __getitem__(self, node: Node) -> bytes:
        level, place = node
        found = bytes(self._rows[level][32 * place : 32 * place + 32]) if level < len(self._rows) else b""
        if not found:
            raise KeyError(node)
        return found

    def __setitem__(self, node: Node, total: bytes) -> None:
        level, place = node
        if level == len(self._rows):
            self._rows.append(bytearray())
        self._rows[level][32 * place : 32 * place + 32] = total

    def __delitem__(self, node: Node) -> None:
        raise TypeError("a tree forgets nothing")

    def __len__(self) -> int:
        return sum(len(row) // 32 for row in self._rows)

    def __iter__(self) -> Iterator[Node]:
        return ((level, place) for level, row in enumerate(self._rows) for place in range(len(row) // 32))
