"""Does the chain answer authorities and auditors, within bounds, and nobody else?"""

import json

import pytest
from web3 import HTTPProvider

from api.rpc import MOST_BLOCKS, MOST_CALLS
from ledger.chain.artifacts import view_call
from ledger.chain.node import Node

PARSE, REQUEST, METHOD, PARAMS, TOO_MUCH = -32700, -32600, -32601, -32602, -32005


def call(client, method, *params, **more):
    answer = client.post("/rpc", json={"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)} | more)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture(scope="module")
def places(opened):
    """Addresses of contracts, as text."""
    return {name: "0x" + address.hex() for name, address in opened.deployment.addresses.items()}


def test_the_chain_tells_its_id(client, opened):
    assert call(client, "eth_chainId")["result"] == hex(opened.deployment.chain_id)


def test_the_chain_tells_its_height(client, trade, opened):
    assert call(client, "eth_blockNumber")["result"] == hex(opened.node.head().number)


@pytest.mark.parametrize("at", ["latest", "safe", "finalized", "earliest", "0x1"])
def test_a_block_is_given_by_number_or_tag(client, trade, at):
    assert call(client, "eth_getBlockByNumber", at, False)["result"]["hash"].startswith("0x")


def test_code_is_that_of_the_trust_root(client, places, opened):
    code = bytes.fromhex(call(client, "eth_getCode", places["Journal"], "latest")["result"][2:])
    assert code == opened.node.code(opened.deployment.address("Journal"))


def test_logs_are_those_that_the_ledger_was_built_from(client, trade, places, opened):
    head = opened.node.head().number
    wanted = {"address": places["Journal"], "fromBlock": hex(head), "toBlock": "latest"}
    ours = opened.node.logs(address=opened.deployment.address("Journal"), from_block=head, to_block=head)
    assert [log["data"] for log in call(client, "eth_getLogs", wanted)["result"]] == [
        "0x" + log.data.hex() for log in ours
    ]


def test_logs_of_one_block_are_given_by_its_hash(client, trade, places, opened):
    wanted = {"address": [places["Journal"]], "blockHash": "0x" + opened.node.head().hash.hex(), "topics": [None]}
    assert call(client, "eth_getLogs", wanted)["result"]


def test_a_view_is_called(client, trade, places):
    wanted = {"to": places["Journal"], "data": "0x" + view_call("state()").hex()}
    length = int(call(client, "eth_call", wanted, "latest")["result"][2:66], 16)
    assert length == client.get("/v1/journal/state").json()["entries"]


def test_a_revert_tells_the_contracts_error(client, trade, places):
    error = call(client, "eth_call", {"to": places["Journal"], "data": "0xdeadbeef"}, "latest")["error"]
    assert (error["code"], error["data"]) == (3, "0x")


def test_a_receipt_is_given(client, trade):
    transaction = trade["answers"][-1]["transaction"]
    assert call(client, "eth_getTransactionReceipt", transaction)["result"]["transactionHash"] == transaction


def test_the_receipt_of_an_unknown_transaction_is_null(client, trade):
    assert call(client, "eth_getTransactionReceipt", "0x" + "ab" * 32)["result"] is None


@pytest.mark.parametrize(
    "method",
    ["eth_sendRawTransaction", "eth_sendTransaction", "eth_getStorageAt", "ledger_advanceTime", "admin_peers", ""],
)
def test_what_does_not_read_is_not_offered(client, method):
    assert call(client, method, "0x00")["error"]["code"] == METHOD


BAD = {
    "a parameter too many": ("eth_chainId", [1]),
    "no block": ("eth_getBlockByNumber", []),
    "a block in decimal": ("eth_getBlockByNumber", ["1", False]),
    "a block that is to come": ("eth_getBlockByNumber", ["pending", False]),
    "a block without end": ("eth_getBlockByNumber", ["0x" + "1" * 40, False]),
    "a word for a truth value": ("eth_getBlockByNumber", ["0x1", "yes"]),
    "a short address": ("eth_getCode", ["0x12", "latest"]),
    "a short hash": ("eth_getTransactionReceipt", ["0x12"]),
    "a filter that is none": ("eth_getLogs", ["all"]),
    "logs of everybody": ("eth_getLogs", [{}]),
    "logs of nobody": ("eth_getLogs", [{"address": []}]),
    "logs of a stranger": ("eth_getLogs", [{"address": "0x" + "ab" * 20}]),
    "a filter by an unknown member": ("eth_getLogs", [{"address": "JOURNAL", "limit": 5}]),
    "five topics": ("eth_getLogs", [{"address": "JOURNAL", "topics": [None] * 5}]),
    "a choice of too many topics": ("eth_getLogs", [{"address": "JOURNAL", "topics": [["0x" + "ab" * 32] * 17]}]),
    "a range and a hash": (
        "eth_getLogs",
        [{"address": "JOURNAL", "blockHash": "0x" + "ab" * 32, "fromBlock": "0x1"}],
    ),
    "code to run": ("eth_call", [{"data": "0x600035600055"}, "latest"]),
    "a call of a stranger": ("eth_call", [{"to": "0x" + "ab" * 20}, "latest"]),
    "a call with value": ("eth_call", [{"to": "JOURNAL", "value": "0x1"}, "latest"]),
    "half a byte": ("eth_call", [{"to": "JOURNAL", "data": "0x1"}, "latest"]),
    "another state": ("eth_call", [{"to": "JOURNAL"}, "latest", {}]),
}


@pytest.mark.parametrize("fault", BAD)
def test_parameters_that_are_none_are_refused(client, places, fault):
    method, params = BAD[fault]
    params = json.loads(json.dumps(params).replace("JOURNAL", places["Journal"]))
    assert call(client, method, *params)["error"]["code"] == PARAMS


def test_a_range_of_blocks_is_bounded(client, places):
    wanted = {"address": places["Journal"], "fromBlock": "0x0", "toBlock": hex(MOST_BLOCKS)}
    assert call(client, "eth_getLogs", wanted)["error"]["code"] == TOO_MUCH


def test_a_call_gets_no_more_gas_than_a_transaction(client, trade, places):
    wanted = {"to": places["Journal"], "data": "0x" + view_call("state()").hex(), "gas": "0xffffffffff"}
    assert "result" in call(client, "eth_call", wanted, "latest")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", PARSE),
        (b"{", PARSE),
        (b'{"jsonrpc": "2.0", "id": 1, "id": 2, "method": "eth_chainId"}', PARAMS),
        (b'"eth_chainId"', REQUEST),
        (b"{}", REQUEST),
        (b'{"jsonrpc": "1.0", "id": 1, "method": "eth_chainId"}', REQUEST),
        (b'{"jsonrpc": "2.0", "id": 1, "method": 5}', REQUEST),
        (b'{"jsonrpc": "2.0", "id": [], "method": "eth_chainId"}', REQUEST),
        (b'{"jsonrpc": "2.0", "id": true, "method": "eth_chainId"}', REQUEST),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "eth_chainId", "params": {}}', REQUEST),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "eth_chainId", "more": 1}', REQUEST),
        (b"[]", TOO_MUCH),
    ],
)
def test_a_request_that_is_none_is_refused(client, body, code):
    assert client.post("/rpc", content=body).json()["error"]["code"] == code


def test_a_batch_is_answered_call_by_call(client):
    calls = [{"jsonrpc": "2.0", "id": name, "method": name} for name in ("eth_chainId", "eth_mine")]
    told = client.post("/rpc", json=[*calls, 5]).json()
    assert [(one["id"], "result" in one) for one in told] == [("eth_chainId", True), ("eth_mine", False), (None, False)]


def test_a_batch_is_bounded(client):
    calls = [{"jsonrpc": "2.0", "id": number, "method": "eth_chainId"} for number in range(MOST_CALLS + 1)]
    assert client.post("/rpc", json=calls).json()["error"]["code"] == TOO_MUCH


def test_calls_without_an_id_are_not_answered(client):
    answer = client.post("/rpc", json=[{"jsonrpc": "2.0", "method": "eth_chainId"}])
    assert (answer.status_code, answer.content) == (204, b"")


def test_a_body_too_large_is_refused(client):
    assert client.post("/rpc", content=b" " * 300_000).status_code == 413


@pytest.mark.parametrize("person", ["clerk", "driver", "official"])
def test_the_chain_is_not_for_parties(signed_in, person):
    answer = signed_in(person).post("/rpc", json={"jsonrpc": "2.0", "id": 1, "method": "eth_chainId"})
    assert (answer.status_code, answer.json()["title"]) == (403, "NotEntitled")


def test_the_chain_is_not_for_strangers(stranger, office):
    answer = stranger.post("/rpc", json={"jsonrpc": "2.0", "id": 1, "method": "eth_chainId"})
    assert (answer.status_code, answer.json()["title"]) == (401, "SessionMissing")


def test_an_auditor_reads_the_ledger_as_from_any_node(client, trade, opened):
    headers = {"authorization": client.headers["authorization"], "content-type": "application/json"}
    url = str(client.base_url).rstrip("/") + "/rpc"
    node = Node(HTTPProvider(url, {"headers": headers, "timeout": 30}, exception_retry_configuration=None))
    head = node.head()
    assert (node.chain_id(), head.hash) == (opened.node.chain_id(), opened.node.block(head.number).hash)
