"""Mandates: the agents of one organization act for another, in the kinds it named, until it says."""

import pytest

from ledger.acts.applications import ApplyForLicense
from ledger.acts.custody import DepartShipment
from ledger.acts.kinds import ACTS
from ledger.acts.manifests import CancelShipment, RegisterShipment
from ledger.acts.organizations import AppointAgent, EndMandate, GrantMandate, RecoverOrganization, SuspendOrganization
from tests.contracts.examples import EXAMPLES
from tests.scenario import ADMIN, APPLY, CARRIER, CUSTODY, DAY, DOCUMENT, EXPORTER, REGISTER, SHIP, keys_of

MANDATABLE = {42, 50, 51, 52, 61, 69, 71, 80, 81, 82, 85, 86, 87, 89, 110, 111, 113, 114, 116, 117, 118, 119}


def grant(stage, organization=2, person="export admin", **changed):
    trade = stage.trade
    values = {"delegate": 3, "until": trade.time + DAY, "kinds": (85,)}
    return trade.act(GrantMandate, person, organization, record=trade.organization(organization), **(values | changed))


def refused(stage, **changed):
    trade = stage.trade
    values = {"record": trade.organization(2), "delegate": 3, "until": trade.time + DAY, "kinds": (85,)}
    return trade.refusal(GrantMandate, "export admin", 2, **(values | changed))


def by_delegate(stage, kind, person, organization=2):
    """What the contracts answer where the person signs the example for the organization."""
    _, _, values = EXAMPLES[kind](stage)
    return stage.trade.refusal(kind, person, organization, **values)


def not_an_agent(person, organization=2):
    return ("NotAnAgent", {"signer": keys_of(person).address, "organization": organization})


@pytest.fixture
def shipper(stage):
    """An agent of the forwarder who ships for others."""
    stage.trade.appoint("forwarder admin", 3, "shipper", SHIP)
    return "shipper"


@pytest.mark.parametrize("kind", sorted(act.KIND for act in ACTS.values()))
def test_a_mandate_names_only_kinds_that_it_may(stage, kind):
    answer = refused(stage, kinds=(85, kind))
    assert answer == (None if kind in MANDATABLE else ("KindNotMandatable", {"kind": kind}))


@pytest.mark.parametrize("kind", [0, 127, 128, 255])
def test_a_mandate_names_no_kind_that_does_not_exist(stage, kind):
    assert refused(stage, kinds=(kind,)) == ("KindNotMandatable", {"kind": kind})


@pytest.mark.parametrize("count", [0, 1, 32, 33])
def test_a_mandate_names_one_to_32_kinds(stage, count):
    bounds = {"field": "kinds", "value": count, "minimum": 1, "maximum": 32}
    assert refused(stage, kinds=(85,) * count) == (None if count in (1, 32) else ("OutOfRange", bounds))


@pytest.mark.parametrize(("ahead", "taken"), [(0, False), (1, True)])
def test_a_mandate_ends_after_block_time(stage, ahead, taken):
    time = stage.trade.time
    bounds = {"field": "until", "value": time, "minimum": time + 1, "maximum": 2**40 - 1}
    assert refused(stage, until=time + ahead) == (None if taken else ("OutOfRange", bounds))


@pytest.mark.parametrize(("until", "taken"), [(2**40 - 1, True), (2**40, False)])
def test_a_mandate_ends_within_the_width_of_times(stage, until, taken):
    answer = refused(stage, until=until)
    assert (answer and answer[0]) == (None if taken else "OutOfRange")


def test_a_mandate_for_nobody_known_is_refused(stage):
    assert refused(stage, delegate=99) == ("UnknownOrganization", {"organization": 99})


def test_a_mandate_for_oneself_is_refused(stage):
    assert refused(stage, delegate=2) == ("WrongOrganization", {"organization": 2, "required": 0})


def test_an_organization_gives_mandates_in_its_own_name_only(stage):
    answer = refused(stage, record=stage.trade.organization(3))
    assert answer == ("WrongOrganization", {"organization": 2, "required": 3})


def test_a_delegate_signs_the_kind_that_the_mandate_names(stage, shipper):
    grant(stage)
    assert by_delegate(stage, DepartShipment, shipper) is None


def test_who_departs_goods_for_another_answers_for_them(stage, shipper):
    grant(stage)
    _, _, values = EXAMPLES[DepartShipment](stage)
    stage.trade.act(DepartShipment, shipper, 2, **values)
    found = stage.trade.view("Shipments", "shipmentOf", stage.cleared).shipment
    assert (found.holder, found.responsible) == (2, 3)


def test_a_delegate_signs_no_kind_that_the_mandate_leaves_out(stage, shipper):
    grant(stage)
    assert by_delegate(stage, CancelShipment, shipper) == not_an_agent(shipper)


def test_a_delegate_without_mandate_is_a_stranger(stage, shipper):
    assert by_delegate(stage, DepartShipment, shipper) == not_an_agent(shipper)


def test_a_delegate_needs_the_power_in_its_own_organization(stage):
    grant(stage)
    values = {"signer": keys_of("forwarder clerk").address, "powers": CUSTODY | 1 << 13, "required": SHIP}
    assert by_delegate(stage, DepartShipment, "forwarder clerk") == ("PowerMissing", values)


def test_the_organization_that_is_represented_needs_the_role(stage):
    """The forwarder lets the exporter apply for licenses: the exporter can, the forwarder may not."""
    grant(stage, 3, "forwarder admin", delegate=2, kinds=(50,))
    answer = by_delegate(stage, ApplyForLicense, "clerk", 3)
    assert answer == ("RoleMissing", {"organization": 3, "roles": CARRIER, "required": EXPORTER})


def test_an_appointment_that_a_delegate_did_not_accept_changes_nothing(stage):
    stage.trade.act(AppointAgent, "export admin", 2, account=keys_of("freelancer").address, powers=CUSTODY)
    stage.trade.appoint("forwarder admin", 3, "freelancer", SHIP)
    grant(stage)
    assert by_delegate(stage, DepartShipment, "freelancer") is None


def test_a_mandate_is_not_passed_on(stage):
    grant(stage, kinds=(80,))
    grant(stage, 3, "forwarder admin", delegate=stage.heir, kinds=(80,))
    assert by_delegate(stage, RegisterShipment, "heir clerk") == not_an_agent("heir clerk")


@pytest.mark.parametrize(("before", "taken"), [(1, True), (0, False)])
def test_a_mandate_lapses_at_its_end(stage, shipper, before, taken):
    grant(stage)
    stage.trade.advance(DAY - before)
    assert by_delegate(stage, DepartShipment, shipper) == (None if taken else not_an_agent(shipper))


def test_a_new_mandate_takes_the_place_of_the_former(stage, shipper):
    grant(stage)
    grant(stage, kinds=(82,))
    answers = [by_delegate(stage, kind, shipper) for kind in (DepartShipment, CancelShipment)]
    assert answers == [not_an_agent(shipper), None]


def test_mandates_of_several_delegates_stand_beside_each_other(stage, shipper):
    grant(stage)
    stage.trade.appoint("carrier admin", 4, "second shipper", SHIP)
    assert [by_delegate(stage, DepartShipment, person) for person in (shipper, "second shipper")] == [None, None]


def test_an_ended_mandate_counts_no_more(stage, shipper):
    grant(stage)
    stage.trade.act(EndMandate, "export admin", 2, record=stage.trade.organization(2), delegate=3)
    assert by_delegate(stage, DepartShipment, shipper) == not_an_agent(shipper)


@pytest.mark.parametrize("ended", [False, True])
def test_a_mandate_that_is_not_there_is_not_ended(stage, ended):
    record = stage.trade.organization(2)
    if ended:
        grant(stage)
        stage.trade.act(EndMandate, "export admin", 2, record=record, delegate=3)
    answer = stage.trade.refusal(EndMandate, "export admin", 2, record=record, delegate=3)
    assert answer == ("NoMandate", {"organization": 2, "delegate": 3})


def test_the_mandates_of_before_a_recovery_are_over(stage, shipper):
    trade = stage.trade
    grant(stage)
    trade.commission("second registrar", REGISTER)
    for person in ("registrar", "second registrar"):
        trade.act(RecoverOrganization, person, 1, record=trade.organization(2), document=DOCUMENT)
    assert by_delegate(stage, DepartShipment, shipper) == not_an_agent(shipper)


def test_a_mandate_of_before_a_recovery_is_not_there_to_be_ended(stage):
    trade = stage.trade
    grant(stage)
    trade.commission("second registrar", REGISTER)
    for person in ("registrar", "second registrar"):
        trade.act(RecoverOrganization, person, 1, record=trade.organization(2), document=DOCUMENT)
    trade.appoint("registrar", 2, "next admin", ADMIN)
    answer = trade.refusal(EndMandate, "next admin", 2, record=trade.organization(2), delegate=3)
    assert answer == ("NoMandate", {"organization": 2, "delegate": 3})


def test_a_mandate_that_has_lapsed_is_not_there_to_be_ended(stage):
    grant(stage)
    stage.trade.advance(DAY)
    answer = stage.trade.refusal(EndMandate, "export admin", 2, record=stage.trade.organization(2), delegate=3)
    assert answer == ("NoMandate", {"organization": 2, "delegate": 3})


@pytest.mark.parametrize("suspended", [2, 3])
def test_i8_neither_the_represented_nor_the_delegate_is_suspended(stage, shipper, suspended):
    trade = stage.trade
    grant(stage)
    trade.act(SuspendOrganization, "enforcer", 1, record=trade.organization(suspended), reason=1)
    answer = by_delegate(stage, DepartShipment, shipper)
    assert answer == ("OrganizationSuspended", {"organization": suspended})


def test_a_delegate_applies_for_a_license(stage):
    stage.trade.appoint("forwarder admin", 3, "applicant", APPLY)
    grant(stage, kinds=(50,))
    assert by_delegate(stage, ApplyForLicense, "applicant") is None
