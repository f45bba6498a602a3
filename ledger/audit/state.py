"""What the ledger knows after some entries: records, numbers, mandates, votes, spent digests, the journal's head.

Plain data with the few questions that every rule asks. Nothing here refuses but `the` (UnknownRecord).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import TypeVar

from ledger.acts.act import Act, RecordKind
from ledger.acts.organizations import Terms
from ledger.audit.codes import AgentStatus, OrganizationStatus, Power, Role
from ledger.audit.refusals import refuse
from ledger.audit.tables import Table
from ledger.ids import ZERO32


@dataclass(slots=True, kw_only=True)
class Record:
    """Id, status and the two hash chains that every record has."""

    record: bytes
    status: int = 0
    version: int = 0
    head: bytes = ZERO32
    notes: int = 0
    note_head: bytes = ZERO32


@dataclass(slots=True, kw_only=True)
class Organization(Record):
    number: int
    roles: int
    sponsor: int
    agents: int = 0
    """Active ones."""
    admins: int = 0
    """Active ones."""
    recoveries: int = 0
    profile: bytes


@dataclass(slots=True, kw_only=True)
class Agent(Record):
    organization: int
    account: bytes
    powers: int
    number: int
    since: int = 0
    """UTC seconds of the status."""
    appointer: int = 0
    """Agent's number; 0: the deployment."""
    recoveries: int
    """Of its organization when it was appointed."""
    ed25519: bytes = ZERO32
    x25519: bytes = ZERO32


@dataclass(slots=True, kw_only=True)
class Policy(Record):
    number: int
    authority: int
    kind: int
    terms: Terms


@dataclass(frozen=True, slots=True)
class CertifiedLine:
    unit: bytes
    decimals: int
    certified: int
    granted: int


@dataclass(slots=True, kw_only=True)
class Certificate(Record):
    number: int
    first: int
    """Number of the first of its line of succession."""
    exporter: int
    end_user: int
    authority: int
    valid_from: int
    valid_until: int
    grade: int
    lines: tuple[CertifiedLine, ...]
    signers: int = 0
    """Roles that cosigned; AUTHORITY: endorsed."""
    consignee: int = 0
    used: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """Of an application or a license."""

    unit: bytes
    decimals: int
    granted: int
    drawn: int
    unlimited: bool
    certificate: int
    """Number; 0: none."""
    certificate_line: int


@dataclass(slots=True, kw_only=True)
class Application(Record):
    exporter: int
    authority: int
    kind: int
    continues: bytes
    recorded: bool
    control: int
    """0: the policy's."""
    drawn_share: int
    parties: frozenset[tuple[int, int]] = frozenset()
    """(organization, number of the role)."""
    lines: tuple[Line, ...] = ()
    assessor: int = 0
    """Agent's number."""
    decider: int = 0
    """Agent's number, of a refusal."""


@dataclass(slots=True, kw_only=True)
class License(Record):
    number: int
    application: bytes
    exporter: int
    authority: int
    policy: int
    kind: int
    control: int
    valid_from: int
    valid_until: int
    return_by: int
    shares: int
    lines: tuple[Line, ...]
    stopped_until: int = 0
    suspender: int = 0
    """Agent's number."""
    transfers: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One line of a shipment: where its goods are."""

    line: int
    """Of the license."""
    registered: int
    held: int
    delivered: int = 0
    unaccounted: int = 0
    lost: int = 0
    returned: int = 0
    continued: int = 0
    """Of what was delivered, by retransfer and re-export licenses."""


@dataclass(slots=True, kw_only=True)
class Shipment(Record):
    license: bytes
    exporter: int
    end_user: int
    holder: int
    responsible: int
    share: int
    lines: tuple[Parcel, ...]
    offered_to: int = 0
    offered_at: int = 0
    offered_by_holder: bool = False
    last_fact: int = 0
    cleared_at: int = 0
    stopped_until: int = 0
    holds: frozenset[int] = frozenset()
    recalled: bool = False
    credited: bool = False
    discrepancy: bool = False
    intangible: bool = False
    irregular: int = 0
    grade: int = 0
    """Of the last custody fact."""
    departure_grade: int = 0
    """0: not departed."""
    delivery_grade: int = 0
    reported: bool = False
    """A report or an order waits for its other side."""
    report_of_delivery: bool = False
    report_head: bytes = ZERO32
    """Right after the last report or order that waits."""


@dataclass(frozen=True, slots=True)
class Mandate:
    kinds: frozenset[int]
    until: int
    """First instant at which it is over."""
    recoveries: int
    """Of the organization that gave it: a recovery ends it."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """The first entry of an act of two agents."""

    act: Act
    """Without parent and deadline."""
    agent: int


Kept = TypeVar("Kept", bound=Record)


@dataclass(slots=True)
class State:
    """All of it. `contracts` are the addresses by name, for record ids."""

    chain_id: int
    contracts: Mapping[str, bytes]
    records: Table[bytes, Record] = field(default_factory=Table)
    numbered: Table[tuple[RecordKind, int], bytes] = field(default_factory=Table)
    counts: Table[str, int] = field(default_factory=Table)
    agents: Table[tuple[int, bytes], bytes] = field(default_factory=Table)
    """(organization, account) -> record."""
    bound: Table[bytes, int] = field(default_factory=Table)
    """Account -> the organization that it accepted."""
    mandates: Table[tuple[int, int], Mandate | None] = field(default_factory=Table)
    """(organization, delegate) -> mandate; None: ended."""
    votes: Table[tuple[int, bytes, int], frozenset[int]] = field(default_factory=Table)
    """(composition, record, motion) -> who voted for it."""
    policies: Table[tuple[int, int], int] = field(default_factory=Table)
    """(authority, kind) -> number of the current one."""
    newest: Table[int, int] = field(default_factory=Table)
    """First of a line of succession -> newest certificate, numbers."""
    spent: Table[bytes, bool] = field(default_factory=Table)
    proposals: Table[tuple[bytes, int], Proposal | None] = field(default_factory=Table)
    """(record, kind of act) -> the first entry that waits for its second."""
    journal_head: Table[str, bytes] = field(default_factory=Table)

    def commit(self) -> None:
        """Keeps what an act has changed."""
        for table in self._tables():
            table.commit()

    def rollback(self) -> None:
        """Forgets what an act has changed."""
        for table in self._tables():
            table.rollback()

    def _tables(self) -> list[Table[object, object]]:
        values = (getattr(self, member.name) for member in fields(self))
        return [value for value in values if isinstance(value, Table)]

    def find(self, kind: type[Kept], record: bytes) -> Kept | None:
        """The record if it is of that kind."""
        found = self.records.get(record)
        return found if isinstance(found, kind) else None

    def the(self, kind: type[Kept], record: bytes) -> Kept:
        """The record. Refuses with UnknownRecord."""
        return self.find(kind, record) or refuse("UnknownRecord", record)

    def draft(self, kind: type[Kept], record: bytes) -> Kept:
        """The record to be written on. Refuses with UnknownRecord."""
        self.the(kind, record)
        drafted = self.records.draft(record)
        return drafted if isinstance(drafted, kind) else refuse("UnknownRecord", record)

    def count(self, what: str) -> int:
        """A counter, from 0."""
        return self.counts.get(what) or 0

    def next_number(self, kind: RecordKind) -> int:
        """The next number of that kind, taken."""
        number = self.count(kind.name) + 1
        self.counts.put(kind.name, number)
        return number

    def organization(self, number: int) -> Organization | None:
        """The organization of that number."""
        record = self.numbered.get((RecordKind.ORGANIZATION, number))
        return None if record is None else self.find(Organization, record)

    def roles(self, number: int) -> int:
        """Roles of an organization; 0 where there is none."""
        found = self.organization(number)
        return found.roles if found else 0

    def is_active(self, number: int) -> bool:
        """Whether there is such an organization and it is not suspended."""
        found = self.organization(number)
        return found is not None and found.status == OrganizationStatus.ACTIVE

    def sponsor(self, number: int) -> int:
        """The sponsor of an organization; 0 where there is none."""
        found = self.organization(number)
        return found.sponsor if found else 0

    def agent_of(self, account: bytes, organization: int) -> Agent | None:
        """What the account is of the organization, whatever its status."""
        record = self.agents.get((organization, account))
        return None if record is None else self.find(Agent, record)

    def agent_status(self, agent: Agent) -> int:
        """Every admin appointed before a recovery counts as dismissed."""
        organization = self.organization(agent.organization)
        if organization and agent.powers & Power.ADMIN and agent.recoveries < organization.recoveries:
            return AgentStatus.DISMISSED
        return agent.status

    def mandate(self, organization: int, delegate: int) -> Mandate | None:
        """What the delegate may sign for the organization, if no recovery has come since; it may have lapsed."""
        given, giver = self.mandates.get((organization, delegate)), self.organization(organization)
        return given if given and giver and given.recoveries == giver.recoveries else None

    def certificate(self, number: int) -> Certificate | None:
        """The newest certificate in the line of succession of that number."""
        named = self._numbered_certificate(number)
        return self._numbered_certificate(self.newest.get(named.first) or number) if named else None

    def _numbered_certificate(self, number: int) -> Certificate | None:
        record = self.numbered.get((RecordKind.CERTIFICATE, number))
        return None if record is None else self.find(Certificate, record)

    def policy(self, number: int) -> Policy:
        """The policy that a license pins."""
        return self.the(Policy, self.numbered.get((RecordKind.POLICY, number)) or ZERO32)

    def is_refuge(self, organization: int, exporter: int) -> bool:
        """The exporter, or an organization with role CUSTOMS or AUTHORITY."""
        return organization == exporter or bool(self.roles(organization) & (Role.CUSTOMS | Role.AUTHORITY))
