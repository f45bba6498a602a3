"""Effects on agents and policies (RULES.md, section 2)."""

from dataclasses import replace

from ledger.acts.act import Act, RecordKind
from ledger.acts.organizations import (
    AcceptAppointment,
    AdoptPolicy,
    AppointAgent,
    ConfirmAppointment,
    DismissAgent,
    RotateAgentKeys,
)
from ledger.errors import InvalidField
from ledger.ids import Address, Commitment, RecordId, Time
from ledger.journal.entries import Entry
from ledger.records.book import Book, known
from ledger.records.codes import AgentStatus, LicenseKind, Power, Role
from ledger.records.states import Agent, Policy


def agent_after(act: Act, entry: Entry, book: Book) -> Agent:
    """The agent, its organization's counts of active agents with it."""
    if isinstance(act, AppointAgent):
        return _appointed(act, entry, book)
    before = known(Agent, act.record, book)
    after = _moved(act, before, book)
    _count(before, after, entry, book)
    return after if after.status == before.status else replace(after, since=entry.time)


def _appointed(act: AppointAgent, entry: Entry, book: Book) -> Agent:
    organization = book.organization(act.organization)
    # While an organization has no active admin, its sponsor appoints.
    appointing = organization.number if organization.admins else organization.sponsor
    record = RecordId(act.record)
    return Agent(
        record=record,
        created_seq=entry.seq,
        number=book.new_number(RecordKind.AGENT, record),
        organization=act.organization,
        account=Address(act.account),
        powers=Power(act.powers),
        status=AgentStatus.PENDING,
        since=entry.time,
        appointer=book.agent(appointing, entry.signer).number,
    )


def _moved(act: Act, agent: Agent, book: Book) -> Agent:
    match act:
        case AcceptAppointment():
            # In an authority a second admin confirms; founders are confirmed by the deployment.
            waits = agent.appointer and book.organization(agent.organization).roles & Role.AUTHORITY
            status = AgentStatus.ACCEPTED if waits else AgentStatus.ACTIVE
            return replace(agent, status=status, ed25519=act.ed25519, x25519=act.x25519)
        case ConfirmAppointment():
            return replace(agent, status=AgentStatus.ACTIVE)
        case RotateAgentKeys():
            return replace(agent, ed25519=act.ed25519, x25519=act.x25519)
        case DismissAgent():
            return replace(agent, status=AgentStatus.DISMISSED, compromised_since=Time(act.compromised_since))
    raise no_effect(act)


def _count(before: Agent, after: Agent, entry: Entry, book: Book) -> None:
    change = (after.status == AgentStatus.ACTIVE) - (before.status == AgentStatus.ACTIVE)
    if change:
        organization = book.organization(after.organization)
        admins = organization.admins + (change if after.powers & Power.ADMIN else 0)
        book.put(replace(organization, agents=organization.agents + change, admins=admins, last_seq=entry.seq))


def policy_after(act: Act, entry: Entry, book: Book) -> Policy:
    """A new policy; the one it replaces stays as it was."""
    if not isinstance(act, AdoptPolicy):
        raise no_effect(act)
    record = RecordId(act.record)
    return Policy(
        record=record,
        created_seq=entry.seq,
        number=book.new_number(RecordKind.POLICY, record),
        organization=act.organization,
        kind=LicenseKind(act.kind),
        replaces=act.replaces,
        terms=act.terms,
        control_list=Commitment(act.control_list),
    )


def no_effect(act: Act) -> InvalidField:
    """An act that no effect is written for."""
    return InvalidField("kind", act.KIND, "an act whose effects are known")
