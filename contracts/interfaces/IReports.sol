// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

bytes32 constant CONFIRM_DELIVERY = keccak256(
    "ConfirmDelivery(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,uint64 occurredAt,bytes32 document,uint96[] counted)"
);
bytes32 constant REPORT_MOVEMENT = keccak256(
    "ReportMovement(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,uint64 occurredAt,uint8 movement,uint32 to,bytes32 document,uint96[] counted)"
);
bytes32 constant REPORT_DELIVERY = keccak256(
    "ReportDelivery(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,uint64 occurredAt,bytes32 document,uint96[] counted)"
);
bytes32 constant CONFIRM_REPORT =
    keccak256("ConfirmReport(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,bytes32 reportHead)");

/// 90: the end-user, holding the goods, confirms what it received.
struct ConfirmDelivery {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    uint64 occurredAt;
    bytes32 document; // 0: none
    uint96[] counted;
}

/// 110: one side reports that the goods moved, with an evidence document.
struct ReportMovement {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    uint64 occurredAt;
    uint8 movement; // 1 handoff, 2 departure
    uint32 to; // 0 in a departure
    bytes32 document;
    uint96[] counted;
}

/// 111: one side reports that the end-user has the goods, with an evidence document.
struct ReportDelivery {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    uint64 occurredAt;
    bytes32 document;
    uint96[] counted;
}

/// 112: the other side of a report or order confirms it.
struct ConfirmReport {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    bytes32 reportHead; // head right after the report
}

interface IReports {
    function confirmDelivery(ConfirmDelivery calldata act, bytes calldata signature) external;
    function reportMovement(ReportMovement calldata act, bytes calldata signature) external;
    function reportDelivery(ReportDelivery calldata act, bytes calldata signature) external;
    function confirmReport(ConfirmReport calldata act, bytes calldata signature) external;
}
