"""The compiled contracts, and what their ABI lets Python say and read: calls, refusals, events.

The ABI is the single source of truth for names and types. Nothing here talks to a node.
"""

import functools
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

from eth_abi.abi import decode, encode
from eth_abi.exceptions import DecodingError
from eth_utils.crypto import keccak

from ledger.acts.act import Act
from ledger.acts.kinds import NESTED, selector_signature
from ledger.errors import Refused, Unavailable, Value
from ledger.ids import Address, Digest, Head, RecordId, Time
from ledger.journal.entries import Entry, Touched

if TYPE_CHECKING:
    from ledger.chain.node import Log

CONTRACTS = (
    "Journal",
    "Directory",
    "Policies",
    "Certificates",
    "Applications",
    "Licenses",
    "Shipments",
    "Reports",
    "Organizations",
    "Issuance",
    "Manifests",
    "Orders",
    "Departures",
    "Statements",
    "Gateway",
)
"""In the order of their deployment."""
TARGETS = CONTRACTS[1:-1]
"""In the order in which the Gateway numbers them."""


@dataclass(frozen=True, slots=True)
class Artifact:
    """One compiled contract: creation and run-time code, and the spans of run-time code that immutables fill."""

    name: str
    abi: tuple[Mapping[str, Any], ...]
    bytecode: bytes
    deployed: bytes
    immutables: tuple[tuple[int, int], ...]

    def matches(self, code: bytes) -> bool:
        """Whether code on a chain is this contract's, immutables aside."""
        return len(code) == len(self.deployed) and self._blanked(code) == self._blanked(self.deployed)

    def _blanked(self, code: bytes) -> bytes:
        blanked = bytearray(code)
        for start, length in self.immutables:
            blanked[start : start + length] = bytes(length)
        return bytes(blanked)


@functools.cache
def artifact(name: str) -> Artifact:
    """The committed artifact of a contract."""
    found = json.loads((resources.files("ledger.chain") / "artifacts" / f"{name}.json").read_text())
    return Artifact(
        name,
        tuple(found["abi"]),
        bytes.fromhex(found["bytecode"][2:]),
        bytes.fromhex(found["deployedBytecode"][2:]),
        tuple((start, length) for start, length in found["immutables"]),
    )


@dataclass(frozen=True, slots=True)
class ErrorForm:
    """A custom error: its name, and the names and types of its arguments."""

    name: str
    fields: tuple[str, ...]
    types: tuple[str, ...]


@functools.cache
def error_forms() -> dict[bytes, ErrorForm]:
    """Every custom error of the contracts, by selector."""
    forms = {}
    for name in CONTRACTS:
        for item in artifact(name).abi:
            if item["type"] == "error":
                form = ErrorForm(
                    item["name"],
                    tuple(i["name"] for i in item["inputs"]),
                    tuple(i["type"] for i in item["inputs"]),
                )
                forms[_selector(f"{form.name}({','.join(form.types)})")] = form
    return forms


def refusal(data: bytes) -> Refused | Unavailable:
    """What revert data says: the contract's refusal; Unavailable where it is empty or nothing of ours."""
    form = error_forms().get(data[:4])
    if form is None:
        return Unavailable(f"the contract failed without a reason that is known: 0x{data[:68].hex()}")
    try:
        values = decode(form.types, data[4:])
    except DecodingError as fault:
        return Unavailable(f"the contract's reason {form.name} cannot be read: {fault}")
    return Refused(form.name, dict(zip(form.fields, map(_value, form.types, values), strict=True)))


def _value(kind: str, value: Any) -> Value:
    if kind == "address":
        return bytes.fromhex(value[2:])
    found: Value = value
    return found


def act_call(act: Act, signature: bytes) -> bytes:
    """Calldata that brings the act to the contract that takes it."""
    encoded, tail = act.encoded(), _bytes(signature)
    if not act.has_arrays():
        return _selector(selector_signature(type(act))) + encoded + _word(len(encoded) + 32) + tail
    struct = encoded if type(act) in NESTED else encoded[32:]
    return _selector(selector_signature(type(act))) + _word(64) + _word(64 + len(struct)) + struct + tail


def submit_call(calls: Sequence[tuple[str, int, bytes]]) -> bytes:
    """Calldata of Gateway.submit for (contract, gas, data) triples."""
    packed = b"".join(_packed(TARGETS.index(name), gas, data) for name, gas, data in calls)
    return _selector("submit(bytes)") + encode(["bytes"], [packed])


def _packed(target: int, gas: int, data: bytes) -> bytes:
    return target.to_bytes(1, "big") + gas.to_bytes(4, "big") + len(data).to_bytes(3, "big") + data


def view_call(signature: str, *arguments: object) -> bytes:
    """Calldata of a view function: heads(bytes32)."""
    types = signature[signature.index("(") + 1 : -1]
    return _selector(signature) + encode(types.split(",") if types else [], arguments)


ENTRY = keccak(text="Entry(uint64,bytes32,uint32,uint8,uint64,uint64,address,bytes32,bytes32,bytes,bytes)")
TOUCHED = keccak(text="Touched(uint64,bytes32,uint64,bytes32,bytes)")
REFUSED = keccak(text="Refused(uint256,bytes)")
UNAVAILABLE = keccak(text="Unavailable(uint256)")


def entries_of(logs: "Iterable[Log]") -> list[Entry]:
    """The entries among the Journal's logs in the chain's order, each with its notes.

    A note whose entry is not among them is left out.
    """
    entries: dict[int, Entry] = {}
    notes: dict[int, list[Touched]] = {}
    for log in logs:
        if log.topics[0] == ENTRY:
            entry = _entry(log)
            entries[entry.seq] = entry
        elif log.topics[0] == TOUCHED:
            note, head, delta = decode(["uint64", "bytes32", "bytes"], log.data)
            touched = Touched(RecordId(log.topics[2]), note, Head(head), delta)
            notes.setdefault(int.from_bytes(log.topics[1], "big"), []).append(touched)
    return [_with_notes(entry, notes.get(seq, [])) for seq, entry in sorted(entries.items())]


def _with_notes(entry: Entry, notes: list[Touched]) -> Entry:
    fields = {name: getattr(entry, name) for name in Entry.__slots__ if name != "touched"}
    return Entry(**fields, touched=tuple(notes))


def _entry(log: "Log") -> Entry:
    types = ["uint8", "uint64", "uint64", "address", "bytes32", "bytes32", "bytes", "bytes"]
    kind, version, time, signer, digest, head, act, signature = decode(types, log.data)
    return Entry(
        seq=int.from_bytes(log.topics[1], "big"),
        record=RecordId(log.topics[2]),
        organization=int.from_bytes(log.topics[3], "big"),
        kind=kind,
        version=version,
        time=Time(time),
        signer=Address(bytes.fromhex(signer[2:])),
        digest=Digest(digest),
        record_head=Head(head),
        act=act,
        signature=signature,
        block_number=log.block_number,
        block_hash=log.block_hash,
        transaction_hash=log.transaction_hash,
        log_index=log.log_index,
    )


def _selector(signature: str) -> bytes:
    return keccak(text=signature)[:4]


def _bytes(value: bytes) -> bytes:
    return _word(len(value)) + value + bytes(-len(value) % 32)


def _word(number: int) -> bytes:
    return number.to_bytes(32, "big")
