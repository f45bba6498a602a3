"""A ledger inside the model: founded, peopled and ready to ship, with acts sent by the names of people.

The digest is not the EIP-712 one: the model takes any digest, and a test of the model needs only that it is its own.
"""

import dataclasses
from dataclasses import dataclass, field
from typing import Any

from eth_utils.crypto import keccak

from ledger.acts.act import Act
from ledger.acts.applications import ApplyForLicense, AssessApplication, LicenseLine, Party
from ledger.acts.certificates import CertificateLine, SignCertificate
from ledger.acts.custody import AcceptHandoff, DepartShipment, OfferHandoff
from ledger.acts.licensing import IssueLicense
from ledger.acts.manifests import Draw, RegisterShipment
from ledger.acts.organizations import AcceptAppointment, AdoptPolicy, AppointAgent, RegisterOrganization, Terms
from ledger.acts.reports import ReportDelivery
from ledger.acts.structs import members
from ledger.audit.codes import Power, Role
from ledger.audit.founding import Appointee, Founder, found
from ledger.audit.journal import Outcome
from ledger.audit.judge import created_id, judge
from ledger.audit.state import Kept, License, Record, Shipment, State
from ledger.errors import Refused, Value
from ledger.ids import ZERO32

CONTRACTS = {
    name: keccak(text=name)[:20]
    for name in ("Directory", "Policies", "Certificates", "Applications", "Licenses", "Shipments")
}
START = 1_800_000_000
DAY = 86_400
UNIT = b"KGM"
OFFICE = Power.REGISTER | Power.RECORD | Power.POLICY | Power.ENFORCE | Power.INSPECT | Power.VERIFY | Power.STATE
PARTNER = Power.ADMIN | Power.APPLY | Power.CERTIFY | Power.SHIP | Power.CUSTODY | Power.STATE
TERMS = Terms(
    certificate_grade=0,
    certificate_signers=0,
    first_use_days=0,
    last_use_days=0,
    exempt_roles=0,
    clearance_required=False,
    control=3,
    value_tolerance=1_000,
    quantity_tolerance=1_000,
    count_tolerance=500,
    handoff_hours=48,
    lateness_hours=72,
    suspension_hours=24,
    lowest_custody_grade=1,
    transfers=1,
)


def account(name: str) -> bytes:
    """The account of a person."""
    return keccak(text=f"account of {name}")[:20]


def commitment(name: str) -> bytes:
    """A salt, a document, a key."""
    return keccak(text=name)


def authority(name: str) -> Founder:
    """An authority of two admins and two officers: `<name> admin 1`, `<name> officer 2`."""
    admins = tuple(Appointee(account(f"{name} admin {n}"), Power.ADMIN | OFFICE) for n in (1, 2))
    officers = tuple(Appointee(account(f"{name} officer {n}"), OFFICE | Power.ASSESS | Power.DECIDE) for n in (1, 2))
    return Founder(Role.AUTHORITY, commitment(name), admins + officers)


@dataclass
class Office:
    """A state and the means to act on it."""

    state: State
    time: int = START
    salts: int = 0
    last: dict[str, bytes] = field(default_factory=dict)

    def act(self, kind: type[Act], organization: int, record: bytes = ZERO32, /, **members_: Any) -> Act:
        """An act with everything filled in that is not given: current head, far deadline, salt, id."""
        known = self.state.find(Record, record)
        values: dict[str, Any] = {"parent": known.head if known else ZERO32, "deadline": self.time + DAY}
        names = {member.name for member in members(kind)}
        if "salt" in names:
            self.salts += 1
            values["salt"] = commitment(f"salt {self.salts}")
        if "occurred_at" in names:
            values["occurred_at"] = self.time
        if "document" in names:
            values["document"] = commitment("document")
        made = kind(record=record, organization=organization, **(values | members_))
        return dataclasses.replace(made, record=created_id(self.state, made)) if kind.CREATES else made

    def send(self, who: str, act: Act) -> Outcome:
        """Judges an act of a person, one second later than the one before."""
        self.time += 1
        return judge(self.state, act, signer=account(who), time=self.time, digest=digest_of(act, who))

    def do(self, who: str, kind: type[Act], organization: int, record: bytes = ZERO32, /, **values: Any) -> bytes:
        """Enters an act; the record that it is about."""
        return self.send(who, self.act(kind, organization, record, **values)).record

    def refusal(
        self, who: str, kind: type[Act], organization: int, record: bytes = ZERO32, /, **values: Any
    ) -> tuple[str, dict[str, Value]] | None:
        """Name and values of the refusal of an act; None where it is entered."""
        try:
            self.do(who, kind, organization, record, **values)
        except Refused as refused:
            return refused.name, refused.values
        return None

    def the(self, kind: type[Kept], record: bytes) -> Kept:
        return self.state.the(kind, record)

    def join(self, who: str, organization: int, powers: int, *, by: str) -> bytes:
        """Appoints a person, who accepts."""
        agent = self.do(by, AppointAgent, organization, account=account(who), powers=powers)
        return self.do(who, AcceptAppointment, organization, agent, ed25519=commitment("e"), x25519=commitment("x"))

    def admit(self, name: str, roles: int, *, sponsor: int = 1) -> int:
        """Registers an organization with one agent of its own name; its number."""
        officer = f"office {sponsor} admin 1"
        record = self.do(officer, RegisterOrganization, sponsor, roles=roles, profile=commitment(name))
        number = next(number for (_, number), kept in each_number(self.state) if kept == record)
        powers = PARTNER & ~(Power.APPLY | Power.SHIP | Power.CERTIFY)
        powers |= (Power.APPLY | Power.SHIP) if roles & Role.EXPORTER else 0
        powers |= Power.CERTIFY if roles & (Role.END_USER | Role.CONSIGNEE) else 0
        powers |= Power.INSPECT if roles & Role.CUSTOMS else 0
        self.join(name, number, powers, by=officer)
        return number


def each_number(state: State) -> list[tuple[tuple[Any, int], bytes]]:
    return [(key, state.numbered.get(key) or b"") for key in state.numbered if key[0] == 1]


def digest_of(act: Act, who: str) -> bytes:
    """Of the act and who signed it."""
    return keccak(type(act).__name__.encode() + act.encoded() + account(who))


def founded(*names: str) -> Office:
    """A ledger of authorities that have all accepted."""
    state = found(31_337, CONTRACTS, [authority(name) for name in names])
    office = Office(state)
    for number, name in enumerate(names, 1):
        for role in ("admin 1", "admin 2", "officer 1", "officer 2"):
            who = f"{name} {role}"
            agent = state.agents.get((number, account(who))) or ZERO32
            office.do(who, AcceptAppointment, number, agent, ed25519=commitment("e"), x25519=commitment("x"))
    return office


@dataclass
class Trade:
    """An office with an exporter, a carrier, an end-user, customs, and a license of 1000 and 500."""

    office: Office
    exporter: int
    carrier: int
    end_user: int
    customs: int
    certificate: bytes
    license: bytes

    def register(self, *quantities: int, share: int = 0) -> bytes:
        draws = tuple(Draw(line=line, quantity=quantity) for line, quantity in enumerate(quantities))
        values = {"license": self.license, "end_user": self.end_user, "share": share, "waybill": ZERO32}
        return self.office.do("exporter", RegisterShipment, self.exporter, draws=draws, **values)

    def departed(self, *quantities: int) -> bytes:
        shipment = self.register(*quantities)
        return self.office.do("exporter", DepartShipment, self.exporter, shipment)

    def hand(self, shipment: bytes, giver: str, taker: str, *counted: int) -> None:
        """An offer and its acceptance."""
        numbers = {"exporter": self.exporter, "carrier": self.carrier, "end-user": self.end_user}
        seal = commitment("seal")
        self.office.do(giver, OfferHandoff, numbers[giver], shipment, to=numbers[taker], seal=seal)
        values = {"seal": seal, "seal_state": 1, "reservation": False, "counted": counted}
        self.office.do(taker, AcceptHandoff, numbers[taker], shipment, **values)


def lines(certificate: bytes = ZERO32, granted: tuple[int, ...] = (1000, 500)) -> tuple[LicenseLine, ...]:
    return tuple(
        LicenseLine(
            unit=UNIT,
            decimals=0,
            granted=quantity,
            drawn=0,
            unlimited=False,
            certificate=certificate,
            certificate_line=index,
        )
        for index, quantity in enumerate(granted)
    )


def trade(kind: int = 1, terms: Terms = TERMS, others: tuple[str, ...] = ()) -> Trade:
    """A trade under a license of that kind; `others` are authorities besides."""
    office = founded("office 1", *others)
    exporter = office.admit("exporter", Role.EXPORTER)
    carrier = office.admit("carrier", Role.CARRIER)
    end_user = office.admit("end-user", Role.END_USER | Role.CONSIGNEE)
    customs = office.admit("customs", Role.CUSTOMS)
    policy = {"kind": kind, "replaces": 0, "terms": terms, "control_list": commitment("list")}
    office.do("office 1 admin 1", AdoptPolicy, 1, **policy)
    certified = tuple(CertificateLine(unit=UNIT, decimals=0, quantity=quantity) for quantity in (5000, 5000))
    named = {"exporter": exporter, "end_user": end_user, "authority": 1, "supersedes": ZERO32}
    valid = {"valid_from": START, "valid_until": START + 900 * DAY}
    certificate = office.do("end-user", SignCertificate, end_user, lines=certified, **named, **valid)
    made = Trade(office, exporter, carrier, end_user, customs, certificate, ZERO32)
    made.license = issue(made, apply(made, kind=kind, lines=lines(certificate)))
    return made


def apply(made: Trade, **values: Any) -> bytes:
    """An application that has been assessed."""
    parties = (Party(organization=made.end_user, role=6), Party(organization=made.end_user, role=5))
    asked: dict[str, Any] = {
        "kind": 1,
        "authority": 1,
        "continues": ZERO32,
        "valid_from": START,
        "valid_until": START + 800 * DAY,
        "parties": parties,
        "lines": lines(made.certificate),
    }
    application = made.office.do("exporter", ApplyForLicense, made.exporter, **(asked | values))
    return made.office.do("office 1 officer 1", AssessApplication, 1, application, recommendation=1)


def issuing(made: Trade, application: bytes, **values: Any) -> dict[str, Any]:
    """The members of an act that grants an application."""
    asked = made.office.state.records.get(application)
    kind = getattr(asked, "kind", 0)
    granted = {
        "application": application,
        "assessed_head": asked.head if asked else ZERO32,
        "policy": made.office.state.policies.get((1, kind)) or 0,
        "valid_from": START,
        "valid_until": START + 700 * DAY,
        "return_by": START + 90 * DAY if kind == 4 else 0,
    }
    return granted | values


def issue(made: Trade, application: bytes, **values: Any) -> bytes:
    return made.office.do("office 1 officer 2", IssueLicense, 1, **issuing(made, application, **values))


def drawn(made, license=None):
    return [line.drawn for line in made.office.the(License, license or made.license).lines]


def shipment_of(made, record):
    return made.office.the(Shipment, record)


def delivered(made, *quantities):
    shipment = made.departed(*quantities)
    values = {"counted": quantities}
    return made.office.do("end-user", ReportDelivery, made.end_user, shipment, **values)
