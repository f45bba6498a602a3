"""Records as the entries leave them: frozen values, equal in meaning to what the contracts store.

Nothing here is computed from the clock: expired, exhausted, lapsed are questions. Times are UTC seconds, quantities
counts of 10^-decimals of the line's unit, shares parts per billion of a license's value, organizations by number,
other records by id.
"""

from dataclasses import dataclass
from typing import ClassVar

from ledger.acts.act import RecordKind
from ledger.acts.applications import Party
from ledger.acts.organizations import Terms
from ledger.ids import ZERO32, Address, Commitment, Head, RecordId, Time
from ledger.records.codes import (
    AgentStatus,
    ApplicationStatus,
    CertificateGrade,
    CertificateStatus,
    Control,
    CustodyGrade,
    Irregular,
    LicenseKind,
    LicenseStatus,
    OrganizationStatus,
    Power,
    Role,
    ShipmentStatus,
)
from ledger.records.parts import Acknowledgement, Mandate, Proposal, Vote

NO_RECORD = RecordId(ZERO32)
NO_HEAD = Head(ZERO32)
NO_TIME = Time(0)
REGULAR = Irregular(0)
NO_ROLES = Role(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What every record has: its two hash chains and when the journal spoke of it."""

    KIND: ClassVar[RecordKind]

    record: RecordId
    version: int = 0
    """Moves of the head: 1 at creation, 0 where the deployment founded it."""
    head: Head = NO_HEAD
    notes: int = 0
    note_head: Head = NO_HEAD
    created_seq: int = 0
    """Of the entry that created it; 0: the deployment."""
    last_seq: int = 0
    """Of the last entry that changed it: stepped or noted it, voided votes on it, or recovered its organization."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization(Record):
    KIND = RecordKind.ORGANIZATION

    number: int
    roles: Role
    sponsor: int
    status: OrganizationStatus
    agents: int
    """Active ones."""
    admins: int
    """Active ones."""
    profile: Commitment
    recoveries: int = 0
    """How often its sponsor declared its administrators' keys lost."""
    mandates: tuple[Mandate, ...] = ()
    """That it gave and did not end; each is over at its `until`."""
    votes: tuple[Vote, ...] = ()
    proposals: tuple[Proposal, ...] = ()

    @property
    def active_roles(self) -> Role:
        """Its roles; none while it is suspended."""
        return self.roles if self.status == OrganizationStatus.ACTIVE else NO_ROLES


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent(Record):
    KIND = RecordKind.AGENT

    number: int
    organization: int
    account: Address
    powers: Power
    status: AgentStatus
    """An administrator of before a recovery of its organization is dismissed."""
    since: Time
    """Of the status, a recovery aside; 0 for a founder that has not accepted yet: the trust root does not tell."""
    appointer: int
    """Number of the appointing agent; 0: the deployment."""
    ed25519: bytes = ZERO32
    x25519: bytes = ZERO32
    compromised_since: Time = NO_TIME
    """0: not compromised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy(Record):
    KIND = RecordKind.POLICY

    number: int
    organization: int
    kind: LicenseKind
    replaces: int
    """Number of the policy before it; 0: none."""
    terms: Terms
    control_list: Commitment


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateLine:
    unit: bytes
    decimals: int
    certified: int
    granted: int = 0
    """By licenses, and before them of the certificate that this one supersedes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate(Record):
    KIND = RecordKind.CERTIFICATE

    number: int
    exporter: int
    end_user: int
    authority: int
    valid_from: Time
    valid_until: Time
    """First instant after."""
    status: CertificateStatus
    grade: CertificateGrade
    document: Commitment
    supersedes: RecordId = NO_RECORD
    superseded_by: RecordId = NO_RECORD
    first: int
    """Number of the first of its line of succession."""
    signers: Role = NO_ROLES
    """Roles that cosigned: exporter, consignee; authority: endorsed."""
    consignee: int = 0
    """That cosigned."""
    used: bool = False
    """Named by an application, itself or one that it supersedes."""
    lines: tuple[CertificateLine, ...]

    def in_force(self, moment: int) -> bool:
        """Whether it is unrevoked and inside its window."""
        return self.status == CertificateStatus.VALID and self.valid_from <= moment < self.valid_until


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenseLine:
    """Of an application or a license."""

    unit: bytes
    decimals: int
    granted: int
    drawn: int
    unlimited: bool
    certificate: RecordId
    """ZERO32: none named."""
    certificate_line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Application(Record):
    KIND = RecordKind.APPLICATION

    exporter: int
    authority: int
    kind: LicenseKind
    status: ApplicationStatus
    recorded: bool
    """Decided before or outside the ledger."""
    control: Control
    drawn_share: int
    valid_from: Time
    """Asked for; what was issued stands in the license."""
    valid_until: Time
    continues: RecordId = NO_RECORD
    """A delivered shipment, a refused application or a license to supersede."""
    assessor: int
    """Number of the assessing or recording agent; 0: not assessed."""
    decider: int = 0
    """Number of the refusing agent."""
    document: Commitment
    parties: tuple[Party, ...]
    lines: tuple[LicenseLine, ...]
    license: RecordId = NO_RECORD
    """ZERO32: not granted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class License(Record):
    KIND = RecordKind.LICENSE

    number: int
    exporter: int
    authority: int
    policy: int
    """Number of the policy it pins."""
    kind: LicenseKind
    control: Control
    status: LicenseStatus
    valid_from: Time
    valid_until: Time
    """First instant after."""
    return_by: Time = NO_TIME
    """First instant at which goods out are overdue; 0 unless temporary."""
    stopped_until: Time = NO_TIME
    shares: int
    """Drawn of the value."""
    suspender: int = 0
    """Number of the last suspending agent; 0: never suspended."""
    transfers: int = 0
    """How often it went to another exporter."""
    application: RecordId
    continues: RecordId = NO_RECORD
    """The delivered shipment whose goods go on under it."""
    supersedes: RecordId = NO_RECORD
    superseded_by: RecordId = NO_RECORD
    document: Commitment
    parties: tuple[Party, ...]
    lines: tuple[LicenseLine, ...]
    acknowledgements: tuple[Acknowledgement, ...] = ()
    proposals: tuple[Proposal, ...] = ()

    def valid(self, moment: int) -> bool:
        """Whether it is issued or suspended and inside its validity; stops are not asked."""
        live = self.status in (LicenseStatus.ISSUED, LicenseStatus.SUSPENDED)
        return live and self.valid_from <= moment < self.valid_until

    def in_force(self, moment: int) -> bool:
        """RULES.md, section 4: valid, and no suspension stops it."""
        return self.valid(moment) and self.stopped_until <= moment

    def party_roles(self, organization: int) -> Role:
        """The roles in which the license names the organization."""
        roles = Role(0)
        for party in self.parties:
            if party.organization == organization:
                roles |= Role(1 << party.role)
        return roles


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentLine:
    """Where the goods of one line are; while the shipment is seized, `held` is seized."""

    license_line: int
    held: int
    delivered: int = 0
    unaccounted: int = 0
    lost: int = 0
    returned: int = 0
    continued: int = 0
    """Of what was delivered, by retransfer and re-export licenses."""
    serials: int = 0
    """Serial numbers attached."""

    @property
    def registered(self) -> int:
        """What the shipment draws on the license's line (I9)."""
        return self.held + self.delivered + self.unaccounted + self.lost + self.returned


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment(Record):
    KIND = RecordKind.SHIPMENT

    license: RecordId
    exporter: int
    end_user: int
    holder: int
    responsible: int
    """Organization of the agent that signed the last custody fact."""
    offered_to: int = 0
    """0: no open offer."""
    offered_at: Time = NO_TIME
    last_fact: Time = NO_TIME
    status: ShipmentStatus
    holds: tuple[int, ...] = ()
    """Organizations that hold it, in order."""
    stopped_until: Time = NO_TIME
    cleared_at: Time = NO_TIME
    departed_at: Time = NO_TIME
    delivered_at: Time = NO_TIME
    irregular: Irregular = REGULAR
    grade: CustodyGrade = CustodyGrade.NONE
    """Of the last custody fact."""
    departure_grade: CustodyGrade = CustodyGrade.NONE
    delivery_grade: CustodyGrade = CustodyGrade.NONE
    discrepancy: bool = False
    offered_by_holder: bool = False
    reported: bool = False
    """A one-sided hop, or an order, waits for its other side."""
    report_head: Head = NO_HEAD
    """The head right after the last report or order that waited for its other side."""
    intangible: bool = False
    recalled: bool = False
    credited: bool = False
    """What was returned is no longer drawn."""
    parent: RecordId = NO_RECORD
    """The shipment of which it is a part."""
    part: int = 0
    """Which one, from 0."""
    share: int
    waybill: Commitment
    document: Commitment
    """The manifest."""
    lines: tuple[ShipmentLine, ...]
    proposals: tuple[Proposal, ...] = ()

    @property
    def departed(self) -> bool:
        """Whether it ever left, wherever the goods are now."""
        return self.departure_grade != CustodyGrade.NONE

    def outstanding(self, line: ShipmentLine) -> int:
        """What is out under a temporary license of one of its lines and neither back nor gone on under another one."""
        back = line.returned if self.credited else 0
        return line.registered - line.continued - back if self.departed else 0
