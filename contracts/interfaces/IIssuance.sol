// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

bytes32 constant ISSUE_LICENSE = keccak256(
    "IssueLicense(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,bytes32 salt,bytes32 application,bytes32 assessedHead,uint32 policy,uint64 validFrom,uint64 validUntil,uint64 returnBy,bytes32 document)"
);
bytes32 constant BIND_CERTIFICATE = keccak256(
    "BindCertificate(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,uint8 line,bytes32 certificate,uint8 certificateLine)"
);
bytes32 constant SUPERSEDE_LICENSE = keccak256(
    "SupersedeLicense(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,bytes32 salt,bytes32 license,bytes32 application,bytes32 assessedHead,uint32 policy,uint64 validFrom,uint64 validUntil,uint64 returnBy,bytes32 document)"
);

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
    uint64 returnBy; // first instant at which goods out are overdue; 0 unless temporary
    bytes32 document;
}

/// 61: the exporter names the certificate behind a line of its license.
struct BindCertificate {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    uint8 line;
    bytes32 certificate;
    uint8 certificateLine;
}

/// 67: an agent other than the assessor grants the unshipped balance anew.
struct SupersedeLicense {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    bytes32 salt;
    bytes32 license; // the one superseded
    bytes32 application;
    bytes32 assessedHead;
    uint32 policy;
    uint64 validFrom;
    uint64 validUntil;
    uint64 returnBy;
    bytes32 document;
}

interface IIssuance {
    function issueLicense(IssueLicense calldata act, bytes calldata signature) external;
    function bindCertificate(BindCertificate calldata act, bytes calldata signature) external;
    function supersedeLicense(SupersedeLicense calldata act, bytes calldata signature) external;
}
