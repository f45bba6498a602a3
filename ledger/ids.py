"""Value types of the ledger: what every layer calls a record, a digest, a time, a quantity.

Nothing here reads or writes. Numbers are integers: times UTC seconds since 1970, quantities in
10^-decimals of a UNECE Rec 20 unit, shares in parts per billion of a license's value.
"""

from typing import NewType

RecordId = NewType("RecordId", bytes)
"""32 bytes: keccak256(abi.encode(chain id, record contract, record kind, creating organization, salt))."""

Digest = NewType("Digest", bytes)
"""32 bytes: the EIP-712 digest of an act."""

Head = NewType("Head", bytes)
"""32 bytes: the hash head of a record, of its notes, or of the journal."""

Commitment = NewType("Commitment", bytes)
"""32 bytes: sha256 of the canonical bytes of a secured document."""

Address = NewType("Address", bytes)
"""20 bytes: an account or a contract."""

OrganizationNumber = NewType("OrganizationNumber", int)
"""uint32, from 1 in order of registration; 0 is nobody."""

Time = NewType("Time", int)
"""UTC seconds since 1970-01-01, uint64 in acts, uint40 stored."""

Quantity = NewType("Quantity", int)
"""uint96 in acts, at most 2^80 - 1: counts of 10^-decimals of the line's unit."""

ZERO32 = bytes(32)
"""The parent of a creating act, the absent commitment, the head before the first act."""


def hex0x(value: bytes) -> str:
    """`value` as lower-case hex with 0x, the form of every hash in JSON."""
    return "0x" + value.hex()
