"""Who may sign: step 4 of section 1, after the relation that the row names.

Order: agent (NotAnAgent), active (AgentNotActive), power (PowerMissing), role (RoleMissing), suspension
(OrganizationSuspended), then what the row asks of its signer.
"""

from ledger.acts.act import Act
from ledger.audit.case import ACCOUNT_ITSELF, Case, Row
from ledger.audit.codes import USABLE_BY, AgentStatus, OrganizationStatus, Power, Role
from ledger.audit.refusals import refuse, require
from ledger.audit.state import Agent, Organization, State


def authorize(case: Case[Act], row: Row) -> None:
    """Step 4. Leaves agent, its powers and the organization behind it in the case."""
    case.relation = row.relation(case)
    if case.relation == ACCOUNT_ITSELF:
        _take(case, case.the(Agent))
    else:
        _hold(case, row)
    if not row.when_suspended:
        require_unsuspended(case)
    row.signed(case)


def _hold(case: Case[Act], row: Row) -> None:
    """The agent, active, with the power, usable by a role of the organization that the act names."""
    asked = row.powers[case.relation]
    agent, power = _agent(case, row)
    require_active(case, agent)
    require(bool(agent.powers & power), "PowerMissing", case.signer, agent.powers, power)
    organization = case.act.organization
    roles = case.state.roles(organization)
    require(bool(roles & USABLE_BY[asked]), "RoleMissing", organization, roles, USABLE_BY[asked])
    _take(case, agent)


def _agent(case: Case[Act], row: Row) -> tuple[Agent, int]:
    """The signer as the organization's own agent, as a delegate's, or as its sponsor's; and the power it needs."""
    state, organization, power = case.state, case.act.organization, row.powers[case.relation]
    own = state.agent_of(case.signer, organization)
    if own:
        return own, power
    delegate = state.bound.get(case.signer) or 0
    delegated = state.agent_of(case.signer, delegate)
    if delegated and has_mandate(state, organization, delegate, kind=case.act.KIND, time=case.time):
        return delegated, power
    represented = state.organization(organization)
    if represented and case.relation == 0 and is_keyless(represented, row.keyless):
        sponsoring = state.agent_of(case.signer, represented.sponsor)
        if sponsoring:
            return sponsoring, row.keyless
    return refuse("NotAnAgent", case.signer, organization)


def has_mandate(state: State, organization: int, delegate: int, *, kind: int, time: int) -> bool:
    """Whether the delegate's agents may sign acts of that kind for the organization."""
    mandate = state.mandate(organization, delegate)
    return mandate is not None and kind in mandate.kinds and time < mandate.until


def is_keyless(organization: Organization, power: int) -> bool:
    """Whether the sponsor may sign with that power: no active agent (RECORD), no active admin (REGISTER)."""
    if power == Power.RECORD:
        return organization.agents == 0
    return power == Power.REGISTER and organization.admins == 0 and not organization.roles & Role.AUTHORITY


def require_active(case: Case[Act], agent: Agent) -> None:
    """AgentNotActive unless it is."""
    status = case.state.agent_status(agent)
    require(status == AgentStatus.ACTIVE, "AgentNotActive", case.signer, status)


def require_unsuspended(case: Case[Act]) -> None:
    """Neither the organization nor the signer's own is suspended."""
    for number in (case.act.organization, case.behind):
        found = case.state.organization(number)
        suspended = found is not None and found.status == OrganizationStatus.SUSPENDED
        require(not suspended, "OrganizationSuspended", number)


def require_known(state: State, organization: int) -> None:
    """There is an organization of that number."""
    require(state.organization(organization) is not None, "UnknownOrganization", organization)


def _take(case: Case[Act], agent: Agent) -> None:
    case.agent, case.powers, case.behind = agent.number, agent.powers, agent.organization
