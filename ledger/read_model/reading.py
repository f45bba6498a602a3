"""Records out of their rows: the current versions that some conditions pick, with their lists."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from ledger.read_model.tables import ListShape, Shape
from ledger.records.states import Record


def read_records(
    connection: Connection,
    shape: Shape,
    *conditions: ColumnElement[bool],
    limit: int | None = None,
) -> list[Record]:
    """The records whose current version meets the conditions, in the order of lists."""
    table = shape.table
    wanted = select(table).where(table.c.current, *conditions).order_by(table.c[shape.order]).limit(limit)
    rows = connection.execute(wanted).mappings().all()
    parts = [_parts(connection, part, rows) for part in shape.lists]
    return [
        shape.read(
            dict(row), {p.name: found.get(row["record"], ()) for p, found in zip(shape.lists, parts, strict=True)}
        )
        for row in rows
    ]


def _parts(connection: Connection, part: ListShape, rows: Sequence[Any]) -> dict[bytes, list[Any]]:
    """The elements of each record's list, in order."""
    if not rows:
        return {}
    table = part.table
    # The blocks narrow the search to few versions; the pair below picks the right one.
    wanted = select(table).where(
        table.c.record.in_([row["record"] for row in rows]),
        table.c.block_hash.in_({row["block_hash"] for row in rows}),
    )
    versions = {(row["record"], row["block_hash"]) for row in rows}
    found: dict[bytes, list[Any]] = {}
    for row in connection.execute(wanted.order_by(table.c.record, table.c.position)).mappings():
        if (row["record"], row["block_hash"]) in versions:
            found.setdefault(row["record"], []).append(row)
    return found
