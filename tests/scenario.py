"""A small world to tell stories in: a real embedded chain, real contracts, a key for every person.

`World` signs acts and brings them to the contracts, one transaction each; a refusal arrives as Refused. `Trade` is a
world with one authority, a policy, customs, an exporter, a forwarder, a carrier and an end-user, all with agents.
"""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ledger.acts.act import Act
from ledger.acts.custody import (
    AcceptHandoff,
    ClearShipment,
    ConfirmDelivery,
    DepartShipment,
    Draw,
    OfferHandoff,
    RegisterShipment,
)
from ledger.acts.digests import digest_of, record_id
from ledger.acts.kinds import salted
from ledger.acts.licensing import (
    ApplyForLicense,
    AssessApplication,
    CertificateLine,
    IssueLicense,
    LicenseLine,
    Party,
    SignCertificate,
)
from ledger.acts.organizations import (
    AcceptAppointment,
    AdoptPolicy,
    AppointAgent,
    RecordParty,
    RegisterOrganization,
    Terms,
)
from ledger.chain.account import RelayAccount
from ledger.chain.artifacts import act_call, entries_of, refusal, view_call
from ledger.chain.deployment import Appointee, Deployment, Founder, deploy
from ledger.chain.embedded import EmbeddedChain, Genesis
from ledger.chain.node import CallReverted, Node
from ledger.documents.keys import Keys
from ledger.ids import ZERO32, Address, RecordId
from ledger.journal.entries import Entry

AUTHORITY, CUSTOMS, MISSION, EXPORTER, CARRIER, CONSIGNEE, END_USER, BROKER, AUDITOR = (1 << i for i in range(9))
(ADMIN, REGISTER, RECORD, POLICY, ASSESS, DECIDE, ENFORCE, INSPECT, VERIFY, APPLY, CERTIFY, SHIP, CUSTODY, STATE) = (
    1 << i for i in range(14)
)
CHAIN_ID = 4242
START = 1_800_000_000
DAY = 86_400
NAR = b"NAR"
DOCUMENT = hashlib.sha256(b"a document").digest()
TERMS = Terms(
    certificate_grade=2,
    exempt_roles=0,
    clearance_required=True,
    control=3,
    value_tolerance=1000,
    quantity_tolerance=0,
    count_tolerance=50,
    handoff_hours=72,
    lateness_hours=72,
    suspension_hours=72,
    lowest_custody_grade=1,
)


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
            fields["record"] = record_id(
                CHAIN_ID, self.address(act.CONTRACT), kind=act.RECORD, organization=organization, salt=salt
            )
        fields.setdefault("parent", ZERO32 if act.CREATES else self.head(fields["record"], act))
        fields.setdefault("deadline", self.time + DAY)
        return act(organization=organization, **fields)

    def head(self, record: bytes, kind: type[Act]) -> bytes:
        """The record's head: what the journal said last, or what the contract says."""
        if record not in self.heads:
            owner = "Shipments" if kind.CONTRACT == "Reports" else kind.CONTRACT
            self.heads[record] = self.node.call(self.address(owner), view_call("heads(bytes32)", record))[:32]
        return self.heads[record]

    def sign(self, act: Act, person: str) -> bytes:
        return keys_of(person).sign_digest(digest_of(act, CHAIN_ID, self.address(act.CONTRACT)))

    def send(self, act: Act, signature: bytes) -> Entry:
        """Brings a signed act to its contract in a transaction of its own. Raises Refused, Unavailable."""
        data = act_call(act, signature)
        try:
            self.node.simulate(self.address(act.CONTRACT), data, sender=self.relay.address)
        except CallReverted as reverted:
            raise refusal(reverted.data) from reverted
        sent = self.node.send(
            self.relay.sign(self.address(act.CONTRACT), data, gas=5_000_000, fees=self.node.fees())
        )
        receipt = self.node.receipt(sent)
        (entry,) = entries_of(receipt.logs)
        self.gas_used = receipt.gas_used
        self.heads[entry.record] = entry.record_head
        self.entries.append(entry)
        return entry

    def act(self, act: type[Act], person: str, organization: int, /, **fields: Any) -> Entry:
        """Builds, signs and sends; the entry."""
        built = self.build(act, organization, **fields)
        return self.send(built, self.sign(built, person))

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
        return self.chain.request("evm_snapshot", [])["result"], self.time, dict(self.heads), len(self.entries), self._salts

    def revert(self, mark: Any) -> None:
        """Back to the snapshot: chain, clock and memory."""
        chain, self.time, self.heads, count, self._salts = mark
        self.chain.request("evm_revert", [chain])
        del self.entries[count:]
        self.relay.nonce = self.node.nonce(self.relay.address)


def founding_agents(authority: str) -> dict[str, int]:
    """The founding people of an authority: two admins, two officers, a registrar, a recorder, enforcers, an inspector."""
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


class Trade(World):
    """Numbers: authority 1, exporter 2, forwarder 3, carrier 4, customs 5, end-user 6, stranger 7 (a carrier without part)."""

    authority, exporter, forwarder, carrier, customs, end_user, stranger = range(1, 8)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.adopt(TERMS)
        self.register("exporter", EXPORTER, {"export admin": ADMIN, "clerk": APPLY | SHIP | CUSTODY | STATE})
        self.register("forwarder", CARRIER, {"forwarder admin": ADMIN, "forwarder clerk": CUSTODY | STATE})
        self.register("carrier", CARRIER, {"carrier admin": ADMIN, "driver": CUSTODY})
        self.register("customs", CUSTOMS, {"customs admin": ADMIN, "customs officer": INSPECT | CUSTODY})
        self.register("end-user", END_USER, {"dean": ADMIN, "official": CERTIFY, "storekeeper": CUSTODY})
        self.register("stranger", CARRIER, {"stranger admin": ADMIN, "stranger": CUSTODY | STATE})

    def adopt(self, terms: Terms, kind: int = 1, authority: int = 1) -> int:
        """A policy; gives its number, counting adoptions."""
        adopted = [e for e in self.entries if e.kind == 30]
        same = [n for n, e in enumerate(adopted, start=1) if (e.organization, e.decoded().kind) == (authority, kind)]
        replaces = same[-1] if same else 0
        self.act(
            AdoptPolicy, "registrar", authority, kind=kind, replaces=replaces, terms=terms, control_list=salt_of("list")
        )
        self.policy = len(adopted) + 1
        return self.policy

    def certificate(self, *quantities: int, unit: bytes = NAR, decimals: int = 0) -> RecordId:
        """A certificate of grade A over the quantities, one a line."""
        lines = tuple(CertificateLine(unit=unit, decimals=decimals, quantity=q) for q in quantities)
        entry = self.act(
            SignCertificate,
            "official",
            self.end_user,
            exporter=self.exporter,
            end_user=self.end_user,
            authority=self.authority,
            valid_from=self.time - DAY,
            valid_until=self.time + 365 * DAY,
            document=DOCUMENT,
            lines=lines,
        )
        return entry.record

    def apply(self, *quantities: int, certificate: bytes = ZERO32, unit: bytes = NAR, **fields: Any) -> RecordId:
        """An application whose line i asks for quantity i under line i of the certificate."""
        lines = tuple(
            LicenseLine(
                unit=unit,
                decimals=0,
                granted=quantity,
                drawn=0,
                unlimited=False,
                certificate=certificate,
                certificate_line=index if certificate != ZERO32 else 0,
            )
            for index, quantity in enumerate(quantities)
        )
        values = {
            "kind": 1,
            "authority": self.authority,
            "valid_from": self.time,
            "valid_until": self.time + 365 * DAY,
            "document": DOCUMENT,
            "parties": (Party(organization=self.end_user, role=6), Party(organization=self.exporter, role=3)),
            "lines": lines,
        }
        return self.act(ApplyForLicense, "clerk", self.exporter, **(values | fields)).record

    def assess(self, application: bytes) -> Entry:
        return self.act(
            AssessApplication, "assessor", self.authority, record=application, recommendation=1, document=DOCUMENT
        )

    def issue(self, application: bytes, person: str = "issuer", **fields: Any) -> RecordId:
        values = {
            "application": application,
            "assessed_head": self.head(application, ApplyForLicense),
            "policy": self.policy,
            "valid_from": self.time,
            "valid_until": self.time + 365 * DAY,
            "document": DOCUMENT,
        }
        return self.act(IssueLicense, person, self.authority, **(values | fields)).record

    def license(self, *quantities: int, certified: bool = True, **fields: Any) -> RecordId:
        """A license for the quantities, with a certificate of grade A behind it."""
        certificate = self.certificate(*quantities) if certified else ZERO32
        application = self.apply(*quantities, certificate=certificate)
        self.assess(application)
        return self.issue(application, **fields)

    def ship(self, license: bytes, *quantities: int, share: int = 0, **fields: Any) -> RecordId:
        """A registered shipment drawing quantity i on line i; 0 leaves a line out."""
        draws = tuple(Draw(line=line, quantity=q) for line, q in enumerate(quantities) if q)
        values = {
            "license": license,
            "end_user": self.end_user,
            "share": share,
            "waybill": ZERO32,
            "document": DOCUMENT,
            "draws": draws,
        }
        return self.act(RegisterShipment, "clerk", self.exporter, **(values | fields)).record

    def clear(self, shipment: bytes, **fields: Any) -> Entry:
        values = {"occurred_at": self.time, "document": DOCUMENT}
        return self.act(ClearShipment, "customs officer", self.customs, record=shipment, **(values | fields))

    def depart(self, shipment: bytes, person: str = "clerk", organization: int = 2, **fields: Any) -> Entry:
        values = {"occurred_at": self.time, "document": ZERO32}
        return self.act(DepartShipment, person, organization, record=shipment, **(values | fields))

    def offer(self, shipment: bytes, person: str, organization: int, to: int, **fields: Any) -> Entry:
        values = {"occurred_at": self.time, "seal": salt_of("seal")}
        return self.act(OfferHandoff, person, organization, record=shipment, to=to, **(values | fields))

    def accept_goods(self, shipment: bytes, person: str, organization: int, *counted: int, **fields: Any) -> Entry:
        values = {
            "occurred_at": self.time,
            "seal": salt_of("seal"),
            "seal_state": 1,
            "reservation": False,
            "document": ZERO32,
        }
        return self.act(
            AcceptHandoff, person, organization, record=shipment, counted=counted, **(values | fields)
        )

    def confirm_delivery(self, shipment: bytes, *counted: int, **fields: Any) -> Entry:
        values = {"occurred_at": self.time, "document": ZERO32}
        return self.act(
            ConfirmDelivery, "storekeeper", self.end_user, record=shipment, counted=counted, **(values | fields)
        )
