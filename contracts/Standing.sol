// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {
    AgentStatus,
    BY_REGISTRAR,
    BY_SPONSOR,
    Kind,
    OrganizationStatus,
    Power,
    Role,
    WHILE_SUSPENDED
} from "./interfaces/Codes.sol";
import {
    AgentNotActive,
    NotAnAgent,
    OrganizationSuspended,
    PowerMissing,
    RoleMissing,
    UnknownOrganization
} from "./interfaces/Errors.sol";
import {Agent, IDirectory, Organization} from "./interfaces/IDirectory.sol";
import {Records} from "./Records.sol";

/// Who may sign for whom: what Directory keeps, read.
///
/// STORED      organizations by number, agents by record, mandates, to which organization an account is bound.
/// DERIVED     that an admin of before a recovery is dismissed; that a mandate is over.
/// INVARIANTS  I8 (only an active agent is authorized, and for a suspended organization only to hand goods on).
abstract contract Standing is IDirectory, Records {
    struct Mandate {
        uint128 kinds;
        uint40 until;
        uint16 recoveries; // of its organization when it was given
    }

    uint32 internal _organizationCount;
    uint32 internal _authorityCount; // active
    mapping(uint32 number => Organization) internal _organizations;
    mapping(uint32 number => bytes32 record) internal _recordOf;
    mapping(bytes32 record => uint32 number) internal _numberOf;
    mapping(uint32 organization => mapping(uint32 delegate => Mandate)) internal _mandates;
    mapping(bytes32 record => Agent) internal _agents;
    mapping(address account => uint32 organization) internal _boundTo;

    /// @inheritdoc IDirectory
    function requirePower(address signer, uint32 organization, uint16 power, uint8 kind)
        public
        view
        returns (uint32 agent, uint32 behind)
    {
        (agent, behind,) = _permitted(signer, organization, power, kind);
    }

    function _permitted(address signer, uint32 organization, uint16 power, uint8 kind)
        private
        view
        returns (uint32 agent, uint32 behind, uint32 suspended)
    {
        Agent storage found = _agents[_agentId(organization, signer)];
        uint8 status = _statusOf(found);
        uint16 required = power;
        behind = organization;
        if (status != AgentStatus.ACTIVE) {
            (behind, required) = _standIn(signer, organization, power, kind);
            if (behind != organization) {
                found = _agents[_agentId(behind, signer)];
                status = _statusOf(found);
            }
        }
        if (status == 0) revert NotAnAgent(signer, organization);
        if (status != AgentStatus.ACTIVE) revert AgentNotActive(signer, status);
        if (found.powers & required == 0) revert PowerMissing(signer, found.powers, required);
        Organization storage represented = _organizations[organization];
        uint16 roles = represented.roles;
        // In the place of an organization without agents stands an authority, whose powers are its own.
        if (required == power && roles & _rolesFor(power) == 0) {
            revert RoleMissing(organization, roles, _rolesFor(power));
        }
        if (represented.status != OrganizationStatus.ACTIVE) suspended = organization;
        else if (behind != organization && _organizations[behind].status != OrganizationStatus.ACTIVE) suspended = behind;
        if (suspended != 0) _unlessSuspended(suspended, kind);
        agent = found.number;
    }

    /// @inheritdoc IDirectory
    function authorizeToward(address signer, uint32 organization, uint16 power, uint8 kind, uint32 to)
        external
        view
        returns (uint32 behind, uint32 suspended, uint16 roles)
    {
        (, behind, suspended) = _permitted(signer, organization, power, kind);
        roles = activeRolesOf(to);
    }

    /// @inheritdoc IDirectory
    function organizationOf(uint32 number) external view returns (Organization memory organization) {
        organization = _organizations[number];
        if (organization.status == 0) revert UnknownOrganization(number);
    }

    /// @inheritdoc IDirectory
    function rolesOf(uint32 number) external view returns (uint16) {
        return _organizations[number].roles;
    }

    /// @inheritdoc IDirectory
    function activeRolesOf(uint32 number) public view returns (uint16) {
        Organization storage organization = _organizations[number];
        return organization.status == OrganizationStatus.ACTIVE ? organization.roles : 0;
    }

    /// @inheritdoc IDirectory
    function recordOf(uint32 number) external view returns (bytes32) {
        return _recordOf[number];
    }

    /// @inheritdoc IDirectory
    function numberOf(bytes32 record) external view returns (uint32) {
        return _numberOf[record];
    }

    /// @inheritdoc IDirectory
    function authorities() external view returns (uint32) {
        return _authorityCount;
    }

    /// @inheritdoc IDirectory
    function mandateOf(uint32 organization, uint32 delegate) external view returns (uint128 kinds, uint40 until) {
        Mandate memory mandate = _mandateOf(organization, delegate);
        return (mandate.kinds, mandate.until);
    }

    /// @inheritdoc IDirectory
    function agentOf(address signer, uint32 organization) external view returns (Agent memory) {
        return _agentAt(_agentId(organization, signer));
    }

    /// For a signer who is no active agent of the organization: the one whose agent it may sign as in its stead,
    /// and the power it needs there; the organization itself and the power asked, where there is none.
    function _standIn(address signer, uint32 organization, uint16 power, uint8 kind)
        private
        view
        returns (uint32 behind, uint16 required)
    {
        behind = _boundTo[signer];
        uint128 asked = uint128(1) << kind;
        Organization memory represented = _organizations[organization];
        if (behind == represented.sponsor && behind != organization) {
            // Of a departure only the exporter's word, not the holder's or an inspector's.
            bool absent = represented.agents == 0 && (power == Power.SHIP || kind != 85);
            if (absent && BY_SPONSOR & asked != 0) return (behind, Power.RECORD);
            if (represented.admins == 0 && BY_REGISTRAR & asked != 0) return (behind, Power.REGISTER);
        }
        Mandate memory mandate = _mandateOf(organization, behind);
        if (mandate.kinds & asked != 0 && block.timestamp < mandate.until) return (behind, power);
        return (organization, power);
    }

    /// A mandate as it counts: a recovery ends those of before.
    function _mandateOf(uint32 organization, uint32 delegate) private view returns (Mandate memory mandate) {
        mandate = _mandates[organization][delegate];
        if (mandate.recoveries != _organizations[organization].recoveries) mandate.kinds = 0;
    }

    function _unlessSuspended(uint32 number, uint8 kind) internal view {
        if (_organizations[number].status == OrganizationStatus.ACTIVE) return;
        if (WHILE_SUSPENDED & (uint128(1) << kind) == 0) revert OrganizationSuspended(number);
    }

    /// The agent as it counts.
    function _agentAt(bytes32 record) internal view returns (Agent memory) {
        Agent memory agent = _agents[record];
        if (_outdated(agent)) agent.status = AgentStatus.DISMISSED;
        return agent;
    }

    /// The agent's status as it counts.
    function _statusOf(Agent storage agent) private view returns (uint8) {
        if (agent.powers & Power.ADMIN == 0) return agent.status;
        bool outdated = agent.recoveries != _organizations[agent.organization].recoveries;
        return outdated ? AgentStatus.DISMISSED : agent.status;
    }

    /// Whether it is an admin, also a pending one, of before its organization's last recovery.
    function _outdated(Agent memory agent) internal view returns (bool) {
        if (agent.powers & Power.ADMIN == 0) return false;
        return agent.recoveries != _organizations[agent.organization].recoveries;
    }

    /// The roles of which an organization needs one before its agents can use the power.
    function _rolesFor(uint16 power) internal pure returns (uint16) {
        if (power & (Power.ADMIN | Power.CUSTODY | Power.STATE | Power.ARCHIVE) != 0) return Role.ALL;
        if (power == Power.INSPECT) return Role.AUTHORITY | Role.CUSTOMS;
        if (power == Power.VERIFY) return Role.AUTHORITY | Role.MISSION;
        if (power == Power.APPLY || power == Power.SHIP) return Role.EXPORTER;
        if (power == Power.CERTIFY) return Role.END_USER | Role.CONSIGNEE;
        return Role.AUTHORITY;
    }

    function _agentId(uint32 organization, address account) internal view returns (bytes32) {
        return keccak256(
            abi.encode(block.chainid, address(this), Kind.AGENT, organization, bytes32(uint256(uint160(account))))
        );
    }
}
