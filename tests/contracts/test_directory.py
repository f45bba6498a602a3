"""Organizations and agents: who may take in, appoint, accept, confirm and dismiss whom."""

import pytest

from ledger.acts.certificates import SignCertificate
from ledger.acts.organizations import (
    AcceptAppointment,
    AppointAgent,
    ConfirmAppointment,
    DismissAgent,
    RecordParty,
    RegisterOrganization,
)
from tests.contracts.examples import KEYS, certificate_terms
from tests.scenario import (
    ADMIN,
    APPLY,
    ARCHIVE,
    ASSESS,
    AUDITOR,
    AUTHORITY,
    CARRIER,
    CERTIFY,
    CONSIGNEE,
    CUSTODY,
    CUSTOMS,
    DECIDE,
    EXPORTER,
    INSPECT,
    MISSION,
    RECORD,
    REGISTER,
    SHIP,
    STATE,
    VERIFY,
    keys_of,
    salt_of,
)

ALL = 511


def agent(trade, organization, person):
    return trade.view("Directory", "agentOf", "0x" + keys_of(person).address.hex(), organization)


@pytest.mark.parametrize("roles", [0, AUTHORITY, AUTHORITY | CARRIER, 1 << 9])
def test_an_organization_is_not_registered_with_these_roles(stage, roles):
    answer = stage.trade.refusal(RegisterOrganization, "registrar", 1, roles=roles, profile=salt_of("x"))
    assert answer == ("RolesInvalid", {"roles": roles, "allowed": ALL - AUTHORITY})


@pytest.mark.parametrize("roles", [0, AUTHORITY, CUSTOMS, MISSION, AUDITOR, CARRIER | CUSTOMS, 1 << 9])
def test_a_party_without_keys_is_not_recorded_with_these_roles(stage, roles):
    answer = stage.trade.refusal(RecordParty, "recorder", 1, roles=roles, profile=salt_of("x"))
    assert answer == ("RolesInvalid", {"roles": roles, "allowed": ALL - AUTHORITY - CUSTOMS - MISSION - AUDITOR})


@pytest.mark.parametrize(("act", "by"), [(RegisterOrganization, "registrar"), (RecordParty, "recorder")])
def test_an_organization_without_profile_is_refused(stage, act, by):
    answer = stage.trade.refusal(act, by, 1, roles=CARRIER, profile=bytes(32))
    assert answer == ("CommitmentMissing", {"field": "profile"})


def test_a_registered_organization_is_active_under_its_sponsor_with_the_next_number(stage):
    trade = stage.trade
    entry = trade.act(RegisterOrganization, "registrar", 1, roles=EXPORTER | CARRIER, profile=salt_of("x"))
    number = trade.organization_count()
    found = trade.view("Directory", "organizationOf", number)
    assert (found.roles, found.sponsor, found.status, found.version) == (EXPORTER | CARRIER, 1, 1, 1)
    assert trade.view("Directory", "recordOf", number) == entry.record


def test_only_an_authority_takes_organizations_in(stage):
    """Nobody else can even hold the power: PowersInvalid at appointment."""
    powers = {"account": keys_of("x").address, "powers": REGISTER}
    allowed = ADMIN | APPLY | SHIP | CUSTODY | STATE | ARCHIVE
    answer = stage.trade.refusal(AppointAgent, "export admin", 2, **powers)
    assert answer == ("PowersInvalid", {"powers": REGISTER, "allowed": allowed})


UNUSABLE = [
    (2, "export admin", 0, "no power"),
    (2, "export admin", INSPECT, "a power that needs another role"),
    (2, "export admin", SHIP | CERTIFY, "one of two that needs another role"),
    (2, "export admin", 1 << 15, "a power that does not exist"),
    (3, "forwarder admin", CERTIFY, "a carrier that certifies"),
    (1, "admin", ADMIN | ASSESS, "an admin who assesses"),
    (1, "admin", ADMIN | DECIDE, "an admin who decides"),
]


@pytest.mark.parametrize(("organization", "by", "powers", "fault"), UNUSABLE, ids=[row[3] for row in UNUSABLE])
def test_i5_powers_that_cannot_stand_are_refused(stage, organization, by, powers, fault):
    answer = stage.trade.refusal(AppointAgent, by, organization, account=keys_of("x").address, powers=powers)
    assert (answer[0], answer[1]["powers"]) == ("PowersInvalid", powers)


USABLE = [
    (1, "admin", ADMIN | RECORD | VERIFY | INSPECT),
    (6, "dean", CERTIFY | CUSTODY),
    (5, "customs admin", INSPECT),
    (3, "forwarder admin", APPLY | SHIP),
]


@pytest.mark.parametrize(("organization", "by", "powers"), USABLE)
def test_powers_that_a_role_can_use_are_appointed(stage, organization, by, powers):
    account = keys_of("x").address
    assert stage.trade.refusal(AppointAgent, by, organization, account=account, powers=powers) is None


def test_an_account_is_bound_to_one_organization_for_ever(stage):
    account = keys_of("clerk").address
    answer = stage.trade.refusal(AppointAgent, "forwarder admin", 3, account=account, powers=CUSTODY)
    assert answer == ("AccountTaken", {"account": account, "organization": 2})


def test_a_dismissed_account_is_not_appointed_elsewhere(stage):
    account = keys_of("leaver").address
    answer = stage.trade.refusal(AppointAgent, "forwarder admin", 3, account=account, powers=CUSTODY)
    assert answer == ("AccountTaken", {"account": account, "organization": 2})


def test_of_two_appointments_the_account_accepts_one(stage):
    trade, account = stage.trade, keys_of("trainee").address
    trade.act(AppointAgent, "forwarder admin", 3, account=account, powers=CUSTODY)
    trade.accept("trainee", 2)
    other = trade.agent(3, "trainee")
    answer = trade.refusal(AcceptAppointment, "trainee", 3, record=other, **KEYS)
    assert answer == ("AccountTaken", {"account": account, "organization": 2})


def test_an_appointment_in_an_unknown_organization_is_refused(stage):
    answer = stage.trade.refusal(AppointAgent, "registrar", 99, account=keys_of("x").address, powers=ADMIN)
    assert answer == ("UnknownOrganization", {"organization": 99})


@pytest.mark.parametrize("missing", ["ed25519", "x25519"])
def test_an_appointment_is_not_accepted_without_both_keys(stage, missing):
    values = {"record": stage.pending} | KEYS | {missing: bytes(32)}
    answer = stage.trade.refusal(AcceptAppointment, "trainee", 2, **values)
    assert answer == ("CommitmentMissing", {"field": missing})


def test_nobody_accepts_for_another(stage):
    answer = stage.trade.refusal(AcceptAppointment, "clerk", 2, record=stage.pending, **KEYS)
    assert answer == ("NotAnAgent", {"signer": keys_of("clerk").address, "organization": 2})


def test_an_agent_is_active_at_once_outside_an_authority(stage):
    stage.trade.accept("trainee", 2)
    assert agent(stage.trade, 2, "trainee").status == 3


def test_an_authoritys_agent_waits_for_a_second_admin(stage):
    trade = stage.trade
    before = agent(trade, 1, "new assessor").status
    trade.act(ConfirmAppointment, "second admin", 1, record=stage.accepted)
    assert (before, agent(trade, 1, "new assessor").status) == (2, 3)


def test_the_appointer_does_not_confirm(stage):
    answer = stage.trade.refusal(ConfirmAppointment, "admin", 1, record=stage.accepted)
    appointer = agent(stage.trade, 1, "admin").number
    assert answer == ("FourEyes", {"agent": appointer, "record": stage.accepted})


@pytest.mark.parametrize("act", [ConfirmAppointment, DismissAgent])
def test_an_agent_of_another_organization_is_out_of_reach(stage, act):
    values = {"reason": 1, "compromised_since": 0} if act is DismissAgent else {}
    answer = stage.trade.refusal(act, "forwarder admin", 3, record=stage.accepted, **values)
    assert answer == ("WrongOrganization", {"organization": 3, "required": 1})


def test_the_last_admin_stays(stage):
    record = stage.trade.agent(2, "export admin")
    answer = stage.trade.refusal(DismissAgent, "export admin", 2, record=record, reason=1, compromised_since=0)
    assert answer == ("LastAdmin", {"organization": 2, "admins": 1})


def test_an_admin_who_is_not_the_last_can_be_dismissed(stage):
    stage.trade.appoint("export admin", 2, "next admin", ADMIN)
    record = stage.trade.agent(2, "export admin")
    assert stage.trade.refusal(DismissAgent, "next admin", 2, record=record, reason=1, compromised_since=0) is None


def test_a_pending_admin_can_be_dismissed_by_the_only_one(stage):
    entry = stage.trade.act(AppointAgent, "export admin", 2, account=keys_of("x").address, powers=ADMIN)
    values = {"record": entry.record, "reason": 1, "compromised_since": 0}
    assert stage.trade.refusal(DismissAgent, "export admin", 2, **values) is None


@pytest.mark.parametrize("ahead", [0, 1])
def test_a_key_is_not_compromised_in_the_future(stage, ahead):
    time = stage.trade.time
    values = {"record": stage.active, "reason": 1, "compromised_since": time + ahead}
    expected = ("OccurredInFuture", {"occurredAt": time + 1, "time": time}) if ahead else None
    assert stage.trade.refusal(DismissAgent, "export admin", 2, **values) == expected


def test_a_sponsor_appoints_the_first_admin_and_no_other_agent(stage):
    trade = stage.trade
    number = trade.record_party("airline", CARRIER)
    account = keys_of("airline admin").address
    answer = trade.refusal(AppointAgent, "registrar", number, account=account, powers=CUSTODY)
    assert answer == ("PowersInvalid", {"powers": CUSTODY, "allowed": ADMIN | APPLY | SHIP | CUSTODY | STATE | ARCHIVE})
    assert trade.refusal(AppointAgent, "registrar", number, account=account, powers=ADMIN | CUSTODY) is None


def test_a_sponsor_appoints_nobody_where_there_is_an_admin(stage):
    answer = stage.trade.refusal(AppointAgent, "registrar", 2, account=keys_of("x").address, powers=ADMIN)
    assert answer == ("NotAnAgent", {"signer": keys_of("registrar").address, "organization": 2})


def test_a_role_is_needed_to_use_a_power(stage):
    """A consignee may certify as a power goes; an end-use certificate needs the role END_USER all the same."""
    trade = stage.trade
    number = trade.register("buyer", CONSIGNEE, {"buyer admin": ADMIN, "buyer official": CERTIFY})
    values = certificate_terms(stage) | {"end_user": number}
    answer = trade.refusal(SignCertificate, "buyer official", number, **values)
    assert answer == ("RoleMissing", {"organization": number, "roles": CONSIGNEE, "required": 64})


def test_every_act_on_agents_and_organizations_is_a_note_of_the_organization(stage):
    trade = stage.trade
    entry = trade.act(AppointAgent, "export admin", 2, account=keys_of("x").address, powers=SHIP)
    (note,) = entry.touched
    assert (note.record, note.delta) == (trade.view("Directory", "recordOf", 2), entry.record)
    assert trade.view("Directory", "organizationOf", 2).notes == note.note


def test_the_counts_of_active_agents_follow_acceptance_and_dismissal(stage):
    trade = stage.trade
    before = trade.view("Directory", "organizationOf", 2)
    trade.accept("trainee", 2)
    between = trade.view("Directory", "organizationOf", 2)
    trade.act(DismissAgent, "export admin", 2, record=stage.pending, reason=1, compromised_since=0)
    after = trade.view("Directory", "organizationOf", 2)
    assert [o.agents - before.agents for o in (between, after)] == [1, 0]
    assert before.admins == after.admins == 1
