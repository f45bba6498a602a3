// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

bytes32 constant SUSPEND_LICENSE =
    keccak256("SuspendLicense(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,uint8 reason)");
bytes32 constant CONFIRM_SUSPENSION =
    keccak256("ConfirmSuspension(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,uint8 reason)");
bytes32 constant REINSTATE_LICENSE =
    keccak256("ReinstateLicense(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,uint8 reason)");
bytes32 constant REVOKE_LICENSE = keccak256(
    "RevokeLicense(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,uint8 reason,bytes32 document)"
);
bytes32 constant HOLD_SHIPMENT =
    keccak256("HoldShipment(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,uint8 reason)");
bytes32 constant RESUME_SHIPMENT =
    keccak256("ResumeShipment(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,uint32 holdOf)");
bytes32 constant SEIZE_SHIPMENT = keccak256(
    "SeizeShipment(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,uint8 reason,bytes32 document)"
);
bytes32 constant RELEASE_SEIZURE = keccak256(
    "ReleaseSeizure(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,uint32 to,bytes32 document)"
);
bytes32 constant RECALL_SHIPMENT =
    keccak256("RecallShipment(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,uint8 reason)");
bytes32 constant ORDER_HANDOFF = keccak256(
    "OrderHandoff(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,uint32 to,bytes32 document)"
);
bytes32 constant REGULARIZE = keccak256(
    "Regularize(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,uint16 bits,bytes32 document)"
);

/// 62: one officer stops a license for the policy's hours.
struct SuspendLicense {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    uint8 reason;
}

/// 63: a second officer stops it until it is reinstated.
struct ConfirmSuspension {
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

/// 65: two officers end a license.
struct RevokeLicense {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    uint8 reason;
    bytes32 document;
}

/// 91: an inspector stops the shipment.
struct HoldShipment {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    uint8 reason;
}

/// 92: an organization, or its sponsor, ends its hold.
struct ResumeShipment {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    uint32 holdOf;
}

/// 93: an inspector takes the goods.
struct SeizeShipment {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    uint8 reason;
    bytes32 document;
}

/// 94: the seizer gives them to someone.
struct ReleaseSeizure {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    uint32 to;
    bytes32 document;
}

/// 95: the authority orders the goods back.
struct RecallShipment {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    uint8 reason;
}

/// 96: the authority orders the goods into other hands.
struct OrderHandoff {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    uint32 to;
    bytes32 document;
}

/// 115: two officers clear irregular bits.
struct Regularize {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    uint16 bits;
    bytes32 document;
}

interface IOrders {
    function suspendLicense(SuspendLicense calldata act, bytes calldata signature) external;
    function confirmSuspension(ConfirmSuspension calldata act, bytes calldata signature) external;
    function reinstateLicense(ReinstateLicense calldata act, bytes calldata signature) external;
    function revokeLicense(RevokeLicense calldata act, bytes calldata signature) external;
    function holdShipment(HoldShipment calldata act, bytes calldata signature) external;
    function resumeShipment(ResumeShipment calldata act, bytes calldata signature) external;
    function seizeShipment(SeizeShipment calldata act, bytes calldata signature) external;
    function releaseSeizure(ReleaseSeizure calldata act, bytes calldata signature) external;
    function recallShipment(RecallShipment calldata act, bytes calldata signature) external;
    function orderHandoff(OrderHandoff calldata act, bytes calldata signature) external;
    function regularize(Regularize calldata act, bytes calldata signature) external;
}
