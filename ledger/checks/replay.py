"""What the acts of a history amount to: every record at every entry, rebuilt from nothing but the trust root.

Effects only; no rule is judged here. An act whose effects cannot be entered is kept as a finding and passed over, so
that one altered entry does not hide the others.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from ledger.acts.act import RecordKind
from ledger.acts.custody import RegisterShipment
from ledger.acts.licensing import IssueLicense
from ledger.acts.organizations import Terms
from ledger.chain.closure import act_of, closure_of
from ledger.chain.deployment import Deployment
from ledger.checks.findings import Finding, Step, fault
from ledger.errors import LedgerError, Refused
from ledger.ids import Address, RecordId
from ledger.journal.entries import Touched
from ledger.journal.history import History
from ledger.records.book import MemoryBook
from ledger.records.effects import apply, apply_notes, found
from ledger.records.states import Agent, Application, License, Organization, Policy, Record, Shipment

Kind = TypeVar("Kind", bound=Record)
UNREADABLE = (LedgerError, LookupError, ValueError, ArithmeticError)
"""What acts that no contract would take do to code that reads them."""


class PartBook(MemoryBook):
    """A book of a part of the ledger: organizations and policies have the numbers that the history gives them."""

    def __init__(self, numbers: Mapping[tuple[RecordKind, int], RecordId]) -> None:
        super().__init__()
        self._pinned = {(kind, bytes(record)): number for (kind, number), record in numbers.items()}

    def new_number(self, kind: RecordKind, record: bytes) -> int:
        if kind not in (RecordKind.ORGANIZATION, RecordKind.POLICY):
            return super().new_number(kind, record)
        if (kind, record) not in self._pinned:
            raise Refused("UnknownRecord", {"record": record})
        return self._pinned[kind, record]


@dataclass(frozen=True, slots=True)
class Goods:
    """The shipment, what it rests on, and its own acts in order."""

    shipment: Shipment
    license: License
    """As it is now."""
    application: Application
    policy: Policy
    registered: Step
    issued: Step
    steps: tuple[Step, ...]

    @property
    def terms(self) -> Terms:
        return self.policy.terms


class Past:
    """A history replayed. `before` gives any record as it stood when an entry arrived."""

    def __init__(self, history: History, deployment: Deployment) -> None:
        self.history = history
        self.deployment = deployment
        self.closure = closure_of(deployment, history.shipment, history.entries, history.numbers)
        self.steps = tuple(
            Step(entry, act_of(entry)) for entry in sorted(history.entries, key=lambda entry: entry.seq)
        )
        self._own: defaultdict[RecordId, list[Step]] = defaultdict(list)
        self._touching: defaultdict[RecordId, list[tuple[Step, Touched]]] = defaultdict(list)
        for step in self.steps:
            self._own[step.entry.record].append(step)
            for touched in step.entry.touched:
                self._touching[touched.record].append((step, touched))
        founders = range(1, len(deployment.founders) + 1)
        founded = {(RecordKind.ORGANIZATION, number): deployment.organization_record(number) for number in founders}
        self._book = PartBook({**history.numbers, **founded})
        found(deployment, self._book)
        self.passed_over = tuple(finding for step in self.steps for finding in self._enter(step))

    def _enter(self, step: Step) -> list[Finding]:
        entry = step.entry
        # Others' shipments and licenses are here for the notes that they left, not for their own sake.
        whole = entry.record in self.closure.records or (step.act is not None and step.act.CONTRACT == "Directory")
        try:
            (apply if whole else apply_notes)(entry, self._book)
        except UNREADABLE as error:
            return [fault(f"What this act does cannot be rebuilt: {error}.", step)]
        return []

    def own(self, record: RecordId) -> list[Step]:
        """The acts on a record in order."""
        return self._own[record]

    def touching(self, record: RecordId) -> list[tuple[Step, Touched]]:
        """The notes on a record in order, each with the act that left it."""
        return self._touching[record]

    def before(self, kind: type[Kind], record: RecordId, step: Step) -> Kind | None:
        """The record as it stood before the act; None where there was none."""
        state = self._book.at(record, step.entry.seq - 1)
        return state if isinstance(state, kind) else None

    def after(self, kind: type[Kind], record: RecordId, step: Step) -> Kind | None:
        """The record as the act left it."""
        state = self._book.at(record, step.entry.seq)
        return state if isinstance(state, kind) else None

    def now(self, kind: type[Kind], record: RecordId) -> Kind | None:
        """The record as it stands at the block."""
        state = self._book.get(record)
        return state if isinstance(state, kind) else None

    def organization(self, number: int) -> Organization | None:
        """An organization as it is now; its roles and sponsor never change."""
        record = self._organization_record(number)
        return None if record is None else self.now(Organization, record)

    def organization_before(self, number: int, step: Step) -> Organization | None:
        record = self._organization_record(number)
        return None if record is None else self.before(Organization, record, step)

    def agent_before(self, organization: int, account: Address, step: Step) -> Agent | None:
        record = self.deployment.agent_record(organization, account)
        return self.before(Agent, record, step)

    def roles(self, number: int) -> int:
        """The roles of an organization; none where it is not known."""
        organization = self.organization(number)
        return 0 if organization is None else int(organization.roles)

    def sponsor(self, number: int) -> int:
        """Who registered the organization; 0 where that is not known."""
        organization = self.organization(number)
        return 0 if organization is None else organization.sponsor

    def _organization_record(self, number: int) -> RecordId | None:
        if 0 < number <= len(self.deployment.founders):
            return self.deployment.organization_record(number)
        return self.history.numbers.get((RecordKind.ORGANIZATION, number))


def goods_of(past: Past) -> Goods | None:
    """The shipment and what it rests on; None where a part of that is missing."""
    shipment = past.now(Shipment, past.history.shipment)
    drawn = None if shipment is None else past.now(License, shipment.license)
    application = None if drawn is None else past.now(Application, drawn.application)
    if shipment is None or drawn is None or application is None:
        return None
    policy = past.now(Policy, past.history.numbers.get((RecordKind.POLICY, drawn.policy), RecordId(b"")))
    steps = tuple(step for step in past.own(shipment.record) if step.act is not None)
    registered = next((step for step in steps if isinstance(step.act, RegisterShipment)), None)
    issued = next((step for step in past.own(drawn.record) if isinstance(step.act, IssueLicense)), None)
    if policy is None or registered is None or issued is None:
        return None
    return Goods(shipment, drawn, application, policy, registered, issued, steps)
