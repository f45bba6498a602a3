"""Do the effects on organizations and agents say exactly what the contracts say: votes, mandates, recoveries?"""

import pytest

from ledger.acts.manifests import Draw, RegisterShipment
from ledger.acts.organizations import (
    AppointAgent,
    EndMandate,
    GrantMandate,
    RecoverOrganization,
    ReinstateOrganization,
    RenameOrganization,
    RotateAgentKeys,
    SuspendOrganization,
    VoteAuthority,
)
from ledger.acts.reports import ReportMovement
from ledger.records.codes import AgentStatus, OrganizationStatus, Role
from tests.scenario import ADMIN, CUSTODY, CUSTOMS, DAY, DOCUMENT, REGISTER, SHIP, World, keys_of, salt_of
from tests.unit.contract_views import same_as_contracts

ADMIT, SUSPEND, REINSTATE = 1, 2, 3


@pytest.fixture
def union(tmp_path):
    """Three authorities, and customs with two administrators that would be one."""
    world = World(tmp_path, founders=dict.fromkeys(("authority", "north", "south"), ()))
    world.register("candidate", CUSTOMS, {"first": ADMIN, "second": ADMIN})
    yield world
    world.close()


def vote(world, motion, subject, *authorities):
    suffixes = {1: "", 2: " of north", 3: " of south"}
    for number in authorities:
        record = world.organization(subject)
        world.act(VoteAuthority, f"admin{suffixes[number]}", number, record=record, motion=motion)


def test_a_vote_passes_with_more_than_half_and_voids_the_others(union):
    vote(union, ADMIT, 4, 1)
    vote(union, SUSPEND, 3, 1)
    vote(union, ADMIT, 4, 2)
    book = same_as_contracts(union, told=0)
    candidate, south = book.organization(4), book.organization(3)
    assert (candidate.roles & Role.AUTHORITY, candidate.sponsor, south.votes) == (Role.AUTHORITY, 4, ())


def test_an_authority_is_suspended_and_reinstated_by_the_others(union):
    vote(union, SUSPEND, 3, 1, 2)
    vote(union, REINSTATE, 3, 2)
    vote(union, REINSTATE, 3, 1)
    book = same_as_contracts(union, told=0)
    active, suspended = OrganizationStatus.ACTIVE, OrganizationStatus.SUSPENDED
    statuses = [state.status for state in book.states(book.organization(3).record)]
    assert statuses[-4:] == [active, suspended, suspended, active]


def test_a_sponsor_suspends_and_reinstates_what_it_took_in(trade):
    carrier = trade.organization(trade.carrier)
    trade.act(SuspendOrganization, "enforcer", trade.authority, record=carrier, reason=1)
    trade.act(ReinstateOrganization, "enforcer", trade.authority, record=carrier, reason=1)
    trade.act(SuspendOrganization, "second enforcer", trade.authority, record=carrier, reason=2)
    assert same_as_contracts(trade).organization(trade.carrier).status == OrganizationStatus.SUSPENDED


def test_a_handoff_to_a_suspended_organization_breaks_a_rule(trade):
    shipment = trade.ship(trade.license(10), 10)
    carrier = trade.organization(trade.carrier)
    trade.act(SuspendOrganization, "enforcer", trade.authority, record=carrier, reason=1)
    values = {"occurred_at": trade.time, "movement": 1, "to": trade.carrier, "document": DOCUMENT, "counted": (10,)}
    trade.act(ReportMovement, "clerk", trade.exporter, record=shipment, **values)
    assert same_as_contracts(trade).get(shipment).irregular.name == "RECEIVER"


def test_an_organization_renames_itself(trade):
    record = trade.organization(trade.exporter)
    trade.act(RenameOrganization, "export admin", trade.exporter, record=record, profile=salt_of("new name"))
    assert same_as_contracts(trade).get(record).profile == salt_of("new name")


def test_a_delegate_signs_and_answers_under_its_mandate(trade):
    entrust(trade, trade.forwarder, 80, 85)
    trade.appoint("forwarder admin", trade.forwarder, "forwarding shipper", SHIP | CUSTODY)
    license = trade.license(10)
    shipment = register_as(trade, license, "forwarding shipper")
    trade.clear(shipment)
    trade.depart(shipment, "forwarding shipper", trade.exporter)
    assert same_as_contracts(trade).get(shipment).responsible == trade.forwarder


def test_a_mandate_is_replaced_and_ended(trade):
    entrust(trade, trade.forwarder, 80)
    entrust(trade, trade.carrier, 110)
    entrust(trade, trade.forwarder, 80, 81, 82)
    record = trade.organization(trade.exporter)
    trade.act(EndMandate, "export admin", trade.exporter, record=record, delegate=trade.carrier)
    mandates = same_as_contracts(trade).organization(trade.exporter).mandates
    assert [(one.delegate, one.kinds) for one in mandates] == [(trade.forwarder, 7 << 80)]


def test_a_recovery_by_two_agents_dismisses_the_administrators(trade):
    trade.commission("second registrar", REGISTER)
    record = trade.organization(trade.exporter)
    trade.act(AppointAgent, "export admin", trade.exporter, account=keys_of("waiting").address, powers=ADMIN)
    trade.act(RecoverOrganization, "registrar", trade.authority, record=record, document=DOCUMENT)
    trade.act(RecoverOrganization, "registrar", trade.authority, record=record, document=salt_of("another"))
    trade.act(RecoverOrganization, "second registrar", trade.authority, record=record, document=salt_of("another"))
    trade.appoint("registrar", trade.exporter, "new admin", ADMIN)
    book = same_as_contracts(trade)
    agents = book.agents_of(trade.exporter)
    dismissed = [agent.account for agent in agents if agent.status == AgentStatus.DISMISSED]
    assert dismissed == [keys_of("export admin").address, keys_of("waiting").address]
    assert book.get(record).recoveries == 1


def test_keys_are_rotated_by_the_agent_and_by_an_administrator(trade):
    record, new = trade.agent(trade.exporter, "clerk"), keys_of("new keys").public
    since = same_as_contracts(trade).get(record).since
    trade.advance(DAY)
    for person in ("clerk", "export admin"):
        trade.act(RotateAgentKeys, person, trade.exporter, record=record, ed25519=new.ed25519, x25519=salt_of(person))
    agent = same_as_contracts(trade).get(record)
    assert (agent.ed25519, agent.x25519, agent.since) == (new.ed25519, salt_of("export admin"), since)


def entrust(trade, delegate, *kinds):
    record, until = trade.organization(trade.exporter), trade.time + DAY
    trade.act(GrantMandate, "export admin", trade.exporter, record=record, delegate=delegate, until=until, kinds=kinds)


def register_as(trade, license, person):
    draws = (Draw(line=0, quantity=4),)
    values = {"license": license, "end_user": trade.end_user, "share": 0, "waybill": DOCUMENT, "document": DOCUMENT}
    return trade.act(RegisterShipment, person, trade.exporter, draws=draws, **values).record
