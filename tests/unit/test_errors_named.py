"""Has every refusal one name and the same fields from Solidity to the words that people read?"""

from string import Formatter

import pytest

from api.problems import RENAMED, members
from ledger.chain.artifacts import error_forms
from ledger.errors import InvalidField, Refused
from ledger.sentences import SENTENCES, sentence

IN_CONSTRUCTORS = {"InvalidShortString", "StringTooLong"}
"""Errors of a library that only a deployment can meet."""
OF_THE_SERVICE = {
    "InvalidField",
    "NotJson",
    "BodyTooLarge",
    "BodyTooSlow",
    "SessionMissing",
    "SessionUnknown",
    "SignInRefused",
    "TooManyAttempts",
    "NotEntitled",
    "RpcMethodUnknown",
    "RpcTooMuch",
    "UnknownAct",
    "DocumentUnknown",
    "DocumentAltered",
    "ProofInvalid",
    "NotTheIssuersKey",
    "NotCommitted",
    "KeyForNobody",
    "TooManyWaiting",
    "NotFound",
    "MethodNotAllowed",
    "Unavailable",
    "Broken",
}
FORMS = {form.name: form for form in error_forms().values() if form.name not in IN_CONSTRUCTORS}
SAMPLES = {"bytes32": bytes(31) + b"\x01", "address": bytes(19) + b"\x01", "bytes3": b"KGM", "string": "counted"}


def sample(name):
    form = FORMS[name]
    return Refused(name, {field: SAMPLES.get(kind, 3) for field, kind in zip(form.fields, form.types, strict=True)})


def test_every_error_of_the_contracts_has_a_sentence_and_no_other_does():
    assert SENTENCES.keys() == FORMS.keys() | OF_THE_SERVICE


@pytest.mark.parametrize("name", FORMS)
def test_a_sentence_says_nothing_but_fields_of_its_error(name):
    said = {field for _, field, _, _ in Formatter().parse(SENTENCES[name]) if field}
    assert said <= set(FORMS[name].fields)


@pytest.mark.parametrize("name", FORMS)
def test_a_problem_has_every_field_of_its_error(name):
    told = members(sample(name))
    assert [RENAMED.get(field, field) for field in FORMS[name].fields] == list(told)[4:]


@pytest.mark.parametrize("name", FORMS)
def test_a_refusal_of_the_contracts_is_a_conflict_in_words(name):
    told = members(sample(name))
    assert told["status"] == 409
    assert "{" not in told["detail"]


def test_wide_numbers_are_decimal_strings():
    assert members(Refused("OutOfRange", {"field": "x", "value": 2**90, "minimum": 0, "maximum": 5}))["maximum"] == "5"


def test_times_are_said_as_dates():
    said = sentence(Refused("DeadlinePassed", {"deadline": 1_795_305_600, "time": 1_795_305_601}))
    assert said == "The act was to be entered by 2026-11-22 00:00:00 UTC; it is 2026-11-22 00:00:01 UTC."


def test_a_stop_without_end_is_said_as_such():
    values = {"shipment": bytes(32), "stoppedUntil": 2**40 - 1, "moment": 1_795_305_600}
    assert "until further notice" in sentence(Refused("ShipmentStopped", values))


def test_a_time_that_no_calendar_has_is_said_as_such():
    said = sentence(Refused("DeadlineTooFar", {"deadline": 2**64 - 1, "latest": 1_795_305_600}))
    assert "a time after the year 9999" in said


def test_powers_are_said_by_name():
    said = sentence(Refused("PowerMissing", {"signer": bytes(20), "powers": 1, "required": 1 << 11}))
    assert said.endswith("has the powers admin; this act needs ship.")


def test_an_unknown_refusal_is_shown_with_its_values():
    assert sentence(Refused("KeyFileExists", {"path": "a"})) == "KeyFileExists(path=a)"


def test_a_field_that_cannot_be_read_is_named_with_its_bound():
    assert sentence(InvalidField("limit", 0, "1 or more")) == "limit is 0; it must be: 1 or more."
