"""Names for keys and accounts in documents: did:key for Ed25519, did:pkh for an account on a chain.

Both say the key or account itself, so nothing is ever looked up. That an Ed25519 key belongs to an
account is not said here: it stands in the agent's record on the ledger.

Sources: did:key method (multicodec 0xed01, multibase base58btc), did:pkh method (CAIP-10 eip155 account,
EIP-55 checksum), Multibase draft.
"""

import re

from eth_utils.address import to_checksum_address

from ledger.errors import InvalidField
from ledger.ids import Address

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
ED25519_PREFIX = b"\xed\x01"
PKH = re.compile(r"did:pkh:eip155:(0|[1-9][0-9]{0,31}):(0x[0-9a-fA-F]{40})")


def multibase(data: bytes) -> str:
    """`data` in base58btc with its multibase prefix z."""
    number = int.from_bytes(data)
    digits = ""
    while number:
        number, rest = divmod(number, 58)
        digits = ALPHABET[rest] + digits
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "z" + "1" * zeros + digits


def from_multibase(text: object, *, length: int, place: str) -> bytes:
    """The `length` bytes that base58btc `text` stands for.

    Raises:
        InvalidField: another base, a letter outside the alphabet, another length.
    """
    # 58^2 > 2^11, so no text longer than this can stand for `length` bytes.
    if not isinstance(text, str) or not text.startswith("z") or len(text) > 2 + length * 3 // 2:
        raise InvalidField(place, text, f"{length} bytes in base58btc, z first")
    number = 0
    for letter in text[1:]:
        digit = ALPHABET.find(letter)
        if digit < 0:
            raise InvalidField(place, text, "letters of base58btc")
        number = number * 58 + digit
    zeros = len(text) - 1 - len(text[1:].lstrip("1"))
    data = bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8)
    if len(data) != length:
        raise InvalidField(place, text, f"{length} bytes in base58btc, z first")
    return data


def did_key(ed25519_public: bytes) -> str:
    """did:key of a 32-byte Ed25519 public key."""
    return "did:key:" + multibase(ED25519_PREFIX + ed25519_public)


def verification_method(ed25519_public: bytes) -> str:
    """The one verification method of `did_key`: the DID, # and its own last part."""
    did = did_key(ed25519_public)
    return did + "#" + did.removeprefix("did:key:")


def key_of_method(method: object, *, place: str) -> bytes:
    """The 32-byte Ed25519 public key that a did:key verification method names.

    Raises:
        InvalidField: another method, another kind of key, or a fragment that names another key.
    """
    text = method if isinstance(method, str) else ""
    did, _, fragment = text.partition("#")
    if not did.startswith("did:key:") or did != f"did:key:{fragment}":
        raise InvalidField(place, method, "did:key:<key>#<key>")
    data = from_multibase(fragment, length=34, place=place)
    if not data.startswith(ED25519_PREFIX):
        raise InvalidField(place, method, "an Ed25519 key")
    return data[2:]


def did_pkh(account: Address, chain_id: int) -> str:
    """did:pkh of `account` (20 bytes) on the EIP-155 chain `chain_id`."""
    return f"did:pkh:eip155:{chain_id}:{to_checksum_address(account)}"


def account_of(did: object, *, place: str) -> tuple[Address, int]:
    """The account and chain id that a did:pkh names; in our documents it has the checksum.

    Raises:
        InvalidField: another method or namespace, or an address in mixed case that fails its EIP-55 checksum.
    """
    match = PKH.fullmatch(did) if isinstance(did, str) else None
    if match is None:
        raise InvalidField(place, did, "did:pkh:eip155:<chain id>:<address>")
    account, chain_id = Address(bytes.fromhex(match[2][2:])), int(match[1])
    if match[2] not in (to_checksum_address(account), f"0x{account.hex()}"):
        raise InvalidField(place, did, "an address with its EIP-55 checksum, or in small letters")
    return account, chain_id
