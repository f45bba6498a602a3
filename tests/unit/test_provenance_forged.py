"""Is a broken rule found even where every signature, version and head is right? Forged by one who holds all keys.

Each test breaks one rule in an honest history, has everything signed and computed again, and asks for the check that
must fail and the act that it must name.
"""

import dataclasses

import pytest

from ledger.acts.act import RecordKind
from ledger.acts.certificates import SignCertificate
from ledger.acts.custody import AcceptHandoff, ClearShipment, DepartShipment
from ledger.acts.licensing import IssueLicense
from ledger.acts.manifests import Draw, RegisterShipment
from ledger.acts.orders import SuspendLicense
from ledger.acts.organizations import AcceptAppointment, AdoptPolicy, AppointAgent, ConfirmAppointment, DismissAgent
from tests.scenario import ADMIN, ASSESS, CARRIER, CUSTODY, DECIDE, EXPORTER, keys_of, salt_of
from tests.unit.provenance_parts import Forgery, at, failed, honest_history, order


@pytest.fixture(scope="module")
def honest(settled_trade):
    return honest_history(settled_trade)


@pytest.fixture
def forgery(honest, settled_trade):
    return Forgery(honest, settled_trade.deployment)


def test_a_forgery_that_changes_nothing_holds(forgery):
    assert forgery.report().verdict == "holds"


# P1


def test_an_act_signed_by_a_stranger_fails_its_authority(forgery):
    forgery.of(AcceptHandoff).person = "stranger"
    assert failed(forgery, "P1") == {at(forgery, AcceptHandoff)}


def test_an_act_signed_by_a_colleague_without_the_power_fails_its_authority(forgery):
    forgery.of(SignCertificate).person = "dean"
    assert failed(forgery, "P1") == {at(forgery, SignCertificate)}


def test_an_act_of_an_agent_dismissed_before_fails_its_authority(forgery):
    register = forgery.of(RegisterShipment, 1)
    accepted = next(d for d in forgery.drafts if d.person == "clerk" and d.act.RECORD.name == "AGENT")
    dismissed = forgery.copy(accepted, after=accepted)
    forgery.move(dismissed, before=register)
    dismissed.act = DismissAgent(
        record=accepted.act.record,
        parent=bytes(32),
        organization=2,
        deadline=accepted.act.deadline,
        reason=1,
        compromised_since=0,
    )
    dismissed.person = "export admin"
    dismissed.entry = dataclasses.replace(dismissed.entry, kind=DismissAgent.KIND, record_head=salt_of("dismissed"))
    assert at(forgery, RegisterShipment, 1) in failed(forgery, "P1")


def test_powers_that_no_role_makes_usable_fail_their_appointment(forgery):
    clerk = keys_of("clerk").address
    appointment = next(d for d in forgery.drafts if isinstance(d.act, AppointAgent) and d.act.account == clerk)
    appointment.change(powers=appointment.act.powers | DECIDE | ASSESS)
    assert failed(forgery, "P1") == {forgery.drafts.index(appointment) + 1}


def test_an_appointment_that_the_appointing_admin_confirms_fails_its_authority(forgery):
    forgery.of(ConfirmAppointment).person = "admin"
    assert failed(forgery, "P1") == {at(forgery, ConfirmAppointment)}


def test_an_officer_of_an_authority_whom_nobody_confirmed_signs_nothing(forgery):
    forgery.drop(forgery.of(ConfirmAppointment))
    assert failed(forgery, "P1") == {at(forgery, IssueLicense)}


def test_an_appointment_confirmed_twice_fails_its_authority(forgery):
    confirmed = forgery.of(ConfirmAppointment)
    forgery.copy(confirmed, after=confirmed).change(deadline=confirmed.act.deadline + 1)
    assert failed(forgery, "P1") == {at(forgery, ConfirmAppointment, 1)}


def test_an_appointment_that_another_accepts_fails_its_authority(forgery):
    forgery.of(AcceptAppointment).person = "stranger"
    assert at(forgery, AcceptAppointment) in failed(forgery, "P1")


def test_an_appointment_accepted_twice_fails_its_authority(forgery):
    accepted = forgery.of(AcceptAppointment)
    forgery.copy(accepted, after=accepted).change(deadline=accepted.act.deadline + 1)
    assert failed(forgery, "P1") == {at(forgery, AcceptAppointment, 1)}


def test_a_sponsor_that_appoints_another_than_an_admin_fails_its_authority(forgery):
    dean = next(d for d in forgery.drafts if isinstance(d.act, AppointAgent) and d.act.powers == ADMIN)
    dean.change(powers=CUSTODY)
    assert forgery.drafts.index(dean) + 1 in failed(forgery, "P1")


def test_an_appointment_by_a_colleague_who_is_no_admin_fails_its_authority(forgery):
    clerk = next(d for d in forgery.drafts if isinstance(d.act, AppointAgent) and d.person == "export admin")
    clerk.person = "official"
    assert forgery.drafts.index(clerk) + 1 in failed(forgery, "P1")


def test_one_person_as_admin_and_officer_fails_its_appointment(forgery):
    officer = next(d for d in forgery.drafts if isinstance(d.act, AppointAgent) and d.act.powers == DECIDE)
    officer.change(powers=DECIDE | ADMIN)
    assert forgery.drafts.index(officer) + 1 in failed(forgery, "P1")


def test_a_departure_attested_without_the_power_to_inspect_fails_its_authority(forgery):
    departed = forgery.of(DepartShipment)
    departed.change(organization=1)
    departed.person = "recorder"
    assert failed(forgery, "P1") == {at(forgery, DepartShipment)}


def test_an_act_for_an_organization_without_a_role_for_the_power_fails_its_authority(forgery):
    exporter = next(d for d in forgery.drafts if d.act.RECORD is RecordKind.ORGANIZATION and d.act.roles == EXPORTER)
    exporter.change(roles=CARRIER)
    assert at(forgery, RegisterShipment, 1) in failed(forgery, "P1")


# P2


def test_an_act_whose_signer_saw_another_head_fails_completeness(forgery):
    departed = forgery.of(DepartShipment)
    departed.change(parent=salt_of("another head"))
    departed.keeps_parent = True
    assert failed(forgery, "P2") == {at(forgery, DepartShipment)}


def test_a_draw_on_a_line_that_the_license_does_not_have_fails_completeness(forgery):
    register = forgery.of(RegisterShipment, 1)
    register.change(draws=(Draw(line=5, quantity=5),))
    register.retouch(lambda delta: delta[:-33] + b"\5" + delta[-32:])
    assert at(forgery, RegisterShipment, 1) in failed(forgery, "P2")


def test_a_record_that_is_created_twice_fails_completeness(forgery):
    adopted = forgery.of(AdoptPolicy)
    forgery.copy(adopted, after=adopted).change(deadline=adopted.act.deadline + 1)
    assert failed(forgery, "P2") == {at(forgery, AdoptPolicy, 1)}


def test_an_act_entered_twice_fails_completeness(forgery):
    licensed = forgery.of(IssueLicense).act.record
    suspended = order(forgery, SuspendLicense, "second enforcer", licensed, forgery.of(ClearShipment), reason=1)
    forgery.copy(suspended, after=suspended)
    assert failed(forgery, "P2") == {at(forgery, SuspendLicense, 1), at(forgery, SuspendLicense, 2)}


def test_a_record_with_an_id_of_somebody_elses_making_fails_completeness(forgery):
    forgery.of(IssueLicense).change(salt=salt_of("another"))
    assert failed(forgery, "P2") == {at(forgery, IssueLicense)}


def test_a_license_under_a_policy_adopted_later_fails_completeness(forgery):
    forgery.move(forgery.of(AdoptPolicy), before=forgery.of(RegisterShipment))
    assert at(forgery, IssueLicense) in failed(forgery, "P2")
