"""Acts chosen by chance from the model's state: one that would be entered, one that breaks one rule, or anything.

A `Steps` answers an act and the account that signs it; who executes it is another's business. All chance comes from
one `random.Random`: the same state, time and chance give the same step.
"""

import dataclasses
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from eth_utils.crypto import keccak

from ledger.acts.act import Act
from ledger.acts.kinds import ACTS
from ledger.acts.structs import Member, Struct, members
from ledger.audit.case import ACCOUNT_ITSELF, Case
from ledger.audit.codes import USABLE_BY, AgentStatus, Power
from ledger.audit.judge import consider, created_id
from ledger.audit.rows import ROWS
from ledger.audit.state import Agent, Record, Shipment, State
from ledger.errors import InvalidField, Refused
from ledger.ids import ZERO32
from tests.model.breaches import BREACHES
from tests.model.papers import DAY, LICENSING, Paper
from tests.model.shipping_papers import SHIPPING

PAPERS = LICENSING | SHIPPING
SPOILED, STRANGER = 0.3, 0.1
"""How often a member is spoiled, a signer is anybody."""
OFTEN = (
    (12, "RegisterShipment OfferHandoff AcceptHandoff"),
    (8, "ApplyForLicense AssessApplication IssueLicense DepartShipment SplitShipment SupersedeLicense"),
    (5, "CreditReturn BindCertificate Regularize AdjustShipment ClearShipment ReinstateLicense"),
    (3, "ReinstateOrganization AcceptAppointment ConfirmAppointment ConfirmDelivery ReportMovement VoteAuthority"),
    (1, "SuspendOrganization RecoverOrganization DismissAgent RotateAgentKeys RenameOrganization RecordParty"),
    (1, "RegisterOrganization AdoptPolicy RevokeCertificate WithdrawApplication SeizeShipment RecallShipment"),
    (1, "RecordTransfer SuspendLicense HoldShipment SurrenderLicense RecordLicense CancelShipment RefuseHandoff"),
    (1, "RevokeLicense"),
)
WEIGHTS = {name: weight for weight, names in OFTEN for name in names.split()}
"""How often an act is tried; the others twice."""
TRIES = 12
SEARCHES = 40
"""How many acts are tried to break a rule."""


@dataclass(frozen=True, slots=True)
class Step:
    """An act and the account that signs it."""

    act: Act
    signer: bytes


def _has_returned(state: State, license: Any) -> bool:
    """Whether a shipment of the license can be credited."""
    shipments = [record for record in state.records.values() if isinstance(record, Shipment)]
    return any(one.license == license.record and one.status == 7 and not one.credited for one in shipments)


def _is_at_rest(_: State, shipment: Any) -> bool:
    """Whether a shipment is regular, free and offered to nobody."""
    return not (shipment.irregular or shipment.stopped_until or shipment.offered_to)


FITTING: dict[str, Callable[[State, Any], bool]] = {
    **dict.fromkeys(("ClearShipment", "DepartShipment", "OfferHandoff", "SplitShipment"), _is_at_rest),
    "EndMandate": lambda state, organization: any(giver == organization.number for giver, _ in state.mandates),
    "AcceptHandoff": lambda _, shipment: shipment.offered_to > 0,
    "RefuseHandoff": lambda _, shipment: shipment.offered_to > 0,
    "WithdrawOffer": lambda _, shipment: shipment.offered_to > 0,
    "ConfirmReport": lambda _, shipment: shipment.reported,
    "ResumeShipment": lambda _, shipment: bool(shipment.holds),
    "Regularize": lambda _, shipment: bool(shipment.irregular),
    "CreditReturn": _has_returned,
    "AssessApplication": lambda _, application: any(application.continues),
}
"""What else a record needs for an act, by the name of the act."""


def plain(act: Act) -> bytes:
    """A digest for a model alone."""
    return keccak(act.encoded())


@dataclass(frozen=True, slots=True)
class Steps:
    """Acts for a ledger in the model's state and a block of that time; somebody can sign for the `accounts`."""

    state: State
    accounts: Sequence[bytes]
    time: int
    chance: random.Random
    digest: Callable[[Act], bytes] = plain

    def entering(self, name: str) -> Step:
        """A step of an act of that name that the model would enter, if one is found."""
        steps = [self._candidate(ACTS[name])]
        while self._refusal(steps[-1]) and len(steps) < TRIES:
            steps.append(self._candidate(ACTS[name]))
        return steps[-1]

    def breaking(self, error: str) -> Step:
        """A step that the model would refuse by that name, if one is found: an act that fits, but for one thing."""
        steps = [self._broken(error)]
        while self._refusal(steps[-1]) != error and len(steps) < SEARCHES:
            steps.append(self._broken(error))
        return steps[-1]

    def anything(self, name: str) -> Step:
        """A step of an act of that name, a member of which is as likely spoiled as not."""
        return self._candidate(ACTS[name], spoil=0.5)

    def _broken(self, error: str) -> Step:
        breach = BREACHES[error]
        fitting = self._fitting(ACTS[self.chance.choice(breach.acts)])
        if not breach.change:
            return self._signed(self._spoiled(fitting) if self.chance.random() < 0.7 else fitting)
        changes = breach.change(self._paper(fitting.record), fitting)
        signer = changes.pop("signer", None)
        if "record" in changes and not fitting.CREATES:
            found = self.state.find(Record, changes["record"])
            changes = {"parent": found.head if found else ZERO32, **changes}
        act = self._changed(fitting, changes)
        return Step(act, signer) if signer in self.accounts else self._signed(act)

    def _refusal(self, step: Step) -> str:
        """The name of the model's refusal; none: it would enter it."""
        try:
            consider(Case(self.state, step.act, step.signer, self.time, self.digest(step.act)))
        except Refused as refused:
            return refused.name
        finally:
            self.state.rollback()
        return ""

    def _candidate(self, kind: type[Act], spoil: float = SPOILED) -> Step:
        act = self._fitting(kind)
        return self._signed(self._spoiled(act) if self.chance.random() < spoil else act)

    def _paper(self, record: bytes) -> Paper:
        return Paper(self.state, self.chance, self.time, self.state.find(Record, record), self.accounts)

    def _fitting(self, kind: type[Act]) -> Act:
        """An act that is meant to be entered."""
        record = ZERO32 if kind.CREATES else self._record(kind)
        paper = self._paper(record)
        parent = paper.record.head if paper.record else ZERO32
        values = {"parent": parent, "deadline": self.time + DAY, "organization": 0}
        return self._placed(kind(record=record, **(values | PAPERS[kind.__name__](paper))))

    def _changed(self, act: Act, changes: dict[str, Any]) -> Act:
        """The act with other members; a record that it creates is named by what it says."""
        act = dataclasses.replace(act, **changes)
        named = act.CREATES and "record" not in changes
        return dataclasses.replace(act, record=created_id(self.state, act)) if named else act

    def _signed(self, act: Act) -> Step:
        signer = self._signer(act)
        return Step(act, signer if signer in self.accounts else self.chance.choice(self.accounts))

    def _record(self, kind: type[Act]) -> bytes:
        """One of the records that the act is about, a recent one rather; sometimes one whose status fits for sure."""
        row = ROWS[kind]
        known = [record for record in self.state.records.values() if isinstance(record, row.record)]
        fitting = [record for record in known if not row.allowed or row.allowed >> record.status & 1]
        if kind.__name__ in FITTING:
            fitting = [record for record in fitting if FITTING[kind.__name__](self.state, record)] or fitting
        choice = fitting if fitting and self.chance.random() < 0.9 else known
        return self.chance.choice(choice[-12:] if self.chance.random() < 0.7 else choice).record if choice else ZERO32

    def _placed(self, act: Act) -> Act:
        """The act of an organization that stands in the relation its row names."""
        if act.organization:
            return self._changed(act, {})
        row, fitting = ROWS[type(act)], []
        subject = self.state.find(Agent, act.record)
        signer = subject.account if subject else bytes(20)
        for number in range(1, self.state.count("ORGANIZATION") + 1):
            named = dataclasses.replace(act, organization=number)
            try:
                index = row.relation(Case(self.state, named, signer, self.time, ZERO32))
            except Refused:
                continue
            usable = index == ACCOUNT_ITSELF or self.state.roles(number) & USABLE_BY[row.powers[index]]
            fitting += [number] if usable else []
        return self._changed(act, {"organization": self.chance.choice(fitting) if fitting else 1})

    def _signer(self, act: Act) -> bytes:
        """An agent with the power, of the organization, of a delegate or of a sponsor; sometimes anybody."""
        subject = self.state.find(Agent, act.record)
        if subject and act.KIND in (21, 23) and self.chance.random() < 0.9:
            return subject.account
        if self.chance.random() < STRANGER:
            return self.chance.choice(self.accounts)
        row = ROWS[type(act)]
        try:
            index = row.relation(Case(self.state, act, bytes(20), self.time, ZERO32))
        except Refused:
            index = 0
        power = row.powers[index] if row.powers else Power.ADMIN
        own = self._agents(act.organization, power)
        keyless = self._agents(self.state.sponsor(act.organization), row.keyless) if row.keyless else []
        delegates = [
            agent
            for giver, delegate in self.state.mandates
            if giver == act.organization
            for agent in self._agents(delegate, power)
        ]
        if self.chance.random() < STRANGER / 2:
            own = [agent for agent in self.state.records.values() if isinstance(agent, Agent)]
            own = [agent for agent in own if agent.organization == act.organization]
        choice = (own or keyless) + delegates
        return self.chance.choice(choice).account if choice else self.chance.choice(self.accounts)

    def _agents(self, organization: int, power: int) -> list[Agent]:
        accounts = [account for number, account in self.state.agents if number == organization]
        agents = [agent for account in accounts if (agent := self.state.agent_of(account, organization))]
        return [
            agent for agent in agents if agent.powers & power and self.state.agent_status(agent) == AgentStatus.ACTIVE
        ]

    def _spoiled(self, act: Act) -> Act:
        """The act with one member at or beyond a bound."""
        member = self.chance.choice(members(type(act)))
        try:
            return self._changed(act, {member.name: self._other(member, getattr(act, member.name))})
        except InvalidField:
            return act

    def _other(self, member: Member, value: Any) -> Any:
        if member.array:
            return self._other_list(member, value)
        if member.struct:
            return self._other_struct(value)
        if isinstance(value, bool):
            return not value
        if isinstance(value, int):
            return self.chance.choice((0, 1, value - 1, value + 1, value + 2, 2 * value, 2**32 - 1, 2**64 - 1, 2**80))
        records = [record.record for record in self.state.records.values()]
        others = (bytes(len(value)), self.chance.randbytes(len(value)), self.chance.choice(records or [ZERO32]))
        return self.chance.choice([other for other in others if len(other) == len(value)])

    def _other_list(self, member: Member, value: tuple[Any, ...]) -> tuple[Any, ...]:
        if not value:
            return value
        at = self.chance.randrange(len(value))
        element = dataclasses.replace(member, array=False)
        changed = (*value[:at], self._other(element, value[at]), *value[at + 1 :])
        return self.chance.choice((value[:at] + value[at + 1 :], value[::-1], value + value[at : at + 1], changed))

    def _other_struct(self, value: Struct) -> Struct:
        member = self.chance.choice(members(type(value)))
        return dataclasses.replace(value, **{member.name: self._other(member, getattr(value, member.name))})
