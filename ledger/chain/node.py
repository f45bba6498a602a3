"""The one face of a chain towards the project: the embedded chain or any JSON-RPC node, alike.

Asks over a web3 provider and reads answers into values: no dict leaves here. A node that does not answer,
or answers what nobody can read, is `Unavailable`; a revert is `CallReverted` with its raw data, whose
meaning is for the callers. Does not sign, retry or cache.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from eth_utils.crypto import keccak
from web3 import HTTPProvider
from web3.providers import JSONBaseProvider
from web3.types import RPCEndpoint, RPCResponse

from ledger.chain.embedded import ChainProcess, EmbeddedChain
from ledger.errors import LedgerError, Unavailable, brief
from ledger.ids import Address, Time, hex0x

Read = TypeVar("Read")
Topics = Sequence[bytes | Sequence[bytes] | None]
"""By position: one topic, a choice of topics, or None for any."""


class CallReverted(LedgerError):
    """The contract refused: `data` is what it said, an error's selector and ABI encoding, perhaps empty."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        super().__init__(f"reverted with {hex0x(data)}")


class TransactionRejected(Unavailable):
    """The node answered and does not take this transaction (nonce, funds, gas, chain): nothing was sent."""


@dataclass(frozen=True, slots=True)
class Block:
    number: int
    hash: bytes
    parent_hash: bytes
    time: Time


@dataclass(frozen=True, slots=True)
class Log:
    address: Address
    topics: tuple[bytes, ...]
    data: bytes
    block_number: int
    block_hash: bytes
    transaction_hash: bytes
    log_index: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a transaction: `status` 1 done, 0 reverted; the contract it created, if it did."""

    status: int
    block_number: int
    block_hash: bytes
    gas_used: int
    logs: tuple[Log, ...]
    contract_address: Address | None


@dataclass(frozen=True, slots=True)
class Fees:
    """Wei per gas: `base` of the last block, `tip` that gets a transaction into the next (EIP-1559)."""

    base: int
    tip: int

    @property
    def limit(self) -> int:
        """Enough for six full blocks in a row, each raising the base by an eighth."""
        return 2 * self.base + self.tip


class Node:
    """A chain behind `provider`. Every method raises `Unavailable` when the node fails."""

    def __init__(self, provider: JSONBaseProvider) -> None:
        self._provider = provider

    @classmethod
    def embedded(cls, chain: EmbeddedChain | ChainProcess) -> "Node":
        return cls(_EmbeddedProvider(chain))

    @classmethod
    def connect(cls, url: str, *, timeout: float = 30.0) -> "Node":
        """The JSON-RPC node at `url` (http or https); each request waits at most `timeout` seconds."""
        # web3 would repeat failed requests five times, sends included; the relay knows when that is right.
        return cls(HTTPProvider(url, {"timeout": timeout}, exception_retry_configuration=None))

    def chain_id(self) -> int:
        return self._read("eth_chainId", [], _number)

    def head(self) -> Block:
        return self._read("eth_getBlockByNumber", ["latest", False], _block)

    def final(self) -> Block:
        """The newest block that is never taken back; on the embedded chain its head."""
        return self._read("eth_getBlockByNumber", ["finalized", False], _block)

    def block(self, number: int) -> Block:
        """The block at this height; Unavailable when the chain is shorter."""
        return self._read("eth_getBlockByNumber", [hex(number), False], _block)

    def logs(self, *, address: Address, from_block: int, to_block: int, topics: Topics = ()) -> list[Log]:
        """Logs of a contract in `from_block`..`to_block`, both included, in the chain's order."""
        wanted = {
            "address": hex0x(address),
            "fromBlock": hex(from_block),
            "toBlock": hex(to_block),
            "topics": [_topic(topic) for topic in topics],
        }
        return self._read("eth_getLogs", [wanted], lambda logs: [_log(log) for log in logs])

    def call(
        self, to: Address, data: bytes, *, block: int | bytes | None = None, sender: Address | None = None
    ) -> bytes:
        """What `to` answers after the given block (number or hash), by default the last, at its time.

        Raises:
            CallReverted: the contract refuses.
        """
        return self._run("eth_call", [_call(to, data, sender), _reference(block)], _bytes)

    def simulate(self, to: Address, data: bytes, *, sender: Address | None = None) -> bytes:
        """What `to` would answer in the next block, made now: the dry run of a transaction.

        `call` runs at the time of the last block, which may be hours ago on a quiet chain.

        Raises:
            CallReverted: the contract would refuse.
        """
        return self._run("eth_call", [_call(to, data, sender), "pending"], _bytes)

    def gas_for(self, to: Address | None, data: bytes, *, sender: Address) -> int:
        """Gas for a transaction sent now; without `to` it creates a contract.

        Raises:
            CallReverted: it would fail with any gas.
        """
        return self._run("eth_estimateGas", [_call(to, data, sender)], _number)

    def code(self, address: Address) -> bytes:
        return self._read("eth_getCode", [hex0x(address), "latest"], _bytes)

    def nonce(self, address: Address) -> int:
        """The nonce of the account's next transaction, those still waiting at the node counted."""
        return self._read("eth_getTransactionCount", [hex0x(address), "pending"], _number)

    def fees(self) -> Fees:
        base = self._read("eth_getBlockByNumber", ["latest", False], lambda at: _number(at["baseFeePerGas"]))
        return Fees(base, self._read("eth_maxPriorityFeePerGas", [], _number))

    def send(self, raw: bytes) -> bytes:
        """Send a signed transaction and give its hash. One that the node has already is sent.

        The embedded chain has put it into a block, and the block on disk, when this returns.

        Raises:
            TransactionRejected: the node refuses it.
        """
        transaction_hash = keccak(raw)
        response = self._request("eth_sendRawTransaction", [hex0x(raw)])
        if "error" in response and not self._knows(transaction_hash):
            raise TransactionRejected(_message("eth_sendRawTransaction", response["error"]))
        return transaction_hash

    def receipt(self, transaction_hash: bytes) -> Receipt | None:
        """None while the transaction is in no block."""
        return self._read("eth_getTransactionReceipt", [hex0x(transaction_hash)], _receipt)

    def advance_time(self, seconds: int) -> Time:
        """Move the clock of an embedded chain in rehearsal ahead; gives its time afterwards."""
        return self._read("ledger_advanceTime", [seconds], Time)

    def ask(self, method: str, params: Sequence[Any]) -> dict[str, Any]:
        """The node's own answer, unread, for whoever speaks JSON-RPC too: `result`, or `error`."""
        response = self._request(method, list(params))
        return {name: value for name, value in response.items() if name in ("result", "error")}

    def _knows(self, transaction_hash: bytes) -> bool:
        return self._read("eth_getTransactionByHash", [hex0x(transaction_hash)], lambda found: found is not None)

    def _run(self, method: str, params: list[Any], read: Callable[[Any], Read]) -> Read:
        response = self._request(method, params)
        error = response.get("error")
        data = _revert_data(error) if isinstance(error, Mapping) else None
        if data is not None:
            raise CallReverted(data)
        return _result(method, response, read)

    def _read(self, method: str, params: list[Any], read: Callable[[Any], Read]) -> Read:
        return _result(method, self._request(method, params), read)

    def _request(self, method: str, params: list[Any]) -> RPCResponse:
        try:
            return self._provider.make_request(RPCEndpoint(method), params)
        except (OSError, ValueError) as error:  # what `requests` and JSON raise
            raise Unavailable(f"the node does not answer {method}: {brief(str(error), 200)}") from error


class _EmbeddedProvider(JSONBaseProvider):
    """A web3 provider over a chain of our own, in this process or in its child."""

    def __init__(self, chain: EmbeddedChain | ChainProcess) -> None:
        super().__init__()
        self._chain = chain

    def make_request(self, method: RPCEndpoint, params: Any) -> RPCResponse:
        answer: RPCResponse = {"jsonrpc": "2.0", "id": next(self.request_counter)}
        answer.update(self._chain.request(method, params))  # type: ignore[typeddict-item]  # result or error
        return answer


def _result(method: str, response: RPCResponse, read: Callable[[Any], Read]) -> Read:
    if response.get("error") is not None:
        raise Unavailable(_message(method, response["error"]))
    try:
        return read(response["result"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unavailable(f"the node answers {method} with {brief(response.get('result'))}") from error


def _message(method: str, error: object) -> str:
    said = error.get("message") if isinstance(error, Mapping) else error
    return f"the node refuses {method}: {brief(said, 200)}"


def _revert_data(error: Mapping[str, Any]) -> bytes | None:
    """The data of a revert as geth, Besu, anvil (a string) or hardhat (a member of `data`) give it."""
    if error.get("code") != 3 and "revert" not in str(error.get("message")).lower():
        return None
    data = error.get("data")
    if isinstance(data, Mapping):
        data = data.get("data")
    try:
        return _bytes(data) if data else b""
    except (TypeError, ValueError, AttributeError) as unreadable:
        raise Unavailable(f"the node reports a revert with {brief(data)}") from unreadable


def _call(to: Address | None, data: bytes, sender: Address | None) -> dict[str, str]:
    call = {"data": hex0x(data)}
    if to is not None:
        call["to"] = hex0x(to)
    if sender is not None:
        call["from"] = hex0x(sender)
    return call


def _reference(block: int | bytes | None) -> str | dict[str, str]:
    if block is None:
        return "latest"
    return hex(block) if isinstance(block, int) else {"blockHash": hex0x(block)}


def _topic(topic: bytes | Sequence[bytes] | None) -> str | list[str] | None:
    if topic is None:
        return None
    return hex0x(topic) if isinstance(topic, bytes) else [hex0x(one) for one in topic]


def _number(text: str) -> int:
    return int(text, 16)


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))


def _block(found: Mapping[str, str]) -> Block:
    return Block(
        number=_number(found["number"]),
        hash=_bytes(found["hash"]),
        parent_hash=_bytes(found["parentHash"]),
        time=Time(_number(found["timestamp"])),
    )


def _log(found: Mapping[str, Any]) -> Log:
    return Log(
        address=Address(_bytes(found["address"])),
        topics=tuple(_bytes(topic) for topic in found["topics"]),
        data=_bytes(found["data"]),
        block_number=_number(found["blockNumber"]),
        block_hash=_bytes(found["blockHash"]),
        transaction_hash=_bytes(found["transactionHash"]),
        log_index=_number(found["logIndex"]),
    )


def _receipt(found: Mapping[str, Any] | None) -> Receipt | None:
    if found is None:
        return None
    created = found.get("contractAddress")
    return Receipt(
        status=_number(found["status"]),
        block_number=_number(found["blockNumber"]),
        block_hash=_bytes(found["blockHash"]),
        gas_used=_number(found["gasUsed"]),
        logs=tuple(_log(log) for log in found["logs"]),
        contract_address=None if created is None else Address(_bytes(created)),
    )
