"""What a list may be narrowed by. None asks nothing; members that say no more are compared for equality."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Table

from ledger.acts.act import RecordKind
from ledger.ids import Time
from ledger.read_model.tables import SHAPES
from ledger.records.codes import LicenseStatus

Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationFilter:
    role: int | None = None
    """Bits, any of which the organization has."""
    sponsor: int | None = None

    def conditions(self) -> list[Condition]:
        table = SHAPES[RecordKind.ORGANIZATION].table
        roles = [] if self.role is None else [table.c.roles.bitwise_and(self.role) != 0]
        return _equal(table, sponsor=self.sponsor) + roles


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

    def conditions(self) -> list[Condition]:
        own = _equal(SHAPES[RecordKind.CERTIFICATE].table, exporter=self.exporter, end_user=self.end_user)
        return own + _equal(SHAPES[RecordKind.CERTIFICATE].table, status=self.status, grade=self.grade)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationFilter:
    exporter: int | None = None
    authority: int | None = None
    status: int | None = None

    def conditions(self) -> list[Condition]:
        table = SHAPES[RecordKind.APPLICATION].table
        return _equal(table, exporter=self.exporter, authority=self.authority, status=self.status)


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenseFilter:
    exporter: int | None = None
    authority: int | None = None
    status: int | None = None
    kind: int | None = None
    in_force_at: Time | None = None
    """Only those in force at that moment (RULES.md, section 4)."""

    def conditions(self) -> list[Condition]:
        table = SHAPES[RecordKind.LICENSE].table
        own = _equal(table, exporter=self.exporter, authority=self.authority, status=self.status, kind=self.kind)
        return own if self.in_force_at is None else own + _in_force(table, self.in_force_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentFilter:
    license: bytes | None = None
    """Its record id."""
    exporter: int | None = None
    holder: int | None = None
    end_user: int | None = None
    status: int | None = None
    grade: int | None = None
    """Of the last custody fact."""
    irregular: bool | None = None
    """With any broken rule, or with none."""

    def conditions(self) -> list[Condition]:
        table = SHAPES[RecordKind.SHIPMENT].table
        own = _equal(table, license=self.license, exporter=self.exporter, holder=self.holder, end_user=self.end_user)
        own += _equal(table, status=self.status, grade=self.grade)
        return own if self.irregular is None else [*own, (table.c.irregular != 0) == self.irregular]


def _equal(table: Table, **wanted: int | bytes | None) -> list[Condition]:
    return [table.c[name] == value for name, value in wanted.items() if value is not None]


def _in_force(table: Table, moment: int) -> list[Condition]:
    """License.in_force, for the database."""
    return [
        table.c.status.in_([LicenseStatus.ISSUED, LicenseStatus.SUSPENDED]),
        table.c.valid_from <= moment,
        table.c.valid_until > moment,
        table.c.stopped_until <= moment,
    ]
