"""The contracts of one ledger on a chain: deploying them, and the trust root that names them.

The trust root (`deployment.json`) holds the founding authorities, chain id, addresses, code hashes and block: whoever
has it recomputes everything else from the journal. Deploying refuses an account that has sent anything before.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rlp
from eth_abi.abi import encode
from eth_utils.crypto import keccak

from ledger.acts.act import KEEPERS, RecordKind
from ledger.acts.digests import record_id
from ledger.chain.artifacts import CONTRACTS, artifact
from ledger.errors import InvalidField, Unavailable
from ledger.ids import Address, RecordId, hex0x

if TYPE_CHECKING:
    # Who verifies offline needs the trust root and no node: reading web3 takes longer than a verification.
    from ledger.chain.account import RelayAccount
    from ledger.chain.node import Node


@dataclass(frozen=True, slots=True)
class Appointee:
    """A founding agent: account and powers (bits)."""

    account: Address
    powers: int


@dataclass(frozen=True, slots=True)
class Founder:
    """A founding organization: roles (bits), commitment of its profile, its first agents."""

    roles: int
    profile: bytes
    agents: tuple[Appointee, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """The trust root of one ledger."""

    chain_id: int
    block: int
    addresses: dict[str, Address]
    code_hashes: dict[str, bytes]
    founders: tuple[Founder, ...]

    def address(self, contract: str) -> Address:
        """The address of one of the contracts."""
        return self.addresses[contract]

    def organization_record(self, number: int) -> RecordId:
        """The record id of a founding organization, by number."""
        return self.record(RecordKind.ORGANIZATION, number, self.founders[number - 1].profile)

    def agent_record(self, organization: int, account: Address) -> RecordId:
        """The record id of an agent: its salt is its account."""
        return self.record(RecordKind.AGENT, organization, account.rjust(32, b"\0"))

    def record(self, kind: RecordKind, organization: int, salt: bytes) -> RecordId:
        """The id of the record of that kind that `organization` creates with `salt`, 32 bytes."""
        keeper = self.address(KEEPERS[kind])
        return record_id(self.chain_id, keeper, kind=kind, organization=organization, salt=salt)

    def to_json(self) -> str:
        """The text of deployment.json."""
        return json.dumps(_plain(asdict(self)), indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Deployment":
        """Reads deployment.json. Raises InvalidField."""
        try:
            found = json.loads(text)
            return cls(
                chain_id=int(found["chain_id"]),
                block=int(found["block"]),
                addresses={name: Address(_bytes(found["addresses"][name])) for name in CONTRACTS},
                code_hashes={name: _bytes(found["code_hashes"][name]) for name in CONTRACTS},
                founders=tuple(_founder(founder) for founder in found["founders"]),
            )
        except (KeyError, TypeError, ValueError) as fault:
            raise InvalidField("deployment", text, "the trust root that deploy wrote") from fault

    @classmethod
    def load(cls, path: Path) -> "Deployment":
        """Reads the trust root from a file. Raises InvalidField, Unavailable."""
        try:
            return cls.from_json(path.read_text())
        except OSError as fault:
            raise Unavailable(f"no ledger here: {path.name} cannot be read") from fault


def deploy(node: "Node", deployer: "RelayAccount", founders: Sequence[Founder]) -> Deployment:
    """Deploys a new ledger from an account that has sent nothing yet, and checks what stands there.

    Raises:
        CallReverted: the founders are not what the Directory asks (error in its data).
        Unavailable: the node fails, or the code found is not the artifacts'.
    """
    if node.nonce(deployer.address) != 0:
        raise InvalidField("deployer", hex0x(deployer.address), "an account that has sent nothing")
    addresses = {name: created_address(deployer.address, nonce) for nonce, name in enumerate(CONTRACTS)}
    blocks = [_create(node, deployer, name=name, addresses=addresses, founders=founders) for name in CONTRACTS]
    return Deployment(
        chain_id=node.chain_id(),
        block=blocks[0],
        addresses=addresses,
        code_hashes={name: _checked_code(node, name, addresses[name]) for name in CONTRACTS},
        founders=tuple(founders),
    )


def created_address(deployer: Address, nonce: int) -> Address:
    """The address that CREATE gives: the last 20 bytes of keccak256(rlp([deployer, nonce]))."""
    return Address(keccak(rlp.encode([deployer, nonce]))[12:])


def _create(
    node: "Node",
    deployer: "RelayAccount",
    *,
    name: str,
    addresses: dict[str, Address],
    founders: Sequence[Founder],
) -> int:
    """Creates one contract; the number of its block."""
    own = tuple(addresses[contract] for contract in CONTRACTS)
    types: list[str] = ["(" + ",".join(["address"] * len(CONTRACTS)) + ")"]
    values: list[object] = [own]
    if name == "Directory":
        types.append("(uint16,bytes32,(address,uint16)[])[]")
        values.append([(f.roles, f.profile, [(a.account, a.powers) for a in f.agents]) for f in founders])
    code = artifact(name).bytecode + encode(types, values)
    gas = node.gas_for(None, code, sender=deployer.address)
    sent = node.send(deployer.sign(None, code, gas=gas, fees=node.fees()))
    receipt = node.receipt(sent)
    if receipt is None or receipt.status != 1 or receipt.contract_address != addresses[name]:
        raise Unavailable(f"{name} was not created where it belongs")
    return receipt.block_number


def _checked_code(node: "Node", name: str, address: Address) -> bytes:
    code = node.code(address)
    if not artifact(name).matches(code):
        raise Unavailable(f"the code at {hex0x(address)} is not that of {name}")
    return keccak(code)


def _founder(found: dict[str, Any]) -> Founder:
    agents = tuple(Appointee(Address(_bytes(a["account"])), int(a["powers"])) for a in found["agents"])
    return Founder(int(found["roles"]), _bytes(found["profile"]), agents)


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return hex0x(value)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))
