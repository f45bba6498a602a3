"""eth-tester's py-evm backend on a file: one transaction, one block, on disk before anybody hears of it.

Differs from eth-tester's own in four things: the store, the time of a block (the later of the parent's
plus one second and the clock at the moment the block is made), receipts found through py-evm's
transaction index, and a chain id of its own that every transaction must be signed for.

The rules are those of the Paris fork, the `evmVersion` of our contracts: nothing that runs here can
lack an opcode on a younger network, and later forks put a system call and a longer header in each block.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import rlp
from eth.abc import BlockAPI, BlockHeaderAPI, ComputationAPI, ReceiptAPI, SignedTransactionAPI
from eth.chains.base import MiningChain
from eth.constants import CREATE_CONTRACT_ADDRESS
from eth.db.atomic import AtomicDB
from eth.db.schema import SchemaV1
from eth.rlp.sedes import chain_gaps
from eth.typing import AccountDetails, HeaderParams
from eth.vm.forks.paris import ParisVM
from eth.vm.spoof import SpoofTransaction
from eth_tester.backends.pyevm.main import PyEVMBackend  # type: ignore[import-untyped]
from eth_typing import Address, BlockNumber, Hash32
from eth_utils.exceptions import ValidationError

from ledger.chain.embedded.logs import LogRow
from ledger.chain.embedded.store import BlockStore
from ledger.errors import InvalidField

BLOCK_GAS = 30_000_000
"""The most gas that a transaction, and so a block, may use."""

# EIP-1559 raises the base fee above half of the header's limit. With a limit twice of what a block can
# hold it never rises, so no run of full blocks can price the relay out of its own chain.
_HEADER_GAS_LIMIT = 2 * BLOCK_GAS
_BASE_FEE = 1
_FUNDS = 10**27


@dataclass(frozen=True, slots=True)
class Genesis:
    """What a new chain starts from: its id (1 .. 2^53 - 1) and the accounts that may pay for gas."""

    chain_id: int
    funded: tuple[bytes, ...]

    def __post_init__(self) -> None:
        if type(self.chain_id) is not int or not 0 < self.chain_id < 2**53:
            raise InvalidField("chain_id", self.chain_id, "1 .. 2^53 - 1")
        if any(len(account) != 20 for account in self.funded):
            raise InvalidField("funded", len(self.funded), "addresses of 20 bytes")


@dataclass(frozen=True, slots=True)
class CallFields:
    """A call to execute without a signature: `to` None creates a contract."""

    to: bytes | None
    data: bytes
    sender: bytes
    value: int
    gas: int


class LedgerBackend(PyEVMBackend):  # type: ignore[misc]  # eth-tester is untyped
    """The chain in `store`; with a `genesis`, founded there when the file holds none.

    Raises:
        InvalidField: the file holds no chain and there is no genesis, or its chain has another id.
    """

    chain: MiningChain

    def __init__(self, store: BlockStore, genesis: Genesis | None, clock: Callable[[], int]) -> None:
        # Not PyEVMBackend's: that one makes a chain in memory whose accounts everybody has the keys of.
        self.account_keys = ()
        self.store = store
        self.clock = clock
        found = store.chain_id()
        if found is None and genesis is None:
            raise InvalidField("path", "an empty file", "the file of an existing chain")
        if found is not None and genesis is not None and found != genesis.chain_id:
            raise InvalidField("chain_id", genesis.chain_id, f"{found}, the id of the chain in the file")
        if found is None and genesis is not None:
            self._found(genesis)
        else:
            self.chain = _chain_class(cast(int, found))(AtomicDB(store))

    def refresh(self) -> None:
        """Put the pending block on the current head at the current time."""
        head = self.chain.get_canonical_head()
        self.chain.header = self.chain.create_header_from_parent(
            head,
            gas_limit=head.gas_limit,
            timestamp=max(head.timestamp + 1, self.clock()),
            # The same content on the same parent makes another block, as it would on any other chain.
            mix_hash=Hash32(os.urandom(32)),
        )

    def make_block(self, transactions: Sequence[SignedTransactionAPI]) -> BlockAPI:
        """A block of these transactions, durable on return.

        Raises:
            ValidationError: py-evm refuses one of them (nonce, funds, gas); no block is made.
            Unavailable: the file cannot be written.
        """
        with self.store.block():
            self.refresh()
            # MiningChain.mine_all in its parts: it would validate every block twice and read it back.
            header, vm = self.chain.header, self.chain.get_vm()
            header, receipts, _ = vm.apply_all_transactions(transactions, header)
            filled = vm.set_block_transactions_and_withdrawals(vm.get_block(), header, transactions, receipts)
            block = vm.mine_block(filled).block
            self.chain.chaindb.persist_block(block)
            self.store.add_logs(_log_rows(block, receipts))
        return block

    def send_raw_transaction(self, raw_transaction: bytes) -> Hash32:
        transaction = self.chain.get_vm().get_transaction_builder().decode(raw_transaction)
        if transaction.chain_id != self.chain.chain_id:
            raise ValidationError(f"signed for chain {transaction.chain_id}, this is chain {self.chain.chain_id}")
        if transaction.gas > BLOCK_GAS:
            raise ValidationError(f"gas {transaction.gas} is more than a block takes: {BLOCK_GAS}")
        self.make_block([transaction])
        return transaction.hash

    def mine_blocks(self, num_blocks: int = 1, coinbase: bytes = bytes(20)) -> tuple[Hash32, ...]:
        if coinbase != bytes(20):
            raise InvalidField("coinbase", coinbase, "the zero address")
        return tuple(self.make_block([]).hash for _ in range(num_blocks))

    def revert_to_snapshot(self, snapshot: Hash32) -> None:
        """Make the block of this hash the head again; what was above is no longer of the chain."""
        chain, database = self.chain, self.chain.chaindb
        target = chain.get_block_header_by_hash(snapshot)
        if chain.get_canonical_block_hash(target.block_number) != snapshot:
            raise ValidationError("not a block of the chain")
        with self.store.block():
            for number in range(target.block_number + 1, chain.get_canonical_head().block_number + 1):
                header = chain.get_canonical_block_header_by_number(BlockNumber(number))
                for transaction in database.get_block_transaction_hashes(header):
                    del self.store[SchemaV1.make_transaction_hash_to_block_lookup_key(transaction)]
                del self.store[SchemaV1.make_block_number_to_hash_lookup_key(header.block_number)]
            gaps = rlp.encode(((), target.block_number + 1), sedes=chain_gaps)
            self.store[SchemaV1.make_header_chain_gaps_lookup_key()] = gaps
            self.store[SchemaV1.make_chain_gaps_lookup_key()] = gaps
            self.store[SchemaV1.make_canonical_head_hash_lookup_key()] = snapshot
            self.store.drop_logs_above(target.block_number)

    def execute(self, fields: CallFields, header: BlockHeaderAPI) -> ComputationAPI:
        """Run a call in the block of `header`, without fee and without effect.

        Raises:
            ValidationError: the call could not even start (gas below the cost of its data).
        """
        vm = self.chain.get_vm(header.copy(base_fee_per_gas=0))
        builder: Any = vm.get_transaction_builder()
        unsigned = builder.new_unsigned_dynamic_fee_transaction(
            chain_id=self.chain.chain_id,
            nonce=vm.state.get_nonce(Address(fields.sender)),
            max_priority_fee_per_gas=0,
            max_fee_per_gas=0,
            gas=fields.gas,
            to=CREATE_CONTRACT_ADDRESS if fields.to is None else Address(fields.to),
            value=fields.value,
            data=fields.data,
            access_list=(),
        )
        spoofed = SpoofTransaction(unsigned, from_=fields.sender)
        return vm.state.apply_transaction(cast(SignedTransactionAPI, spoofed))

    def gas_for(self, fields: CallFields) -> int:
        """Gas that the call needs in the next block, with room above what it used when it had plenty.

        Not the smallest limit that succeeds: a batch that catches the failures of its items succeeds
        with too little gas as well, and then refuses items for want of it.

        Raises:
            VMError: the call fails with any gas.
        """
        computation = self.execute(fields, self.chain.header)
        computation.raise_if_error()
        used = fields.gas - computation.get_gas_remaining()
        # Each inner call keeps 1/64 back (EIP-150): a quarter more covers fourteen levels of them.
        return int(min(fields.gas, used + used // 4))

    def _found(self, genesis: Genesis) -> None:
        state: dict[Address, AccountDetails] = {
            Address(account): {"balance": _FUNDS, "nonce": 0, "code": b"", "storage": {}} for account in genesis.funded
        }
        parameters: dict[str, HeaderParams] = {
            "difficulty": 0,
            "gas_limit": _HEADER_GAS_LIMIT,
            "timestamp": self.clock(),
            "base_fee_per_gas": _BASE_FEE,
        }
        with self.store.block():
            self.store.found(genesis.chain_id)
            chain = _chain_class(genesis.chain_id).from_genesis(AtomicDB(self.store), parameters, state)
        self.chain = cast(MiningChain, chain)


def _chain_class(chain_id: int) -> type[MiningChain]:
    rules: Any = MiningChain.configure("LedgerChain", chain_id=chain_id, vm_configuration=((BlockNumber(0), ParisVM),))
    return cast(type[MiningChain], rules)


def _log_rows(block: BlockAPI, receipts: Sequence[ReceiptAPI]) -> list[LogRow]:
    rows: list[LogRow] = []
    for index, (transaction, receipt) in enumerate(zip(block.transactions, receipts, strict=True)):
        for log in receipt.logs:
            place = (block.number, len(rows), block.hash, transaction.hash, index)
            topics = (*(topic.to_bytes(32, "big") for topic in log.topics), None, None, None, None)
            rows.append(LogRow(*place, log.address, topics[0], topics[1], topics[2], topics[3], log.data))
    return rows
