"""Acts on what a shipment draws: registration, adjustment, parts, transfers of technology.

Names, order and types of the members are those of the Solidity structs; a test holds them to the ABI.
"""

from dataclasses import dataclass
from typing import Annotated

from ledger.acts.act import Act, ActClass, RecordKind
from ledger.acts.structs import Struct
from ledger.acts.types import Bytes32, Int64, Int96, Uint8, Uint32, Uint32s, Uint64, Uint96, Uint96s


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw(Struct):
    """What a shipment takes of one license line."""

    line: Uint8
    quantity: Uint96


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment(Struct):
    """What a shipment takes more, or less, on one of its own lines."""

    line: Uint8
    quantity: Int96


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterShipment(Act):
    """The exporter registers a shipment against what is left of its license."""

    KIND = 80
    CLASS = ActClass.STEP
    CREATES = True
    CONTRACT = "Manifests"
    RECORD = RecordKind.SHIPMENT

    salt: Bytes32
    license: Bytes32
    end_user: Uint32
    share: Uint32
    """Of the license's value, parts per billion, rounded down."""
    waybill: Bytes32
    """Commitment; 0: not known yet."""
    document: Bytes32
    """The manifest."""
    draws: Annotated[tuple[Draw, ...], "Draw[]"]
    """Ascending by line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustShipment(Act):
    """The exporter corrects quantities and share before departure."""

    KIND = 81
    CLASS = ActClass.STEP
    CREATES = False
    CONTRACT = "Manifests"
    RECORD = RecordKind.SHIPMENT

    share: Int64
    document: Bytes32
    adjustments: Annotated[tuple[Adjustment, ...], "Adjustment[]"]
    """Ascending by line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelShipment(Act):
    """The exporter gives an unshipped draw back."""

    KIND = 82
    CLASS = ActClass.STEP
    CREATES = False
    CONTRACT = "Manifests"
    RECORD = RecordKind.SHIPMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitShipment(Act):
    """The holder makes several shipments of one."""

    KIND = 113
    CLASS = ActClass.STEP
    CREATES = False
    CONTRACT = "Manifests"
    RECORD = RecordKind.SHIPMENT

    document: Bytes32
    shares: Uint32s
    """One a part."""
    quantities: Uint96s
    """Part by part, each one a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordTransfer(Act):
    """Technology or software has reached its recipient."""

    KIND = 114
    CLASS = ActClass.STEP
    CREATES = True
    CONTRACT = "Manifests"
    RECORD = RecordKind.SHIPMENT

    salt: Bytes32
    occurred_at: Uint64
    license: Bytes32
    end_user: Uint32
    """0: not known to the ledger."""
    share: Uint32
    document: Bytes32
    draws: Annotated[tuple[Draw, ...], "Draw[]"]
