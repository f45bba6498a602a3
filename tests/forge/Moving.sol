// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ClearShipment, DepartShipment, InvalidateClearance} from "../../contracts/interfaces/IDepartures.sol";
import {License} from "../../contracts/interfaces/ILicenses.sol";
import {
    AcceptHandoff,
    Held,
    OfferHandoff,
    RefuseHandoff,
    Shipment,
    WithdrawOffer
} from "../../contracts/interfaces/IShipments.sol";
import {Loading} from "./Loading.sol";
import {vm} from "./Vm.sol";

/// Clearance, departure and handoffs at random: I3, I8 and I10.
abstract contract Moving is Loading {
    function clear(uint256 seed) internal {
        if (known.length == 0) return;
        uint256 place = _place(seed);
        bytes32 record = known[place].record;
        uint32 by = _mostly(seed, 1, CUSTOMS);
        bytes memory act =
            abi.encode(ClearShipment(record, _parent(seed, record), by, _deadline(), _when(seed), DOCUMENT));
        if (!_step(place, 83, act, by, seed)) return;
        (Shipment memory found,) = _shipment(place);
        require(found.holds == 0 && found.irregular == 0, "I10: cleared under a hold");
    }

    function invalidate(uint256 seed) internal {
        if (known.length == 0 || !_flip(seed, 9, 6)) return;
        uint256 place = _placeOf(seed, 2);
        bytes32 record = known[place].record;
        uint32 by = _mostly(seed, 1, CUSTOMS);
        bytes memory act = abi.encode(InvalidateClearance(record, _parent(seed, record), by, _deadline(), 1));
        _step(place, 84, act, by, seed);
    }

    /// I10.
    function depart(uint256 seed) internal {
        if (known.length == 0) return;
        uint256 place = _place(seed);
        bytes32 record = known[place].record;
        (Shipment memory before,) = _shipment(place);
        uint64 at = _when(seed);
        uint32 by = _mostly(seed, 1, known[place].exporter);
        License memory license = _license(known[place].license);
        (uint8 grade, uint16 signedBy) = _backing(known[place]);
        bytes memory act = abi.encode(DepartShipment(record, _parent(seed, record), by, _deadline(), at, 0));
        if (!_step(place, 85, act, by, seed)) return;

        uint16 signers = _terms(license.kind).certificateSigners;
        require(known[place].holds == 0 && !known[place].recalled, "I10: departed under a hold");
        require(at >= before.stoppedUntil && at >= license.stoppedUntil, "I10: departed while stopped");
        require(license.validFrom <= at && at < license.validUntil, "I10: departed without a license in force");
        require(!licensed[known[place].license].ended, "I10: departed under an ended license");
        require(grade >= _terms(license.kind).certificateGrade, "I10: departed without the certificate grade");
        require(signedBy & signers == signers, "I10: departed without a cosignature");
        if (grade == 2) met["departed with a verified certificate"] += 1;
        bool cleared = before.clearedAt != 0 && before.clearedAt <= at;
        require(cleared || !_terms(license.kind).clearanceRequired, "I10: departed uncleared");
        require(before.irregular == 0, "I10: departed irregular");
    }

    /// I8: nobody hands a suspended organization goods, and it offers them to a refuge only.
    function offer(uint256 seed) internal {
        if (known.length == 0) return;
        uint256 place = _place(seed);
        bytes32 record = known[place].record;
        (Shipment memory before,) = _shipment(place);
        License memory license = _license(known[place].license);
        uint32 by = _mostly(seed, 1, known[place].holder);
        uint32 to = uint32(_pick(seed, 5, ORGANIZATIONS + 1));
        if (_flip(seed, 6, license.kind == TEMPORARY ? 2 : 5)) to = before.exporter;
        if (suspended[by]) to = CUSTOMS;
        bytes memory act = abi.encode(
            OfferHandoff(record, _parent(seed, record), by, _deadline(), _when(seed), to, DOCUMENT)
        );
        uint256 key = _workerOf(seed, by);
        if (!_send(86, act, key)) return;
        _check(place, 86);
        known[place].offeredBy = organizationOf[vm.addr(key)];
        require(!suspended[to], "I8: goods offered to a suspended organization");
        if (to == before.exporter || to == CUSTOMS || to == AUTHORITY) {
            if (suspended[by]) met["suspended organization offered to a refuge"] += 1;
            return;
        }
        require(!suspended[by] && !suspended[organizationOf[vm.addr(key)]], "I8: offered to no refuge");
        require(known[place].holds == 0 && !known[place].recalled, "I3: offered under a hold");
        require(license.returnBy == 0 || _when(seed) < license.returnBy, "offered on when overdue");
    }

    function withdraw(uint256 seed) internal {
        if (known.length == 0 || !_flip(seed, 9, 4)) return;
        uint256 place = _placeOffered(seed);
        bytes32 record = known[place].record;
        uint32 by = _mostly(seed, 1, known[place].holder);
        _step(place, 87, abi.encode(WithdrawOffer(record, _parent(seed, record), by, _deadline())), by, seed);
    }

    /// I3.
    function take(uint256 seed) internal {
        if (known.length == 0) return;
        uint256 place = _placeOffered(seed);
        (Shipment memory before, Held[] memory held) = _shipment(place);
        AcceptHandoff memory act;
        act.record = known[place].record;
        act.parent = _parent(seed, act.record);
        act.organization = _mostly(seed, 1, before.offeredTo);
        act.deadline = _deadline();
        act.occurredAt = _when(seed);
        act.counted = _counts(seed, held);
        uint256 key = _workerOf(seed, act.organization);
        if (!_send(88, abi.encode(act), key)) return;
        _checkTaken(place, before, act.organization);
        _check(place, 88);
        bool refuge =
            act.organization == CUSTOMS || act.organization == AUTHORITY || act.organization == before.exporter;
        bool stopped = known[place].holds != 0 || known[place].recalled;
        require(!stopped || refuge, "I3: accepted under a hold");
    }

    /// Grade A is two organizations; a return of that grade under a temporary license is no longer drawn.
    function _checkTaken(uint256 place, Shipment memory before, uint32 by) private {
        (Shipment memory found,) = _shipment(place);
        require(before.offeredTo == by && found.holder == by, "I3: accepted without an offer");
        bool full = known[place].offeredBy == before.holder;
        require(found.grade == (full ? 3 : 1), "I3: grade of a handoff");
        bool home = before.status == DEPARTED && by == before.exporter;
        require((found.status == RETURNED) == home, "I3: home is returned");
        bool temporary = licensed[known[place].license].kind == TEMPORARY;
        if (!home || !full || !temporary) return;
        met["temporary return credited"] += 1;
        _credit(place, known[place].share);
    }

    function refuse(uint256 seed) internal {
        if (known.length == 0 || !_flip(seed, 9, 4)) return;
        uint256 place = _placeOffered(seed);
        bytes32 record = known[place].record;
        (Shipment memory before,) = _shipment(place);
        uint32 by = _mostly(seed, 1, before.offeredTo);
        _step(place, 89, abi.encode(RefuseHandoff(record, _parent(seed, record), by, _deadline(), 1)), by, seed);
    }

    /// One act on a known shipment that leaves the account as it is; where it is taken, the shipment is checked.
    function _step(uint256 place, uint8 kind, bytes memory act, uint32 by, uint256 seed) internal returns (bool) {
        if (!_send(kind, act, _workerOf(seed, by))) return false;
        _check(place, kind);
        return true;
    }
}
