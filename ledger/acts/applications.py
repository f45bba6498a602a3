"""Acts about applications for licenses.

Names, order and types of the members are those of the Solidity structs; a test holds them to the ABI.
"""

from dataclasses import dataclass
from typing import Annotated

from ledger.acts.act import Act, ActClass, RecordKind
from ledger.acts.structs import Struct
from ledger.acts.types import Bool, Bytes3, Bytes32, Uint8, Uint32, Uint64, Uint96


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
    continues: Bytes32
    """A delivered shipment, a refused application or a license to supersede; 0: nothing."""
    valid_from: Uint64
    valid_until: Uint64
    document: Bytes32
    parties: Annotated[tuple[Party, ...], "Party[]"]
    lines: Annotated[tuple[LicenseLine, ...], "LicenseLine[]"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendApplication(Act):
    """The exporter asks for something else; what was assessed is so no longer."""

    KIND = 51
    CLASS = ActClass.STEP
    CREATES = False
    CONTRACT = "Applications"
    RECORD = RecordKind.APPLICATION

    valid_from: Uint64
    valid_until: Uint64
    document: Bytes32
    parties: Annotated[tuple[Party, ...], "Party[]"]
    lines: Annotated[tuple[LicenseLine, ...], "LicenseLine[]"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawApplication(Act):
    """The exporter no longer asks."""

    KIND = 52
    CLASS = ActClass.STEP
    CREATES = False
    CONTRACT = "Applications"
    RECORD = RecordKind.APPLICATION


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnApplication(Act):
    """A caseworker asks for more."""

    KIND = 53
    CLASS = ActClass.STEP
    CREATES = False
    CONTRACT = "Applications"
    RECORD = RecordKind.APPLICATION

    document: Bytes32


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
