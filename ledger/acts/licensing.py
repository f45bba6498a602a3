"""Acts about certificates, applications and licenses.

Names, order and types of the members are those of the Solidity structs; a test holds them to the ABI.
"""

from dataclasses import dataclass
from typing import Annotated

from ledger.acts.act import Act, ActClass, RecordKind
from ledger.acts.structs import Struct
from ledger.acts.types import Bool, Bytes3, Bytes32, Uint8, Uint32, Uint64, Uint96


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateLine(Struct):
    """What the end-user undertakes to receive; a quantity counts 10^-decimals of the unit."""

    unit: Bytes3
    """UNECE Rec 20, right-padded with 0."""
    decimals: Uint8
    quantity: Uint96


@dataclass(frozen=True, slots=True, kw_only=True)
class Party(Struct):
    """An organization that a license names, with the number of the role's bit."""

    organization: Uint32
    role: Uint8


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenseLine(Struct):
    """What a license grants on one line; a quantity counts 10^-decimals of the unit."""

    unit: Bytes3
    decimals: Uint8
    granted: Uint96
    drawn: Uint96
    """Before the ledger; only in RecordLicense."""
    unlimited: Bool
    certificate: Bytes32
    """Record id; 0: none named."""
    certificate_line: Uint8


@dataclass(frozen=True, slots=True, kw_only=True)
class SignCertificate(Act):
    """The end-user's official signs with the end-user's own key."""

    KIND = 40
    CLASS = ActClass.STEP
    CREATES = True
    CONTRACT = "Certificates"
    RECORD = RecordKind.CERTIFICATE

    salt: Bytes32
    exporter: Uint32
    end_user: Uint32
    authority: Uint32
    valid_from: Uint64
    valid_until: Uint64
    """First instant after."""
    document: Bytes32
    lines: Annotated[tuple[CertificateLine, ...], "CertificateLine[]"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCertificate(Act):
    """The exporter records a certificate that exists on paper."""

    KIND = 42
    CLASS = ActClass.STEP
    CREATES = True
    CONTRACT = "Certificates"
    RECORD = RecordKind.CERTIFICATE

    salt: Bytes32
    exporter: Uint32
    end_user: Uint32
    authority: Uint32
    valid_from: Uint64
    valid_until: Uint64
    document: Bytes32
    lines: Annotated[tuple[CertificateLine, ...], "CertificateLine[]"]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyCertificate(Act):
    """The authority or its mission has checked the paper with its issuer."""

    KIND = 43
    CLASS = ActClass.STEP
    CREATES = False
    CONTRACT = "Certificates"
    RECORD = RecordKind.CERTIFICATE

    method: Uint8
    document: Bytes32


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeCertificate(Act):
    """The end-user takes its undertaking back."""

    KIND = 45
    CLASS = ActClass.ORDER
    CREATES = False
    CONTRACT = "Certificates"
    RECORD = RecordKind.CERTIFICATE

    reason: Uint8


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyForLicense(Act):
    """The exporter asks its authority."""

    KIND = 50
    CLASS = ActClass.STEP
    CREATES = True
    CONTRACT = "Applications"
    RECORD = RecordKind.APPLICATION

    salt: Bytes32
    kind: Uint8
    authority: Uint32
    valid_from: Uint64
    valid_until: Uint64
    document: Bytes32
    parties: Annotated[tuple[Party, ...], "Party[]"]
    lines: Annotated[tuple[LicenseLine, ...], "LicenseLine[]"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessApplication(Act):
    """A caseworker recommends."""

    KIND = 54
    CLASS = ActClass.STEP
    CREATES = False
    CONTRACT = "Applications"
    RECORD = RecordKind.APPLICATION

    recommendation: Uint8
    """1 grant, 2 refuse."""
    document: Bytes32


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseApplication(Act):
    """Another agent refuses."""

    KIND = 55
    CLASS = ActClass.STEP
    CREATES = False
    CONTRACT = "Applications"
    RECORD = RecordKind.APPLICATION

    document: Bytes32


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLicense(Act):
    """An authority records a license decided before or outside the ledger."""

    KIND = 56
    CLASS = ActClass.STEP
    CREATES = True
    CONTRACT = "Applications"
    RECORD = RecordKind.APPLICATION

    salt: Bytes32
    kind: Uint8
    exporter: Uint32
    control: Uint8
    drawn_share: Uint32
    """Parts per billion of the value, before the ledger."""
    valid_from: Uint64
    valid_until: Uint64
    document: Bytes32
    parties: Annotated[tuple[Party, ...], "Party[]"]
    lines: Annotated[tuple[LicenseLine, ...], "LicenseLine[]"]


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueLicense(Act):
    """An agent other than the assessor grants what was assessed."""

    KIND = 60
    CLASS = ActClass.STEP
    CREATES = True
    CONTRACT = "Licenses"
    RECORD = RecordKind.LICENSE

    salt: Bytes32
    application: Bytes32
    assessed_head: Bytes32
    policy: Uint32
    valid_from: Uint64
    valid_until: Uint64
    """First instant after."""
    document: Bytes32


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspendLicense(Act):
    """One officer stops a license for the policy's hours."""

    KIND = 62
    CLASS = ActClass.ORDER
    CREATES = False
    CONTRACT = "Licenses"
    RECORD = RecordKind.LICENSE

    reason: Uint8


@dataclass(frozen=True, slots=True, kw_only=True)
class ReinstateLicense(Act):
    """Another officer lets it go on."""

    KIND = 64
    CLASS = ActClass.ORDER
    CREATES = False
    CONTRACT = "Licenses"
    RECORD = RecordKind.LICENSE

    reason: Uint8
