"""Reports and notes about shipments: what happened, by whoever saw it.

Names, order and types of the members are those of the Solidity structs; a test holds them to the ABI.
"""

from dataclasses import dataclass

from ledger.acts.act import Act, ActClass, RecordKind
from ledger.acts.types import Bytes32, Bytes32s, Uint8, Uint32, Uint64, Uint96s


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
    counted: Uint96s


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
    counted: Uint96s


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
    counted: Uint96s


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmReport(Act):
    """The other side of a report or order confirms it."""

    KIND = 112
    CLASS = ActClass.STEP
    CREATES = False
    CONTRACT = "Reports"
    RECORD = RecordKind.SHIPMENT

    report_head: Bytes32
    """Head right after the report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDiscrepancy(Act):
    """One side says that something differs."""

    KIND = 116
    CLASS = ActClass.NOTE
    CREATES = False
    CONTRACT = "Statements"
    RECORD = RecordKind.SHIPMENT

    subject: Bytes32
    """Digest of the act it is about; 0: the shipment."""
    document: Bytes32


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLoss(Act):
    """Who has the goods, or the authority, says that some are lost."""

    KIND = 117
    CLASS = ActClass.NOTE
    CREATES = False
    CONTRACT = "Statements"
    RECORD = RecordKind.SHIPMENT

    document: Bytes32
    lost: Uint96s
    """One a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachSerials(Act):
    """Serial numbers of one line, as commitments."""

    KIND = 118
    CLASS = ActClass.NOTE
    CREATES = False
    CONTRACT = "Statements"
    RECORD = RecordKind.SHIPMENT

    line: Uint8
    serials: Bytes32s


@dataclass(frozen=True, slots=True, kw_only=True)
class AddStatement(Act):
    """A party states something about an act or the shipment."""

    KIND = 119
    CLASS = ActClass.NOTE
    CREATES = False
    CONTRACT = "Statements"
    RECORD = RecordKind.SHIPMENT

    subject: Bytes32
    kind: Uint8
    document: Bytes32
