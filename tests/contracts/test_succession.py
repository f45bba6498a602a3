"""Certificates that supersede each other, and who else signs them: cosigners and the end-user's sponsor."""

import dataclasses

import pytest

from ledger.acts.applications import ApplyForLicense
from ledger.acts.certificates import (
    CosignCertificate,
    EndorseCertificate,
    RecordCertificate,
    RevokeCertificate,
    SignCertificate,
    VerifyCertificate,
)
from ledger.acts.licensing import IssueLicense
from ledger.journal.entries import CertificateDelta, certificate_delta
from tests.contracts.examples import CERTIFIED, LINE, certificate_terms
from tests.scenario import (
    ADMIN,
    CERTIFY,
    CONSIGNEE,
    DOCUMENT,
    END_USER,
    EXPORTER,
    NAR,
    keys_of,
    salt_of,
)

HUNDREDS = (dataclasses.replace(CERTIFIED, quantity=100),) * 2


def succeed(stage, act=SignCertificate, **changed):
    """The refusal of a certificate that supersedes the stage's; None where it would be taken."""
    person, organization = ("official", 6) if act is SignCertificate else ("clerk", 2)
    values = certificate_terms(stage) | {"supersedes": stage.certificate, "lines": HUNDREDS}
    return stage.trade.refusal(act, person, organization, **(values | changed))


def succeeded(stage, **changed):
    """The record of a certificate that supersedes the stage's."""
    values = certificate_terms(stage) | {"supersedes": stage.certificate, "lines": HUNDREDS}
    return stage.trade.act(SignCertificate, "official", 6, **(values | changed)).record


def number_of(stage, record):
    return stage.trade.view("Certificates", "numberOf", record)


def stored(stage, record):
    return stage.trade.view("Certificates", "certificateOf", number_of(stage, record))


# Superseding


def test_a_certificate_is_superseded_by_a_new_one(stage):
    new = succeeded(stage)
    found = stage.trade.view("Certificates", "newestOf", number_of(stage, stage.certificate))
    assert (stored(stage, stage.certificate).status, found.number) == (2, number_of(stage, new))


def test_the_superseded_certificate_gets_a_note_that_names_the_new_one(stage):
    new = succeeded(stage)
    (note,) = stage.trade.entries[-1].touched
    assert (note.record, certificate_delta(note.delta)) == (stage.certificate, CertificateDelta(new, ()))


def test_a_certificate_that_supersedes_nothing_known_is_refused(stage):
    nothing = salt_of("nothing")
    assert succeed(stage, supersedes=nothing) == ("UnknownRecord", {"record": nothing})


def test_a_certificate_of_another_exporter_does_not_supersede(stage):
    number = number_of(stage, stage.certificate)
    values = {"certificate": number, "organization": stage.heir, "required": 2}
    assert succeed(stage, exporter=stage.heir) == ("CertificateMismatch", values)


def test_a_certificate_of_another_end_user_does_not_supersede(stage):
    trade = stage.trade
    other = trade.register("other", END_USER, {"other admin": ADMIN, "other official": CERTIFY})
    values = certificate_terms(stage) | {"supersedes": stage.certificate, "lines": HUNDREDS, "end_user": other}
    answer = trade.refusal(SignCertificate, "other official", other, **values)
    number = number_of(stage, stage.certificate)
    assert answer == ("CertificateMismatch", {"certificate": number, "organization": other, "required": 6})


@pytest.mark.parametrize(("name", "status"), [("revoked", 3), ("corrected", 2)])
def test_i4_only_a_valid_certificate_is_superseded(stage, name, status):
    former = getattr(stage, name)
    answer = succeed(stage, supersedes=former)
    assert answer == ("WrongStatus", {"record": former, "status": status, "allowed": 2})


def test_a_recorded_paper_does_not_supersede_a_signed_certificate(stage):
    values = {"certificate": stage.certificate, "grade": 3, "raised": 1}
    assert succeed(stage, RecordCertificate) == ("GradeNotRaised", values)


def test_a_recorded_paper_does_not_supersede_a_verified_one(stage):
    stage.trade.act(VerifyCertificate, "recorder", 1, record=stage.paper, method=1, document=DOCUMENT)
    answer = succeed(stage, RecordCertificate, supersedes=stage.paper)
    assert answer == ("GradeNotRaised", {"certificate": stage.paper, "grade": 2, "raised": 1})


@pytest.mark.parametrize("act", [SignCertificate, RecordCertificate])
def test_a_paper_is_superseded_by_its_like_or_better(stage, act):
    assert succeed(stage, act, supersedes=stage.paper) is None


@pytest.mark.parametrize(("count", "taken"), [(1, False), (2, True), (3, True)])
def test_a_certificate_keeps_the_lines_of_the_one_it_supersedes(stage, count, taken):
    answer = succeed(stage, lines=HUNDREDS[:1] * count)
    bounds = {"field": "lines", "value": count, "minimum": 2, "maximum": 32}
    assert answer == (None if taken else ("OutOfRange", bounds))


@pytest.mark.parametrize("changed", [{"unit": b"KGM"}, {"decimals": 1}])
def test_i2_a_line_keeps_its_unit_when_it_is_superseded(stage, changed):
    answer = succeed(stage, lines=(HUNDREDS[0], dataclasses.replace(HUNDREDS[1], **changed)))
    values = {"record": stage.certificate, "line": 1, "unit": NAR, "decimals": 0} | changed
    assert answer == ("UnitMismatch", values)


@pytest.mark.parametrize("quantity", [50, 49])
def test_i2_a_new_certificate_covers_what_is_granted_of_the_former(stage, quantity):
    """50 are granted on the stage."""
    answer = succeed(stage, lines=(dataclasses.replace(CERTIFIED, quantity=quantity), HUNDREDS[1]))
    number = number_of(stage, stage.certificate)
    values = {"certificate": number, "line": 0, "requested": 50, "remaining": 49}
    assert answer == (None if quantity == 50 else ("CertificateExceeded", values))


def test_i2_a_new_certificate_inherits_what_is_granted_and_that_it_was_used(stage):
    new = succeeded(stage)
    line = stage.trade.view("Certificates", "lineOf", number_of(stage, new), 0)
    assert (line.certified, line.granted, stored(stage, new).used) == (100, 50, True)


def test_a_correction_of_an_unused_certificate_is_unused(stage):
    new = succeeded(stage, supersedes=stage.paper)
    assert stored(stage, new).used is False


def test_who_named_the_former_certificate_means_the_newest(stage):
    """An application that was assessed before is granted under the new certificate."""
    trade = stage.trade
    trade.assess(application := trade.apply(50, certificate=stage.certificate))
    new = succeeded(stage)
    trade.issue(application)
    line = trade.view("Certificates", "lineOf", number_of(stage, new), 0)
    assert (line.granted, new in {note.record for note in trade.entries[-1].touched}) == (100, True)


def test_i2_what_a_new_certificate_leaves_is_all_that_is_granted(stage):
    trade = stage.trade
    trade.assess(application := trade.apply(50, certificate=stage.certificate))
    new = succeeded(stage, lines=(dataclasses.replace(CERTIFIED, quantity=99), HUNDREDS[1]))
    person, organization, values = stage.example(IssueLicense)
    head = trade.head(application, ApplyForLicense)
    answer = trade.refusal(
        IssueLicense, person, organization, **(values | {"application": application, "assessed_head": head})
    )
    limits = {"certificate": number_of(stage, new), "line": 0, "requested": 50, "remaining": 49}
    assert answer == ("CertificateExceeded", limits)


def test_a_line_that_names_the_old_and_one_that_names_the_new_touch_one_certificate(stage):
    trade = stage.trade
    new = succeeded(stage)
    both = tuple(dataclasses.replace(LINE, granted=1, certificate=record) for record in (stage.certificate, new))
    trade.apply(1, lines=both)
    assert [note.record for note in trade.entries[-1].touched] == [new]


# Cosignatures


def cosign(stage, person="clerk", organization=2, **changed):
    values = {"record": stage.certificate, "role": 3, "document": DOCUMENT}
    return stage.trade.refusal(CosignCertificate, person, organization, **(values | changed))


@pytest.fixture
def consignees(stage):
    """Two consignees, each with an official."""
    return [
        stage.trade.register(name, CONSIGNEE, {f"{name} admin": ADMIN, f"{name} official": CERTIFY})
        for name in ("buyer", "squatter")
    ]


@pytest.mark.parametrize("role", [0, 4, 6])
def test_a_certificate_is_cosigned_as_exporter_or_consignee_only(stage, role):
    assert cosign(stage, role=role) == ("RolesInvalid", {"roles": 1 << role, "allowed": EXPORTER | CONSIGNEE})


def test_only_the_certificates_exporter_cosigns_as_exporter(stage):
    assert cosign(stage, "heir clerk", stage.heir) == ("WrongOrganization", {"organization": stage.heir, "required": 2})


def test_only_a_consignee_cosigns_as_consignee(stage):
    answer = cosign(stage, "official", 6, role=5)
    assert answer == ("RoleMissing", {"organization": 6, "roles": END_USER, "required": CONSIGNEE})


def test_a_cosignature_without_document_is_refused(stage):
    assert cosign(stage, document=bytes(32)) == ("CommitmentMissing", {"field": "document"})


def test_an_exporter_cosigns_once(stage):
    stage.trade.act(CosignCertificate, "clerk", 2, record=stage.certificate, role=3, document=DOCUMENT)
    assert cosign(stage) == ("AlreadyCosigned", {"certificate": stage.certificate, "role": 3})


def test_cosignatures_of_two_roles_add_up(stage, consignees):
    trade, buyer = stage.trade, consignees[0]
    values = {"record": stage.certificate, "document": DOCUMENT}
    trade.act(CosignCertificate, "clerk", 2, role=3, **values)
    trade.act(CosignCertificate, "buyer official", buyer, role=5, **values)
    found = stored(stage, stage.certificate)
    assert (found.signers, found.consignee) == (EXPORTER | CONSIGNEE, buyer)


def test_a_stranger_does_not_occupy_the_consignees_place(stage, consignees):
    trade, (buyer, squatter) = stage.trade, consignees
    values = {"record": stage.certificate, "role": 5, "document": DOCUMENT}
    trade.act(CosignCertificate, "squatter official", squatter, **values)
    trade.act(CosignCertificate, "buyer official", buyer, **values)
    assert stored(stage, stage.certificate).consignee == buyer


def test_one_consignee_does_not_cosign_twice_running(stage, consignees):
    values = {"record": stage.certificate, "role": 5, "document": DOCUMENT}
    stage.trade.act(CosignCertificate, "buyer official", consignees[0], **values)
    answer = cosign(stage, "buyer official", consignees[0], role=5)
    assert answer == ("AlreadyCosigned", {"certificate": stage.certificate, "role": 5})


def test_neither_cosignature_nor_endorsement_is_inherited(stage):
    trade = stage.trade
    trade.act(CosignCertificate, "clerk", 2, record=stage.certificate, role=3, document=DOCUMENT)
    trade.act(EndorseCertificate, "recorder", 1, record=stage.certificate, document=DOCUMENT)
    assert (stored(stage, stage.certificate).signers, stored(stage, succeeded(stage)).signers) == (EXPORTER | 1, 0)


# Endorsements


def endorse(stage, person="recorder", organization=1, **changed):
    values = {"record": stage.certificate, "document": DOCUMENT}
    return stage.trade.refusal(EndorseCertificate, person, organization, **(values | changed))


def test_only_the_end_users_sponsor_endorses(stage):
    answer = endorse(stage, "customs officer", 5)
    assert answer == ("OutsideJurisdiction", {"organization": 5, "record": stage.certificate})


def test_an_endorsement_without_document_is_refused(stage):
    assert endorse(stage, document=bytes(32)) == ("CommitmentMissing", {"field": "document"})


def test_a_certificate_is_endorsed_once(stage):
    stage.trade.act(EndorseCertificate, "recorder", 1, record=stage.certificate, document=DOCUMENT)
    answer = endorse(stage, document=salt_of("another"))
    assert answer == ("AlreadyCosigned", {"certificate": stage.certificate, "role": 0})


def test_an_endorsement_is_a_note_and_leaves_the_head(stage):
    trade = stage.trade
    head = trade.head(stage.certificate, EndorseCertificate)
    entry = trade.act(EndorseCertificate, "recorder", 1, record=stage.certificate, document=DOCUMENT)
    (note,) = entry.touched
    assert (entry.record_head, note.record, note.delta) == (head, stage.certificate, b"")


def revoke(stage, person, organization):
    return stage.trade.refusal(RevokeCertificate, person, organization, record=stage.certificate, reason=1)


def test_the_end_users_sponsor_revokes_what_was_endorsed_and_nothing_else(stage):
    before = revoke(stage, "recorder", 1)
    stage.trade.act(EndorseCertificate, "recorder", 1, record=stage.certificate, document=DOCUMENT)
    refused = ("WrongOrganization", {"organization": 1, "required": 6})
    assert (before, revoke(stage, "recorder", 1), revoke(stage, "official", 6)) == (refused, None, None)


def test_the_key_of_another_end_user_signs_no_correction(stage):
    answer = stage.trade.refusal(
        SignCertificate,
        "clerk",
        6,
        **(certificate_terms(stage) | {"supersedes": stage.certificate, "lines": HUNDREDS}),
    )
    assert answer == ("NotAnAgent", {"signer": keys_of("clerk").address, "organization": 6})
