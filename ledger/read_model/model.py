"""The read model: one `apply`, two callers (the writer after its receipt, the follower from the logs).

A block with its entries enters whole, in one transaction, and only on top of the block before it, so the newest block
in the tables is the cursor: it cannot move without the rows. Judges no rule and asks no node.
"""

import hashlib
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, delete, func, select, update

from ledger.chain.node import Block
from ledger.errors import InvalidField, Unavailable
from ledger.ids import RecordId
from ledger.journal import leaves
from ledger.journal.entries import Entry
from ledger.journal.proofs import ConsistencyProof, CurrencyProof, EntryProof
from ledger.read_model import proving
from ledger.read_model.book import RowBook
from ledger.read_model.journal_rows import newest_block, write_blocks, write_entries
from ledger.read_model.references import DocumentQuestions
from ledger.read_model.tables import BLOCKS, ENTRIES, METADATA, SHAPES, TABLES
from ledger.read_model.trees import TREES, cut, grow, plant
from ledger.records.book import MemoryBook
from ledger.records.effects import TrustRoot, apply, found

Batch = Sequence[tuple[Block, Sequence[Entry]]]


class ReadModel(DocumentQuestions):
    """Raises Unavailable from every method when the database does not answer."""

    def cursor(self) -> Block | None:
        """The newest block that was applied; None: not even the founding."""
        with self._database.reading() as connection:
            return newest_block(connection)

    def block(self, number: int) -> Block | None:
        """The block at that height, as applied; None where there is none."""
        with self._database.reading() as connection:
            return newest_block(connection, number)

    def found(self, deployment: TrustRoot, block: Block) -> None:
        """Enters what the deployment founds, as of its block, into an empty read model."""
        with self._database.writing() as connection:
            if newest_block(connection) is not None:
                return
            book = RowBook(connection)
            found(deployment, book)
            _forget_orphans(connection, [block])
            book.end_block(block)
            book.write()
            write_blocks(connection, [block])
            founded = MemoryBook()
            found(deployment, founded)
            plant(connection, _origin(book), [(one.record, one.KIND, one.head) for one in founded.records()])

    def apply(self, entries: Sequence[Entry], block: Block) -> None:
        """Enters a block and its entries (all of them, in order of seq); a block that was applied changes nothing.

        Raises:
            InvalidField: an entry is not of this block.
            Unavailable: the block is not the next one, or entries before these are missing: follow the chain first.
        """
        self.apply_blocks([(block, entries)])

    def apply_blocks(self, batch: Batch) -> None:
        """As `apply`, for blocks that follow one another, in one transaction."""
        with self._database.writing() as connection:
            cursor = newest_block(connection)
            if cursor is None:
                raise Unavailable("the read model is empty: follow the chain first")
            fresh = [(block, entries) for block, entries in batch if not _is_applied(connection, block, cursor)]
            for block, entries in fresh:
                cursor = _next(cursor, block, entries)
            _write(connection, fresh)

    def orphan_from(self, number: int) -> None:
        """Marks every row that blocks from this height on wrote, in all tables; what they replaced is current again."""
        with self._database.writing() as connection:
            for table in TABLES:
                gone = update(table).where(table.c.block_number >= number, ~table.c.orphaned)
                connection.execute(gone.values(orphaned=True))
            for shape in SHAPES.values():
                table, other = shape.table, shape.table.alias()
                of_gone = table.c.record.in_(select(other.c.record).where(other.c.block_number >= number))
                connection.execute(update(table).where(table.c.orphaned, of_gone).values(current=False))
                newest = select(func.max(other.c.block_number)).where(
                    other.c.record == table.c.record, ~other.c.orphaned
                )
                back = update(table).where(~table.c.orphaned, of_gone, table.c.block_number == newest.scalar_subquery())
                connection.execute(back.values(current=True))
            cut(connection, _last_seq(connection))

    def size_at(self, number: int) -> int:
        """Entries in the journal up to the block at that height."""
        with self._database.reading() as connection:
            return proving.size_at_block(connection, number)

    def log_root(self, size: int) -> bytes:
        """The root of the log tree over the first entries; 32 bytes."""
        with self._database.reading() as connection:
            proving.check_size(connection, size)
            return proving.root_at(connection, size)

    def prove_entry(self, seq: int, size: int) -> EntryProof:
        """That the entry stands in the log of that size. Raises InvalidField."""
        with self._database.reading() as connection:
            proving.check_size(connection, size)
            return proving.prove_entry(connection, seq, size)

    def prove_record(self, record: RecordId, size: int) -> CurrencyProof:
        """What the record is after entry `size`. Raises Refused: UnknownRecord."""
        with self._database.reading() as connection:
            proving.check_size(connection, size)
            return proving.prove_record(connection, record, size)

    def prove_consistency(self, old: int, size: int) -> ConsistencyProof:
        """That the log of that size extends the one of `old` entries. Raises InvalidField."""
        with self._database.reading() as connection:
            proving.check_size(connection, size)
            return proving.prove_consistency(connection, old, size)

    def clear(self) -> None:
        """Makes every table anew, empty: also those that an older version made."""
        with self._database.writing() as connection:
            METADATA.drop_all(connection)
            METADATA.create_all(connection)

    def digest(self) -> bytes:
        """sha256 over every row that is not orphaned, in order of key: equal for equal journals."""
        total = hashlib.sha256()
        with self._database.reading() as connection:
            for line in _lines(connection):
                total.update(line.encode() + b"\n")
        return total.digest()


def _lines(connection: Connection) -> Iterator[str]:
    for table in TABLES:
        yield table.name
        for row in connection.execute(select(table).where(~table.c.orphaned).order_by(*table.primary_key.columns)):
            yield _line(row)
    for table in TREES:
        yield table.name
        for row in connection.execute(select(table).order_by(*table.primary_key.columns)):
            yield _line(row)


def _line(row: Sequence[object]) -> str:
    return repr([bytes(value) if isinstance(value, memoryview) else value for value in row])


def _last_seq(connection: Connection) -> int:
    """Of the newest entry that is not orphaned; 0: only the deployment, -1: not even that."""
    founded = newest_block(connection) is not None
    newest = select(func.max(ENTRIES.c.seq)).where(~ENTRIES.c.orphaned)
    return (connection.execute(newest).scalar() or 0) if founded else -1


def _origin(book: RowBook) -> leaves.Origin:
    origin = book.origin()
    return leaves.Origin(origin.chain_id, origin.shipments)


def _is_applied(connection: Connection, block: Block, cursor: Block) -> bool:
    if block.number > cursor.number:
        return False
    known = newest_block(connection, block.number)
    return known is not None and known.hash == block.hash


def _next(cursor: Block, block: Block, entries: Sequence[Entry]) -> Block:
    if block.parent_hash != cursor.hash:
        raise Unavailable(f"block {block.number} does not follow block {cursor.number}: follow the chain first")
    for entry in entries:
        if entry.block_hash != block.hash:
            raise InvalidField("entries", entry.seq, f"of block {block.number}")
    return block


def _write(connection: Connection, batch: Batch) -> None:
    if not batch:
        return
    _forget_orphans(connection, [block for block, _ in batch])
    seq = _last_seq(connection)
    book = RowBook(connection)
    for block, entries in batch:
        for entry in entries:
            seq += 1
            if entry.seq != seq:
                raise Unavailable(f"entry {seq} is missing before {entry.seq}: the node left it out")
            apply(entry, book)
        book.end_block(block)
    book.write()
    write_blocks(connection, [block for block, _ in batch])
    fresh = [entry for _, entries in batch for entry in entries]
    write_entries(connection, fresh)
    if fresh:
        grow(connection, _origin(book), fresh)


def _forget_orphans(connection: Connection, blocks: Sequence[Block]) -> None:
    """Deletes what orphaned blocks wrote that come back into the chain."""
    hashes = [block.hash for block in blocks]
    back = connection.execute(select(BLOCKS.c.block_hash).where(BLOCKS.c.block_hash.in_(hashes))).scalars().all()
    for table in TABLES if back else ():
        connection.execute(delete(table).where(table.c.block_hash.in_(back)))
