"""Acts of permission on the way: clearance, departure, handoffs.

Names, order and types of the members are those of the Solidity structs; a test holds them to the ABI.
"""

from dataclasses import dataclass

from ledger.acts.act import Act, ActClass, RecordKind
from ledger.acts.types import Bool, Bytes32, Uint8, Uint32, Uint64, Uint96s


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearShipment(Act):
    """Customs clears for export."""

    KIND = 83
    CLASS = ActClass.STEP
    CREATES = False
    CONTRACT = "Departures"
    RECORD = RecordKind.SHIPMENT

    occurred_at: Uint64
    document: Bytes32


@dataclass(frozen=True, slots=True, kw_only=True)
class InvalidateClearance(Act):
    """Customs takes its clearance back."""

    KIND = 84
    CLASS = ActClass.STEP
    CREATES = False
    CONTRACT = "Departures"
    RECORD = RecordKind.SHIPMENT

    reason: Uint8


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartShipment(Act):
    """The export moment."""

    KIND = 85
    CLASS = ActClass.STEP
    CREATES = False
    CONTRACT = "Departures"
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
    counted: Uint96s
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
