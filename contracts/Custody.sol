// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Acts} from "./Acts.sol";
import {Broken, Power, Role, ShipmentStatus, WHOLE} from "./interfaces/Codes.sol";
import {Contracts} from "./interfaces/Deployment.sol";
import {
    CountExceedsHeld,
    CountsMismatch,
    NotAParty,
    OccurredBeforeLastFact,
    OccurredInFuture
} from "./interfaces/Errors.sol";
import {Organization} from "./interfaces/IDirectory.sol";
import {Entered} from "./interfaces/IJournal.sol";
import {Backing, ILicenses, Standing} from "./interfaces/ILicenses.sol";
import {IPolicies, Terms} from "./interfaces/IPolicies.sol";
import {Flag, Held, Shipment} from "./interfaces/IShipments.sol";

/// What permissions and reports judge alike: who may inspect or receive, when a fact is possible or late, what a count does.
///
/// STORED      nothing.
/// INVARIANTS  I9: a count moves goods between held, delivered and unaccounted, never makes any.
abstract contract Custody is Acts {
    ILicenses internal immutable LICENSES;
    IPolicies internal immutable POLICIES;

    constructor(Contracts memory contracts) {
        LICENSES = ILicenses(contracts.licenses);
        POLICIES = IPolicies(contracts.policies);
    }

    /// What a handoff asks of the license.
    function _standing(Shipment memory shipment) internal view returns (Standing memory) {
        return LICENSES.standingOf(shipment.license);
    }

    /// All that the license's policy asks.
    function _terms(Standing memory standing) internal view returns (Terms memory) {
        return POLICIES.termsOf(standing.policy);
    }

    /// Refuses a time that cannot be: later than now, or before the last custody fact.
    function _possible(Shipment memory shipment, uint64 occurredAt) internal view {
        _possible(shipment.lastFact, occurredAt);
    }

    function _possible(uint40 lastFact, uint64 occurredAt) internal view {
        uint64 time = uint64(block.timestamp);
        if (occurredAt > time) revert OccurredInFuture(occurredAt, time);
        if (occurredAt < lastFact) revert OccurredBeforeLastFact(occurredAt, lastFact);
    }

    /// The earliest fact that may still be recorded now.
    function _earliest(uint16 latenessHours) internal view returns (uint64) {
        uint256 limit = uint256(latenessHours) * 1 hours;
        return block.timestamp > limit ? uint64(block.timestamp - limit) : 0;
    }

    /// Whether goods under a temporary license should be back.
    function _isOverdue(Standing memory standing, uint64 moment) internal pure returns (bool) {
        return standing.returnBy != 0 && moment >= standing.returnBy;
    }

    /// Whether the policy's demands on certificates hold behind a departure of these lines.
    function _isCertified(Backing memory backing, Terms memory terms) internal pure returns (bool) {
        return backing.grade >= terms.certificateGrade
            && backing.signers & terms.certificateSigners == terms.certificateSigners;
    }

    /// Whether an organization may clear, hold and inspect this shipment.
    function _inspects(uint32 organization, Shipment memory shipment, uint32 authority)
        internal
        view
        returns (bool)
    {
        if (organization == authority) return true;
        Organization memory customs = _organization(organization);
        return customs.roles & Role.CUSTOMS != 0
            && (
                _sponsors(customs.sponsor, shipment.exporter) || _sponsors(customs.sponsor, shipment.holder)
                    || _sponsors(customs.sponsor, shipment.endUser)
            );
    }

    /// The organization whose agent reports, and whether it speaks for neither holder nor responsible.
    function _reporter(Entered memory entry, Shipment memory shipment, uint32 authority)
        internal
        view
        returns (uint32 behind, uint16 bits)
    {
        uint32 organization = entry.organization;
        if (organization != shipment.holder && organization != shipment.responsible) bits = Broken.UNILATERAL;
        uint16 power = Power.CUSTODY;
        if (!_isInvolved(organization, shipment)) {
            if (organization != authority && !_sponsorsInvolved(organization, shipment)) {
                revert NotAParty(organization, entry.record);
            }
            power = Power.RECORD;
        }
        (, behind) = _authorize(entry, power);
    }

    function _isInvolved(uint32 organization, Shipment memory shipment) internal pure returns (bool) {
        return organization != 0
            && (
                organization == shipment.holder || organization == shipment.responsible
                    || organization == shipment.offeredTo || organization == shipment.exporter
                    || organization == shipment.endUser
            );
    }

    function _sponsorsInvolved(uint32 organization, Shipment memory shipment) private view returns (bool) {
        return _sponsors(organization, shipment.holder) || _sponsors(organization, shipment.responsible)
            || _sponsors(organization, shipment.exporter) || _sponsors(organization, shipment.endUser)
            || _sponsors(organization, shipment.offeredTo);
    }

    /// @param other 0: nobody, whom nobody sponsors
    function _sponsors(uint32 organization, uint32 other) private view returns (bool) {
        return other != 0 && _organization(other).sponsor == organization;
    }

    /// Where goods may always go, stopped or not.
    function _isRefuge(uint32 organization, uint16 roles, Shipment memory shipment) internal pure returns (bool) {
        return _isRefuge(organization, roles, shipment.exporter);
    }

    function _isRefuge(uint32 organization, uint16 roles, uint32 exporter) internal pure returns (bool) {
        return organization == exporter || roles & (Role.CUSTOMS | Role.AUTHORITY) != 0;
    }

    /// @param roles of `organization`; 0 where it is not active
    function _isReceiver(uint32 organization, uint16 roles, Shipment memory shipment) internal view returns (bool) {
        if (roles == 0) return false;
        return _isRefuge(organization, roles, shipment) || roles & Role.CARRIER != 0
            || organization == shipment.endUser || LICENSES.partyRoles(shipment.license, organization) != 0;
    }

    function _isTerminal(Shipment memory shipment) internal pure returns (bool) {
        return (uint16(1) << shipment.status) & ShipmentStatus.LIVE == 0;
    }

    /// Takes one count a line: what is short of held becomes unaccounted, what differs beyond tolerance a discrepancy.
    function _count(Shipment memory shipment, Held[] memory held, uint96[] calldata counted, uint16 tolerance)
        internal
        pure
    {
        if (counted.length != held.length) revert CountsMismatch(counted.length, held.length);
        for (uint256 i = 0; i < held.length; i++) {
            uint256 before = held[i].held;
            if (_differs(i, before, counted[i], tolerance)) shipment.flags |= Flag.DISCREPANCY;
            if (counted[i] < before) {
                held[i].held = uint80(counted[i]);
                held[i].unaccounted += uint80(before - counted[i]);
            }
        }
    }

    /// Whether a count differs from what is held by more than is tolerated; refuses one that exceeds it by more.
    function _differs(uint256 line, uint256 held, uint256 counted, uint16 tolerance) internal pure returns (bool) {
        if (counted == held) return false;
        uint256 maximum = held * (WHOLE + tolerance) / WHOLE;
        if (counted > maximum) revert CountExceedsHeld(uint8(line), counted, maximum);
        uint256 difference = counted > held ? counted - held : held - counted;
        return difference * WHOLE > held * tolerance;
    }

    /// The license line behind each line of a shipment.
    function _lines(Held[] memory held) internal pure returns (uint8[] memory lines) {
        lines = new uint8[](held.length);
        for (uint256 i = 0; i < lines.length; i++) {
            lines[i] = held[i].line;
        }
    }

    function _hashCounts(uint96[] calldata counted) internal pure returns (bytes32) {
        // EIP-712 hashes an array as its elements, each padded to a word: what encodePacked does with arrays.
        return keccak256(abi.encodePacked(counted));
    }
}
