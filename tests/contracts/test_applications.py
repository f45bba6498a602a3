"""Applications: what may be asked, who assesses, who refuses, and what is recorded from outside."""

import dataclasses

import pytest

from ledger.acts.applications import (
    ApplyForLicense,
    AssessApplication,
    LicenseLine,
    Party,
    RecordLicense,
    RefuseApplication,
)
from tests.contracts.examples import LINE, license_terms
from tests.scenario import ADMIN, ASSESS, CARRIER, DECIDE, DOCUMENT, EXPORTER, RECORD, keys_of, salt_of

MOST = 2**80 - 1


def apply(stage, **changed):
    values = license_terms(stage) | {"authority": 1, "continues": bytes(32)}
    return stage.trade.refusal(ApplyForLicense, "clerk", 2, **(values | changed))


def record(stage, person="recorder", **changed):
    values = license_terms(stage) | {"exporter": 2, "control": 3, "drawn_share": 0}
    return stage.trade.refusal(RecordLicense, person, 1, **(values | changed))


def stored(stage, application):
    return stage.trade.view("Applications", "applicationOf", application)


def lines(**changed):
    return (LINE, dataclasses.replace(LINE, **changed))


BOTH = pytest.mark.parametrize("ask", [apply, record])


def test_an_application_goes_to_the_exporters_sponsor(stage):
    name, values = apply(stage, authority=5)
    assert (name, values["organization"]) == ("OutsideJurisdiction", 5)


def test_an_authority_records_licenses_of_its_own_exporters_only(stage):
    name, values = record(stage, exporter=99)
    assert (name, values) == ("UnknownOrganization", {"organization": 99})


def test_an_exporter_without_the_role_is_not_recorded(stage):
    answer = record(stage, exporter=3)
    assert answer == ("RoleMissing", {"organization": 3, "roles": CARRIER, "required": EXPORTER})


@BOTH
def test_a_missing_document_is_refused(stage, ask):
    assert ask(stage, document=bytes(32)) == ("CommitmentMissing", {"field": "document"})


@BOTH
@pytest.mark.parametrize("kind", [0, 9])
def test_a_kind_that_does_not_exist_is_refused(stage, ask, kind):
    answer = ask(stage, kind=kind)
    assert answer == ("OutOfRange", {"field": "kind", "value": kind, "minimum": 1, "maximum": 8})


@pytest.mark.parametrize("kind", [5, 6])
def test_a_retransfer_or_reexport_is_not_recorded_from_outside(stage, kind):
    answer = record(stage, kind=kind)
    assert answer == ("OutOfRange", {"field": "kind", "value": kind, "minimum": 1, "maximum": 4})


@pytest.mark.parametrize("kind", [5, 6])
def test_a_retransfer_or_reexport_that_continues_nothing_is_refused(stage, kind):
    assert apply(stage, kind=kind) == ("UnknownRecord", {"record": bytes(32)})


@BOTH
@pytest.mark.parametrize("kind", [1, 2, 3, 4, 7])
def test_the_other_kinds_can_be_asked_for(stage, ask, kind):
    assert ask(stage, kind=kind) is None


@BOTH
@pytest.mark.parametrize("length", [0, 1])
def test_validity_must_end_after_it_begins(stage, ask, length):
    time = stage.trade.time
    answer = ask(stage, valid_from=time, valid_until=time + length)
    bounds = {"field": "validUntil", "value": time, "minimum": time + 1, "maximum": 2**40 - 1}
    assert answer == (None if length else ("OutOfRange", bounds))


@BOTH
def test_validity_beyond_any_width_is_refused(stage, ask):
    assert ask(stage, valid_from=2**64 - 1, valid_until=2**64 - 1)[0] == "OutOfRange"


@BOTH
@pytest.mark.parametrize("count", [0, 17])
def test_one_to_16_parties(stage, ask, count):
    answer = ask(stage, parties=(Party(organization=6, role=6),) * count)
    assert answer == ("OutOfRange", {"field": "parties", "value": count, "minimum": 1, "maximum": 16})


FAULTY_PARTIES = {
    "unknown": (Party(organization=99, role=6), ("UnknownOrganization", {"organization": 99})),
    "without the role": (
        Party(organization=6, role=5),
        ("RoleMissing", {"organization": 6, "roles": 64, "required": 32}),
    ),
    "with no such role": (
        Party(organization=6, role=9),
        ("OutOfRange", {"field": "role", "value": 9, "minimum": 0, "maximum": 8}),
    ),
}


@BOTH
@pytest.mark.parametrize("fault", FAULTY_PARTIES)
def test_a_faulty_party_is_refused(stage, ask, fault):
    party, answer = FAULTY_PARTIES[fault]
    assert ask(stage, parties=(Party(organization=6, role=6), party)) == answer


def test_sixteen_parties_may_repeat_each_other(stage):
    """The roles of one organization add up; naming it twice changes nothing."""
    assert apply(stage, parties=(Party(organization=6, role=6),) * 16) is None


@BOTH
@pytest.mark.parametrize("count", [0, 33])
def test_one_to_32_lines(stage, ask, count):
    answer = ask(stage, lines=(LINE,) * count)
    assert answer == ("OutOfRange", {"field": "lines", "value": count, "minimum": 1, "maximum": 32})


FAULTY_LINES = {
    "no unit": ({"unit": bytes(3)}, ("OutOfRange", "unit")),
    "seven decimals": ({"decimals": 7}, ("OutOfRange", "decimals")),
    "granted 0": ({"granted": 0}, ("OutOfRange", "granted")),
    "granted 2^80": ({"granted": 2**80}, ("QuantityTooLarge", "granted")),
    "drawn 2^80": ({"drawn": 2**80}, ("QuantityTooLarge", "drawn")),
}


@BOTH
@pytest.mark.parametrize("fault", FAULTY_LINES)
def test_a_faulty_line_is_refused(stage, ask, fault):
    changed, expected = FAULTY_LINES[fault]
    name, values = ask(stage, lines=lines(**changed))
    assert (name, values["field"]) == expected


@BOTH
def test_a_line_names_a_certificate_that_exists(stage, ask):
    nothing = salt_of("nothing")
    assert ask(stage, lines=lines(certificate=nothing)) == ("UnknownRecord", {"record": nothing})


@pytest.mark.parametrize(("kind", "taken"), [(1, False), (2, True), (3, True), (4, False), (7, False)])
def test_lines_without_limit_are_for_open_and_general_licenses(stage, kind, taken):
    answer = apply(stage, kind=kind, lines=lines(unlimited=True, granted=0))
    assert answer == (None if taken else ("OutOfRange", {"field": "unlimited", "value": 1, "minimum": 0, "maximum": 0}))


def test_an_application_has_nothing_drawn(stage):
    answer = apply(stage, lines=lines(drawn=1))
    assert answer == ("OutOfRange", {"field": "drawn", "value": 1, "minimum": 0, "maximum": 0})


def test_a_recorded_license_may_be_drawn_beyond_what_was_granted(stage):
    assert record(stage, lines=lines(granted=1, drawn=MOST, unlimited=False)) is None


def test_a_recorded_license_of_any_kind_may_be_without_limit(stage):
    assert record(stage, lines=lines(granted=0, unlimited=True)) is None


@pytest.mark.parametrize("control", [0, 5])
def test_an_unknown_control_is_refused(stage, control):
    answer = record(stage, control=control)
    assert answer == ("OutOfRange", {"field": "control", "value": control, "minimum": 1, "maximum": 4})


def test_i5_an_admin_records_no_license(stage):
    stage.trade.commission("busy admin", ADMIN | RECORD)
    signer = keys_of("busy admin").address
    assert record(stage, "busy admin") == ("SignerIsAdmin", {"signer": signer, "powers": ADMIN | RECORD})


def test_a_recorded_license_waits_as_assessed_by_its_recorder(stage):
    values = license_terms(stage) | {"exporter": 2, "control": 2, "drawn_share": 600_000_000}
    entry = stage.trade.act(RecordLicense, "recorder", 1, **values)
    found = stored(stage, entry.record)
    recorder = stage.trade.agent_number("recorder", 1)
    assert (found.status, found.recorded, found.assessor) == (3, True, recorder)
    assert (found.control, found.drawnShare) == (2, 600_000_000)


@pytest.mark.parametrize(("recommendation", "taken"), [(0, False), (1, True), (2, True), (3, False)])
def test_an_assessment_recommends_to_grant_or_to_refuse(stage, recommendation, taken):
    values = {"record": stage.submitted, "recommendation": recommendation, "document": DOCUMENT}
    answer = stage.trade.refusal(AssessApplication, "assessor", 1, **values)
    bounds = {"field": "recommendation", "value": recommendation, "minimum": 1, "maximum": 2}
    assert answer == (None if taken else ("OutOfRange", bounds))


@pytest.mark.parametrize(("act", "person"), [(AssessApplication, "assessor"), (RefuseApplication, "issuer")])
def test_a_decision_without_document_is_refused(stage, act, person):
    values = {"recommendation": 1} if act is AssessApplication else {}
    record = stage.submitted if values else stage.assessed
    answer = stage.trade.refusal(act, person, 1, record=record, document=bytes(32), **values)
    assert answer == ("CommitmentMissing", {"field": "document"})


@pytest.mark.parametrize("act", [AssessApplication, RefuseApplication])
def test_another_organization_decides_nothing(stage, act):
    values = {"recommendation": 1} if act is AssessApplication else {}
    answer = stage.trade.refusal(act, "customs officer", 5, record=stage.submitted, document=DOCUMENT, **values)
    assert answer == ("OutsideJurisdiction", {"organization": 5, "record": stage.submitted})


def test_i5_who_assessed_does_not_refuse(stage):
    trade = stage.trade
    trade.commission("both", ASSESS | DECIDE)
    trade.act(AssessApplication, "both", 1, record=stage.submitted, recommendation=2, document=DOCUMENT)
    answer = trade.refusal(RefuseApplication, "both", 1, record=stage.submitted, document=DOCUMENT)
    assert answer == ("FourEyes", {"agent": trade.agent_number("both", 1), "record": stage.submitted})


def test_a_line_is_stored_with_the_number_of_its_certificate(stage):
    line = LicenseLine(
        unit=b"KGM",
        decimals=3,
        granted=MOST,
        drawn=0,
        unlimited=False,
        certificate=stage.certificate,
        certificate_line=31,
    )
    assert apply(stage, lines=(line,)) is None
