"""The journey's facts in the Ethereum Attestation Service (EAS 1.4.0), its contracts as its npm package ships them.

Every act becomes an attestation that its signer signs (EIP-712) and our relay sends. The payload is the act's members,
ABI-encoded under a schema of the same members, less what EAS has a place of its own for or does not need: salt,
parent, organization (the attester), deadline, and validUntil, which goes into EAS's expirationTime. What names the
record that an act is about differs:

    chained  refUID names the attestation before, as our parent does, and the payload names no record. A UID hashes
             the time of its block, so nobody can sign a reference to an attestation that is not in a block yet: one
             transaction each.
    batched  the payload carries the record's id and refUID is empty; all in one multiAttestByDelegation, grouped by
             schema and attester as it asks. The cheapest that EAS's own tools can read.
    packed   as batched, with members packed to their own widths by hand: cheaper storage, which no schema describes.

EAS checks signature and nonce only. None of the ledger's rules (who may, how much is left, what follows what) is held.

The package names hardhat among its dependencies (220 MB) and needs none of it to be read: package.json puts a tiny
package, which solc brings anyway, in hardhat's place.
"""

import json
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from eth_abi.abi import decode, encode
from eth_utils.crypto import keccak

from ledger.acts.structs import Member, Struct, members
from ledger.chain.node import Receipt
from ledger.errors import Unavailable
from ledger.ids import ZERO32, Address, Digest
from scripts.journey import Step
from tests.world import CHAIN_ID, DAY, World, keys_of

ARTIFACTS = (
    Path(__file__).resolve().parent.parent
    / "node_modules"
    / "@ethereum-attestation-service"
    / "eas-contracts"
    / "artifacts"
    / "contracts"
)
GAS = 30_000_000
DEPLOY_GAS = 8_000_000
NOBODY = "0x" + "00" * 20

DATA = "(address,uint64,bool,bytes32,bytes,uint256)"
SIGNATURE = "(uint8,bytes32,bytes32)"
ALONE = f"(bytes32,{DATA},{SIGNATURE},address,uint64)"
TOGETHER = f"(bytes32,{DATA}[],{SIGNATURE}[],address,uint64)[]"
STORED = "(bytes32,bytes32,uint64,uint64,uint64,bytes32,address,address,bool,bytes)"
ATTESTED = keccak(text="Attested(address,address,bytes32,bytes32)")
ATTEST_TYPE = keccak(
    text="Attest(address attester,bytes32 schema,address recipient,uint64 expirationTime,bool revocable,"
    "bytes32 refUID,bytes data,uint256 value,uint256 nonce,uint64 deadline)"
)
DOMAIN_TYPE = keccak(text="EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)")

ELSEWHERE = {"salt", "parent", "organization", "deadline", "valid_until", "assessed_head"}
"""Members of acts that no payload carries."""
LINKS = {"record", "application", "license"}
"""Members that refUID stands for."""
UNUSED = {"drawn"}
"""Members of lines that say nothing in this journey."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What one person attests: the schema's UID, when it expires (0: never), what it refers to, the payload."""

    person: str
    schema: bytes
    expires: int
    reference: bytes
    data: bytes

    @property
    def attester(self) -> str:
        return "0x" + keys_of(self.person).address.hex()

    def request(self) -> tuple[Any, ...]:
        """AttestationRequestData: revocable, to no recipient, without value."""
        return NOBODY, self.expires, True, self.reference, self.data, 0


class Eas:
    """A fresh EAS beside the ledger, on the ledger's chain."""

    def __init__(self, world: World) -> None:
        """Deploys both contracts. Raises Unavailable."""
        self.world = world
        self._registry = self._deployed("SchemaRegistry", b"")
        self._eas = self._deployed("EAS", self._registry.rjust(32, b"\0"))
        self._schemas: dict[str, bytes] = {}
        words = DOMAIN_TYPE, keccak(text="EAS"), keccak(text="1.4.0"), CHAIN_ID.to_bytes(32, "big")
        self._domain = keccak(b"".join(words) + self._eas.rjust(32, b"\0"))

    def chained(self, steps: Sequence[Step]) -> int:
        """Gas of the facts with references, one attestation a transaction."""
        self._register(steps, ELSEWHERE | LINKS)
        uids: dict[bytes, bytes] = {ZERO32: ZERO32}
        gas = 0
        for step in steps:
            claim = self._claim(step, ELSEWHERE | LINKS, reference=uids[_before(step.act)])
            for record, uid in uids.items():  # the lines of an application name certificates
                claim = replace(claim, data=claim.data.replace(record, uid))
            receipt = self._attest_alone(claim)
            (uids[step.act.record],) = self._checked(receipt, [claim])
            gas += receipt.gas_used
        return gas

    def batched(self, steps: Sequence[Step], *, packed: bool = False) -> int:
        """Gas of the facts without references, all in one transaction."""
        self._register(steps, ELSEWHERE)
        groups: dict[tuple[bytes, str], list[Claim]] = defaultdict(list)
        for step in steps:
            claim = self._claim(step, ELSEWHERE, packed=packed)
            groups[claim.schema, claim.person].append(claim)
        receipt = self._attest_together(list(groups.values()))
        self._checked(receipt, [claim for group in groups.values() for claim in group])
        return receipt.gas_used

    def _claim(self, step: Step, omitted: set[str], *, reference: bytes = ZERO32, packed: bool = False) -> Claim:
        kept = _kept(step.act, omitted)
        values = [_plain(getattr(step.act, member.name)) for member in kept]
        data = _packed(kept, values) if packed else encode([_type(member) for member in kept], values)
        return Claim(step.person, self._schemas[_schema(kept)], getattr(step.act, "valid_until", 0), reference, data)

    def _attest_alone(self, claim: Claim) -> Receipt:
        deadline = self._deadline()
        signature = self._signed(claim, self._nonce(claim.attester), deadline)
        request = claim.schema, claim.request(), signature, claim.attester, deadline
        return self._send(self._eas, f"attestByDelegation({ALONE})", [ALONE], request)

    def _attest_together(self, groups: Sequence[Sequence[Claim]]) -> Receipt:
        deadline = self._deadline()
        nonces: dict[str, int] = {}
        requests = []
        for group in groups:
            signatures = []
            for claim in group:
                nonce = nonces.setdefault(claim.attester, self._nonce(claim.attester))
                signatures.append(self._signed(claim, nonce, deadline))
                nonces[claim.attester] += 1
            made = [claim.request() for claim in group]
            requests.append((group[0].schema, made, signatures, group[0].attester, deadline))
        return self._send(self._eas, f"multiAttestByDelegation({TOGETHER})", [TOGETHER], requests)

    def _signed(self, claim: Claim, nonce: int, deadline: int) -> tuple[int, bytes, bytes]:
        types = ["bytes32", "address", "bytes32", "address", "uint64", "bool", "bytes32", "bytes32", *["uint256"] * 3]
        *target, data, value = claim.request()
        values = [ATTEST_TYPE, claim.attester, claim.schema, *target, keccak(data), value, nonce, deadline]
        struct = encode(types, values)
        signature = keys_of(claim.person).sign_digest(Digest(keccak(b"\x19\x01" + self._domain + keccak(struct))))
        return signature[64], signature[:32], signature[32:64]

    def _checked(self, receipt: Receipt, claims: Sequence[Claim]) -> list[bytes]:
        """The UIDs of the claims. Raises RuntimeError where EAS does not hold exactly what was claimed."""
        uids = [log.data for log in receipt.logs if log.topics[0] == ATTESTED]
        for uid, claim in zip(uids, claims, strict=True):
            answer = self.world.node.call(self._eas, _call("getAttestation(bytes32)", ["bytes32"], uid))
            ((found, schema, _, expires, revoked, reference, _, attester, _, data),) = decode([STORED], answer)
            held = Claim(claim.person, schema, expires, reference, data)
            if (found, revoked, attester, held) != (uid, 0, claim.attester, claim):
                raise RuntimeError(f"EAS holds {held}, not {claim}")
        return uids

    def _register(self, steps: Sequence[Step], omitted: set[str]) -> None:
        """One schema for each kind of act among the steps."""
        for kept in (_kept(step.act, omitted) for step in steps):
            schema = _schema(kept)
            if schema not in self._schemas:
                types = ["string", "address", "bool"]
                self._send(self._registry, "register(string,address,bool)", types, schema, NOBODY, True)
                self._schemas[schema] = keccak(schema.encode() + bytes(20) + b"\x01")

    def _send(self, to: Address, signature: str, types: Sequence[str], *values: Any) -> Receipt:
        return self.world.transact(to, _call(signature, types, *values), GAS)

    def _nonce(self, attester: str) -> int:
        return int.from_bytes(self.world.node.call(self._eas, _call("getNonce(address)", ["address"], attester)), "big")

    def _deadline(self) -> int:
        return self.world.time + DAY

    def _deployed(self, name: str, arguments: bytes) -> Address:
        relay, node = self.world.relay, self.world.node
        raw = relay.sign(None, _bytecode(name) + arguments, gas=DEPLOY_GAS, fees=node.fees())
        receipt = node.receipt(node.send(raw))
        if receipt is None or receipt.status != 1 or receipt.contract_address is None:
            raise Unavailable(f"EAS's {name} was not created")
        return receipt.contract_address


def _bytecode(name: str) -> bytes:
    try:
        found = json.loads((ARTIFACTS / f"{name}.sol" / f"{name}.json").read_text())
    except OSError as fault:
        raise Unavailable("EAS's npm package is missing: run scripts/setup development") from fault
    return bytes.fromhex(found["bytecode"][2:])


def _call(signature: str, types: Sequence[str], *values: Any) -> bytes:
    return keccak(text=signature)[:4] + encode(types, values)


def _before(act: Any) -> bytes:
    """The record whose last attestation comes before this act."""
    return bytes(getattr(act, "license", getattr(act, "application", ZERO32)) if act.CREATES else act.record)


def _kept(act: Struct, omitted: set[str]) -> list[Member]:
    return [member for member in members(type(act)) if member.name not in omitted]


def _parts(struct: type[Struct]) -> list[Member]:
    return [member for member in members(struct) if member.name not in UNUSED]


def _type(member: Member) -> str:
    """The ABI type: uint64, uint96[], (uint8,uint96)[]."""
    if member.struct is None:
        return member.type_name
    return f"({','.join(_type(part) for part in _parts(member.struct))})" + "[]" * member.array


def _schema(kept: Sequence[Member]) -> str:
    """The members as EAS writes schemas: uint64 occurredAt,(uint8 line,uint96 quantity)[] draws."""
    shown = []
    for member in kept:
        kind = _type(member)
        if member.struct is not None:
            kind = f"({_schema(_parts(member.struct))})" + "[]" * member.array
        shown.append(f"{kind} {member.solidity_name}")
    return ",".join(shown)


def _plain(value: Any) -> Any:
    """Structs as tuples of their members' values."""
    if isinstance(value, Struct):
        return tuple(_plain(getattr(value, member.name)) for member in _parts(type(value)))
    return tuple(map(_plain, value)) if isinstance(value, tuple) else value


def _packed(kept: Sequence[Member], values: Sequence[Any]) -> bytes:
    """Every value in its own width, a list after its length in one byte."""
    return b"".join(_pack(member, value) for member, value in zip(kept, values, strict=True))


def _pack(member: Member, value: Any) -> bytes:
    items = value if member.array else (value,)
    packed = bytes([len(items)]) if member.array else b""
    for item in items:
        if member.struct is not None:
            packed += _packed(_parts(member.struct), item)
        elif isinstance(item, bytes):
            packed += item
        else:
            bits = re.search(r"\d+", member.type_name)
            packed += int(item).to_bytes(int(bits.group()) // 8 if bits else 1, "big")
    return packed
