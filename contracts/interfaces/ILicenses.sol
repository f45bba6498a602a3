// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Line} from "./IApplications.sol";
import {Entered, Note} from "./IJournal.sol";
import {Draw} from "./IManifests.sol";
import {IRecords, LineDelta, Source} from "./IRecords.sol";

bytes32 constant CORRECT_LICENSE =
    keccak256("CorrectLicense(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,bytes32 document)");
bytes32 constant TRANSFER_LICENSE = keccak256(
    "TransferLicense(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,uint32 to,bytes32 document)"
);
bytes32 constant SURRENDER_LICENSE =
    keccak256("SurrenderLicense(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline)");
bytes32 constant CREDIT_RETURN = keccak256(
    "CreditReturn(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,bytes32 shipment,uint32 share,bytes32 document,Draw[] returned)Draw(uint8 line,uint96 quantity)"
);
bytes32 constant ACKNOWLEDGE_CONDITIONS = keccak256(
    "AcknowledgeConditions(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,bytes32 document)"
);

/// 66: the authority corrects what is not material.
struct CorrectLicense {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    bytes32 document;
}

/// 68: the authority lets another exporter take the license over.
struct TransferLicense {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    uint32 to;
    bytes32 document;
}

/// 69: the exporter gives the license up.
struct SurrenderLicense {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
}

/// 70: two officers take the draw of returned goods back.
struct CreditReturn {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    bytes32 shipment;
    uint32 share; // of the value, that comes back with them
    bytes32 document;
    Draw[] returned; // one a line of the shipment
}

/// 71: a party has read the conditions.
struct AcknowledgeConditions {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    bytes32 document;
}

struct License {
    // what a handoff asks
    uint32 authority;
    uint40 stoppedUntil;
    uint40 validFrom;
    uint40 validUntil;
    uint40 returnBy; // 0 unless temporary
    uint16 handoffHours; // of the policy, copied
    uint16 latenessHours;
    uint16 countTolerance;
    uint8 status;
    uint8 kind;
    // second slot
    uint32 exporter;
    uint32 policy;
    uint64 shares; // drawn, parts per billion of the value
    uint32 suspender; // agent's number
    uint32 notes;
    uint32 version;
    uint8 control;
    uint8 lines;
    uint8 transfers;
    bytes32 application;
}

/// What a handoff asks about its license.
struct Standing {
    uint32 authority;
    uint40 stoppedUntil;
    uint40 returnBy;
    uint16 handoffHours;
    uint16 latenessHours;
    uint16 countTolerance;
    uint8 kind;
    uint32 policy;
}

/// What a shipment takes from its license.
struct Taking {
    bytes32 shipment;
    uint32 endUser;
    uint32 share;
    LineDelta[] lines;
}

/// What stands behind the license lines of a shipment.
struct Backing {
    uint8 grade; // the weakest; 0 where a line has no certificate, a revoked one, or another end-user's
    uint16 signers; // roles in which every certificate is cosigned, the consignee being a party of the license
    uint32 failing; // number of the first certificate that is revoked or outside its window; 0: none
}

interface ILicenses is IRecords {
    function correctLicense(CorrectLicense calldata act, bytes calldata signature) external;
    function transferLicense(TransferLicense calldata act, bytes calldata signature) external;
    function surrenderLicense(SurrenderLicense calldata act, bytes calldata signature) external;
    function creditReturn(CreditReturn calldata act, bytes calldata signature) external;
    function acknowledgeConditions(AcknowledgeConditions calldata act, bytes calldata signature) external;

    /// Keeps the lines that an application asks for. Only Applications may call.
    function propose(bytes32 application, Line[] calldata lines) external;

    /// Enters a new license, with the lines of its application. Only Issuance may call.
    /// @param notes of the other records, ascending
    function enter(Entered calldata entry, License calldata license, Note[] calldata notes) external;

    /// Enters a certificate behind a line. Only Issuance may call.
    function bind(Entered calldata entry, uint8 line, uint32 certificate, uint8 certificateLine, Note calldata note)
        external;

    /// Ends a license for another one that takes some of what is not drawn, and notes it. Only Issuance may call.
    function supersede(uint32 number, bytes32 successor, Line[] calldata taken, Source calldata source)
        external
        returns (Note memory);

    /// Enters an order that leaves the license as `changed`. Only Orders may call.
    function settle(Entered calldata entry, License calldata changed) external;

    /// Draws a shipment's lines and share (I1) and notes it. Only Manifests may call.
    function draw(uint32 number, Taking calldata taking, Source calldata source) external returns (Note memory);

    /// Takes a shipment's draw back and draws anew, as one note of the difference. Only Manifests may call.
    /// @param former what the shipment drew so far, `taking` what it draws now; the same lines
    function redraw(uint32 number, Taking calldata former, Taking calldata taking, Source calldata source)
        external
        returns (Note memory);

    /// Draws whatever the rules say; reverts where a number would not fit. Only Manifests may call.
    /// @return over whether a permission would have been refused for quantity or value
    function overdraw(uint32 number, Taking calldata taking, Source calldata source)
        external
        returns (bool over, Note memory note);

    /// Gives a draw back; deltas as drawn, positive. Only Manifests and Shipments may call.
    function giveBack(uint32 number, Taking calldata taking, Source calldata source) external returns (Note memory);

    /// Reverts unless the license is in force at `moment`.
    function requireInForce(uint32 number, uint64 moment) external view;

    /// Whether the license is issued or suspended and `moment` inside its validity; stops are not asked.
    function isValid(uint32 number, uint64 moment) external view returns (bool);

    /// The license of that number; all 0 where there is none.
    function licenseOf(uint32 number) external view returns (License memory);

    /// What a handoff asks of a license.
    function standingOf(uint32 number) external view returns (Standing memory);

    /// The record id of a license by its number; 0 where there is none.
    function recordOf(uint32 number) external view returns (bytes32);

    /// The number of a license by its record id; 0 where there is none.
    function numberOf(bytes32 record) external view returns (uint32);

    /// The roles, as bits, in which the license names the organization.
    function partyRoles(uint32 number, uint32 organization) external view returns (uint16);

    /// The first lines that an application asks for.
    function proposedOf(bytes32 application, uint8 count) external view returns (Line[] memory);

    /// One line of a license.
    function lineOf(uint32 number, uint8 line) external view returns (Line memory);

    /// The certificates behind some lines, for a shipment to `endUser`, at `moment`.
    function backing(uint32 number, uint8[] calldata lines, uint32 endUser, uint64 moment)
        external
        view
        returns (Backing memory);
}
