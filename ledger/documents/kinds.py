"""The kinds of documents and the fields each has in its credentialSubject.

Says what a document may state, not whether it is true and not what the ledger allows: amounts here are
compared with the chain by the verifier. Field lists follow the boxes of official license forms and the
union of elements of end-use certificates. `id` and `type` are no field names, JSON-LD keeps them.

Every subject is salted: its commitment tells nothing to somebody who guesses the content.
"""

from typing import Literal, Self

from pydantic import ConfigDict, Field, model_validator

from ledger.documents.canonical import Json
from ledger.documents.forms import Country, Day, Hex32, Language, Name, Salted, Seconds, Text
from ledger.documents.parts import (
    Amount,
    CountedGoods,
    CountedLine,
    LicensedGoods,
    ManifestLine,
    Package,
    Party,
    PartyInRole,
    PostalAddress,
    Reason,
    Reference,
    RegisterRow,
    Signatory,
)
from ledger.errors import InvalidField

LicenseKind = Literal["individual", "open", "general", "temporary", "retransfer", "reexport", "transit", "brokering"]
UseCategory = Literal["capital", "processed", "resold", "reexported", "other"]
Assurance = Literal[
    "noReexport",
    "noOtherEndUser",
    "noChemicalWeapons",
    "noWeaponsOfMassDestruction",
    "noMilitaryUse",
    "onSiteVerification",
    "newForOld",
    "notifyChange",
    "deliveryVerification",
    "noAlteration",
]
Mode = Literal["road", "rail", "sea", "inlandWaterway", "air", "post", "pipeline", "own", "intangible"]
Event = Literal["handoff", "departure", "clearance", "delivery", "discrepancy", "loss", "serials", "statement"]
SealState = Literal["intact", "broken", "replaced", "missing", "none"]


class OrganizationProfile(Salted):
    """Who an organization is (RegisterOrganization, RecordParty, RenameOrganization)."""

    name: Name
    address: PostalAddress
    other_names: tuple[Name, ...] = Field(default=(), max_length=32)
    references: tuple[Reference, ...] = Field(default=(), max_length=16)
    website: Name | None = None
    contact: Text | None = None


class EndUseCertificate(Salted):
    """What the end-user undertakes. `paper` is the SHA-256 of the scan it was recorded from."""

    form: Name | None = None
    reference: Reference | None = None
    signed_on: Day
    valid_from: Day
    valid_through: Day
    signatory: Signatory
    exporter: Party
    end_user: Party
    parties: tuple[PartyInRole, ...] = Field(default=(), max_length=16)
    lines: tuple[CountedGoods, ...] = Field(min_length=1, max_length=32)
    destination: Country
    place_of_use: Text | None = None
    end_use: Text
    use_category: UseCategory
    assurances: tuple[Assurance, ...] = Field(default=(), max_length=16)
    contract: Reference | None = None
    issuing_agency: Name | None = None
    language: Language | None = None
    translation_certified_by: Name | None = None
    paper: Hex32 | None = None


class Application(Salted):
    """What the exporter asks for. `refused` is the record of the application an appeal is about."""

    reference: Name
    license_kind: LicenseKind
    exporter: Party
    parties: tuple[PartyInRole, ...] = Field(default=(), max_length=16)
    lines: tuple[LicensedGoods, ...] = Field(min_length=1, max_length=32)
    destinations: tuple[Country, ...] = Field(min_length=1, max_length=256)
    via: tuple[Country, ...] = Field(default=(), max_length=16)
    origin: Country | None = None
    value: Amount | None = None
    end_use: Text
    valid_from: Day | None = None
    valid_through: Day | None = None
    return_by: Day | None = None
    contract: Reference | None = None
    refused: Hex32 | None = None


class License(Salted):
    """What the authority allows: either in full, or as a row of a register kept elsewhere."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [
                {"required": ["registerRow"]},
                {"required": ["exporter", "lines", "destinations", "endUse"]},
            ]
        }
    )

    number: Name
    license_kind: LicenseKind
    issued_on: Day
    valid_from: Day
    valid_through: Day
    exporter: Party | None = None
    parties: tuple[PartyInRole, ...] = Field(default=(), max_length=16)
    lines: tuple[LicensedGoods, ...] | None = Field(default=None, min_length=1, max_length=32)
    destinations: tuple[Country, ...] | None = Field(default=None, min_length=1, max_length=256)
    via: tuple[Country, ...] = Field(default=(), max_length=16)
    origin: Country | None = None
    value: Amount | None = None
    end_use: Text | None = None
    return_by: Day | None = None
    conditions: tuple[Text, ...] = Field(default=(), max_length=64)
    contract: Reference | None = None
    register_row: RegisterRow | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        full = self.exporter and self.lines and self.destinations and self.end_use
        if not full and not self.register_row:
            raise ValueError("registerRow, or all of exporter, lines, destinations and endUse")
        return self


class Manifest(Salted):
    """What travels. The seal and place salts reach the receiver here, so that it can commit to the same."""

    license: Hex32
    exporter: Party
    end_user: Party
    parties: tuple[PartyInRole, ...] = Field(default=(), max_length=16)
    mode: Mode
    lines: tuple[ManifestLine, ...] = Field(min_length=1, max_length=32)
    packages: tuple[Package, ...] = Field(default=(), max_length=256)
    references: tuple[Reference, ...] = Field(default=(), max_length=32)
    seals: tuple[Name, ...] = Field(default=(), max_length=64)
    seal_salt: Hex32
    place_salt: Hex32


class Report(Salted):
    """What somebody saw or says. `evidence` are SHA-256 hashes of files: photographs, proofs of delivery."""

    event: Event
    occurred_at: Seconds | None = None
    place: Text | None = None
    country: Country | None = None
    counterparty: Party | None = None
    seals: tuple[Name, ...] = Field(default=(), max_length=64)
    seal_state: SealState | None = None
    lines: tuple[CountedLine, ...] = Field(default=(), max_length=32)
    references: tuple[Reference, ...] = Field(default=(), max_length=32)
    evidence: tuple[Hex32, ...] = Field(default=(), max_length=64)
    text: Text | None = None


class Refusal(Salted):
    """Why an application was refused, and until when the exporter may appeal."""

    application: Hex32
    reasons: tuple[Reason, ...] = Field(min_length=1, max_length=32)
    legal_basis: Text | None = None
    appeal_by: Day | None = None


KINDS: dict[str, type[Salted]] = {
    kind.__name__: kind
    for kind in (OrganizationProfile, EndUseCertificate, Application, License, Manifest, Report, Refusal)
}
"""Every kind of document by its name, which is its type in the credential."""


def read_subject(kind: str, subject: Json) -> Salted:
    """The credentialSubject of a document of `kind`.

    Raises:
        InvalidField: an unknown kind, or a field that does not fit, with its path.
    """
    form = KINDS.get(kind)
    if form is None:
        raise InvalidField("document.type[1]", kind, f"one of {', '.join(KINDS)}")
    return form.read(subject, "document.credentialSubject")
