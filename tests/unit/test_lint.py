"""Does the lint read what it is given strictly, choose the profile, and count days and quantities right?"""

from dataclasses import replace
from datetime import date

import pytest
from nacl.signing import SigningKey

from ledger.documents.canonical import parse_object
from ledger.documents.credentials import Document, draft, secure, select
from ledger.documents.end_use import EndUseCertificate
from ledger.errors import InvalidField, Refused
from ledger.ids import Address
from ledger.lint.check import MOST_APPLICATIONS, check, check_request, day
from ledger.lint.dates import later
from ledger.lint.profiles import EVERYWHERE, PROFILES
from ledger.lint.reading import application_in, certificate_in
from tests.unit.lint_cases import AS_OF, CERTIFICATE, FAULTS, LINE, OWN, good, put, rules

KEY = SigningKey(bytes(range(32)))


def document_of(asked, kind="EndUseCertificate") -> Document:
    subject = asked.certificate if kind == "EndUseCertificate" else asked.applications[0]
    return secure(draft(kind, subject, issuer=Address(bytes(20)), chain_id=7), KEY)


# What may be put before it


def test_a_document_is_judged_as_its_fields_are():
    asked = put(("/signatory/title", None))(good("bis-statement"))
    from_document = replace(asked, certificate=parse_object(document_of(asked).data))
    assert from_document.lint() == asked.lint()


def test_a_document_that_nobody_signed_yet_is_judged():
    asked = good("general")
    document = draft("EndUseCertificate", asked.certificate, issuer=Address(bytes(20)), chain_id=7)
    assert certificate_in(parse_object(document.data)) == certificate_in(asked.certificate)


def test_an_application_may_be_a_document():
    asked = good("general")
    asked.applications = [parse_object(document_of(asked, "Application").data)]
    assert asked.lint().findings == ()


def test_a_document_with_withheld_fields_is_refused():
    part = select(document_of(good("general")), ["/endUse"])
    with pytest.raises(InvalidField) as refusal:
        certificate_in(parse_object(part.data))
    assert refusal.value.values["field"] == "certificate.disclosures"


def test_a_document_of_another_kind_is_refused():
    with pytest.raises(InvalidField) as refusal:
        certificate_in(parse_object(document_of(good("general"), "Application").data))
    assert refusal.value.values["field"] == "certificate.credential.type"


def test_a_document_that_was_altered_after_it_was_signed_is_refused():
    altered = parse_object(document_of(good("general")).data)
    altered["credential"]["issuer"] = "did:pkh:eip155:7:0x" + "00" * 19 + "01"
    with pytest.raises(Refused) as refusal:
        certificate_in(altered)
    assert refusal.value.name == "ProofInvalid"


BAD = {
    "a field that nobody knows": (("/mood", "good"), "certificate.mood"),
    "a name in snake_case": (("/end_use", "Teaching"), "certificate.end_use"),
    "a day that does not exist": (("/signedOn", "2026-02-30"), "certificate.signedOn"),
    "an empty end-use": (("/endUse", ""), "certificate.endUse"),
    "a country that does not exist": (("/destination", "QQ"), "certificate.destination"),
    "a quantity in words": (("/lines/0/quantity", "12"), "certificate.lines[0].quantity"),
    "a fraction": (("/lines/0/quantity", 1.5), "certificate.lines[0].quantity"),
    "a truth value for a number": (("/relationshipYears", True), "certificate.relationshipYears"),
    "a negative quantity": (("/lines/0/quantity", -1), "certificate.lines[0].quantity"),
    "more than 2^53": (("/lines/0/quantity", 2**53), "certificate.lines[0].quantity"),
    "33 lines": (("/lines", [LINE] * 33), "certificate.lines"),
    "an assurance that nobody knows": (("/assurances", ["noFun"]), "certificate.assurances[0]"),
}


@pytest.mark.parametrize("fault", BAD)
def test_a_certificate_that_cannot_be_read_is_refused_with_the_place(fault):
    change, field = BAD[fault]
    with pytest.raises(InvalidField) as refusal:
        put(change)(good("general")).lint()
    assert refusal.value.values["field"] == field


def test_null_is_no_value():
    with pytest.raises(InvalidField):
        certificate_in({**good("general").certificate, "endUse": None})


def test_an_application_must_have_what_its_form_requires():
    application = {name: value for name, value in good("general").applications[0].items() if name != "lines"}
    with pytest.raises(InvalidField) as refusal:
        application_in(application, "applications[0]")
    assert refusal.value.values["field"] == "applications[0].lines"


def test_more_applications_than_the_bound_are_refused():
    asked = good("general")
    asked.applications *= MOST_APPLICATIONS + 1
    with pytest.raises(InvalidField) as refusal:
        asked.lint()
    assert refusal.value.values["field"] == "applications"


REQUESTS = {
    "no object": ([], ""),
    "no certificate": ({}, "certificate"),
    "a certificate in words": ({"certificate": "mine"}, "certificate"),
    "one application that is no list": ({"certificate": {}, "applications": {}}, "applications"),
    "an application in words": ({"certificate": {}, "applications": ["x"]}, "applications[0]"),
    "a member that nobody knows": ({"certificate": {}, "mood": 1}, "mood"),
    "a profile that nobody knows": ({"certificate": {}, "profile": "moon"}, "profile"),
    "a profile that is a number": ({"certificate": {}, "profile": 1}, "profile"),
    "a day in another order": ({"certificate": {}, "asOf": "22-11-2026"}, "asOf"),
    "a day in another form": ({"certificate": {}, "asOf": "20261122"}, "asOf"),
    "a day that is a number": ({"certificate": {}, "firstUsed": 20261122}, "firstUsed"),
}


@pytest.mark.parametrize("fault", REQUESTS)
def test_a_request_that_cannot_be_read_is_refused_with_the_member(fault):
    request, field = REQUESTS[fault]
    with pytest.raises(InvalidField) as refusal:
        check_request(request, AS_OF)
    assert refusal.value.values["field"] == field


def test_a_request_is_answered_as_the_check_answers():
    asked = FAULTS["A07"](good("prc-statement"))
    request = {"certificate": asked.certificate, "applications": asked.applications, "asOf": "2026-06-01"}
    assert check_request(request, date(2030, 1, 1)) == asked.lint()


def test_without_a_day_a_request_asks_about_today():
    assert check_request({"certificate": {}}, AS_OF).as_of == AS_OF


def test_an_empty_draft_lacks_everything_and_is_still_judged():
    found = rules(check_request({"certificate": {}, "profile": "cwc-schedule-3"}, AS_OF))
    assert found == ["E05", "E08", "E11", "E12", "E17", "E22", "E24", "E31", "E32"]


# Which profile


@pytest.mark.parametrize("profile", [name for name in PROFILES if name != "general"])
def test_a_certificate_on_a_known_form_is_checked_under_its_profile(profile):
    certificate = certificate_in({"form": OWN[profile]["form"].upper()})
    assert check(certificate, as_of=AS_OF).profile == profile


def test_a_certificate_on_no_known_form_is_checked_under_the_general_profile():
    assert check(certificate_in({"form": "our own"}), as_of=AS_OF).profile == "general"


def test_a_certificate_that_was_checked_is_checked_under_that_profile_again():
    carried = check(certificate_in({"form": "BIS-711"}), profile="dsp-83", as_of=AS_OF).carried()
    assert check(certificate_in({"form": "BIS-711", "lint": carried}), as_of=AS_OF).profile == "dsp-83"


def test_the_profile_that_is_asked_for_goes_before_the_form():
    assert check(certificate_in({"form": "BIS-711"}), profile="uk-undertaking", as_of=AS_OF).profile == "uk-undertaking"


# Days


PERIODS = {
    ("2024-02-29", 12): "2025-02-28",
    ("2024-02-29", 48): "2028-02-29",
    ("2025-08-31", 6): "2026-02-28",
    ("2025-12-01", 12): "2026-12-01",
    ("9998-01-01", 12): "9999-01-01",
    ("9999-01-01", 12): "9999-12-31",
}


@pytest.mark.parametrize(("start", "months"), PERIODS)
def test_a_period_of_months_ends_on_the_day_of_the_same_number(start, months):
    assert later(date.fromisoformat(start), months).isoformat() == PERIODS[start, months]


WINDOWS = {
    ("bis-statement", "D08"): ("2025-06-01", "2025-05-31"),
    ("uk-undertaking", "D10"): ("2025-12-01", "2025-11-30"),
}


@pytest.mark.parametrize(("profile", "rule"), WINDOWS)
def test_a_window_is_open_on_its_last_day_and_closed_after(profile, rule):
    asked = [put(("/signedOn", signed), ("/contract", None))(good(profile)) for signed in WINDOWS[profile, rule]]
    assert [rule in rules(one.lint()) for one in asked] == [False, True]


def test_a_bis_statement_that_was_used_within_a_year_supports_later_applications():
    asked = put(("/signedOn", "2024-06-01"), ("/contract", None))(good("bis-statement"))
    asked.first_used = date(2025, 6, 1)
    assert "D08" not in rules(asked.lint())


def test_a_bis_statement_supports_an_application_four_years_after_its_signature():
    asked = put(("/signedOn", "2022-06-01"), ("/validFrom", None), ("/contract", None))(good("bis-statement"))
    asked.first_used = date(2022, 6, 30)
    assert asked.lint().findings == ()


def test_a_firearms_certificate_is_used_on_the_last_day_of_import():
    assert put(("/importBy", "2026-06-01"))(good("firearms-certificate")).lint().findings == ()


def test_four_years_run_from_the_last_signature():
    asked = FAULTS["D09"](good("bis-statement"))
    signed = {"role": "purchaser", "name": "Kojo Antwi", "signedOn": "2022-06-15"}
    asked.put("/signatures", [signed])
    assert "D09" not in rules(asked.lint())


def test_a_certificate_used_before_a_cosignature_is_found():
    asked = good("dsp-83")
    asked.put("/signatures/1/signedOn", "2026-06-02")
    assert [finding.field for finding in asked.lint().findings] == ["/signatures/1/signedOn"]


EDGES = {
    "signed on the day of use": [("/signedOn", "2026-06-01"), ("/validFrom", None)],
    "valid on one day": [("/signedOn", "2026-05-01"), ("/validFrom", "2026-06-01"), ("/validThrough", "2026-06-01")],
    "first and last use on one day": [("/firstUseBy", "2026-06-01"), ("/lastUseBy", "2026-06-01")],
    "imported on the last day": [("/importBy", "2026-06-01"), ("/validThrough", None)],
    "signed on the day of the contract": [("/contract/date", "2026-02-01")],
    "a serial number for each piece": [("/lines/0/serials", [f"DL-{number}" for number in range(12)])],
}


@pytest.mark.parametrize("edge", EDGES)
def test_the_last_that_is_allowed_is_no_finding(edge):
    assert put(*EDGES[edge])(good("general")).lint().findings == ()


def test_a_serial_number_twice_is_found():
    assert rules(put(("/lines/0/serials", ["DL-1", "DL-1"]))(good("general")).lint()) == ["G03"]


def test_days_in_no_possible_order_are_not_called_expired_too():
    assert rules(put(("/validThrough", "2026-01-31"))(good("general")).lint()) == ["D02"]


def pointers(value, place=""):
    """Every place in a JSON value."""
    for step, inner in value.items() if isinstance(value, dict) else enumerate(value):
        yield f"{place}/{step}"
        if isinstance(inner, dict | list):
            yield from pointers(inner, f"{place}/{step}")


@pytest.mark.parametrize(
    "pointer", [place for place in pointers(CERTIFICATE) if not place.rpartition("/")[2].isdigit()]
)
def test_whatever_is_missing_a_draft_is_judged_or_its_place_is_named(pointer):
    asked = put((pointer, None))(good("general"))
    try:
        assert [asked.under(profile).lint().profile for profile in PROFILES] == list(PROFILES)
    except InvalidField as refusal:
        field = refusal.values["field"].replace("[", ".").replace("]", "").replace(".", "/")
        assert field == f"certificate{pointer}"


# What comes out


def test_the_worst_findings_come_first():
    asked = put(("/signatory/title", None), ("/corrections", "x"), ("/language", None))(good("prc-statement"))
    assert [finding.severity for finding in asked.lint().findings] == ["blocking", "warning", "note"]


def test_a_finding_says_which_rule_field_source_and_what():
    finding = put(("/signatory/title", None))(good("bis-statement")).lint().to_json()["findings"][0]
    assert finding == {
        "rule": "E15",
        "severity": "blocking",
        "field": "/signatory/title",
        "found": "nothing",
        "wanted": "that official's title",
        "source": "15 CFR 748.11(b)(5)(ii)",
    }


def test_a_long_text_does_not_fill_the_answer():
    finding = put(("/endUse", "x" * 10_000))(good("general")).lint().findings[0]
    assert (finding.rule, len(finding.found)) == ("A10", 201)


def test_what_was_found_stays_with_the_certificate():
    asked = FAULTS["E15"](good("bis-statement"))
    carried = asked.lint().carried()
    signed = EndUseCertificate.read({**asked.certificate, "lint": carried}, "certificate")
    assert signed.lint is not None
    assert [(finding.rule, finding.severity) for finding in signed.lint.findings] == [("E15", "blocking")]


def test_what_is_carried_whole_is_no_finding():
    asked = FAULTS["E15"](good("bis-statement"))
    asked.certificate["lint"] = asked.lint().carried()
    assert rules(asked.lint()) == ["E15"]


def test_the_same_question_has_the_same_answer():
    asked = FAULTS["A07"](good("cwc-schedule-3"))
    assert asked.lint() == asked.lint()


def test_a_day_is_read_as_written():
    assert day("2026-11-22", "asOf") == date(2026, 11, 22)


# The table


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_every_demand_names_its_source(profile):
    assert all(demand.source for demand in profile.demands)


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_no_profile_is_milder_than_what_holds_everywhere(profile):
    order = ["blocking", "warning", "note"]
    own = {demand.rule.number: order.index(demand.severity) for demand in profile.demands}
    everywhere = {number: severity for severity, sources in EVERYWHERE.items() for number in " ".join(sources).split()}
    assert [number for number, severity in everywhere.items() if own[number] > order.index(severity)] == []


@pytest.mark.parametrize(
    "child", [("E03", "E01"), ("E06", "E05"), ("E07", "E05"), ("E23", "E05"), ("E15", "E14"), ("E16", "E14")]
)
def test_who_asks_for_a_part_asks_for_the_whole(child):
    part, whole = child
    numbers = [{demand.rule.number for demand in profile.demands} for profile in PROFILES.values()]
    assert [part in asked and whole not in asked for asked in numbers] == [False] * len(PROFILES)
