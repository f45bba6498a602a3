"""Random acts chosen from the model's state: most would be entered, some miss a bound by one, some are nonsense.

`Steps.next` answers an act and the account that signs it; who executes it is another's business (`agreement.py`). All
chance comes from one `random.Random`, which hypothesis or a seed provides.
"""

import dataclasses
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from eth_utils.crypto import keccak

from ledger.acts.act import Act
from ledger.acts.kinds import ACTS
from ledger.acts.organizations import AppointAgent
from ledger.acts.structs import Member, Struct, members
from ledger.audit.case import ACCOUNT_ITSELF, Case
from ledger.audit.codes import USABLE_BY, AgentStatus, Power
from ledger.audit.judge import consider, created_id
from ledger.audit.rows import ROWS
from ledger.audit.state import Agent, Record, Shipment, State
from ledger.errors import InvalidField, Refused
from ledger.ids import ZERO32
from tests.model.papers import LICENSING, Paper
from tests.model.shipping_papers import SHIPPING

DAY = 86_400
PAPERS = LICENSING | SHIPPING
ACCEPTED, REFUSED, AGAIN = 0.7, 0.2, 0.03
"""How often a candidate that the model would enter is looked for, one that it would refuse, one of before."""
SPOILED, STRANGER = 0.3, 0.1
"""How often a member is spoiled, a signer is anybody."""
GROWTH = (
    *("RecordCertificate", "SignCertificate", "SignCertificate"),
    *("ApplyForLicense", "ApplyForLicense", "AssessApplication", "AssessApplication") * 4,
    *("RecordLicense", "IssueLicense", "IssueLicense", "IssueLicense", "IssueLicense", "GrantMandate"),
    *("RegisterShipment", "RegisterShipment", "RegisterShipment", "RecordTransfer", "ClearShipment") * 2,
    *("DepartShipment", "OfferHandoff", "AcceptHandoff", "DepartShipment", "ReportMovement") * 2,
    *("ReportDelivery", "ConfirmDelivery"),
)
"""What is tried first, so that there is something to walk on."""
LEAST = 0.3
"""How often an act is tried because it was entered least."""
TRIES = 12
WEIGHTS = (
    (12, "RegisterShipment OfferHandoff AcceptHandoff"),
    (8, "ApplyForLicense AssessApplication IssueLicense DepartShipment SplitShipment SupersedeLicense"),
    (5, "CreditReturn BindCertificate Regularize AdjustShipment ClearShipment ReinstateLicense"),
    (3, "ReinstateOrganization AcceptAppointment ConfirmDelivery ReportMovement WithdrawOffer"),
    (1, "SuspendOrganization RecoverOrganization DismissAgent RotateAgentKeys RenameOrganization RecordParty"),
    (1, "RegisterOrganization AdoptPolicy RevokeCertificate WithdrawApplication SeizeShipment RecallShipment"),
    (1, "RecordTransfer SuspendLicense HoldShipment SurrenderLicense RecordLicense CancelShipment RefuseHandoff"),
    (1, "VoteAuthority RevokeLicense"),
)
"""How often an act is tried; the others twice."""


@dataclass(frozen=True, slots=True)
class Step:
    """An act and the account that signs it."""

    act: Act
    signer: bytes


def _has_returned(state: State, license: Any) -> bool:
    """Whether a shipment of the license can be credited."""
    shipments = [record for record in state.records.values() if isinstance(record, Shipment)]
    return any(one.license == license.record and one.status == 7 and not one.credited for one in shipments)


FITTING: dict[str, Callable[[State, Any], bool]] = {
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


class Steps:
    """Acts for a ledger in the model's state; `accounts` are those that somebody can sign for."""

    def __init__(
        self, state: State, accounts: Sequence[bytes], chance: random.Random, digest: Callable[[Act], bytes] = plain
    ) -> None:
        self.state = state
        self.digest = digest
        self.accounts = accounts
        self.chance = chance
        self.met: Counter[tuple[int, str]] = Counter()
        """Refusals by kind of act and name."""
        self.done: Counter[str] = Counter()
        """Acts by name that were entered."""
        self.entered: list[Step] = []
        self.growth = list(GROWTH)
        often = {name: weight for weight, names in WEIGHTS for name in names.split()}
        self.kinds = [name for name in sorted(ACTS) for _ in range(often.get(name, 2))]

    def next(self, time: int) -> Step:
        """A step for a block of about that time: what is wanted, if it would be entered, or anything."""
        step = next((step for name in self._wishes() if (step := self._entering(ACTS[name], time))), None)
        step = step or self._any(time)
        refused = self._refusal(step, time)
        if refused:
            self.met[step.act.KIND, refused] += 1
        else:
            self.entered.append(step)
            self.done[type(step.act).__name__] += 1
        return step

    def _wishes(self) -> list[str]:
        """Names of acts that are wanted; none: any."""
        if self.growth:
            return [self.growth.pop(0)]
        if self.chance.random() < LEAST:
            return sorted(dict.fromkeys(self.kinds), key=lambda name: (self.done[name], self.chance.random()))[:6]
        return []

    def focus(self, kinds: range) -> None:
        """Acts of these numbers only, once there is something to walk on."""
        self.kinds = [name for name in self.kinds if ACTS[name].KIND in kinds]

    def _any(self, time: int) -> Step:
        """One that would be entered, one that would be refused as few were, or the next best."""
        kind, chance = ACTS[self.chance.choice(self.kinds)], self.chance.random()
        if chance < ACCEPTED:
            return self._entering(kind, time) or self._candidate(kind, time)
        if chance < ACCEPTED + REFUSED:
            return self._rarest(kind, time)
        if chance < ACCEPTED + REFUSED + AGAIN and self.entered:
            return self.chance.choice(self.entered[-9:])
        return self._candidate(kind, time)

    def _entering(self, kind: type[Act], time: int) -> Step | None:
        """A step that the model would enter, if one is found."""
        steps = (self._candidate(kind, time) for _ in range(TRIES))
        return next((step for step in steps if not self._refusal(step, time)), None)

    def _rarest(self, kind: type[Act], time: int) -> Step:
        """Of some candidates the one whose refusal was met least."""
        found = {name: step for step in self._candidates(kind, time) if (name := self._refusal(step, time))}
        rarest = min(found, key=lambda name: self.met[kind.KIND, name], default=None)
        return found[rarest] if rarest else self._candidate(kind, time)

    def _candidates(self, kind: type[Act], time: int) -> list[Step]:
        return [self._candidate(kind, time, spoil=0.6) for _ in range(TRIES)]

    def _refusal(self, step: Step, time: int) -> str:
        """The name of the model's refusal; none: it would enter it."""
        try:
            consider(Case(self.state, step.act, step.signer, time, self.digest(step.act)))
        except Refused as refused:
            return refused.name
        finally:
            self.state.rollback()
        return ""

    def _candidate(self, kind: type[Act], time: int, spoil: float = SPOILED) -> Step:
        record = ZERO32 if kind.CREATES else self._record(kind)
        found = self.state.find(Record, record)
        paper = Paper(self.state, self.chance, time, found, self.accounts)
        values = {"parent": found.head if found else ZERO32, "deadline": time + DAY, "organization": 0}
        act = kind(record=record, **(values | PAPERS[kind.__name__](paper)))
        act = self._placed(act, time)
        if self.chance.random() < spoil:
            act = self._spoiled(act)
        signer = self._signer(act, time)
        if signer not in self.accounts:
            signer = self.chance.choice(self.accounts)
        return Step(self._identified(act), signer)

    def _record(self, kind: type[Act]) -> bytes:
        """One of the records that the act is about, a recent one rather; sometimes one whose status fits for sure."""
        row = ROWS[kind]
        known = [record for record in self.state.records.values() if isinstance(record, row.record)]
        fitting = [record for record in known if not row.allowed or row.allowed >> record.status & 1]
        if kind.__name__ in FITTING:
            fitting = [record for record in fitting if FITTING[kind.__name__](self.state, record)] or fitting
        choice = fitting if fitting and self.chance.random() < 0.9 else known
        return self.chance.choice(choice[-12:] if self.chance.random() < 0.7 else choice).record if choice else ZERO32

    def _placed(self, act: Act, time: int) -> Act:
        """The act of an organization that stands in the relation its row names."""
        if act.organization:
            return act
        row, fitting = ROWS[type(act)], []
        subject = self.state.find(Agent, act.record)
        signer = subject.account if subject else bytes(20)
        for number in range(1, self.state.count("ORGANIZATION") + 1):
            named = dataclasses.replace(act, organization=number)
            try:
                index = row.relation(Case(self.state, named, signer, time, ZERO32))
            except Refused:
                continue
            usable = index == ACCOUNT_ITSELF or self.state.roles(number) & USABLE_BY[row.powers[index]]
            fitting += [named] if usable else []
        return self.chance.choice(fitting) if fitting else dataclasses.replace(act, organization=1)

    def _signer(self, act: Act, time: int) -> bytes:
        """An agent with the power, of the organization, of a delegate or of a sponsor; sometimes anybody."""
        subject = self.state.find(Agent, act.record)
        if subject and act.KIND in (21, 23) and self.chance.random() < 0.9:
            return subject.account
        if self.chance.random() < STRANGER:
            return self.chance.choice(self.accounts)
        row = ROWS[type(act)]
        try:
            index = row.relation(Case(self.state, act, bytes(20), time, ZERO32))
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

    def _identified(self, act: Act) -> Act:
        if act.CREATES and (self.chance.random() < 0.97 or isinstance(act, AppointAgent)):
            return dataclasses.replace(act, record=created_id(self.state, act))
        return act

    def _spoiled(self, act: Act) -> Act:
        """The act with one member at or beyond a bound."""
        member = self.chance.choice(members(type(act)))
        try:
            return dataclasses.replace(act, **{member.name: self._other(member, getattr(act, member.name))})
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
