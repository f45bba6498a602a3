"""Read-only Ethereum JSON-RPC over this ledger's chain: what an independent replay needs, and no more.

Seven methods, their parameters read strictly and bounded: calls and logs are those of the ledger's own contracts,
a range of blocks, a batch and an answer have limits. What a node says goes out as it is, its error messages do not:
they may hold an address. A call without an id is not answered, as JSON-RPC 2.0 says.
"""

import re
from collections.abc import Callable, Mapping

from api.parsing import bytes_of, strict_json
from ledger.documents.canonical import Json, is_object
from ledger.errors import InvalidField, Refused, Unavailable
from ledger.opening import OpenLedger
from ledger.sentences import sentence

MOST_BLOCKS = 250
MOST_CALLS = 20
MOST_LOGS = 10_000
MOST_GAS = 12_000_000
"""Of a call: what a transaction of the relay may use."""
_MOST_TOPICS = 16
_QUANTITY = re.compile(r"0x(0|[1-9a-f][0-9a-f]{0,12})")
_HASH = re.compile(r"0x[0-9a-fA-F]{64}")
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")
_DATA = re.compile(r"0x([0-9a-fA-F]{2})*")
_TAGS = ("latest", "safe", "finalized", "earliest")
_CODES = {"NotJson": -32700, "InvalidField": -32602, "RpcMethodUnknown": -32601, "RpcTooMuch": -32005}
_INVALID_REQUEST, _INTERNAL, _REVERTED = -32600, -32603, 3
Answer = dict[str, Json]
Params = list[Json]


def answered(ledger: OpenLedger, body: bytes) -> Answer | list[Answer] | None:
    """What the body's call or calls get; None: there was none with an id."""
    try:
        asked = strict_json(body)
        if not isinstance(asked, list):
            return _one(asked, ledger)
        if not 1 <= len(asked) <= MOST_CALLS:
            raise Refused("RpcTooMuch", {"asked": f"{len(asked)} calls", "most": f"{MOST_CALLS}, at least 1"})
    except Refused as refused:
        return _failed(None, _CODES[refused.name], sentence(refused))
    answers = [answer for one in asked if (answer := _one(one, ledger)) is not None]
    return answers or None


def _one(asked: Json, ledger: OpenLedger) -> Answer | None:
    match asked:
        case {"jsonrpc": "2.0", "method": str(method), **rest} if rest.keys() <= {"id", "params"}:
            number, params = rest.get("id"), rest.get("params", [])
        case _:
            return _failed(None, _INVALID_REQUEST, "A call has jsonrpc 2.0, a method, params and an id.")
    if isinstance(number, bool) or not isinstance(number, int | str | None) or not isinstance(params, list):
        return _failed(None, _INVALID_REQUEST, "An id is a number, a text or null; params are a list.")
    answer = {"jsonrpc": "2.0", "id": number, **_result(method, params, ledger)}
    return answer if "id" in rest else None


def _result(method: str, params: Params, ledger: OpenLedger) -> Answer:
    try:
        read = _METHODS.get(method)
        if read is None:
            raise Refused("RpcMethodUnknown", {"method": method[:80], "offered": ", ".join(_METHODS)})
        found = ledger.node.ask(method, read(params, ledger))
    except Refused as refused:
        return _error(_CODES[refused.name], sentence(refused))
    except Unavailable:
        return _error(_INTERNAL, "The chain does not answer.")
    if "error" in found:
        return _passed_on(found["error"])
    result = found.get("result")
    if isinstance(result, list) and len(result) > MOST_LOGS:
        return _error(
            _CODES["RpcTooMuch"], f"{len(result)} logs were asked for; at most {MOST_LOGS} are given at once."
        )
    return {"result": result}


def _passed_on(error: object) -> Answer:
    """Of a node's error only what a contract said."""
    if isinstance(error, Mapping) and isinstance(error.get("data"), str) and _DATA.fullmatch(error["data"]):
        return {"error": {"code": _REVERTED, "message": "execution reverted", "data": error["data"]}}
    return _error(_INTERNAL, "The chain cannot answer this call.")


def _error(code: int, message: str) -> Answer:
    return {"error": {"code": code, "message": message}}


def _failed(number: Json, code: int, message: str) -> Answer:
    return {"jsonrpc": "2.0", "id": number, **_error(code, message)}


def _nothing(params: Params, _: OpenLedger) -> Params:
    return _taken(params, 0)


def _a_block(params: Params, _: OpenLedger) -> Params:
    at, full = _taken(params, 2, [None, False])
    if not isinstance(full, bool):
        raise InvalidField("params[1]", full, "true or false")
    return [_reference(at, "params[0]"), full]


def _a_receipt(params: Params, _: OpenLedger) -> Params:
    return [_text(one, _HASH, "params[0]") for one in _taken(params, 1)]


def _a_code(params: Params, _: OpenLedger) -> Params:
    who, at = _taken(params, 2, [None, "latest"])
    return [_text(who, _ADDRESS, "params[0]"), _reference(at, "params[1]")]


def _a_call(params: Params, ledger: OpenLedger) -> Params:
    asked, at = _taken(params, 2, [None, "latest"])
    call = _members(asked, {"to", "from", "data", "input", "gas"}, "params[0]")
    wanted: dict[str, Json] = {"to": _contract(call.get("to"), ledger, "params[0].to"), "gas": hex(MOST_GAS)}
    if "from" in call:
        wanted["from"] = _text(call["from"], _ADDRESS, "params[0].from")
    wanted["data"] = _text(call.get("input", call.get("data", "0x")), _DATA, "params[0].data")
    return [wanted, _reference(at, "params[1]")]


def _logs(params: Params, ledger: OpenLedger) -> Params:
    asked = _members(_taken(params, 1)[0], {"address", "topics", "fromBlock", "toBlock", "blockHash"}, "params[0]")
    address = asked.get("address")
    places = address if isinstance(address, list) else [address]
    if not 1 <= len(places) <= len(ledger.deployment.addresses):
        raise InvalidField("params[0].address", places, "contracts of this ledger")
    wanted: dict[str, Json] = {"address": [_contract(one, ledger, "params[0].address") for one in places]}
    wanted["topics"] = _topics(asked.get("topics", []))
    return [wanted | _range(asked, ledger)]


def _range(asked: Mapping[str, Json], ledger: OpenLedger) -> dict[str, Json]:
    if "blockHash" in asked:
        if asked.keys() & {"fromBlock", "toBlock"}:
            raise InvalidField("params[0].blockHash", asked["blockHash"], "instead of fromBlock and toBlock")
        return {"blockHash": _text(asked["blockHash"], _HASH, "params[0].blockHash")}
    head = ledger.node.head().number
    first, last = (_height(asked.get(name, "latest"), head, f"params[0].{name}") for name in ("fromBlock", "toBlock"))
    if last - first >= MOST_BLOCKS:
        raise Refused("RpcTooMuch", {"asked": f"{last - first + 1} blocks", "most": MOST_BLOCKS})
    return {"fromBlock": hex(first), "toBlock": hex(last)}


def _topics(asked: Json) -> list[Json]:
    if not isinstance(asked, list) or len(asked) > 4:
        raise InvalidField("params[0].topics", asked, "a list of at most 4")
    return [_topic(one) for one in asked]


def _topic(asked: Json) -> Json:
    if isinstance(asked, list) and 1 <= len(asked) <= _MOST_TOPICS:
        return [_text(one, _HASH, "params[0].topics") for one in asked]
    return None if asked is None else _text(asked, _HASH, "params[0].topics")


def _taken(params: Params, most: int, defaults: Params | None = None) -> Params:
    if len(params) > most or (defaults is None and len(params) < most) or (defaults and not params):
        raise InvalidField("params", params, f"{most} of them")
    return params + (defaults or [])[len(params) :]


def _members(asked: Json, allowed: set[str], field: str) -> Mapping[str, Json]:
    if not is_object(asked):
        raise InvalidField(field, asked, "an object")
    for name in asked.keys() - allowed:
        raise InvalidField(f"{field}.{name}", asked[name], f"one of {', '.join(sorted(allowed))}")
    return asked


def _contract(asked: Json, ledger: OpenLedger, field: str) -> str:
    text = _text(asked, _ADDRESS, field)
    if bytes_of(text) not in ledger.deployment.addresses.values():
        raise InvalidField(field, text, "a contract of this ledger")
    return text


def _reference(asked: Json, field: str) -> Json:
    match asked:
        case {"blockHash": found, **rest} if not rest.keys() - {"requireCanonical"}:
            return {"blockHash": _text(found, _HASH, field)}
        case str() if asked in _TAGS:
            return asked
    return _text(asked, _QUANTITY, field)


def _height(asked: Json, head: int, field: str) -> int:
    if asked in _TAGS:
        return 0 if asked == "earliest" else head
    return int(_text(asked, _QUANTITY, field), 16)


def _text(asked: Json, form: re.Pattern[str], field: str) -> str:
    if not isinstance(asked, str) or not form.fullmatch(asked):
        raise InvalidField(field, asked, form.pattern)
    return asked


_METHODS: dict[str, Callable[[Params, OpenLedger], Params]] = {
    "eth_chainId": _nothing,
    "eth_blockNumber": _nothing,
    "eth_getBlockByNumber": _a_block,
    "eth_getCode": _a_code,
    "eth_getTransactionReceipt": _a_receipt,
    "eth_getLogs": _logs,
    "eth_call": _a_call,
}
