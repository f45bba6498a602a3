// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Draw} from "../../contracts/interfaces/IManifests.sol";
import {Held} from "../../contracts/interfaces/IShipments.sol";
import {Account} from "./Account.sol";

/// What a walk picks at random: most of it fits, some of it never does. All of it follows from the seed.
abstract contract Chance is Account {
    uint256 internal constant RECENT = 6;
    uint256 internal hired; // officers that were appointed and confirmed on the walk

    function _pick(uint256 seed, uint256 place, uint256 count) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, place))) % count;
    }

    function _flip(uint256 seed, uint256 place, uint256 oneIn) internal pure returns (bool) {
        return _pick(seed, place + 100, oneIn) == 0;
    }

    /// The organization that fits, or once in eight any.
    function _mostly(uint256 seed, uint256 place, uint32 fitting) internal pure returns (uint32) {
        bool any = fitting == 0 || _flip(seed, place, 8);
        return any ? uint32(_pick(seed, place, ORGANIZATIONS)) + 1 : fitting;
    }

    /// The key of an agent: of the organization itself, or now and then of the forwarder, who may have its mandate.
    function _workerOf(uint256 seed, uint32 organization) internal view returns (uint256) {
        bool mandated = mandates[EXPORTER][FORWARDER].until > time;
        if (organization == EXPORTER && _flip(seed, 52, mandated ? 4 : 24)) return _keyOf(FORWARDER, 1);
        uint256 slot = _flip(seed, 51, 8) ? WORKER : 1;
        if (organization == AUTHORITY) slot = 2 + _pick(seed, 50, OFFICERS + hired);
        return _keyOf(organization, _flip(seed, 50, 16) ? ADMIN : slot);
    }

    /// A slot of the authority, its admins and who is not an officer yet included.
    function _officer(uint256 seed) internal view returns (uint256) {
        if (_flip(seed, 55, 24)) return 2 + OFFICERS + hired; // whom nobody has confirmed
        return _flip(seed, 53, 8) ? ADMIN : 2 + _pick(seed, 54, OFFICERS);
    }

    /// A shipment, mostly a late one that is under way.
    function _place(uint256 seed) internal view returns (uint256 place) {
        if (_flip(seed, 60, 10)) return _pick(seed, 60, known.length);
        uint256 count = known.length < RECENT ? known.length : RECENT;
        place = known.length - 1 - _pick(seed, 61, count);
        if (_flip(seed, 62, 4)) return place;
        for (uint256 i = 0; i < known.length && i < 24 && known[place].status > DEPARTED; i++) {
            place = place == 0 ? known.length - 1 : place - 1;
        }
    }

    /// Mostly one that is offered to somebody.
    function _placeOffered(uint256 seed) internal view returns (uint256 place) {
        place = _place(seed);
        for (uint256 i = 0; i < known.length && i < 24 && known[place].offeredTo == 0; i++) {
            place = place == 0 ? known.length - 1 : place - 1;
        }
    }

    /// Of the last shipments one of that status, where there is one.
    function _placeOf(uint256 seed, uint8 status) internal view returns (uint256 place) {
        place = _place(seed);
        for (uint256 i = 0; i < known.length && i < 24; i++) {
            if (known[place].status == status) return place;
            place = place == 0 ? known.length - 1 : place - 1;
        }
    }

    /// The head, or once in sixteen something that was never one.
    function _parent(uint256 seed, bytes32 shipment) internal view returns (bytes32) {
        return _flip(seed, 70, 16) ? keccak256(abi.encode(seed)) : _head(80, shipment);
    }

    function _when(uint256 seed) internal view returns (uint64) {
        uint256 kind = _pick(seed, 80, 16);
        if (kind == 0) return uint64(time + 1);
        if (kind == 1) return uint64(time - 80 hours);
        if (kind == 2) return uint64(time - _pick(seed, 81, 4 hours));
        return uint64(time);
    }

    function _counts(uint256 seed, Held[] memory held) internal pure returns (uint96[] memory counted) {
        counted = new uint96[](held.length);
        for (uint256 i = 0; i < held.length; i++) {
            uint256 kind = _pick(seed, 90 + i, 12);
            counted[i] = held[i].held;
            if (kind == 0) counted[i] += 1;
            if (kind == 1 && counted[i] > 0) counted[i] -= 1;
            if (kind == 2) counted[i] = uint96(_pick(seed, 190 + i, uint256(held[i].held) + 1));
        }
    }

    function _draws(uint256 seed) internal pure returns (Draw[] memory draws) {
        uint256 which = _pick(seed, 10, 9);
        draws = new Draw[](which < 4 ? 1 : which < 8 ? 2 : 3);
        for (uint256 i = 0; i < draws.length; i++) {
            uint256 quantity = _flip(seed, 20 + i, 20) ? 0 : 1 + _pick(seed, 20 + i, 6);
            draws[i] = Draw(uint8(which < 2 ? which : i), uint96(quantity));
        }
    }
}
