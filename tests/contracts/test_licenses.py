"""Licenses: issued under four eyes within their certificates, suspended and reinstated by two officers."""

import dataclasses

import pytest

from ledger.acts.applications import ApplyForLicense, AssessApplication, LicenseLine, Party, RecordLicense
from ledger.acts.certificates import RevokeCertificate
from ledger.acts.licensing import IssueLicense
from ledger.acts.orders import ReinstateLicense, SuspendLicense
from ledger.ids import ZERO32
from ledger.journal.entries import LineDelta, certificate_delta
from tests.contracts.examples import HOUR, LINE, license_terms
from tests.scenario import ASSESS, DECIDE, DOCUMENT, END_USER, NAR, RECORD, TERMS, salt_of

SUSPENSION = 72 * HOUR


def issue(stage, application, person="issuer", **changed):
    trade = stage.trade
    values = {
        "application": application,
        "assessed_head": trade.head(application, RecordLicense),
        "policy": trade.policy,
        "valid_from": trade.time,
        "valid_until": trade.time + HOUR,
        "return_by": 0,
        "document": DOCUMENT,
    }
    return trade.refusal(IssueLicense, person, 1, **(values | changed))


def asked(stage, *lines: LicenseLine, **changed):
    """An assessed application for the lines."""
    application = stage.trade.apply(1, lines=lines, **changed)
    stage.trade.assess(application)
    return application


def line(stage, granted, place=0, **changed):
    values = {"granted": granted, "certificate": stage.certificate, "certificate_line": place}
    return dataclasses.replace(LINE, **(values | changed))


def license_of(stage, record):
    return stage.trade.view("Licenses", "licenseOf", stage.trade.view("Licenses", "numberOf", record))


def granted_of(stage, place):
    number = stage.trade.view("Certificates", "numberOf", stage.certificate)
    return stage.trade.view("Certificates", "lineOf", number, place).granted


# Four eyes


def test_i5_who_assessed_does_not_issue(stage):
    trade = stage.trade
    trade.commission("both", ASSESS | DECIDE)
    values = {"recommendation": 1, "document": DOCUMENT}
    trade.act(AssessApplication, "both", 1, record=stage.submitted, **values)
    answer = issue(stage, stage.submitted, "both")
    assert answer == ("FourEyes", {"agent": trade.agent_number("both", 1), "record": stage.submitted})


def test_i5_who_recorded_does_not_issue(stage):
    trade = stage.trade
    trade.commission("both", RECORD | DECIDE)
    values = license_terms(stage) | {"exporter": 2, "control": 3, "drawn_share": 0}
    application = trade.act(RecordLicense, "both", 1, **values).record
    answer = issue(stage, application, "both")
    assert answer == ("FourEyes", {"agent": trade.agent_number("both", 1), "record": application})


def test_the_issuer_names_the_head_that_was_assessed(stage):
    head = stage.trade.head(stage.assessed, RecordLicense)
    answer = issue(stage, stage.assessed, assessed_head=salt_of("other"))
    assert answer == ("AssessedHeadMoved", {"assessedHead": salt_of("other"), "head": head})


@pytest.mark.parametrize(("name", "status"), [("submitted", 1), ("granted", 4), ("refused", 5)])
def test_i4_only_an_assessed_application_is_granted(stage, name, status):
    application = getattr(stage, name)
    answer = issue(stage, application)
    assert answer == ("WrongStatus", {"record": application, "status": status, "allowed": 8})


def test_an_application_that_nobody_made_is_not_granted(stage):
    answer = issue(stage, salt_of("nothing"), assessed_head=ZERO32)
    assert answer == ("UnknownRecord", {"record": salt_of("nothing")})


def test_another_authority_issues_nothing(stage):
    act, _ = stage.build(IssueLicense)
    values = {name: getattr(act, name) for name in ("application", "assessed_head", "policy", "return_by", "document")}
    times = {"valid_from": act.valid_from, "valid_until": act.valid_until}
    answer = stage.trade.refusal(IssueLicense, "customs officer", 5, **values, **times)
    assert answer == ("OutsideJurisdiction", {"organization": 5, "record": stage.assessed})


# Policy and validity


def test_a_license_pins_the_current_policy(stage):
    old = stage.trade.policy
    current = stage.trade.adopt(dataclasses.replace(TERMS, handoff_hours=1))
    answer = issue(stage, stage.assessed, policy=old)
    assert answer == ("PolicyNotCurrent", {"policy": old, "current": current})


def test_a_license_without_policy_of_its_kind_is_not_issued(stage):
    application = asked(stage, LINE, kind=2)
    assert issue(stage, application, policy=0) == ("PolicyNotCurrent", {"policy": 0, "current": 0})


@pytest.mark.parametrize(("start", "end", "taken"), [(0, 1, True), (0, 0, False), (-9, 0, False), (5, 5, False)])
def test_validity_ends_after_block_time_and_after_it_begins(stage, start, end, taken):
    time = stage.trade.time
    answer = issue(stage, stage.assessed, valid_from=time + start, valid_until=time + end)
    earliest = time + max(start, 0) + 1
    bounds = {"field": "validUntil", "value": time + end, "minimum": earliest, "maximum": 2**40 - 1}
    assert answer == (None if taken else ("OutOfRange", bounds))


@pytest.mark.parametrize(("start", "end", "taken"), [(0, 1, True), (5, 5, False)])
def test_a_recorded_license_may_have_expired(stage, start, end, taken):
    values = license_terms(stage) | {"exporter": 2, "control": 3, "drawn_share": 0}
    application = stage.trade.act(RecordLicense, "recorder", 1, **values).record
    answer = issue(stage, application, valid_from=start, valid_until=end)
    assert (answer is None) == taken


# Certificates (I2)


def test_i2_what_licenses_grant_stays_within_the_certificate(stage):
    """50 of 100 are granted on the stage."""
    fits, exceeds = asked(stage, line(stage, 50)), asked(stage, line(stage, 51))
    number = stage.trade.view("Certificates", "numberOf", stage.certificate)
    assert issue(stage, fits) is None
    values = {"certificate": number, "line": 0, "requested": 51, "remaining": 50}
    assert issue(stage, exceeds) == ("CertificateExceeded", values)


def test_i2_lines_on_one_certificate_line_are_granted_in_sum(stage):
    answer = issue(stage, asked(stage, line(stage, 25), line(stage, 26)))
    assert (answer[0], answer[1]["requested"]) == ("CertificateExceeded", 51)


def test_i2_the_last_unit_of_a_certificate_is_granted_once(stage):
    first, second = asked(stage, line(stage, 50)), asked(stage, line(stage, 1))
    stage.trade.issue(first)
    assert granted_of(stage, 0) == 100
    assert issue(stage, second)[0] == "CertificateExceeded"


@pytest.mark.parametrize("changed", [{"unit": b"KGM"}, {"decimals": 1}])
def test_i2_a_line_has_the_unit_of_its_certificate_line(stage, changed):
    answer = issue(stage, asked(stage, line(stage, 1, **changed)))
    expected = {"record": stage.certificate, "line": 0, "unit": NAR, "decimals": 0} | changed
    assert answer == ("UnitMismatch", expected)


@pytest.mark.parametrize("place", [2, 32, 255])
def test_a_line_that_the_certificate_lacks_is_refused(stage, place):
    answer = issue(stage, asked(stage, line(stage, 1, place)))
    assert answer == ("OutOfRange", {"field": "certificateLine", "value": place, "minimum": 0, "maximum": 1})


def test_the_certificates_end_user_is_one_of_the_license(stage):
    other = stage.trade.register("other", END_USER, {"other admin": 1})
    application = asked(stage, line(stage, 1), parties=(Party(organization=other, role=6),))
    number = stage.trade.view("Certificates", "numberOf", stage.certificate)
    answer = ("CertificateMismatch", {"certificate": number, "organization": 0, "required": 6})
    assert issue(stage, application) == answer


def test_the_certificate_is_for_the_exporter_of_the_license(stage):
    trade = stage.trade
    other = trade.register("other exporter", 8, {"other admin": 1, "other clerk": 1 << 9})
    values = license_terms(stage) | {"authority": 1, "continues": ZERO32, "lines": (line(stage, 1),)}
    application = trade.act(ApplyForLicense, "other clerk", other, **values).record
    trade.assess(application)
    number = trade.view("Certificates", "numberOf", stage.certificate)
    answer = ("CertificateMismatch", {"certificate": number, "organization": other, "required": 2})
    assert issue(stage, application) == answer


def test_a_revoked_certificate_carries_no_license(stage):
    application = asked(stage, line(stage, 1))
    stage.trade.act(RevokeCertificate, "official", 6, record=stage.certificate, reason=1)
    number = stage.trade.view("Certificates", "numberOf", stage.certificate)
    assert issue(stage, application)[1]["certificate"] == number
    assert issue(stage, application)[0] == "CertificateNotInForce"


@pytest.mark.parametrize(("place", "name"), [(0, "before its window"), (1, "after its window")])
def test_a_certificate_outside_its_window_carries_no_license(stage, place, name):
    trade, time = stage.trade, stage.trade.time
    window = (time + 10, time + 20) if place == 0 else (time - 20, time + 10)
    paper = trade.paper_certificate(9, valid_from=window[0], valid_until=window[1])
    application = asked(stage, dataclasses.replace(line(stage, 1), certificate=paper))
    moment = time + 9 if place == 0 else time + 10
    trade.advance(moment - time)
    values = {"valid_until": moment + 99}
    assert issue(stage, application, **values)[0] == "CertificateNotInForce"
    assert issue(stage, application, **values)[1]["moment"] == moment


def test_a_certificate_is_touched_once_with_the_sums_of_its_lines(stage):
    application = asked(stage, line(stage, 3, 1), line(stage, 2), line(stage, 4), line(stage, 1, 1))
    trade = stage.trade
    record = trade.issue(application)
    entry = trade.entries[-1]
    assert [t.record for t in entry.touched] == sorted([application, stage.certificate])
    (delta,) = [certificate_delta(t.delta) for t in entry.touched if t.record == stage.certificate]
    assert (delta.license, delta.lines) == (record, (LineDelta(0, 6), LineDelta(1, 4)))


def test_a_line_without_quantity_takes_nothing_from_its_certificate(stage):
    trade = stage.trade
    trade.adopt(TERMS, kind=2)
    nothing = line(stage, 0, 1, unlimited=True)
    application = asked(stage, nothing, nothing, line(stage, 2), kind=2)
    trade.issue(application)
    (delta,) = [certificate_delta(t.delta) for t in trade.entries[-1].touched if t.record == stage.certificate]
    assert delta.lines == (LineDelta(0, 2),)


# Suspension


def test_a_suspension_lasts_the_policys_hours(stage):
    trade = stage.trade
    trade.act(SuspendLicense, "enforcer", 1, record=stage.license, reason=1)
    found = license_of(stage, stage.license)
    assert (found.status, found.stoppedUntil) == (2, trade.time + SUSPENSION)


def test_one_officer_does_not_suspend_twice_running(stage):
    answer = stage.trade.refusal(SuspendLicense, "enforcer", 1, record=stage.suspended, reason=1)
    number = stage.trade.agent_number("enforcer", 1)
    assert answer == ("SameSuspender", {"agent": number, "license": stage.suspended})


def test_one_officer_does_not_suspend_again_after_another_reinstated(stage):
    trade = stage.trade
    trade.act(ReinstateLicense, "second enforcer", 1, record=stage.suspended, reason=1)
    assert trade.refusal(SuspendLicense, "enforcer", 1, record=stage.suspended, reason=1)[0] == "SameSuspender"


def test_two_officers_in_turn_prolong_a_suspension(stage):
    trade = stage.trade
    before = license_of(stage, stage.suspended).stoppedUntil
    trade.advance(HOUR)
    trade.act(SuspendLicense, "second enforcer", 1, record=stage.suspended, reason=1)
    assert license_of(stage, stage.suspended).stoppedUntil == trade.time + SUSPENSION > before
    assert trade.refusal(SuspendLicense, "enforcer", 1, record=stage.suspended, reason=1) is None


def test_a_suspender_does_not_reinstate(stage):
    answer = stage.trade.refusal(ReinstateLicense, "enforcer", 1, record=stage.suspended, reason=1)
    number = stage.trade.agent_number("enforcer", 1)
    assert answer == ("FourEyes", {"agent": number, "record": stage.suspended})


def test_a_reinstated_license_was_stopped_until_then(stage):
    trade = stage.trade
    trade.act(ReinstateLicense, "second enforcer", 1, record=stage.suspended, reason=1)
    found = license_of(stage, stage.suspended)
    assert (found.status, found.stoppedUntil) == (1, trade.time)


@pytest.mark.parametrize("act", [SuspendLicense, ReinstateLicense])
def test_another_organization_enforces_nothing(stage, act):
    answer = stage.trade.refusal(act, "customs officer", 5, record=stage.suspended, reason=1)
    assert answer == ("OutsideJurisdiction", {"organization": 5, "record": stage.suspended})


def test_a_license_that_runs_is_not_reinstated(stage):
    answer = stage.trade.refusal(ReinstateLicense, "enforcer", 1, record=stage.license, reason=1)
    assert answer == ("WrongStatus", {"record": stage.license, "status": 1, "allowed": 4})
