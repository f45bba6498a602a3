"""The state that a deployment founds: its first authorities and their agents, before any entry (encodings A13)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ledger.acts.act import RecordKind
from ledger.audit.agents import DECIDING, add_agent, allowed_powers
from ledger.audit.codes import AgentStatus, OrganizationStatus, Power, Role
from ledger.audit.heads import RECORD_CONTRACTS, account_salt, founded, record_id
from ledger.audit.organizations import add_organization, change_authorities
from ledger.audit.refusals import require, require_between
from ledger.audit.state import State


@dataclass(frozen=True, slots=True)
class Appointee:
    account: bytes
    powers: int


@dataclass(frozen=True, slots=True)
class Founder:
    roles: int
    profile: bytes
    agents: tuple[Appointee, ...]


def found(chain_id: int, contracts: Mapping[str, bytes], founders: Sequence[Founder]) -> State:
    """The state before the first entry; `contracts` are addresses by name.

    Raises:
        Refused: an authority lacks two admins and two officers, or a founder's roles or powers are impossible.
    """
    require_between("founders", len(founders), 1, 2**32 - 1)
    state = State(chain_id, contracts)
    for founder in founders:
        _check(founder, number=state.count(RecordKind.ORGANIZATION.name) + 1)
        _add(state, founder)
    authorities = state.count("authorities")
    require(authorities > 0, "RolesInvalid", founders[0].roles, Role.AUTHORITY)
    state.commit()
    return state


def _check(founder: Founder, *, number: int) -> None:
    valid = founder.roles != 0 and not founder.roles & ~Role.ALL
    require(valid, "RolesInvalid", founder.roles, Role.ALL)
    seen: set[bytes] = set()
    for agent in founder.agents:
        allowed = allowed_powers(agent.powers, founder.roles)
        require(agent.powers != 0 and not agent.powers & ~allowed, "PowersInvalid", agent.powers, allowed)
        require(agent.account not in seen, "AccountTaken", agent.account, number)
        seen.add(agent.account)
    if founder.roles & Role.AUTHORITY:
        most = max(len(founder.agents), 2)
        admins = sum(1 for agent in founder.agents if agent.powers & Power.ADMIN)
        officers = sum(1 for agent in founder.agents if agent.powers & DECIDING)
        require_between("admins", admins, 2, most)
        require_between("officers", officers, 2, most)


def _add(state: State, founder: Founder) -> None:
    number = state.count(RecordKind.ORGANIZATION.name) + 1
    record = _id(state, RecordKind.ORGANIZATION, number, founder.profile)
    added = add_organization(state, record, roles=founder.roles, profile=founder.profile, sponsor=0)
    added.status = OrganizationStatus.ACTIVE
    added.head = founded(record, number, founder.roles, founder.profile)
    if founder.roles & Role.AUTHORITY:
        change_authorities(state, 1)
    for appointee in founder.agents:
        record = _id(state, RecordKind.AGENT, number, account_salt(appointee.account))
        agent = add_agent(state, record, account=appointee.account, organization=number, powers=appointee.powers)
        agent.status = AgentStatus.PENDING
        agent.head = founded(record, number, appointee.powers, appointee.account)


def _id(state: State, kind: RecordKind, organization: int, salt: bytes) -> bytes:
    contract = state.contracts[RECORD_CONTRACTS[kind]]
    return record_id(state.chain_id, contract, kind=kind, organization=organization, salt=salt)
