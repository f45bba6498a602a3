// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

bytes32 constant ADJUSTMENT = keccak256("Adjustment(uint8 line,int96 quantity)");
bytes32 constant DRAW = keccak256("Draw(uint8 line,uint96 quantity)");
bytes32 constant REGISTER_SHIPMENT = keccak256(
    "RegisterShipment(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,bytes32 salt,bytes32 license,uint32 endUser,uint32 share,bytes32 waybill,bytes32 document,Draw[] draws)Draw(uint8 line,uint96 quantity)"
);
bytes32 constant ADJUST_SHIPMENT = keccak256(
    "AdjustShipment(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,int64 share,bytes32 document,Adjustment[] adjustments)Adjustment(uint8 line,int96 quantity)"
);
bytes32 constant CANCEL_SHIPMENT =
    keccak256("CancelShipment(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline)");
bytes32 constant SPLIT_SHIPMENT = keccak256(
    "SplitShipment(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,bytes32 document,uint32[] shares,uint96[] quantities)"
);
bytes32 constant RECORD_TRANSFER = keccak256(
    "RecordTransfer(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,bytes32 salt,uint64 occurredAt,bytes32 license,uint32 endUser,uint32 share,bytes32 document,Draw[] draws)Draw(uint8 line,uint96 quantity)"
);

/// What a shipment takes of one license line.
struct Draw {
    uint8 line;
    uint96 quantity;
}

/// What a shipment takes more, or less, on one of its own lines.
struct Adjustment {
    uint8 line;
    int96 quantity;
}

/// 80: the exporter registers a shipment against what is left of its license.
struct RegisterShipment {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    bytes32 salt;
    bytes32 license;
    uint32 endUser;
    uint32 share; // of the license's value, parts per billion, rounded down
    bytes32 waybill; // commitment; 0: not known yet
    bytes32 document; // the manifest
    Draw[] draws; // ascending by line
}

/// 81: the exporter corrects quantities and share before departure.
struct AdjustShipment {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    int64 share;
    bytes32 document;
    Adjustment[] adjustments; // ascending by line
}

/// 82: the exporter gives an unshipped draw back.
struct CancelShipment {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
}

/// 113: the holder makes several shipments of one.
struct SplitShipment {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    bytes32 document;
    uint32[] shares; // one a part
    uint96[] quantities; // part by part, each one a line
}

/// 114: technology or software has reached its recipient.
struct RecordTransfer {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    bytes32 salt;
    uint64 occurredAt;
    bytes32 license;
    uint32 endUser; // 0: not known to the ledger
    uint32 share;
    bytes32 document;
    Draw[] draws;
}

interface IManifests {
    function registerShipment(RegisterShipment calldata act, bytes calldata signature) external;
    function adjustShipment(AdjustShipment calldata act, bytes calldata signature) external;
    function cancelShipment(CancelShipment calldata act, bytes calldata signature) external;
    function splitShipment(SplitShipment calldata act, bytes calldata signature) external;
    function recordTransfer(RecordTransfer calldata act, bytes calldata signature) external;
}
