"""Acts about shipments: registration, custody, reports.

Names, order and types of the members are those of the Solidity structs; a test holds them to the ABI.
"""

from dataclasses import dataclass
from typing import Annotated

from ledger.acts.act import Act, ActClass, RecordKind
from ledger.acts.structs import Struct
from ledger.acts.types import Bool, Bytes32, Counts, Uint8, Uint32, Uint64, Uint96


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw(Struct):
    """What a shipment takes of one license line."""

    line: Uint8
    quantity: Uint96


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterShipment(Act):
    """The exporter registers a shipment against what is left of its license."""

    KIND = 80
    CLASS = ActClass.STEP
    CREATES = True
    CONTRACT = "Shipments"
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
class CancelShipment(Act):
    """The exporter gives an unshipped draw back."""

    KIND = 82
    CLASS = ActClass.STEP
    CREATES = False
    CONTRACT = "Shipments"
    RECORD = RecordKind.SHIPMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearShipment(Act):
    """Customs clears for export."""

    KIND = 83
    CLASS = ActClass.STEP
    CREATES = False
    CONTRACT = "Shipments"
    RECORD = RecordKind.SHIPMENT

    occurred_at: Uint64
    document: Bytes32


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartShipment(Act):
    """The export moment."""

    KIND = 85
    CLASS = ActClass.STEP
    CREATES = False
    CONTRACT = "Shipments"
    RECORD = RecordKind.SHIPMENT

    occurred_at: Uint64
    document: Bytes32
    """0: none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferHandoff(Act):
    """Who holds the goods offers them to the next."""

    KIND = 86
    CLASS = ActClass.STEP
    CREATES = False
    CONTRACT = "Shipments"
    RECORD = RecordKind.SHIPMENT

    occurred_at: Uint64
    to: Uint32
    seal: Bytes32
    """Commitment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawOffer(Act):
    """The offer is taken back."""

    KIND = 87
    CLASS = ActClass.STEP
    CREATES = False
    CONTRACT = "Shipments"
    RECORD = RecordKind.SHIPMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptHandoff(Act):
    """The receiver has the goods, counted."""

    KIND = 88
    CLASS = ActClass.STEP
    CREATES = False
    CONTRACT = "Shipments"
    RECORD = RecordKind.SHIPMENT

    occurred_at: Uint64
    seal: Bytes32
    """Commitment: equal to the offer's if it saw the same seal."""
    seal_state: Uint8
    """0 none, 1 intact, 2 broken, 3 replaced."""
    reservation: Bool
    document: Bytes32
    """0: none."""
    counted: Counts
    """One a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseHandoff(Act):
    """The receiver does not take the goods."""

    KIND = 89
    CLASS = ActClass.STEP
    CREATES = False
    CONTRACT = "Shipments"
    RECORD = RecordKind.SHIPMENT

    reason: Uint8


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmDelivery(Act):
    """The end-user, holding the goods, confirms what it received."""

    KIND = 90
    CLASS = ActClass.STEP
    CREATES = False
    CONTRACT = "Reports"
    RECORD = RecordKind.SHIPMENT

    occurred_at: Uint64
    document: Bytes32
    """0: none."""
    counted: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldShipment(Act):
    """An inspector stops the shipment."""

    KIND = 91
    CLASS = ActClass.ORDER
    CREATES = False
    CONTRACT = "Shipments"
    RECORD = RecordKind.SHIPMENT

    reason: Uint8


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeShipment(Act):
    """An organization, or its sponsor, ends its hold."""

    KIND = 92
    CLASS = ActClass.ORDER
    CREATES = False
    CONTRACT = "Shipments"
    RECORD = RecordKind.SHIPMENT

    hold_of: Uint32


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportMovement(Act):
    """One side reports that the goods moved, with an evidence document."""

    KIND = 110
    CLASS = ActClass.STEP
    CREATES = False
    CONTRACT = "Reports"
    RECORD = RecordKind.SHIPMENT

    occurred_at: Uint64
    movement: Uint8
    """1 handoff, 2 departure."""
    to: Uint32
    """0 in a departure."""
    document: Bytes32
    counted: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDelivery(Act):
    """One side reports that the end-user has the goods, with an evidence document."""

    KIND = 111
    CLASS = ActClass.STEP
    CREATES = False
    CONTRACT = "Reports"
    RECORD = RecordKind.SHIPMENT

    occurred_at: Uint64
    document: Bytes32
    counted: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmReport(Act):
    """The other side of a report confirms it."""

    KIND = 112
    CLASS = ActClass.STEP
    CREATES = False
    CONTRACT = "Reports"
    RECORD = RecordKind.SHIPMENT

    report_head: Bytes32
    """The record's head right after the report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddStatement(Act):
    """A party or authority says something about an entry."""

    KIND = 119
    CLASS = ActClass.NOTE
    CREATES = False
    CONTRACT = "Reports"
    RECORD = RecordKind.SHIPMENT

    subject: Bytes32
    """Digest of the act that it is about; 0: the record."""
    kind: Uint8
    document: Bytes32
