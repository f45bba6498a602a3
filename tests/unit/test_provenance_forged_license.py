"""Is a broken rule of certificate, license or draw found where every signature and head is right?"""

import dataclasses

import pytest

from ledger.acts.act import RecordKind
from ledger.acts.applications import ApplyForLicense, AssessApplication, Party
from ledger.acts.certificates import RecordCertificate, RevokeCertificate, SignCertificate, VerifyCertificate
from ledger.acts.custody import AcceptHandoff, ClearShipment, DepartShipment
from ledger.acts.licensing import IssueLicense
from ledger.acts.manifests import Draw, RegisterShipment
from ledger.acts.orders import HoldShipment, ReinstateLicense, SuspendLicense
from ledger.acts.organizations import AdoptPolicy
from ledger.acts.reports import ConfirmDelivery
from tests.scenario import EXPORTER, salt_of
from tests.unit.provenance_parts import Forgery, at, failed, honest_history, order


@pytest.fixture(scope="module")
def honest(settled_trade):
    return honest_history(settled_trade)


@pytest.fixture
def forgery(honest, settled_trade):
    return Forgery(honest, settled_trade.deployment)


# P3


def test_a_certificate_signed_by_another_than_the_end_user_fails_the_certificate(forgery):
    signed = forgery.of(SignCertificate)
    signed.change(end_user=5)
    assert at(forgery, SignCertificate) in failed(forgery, "P3")


def test_a_certificate_of_another_end_user_fails_the_certificate(forgery):
    forgery.of(SignCertificate).change(end_user=5)
    assert at(forgery, RegisterShipment, 1) in failed(forgery, "P3")


def test_a_certificate_for_another_exporter_fails_the_certificate(forgery):
    forgery.of(SignCertificate).change(exporter=3)
    assert failed(forgery, "P3") == {at(forgery, IssueLicense)}


def test_a_certificate_over_less_than_licenses_grant_fails_the_certificate(forgery):
    signed = forgery.of(SignCertificate)
    signed.change(lines=(dataclasses.replace(signed.act.lines[0], quantity=9),))
    assert failed(forgery, "P3") == {at(forgery, IssueLicense)}


def test_a_certificate_in_another_unit_fails_the_certificate(forgery):
    signed = forgery.of(SignCertificate)
    signed.change(lines=(dataclasses.replace(signed.act.lines[0], unit=b"KGM"),))
    assert failed(forgery, "P3") == {at(forgery, IssueLicense)}


def test_a_certificate_that_ended_before_clearance_fails_the_certificate(forgery):
    cleared = forgery.of(ClearShipment)
    forgery.of(SignCertificate).change(valid_until=cleared.act.occurred_at)
    assert at(forgery, ClearShipment) in failed(forgery, "P3")


def test_a_license_that_takes_less_of_the_certificate_than_it_grants_fails_the_certificate(forgery):
    issued = forgery.of(IssueLicense)
    issued.retouch(lambda delta: delta[:-1] + b"\1" if len(delta) > 32 else delta)
    assert failed(forgery, "P3") == {at(forgery, IssueLicense)}


def test_a_certificate_that_another_revokes_fails_the_certificate(forgery):
    certificate = forgery.of(SignCertificate).act.record
    order(forgery, RevokeCertificate, "official", certificate, forgery.of(ConfirmDelivery), reason=1)
    assert failed(forgery, "P3") == {at(forgery, RevokeCertificate)}


def test_a_certificate_from_paper_that_another_records_fails_the_certificate(forgery):
    signed = forgery.of(SignCertificate)
    members = {f.name: getattr(signed.act, f.name) for f in dataclasses.fields(signed.act)}
    signed.act = RecordCertificate(**members)
    signed.entry = dataclasses.replace(signed.entry, kind=RecordCertificate.KIND)
    assert at(forgery, RecordCertificate) in failed(forgery, "P3")


def test_a_certificate_line_that_does_not_exist_fails_the_certificate(forgery):
    applied = forgery.of(ApplyForLicense)
    applied.change(lines=(dataclasses.replace(applied.act.lines[0], certificate_line=1),))
    assert at(forgery, IssueLicense) in failed(forgery, "P3")


def test_a_certificate_verified_by_one_without_jurisdiction_fails_the_certificate(forgery):
    certificate = forgery.of(SignCertificate).act.record
    verified = order(
        forgery, VerifyCertificate, "recorder", certificate, forgery.of(IssueLicense), method=1, document=salt_of("x")
    )
    verified.change(organization=5)
    assert at(forgery, VerifyCertificate) in failed(forgery, "P3")


def test_a_certificate_of_grade_a_that_is_verified_again_fails_the_certificate(forgery):
    certificate = forgery.of(SignCertificate).act.record
    issued = forgery.of(IssueLicense)
    order(forgery, VerifyCertificate, "recorder", certificate, issued, method=1, document=salt_of("x"))
    assert failed(forgery, "P3") == {at(forgery, VerifyCertificate)}


def test_a_departure_on_a_certificate_from_paper_fails_the_certificate(forgery):
    signed = forgery.of(SignCertificate)
    members = {f.name: getattr(signed.act, f.name) for f in dataclasses.fields(signed.act)}
    members["organization"] = 2
    signed.act, signed.person = RecordCertificate(**members), "clerk"
    signed.entry = dataclasses.replace(signed.entry, kind=RecordCertificate.KIND)
    assert at(forgery, DepartShipment) in failed(forgery, "P3")


def test_a_departure_on_a_revoked_certificate_fails_the_certificate(forgery):
    certificate = forgery.of(SignCertificate).act.record
    revoked = order(forgery, RevokeCertificate, "official", certificate, forgery.of(DepartShipment), reason=1)
    revoked.change(organization=6)
    assert failed(forgery, "P3") == {at(forgery, DepartShipment)}


# P4


def test_a_license_issued_by_its_assessor_fails_four_eyes(forgery):
    forgery.of(IssueLicense).person = "assessor"
    assert failed(forgery, "P4") == {at(forgery, IssueLicense)}


def test_a_license_assessed_by_an_admin_fails_four_eyes(forgery):
    forgery.of(AssessApplication).person = "admin"
    assert failed(forgery, "P4") == {at(forgery, AssessApplication)}


def test_a_license_issued_by_another_organization_fails_the_license(forgery):
    forgery.of(IssueLicense).change(organization=5)
    assert at(forgery, IssueLicense) in failed(forgery, "P4")


def test_a_license_issued_on_an_older_state_of_the_application_fails_the_license(forgery):
    forgery.of(IssueLicense).change(assessed_head=salt_of("older"))
    assert failed(forgery, "P4") == {at(forgery, IssueLicense)}


def test_a_license_under_the_policy_for_another_kind_fails_the_license(forgery):
    forgery.of(AdoptPolicy).change(kind=4)
    assert failed(forgery, "P4") == {at(forgery, IssueLicense)}


def test_a_license_for_an_exporter_of_another_authority_fails_the_license(forgery):
    exporter = next(d for d in forgery.drafts if d.act.RECORD is RecordKind.ORGANIZATION and d.act.roles == EXPORTER)
    exporter.change(organization=5)
    assert at(forgery, ApplyForLicense) in failed(forgery, "P4")


def test_a_license_that_another_than_its_exporter_uses_fails_the_license(forgery):
    forgery.of(RegisterShipment, 1).change(organization=3)
    assert at(forgery, RegisterShipment, 1) in failed(forgery, "P4")


def test_a_license_that_another_organization_suspends_fails_the_license(forgery):
    forgery.of(SuspendLicense).change(organization=5)
    assert at(forgery, SuspendLicense) in failed(forgery, "P4")


def test_a_license_used_before_it_is_valid_fails_the_license(forgery):
    forgery.of(IssueLicense).change(valid_from=forgery.of(ClearShipment).act.occurred_at)
    assert failed(forgery, "P4") == {at(forgery, RegisterShipment, 1)}


def test_a_license_nobody_assessed_fails_four_eyes(forgery):
    forgery.drop(forgery.of(AssessApplication))
    assert failed(forgery, "P4") == {at(forgery, IssueLicense)}


def test_a_shipment_to_an_end_user_that_the_license_does_not_name_fails_the_license(forgery):
    forgery.of(ApplyForLicense).change(parties=(Party(organization=6, role=5),))
    assert failed(forgery, "P4") == {at(forgery, RegisterShipment, 1)}


def test_a_license_that_ended_before_departure_fails_the_license(forgery):
    departed = forgery.of(DepartShipment)
    forgery.of(IssueLicense).change(valid_until=departed.act.occurred_at)
    assert at(forgery, DepartShipment) in failed(forgery, "P4")


def test_a_departure_while_the_license_is_suspended_fails_the_license(forgery):
    licensed = forgery.of(IssueLicense).act.record
    order(forgery, SuspendLicense, "second enforcer", licensed, forgery.of(DepartShipment), reason=1)
    assert failed(forgery, "P4") == {at(forgery, DepartShipment)}


def test_a_license_reinstated_by_the_officer_who_suspended_fails_the_license(forgery):
    forgery.of(ReinstateLicense).person = "enforcer"
    assert failed(forgery, "P4") == {at(forgery, ReinstateLicense)}


def test_a_departure_while_the_shipment_is_held_fails_the_license_check(forgery):
    shipment = forgery.of(DepartShipment).act.record
    order(forgery, HoldShipment, "inspector", shipment, forgery.of(DepartShipment), reason=1)
    assert failed(forgery, "P4") == {at(forgery, DepartShipment)}


def test_a_departure_without_clearance_fails_the_license_check(forgery):
    forgery.drop(forgery.of(ClearShipment))
    assert failed(forgery, "P4") == {at(forgery, DepartShipment)}


# P5


def test_a_draw_beyond_what_is_granted_fails_conservation(forgery):
    register = forgery.of(RegisterShipment, 1)
    register.change(draws=(Draw(line=0, quantity=11),))
    register.retouch(lambda delta: delta[:-1] + b"\x0b")
    assert failed(forgery, "P5") == {at(forgery, RegisterShipment, 1)}


def test_a_draw_other_than_its_act_says_fails_conservation(forgery):
    forgery.of(RegisterShipment, 1).retouch(lambda delta: delta[:-1] + b"\1")
    assert failed(forgery, "P5") == {at(forgery, RegisterShipment, 1)}


def test_a_share_beyond_the_license_value_fails_conservation(forgery):
    register = forgery.of(RegisterShipment, 1)
    register.change(share=1_100_000_001)
    register.retouch(lambda delta: delta[:32] + (1_100_000_001).to_bytes(32, "big") + delta[64:])
    assert failed(forgery, "P5") == {at(forgery, RegisterShipment, 1)}


def test_a_draw_that_is_given_back_twice_over_fails_conservation(forgery):
    given_back = next(d for d in forgery.drafts if type(d.act).__name__ == "CancelShipment")
    given_back.retouch(lambda delta: delta[:-1] + bytes([delta[-1] - 2]))
    assert failed(forgery, "P5") == {forgery.drafts.index(given_back) + 1}


def test_a_count_above_what_was_held_fails_conservation(forgery):
    forgery.of(AcceptHandoff, 1).change(counted=(6,))
    assert failed(forgery, "P5") == {at(forgery, AcceptHandoff, 1)}


def test_a_count_of_more_lines_than_there_are_fails_conservation(forgery):
    forgery.of(AcceptHandoff, 1).change(counted=(5, 5))
    assert failed(forgery, "P5") == {at(forgery, AcceptHandoff, 1)}


def test_a_draw_that_no_act_of_drawing_left_fails_conservation(forgery):
    cleared = forgery.of(ClearShipment)
    cleared.entry = dataclasses.replace(cleared.entry, touched=forgery.of(RegisterShipment).entry.touched)
    assert at(forgery, ClearShipment) in failed(forgery, "P5")
