"""The end-use certificate: what the end-user undertakes, in the union of the elements that official forms ask for.

Says what a certificate may state, not what a form demands of it: that is `ledger.lint`. Few fields are required, as a
paper certificate is recorded as it is; a draft may lack even these, so that its faults can be named before anyone
signs. What the ledger knows by itself (status, what is granted, whether it was used) is no field.
"""

from typing import Annotated, Literal

from pydantic import Field

from ledger.documents.forms import Country, Day, Form, Hex32, Language, Name, Text, Unit
from ledger.documents.parts import CountedGoods, Party, PartyInRole, Reference

UseCategory = Literal["capital", "processed", "resold", "reexported", "other"]
"""The five options of a BIS statement: used as it is, processed or incorporated, resold, reexported, something else."""
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
SigningRole = Literal["exporter", "purchaser", "consignee", "endUser", "government"]
SignatureLevel = Literal["wet", "AdES", "QES", "EIP-712"]
Severity = Literal["blocking", "warning", "note"]


class Signatory(Form):
    """The responsible official who signs, and what gives the power to bind and to control the goods' use."""

    name: Name
    title: Name | None = None
    authority: Text | None = None


class Signature(Form):
    """A signature that the form bears or is to bear; EIP-712: by an act on the ledger, which comes after.

    `key` is the SHA-256 of the signer's certificate, or the account as a word.
    """

    role: SigningRole
    name: Name
    title: Name | None = None
    signed_on: Day | None = None
    level: SignatureLevel | None = None
    key: Hex32 | None = None


class Agency(Form):
    """The government's agency that issued the certificate, its officer, and whether its seal is affixed."""

    agency: Name
    country: Country | None = None
    officer: Name | None = None
    sealed: bool | None = None


class Incorporation(Form):
    """What the goods become part of, and the countries where that, or the goods themselves, may go."""

    products: Text | None = None
    onward: tuple[Country, ...] = Field(min_length=1, max_length=256)


class Translation(Form):
    """A translation into English, from which language, and who certifies it."""

    of: Language
    certified_by: Name | None = None


class DraftGoods(CountedGoods):
    """A line that the end-user is to receive; its unit may be a code of another list, so that this can be named."""

    unit: Annotated[str, Field(pattern=r"^[A-Z0-9]{2,3}$")]
    serials: tuple[Name, ...] = Field(default=(), max_length=256)


class CertifiedGoods(DraftGoods):
    """A line that the end-user undertakes to receive."""

    unit: Unit


class CarriedFinding(Form):
    """A broken rule of the lint, by its number."""

    rule: Name
    severity: Severity


class CarriedLint(Form):
    """What the lint found before the certificate was signed: it stays with what is signed."""

    profile: Name
    version: Name
    findings: tuple[CarriedFinding, ...] = Field(default=(), max_length=256)


class DraftCertificate(Form):
    """A certificate before it is signed: any field may be missing, and units may be unknown."""

    form: Name | None = None
    """What it is written on: BIS-711, DSP-83, EUSU."""
    version: Name | None = None
    """Of the form."""
    letterhead: bool | None = None
    jurisdiction: Country | None = None
    """Whose rules it is made for."""
    language: Language | None = None
    reference: Reference | None = None
    """The certificate's own number and date of issue."""
    issuer: Agency | None = None
    signatory: Signatory | None = None
    signed_on: Day | None = None
    valid_from: Day | None = None
    valid_through: Day | None = None
    first_use_by: Day | None = None
    last_use_by: Day | None = None
    import_by: Day | None = None
    multi_use: Literal["single", "pool"] | None = None
    """For one application, or for any until the quantities are used up."""
    supersedes: Hex32 | None = None
    """Record of the certificate that this one corrects."""
    exporter: Party | None = None
    purchaser: Party | None = None
    consignee: Party | None = None
    end_user: Party | None = None
    ultimate_end_user: Party | None = None
    government: Party | None = None
    parties: tuple[PartyInRole, ...] = Field(default=(), max_length=16)
    lines: tuple[DraftGoods, ...] = Field(default=(), max_length=32)
    destination: Country | None = None
    place_of_use: Text | None = None
    end_use: Text | None = None
    use_category: UseCategory | None = None
    incorporation: Incorporation | None = None
    assurances: tuple[Assurance, ...] = Field(default=(), max_length=16)
    waivers: tuple[Text, ...] = Field(default=(), max_length=16)
    """What the authority exempts from the assurances."""
    business_nature: Text | None = None
    """Of the purchaser or consignee."""
    relationship_years: Annotated[int, Field(ge=0, le=1000)] | None = None
    """For which the exporter knows it."""
    translation: Translation | None = None
    contract: Reference | None = None
    paper: Hex32 | None = None
    """SHA-256 of the scan that it was recorded from."""
    corrections: Text | None = None
    """What was changed on the paper after it was signed, as its recorder sees it."""
    signatures: tuple[Signature, ...] = Field(default=(), max_length=16)
    lint: CarriedLint | None = None


class EndUseCertificate(DraftCertificate):
    """What the end-user undertakes."""

    exporter: Party
    end_user: Party
    lines: tuple[CertifiedGoods, ...] = Field(min_length=1, max_length=32)
