// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Entered} from "./IJournal.sol";
import {IRecords} from "./IRecords.sol";

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
bytes32 constant ROTATE_AGENT_KEYS = keccak256(
    "RotateAgentKeys(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,bytes32 ed25519,bytes32 x25519)"
);
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

/// 23: the agent, or an administrator for it, replaces its document keys.
struct RotateAgentKeys {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    bytes32 ed25519;
    bytes32 x25519;
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
    uint16 recoveries;
}

struct Agent {
    uint32 organization;
    uint16 powers;
    uint8 status;
    uint40 since; // of the status
    uint32 number;
    uint32 appointer; // agent's number; 0: the deployment
    uint32 version;
    uint16 recoveries; // of its organization when it was appointed
}

interface IDirectory is IRecords {
    function registerOrganization(RegisterOrganization calldata act, bytes calldata signature) external;
    function recordParty(RecordParty calldata act, bytes calldata signature) external;
    function appointAgent(AppointAgent calldata act, bytes calldata signature) external;
    function acceptAppointment(AcceptAppointment calldata act, bytes calldata signature) external;
    function confirmAppointment(ConfirmAppointment calldata act, bytes calldata signature) external;
    function rotateAgentKeys(RotateAgentKeys calldata act, bytes calldata signature) external;
    function dismissAgent(DismissAgent calldata act, bytes calldata signature) external;

    /// Enters an act on an organization, which it leaves as `changed`. Only Organizations may call.
    function amend(Entered calldata entry, uint32 number, Organization calldata changed) external;

    /// Enters a mandate of an organization; no kinds: none any more. Only Organizations may call.
    /// @param kinds bit set by act kind
    /// @param until first instant at which it is over
    function entrust(Entered calldata entry, uint32 number, uint32 delegate, uint128 kinds, uint40 until) external;

    /// Reverts unless `signer` is an active agent with `power` of `organization`, usable by its roles, or of one that
    /// holds its mandate for acts of `kind`, or, where the kind allows, of the sponsor of one without agents or admins.
    /// @return agent the agent's number
    /// @return behind the organization whose agent signed
    function requirePower(address signer, uint32 organization, uint16 power, uint8 kind)
        external
        view
        returns (uint32 agent, uint32 behind);

    /// As authorize, for an act that hands something on to another organization.
    /// @return behind the organization whose agent signed
    /// @return suspended the one of `organization` and `behind` that is; 0: none
    /// @return roles of `to`; 0 where there is none or it is suspended
    function authorizeToward(address signer, uint32 organization, uint16 power, uint8 kind, uint32 to)
        external
        view
        returns (uint32 behind, uint32 suspended, uint16 roles);

    /// The organization of that number; reverts with UnknownOrganization.
    function organizationOf(uint32 number) external view returns (Organization memory);

    /// The organization's roles; 0 where there is none.
    function rolesOf(uint32 number) external view returns (uint16);

    /// The organization's roles; 0 where there is none or it is suspended.
    function activeRolesOf(uint32 number) external view returns (uint16);

    /// The record id of an organization; 0 where there is none.
    function recordOf(uint32 number) external view returns (bytes32);

    /// The number of an organization by its record id; 0 where there is none.
    function numberOf(bytes32 record) external view returns (uint32);

    /// Authorities that are active.
    function authorities() external view returns (uint32);

    /// What `delegate` may sign for `organization`: (kinds, until); over where until has passed.
    function mandateOf(uint32 organization, uint32 delegate) external view returns (uint128 kinds, uint40 until);

    /// The agent that `signer` is of `organization`; all 0 where it is none.
    function agentOf(address signer, uint32 organization) external view returns (Agent memory);
}
