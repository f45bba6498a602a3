"""Kinds 1 to 9: organizations, votes, mandates, recovery (RULES.md, section 2)."""

from ledger.acts.act import Act, RecordKind
from ledger.acts.organizations import (
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
from ledger.audit.case import Case, Row
from ledger.audit.codes import (
    FOREVER,
    KEYLESS,
    MANDATABLE,
    MOST_KINDS,
    Motion,
    OrganizationStatus,
    Power,
    Role,
    bits,
)
from ledger.audit.heads import naming
from ledger.audit.refusals import refuse, require, require_between, require_commitment
from ledger.audit.state import Mandate, Organization, State

NO_AUTHORITY = Role.ALL & ~Role.AUTHORITY
ACTIVE = bits(OrganizationStatus.ACTIVE)
SUSPENDED = bits(OrganizationStatus.SUSPENDED)
EITHER = ACTIVE | SUSPENDED


def by_itself(case: Case[Act]) -> int:
    """The organization that the record is."""
    number = case.the(Organization).number
    require(case.act.organization == number, "WrongOrganization", case.act.organization, number)
    return 0


def by_its_sponsor(case: Case[Act]) -> int:
    """The sponsor of the organization that the record is."""
    within = case.act.organization == case.the(Organization).sponsor
    require(within, "OutsideJurisdiction", case.act.organization, case.act.record)
    return 0


def by_another_authority(case: Case[Act]) -> int:
    """An authority other than the subject."""
    named = case.act.organization
    another = named != case.the(Organization).number and bool(case.state.roles(named) & Role.AUTHORITY)
    require(another, "WrongOrganization", named, 0)
    return 0


def check_register(case: Case[RegisterOrganization]) -> None:
    """1: profile; roles not empty, no AUTHORITY."""
    _check_new(case, NO_AUTHORITY)


def check_record_party(case: Case[RecordParty]) -> None:
    """2: profile; roles not empty, none that needs keys."""
    _check_new(case, KEYLESS)


def _check_new(case: Case[RegisterOrganization] | Case[RecordParty], allowed: int) -> None:
    require_commitment("profile", case.act.profile)
    roles = case.act.roles
    require(roles != 0 and not roles & ~allowed, "RolesInvalid", roles, allowed)


def register(case: Case[RegisterOrganization] | Case[RecordParty]) -> None:
    """1, 2: a number, the authority as sponsor; the sponsor is noted."""
    act, state = case.act, case.state
    add_organization(state, act.record, roles=act.roles, profile=act.profile, sponsor=act.organization)
    sponsor = state.organization(act.organization)
    if sponsor:
        case.touch(sponsor.record, naming(act.record))


def add_organization(state: State, record: bytes, *, roles: int, profile: bytes, sponsor: int) -> Organization:
    """Adds an organization under the next number; `sponsor` 0: itself."""
    number = state.next_number(RecordKind.ORGANIZATION)
    state.numbered.put((RecordKind.ORGANIZATION, number), record)
    added = Organization(record=record, number=number, roles=roles, sponsor=sponsor or number, profile=profile)
    state.records.put(record, added)
    return added


def check_vote(case: Case[VoteAuthority]) -> None:
    """3: motion; status; the subject's role; two active admins to admit; not voted already."""
    act, subject = case.act, case.the(Organization)
    require_between("motion", act.motion, Motion.ADMIT, Motion.REINSTATE)
    allowed = SUSPENDED if act.motion == Motion.REINSTATE else ACTIVE
    require(bool(allowed >> subject.status & 1), "WrongStatus", act.record, subject.status, allowed)
    is_authority = bool(subject.roles & Role.AUTHORITY)
    admits = act.motion == Motion.ADMIT
    require(is_authority != admits, "RolesInvalid", subject.roles, NO_AUTHORITY if admits else Role.AUTHORITY)
    if admits:
        require_between("admins", subject.admins, 2, 2**32 - 1)
    voted = act.organization in votes(case.state, act.record, act.motion)
    require(not voted, "AlreadyVoted", act.organization, act.record, act.motion)


def votes(state: State, record: bytes, motion: int) -> frozenset[int]:
    """Who voted for a motion since the set of active authorities last changed."""
    return state.votes.get((state.count("composition"), record, motion)) or frozenset()


def vote(case: Case[VoteAuthority]) -> int | None:
    """3: passes with more than half of the active authorities, the subject not counted."""
    act, state = case.act, case.state
    cast = votes(state, act.record, act.motion) | {act.organization}
    state.votes.put((state.count("composition"), act.record, act.motion), cast)
    counted = state.count("authorities") - (act.motion == Motion.SUSPEND)
    return _carry(case) if 2 * len(cast) > counted else None


def _carry(case: Case[VoteAuthority]) -> int:
    """What a motion does that has passed: the set of active authorities is another one from now on."""
    motion, subject = case.act.motion, case.draft(Organization)
    if motion == Motion.ADMIT:
        subject.roles |= Role.AUTHORITY
        subject.sponsor = subject.number
    change_authorities(case.state, -1 if motion == Motion.SUSPEND else 1)
    return OrganizationStatus.SUSPENDED if motion == Motion.SUSPEND else OrganizationStatus.ACTIVE


def change_authorities(state: State, by: int) -> None:
    """Another set of active authorities: a new composition."""
    state.counts.put("authorities", state.count("authorities") + by)
    state.counts.put("composition", state.count("composition") + 1)


def check_no_authority(case: Case[SuspendOrganization] | Case[ReinstateOrganization]) -> None:
    """4, 5: the subject is no authority."""
    roles = case.the(Organization).roles
    require(not roles & Role.AUTHORITY, "RolesInvalid", roles, NO_AUTHORITY)


def check_rename(case: Case[RenameOrganization]) -> None:
    """6: profile."""
    require_commitment("profile", case.act.profile)


def rename(case: Case[RenameOrganization]) -> None:
    """6."""
    case.draft(Organization).profile = case.act.profile


def check_grant_mandate(case: Case[GrantMandate]) -> None:
    """7: delegate known, another; until; 1 to 32 kinds that a mandate may name."""
    act = case.act
    if case.state.organization(act.delegate) is None:
        refuse("UnknownOrganization", act.delegate)
    require(act.delegate != act.organization, "WrongOrganization", act.delegate, 0)
    require_between("until", act.until, case.time + 1, FOREVER)
    require_between("kinds", len(act.kinds), 1, MOST_KINDS)
    for kind in act.kinds:
        require(kind in MANDATABLE, "KindNotMandatable", kind)


def grant_mandate(case: Case[GrantMandate]) -> None:
    """7."""
    act, giver = case.act, case.the(Organization)
    mandate = Mandate(frozenset(act.kinds), act.until, giver.recoveries)
    case.state.mandates.put((act.organization, act.delegate), mandate)


def check_end_mandate(case: Case[EndMandate]) -> None:
    """8: the delegate has a mandate that is not over."""
    act = case.act
    granted = case.state.mandate(act.organization, act.delegate)
    lasts = granted is not None and case.time < granted.until
    require(lasts, "NoMandate", act.organization, act.delegate)


def end_mandate(case: Case[EndMandate]) -> None:
    """8."""
    case.state.mandates.put((case.act.organization, case.act.delegate), None)


def check_recover(case: Case[RecoverOrganization]) -> None:
    """9: the subject is no authority; document."""
    roles = case.the(Organization).roles
    require(not roles & Role.AUTHORITY, "RolesInvalid", roles, NO_AUTHORITY)
    require_commitment("document", case.act.document)


def recover(case: Case[RecoverOrganization]) -> None:
    """9: every admin of before counts as dismissed, and mandates of before are over; other agents stay."""
    subject = case.draft(Organization)
    subject.agents -= subject.admins
    subject.admins = 0
    subject.recoveries += 1


ROWS = (
    Row(
        act=RegisterOrganization,
        record=Organization,
        powers=(Power.REGISTER,),
        to=OrganizationStatus.ACTIVE,
        checks=check_register,
        effects=register,
    ),
    Row(
        act=RecordParty,
        record=Organization,
        powers=(Power.RECORD,),
        to=OrganizationStatus.ACTIVE,
        checks=check_record_party,
        effects=register,
    ),
    Row(
        act=VoteAuthority,
        record=Organization,
        powers=(Power.ADMIN,),
        allowed=EITHER,
        relation=by_another_authority,
        checks=check_vote,
        effects=vote,
    ),
    Row(
        act=SuspendOrganization,
        record=Organization,
        powers=(Power.ENFORCE,),
        allowed=ACTIVE,
        to=OrganizationStatus.SUSPENDED,
        relation=by_its_sponsor,
        checks=check_no_authority,
    ),
    Row(
        act=ReinstateOrganization,
        record=Organization,
        powers=(Power.ENFORCE,),
        allowed=SUSPENDED,
        to=OrganizationStatus.ACTIVE,
        relation=by_its_sponsor,
        checks=check_no_authority,
    ),
    Row(
        act=RenameOrganization,
        record=Organization,
        powers=(Power.ADMIN,),
        keyless=Power.REGISTER,
        allowed=ACTIVE,
        relation=by_itself,
        checks=check_rename,
        effects=rename,
    ),
    Row(
        act=GrantMandate,
        record=Organization,
        powers=(Power.ADMIN,),
        allowed=ACTIVE,
        relation=by_itself,
        checks=check_grant_mandate,
        effects=grant_mandate,
    ),
    Row(
        act=EndMandate,
        record=Organization,
        powers=(Power.ADMIN,),
        allowed=ACTIVE,
        relation=by_itself,
        checks=check_end_mandate,
        effects=end_mandate,
    ),
    Row(
        act=RecoverOrganization,
        record=Organization,
        powers=(Power.REGISTER,),
        allowed=EITHER,
        relation=by_its_sponsor,
        two_agents=True,
        checks=check_recover,
        effects=recover,
    ),
)
