// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {
    HoldShipment,
    OrderHandoff,
    RecallShipment,
    Regularize,
    ReleaseSeizure,
    ResumeShipment,
    SeizeShipment
} from "../../contracts/interfaces/IOrders.sol";
import {Shipment} from "../../contracts/interfaces/IShipments.sol";
import {Moving} from "./Moving.sol";

/// Orders on shipments at random: I3 (an order names one holder, grade O), I4, I5.
abstract contract Ordering is Moving {
    function hold(uint256 seed) internal {
        if (known.length == 0 || !_flip(seed, 9, 6)) return;
        uint256 place = _place(seed);
        bytes32 record = known[place].record;
        uint32 by = _mostly(seed, 1, CUSTOMS);
        if (!_order(91, abi.encode(HoldShipment(record, _head(91, record), by, _deadline(), 1)), by, seed)) return;
        known[place].holds += 1;
        _check(place, 91);
    }

    function resume(uint256 seed) internal {
        if (known.length == 0) return;
        uint256 place = _place(seed);
        bytes32 record = known[place].record;
        uint32 by = _mostly(seed, 1, CUSTOMS);
        uint32 whose = _mostly(seed, 2, by);
        if (!_order(92, abi.encode(ResumeShipment(record, _head(92, record), by, _deadline(), whose)), by, seed)) {
            return;
        }
        known[place].holds -= 1;
        _check(place, 92);
    }

    function recall(uint256 seed) internal {
        if (known.length == 0 || !_flip(seed, 9, 12)) return;
        uint256 place = _place(seed);
        bytes32 record = known[place].record;
        uint32 by = _mostly(seed, 1, AUTHORITY);
        if (!_order(95, abi.encode(RecallShipment(record, _head(95, record), by, _deadline(), 1)), by, seed)) return;
        require(by == AUTHORITY && !known[place].recalled, "recalled by a stranger, or twice");
        known[place].recalled = true;
        _check(place, 95);
    }

    function seize(uint256 seed) internal {
        if (known.length == 0 || !_flip(seed, 9, 8)) return;
        uint256 place = _place(seed);
        bytes32 record = known[place].record;
        uint32 by = _mostly(seed, 1, CUSTOMS);
        bytes memory act = abi.encode(SeizeShipment(record, _head(93, record), by, _deadline(), 1, DOCUMENT));
        if (!_order(93, act, by, seed)) return;
        require(known[place].status <= DEPARTED, "I4: seized after the end");
        _check(place, 93);
        _checkOrdered(place, by);
        require(known[place].status == SEIZED, "I4: not seized");
    }

    function release(uint256 seed) internal {
        if (known.length == 0 || !_flip(seed, 9, 2)) return;
        uint256 place = _placeOf(seed, SEIZED);
        bytes32 record = known[place].record;
        (uint8 status, uint32 seizer) = (known[place].status, known[place].holder);
        uint32 by = _mostly(seed, 1, seizer);
        uint32 to = uint32(_pick(seed, 5, ORGANIZATIONS + 1));
        bytes memory act = abi.encode(ReleaseSeizure(record, _head(94, record), by, _deadline(), to, DOCUMENT));
        if (!_order(94, act, by, seed)) return;
        require(status == SEIZED && (by == seizer || by == AUTHORITY), "I4: released by a stranger");
        _check(place, 94);
        _checkOrdered(place, to);
    }

    function order(uint256 seed) internal {
        if (known.length == 0 || !_flip(seed, 9, 4)) return;
        uint256 place = _flip(seed, 4, 2) ? _placeOf(seed, LOST) : _place(seed);
        bytes32 record = known[place].record;
        uint8 status = known[place].status;
        uint32 by = _mostly(seed, 1, AUTHORITY);
        uint32 to = uint32(_pick(seed, 5, ORGANIZATIONS + 1));
        bytes memory act = abi.encode(OrderHandoff(record, _head(96, record), by, _deadline(), to, DOCUMENT));
        if (!_order(96, act, by, seed)) return;
        require(by == AUTHORITY && (status <= DEPARTED || status == LOST), "I4: ordered by a stranger, or too late");
        if (status == LOST) met["lost goods found"] += 1;
        _check(place, 96);
        _checkOrdered(place, to);
    }

    /// I5: two officers clear bits.
    function regularize(uint256 seed) internal {
        if (known.length == 0) return;
        uint256 place = _place(seed);
        bytes32 record = known[place].record;
        (Shipment memory before,) = _shipment(place);
        uint16 bits = _flip(seed, 4, 6) ? before.irregular | 1 : before.irregular;
        uint256 key = _keyOf(AUTHORITY, _officer(seed));
        bytes memory act = abi.encode(Regularize(record, _head(115, record), AUTHORITY, _deadline(), bits, DOCUMENT));
        if (!_send(115, act, key)) return;
        require(bits != 0 && bits & ~before.irregular == 0, "regularized what was regular");
        bool second = _seconds(115, record, key, keccak256(abi.encode(bits)));
        _check(place, 115);
        (Shipment memory found,) = _shipment(place);
        if (second) met["regularized"] += 1;
        require(found.irregular == (second ? before.irregular & ~bits : before.irregular), "I5: regularized alone");
    }

    function _order(uint8 kind, bytes memory act, uint32 by, uint256 seed) private returns (bool) {
        return _send(kind, act, _workerOf(seed, by));
    }

    function _checkOrdered(uint256 place, uint32 to) private view {
        (Shipment memory found,) = _shipment(place);
        require(found.holder == to && found.grade == 2 && found.offeredTo == 0, "I3: an order names the holder");
        require(!suspended[to], "I8: goods ordered to a suspended organization");
    }
}
