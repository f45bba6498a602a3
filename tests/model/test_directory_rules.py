"""The model on organizations and agents: votes, mandates, recovery, dismissal."""

import pytest

from ledger.acts.applications import ApplyForLicense
from ledger.acts.custody import OfferHandoff
from ledger.acts.orders import HoldShipment
from ledger.acts.organizations import (
    AcceptAppointment,
    AppointAgent,
    DismissAgent,
    EndMandate,
    GrantMandate,
    RecordParty,
    RecoverOrganization,
    RegisterOrganization,
    RenameOrganization,
    RotateAgentKeys,
    SuspendOrganization,
    VoteAuthority,
)
from ledger.audit.codes import AgentStatus, OrganizationStatus, Power, Role
from ledger.audit.state import Agent, Organization, Shipment
from ledger.ids import ZERO32
from tests.model.office import DAY, account, commitment, founded, trade

KEYS = {"ed25519": commitment("new e"), "x25519": commitment("new x")}


@pytest.fixture
def four():
    return founded("one", "two", "three", "four")


def record_of(office, number):
    return office.state.organization(number).record


def vote(office, name, number, subject, motion=2):
    return office.refusal(f"{name} admin 1", VoteAuthority, number, record_of(office, subject), motion=motion)


def status(office, number):
    return office.state.organization(number).status


def test_half_of_the_others_suspends_nobody(four):
    vote(four, "one", 1, 4)
    assert status(four, 4) == OrganizationStatus.ACTIVE


def test_two_of_three_others_suspend_an_authority(four):
    vote(four, "one", 1, 4)
    vote(four, "two", 2, 4)
    assert status(four, 4) == OrganizationStatus.SUSPENDED


def test_nobody_votes_on_itself(four):
    assert vote(four, "four", 4, 4) == ("WrongOrganization", {"organization": 4, "required": 0})


def test_nobody_votes_twice(four):
    vote(four, "one", 1, 4)
    values = {"organization": 1, "record": record_of(four, 4), "motion": 2}
    assert vote(four, "one", 1, 4) == ("AlreadyVoted", values)


def test_another_set_of_authorities_voids_votes_not_yet_passed(four):
    vote(four, "one", 1, 3)
    vote(four, "one", 1, 4)
    vote(four, "two", 2, 4)
    vote(four, "two", 2, 3)
    assert status(four, 3) == OrganizationStatus.ACTIVE
    assert vote(four, "one", 1, 3) is None
    assert status(four, 3) == OrganizationStatus.SUSPENDED


def test_a_reinstated_authority_votes_again(four):
    for name, number in (("one", 1), ("two", 2)):
        vote(four, name, number, 4)
    assert vote(four, "four", 4, 3) == ("OrganizationSuspended", {"organization": 4})
    for name, number in (("one", 1), ("two", 2)):
        vote(four, name, number, 4, motion=3)
    assert vote(four, "four", 4, 3) is None


def test_an_admitted_organization_is_an_authority_and_its_own_sponsor():
    office = founded("office 1")
    customs = office.admit("customs", Role.CUSTOMS)
    office.join("second", customs, Power.ADMIN, by="customs")
    office.do("office 1 admin 1", VoteAuthority, 1, record_of(office, customs), motion=1)
    found = office.state.organization(customs)
    assert (found.roles & Role.AUTHORITY, found.sponsor) == (Role.AUTHORITY, customs)


def test_one_admin_is_not_enough_to_be_admitted():
    office = founded("office 1")
    customs = office.admit("customs", Role.CUSTOMS)
    answer = office.refusal("office 1 admin 1", VoteAuthority, 1, record_of(office, customs), motion=1)
    assert answer == ("OutOfRange", {"field": "admins", "value": 1, "minimum": 2, "maximum": 2**32 - 1})


@pytest.fixture
def office():
    office = founded("office 1")
    office.exporter = office.admit("exporter", Role.EXPORTER)
    return office


def recover(office, who):
    record = record_of(office, office.exporter)
    return office.refusal(who, RecoverOrganization, 1, record, document=commitment("paper"))


def test_one_officer_recovers_nothing(office):
    recover(office, "office 1 officer 1")
    assert office.state.organization(office.exporter).recoveries == 0


def test_the_same_officer_recovers_nothing_either(office):
    recover(office, "office 1 officer 1")
    number = office.state.agent_of(account("office 1 officer 1"), 1).number
    values = {"agent": number, "record": record_of(office, office.exporter)}
    assert recover(office, "office 1 officer 1") == ("FourEyes", values)


def recovered(office):
    office.join("clerk", office.exporter, Power.APPLY, by="exporter")
    for who in ("office 1 officer 1", "office 1 officer 2"):
        assert recover(office, who) is None
    return office


def test_after_a_recovery_an_admin_of_before_counts_as_dismissed(office):
    record = record_of(recovered(office), office.exporter)
    answer = office.refusal("exporter", RenameOrganization, office.exporter, record, profile=commitment("p"))
    assert answer == ("AgentNotActive", {"signer": account("exporter"), "status": AgentStatus.DISMISSED})


def test_after_a_recovery_the_other_agents_stay(office):
    recovered(office)
    clerk = office.state.agents.get((office.exporter, account("clerk")))
    assert office.refusal("clerk", RotateAgentKeys, office.exporter, clerk, **KEYS) is None
    found = office.state.organization(office.exporter)
    assert (found.agents, found.admins, found.recoveries) == (1, 0, 1)


def test_after_a_recovery_the_sponsor_appoints_an_admin(office):
    recovered(office)
    office.join("heir", office.exporter, Power.ADMIN, by="office 1 admin 1")
    assert office.state.organization(office.exporter).admins == 1


def test_an_admin_appointed_before_a_recovery_does_not_accept_after_it(office):
    values = {"account": account("late"), "powers": Power.ADMIN}
    pending = office.do("exporter", AppointAgent, office.exporter, **values)
    recovered(office)
    answer = office.refusal("late", AcceptAppointment, office.exporter, pending, **KEYS)
    assert answer == ("AgentNotActive", {"signer": account("late"), "status": AgentStatus.DISMISSED})


def test_the_last_admin_is_not_dismissed(office):
    agent = office.state.agents.get((office.exporter, account("exporter")))
    answer = office.refusal("exporter", DismissAgent, office.exporter, agent, reason=1, compromised_since=0)
    assert answer == ("LastAdmin", {"organization": office.exporter, "admins": 1})


def test_an_account_is_bound_once(office):
    carrier = office.admit("carrier", Role.CARRIER)
    values = {"account": account("exporter"), "powers": Power.CUSTODY}
    answer = office.refusal("carrier", AppointAgent, carrier, **values)
    assert answer == ("AccountTaken", {"account": account("exporter"), "organization": office.exporter})


def test_an_appointment_binds_nobody_until_it_is_accepted(office):
    carrier = office.admit("carrier", Role.CARRIER)
    for who, number in (("exporter", office.exporter), ("carrier", carrier)):
        office.do(who, AppointAgent, number, account=account("wanted"), powers=Power.CUSTODY)
    agent = office.state.agents.get((carrier, account("wanted")))
    assert office.refusal("wanted", AcceptAppointment, carrier, agent, **KEYS) is None


def test_a_delegate_signs_what_its_mandate_names_and_no_longer():
    made = trade()
    office, exporter, record = made.office, made.exporter, record_of(made.office, made.exporter)
    shipment = made.register(10)
    offer = {"to": made.carrier, "seal": commitment("seal")}
    until = office.time + DAY
    office.do("exporter", GrantMandate, exporter, record, delegate=made.carrier, until=until, kinds=(86, 87))
    office.do("carrier", OfferHandoff, exporter, shipment, **offer)
    assert office.the(Shipment, shipment).offered_to == made.carrier
    office.do("exporter", EndMandate, exporter, record, delegate=made.carrier)
    answer = office.refusal("carrier", OfferHandoff, exporter, shipment, **offer)
    assert answer == ("NotAnAgent", {"signer": account("carrier"), "organization": exporter})


@pytest.mark.parametrize("kind", [40, 54, 60, 20, 88, 90, 112])
def test_some_kinds_no_mandate_may_name(office, kind):
    carrier = office.admit("carrier", Role.CARRIER)
    values = {"delegate": carrier, "until": office.time + DAY, "kinds": (86, kind)}
    answer = office.refusal("exporter", GrantMandate, office.exporter, record_of(office, office.exporter), **values)
    assert answer == ("KindNotMandatable", {"kind": kind})


def test_a_refused_act_changes_nothing(office):
    before = office.state.journal_head.get("head"), office.state.count("ORGANIZATION")
    values = {"roles": Role.AUTHORITY, "profile": commitment("p")}
    answer = office.refusal("office 1 admin 1", RegisterOrganization, 1, **values)
    assert answer[0] == "RolesInvalid"
    assert (office.state.journal_head.get("head"), office.state.count("ORGANIZATION")) == before


def test_an_order_that_was_refused_late_is_not_spent():
    made = trade()
    shipment = made.register(10)
    act = made.office.act(HoldShipment, made.customs, shipment, reason=1)
    made.office.send("customs", act)
    answer = made.office.refusal("customs", HoldShipment, made.customs, shipment, reason=2)
    assert answer == ("AlreadyHeld", {"shipment": shipment, "organization": made.customs})
    assert len(list(made.office.state.spent)) == 1


def test_a_suspended_exporter_applies_for_nothing():
    made = trade()
    record = record_of(made.office, made.exporter)
    made.office.do("office 1 admin 1", SuspendOrganization, 1, record, reason=1)
    values = {"kind": 1, "authority": 1, "continues": ZERO32, "valid_from": 0, "valid_until": 1}
    answer = made.office.refusal("exporter", ApplyForLicense, made.exporter, **values, parties=(), lines=())
    assert answer == ("OrganizationSuspended", {"organization": made.exporter})


def test_a_party_without_keys_has_its_sponsor_in_the_touched_records():
    office = founded("office 1")
    values = {"roles": Role.EXPORTER, "profile": commitment("p")}
    outcome = office.send("office 1 officer 1", office.act(RecordParty, 1, **values))
    assert [note.record for note in outcome.notes] == [record_of(office, 1)]
    assert office.the(Organization, outcome.record).version == 1


def test_an_agent_of_a_founder_is_active_at_once():
    office = founded("office 1")
    record = office.state.agents.get((1, account("office 1 admin 1")))
    assert (office.the(Agent, record).status, office.the(Agent, record).version) == (AgentStatus.ACTIVE, 1)


def test_a_recovery_ends_the_mandates_of_before(office):
    carrier = office.admit("carrier", Role.CARRIER)
    record = record_of(office, office.exporter)
    values = {"delegate": carrier, "until": office.time + DAY, "kinds": (86,)}
    office.do("exporter", GrantMandate, office.exporter, record, **values)
    recovered(office)
    office.join("heir", office.exporter, Power.ADMIN, by="office 1 admin 1")
    answer = office.refusal("heir", EndMandate, office.exporter, record, delegate=carrier)
    assert answer == ("NoMandate", {"organization": office.exporter, "delegate": carrier})


def test_an_admin_of_before_a_recovery_may_be_dismissed_and_is_counted_no_more(office):
    recovered(office)
    office.join("heir", office.exporter, Power.ADMIN, by="office 1 admin 1")
    agent = office.state.agents.get((office.exporter, account("exporter")))
    office.do("heir", DismissAgent, office.exporter, agent, reason=1, compromised_since=1)
    found = office.state.organization(office.exporter)
    assert (found.agents, found.admins) == (2, 1)
