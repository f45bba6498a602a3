"""The numbers of the system, as the encodings give them (A1, A2, A8) and `contracts/interfaces/Codes.sol` repeats them.

Nothing here decides. Statuses, roles and powers are numbers in classes named as their Solidity libraries.
"""

MAX_QUANTITY = 2**80 - 1
MAX_SHARE = 2**32 - 1
FOREVER = 2**40 - 1
"""The largest stored time: what `for ever` means."""
MOST_LINES = 32
MOST_PARTIES = 16
MOST_HOLDS = 16
MOST_PARTS = 16
MOST_SERIALS = 256
MOST_KINDS = 32
MOST_DECIMALS = 6
WHOLE = 10_000
"""Basis points of one."""
WHOLE_VALUE = 10**9
"""Shares of a license's whole value."""
HOUR = 3_600
DAY = 86_400
LONGEST_DEADLINE = 30 * DAY


class Role:
    """Roles of an organization, bits."""

    AUTHORITY = 1 << 0
    CUSTOMS = 1 << 1
    MISSION = 1 << 2
    EXPORTER = 1 << 3
    CARRIER = 1 << 4
    CONSIGNEE = 1 << 5
    END_USER = 1 << 6
    BROKER = 1 << 7
    AUDITOR = 1 << 8
    ALL = (1 << 9) - 1


EXPORTER_NUMBER, CONSIGNEE_NUMBER, END_USER_NUMBER, BROKER_NUMBER, LAST_ROLE_NUMBER = 3, 5, 6, 7, 8
KEYLESS = Role.ALL & ~(Role.AUTHORITY | Role.CUSTOMS | Role.MISSION | Role.AUDITOR)
"""Roles of a party without keys."""


class Power:
    """Powers of an agent, bits."""

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


USABLE_BY = {
    Power.ADMIN: Role.ALL,
    Power.REGISTER: Role.AUTHORITY,
    Power.RECORD: Role.AUTHORITY,
    Power.POLICY: Role.AUTHORITY,
    Power.ASSESS: Role.AUTHORITY,
    Power.DECIDE: Role.AUTHORITY,
    Power.ENFORCE: Role.AUTHORITY,
    Power.INSPECT: Role.AUTHORITY | Role.CUSTOMS,
    Power.VERIFY: Role.AUTHORITY | Role.MISSION,
    Power.APPLY: Role.EXPORTER,
    Power.CERTIFY: Role.END_USER | Role.CONSIGNEE,
    Power.SHIP: Role.EXPORTER,
    Power.CUSTODY: Role.ALL,
    Power.STATE: Role.ALL,
    Power.ARCHIVE: Role.ALL,
}
"""Which roles make a power usable (A2)."""

MANDATABLE = frozenset((42, 50, 51, 52, 61, 69, 71, 80, 81, 82, 85, 86, 87, 89, 110, 111, 113, 114, 116, 117, 118, 119))
"""Kinds of acts that a mandate may name."""


class OrganizationStatus:
    ACTIVE = 1
    SUSPENDED = 2


class Motion:
    ADMIT = 1
    SUSPEND = 2
    REINSTATE = 3


class AgentStatus:
    PENDING = 1
    ACCEPTED = 2
    ACTIVE = 3
    DISMISSED = 4


class PolicyStatus:
    ADOPTED = 1


class CertificateStatus:
    VALID = 1
    SUPERSEDED = 2
    REVOKED = 3


class ApplicationStatus:
    SUBMITTED = 1
    RETURNED = 2
    ASSESSED = 3
    GRANTED = 4
    REFUSED = 5
    WITHDRAWN = 6


class LicenseStatus:
    ISSUED = 1
    SUSPENDED = 2
    REVOKED = 3
    SURRENDERED = 4
    SUPERSEDED = 5


class ShipmentStatus:
    REGISTERED = 1
    CLEARED = 2
    DEPARTED = 3
    DELIVERED = 4
    CANCELLED = 5
    SPLIT = 6
    RETURNED = 7
    LOST = 8
    SEIZED = 9


class LicenseKind:
    OPEN = 2
    GENERAL = 3
    TEMPORARY = 4
    RETRANSFER = 5
    REEXPORT = 6
    BROKERING = 8
    LAST = 8


CONTINUING = frozenset((LicenseKind.RETRANSFER, LicenseKind.REEXPORT))


class Control:
    QUANTITY = 1
    VALUE = 2
    BOTH = 3
    OPEN = 4


class CertificateGrade:
    """R, V, A."""

    RECORDED = 1
    VERIFIED = 2
    SIGNED = 3


class Grade:
    """Of custody, departure and delivery: B, O, A."""

    ONE_SIDED = 1
    ORDERED = 2
    FULL = 3


class Broken:
    """Bits of `irregular` (A9)."""

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
    RETURN_OVERDUE = 1 << 12


def bits(*numbers: int) -> int:
    """Statuses or role numbers as a bit set."""
    return sum(1 << number for number in numbers)
