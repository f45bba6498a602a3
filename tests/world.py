"""A ledger on a real embedded chain whose clock a test drives: real contracts, a key for every person.

`World` signs acts and brings them to the contracts, one transaction each; a refusal arrives as Refused.
"""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ledger.acts.act import KEEPERS, Act
from ledger.acts.digests import digest_of
from ledger.acts.kinds import salted
from ledger.acts.organizations import (
    AcceptAppointment,
    AppointAgent,
    ConfirmAppointment,
    RecordParty,
    RegisterOrganization,
)
from ledger.chain.account import RelayAccount
from ledger.chain.artifacts import act_call, entries_of, refusal, view_call
from ledger.chain.deployment import Appointee, Deployment, Founder, deploy
from ledger.chain.embedded import EmbeddedChain, Genesis
from ledger.chain.node import CallReverted, Node, Receipt
from ledger.documents.keys import Keys
from ledger.errors import Refused, Unavailable, Value
from ledger.ids import ZERO32, Address, RecordId
from ledger.journal.entries import Entry
from tests.views import read_view

Answer = tuple[str, dict[str, Value]] | None

AUTHORITY, CUSTOMS, MISSION, EXPORTER, CARRIER, CONSIGNEE, END_USER, BROKER, AUDITOR = (1 << i for i in range(9))
(ADMIN, REGISTER, RECORD, POLICY, ASSESS, DECIDE, ENFORCE, INSPECT, VERIFY, APPLY, CERTIFY, SHIP, CUSTODY, STATE) = (
    1 << i for i in range(14)
)
ARCHIVE = 1 << 14
CHAIN_ID = 4242
START = 1_800_000_000
DAY = 86_400
NAR = b"NAR"
DOCUMENT = hashlib.sha256(b"a document").digest()


def keys_of(name: str) -> Keys:
    """The keys of a person of the story; the same name, the same keys."""
    return Keys.from_private(hashlib.shake_256(name.encode()).digest(96))


def salt_of(name: object) -> bytes:
    return hashlib.sha256(repr(name).encode()).digest()


@dataclass
class World:
    """A ledger with founding authorities on an embedded chain whose clock the test drives."""

    folder: Path
    founders: dict[str, tuple[str, ...]] = field(default_factory=lambda: {"authority": ()})
    time: int = START
    heads: dict[bytes, bytes] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    _salts: int = 0

    def __post_init__(self) -> None:
        self.relay = RelayAccount(hashlib.sha256(b"relay").digest(), chain_id=CHAIN_ID)
        genesis = Genesis(CHAIN_ID, (self.relay.address,))
        self.chain = EmbeddedChain(self.folder / "chain.sqlite", genesis, clock=lambda: self.time, mode="rehearsal")
        self.node = Node.embedded(self.chain)
        self.deployment: Deployment = deploy(self.node, self.relay, [self._founder(name) for name in self.founders])
        for number, name in enumerate(self.founders, start=1):
            for person in founding_agents(name):
                self.accept(person, number)

    def _founder(self, name: str) -> Founder:
        agents = tuple(Appointee(keys_of(p).address, powers) for p, powers in founding_agents(name).items())
        return Founder(AUTHORITY, salt_of(name), agents)

    def close(self) -> None:
        self.chain.close()

    def address(self, contract: str) -> Address:
        return self.deployment.address(contract)

    def fresh_salt(self) -> bytes:
        self._salts += 1
        return salt_of(("salt", self._salts))

    def build(self, act: type[Act], organization: int, /, **fields: Any) -> Act:
        """The act with record, parent and deadline filled in where the story does not say."""
        if act.CREATES and salted(act):
            fields.setdefault("salt", self.fresh_salt())
        if act.CREATES and "record" not in fields:
            salt = fields["salt"] if salted(act) else fields["account"].rjust(32, b"\0")
            fields["record"] = self.deployment.record(act.RECORD, organization, salt)
        fields.setdefault("parent", ZERO32 if act.CREATES else self.head(fields["record"], act))
        fields.setdefault("deadline", self.time + DAY)
        return act(organization=organization, **fields)

    def head(self, record: bytes, kind: type[Act]) -> bytes:
        """The record's head: what the journal said last, or what the contract says."""
        if record not in self.heads:
            keeper = self.address(KEEPERS[kind.RECORD])
            self.heads[record] = self.node.call(keeper, view_call("heads(bytes32)", record))[:32]
        return self.heads[record]

    def sign(self, act: Act, person: str) -> bytes:
        return keys_of(person).sign_digest(digest_of(act, CHAIN_ID, self.address(act.CONTRACT)))

    def send(self, act: Act, signature: bytes) -> Entry:
        """Brings a signed act to its contract in a transaction of its own. Raises Refused, Unavailable."""
        receipt = self.transact(self.address(act.CONTRACT), act_call(act, signature))
        (entry,) = entries_of(receipt.logs)
        self.gas_used = receipt.gas_used
        self.heads[entry.record] = entry.record_head
        self.entries.append(entry)
        return entry

    def transact(self, to: Address, data: bytes, gas: int = 15_000_000) -> Receipt:
        """A transaction of the relay's. One that reverts leaves no block, and raises what the contract says."""
        head = self.chain.request("evm_snapshot", [])["result"]
        receipt = self.node.receipt(self.node.send(self.relay.sign(to, data, gas=gas, fees=self.node.fees())))
        if receipt.status == 1:
            return receipt
        self.chain.request("evm_revert", [head])
        self.relay.nonce = self.node.nonce(self.relay.address)
        try:
            self.node.simulate(to, data, sender=self.relay.address)
        except CallReverted as reverted:
            raise refusal(reverted.data) from reverted
        raise Unavailable("out of gas")

    def refusal(self, act: type[Act], person: str, organization: int, /, **fields: Any) -> Answer:
        """What the contracts answer to an act that they refuse; the chain stays as it is."""
        built = self.build(act, organization, **fields)
        return self.refusal_of(built, self.sign(built, person))

    def refusal_of(self, act: Act, signature: bytes) -> Answer:
        """The name and values of the refusal of a signed act; None where the contracts would take it."""
        return self.answer(self.address(act.CONTRACT), act_call(act, signature))

    def answer(self, to: Address, data: bytes) -> Answer:
        """The name and values of the refusal that a call meets; None where it passes."""
        try:
            self.node.simulate(to, data, sender=self.relay.address)
        except CallReverted as reverted:
            said = refusal(reverted.data)
            return (said.name, said.values) if isinstance(said, Refused) else ("Unavailable", {})
        return None

    def view(self, contract: str, function: str, *arguments: object) -> Any:
        """What a view function answers after the last block, structs with their members by name."""
        return read_view(self.node, self.address(contract), contract, function, *arguments)

    def act(self, act: type[Act], person: str, organization: int, /, **fields: Any) -> Entry:
        """Builds, signs and sends; the entry."""
        built = self.build(act, organization, **fields)
        return self.send(built, self.sign(built, person))

    def organization(self, number: int) -> RecordId:
        """The record of an organization."""
        return RecordId(self.view("Directory", "recordOf", number))

    def agent(self, organization: int, person: str) -> RecordId:
        return self.deployment.agent_record(organization, keys_of(person).address)

    def accept(self, person: str, organization: int) -> Entry:
        public = keys_of(person).public
        record = self.agent(organization, person)
        return self.act(
            AcceptAppointment, person, organization, record=record, ed25519=public.ed25519, x25519=public.x25519
        )

    def appoint(self, by: str, organization: int, person: str, powers: int) -> None:
        """Appointment and acceptance."""
        self.act(AppointAgent, by, organization, account=keys_of(person).address, powers=powers)
        self.accept(person, organization)

    def commission(self, person: str, powers: int) -> None:
        """An agent of the first authority: appointed by one admin, confirmed by the other."""
        self.appoint("admin", 1, person, powers)
        self.act(ConfirmAppointment, "second admin", 1, record=self.agent(1, person))

    def agent_number(self, person: str, organization: int) -> int:
        account = "0x" + keys_of(person).address.hex()
        return int(self.view("Directory", "agentOf", account, organization).number)

    def organization_count(self) -> int:
        return len(self.founders) + sum(1 for entry in self.entries if entry.kind in (1, 2))

    def register(self, name: str, roles: int, people: dict[str, int], by: str = "registrar", authority: int = 1) -> int:
        """An organization with agents; its first person is its admin. Gives its number."""
        self.act(RegisterOrganization, by, authority, roles=roles, profile=salt_of(name))
        number = self.organization_count()
        admin, *others = people
        self.appoint(by, number, admin, people[admin])
        for person in others:
            self.appoint(admin, number, person, people[person])
        return number

    def record_party(self, name: str, roles: int, by: str = "recorder", authority: int = 1) -> int:
        """An organization without keys. Gives its number."""
        self.act(RecordParty, by, authority, roles=roles, profile=salt_of(name))
        return self.organization_count()

    def advance(self, seconds: int) -> None:
        self.time += seconds

    def snapshot(self) -> Any:
        head = self.chain.request("evm_snapshot", [])["result"]
        return head, self.time, dict(self.heads), len(self.entries), self._salts

    def revert(self, mark: Any) -> None:
        """Back to the snapshot: chain, clock and memory."""
        chain, self.time, heads, count, self._salts = mark
        self.heads = dict(heads)
        self.chain.request("evm_revert", [chain])
        del self.entries[count:]
        self.relay.nonce = self.node.nonce(self.relay.address)


def founding_agents(authority: str) -> dict[str, int]:
    """The founding people of an authority and their powers."""
    suffix = "" if authority == "authority" else f" of {authority}"
    powers = {
        "admin": ADMIN,
        "second admin": ADMIN,
        "assessor": ASSESS | STATE,
        "issuer": DECIDE,
        "registrar": REGISTER | POLICY,
        "recorder": RECORD | VERIFY,
        "enforcer": ENFORCE,
        "second enforcer": ENFORCE,
        "inspector": INSPECT | CUSTODY,
    }
    return {name + suffix: power for name, power in powers.items()}
