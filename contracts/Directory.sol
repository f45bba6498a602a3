// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Acts} from "./Acts.sol";
import {AgentStatus, Kind, OrganizationStatus, Power, Role} from "./interfaces/Codes.sol";
import {Contracts} from "./interfaces/Deployment.sol";
import {
    AccountTaken,
    AgentNotActive,
    FourEyes,
    LastAdmin,
    NotAnAgent,
    OccurredInFuture,
    OutOfRange,
    PowersInvalid,
    RolesInvalid,
    UnknownOrganization,
    UnknownRecord,
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
    ROTATE_AGENT_KEYS,
    RecordParty,
    RegisterOrganization,
    RotateAgentKeys
} from "./interfaces/IDirectory.sol";
import {Entered} from "./interfaces/IJournal.sol";
import {Standing} from "./Standing.sol";

/// Who is who: organizations by number, agents by organization and account.
///
/// STORED      what Standing reads: roles, sponsor, status and counts of active agents; an agent's powers, status and
///             who appointed it; mandates.
/// DERIVED     names, addresses and document keys stand in the acts and the documents they commit to.
/// TRUSTED     the founding authorities named at deployment; Organizations, which checks what it amends and entrusts.
/// INVARIANTS  I5 (an admin neither assesses nor decides).
contract Directory is Standing {
    address private immutable ORGANIZATIONS;

    uint32 private _agentCount;

    /// @param founders authorities that exist from the start, each with its first agents, pending and confirmed
    constructor(Contracts memory contracts, Founder[] memory founders) Acts(contracts) {
        ORGANIZATIONS = contracts.organizations;
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
        Organization memory organization = _organizations[act.organization];
        if (organization.status == 0) revert UnknownOrganization(act.organization);
        (uint32 appointer, uint32 behind) = _permit(entry, Power.ADMIN);
        if (_boundTo[act.account] != 0) revert AccountTaken(act.account, _boundTo[act.account]);
        _checkPowers(act.powers, organization.roles, behind == act.organization ? 0 : Power.ADMIN);

        _agents[act.record] = Agent({
            organization: act.organization,
            powers: act.powers,
            status: AgentStatus.PENDING,
            since: uint40(block.timestamp),
            number: ++_agentCount,
            appointer: appointer,
            version: 1,
            recoveries: organization.recoveries
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
        if (_agents[act.record].status == 0) revert UnknownRecord(act.record);
        if (act.record != _agentId(act.organization, entry.signer)) revert NotAnAgent(entry.signer, act.organization);
        _unlessSuspended(act.organization, 21);
        _atHead(act.record, act.parent);
        Agent memory agent = _agents[act.record];
        _inStatus(act.record, agent.status, uint16(1) << AgentStatus.PENDING);
        _committed("ed25519", act.ed25519);
        _committed("x25519", act.x25519);
        if (_boundTo[entry.signer] != 0) revert AccountTaken(entry.signer, _boundTo[entry.signer]);
        if (_outdated(agent)) revert AgentNotActive(entry.signer, AgentStatus.DISMISSED);

        _boundTo[entry.signer] = act.organization;
        bool confirmed = agent.appointer == 0 || _organizations[act.organization].roles & Role.AUTHORITY == 0;
        _stepAgent(entry, agent, confirmed ? AgentStatus.ACTIVE : AgentStatus.ACCEPTED);
    }

    /// @inheritdoc IDirectory
    function confirmAppointment(ConfirmAppointment calldata act, bytes calldata signature) external {
        bytes memory encoded = abi.encode(act);
        Entered memory entry = _signed(
            22, act.record, act.organization, act.deadline, _hash(CONFIRM_APPOINTMENT, encoded), encoded, signature
        );
        _existsIn(act.record, act.organization);
        (uint32 admin,) = _permit(entry, Power.ADMIN);
        _atHead(act.record, act.parent);
        Agent memory agent = _agentAt(act.record);
        _inStatus(act.record, agent.status, uint16(1) << AgentStatus.ACCEPTED);
        if (admin == agent.appointer) revert FourEyes(admin, act.record);

        _stepAgent(entry, agent, AgentStatus.ACTIVE);
    }

    /// @inheritdoc IDirectory
    function rotateAgentKeys(RotateAgentKeys calldata act, bytes calldata signature) external {
        bytes memory encoded = abi.encode(act);
        Entered memory entry = _signed(
            23, act.record, act.organization, act.deadline, _hash(ROTATE_AGENT_KEYS, encoded), encoded, signature
        );
        _existsIn(act.record, act.organization);
        Agent memory agent = _agentAt(act.record);
        if (act.record == _agentId(act.organization, entry.signer)) {
            if (agent.status != AgentStatus.ACTIVE) revert AgentNotActive(entry.signer, agent.status);
            _unlessSuspended(act.organization, 23);
        } else {
            _permit(entry, Power.ADMIN);
        }
        _spend(entry);
        _inStatus(act.record, agent.status, uint16(1) << AgentStatus.ACTIVE);
        _committed("ed25519", act.ed25519);
        _committed("x25519", act.x25519);

        _stepAgent(entry, agent, AgentStatus.ACTIVE);
    }

    /// @inheritdoc IDirectory
    function dismissAgent(DismissAgent calldata act, bytes calldata signature) external {
        bytes memory encoded = abi.encode(act);
        Entered memory entry =
            _signed(24, act.record, act.organization, act.deadline, _hash(DISMISS_AGENT, encoded), encoded, signature);
        _existsIn(act.record, act.organization);
        _permit(entry, Power.ADMIN);
        _spend(entry);
        // As stored: an admin of before a recovery can still be dismissed, and said to be compromised.
        Agent memory agent = _agents[act.record];
        _inStatus(act.record, agent.status, AgentStatus.PRESENT);
        bool counts = agent.status == AgentStatus.ACTIVE && !_outdated(agent);
        bool last = _organizations[act.organization].admins == 1;
        if (counts && last && agent.powers & Power.ADMIN != 0) revert LastAdmin(act.organization, 1);
        if (act.compromisedSince > block.timestamp) {
            revert OccurredInFuture(act.compromisedSince, uint64(block.timestamp));
        }

        _stepAgent(entry, agent, AgentStatus.DISMISSED);
    }

    /// @inheritdoc IDirectory
    function amend(Entered calldata entry, uint32 number, Organization calldata changed) external {
        _only(ORGANIZATIONS);

        bool before = _isActiveAuthority(_organizations[number]);
        bool then = _isActiveAuthority(changed);
        if (then && !before) _authorityCount += 1;
        if (before && !then) _authorityCount -= 1;
        _organizations[number] = changed;

        _stepOrganization(entry, number);
    }

    /// @inheritdoc IDirectory
    function entrust(Entered calldata entry, uint32 number, uint32 delegate, uint128 kinds, uint40 until) external {
        _only(ORGANIZATIONS);

        uint16 recoveries = _organizations[number].recoveries;
        _mandates[number][delegate] = Mandate({kinds: kinds, until: until, recoveries: recoveries});

        _stepOrganization(entry, number);
    }

    function _admit(Entered memory entry, bytes32 parent, bytes32 salt, uint16 power) private view {
        _create(entry, parent, Kind.ORGANIZATION, salt);
        _permit(entry, power);
    }

    function _permit(Entered memory entry, uint16 power) private view returns (uint32 agent, uint32 behind) {
        return requirePower(entry.signer, entry.organization, power, entry.kind);
    }

    function _checkProfile(uint16 roles, bytes32 profile, uint16 allowed) private pure {
        _committed("profile", profile);
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
        _numberOf[record] = number;
        _organizations[number] = Organization({
            roles: roles,
            sponsor: sponsor == 0 ? number : sponsor,
            status: OrganizationStatus.ACTIVE,
            agents: 0,
            admins: 0,
            version: version,
            notes: 0,
            recoveries: 0
        });
    }

    function _isActiveAuthority(Organization memory organization) private pure returns (bool) {
        return organization.status == OrganizationStatus.ACTIVE && organization.roles & Role.AUTHORITY != 0;
    }

    function _checkPowers(uint16 powers, uint16 roles, uint16 required) private pure {
        // Whoever holds a mandate may need these for another's role.
        uint16 allowed = Power.APPLY | Power.SHIP;
        for (uint16 power = 1; power & Power.ALL != 0; power <<= 1) {
            if (_rolesFor(power) & roles != 0) allowed |= power;
        }
        if (powers & Power.ADMIN != 0) allowed &= ~(Power.ASSESS | Power.DECIDE);
        if (powers == 0 || powers & ~allowed != 0 || powers & required != required) {
            revert PowersInvalid(powers, allowed);
        }
    }

    function _existsIn(bytes32 record, uint32 organization) private view {
        uint32 required = _agents[record].organization;
        // Organizations are records of this contract too.
        if (required == 0) revert UnknownRecord(record);
        if (organization != required) revert WrongOrganization(organization, required);
    }

    /// Gives the agent its new status and enters the act.
    function _stepAgent(Entered memory entry, Agent memory agent, uint8 status) private {
        if (status != agent.status) {
            _count(agent, status);
            agent.status = status;
            agent.since = uint40(block.timestamp);
        }
        agent.version += 1;
        _agents[entry.record] = agent;

        _move(entry, agent.version);
        _journalWithNote(entry);
    }

    function _count(Agent memory agent, uint8 status) private {
        Organization storage organization = _organizations[agent.organization];
        bool admin = agent.powers & Power.ADMIN != 0;
        if (status == AgentStatus.ACTIVE) {
            organization.agents += 1;
            if (admin) organization.admins += 1;
        } else if (agent.status == AgentStatus.ACTIVE && !_outdated(agent)) {
            organization.agents -= 1;
            if (admin) organization.admins -= 1;
        }
    }

    function _stepOrganization(Entered memory entry, uint32 number) private {
        _move(entry, ++_organizations[number].version);
        _append(entry, _noNotes());
    }

    /// Enters the act with a note on its organization, so that the list of what belongs to one is provably complete.
    function _journalWithNote(Entered memory entry) private {
        Organization storage organization = _organizations[entry.organization];
        uint32 count = ++organization.notes;
        bytes32 record = _recordOf[entry.organization];
        _append(entry, _oneNote(_note(record, count, _source(entry), abi.encode(entry.record))));
    }

    function _foundOrganization(Founder memory founder) private {
        uint32 number = _organizationCount + 1;
        if (founder.roles == 0 || founder.roles & ~Role.ALL != 0) revert RolesInvalid(founder.roles, Role.ALL);
        bytes32 record =
            keccak256(abi.encode(block.chainid, address(this), Kind.ORGANIZATION, number, founder.profile));
        _addOrganization(record, founder.roles, 0, 0);
        if (founder.roles & Role.AUTHORITY != 0) _authorityCount += 1;
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
        // One person named twice must not pass for the two that four eyes need, nor be lacked by the second founder.
        for (uint32 number = 1; number <= organization; number++) {
            if (_head(_agentId(number, appointee.account)) != 0) revert AccountTaken(appointee.account, number);
        }
        _agents[record] = Agent({
            organization: organization,
            powers: appointee.powers,
            status: AgentStatus.PENDING,
            since: uint40(block.timestamp),
            number: ++_agentCount,
            appointer: 0,
            version: 0,
            recoveries: 0
        });
        _found(
            record, keccak256(abi.encode("founding", record, organization, appointee.powers, appointee.account))
        );
    }
}
