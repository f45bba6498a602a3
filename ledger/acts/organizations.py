"""Acts about organizations, agents and policies.

Names, order and types of the members are those of the Solidity structs; a test holds them to the ABI.
"""

from dataclasses import dataclass
from typing import Annotated

from ledger.acts.act import Act, ActClass, RecordKind
from ledger.acts.structs import Struct
from ledger.acts.types import Account, Bool, Bytes32, Uint8, Uint8s, Uint16, Uint32, Uint64


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms(Struct):
    """What an authority asks of exports under one kind of license. Tolerances in basis points."""

    certificate_grade: Uint8
    """Asked at departure; 0: no certificate needed."""
    certificate_signers: Uint16
    """Roles that must have cosigned by departure: EXPORTER, CONSIGNEE; AUTHORITY: endorsed."""
    first_use_days: Uint16
    """From validFrom, for a certificate's first application; 0: not asked."""
    last_use_days: Uint16
    """For every later one; 0: not asked."""
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
    transfers: Uint8
    """How often a license may go to another exporter."""


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
class VoteAuthority(Act):
    """An authority votes on who is one."""

    KIND = 3
    CLASS = ActClass.ORDER
    CREATES = False
    CONTRACT = "Organizations"
    RECORD = RecordKind.ORGANIZATION

    motion: Uint8
    """1 admit, 2 suspend, 3 reinstate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspendOrganization(Act):
    """The sponsor stops all permissions of an organization."""

    KIND = 4
    CLASS = ActClass.ORDER
    CREATES = False
    CONTRACT = "Organizations"
    RECORD = RecordKind.ORGANIZATION

    reason: Uint8


@dataclass(frozen=True, slots=True, kw_only=True)
class ReinstateOrganization(Act):
    """The sponsor lets it go on."""

    KIND = 5
    CLASS = ActClass.ORDER
    CREATES = False
    CONTRACT = "Organizations"
    RECORD = RecordKind.ORGANIZATION

    reason: Uint8


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameOrganization(Act):
    """An organization has a new profile: name, address, legal form."""

    KIND = 6
    CLASS = ActClass.STEP
    CREATES = False
    CONTRACT = "Organizations"
    RECORD = RecordKind.ORGANIZATION

    profile: Bytes32


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantMandate(Act):
    """An organization lets another's agents sign some kinds of acts for it."""

    KIND = 7
    CLASS = ActClass.STEP
    CREATES = False
    CONTRACT = "Organizations"
    RECORD = RecordKind.ORGANIZATION

    delegate: Uint32
    until: Uint64
    """First instant after."""
    kinds: Uint8s


@dataclass(frozen=True, slots=True, kw_only=True)
class EndMandate(Act):
    """And no longer."""

    KIND = 8
    CLASS = ActClass.STEP
    CREATES = False
    CONTRACT = "Organizations"
    RECORD = RecordKind.ORGANIZATION

    delegate: Uint32


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoverOrganization(Act):
    """Two agents of the sponsor declare its administrators' keys lost."""

    KIND = 9
    CLASS = ActClass.ORDER
    CREATES = False
    CONTRACT = "Organizations"
    RECORD = RecordKind.ORGANIZATION

    document: Bytes32


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
class RotateAgentKeys(Act):
    """The agent, or an administrator for it, replaces its document keys."""

    KIND = 23
    CLASS = ActClass.ORDER
    CREATES = False
    CONTRACT = "Directory"
    RECORD = RecordKind.AGENT

    ed25519: Bytes32
    x25519: Bytes32


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
