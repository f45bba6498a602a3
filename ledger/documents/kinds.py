"""The kinds of documents and the fields each has in its credentialSubject.

Says what a document may state, not whether it is true and not what the ledger allows: amounts here are
compared with the chain by the verifier. Field lists follow the boxes of official license forms and the
union of elements of end-use certificates. `id` and `type` are no field names, JSON-LD keeps them.
"""

from typing import Literal, Self

from pydantic import ConfigDict, Field, model_validator

from ledger.documents.canonical import Json
from ledger.documents.end_use import EndUseCertificate
from ledger.documents.forms import Country, Day, Form, Hex32, Line, Name, Text
from ledger.documents.parts import (
    Amount,
    ControlList,
    LicensedGoods,
    ManifestLine,
    Package,
    Party,
    PartyInRole,
    PostalAddress,
    Reason,
    Reference,
    RegisterRow,
)
from ledger.documents.reports import (
    DeliveryVerification,
    DiscrepancyReport,
    HandoffReport,
    ScreeningReport,
    Statement,
)
from ledger.errors import InvalidField

LicenseKind = Literal["individual", "open", "general", "temporary", "retransfer", "reexport", "transit", "brokering"]
Mode = Literal["road", "rail", "sea", "inlandWaterway", "air", "post", "pipeline", "own", "intangible"]


class OrganizationProfile(Form):
    """Who an organization is (RegisterOrganization, RecordParty, RenameOrganization)."""

    name: Name
    address: PostalAddress
    other_names: tuple[Name, ...] = Field(default=(), max_length=32)
    references: tuple[Reference, ...] = Field(default=(), max_length=16)
    website: Name | None = None
    contact: Text | None = None


class Policy(Form):
    """What an authority asks of exports under one kind of license; its numbers stand in the act that adopts it."""

    title: Name
    authority: Party
    license_kind: LicenseKind
    adopted_on: Day
    control_lists: tuple[ControlList, ...] = Field(min_length=1, max_length=16)
    legal_basis: Text | None = None
    exemptions: tuple[Text, ...] = Field(default=(), max_length=32)
    text: Text | None = None


class _Transaction(Form):
    """The boxes that an application and a license share.

    `agent` represents the exporter; `location` is where the goods are or will be; `customs_office` is where they are to
    enter the export procedure, `customs_procedure` which one it is. `references` are numbers of the certificates and
    permits behind it (15 CFR 748.12(e)(3)(i)).
    """

    exporter_contact: Text | None = None
    agent: Party | None = None
    parties: tuple[PartyInRole, ...] = Field(default=(), max_length=16)
    via: tuple[Country, ...] = Field(default=(), max_length=16)
    origin: Country | None = None
    exported_from: Country | None = None
    location: Text | None = None
    customs_office: Name | None = None
    customs_procedure: Name | None = None
    value: Amount | None = None
    return_by: Day | None = None
    contract: Reference | None = None
    references: tuple[Reference, ...] = Field(default=(), max_length=16)


class Application(_Transaction):
    """What the exporter asks for. `refused` is the record of the application an appeal is about."""

    reference: Name
    license_kind: LicenseKind
    exporter: Party
    lines: tuple[LicensedGoods, ...] = Field(min_length=1, max_length=32)
    destinations: tuple[Country, ...] = Field(min_length=1, max_length=256)
    end_use: Text
    valid_from: Day | None = None
    valid_through: Day | None = None
    refused: Hex32 | None = None


class License(_Transaction):
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
    application_number: Name | None = None
    applicant_reference: Name | None = None
    license_kind: LicenseKind
    authority: Party | None = None
    issued_on: Day
    valid_from: Day
    valid_through: Day
    exporter: Party | None = None
    lines: tuple[LicensedGoods, ...] | None = Field(default=None, min_length=1, max_length=32)
    destinations: tuple[Country, ...] | None = Field(default=None, min_length=1, max_length=256)
    end_use: Text | None = None
    conditions: tuple[Text, ...] = Field(default=(), max_length=64)
    register_row: RegisterRow | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        full = self.exporter and self.lines and self.destinations and self.end_use
        if not full and not self.register_row:
            raise ValueError("registerRow, or all of exporter, lines, destinations and endUse")
        return self


class Manifest(Form):
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


class Refusal(Form):
    """Why an application was refused, all of it or only `lines`, and until when the exporter may appeal."""

    application: Hex32
    decided_on: Day | None = None
    lines: tuple[Line, ...] = Field(default=(), max_length=32)
    reasons: tuple[Reason, ...] = Field(min_length=1, max_length=32)
    legal_basis: Text | None = None
    appeal_by: Day | None = None


KINDS: dict[str, type[Form]] = {
    kind.__name__: kind
    for kind in (
        OrganizationProfile,
        Policy,
        EndUseCertificate,
        Application,
        License,
        Refusal,
        Manifest,
        HandoffReport,
        DeliveryVerification,
        DiscrepancyReport,
        ScreeningReport,
        Statement,
    )
}
"""Every kind of document by its name, which is its type in the credential."""

KIND_OF: dict[str, tuple[str, ...]] = {
    "RegisterOrganization": ("OrganizationProfile",),
    "RecordParty": ("OrganizationProfile",),
    "RenameOrganization": ("OrganizationProfile",),
    "RecoverOrganization": ("Statement",),
    "AdoptPolicy": ("Policy",),
    "SignCertificate": ("EndUseCertificate",),
    "RecordCertificate": ("EndUseCertificate",),
    "CosignCertificate": ("EndUseCertificate", "Statement"),
    "VerifyCertificate": ("Statement",),
    "EndorseCertificate": ("Statement",),
    "ApplyForLicense": ("Application",),
    "AmendApplication": ("Application",),
    "ReturnApplication": ("Statement",),
    "AssessApplication": ("Statement", "ScreeningReport"),
    "RefuseApplication": ("Refusal",),
    "RecordLicense": ("License",),
    "IssueLicense": ("License",),
    "CorrectLicense": ("License",),
    "SupersedeLicense": ("License",),
    "TransferLicense": ("License", "Statement"),
    "RevokeLicense": ("Statement",),
    "CreditReturn": ("Statement", "HandoffReport"),
    "AcknowledgeConditions": ("Statement",),
    "RegisterShipment": ("Manifest",),
    "AdjustShipment": ("Manifest",),
    "RecordTransfer": ("Manifest",),
    "SplitShipment": ("Statement", "Manifest"),
    "ClearShipment": ("Statement",),
    "DepartShipment": ("Statement", "HandoffReport"),
    "AcceptHandoff": ("HandoffReport",),
    "ReportMovement": ("HandoffReport", "Statement"),
    "ReportDelivery": ("DeliveryVerification", "HandoffReport"),
    "ConfirmDelivery": ("DeliveryVerification", "HandoffReport"),
    "ReportDiscrepancy": ("DiscrepancyReport",),
    "ReportLoss": ("Statement",),
    "AddStatement": ("Statement", "ScreeningReport", "DeliveryVerification", "HandoffReport", "DiscrepancyReport"),
    "OrderHandoff": ("Statement",),
    "SeizeShipment": ("Statement",),
    "ReleaseSeizure": ("Statement",),
    "Regularize": ("Statement",),
}
"""Which kinds of documents fit an act, by the act's name; acts without a document are left out.

The act names its document in `document`; of an organization in `profile`; of AdoptPolicy in `controlList`."""


def read_subject(kind: str, subject: Json) -> Form:
    """The credentialSubject of a document of `kind`.

    Raises:
        InvalidField: an unknown kind, or a field that does not fit, with its path.
    """
    form = KINDS.get(kind)
    if form is None:
        raise InvalidField("document.type[1]", kind, f"one of {', '.join(KINDS)}")
    return form.read(subject, "document.credentialSubject")
