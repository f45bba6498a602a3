"""End-use certificates: who signs, what stands on them, how their grade rises and how they end."""

import dataclasses

import pytest

from ledger.acts.certificates import (
    CertificateLine,
    RecordCertificate,
    RevokeCertificate,
    SignCertificate,
    VerifyCertificate,
)
from ledger.chain.artifacts import view_call
from tests.contracts.examples import CERTIFIED, certificate_terms
from tests.scenario import CERTIFY, DOCUMENT, END_USER, MISSION, VERIFY

MOST = 2**80 - 1


def sign(stage, person="official", organization=6, **changed):
    return stage.trade.refusal(SignCertificate, person, organization, **(certificate_terms(stage) | changed))


def record(stage, person="clerk", organization=2, **changed):
    return stage.trade.refusal(RecordCertificate, person, organization, **(certificate_terms(stage) | changed))


def verify(stage, person, organization, **changed):
    values = {"record": stage.paper, "method": 1, "document": DOCUMENT}
    return stage.trade.refusal(VerifyCertificate, person, organization, **(values | changed))


def number_of(stage, record):
    return stage.trade.view("Certificates", "numberOf", record)


def stored(stage, record):
    return stage.trade.view("Certificates", "certificateOf", number_of(stage, record))


def test_only_the_end_user_signs_its_certificate(stage):
    assert sign(stage, "clerk", 2) == ("WrongOrganization", {"organization": 2, "required": 6})


def test_only_the_exporter_records_a_paper_certificate(stage):
    assert record(stage, "official", 6) == ("WrongOrganization", {"organization": 6, "required": 2})


@pytest.mark.parametrize(("attempt", "grade"), [(SignCertificate, 3), (RecordCertificate, 1)])
def test_a_certificate_starts_with_the_grade_of_its_act(stage, attempt, grade):
    person, organization = ("official", 6) if attempt is SignCertificate else ("clerk", 2)
    entry = stage.trade.act(attempt, person, organization, **certificate_terms(stage))
    found = stored(stage, entry.record)
    assert (found.status, found.grade, found.version) == (1, grade, 1)


@pytest.mark.parametrize("attempt", [sign, record])
def test_a_certificate_without_document_is_refused(stage, attempt):
    assert attempt(stage, document=bytes(32)) == ("CommitmentMissing", {"field": "document"})


@pytest.mark.parametrize(
    ("attempt", "member", "organization", "required"),
    [(sign, "exporter", 3, 8), (record, "end_user", 3, 64), (sign, "authority", 5, 1), (sign, "exporter", 99, 8)],
)
def test_a_party_without_its_role_is_refused(stage, attempt, member, organization, required):
    name, values = attempt(stage, **{member: organization})
    assert (name, values["organization"], values["required"]) == ("RoleMissing", organization, required)


def test_validity_must_have_an_end_after_its_beginning(stage):
    time = stage.trade.time
    answer = sign(stage, valid_from=time + 9, valid_until=time + 9)
    bounds = {"field": "validFrom", "value": time + 9, "minimum": 0, "maximum": time + 8}
    assert answer == ("OutOfRange", bounds)


@pytest.mark.parametrize(("until", "taken"), [(0, False), (1, True)])
def test_validity_must_end_after_block_time(stage, until, taken):
    time = stage.trade.time
    answer = sign(stage, valid_from=time - 9, valid_until=time + until)
    assert (answer is None) == taken


@pytest.mark.parametrize("until", [2**40, 2**64 - 1])
def test_validity_beyond_the_stored_width_is_refused(stage, until):
    name, values = sign(stage, valid_until=until)
    assert (name, values["field"], values["maximum"]) == ("OutOfRange", "validUntil", 2**40 - 1)


def test_an_empty_window_at_time_zero_is_refused(stage):
    assert sign(stage, valid_from=0, valid_until=0)[0] == "OutOfRange"


@pytest.mark.parametrize("count", [0, 33])
def test_a_certificate_has_one_to_32_lines(stage, count):
    answer = sign(stage, lines=(CERTIFIED,) * count)
    assert answer == ("OutOfRange", {"field": "lines", "value": count, "minimum": 1, "maximum": 32})


def test_a_certificate_of_32_lines_is_taken(stage):
    assert sign(stage, lines=(CERTIFIED,) * 32) is None


FAULTY_LINES = {
    "no unit": (
        {"unit": bytes(3)},
        ("OutOfRange", {"field": "unit", "value": 0, "minimum": 1, "maximum": 2**24 - 1}),
    ),
    "seven decimals": (
        {"decimals": 7},
        ("OutOfRange", {"field": "decimals", "value": 7, "minimum": 0, "maximum": 6}),
    ),
    "quantity 0": (
        {"quantity": 0},
        ("OutOfRange", {"field": "quantity", "value": 0, "minimum": 1, "maximum": MOST}),
    ),
    "quantity 2^80": (
        {"quantity": 2**80},
        ("QuantityTooLarge", {"field": "quantity", "value": 2**80, "maximum": MOST}),
    ),
}


@pytest.mark.parametrize("fault", FAULTY_LINES)
def test_a_faulty_line_is_refused(stage, fault):
    changed, answer = FAULTY_LINES[fault]
    assert record(stage, lines=(CERTIFIED, dataclasses.replace(CERTIFIED, **changed))) == answer


def test_a_line_at_its_bounds_is_stored_as_it_is(stage):
    line = CertificateLine(unit=b"MTK", decimals=6, quantity=MOST)
    entry = stage.trade.act(SignCertificate, "official", 6, **(certificate_terms(stage) | {"lines": (line,)}))
    found = stage.trade.view("Certificates", "lineOf", number_of(stage, entry.record), 0)
    assert (found.unit, found.decimals, found.certified, found.granted) == (b"MTK", 6, MOST, 0)


def test_the_authority_raises_a_paper_certificate_to_v(stage):
    stage.trade.act(VerifyCertificate, "recorder", 1, record=stage.paper, method=6, document=DOCUMENT)
    assert (stored(stage, stage.paper).grade, stored(stage, stage.paper).version) == (2, 2)


def test_a_mission_of_the_authority_verifies_too(stage):
    number = stage.trade.register("embassy", MISSION, {"ambassador": 1, "attache": VERIFY})
    assert verify(stage, "attache", number) is None


def test_customs_do_not_verify(stage):
    answer = verify(stage, "customs officer", 5)
    assert answer == ("OutsideJurisdiction", {"organization": 5, "record": stage.paper})


@pytest.mark.parametrize("method", [0, 7])
def test_an_unknown_method_of_verifying_is_refused(stage, method):
    answer = verify(stage, "recorder", 1, method=method)
    assert answer == ("OutOfRange", {"field": "method", "value": method, "minimum": 1, "maximum": 6})


def test_verifying_without_document_is_refused(stage):
    assert verify(stage, "recorder", 1, document=bytes(32)) == ("CommitmentMissing", {"field": "document"})


def test_a_grade_that_would_not_rise_is_refused(stage):
    answer = verify(stage, "recorder", 1, record=stage.certificate)
    assert answer == ("GradeNotRaised", {"certificate": stage.certificate, "grade": 3, "raised": 2})


def test_a_certificate_is_verified_once(stage):
    stage.trade.act(VerifyCertificate, "recorder", 1, record=stage.paper, method=1, document=DOCUMENT)
    answer = verify(stage, "recorder", 1)
    assert answer == ("GradeNotRaised", {"certificate": stage.paper, "grade": 2, "raised": 2})


def test_only_the_end_user_revokes(stage):
    answer = stage.trade.refusal(RevokeCertificate, "clerk", 2, record=stage.certificate, reason=1)
    assert answer == ("WrongOrganization", {"organization": 2, "required": 6})


def test_an_end_user_revokes_a_paper_certificate_that_it_did_not_sign(stage):
    stage.trade.act(RevokeCertificate, "official", 6, record=stage.paper, reason=1)
    assert stored(stage, stage.paper).status == 3


@pytest.mark.parametrize("act", [VerifyCertificate, RevokeCertificate])
def test_i4_a_revoked_certificate_takes_no_further_act(stage, act):
    person, organization = ("recorder", 1) if act is VerifyCertificate else ("official", 6)
    values = {"method": 1, "document": DOCUMENT} if act is VerifyCertificate else {"reason": 2}
    answer = stage.trade.refusal(act, person, organization, record=stage.revoked, **values)
    assert answer == ("WrongStatus", {"record": stage.revoked, "status": 3, "allowed": 2})


def test_a_keyless_end_user_certifies_nothing_through_its_sponsor(stage):
    number = stage.trade.record_party("university", END_USER)
    answer = sign(stage, "recorder", number, end_user=number)
    assert answer[0] == "NotAnAgent"


def test_a_mission_without_the_role_has_no_such_power(stage):
    """VERIFY is usable by authorities and missions only."""
    answer = sign(stage, "dean", 6)
    assert answer[0] == "PowerMissing"
    assert answer[1]["required"] == CERTIFY


def test_a_line_that_a_certificate_lacks_cannot_be_read(stage):
    number = number_of(stage, stage.certificate)
    data = view_call("lineOf(uint32,uint8)", number, 2)
    answer = stage.trade.answer(stage.trade.address("Certificates"), data)
    assert answer == ("OutOfRange", {"field": "certificateLine", "value": 2, "minimum": 0, "maximum": 1})
