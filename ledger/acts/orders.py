"""Orders: enforcement on licenses and shipments, which holds on any head.

Names, order and types of the members are those of the Solidity structs; a test holds them to the ABI.
"""

from dataclasses import dataclass

from ledger.acts.act import Act, ActClass, RecordKind
from ledger.acts.types import Bytes32, Uint8, Uint16, Uint32


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspendLicense(Act):
    """One officer stops a license for the policy's hours."""

    KIND = 62
    CLASS = ActClass.ORDER
    CREATES = False
    CONTRACT = "Orders"
    RECORD = RecordKind.LICENSE

    reason: Uint8


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmSuspension(Act):
    """A second officer stops it until it is reinstated."""

    KIND = 63
    CLASS = ActClass.ORDER
    CREATES = False
    CONTRACT = "Orders"
    RECORD = RecordKind.LICENSE

    reason: Uint8


@dataclass(frozen=True, slots=True, kw_only=True)
class ReinstateLicense(Act):
    """Another officer lets it go on."""

    KIND = 64
    CLASS = ActClass.ORDER
    CREATES = False
    CONTRACT = "Orders"
    RECORD = RecordKind.LICENSE

    reason: Uint8


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeLicense(Act):
    """Two officers end a license."""

    KIND = 65
    CLASS = ActClass.ORDER
    CREATES = False
    CONTRACT = "Orders"
    RECORD = RecordKind.LICENSE

    reason: Uint8
    document: Bytes32


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldShipment(Act):
    """An inspector stops the shipment."""

    KIND = 91
    CLASS = ActClass.ORDER
    CREATES = False
    CONTRACT = "Orders"
    RECORD = RecordKind.SHIPMENT

    reason: Uint8


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeShipment(Act):
    """An organization, or its sponsor, ends its hold."""

    KIND = 92
    CLASS = ActClass.ORDER
    CREATES = False
    CONTRACT = "Orders"
    RECORD = RecordKind.SHIPMENT

    hold_of: Uint32


@dataclass(frozen=True, slots=True, kw_only=True)
class SeizeShipment(Act):
    """An inspector takes the goods."""

    KIND = 93
    CLASS = ActClass.ORDER
    CREATES = False
    CONTRACT = "Orders"
    RECORD = RecordKind.SHIPMENT

    reason: Uint8
    document: Bytes32


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseSeizure(Act):
    """The seizer gives them to someone."""

    KIND = 94
    CLASS = ActClass.ORDER
    CREATES = False
    CONTRACT = "Orders"
    RECORD = RecordKind.SHIPMENT

    to: Uint32
    document: Bytes32


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallShipment(Act):
    """The authority orders the goods back."""

    KIND = 95
    CLASS = ActClass.ORDER
    CREATES = False
    CONTRACT = "Orders"
    RECORD = RecordKind.SHIPMENT

    reason: Uint8


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderHandoff(Act):
    """The authority orders the goods into other hands."""

    KIND = 96
    CLASS = ActClass.ORDER
    CREATES = False
    CONTRACT = "Orders"
    RECORD = RecordKind.SHIPMENT

    to: Uint32
    document: Bytes32


@dataclass(frozen=True, slots=True, kw_only=True)
class Regularize(Act):
    """Two officers clear irregular bits."""

    KIND = 115
    CLASS = ActClass.ORDER
    CREATES = False
    CONTRACT = "Orders"
    RECORD = RecordKind.SHIPMENT

    bits: Uint16
    document: Bytes32
