// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {LicenseStatus} from "../../contracts/interfaces/Codes.sol";
import {
    AcknowledgeConditions,
    CorrectLicense,
    CreditReturn,
    License,
    SurrenderLicense,
    TransferLicense
} from "../../contracts/interfaces/ILicenses.sol";
import {Draw} from "../../contracts/interfaces/IManifests.sol";
import {
    ConfirmSuspension,
    ReinstateLicense,
    RevokeLicense,
    SuspendLicense
} from "../../contracts/interfaces/IOrders.sol";
import {Flag, IShipments, Shipment} from "../../contracts/interfaces/IShipments.sol";
import {Licensed} from "./Account.sol";
import {Papers} from "./Papers.sol";

/// What becomes of licenses, at random: I1 where something is credited, I5 where two agents decide, I11 at an end.
abstract contract Licensing is Papers {
    mapping(uint256 license => uint256 key) private _suspender;

    function suspend(uint256 seed) internal {
        if (!_flip(seed, 9, 4)) return;
        (uint256 place, bytes32 license, uint256 key) = _chosen(seed);
        if (!_send(62, abi.encode(SuspendLicense(license, _head(62, license), AUTHORITY, _deadline(), 1)), key)) return;
        require(_suspender[place] != key, "I5: one officer suspended twice");
        _suspender[place] = key;
    }

    function confirmSuspension(uint256 seed) internal {
        if (!_flip(seed, 9, 3)) return;
        (uint256 place, bytes32 license, uint256 key) = _chosen(seed);
        bytes memory act = abi.encode(ConfirmSuspension(license, _head(63, license), AUTHORITY, _deadline(), 1));
        if (!_send(63, act, key)) return;
        require(_suspender[place] != key, "I5: one officer suspended and confirmed");
    }

    function reinstate(uint256 seed) internal {
        (uint256 place, bytes32 license, uint256 key) = _chosen(seed);
        bytes memory act = abi.encode(ReinstateLicense(license, _head(64, license), AUTHORITY, _deadline(), 1));
        if (!_send(64, act, key)) return;
        require(_suspender[place] != key, "I5: one officer suspended and reinstated");
    }

    /// I5: two officers; then it never gives anything again (I4).
    function revoke(uint256 seed) internal {
        if (!_flip(seed, 9, 10)) return;
        (uint256 place, bytes32 license, uint256 key) = _chosen(seed);
        uint8 reason = _flip(seed, 8, 4) ? 2 : 1;
        bytes memory act =
            abi.encode(RevokeLicense(license, _head(65, license), AUTHORITY, _deadline(), reason, DOCUMENT));
        if (!_send(65, act, key)) return;
        require(!licensed[place].ended, "I4: an ended license is revoked");
        bool second = _seconds(65, license, key, keccak256(abi.encode(reason)));
        bool revoked = _license(place).status == LicenseStatus.REVOKED;
        require(revoked == second, "I5: a revocation takes two agents");
        if (second) _end(place);
    }

    function surrender(uint256 seed) internal {
        if (!_flip(seed, 9, 8)) return;
        (uint256 place, bytes32 license,) = _chosen(seed);
        uint32 by = _mostly(seed, 2, licensed[place].exporter);
        bytes memory act = abi.encode(SurrenderLicense(license, _head(69, license), by, _deadline()));
        if (!_send(69, act, _workerOf(seed, by))) return;
        require(!licensed[place].ended, "I4: an ended license is surrendered");
        _end(place);
    }

    function correct(uint256 seed) internal {
        if (!_flip(seed, 9, 6)) return;
        (uint256 place, bytes32 license, uint256 key) = _chosen(seed);
        bytes memory act = abi.encode(CorrectLicense(license, _head(66, license), AUTHORITY, _deadline(), DOCUMENT));
        if (!_send(66, act, key)) return;
        require(!licensed[place].ended, "I4: an ended license is corrected");
    }

    /// I1: from now on another exporter draws on it, and only that one.
    function transferLicense(uint256 seed) internal {
        if (!_flip(seed, 9, 6)) return;
        (uint256 place, bytes32 record, uint256 key) = _chosen(seed);
        Licensed storage license = licensed[place];
        uint32 to = _mostly(seed, 2, license.exporter == EXPORTER ? RIVAL : EXPORTER);
        bytes memory act = abi.encode(TransferLicense(record, _head(68, record), AUTHORITY, _deadline(), to, DOCUMENT));
        if (!_send(68, act, key)) return;
        require(to == EXPORTER || to == RIVAL, "I1: a license of no exporter");
        require(to != license.exporter && !license.ended, "I4: an ended license changed hands");
        license.exporter = to;
        license.transfers += 1;
        require(license.transfers <= _terms(license.kind).transfers, "I1: transferred beyond the policy");
    }

    function acknowledge(uint256 seed) internal {
        (uint256 place, bytes32 license,) = _chosen(seed);
        bytes32 before = _head(71, license);
        uint32 by = _mostly(seed, 2, licensed[place].exporter);
        bytes memory act = abi.encode(AcknowledgeConditions(license, before, by, _deadline(), DOCUMENT));
        if (!_send(71, act, _workerOf(seed, by))) return;
        require(_head(71, license) == before, "I6: a note moved the head");
        require(!licensed[place].ended, "I4: conditions of an ended license");
    }

    /// I1: what came back is no longer drawn.
    function credit(uint256 seed) internal {
        if (known.length == 0 || !_flip(seed, 9, 2)) return;
        uint256 place = _placeOf(seed, RETURNED);
        for (uint256 i = 0; i < known.length && (known[place].credited || known[place].status != RETURNED); i++) {
            place = place == 0 ? known.length - 1 : place - 1;
        }
        bytes32 shipment = known[place].record;
        Licensed storage license = licensed[known[place].license];
        (Shipment memory before,) = _shipment(place);
        uint32 share = uint32(known[place].share / (_flip(seed, 8, 6) ? 2 : 1));
        Draw[] memory back = _back(place, _flip(seed, 7, 8) ? 1 : 0);
        bytes memory act = abi.encode(
            CreditReturn(
                license.record, _head(70, license.record), AUTHORITY, _deadline(), shipment, share, DOCUMENT, back
            )
        );
        uint256 key = _keyOf(AUTHORITY, _officer(seed));
        if (!_send(70, act, key)) return;
        require(before.status == RETURNED && before.flags & Flag.CREDITED == 0, "I1: credited twice or too early");
        require(keccak256(abi.encode(back)) == keccak256(abi.encode(_back(place, 0))), "I1: credited what is not back");
        bool second = _seconds(70, license.record, key, keccak256(abi.encode(shipment, share)));
        (Shipment memory found,) = _shipment(place);
        require((found.flags & Flag.CREDITED != 0) == second, "I5: a credit takes two agents");
        if (second) _credit(place, share);
    }

    /// What a shipment returned, line by line, and so much more of the first.
    function _back(uint256 place, uint96 more) private view returns (Draw[] memory back) {
        back = new Draw[](known[place].lines.length);
        for (uint256 i = 0; i < back.length; i++) {
            back[i].line = uint8(known[place].lines[i]);
            back[i].quantity = IShipments(contracts.shipments).goneOf(known[place].record, i).returned;
        }
        back[0].quantity += more;
    }

    /// What is returned of a shipment is no longer drawn on its license.
    function _credit(uint256 place, uint256 share) internal {
        Licensed storage license = licensed[known[place].license];
        known[place].credited = true;
        license.shareCredited += share;
        for (uint256 i = 0; i < known[place].lines.length; i++) {
            uint256 back = IShipments(contracts.shipments).goneOf(known[place].record, i).returned;
            license.credited[known[place].lines[i]] += back;
        }
    }

    /// I11: a retransfer that ends gives back what it did not draw.
    function _end(uint256 place) private {
        Licensed storage license = licensed[place];
        license.ended = true;
        if (!_continues(license.kind)) return;
        for (uint8 line = 0; line < license.lines; line++) {
            uint256 drawn = _drawn(license, line);
            uint256 left = license.granted[line] > drawn ? license.granted[line] - drawn : 0;
            known[license.continues].continued[line] -= left;
            if (left > 0) met["continuation given back"] += 1;
        }
    }

    function _chosen(uint256 seed) private view returns (uint256 place, bytes32 license, uint256 key) {
        place = _pick(seed, 1, licensed.length);
        license = licensed[place].record;
        key = _keyOf(AUTHORITY, _officer(seed));
    }
}
