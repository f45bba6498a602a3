"""Does the service say what the lint says, to whoever has a session, and refuse what it cannot read by name?"""

import json

import pytest
from jsonschema import Draft202012Validator

from ledger.documents.keys import Keys
from ledger.lint.profiles import PROFILES
from tests.unit.lint_cases import FAULTS, good

PATH = "/v1/certificates/check"


def question(asked, **more):
    return {"certificate": asked.certificate, "applications": asked.applications, "asOf": "2026-06-01", **more}


@pytest.fixture(scope="module")
def document(stranger):
    return stranger.get("/openapi.json").json()


@pytest.mark.parametrize("profile", PROFILES)
def test_a_complete_certificate_has_no_findings(client, profile):
    answer = client.post(PATH, json=question(good(profile), profile=profile))
    assert (answer.status_code, answer.json()["findings"]) == (200, [])


def test_findings_are_those_of_the_lint(client):
    asked = FAULTS["A07"](good("prc-statement"))
    assert client.post(PATH, json=question(asked)).json() == asked.lint().to_json()


def test_a_document_may_be_asked_about(client):
    asked = good("general")
    document = Keys.generate().sign_document("EndUseCertificate", asked.certificate, chain_id=7)
    answer = client.post(PATH, json={**question(asked), "certificate": json.loads(document.data)})
    assert answer.json()["findings"] == []


def test_an_answer_is_as_described(client, document):
    answer = client.post(PATH, json=question(FAULTS["E15"](good("bis-statement"))))
    content = document["paths"][PATH]["post"]["responses"]["200"]["content"]["application/json"]
    Draft202012Validator({**content["schema"], "components": document["components"]}).validate(answer.json())


def test_a_question_is_as_described(document):
    content = document["paths"][PATH]["post"]["requestBody"]["content"]["application/json"]
    Draft202012Validator(content["schema"]).validate(question(good("general"), profile="general"))


def test_a_stranger_is_told_nothing(stranger):
    answer = stranger.post(PATH, json=question(good("general")))
    assert (answer.status_code, answer.json()["title"]) == (401, "SessionMissing")


BAD = {
    "no JSON": (b"{", 400, "NotJson", None),
    "no certificate": (b"{}", 422, "InvalidField", "certificate"),
    "a list": (b"[]", 422, "InvalidField", ""),
    "an unknown profile": (b'{"certificate": {}, "profile": "moon"}', 422, "InvalidField", "profile"),
    "a fraction": (b'{"certificate": {"lines": [1.5]}}', 422, "InvalidField", "certificate.lines[0]"),
    "a name twice": (b'{"certificate": {}, "certificate": {}}', 422, "InvalidField", "certificate"),
    "an unknown field": (b'{"certificate": {"mood": "good"}}', 422, "InvalidField", "certificate.mood"),
    "deep nesting": (b'{"certificate":' * 80 + b"1" + b"}" * 80, 422, "InvalidField", None),
    "two megabytes": (b'{"certificate": "' + b"x" * 2_000_000 + b'"}', 413, "BodyTooLarge", None),
}


@pytest.mark.parametrize("fault", BAD)
def test_a_question_that_cannot_be_read_is_refused_by_name(client, fault):
    body, status, title, field = BAD[fault]
    answer = client.post(PATH, content=body)
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, problem["title"]) == (status, title)
    assert field is None or problem["field"] == field


def test_an_altered_document_is_refused_by_name(client):
    data = json.loads(Keys.generate().sign_document("EndUseCertificate", good("general").certificate, chain_id=7).data)
    data["credential"]["issuer"] = "did:pkh:eip155:7:0x" + 20 * "12"
    answer = client.post(PATH, json={"certificate": data})
    assert (answer.status_code, answer.json()["title"]) == (409, "ProofInvalid")


def test_the_rules_are_told_to_anyone(stranger):
    told = stranger.get("/v1/certificates/rules").json()["items"]
    assert {one["profile"]: len(one["rules"]) for one in told} == {
        name: len(profile.demands) for name, profile in PROFILES.items()
    }


def test_the_rules_of_one_profile_are_told(stranger):
    told = stranger.get("/v1/certificates/rules", params={"profile": "dsp-83"}).json()["items"]
    assert told == [PROFILES["dsp-83"].to_json()]


def test_the_rules_of_an_unknown_profile_are_refused(stranger):
    answer = stranger.get("/v1/certificates/rules", params={"profile": "moon"})
    assert (answer.status_code, answer.json()["field"]) == (422, "profile")


def test_the_rules_are_as_described(stranger, document):
    content = document["paths"]["/v1/certificates/rules"]["get"]["responses"]["200"]["content"]["application/json"]
    answer = stranger.get("/v1/certificates/rules").json()
    Draft202012Validator({**content["schema"], "components": document["components"]}).validate(answer)
