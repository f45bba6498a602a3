"""The embedded chain as a node: JSON-RPC methods in, results or JSON-RPC errors out, no transport.

Answers in the form of the Ethereum JSON-RPC specification, straight from py-evm, so that the face of the
project towards nodes needs no exception for this one. A revert is error 3 with its raw data. Every
block is final. Only a chain opened for rehearsal can have its time advanced or its blocks taken back.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from eth.abc import BlockHeaderAPI, ComputationAPI
from eth.exceptions import HeaderNotFound, PyEVMError, Revert, TransactionNotFound, VMError
from eth_typing import Address, BlockNumber, Hash32
from eth_utils.exceptions import ValidationError
from rlp.exceptions import RLPException  # type: ignore[import-untyped]

from ledger.chain.embedded.backend import BLOCK_GAS, CallFields, Genesis, LedgerBackend
from ledger.chain.embedded.logs import LogQuery
from ledger.chain.embedded.shapes import (
    base_fee,
    block_json,
    bytes_of,
    log_json,
    number_of,
    receipt_json,
    transaction_json,
)
from ledger.chain.embedded.store import BlockStore
from ledger.errors import InvalidField, LedgerError
from ledger.ids import hex0x

Answer = dict[str, Any]
Mode = Literal["write", "read", "rehearsal"]
"""One process writes, any number read. A rehearsal writes and can advance time and take blocks back."""


def wall_clock() -> int:
    """UTC seconds since 1970."""
    return int(time.time())


class EmbeddedChain:
    """The chain in the file at `path`, in this process; founded there when `genesis` is given and it is new.

    `clock` gives UTC seconds. Only a rehearsal offers `ledger_advanceTime`, `evm_snapshot`, `evm_revert`
    and `evm_mine`. Safe to call from several threads.

    Raises:
        Unavailable: another process writes this chain and did not let go within `patience` seconds.
        InvalidField: no chain in the file and no genesis, or the file's chain has another id.
    """

    def __init__(
        self,
        path: Path,
        genesis: Genesis | None = None,
        *,
        clock: Callable[[], int] = wall_clock,
        mode: Mode = "write",
        patience: float = 0.0,
    ) -> None:
        self._lead = 0
        self._mode = mode
        self._guard = threading.Lock()
        self._store = BlockStore(path, read_only=mode == "read", patience=patience)
        try:
            self._backend = LedgerBackend(self._store, genesis, lambda: clock() + self._lead)
        except BaseException:
            self._store.close()
            raise
        self._methods = self._readers()
        if mode != "read":
            self._methods["eth_sendRawTransaction"] = self._send
        if mode == "rehearsal":
            self._methods |= self._rehearsals()

    def close(self) -> None:
        with self._guard:
            self._store.close()

    def request(self, method: str, params: Sequence[Any]) -> Answer:
        """`{"result": ...}`, or `{"error": {"code", "message"[, "data"]}}` as nodes answer."""
        handler = self._methods.get(method)
        if handler is None:
            return _error(-32601, f"the method {method} is not offered")
        with self._guard:
            try:
                if self._mode != "read":
                    return self._answer(handler, params)
                with self._store.reading():
                    return self._answer(handler, params)
            except (LedgerError, sqlite3.Error) as error:
                return _error(-32603, str(error))

    def _answer(self, handler: Callable[..., Any], params: Sequence[Any]) -> Answer:
        try:
            self._backend.refresh()
            return {"result": handler(*params)}
        except Revert as error:
            return _error(3, "execution reverted", bytes(error.args[0] if error.args else b""))
        except VMError as error:
            return _error(-32000, f"execution failed: {type(error).__name__} {error}")
        except (HeaderNotFound, TransactionNotFound) as error:
            return _error(-32001, f"block or transaction not found: {error}")
        except (ValidationError, RLPException, PyEVMError) as error:
            return _error(-32003, f"refused: {error}")
        except (TypeError, ValueError, AttributeError, OverflowError) as error:
            return _error(-32602, f"unreadable parameters: {error}")

    def _readers(self) -> dict[str, Callable[..., Any]]:
        backend = self._backend
        return {
            "web3_clientVersion": lambda: "license-ledger/embedded",
            "net_version": lambda: str(backend.chain.chain_id),
            "eth_chainId": lambda: hex(backend.chain.chain_id),
            "eth_blockNumber": lambda: hex(self._header().block_number),
            "eth_gasPrice": lambda: hex(base_fee(backend.chain.header)),
            "eth_maxPriorityFeePerGas": lambda: "0x0",
            "eth_getBalance": lambda who, at="latest": hex(self._state(at).get_balance(_address(who))),
            "eth_getTransactionCount": lambda who, at="latest": hex(self._state(at).get_nonce(_address(who))),
            "eth_getCode": lambda who, at="latest": hex0x(self._state(at).get_code(_address(who))),
            "eth_getStorageAt": self._storage,
            "eth_call": self._call,
            "eth_estimateGas": lambda call, _at=None: hex(backend.gas_for(_call_fields(call))),
            "eth_getBlockByNumber": self._block,
            "eth_getBlockByHash": self._block,
            "eth_getTransactionByHash": self._transaction,
            "eth_getTransactionReceipt": self._receipt,
            "eth_getLogs": self._logs,
        }

    def _rehearsals(self) -> dict[str, Callable[..., Any]]:
        return {
            "ledger_advanceTime": self._advance,
            "evm_mine": lambda: hex0x(self._backend.mine_blocks()[0]),
            "evm_snapshot": lambda: f"{self._lead}:{hex0x(self._header().hash)}",
            "evm_revert": self._revert,
        }

    def _header(self, at: Any = "latest") -> BlockHeaderAPI:
        chain = self._backend.chain
        reference = (at.get("blockHash") or at.get("blockNumber")) if isinstance(at, dict) else at
        if reference in ("latest", "safe", "finalized"):
            return chain.get_canonical_head()
        if reference == "pending":
            return chain.header
        if reference == "earliest":
            return chain.get_canonical_block_header_by_number(BlockNumber(0))
        if isinstance(reference, str) and len(reference) == 66:
            header = chain.get_block_header_by_hash(Hash32(bytes_of(reference, 32)))
            canonical = chain.get_canonical_block_header_by_number(header.block_number)
            if canonical.hash != header.hash:
                raise HeaderNotFound(f"block {reference} is no longer in the chain")
            return header
        return chain.get_canonical_block_header_by_number(BlockNumber(number_of(reference)))

    def _state(self, at: Any) -> Any:
        return self._backend.chain.get_vm(self._header(at)).state

    def _storage(self, account: str, slot: str, at: Any = "latest") -> str:
        value = self._state(at).get_storage(_address(account), number_of(slot))
        return hex0x(value.to_bytes(32, "big"))

    def _call(self, call: Mapping[str, Any], at: Any = "latest") -> str:
        computation: ComputationAPI = self._backend.execute(_call_fields(call), self._header(at))
        computation.raise_if_error()
        return hex0x(computation.output)

    def _send(self, raw: str) -> str:
        return hex0x(self._backend.send_raw_transaction(bytes_of(raw)))

    def _block(self, at: Any, full: bool = False) -> Answer | None:
        try:
            header = self._header(at)
        except HeaderNotFound:
            return None
        return block_json(self._backend.chain.get_block_by_header(header), full=full)

    def _transaction(self, transaction_hash: str) -> Answer | None:
        chain = self._backend.chain
        try:
            number, index = chain.get_canonical_transaction_index(Hash32(bytes_of(transaction_hash, 32)))
        except TransactionNotFound:
            return None
        block = chain.get_canonical_block_by_number(number)
        return transaction_json(block, index)

    def _receipt(self, transaction_hash: str) -> Answer | None:
        chain = self._backend.chain
        try:
            number, index = chain.get_canonical_transaction_index(Hash32(bytes_of(transaction_hash, 32)))
        except TransactionNotFound:
            return None
        block = chain.get_canonical_block_by_number(number)
        logs = self._store.logs(LogQuery(number, number))
        return receipt_json(block, index, receipts=block.get_receipts(chain.chaindb), logs=logs)

    def _logs(self, wanted: Mapping[str, Any]) -> list[Answer]:
        unknown = wanted.keys() - {"address", "topics", "fromBlock", "toBlock", "blockHash"}
        if unknown:
            raise ValueError(f"filter members {sorted(unknown)}")
        if "blockHash" in wanted:
            first = last = int(self._header(wanted["blockHash"]).block_number)
        else:
            first = self._bound(wanted.get("fromBlock", "latest"))
            last = self._bound(wanted.get("toBlock", "latest"))
        topics = tuple(_choice(topic) for topic in wanted.get("topics") or ())
        if len(topics) > 4:
            raise ValueError("a log has at most four topics")
        query = LogQuery(first, last, _choice(wanted.get("address")), topics)
        return [log_json(row) for row in self._store.logs(query)]

    def _bound(self, at: str) -> int:
        """A bound of a range of blocks; one above the head is allowed, there is just nothing yet."""
        return number_of(at) if at.startswith("0x") else int(self._header(at).block_number)

    def _advance(self, seconds: int) -> int:
        if type(seconds) is not int or seconds < 0:
            raise InvalidField("seconds", seconds, "an integer of at least 0")
        self._lead += seconds
        return self._backend.clock()

    def _revert(self, snapshot: str) -> bool:
        lead, _, block_hash = snapshot.partition(":")
        self._backend.revert_to_snapshot(Hash32(bytes_of(block_hash, 32)))
        self._lead = int(lead)
        return True


def _call_fields(call: Mapping[str, Any]) -> CallFields:
    to, data = call.get("to"), call.get("input") or call.get("data") or "0x"
    return CallFields(
        to=None if to is None else _address(to),
        data=bytes_of(data),
        sender=_address(call.get("from") or "0x" + "00" * 20),
        value=number_of(call.get("value") or "0x0"),
        gas=min(BLOCK_GAS, number_of(call.get("gas") or hex(BLOCK_GAS))),
    )


def _address(text: object) -> Address:
    return Address(bytes_of(text, 20))


def _choice(value: str | Sequence[str] | None) -> tuple[bytes, ...]:
    choices = [value] if isinstance(value, str) else value or []
    return tuple(bytes_of(choice) for choice in choices)


def _error(code: int, message: str, data: bytes | None = None) -> Answer:
    error: Answer = {"code": code, "message": message}
    if data is not None:
        error["data"] = hex0x(data)
    return {"error": error}
