"""What is signed, and by whom: EIP-712 digests, record ids, signature recovery.

Refuses exactly the signatures that the contracts refuse (OpenZeppelin ECDSA): other lengths than 65, high s, v other
than 27 and 28. Sources: EIP-712, EIP-2.
"""

import functools

from coincurve import PublicKey
from eth_utils.crypto import keccak

from ledger.acts.structs import Struct
from ledger.errors import Refused
from ledger.ids import Address, Digest, RecordId

_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
_DOMAIN_TYPE = keccak(text="EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)")
DOMAIN_NAME = "License Ledger"
DOMAIN_VERSION = "1"


@functools.cache
def domain_separator(chain_id: int, contract: Address) -> bytes:
    """EIP-712 domain separator of one contract on one chain, 32 bytes."""
    name, version = keccak(text=DOMAIN_NAME), keccak(text=DOMAIN_VERSION)
    return keccak(_DOMAIN_TYPE + name + version + chain_id.to_bytes(32, "big") + contract.rjust(32, b"\0"))


def digest_of(act: Struct, chain_id: int, contract: Address) -> Digest:
    """The EIP-712 digest that the act's signer signs."""
    return Digest(keccak(b"\x19\x01" + domain_separator(chain_id, contract) + act.hashed()))


def record_id(chain_id: int, contract: Address, *, kind: int, organization: int, salt: bytes) -> RecordId:
    """The id of a record that `organization` creates with `salt` in `contract`."""
    words = (chain_id, int.from_bytes(contract, "big"), kind, organization)
    return RecordId(keccak(b"".join(word.to_bytes(32, "big") for word in words) + salt))


def part_salt(shipment: bytes, index: int) -> bytes:
    """The salt of part `index`, from 0, of a shipment that is split."""
    return keccak(shipment + index.to_bytes(32, "big"))


def recover(digest: Digest, signature: bytes) -> Address:
    """The account that signed `digest`. Raises Refused("SignatureInvalid")."""
    try:
        if len(signature) != 65 or signature[64] not in (27, 28):
            raise ValueError("65 bytes with v 27 or 28")
        if int.from_bytes(signature[32:64], "big") > _ORDER // 2:
            raise ValueError("low s")
        recoverable = signature[:64] + bytes([signature[64] - 27])
        public = PublicKey.from_signature_and_message(recoverable, digest, hasher=None)
    except Exception as fault:  # coincurve raises a bare Exception where no key fits
        raise Refused("SignatureInvalid", {"digest": digest}) from fault
    return Address(keccak(public.format(compressed=False)[1:])[12:])
