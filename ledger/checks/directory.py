"""Whether an act about organizations and agents could be entered: RULES.md, section 2, besides who signs.

By the sponsor or the organization itself, as the row says; powers that somebody may have; four eyes where two are
asked. Part of P1: what an organization or agent could do afterwards rests on it.
"""

from collections.abc import Iterator

from ledger.acts.act import RecordKind
from ledger.acts.organizations import (
    AppointAgent,
    ConfirmAppointment,
    DismissAgent,
    EndMandate,
    GrantMandate,
    RecordParty,
    RecoverOrganization,
    RegisterOrganization,
    ReinstateOrganization,
    RenameOrganization,
    SuspendOrganization,
    VoteAuthority,
)
from ledger.checks.authority import usable_by
from ledger.checks.findings import Step
from ledger.checks.replay import Past
from ledger.records.codes import MANDATABLE, AgentStatus, OrganizationStatus, Power, Role, name_of
from ledger.records.states import Agent, Organization

_SPONSORED = SuspendOrganization | ReinstateOrganization | RecoverOrganization
_OWN = RenameOrganization | GrantMandate | EndMandate
_NEVER_KEYLESS = Role.AUTHORITY | Role.CUSTOMS | Role.MISSION | Role.AUDITOR
_UNDECIDED = Power.APPLY | Power.SHIP
"""Powers that an agent may have without use at home: a mandate may need them."""


def directory_faults(past: Past, step: Step) -> Iterator[str]:
    """Why an act on an organization or agent could not be entered."""
    if step.act is None or step.act.RECORD not in (RecordKind.ORGANIZATION, RecordKind.AGENT):
        return
    if isinstance(step.act, RegisterOrganization | RecordParty):
        never = _NEVER_KEYLESS if isinstance(step.act, RecordParty) else Role.AUTHORITY
        if not step.act.roles or step.act.roles & never:
            yield "it gives roles that nobody is registered with"
    elif isinstance(step.act, AppointAgent):
        yield from _appointment_faults(past, step, step.act)
    elif step.act.RECORD is RecordKind.AGENT:
        yield from _agent_faults(past, step)
    else:
        yield from _organization_faults(past, step)


def _appointment_faults(past: Past, step: Step, act: AppointAgent) -> Iterator[str]:
    powers, roles = Power(act.powers), past.roles(act.organization, step)
    unusable = [power for power in Power if powers & power & ~_UNDECIDED and not roles & usable_by(power)]
    if unusable or not powers or powers & ~sum(Power):
        yield "it gives powers that no role of the organization makes usable"
    if powers & Power.ADMIN and powers & (Power.ASSESS | Power.DECIDE):
        yield "it makes one person admin and officer"
    if not powers & Power.ADMIN and past.behind(step) != act.organization:
        yield "the sponsor may appoint admins only"


def _agent_faults(past: Past, step: Step) -> Iterator[str]:
    agent = past.before(Agent, step.entry.record, step)
    if agent is None or step.entry.organization != agent.organization:
        yield "it is about no agent of the organization"
        return
    if isinstance(step.act, ConfirmAppointment):
        admin = past.agent_before(step.entry.organization, step.entry.signer, step)
        if agent.status != AgentStatus.ACCEPTED:
            yield "there was no accepted appointment to confirm"
        if admin is not None and admin.number == agent.appointer:
            yield "the appointing admin confirmed the appointment alone"
    if isinstance(step.act, DismissAgent) and step.act.compromised_since > step.entry.time:
        yield "it tells of keys that are yet to be compromised"


def _organization_faults(past: Past, step: Step) -> Iterator[str]:
    subject = past.before(Organization, step.entry.record, step)
    if subject is None:
        return
    number = step.entry.organization
    if isinstance(step.act, _SPONSORED):
        if number != subject.sponsor or subject.roles & Role.AUTHORITY:
            yield f"organization {number} does not answer for organization {subject.number}"
    elif isinstance(step.act, _OWN) and number != subject.number:
        yield f"organization {number} spoke for organization {subject.number}"
    if isinstance(step.act, VoteAuthority):
        yield from _vote_faults(past, step, step.act, subject)
    if isinstance(step.act, GrantMandate) and not set(step.act.kinds) <= MANDATABLE:
        yield "it gives a mandate for acts that nobody else may sign"
    if isinstance(step.act, RecoverOrganization) and past.alone(step):
        yield "one agent recovered the organization alone"
    yield from _status_faults(step, subject)


def _vote_faults(past: Past, step: Step, act: VoteAuthority, subject: Organization) -> Iterator[str]:
    if act.organization == subject.number or not past.roles(act.organization, step) & Role.AUTHORITY:
        yield f"organization {act.organization} has no vote on organization {subject.number}"
    if any((vote.motion, vote.organization) == (act.motion, act.organization) for vote in subject.votes):
        yield f"organization {act.organization} voted twice"


def _status_faults(step: Step, subject: Organization) -> Iterator[str]:
    match step.act:
        case SuspendOrganization() | RenameOrganization() | GrantMandate() | EndMandate():
            asked = OrganizationStatus.ACTIVE
        case ReinstateOrganization():
            asked = OrganizationStatus.SUSPENDED
        case _:
            return
    if subject.status != asked:
        yield f"organization {subject.number} was {name_of(subject.status)}"
