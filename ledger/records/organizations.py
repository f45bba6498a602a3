"""Effects on organizations: votes, suspensions, names, mandates, recoveries (RULES.md, section 2)."""

from dataclasses import replace

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
from ledger.ids import Commitment, RecordId, Time
from ledger.journal.entries import Entry
from ledger.records.book import Book, known
from ledger.records.codes import AgentStatus, Motion, OrganizationStatus, Power, Role
from ledger.records.directory import no_effect
from ledger.records.parts import Mandate, Vote
from ledger.records.proposals import seconded
from ledger.records.states import Organization


def organization_after(act: Act, entry: Entry, book: Book) -> Organization:
    """The organization as the act leaves it."""
    if isinstance(act, RegisterOrganization | RecordParty):
        return _registered(act, entry, book)
    organization = known(Organization, act.record, book)
    match act:
        case VoteAuthority():
            return _voted(act, organization, entry, book)
        case SuspendOrganization() | ReinstateOrganization():
            return _passed(Motion.SUSPEND if isinstance(act, SuspendOrganization) else Motion.REINSTATE, organization)
        case RenameOrganization():
            return replace(organization, profile=Commitment(act.profile))
        case GrantMandate() | EndMandate():
            return _mandated(act, organization)
        case RecoverOrganization():
            return _recovered(act, organization, entry, book)
    raise no_effect(act)


def _registered(act: RegisterOrganization | RecordParty, entry: Entry, book: Book) -> Organization:
    """Sponsored by the authority that signed."""
    record = RecordId(act.record)
    return Organization(
        record=record,
        created_seq=entry.seq,
        number=book.new_number(RecordKind.ORGANIZATION, record),
        roles=Role(act.roles),
        sponsor=act.organization,
        status=OrganizationStatus.ACTIVE,
        agents=0,
        admins=0,
        profile=Commitment(act.profile),
    )


def _voted(act: VoteAuthority, organization: Organization, entry: Entry, book: Book) -> Organization:
    """Passed by more than half of the active authorities, the subject not counted."""
    motion = Motion(act.motion)
    votes = (*organization.votes, Vote(motion=motion, organization=act.organization))
    authorities = (one for one in book.authorities() if one.number != organization.number)
    voters = sum(one.status == OrganizationStatus.ACTIVE for one in authorities)
    if 2 * sum(vote.motion == motion for vote in votes) <= voters:
        return replace(organization, votes=votes)
    # The authorities are others now: whatever has not passed begins anew.
    for other in book.voted():
        book.put(replace(other, votes=(), last_seq=entry.seq))
    return _passed(motion, replace(organization, votes=()))


def _passed(motion: Motion, organization: Organization) -> Organization:
    match motion:
        case Motion.ADMIT:
            return replace(organization, roles=organization.roles | Role.AUTHORITY, sponsor=organization.number)
        case Motion.SUSPEND:
            return replace(organization, status=OrganizationStatus.SUSPENDED)
        case Motion.REINSTATE:
            return replace(organization, status=OrganizationStatus.ACTIVE)


def _mandated(act: GrantMandate | EndMandate, organization: Organization) -> Organization:
    """One mandate a delegate: a new one takes the place of the old."""
    others = tuple(one for one in organization.mandates if one.delegate != act.delegate)
    if isinstance(act, EndMandate):
        return replace(organization, mandates=others)
    kinds = sum(1 << kind for kind in set(act.kinds))
    return replace(organization, mandates=(*others, Mandate(delegate=act.delegate, kinds=kinds, until=Time(act.until))))


def _recovered(act: RecoverOrganization, organization: Organization, entry: Entry, book: Book) -> Organization:
    acts, proposals = seconded(act, entry, organization.proposals, book)
    if not acts:
        return replace(organization, proposals=proposals)
    for agent in book.agents_of(organization.number):
        if agent.powers & Power.ADMIN:
            book.put(replace(agent, status=AgentStatus.DISMISSED, last_seq=entry.seq))
    return replace(
        organization,
        proposals=proposals,
        agents=organization.agents - organization.admins,
        admins=0,
        recoveries=organization.recoveries + 1,
        mandates=(),
    )
