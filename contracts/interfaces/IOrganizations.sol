// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

bytes32 constant VOTE_AUTHORITY =
    keccak256("VoteAuthority(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,uint8 motion)");
bytes32 constant SUSPEND_ORGANIZATION =
    keccak256("SuspendOrganization(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,uint8 reason)");
bytes32 constant REINSTATE_ORGANIZATION =
    keccak256("ReinstateOrganization(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,uint8 reason)");
bytes32 constant RENAME_ORGANIZATION =
    keccak256("RenameOrganization(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,bytes32 profile)");
bytes32 constant GRANT_MANDATE = keccak256(
    "GrantMandate(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,uint32 delegate,uint64 until,uint8[] kinds)"
);
bytes32 constant END_MANDATE =
    keccak256("EndMandate(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,uint32 delegate)");
bytes32 constant RECOVER_ORGANIZATION = keccak256(
    "RecoverOrganization(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,bytes32 document)"
);

/// 3: an authority votes on who is one.
struct VoteAuthority {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    uint8 motion; // 1 admit, 2 suspend, 3 reinstate
}

/// 4: the sponsor stops all permissions of an organization.
struct SuspendOrganization {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    uint8 reason;
}

/// 5: the sponsor lets it go on.
struct ReinstateOrganization {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    uint8 reason;
}

/// 6: an organization has a new profile: name, address, legal form.
struct RenameOrganization {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    bytes32 profile;
}

/// 7: an organization lets another's agents sign some kinds of acts for it.
struct GrantMandate {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    uint32 delegate;
    uint64 until; // first instant after
    uint8[] kinds;
}

/// 8: and no longer.
struct EndMandate {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    uint32 delegate;
}

/// 9: two agents of the sponsor declare its administrators' keys lost.
struct RecoverOrganization {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    bytes32 document;
}

interface IOrganizations {
    function voteAuthority(VoteAuthority calldata act, bytes calldata signature) external;
    function suspendOrganization(SuspendOrganization calldata act, bytes calldata signature) external;
    function reinstateOrganization(ReinstateOrganization calldata act, bytes calldata signature) external;
    function renameOrganization(RenameOrganization calldata act, bytes calldata signature) external;
    function grantMandate(GrantMandate calldata act, bytes calldata signature) external;
    function endMandate(EndMandate calldata act, bytes calldata signature) external;
    function recoverOrganization(RecoverOrganization calldata act, bytes calldata signature) external;

    /// Votes for a motion on a record since the set of active authorities last changed.
    function votesOf(bytes32 record, uint8 motion) external view returns (uint32);
}
