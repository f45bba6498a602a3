// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Note} from "./IJournal.sol";
import {LineDelta, Source} from "./IRecords.sol";

bytes32 constant ISSUE_LICENSE = keccak256(
    "IssueLicense(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,bytes32 salt,bytes32 application,bytes32 assessedHead,uint32 policy,uint64 validFrom,uint64 validUntil,bytes32 document)"
);
bytes32 constant SUSPEND_LICENSE =
    keccak256("SuspendLicense(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,uint8 reason)");
bytes32 constant REINSTATE_LICENSE =
    keccak256("ReinstateLicense(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,uint8 reason)");

/// 60: an agent other than the assessor grants what was assessed.
struct IssueLicense {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    bytes32 salt;
    bytes32 application;
    bytes32 assessedHead;
    uint32 policy;
    uint64 validFrom;
    uint64 validUntil; // first instant after
    bytes32 document;
}

/// 62: one officer stops a license for the policy's hours.
struct SuspendLicense {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    uint8 reason;
}

/// 64: another officer lets it go on.
struct ReinstateLicense {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    uint8 reason;
}

struct License {
    uint32 exporter;
    uint32 authority;
    uint32 policy;
    uint40 validFrom;
    uint40 validUntil;
    uint40 stoppedUntil;
    uint8 status;
    uint8 kind;
    uint8 control;
    uint8 lines;
    // second slot
    uint64 shares; // drawn, parts per billion of the value
    uint32 suspender; // agent's number
    uint32 notes;
    uint32 version;
    bytes32 application;
}

/// What a handoff asks about its license.
struct Standing {
    uint32 exporter;
    uint32 authority;
    uint32 policy;
    uint40 stoppedUntil;
}

/// What a shipment takes from its license.
struct Taking {
    bytes32 shipment;
    uint32 endUser;
    uint32 share;
    LineDelta[] lines;
}

interface ILicenses {
    function issueLicense(IssueLicense calldata act, bytes calldata signature) external;
    function suspendLicense(SuspendLicense calldata act, bytes calldata signature) external;
    function reinstateLicense(ReinstateLicense calldata act, bytes calldata signature) external;

    /// Draws a shipment's lines and share (I1) and notes it. Only Shipments may call.
    function draw(uint32 number, Taking calldata taking, Source calldata source) external returns (Note memory);

    /// Gives a cancelled shipment's draw back; deltas as drawn, positive. Only Shipments may call.
    function giveBack(uint32 number, Taking calldata taking, Source calldata source) external returns (Note memory);

    /// Reverts unless the license is in force at `moment`.
    function requireInForce(uint32 number, uint64 moment) external view;

    /// Reverts while a suspension stops the license at `moment`.
    function requireRunning(uint32 number, uint64 moment) external view;

    /// Whether the license is issued or suspended and `moment` inside its validity; stops are not asked.
    function isValid(uint32 number, uint64 moment) external view returns (bool);

    /// The license of that number; all 0 where there is none.
    function licenseOf(uint32 number) external view returns (License memory);

    /// Parties, policy and stop of a license.
    function standingOf(uint32 number) external view returns (Standing memory);

    /// The record id of a license by its number; 0 where there is none.
    function recordOf(uint32 number) external view returns (bytes32);

    /// The number of a license by its record id; 0 where there is none.
    function numberOf(bytes32 record) external view returns (uint32);

    /// The roles, as bits, in which the license names the organization.
    function partyRoles(uint32 number, uint32 organization) external view returns (uint16);

    /// What is granted and drawn on one line: (granted, drawn).
    function balanceOf(uint32 number, uint8 line) external view returns (uint256 granted, uint256 drawn);

    /// The certificates behind some lines at `moment`.
    /// @return grade the weakest; 0 where a line has no certificate or a revoked one
    /// @return failing number of the first that is revoked or outside its window; 0: none
    function certificates(uint32 number, uint8[] calldata lines, uint64 moment)
        external
        view
        returns (uint8 grade, uint32 failing);
}
