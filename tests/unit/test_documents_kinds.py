"""Kinds of documents: what each may say, and that the published schemas say the same."""

import dataclasses
import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]

from ledger.acts.kinds import ACTS
from ledger.documents.canonical import Json, JsonObject
from ledger.documents.kinds import KIND_OF, KINDS, License, read_subject
from ledger.documents.schema import FOLDER, schema_text
from ledger.errors import InvalidField

HASH = "0x" + "5a" * 32
PARTY: JsonObject = {"organization": 4, "name": "Kwaya University", "address": {"country": "GH"}}
ENTRY: JsonObject = {"list": "EU 2021/821 Annex I", "version": "2025/2003", "code": "3A233.a"}
LINE: JsonObject = {
    "description": "Mass spectrometer",
    "controlEntries": [{**ENTRY, "textHash": HASH}],
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
    "fingerprint": HASH,
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
    "number": "NL-1",
    "licenseKind": "individual",
    "issuedOn": "2026-01-01",
    **DATES,
}

GOOD: dict[str, tuple[str, JsonObject]] = {
    "profile": ("OrganizationProfile", {"name": "Kwaya", "address": {"country": "GH"}}),
    "certificate": (
        "EndUseCertificate",
        {
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
            "license": HASH,
            "exporter": PARTY,
            "endUser": PARTY,
            "mode": "air",
            "lines": [{**LINE, "line": 0, "serials": ["MS-1"]}],
            "seals": ["A1"],
            "sealSalt": HASH,
            "placeSalt": HASH,
        },
    ),
    "refusal": (
        "Refusal",
        {
            "application": HASH,
            "lines": [0],
            "reasons": [
                {"criterion": "arms7", "text": "Diversion"},
                {"criterion": "dualUseD", "text": "The end-user does not exist."},
            ],
            "appealBy": "2026-03-01",
        },
    ),
    "handoff report": ("HandoffReport", {"shipment": HASH, "lines": [{"line": 0, "counted": 47}]}),
    "delivery verification": (
        "DeliveryVerification",
        {
            "certificate": HASH,
            "arrivedOn": "2026-04-01",
            "issuer": {"agency": "Customs Division", "country": "GH", "sealed": True},
            "lines": [{"line": 0, "counted": 1, "licenseDescription": "Mass spectrometer", "unit": "NAR"}],
            "remainder": "allShipped",
        },
    ),
    "discrepancy report": (
        "DiscrepancyReport",
        {"lines": [{"line": 0, "difference": "shortage", "expected": 48, "found": 47}], "evidence": [HASH]},
    ),
    "screening report": (
        "ScreeningReport",
        {
            "screenedAt": 1767225600,
            "method": "names, 1",
            "threshold": 850,
            "lists": [{"list": "UN", "version": "2026-01-01", "fileHash": HASH, "entries": 1000}],
            "parties": [
                {
                    "party": {**PARTY, "role": "endUser"},
                    "outcome": "falsePositive",
                    "hits": [{"list": "UN", "entry": "QDi.1", "name": "Kwaya", "score": 900, "reason": "Town"}],
                }
            ],
        },
    ),
    "policy": (
        "Policy",
        {
            "title": "Individual licenses",
            "authority": PARTY,
            "licenseKind": "individual",
            "adoptedOn": "2026-01-01",
            "controlLists": [{"list": "EU 2021/821 Annex I", "version": "2025/2003", "textHash": HASH}],
        },
    ),
    "statement": (
        "Statement",
        {"topic": "loss", "occurredAt": 1, "country": "NL", "lines": [{"line": 0, "counted": 47}]},
    ),
}

WITHOUT_END_USE = {name: value for name, value in GOOD["license"][1].items() if name != "endUse"}
BAD: dict[str, tuple[str, JsonObject, str]] = {
    "an unknown field": ("Statement", {**GOOD["statement"][1], "mood": "good"}, "mood"),
    "a name in snake_case": ("Statement", {"topic": "loss", "occurred_at": 1}, ""),
    "null for absent": ("Statement", {**GOOD["statement"][1], "place": None}, ""),
    "a negative count": (
        "Statement",
        {**GOOD["statement"][1], "lines": [{"line": 0, "counted": -1}]},
        "lines[0].counted",
    ),
    "true for 1": (
        "Statement",
        {**GOOD["statement"][1], "lines": [{"line": 0, "counted": True}]},
        "lines[0].counted",
    ),
    "digits for a number": ("Statement", {**GOOD["statement"][1], "occurredAt": "1"}, "occurredAt"),
    "a country in small letters": ("Statement", {**GOOD["statement"][1], "country": "nl"}, "country"),
    "an empty text": ("Statement", {**GOOD["statement"][1], "text": ""}, "text"),
    "a text with NUL": ("Statement", {**GOOD["statement"][1], "text": "a\0b"}, "text"),
    "an unknown topic": ("Statement", {**GOOD["statement"][1], "topic": "party"}, "topic"),
    "a hash in capitals": ("Statement", {**GOOD["statement"][1], "about": HASH.upper()}, "about"),
    "a country that does not exist": ("Statement", {**GOOD["statement"][1], "country": "XX"}, "country"),
    "no country where there must be one": ("Statement", {**GOOD["statement"][1], "country": "ZZ"}, "country"),
    "a unit that does not exist": (
        "License",
        {**GOOD["license"][1], "lines": [{**LINE, "unit": "PCS"}]},
        "lines[0].unit",
    ),
    "a deleted unit": ("License", {**GOOD["license"][1], "lines": [{**LINE, "unit": "05"}]}, "lines[0].unit"),
    "a package that does not exist": (
        "Manifest",
        {**GOOD["manifest"][1], "packages": [{"marks": "1", "packageCode": "OO", "count": 1}]},
        "packages[0].packageCode",
    ),
    "a criterion that does not exist": (
        "Refusal",
        {**GOOD["refusal"][1], "reasons": [{"criterion": "arms9", "text": "Diversion"}]},
        "reasons[0].criterion",
    ),
    "a control-list entry without the hash of its text": (
        "License",
        {**GOOD["license"][1], "lines": [{**LINE, "controlEntries": [ENTRY]}]},
        "lines[0].controlEntries[0].textHash",
    ),
    "a salt of its own": ("Statement", {**GOOD["statement"][1], "salt": HASH}, "salt"),
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


def test_an_address_may_say_that_its_country_is_not_told() -> None:
    profile: JsonObject = {"name": "Parties that the register does not name", "address": {"country": "ZZ"}}
    assert read_subject("OrganizationProfile", profile).to_json() == profile


def test_every_kind_fits_some_act() -> None:
    assert {kind for kinds in KIND_OF.values() for kind in kinds} == set(KINDS)


def test_the_acts_that_name_a_document_are_those_that_some_kind_fits() -> None:
    places = {"document", "profile", "control_list"}
    named = {name for name, act in ACTS.items() if places & {field.name for field in dataclasses.fields(act)}}
    assert set(KIND_OF) == named
