"""The numbers of the system with their names, for the machine and for people.

The same numbers as in contracts/interfaces/Codes.sol; a number once used is never reused. Numbers of the encodings
whose acts do not exist yet are named too, so that an old reader shows a newer record rightly.
"""

from enum import IntEnum, IntFlag

from ledger.acts.act import RecordKind


class Role(IntFlag):
    """Roles of an organization: bits; a license party's role is the bit's number."""

    AUTHORITY = 1 << 0
    CUSTOMS = 1 << 1
    MISSION = 1 << 2
    EXPORTER = 1 << 3
    CARRIER = 1 << 4
    CONSIGNEE = 1 << 5
    END_USER = 1 << 6
    BROKER = 1 << 7
    AUDITOR = 1 << 8


class Power(IntFlag):
    """Powers of an agent: bits."""

    ADMIN = 1 << 0
    REGISTER = 1 << 1
    RECORD = 1 << 2
    POLICY = 1 << 3
    ASSESS = 1 << 4
    DECIDE = 1 << 5
    ENFORCE = 1 << 6
    INSPECT = 1 << 7
    VERIFY = 1 << 8
    APPLY = 1 << 9
    CERTIFY = 1 << 10
    SHIP = 1 << 11
    CUSTODY = 1 << 12
    STATE = 1 << 13
    ARCHIVE = 1 << 14


class LicenseKind(IntEnum):
    INDIVIDUAL = 1
    OPEN = 2
    GENERAL = 3
    TEMPORARY = 4
    RETRANSFER = 5
    REEXPORT = 6
    TRANSIT = 7
    BROKERING = 8


class Control(IntEnum):
    """What a license bounds; 0 in an application: what the policy says at issue."""

    POLICY = 0
    QUANTITY = 1
    VALUE = 2
    BOTH = 3
    OPEN = 4

    @property
    def bounds_quantity(self) -> bool:
        return self in (Control.QUANTITY, Control.BOTH)

    @property
    def bounds_value(self) -> bool:
        return self in (Control.VALUE, Control.BOTH)


class OrganizationStatus(IntEnum):
    ACTIVE = 1
    SUSPENDED = 2


class Motion(IntEnum):
    """What authorities vote on."""

    ADMIT = 1
    SUSPEND = 2
    REINSTATE = 3


class AgentStatus(IntEnum):
    PENDING = 1
    ACCEPTED = 2
    ACTIVE = 3
    DISMISSED = 4


class CertificateStatus(IntEnum):
    VALID = 1
    SUPERSEDED = 2
    REVOKED = 3


class ApplicationStatus(IntEnum):
    SUBMITTED = 1
    RETURNED = 2
    ASSESSED = 3
    GRANTED = 4
    REFUSED = 5
    WITHDRAWN = 6


class LicenseStatus(IntEnum):
    """As stored; expired, not yet valid, exhausted and stopped are computed."""

    ISSUED = 1
    SUSPENDED = 2
    REVOKED = 3
    SURRENDERED = 4
    SUPERSEDED = 5


class ShipmentStatus(IntEnum):
    """Offered, held and irregular stand beside it."""

    REGISTERED = 1
    CLEARED = 2
    DEPARTED = 3
    DELIVERED = 4
    CANCELLED = 5
    SPLIT = 6
    RETURNED = 7
    LOST = 8
    SEIZED = 9

    @property
    def live(self) -> bool:
        """Whether goods are under way."""
        return self <= ShipmentStatus.DEPARTED


class CertificateGrade(IntEnum):
    """How well an undertaking is proven; the weakest is the smallest."""

    NONE = 0
    R = 1
    """Recorded from paper."""
    V = 2
    """Verified by an authority or mission."""
    A = 3
    """Signed with the end-user's key."""


class CustodyGrade(IntEnum):
    """How well a custody fact is proven; the weakest is the smallest."""

    NONE = 0
    B = 1
    """One side reported."""
    O = 2  # noqa: E741  # the grade's letter
    """Ordered by an authority."""
    A = 3
    """Both sides signed."""


class Irregular(IntFlag):
    """Rules that a reported fact broke; bits stick."""

    NOT_IN_FORCE = 1 << 0
    STOPPED = 1 << 1
    LATE = 1 << 2
    CERTIFICATE = 1 << 3
    CLEARANCE = 1 << 4
    RECEIVER = 1 << 5
    GRADE = 1 << 6
    UNILATERAL = 1 << 7
    TERMINAL = 1 << 8
    OVER_DRAW = 1 << 9
    NOT_DEPARTED = 1 << 10
    OUTSIDE_JURISDICTION = 1 << 11
    RETURN_OVERDUE = 1 << 12


STATUSES: dict[RecordKind, type[IntEnum]] = {
    RecordKind.ORGANIZATION: OrganizationStatus,
    RecordKind.AGENT: AgentStatus,
    RecordKind.CERTIFICATE: CertificateStatus,
    RecordKind.APPLICATION: ApplicationStatus,
    RecordKind.LICENSE: LicenseStatus,
    RecordKind.SHIPMENT: ShipmentStatus,
}
"""A policy has one status, adopted, and stores none."""

MANDATABLE = frozenset({42, 50, 51, 52, 61, 69, 71, 80, 81, 82, 85, 86, 87, 89, 110, 111, 113, 114, 116, 117, 118, 119})
"""Kinds of acts that a mandate may name."""
BY_SPONSOR = frozenset({42, 80, 82, 85, 110, 111})
"""Kinds of acts that the sponsor's agents may sign for an organization without active agents."""
WHILE_SUSPENDED = frozenset({86, 87, 89, 90, 110, 111, 112, 116, 117, 118, 119})
"""Kinds of acts that a suspended organization may sign; an offer only toward a refuge."""

WHOLE = 10_000
"""Basis points of one."""
WHOLE_VALUE = 1_000_000_000
"""Shares of a license's whole value, parts per billion."""
FOREVER = 2**40 - 1
"""stopped_until of a shipment that somebody holds."""


def name_of(code: IntEnum) -> str:
    """A status, kind or control in words: departed."""
    return code.name.lower().replace("_", "-")


def letter_of(grade: CertificateGrade | CustodyGrade) -> str:
    """A grade's letter; "" where there is none."""
    return grade.name if grade else ""


def names_of(flags: IntFlag) -> tuple[str, ...]:
    """Roles, powers or broken rules in words, lowest bit first: ("exporter", "end-user")."""
    return tuple(str(flag.name).lower().replace("_", "-") for flag in flags)


def status_name(kind: RecordKind, status: int) -> str:
    """A record's status in words; a status without a name is its number."""
    statuses = STATUSES.get(kind)
    if statuses is None:
        return "adopted"
    return next((name_of(code) for code in statuses if code == status), str(status))
