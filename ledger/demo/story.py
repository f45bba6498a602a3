"""What happens: parties, certificate, license, and one shipment from Delft to Kumasi."""

from dataclasses import dataclass
from hashlib import sha256
from secrets import token_bytes

from ledger.demo import papers
from ledger.demo.people import (
    AIRLINE,
    EXPORTER,
    JOINING,
    OFFICE,
    UNIVERSITY,
    Organization,
    Person,
)
from ledger.demo.stage import Entered, Line, Stage
from ledger.documents.canonical import JsonObject
from ledger.ids import ZERO32, hex0x
from ledger.records.codes import CertificateGrade, Control, CustodyGrade, LicenseKind, Power

NOTHING = hex0x(ZERO32)
_TERMS: JsonObject = {
    "certificateGrade": int(CertificateGrade.V),
    "exemptRoles": 0,
    "clearanceRequired": True,
    "control": int(Control.BOTH),
    "valueTolerance": 1000,
    "quantityTolerance": 0,
    "countTolerance": 50,
    "handoffHours": 72,
    "latenessHours": 72,
    "suspensionHours": 72,
    "lowestCustodyGrade": int(CustodyGrade.B),
}


@dataclass(frozen=True, slots=True)
class Consignment:
    """A registered shipment, and the seal that its manifest tells of."""

    record: str
    quantity: int
    seal: str


def join(stage: Stage) -> None:
    """Officers accept, organizations are registered with a key for every person, a policy is adopted."""
    stage.chapter("Who is who")
    people = stage.people.values()
    officers = [person for person in people if person.works_for is OFFICE]
    stage.together([_acceptance(stage, person) for person in officers], f"{len(officers)} founding officers accept")
    found = [_registration(stage, house) for house in (*JOINING, AIRLINE)] + _policies()
    stage.together(found, "Carla Jansen registers five organizations and adopts the policies; one will have no keys")
    # Numbers are given in the order of registration; the office was the first.
    stage.numbers |= {house: number for number, house in enumerate((*JOINING, AIRLINE), start=2)}
    numbered = ", ".join(f"{number} {house.name}" for house, number in stage.numbers.items())
    stage.console.print(f"          {numbered}", soft_wrap=True)
    admins = {person.works_for: person for person in people if Power.ADMIN in person.powers}
    first = [admins[house] for house in JOINING]
    stage.together([_appointment(person, "Carla Jansen", stage) for person in first], "administrators are appointed")
    stage.together([_acceptance(stage, person) for person in first], "and accept with keys of their own")
    others = [person for person in people if person.works_for in JOINING and person not in first]
    appointed = [_appointment(person, admins[person.works_for].name, stage) for person in others]
    stage.together(appointed, "they appoint their people")
    stage.together([_acceptance(stage, person) for person in others], "who accept too")


def license_goods(stage: Stage) -> str:
    """From the dean's undertaking to a license by two officers; the license's record."""
    stage.chapter("A license")
    application = _applied(stage, _certificate(stage))
    opinion = papers.report("statement", "The field station exists; no ground to refuse.", occurred_at=stage.now())
    assessed = stage.act(
        "Daan Mulder",
        "AssessApplication",
        "assesses it and recommends to grant",
        record=application.record,
        recommendation=1,
        document=stage.paper("Daan Mulder", "Report", opinion),
    )
    granting: JsonObject = {
        "application": application.record,
        "assessedHead": assessed.head,
        "policy": 1,
        **papers.valid_seconds(),
    }
    paper = papers.license_paper(stage.numbers)
    own = {**granting, "document": stage.paper("Daan Mulder", "License", paper)}
    stage.refused("FourEyes", "Daan Mulder", "IssueLicense", "issues what he assessed himself", **own)
    issued = {**granting, "document": stage.paper("Eva de Wit", "License", paper)}
    return stage.act("Eva de Wit", "IssueLicense", "issues the license: 12 cameras, EUR 100,800", **issued).record


def register(stage: Stage, license_record: str, quantity: int, seal_number: str) -> Consignment:
    """A shipment with its manifest."""
    salts = token_bytes(64)
    subject = papers.manifest(stage.numbers, granted=license_record, quantity=quantity, seal=seal_number, salts=salts)
    drawing = draw(stage, license_record, quantity, stage.paper("Jan de Boer", "Manifest", subject))
    entered = stage.act("Jan de Boer", "RegisterShipment", f"registers a shipment of {quantity}", **drawing)
    return Consignment(entered.record, quantity, hex0x(sha256(salts[:32] + seal_number.encode()).digest()))


def draw(stage: Stage, license_record: str, quantity: int, document: str) -> JsonObject:
    """The fields of a shipment that takes `quantity` of the license."""
    return {
        "license": license_record,
        "endUser": stage.numbers[UNIVERSITY],
        "share": papers.share(quantity),
        "waybill": NOTHING,
        "document": document,
        "draws": [{"line": 0, "quantity": str(quantity)}],
    }


def clear(stage: Stage, shipment: Consignment) -> Entered:
    """Customs clears for export."""
    seen = papers.report("clearance", "Goods and papers agree.", occurred_at=stage.now())
    document = stage.paper("Noor Peters", "Report", seen)
    fields: JsonObject = {"record": shipment.record, "occurredAt": stage.now(), "document": document}
    return stage.act("Noor Peters", "ClearShipment", f"clears the {shipment.quantity}", **fields)


def departure(stage: Stage, shipment: Consignment) -> JsonObject:
    """The fields of a departure now."""
    return {"record": shipment.record, "occurredAt": stage.now(), "document": NOTHING}


def offer(stage: Stage, shipment: Consignment, to: Organization) -> JsonObject:
    """The fields of an offer now."""
    return {
        "record": shipment.record,
        "occurredAt": stage.now(),
        "to": stage.numbers[to],
        "seal": shipment.seal,
    }


def handed(stage: Stage, shipment: Consignment, giver: str, taker: str) -> Entered:
    """An offer and its acceptance, everything counted, the seal intact."""
    house = stage.people[taker].works_for
    stage.act(giver, "OfferHandoff", f"offers the goods to {house.name}", **offer(stage, shipment, house))
    return stage.act(
        taker,
        "AcceptHandoff",
        f"takes over {shipment.quantity} of {shipment.quantity}, seal intact",
        record=shipment.record,
        occurredAt=stage.now(),
        seal=shipment.seal,
        sealState=1,
        reservation=False,
        document=NOTHING,
        counted=[str(shipment.quantity)],
    )


def moved(stage: Stage, shipment: Consignment, person: str, to: Organization, told: str) -> Entered:
    """A handoff that one side alone reports."""
    seen = papers.report("handoff", f"Handed to {to.name}.", occurred_at=stage.now(), counted=shipment.quantity)
    return stage.act(
        person,
        "ReportMovement",
        told,
        record=shipment.record,
        occurredAt=stage.now(),
        movement=1,
        to=stage.numbers[to],
        document=stage.paper(person, "Report", seen),
        counted=[str(shipment.quantity)],
    )


def delivered(stage: Stage, shipment: Consignment) -> Entered:
    """The end-user says what it has."""
    return stage.act(
        "Kofi Asante",
        "ConfirmDelivery",
        f"confirms delivery of {shipment.quantity}",
        record=shipment.record,
        occurredAt=stage.now(),
        document=NOTHING,
        counted=[str(shipment.quantity)],
    )


def _acceptance(stage: Stage, person: Person) -> Line:
    record = stage.deployment.agent_record(stage.numbers[person.works_for], person.keys.address)
    public = person.keys.public
    fields: JsonObject = {
        "record": hex0x(record),
        "ed25519": hex0x(public.ed25519),
        "x25519": hex0x(public.x25519),
    }
    return Line(person.name, "AcceptAppointment", fields)


def _registration(stage: Stage, house: Organization) -> Line:
    """With keys to come, by the registrar; without, by the recorder."""
    kind, person = ("RecordParty", "Hugo Kramer") if house is AIRLINE else ("RegisterOrganization", "Carla Jansen")
    profile = stage.paper(person, "OrganizationProfile", house.profile())
    return Line(person, kind, {"roles": int(house.role), "profile": profile})


def _policies() -> list[Line]:
    control_list = hex0x(sha256(papers.CONTROL_LIST.encode()).digest())
    kinds = (LicenseKind.INDIVIDUAL, LicenseKind.TEMPORARY)
    return [
        Line(
            "Carla Jansen",
            "AdoptPolicy",
            {"kind": int(kind), "replaces": 0, "terms": _TERMS, "controlList": control_list},
        )
        for kind in kinds
    ]


def _appointment(person: Person, by: str, stage: Stage) -> Line:
    fields: JsonObject = {
        "organization": stage.numbers[person.works_for],
        "account": hex0x(person.keys.address),
        "powers": int(person.powers),
    }
    return Line(by, "AppointAgent", fields)


def _certificate(stage: Stage) -> str:
    fields: JsonObject = {
        "exporter": stage.numbers[EXPORTER],
        "endUser": stage.numbers[UNIVERSITY],
        "authority": stage.numbers[OFFICE],
        **papers.valid_seconds(),
        "document": stage.paper("Abena Owusu", "EndUseCertificate", papers.certificate(stage.numbers)),
        "lines": [{"unit": "NAR", "decimals": 0, "quantity": str(papers.LICENSED)}],
    }
    told = "signs the end-use certificate for 12 thermal cameras (grade A)"
    return stage.act("Abena Owusu", "SignCertificate", told, **fields).record


def _applied(stage: Stage, certificate: str) -> Entered:
    line: JsonObject = {
        "unit": "NAR",
        "decimals": 0,
        "granted": str(papers.LICENSED),
        "drawn": "0",
        "unlimited": False,
        "certificate": certificate,
        "certificateLine": 0,
    }
    fields: JsonObject = {
        "kind": int(LicenseKind.INDIVIDUAL),
        "authority": stage.numbers[OFFICE],
        **papers.valid_seconds(),
        "document": stage.paper("Jan de Boer", "Application", papers.application(stage.numbers)),
        "parties": [{"organization": stage.numbers[UNIVERSITY], "role": 6}],
        "lines": [line],
    }
    return stage.act("Jan de Boer", "ApplyForLicense", "applies for a license", **fields)
