"""Certificates for the lint: a complete good one for each profile, and for each rule what breaks that rule alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from ledger.lint.check import check
from ledger.lint.findings import Lint
from ledger.lint.reading import application_in, certificate_in

AS_OF = date(2026, 6, 1)
HASH = "0x" + "5a" * 32


def party(number: int, name: str, country: str, locality: str) -> dict[str, Any]:
    address = {"street": f"{number} Market Road", "locality": locality, "country": country}
    return {"organization": number, "name": name, "address": address}


def entry(code: str, version: str = "2024/2547") -> dict[str, Any]:
    return {"list": "EU 2021/821 Annex I", "version": version, "textHash": HASH, "code": code}


def signature(role: str, name: str) -> dict[str, Any]:
    return {"role": role, "name": name, "title": "Director", "signedOn": "2026-02-01", "level": "wet"}


EXPORTER = party(2, "Deltalens Instruments B.V.", "NL", "Delft")
CONSIGNEE = party(3, "Tema Clearing House", "GH", "Tema")
END_USER = party(4, "Kwaya University", "GH", "Kumasi")
ULTIMATE = party(5, "Volta Wildlife Trust", "GH", "Ho")
LINE = {
    "description": "Thermal camera, uncooled",
    "partNumber": "DL-60",
    "controlEntries": [entry("6A003.b.4.b")],
    "unit": "NAR",
    "decimals": 0,
    "quantity": 12,
    "value": {"minorUnits": 10_080_000, "currency": "USD"},
}
CERTIFICATE: dict[str, Any] = {
    "reference": {"scheme": "end-use certificate", "number": "GH-EUC-7", "date": "2026-02-03"},
    "language": "en",
    "letterhead": True,
    "issuer": {"agency": "Ministry of Trade", "country": "GH", "officer": "E. Adjei", "sealed": True},
    "signatory": {
        "name": "Abena Owusu",
        "title": "Registrar",
        "authority": "Registrar under the university's statutes, controls its equipment",
    },
    "signedOn": "2026-02-01",
    "validFrom": "2026-02-01",
    "validThrough": "2027-01-31",
    "exporter": EXPORTER,
    "purchaser": CONSIGNEE,
    "consignee": CONSIGNEE,
    "endUser": END_USER,
    "lines": [LINE],
    "destination": "GH",
    "placeOfUse": "Field station at Mole",
    "endUse": "Counting of animals at night",
    "useCategory": "capital",
    "assurances": [
        "noReexport",
        "noOtherEndUser",
        "noChemicalWeapons",
        "noWeaponsOfMassDestruction",
        "notifyChange",
        "deliveryVerification",
    ],
    "businessNature": "University",
    "relationshipYears": 6,
    "contract": {"scheme": "order", "number": "4711", "date": "2025-11-05"},
}
APPLICATION: dict[str, Any] = {
    "reference": "2026/17",
    "licenseKind": "individual",
    "exporter": EXPORTER,
    "parties": [{**END_USER, "role": "endUser"}, {**CONSIGNEE, "role": "consignee"}],
    "lines": [LINE],
    "destinations": ["GH"],
    "endUse": "counting of animals, at night",
    "references": [{"scheme": "import certificate", "number": "GH-EUC-7"}],
}
SIGNED = [
    signature("endUser", "Abena Owusu"),
    signature("consignee", "Kojo Antwi"),
    signature("exporter", "Jan de Boer"),
    signature("government", "E. Adjei"),
]


@dataclass
class Asked:
    """A question to the lint that faults are put into."""

    profile: str
    certificate: dict[str, Any]
    applications: list[dict[str, Any]] = field(default_factory=list)
    as_of: date = AS_OF
    first_used: date | None = None

    def put(self, pointer: str, value: object) -> Asked:
        *path, last = [int(step) if step.isdigit() else step for step in pointer.split("/")[1:]]
        target: Any = self.certificate
        for step in path:
            target = target[step]
        if value is None:
            target.pop(last, None)
        else:
            target[last] = value
        return self

    def under(self, profile: str) -> Asked:
        return replace(self, profile=profile)

    def lint(self) -> Lint:
        return check(
            certificate_in(self.certificate),
            applications=[application_in(each) for each in self.applications],
            profile=self.profile,
            as_of=self.as_of,
            first_used=self.first_used,
        )


def rules(lint: Lint) -> list[str]:
    return [finding.rule for finding in lint.findings]


def to_china() -> dict[str, Any]:
    end_user = party(14, "Harbin Observatory", "CN", "Harbin")
    return {
        "form": "PRC End-User Statement",
        "language": "zh",
        "translation": {"of": "zh", "certifiedBy": "Deltalens Instruments B.V."},
        "issuer": {"agency": "Ministry of Commerce (MOFCOM)", "country": "CN", "officer": "Li Wei", "sealed": True},
        "endUser": end_user,
        "destination": "CN",
    }


OWN: dict[str, dict[str, Any]] = {
    "general": {},
    "bis-statement": {"form": "BIS-711"},
    "dsp-83": {"form": "DSP-83", "signatures": SIGNED},
    "uk-undertaking": {"form": "EUSU"},
    "prc-statement": to_china(),
    "cwc-schedule-3": {"form": "CWC End-Use Certificate"},
    "firearms-certificate": {"form": "Firearms import certificate"},
}
"""What the good certificate of a profile says otherwise."""


def good(profile: str) -> Asked:
    """A complete certificate of that profile and the application that it backs."""
    certificate, application = json.loads(json.dumps([CERTIFICATE | OWN[profile], APPLICATION]))
    application["parties"][0] = {**certificate["endUser"], "role": "endUser"}
    application["destinations"] = [certificate["destination"]]
    return Asked(profile, certificate, [application])


def put(*changes: tuple[str, object], alone: bool = False) -> Callable[[Asked], Asked]:
    """Puts values into the certificate, None takes out; `alone`: there is no application yet."""

    def fault(asked: Asked) -> Asked:
        for pointer, value in changes:
            asked.put(pointer, deepcopy(value))
        if alone:
            asked.applications = []
        return asked

    return fault


def applied(*changes: tuple[str, object]) -> Callable[[Asked], Asked]:
    """Puts values into the application."""

    def fault(asked: Asked) -> Asked:
        inner = Asked("", asked.applications[0])
        for pointer, value in changes:
            inner.put(pointer, deepcopy(value))
        return asked

    return fault


def without(pointer: str) -> Callable[[Asked], Asked]:
    return put((pointer, None))


def unassured(name: str) -> Callable[[Asked], Asked]:
    def fault(asked: Asked) -> Asked:
        asked.certificate["assurances"].remove(name)
        return asked

    return fault


def unsigned(role: str) -> Callable[[Asked], Asked]:
    def fault(asked: Asked) -> Asked:
        asked.certificate["signatures"] = [each for each in asked.certificate["signatures"] if each["role"] != role]
        return asked

    return fault


def used_before(asked: Asked) -> Asked:
    """Signed more than four years ago, first used in time."""
    asked.first_used = date(2022, 6, 30)
    return put(("/signedOn", "2022-05-31"), ("/validFrom", None), ("/contract", None))(asked)


def another_line(asked: Asked) -> Asked:
    other = {**LINE, "description": "Tripod", "partNumber": "TR-1", "controlEntries": [entry("6A003.a")]}
    asked.applications[0]["lines"].append(other)
    return asked


def two_applications(asked: Asked) -> Asked:
    asked.applications[0]["lines"][0]["quantity"] = 6
    second = deepcopy(asked.applications[0])
    asked.applications.append({**second, "reference": "2026/18"})
    return asked


def single_for_two(asked: Asked) -> Asked:
    return put(("/multiUse", "single"))(two_applications(asked))


OTHER = party(9, "Somebody Else Ltd", "GH", "Accra")
ONWARD = {"products": "Camera traps", "onward": ["TG"]}
FAULTS: dict[str, Callable[[Asked], Asked]] = {
    "E01": without("/reference"),
    "E02": without("/signedOn"),
    "E03": without("/reference/date"),
    "E04": without("/validThrough"),
    "E05": without("/issuer"),
    "E06": without("/issuer/officer"),
    "E07": put(("/issuer/sealed", False)),
    "E08": without("/exporter"),
    "E09": without("/exporter/address/street"),
    "E10": without("/purchaser"),
    "E11": without("/consignee"),
    "E12": without("/endUser"),
    "E13": without("/endUser/address/street"),
    "E14": without("/signatory"),
    "E15": without("/signatory/title"),
    "E16": without("/signatory/authority"),
    "E17": put(("/lines", []), alone=True),
    "E18": put(("/lines/0/quantity", 0), alone=True),
    "E19": without("/lines/0/value"),
    "E20": put(("/lines/0/value/currency", "CNY")),
    "E21": without("/contract"),
    "E22": without("/destination"),
    "E23": without("/issuer/country"),
    "E24": without("/endUse"),
    "E25": without("/useCategory"),
    "E26": put(("/useCategory", "processed"), ("/ultimateEndUser", ULTIMATE)),
    "E27": without("/businessNature"),
    "E28": without("/relationshipYears"),
    "E29": without("/language"),
    "E30": unassured("noReexport"),
    "E31": unassured("noOtherEndUser"),
    "E32": unassured("noChemicalWeapons"),
    "E33": unassured("noWeaponsOfMassDestruction"),
    "E34": unassured("notifyChange"),
    "E35": without("/placeOfUse"),
    "E36": unassured("deliveryVerification"),
    "D01": put(("/signedOn", "2026-06-02"), ("/validFrom", None)),
    "D02": put(("/validThrough", "2026-01-31")),
    "D03": put(("/validFrom", "2026-01-31")),
    "D04": put(("/validThrough", "2026-05-31")),
    "D05": put(("/validFrom", "2026-06-02")),
    "D06": put(("/firstUseBy", "2026-09-01"), ("/lastUseBy", "2026-08-31")),
    "D07": put(("/lastUseBy", "2026-05-31")),
    "D08": put(("/signedOn", "2025-05-31"), ("/validFrom", None), ("/contract", None)),
    "D09": used_before,
    "D10": put(("/signedOn", "2025-11-30")),
    "D11": put(("/importBy", "2026-05-31")),
    "D12": put(("/contract/date", "2026-02-02")),
    "P01": put(("/endUser/organization", 2), alone=True),
    "P02": put(("/consignee/organization", 2), ("/purchaser/organization", 2), alone=True),
    "P03": without("/exporter/address/locality"),
    "P04": put(("/placeOfUse", "To be advised.")),
    "P05": put(("/endUser/address/country", "TG")),
    "P06": put(("/useCategory", "resold"), ("/incorporation", ONWARD)),
    "P07": put(("/incorporation", ONWARD)),
    "P08": put(("/exporter/address/country", "ZZ")),
    "S01": put(("/form", "Questionnaire"), ("/letterhead", None)),
    "S02": put(("/form", "DSP-5")),
    "S03": without("/letterhead"),
    "S04": unsigned("exporter"),
    "S05": unsigned("government"),
    "S06": put(("/purchaser", OTHER), ("/signatures", [signature("consignee", "Kojo Antwi")])),
    "S07": put(("/purchaser", OTHER), ("/form", None)),
    "S08": put(("/signatory/authority", "Power of Attorney of 3 May")),
    "S09": put(("/corrections", "Quantity changed by hand from 2 to 12")),
    "S10": put(("/language", "fr"), ("/translation", None)),
    "S11": put(("/issuer/country", "TG")),
    "S12": put(("/destination", "HK"), ("/endUser/address/country", "HK"), alone=True),
    "S13": put(("/issuer/agency", "Ministry of Trade")),
    "G01": put(("/lines/0/unit", "TON"), alone=True),
    "G02": without("/lines/0/controlEntries"),
    "G03": put(("/lines/0/serials", [f"DL-{number}" for number in range(13)])),
    "A01": applied(("/exporter/organization", 9)),
    "A02": applied(("/parties/0/organization", 9)),
    "A03": applied(("/parties/1/organization", 9)),
    "A04": applied(("/destinations", ["TG"])),
    "A05": another_line,
    "A06": applied(("/lines/0/unit", "KGM")),
    "A07": applied(("/lines/0/quantity", 13)),
    "A08": applied(("/lines/0/controlEntries", [entry("6A003.b.4.c")])),
    "A09": applied(("/lines/0/controlEntries", [entry("6A003.b.4.b", "2023/66")])),
    "A10": applied(("/endUse", "Border surveillance")),
    "A11": applied(("/lines/0/quantity", None)),
    "A12": applied(("/references", None)),
    "A13": single_for_two,
    "A14": two_applications,
    "S14": put(("/lines/0/unit", "TON"), ("/lint", {"profile": "general", "version": "0"}), alone=True),
}
"""By rule: what breaks it and nothing else, in the good certificate of any profile that demands it."""
BESIDES = {"S14": {"G01"}}
"""What must be broken as well, because the rule speaks of other findings."""
