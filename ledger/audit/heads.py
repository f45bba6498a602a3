"""Ids, heads and deltas by their formulas (encodings A4, A10, A12, A13), with eth_abi's encoder.

Pure functions of their arguments.
"""

from collections.abc import Iterable, Mapping

from eth_abi.abi import encode
from eth_utils.crypto import keccak

from ledger.acts.act import RecordKind

RECORD_CONTRACTS = {
    RecordKind.ORGANIZATION: "Directory",
    RecordKind.AGENT: "Directory",
    RecordKind.POLICY: "Policies",
    RecordKind.CERTIFICATE: "Certificates",
    RecordKind.APPLICATION: "Applications",
    RecordKind.LICENSE: "Licenses",
    RecordKind.SHIPMENT: "Shipments",
}
"""The contract that keeps records of a kind."""


def record_id(chain_id: int, contract: bytes, *, kind: RecordKind, organization: int, salt: bytes) -> bytes:
    """A4."""
    types = ["uint256", "address", "uint8", "uint32", "bytes32"]
    return keccak(encode(types, [chain_id, contract, int(kind), organization, salt]))


def account_salt(account: bytes) -> bytes:
    """The salt of an agent: its account as bytes32."""
    return account.rjust(32, b"\0")


def part_salt(parent: bytes, index: int) -> bytes:
    """The salt of a part of a split shipment."""
    return keccak(encode(["bytes32", "uint256"], [parent, index]))


def moved(head: bytes, digest: bytes, signer: bytes) -> bytes:
    """A record's head after a step or order (A10)."""
    return keccak(encode(["bytes32", "bytes32", "address"], [head, digest, signer]))


def noted(note_head: bytes, digest: bytes, signer: bytes, *, delta: bytes) -> bytes:
    """A record's note head after a note (A10)."""
    types = ["bytes32", "bytes32", "address", "bytes32"]
    return keccak(encode(types, [note_head, digest, signer, keccak(delta)]))


def journaled(head: bytes, seq: int, *entry: int | bytes) -> bytes:
    """The journal's head after (seq, time, kind, record, organization, version, signer, digest, recordHead) (A10).

    Its last four bytes are the number of entries.
    """
    types = ["bytes32", "uint64", "uint64", "uint8", "bytes32", "uint32", "uint64", "address", "bytes32", "bytes32"]
    return keccak(encode(types, [head, seq, *entry]))[:28] + seq.to_bytes(4, "big")


def founded(record: bytes, organization: int, mask: int, name: bytes) -> bytes:
    """The head of a founding record; `mask` its roles or powers, `name` its profile or account (A13)."""
    types = ["string", "bytes32", "uint32", "uint16", "bytes32" if len(name) == 32 else "address"]
    return keccak(encode(types, ["founding", record, organization, mask, name]))


def naming(record: bytes) -> bytes:
    """The delta on an application or organization: the other record (A12)."""
    return encode(["bytes32"], [record])


def granting(record: bytes, quantities: Iterable[tuple[int, int]]) -> bytes:
    """The delta on a certificate or a continued shipment: the other record and quantities by line (A12)."""
    return encode(["bytes32", "(uint8,int96)[]"], [record, lines_of(quantities)])


def drawing(record: bytes, share: int, quantities: Iterable[tuple[int, int]]) -> bytes:
    """The delta on a license: the other record, the share, quantities by line; draws positive (A12)."""
    return encode(["bytes32", "int64", "(uint8,int96)[]"], [record, share, lines_of(quantities)])


def lines_of(quantities: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Line deltas: summed by line, ascending, zeros left out."""
    sums: Mapping[int, int] = _summed(quantities)
    return [(line, sums[line]) for line in sorted(sums) if sums[line]]


def _summed(quantities: Iterable[tuple[int, int]]) -> dict[int, int]:
    sums: dict[int, int] = {}
    for line, quantity in quantities:
        sums[line] = sums.get(line, 0) + quantity
    return sums
