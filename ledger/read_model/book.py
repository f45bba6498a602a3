"""The records in the tables as a Book: loads what effects ask for, and writes each block's changes as new versions."""

from collections.abc import Mapping
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, bindparam, func, insert, literal, select, union_all, update

from ledger.acts.act import RecordKind
from ledger.chain.node import Block
from ledger.errors import Refused
from ledger.read_model.reading import read_records
from ledger.read_model.tables import SHAPES, Row, Shape
from ledger.records.book import unknown_number
from ledger.records.states import Agent, Certificate, License, Organization, Policy, Record

Numbered = TypeVar("Numbered", Organization, Policy, Certificate, License)

_KIND_OF = union_all(
    *(
        select(literal(int(kind)).label("kind")).where(
            shape.table.c.record == bindparam("record"), shape.table.c.current
        )
        for kind, shape in SHAPES.items()
    )
)


class RowBook:
    """A Book for one transaction: what it read and what it was told stays in memory until `write`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._records: dict[bytes, Record] = {}
        self._numbered: dict[tuple[RecordKind, int], bytes] = {}
        self._agents: dict[tuple[int, bytes], bytes] = {}
        self._counts: dict[RecordKind, int] = {}
        self._stored: dict[bytes, Shape] = {}
        self._changed: dict[bytes, None] = {}
        self._versions: dict[bytes, Row] = {}
        self._rows: dict[Table, list[Row]] = {}

    def get(self, record: bytes) -> Record | None:
        if record not in self._records:
            kind = self._connection.execute(_KIND_OF, {"record": record}).scalar()
            if kind is None:
                return None
            self._load(SHAPES[RecordKind(kind)], {"record": record})
        return self._records[record]

    def put(self, record: Record) -> None:
        self._keep(record)
        self._changed[record.record] = None

    def organization(self, number: int) -> Organization:
        return self._at_number(Organization, number)

    def policy(self, number: int) -> Policy:
        return self._at_number(Policy, number)

    def certificate(self, number: int) -> Certificate:
        return self._at_number(Certificate, number)

    def license(self, number: int) -> License:
        return self._at_number(License, number)

    def agent(self, organization: int, account: bytes) -> Agent:
        key = (organization, account)
        if key not in self._agents:
            self._load(SHAPES[RecordKind.AGENT], {"organization": organization, "account": account})
        found = self._records.get(self._agents.get(key, b""))
        if isinstance(found, Agent):
            return found
        raise Refused("NotAnAgent", {"signer": account, "organization": organization})

    def new_number(self, kind: RecordKind, record: bytes) -> int:  # noqa: ARG002  # a book of a part may pin numbers by id
        if kind not in self._counts:
            table = SHAPES[kind].table
            highest = select(func.max(table.c.number)).where(table.c.current)
            self._counts[kind] = self._connection.execute(highest).scalar() or 0
        self._counts[kind] += 1
        return self._counts[kind]

    def end_block(self, block: Block) -> None:
        """Makes what changed since the last call the versions of this block."""
        stamp = {"block_hash": block.hash, "block_number": block.number, "orphaned": False}
        for record in self._changed:
            found = self._records[record]
            shape = SHAPES[found.KIND]
            for table, own in shape.rows(found):
                row = own | stamp
                if table is shape.table:
                    row["current"] = True
                    self._versions.get(record, {})["current"] = False
                    self._versions[record] = row
                self._rows.setdefault(table, []).append(row)
        self._changed.clear()

    def write(self) -> None:
        """Writes all versions; those that they follow are no longer current."""
        for shape in SHAPES.values():
            table = shape.table
            followed = [{"b_record": r} for r, own in self._stored.items() if own is shape and r in self._versions]
            if followed:
                past = update(table).where(table.c.record == bindparam("b_record"), table.c.current)
                self._connection.execute(past.values(current=False), followed)
        for table, rows in self._rows.items():
            self._connection.execute(insert(table), rows)

    def _at_number(self, kind: type[Numbered], number: int) -> Numbered:
        key = (kind.KIND, number)
        if key not in self._numbered:
            self._load(SHAPES[kind.KIND], {"number": number})
        found = self._records.get(self._numbered.get(key, b""))
        if isinstance(found, kind):
            return found
        raise unknown_number(kind, number)

    def _load(self, shape: Shape, wanted: Mapping[str, Any]) -> None:
        for record in read_records(self._connection, shape, *(shape.table.c[k] == v for k, v in wanted.items())):
            self._stored[record.record] = shape
            self._keep(record)

    def _keep(self, record: Record) -> None:
        self._records[record.record] = record
        number = getattr(record, "number", None)
        if number is not None:
            self._numbered[record.KIND, number] = record.record
        if isinstance(record, Agent):
            self._agents[record.organization, record.account] = record.record
