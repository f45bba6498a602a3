"""The seven kinds of records as they are shown, member by member those of `ledger.records.states`.

`recordKind` says which kind a record is; `kind` is the kind of license, as in the acts.
"""

from dataclasses import fields
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from api.shapes import (
    ActName,
    ActNames,
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
    Motion,
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


class Proposal(Shown):
    """The first entry of an act that takes two agents; the second, with the same content, acts."""

    kind: ActName
    agent: Number
    content: Hex32


class Mandate(Shown):
    """Another organization whose agents may sign some kinds of acts; over at `until`."""

    delegate: Number
    kinds: ActNames
    until: Seconds


class Vote(Shown):
    """Of an active authority on a motion that has not passed."""

    motion: Motion
    organization: Number


class Acknowledgement(Shown):
    """A party that has read the conditions."""

    organization: Number
    document: Hex32


class Organization(Record):
    record_kind: Literal["organization"] = "organization"
    number: Number
    roles: Roles
    sponsor: Number
    status: OrganizationStatus
    agents: Annotated[int, Field(description="Active ones.")]
    admins: Annotated[int, Field(description="Active ones.")]
    profile: Hex32
    recoveries: Annotated[int, Field(description="How often its administrators' keys were declared lost.")]
    mandates: list[Mandate]
    votes: list[Vote]
    proposals: list[Proposal]


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
    certificate_signers: Annotated[Roles, Field(description="Must have cosigned by departure; authority: endorsed.")]
    first_use_days: Annotated[int, Field(description="Of a certificate, from its validFrom; 0: not asked.")]
    last_use_days: int
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
    transfers: Annotated[int, Field(description="How often a license may go to another exporter.")]


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
    supersedes: Hex32
    superseded_by: Hex32
    first: Annotated[Number, Field(description="The first of its line of succession.")]
    signers: Annotated[Roles, Field(description="That cosigned; authority: endorsed.")]
    consignee: Number
    used: Annotated[bool, Field(description="Named by an application.")]
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
    valid_from: Seconds
    valid_until: Seconds
    continues: Hex32
    assessor: Number
    decider: Number
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
    overdue: Annotated[bool, Field(description="What is out under a temporary license should be back.")]
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
    return_by: Seconds
    stopped_until: Seconds
    shares: Share
    suspender: Number
    transfers: Annotated[int, Field(description="How often it went to another exporter.")]
    application: Hex32
    continues: Annotated[Hex32, Field(description="The delivered shipment whose goods go on under it.")]
    supersedes: Hex32
    superseded_by: Hex32
    document: Hex32
    parties: list[Party]
    lines: list[LicenseLine]
    acknowledgements: list[Acknowledgement]
    proposals: list[Proposal]
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
    continued: Annotated[Amount, Field(description="Of what was delivered, by retransfer and re-export licenses.")]
    serials: Annotated[int, Field(description="Attached serial numbers.")]


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
    intangible: bool
    recalled: bool
    credited: Annotated[bool, Field(description="What was returned is no longer drawn.")]
    parent: Annotated[Hex32, Field(description="The shipment of which it is a part.")]
    part: Annotated[int, Field(description="Which one, from 0.")]
    parts: Annotated[list[Hex32], Field(description="Shipments that a split made of it.")]
    share: Share
    waybill: Hex32
    document: Hex32
    lines: list[ShipmentLine]
    proposals: list[Proposal]

    @classmethod
    def of(cls, value: object) -> Self:
        """The model of a ShipmentAnswer."""
        if not isinstance(value, ShipmentAnswer):
            return super().of(value)
        own = {field.name: getattr(value.shipment, field.name) for field in fields(value.shipment)}
        return cls.model_validate(own | {"parts": value.parts})
