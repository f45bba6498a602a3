"""Signing what `prepare` gave: the digest is computed anew from the very fields that are signed."""

import re

from ledger.acts.act import Act
from ledger.acts.digests import digest_of
from ledger.acts.kinds import act_class
from ledger.documents.canonical import MAX_INTEGER, JsonObject
from ledger.documents.keys import Keys
from ledger.errors import InvalidField
from ledger.ids import Address, Digest, hex0x

_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")


def typed_data_of(prepared: JsonObject) -> JsonObject:
    """The typed data in what `prepare` gave. Raises InvalidField."""
    found = prepared.get("typedData")
    if not isinstance(found, dict):
        raise InvalidField("typedData", found, "what `prepare` gave")
    return found


def act_of(typed_data: JsonObject) -> Act:
    """The act that typed data names. Raises InvalidField."""
    return act_class(typed_data.get("primaryType")).from_json(typed_data.get("message"))


def digest_to_sign(typed_data: JsonObject) -> Digest:
    """The EIP-712 digest of typed data. Raises InvalidField."""
    act = act_of(typed_data)
    match typed_data.get("domain"):
        case {"chainId": int(chain_id), "verifyingContract": str(contract)} if (
            0 < chain_id <= MAX_INTEGER and _ADDRESS.fullmatch(contract)
        ):
            return digest_of(act, chain_id, Address(bytes.fromhex(contract[2:])))
        case other:
            raise InvalidField("domain", other, "chainId and verifyingContract of a ledger")


def signed(typed_data: JsonObject, keys: Keys) -> JsonObject:
    """The typed data with its signature: what the service takes. Raises InvalidField."""
    return {**typed_data, "signature": hex0x(keys.sign_digest(digest_to_sign(typed_data)))}
