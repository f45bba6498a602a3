// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

bytes32 constant CLEAR_SHIPMENT = keccak256(
    "ClearShipment(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,uint64 occurredAt,bytes32 document)"
);
bytes32 constant INVALIDATE_CLEARANCE =
    keccak256("InvalidateClearance(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,uint8 reason)");
bytes32 constant DEPART_SHIPMENT = keccak256(
    "DepartShipment(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,uint64 occurredAt,bytes32 document)"
);

/// 83: customs clears for export.
struct ClearShipment {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    uint64 occurredAt;
    bytes32 document;
}

/// 84: customs takes its clearance back.
struct InvalidateClearance {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    uint8 reason;
}

/// 85: the export moment.
struct DepartShipment {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    uint64 occurredAt;
    bytes32 document; // 0: none
}

interface IDepartures {
    function clearShipment(ClearShipment calldata act, bytes calldata signature) external;
    function invalidateClearance(InvalidateClearance calldata act, bytes calldata signature) external;
    function departShipment(DepartShipment calldata act, bytes calldata signature) external;
}
