"""Does a signed act reach the journal, once, and does its sender hear what became of it?"""

import asyncio
from dataclasses import replace

import pytest

from api.app import create_app
from ledger.acts.orders import HoldShipment
from ledger.acts.organizations import AppointAgent
from ledger.chain.node import Node
from tests.api.office import CARRIER, EXPORTER
from tests.api.signing_in import SERVICE, asked, in_process, session
from tests.scenario import CUSTODY, keys_of


@pytest.fixture(scope="module")
def registered(office, trade):
    """The submission of a shipment, and the first two answers to it."""
    submission, _ = office.shipment(bytes.fromhex(trade["license"][2:]), 1)
    return submission, office.send(submission), office.send(submission)


def test_an_included_act_is_created(registered):
    assert registered[1].status_code == 201


def test_an_included_act_is_answered_with_its_place_in_the_journal(registered, client):
    told = registered[1].json()
    entry = client.get("/v1/journal/entries", params={"after": told["seq"] - 1}).json()["items"][0]
    shown = {"digest": "digest", "record": "record", "version": "version", "head": "recordHead", "block": "block"}
    assert told["status"] == "included"
    assert {name: told[name] for name in shown} == {name: entry[there] for name, there in shown.items()}


def test_an_identical_repeat_gets_the_first_answer(registered):
    _, first, second = registered
    assert (second.status_code, second.json()) == (200, first.json())


def test_the_status_of_an_included_act_is_known_by_its_digest(registered, client):
    told = registered[1].json()
    known = client.get(f"/v1/acts/{told['digest']}").json()
    assert (known["status"], known["seq"], known["kind"]) == ("included", told["seq"], "RegisterShipment")


def test_a_service_that_only_reads_knows_an_act_from_the_journal(registered, opened):
    told = registered[1].json()
    known = asked(create_app(replace(opened, relay=None), SERVICE), "GET", f"/v1/acts/{told['digest']}").json()
    assert (known["status"], known["seq"], known["queuedAt"]) == ("included", told["seq"], None)


def test_the_status_of_an_unknown_act_is_not_found(client):
    answer = client.get("/v1/acts/0x" + "ab" * 32)
    assert (answer.status_code, answer.json()["title"]) == (404, "UnknownAct")


def test_a_thousand_callers_at_once_are_all_answered(registered, app):
    async def repeat():
        async with in_process(app) as client:
            return await asyncio.gather(*(client.post("/v1/acts", json=registered[0]) for _ in range(1000)))

    assert {answer.status_code for answer in asyncio.run(repeat())} == {200}


def test_other_questions_are_answered_while_an_act_waits(office, trade, app):
    submission, _ = office.shipment(bytes.fromhex(trade["license"][2:]), 1)

    async def both():
        async with in_process(app) as client:
            waiting = asyncio.create_task(client.post("/v1/acts", json=submission))
            await asyncio.sleep(0)
            answer = await client.get("/healthz")
            return answer.status_code, waiting.done(), (await waiting).status_code

    assert asyncio.run(both()) == (200, False, 201)


def test_a_prepared_act_is_ready_to_sign_and_submit(client, trade):
    fields = {"record": trade["shipment"], "organization": EXPORTER, "to": CARRIER, "seal": "0x" + "11" * 32}
    now = client.get("/readyz").json()["block"]["time"]
    prepared = client.post("/v1/acts/prepare", json={"kind": "OfferHandoff", "fields": {**fields, "occurredAt": now}})
    signature = keys_of("clerk").sign_digest(bytes.fromhex(prepared.json()["digest"][2:]))
    answer = client.post("/v1/acts", json={**prepared.json()["typedData"], "signature": "0x" + signature.hex()})
    assert (answer.status_code, answer.json()["record"]) == (201, trade["shipment"])


def test_an_act_is_prepared_for_nobody_without_a_session(stranger, trade):
    fields = {"record": trade["shipment"], "organization": EXPORTER}
    answer = stranger.post("/v1/acts/prepare", json={"kind": "WithdrawOffer", "fields": fields})
    assert (answer.status_code, answer.json()["title"]) == (401, "SessionMissing")


def test_an_act_about_a_record_that_its_preparer_may_not_see_cannot_be_prepared(signed_in, trade):
    fields = {"record": trade["application"], "organization": CARRIER}
    answer = signed_in("driver").post("/v1/acts/prepare", json={"kind": "WithdrawApplication", "fields": fields})
    assert (answer.status_code, answer.json()["title"]) == (409, "UnknownRecord")


def appointed(office, person):
    """The agent's record of somebody who was appointed just now, and the fields of the acceptance."""
    public = keys_of(person).public
    office.send_all([office.write(AppointAgent, "carrier admin", CARRIER, account=public.address, powers=CUSTODY)])
    record = office.deployment.agent_record(CARRIER, public.address)
    keys = {"ed25519": "0x" + public.ed25519.hex(), "x25519": "0x" + public.x25519.hex()}
    return {"record": "0x" + record.hex(), "organization": CARRIER, **keys}


def test_who_was_appointed_prepares_the_acceptance_without_a_session(stranger, office):
    fields = appointed(office, "second driver")
    prepared = stranger.post("/v1/acts/prepare", json={"kind": "AcceptAppointment", "fields": fields}).json()
    signature = keys_of("second driver").sign_digest(bytes.fromhex(prepared["digest"][2:]))
    answer = stranger.post("/v1/acts", json={**prepared["typedData"], "signature": "0x" + signature.hex()})
    assert answer.status_code == 201


@pytest.mark.parametrize("kind", ["shipment", "active agent", "nothing"])
def test_a_stranger_prepares_an_acceptance_of_an_open_appointment_only(stranger, office, trade, kind):
    records = {
        "shipment": trade["shipment"],
        "active agent": "0x" + office.deployment.agent_record(CARRIER, keys_of("driver").address).hex(),
        "nothing": "0x" + "ab" * 32,
    }
    keys = {"ed25519": "0x" + "11" * 32, "x25519": "0x" + "22" * 32}
    fields = {"record": records[kind], "organization": CARRIER, **keys}
    answer = stranger.post("/v1/acts/prepare", json={"kind": "AcceptAppointment", "fields": fields})
    assert (answer.status_code, answer.json()["title"]) == (409, "UnknownRecord")


def test_an_act_about_an_unknown_record_cannot_be_prepared(client, trade):
    fields = {"record": "0x" + "ab" * 32, "organization": EXPORTER}
    answer = client.post("/v1/acts/prepare", json={"kind": "WithdrawOffer", "fields": fields})
    assert (answer.status_code, answer.json()["title"]) == (409, "UnknownRecord")


def test_an_act_for_an_unknown_organization_cannot_be_prepared(client, trade):
    fields = {"record": trade["shipment"], "organization": 77}
    answer = client.post("/v1/acts/prepare", json={"kind": "WithdrawOffer", "fields": fields})
    assert (answer.status_code, answer.json()["organization"]) == (409, 77)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ([], "body"),
        ({"kind": "WithdrawOffer", "fields": {}, "colour": 1}, "colour"),
        ({"kind": "Withdraw", "fields": {}}, "kind"),
        ({"kind": 87, "fields": {}}, "kind"),
        ({"kind": "WithdrawOffer", "fields": []}, "fields"),
        ({"kind": "WithdrawOffer", "fields": {}}, "fields.record"),
    ],
)
def test_a_preparation_that_cannot_be_read_is_refused_with_its_field(client, trade, body, field):
    answer = client.post("/v1/acts/prepare", json=body)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


def test_each_act_of_a_batch_gets_its_own_answer(client, office, trade):
    good, _ = office.shipment(bytes.fromhex(trade["license"][2:]), 1)
    unreadable = {**good, "signature": "0x12"}
    refused = office.signed(
        office.build(HoldShipment, CARRIER, record=bytes.fromhex(trade["shipment"][2:]), reason=1), "driver"
    )
    answer = client.post("/v1/acts/batch", json=[unreadable, good, refused, good])
    told = [(item["status"], item["body"].get("title", "included")) for item in answer.json()["items"]]
    assert answer.status_code == 207
    assert told == [(422, "InvalidField"), (201, "included"), (409, "OutsideJurisdiction"), (200, "included")]


@pytest.mark.parametrize(
    ("body", "status", "title"),
    [
        (b"", 400, "NotJson"),
        (b"[{}", 400, "NotJson"),
        (b"[{},]", 400, "NotJson"),
        (b"[{}] {}", 400, "NotJson"),
        (b"[\xff]", 400, "NotJson"),
        (b"{}", 422, "InvalidField"),
        (b"[]", 422, "InvalidField"),
        (b"[" + b"0," * 500 + b"0]", 422, "InvalidField"),
        (b"[" * 100_000, 422, "InvalidField"),
        (b" " * (8 * 2**20 + 1), 413, "BodyTooLarge"),
    ],
)
def test_a_batch_that_cannot_be_read_is_refused_as_a_whole(client, body, status, title):
    answer = client.post("/v1/acts/batch", content=body)
    assert (answer.status_code, answer.json()["title"]) == (status, title)


def test_a_batch_may_be_larger_than_a_single_act(client):
    items = ["x" * 200_000] * 10
    answer = client.post("/v1/acts/batch", json=items)
    assert [item["body"]["title"] for item in answer.json()["items"]] == ["InvalidField"] * 10


def test_an_act_in_a_batch_may_not_be_larger_than_alone(client):
    item = client.post("/v1/acts/batch", json=["x" * 262_144]).json()["items"][0]
    assert (item["status"], item["body"]["limit"]) == (413, 262_144)


def test_a_service_that_only_reads_takes_no_act(registered, opened):
    answer = asked(create_app(replace(opened, relay=None), SERVICE), "POST", "/v1/acts", json=registered[0])
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")


@pytest.mark.parametrize("path", ["/readyz", "/v1/journal/state", "/v1/shipments/{shipment}/provenance"])
def test_a_chain_that_does_not_answer_is_unavailable(opened, trade, path):
    app = create_app(replace(opened, node=Node.connect("http://127.0.0.1:9")), SERVICE)
    answer = asked(app, "GET", path.format(**trade), headers=session(app, "auditor"))
    assert (answer.status_code, answer.json()["title"], answer.headers["retry-after"]) == (503, "Unavailable", "2")


def test_what_nobody_foresaw_is_told_without_its_inside(opened):
    answer = asked(create_app(replace(opened, read_model=None), SERVICE), "GET", "/v1/known/0x" + "ab" * 32)
    assert answer.status_code == 500
    assert answer.json().keys() == {"type", "title", "status", "detail"}
