"""Licenses in force: certificates bound later, suspensions confirmed, revoked, corrected, transferred, surrendered."""

import pytest

from ledger.acts.certificates import RevokeCertificate
from ledger.acts.licensing import (
    AcknowledgeConditions,
    BindCertificate,
    CorrectLicense,
    CreditReturn,
    SurrenderLicense,
    TransferLicense,
)
from ledger.acts.manifests import Draw, RegisterShipment
from ledger.acts.orders import ConfirmSuspension, ReinstateLicense, RevokeLicense, SuspendLicense
from ledger.acts.organizations import VoteAuthority
from ledger.ids import ZERO32
from ledger.journal.entries import CertificateDelta, LineDelta, certificate_delta
from tests.contracts.examples import HOUR
from tests.scenario import ADMIN, CARRIER, DOCUMENT, END_USER, EXPORTER, NAR, STATE, salt_of

EVER = 2**40 - 1
WHY, PAPER = {"reason": 1}, {"document": DOCUMENT}


def number_of(stage, record):
    return stage.trade.view("Licenses", "numberOf", record)


def license_of(stage, record):
    return stage.trade.view("Licenses", "licenseOf", number_of(stage, record))


def line_of(stage, record, line=0):
    return stage.trade.view("Licenses", "lineOf", number_of(stage, record), line)


def certified(stage, record, line=0):
    number = stage.trade.view("Certificates", "numberOf", record)
    return stage.trade.view("Certificates", "lineOf", number, line)


def draw(stage, record, quantity=1, person="clerk", organization=2):
    values = {"license": record, "end_user": 6, "share": 0, "waybill": ZERO32, "document": DOCUMENT}
    draws = (Draw(line=0, quantity=quantity),)
    return stage.trade.refusal(RegisterShipment, person, organization, draws=draws, **values)


# Binding a certificate


def bind(stage, person="clerk", organization=2, **changed):
    values = {"record": stage.bare, "line": 0, "certificate": stage.certificate, "certificate_line": 0}
    return stage.trade.refusal(BindCertificate, person, organization, **(values | changed))


def bound(stage, **changed):
    values = {"record": stage.bare, "line": 0, "certificate": stage.certificate, "certificate_line": 0}
    return stage.trade.act(BindCertificate, "clerk", 2, **(values | changed))


def test_i2_a_bound_certificate_grants_what_the_line_grants(stage):
    before = certified(stage, stage.certificate).granted
    entry = bound(stage)
    (note,) = entry.touched
    assert certified(stage, stage.certificate).granted - before == 10
    assert certificate_delta(note.delta) == CertificateDelta(stage.bare, (LineDelta(0, 10),))


def test_a_line_without_certificate_is_backed_once_one_is_bound(stage):
    numbers = [stage.trade.view("Licenses", "backing", number_of(stage, stage.bare), [0], 6, 0).grade]
    bound(stage)
    numbers.append(stage.trade.view("Licenses", "backing", number_of(stage, stage.bare), [0], 6, 0).grade)
    assert numbers == [0, 3]


def test_only_the_licenses_exporter_binds(stage):
    answer = bind(stage, "heir clerk", stage.heir)
    assert answer == ("WrongOrganization", {"organization": stage.heir, "required": 2})


@pytest.mark.parametrize("line", [1, 255])
def test_a_line_that_the_license_lacks_is_not_bound(stage, line):
    answer = bind(stage, line=line)
    assert answer == ("OutOfRange", {"field": "line", "value": line, "minimum": 0, "maximum": 0})


def test_a_line_with_a_certificate_in_force_is_not_bound_again(stage):
    bound(stage)
    number = stage.trade.view("Certificates", "numberOf", stage.certificate)
    answer = bind(stage, certificate=stage.paper)
    assert answer == ("AlreadyBound", {"license": stage.bare, "line": 0, "certificate": number})


def test_a_line_whose_certificate_was_revoked_is_bound_again(stage):
    bound(stage)
    stage.trade.act(RevokeCertificate, "official", 6, record=stage.certificate, **WHY)
    assert bind(stage, certificate=stage.trade.paper_certificate(10)) is None


def test_a_line_whose_certificate_has_lapsed_is_bound_again(stage):
    trade = stage.trade
    bound(stage, certificate=trade.paper_certificate(10, valid_until=trade.time + HOUR))
    before = bind(stage)
    trade.advance(HOUR)
    assert (before[0], bind(stage)) == ("AlreadyBound", None)


def test_i2_what_was_drawn_stays_with_the_certificate_under_which_it_was_drawn(stage):
    trade = stage.trade
    bound(stage)
    trade.ship(stage.bare, 4)
    trade.act(RevokeCertificate, "official", 6, record=stage.certificate, **WHY)
    paper = trade.paper_certificate(10)
    bound(stage, certificate=paper)
    assert certified(stage, paper).granted == 6


def test_a_certificate_that_does_not_exist_is_not_bound(stage):
    assert bind(stage, certificate=salt_of("nothing")) == ("UnknownRecord", {"record": salt_of("nothing")})


def test_a_line_that_the_certificate_lacks_is_not_bound_to(stage):
    answer = bind(stage, certificate_line=2)
    assert answer == ("OutOfRange", {"field": "certificateLine", "value": 2, "minimum": 0, "maximum": 1})


def test_i2_a_certificate_in_another_unit_is_not_bound(stage):
    paper = stage.trade.paper_certificate(10, unit=b"KGM")
    answer = bind(stage, certificate=paper)
    assert answer == ("UnitMismatch", {"record": paper, "line": 0, "unit": NAR, "decimals": 0})


def test_a_revoked_certificate_is_not_bound(stage):
    number = stage.trade.view("Certificates", "numberOf", stage.revoked)
    answer = bind(stage, certificate=stage.revoked)
    assert answer == ("CertificateNotInForce", {"certificate": number, "moment": stage.trade.time})


def test_a_certificate_for_an_end_user_that_the_license_does_not_name_is_not_bound(stage):
    other = stage.trade.register("other", END_USER, {"other admin": ADMIN})
    paper = stage.trade.paper_certificate(10, end_user=other)
    number = stage.trade.view("Certificates", "numberOf", paper)
    answer = bind(stage, certificate=paper)
    assert answer == ("CertificateMismatch", {"certificate": number, "organization": 0, "required": other})


def test_i2_a_certificate_that_is_too_small_is_not_bound(stage):
    number = stage.trade.view("Certificates", "numberOf", stage.paper)
    answer = bind(stage, certificate=stage.paper)
    assert answer == ("CertificateExceeded", {"certificate": number, "line": 0, "requested": 10, "remaining": 5})


# Suspension confirmed, license revoked


def test_a_confirmed_suspension_lasts_until_somebody_ends_it(stage):
    trade = stage.trade
    trade.act(ConfirmSuspension, "second enforcer", 1, record=stage.suspended, **WHY)
    trade.advance(73 * HOUR)
    name, values = draw(stage, stage.suspended)
    assert (name, values["stoppedUntil"], license_of(stage, stage.suspended).stoppedUntil) == (
        "LicenseStopped",
        EVER,
        EVER,
    )


def test_who_suspended_does_not_confirm(stage):
    answer = stage.trade.refusal(ConfirmSuspension, "enforcer", 1, record=stage.suspended, **WHY)
    number = stage.trade.agent_number("enforcer", 1)
    assert answer == ("FourEyes", {"agent": number, "record": stage.suspended})


def test_another_suspension_shortens_no_confirmed_one(stage):
    trade = stage.trade
    trade.act(ConfirmSuspension, "second enforcer", 1, record=stage.suspended, **WHY)
    trade.act(SuspendLicense, "second enforcer", 1, record=stage.suspended, **WHY)
    assert license_of(stage, stage.suspended).stoppedUntil == EVER


def test_a_confirmed_suspension_ends_with_the_reinstatement(stage):
    trade = stage.trade
    trade.act(ConfirmSuspension, "second enforcer", 1, record=stage.suspended, **WHY)
    trade.act(ReinstateLicense, "second enforcer", 1, record=stage.suspended, **WHY)
    assert draw(stage, stage.suspended) is None


def revoke(stage, person, **changed):
    return stage.trade.act(RevokeLicense, person, 1, **({"record": stage.license} | WHY | PAPER | changed))


def test_i5_two_officers_revoke_a_license(stage):
    revoke(stage, "enforcer")
    before = license_of(stage, stage.license)
    revoke(stage, "second enforcer")
    after = license_of(stage, stage.license)
    assert [(one.status, one.stoppedUntil) for one in (before, after)] == [(1, 0), (3, EVER)]


def test_i5_one_officer_does_not_revoke_alone(stage):
    revoke(stage, "enforcer")
    values = {"record": stage.license, "deadline": stage.trade.time + 5} | WHY | PAPER
    answer = stage.trade.refusal(RevokeLicense, "enforcer", 1, **values)
    number = stage.trade.agent_number("enforcer", 1)
    assert answer == ("FourEyes", {"agent": number, "record": stage.license})


@pytest.mark.parametrize("changed", [{"reason": 2}, {"document": salt_of("another")}])
def test_another_reason_or_document_to_revoke_is_another_proposal(stage, changed):
    revoke(stage, "enforcer")
    revoke(stage, "second enforcer", **changed)
    between = license_of(stage, stage.license).status
    revoke(stage, "enforcer", **changed)
    assert (between, license_of(stage, stage.license).status) == (1, 3)


def test_a_revocation_without_document_is_refused(stage):
    values = {"record": stage.license, "document": bytes(32)} | WHY
    answer = stage.trade.refusal(RevokeLicense, "enforcer", 1, **values)
    assert answer == ("CommitmentMissing", {"field": "document"})


# Corrections, transfers, surrender


@pytest.mark.parametrize("act", [CorrectLicense, RevokeLicense, ConfirmSuspension, TransferLicense, CreditReturn])
def test_another_organization_decides_nothing_about_a_license(stage, act):
    values = stage.example(act)[2]
    answer = stage.trade.refusal(act, "customs officer", 5, **values)
    assert answer == ("OutsideJurisdiction", {"organization": 5, "record": values["record"]})


@pytest.mark.parametrize("act", [CorrectLicense, TransferLicense, AcknowledgeConditions, CreditReturn])
def test_an_act_on_a_license_without_document_is_refused(stage, act):
    person, organization, values = stage.example(act)
    answer = stage.trade.refusal(act, person, organization, **(values | {"document": bytes(32)}))
    assert answer == ("CommitmentMissing", {"field": "document"})


def test_a_correction_changes_the_head_and_the_version_alone(stage):
    before = license_of(stage, stage.license)
    stage.trade.act(CorrectLicense, "issuer", 1, record=stage.license, **PAPER)
    before.version += 1
    assert license_of(stage, stage.license) == before


def transfer(stage, to, **changed):
    return stage.trade.refusal(TransferLicense, "issuer", 1, **({"record": stage.license, "to": to} | PAPER | changed))


@pytest.mark.parametrize(("to", "roles"), [(3, CARRIER), (99, 0)])
def test_a_license_is_transferred_to_an_exporter_only(stage, to, roles):
    answer = transfer(stage, to)
    assert answer == ("RoleMissing", {"organization": to, "roles": roles, "required": EXPORTER})


def test_a_license_is_not_transferred_to_an_exporter_of_another_authority(stage):
    trade = stage.trade
    trade.appoint("heir admin", stage.heir, "second heir admin", ADMIN)
    trade.act(VoteAuthority, "admin", 1, record=trade.organization(stage.heir), motion=1)
    answer = transfer(stage, stage.heir)
    assert answer == ("OutsideJurisdiction", {"organization": 1, "record": stage.license})


def test_a_license_is_not_transferred_to_its_own_exporter(stage):
    assert transfer(stage, 2) == ("AlreadyHolder", {"organization": 2})


def test_a_license_is_transferred_as_often_as_its_policy_lets(stage):
    trade = stage.trade
    before = transfer(stage, stage.heir)
    trade.act(TransferLicense, "issuer", 1, record=stage.license, to=stage.heir, **PAPER)
    answer = transfer(stage, 2)
    assert (before, answer) == (
        None,
        ("TransfersExhausted", {"license": stage.license, "transfers": 1, "allowed": 1}),
    )


def test_after_a_transfer_the_new_exporter_ships_and_the_old_one_does_not(stage):
    stage.trade.act(TransferLicense, "issuer", 1, record=stage.bare, to=stage.heir, **PAPER)
    answers = [draw(stage, stage.bare), draw(stage, stage.bare, 1, "heir clerk", stage.heir)]
    assert answers == [("WrongOrganization", {"organization": 2, "required": stage.heir}), None]


def test_only_the_exporter_surrenders_its_license(stage):
    answer = stage.trade.refusal(SurrenderLicense, "heir clerk", stage.heir, record=stage.license)
    assert answer == ("WrongOrganization", {"organization": stage.heir, "required": 2})


def test_i4_nothing_is_drawn_on_a_surrendered_license(stage):
    stage.trade.act(SurrenderLicense, "clerk", 2, record=stage.license)
    assert draw(stage, stage.license) == ("WrongStatus", {"record": stage.license, "status": 4, "allowed": 6})


# Conditions


def test_a_party_acknowledges_and_a_stranger_does_not(stage):
    trade = stage.trade
    trade.appoint("dean", 6, "notary", STATE)
    values = {"record": stage.license} | PAPER
    party = trade.refusal(AcknowledgeConditions, "notary", 6, **values)
    stranger = trade.refusal(AcknowledgeConditions, "forwarder clerk", 3, **values)
    assert (party, stranger) == (None, ("NotAParty", {"organization": 3, "record": stage.license}))


def test_an_acknowledgement_is_a_note_and_leaves_the_head(stage):
    head = stage.trade.head(stage.license, AcknowledgeConditions)
    entry = stage.trade.act(AcknowledgeConditions, "clerk", 2, record=stage.license, **PAPER)
    (note,) = entry.touched
    assert (entry.record_head, note.record, note.delta) == (head, stage.license, b"")
