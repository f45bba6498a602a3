"""Does every reading route give what the ledger holds, with its block?"""

import pytest

from ledger.acts.digests import digest_of
from ledger.acts.kinds import act_class
from ledger.chain.deployment import Deployment
from ledger.documents.kinds import KINDS
from ledger.documents.schema import schema_text

NONE = "0x" + 32 * "00"
LISTS = {
    "organizations": ("organization", {"sponsor": 1, "role": "exporter", "status": "active"}),
    "agents": ("agent", {"organization": 2, "status": "active"}),
    "policies": ("policy", {"organization": 1, "kind": "individual"}),
    "certificates": ("certificate", {"exporter": 2, "endUser": 4, "status": "valid", "supersedes": NONE}),
    "applications": ("application", {"exporter": 2, "status": "granted", "kind": "individual", "continues": NONE}),
    "licenses": ("license", {"authority": 1, "status": "issued", "kind": "individual", "supersedes": NONE}),
    "shipments": ("shipment", {"holder": 2, "endUser": 4, "status": "registered", "grade": "A", "parent": NONE}),
}
"""By path: the kind of record, and filters."""


def ask(client, path, **parameters):
    answer = client.get(path, params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize(
    ("path", "name", "value"), [(path, name, value) for path, (_, own) in LISTS.items() for name, value in own.items()]
)
def test_a_list_is_narrowed_by_each_of_its_filters(client, trade, path, name, value):
    whole = ask(client, f"/v1/{path}", limit=200)["items"]
    expected = [item for item in whole if item.get(name) == value or value in item.get("roles", ())]
    assert ask(client, f"/v1/{path}", limit=200, **{name: value})["items"] == expected


@pytest.mark.parametrize(
    ("path", "name", "value"),
    [
        ("shipments", "irregular", "true"),
        ("shipments", "recalled", "true"),
        ("shipments", "heldBy", 1),
        ("shipments", "authority", 2),
        ("organizations", "recovered", "true"),
        ("organizations", "voted", "true"),
        ("organizations", "delegate", 2),
        ("licenses", "overdueAt", 2**40 - 1),
        ("overdue", "authority", 1),
    ],
)
def test_a_list_can_be_asked_for_what_nothing_is(client, trade, path, name, value):
    assert ask(client, f"/v1/{path}", **{name: value})["items"] == []


@pytest.mark.parametrize("path", LISTS)
def test_a_list_names_its_block(client, trade, path):
    assert ask(client, f"/v1/{path}")["block"].keys() == {"number", "hash", "time"}


@pytest.mark.parametrize("path", LISTS)
def test_a_record_of_a_list_is_found_by_its_id(client, trade, path):
    item = ask(client, f"/v1/{path}")["items"][0]
    assert ask(client, f"/v1/{path}/{item['record']}")["item"] == item


@pytest.mark.parametrize("path", LISTS)
def test_a_record_of_any_kind_is_found_among_the_records(client, trade, path):
    item = ask(client, f"/v1/{path}")["items"][0]
    assert ask(client, f"/v1/records/{item['record']}")["item"]["recordKind"] == LISTS[path][0]


@pytest.mark.parametrize("path", LISTS)
def test_a_record_of_another_kind_is_not_found_in_a_list(client, trade, path):
    other = trade["shipment"] if path != "shipments" else trade["license"]
    assert client.get(f"/v1/{path}/{other}").status_code == 404


@pytest.mark.parametrize("path", LISTS)
def test_a_filter_that_does_not_exist_is_refused(client, path):
    problem = client.get(f"/v1/{path}", params={"exporer": 2}).json()
    assert (problem["title"], problem["field"]) == ("InvalidField", "exporer")


def test_a_status_that_does_not_exist_is_refused_with_those_that_do(client):
    problem = client.get("/v1/shipments", params={"status": "afloat"}).json()
    assert "departed" in problem["bound"]


def test_pages_follow_one_another_without_gap(client, trade):
    whole = [agent["number"] for agent in ask(client, "/v1/agents")["items"]]
    parts, after = [], None
    while after is not None or not parts:
        page = ask(client, "/v1/agents", limit=4, **({"after": after} if after else {}))
        parts += [agent["number"] for agent in page["items"]]
        after = page["next"]
    assert parts == whole


def test_a_cursor_that_nobody_gave_is_refused(client):
    assert client.get("/v1/agents", params={"after": "x"}).json()["field"] == "after"


def test_a_license_says_what_is_left_of_it(client, trade):
    item = ask(client, f"/v1/licenses/{trade['license']}")["item"]
    standing = item["standing"]
    left = str(10 - int(item["lines"][0]["drawn"]))
    assert (standing["inForce"], standing["lines"]) == (True, [{"limit": "10", "left": left}])


def test_a_license_is_expired_after_its_last_day(client, trade):
    later = ask(client, "/v1/licenses", at=2**40 - 1)["items"][0]
    assert later["standing"]["expired"]


def test_a_shipment_shows_words_and_decimal_strings(client, trade):
    shipment = ask(client, f"/v1/shipments/{trade['shipment']}")["item"]
    line = shipment["lines"][0]
    assert (shipment["status"], shipment["irregular"], line["registered"]) == ("registered", [], "4")


def test_an_agent_shows_its_powers_as_words(client, trade):
    agents = ask(client, "/v1/agents", organization=2)["items"]
    assert [agent["powers"] for agent in agents][:2] == [["admin"], ["apply", "ship", "custody"]]


def test_a_party_shows_its_role_as_a_word(client, trade):
    parties = ask(client, f"/v1/licenses/{trade['license']}")["item"]["parties"]
    assert [party["role"] for party in parties] == ["end-user", "exporter"]


def test_an_unknown_record_is_not_found(client, trade):
    answer = client.get("/v1/records/0x" + "ab" * 32)
    assert (answer.status_code, answer.json()["title"]) == (404, "UnknownRecord")


def test_an_id_of_another_form_is_refused(client):
    answer = client.get("/v1/records/0x1234")
    assert (answer.status_code, answer.json()["field"]) == (422, "record")


def test_the_history_of_a_license_has_its_draw(client, trade):
    entries = ask(client, f"/v1/records/{trade['license']}/history")["items"]
    assert [entry["kind"] for entry in entries][:2] == ["IssueLicense", "RegisterShipment"]


def test_an_id_that_exists_is_known_to_anybody(stranger, trade):
    assert [ask(stranger, f"/v1/known/{trade[kind]}")["known"] for kind in ("license", "shipment")] == [True, True]


def test_an_id_that_does_not_exist_is_not_known(stranger, office):
    assert not ask(stranger, f"/v1/known/0x{'ab' * 32}")["known"]


def test_the_history_of_an_unknown_record_is_not_found(client, trade):
    assert client.get(f"/v1/records/0x{'ab' * 32}/history").status_code == 404


def test_the_journal_has_no_gaps(client, trade):
    seqs = [entry["seq"] for entry in ask(client, "/v1/journal/entries", after=3, limit=20)["items"]]
    assert seqs == list(range(4, 24))


def test_an_entry_of_the_journal_has_all_that_its_digest_is_made_of(client, trade, opened):
    entry = ask(client, f"/v1/records/{trade['shipment']}/history")["items"][0]
    act = act_class(entry["kind"]).from_json(entry["message"])
    digest = digest_of(act, opened.deployment.chain_id, opened.deployment.address(act.CONTRACT))
    assert entry["digest"] == "0x" + digest.hex()


def test_the_state_of_the_journal_counts_its_entries(client, trade):
    entries = ask(client, "/v1/journal/state")["entries"]
    assert [e["seq"] for e in ask(client, "/v1/journal/entries", after=entries - 1)["items"]] == [entries]


def test_the_provenance_of_a_shipment_is_checked(client, trade):
    report = ask(client, f"/v1/shipments/{trade['shipment']}/provenance")
    assert [check["number"] for check in report["checks"]] == [f"P{number}" for number in (*range(1, 9), 10, 15)]


def test_the_provenance_of_an_unknown_shipment_is_not_found(client, trade):
    assert client.get(f"/v1/shipments/0x{'ab' * 32}/provenance").status_code == 404


def test_the_deployment_is_the_trust_root(client, opened):
    assert Deployment.from_json(client.get("/v1/deployment").text) == opened.deployment


def test_every_kind_of_document_has_its_schema(client):
    paths = [item["path"] for item in ask(client, "/v1/schemas")["items"]]
    assert [client.get(path).text for path in paths] == [schema_text(kind) for kind in KINDS]


def test_a_schema_that_does_not_exist_is_not_found(client):
    assert client.get("/v1/schemas/Invoice").json()["title"] == "NotFound"


def test_the_service_is_alive(client):
    assert ask(client, "/healthz") == {"status": "ok"}


def test_the_service_is_ready_at_the_head_of_its_chain(client, trade, opened):
    assert ask(client, "/readyz")["block"]["number"] == opened.node.head().number
