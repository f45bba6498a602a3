"""An account that pays for transactions: it relays other people's acts and is nobody in the ledger.

Signs EIP-1559 transactions (type 2) for one chain and counts its nonce here, so that a send needs no
question to the node first. Does not send, and does not keep the key anywhere.
"""

from collections.abc import Sequence

from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_account.types import AccessListEntry
from eth_typing import HexStr
from eth_utils.address import to_checksum_address

from ledger.chain.node import Fees
from ledger.errors import InvalidField
from ledger.ids import Address


class RelayAccount:
    """The account of `private_key` (32 bytes) on one chain; `nonce` is that of its next transaction.

    For one thread at a time: nonces go out in order.

    Raises:
        InvalidField: not a private key of secp256k1.
    """

    def __init__(self, private_key: bytes, *, chain_id: int, nonce: int = 0) -> None:
        try:
            self._account: LocalAccount = Account.from_key(private_key)
        except ValueError as error:
            # The value stays out of the message: it may be most of a key.
            raise InvalidField("private_key", "…", "32 bytes, a secp256k1 private key") from error
        self._chain_id = chain_id
        self.address = Address(bytes.fromhex(self._account.address[2:]))
        self.nonce = nonce

    def sign(self, to: Address | None, data: bytes, *, gas: int, fees: Fees) -> bytes:
        """The raw transaction with the next nonce, ready to send; without `to` it creates a contract.

        When the node rejects it, set `nonce` to what the node counts before the next.
        """
        fields: dict[str, Sequence[AccessListEntry] | bytes | HexStr | int] = {
            "type": 2,
            "chainId": self._chain_id,
            "nonce": self.nonce,
            "gas": gas,
            "maxFeePerGas": fees.limit,
            "maxPriorityFeePerGas": fees.tip,
            "value": 0,
            "data": data,
        }
        if to is not None:
            fields["to"] = HexStr(to_checksum_address(to))
        raw = bytes(self._account.sign_transaction(fields).raw_transaction)
        self.nonce += 1
        return raw
