// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Acts} from "./Acts.sol";
import {AgentStatus, Kind, OrganizationStatus, Power, Role} from "./interfaces/Codes.sol";
import {Contracts} from "./interfaces/Deployment.sol";
import {
    AccountTaken,
    AgentNotActive,
    CommitmentMissing,
    FourEyes,
    LastAdmin,
    NotAnAgent,
    OccurredInFuture,
    OutOfRange,
    PowerMissing,
    PowersInvalid,
    RoleMissing,
    RolesInvalid,
    UnknownOrganization,
    WrongOrganization
} from "./interfaces/Errors.sol";
import {
    ACCEPT_APPOINTMENT,
    APPOINT_AGENT,
    AcceptAppointment,
    Agent,
    AppointAgent,
    Appointee,
    CONFIRM_APPOINTMENT,
    ConfirmAppointment,
    DISMISS_AGENT,
    DismissAgent,
    Founder,
    IDirectory,
    Organization,
    RECORD_PARTY,
    REGISTER_ORGANIZATION,
    RecordParty,
    RegisterOrganization
} from "./interfaces/IDirectory.sol";
import {Entered} from "./interfaces/IJournal.sol";
import {Records} from "./Records.sol";

/// Who is who: organizations by number, agents by organization and account.
///
/// STORED      roles, sponsor, counts of active agents; an agent's powers, status and who appointed it.
/// DERIVED     names, addresses and document keys stand in the acts and the documents they commit to.
/// TRUSTED     the founding authorities named at deployment.
/// INVARIANTS  I5 (an admin neither assesses nor decides), I8 (only an active agent is authorized).
contract Directory is IDirectory, Records {
    uint32 private _organizationCount;
    uint32 private _agentCount;
    mapping(uint32 number => Organization) private _organizations;
    mapping(uint32 number => bytes32 record) private _recordOf;
    mapping(bytes32 record => Agent) private _agents;
    mapping(address account => uint32 organization) private _boundTo;

    /// @param founders authorities that exist from the start, each with its first agents, pending and confirmed
    constructor(Contracts memory contracts, Founder[] memory founders) Acts(contracts) {
        if (founders.length == 0) revert OutOfRange("founders", 0, 1, type(uint32).max);
        bool authority = false;
        for (uint256 i = 0; i < founders.length; i++) {
            _foundOrganization(founders[i]);
            authority = authority || founders[i].roles & Role.AUTHORITY != 0;
        }
        if (!authority) revert RolesInvalid(founders[0].roles, Role.AUTHORITY);
    }

    /// @inheritdoc IDirectory
    function registerOrganization(RegisterOrganization calldata act, bytes calldata signature) external {
        bytes memory encoded = abi.encode(act);
        Entered memory entry = _signed(
            1, act.record, act.organization, act.deadline, _hash(REGISTER_ORGANIZATION, encoded), encoded, signature
        );
        _admit(entry, act.parent, act.salt, Power.REGISTER);
        _checkProfile(act.roles, act.profile, Role.ALL & ~Role.AUTHORITY);

        _enterOrganization(entry, act.roles);
    }

    /// @inheritdoc IDirectory
    function recordParty(RecordParty calldata act, bytes calldata signature) external {
        bytes memory encoded = abi.encode(act);
        Entered memory entry =
            _signed(2, act.record, act.organization, act.deadline, _hash(RECORD_PARTY, encoded), encoded, signature);
        _admit(entry, act.parent, act.salt, Power.RECORD);
        _checkProfile(act.roles, act.profile, Role.ALL & ~Role.NEVER_KEYLESS);

        _enterOrganization(entry, act.roles);
    }

    /// @inheritdoc IDirectory
    function appointAgent(AppointAgent calldata act, bytes calldata signature) external {
        bytes memory encoded = abi.encode(act);
        Entered memory entry =
            _signed(20, act.record, act.organization, act.deadline, _hash(APPOINT_AGENT, encoded), encoded, signature);
        _create(entry, act.parent, Kind.AGENT, bytes32(uint256(uint160(act.account))));
        (uint32 appointer, bool own) = _appointing(entry.signer, act.organization);
        if (_boundTo[act.account] != 0) revert AccountTaken(act.account, _boundTo[act.account]);
        _checkPowers(act.powers, _organizations[act.organization].roles, own ? 0 : Power.ADMIN);

        _agents[act.record] = Agent({
            organization: act.organization,
            powers: act.powers,
            status: AgentStatus.PENDING,
            since: uint40(block.timestamp),
            number: ++_agentCount,
            appointer: appointer,
            version: 1
        });

        _move(entry, 1);
        _journalWithNote(entry);
    }

    /// @inheritdoc IDirectory
    function acceptAppointment(AcceptAppointment calldata act, bytes calldata signature) external {
        bytes memory encoded = abi.encode(act);
        Entered memory entry = _signed(
            21, act.record, act.organization, act.deadline, _hash(ACCEPT_APPOINTMENT, encoded), encoded, signature
        );
        _exists(act.record);
        if (act.record != _agentId(act.organization, entry.signer)) revert NotAnAgent(entry.signer, act.organization);
        _atHead(act.record, act.parent);
        Agent memory agent = _agents[act.record];
        _inStatus(act.record, agent.status, uint16(1) << AgentStatus.PENDING);
        if (act.ed25519 == 0) revert CommitmentMissing("ed25519");
        if (act.x25519 == 0) revert CommitmentMissing("x25519");
        if (_boundTo[entry.signer] != 0) revert AccountTaken(entry.signer, _boundTo[entry.signer]);

        _boundTo[entry.signer] = act.organization;
        bool confirmed =
            agent.appointer == 0 || _organizations[act.organization].roles & Role.AUTHORITY == 0;
        _stepAgent(entry, agent, confirmed ? AgentStatus.ACTIVE : AgentStatus.ACCEPTED);
    }

    /// @inheritdoc IDirectory
    function confirmAppointment(ConfirmAppointment calldata act, bytes calldata signature) external {
        bytes memory encoded = abi.encode(act);
        Entered memory entry = _signed(
            22, act.record, act.organization, act.deadline, _hash(CONFIRM_APPOINTMENT, encoded), encoded, signature
        );
        _existsIn(act.record, act.organization);
        uint32 admin = authorize(entry.signer, act.organization, Power.ADMIN);
        _atHead(act.record, act.parent);
        Agent memory agent = _agents[act.record];
        _inStatus(act.record, agent.status, uint16(1) << AgentStatus.ACCEPTED);
        if (admin == agent.appointer) revert FourEyes(admin, act.record);

        _stepAgent(entry, agent, AgentStatus.ACTIVE);
    }

    /// @inheritdoc IDirectory
    function dismissAgent(DismissAgent calldata act, bytes calldata signature) external {
        bytes memory encoded = abi.encode(act);
        Entered memory entry =
            _signed(24, act.record, act.organization, act.deadline, _hash(DISMISS_AGENT, encoded), encoded, signature);
        _existsIn(act.record, act.organization);
        _appointing(entry.signer, act.organization);
        _spend(entry);
        Agent memory agent = _agents[act.record];
        _inStatus(act.record, agent.status, AgentStatus.PRESENT);
        bool active = agent.status == AgentStatus.ACTIVE;
        bool last = _organizations[act.organization].admins == 1;
        if (active && last && agent.powers & Power.ADMIN != 0) revert LastAdmin(act.organization, 1);
        if (act.compromisedSince > block.timestamp) {
            revert OccurredInFuture(act.compromisedSince, uint64(block.timestamp));
        }

        _stepAgent(entry, agent, AgentStatus.DISMISSED);
    }

    /// @inheritdoc IDirectory
    function authorize(address signer, uint32 organization, uint16 power) public view returns (uint32) {
        Agent memory agent = _agents[_agentId(organization, signer)];
        if (agent.status == 0) revert NotAnAgent(signer, organization);
        if (agent.status != AgentStatus.ACTIVE) revert AgentNotActive(signer, agent.status);
        if (agent.powers & power == 0) revert PowerMissing(signer, agent.powers, power);
        uint16 roles = _organizations[organization].roles;
        if (roles & _rolesFor(power) == 0) revert RoleMissing(organization, roles, _rolesFor(power));
        return agent.number;
    }

    /// @inheritdoc IDirectory
    function authorizeOrSponsor(address signer, uint32 organization, uint16 power)
        external
        view
        returns (uint32 agent, uint32 behind)
    {
        Organization memory represented = _organizations[organization];
        if (represented.agents == 0 && _agents[_agentId(represented.sponsor, signer)].status != 0) {
            return (authorize(signer, represented.sponsor, Power.RECORD), represented.sponsor);
        }
        return (authorize(signer, organization, power), organization);
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
    function recordOf(uint32 number) external view returns (bytes32) {
        return _recordOf[number];
    }

    /// @inheritdoc IDirectory
    function agentOf(address signer, uint32 organization) external view returns (Agent memory) {
        return _agents[_agentId(organization, signer)];
    }

    function _admit(Entered memory entry, bytes32 parent, bytes32 salt, uint16 power) private view {
        _create(entry, parent, Kind.ORGANIZATION, salt);
        authorize(entry.signer, entry.organization, power);
    }

    function _checkProfile(uint16 roles, bytes32 profile, uint16 allowed) private pure {
        if (profile == 0) revert CommitmentMissing("profile");
        if (roles == 0 || roles & ~allowed != 0) revert RolesInvalid(roles, allowed);
    }

    function _enterOrganization(Entered memory entry, uint16 roles) private {
        _addOrganization(entry.record, roles, entry.organization, 1);
        _move(entry, 1);
        _journalWithNote(entry);
    }

    function _addOrganization(bytes32 record, uint16 roles, uint32 sponsor, uint32 version) private {
        uint32 number = ++_organizationCount;
        _recordOf[number] = record;
        _organizations[number] = Organization({
            roles: roles,
            sponsor: sponsor == 0 ? number : sponsor,
            status: OrganizationStatus.ACTIVE,
            agents: 0,
            admins: 0,
            version: version,
            notes: 0
        });
    }

    /// The agent who may appoint or dismiss here, and whether it is one of the organization's own.
    function _appointing(address signer, uint32 number) private view returns (uint32 agent, bool own) {
        Organization memory organization = _organizations[number];
        if (organization.status == 0) revert UnknownOrganization(number);
        own = organization.admins != 0;
        agent = own
            ? authorize(signer, number, Power.ADMIN)
            : authorize(signer, organization.sponsor, Power.REGISTER);
    }

    function _checkPowers(uint16 powers, uint16 roles, uint16 required) private pure {
        uint16 allowed = 0;
        for (uint16 power = 1; power & Power.ALL != 0; power <<= 1) {
            if (_rolesFor(power) & roles != 0) allowed |= power;
        }
        if (powers & Power.ADMIN != 0) allowed &= ~(Power.ASSESS | Power.DECIDE);
        if (powers == 0 || powers & ~allowed != 0 || powers & required != required) {
            revert PowersInvalid(powers, allowed);
        }
    }

    /// The roles of which an organization needs one before its agents can use the power.
    function _rolesFor(uint16 power) private pure returns (uint16) {
        if (power == Power.INSPECT) return Role.AUTHORITY | Role.CUSTOMS;
        if (power == Power.VERIFY) return Role.AUTHORITY | Role.MISSION;
        if (power == Power.APPLY || power == Power.SHIP) return Role.EXPORTER;
        if (power == Power.CERTIFY) return Role.END_USER | Role.CONSIGNEE;
        if (power == Power.ADMIN || power == Power.CUSTODY || power == Power.STATE) return Role.ALL;
        return Role.AUTHORITY;
    }

    function _existsIn(bytes32 record, uint32 organization) private view {
        _exists(record);
        uint32 required = _agents[record].organization;
        if (organization != required) revert WrongOrganization(organization, required);
    }

    /// Gives the agent its new status and enters the act.
    function _stepAgent(Entered memory entry, Agent memory agent, uint8 status) private {
        Organization storage organization = _organizations[agent.organization];
        bool admin = agent.powers & Power.ADMIN != 0;
        if (status == AgentStatus.ACTIVE) {
            organization.agents += 1;
            if (admin) organization.admins += 1;
        } else if (agent.status == AgentStatus.ACTIVE) {
            organization.agents -= 1;
            if (admin) organization.admins -= 1;
        }
        agent.status = status;
        agent.since = uint40(block.timestamp);
        agent.version += 1;
        _agents[entry.record] = agent;

        _move(entry, agent.version);
        _journalWithNote(entry);
    }

    /// Enters the act with a note on its organization, so that the list of what belongs to one is provably complete.
    function _journalWithNote(Entered memory entry) private {
        Organization storage organization = _organizations[entry.organization];
        uint32 count = ++organization.notes;
        bytes32 record = _recordOf[entry.organization];
        _append(entry, _oneNote(_note(record, count, _source(entry), abi.encode(entry.record))));
    }

    function _agentId(uint32 organization, address account) private view returns (bytes32) {
        return keccak256(
            abi.encode(block.chainid, address(this), Kind.AGENT, organization, bytes32(uint256(uint160(account))))
        );
    }

    function _foundOrganization(Founder memory founder) private {
        uint32 number = _organizationCount + 1;
        if (founder.roles == 0 || founder.roles & ~Role.ALL != 0) revert RolesInvalid(founder.roles, Role.ALL);
        bytes32 record =
            keccak256(abi.encode(block.chainid, address(this), Kind.ORGANIZATION, number, founder.profile));
        _addOrganization(record, founder.roles, 0, 0);
        _found(record, keccak256(abi.encode("founding", record, number, founder.roles, founder.profile)));

        uint256 admins = 0;
        uint256 officers = 0;
        for (uint256 i = 0; i < founder.agents.length; i++) {
            uint16 powers = founder.agents[i].powers;
            if (powers & Power.ADMIN != 0) admins++;
            if (powers & (Power.ASSESS | Power.DECIDE) != 0) officers++;
            _foundAgent(number, founder.roles, founder.agents[i]);
        }
        if (founder.roles & Role.AUTHORITY != 0) {
            if (admins < 2) revert OutOfRange("admins", admins, 2, founder.agents.length);
            if (officers < 2) revert OutOfRange("officers", officers, 2, founder.agents.length);
        }
    }

    function _foundAgent(uint32 organization, uint16 roles, Appointee memory appointee) private {
        _checkPowers(appointee.powers, roles, 0);
        bytes32 record = _agentId(organization, appointee.account);
        // One person named twice must not pass for the two that four eyes need.
        if (_head(record) != 0) revert AccountTaken(appointee.account, organization);
        _agents[record] = Agent({
            organization: organization,
            powers: appointee.powers,
            status: AgentStatus.PENDING,
            since: uint40(block.timestamp),
            number: ++_agentCount,
            appointer: 0,
            version: 0
        });
        _found(
            record, keccak256(abi.encode("founding", record, organization, appointee.powers, appointee.account))
        );
    }
}
