"""Organizations that are suspended, renamed and recovered, and what their agents can do to each other."""

import pytest

from ledger.acts.applications import ApplyForLicense
from ledger.acts.custody import OfferHandoff
from ledger.acts.kinds import ACTS
from ledger.acts.manifests import CancelShipment
from ledger.acts.organizations import (
    AcceptAppointment,
    AppointAgent,
    ConfirmAppointment,
    DismissAgent,
    RecoverOrganization,
    ReinstateOrganization,
    RenameOrganization,
    RotateAgentKeys,
    SuspendOrganization,
)
from tests.contracts.examples import EXAMPLES, KEYS
from tests.scenario import (
    ADMIN,
    ASSESS,
    CARRIER,
    CUSTODY,
    DECIDE,
    DOCUMENT,
    REGISTER,
    SHIP,
    keys_of,
    salt_of,
)

STILL = {87, 89, 90, 110, 111, 112, 116, 117, 118, 119}
"""Kinds that a suspended organization signs without condition; 86 only toward a refuge."""


def organization(stage, number):
    return stage.trade.view("Directory", "organizationOf", number)


def agent(stage, person, number):
    return stage.trade.view("Directory", "agentOf", "0x" + keys_of(person).address.hex(), number)


def suspend(stage, number):
    stage.trade.act(SuspendOrganization, "enforcer", 1, record=stage.trade.organization(number), reason=1)


# Suspension (I8)


OF_AUTHORITIES = {1, 2, 3, 4, 5, 9, 22, 30, 43, 44, 53, 54, 55, 56, 60, *range(62, 69), 70, 95, 96, 115}
OF_PARTIES = [act for act in ACTS.values() if act.KIND not in OF_AUTHORITIES]


@pytest.mark.parametrize("kind", OF_PARTIES, ids=lambda kind: kind.__name__)
def test_i8_a_suspended_organization_signs_what_the_rules_leave_it(stage, kind):
    number = EXAMPLES[kind](stage)[1]
    suspend(stage, number)
    person, _, values = EXAMPLES[kind](stage)
    answer = stage.trade.refusal(kind, person, number, **values)
    assert answer == (None if kind.KIND in STILL else ("OrganizationSuspended", {"organization": number}))


@pytest.mark.parametrize(("to", "taken"), [(5, True), (1, True), (3, False), (6, False)])
def test_i8_a_suspended_holder_offers_goods_to_a_refuge_only(stage, to, taken):
    """Customs and the authority are one, carrier and end-user are none."""
    suspend(stage, 2)
    values = {"record": stage.departed, "occurred_at": stage.trade.time, "to": to, "seal": salt_of("seal")}
    answer = stage.trade.refusal(OfferHandoff, "clerk", 2, **values)
    assert answer == (None if taken else ("OrganizationSuspended", {"organization": 2}))


def test_i8_a_suspended_forwarder_offers_goods_back_to_the_exporter(stage):
    trade = stage.trade
    trade.accept_goods(stage.offered, "forwarder clerk", 3, 4)
    suspend(stage, 3)
    values = {"record": stage.offered, "occurred_at": trade.time, "to": 2, "seal": salt_of("seal")}
    assert trade.refusal(OfferHandoff, "forwarder clerk", 3, **values) is None


def test_i8_nobody_hands_goods_to_a_suspended_organization(stage):
    values = {"record": stage.departed, "occurred_at": stage.trade.time, "to": stage.barred, "seal": salt_of("seal")}
    answer = stage.trade.refusal(OfferHandoff, "clerk", 2, **values)
    assert answer == ("NotAReceiver", {"organization": stage.barred, "shipment": stage.departed})


def test_a_reinstated_organization_signs_again(stage):
    suspend(stage, 2)
    stage.trade.act(ReinstateOrganization, "enforcer", 1, record=stage.trade.organization(2), reason=1)
    person, number, values = EXAMPLES[ApplyForLicense](stage)
    assert stage.trade.refusal(ApplyForLicense, person, number, **values) is None


@pytest.mark.parametrize("act", [SuspendOrganization, ReinstateOrganization])
def test_only_the_sponsor_suspends_and_reinstates(stage, act):
    record = stage.trade.organization(stage.barred)
    answer = stage.trade.refusal(act, "customs officer", 5, record=record, reason=1)
    assert answer == ("OutsideJurisdiction", {"organization": 5, "record": record})


def test_a_suspended_organization_keeps_its_agents_and_their_numbers(stage):
    before = agent(stage, "clerk", 2)
    suspend(stage, 2)
    assert agent(stage, "clerk", 2) == before


# Names


def rename(stage, person, number, **changed):
    values = {"record": stage.trade.organization(number), "profile": salt_of("another name")}
    return stage.trade.refusal(RenameOrganization, person, number, **(values | changed))


def test_a_name_needs_a_profile(stage):
    assert rename(stage, "export admin", 2, profile=bytes(32)) == ("CommitmentMissing", {"field": "profile"})


def test_an_organization_renames_itself_only(stage):
    answer = rename(stage, "export admin", 2, record=stage.trade.organization(3))
    assert answer == ("WrongOrganization", {"organization": 2, "required": 3})


def test_the_sponsor_renames_an_organization_without_admins(stage):
    number = stage.trade.record_party("airline", CARRIER)
    assert rename(stage, "registrar", number) is None


def test_the_sponsor_renames_no_organization_that_has_an_admin(stage):
    answer = rename(stage, "registrar", 2)
    assert answer == ("NotAnAgent", {"signer": keys_of("registrar").address, "organization": 2})


# Recovery


def recover(stage, person="registrar", number=7, **changed):
    values = {"record": stage.trade.organization(number), "document": DOCUMENT}
    return stage.trade.act(RecoverOrganization, person, 1, **(values | changed))


def refused_recovery(stage, person="registrar", organization=1, **changed):
    values = {"record": stage.trade.organization(7), "document": DOCUMENT}
    return stage.trade.refusal(RecoverOrganization, person, organization, **(values | changed))


def recovered(stage, number=7):
    """Two registrars have recovered the organization."""
    stage.trade.commission("second registrar", REGISTER)
    recover(stage, number=number)
    recover(stage, "second registrar", number)


def test_the_first_entry_of_a_recovery_moves_the_head_and_nothing_else(stage):
    before = organization(stage, 7)
    entry = recover(stage)
    after = organization(stage, 7)
    assert (after.admins, after.recoveries, after.version) == (before.admins, 0, before.version + 1)
    assert entry.version == after.version


def test_two_registrars_recover_an_organization(stage):
    before = organization(stage, 7)
    recovered(stage)
    after = organization(stage, 7)
    assert (before.admins, after.admins, before.agents - after.agents, after.recoveries) == (2, 0, 2, 1)


def test_one_registrar_does_not_recover_alone(stage):
    recover(stage)
    answer = refused_recovery(stage, deadline=stage.trade.time + 5)
    number = stage.trade.agent_number("registrar", 1)
    assert answer == ("FourEyes", {"agent": number, "record": stage.trade.organization(7)})


def test_another_document_is_another_proposal(stage):
    stage.trade.commission("second registrar", REGISTER)
    recover(stage)
    recover(stage, "second registrar", document=salt_of("another"))
    assert organization(stage, 7).recoveries == 0
    recover(stage, document=salt_of("another"))
    assert organization(stage, 7).recoveries == 1


def test_only_the_sponsor_recovers(stage):
    answer = refused_recovery(stage, "customs admin", 5)
    assert answer == ("OutsideJurisdiction", {"organization": 5, "record": stage.trade.organization(7)})


def test_a_recovery_without_document_is_refused(stage):
    assert refused_recovery(stage, document=bytes(32)) == ("CommitmentMissing", {"field": "document"})


@pytest.mark.parametrize("person", ["stranger admin", "second stranger admin"])
def test_i8_an_admin_of_before_a_recovery_acts_no_more(stage, person):
    recovered(stage)
    answer = stage.trade.refusal(AppointAgent, person, 7, account=keys_of("x").address, powers=CUSTODY)
    assert answer == ("AgentNotActive", {"signer": keys_of(person).address, "status": 4})


@pytest.mark.parametrize(("powers", "taken"), [(ADMIN, False), (CUSTODY, True)])
def test_a_pending_admin_of_before_a_recovery_no_longer_accepts_and_a_clerk_does(stage, powers, taken):
    entry = stage.trade.act(AppointAgent, "stranger admin", 7, account=keys_of("late").address, powers=powers)
    recovered(stage)
    answer = stage.trade.refusal(AcceptAppointment, "late", 7, record=entry.record, **KEYS)
    dismissed = ("AgentNotActive", {"signer": keys_of("late").address, "status": 4})
    assert answer == (None if taken else dismissed)


def test_other_agents_stay_after_a_recovery(stage):
    recovered(stage, 2)
    assert stage.trade.refusal(CancelShipment, "clerk", 2, record=stage.registered) is None


def test_the_sponsor_appoints_the_first_admin_after_a_recovery(stage):
    trade = stage.trade
    recovered(stage)
    trade.appoint("registrar", 7, "heir of the stranger", ADMIN)
    answer = trade.refusal(AppointAgent, "heir of the stranger", 7, account=keys_of("x").address, powers=CUSTODY)
    assert (answer, organization(stage, 7).admins) == (None, 1)


def test_an_admin_of_before_a_recovery_can_be_dismissed_with_the_time_of_the_theft(stage):
    trade = stage.trade
    recovered(stage)
    before = organization(stage, 7)
    record = trade.agent(7, "stranger admin")
    trade.act(DismissAgent, "registrar", 7, record=record, reason=1, compromised_since=trade.time - 9)
    after = organization(stage, 7)
    assert agent(stage, "stranger admin", 7).status == 4
    assert (before.agents, before.admins) == (after.agents, after.admins)


def test_recoveries_are_counted_for_ever(stage):
    recovered(stage)
    stage.trade.appoint("registrar", 7, "heir of the stranger", ADMIN)
    for person in ("registrar", "second registrar"):
        recover(stage, person, document=salt_of("again"))
    assert (organization(stage, 7).recoveries, agent(stage, "heir of the stranger", 7).status) == (2, 4)


def test_a_suspended_organization_can_be_recovered(stage):
    recovered(stage, stage.barred)
    assert (organization(stage, stage.barred).recoveries, organization(stage, stage.barred).status) == (1, 2)


# Agents against each other


def test_a_thief_who_rotates_keys_does_not_dodge_his_dismissal(stage):
    """The admin signed on the head of before; a dismissal compares none."""
    trade = stage.trade
    values = {"record": stage.active, "reason": 1, "compromised_since": 0}
    signed = trade.build(DismissAgent, 2, **values)
    signature = trade.sign(signed, "export admin")
    trade.act(RotateAgentKeys, "clerk", 2, record=stage.active, **KEYS)
    trade.send(signed, signature)
    assert agent(stage, "clerk", 2).status == 4


@pytest.mark.parametrize("missing", ["ed25519", "x25519"])
def test_keys_are_not_rotated_to_none(stage, missing):
    values = {"record": stage.active} | KEYS | {missing: bytes(32)}
    answer = stage.trade.refusal(RotateAgentKeys, "clerk", 2, **values)
    assert answer == ("CommitmentMissing", {"field": missing})


@pytest.mark.parametrize(("person", "taken"), [("clerk", True), ("export admin", True), ("colleague", False)])
def test_keys_are_rotated_by_their_agent_or_an_admin(stage, person, taken):
    stage.trade.appoint("export admin", 2, "colleague", SHIP)
    answer = stage.trade.refusal(RotateAgentKeys, person, 2, record=stage.active, **KEYS)
    values = {"signer": keys_of("colleague").address, "powers": SHIP, "required": ADMIN}
    assert answer == (None if taken else ("PowerMissing", values))


def test_keys_of_another_organizations_agent_are_out_of_reach(stage):
    answer = stage.trade.refusal(RotateAgentKeys, "forwarder admin", 3, record=stage.active, **KEYS)
    assert answer == ("WrongOrganization", {"organization": 3, "required": 2})


def test_a_dismissed_agent_rotates_no_keys(stage):
    answer = stage.trade.refusal(RotateAgentKeys, "leaver", 2, record=stage.dismissed, **KEYS)
    assert answer == ("AgentNotActive", {"signer": keys_of("leaver").address, "status": 4})


def test_a_rotation_leaves_status_and_powers_as_they_were(stage):
    before = agent(stage, "clerk", 2)
    stage.trade.act(RotateAgentKeys, "export admin", 2, record=stage.active, **KEYS)
    after = agent(stage, "clerk", 2)
    assert (after.status, after.powers, after.since) == (before.status, before.powers, before.since)
    assert after.version == before.version + 1


def test_an_admin_who_appoints_somebody_elses_account_binds_nobody(stage):
    trade = stage.trade
    account = keys_of("freelancer").address
    trade.act(AppointAgent, "export admin", 2, account=account, powers=SHIP)
    trade.appoint("forwarder admin", 3, "freelancer", CUSTODY)
    assert (agent(stage, "freelancer", 2).status, agent(stage, "freelancer", 3).status) == (1, 3)


def test_an_account_that_did_not_accept_acts_for_nobody(stage):
    answer = stage.trade.refusal(CancelShipment, "trainee", 2, record=stage.registered)
    assert answer == ("AgentNotActive", {"signer": keys_of("trainee").address, "status": 1})


def test_i5_an_admin_makes_no_two_officers_of_sock_puppets(stage):
    trade = stage.trade
    for person, powers in (("puppet", ASSESS), ("second puppet", DECIDE)):
        trade.appoint("admin", 1, person, powers)
    answers = [
        trade.refusal(ConfirmAppointment, "admin", 1, record=trade.agent(1, person))
        for person in ("puppet", "second puppet")
    ]
    assert [answer[0] for answer in answers] == ["FourEyes", "FourEyes"]
    assert (agent(stage, "puppet", 1).status, agent(stage, "second puppet", 1).status) == (2, 2)
