"""Acts about organizations, agents and policies.

Names, order and types of the members are those of the Solidity structs; a test holds them to the ABI.
"""

from dataclasses import dataclass
from typing import Annotated

from ledger.acts.act import Act, ActClass, RecordKind
from ledger.acts.structs import Struct
from ledger.acts.types import Account, Bool, Bytes32, Uint8, Uint16, Uint32, Uint64


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms(Struct):
    """What an authority asks of exports under one kind of license. Tolerances in basis points."""

    certificate_grade: Uint8
    """Asked at departure; 0: no certificate needed."""
    exempt_roles: Uint16
    """An end-user with one of these roles needs no certificate."""
    clearance_required: Bool
    control: Uint8
    """What a license bounds: quantity, value, both, open."""
    value_tolerance: Uint16
    quantity_tolerance: Uint16
    count_tolerance: Uint16
    handoff_hours: Uint16
    """An offer lapses so long after its occurredAt."""
    lateness_hours: Uint16
    """A fact may be recorded so long after it occurred."""
    suspension_hours: Uint16
    """Of one officer alone."""
    lowest_custody_grade: Uint8


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterOrganization(Act):
    """An authority takes an organization in that will act with keys of its own."""

    KIND = 1
    CLASS = ActClass.STEP
    CREATES = True
    CONTRACT = "Directory"
    RECORD = RecordKind.ORGANIZATION

    salt: Bytes32
    roles: Uint16
    profile: Bytes32


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordParty(Act):
    """An authority records an organization that has no keys."""

    KIND = 2
    CLASS = ActClass.STEP
    CREATES = True
    CONTRACT = "Directory"
    RECORD = RecordKind.ORGANIZATION

    salt: Bytes32
    roles: Uint16
    profile: Bytes32


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointAgent(Act):
    """An administrator names an account as agent; its salt is the account."""

    KIND = 20
    CLASS = ActClass.STEP
    CREATES = True
    CONTRACT = "Directory"
    RECORD = RecordKind.AGENT

    account: Account
    powers: Uint16


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptAppointment(Act):
    """The account itself accepts and brings its document keys."""

    KIND = 21
    CLASS = ActClass.STEP
    CREATES = False
    CONTRACT = "Directory"
    RECORD = RecordKind.AGENT

    ed25519: Bytes32
    x25519: Bytes32


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmAppointment(Act):
    """In an authority, a second administrator confirms."""

    KIND = 22
    CLASS = ActClass.STEP
    CREATES = False
    CONTRACT = "Directory"
    RECORD = RecordKind.AGENT


@dataclass(frozen=True, slots=True, kw_only=True)
class DismissAgent(Act):
    """An administrator ends an agent's powers for ever."""

    KIND = 24
    CLASS = ActClass.ORDER
    CREATES = False
    CONTRACT = "Directory"
    RECORD = RecordKind.AGENT

    reason: Uint8
    compromised_since: Uint64
    """0: not compromised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptPolicy(Act):
    """An authority adopts the policy for one license kind."""

    KIND = 30
    CLASS = ActClass.STEP
    CREATES = True
    CONTRACT = "Policies"
    RECORD = RecordKind.POLICY

    salt: Bytes32
    kind: Uint8
    replaces: Uint32
    """The current policy of this authority and kind; 0: none yet."""
    terms: Annotated[Terms, "Terms"]
    control_list: Bytes32
