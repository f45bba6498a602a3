"""The lint of certificates over HTTP: how a question comes in, how findings and rules are shown.

Nothing that is asked about is kept or logged.
"""

from typing import Annotated

from fastapi import Depends, Query, Request
from pydantic import Field

from api.description import Schema
from api.parsing import read_body, strict_json
from api.records import Shown
from ledger.documents.canonical import MAX_BYTES, Json
from ledger.documents.end_use import Severity
from ledger.lint.check import MOST_APPLICATIONS
from ledger.lint.profiles import PROFILES, profile_named

Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", examples=["2026-11-22"])]


class Finding(Shown):
    """A broken rule: where, what stands there, what is wanted, and the article that wants it."""

    rule: Annotated[str, Field(examples=["E15"])]
    severity: Severity
    field: Annotated[str, Field(description="RFC 6901 pointer into the certificate.", examples=["/signatory/title"])]
    found: Annotated[str, Field(examples=["nothing"])]
    wanted: str
    source: Annotated[str, Field(examples=["15 CFR 748.11(b)(5)(ii)"])]


class CertificateCheck(Shown):
    """Everything that was found, blocking first; `blocking` counts these."""

    profile: str
    version: str
    as_of: Day
    blocking: int
    findings: list[Finding]


class ProfileRule(Shown):
    """A rule as a profile demands it; `asks` completes "A certificate ..."."""

    rule: str
    asks: str
    severity: Severity
    source: str


class ProfileRules(Shown):
    """A profile with its rules; a certificate on one of `forms` is checked under it unless asked otherwise."""

    profile: str
    title: str
    version: str
    forms: list[str]
    rules: list[ProfileRule]


class RuleList(Shown):
    """The profiles of the lint."""

    items: list[ProfileRules]


def rule_list(profile: str | None) -> RuleList:
    """The rules of one profile, or of all. Raises InvalidField."""
    chosen = PROFILES.values() if profile is None else [profile_named(profile)]
    return RuleList.of({"items": [one.to_json() for one in chosen]})


async def _check_body(request: Request) -> Json:
    return strict_json(await read_body(request, MAX_BYTES))


CheckBody = Annotated[Json, Depends(_check_body)]
ProfileName = Annotated[str | None, Query(description=f"One of {', '.join(PROFILES)}.", max_length=100)]
_APPLICATION: Schema = {"type": "object", "description": "Its fields (/v1/schemas/Application), or a whole document."}
CHECK_BODY: Schema = {
    "requestBody": {
        "required": True,
        "description": "A certificate, and what it is to back.",
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "certificate": {
                            "type": "object",
                            "description": "Its fields (/v1/schemas/EndUseCertificate), any of which may be missing;"
                            " or a document, {credential, disclosures}, with every field shown.",
                        },
                        "applications": {"type": "array", "items": _APPLICATION, "maxItems": MOST_APPLICATIONS},
                        "profile": {"type": "string", "enum": list(PROFILES)},
                        "asOf": {"type": "string", "format": "date", "description": "Day of use; today if left out."},
                        "firstUsed": {
                            "type": "string",
                            "format": "date",
                            "description": "Day of the first application that it supported, if it supported one.",
                        },
                    },
                    "required": ["certificate"],
                    "additionalProperties": False,
                }
            }
        },
    }
}
"""The question, for the description."""
