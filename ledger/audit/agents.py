"""Kinds 20 to 24: who speaks for an organization (RULES.md, section 2)."""

from ledger.acts.act import Act, RecordKind
from ledger.acts.organizations import (
    AcceptAppointment,
    AppointAgent,
    ConfirmAppointment,
    DismissAgent,
    RotateAgentKeys,
)
from ledger.audit.authority import require_active, require_known
from ledger.audit.case import ACCOUNT_ITSELF, Case, Row
from ledger.audit.codes import USABLE_BY, AgentStatus, Power, Role, bits
from ledger.audit.heads import naming
from ledger.audit.refusals import require, require_commitment
from ledger.audit.state import Agent, Organization, State
from ledger.ids import ZERO32

DECIDING = Power.ASSESS | Power.DECIDE


def for_a_known_organization(case: Case[Act]) -> int:
    """20: an organization that there is."""
    require_known(case.state, case.act.organization)
    return 0


def by_its_organization(case: Case[Act]) -> int:
    """The agent's own organization."""
    required = case.the(Agent).organization
    require(case.act.organization == required, "WrongOrganization", case.act.organization, required)
    return 0


def by_the_account(case: Case[Act]) -> int:
    """The account itself, which is nobody's agent where it is not this one."""
    agent = case.the(Agent)
    itself = (case.signer, case.act.organization) == (agent.account, agent.organization)
    require(itself, "NotAnAgent", case.signer, case.act.organization)
    return ACCOUNT_ITSELF


def by_the_account_or_its_organization(case: Case[Act]) -> int:
    """23: the account itself, with no power but an active agent, or its organization."""
    agent = case.the(Agent)
    by_its_organization(case)
    if case.signer != agent.account:
        return 0
    require_active(case, agent)
    return ACCOUNT_ITSELF


def counted_status(case: Case[Act]) -> int:
    """An admin of before a recovery counts as dismissed."""
    return case.state.agent_status(case.the(Agent))


def allowed_powers(powers: int, roles: int) -> int:
    """The powers that an agent may have in an organization with these roles: an admin neither assesses nor decides."""
    usable = sum(power for power, by in USABLE_BY.items() if roles & by)
    return usable & ~DECIDING if powers & Power.ADMIN else usable


def check_appoint(case: Case[AppointAgent]) -> None:
    """20: account not bound; powers usable, or APPLY or SHIP for a mandate; with ADMIN when the sponsor appoints."""
    act, state = case.act, case.state
    bound = state.bound.get(act.account)
    require(bound is None, "AccountTaken", act.account, bound or 0)
    allowed = allowed_powers(act.powers, state.roles(act.organization)) | Power.APPLY | Power.SHIP
    valid = act.powers != 0 and not act.powers & ~allowed
    sponsored = case.behind != act.organization
    require(valid and (not sponsored or bool(act.powers & Power.ADMIN)), "PowersInvalid", act.powers, allowed)


def appoint(case: Case[AppointAgent]) -> None:
    """20: pending; the organization is noted."""
    act = case.act
    agent = add_agent(case.state, act.record, account=act.account, organization=act.organization, powers=act.powers)
    agent.since, agent.appointer = case.time, case.agent
    _note_organization(case, act.organization)


def add_agent(state: State, record: bytes, *, account: bytes, organization: int, powers: int) -> Agent:
    """Adds an agent under the next number, as the deployment would."""
    found = state.organization(organization)
    added = Agent(
        record=record,
        organization=organization,
        account=account,
        powers=powers,
        number=state.next_number(RecordKind.AGENT),
        recoveries=found.recoveries if found else 0,
    )
    state.records.put(record, added)
    state.agents.put((organization, account), record)
    return added


def check_accept(case: Case[AcceptAppointment]) -> None:
    """21: both keys; account not bound elsewhere; not an admin of before a recovery."""
    agent = case.the(Agent)
    _check_keys(case)
    bound = case.state.bound.get(agent.account)
    require(bound is None, "AccountTaken", agent.account, bound or 0)
    status = case.state.agent_status(agent)
    require(status == AgentStatus.PENDING, "AgentNotActive", agent.account, status)


def _check_keys(case: Case[AcceptAppointment] | Case[RotateAgentKeys]) -> None:
    require_commitment("ed25519", case.act.ed25519)
    require_commitment("x25519", case.act.x25519)


def accept(case: Case[AcceptAppointment]) -> int:
    """21: active; in an authority accepted, unless the deployment appointed it."""
    agent = case.draft(Agent)
    agent.ed25519, agent.x25519, agent.since = case.act.ed25519, case.act.x25519, case.time
    case.state.bound.put(agent.account, agent.organization)
    _note_organization(case, agent.organization)
    if agent.appointer and case.state.roles(agent.organization) & Role.AUTHORITY:
        return AgentStatus.ACCEPTED
    _count(case.state, agent, 1)
    return AgentStatus.ACTIVE


def not_the_appointer(case: Case[ConfirmAppointment]) -> None:
    """22: another than who appointed."""
    require(case.agent != case.the(Agent).appointer, "FourEyes", case.agent, case.act.record)


def confirm(case: Case[ConfirmAppointment]) -> None:
    """22."""
    agent = case.draft(Agent)
    agent.since = case.time
    _count(case.state, agent, 1)
    _note_organization(case, agent.organization)


def rotate(case: Case[RotateAgentKeys]) -> None:
    """23."""
    agent = case.draft(Agent)
    agent.ed25519, agent.x25519 = case.act.ed25519, case.act.x25519
    _note_organization(case, agent.organization)


def check_dismiss(case: Case[DismissAgent]) -> None:
    """24: not the last active admin, but one of before a recovery; compromisedSince not in the future."""
    agent = case.the(Agent)
    organization = case.state.organization(agent.organization)
    admins = organization.admins if organization else 0
    is_admin = case.state.agent_status(agent) == AgentStatus.ACTIVE and bool(agent.powers & Power.ADMIN)
    require(not is_admin or admins > 1, "LastAdmin", agent.organization, admins)
    require(case.act.compromised_since <= case.time, "OccurredInFuture", case.act.compromised_since, case.time)


def dismiss(case: Case[DismissAgent]) -> None:
    """24."""
    agent = case.draft(Agent)
    if case.state.agent_status(agent) == AgentStatus.ACTIVE:
        _count(case.state, agent, -1)
    agent.since = case.time
    _note_organization(case, agent.organization)


def _count(state: State, agent: Agent, by: int) -> None:
    """Active agents and admins of its organization."""
    found = state.organization(agent.organization)
    organization = state.draft(Organization, found.record if found else ZERO32)
    organization.agents += by
    organization.admins += by if agent.powers & Power.ADMIN else 0


def _note_organization(case: Case[Act], number: int) -> None:
    found = case.state.organization(number)
    if found:
        case.touch(found.record, naming(case.act.record))


PRESENT = bits(AgentStatus.PENDING, AgentStatus.ACCEPTED, AgentStatus.ACTIVE)
ROWS = (
    Row(
        act=AppointAgent,
        record=Agent,
        powers=(Power.ADMIN,),
        relation=for_a_known_organization,
        keyless=Power.REGISTER,
        to=AgentStatus.PENDING,
        checks=check_appoint,
        effects=appoint,
    ),
    Row(
        act=AcceptAppointment,
        record=Agent,
        allowed=bits(AgentStatus.PENDING),
        to=AgentStatus.ACTIVE,
        relation=by_the_account,
        checks=check_accept,
        effects=accept,
    ),
    Row(
        act=ConfirmAppointment,
        record=Agent,
        powers=(Power.ADMIN,),
        allowed=bits(AgentStatus.ACCEPTED),
        status=counted_status,
        to=AgentStatus.ACTIVE,
        relation=by_its_organization,
        checks=not_the_appointer,
        effects=confirm,
    ),
    Row(
        act=RotateAgentKeys,
        record=Agent,
        powers=(Power.ADMIN,),
        allowed=bits(AgentStatus.ACTIVE),
        status=counted_status,
        relation=by_the_account_or_its_organization,
        checks=_check_keys,
        effects=rotate,
    ),
    Row(
        act=DismissAgent,
        record=Agent,
        powers=(Power.ADMIN,),
        keyless=Power.REGISTER,
        allowed=PRESENT,
        to=AgentStatus.DISMISSED,
        relation=by_its_organization,
        checks=check_dismiss,
        effects=dismiss,
    ),
)
