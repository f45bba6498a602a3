"""Authorities admit, suspend and reinstate each other by vote; nobody else does anything to one."""

import pytest

from ledger.acts.organizations import (
    AppointAgent,
    RecoverOrganization,
    ReinstateOrganization,
    RenameOrganization,
    SuspendOrganization,
    VoteAuthority,
)
from tests.scenario import ADMIN, AUTHORITY, CUSTOMS, DOCUMENT, INSPECT, World, keys_of, salt_of

ADMIT, SUSPEND, REINSTATE = 1, 2, 3
ALL = 511
HOME, ABROAD, THIRD, COAST, HARBOR = range(1, 6)
ADMINS = {HOME: "admin", ABROAD: "admin of abroad", THIRD: "admin of third", COAST: "chief"}


class Assembly(World):
    """Three authorities; coastal customs with two admins, harbor customs with one."""

    def __post_init__(self):
        super().__post_init__()
        self.register("coast", CUSTOMS, {"chief": ADMIN, "second chief": ADMIN, "guard": INSPECT})
        self.register("harbor", CUSTOMS, {"harbor master": ADMIN})
        self.advance(60)

    def vote(self, authority, subject, motion):
        return self.act(VoteAuthority, ADMINS[authority], authority, record=self.organization(subject), motion=motion)

    def refused_vote(self, authority, subject, motion):
        record = self.organization(subject)
        return self.refusal(VoteAuthority, ADMINS[authority], authority, record=record, motion=motion)

    def stored(self, number):
        return self.view("Directory", "organizationOf", number)


@pytest.fixture(scope="module")
def settled_assembly(tmp_path_factory):
    names = ("authority", "abroad", "third")
    world = Assembly(tmp_path_factory.mktemp("assembly"), founders=dict.fromkeys(names, ()))
    yield world
    world.close()


@pytest.fixture
def assembly(settled_assembly):
    mark = settled_assembly.snapshot()
    yield settled_assembly
    settled_assembly.revert(mark)


def test_one_vote_of_three_admits_nobody(assembly):
    assembly.vote(HOME, COAST, ADMIT)
    found = assembly.stored(COAST)
    assert (found.roles, found.sponsor, assembly.view("Directory", "authorities")) == (CUSTOMS, HOME, 3)


def test_two_votes_of_three_admit_an_authority_that_sponsors_itself(assembly):
    assembly.vote(HOME, COAST, ADMIT)
    assembly.vote(THIRD, COAST, ADMIT)
    found = assembly.stored(COAST)
    expected = (CUSTOMS | AUTHORITY, COAST, 4)
    assert (found.roles, found.sponsor, assembly.view("Directory", "authorities")) == expected


def test_the_subject_of_a_suspension_is_not_counted(assembly):
    """Of the two others more than half is both."""
    assembly.vote(HOME, THIRD, SUSPEND)
    before = assembly.stored(THIRD).status
    assembly.vote(ABROAD, THIRD, SUSPEND)
    assert (before, assembly.stored(THIRD).status, assembly.view("Directory", "authorities")) == (1, 2, 2)


def suspend_the_third(assembly):
    for authority in (HOME, ABROAD):
        assembly.vote(authority, THIRD, SUSPEND)


def test_the_authorities_that_are_active_reinstate(assembly):
    suspend_the_third(assembly)
    assembly.vote(HOME, THIRD, REINSTATE)
    before = assembly.stored(THIRD).status
    assembly.vote(ABROAD, THIRD, REINSTATE)
    assert (before, assembly.stored(THIRD).status, assembly.view("Directory", "authorities")) == (2, 1, 3)


def test_a_suspended_authority_has_no_vote(assembly):
    suspend_the_third(assembly)
    answer = assembly.refused_vote(THIRD, COAST, ADMIT)
    assert answer == ("OrganizationSuspended", {"organization": THIRD})


@pytest.mark.parametrize("authority", [THIRD, COAST])
def test_neither_the_subject_nor_another_organization_votes(assembly, authority):
    answer = assembly.refused_vote(authority, THIRD, SUSPEND)
    assert answer == ("WrongOrganization", {"organization": authority, "required": 0})


@pytest.mark.parametrize("motion", [0, 4])
def test_a_motion_that_does_not_exist_is_refused(assembly, motion):
    answer = assembly.refused_vote(HOME, COAST, motion)
    assert answer == ("OutOfRange", {"field": "motion", "value": motion, "minimum": 1, "maximum": 3})


def test_an_authority_that_is_active_is_not_reinstated(assembly):
    values = {"record": assembly.organization(THIRD), "status": 1, "allowed": 4}
    assert assembly.refused_vote(HOME, THIRD, REINSTATE) == ("WrongStatus", values)


@pytest.mark.parametrize("motion", [ADMIT, SUSPEND])
def test_who_is_suspended_is_neither_admitted_nor_suspended(assembly, motion):
    suspend_the_third(assembly)
    values = {"record": assembly.organization(THIRD), "status": 2, "allowed": 2}
    assert assembly.refused_vote(HOME, THIRD, motion) == ("WrongStatus", values)


def test_an_authority_is_not_admitted_again(assembly):
    answer = assembly.refused_vote(HOME, THIRD, ADMIT)
    assert answer == ("RolesInvalid", {"roles": AUTHORITY, "allowed": ALL - AUTHORITY})


def test_who_is_no_authority_is_not_suspended_by_vote(assembly):
    answer = assembly.refused_vote(HOME, COAST, SUSPEND)
    assert answer == ("RolesInvalid", {"roles": CUSTOMS, "allowed": AUTHORITY})


def test_an_organization_with_one_admin_is_not_admitted(assembly):
    answer = assembly.refused_vote(HOME, HARBOR, ADMIT)
    assert answer == ("OutOfRange", {"field": "admins", "value": 1, "minimum": 2, "maximum": 2**32 - 1})


def test_an_authority_votes_once_on_a_motion(assembly):
    assembly.vote(HOME, COAST, ADMIT)
    values = {"organization": HOME, "record": assembly.organization(COAST), "motion": ADMIT}
    assert assembly.refused_vote(HOME, COAST, ADMIT) == ("AlreadyVoted", values)


def test_a_vote_on_one_motion_is_none_on_another_subject(assembly):
    assembly.appoint("harbor master", HARBOR, "second master", ADMIN)
    assembly.vote(HOME, COAST, ADMIT)
    assert assembly.refused_vote(HOME, HARBOR, ADMIT) is None


def test_votes_lapse_when_the_set_of_active_authorities_changes(assembly):
    assembly.vote(HOME, COAST, ADMIT)
    suspend_the_third(assembly)
    assembly.vote(ABROAD, COAST, ADMIT)
    before = assembly.stored(COAST).roles
    assembly.vote(HOME, COAST, ADMIT)
    assert (before, assembly.stored(COAST).roles) == (CUSTOMS, CUSTOMS | AUTHORITY)


def test_votes_of_before_a_suspension_do_not_return_with_the_reinstated(assembly):
    assembly.vote(THIRD, COAST, ADMIT)
    suspend_the_third(assembly)
    for authority in (HOME, ABROAD):
        assembly.vote(authority, THIRD, REINSTATE)
    assembly.vote(HOME, COAST, ADMIT)
    assert assembly.stored(COAST).roles == CUSTOMS


def test_a_vote_is_an_order_on_the_subjects_record(assembly):
    before = assembly.stored(COAST).version
    entry = assembly.vote(HOME, COAST, ADMIT)
    assert (entry.record, entry.version) == (assembly.organization(COAST), before + 1)


def test_the_only_authority_left_admits_alone(assembly):
    suspend_the_third(assembly)
    assembly.vote(HOME, ABROAD, SUSPEND)
    assembly.vote(HOME, COAST, ADMIT)
    assert assembly.stored(COAST).roles == CUSTOMS | AUTHORITY


def test_the_agents_of_an_admitted_authority_wait_for_a_second_admin(assembly):
    for authority in (HOME, ABROAD):
        assembly.vote(authority, COAST, ADMIT)
    assembly.appoint("chief", COAST, "new guard", INSPECT)
    account = "0x" + keys_of("new guard").address.hex()
    assert assembly.view("Directory", "agentOf", account, COAST).status == 2


TO_AUTHORITIES = {
    SuspendOrganization: {"reason": 1},
    ReinstateOrganization: {"reason": 1},
    RecoverOrganization: {"document": DOCUMENT},
}


@pytest.mark.parametrize("act", TO_AUTHORITIES, ids=lambda act: act.__name__)
def test_an_authority_is_no_subject_of_another(assembly, act):
    person = "registrar" if act is RecoverOrganization else "enforcer"
    record = assembly.organization(ABROAD)
    answer = assembly.refusal(act, person, HOME, record=record, **TO_AUTHORITIES[act])
    assert answer == ("OutsideJurisdiction", {"organization": HOME, "record": record})


@pytest.mark.parametrize("act", [SuspendOrganization, RecoverOrganization])
def test_an_authority_that_sponsors_itself_does_this_not_to_itself(assembly, act):
    person = "registrar" if act is RecoverOrganization else "enforcer"
    record = assembly.organization(HOME)
    answer = assembly.refusal(act, person, HOME, record=record, **TO_AUTHORITIES[act])
    assert answer == ("RolesInvalid", {"roles": AUTHORITY, "allowed": ALL - AUTHORITY})


def test_a_former_sponsor_has_no_say_over_an_admitted_authority(assembly):
    for authority in (HOME, ABROAD):
        assembly.vote(authority, COAST, ADMIT)
    record = assembly.organization(COAST)
    answer = assembly.refusal(SuspendOrganization, "enforcer", HOME, record=record, reason=1)
    assert answer == ("OutsideJurisdiction", {"organization": HOME, "record": record})


def test_nobody_appoints_for_another_authority(assembly):
    answer = assembly.refusal(AppointAgent, "registrar", ABROAD, account=keys_of("x").address, powers=ADMIN)
    assert answer == ("NotAnAgent", {"signer": keys_of("registrar").address, "organization": ABROAD})


def test_nobody_renames_another_authority(assembly):
    record = assembly.organization(ABROAD)
    answer = assembly.refusal(RenameOrganization, "registrar", ABROAD, record=record, profile=salt_of("x"))
    assert answer == ("NotAnAgent", {"signer": keys_of("registrar").address, "organization": ABROAD})


def test_a_suspended_authority_enforces_nothing(assembly):
    number = assembly.register("rig", CUSTOMS, {"rig admin": ADMIN}, by="registrar of third", authority=THIRD)
    suspend_the_third(assembly)
    record = assembly.organization(number)
    answer = assembly.refusal(SuspendOrganization, "enforcer of third", THIRD, record=record, reason=1)
    assert answer == ("OrganizationSuspended", {"organization": THIRD})
