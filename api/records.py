"""The seven kinds of records as they are shown, member by member those of `ledger.records.states`.

`recordKind` says which kind a record is; `kind` is the kind of license, as in the acts.
"""

from dataclasses import fields
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from api.shapes import (
    AgentStatus,
    Amount,
    ApplicationStatus,
    Broken,
    CertificateGrade,
    CertificateStatus,
    Control,
    CustodyGrade,
    Hex20,
    Hex32,
    LicenseKind,
    LicenseStatus,
    Number,
    OrganizationStatus,
    PartyRole,
    Powers,
    Roles,
    Seconds,
    Share,
    ShipmentStatus,
    Unit,
)
from ledger.read_model.answers import LicenseAnswer, ShipmentAnswer


class Shown(BaseModel):
    """Root of all answers: read from a value with the same names, shown in camelCase."""

    model_config = ConfigDict(
        from_attributes=True,
        frozen=True,
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
    )

    @classmethod
    def of(cls, value: object) -> Self:
        """The model of a value of the ledger."""
        return cls.model_validate(value)


class Record(Shown):
    """What every record has: two hash chains, and when the journal spoke of it."""

    record: Hex32
    version: Annotated[int, Field(description="Moves of the head; 0: founded by the deployment.")]
    head: Hex32
    notes: int
    note_head: Hex32
    created_seq: int
    last_seq: int


class Organization(Record):
    record_kind: Literal["organization"] = "organization"
    number: Number
    roles: Roles
    sponsor: Number
    status: OrganizationStatus
    agents: Annotated[int, Field(description="Active ones.")]
    admins: Annotated[int, Field(description="Active ones.")]
    profile: Hex32


class Agent(Record):
    record_kind: Literal["agent"] = "agent"
    number: Number
    organization: Number
    account: Hex20
    powers: Powers
    status: AgentStatus
    since: Seconds
    appointer: Number
    ed25519: Hex32
    x25519: Hex32
    compromised_since: Seconds


class Terms(Shown):
    """What a policy asks. Tolerances in basis points."""

    certificate_grade: CertificateGrade
    exempt_roles: Roles
    clearance_required: bool
    control: Control
    value_tolerance: int
    quantity_tolerance: int
    count_tolerance: int
    handoff_hours: int
    lateness_hours: int
    suspension_hours: int
    lowest_custody_grade: CustodyGrade


class Policy(Record):
    record_kind: Literal["policy"] = "policy"
    number: Number
    organization: Number
    kind: LicenseKind
    replaces: Number
    terms: Terms
    control_list: Hex32


class CertificateLine(Shown):
    unit: Unit
    decimals: int
    certified: Amount
    granted: Amount


class Certificate(Record):
    record_kind: Literal["certificate"] = "certificate"
    number: Number
    exporter: Number
    end_user: Number
    authority: Number
    valid_from: Seconds
    valid_until: Seconds
    status: CertificateStatus
    grade: CertificateGrade
    document: Hex32
    lines: list[CertificateLine]


class Party(Shown):
    organization: Number
    role: PartyRole


class LicenseLine(Shown):
    unit: Unit
    decimals: int
    granted: Amount
    drawn: Amount
    unlimited: bool
    certificate: Hex32
    certificate_line: int


class Application(Record):
    record_kind: Literal["application"] = "application"
    exporter: Number
    authority: Number
    kind: LicenseKind
    status: ApplicationStatus
    recorded: bool
    control: Control
    drawn_share: Share
    assessor: Number
    document: Hex32
    parties: list[Party]
    lines: list[LicenseLine]
    license: Hex32


class LineLeft(Shown):
    """What one more shipment may draw on a line; null where the quantity is not bounded."""

    limit: Annotated[Amount | None, Field(description="Granted with tolerance.")]
    left: Amount | None


class Standing(Shown):
    """How a license stands at the moment of the question: computed, never stored."""

    lines: list[LineLeft]
    share_limit: Share | None
    share_left: Share | None
    in_force: bool
    not_yet_valid: bool
    expired: bool
    stopped: bool
    exhausted: bool


class License(Record):
    """A license and what is left of it."""

    record_kind: Literal["license"] = "license"
    number: Number
    exporter: Number
    authority: Number
    policy: Number
    kind: LicenseKind
    control: Control
    status: LicenseStatus
    valid_from: Seconds
    valid_until: Seconds
    stopped_until: Seconds
    shares: Share
    suspender: Number
    application: Hex32
    document: Hex32
    parties: list[Party]
    lines: list[LicenseLine]
    standing: Standing

    @classmethod
    def of(cls, value: object) -> Self:
        """The model of a LicenseAnswer."""
        if not isinstance(value, LicenseAnswer):
            return super().of(value)
        own = {field.name: getattr(value.license, field.name) for field in fields(value.license)}
        return cls.model_validate(own | {"standing": value.standing})


class ShipmentLine(Shown):
    license_line: int
    registered: Amount
    held: Amount
    delivered: Amount
    unaccounted: Amount
    lost: Amount
    returned: Amount


class Shipment(Record):
    record_kind: Literal["shipment"] = "shipment"
    license: Hex32
    exporter: Number
    end_user: Number
    holder: Number
    responsible: Number
    offered_to: Number
    offered_at: Seconds
    last_fact: Seconds
    status: ShipmentStatus
    holds: list[Number]
    stopped_until: Seconds
    cleared_at: Seconds
    departed_at: Seconds
    delivered_at: Seconds
    irregular: Broken
    grade: CustodyGrade
    departure_grade: CustodyGrade
    delivery_grade: CustodyGrade
    discrepancy: bool
    offered_by_holder: bool
    reported: bool
    report_head: Hex32
    share: Share
    waybill: Hex32
    document: Hex32
    lines: list[ShipmentLine]

    @classmethod
    def of(cls, value: object) -> Self:
        """The model of a ShipmentAnswer or of the shipment itself."""
        return super().of(value.shipment if isinstance(value, ShipmentAnswer) else value)
