"""The records in the tables as a Book: loads what effects ask for, and writes each block's changes as new versions."""

from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import ColumnElement, Connection, Table, bindparam, func, insert, literal, select, union_all, update

from ledger.acts.act import RecordKind
from ledger.chain.node import Block
from ledger.errors import Refused, Unavailable
from ledger.ids import Address
from ledger.read_model.filters import has_listed
from ledger.read_model.reading import read_records
from ledger.read_model.tables import ORIGINS, PARTICIPANTS, SHAPES, Row, Shape
from ledger.read_model.visibility import new_participants
from ledger.records.book import Origin, active, unknown_number
from ledger.records.codes import Role
from ledger.records.states import Agent, Certificate, License, Organization, Policy, Record

Numbered = TypeVar("Numbered", Organization, Policy, Certificate, License)

_AGENTS = SHAPES[RecordKind.AGENT]
_ORGANIZATIONS = SHAPES[RecordKind.ORGANIZATION]
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
        self._accounts: dict[bytes, set[bytes]] = {}
        self._accounts_read: set[bytes] = set()
        self._counts: dict[RecordKind, int] = {}
        self._origin: Origin | None = None
        self._stored: dict[bytes, Shape] = {}
        self._changed: dict[bytes, None] = {}
        self._joined: dict[tuple[bytes, int], Row] = {}
        self._versions: dict[bytes, Row] = {}
        self._rows: dict[Table, list[Row]] = {}

    def begin(self, origin: Origin) -> None:
        self._origin = origin
        self._rows[ORIGINS] = [{"chain_id": origin.chain_id, "shipments": origin.shipments}]

    def origin(self) -> Origin:
        if self._origin is None:
            found = self._connection.execute(select(ORIGINS).where(~ORIGINS.c.orphaned)).mappings().first()
            if found is None:
                raise Unavailable("the read model is empty: follow the chain first")
            self._origin = Origin(found["chain_id"], Address(found["shipments"]))
        return self._origin

    def get(self, record: bytes) -> Record | None:
        if record not in self._records:
            kind = self._connection.execute(_KIND_OF, {"record": record}).scalar()
            if kind is None:
                return None
            shape = SHAPES[RecordKind(kind)]
            self._load(shape, shape.table.c.record == record)
        return self._records[record]

    def put(self, record: Record) -> None:
        for number in new_participants(self._records.get(record.record), record, self):
            place = SHAPES[record.KIND].place(record)
            own = {"record": record.record, "organization": number, "kind": int(record.KIND), "place": place}
            self._joined[record.record, number] = own
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
            table = _AGENTS.table
            self._load(_AGENTS, table.c.organization == organization, table.c.account == account)
        found = self._records.get(self._agents.get(key, b""))
        if isinstance(found, Agent):
            return found
        raise Refused("NotAnAgent", {"signer": account, "organization": organization})

    def signing(self, account: bytes) -> Agent | None:
        if account not in self._accounts_read:
            self._load(_AGENTS, _AGENTS.table.c.account == account)
            self._accounts_read.add(account)
        return active(self._records[record] for record in self._accounts.get(account, ()))

    def agents_of(self, organization: int) -> Sequence[Agent]:
        self._load(_AGENTS, _AGENTS.table.c.organization == organization)
        agents = (one for one in self._records.values() if isinstance(one, Agent))
        return [agent for agent in agents if agent.organization == organization]

    def authorities(self) -> Sequence[Organization]:
        self._load(_ORGANIZATIONS, _ORGANIZATIONS.table.c.roles.bitwise_and(Role.AUTHORITY) != 0)
        return [one for one in self._organizations() if one.roles & Role.AUTHORITY]

    def voted(self) -> Sequence[Organization]:
        self._load(_ORGANIZATIONS, has_listed(_ORGANIZATIONS, "votes"))
        return [one for one in self._organizations() if one.votes]

    def _organizations(self) -> list[Organization]:
        return [one for one in self._records.values() if isinstance(one, Organization)]

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
        for row in self._rows.get(ORIGINS, ()):
            row.update(stamp)
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
        self._rows.setdefault(PARTICIPANTS, []).extend(row | stamp for row in self._joined.values())
        self._changed.clear()
        self._joined.clear()

    def write(self) -> None:
        """Writes all versions; those that they follow are no longer current."""
        for shape in SHAPES.values():
            table = shape.table
            followed = [{"b_record": r} for r, own in self._stored.items() if own is shape and r in self._versions]
            if followed:
                past = update(table).where(table.c.record == bindparam("b_record"), table.c.current)
                self._connection.execute(past.values(current=False), followed)
        for table, rows in self._rows.items():
            if rows:
                self._connection.execute(insert(table), rows)

    def _at_number(self, kind: type[Numbered], number: int) -> Numbered:
        key = (kind.KIND, number)
        if key not in self._numbered:
            self._load(SHAPES[kind.KIND], SHAPES[kind.KIND].table.c.number == number)
        found = self._records.get(self._numbered.get(key, b""))
        if isinstance(found, kind):
            return found
        raise unknown_number(kind, number)

    def _load(self, shape: Shape, *conditions: ColumnElement[bool]) -> None:
        """What is in memory already may be newer, and stays."""
        for record in read_records(self._connection, shape, *conditions):
            if record.record not in self._records:
                self._stored[record.record] = shape
                self._keep(record)

    def _keep(self, record: Record) -> None:
        self._records[record.record] = record
        number = getattr(record, "number", None)
        if number is not None:
            self._numbered[record.KIND, number] = record.record
        if isinstance(record, Agent):
            self._agents[record.organization, record.account] = record.record
            self._accounts.setdefault(record.account, set()).add(record.record)
