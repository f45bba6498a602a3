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
    "certificateSigners": 0,
    "firstUseDays": 0,
    "lastUseDays": 0,
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
    "transfers": 0,
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
    found = [_registration(stage, house) for house in (*JOINING, AIRLINE)] + _policies(stage)
    stage.together(found, "Carla Jansen registers six organizations and adopts the policies; one will have no keys")
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


@dataclass(frozen=True, slots=True)
class Grant:
    """What one license is about: for whom, how much, continuing what, under which policy."""

    end_user: Organization
    signer: str
    title: str
    quantity: int
    kind: LicenseKind
    policy: int
    number: str
    continues: str = NOTHING


FIRST_LICENSE = Grant(
    UNIVERSITY, "Abena Owusu", "Dean of Science", papers.LICENSED, LicenseKind.INDIVIDUAL, 1, "OEL-2026-0041"
)


def license_goods(stage: Stage, grant: Grant, told: str) -> str:
    """From the end-user's undertaking to a license by two officers; the license's record. `told` of its issue."""
    application = _applied(stage, grant, _certificate(stage, grant))
    opinion = papers.statement("assessment", "The end-user exists; no ground to refuse.", occurred_at=stage.now())
    assessed = stage.act(
        "Daan Mulder",
        "AssessApplication",
        "assesses it and recommends to grant",
        record=application.record,
        recommendation=1,
        document=stage.paper("Daan Mulder", "Statement", opinion),
    )
    granting: JsonObject = {
        "application": application.record,
        "assessedHead": assessed.head,
        "policy": grant.policy,
        **papers.valid_seconds(),
        "returnBy": 0,
    }
    paper = papers.license_paper(
        stage.numbers, number=grant.number, kind=_word(grant), end_user=grant.end_user, quantity=grant.quantity
    )
    if grant is FIRST_LICENSE:
        own = {**granting, "document": stage.paper("Daan Mulder", "License", paper)}
        stage.refused("FourEyes", "Daan Mulder", "IssueLicense", "issues what he assessed himself", **own)
    issued = {**granting, "document": stage.paper("Eva de Wit", "License", paper)}
    return stage.act("Eva de Wit", "IssueLicense", told, **issued).record


def register(
    stage: Stage, license_record: str, quantity: int, seal_number: str, *, grant: Grant = FIRST_LICENSE
) -> Consignment:
    """A shipment with its manifest."""
    salts = token_bytes(64)
    subject = papers.manifest(
        stage.numbers, grant.end_user, quantity, granted=license_record, seal=(seal_number, salts)
    )
    document = stage.paper("Jan de Boer", "Manifest", subject)
    drawing = draw(stage, license_record, quantity, document, grant=grant)
    entered = stage.act("Jan de Boer", "RegisterShipment", f"registers a shipment of {quantity}", **drawing)
    return Consignment(entered.record, quantity, hex0x(sha256(salts[:32] + seal_number.encode()).digest()))


def draw(
    stage: Stage, license_record: str, quantity: int, document: str, *, grant: Grant = FIRST_LICENSE
) -> JsonObject:
    """The fields of a shipment that takes `quantity` of the license."""
    return {
        "license": license_record,
        "endUser": stage.numbers[grant.end_user],
        "share": papers.share(quantity, grant.quantity),
        "waybill": NOTHING,
        "document": document,
        "draws": [{"line": 0, "quantity": str(quantity)}],
    }


def clear(stage: Stage, shipment: Consignment) -> Entered:
    """Customs clears for export."""
    seen = papers.statement("clearance", "Goods and papers agree.", occurred_at=stage.now())
    document = stage.paper("Noor Peters", "Statement", seen)
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


def handed(stage: Stage, shipment: Consignment, giver: str, taker: str, *, missing: int = 0) -> Entered:
    """An offer and its acceptance: counted, the seal intact where nothing is missing, else broken."""
    house = stage.people[taker].works_for
    stage.act(giver, "OfferHandoff", f"offers the goods to {house.name}", **offer(stage, shipment, house))
    counted = shipment.quantity - missing
    seal = "the seal broken, with reservation" if missing else "seal intact"
    return stage.act(
        taker,
        "AcceptHandoff",
        f"takes over {counted} of {shipment.quantity}, {seal}",
        record=shipment.record,
        occurredAt=stage.now(),
        seal=shipment.seal,
        sealState=2 if missing else 1,
        reservation=bool(missing),
        document=NOTHING,
        counted=[str(counted)],
    )


def moved(stage: Stage, shipment: Consignment, person: str, to: Organization, told: str) -> Entered:
    """A handoff that one side alone reports."""
    seen = papers.handoff(f"Handed to {to.name}.", occurred_at=stage.now(), counted=shipment.quantity)
    return stage.act(
        person,
        "ReportMovement",
        told,
        record=shipment.record,
        occurredAt=stage.now(),
        movement=1,
        to=stage.numbers[to],
        document=stage.paper(person, "HandoffReport", seen),
        counted=[str(shipment.quantity)],
    )


def delivered(stage: Stage, shipment: Consignment, by: str, *, missing: int = 0) -> Entered:
    """The end-user says what it has."""
    counted = shipment.quantity - missing
    return stage.act(
        by,
        "ConfirmDelivery",
        f"confirms delivery of {counted}",
        record=shipment.record,
        occurredAt=stage.now(),
        document=NOTHING,
        counted=[str(counted)],
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


def _policies(stage: Stage) -> list[Line]:
    # What goes on abroad does not pass our customs.
    abroad: JsonObject = {**_TERMS, "clearanceRequired": False}
    kinds = ((LicenseKind.INDIVIDUAL, _TERMS), (LicenseKind.TEMPORARY, _TERMS), (LicenseKind.RETRANSFER, abroad))
    return [
        Line(
            "Carla Jansen",
            "AdoptPolicy",
            {
                "kind": int(kind),
                "replaces": 0,
                "terms": terms,
                "controlList": stage.paper("Carla Jansen", "Policy", papers.policy(kind.name.lower())),
            },
        )
        for kind, terms in kinds
    ]


def _appointment(person: Person, by: str, stage: Stage) -> Line:
    fields: JsonObject = {
        "organization": stage.numbers[person.works_for],
        "account": hex0x(person.keys.address),
        "powers": int(person.powers),
    }
    return Line(by, "AppointAgent", fields)


def _certificate(stage: Stage, grant: Grant) -> str:
    subject = papers.certificate(
        stage.numbers,
        end_user=grant.end_user,
        signatory={"name": grant.signer, "title": grant.title},
        quantity=grant.quantity,
    )
    fields: JsonObject = {
        "exporter": stage.numbers[EXPORTER],
        "endUser": stage.numbers[grant.end_user],
        "authority": stage.numbers[OFFICE],
        **papers.valid_seconds(),
        "supersedes": NOTHING,
        "document": stage.paper(grant.signer, "EndUseCertificate", subject),
        "lines": [{"unit": "NAR", "decimals": 0, "quantity": str(grant.quantity)}],
    }
    told = f"signs the end-use certificate for {grant.quantity} thermal cameras (grade A)"
    return stage.act(grant.signer, "SignCertificate", told, **fields).record


def _applied(stage: Stage, grant: Grant, certificate: str) -> Entered:
    line: JsonObject = {
        "unit": "NAR",
        "decimals": 0,
        "granted": str(grant.quantity),
        "drawn": "0",
        "unlimited": False,
        "certificate": certificate,
        "certificateLine": 0,
    }
    subject = papers.application(
        stage.numbers,
        reference=f"DL-{grant.number}",
        kind=_word(grant),
        end_user=grant.end_user,
        quantity=grant.quantity,
    )
    fields: JsonObject = {
        "kind": int(grant.kind),
        "authority": stage.numbers[OFFICE],
        "continues": grant.continues,
        **papers.valid_seconds(),
        "document": stage.paper("Jan de Boer", "Application", subject),
        "parties": [{"organization": stage.numbers[grant.end_user], "role": 6}],
        "lines": [line],
    }
    return stage.act("Jan de Boer", "ApplyForLicense", f"applies for a license ({_word(grant)})", **fields)


def _word(grant: Grant) -> str:
    """The kind of license as documents name it."""
    return grant.kind.name.lower()
