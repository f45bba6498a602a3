// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Note} from "./IJournal.sol";
import {IRecords, Source} from "./IRecords.sol";

bytes32 constant LICENSE_LINE = keccak256(
    "LicenseLine(bytes3 unit,uint8 decimals,uint96 granted,uint96 drawn,bool unlimited,bytes32 certificate,uint8 certificateLine)"
);
bytes32 constant PARTY = keccak256("Party(uint32 organization,uint8 role)");
bytes32 constant APPLY_FOR_LICENSE = keccak256(
    "ApplyForLicense(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,bytes32 salt,uint8 kind,uint32 authority,bytes32 continues,uint64 validFrom,uint64 validUntil,bytes32 document,Party[] parties,LicenseLine[] lines)LicenseLine(bytes3 unit,uint8 decimals,uint96 granted,uint96 drawn,bool unlimited,bytes32 certificate,uint8 certificateLine)Party(uint32 organization,uint8 role)"
);
bytes32 constant AMEND_APPLICATION = keccak256(
    "AmendApplication(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,uint64 validFrom,uint64 validUntil,bytes32 document,Party[] parties,LicenseLine[] lines)LicenseLine(bytes3 unit,uint8 decimals,uint96 granted,uint96 drawn,bool unlimited,bytes32 certificate,uint8 certificateLine)Party(uint32 organization,uint8 role)"
);
bytes32 constant WITHDRAW_APPLICATION =
    keccak256("WithdrawApplication(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline)");
bytes32 constant RETURN_APPLICATION =
    keccak256("ReturnApplication(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,bytes32 document)");
bytes32 constant ASSESS_APPLICATION = keccak256(
    "AssessApplication(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,uint8 recommendation,bytes32 document)"
);
bytes32 constant REFUSE_APPLICATION =
    keccak256("RefuseApplication(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,bytes32 document)");
bytes32 constant RECORD_LICENSE = keccak256(
    "RecordLicense(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,bytes32 salt,uint8 kind,uint32 exporter,uint8 control,uint32 drawnShare,uint64 validFrom,uint64 validUntil,bytes32 document,Party[] parties,LicenseLine[] lines)LicenseLine(bytes3 unit,uint8 decimals,uint96 granted,uint96 drawn,bool unlimited,bytes32 certificate,uint8 certificateLine)Party(uint32 organization,uint8 role)"
);

/// An organization that a license names, with the number of the role's bit.
struct Party {
    uint32 organization;
    uint8 role;
}

/// What a license grants on one line; a quantity counts 10^-decimals of the unit.
struct LicenseLine {
    bytes3 unit;
    uint8 decimals;
    uint96 granted;
    uint96 drawn; // before the ledger; only in RecordLicense
    bool unlimited;
    bytes32 certificate; // record id; 0: none named
    uint8 certificateLine;
}

/// 50: the exporter asks its authority.
struct ApplyForLicense {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    bytes32 salt;
    uint8 kind;
    uint32 authority;
    bytes32 continues; // a delivered shipment, a refused application or a license to supersede; 0: nothing
    uint64 validFrom;
    uint64 validUntil;
    bytes32 document;
    Party[] parties;
    LicenseLine[] lines;
}

/// 51: the exporter asks for something else; what was assessed is so no longer.
struct AmendApplication {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    uint64 validFrom;
    uint64 validUntil;
    bytes32 document;
    Party[] parties;
    LicenseLine[] lines;
}

/// 52: the exporter no longer asks.
struct WithdrawApplication {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
}

/// 53: a caseworker asks for more.
struct ReturnApplication {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    bytes32 document;
}

/// 54: a caseworker recommends.
struct AssessApplication {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    uint8 recommendation; // 1 grant, 2 refuse
    bytes32 document;
}

/// 55: another agent refuses.
struct RefuseApplication {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    bytes32 document;
}

/// 56: an authority records a license decided before or outside the ledger.
struct RecordLicense {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    bytes32 salt;
    uint8 kind;
    uint32 exporter;
    uint8 control;
    uint32 drawnShare; // parts per billion of the value, before the ledger
    uint64 validFrom;
    uint64 validUntil;
    bytes32 document;
    Party[] parties;
    LicenseLine[] lines;
}

struct Application {
    uint32 exporter;
    uint32 authority;
    uint8 kind;
    uint8 status;
    uint8 lines;
    uint8 control; // 0: the policy's
    bool recorded;
    uint32 assessor; // agent's number
    uint32 decider; // agent's number, of a refusal
    uint32 drawnShare;
    uint32 version;
    uint24 notes;
    bytes32 continues;
}

struct Line {
    uint80 granted;
    uint80 drawn;
    bytes3 unit;
    uint8 decimals;
    uint32 certificate;
    uint8 certificateLine;
    bool unlimited;
}

interface IApplications is IRecords {
    function applyForLicense(ApplyForLicense calldata act, bytes calldata signature) external;
    function amendApplication(AmendApplication calldata act, bytes calldata signature) external;
    function withdrawApplication(WithdrawApplication calldata act, bytes calldata signature) external;
    function returnApplication(ReturnApplication calldata act, bytes calldata signature) external;
    function assessApplication(AssessApplication calldata act, bytes calldata signature) external;
    function refuseApplication(RefuseApplication calldata act, bytes calldata signature) external;
    function recordLicense(RecordLicense calldata act, bytes calldata signature) external;

    /// Turns an assessed application into a license (I5) and notes it. Only Issuance may call.
    /// @param agent number of the issuing agent
    function grant(bytes32 record, bytes32 assessedHead, uint32 agent, bytes32 license, Source calldata source)
        external
        returns (Note memory);

    /// The application; all 0 where there is none.
    function applicationOf(bytes32 record) external view returns (Application memory);

    /// The roles, as bits, in which an application's license names the organization.
    function partyRoles(bytes32 record, uint32 organization) external view returns (uint16);
}
