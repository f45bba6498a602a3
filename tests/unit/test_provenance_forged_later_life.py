"""Is a broken rule of successors, appeals, enforcement and adjustments found? As test_provenance_forged."""

import dataclasses

import pytest

from ledger.acts.applications import ApplyForLicense, AssessApplication
from ledger.acts.certificates import CosignCertificate, RevokeCertificate, SignCertificate
from ledger.acts.licensing import IssueLicense, SupersedeLicense, TransferLicense
from ledger.acts.manifests import Adjustment, AdjustShipment, RegisterShipment, SplitShipment
from ledger.acts.orders import ConfirmSuspension, RevokeLicense, SuspendLicense
from tests.scenario import DOCUMENT, salt_of
from tests.unit.provenance_parts import Forgery, at, failed, order
from tests.unit.provenance_stories import STORIES, a_mandate, a_part, a_successor, an_appeal, told


@pytest.fixture(scope="module")
def histories(settled_trade):
    return {story: told(settled_trade, story) for story in STORIES}


@pytest.fixture
def forge(histories, settled_trade):
    return lambda story: Forgery(histories[story], settled_trade.deployment)


# Licenses and certificates


@pytest.mark.parametrize(("act", "person"), [(IssueLicense, "issuer"), (AssessApplication, "assessor")])
def test_an_appeal_decided_by_who_refused_fails_four_eyes(forge, act, person):
    forgery = forge(an_appeal)
    decisive = forgery.of(act, 1 if act is AssessApplication else 0)
    decisive.person = person
    assert failed(forgery, "P4") == {forgery.drafts.index(decisive) + 1}


def test_a_successor_that_grants_more_than_was_left_fails_the_license(forge):
    forgery = forge(a_successor)
    asked = forgery.of(ApplyForLicense, 1)
    asked.change(lines=(dataclasses.replace(asked.act.lines[0], granted=7),))
    assert failed(forgery, "P4") == {at(forgery, SupersedeLicense)}


def test_a_successor_of_another_license_than_asked_for_fails_the_license(forge):
    forgery = forge(a_successor)
    forgery.of(ApplyForLicense, 1).change(continues=bytes(32))
    assert failed(forgery, "P4") == {at(forgery, SupersedeLicense)}


def test_a_license_that_one_officer_revoked_alone_fails_the_license(forge):
    forgery = forge(a_part)
    licensed, cut = forgery.of(IssueLicense).act.record, forgery.of(SplitShipment)
    for number in (0, 1):
        values = {"reason": 1, "document": DOCUMENT}
        draft = order(forgery, RevokeLicense, "enforcer", licensed, cut, **values)
        draft.change(deadline=draft.act.deadline + number)
        draft.entry = dataclasses.replace(draft.entry, record_head=salt_of(("revocation", number)))
    assert failed(forgery, "P4") == {at(forgery, RevokeLicense, 1)}


def test_a_suspension_confirmed_by_the_officer_who_suspended_fails_the_license(forge):
    forgery = forge(a_part)
    licensed, last = forgery.of(IssueLicense).act.record, forgery.drafts[-1]
    order(forgery, SuspendLicense, "enforcer", licensed, last, reason=1)
    order(forgery, ConfirmSuspension, "enforcer", licensed, last, reason=1)
    assert failed(forgery, "P4") == {at(forgery, ConfirmSuspension)}


def test_a_license_that_goes_to_no_exporter_fails_the_license(forge):
    forgery = forge(a_part)
    licensed, last = forgery.of(IssueLicense).act.record, forgery.drafts[-1]
    order(forgery, TransferLicense, "issuer", licensed, last, to=3, document=DOCUMENT)
    assert at(forgery, TransferLicense) in failed(forgery, "P4")


def test_a_cosignature_of_a_stranger_fails_the_certificate(forge):
    forgery = forge(a_part)
    certificate, issued = forgery.of(SignCertificate).act.record, forgery.of(IssueLicense)
    order(forgery, CosignCertificate, "clerk", certificate, issued, role=5, document=DOCUMENT).change(organization=2)
    assert failed(forgery, "P3") == {at(forgery, CosignCertificate)}


def test_a_certificate_that_its_authority_revokes_without_endorsing_it_fails_the_certificate(forge):
    forgery = forge(a_part)
    certificate, last = forgery.of(SignCertificate).act.record, forgery.drafts[-1]
    order(forgery, RevokeCertificate, "recorder", certificate, last, reason=1)
    assert failed(forgery, "P3") == {at(forgery, RevokeCertificate)}


@pytest.mark.parametrize("noted", [False, True])
def test_an_adjustment_that_the_license_was_told_otherwise_or_not_of_fails_conservation(forge, noted):
    forgery = forge(a_mandate)
    registered = forgery.of(RegisterShipment)
    adjusted = forgery.copy(registered, after=registered)
    common = {name: getattr(registered.act, name) for name in ("record", "parent", "organization", "deadline")}
    change = (Adjustment(line=0, quantity=-1),)
    adjusted.act = AdjustShipment(**common, share=0, document=DOCUMENT, adjustments=change)
    touched = registered.entry.touched if noted else ()
    values = {"kind": AdjustShipment.KIND, "record_head": salt_of("adjusted"), "touched": touched}
    adjusted.entry = dataclasses.replace(adjusted.entry, **values)
    assert at(forgery, AdjustShipment) in failed(forgery, "P5")
