"""The gate: one ledger's Gateway on its chain, and the account that pays; a batch in, its receipt and block out.

Does not know whose acts they are and keeps nothing.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from eth_utils.crypto import keccak

from ledger.chain.account import RelayAccount
from ledger.chain.batch import Batch
from ledger.chain.deployment import Deployment
from ledger.chain.gas import MOST_GAS
from ledger.chain.node import Block, Node, Receipt, TransactionRejected
from ledger.errors import Unavailable

_PATIENCE = 120.0
_LONGEST_PAUSE = 1.0


@dataclass(frozen=True, slots=True)
class Gate:
    """Submits through `account`, alone: nobody else may send from it. `most_gas` bounds one transaction."""

    node: Node
    deployment: Deployment
    account: RelayAccount
    most_gas: int = MOST_GAS

    def refresh(self) -> None:
        """Ask the node for the account's nonce. Raises Unavailable."""
        self.account.nonce = self.node.nonce(self.account.address)

    def pass_through(self, batch: Batch, sending: Callable[[bytes], None]) -> tuple[Receipt, Block]:
        """One transaction, waited for; `sending` hears its hash before it leaves.

        Raises:
            Unavailable: the node fails; the transaction may have been sent.
        """
        try:
            sent = self._launch(batch, sending)
        except TransactionRejected:
            self.refresh()
            sent = self._launch(batch, sending)
        receipt = self._receipt(sent)
        block = self.node.block(receipt.block_number)
        if block.hash != receipt.block_hash:
            raise Unavailable("the block of the transaction is no longer in the chain")
        return receipt, block

    def _launch(self, batch: Batch, sending: Callable[[bytes], None]) -> bytes:
        gateway = self.deployment.address("Gateway")
        raw = self.account.sign(gateway, batch.data, gas=batch.gas, fees=self.node.fees())
        sending(keccak(raw))
        return self.node.send(raw)

    def _receipt(self, transaction_hash: bytes) -> Receipt:
        """The embedded chain has it at once; a network takes its time."""
        until, pause = time.monotonic() + _PATIENCE, 0.05
        while (receipt := self.node.receipt(transaction_hash)) is None:
            if time.monotonic() > until:
                raise Unavailable(f"the transaction is in no block after {_PATIENCE:g} s")
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
        return receipt
