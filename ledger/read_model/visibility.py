"""Who may see which records: who takes part in a record, as whom somebody reads, and the condition for lists.

A record is visible to an organization that takes part in it, and to the authority that sponsors one that does:

    certificate   its exporter, end-user, consignee that cosigned, authority
    application   its exporter, authority and parties
    license       its exporter, authority and parties
    shipment      its exporter, end-user, every holder, responsible and offered-to of now and before, and whoever
                  takes part in its license when it is registered
    organizations, agents and policies are visible to everybody who may read at all

A party reads as its own organization, and as one that gave it a mandate, what the acts of that mandate are about and
draw on; an authority as itself; customs and missions as their sponsor too, applications aside; an auditor reads
everything. Who took part once reads on: it has signed, or was told. An authority sponsors itself, so that no authority
reads another one's records because it registered it.

Participants are rows written with the records' changes, so that a list is one search of one index. Which role may read
what is decided above; only the records are here.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, select

from ledger.acts.act import RecordKind
from ledger.acts.kinds import BY_KIND
from ledger.ids import Address, Time
from ledger.read_model.tables import PARTICIPANTS, SHAPES
from ledger.records.book import Book
from ledger.records.codes import Power, Role
from ledger.records.states import Application, Certificate, License, Record, Shipment

KEPT = frozenset({RecordKind.CERTIFICATE, RecordKind.APPLICATION, RecordKind.LICENSE, RecordKind.SHIPMENT})
"""The kinds of records that only some may see."""
_DRAWN_ON = {
    RecordKind.CERTIFICATE: {RecordKind.CERTIFICATE},
    RecordKind.APPLICATION: {RecordKind.APPLICATION, RecordKind.CERTIFICATE},
    RecordKind.LICENSE: {RecordKind.LICENSE, RecordKind.CERTIFICATE},
    RecordKind.SHIPMENT: {RecordKind.SHIPMENT, RecordKind.LICENSE},
}
"""What somebody must see to write acts about a kind of record."""
_MANDATES = next(part.table for part in SHAPES[RecordKind.ORGANIZATION].lists if part.name == "mandates")
_ORGANIZATIONS = SHAPES[RecordKind.ORGANIZATION].table


@dataclass(frozen=True, slots=True)
class Principal:
    """An organization that gave the reader's a mandate, and the kinds of records that it may see therefore."""

    organization: int
    kinds: frozenset[RecordKind]


@dataclass(frozen=True, slots=True)
class Reader:
    """An active agent of an active organization: who reads."""

    account: Address
    agent: int
    """Its number."""
    organization: int
    sponsor: int
    """The authority that registered its organization; an authority's is itself."""
    roles: Role
    """Of its organization."""
    powers: Power
    principals: tuple[Principal, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """As which organizations somebody reads records of one kind; None: as anybody, everything."""

    organizations: frozenset[int] | None

    def sees(self, participants: Collection[int]) -> bool:
        return self.organizations is None or not self.organizations.isdisjoint(participants)


EVERYTHING = Scope(None)
NOTHING = Scope(frozenset())


def new_participants(before: Record | None, after: Record, book: Book) -> set[int]:
    """Organizations that the change brings into the record, their sponsors with them."""
    found = _named(after)
    if before is None and isinstance(after, Shipment):
        found |= _named(book.get(after.license))
    found -= _named(before)
    return found | {book.organization(number).sponsor for number in found}


def _named(record: Record | None) -> set[int]:
    match record:
        case Certificate():
            found = {record.exporter, record.end_user, record.consignee, record.authority}
        case Application() | License():
            found = {record.exporter, record.authority, *(party.organization for party in record.parties)}
        case Shipment():
            found = {record.exporter, record.end_user, record.holder, record.responsible, record.offered_to}
        case _:
            found = set()
    return found - {0}


def visible(kind: RecordKind, scope: Scope, after: int) -> list[ColumnElement[bool]]:
    """What a list of that kind is narrowed by, so that it holds what `scope` sees; of records after that place."""
    if scope.organizations is None or kind not in KEPT:
        return []
    table, shape = PARTICIPANTS, SHAPES[kind]
    own = table.c.organization.in_(sorted(scope.organizations))
    places = select(table.c.place).where(~table.c.orphaned, table.c.kind == int(kind), table.c.place > after, own)
    return [shape.table.c[shape.order].in_(places)]


def participants(connection: Connection, record: bytes) -> set[int]:
    """Everybody who takes or took part in the record."""
    table = PARTICIPANTS
    wanted = select(table.c.organization).where(table.c.record == record, ~table.c.orphaned)
    return set(connection.execute(wanted).scalars())


def principals(connection: Connection, delegate: int, now: Time) -> Iterator[Principal]:
    """Who gave the organization a mandate that is not over, and what it may see therefore."""
    own = (_MANDATES.c.record == _ORGANIZATIONS.c.record, _MANDATES.c.block_hash == _ORGANIZATIONS.c.block_hash)
    wanted = select(_ORGANIZATIONS.c.number, _MANDATES.c.kinds).where(
        *own, ~_MANDATES.c.orphaned, _MANDATES.c.delegate == delegate, _MANDATES.c.until > now, _ORGANIZATIONS.c.current
    )
    for number, kinds in connection.execute(wanted):
        about = {act.RECORD for kind, act in BY_KIND.items() if int(kinds) >> kind & 1}
        yield Principal(number, frozenset[RecordKind]().union(*(_DRAWN_ON[kind] for kind in about)))
