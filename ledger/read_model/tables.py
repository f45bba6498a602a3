"""The tables of the read model, and every record as rows of them.

The columns of a record's table are the members of its class: one list, in `ledger.records.states`. A row is a version:
what a record was after a block that changed it. Every table names the block that wrote the row and whether that block
is orphaned, so that a reorganization marks all of them alike; `current` marks the newest version of a record.
Numbers of more than 63 bits are decimal text, so that no database rounds them.
"""

import dataclasses
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Index, LargeBinary, MetaData, String, Table, true
from sqlalchemy.types import TypeEngine

from ledger.acts.act import RecordKind
from ledger.acts.applications import Party
from ledger.acts.organizations import Terms
from ledger.records.parts import Acknowledgement, Mandate, Proposal, Vote
from ledger.records.states import (
    Agent,
    Application,
    Certificate,
    CertificateLine,
    License,
    LicenseLine,
    Organization,
    Policy,
    Record,
    Shipment,
    ShipmentLine,
)

METADATA = MetaData()
Row = dict[str, Any]
WIDE = frozenset(
    {"certified", "granted", "drawn", "held", "delivered", "unaccounted", "lost", "returned", "continued", "kinds"}
)
"""Members of more than 63 bits: quantities, and the bit set of a mandate's kinds."""
_MOST_PARTS = 16
PLACE = "place"


@dataclass(frozen=True, slots=True)
class Field:
    """One member as a column, and its value both ways."""

    name: str
    column: TypeEngine[Any]
    to_row: Callable[[Any], Any]
    from_row: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class ListShape:
    """A tuple member as a table of its own, one row an element; `item` None: plain organization numbers."""

    name: str
    table: Table
    item: type[Any] | None
    fields: tuple[Field, ...]

    def rows(self, record: Record) -> Iterator[Row]:
        for position, item in enumerate(getattr(record, self.name)):
            values = {f.name: f.to_row(getattr(item, f.name) if self.item else item) for f in self.fields}
            yield {"record": record.record, "position": position, **values}

    def read(self, rows: Sequence[Mapping[str, Any]]) -> tuple[Any, ...]:
        values = ({f.name: f.from_row(row[f.name]) for f in self.fields} for row in rows)
        return tuple(self.item(**v) if self.item else v["organization"] for v in values)


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of record as tables."""

    record: type[Record]
    table: Table
    order: str
    """The column that lists are in order of: number, or else the place."""
    fields: tuple[Field, ...]
    terms: tuple[Field, ...]
    """Of a policy, beside its own."""
    lists: tuple[ListShape, ...]

    def rows(self, record: Record) -> Iterator[tuple[Table, Row]]:
        """The record's rows; which block writes them is for the caller to say."""
        own = {f.name: f.to_row(getattr(record, f.name)) for f in self.fields}
        if self.terms:
            own |= {f.name: f.to_row(getattr(record.terms, f.name)) for f in self.terms}  # type: ignore[attr-defined]
        if self.order == PLACE:
            own[PLACE] = self.place(record)
        yield self.table, own
        for part in self.lists:
            yield from ((part.table, row) for row in part.rows(record))

    def place(self, record: Record) -> int:
        """Where the record stands in the order of lists: one entry may make several shipments."""
        if self.order == PLACE:
            return record.created_seq * _MOST_PARTS + getattr(record, "part", 0)
        number: int = getattr(record, self.order)
        return number

    def read(self, row: Mapping[str, Any], parts: Mapping[str, Sequence[Mapping[str, Any]]]) -> Record:
        """The record of its row and the rows of its lists, each in order of position."""
        values = {f.name: f.from_row(row[f.name]) for f in self.fields}
        if self.terms:
            values["terms"] = Terms(**{f.name: f.from_row(row[f.name]) for f in self.terms})
        for part in self.lists:
            values[part.name] = part.read(parts[part.name])
        return self.record(**values)


def _field(name: str, hint: Any) -> Field:
    base = hint
    while hasattr(base, "__supertype__"):
        base = base.__supertype__
    if base is bytes:
        return Field(name, LargeBinary(), bytes, bytes)
    if base is bool:
        return Field(name, Boolean(), bool, bool)
    if name in WIDE:
        return Field(name, String(39), str, int)
    return Field(name, BigInteger(), int, base)


def _fields(cls: type[Any]) -> tuple[Field, ...]:
    hints = typing.get_type_hints(cls)
    plain = [f.name for f in dataclasses.fields(cls) if typing.get_origin(hints[f.name]) is not tuple]
    return tuple(_field(name, hints[name]) for name in plain if hints[name] is not Terms)


def _table(name: str, columns: Sequence[Column[Any]], *, key: Sequence[str], more: Sequence[str] = ()) -> Table:
    """A table whose rows know their block. `more`: indexes of the columns named, over the rows that count; the first
    word may be "unique"."""
    own = {column.name: column for column in columns}
    for block_column in (Column("block_hash", LargeBinary()), Column("block_number", BigInteger())):
        own.setdefault(block_column.name, block_column)
    own["orphaned"] = Column("orphaned", Boolean())
    for column in own.values():
        column.nullable = False
        column.primary_key = column.name in key
    table = Table(name, METADATA, *own.values())
    Index(f"{name}_by_block", table.c.block_number)
    for index in more:
        _index(table, index.removeprefix("unique ").split(), unique=index.startswith("unique "))
    return table


def _index(table: Table, names: Sequence[str], *, unique: bool) -> None:
    # In the very words of the questions: a database uses a partial index only where it recognizes its condition.
    counts = table.c.current == true() if "current" in table.c else ~table.c.orphaned
    name = f"{table.name}_by_{'_'.join(names)}"
    Index(name, *(table.c[column] for column in names), unique=unique, sqlite_where=counts, postgresql_where=counts)


def _list(name: str, table: str, item: type[Any] | None, *, by: Sequence[str] = ()) -> ListShape:
    """`by`: members that questions ask by."""
    fields = _fields(item) if item else (_field("organization", int),)
    columns: list[Column[Any]] = [Column("record", LargeBinary()), Column("position", BigInteger())]
    columns += [Column(field.name, field.column) for field in fields]
    return ListShape(name, _table(table, columns, key=("record", "block_hash", "position"), more=by), item, fields)


def _shape(table: str, record: type[Record], *lists: ListShape, by: Sequence[str]) -> Shape:
    """`by`: members that questions ask by."""
    fields = _fields(record)
    terms = _fields(Terms) if record is Policy else ()
    columns = [Column(field.name, field.column) for field in (*fields, *terms)]
    order = "number" if "number" in record.__dataclass_fields__ else PLACE
    if order == PLACE:
        columns.append(Column(PLACE, BigInteger()))
    indexes = ["unique record", f"unique {order}", *(f"{name} {order}" for name in by)]
    own = _table(table, [*columns, Column("current", Boolean())], key=("record", "block_hash"), more=indexes)
    return Shape(record, own, order, fields, terms, lists)


BLOCKS = _table(
    "blocks",
    [Column("block_hash", LargeBinary()), Column("parent_hash", LargeBinary()), Column("time", BigInteger())],
    key=("block_hash",),
)
ENTRIES = _table(
    "entries",
    [
        Column("log_index", BigInteger()),
        *(Column(name, BigInteger()) for name in ("seq", "organization", "kind", "version", "time")),
        *(
            Column(name, LargeBinary())
            for name in ("record", "signer", "digest", "record_head", "act", "signature", "transaction_hash")
        ),
    ],
    key=("block_hash", "log_index"),
    more=("unique seq", "unique digest", "record seq"),
)
NOTES = _table(
    "notes",
    [
        *(Column(name, BigInteger()) for name in ("log_index", "position", "seq", "note")),
        *(Column(name, LargeBinary()) for name in ("record", "note_head", "delta")),
    ],
    key=("block_hash", "log_index", "position"),
    more=("seq position", "record seq"),
)
COMMITMENTS = _table(
    "commitments",
    [Column("log_index", BigInteger()), Column("seq", BigInteger()), Column("commitment", LargeBinary())],
    key=("block_hash", "log_index"),
    more=("unique seq", "commitment seq"),
)
"""Which entries commit to a document, and to which."""
ORIGINS = _table("origins", [Column("chain_id", BigInteger()), Column("shipments", LargeBinary())], key=("block_hash",))
"""What the ids of shipments follow from; one row, of the deployment's block."""
PARTICIPANTS = _table(
    "participants",
    [
        Column("record", LargeBinary()),
        *(Column(name, BigInteger()) for name in ("organization", "kind", "place")),
    ],
    key=("record", "organization", "block_hash"),
    more=("organization kind place",),
)
"""Who takes or took part in which records, `visibility` says how; `place` is the record's in the order of lists."""
SHAPES: dict[RecordKind, Shape] = {
    RecordKind.ORGANIZATION: _shape(
        "organizations",
        Organization,
        _list("mandates", "organization_mandates", Mandate, by=("delegate",)),
        _list("votes", "organization_votes", Vote),
        _list("proposals", "organization_proposals", Proposal),
        by=("sponsor",),
    ),
    RecordKind.AGENT: _shape("agents", Agent, by=("organization", "account", "x25519")),
    RecordKind.POLICY: _shape("policies", Policy, by=("organization",)),
    RecordKind.CERTIFICATE: _shape(
        "certificates",
        Certificate,
        _list("lines", "certificate_lines", CertificateLine),
        by=("exporter", "end_user", "supersedes"),
    ),
    RecordKind.APPLICATION: _shape(
        "applications",
        Application,
        _list("parties", "application_parties", Party),
        _list("lines", "application_lines", LicenseLine),
        by=("exporter", "authority", "continues"),
    ),
    RecordKind.LICENSE: _shape(
        "licenses",
        License,
        _list("parties", "license_parties", Party),
        _list("lines", "license_lines", LicenseLine),
        _list("acknowledgements", "license_acknowledgements", Acknowledgement),
        _list("proposals", "license_proposals", Proposal),
        by=("exporter", "authority", "continues", "supersedes"),
    ),
    RecordKind.SHIPMENT: _shape(
        "shipments",
        Shipment,
        _list("holds", "shipment_holds", None),
        _list("lines", "shipment_lines", ShipmentLine),
        _list("proposals", "shipment_proposals", Proposal),
        by=("license", "exporter", "holder", "end_user", "parent"),
    ),
}
TABLES: tuple[Table, ...] = tuple(METADATA.sorted_tables)
"""What a reorganization marks and a rebuild empties: all of them."""
