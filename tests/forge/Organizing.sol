// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AgentStatus, Kind, Role} from "../../contracts/interfaces/Codes.sol";
import {
    Agent,
    ConfirmAppointment,
    DismissAgent,
    IDirectory,
    Organization,
    RecordParty,
    RotateAgentKeys
} from "../../contracts/interfaces/IDirectory.sol";
import {
    EndMandate,
    GrantMandate,
    RecoverOrganization,
    ReinstateOrganization,
    RenameOrganization,
    SuspendOrganization
} from "../../contracts/interfaces/IOrganizations.sol";
import {Chance} from "./Chance.sol";
import {vm} from "./Vm.sol";

/// Acts on organizations and agents at random. What they change of who may sign, Ledger holds against every later
/// act (I8).
abstract contract Organizing is Chance {
    uint256 private constant MOST_HIRED = 6;

    /// I8: from now on this agent is refused, whatever it signs.
    function dismiss(uint256 seed) internal {
        if (!_flip(seed, 2, 8)) return;
        uint32 organization = EXPORTER + uint32(_pick(seed, 0, ORGANIZATIONS - 1));
        uint256 slot = _flip(seed, 1, 4) ? ADMIN : WORKER; // the first worker stays, so that the trade goes on
        bytes32 record = _agentRecord(organization, slot);
        bytes memory act = abi.encode(DismissAgent(record, _head(24, record), organization, _deadline(), 1, 0));
        if (!_send(24, act, _keyOf(organization, ADMIN))) return;
        require(slot != ADMIN, "the last admin was dismissed");
        inactive[vm.addr(_keyOf(organization, slot))] = true;
    }

    /// I8: until another admin of the authority confirms it, an officer signs nothing.
    function appointOfficer(uint256 seed) internal {
        if (hired == MOST_HIRED || !_flip(seed, 2, 4)) return;
        uint256 slot = 2 + OFFICERS + hired;
        address account = vm.addr(_keyOf(AUTHORITY, slot));
        bytes32 record = _agentRecord(AUTHORITY, slot);
        if (organizationOf[account] == 0) {
            _must(20, _appointment(AUTHORITY, slot, OFFICE), _keyOf(AUTHORITY, ADMIN));
            _acceptAppointment(AUTHORITY, slot);
            inactive[account] = true;
        }
        bytes memory act = abi.encode(ConfirmAppointment(record, _head(22, record), AUTHORITY, _deadline()));
        bool another = _flip(seed, 3, 2);
        if (!_send(22, act, _keyOf(AUTHORITY, another ? ADMIN + 1 : ADMIN))) return;
        require(another, "I5: an admin confirmed its own appointment");
        inactive[account] = false;
        hired += 1;
    }

    function rotate(uint256 seed) internal {
        uint32 organization = uint32(_pick(seed, 0, ORGANIZATIONS)) + 1;
        bytes32 record = _agentRecord(organization, WORKER);
        bytes memory act = abi.encode(
            RotateAgentKeys(record, _head(23, record), organization, _deadline(), DOCUMENT, bytes32(seed | 1))
        );
        _send(23, act, _keyOf(organization, _pick(seed, 1, 3)));
    }

    function rename(uint256 seed) internal {
        uint32 subject = uint32(_pick(seed, 0, ORGANIZATIONS)) + 1;
        bytes32 record = IDirectory(contracts.directory).recordOf(subject);
        uint32 by = _mostly(seed, 1, subject);
        bytes memory act =
            abi.encode(RenameOrganization(record, _head(6, record), by, _deadline(), bytes32(seed | 1)));
        if (!_send(6, act, _keyOf(by, _flip(seed, 3, 8) ? WORKER : ADMIN))) return;
        require(by == subject, "renamed by a stranger");
    }

    /// A party that signs nothing.
    function recordParty(uint256 seed) internal {
        bytes32 salt = _salt();
        uint32 by = _mostly(seed, 1, AUTHORITY);
        bytes32 record = _newId(2, Kind.ORGANIZATION, by, salt);
        uint16 roles = _flip(seed, 3, 4) ? Role.CUSTOMS : Role.END_USER;
        bytes memory act = abi.encode(RecordParty(record, 0, by, _deadline(), salt, roles, DOCUMENT));
        if (!_send(2, act, _workerOf(seed, by))) return;
        require(by == AUTHORITY && roles == Role.END_USER, "a party without keys that needs them");
    }

    /// I8: from now on it gives no permission, and nobody hands it goods.
    function suspendOrganization(uint256 seed) internal {
        if (!_flip(seed, 2, 4)) return;
        uint32 subject = uint32(_pick(seed, 0, ORGANIZATIONS)) + 1;
        bytes32 record = IDirectory(contracts.directory).recordOf(subject);
        uint32 by = _mostly(seed, 1, AUTHORITY);
        bytes memory act = abi.encode(SuspendOrganization(record, _head(4, record), by, _deadline(), 1));
        if (!_send(4, act, _workerOf(seed, by))) return;
        require(by == AUTHORITY && subject != AUTHORITY && !suspended[subject], "I8: suspended by a stranger");
        suspended[subject] = true;
    }

    function reinstateOrganization(uint256 seed) internal {
        uint32 subject = uint32(_pick(seed, 0, ORGANIZATIONS)) + 1;
        for (uint256 i = 0; i < ORGANIZATIONS && !suspended[subject]; i++) {
            subject = subject % uint32(ORGANIZATIONS) + 1;
        }
        bytes32 record = IDirectory(contracts.directory).recordOf(subject);
        uint32 by = _mostly(seed, 1, AUTHORITY);
        bytes memory act = abi.encode(ReinstateOrganization(record, _head(5, record), by, _deadline(), 1));
        if (!_send(5, act, _workerOf(seed, by))) return;
        require(by == AUTHORITY && suspended[subject], "I8: reinstated by a stranger");
        suspended[subject] = false;
    }

    /// The exporter lets the forwarder sign for it, for a while.
    function mandate(uint256 seed) internal {
        if (!_flip(seed, 2, 3)) return;
        uint8[6] memory all = [80, 81, 82, 85, 86, 110];
        uint8[] memory kinds = new uint8[](1 + _pick(seed, 0, 6));
        uint128 set = 0;
        for (uint256 i = 0; i < kinds.length; i++) {
            kinds[i] = _flip(seed, 10 + i, 20) ? 88 : all[i];
            set |= uint128(1) << kinds[i];
        }
        bytes32 record = IDirectory(contracts.directory).recordOf(EXPORTER);
        uint64 until = uint64(time + _pick(seed, 3, 3 days));
        bytes memory act =
            abi.encode(GrantMandate(record, _head(7, record), EXPORTER, _deadline(), FORWARDER, until, kinds));
        if (!_send(7, act, _keyOf(EXPORTER, _flip(seed, 1, 8) ? WORKER : ADMIN))) return;
        require(set & (uint128(1) << 88) == 0, "a mandate names an accept");
        mandates[EXPORTER][FORWARDER].kinds = set;
        mandates[EXPORTER][FORWARDER].until = until;
    }

    function endMandate(uint256 seed) internal {
        if (!_flip(seed, 2, 4)) return;
        bytes32 record = IDirectory(contracts.directory).recordOf(EXPORTER);
        bytes memory act = abi.encode(EndMandate(record, _head(8, record), EXPORTER, _deadline(), FORWARDER));
        if (!_send(8, act, _keyOf(EXPORTER, _flip(seed, 1, 8) ? WORKER : ADMIN))) return;
        mandates[EXPORTER][FORWARDER].until = 0;
    }

    /// I5: two agents; then every admin of before counts as dismissed (I8).
    function recover(uint256 seed) internal {
        if (!_flip(seed, 2, 3)) return;
        bytes32 record = IDirectory(contracts.directory).recordOf(STRANGER);
        Organization memory before = IDirectory(contracts.directory).organizationOf(STRANGER);
        uint256 key = _keyOf(AUTHORITY, _officer(seed));
        bytes memory act =
            abi.encode(RecoverOrganization(record, _head(9, record), AUTHORITY, _deadline(), DOCUMENT));
        if (!_send(9, act, key)) return;
        bool second = _seconds(9, record, key, DOCUMENT);
        Organization memory found = IDirectory(contracts.directory).organizationOf(STRANGER);
        require(found.recoveries == before.recoveries + (second ? 1 : 0), "I5: a recovery takes two agents");
        if (!second) return;
        require(found.admins == 0, "I8: an admin of before is counted");
        address admin = vm.addr(_keyOf(STRANGER, ADMIN));
        inactive[admin] = true;
        Agent memory agent = IDirectory(contracts.directory).agentOf(admin, STRANGER);
        require(agent.status == AgentStatus.DISMISSED, "I8: an admin of before is active");
    }
}
