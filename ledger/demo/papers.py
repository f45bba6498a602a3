"""The papers of the story: what each document says, about twelve thermal cameras for a field station."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ledger.demo.people import EXPORTER, FORWARDER, OFFICE, Organization
from ledger.documents.canonical import JsonObject
from ledger.ids import hex0x

LICENSED = 12
FIRST, SECOND = 10, 2
"""Of the two shipments."""
PARTS = (7, 3)
"""In which the first one travels on."""
PASSED_ON = 2
"""Of the first part, to another end-user."""
_PRICE = 840_000
"""Cents, of one camera."""
ZONE = ZoneInfo("Europe/Amsterdam")
_LIST: JsonObject = {"list": "EU 2021/821 Annex I", "version": "2025/2003"}
_LIST_HASH = "0x8155d912724f386ff7b0f980879cce920a59b3e87c2397118ad37e4ced7c16f6"
_ENTRY_HASH = "0x409131cf32d83852f0d9be50f112a65df8359cff1fe424618dfe8500ad793b38"
"""SHA-256 of the text of 6A003.b.4.b."""
_END_USE = "Counting of animals at night at the university's field station"


def first_instant(day: date) -> int:
    """UTC seconds at which a day of the authority begins."""
    return int(datetime.combine(day, time(), ZONE).timestamp())


def today() -> date:
    """The authority's date."""
    return datetime.now(ZONE).date()


def validity() -> JsonObject:
    """From today for a year, as documents say it: the last day included."""
    return {"validFrom": today().isoformat(), "validThrough": (today() + timedelta(days=365)).isoformat()}


def valid_seconds() -> JsonObject:
    """The same as acts say it: `validUntil` is the first instant after."""
    return {"validFrom": first_instant(today()), "validUntil": first_instant(today() + timedelta(days=366))}


def share(quantity: int, whole: int = LICENSED) -> int:
    """Of the license's value, parts per billion, rounded down."""
    return quantity * 10**9 // whole


def policy(kind: str) -> JsonObject:
    """What the office asks of licenses of a kind."""
    return {
        "title": f"Exports under {kind} licenses",
        "authority": OFFICE.party(1),
        "licenseKind": kind,
        "adoptedOn": today().isoformat(),
        "controlLists": [{**_LIST, "textHash": _LIST_HASH}],
        "legalBasis": "Regulation (EU) 2021/821, Article 12",
    }


def certificate(
    numbers: dict[Organization, int], *, end_user: Organization, signatory: JsonObject, quantity: int
) -> JsonObject:
    """What an end-user undertakes."""
    return {
        "signedOn": today().isoformat(),
        **validity(),
        "signatory": signatory,
        "exporter": EXPORTER.party(numbers[EXPORTER]),
        "endUser": end_user.party(numbers[end_user]),
        "lines": [_goods(quantity)],
        "destination": "GH",
        "endUse": _END_USE,
        "useCategory": "capital",
        "assurances": ["noReexport", "noMilitaryUse", "notifyChange"],
    }


def application(
    numbers: dict[Organization, int], *, reference: str, kind: str, end_user: Organization, quantity: int
) -> JsonObject:
    """What the exporter asks for."""
    return {
        "reference": reference,
        "licenseKind": kind,
        **_transaction(numbers, end_user, quantity),
        **validity(),
    }


def license_paper(
    numbers: dict[Organization, int], *, number: str, kind: str, end_user: Organization, quantity: int
) -> JsonObject:
    """What the office grants."""
    return {
        "number": number,
        "licenseKind": kind,
        "issuedOn": today().isoformat(),
        **validity(),
        **_transaction(numbers, end_user, quantity),
        "conditions": ["The cameras stay with the end-user; moving them needs the office's consent."],
    }


def manifest(
    numbers: dict[Organization, int], end_user: Organization, quantity: int, *, granted: str, seal: tuple[str, bytes]
) -> JsonObject:
    """What travels under the license `granted`; `seal`: its number, and 64 bytes of salt, its own and the place's."""
    number, salts = seal
    line: JsonObject = {**_goods(quantity), "line": 0, "serials": [f"DL-{n:03}" for n in range(1, quantity + 1)]}
    return {
        "license": granted,
        "exporter": EXPORTER.party(numbers[EXPORTER]),
        "endUser": end_user.party(numbers[end_user]),
        "parties": [{**FORWARDER.party(numbers[FORWARDER]), "role": "carrier"}],
        "mode": "air",
        "lines": [line],
        "seals": [number],
        "sealSalt": hex0x(salts[:32]),
        "placeSalt": hex0x(salts[32:]),
    }


def handoff(text: str, *, occurred_at: int, counted: int) -> JsonObject:
    """What one side says of goods that changed hands."""
    return {"occurredAt": occurred_at, "text": text, "lines": [{"line": 0, "counted": counted}]}


def statement(topic: str, text: str, *, occurred_at: int) -> JsonObject:
    """What somebody saw or says."""
    return {"topic": topic, "occurredAt": occurred_at, "text": text}


def _goods(quantity: int) -> JsonObject:
    code: JsonObject = {**_LIST, "code": "6A003.b.4.b", "textHash": _ENTRY_HASH}
    return {
        "description": "Thermal camera, uncooled microbolometer, 60 Hz",
        "controlEntries": [code],
        "unit": "NAR",
        "decimals": 0,
        "quantity": quantity,
        "value": {"minorUnits": quantity * _PRICE, "currency": "EUR"},
    }


def _transaction(numbers: dict[Organization, int], end_user: Organization, quantity: int) -> JsonObject:
    return {
        "exporter": EXPORTER.party(numbers[EXPORTER]),
        "parties": [{**end_user.party(numbers[end_user]), "role": "endUser"}],
        "lines": [_goods(quantity)],
        "destinations": ["GH"],
        "endUse": _END_USE,
        "value": {"minorUnits": quantity * _PRICE, "currency": "EUR"},
    }
