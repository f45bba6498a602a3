"""Entries, their notes and blocks as rows, and out of them again."""

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, Connection, RowMapping, Table, insert, select

from ledger.acts.kinds import BY_KIND
from ledger.chain.node import Block
from ledger.ids import ZERO32, Address, Digest, Head, RecordId, Time
from ledger.journal.entries import Entry, Touched
from ledger.read_model.answers import EntryAnswer
from ledger.read_model.tables import BLOCKS, COMMITMENTS, ENTRIES, NOTES, Row

_COMMITTING = ("document", "profile", "control_list")
"""Members of acts that commit to a document; an act has one of them at most."""


def newest_block(connection: Connection, number: int | None = None) -> Block | None:
    """The newest block in the tables, or the one at that height; None where there is none."""
    wanted = select(BLOCKS).where(~BLOCKS.c.orphaned).order_by(BLOCKS.c.block_number.desc()).limit(1)
    if number is not None:
        wanted = wanted.where(BLOCKS.c.block_number == number)
    row = connection.execute(wanted).mappings().first()
    if row is None:
        return None
    return Block(row["block_number"], row["block_hash"], row["parent_hash"], Time(row["time"]))


def write_blocks(connection: Connection, blocks: Sequence[Block]) -> None:
    _insert(connection, BLOCKS, [_block_row(block) for block in blocks])


def write_entries(connection: Connection, entries: Sequence[Entry]) -> None:
    """Enters entries with their notes and what they commit to."""
    _insert(connection, ENTRIES, [_entry_row(entry) for entry in entries])
    _insert(connection, COMMITMENTS, [row for entry in entries for row in _commitment_rows(entry)])
    _insert(connection, NOTES, [row for entry in entries for row in _note_rows(entry)])


def read_entries(connection: Connection, *conditions: ColumnElement[bool], limit: int) -> list[EntryAnswer]:
    """The entries that meet the conditions, ascending by seq, each with its notes and its act in words."""
    wanted = select(ENTRIES).where(~ENTRIES.c.orphaned, *conditions).order_by(ENTRIES.c.seq).limit(limit)
    rows = connection.execute(wanted).mappings().all()
    touched: dict[int, list[Touched]] = {}
    of_these = select(NOTES).where(~NOTES.c.orphaned, NOTES.c.seq.in_([row["seq"] for row in rows]))
    for row in connection.execute(of_these.order_by(NOTES.c.seq, NOTES.c.position)).mappings() if rows else ():
        note = Touched(RecordId(row["record"]), row["note"], Head(row["note_head"]), row["delta"])
        touched.setdefault(row["seq"], []).append(note)
    return [_answer(_entry(row, tuple(touched.get(row["seq"], ())))) for row in rows]


def _answer(entry: Entry) -> EntryAnswer:
    return EntryAnswer(entry, BY_KIND[entry.kind].__name__, entry.decoded().to_json())


def _insert(connection: Connection, table: Table, rows: list[Row]) -> None:
    if rows:
        connection.execute(insert(table), rows)


def _block_row(block: Block) -> Row:
    return {
        "block_hash": block.hash,
        "block_number": block.number,
        "parent_hash": block.parent_hash,
        "time": block.time,
        "orphaned": False,
    }


def _entry_row(entry: Entry) -> Row:
    own = {name: getattr(entry, name) for name in Entry.__slots__ if name != "touched"}
    return own | {"orphaned": False}


def _commitment_rows(entry: Entry) -> Iterator[Row]:
    act = entry.decoded()
    commitment = next((getattr(act, name) for name in _COMMITTING if hasattr(act, name)), ZERO32)
    if commitment != ZERO32:
        own = {name: getattr(entry, name) for name in ("block_hash", "block_number", "log_index", "seq")}
        yield own | {"commitment": commitment, "orphaned": False}


def _note_rows(entry: Entry) -> Iterator[Row]:
    for position, note in enumerate(entry.touched):
        yield {
            "block_hash": entry.block_hash,
            "block_number": entry.block_number,
            "log_index": entry.log_index,
            "position": position,
            "seq": entry.seq,
            "record": note.record,
            "note": note.note,
            "note_head": note.note_head,
            "delta": note.delta,
            "orphaned": False,
        }


def _entry(row: RowMapping, touched: tuple[Touched, ...]) -> Entry:
    return Entry(
        seq=row["seq"],
        record=RecordId(row["record"]),
        organization=row["organization"],
        kind=row["kind"],
        version=row["version"],
        time=Time(row["time"]),
        signer=Address(row["signer"]),
        digest=Digest(row["digest"]),
        record_head=Head(row["record_head"]),
        act=row["act"],
        signature=row["signature"],
        touched=touched,
        block_number=row["block_number"],
        block_hash=row["block_hash"],
        transaction_hash=row["transaction_hash"],
        log_index=row["log_index"],
    )
