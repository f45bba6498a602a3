"""Blocks, transactions, receipts and logs of py-evm in the JSON of the Ethereum JSON-RPC specification."""

from collections.abc import Sequence
from typing import Any

from eth._utils.address import generate_contract_address
from eth.abc import BlockAPI, BlockHeaderAPI, ReceiptAPI, SignedTransactionAPI

from ledger.chain.embedded.logs import LogRow
from ledger.errors import brief
from ledger.ids import hex0x

Shape = dict[str, Any]


def number_of(text: object) -> int:
    """A JSON-RPC quantity as an integer."""
    if not isinstance(text, str) or not text.startswith("0x"):
        raise ValueError(f"not a quantity with 0x: {brief(text)}")
    return int(text, 16)


def bytes_of(text: object, size: int | None = None) -> bytes:
    """JSON-RPC data as bytes, `size` of them if that is given."""
    if not isinstance(text, str) or not text.startswith("0x"):
        raise ValueError(f"not data with 0x: {brief(text)}")
    value = bytes.fromhex(text[2:])
    if size is not None and len(value) != size:
        raise ValueError(f"{len(value)} bytes instead of {size}")
    return value


def base_fee(header: BlockHeaderAPI) -> int:
    """Wei per gas; every block of this chain has one."""
    return int(header.base_fee_per_gas or 0)


def block_json(block: BlockAPI, *, full: bool) -> Shape:
    header, indexes = block.header, range(len(block.transactions))
    hashes = [hex0x(transaction.hash) for transaction in block.transactions]
    return {
        "number": hex(header.block_number),
        "hash": hex0x(header.hash),
        "parentHash": hex0x(header.parent_hash),
        "timestamp": hex(header.timestamp),
        "gasLimit": hex(header.gas_limit),
        "gasUsed": hex(header.gas_used),
        "baseFeePerGas": hex(base_fee(header)),
        "stateRoot": hex0x(header.state_root),
        "transactionsRoot": hex0x(header.transaction_root),
        "receiptsRoot": hex0x(header.receipt_root),
        "logsBloom": hex0x(header.bloom.to_bytes(256, "big")),
        "miner": hex0x(header.coinbase),
        "mixHash": hex0x(header.mix_hash),
        "nonce": hex0x(header.nonce),
        "difficulty": hex(header.difficulty),
        "sha3Uncles": hex0x(header.uncles_hash),
        "extraData": hex0x(header.extra_data),
        "uncles": [],
        "transactions": [transaction_json(block, index) for index in indexes] if full else hashes,
    }


def transaction_json(block: BlockAPI, index: int) -> Shape:
    transaction = block.transactions[index]
    kind = getattr(transaction, "type_id", None) or 0
    shape = {
        "hash": hex0x(transaction.hash),
        "blockHash": hex0x(block.hash),
        "blockNumber": hex(block.number),
        "transactionIndex": hex(index),
        "type": hex(kind),
        "chainId": hex(transaction.chain_id or 0),
        "nonce": hex(transaction.nonce),
        "from": hex0x(transaction.sender),
        "to": hex0x(transaction.to) if transaction.to else None,
        "value": hex(transaction.value),
        "gas": hex(transaction.gas),
        "gasPrice": hex(_price(block, transaction)),
        "input": hex0x(transaction.data),
        "v": hex(transaction.y_parity if kind else transaction.v),  # type: ignore[attr-defined]  # legacy only
        "r": hex(transaction.r),
        "s": hex(transaction.s),
    }
    if kind == 2:
        shape["maxFeePerGas"] = hex(transaction.max_fee_per_gas)
        shape["maxPriorityFeePerGas"] = hex(transaction.max_priority_fee_per_gas)
    return shape


def receipt_json(block: BlockAPI, index: int, *, receipts: Sequence[ReceiptAPI], logs: Sequence[LogRow]) -> Shape:
    """The receipt of transaction `index`; `receipts` and `logs` are those of the whole block."""
    transaction, receipt = block.transactions[index], receipts[index]
    before = receipts[index - 1].gas_used if index else 0
    created = None if transaction.to else generate_contract_address(transaction.sender, transaction.nonce)
    return {
        "transactionHash": hex0x(transaction.hash),
        "transactionIndex": hex(index),
        "blockHash": hex0x(block.hash),
        "blockNumber": hex(block.number),
        "from": hex0x(transaction.sender),
        "to": hex0x(transaction.to) if transaction.to else None,
        "contractAddress": None if created is None else hex0x(created),
        "status": "0x1" if receipt.state_root == b"\x01" else "0x0",
        "type": hex(getattr(transaction, "type_id", None) or 0),
        "cumulativeGasUsed": hex(receipt.gas_used),
        "gasUsed": hex(receipt.gas_used - before),
        "effectiveGasPrice": hex(_price(block, transaction)),
        "logsBloom": hex0x(receipt.bloom.to_bytes(256, "big")),
        "logs": [log_json(row) for row in logs if row.transaction_index == index],
    }


def log_json(row: LogRow) -> Shape:
    return {
        "address": hex0x(row.address),
        "topics": [hex0x(topic) for topic in row.topics],
        "data": hex0x(row.data),
        "blockNumber": hex(row.block_number),
        "blockHash": hex0x(row.block_hash),
        "transactionHash": hex0x(row.transaction_hash),
        "transactionIndex": hex(row.transaction_index),
        "logIndex": hex(row.log_index),
        "removed": False,
    }


def _price(block: BlockAPI, transaction: SignedTransactionAPI) -> int:
    """Wei per gas that the transaction paid (EIP-1559); a legacy one's two limits are its gas price."""
    base = base_fee(block.header)
    tip = min(transaction.max_priority_fee_per_gas, transaction.max_fee_per_gas - base)
    return base + int(tip)
