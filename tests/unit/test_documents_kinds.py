"""Kinds of documents: what each may say, and that the published schemas say the same."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]

from ledger.documents.canonical import Json, JsonObject
from ledger.documents.kinds import KINDS, License, read_subject
from ledger.documents.schema import FOLDER, schema_text
from ledger.errors import InvalidField

SALT = "0x" + "5a" * 32
PARTY: JsonObject = {"organization": 4, "name": "Kwaya University", "address": {"country": "GH"}}
LINE: JsonObject = {
    "description": "Mass spectrometer",
    "controlEntries": [{"list": "EU 2021/821 Annex I", "version": "2024/2547", "code": "3A233.a"}],
    "unit": "NAR",
    "decimals": 0,
    "quantity": 1,
    "value": {"minorUnits": 11295000, "currency": "EUR"},
}
ROW: JsonObject = {
    "source": "register of dual-use licenses 2004-2015",
    "number": "23632284",
    "occurrence": 1,
    "lineNumber": 2,
    "fingerprint": SALT,
    "issueDate": "2004-01-05",
    "expiryDate": "2005-01-31",
    "goodsAsWritten": "(Tweede generatie) beeldversterkerbuizen",
    "controlCodeAsWritten": "6A002a2a",
    "controlEntries": [{"list": "EU Annex I", "version": "2004", "code": "6A002.a.2.a"}],
    "endUseAsWritten": "Nachtzichtsystemen",
    "duration": "permanent",
    "destinationAsWritten": "Chili via België",
    "destinations": ["CL"],
    "via": ["BE"],
    "originAsWritten": "Nederland",
    "origin": "NL",
    "valueAsWritten": "25,740",
    "value": {"minorUnits": 2574000, "currency": "EUR"},
    "decisions": ["thousands separator ,"],
}
DATES: JsonObject = {"validFrom": "2026-01-01", "validThrough": "2026-12-31"}
LICENSE: JsonObject = {
    "salt": SALT,
    "number": "NL-1",
    "licenseKind": "individual",
    "issuedOn": "2026-01-01",
    **DATES,
}

GOOD: dict[str, tuple[str, JsonObject]] = {
    "profile": ("OrganizationProfile", {"salt": SALT, "name": "Kwaya", "address": {"country": "GH"}}),
    "certificate": (
        "EndUseCertificate",
        {
            "salt": SALT,
            "signedOn": "2026-01-01",
            **DATES,
            "signatory": {"name": "A. Mensah", "title": "Dean"},
            "exporter": PARTY,
            "endUser": PARTY,
            "lines": [LINE],
            "destination": "GH",
            "endUse": "Teaching",
            "useCategory": "capital",
            "assurances": ["noReexport", "notifyChange"],
        },
    ),
    "application": (
        "Application",
        {
            "salt": SALT,
            "reference": "2026/17",
            "licenseKind": "temporary",
            "exporter": PARTY,
            "parties": [{**PARTY, "role": "endUser"}],
            "lines": [LINE],
            "destinations": ["GH"],
            "endUse": "Teaching",
            "returnBy": "2026-03-01",
        },
    ),
    "license": (
        "License",
        {**LICENSE, "exporter": PARTY, "lines": [LINE], "destinations": ["GH"], "endUse": "Teaching"},
    ),
    "license from a register": ("License", {**LICENSE, "registerRow": ROW}),
    "manifest": (
        "Manifest",
        {
            "salt": SALT,
            "license": SALT,
            "exporter": PARTY,
            "endUser": PARTY,
            "mode": "air",
            "lines": [{**LINE, "line": 0, "serials": ["MS-1"]}],
            "seals": ["A1"],
            "sealSalt": SALT,
            "placeSalt": SALT,
        },
    ),
    "report": ("Report", {"salt": SALT, "event": "handoff", "lines": [{"line": 0, "counted": 47}]}),
    "refusal": (
        "Refusal",
        {"salt": SALT, "application": SALT, "reasons": [{"criterion": "7", "text": "Diversion"}]},
    ),
}

WITHOUT_END_USE = {name: value for name, value in GOOD["license"][1].items() if name != "endUse"}
BAD: dict[str, tuple[str, JsonObject, str]] = {
    "an unknown field": ("Report", {**GOOD["report"][1], "mood": "good"}, "mood"),
    "a name in snake_case": ("Report", {**GOOD["report"][1], "occurred_at": 1}, ""),
    "null for absent": ("Report", {**GOOD["report"][1], "place": None}, ""),
    "a negative count": (
        "Report",
        {**GOOD["report"][1], "lines": [{"line": 0, "counted": -1}]},
        "lines[0].counted",
    ),
    "true for 1": (
        "Report",
        {**GOOD["report"][1], "lines": [{"line": 0, "counted": True}]},
        "lines[0].counted",
    ),
    "digits for a number": ("Report", {**GOOD["report"][1], "occurredAt": "1"}, "occurredAt"),
    "a country in small letters": ("Report", {**GOOD["report"][1], "country": "nl"}, "country"),
    "an empty text": ("Report", {**GOOD["report"][1], "text": ""}, "text"),
    "a text with NUL": ("Report", {**GOOD["report"][1], "text": "a\0b"}, "text"),
    "an unknown event": ("Report", {**GOOD["report"][1], "event": "party"}, "event"),
    "no salt": ("Report", {"event": "statement"}, "salt"),
    "a salt in capitals": ("Report", {"salt": SALT.upper(), "event": "statement"}, "salt"),
    "a day that does not exist": ("License", {**GOOD["license"][1], "issuedOn": "2026-02-30"}, "issuedOn"),
    "seconds for a day": ("License", {**GOOD["license"][1], "issuedOn": "1767225600"}, ""),
    "neither row nor end use": ("License", WITHOUT_END_USE, ""),
    "seven decimals": (
        "License",
        {**GOOD["license"][1], "lines": [{**LINE, "decimals": 7}]},
        "lines[0].decimals",
    ),
    "no line": ("License", {**GOOD["license"][1], "lines": []}, "lines"),
    "33 lines": ("License", {**GOOD["license"][1], "lines": [LINE] * 33}, "lines"),
    "a certificate line without quantity": (
        "EndUseCertificate",
        {**GOOD["certificate"][1], "lines": [{n: v for n, v in LINE.items() if n != "quantity"}]},
        "lines[0].quantity",
    ),
}


def strangers_view(kind: str, subject: Json) -> bool:
    schema: dict[str, Any] = json.loads((FOLDER / f"{kind}.json").read_text())
    return bool(Draft202012Validator(schema, format_checker=FormatChecker()).is_valid(subject))


@pytest.mark.parametrize(("kind", "subject"), GOOD.values(), ids=GOOD.keys())
def test_a_complete_subject_reads_back_as_written(kind: str, subject: JsonObject) -> None:
    assert read_subject(kind, subject).to_json() == subject


@pytest.mark.parametrize(("kind", "subject"), GOOD.values(), ids=GOOD.keys())
def test_a_complete_subject_fits_its_published_schema(kind: str, subject: JsonObject) -> None:
    assert strangers_view(kind, subject)


@pytest.mark.parametrize(("kind", "subject", "place"), BAD.values(), ids=BAD.keys())
def test_a_faulty_subject_is_refused_with_the_place(kind: str, subject: JsonObject, place: str) -> None:
    with pytest.raises(InvalidField) as refusal:
        read_subject(kind, subject)
    assert refusal.value.values["field"] == f"document.credentialSubject.{place}".rstrip(".")


@pytest.mark.parametrize(("kind", "subject"), [bad[:2] for bad in BAD.values()], ids=BAD.keys())
def test_a_faulty_subject_does_not_fit_its_published_schema(kind: str, subject: JsonObject) -> None:
    assert not strangers_view(kind, subject)


@pytest.mark.parametrize("kind", KINDS)
def test_the_published_schema_is_the_exported_one(kind: str) -> None:
    assert (FOLDER / f"{kind}.json").read_text() == schema_text(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_the_published_schema_is_a_schema(kind: str) -> None:
    Draft202012Validator.check_schema(json.loads(schema_text(kind)))


def test_no_other_schema_is_published() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(KINDS)


def test_a_license_line_without_quantity_has_no_limit() -> None:
    line = {name: value for name, value in LINE.items() if name != "quantity"}
    read = License.read({**GOOD["license"][1], "lines": [line]}, "subject")
    assert read.lines is not None
    assert read.lines[0].quantity is None
