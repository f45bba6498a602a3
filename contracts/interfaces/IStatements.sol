// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

bytes32 constant REPORT_DISCREPANCY = keccak256(
    "ReportDiscrepancy(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,bytes32 subject,bytes32 document)"
);
bytes32 constant REPORT_LOSS = keccak256(
    "ReportLoss(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,bytes32 document,uint96[] lost)"
);
bytes32 constant ATTACH_SERIALS = keccak256(
    "AttachSerials(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,uint8 line,bytes32[] serials)"
);
bytes32 constant ADD_STATEMENT = keccak256(
    "AddStatement(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,bytes32 subject,uint8 kind,bytes32 document)"
);

/// 116: one side says that something differs.
struct ReportDiscrepancy {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    bytes32 subject; // digest of the act it is about; 0: the shipment
    bytes32 document;
}

/// 117: who has the goods, or the authority, says that some are lost.
struct ReportLoss {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    bytes32 document;
    uint96[] lost; // one a line
}

/// 118: serial numbers of one line, as commitments.
struct AttachSerials {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    uint8 line;
    bytes32[] serials;
}

/// 119: a party states something about an act or the shipment.
struct AddStatement {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    bytes32 subject;
    uint8 kind;
    bytes32 document;
}

interface IStatements {
    function reportDiscrepancy(ReportDiscrepancy calldata act, bytes calldata signature) external;
    function reportLoss(ReportLoss calldata act, bytes calldata signature) external;
    function attachSerials(AttachSerials calldata act, bytes calldata signature) external;
    function addStatement(AddStatement calldata act, bytes calldata signature) external;
}
