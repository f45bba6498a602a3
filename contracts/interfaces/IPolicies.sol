// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

bytes32 constant TERMS = keccak256(
    "Terms(uint8 certificateGrade,uint16 certificateSigners,uint16 firstUseDays,uint16 lastUseDays,uint16 exemptRoles,bool clearanceRequired,uint8 control,uint16 valueTolerance,uint16 quantityTolerance,uint16 countTolerance,uint16 handoffHours,uint16 latenessHours,uint16 suspensionHours,uint8 lowestCustodyGrade,uint8 transfers)"
);
bytes32 constant ADOPT_POLICY = keccak256(
    "AdoptPolicy(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,bytes32 salt,uint8 kind,uint32 replaces,Terms terms,bytes32 controlList)Terms(uint8 certificateGrade,uint16 certificateSigners,uint16 firstUseDays,uint16 lastUseDays,uint16 exemptRoles,bool clearanceRequired,uint8 control,uint16 valueTolerance,uint16 quantityTolerance,uint16 countTolerance,uint16 handoffHours,uint16 latenessHours,uint16 suspensionHours,uint8 lowestCustodyGrade,uint8 transfers)"
);

/// What an authority asks of exports under one kind of license. Tolerances in basis points.
struct Terms {
    uint8 certificateGrade; // asked at departure; 0: no certificate needed
    uint16 certificateSigners; // roles that must have cosigned by departure: EXPORTER, CONSIGNEE; AUTHORITY: endorsed
    uint16 firstUseDays; // from validFrom, for a certificate's first application; 0: not asked
    uint16 lastUseDays; // for every later one; 0: not asked
    uint16 exemptRoles; // an end-user with one of these roles needs no certificate
    bool clearanceRequired;
    uint8 control; // what a license bounds: quantity, value, both, open
    uint16 valueTolerance;
    uint16 quantityTolerance;
    uint16 countTolerance;
    uint16 handoffHours; // an offer lapses so long after its occurredAt
    uint16 latenessHours; // a fact may be recorded so long after it occurred
    uint16 suspensionHours; // of one officer alone
    uint8 lowestCustodyGrade;
    uint8 transfers; // how often a license may go to another exporter
}

/// 30: an authority adopts the policy for one license kind.
struct AdoptPolicy {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    bytes32 salt;
    uint8 kind;
    uint32 replaces; // the current policy of this authority and kind; 0: none yet
    Terms terms;
    bytes32 controlList;
}

interface IPolicies {
    function adoptPolicy(AdoptPolicy calldata act, bytes calldata signature) external;

    /// The terms of a policy, immutable; all 0 where there is none.
    function termsOf(uint32 policy) external view returns (Terms memory);

    /// The record id of a policy; 0 where there is none.
    function recordOf(uint32 policy) external view returns (bytes32);

    /// The number of the policy that new licenses of this kind pin; 0: none.
    function currentOf(uint32 authority, uint8 kind) external view returns (uint32 policy);
}
