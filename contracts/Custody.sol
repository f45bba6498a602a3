// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Acts} from "./Acts.sol";
import {Role, ShipmentStatus, WHOLE} from "./interfaces/Codes.sol";
import {Contracts} from "./interfaces/Deployment.sol";
import {CountExceedsHeld, CountsMismatch, OccurredBeforeLastFact, OccurredInFuture} from "./interfaces/Errors.sol";
import {Organization} from "./interfaces/IDirectory.sol";
import {ILicenses, Standing} from "./interfaces/ILicenses.sol";
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

    function _standing(Shipment memory shipment) internal view returns (Standing memory) {
        return LICENSES.standingOf(shipment.license);
    }

    function _terms(Standing memory standing) internal view returns (Terms memory) {
        return POLICIES.termsOf(standing.policy);
    }

    /// The weakest certificate grade behind the lines, and the first certificate that fails at `moment`.
    function _certificates(Shipment memory shipment, uint8[] memory lines, uint64 moment)
        internal
        view
        returns (uint8 grade, uint32 failing)
    {
        return LICENSES.certificates(shipment.license, lines, moment);
    }

    /// Refuses a time that cannot be: later than now, or before the last custody fact.
    function _possible(Shipment memory shipment, uint64 occurredAt) internal view {
        uint64 time = uint64(block.timestamp);
        if (occurredAt > time) revert OccurredInFuture(occurredAt, time);
        if (occurredAt < shipment.lastFact) revert OccurredBeforeLastFact(occurredAt, shipment.lastFact);
    }

    /// The earliest fact that may still be recorded now.
    function _earliest(Terms memory terms) internal view returns (uint64) {
        uint256 limit = uint256(terms.latenessHours) * 1 hours;
        return block.timestamp > limit ? uint64(block.timestamp - limit) : 0;
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
                customs.sponsor == _organization(shipment.exporter).sponsor
                    || customs.sponsor == _organization(shipment.holder).sponsor
                    || customs.sponsor == _organization(shipment.endUser).sponsor
            );
    }

    /// Where goods may always go, stopped or not.
    function _isRefuge(uint32 organization, uint16 roles, Shipment memory shipment) internal pure returns (bool) {
        return organization == shipment.exporter || roles & (Role.CUSTOMS | Role.AUTHORITY) != 0;
    }

    function _isReceiver(uint32 organization, uint16 roles, Shipment memory shipment)
        internal
        view
        returns (bool)
    {
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
        _checkCounts(held, counted, tolerance);
        for (uint256 i = 0; i < held.length; i++) {
            uint256 before = held[i].held;
            uint256 difference = counted[i] > before ? counted[i] - before : before - counted[i];
            if (difference * WHOLE > before * tolerance) shipment.flags |= Flag.DISCREPANCY;
            if (counted[i] < before) {
                held[i].held = uint80(counted[i]);
                held[i].unaccounted += uint80(before - counted[i]);
            }
        }
    }

    function _checkCounts(Held[] memory held, uint96[] calldata counted, uint16 tolerance) internal pure {
        if (counted.length != held.length) revert CountsMismatch(counted.length, held.length);
        for (uint256 i = 0; i < held.length; i++) {
            uint256 maximum = uint256(held[i].held) * (WHOLE + tolerance) / WHOLE;
            if (counted[i] > maximum) revert CountExceedsHeld(uint8(i), counted[i], maximum);
        }
    }

    function _hashCounts(uint96[] calldata counted) internal pure returns (bytes32) {
        // EIP-712 hashes an array as its elements, each padded to a word: what encodePacked does with arrays.
        return keccak256(abi.encodePacked(counted));
    }
}
