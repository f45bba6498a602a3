"""Four contracts small enough to write in bytecode, and an account that deploys and calls them."""

from ledger.chain.account import RelayAccount
from ledger.chain.embedded import Genesis
from ledger.chain.node import Fees, Node, Receipt
from ledger.ids import Address

CHAIN_ID = 4242_4242
KEY = bytes(range(1, 33))
GENESIS = Genesis(CHAIN_ID, (RelayAccount(KEY, chain_id=CHAIN_ID).address,))
FEES = Fees(base=1, tip=0)

LOGS_ITS_INPUT = bytes.fromhex("366000600037604035602035600035366000a300")
"""Logs the whole calldata under its first three words as topics."""
REVERTS_WITH_ITS_INPUT = bytes.fromhex("366000600037366000fd")
BURNS_ALL_GAS = b"\xfe"
GIVES_THE_TIME = bytes.fromhex("4260005260206000f3")


def word(value: int) -> bytes:
    return value.to_bytes(32, "big")


class Sender:
    """Sends transactions one after another and gives their receipts."""

    def __init__(self, node: Node, *, chain_id: int = CHAIN_ID) -> None:
        self.node = node
        self.account = RelayAccount(KEY, chain_id=chain_id)
        self.account.nonce = node.nonce(self.account.address)

    def send(self, to: Address | None, data: bytes, *, gas: int = 300_000) -> Receipt:
        receipt = self.node.receipt(self.node.send(self.account.sign(to, data, gas=gas, fees=FEES)))
        assert receipt is not None
        return receipt

    def deploy(self, code: bytes) -> Address:
        copy_and_return = bytes([0x60, len(code), 0x80, 0x60, 11, 0x60, 0, 0x39, 0x60, 0, 0xF3])
        address = self.send(None, copy_and_return + code).contract_address
        assert address is not None
        return address
