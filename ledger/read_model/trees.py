"""The log tree and the heads tree in tables, so that every past size can be proven with logarithmic reads.

Kept are the hashes of perfect subtrees of 16^k leaves; what lies between is hashed again when it is needed. A node of
the heads tree is a version: the hash after entry `seq`. A reorganization deletes what came after the last entry that is
left, and it is hashed anew with the entries: marking would cost more bytes than the hashes, and nothing is lost. Trees
hold every entry that was applied; that only final ones are published is for the checkpoints.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    LargeBinary,
    Table,
    delete,
    func,
    insert,
    select,
    text,
)

from ledger.acts.act import RecordKind
from ledger.ids import Head, RecordId
from ledger.journal.entries import Entry
from ledger.journal.leaves import LogLeaf, Origin, RecordHeads, entry_hash, founded, heads_after, records_of
from ledger.journal.merkle import Node, leaf_hash, nodes_of
from ledger.journal.tree import Tree
from ledger.read_model.tables import METADATA, Row

STEP = 4
"""Levels from one kept level to the next."""
WIDTH = 1 << STEP
MOST_ENTRIES = 500
"""Entries whose nodes are in memory together."""
_MOST_GROUPS = 400
_MOST_RECORDS = 500
_BESIDE = ", ".join(f"({number})" for number in range(WIDTH))
_NODES = """
WITH wanted (level, first) AS (VALUES {wanted}), beside (number) AS (VALUES {beside})
SELECT wanted.level, wanted.first + beside.number, (
    SELECT kept.hash FROM {table} AS kept
    WHERE kept.level = wanted.level AND kept.place = wanted.first + beside.number AND kept.seq <= :seq
    ORDER BY kept.seq DESC LIMIT 1
) FROM wanted CROSS JOIN beside
"""
"""As text: the same in expressions takes longer to compile than to run. Only integers are put into it."""
Item = TypeVar("Item")
Group = tuple[int, int]
"""A kept level, and the place of 16 nodes in it that stand side by side."""


def _keyed(name: str, columns: Sequence[Column[Any]], key: Sequence[str]) -> Table:
    for one in columns:
        one.nullable = False
        one.primary_key = one.name in key
    return Table(name, METADATA, *columns, sqlite_with_rowid=False)


def _nodes(name: str) -> Table:
    numbers = [Column(member, BigInteger(), autoincrement=False) for member in ("level", "place", "seq")]
    return _keyed(name, [*numbers, Column("hash", LargeBinary())], ("level", "place", "seq"))


LOG_NODES = _nodes("log_nodes")
HEADS_NODES = _nodes("heads_nodes")
HEADS = _keyed(
    "heads",
    [
        *(Column(name, LargeBinary()) for name in ("record", "head", "note_head")),
        *(
            Column(name, BigInteger(), autoincrement=False)
            for name in ("seq", "place", "kind", "number", "version", "notes")
        ),
    ],
    ("record", "seq"),
)
"""The leaves of the heads tree, a row for each entry that moved one."""
Index("heads_by_number", HEADS.c.kind, HEADS.c.number)
SIZES = _keyed(
    "tree_sizes",
    [
        *(Column(name, BigInteger(), autoincrement=False) for name in ("seq", "records")),
        *(Column(name, LargeBinary()) for name in ("entry_hash", "heads_root")),
    ],
    ("seq",),
)
"""The leaves of the log tree; seq 0 is the deployment."""
TREES = (LOG_NODES, HEADS_NODES, HEADS, SIZES)


def plant(connection: Connection, origin: Origin, founders: Sequence[tuple[RecordId, RecordKind, Head]]) -> None:
    """Enters the records that the deployment founds, in order of creation."""
    planted = _Growing(origin, Tree({}), Tree({}), known={}, counts={})
    planted.found(founded(founders))
    planted.write(connection)


def grow(connection: Connection, origin: Origin, entries: Sequence[Entry]) -> None:
    """Enters the entries that follow those in the trees. Raises InvalidField: an entry names what is not there."""
    for some in _runs(entries, MOST_ENTRIES):
        growing = _load(connection, origin, some)
        for entry in some:
            growing.enter(entry)
        growing.write(connection)


def cut(connection: Connection, seq: int) -> None:
    """Forgets everything after the entry of that number; -1: the deployment too."""
    for table in TREES:
        connection.execute(delete(table).where(table.c.seq > seq))


def leaf_at(connection: Connection, seq: int) -> LogLeaf | None:
    """The leaf of that entry; None where it is not in the tree."""
    row = connection.execute(select(SIZES).where(SIZES.c.seq == seq)).mappings().first()
    return None if row is None else LogLeaf(row["entry_hash"], row["records"], row["heads_root"])


def size_of(connection: Connection) -> int:
    """Entries in the log tree."""
    return connection.execute(select(func.max(SIZES.c.seq))).scalar() or 0


def load_nodes(connection: Connection, table: Table, groups: Iterable[Group], seq: int) -> dict[Node, bytes]:
    """The nodes of the groups as entry `seq` left them."""
    found: dict[Node, bytes] = {}
    for some in _runs(sorted(set(groups)), _MOST_GROUPS):
        wanted = ", ".join(f"({level}, {WIDTH * index})" for level, index in some)
        rows = connection.execute(text(_NODES.format(table=table.name, wanted=wanted, beside=_BESIDE)), {"seq": seq})
        found.update({(level, place): bytes(total) for level, place, total in rows if total is not None})
    return found


def group_of(node: Node) -> Group:
    """The kept nodes that a node is made of, or is one of."""
    level, place = node
    kept = level - level % STEP
    return kept, (place << (level - kept)) // WIDTH


def _above(place: int, count: int) -> Iterator[Group]:
    """The groups that hold what stands beside the leaf and beside every node over it."""
    level = 0
    while 1 << level <= count:
        yield level, place >> (level + STEP)
        level += STEP


class _Growing:
    """Both trees with the nodes that some entries need, and the rows that they make."""

    def __init__(
        self,
        origin: Origin,
        log: Tree,
        heads: Tree,
        *,
        known: dict[RecordId, tuple[int, RecordHeads]],
        counts: dict[RecordKind, int],
    ) -> None:
        self._origin, self._log, self._heads, self._known, self._counts = origin, log, heads, known, counts
        self._rows: dict[str, dict[tuple[object, ...], Row]] = {table.name: {} for table in TREES}

    def found(self, founders: Sequence[RecordHeads]) -> None:
        for one in founders:
            self._move(one)
        self._put(SIZES, seq=0, records=self._heads.count, entry_hash=b"", heads_root=self._heads.root())

    def enter(self, entry: Entry) -> None:
        for one in heads_after(entry, self._origin, self._heads_of, self._counts):
            self._move(one)
        leaf = LogLeaf(entry_hash(entry), self._heads.count, self._heads.root())
        self._put(SIZES, seq=entry.seq, records=leaf.records, entry_hash=leaf.entry_hash, heads_root=leaf.heads_root)
        self._keep(LOG_NODES, self._log, self._log.put(entry.seq - 1, leaf.hash()), entry.seq)

    def write(self, connection: Connection) -> None:
        for table in TREES:
            rows = self._rows[table.name]
            if rows:
                connection.execute(insert(table), list(rows.values()))

    def _heads_of(self, record: RecordId) -> RecordHeads | None:
        found = self._known.get(record)
        return None if found is None else found[1]

    def _move(self, one: RecordHeads) -> None:
        known = self._known.get(one.record)
        place = self._heads.count if known is None else known[0]
        self._counts[one.kind] = max(self._counts.get(one.kind, 0), one.number)
        self._known[one.record] = place, one
        self._put(
            HEADS,
            record=one.record,
            seq=one.last_seq,
            place=place,
            kind=int(one.kind),
            number=one.number,
            version=one.version,
            head=one.head,
            notes=one.notes,
            note_head=one.note_head,
        )
        self._keep(HEADS_NODES, self._heads, self._heads.put(place, leaf_hash(one.data())), one.last_seq)

    def _keep(self, table: Table, tree: Tree, changed: Iterable[Node], seq: int) -> None:
        for level, place in changed:
            if level % STEP == 0:
                self._put(table, level=level, place=place, seq=seq, hash=tree.nodes[level, place])

    def _put(self, table: Table, **row: Any) -> None:
        """One row for each key: what an entry does to a node last is what it does."""
        self._rows[table.name][tuple(row[one.name] for one in table.primary_key.columns)] = row


def _load(connection: Connection, origin: Origin, entries: Sequence[Entry]) -> _Growing:
    size = size_of(connection)
    last = leaf_at(connection, size)
    records = 0 if last is None else last.records
    wanted = [record for entry in entries for record in records_of(entry, origin)]
    known = _known(connection, list(dict.fromkeys(wanted)))
    fresh = len(set(wanted)) - len(known)
    places = [*(place for place, _ in known.values()), *range(records, records + fresh)]
    return _Growing(
        origin,
        _tree(connection, LOG_NODES, range(size, size + len(entries)), count=size, seq=size),
        _tree(connection, HEADS_NODES, places, count=records, seq=size),
        known=known,
        counts=_counts(connection),
    )


def _counts(connection: Connection) -> dict[RecordKind, int]:
    """The records of each kind."""
    highest = {kind: select(func.max(HEADS.c.number)).where(HEADS.c.kind == int(kind)) for kind in RecordKind}
    return {kind: connection.execute(wanted).scalar() or 0 for kind, wanted in highest.items()}


def _tree(connection: Connection, table: Table, places: Iterable[int], *, count: int, seq: int) -> Tree:
    """A tree with all nodes that setting the leaves at these places, and its root, will ask for."""
    groups = {group for place in places for group in _above(place, count)}
    groups |= {group_of(node) for node in nodes_of((0, count))}
    return Tree(load_nodes(connection, table, groups, seq), count)


def _known(connection: Connection, records: Sequence[RecordId]) -> dict[RecordId, tuple[int, RecordHeads]]:
    """The present leaves of those that are there, with their places."""
    found: dict[RecordId, tuple[int, RecordHeads]] = {}
    other = HEADS.alias()
    newest = select(func.max(other.c.seq)).where(other.c.record == HEADS.c.record).scalar_subquery()
    for some in _runs(records, _MOST_RECORDS):
        wanted = select(HEADS).where(HEADS.c.record.in_(some), HEADS.c.seq == newest)
        for row in connection.execute(wanted).mappings():
            found[RecordId(row["record"])] = row["place"], heads_of(row)
    return found


def heads_of(row: Any) -> RecordHeads:
    """The leaf of a row."""
    return RecordHeads(
        record=RecordId(row["record"]),
        kind=RecordKind(row["kind"]),
        number=row["number"],
        version=row["version"],
        head=Head(row["head"]),
        notes=row["notes"],
        note_head=Head(row["note_head"]),
        last_seq=row["seq"],
    )


def _runs(items: Sequence[Item], length: int) -> Iterator[Sequence[Item]]:
    return (items[start : start + length] for start in range(0, len(items), length))
