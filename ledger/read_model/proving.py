"""Proofs out of the trees, for any size that the log ever had: logarithmically many reads. Judges nothing."""

from collections.abc import Iterable

from sqlalchemy import Connection, Table, select

from ledger.errors import InvalidField, Refused, Unavailable
from ledger.ids import RecordId
from ledger.journal.merkle import Span, consistency_spans, inclusion_spans, nodes_of
from ledger.journal.proofs import ConsistencyProof, CurrencyProof, EntryProof
from ledger.journal.tree import Tree
from ledger.read_model.tables import ENTRIES
from ledger.read_model.trees import HEADS, HEADS_NODES, LOG_NODES, group_of, heads_of, leaf_at, load_nodes, size_of


def size_at_block(connection: Connection, number: int) -> int:
    """Entries in the journal up to that block."""
    upto = select(ENTRIES.c.seq).where(~ENTRIES.c.orphaned, ENTRIES.c.block_number <= number)
    return connection.execute(upto.order_by(ENTRIES.c.seq.desc()).limit(1)).scalar() or 0


def root_at(connection: Connection, size: int) -> bytes:
    """The log's root over the first `size` entries."""
    return _tree(connection, LOG_NODES, [(0, size)], count=size, seq=size).root()


def prove_entry(connection: Connection, seq: int, size: int) -> EntryProof:
    """That the entry stands in the log of that size. Raises InvalidField."""
    leaf = leaf_at(connection, seq) if 1 <= seq <= size else None
    if leaf is None:
        raise InvalidField("entry", seq, f"1 to {size}, the size of the checkpoint")
    tree = _tree(connection, LOG_NODES, inclusion_spans(seq - 1, size), count=size, seq=size)
    return EntryProof(seq, leaf, tree.inclusion(seq - 1))


def prove_record(connection: Connection, record: RecordId, size: int) -> CurrencyProof:
    """What the record is after entry `size`. Raises Refused: UnknownRecord, also where there is no entry yet."""
    versions = select(HEADS).where(HEADS.c.record == record, HEADS.c.seq <= size).order_by(HEADS.c.seq.desc())
    row = connection.execute(versions.limit(1)).mappings().first()
    if row is None or size == 0:
        raise Refused("UnknownRecord", {"record": record})
    last, place = prove_entry(connection, size, size), row["place"]
    count = last.leaf.records
    tree = _tree(connection, HEADS_NODES, inclusion_spans(place, count), count=count, seq=size)
    return CurrencyProof(last, heads_of(row), place, tree.inclusion(place))


def prove_consistency(connection: Connection, old: int, size: int) -> ConsistencyProof:
    """That the log of that size extends the one of `old` entries. Raises InvalidField."""
    if not 0 <= old <= size:
        raise InvalidField("from", old, f"0 to {size}, the size of the checkpoint")
    return ConsistencyProof(
        old, _tree(connection, LOG_NODES, consistency_spans(old, size), count=size, seq=size).consistency(old)
    )


def check_size(connection: Connection, size: int) -> None:
    """Raises Unavailable where the trees hold fewer entries: the read model is still being built."""
    known = size_of(connection)
    if known < size:
        raise Unavailable(f"the read model has {known} of {size} entries: follow the chain first")


def _tree(connection: Connection, table: Table, spans: Iterable[Span], *, count: int, seq: int) -> Tree:
    groups = {group_of(node) for span in spans for node in nodes_of(span)}
    return Tree(load_nodes(connection, table, groups, seq), count)
