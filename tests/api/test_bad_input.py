"""Is everything that should not get in refused by name, and does it change nothing?"""

import asyncio
import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from api import parsing
from ledger.acts.applications import AssessApplication
from ledger.acts.custody import WithdrawOffer
from ledger.acts.digests import digest_of
from ledger.acts.manifests import CancelShipment, Draw, RegisterShipment
from ledger.acts.organizations import AppointAgent, DismissAgent
from tests.api.office import AUTHORITY, CARRIER, EXPORTER
from tests.scenario import CUSTODY, DAY, DOCUMENT, keys_of, salt_of

ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


def high_s(signature):
    """The other signature of the same digest by the same key, which Ethereum refuses."""
    raw = bytes.fromhex(signature[2:])
    other = ORDER - int.from_bytes(raw[32:64], "big")
    return "0x" + (raw[:32] + other.to_bytes(32, "big") + bytes([55 - raw[64]])).hex()


@pytest.fixture(scope="module")
def good(office, trade):
    """A submission that would be accepted."""
    return office.signed(office.build(RegisterShipment, EXPORTER, **_draw(trade, 1)), "clerk")


def _draw(trade, quantity):
    values = {"end_user": 4, "share": 0, "waybill": bytes(32), "document": DOCUMENT}
    return {"license": bytes.fromhex(trade["license"][2:]), "draws": (Draw(line=0, quantity=quantity),), **values}


def changed(submission, **message):
    return {**submission, "message": {**submission["message"], **message}}


UNREADABLE = {
    "an organization in words": (lambda good: changed(good, organization="two"), "message.organization"),
    "a truth value for a number": (lambda good: changed(good, organization=True), "message.organization"),
    "a number for an id": (lambda good: changed(good, record=5), "message.record"),
    "a fraction": (lambda good: changed(good, deadline=1.5), "message.deadline"),
    "a negative quantity": (
        lambda good: changed(good, draws=[{"line": 0, "quantity": -1}]),
        "message.draws[0].quantity",
    ),
    "2^128 as a number": (
        lambda good: changed(good, draws=[{"line": 0, "quantity": 2**128}]),
        "message.draws[0].quantity",
    ),
    "2^128 as text": (
        lambda good: changed(good, draws=[{"line": 0, "quantity": str(2**128)}]),
        "message.draws[0].quantity",
    ),
    "NaN": (lambda good: changed(good, share=float("nan")), "message.share"),
    "an unknown field": (lambda good: changed(good, colour="red"), "message.colour"),
    "an unknown member": (lambda good: {**good, "colour": "red"}, "colour"),
    "a missing field": (
        lambda good: {**good, "message": {k: v for k, v in good["message"].items() if k != "waybill"}},
        "message.waybill",
    ),
    "a missing message": (lambda good: {k: v for k, v in good.items() if k != "message"}, "message"),
    "an unknown act": (lambda good: {**good, "primaryType": "SellShipment"}, "primaryType"),
    "a short signature": (lambda good: {**good, "signature": good["signature"][:-2]}, "signature"),
    "no signature": (lambda good: {**good, "signature": None}, "signature"),
    "513 elements": (
        lambda good: changed(good, draws=[{"line": 0, "quantity": 1}] * 513),
        "message.draws",
    ),
    "a list": (lambda good: [good], "body"),
}
"""By fault: what it makes of a good submission, and the field that the refusal names."""


@pytest.mark.parametrize("fault", UNREADABLE)
def test_an_act_that_cannot_be_read_is_refused_with_its_field(client, office, good, fault):
    spoil, field = UNREADABLE[fault]
    before = office.length()
    answer = client.post("/v1/acts", content=json.dumps(spoil(good)))
    assert (answer.status_code, answer.json()["title"], answer.json()["field"]) == (422, "InvalidField", field)
    assert office.length() == before


DOMAINS = {
    "another chain": ({"chainId": 1}, "domain.chainId"),
    "another contract": ({"verifyingContract": "0x" + "ab" * 20}, "domain.verifyingContract"),
    "another name": ({"name": "Another Ledger"}, "domain.name"),
}


@pytest.mark.parametrize("fault", DOMAINS)
def test_typed_data_of_another_domain_is_refused_with_the_member(client, office, good, opened, fault):
    members, field = DOMAINS[fault]
    contract = "0x" + opened.deployment.address("Shipments").hex()
    ours = {
        "name": "License Ledger",
        "version": "1",
        "chainId": opened.deployment.chain_id,
        "verifyingContract": contract,
    }
    before = office.length()
    problem = client.post("/v1/acts", json={**good, "domain": ours | members}).json()
    assert (problem["title"], problem["field"]) == ("InvalidField", field)
    assert office.length() == before


BODIES = {
    "nothing": (b"", 400, "NotJson"),
    "half an object": (b'{"primaryType":', 400, "NotJson"),
    "no UTF-8": (b'{"primaryType": "\xff"}', 400, "NotJson"),
    "a name twice": (b'{"primaryType": "A", "primaryType": "B"}', 422, "InvalidField"),
    "deep nesting": (b'{"a":' * 40 + b"1" + b"}" * 40, 422, "InvalidField"),
    "nesting without end": (b"[" * 100_000, 422, "InvalidField"),
    "a million digits": (b'{"a": ' + b"9" * 200_000 + b"}", 422, "InvalidField"),
    "ten megabytes": (b'"' + b"x" * 10_000_000 + b'"', 413, "BodyTooLarge"),
}


@pytest.mark.parametrize("path", ["/v1/acts", "/v1/acts/prepare"])
@pytest.mark.parametrize("fault", BODIES)
def test_a_body_that_is_no_strict_json_is_refused(client, office, fault, path):
    body, status, title = BODIES[fault]
    before = office.length()
    answer = client.post(path, content=body)
    assert (answer.status_code, answer.json()["title"]) == (status, title)
    assert office.length() == before


def test_a_name_twice_is_refused_with_its_place(client):
    problem = client.post("/v1/acts", content=b'{"message": {"to": 1, "to": 2}}').json()
    assert problem["field"] == "message.to"


def test_a_body_too_large_is_refused_with_the_bound(client):
    assert client.post("/v1/acts", content=b"x" * 300_000).json()["limit"] == 262_144


def test_a_body_is_measured_while_it_is_read(client):
    pieces = (b"x" * 100_000 for _ in range(100))
    assert client.post("/v1/acts", content=pieces).status_code == 413


def test_a_body_that_does_not_arrive_is_not_waited_for(client, monkeypatch):
    monkeypatch.setattr(parsing, "BODY_SECONDS", 0.1)

    def slow():
        yield b"{"
        time.sleep(0.5)
        yield b"}"

    assert client.post("/v1/acts", content=slow()).status_code == 408


def test_a_caller_that_goes_away_breaks_nothing(app):
    sent = []

    async def leave():
        return {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/v1/acts", "headers": [], "query_string": b""}
    asyncio.run(app(scope, leave, send))
    assert sent[0]["status"] == 400


@pytest.fixture(scope="module")
def refused(office, trade, opened):
    """What the contracts refuse, sent at once: by fault the answers, and the journal's length before and after."""
    shipment = office.shipment(bytes.fromhex(trade["license"][2:]), 1)
    account = keys_of("dismissed clerk").address
    appointed = office.write(AppointAgent, "export admin", EXPORTER, account=account, powers=CUSTODY)
    agent = opened.deployment.agent_record(EXPORTER, account)
    dismissed = office.write(DismissAgent, "export admin", EXPORTER, record=agent, reason=1, compromised_since=0)
    office.send_all([shipment[0], appointed, dismissed])
    acts = _acts(office, trade, shipment[1])
    before = office.length()
    with ThreadPoolExecutor(len(acts)) as senders:
        answers = dict(zip(acts, senders.map(office.send, acts.values()), strict=True))
    return answers, before, office.length(), opened.deployment


def _acts(office, trade, shipment):
    now = int(time.time())
    registration = office.build(RegisterShipment, EXPORTER, **_draw(trade, 1))
    application = bytes.fromhex(trade["application"][2:])
    again = office.build(AssessApplication, AUTHORITY, record=application, recommendation=1, document=DOCUMENT)
    withdrawal = office.build(WithdrawOffer, EXPORTER, record=shipment)
    elsewhere = keys_of("clerk").sign_digest(digest_of(withdrawal, 1, office.deployment.address("Shipments")))
    foreign = keys_of("clerk").sign_digest(
        digest_of(withdrawal, office.deployment.chain_id, office.deployment.address("Reports"))
    )
    signed = office.signed(withdrawal, "clerk")
    return {
        "StaleParent": office.signed(replace(withdrawal, parent=salt_of("old")), "clerk"),
        "DeadlinePassed": office.signed(replace(registration, deadline=now - DAY), "clerk"),
        "DeadlineTooFar": office.signed(replace(registration, deadline=now + 31 * DAY), "clerk"),
        "QuantityExceeded": office.signed(office.build(RegisterShipment, EXPORTER, **_draw(trade, 11)), "clerk"),
        "WrongRecordId": office.signed(replace(registration, record=salt_of("id")), "clerk"),
        "UnknownRecord": office.signed(replace(withdrawal, record=salt_of("record")), "clerk"),
        "PowerMissing": office.signed(registration, "export admin"),
        "WrongStatus": office.signed(again, "assessor"),
        "NoOffer": office.signed(replace(withdrawal, deadline=now + 60), "clerk"),
        "WrongOrganization": office.signed(office.build(CancelShipment, CARRIER, record=shipment), "driver"),
        "AgentNotActive": office.signed(withdrawal, "dismissed clerk"),
        "NotAnAgent": {**signed, "signature": "0x" + elsewhere.hex()},
        "NotAnAgent, another contract": {**signed, "signature": "0x" + foreign.hex()},
        "SignatureInvalid": {**signed, "signature": high_s(signed["signature"])},
    }


NAMES = (
    "StaleParent",
    "DeadlinePassed",
    "DeadlineTooFar",
    "QuantityExceeded",
    "WrongRecordId",
    "UnknownRecord",
    "PowerMissing",
    "WrongStatus",
    "NoOffer",
    "WrongOrganization",
    "AgentNotActive",
    "NotAnAgent",
    "NotAnAgent, another contract",
    "SignatureInvalid",
)


@pytest.mark.parametrize("name", NAMES)
def test_what_the_contract_refuses_is_named_after_its_error(refused, name):
    answer = refused[0][name]
    title = name.partition(",")[0]
    assert (answer.status_code, answer.json()["title"]) == (409, title)


def test_refused_acts_leave_the_journal_as_it_was(refused):
    _, before, after, _ = refused
    assert after == before


def test_a_refusal_tells_what_was_asked_and_what_the_bound_was(refused):
    problem = refused[0]["QuantityExceeded"].json()
    assert (problem["requested"], int(problem["remaining"]) < 11) == ("11", True)


def test_a_refusal_says_so_in_a_sentence(refused):
    assert refused[0]["QuantityExceeded"].json()["detail"].endswith("left; 11 were asked for.")


def test_a_field_called_status_does_not_hide_the_status_of_the_answer(refused):
    problem = refused[0]["WrongStatus"].json()
    assert (problem["status"], problem["recordStatus"]) == (409, 4)


def test_the_status_of_a_refused_act_tells_its_refusal(refused, client):
    submission = json.loads(refused[0]["NoOffer"].request.content)
    act = WithdrawOffer.from_json(submission["message"])
    digest = digest_of(act, refused[3].chain_id, refused[3].address("Shipments"))
    known = client.get(f"/v1/acts/0x{digest.hex()}").json()
    assert (known["status"], known["refusal"]["title"]) == ("refused", "NoOffer")


def test_a_path_that_does_not_exist_is_not_found(client):
    problem = client.get("/v1/nothing").json()
    assert (problem["status"], problem["title"], problem["path"]) == (404, "NotFound", "/v1/nothing")


def test_a_method_that_is_not_taken_is_refused_with_those_that_are(client):
    answer = client.delete("/v1/licenses")
    assert (answer.status_code, answer.json()["title"], answer.headers["allow"]) == (405, "MethodNotAllowed", "GET")


@pytest.mark.parametrize("path", ["/v1/nothing", "/v1/licenses?limit=0", "/v1/acts/0x12"])
def test_every_refusal_is_a_problem(client, path):
    answer = client.get(path)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:license-ledger:error:" + answer.json()["title"]


@pytest.mark.parametrize("path", ["/v1/licenses", "/v1/nothing", "/docs", "/healthz"])
def test_every_answer_keeps_browsers_from_guessing_and_caching(client, path):
    headers = client.get(path).headers
    assert (headers["x-content-type-options"], headers["cache-control"]) == ("nosniff", "no-store")
