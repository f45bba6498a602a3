"""A small trade to tell stories in.

`Trade` is a world with one authority, a policy, customs, an exporter, a forwarder, a carrier and an end-user, all with
agents. The world itself, and the names of roles and powers, are those of `tests.world`.
"""

from typing import Any

from ledger.acts.applications import ApplyForLicense, AssessApplication, LicenseLine, Party
from ledger.acts.certificates import CertificateLine, RecordCertificate, SignCertificate
from ledger.acts.custody import AcceptHandoff, ClearShipment, DepartShipment, OfferHandoff
from ledger.acts.licensing import IssueLicense
from ledger.acts.manifests import Draw, RegisterShipment
from ledger.acts.orders import HoldShipment
from ledger.acts.organizations import AdoptPolicy, Terms
from ledger.acts.reports import ConfirmDelivery, ConfirmReport, ReportDelivery, ReportMovement
from ledger.ids import ZERO32, RecordId
from ledger.journal.entries import Entry
from tests.world import (
    ADMIN,
    APPLY,
    ARCHIVE,
    ASSESS,
    AUDITOR,
    AUTHORITY,
    BROKER,
    CARRIER,
    CERTIFY,
    CHAIN_ID,
    CONSIGNEE,
    CUSTODY,
    CUSTOMS,
    DAY,
    DECIDE,
    DOCUMENT,
    END_USER,
    ENFORCE,
    EXPORTER,
    INSPECT,
    MISSION,
    NAR,
    POLICY,
    RECORD,
    REGISTER,
    SHIP,
    START,
    STATE,
    VERIFY,
    World,
    founding_agents,
    keys_of,
    salt_of,
)

__all__ = [
    "ADMIN",
    "APPLY",
    "ARCHIVE",
    "ASSESS",
    "AUDITOR",
    "AUTHORITY",
    "BROKER",
    "CARRIER",
    "CERTIFY",
    "CHAIN_ID",
    "CONSIGNEE",
    "CUSTODY",
    "CUSTOMS",
    "DAY",
    "DECIDE",
    "DOCUMENT",
    "END_USER",
    "ENFORCE",
    "EXPORTER",
    "INSPECT",
    "MISSION",
    "NAR",
    "POLICY",
    "RECORD",
    "REGISTER",
    "SHIP",
    "START",
    "STATE",
    "TERMS",
    "VERIFY",
    "Trade",
    "World",
    "founding_agents",
    "keys_of",
    "salt_of",
]

TERMS = Terms(
    certificate_grade=2,
    certificate_signers=0,
    first_use_days=0,
    last_use_days=0,
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
    transfers=1,
)


class Trade(World):
    """Numbers as below; the stranger is a carrier without part."""

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
        return self.policy

    @property
    def policy(self) -> int:
        """The number of the policy that was adopted last."""
        return sum(1 for entry in self.entries if entry.kind == AdoptPolicy.KIND)

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
            supersedes=ZERO32,
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
            "continues": ZERO32,
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
            "return_by": 0,
            "document": DOCUMENT,
        }
        return self.act(IssueLicense, person, self.authority, **(values | fields)).record

    def license(self, *quantities: int, certified: bool = True, **fields: Any) -> RecordId:
        """A license for the quantities, with a certificate of grade A behind it."""
        certificate = self.certificate(*quantities) if certified else ZERO32
        application = self.apply(*quantities, certificate=certificate)
        self.assess(application)
        return self.issue(application, **fields)

    def ship(self, drawn_on: bytes, /, *quantities: int, share: int = 0, **fields: Any) -> RecordId:
        """A registered shipment drawing quantity i on line i; 0 leaves a line out."""
        draws = tuple(Draw(line=line, quantity=q) for line, q in enumerate(quantities) if q)
        values = {
            "license": drawn_on,
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
        return self.act(AcceptHandoff, person, organization, record=shipment, counted=counted, **(values | fields))

    def confirm_delivery(self, shipment: bytes, *counted: int, **fields: Any) -> Entry:
        values = {"occurred_at": self.time, "document": ZERO32}
        return self.act(
            ConfirmDelivery, "storekeeper", self.end_user, record=shipment, counted=counted, **(values | fields)
        )

    def report_movement(self, shipment: bytes, person: str, organization: int, *counted: int, **fields: Any) -> Entry:
        """A reported handoff to `to`; movement=2: a departure."""
        values = {"occurred_at": self.time, "movement": 1, "to": 0, "document": DOCUMENT}
        return self.act(ReportMovement, person, organization, record=shipment, counted=counted, **(values | fields))

    def report_delivery(self, shipment: bytes, person: str, organization: int, *counted: int, **fields: Any) -> Entry:
        values = {"occurred_at": self.time, "document": DOCUMENT}
        return self.act(ReportDelivery, person, organization, record=shipment, counted=counted, **(values | fields))

    def confirm_report(self, shipment: bytes, person: str, organization: int, report: Entry) -> Entry:
        return self.act(ConfirmReport, person, organization, record=shipment, report_head=report.record_head)

    def hold(self, shipment: bytes, person: str = "customs officer", organization: int = 5) -> Entry:
        return self.act(HoldShipment, person, organization, record=shipment, reason=1)

    def paper_certificate(self, *quantities: int, unit: bytes = NAR, **fields: Any) -> RecordId:
        """A certificate of grade R over the quantities, recorded by the exporter."""
        lines = tuple(CertificateLine(unit=unit, decimals=0, quantity=q) for q in quantities)
        values = {
            "exporter": self.exporter,
            "end_user": self.end_user,
            "authority": self.authority,
            "valid_from": self.time - DAY,
            "valid_until": self.time + 365 * DAY,
            "supersedes": ZERO32,
            "document": DOCUMENT,
            "lines": lines,
        }
        return self.act(RecordCertificate, "clerk", self.exporter, **(values | fields)).record
