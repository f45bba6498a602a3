"""What a list may be narrowed by. None asks nothing; members that say no more are compared for equality."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, Table, and_, or_, select

from ledger.acts.act import RecordKind
from ledger.ids import Time
from ledger.read_model.tables import SHAPES, Shape
from ledger.records.codes import LicenseStatus

Condition = ColumnElement[bool]
_LICENSES = SHAPES[RecordKind.LICENSE].table
_SHIPMENTS = SHAPES[RecordKind.SHIPMENT]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationFilter:
    role: int | None = None
    """Bits, any of which the organization has."""
    sponsor: int | None = None
    status: int | None = None
    delegate: int | None = None
    """Holds a mandate of it that was not ended; whether that is over, its `until` says."""
    recovered: bool | None = None
    """At least once, or never."""
    voted: bool | None = None
    """With open votes on it, or with none."""
    within: int | None = None
    """This organization, or one that it sponsors."""

    def conditions(self) -> list[Condition]:
        shape = SHAPES[RecordKind.ORGANIZATION]
        found = _equal(shape.table, sponsor=self.sponsor, status=self.status)
        if self.role is not None:
            found.append(shape.table.c.roles.bitwise_and(self.role) != 0)
        if self.delegate is not None:
            found.append(has_listed(shape, "mandates", delegate=self.delegate))
        if self.recovered is not None:
            found.append((shape.table.c.recoveries != 0) == self.recovered)
        if self.voted is not None:
            found.append(has_listed(shape, "votes") if self.voted else ~has_listed(shape, "votes"))
        if self.within is not None:
            found.append(or_(shape.table.c.number == self.within, shape.table.c.sponsor == self.within))
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentFilter:
    organization: int | None = None
    account: bytes | None = None
    status: int | None = None

    def conditions(self) -> list[Condition]:
        table = SHAPES[RecordKind.AGENT].table
        return _equal(table, organization=self.organization, account=self.account, status=self.status)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyFilter:
    """Of one organization and license kind, the last policy is the current one."""

    organization: int | None = None
    kind: int | None = None

    def conditions(self) -> list[Condition]:
        return _equal(SHAPES[RecordKind.POLICY].table, organization=self.organization, kind=self.kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFilter:
    exporter: int | None = None
    end_user: int | None = None
    status: int | None = None
    grade: int | None = None
    supersedes: bytes | None = None
    """The record id of a certificate."""

    def conditions(self) -> list[Condition]:
        table = SHAPES[RecordKind.CERTIFICATE].table
        own = _equal(table, exporter=self.exporter, end_user=self.end_user, supersedes=self.supersedes)
        return own + _equal(table, status=self.status, grade=self.grade)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationFilter:
    exporter: int | None = None
    authority: int | None = None
    status: int | None = None
    kind: int | None = None
    continues: bytes | None = None
    """The record id of a shipment, application or license."""

    def conditions(self) -> list[Condition]:
        table = SHAPES[RecordKind.APPLICATION].table
        own = _equal(table, exporter=self.exporter, authority=self.authority, continues=self.continues)
        return own + _equal(table, status=self.status, kind=self.kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenseFilter:
    exporter: int | None = None
    authority: int | None = None
    status: int | None = None
    kind: int | None = None
    in_force_at: Time | None = None
    """Only those in force at that moment (RULES.md, section 4)."""
    overdue_at: Time | None = None
    """Only temporary ones with goods that should have been back by that moment."""
    continues: bytes | None = None
    """The record id of a delivered shipment."""
    supersedes: bytes | None = None
    """The record id of a license."""

    def conditions(self) -> list[Condition]:
        table = _LICENSES
        found = _equal(table, exporter=self.exporter, authority=self.authority, status=self.status, kind=self.kind)
        found += _equal(table, continues=self.continues, supersedes=self.supersedes)
        if self.in_force_at is not None:
            found += _in_force(table, self.in_force_at)
        if self.overdue_at is not None:
            out = select(_SHIPMENTS.table.c.license).where(_SHIPMENTS.table.c.current, *_outstanding())
            found += [*_due(self.overdue_at), table.c.record.in_(out)]
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentFilter:
    license: bytes | None = None
    """Its record id."""
    authority: int | None = None
    """Of its license."""
    exporter: int | None = None
    holder: int | None = None
    end_user: int | None = None
    status: int | None = None
    grade: int | None = None
    """Of the last custody fact."""
    irregular: bool | None = None
    """With any broken rule, or with none."""
    held_by: int | None = None
    """An organization whose hold stops it."""
    recalled: bool | None = None
    parent: bytes | None = None
    """The record id of the shipment of which it is a part."""
    overdue_at: Time | None = None
    """Only those with goods out under a temporary license that should have been back by that moment."""

    def conditions(self) -> list[Condition]:
        table = _SHIPMENTS.table
        found = _equal(table, license=self.license, exporter=self.exporter, holder=self.holder, end_user=self.end_user)
        found += _equal(table, status=self.status, grade=self.grade, parent=self.parent, recalled=self.recalled)
        if self.irregular is not None:
            found.append((table.c.irregular != 0) == self.irregular)
        if self.held_by is not None:
            found.append(has_listed(_SHIPMENTS, "holds", organization=self.held_by))
        if self.authority is not None:
            found.append(table.c.license.in_(_licenses(_LICENSES.c.authority == self.authority)))
        if self.overdue_at is not None:
            found += [*_outstanding(), table.c.license.in_(_licenses(*_due(self.overdue_at)))]
        return found


def has_listed(shape: Shape, name: str, **wanted: int | bytes) -> Condition:
    """Whether the current version lists an element with these members."""
    part = next(part.table for part in shape.lists if part.name == name)
    same = (part.c.record == shape.table.c.record, part.c.block_hash == shape.table.c.block_hash)
    return select(part.c.position).where(*same, *_equal(part, **wanted)).exists()


def _equal(table: Table, **wanted: int | bytes | None) -> list[Condition]:
    return [table.c[name] == value for name, value in wanted.items() if value is not None]


def _licenses(*conditions: Condition) -> Select[tuple[bytes]]:
    return select(_LICENSES.c.record).where(_LICENSES.c.current, *conditions)


def _due(moment: int) -> list[Condition]:
    """Standing.overdue, for the database."""
    return [_LICENSES.c.return_by > 0, _LICENSES.c.return_by <= moment]


def _outstanding() -> list[Condition]:
    """Shipment.outstanding is not 0 on any line, for the database."""
    own, lines = _SHIPMENTS.table, next(part.table for part in _SHIPMENTS.lists if part.name == "lines")
    same = (lines.c.record == own.c.record, lines.c.block_hash == own.c.block_hash)
    out = or_(
        *(lines.c[name] != "0" for name in ("held", "unaccounted", "lost")),
        lines.c.delivered != lines.c.continued,
        and_(lines.c.returned != "0", ~own.c.credited),
    )
    return [own.c.departure_grade != 0, select(lines.c.position).where(*same, out).exists()]


def _in_force(table: Table, moment: int) -> list[Condition]:
    """License.in_force, for the database."""
    return [
        table.c.status.in_([LicenseStatus.ISSUED, LicenseStatus.SUSPENDED]),
        table.c.valid_from <= moment,
        table.c.valid_until > moment,
        table.c.stopped_until <= moment,
    ]
