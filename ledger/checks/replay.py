"""What the acts of a history amount to: every record at every entry, rebuilt from nothing but the trust root.

Effects only; no rule is judged here. An act whose effects cannot be entered is kept as a finding and passed over, so
that one altered entry does not hide the others. The goods of a part go back through the shipments that were split.
"""

from collections import defaultdict
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from typing import TypeVar

from ledger.acts.act import RecordKind
from ledger.acts.licensing import IssueLicense, SupersedeLicense
from ledger.acts.manifests import RecordTransfer, RegisterShipment
from ledger.acts.organizations import Terms
from ledger.chain.closure import act_of, closure_of
from ledger.chain.deployment import Deployment
from ledger.checks.findings import Finding, Step, fault
from ledger.errors import LedgerError, Refused
from ledger.ids import Address, RecordId
from ledger.journal.entries import Touched
from ledger.journal.history import History
from ledger.records.book import MemoryBook
from ledger.records.codes import Role
from ledger.records.counting import behind
from ledger.records.effects import apply, apply_notes, found
from ledger.records.parts import Proposal
from ledger.records.states import (
    NO_RECORD,
    NO_ROLES,
    Agent,
    Application,
    License,
    Organization,
    Policy,
    Record,
    Shipment,
)

Kind = TypeVar("Kind", bound=Record)
UNREADABLE = (LedgerError, LookupError, ValueError, ArithmeticError)
"""What acts that no contract would take do to code that reads them."""
_DIRECTORY = (RecordKind.ORGANIZATION, RecordKind.AGENT)


class PartBook(MemoryBook):
    """A book of a part of the ledger: organizations and policies have the numbers that the history gives them."""

    def __init__(self, numbers: Mapping[tuple[RecordKind, int], RecordId]) -> None:
        super().__init__()
        self._pinned = {(kind, bytes(record)): number for (kind, number), record in numbers.items()}
        self._last: int | None = None

    def new_number(self, kind: RecordKind, record: bytes) -> int:
        if kind not in (RecordKind.ORGANIZATION, RecordKind.POLICY):
            return super().new_number(kind, record)
        if (kind, record) not in self._pinned:
            raise Refused("UnknownRecord", {"record": record})
        return self._pinned[kind, record]

    def get(self, record: bytes) -> Record | None:
        return super().get(record) if self._last is None else self.at(record, self._last)

    def as_of(self, seq: int) -> "PartBook":
        """To read, as it stood right after the entry of that seq."""
        then = copy(self)
        then._last = seq
        return then


@dataclass(frozen=True, slots=True)
class Goods:
    """A shipment, what it rests on, and all that was done with its goods in order."""

    shipment: Shipment
    license: License
    """As it is now."""
    application: Application
    policy: Policy
    registered: Step
    """Or recorded as a transfer."""
    issued: Step
    lineage: tuple[Shipment, ...]
    """The shipments that were split, first to last, and the shipment itself; as they are now."""
    steps: tuple[Step, ...]
    """The acts on these, each up to its split."""

    @property
    def terms(self) -> Terms:
        return self.policy.terms


class Past:
    """A history replayed. `before` gives any record as it stood when an entry arrived."""

    def __init__(self, history: History, deployment: Deployment) -> None:
        self.history = history
        self.deployment = deployment
        self.closure = closure_of(deployment, history.shipment, history.entries, history.numbers)
        self.steps = tuple(Step(entry, act_of(entry)) for entry in sorted(history.entries, key=lambda entry: entry.seq))
        self._own: defaultdict[RecordId, list[Step]] = defaultdict(list)
        self._touching: defaultdict[RecordId, list[tuple[Step, Touched]]] = defaultdict(list)
        for step in self.steps:
            self._own[step.entry.record].append(step)
            for touched in step.entry.touched:
                self._touching[touched.record].append((step, touched))
        founders = range(1, len(deployment.founders) + 1)
        founded = {(RecordKind.ORGANIZATION, number): deployment.organization_record(number) for number in founders}
        self.book = PartBook({**history.numbers, **founded})
        """As it stands at the block."""
        found(deployment, self.book)
        self.passed_over = tuple(finding for step in self.steps for finding in self._enter(step))

    def _enter(self, step: Step) -> list[Finding]:
        entry = step.entry
        # Others' shipments and licenses are here for the notes that they left, not for their own sake.
        whole = entry.record in self.closure.records or (step.act is not None and step.act.RECORD in _DIRECTORY)
        try:
            (apply if whole else apply_notes)(entry, self.book)
        except UNREADABLE as error:
            return [fault(f"What this act does cannot be rebuilt: {error}.", step)]
        return []

    def own(self, record: RecordId) -> list[Step]:
        """The acts on a record in order."""
        return self._own[record]

    def touching(self, record: RecordId) -> list[tuple[Step, Touched]]:
        """The notes on a record in order, each with the act that left it."""
        return self._touching[record]

    def then(self, step: Step) -> PartBook:
        """All records as they stood before the act."""
        return self.book.as_of(step.entry.seq - 1)

    def before(self, kind: type[Kind], record: RecordId, step: Step) -> Kind | None:
        """The record as it stood before the act; None where there was none."""
        state = self.book.at(record, step.entry.seq - 1)
        return state if isinstance(state, kind) else None

    def after(self, kind: type[Kind], record: RecordId, step: Step) -> Kind | None:
        """The record as the act left it."""
        state = self.book.at(record, step.entry.seq)
        return state if isinstance(state, kind) else None

    def now(self, kind: type[Kind], record: RecordId) -> Kind | None:
        """The record as it stands at the block."""
        state = self.book.get(record)
        return state if isinstance(state, kind) else None

    def shipment_before(self, step: Step) -> Shipment | None:
        """The shipment that the act is about, as it stood before."""
        return self.before(Shipment, step.entry.record, step)

    def shipment_after(self, step: Step) -> Shipment | None:
        return self.after(Shipment, step.entry.record, step)

    def organization_before(self, number: int, step: Step) -> Organization | None:
        if 0 < number <= len(self.deployment.founders):
            return self.before(Organization, self.deployment.organization_record(number), step)
        record = self.history.numbers.get((RecordKind.ORGANIZATION, number))
        return None if record is None else self.before(Organization, record, step)

    def agent_before(self, organization: int, account: Address, step: Step) -> Agent | None:
        record = self.deployment.agent_record(organization, account)
        return self.before(Agent, record, step)

    def roles(self, number: int, step: Step) -> Role:
        """The roles that an organization had when the act was entered; none where it is not known."""
        organization = self.organization_before(number, step)
        return NO_ROLES if organization is None else organization.roles

    def sponsor(self, number: int, step: Step) -> int:
        """Who answered for the organization's registration then; 0 where that is not known."""
        organization = self.organization_before(number, step)
        return 0 if organization is None else organization.sponsor

    def behind(self, step: Step) -> int:
        """The organization whose agent signed."""
        return behind(step.entry, self.then(step))

    def seconded(self, step: Step) -> Proposal | None:
        """The proposal that an act of two agents carries out; None where it proposes itself."""
        opened = _proposal(self.book.at(step.entry.record, step.entry.seq - 1), step.entry.kind)
        left = _proposal(self.book.at(step.entry.record, step.entry.seq), step.entry.kind)
        return opened if left is None else None

    def alone(self, step: Step) -> bool:
        """Whether one agent both proposed the act and carried it out."""
        proposal = self.seconded(step)
        agent = self.agent_before(self.behind(step), step.entry.signer, step)
        return proposal is not None and agent is not None and agent.number == proposal.agent


def _proposal(state: Record | None, kind: int) -> Proposal | None:
    proposals: tuple[Proposal, ...] = getattr(state, "proposals", ())
    return next((one for one in proposals if one.kind == kind), None)


def goods_of(past: Past, record: RecordId) -> Goods | None:
    """The shipment and what it rests on; None where a part of that is missing."""
    lineage = _lineage(past, record)
    drawn = past.now(License, lineage[0].license) if lineage else None
    application = None if drawn is None else past.now(Application, drawn.application)
    if drawn is None or application is None:
        return None
    policy = past.now(Policy, past.history.numbers.get((RecordKind.POLICY, drawn.policy), NO_RECORD))
    steps = _steps(past, lineage)
    registered = next((step for step in steps if isinstance(step.act, RegisterShipment | RecordTransfer)), None)
    issued = next(
        (step for step in past.own(drawn.record) if isinstance(step.act, IssueLicense | SupersedeLicense)), None
    )
    if policy is None or registered is None or issued is None:
        return None
    return Goods(lineage[-1], drawn, application, policy, registered, issued, lineage, steps)


def _lineage(past: Past, record: RecordId) -> tuple[Shipment, ...]:
    """From the shipment that was registered to this one; nothing where one is missing."""
    found: tuple[Shipment, ...] = ()
    while record != NO_RECORD:
        shipment = past.now(Shipment, record)
        if shipment is None:
            return ()
        found = (shipment, *found)
        record = shipment.parent
    return found


def _steps(past: Past, lineage: tuple[Shipment, ...]) -> tuple[Step, ...]:
    """Of a shipment that was split for the next one, what came after is another part's."""
    splits = [part.created_seq for part in lineage[1:]]
    ends = (*splits, past.steps[-1].entry.seq) if lineage else ()
    return tuple(
        step
        for shipment, end in zip(lineage, ends, strict=True)
        for step in past.own(shipment.record)
        if step.act is not None and step.entry.seq <= end
    )
