"""Acts about end-use certificates.

Names, order and types of the members are those of the Solidity structs; a test holds them to the ABI.
"""

from dataclasses import dataclass
from typing import Annotated

from ledger.acts.act import Act, ActClass, RecordKind
from ledger.acts.structs import Struct
from ledger.acts.types import Bytes3, Bytes32, Uint8, Uint32, Uint64, Uint96


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateLine(Struct):
    """What the end-user undertakes to receive; a quantity counts 10^-decimals of the unit."""

    unit: Bytes3
    """UNECE Rec 20, right-padded with 0."""
    decimals: Uint8
    quantity: Uint96


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
    supersedes: Bytes32
    """Record id of the certificate that it corrects; 0: none."""
    document: Bytes32
    lines: Annotated[tuple[CertificateLine, ...], "CertificateLine[]"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CosignCertificate(Act):
    """The consignee or the applicant signs as well."""

    KIND = 41
    CLASS = ActClass.STEP
    CREATES = False
    CONTRACT = "Certificates"
    RECORD = RecordKind.CERTIFICATE

    role: Uint8
    """3 exporter, 5 consignee."""
    document: Bytes32


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
    supersedes: Bytes32
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
class EndorseCertificate(Act):
    """The government of the end-user stands behind it."""

    KIND = 44
    CLASS = ActClass.NOTE
    CREATES = False
    CONTRACT = "Certificates"
    RECORD = RecordKind.CERTIFICATE

    document: Bytes32


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeCertificate(Act):
    """The end-user, or who endorsed it, takes the undertaking back."""

    KIND = 45
    CLASS = ActClass.ORDER
    CREATES = False
    CONTRACT = "Certificates"
    RECORD = RecordKind.CERTIFICATE

    reason: Uint8
