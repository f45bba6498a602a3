// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

// Acts. Each struct is an EIP-712 type of the same name.

bytes32 constant REGISTER_ORGANIZATION = keccak256(
    "RegisterOrganization(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,bytes32 salt,uint16 roles,bytes32 profile)"
);
bytes32 constant RECORD_PARTY = keccak256(
    "RecordParty(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,bytes32 salt,uint16 roles,bytes32 profile)"
);
bytes32 constant APPOINT_AGENT = keccak256(
    "AppointAgent(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,address account,uint16 powers)"
);
bytes32 constant ACCEPT_APPOINTMENT = keccak256(
    "AcceptAppointment(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,bytes32 ed25519,bytes32 x25519)"
);
bytes32 constant CONFIRM_APPOINTMENT =
    keccak256("ConfirmAppointment(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline)");
bytes32 constant DISMISS_AGENT = keccak256(
    "DismissAgent(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,uint8 reason,uint64 compromisedSince)"
);

/// 1: an authority takes an organization in that will act with keys of its own.
struct RegisterOrganization {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    bytes32 salt;
    uint16 roles;
    bytes32 profile;
}

/// 2: an authority records an organization that has no keys.
struct RecordParty {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    bytes32 salt;
    uint16 roles;
    bytes32 profile;
}

/// 20: an administrator names an account as agent; its salt is the account.
struct AppointAgent {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    address account;
    uint16 powers;
}

/// 21: the account itself accepts and brings its document keys.
struct AcceptAppointment {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    bytes32 ed25519;
    bytes32 x25519;
}

/// 22: in an authority, a second administrator confirms.
struct ConfirmAppointment {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
}

/// 24: an administrator ends an agent's powers for ever.
struct DismissAgent {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    uint8 reason;
    uint64 compromisedSince; // 0: not compromised
}

/// An authority that the deployment itself founds.
struct Founder {
    uint16 roles;
    bytes32 profile;
    Appointee[] agents;
}

struct Appointee {
    address account;
    uint16 powers;
}

struct Organization {
    uint16 roles;
    uint32 sponsor;
    uint8 status;
    uint32 agents; // active
    uint32 admins; // active
    uint32 version;
    uint32 notes;
}

struct Agent {
    uint32 organization;
    uint16 powers;
    uint8 status;
    uint40 since; // of the status
    uint32 number;
    uint32 appointer; // agent's number; 0: the deployment
    uint32 version;
}

interface IDirectory {
    function registerOrganization(RegisterOrganization calldata act, bytes calldata signature) external;
    function recordParty(RecordParty calldata act, bytes calldata signature) external;
    function appointAgent(AppointAgent calldata act, bytes calldata signature) external;
    function acceptAppointment(AcceptAppointment calldata act, bytes calldata signature) external;
    function confirmAppointment(ConfirmAppointment calldata act, bytes calldata signature) external;
    function dismissAgent(DismissAgent calldata act, bytes calldata signature) external;

    /// Reverts unless `signer` is an active agent of `organization` with `power`, usable by its roles.
    /// @return agent the agent's number
    function authorize(address signer, uint32 organization, uint16 power) external view returns (uint32 agent);

    /// As authorize; while the organization has no active agent, an agent of its sponsor with RECORD passes too.
    /// @return agent the agent's number
    /// @return behind the organization whose agent signed
    function authorizeOrSponsor(address signer, uint32 organization, uint16 power)
        external
        view
        returns (uint32 agent, uint32 behind);

    /// The organization of that number; reverts with UnknownOrganization.
    function organizationOf(uint32 number) external view returns (Organization memory);

    /// The organization's roles; 0 where there is none.
    function rolesOf(uint32 number) external view returns (uint16);

    /// The record id of an organization; 0 where there is none.
    function recordOf(uint32 number) external view returns (bytes32);

    /// The agent that `signer` is of `organization`; all 0 where it is none.
    function agentOf(address signer, uint32 organization) external view returns (Agent memory);
}
