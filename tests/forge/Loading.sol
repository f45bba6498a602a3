// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Kind} from "../../contracts/interfaces/Codes.sol";
import {
    AdjustShipment,
    Adjustment,
    CancelShipment,
    RecordTransfer,
    RegisterShipment,
    SplitShipment
} from "../../contracts/interfaces/IManifests.sol";
import {Held, Shipment} from "../../contracts/interfaces/IShipments.sol";
import {Known, Licensed} from "./Account.sol";
import {Licensing} from "./Licensing.sol";

/// What shipments consist of, at random: I1 and I9 at each act.
abstract contract Loading is Licensing {
    function register(uint256 seed) internal {
        uint256 place = _living(seed);
        Licensed storage license = licensed[place];
        RegisterShipment memory act;
        act.salt = _salt();
        act.organization = _mostly(seed, 1, license.exporter);
        act.record = _newId(80, Kind.SHIPMENT, act.organization, act.salt);
        act.deadline = _deadline();
        act.license = license.record;
        act.endUser = _mostly(seed, 2, _continues(license.kind) ? BUYER : END_USER);
        act.share = uint32(_pick(seed, 3, 4) * 120_000_000);
        act.document = DOCUMENT;
        act.draws = _draws(seed);
        if (!_send(80, abi.encode(act), _workerOf(seed, act.organization))) return;

        require(!license.ended, "I4: an ended license was drawn on");
        require(act.organization == license.exporter, "I1: drawn by another than its exporter");
        uint32 holder = _continues(license.kind) ? known[license.continues].holder : license.exporter;
        Known storage shipment = _know(act.record, place, holder, 1);
        bool[2] memory rose;
        for (uint256 i = 0; i < act.draws.length; i++) {
            _addLine(shipment, act.draws[i].line, act.draws[i].quantity);
            rose[act.draws[i].line] = true;
        }
        _changeShare(shipment, act.share);
        if (_continues(license.kind)) met["retransfer drawn on"] += 1;
        if (license.transfers > 0) met["transferred license drawn on"] += 1;
        bool beyond = _drawn(license, 0) > license.granted[0];
        if (license.unlimited && rose[0] && beyond) met["unlimited line drawn on"] += 1;
        _checkBounds(place, rose, act.share > 0);
        _check(known.length - 1, 80);
    }

    /// Whatever the rules say, it is drawn.
    function transfer(uint256 seed) internal {
        if (!_flip(seed, 9, 8)) return;
        RecordTransfer memory act;
        uint256 place = _living(seed);
        act.salt = _salt();
        act.organization = _mostly(seed, 1, licensed[place].exporter);
        act.record = _newId(114, Kind.SHIPMENT, act.organization, act.salt);
        act.deadline = _deadline();
        act.occurredAt = _when(seed);
        act.license = licensed[place].record;
        act.endUser = _flip(seed, 4, 3) ? 0 : _mostly(seed, 2, END_USER);
        act.share = uint32(_pick(seed, 3, 4) * 120_000_000);
        act.document = DOCUMENT;
        act.draws = _draws(seed);
        if (!_send(114, abi.encode(act), _workerOf(seed, act.organization))) return;

        require(act.organization == licensed[place].exporter, "I1: drawn by another than its exporter");
        Known storage shipment = _know(act.record, place, act.endUser == 0 ? act.organization : act.endUser, DEPARTED);
        for (uint256 i = 0; i < act.draws.length; i++) {
            _addLine(shipment, act.draws[i].line, act.draws[i].quantity);
        }
        _changeShare(shipment, act.share);
        _check(known.length - 1, 114);
    }

    function adjust(uint256 seed) internal {
        if (known.length == 0 || !_flip(seed, 9, 2)) return;
        uint256 place = _placeOf(seed, uint8(1 + _pick(seed, 8, 2)));
        Known storage shipment = known[place];
        AdjustShipment memory act;
        act.record = shipment.record;
        act.parent = _parent(seed, act.record);
        act.organization = _mostly(seed, 1, shipment.exporter);
        act.deadline = _deadline();
        act.share = int64(int256(_pick(seed, 3, 3)) - 1) * 20_000_000;
        act.document = DOCUMENT;
        act.adjustments = _adjustments(seed, shipment.lines.length);
        if (!_send(81, abi.encode(act), _workerOf(seed, act.organization))) return;

        bool[2] memory rose;
        for (uint256 i = 0; i < act.adjustments.length; i++) {
            int256 change = act.adjustments[i].quantity;
            uint8 line = act.adjustments[i].line;
            _changeLine(shipment, line, uint256(int256(shipment.registered[line]) + change));
            rose[shipment.lines[line]] = change > 0;
        }
        _changeShare(shipment, uint256(int256(shipment.share) + act.share));
        _checkBounds(shipment.license, rose, act.share > 0);
        _check(place, 81);
    }

    /// What is held goes back; the share too, unless something is missing.
    function cancel(uint256 seed) internal {
        if (known.length == 0 || !_flip(seed, 9, 4)) return;
        uint256 place = _placeOf(seed, 1);
        Known storage shipment = known[place];
        (Shipment memory before, Held[] memory held) = _shipment(place);
        uint32 by = _mostly(seed, 1, shipment.exporter);
        bytes memory act =
            abi.encode(CancelShipment(shipment.record, _parent(seed, shipment.record), by, _deadline()));
        if (!_send(82, act, _workerOf(seed, by))) return;
        require(before.status < DEPARTED, "I4: cancelled after departure");
        bool missing = false;
        for (uint256 i = 0; i < held.length; i++) {
            uint256 gone = shipment.registered[i] - held[i].held;
            missing = missing || gone > 0;
            _changeLine(shipment, i, gone);
        }
        if (!missing) _changeShare(shipment, 0);
        _check(place, 82);
        require(shipment.status == CANCELLED, "I4: not cancelled");
    }

    /// I9: the parts hold what the parent held, and share what it shared.
    function split(uint256 seed) internal {
        if (known.length == 0 || !_flip(seed, 9, 4)) return;
        uint256 place = _place(seed);
        (, Held[] memory held) = _shipment(place);
        SplitShipment memory act;
        act.record = known[place].record;
        act.parent = _parent(seed, act.record);
        act.organization = _mostly(seed, 1, known[place].holder);
        act.deadline = _deadline();
        act.document = DOCUMENT;
        _divide(seed, act, held, known[place].share);
        uint8 status = known[place].status;
        if (!_send(113, abi.encode(act), _workerOf(seed, act.organization))) return;

        for (uint256 i = 0; i < held.length; i++) {
            _changeLine(known[place], i, known[place].registered[i] - held[i].held);
        }
        uint256 share = known[place].share;
        _changeShare(known[place], 0);
        _check(place, 113);
        require(known[place].status == SPLIT, "I9: not split");
        for (uint256 part = 0; part < act.shares.length; part++) {
            share -= act.shares[part];
            _checkPart(place, act, part, status);
        }
        require(share == 0, "I9: a split conserves the share");
        if (status == DEPARTED) met["split under way"] += 1;
    }

    /// A part in the account; the sums of registered are checked with I1 and were taken from the parent before.
    function _checkPart(uint256 parent, SplitShipment memory act, uint256 part, uint8 status) private {
        bytes32 salt = keccak256(abi.encode(act.record, part));
        bytes32 record = _newId(113, Kind.SHIPMENT, act.organization, salt);
        Known storage made = _know(record, known[parent].license, act.organization, status);
        uint256 lines = known[parent].lines.length;
        for (uint256 i = 0; i < lines; i++) {
            _addLine(made, known[parent].lines[i], act.quantities[part * lines + i]);
        }
        made.exporter = known[parent].exporter;
        (made.holds, made.recalled) = (known[parent].holds, known[parent].recalled);
        _changeShare(made, act.shares[part]);
        versions[record] = 1;
        _check(known.length - 1, 113);
        require(made.status == status && made.holder == act.organization, "I3: a part is elsewhere than its parent");
        bytes32 head = keccak256(abi.encode(bytes32(0), lastDigest, lastSigner));
        require(_head(113, record) == head, "I6: a part's head does not recompute");
    }

    /// Two or three parts; once in eight a sum is wrong.
    function _divide(uint256 seed, SplitShipment memory act, Held[] memory held, uint256 share) private pure {
        uint256 parts = 2 + _pick(seed, 3, 2);
        act.shares = new uint32[](parts);
        act.quantities = new uint96[](parts * held.length);
        for (uint256 part = 0; part < parts; part++) {
            bool last = part == parts - 1;
            act.shares[part] = uint32(last ? share : share / 2);
            share -= act.shares[part];
            for (uint256 i = 0; i < held.length; i++) {
                uint256 most = held[i].held;
                uint256 quantity = last ? most : _pick(seed, 20 + part * 8 + i, most + 1);
                act.quantities[part * held.length + i] = uint96(quantity);
                held[i].held -= uint80(quantity);
            }
        }
        // The caller needs what was held.
        for (uint256 i = 0; i < held.length; i++) {
            for (uint256 part = 0; part < parts; part++) {
                held[i].held += uint80(act.quantities[part * held.length + i]);
            }
        }
        if (_flip(seed, 4, 16)) act.quantities[0] += 1;
        if (_flip(seed, 5, 16)) act.shares[0] += 1;
    }

    function _adjustments(uint256 seed, uint256 lines) private pure returns (Adjustment[] memory adjustments) {
        adjustments = new Adjustment[](1 + _pick(seed, 11, lines));
        for (uint256 i = 0; i < adjustments.length; i++) {
            uint8 line = adjustments.length == 1 ? uint8(_pick(seed, 12, lines + 1)) : uint8(i);
            adjustments[i] = Adjustment(line, int96(int256(_pick(seed, 13 + i, 8))) - 3);
        }
    }
}
