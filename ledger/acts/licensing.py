"""Acts that make licenses and keep them: issue, certificates, successors, returns.

Names, order and types of the members are those of the Solidity structs; a test holds them to the ABI.
"""

from dataclasses import dataclass
from typing import Annotated

from ledger.acts.act import Act, ActClass, RecordKind
from ledger.acts.manifests import Draw
from ledger.acts.types import Bytes32, Uint8, Uint32, Uint64


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueLicense(Act):
    """An agent other than the assessor grants what was assessed."""

    KIND = 60
    CLASS = ActClass.STEP
    CREATES = True
    CONTRACT = "Issuance"
    RECORD = RecordKind.LICENSE

    salt: Bytes32
    application: Bytes32
    assessed_head: Bytes32
    policy: Uint32
    valid_from: Uint64
    valid_until: Uint64
    """First instant after."""
    return_by: Uint64
    """First instant at which goods out are overdue; 0 unless temporary."""
    document: Bytes32


@dataclass(frozen=True, slots=True, kw_only=True)
class BindCertificate(Act):
    """The exporter names the certificate behind a line of its license."""

    KIND = 61
    CLASS = ActClass.STEP
    CREATES = False
    CONTRACT = "Issuance"
    RECORD = RecordKind.LICENSE

    line: Uint8
    certificate: Bytes32
    certificate_line: Uint8


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectLicense(Act):
    """The authority corrects what is not material."""

    KIND = 66
    CLASS = ActClass.STEP
    CREATES = False
    CONTRACT = "Licenses"
    RECORD = RecordKind.LICENSE

    document: Bytes32


@dataclass(frozen=True, slots=True, kw_only=True)
class SupersedeLicense(Act):
    """An agent other than the assessor grants the unshipped balance anew."""

    KIND = 67
    CLASS = ActClass.STEP
    CREATES = True
    CONTRACT = "Issuance"
    RECORD = RecordKind.LICENSE

    salt: Bytes32
    license: Bytes32
    """The one superseded."""
    application: Bytes32
    assessed_head: Bytes32
    policy: Uint32
    valid_from: Uint64
    valid_until: Uint64
    return_by: Uint64
    document: Bytes32


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferLicense(Act):
    """The authority lets another exporter take the license over."""

    KIND = 68
    CLASS = ActClass.STEP
    CREATES = False
    CONTRACT = "Licenses"
    RECORD = RecordKind.LICENSE

    to: Uint32
    document: Bytes32


@dataclass(frozen=True, slots=True, kw_only=True)
class SurrenderLicense(Act):
    """The exporter gives the license up."""

    KIND = 69
    CLASS = ActClass.STEP
    CREATES = False
    CONTRACT = "Licenses"
    RECORD = RecordKind.LICENSE


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditReturn(Act):
    """Two officers take the draw of returned goods back."""

    KIND = 70
    CLASS = ActClass.STEP
    CREATES = False
    CONTRACT = "Licenses"
    RECORD = RecordKind.LICENSE

    shipment: Bytes32
    share: Uint32
    """Of the value, that comes back with them."""
    document: Bytes32
    returned: Annotated[tuple[Draw, ...], "Draw[]"]
    """What came back, one a line of the shipment, by license line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgeConditions(Act):
    """A party has read the conditions."""

    KIND = 71
    CLASS = ActClass.NOTE
    CREATES = False
    CONTRACT = "Licenses"
    RECORD = RecordKind.LICENSE

    document: Bytes32
