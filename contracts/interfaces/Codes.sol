// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

// The numbers of the system. A number once used is never reused.

/// Roles of an organization: bits; a license party's role is the bit's number.
library Role {
    uint16 internal constant AUTHORITY = 1 << 0;
    uint16 internal constant CUSTOMS = 1 << 1;
    uint16 internal constant MISSION = 1 << 2;
    uint16 internal constant EXPORTER = 1 << 3;
    uint16 internal constant CARRIER = 1 << 4;
    uint16 internal constant CONSIGNEE = 1 << 5;
    uint16 internal constant END_USER = 1 << 6;
    uint16 internal constant BROKER = 1 << 7;
    uint16 internal constant AUDITOR = 1 << 8;
    uint16 internal constant ALL = (1 << 9) - 1;
    uint16 internal constant NEVER_KEYLESS = AUTHORITY | CUSTOMS | MISSION | AUDITOR;
}

/// Powers of an agent: bits.
library Power {
    uint16 internal constant ADMIN = 1 << 0;
    uint16 internal constant REGISTER = 1 << 1;
    uint16 internal constant RECORD = 1 << 2;
    uint16 internal constant POLICY = 1 << 3;
    uint16 internal constant ASSESS = 1 << 4;
    uint16 internal constant DECIDE = 1 << 5;
    uint16 internal constant ENFORCE = 1 << 6;
    uint16 internal constant INSPECT = 1 << 7;
    uint16 internal constant VERIFY = 1 << 8;
    uint16 internal constant APPLY = 1 << 9;
    uint16 internal constant CERTIFY = 1 << 10;
    uint16 internal constant SHIP = 1 << 11;
    uint16 internal constant CUSTODY = 1 << 12;
    uint16 internal constant STATE = 1 << 13;
    /// Signs nothing: to this agent every document is sealed that its organization may open.
    uint16 internal constant ARCHIVE = 1 << 14;
    uint16 internal constant ALL = (1 << 15) - 1;
}

/// Record kinds, part of every record id.
library Kind {
    uint8 internal constant ORGANIZATION = 1;
    uint8 internal constant AGENT = 2;
    uint8 internal constant POLICY = 3;
    uint8 internal constant CERTIFICATE = 4;
    uint8 internal constant APPLICATION = 5;
    uint8 internal constant LICENSE = 6;
    uint8 internal constant SHIPMENT = 7;
}

library LicenseKind {
    uint8 internal constant OPEN = 2;
    uint8 internal constant GENERAL = 3;
    uint8 internal constant TEMPORARY = 4;
    uint8 internal constant RETRANSFER = 5;
    uint8 internal constant REEXPORT = 6;
    uint8 internal constant BROKERING = 8;
    uint8 internal constant LAST = 8;
}

/// What a license bounds.
library Control {
    uint8 internal constant QUANTITY = 1;
    uint8 internal constant VALUE = 2;
    uint8 internal constant BOTH = 3;
    uint8 internal constant OPEN = 4;
}

library OrganizationStatus {
    uint8 internal constant ACTIVE = 1;
    uint8 internal constant SUSPENDED = 2;
}

/// What authorities vote on.
library Motion {
    uint8 internal constant ADMIT = 1;
    uint8 internal constant SUSPEND = 2;
    uint8 internal constant REINSTATE = 3;
}

library AgentStatus {
    uint8 internal constant PENDING = 1;
    uint8 internal constant ACCEPTED = 2;
    uint8 internal constant ACTIVE = 3;
    uint8 internal constant DISMISSED = 4;
    /// Statuses of an agent that can be dismissed, as a bit set.
    uint16 internal constant PRESENT = 14;
}

library CertificateStatus {
    uint8 internal constant VALID = 1;
    uint8 internal constant SUPERSEDED = 2;
    uint8 internal constant REVOKED = 3;
}

library ApplicationStatus {
    uint8 internal constant SUBMITTED = 1;
    uint8 internal constant RETURNED = 2;
    uint8 internal constant ASSESSED = 3;
    uint8 internal constant GRANTED = 4;
    uint8 internal constant REFUSED = 5;
    uint8 internal constant WITHDRAWN = 6;
}

library LicenseStatus {
    uint8 internal constant ISSUED = 1;
    uint8 internal constant SUSPENDED = 2;
    uint8 internal constant REVOKED = 3;
    uint8 internal constant SURRENDERED = 4;
    uint8 internal constant SUPERSEDED = 5;
    /// Issued and suspended, as a bit set.
    uint16 internal constant LIVE = 6;
}

library ShipmentStatus {
    uint8 internal constant REGISTERED = 1;
    uint8 internal constant CLEARED = 2;
    uint8 internal constant DEPARTED = 3;
    uint8 internal constant DELIVERED = 4;
    uint8 internal constant CANCELLED = 5;
    uint8 internal constant SPLIT = 6;
    uint8 internal constant RETURNED = 7;
    uint8 internal constant LOST = 8;
    uint8 internal constant SEIZED = 9;
    /// Registered and cleared, as a bit set.
    uint16 internal constant UNSHIPPED = 6;
    /// Statuses in which goods are under way, as a bit set.
    uint16 internal constant LIVE = 14;
}

/// Grades of evidence: certificates R, V, A; custody and delivery B, O, A; 0 is none.
library Grade {
    uint8 internal constant RECORDED = 1;
    uint8 internal constant VERIFIED = 2;
    uint8 internal constant ONE_SIDED = 1;
    uint8 internal constant ORDERED = 2;
    uint8 internal constant FULL = 3;
}

/// Broken rules of a reported fact: bits of `irregular`.
library Broken {
    uint16 internal constant NOT_IN_FORCE = 1 << 0;
    uint16 internal constant STOPPED = 1 << 1;
    uint16 internal constant LATE = 1 << 2;
    uint16 internal constant CERTIFICATE = 1 << 3;
    uint16 internal constant CLEARANCE = 1 << 4;
    uint16 internal constant RECEIVER = 1 << 5;
    uint16 internal constant GRADE = 1 << 6;
    uint16 internal constant UNILATERAL = 1 << 7;
    uint16 internal constant TERMINAL = 1 << 8;
    uint16 internal constant OVER_DRAW = 1 << 9;
    uint16 internal constant NOT_DEPARTED = 1 << 10;
    uint16 internal constant RETURN_OVERDUE = 1 << 12;
}

uint256 constant MAX_QUANTITY = type(uint80).max;
uint256 constant MAX_LINES = 32;
uint256 constant MAX_PARTIES = 16;
uint256 constant MAX_HOLDS = 16;
uint256 constant MAX_PARTS = 16;
uint256 constant MAX_SERIALS = 256;
uint256 constant MAX_KINDS = 32; // of a mandate
uint8 constant MAX_DECIMALS = 6;
uint256 constant WHOLE = 10_000; // basis points of one
uint256 constant WHOLE_VALUE = 1_000_000_000; // shares of a license's whole value, parts per billion

// Sets of act kinds, bits by number.

// What a mandate may name.
uint128 constant MANDATABLE =
    (1 << 42) | (1 << 50) | (1 << 51) | (1 << 52) | (1 << 61) | (1 << 69) | (1 << 71) | (1 << 80)
        | (1 << 81) | (1 << 82) | (1 << 85) | (1 << 86) | (1 << 87) | (1 << 89) | (1 << 110) | (1 << 111)
        | (1 << 113) | (1 << 114) | (1 << 116) | (1 << 117) | (1 << 118) | (1 << 119);
// What the sponsor's agents with RECORD sign for an organization without active agents.
uint128 constant BY_SPONSOR = (1 << 42) | (1 << 80) | (1 << 82) | (1 << 85) | (1 << 110) | (1 << 111);
// What the sponsor's agents with REGISTER sign for an organization without active admins.
uint128 constant BY_REGISTRAR = (1 << 6) | (1 << 20) | (1 << 24);
// What a suspended organization may still sign, an offer only toward a refuge (I8).
uint128 constant WHILE_SUSPENDED =
    (1 << 86) | (1 << 87) | (1 << 89) | (1 << 90) | (1 << 110) | (1 << 111) | (1 << 112) | (1 << 116)
        | (1 << 117) | (1 << 118) | (1 << 119);
