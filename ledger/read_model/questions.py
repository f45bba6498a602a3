"""What people ask of the ledger: lists with filters, single records, history. Each answer names its block.

A list is in order of creation. `limit` is 1 to 200; `after` is the `next` of the page before, a text without a meaning
of its own that stays good while the ledger grows.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar

from sqlalchemy import ColumnElement, Connection, inspect, select, union_all

from ledger.acts.act import RecordKind
from ledger.chain.node import Block
from ledger.errors import InvalidField, Unavailable
from ledger.ids import RecordId, Time
from ledger.read_model.answers import EntryAnswer, Found, LicenseAnswer, OverdueAnswer, Page, ShipmentAnswer
from ledger.read_model.book import RowBook
from ledger.read_model.database import Database
from ledger.read_model.filters import (
    AgentFilter,
    ApplicationFilter,
    CertificateFilter,
    LicenseFilter,
    OrganizationFilter,
    PolicyFilter,
    ShipmentFilter,
)
from ledger.read_model.journal_rows import newest_block, read_entries
from ledger.read_model.reading import read_records
from ledger.read_model.tables import ENTRIES, METADATA, NOTES, SHAPES, TABLES
from ledger.read_model.visibility import EVERYTHING, Reader, Scope, participants, principals, visible
from ledger.records.book import known
from ledger.records.codes import OrganizationStatus, ShipmentStatus
from ledger.records.standing import standing
from ledger.records.states import (
    Agent,
    Application,
    Certificate,
    License,
    Organization,
    Policy,
    Record,
    Shipment,
)

LONGEST_PAGE = 200
Asked = TypeVar("Asked", bound=Record)
Filter = (
    OrganizationFilter
    | AgentFilter
    | PolicyFilter
    | CertificateFilter
    | ApplicationFilter
    | LicenseFilter
    | ShipmentFilter
)


class Questions:
    """Every method raises Unavailable when the database does not answer or nothing was applied yet, and InvalidField
    for a limit or cursor out of bounds."""

    def __init__(self, url: str) -> None:
        """Opens the database at an SQLAlchemy URL (sqlite:///file) and makes the tables where there are none.

        Where some are missing an older version made them: all are made anew, empty, for the follower to fill.
        """
        self._database = Database(url)
        with self._database.reading() as connection:
            whole = {table.name for table in TABLES} <= set(inspect(connection).get_table_names())
        if not whole:
            with self._database.writing() as connection:
                METADATA.drop_all(connection)
                METADATA.create_all(connection)

    def close(self) -> None:
        self._database.engine.dispose()

    def organizations(
        self, wanted: OrganizationFilter | None = None, *, limit: int = 50, after: str | None = None
    ) -> Page[Organization]:
        return self._page(Organization, wanted or OrganizationFilter(), limit=limit, after=after)

    def agents(self, wanted: AgentFilter | None = None, *, limit: int = 50, after: str | None = None) -> Page[Agent]:
        return self._page(Agent, wanted or AgentFilter(), limit=limit, after=after)

    def policies(
        self, wanted: PolicyFilter | None = None, *, limit: int = 50, after: str | None = None
    ) -> Page[Policy]:
        return self._page(Policy, wanted or PolicyFilter(), limit=limit, after=after)

    def certificates(
        self,
        wanted: CertificateFilter | None = None,
        *,
        limit: int = 50,
        after: str | None = None,
        seen: Scope = EVERYTHING,
    ) -> Page[Certificate]:
        return self._page(Certificate, wanted or CertificateFilter(), limit=limit, after=after, seen=seen)

    def applications(
        self,
        wanted: ApplicationFilter | None = None,
        *,
        limit: int = 50,
        after: str | None = None,
        seen: Scope = EVERYTHING,
    ) -> Page[Application]:
        return self._page(Application, wanted or ApplicationFilter(), limit=limit, after=after, seen=seen)

    def licenses(
        self,
        wanted: LicenseFilter | None = None,
        *,
        at: Time,
        limit: int = 50,
        after: str | None = None,
        seen: Scope = EVERYTHING,
    ) -> Page[LicenseAnswer]:
        """Licenses as they stand at the moment `at`."""
        conditions = [*(wanted or LicenseFilter()).conditions(), *visible(RecordKind.LICENSE, seen, _place(after))]
        with self._asked() as (connection, block):
            found, following = _cut(connection, License, conditions, limit=limit, after=after)
            return Page(_standing(connection, found, at), following, block)

    def shipments(
        self,
        wanted: ShipmentFilter | None = None,
        *,
        limit: int = 50,
        after: str | None = None,
        seen: Scope = EVERYTHING,
    ) -> Page[ShipmentAnswer]:
        conditions = [*(wanted or ShipmentFilter()).conditions(), *visible(RecordKind.SHIPMENT, seen, _place(after))]
        with self._asked() as (connection, block):
            found, following = _cut(connection, Shipment, conditions, limit=limit, after=after)
            return Page(_with_parts(connection, found), following, block)

    def overdue(
        self,
        wanted: ShipmentFilter | None = None,
        *,
        at: Time,
        limit: int = 50,
        after: str | None = None,
        seen: Scope = EVERYTHING,
    ) -> Page[OverdueAnswer]:
        """Shipments under temporary licenses that, at the moment `at`, should be back and are not, not whole."""
        late = replace(wanted or ShipmentFilter(), overdue_at=at)
        conditions = [*late.conditions(), *visible(RecordKind.SHIPMENT, seen, _place(after))]
        with self._asked() as (connection, block):
            found, following = _cut(connection, Shipment, conditions, limit=limit, after=after)
            book = RowBook(connection)
            items = tuple(OverdueAnswer(one, known(License, one.license, book)) for one in found)
            return Page(items, following, block)

    def participants(self, record: bytes) -> frozenset[int]:
        """The organizations that take or took part in the record, and their sponsors (see `visibility`)."""
        with self._asked() as (connection, _):
            return frozenset(participants(connection, record))

    def record(self, record: bytes) -> Found[Record]:
        """The record of any kind."""
        with self._asked() as (connection, block):
            return Found(RowBook(connection).get(record), block)

    def numbered(self, kind: type[Asked], number: int) -> Found[Asked]:
        """The organization, agent, policy, certificate or license of that number."""
        table = SHAPES[kind.KIND].table
        with self._asked() as (connection, block):
            found = read_records(connection, SHAPES[kind.KIND], table.c.number == number)
            return Found(next((one for one in found if isinstance(one, kind)), None), block)

    def reader(self, account: bytes) -> Reader | None:
        """The active agent of an active organization that the account is; None: it may read nothing."""
        with self._asked() as (connection, block):
            book = RowBook(connection)
            agent = book.signing(account)
            organization = book.organization(agent.organization) if agent else None
            if agent is None or organization is None or organization.status != OrganizationStatus.ACTIVE:
                return None
            return Reader(
                account=agent.account,
                agent=agent.number,
                organization=organization.number,
                sponsor=organization.sponsor,
                roles=organization.roles,
                powers=agent.powers,
                principals=tuple(principals(connection, organization.number, block.time)),
            )

    def license(self, record: bytes, *, at: Time) -> Found[LicenseAnswer]:
        """The license as it stands at the moment `at`."""
        with self._asked() as (connection, block):
            found = RowBook(connection).get(record)
            answers = _standing(connection, [found], at) if isinstance(found, License) else (None,)
            return Found(answers[0], block)

    def shipment(self, record: bytes) -> Found[ShipmentAnswer]:
        with self._asked() as (connection, block):
            found = RowBook(connection).get(record)
            answers = _with_parts(connection, [found]) if isinstance(found, Shipment) else (None,)
            return Found(answers[0], block)

    def entry_by_digest(self, digest: bytes) -> Found[EntryAnswer]:
        with self._asked() as (connection, block):
            found = read_entries(connection, ENTRIES.c.digest == digest, limit=1)
            return Found(found[0] if found else None, block)

    def entries(self, *, after: int = 0, limit: int = 50) -> Page[EntryAnswer]:
        """The journal after the entry of that seq; `next` is a seq as text."""
        return self._entries((), limit=limit, after=after)

    def history(self, record: bytes, *, after: str | None = None, limit: int = 50) -> Page[EntryAnswer]:
        """Entries that stepped the record and entries that noted it, in order of seq; of a part, also its split."""
        shipments = SHAPES[RecordKind.SHIPMENT].table
        about = union_all(
            *(select(table.c.seq).where(table.c.record == record, ~table.c.orphaned) for table in (ENTRIES, NOTES)),
            select(shipments.c.created_seq).where(shipments.c.record == record, shipments.c.current),
        )
        return self._entries((ENTRIES.c.seq.in_(about),), limit=limit, after=_place(after))

    def _entries(self, conditions: Sequence[ColumnElement[bool]], *, limit: int, after: int) -> Page[EntryAnswer]:
        with self._asked() as (connection, block):
            found = read_entries(connection, ENTRIES.c.seq > after, *conditions, limit=_checked(limit) + 1)
        items = tuple(found[:limit])
        return Page(items, str(items[-1].entry.seq) if len(found) > limit else None, block)

    def _page(
        self, kind: type[Asked], wanted: Filter, *, limit: int, after: str | None, seen: Scope = EVERYTHING
    ) -> Page[Asked]:
        with self._asked() as (connection, block):
            conditions = [*wanted.conditions(), *visible(kind.KIND, seen, _place(after))]
            found, following = _cut(connection, kind, conditions, limit=limit, after=after)
            return Page(tuple(found), following, block)

    @contextmanager
    def _asked(self) -> Iterator[tuple[Connection, Block]]:
        """One state of the database, and the block that it stands at."""
        with self._database.reading() as connection:
            block = newest_block(connection)
            if block is None:
                raise Unavailable("the read model is empty: follow the chain first")
            yield connection, block


def _cut(
    connection: Connection,
    kind: type[Asked],
    conditions: Sequence[ColumnElement[bool]],
    *,
    limit: int,
    after: str | None,
) -> tuple[list[Asked], str | None]:
    """One page, and the cursor of the next."""
    shape = SHAPES[kind.KIND]
    rest = shape.table.c[shape.order] > _place(after)
    records = read_records(connection, shape, rest, *conditions, limit=_checked(limit) + 1)
    found = [one for one in records if isinstance(one, kind)]
    return found[:limit], str(shape.place(found[limit - 1])) if len(found) > limit else None


def _standing(connection: Connection, found: Sequence[License], at: Time) -> tuple[LicenseAnswer, ...]:
    book = RowBook(connection)
    return tuple(LicenseAnswer(one, standing(one, book.policy(one.policy).terms, at)) for one in found)


def _with_parts(connection: Connection, found: Sequence[Shipment]) -> tuple[ShipmentAnswer, ...]:
    table = SHAPES[RecordKind.SHIPMENT].table
    split = [one.record for one in found if one.status == ShipmentStatus.SPLIT]
    wanted = select(table.c.parent, table.c.record).where(table.c.current, table.c.parent.in_(split))
    parts: dict[bytes, list[RecordId]] = {}
    for parent, record in connection.execute(wanted.order_by(table.c.place)) if split else ():
        parts.setdefault(parent, []).append(RecordId(record))
    return tuple(ShipmentAnswer(one, tuple(parts.get(one.record, ()))) for one in found)


def _checked(limit: int) -> int:
    if isinstance(limit, bool) or not 1 <= limit <= LONGEST_PAGE:
        raise InvalidField("limit", limit, f"integer from 1 to {LONGEST_PAGE}")
    return limit


def _place(after: str | None) -> int:
    if after is None:
        return 0
    if not (after.isascii() and after.isdigit() and len(after) <= 18):
        raise InvalidField("after", after, "the `next` of an earlier page")
    return int(after)
