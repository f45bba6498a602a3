// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ConfirmDelivery, ConfirmReport, ReportDelivery, ReportMovement} from "../../contracts/interfaces/IReports.sol";
import {Held, IShipments, Shipment} from "../../contracts/interfaces/IShipments.sol";
import {AddStatement, AttachSerials, ReportDiscrepancy, ReportLoss} from "../../contracts/interfaces/IStatements.sol";
import {Ordering} from "./Ordering.sol";

/// Acts of every kind at random, most of which fit; after each that was taken, the account is kept and what was touched
/// is held against it. No call of `step` may fail.
///
/// To add an act: a line in Routes.sol, a function in the file of its record that builds it from a seed and sends it,
/// its name in `step`, and, where it moves goods or a balance, its line in the account.
contract Walk is Ordering {
    function setUp() external {
        _start();
        _open();
    }

    /// The one call of a campaign: the seed says which act, and what it says.
    function step(uint256 seed) external {
        function(uint256) internal[20] memory often = [
            onward, onward, onward, onward, register, register, register, decide, decide, adjust, split, depart, offer,
            take, lose, state, replay, tamper, pass, credit
        ];
        function(uint256) internal[43] memory seldom = [
            verifyCertificate, endorseCertificate, transferLicense, appointOfficer, aside,
            certify, revokeCertificate, bindCertificate, submit, suspend, confirmSuspension, reinstate, revoke,
            surrender, correct, dismiss, suspendOrganization, reinstateOrganization, mandate, endMandate, recover,
            transfer, cancel, clear, invalidate, withdraw, refuse, hold, resume, recall, seize, release, order, order, regularize, report,
            report, reportDelivery, confirm, deliver, release,
            bindCertificate, revokeCertificate
        ];
        if (_flip(seed, 200, 2)) often[_pick(seed, 201, often.length)](seed);
        else seldom[_pick(seed, 201, seldom.length)](seed);
    }

    /// An act that leaves goods, balances and decisions alone.
    function aside(uint256 seed) internal {
        function(uint256) internal[5] memory acts = [acknowledge, attach, rename, rotate, recordParty];
        acts[_pick(seed, 202, acts.length)](seed);
    }

    /// The act that takes a shipment further.
    function onward(uint256 seed) internal {
        if (known.length == 0) return;
        (Shipment memory found,) = _shipment(_place(seed));
        if (found.irregular != 0) regularize(seed);
        else if (found.holds != 0) resume(seed);
        else if (found.offeredTo != 0) take(seed);
        else if (found.status == 1) clear(seed);
        else if (found.status == 2) depart(seed);
        else if (found.holder == found.endUser) deliver(seed);
        else offer(seed);
    }

    // Reports and notes

    function deliver(uint256 seed) internal {
        if (known.length == 0) return;
        uint256 place = _place(seed);
        bytes32 record = known[place].record;
        if (known[place].status < DEPARTED && !_flip(seed, 9, 6)) return; // a report that few would make
        (Shipment memory before, Held[] memory held) = _shipment(place);
        uint32 by = _mostly(seed, 1, before.endUser);
        bytes memory act = abi.encode(
            ConfirmDelivery(record, _parent(seed, record), by, _deadline(), _when(seed), 0, _counts(seed, held))
        );
        _step(place, 90, act, by, seed);
    }

    function report(uint256 seed) internal {
        if (known.length == 0 || !_flip(seed, 9, 6)) return;
        uint256 place = _place(seed);
        (, Held[] memory held) = _shipment(place);
        ReportMovement memory act;
        act.record = known[place].record;
        act.parent = _parent(seed, act.record);
        act.organization = _mostly(seed, 1, known[place].holder);
        act.deadline = _deadline();
        act.occurredAt = _when(seed);
        act.movement = _flip(seed, 4, 3) ? 2 : 1;
        act.to = act.movement == 2 ? 0 : uint32(_pick(seed, 5, ORGANIZATIONS + 1));
        act.document = DOCUMENT;
        act.counted = _counts(seed, held);
        _step(place, 110, abi.encode(act), act.organization, seed);
    }

    function reportDelivery(uint256 seed) internal {
        if (known.length == 0 || !_flip(seed, 9, 8)) return;
        uint256 place = _place(seed);
        bytes32 record = known[place].record;
        (, Held[] memory held) = _shipment(place);
        uint32 by = _mostly(seed, 1, known[place].holder);
        bytes memory act = abi.encode(
            ReportDelivery(record, _parent(seed, record), by, _deadline(), _when(seed), DOCUMENT, _counts(seed, held))
        );
        _step(place, 111, act, by, seed);
    }

    function confirm(uint256 seed) internal {
        if (known.length == 0) return;
        uint256 place = _place(seed);
        bytes32 record = known[place].record;
        uint32 by = _mostly(seed, 1, known[place].holder);
        bytes32 head = IShipments(contracts.shipments).reportHeadOf(record);
        bytes memory act = abi.encode(ConfirmReport(record, _parent(seed, record), by, _deadline(), head));
        (Shipment memory before,) = _shipment(place);
        if (_step(place, 112, act, by, seed)) require(by == before.holder, "I3: confirmed by another");
    }

    /// I9: what is lost is counted as lost.
    function lose(uint256 seed) internal {
        if (known.length == 0 || !_flip(seed, 9, 6)) return;
        uint256 place = _place(seed);
        bytes32 record = known[place].record;
        (, Held[] memory held) = _shipment(place);
        uint32 by = _mostly(seed, 1, known[place].holder);
        uint96[] memory lost = new uint96[](held.length);
        bool all = _flip(seed, 2, 2);
        for (uint256 i = 0; i < lost.length; i++) {
            uint256 most = uint256(held[i].held) + held[i].unaccounted;
            lost[i] = uint96(all ? most : _pick(seed, 10 + i, most + 2));
        }
        bytes32 before = _head(117, record);
        bytes memory act = abi.encode(ReportLoss(record, before, by, _deadline(), DOCUMENT, lost));
        if (!_step(place, 117, act, by, seed)) return;
        require(_head(117, record) == before, "I6: a note moved the head");
    }

    function attach(uint256 seed) internal {
        if (known.length == 0) return;
        uint256 place = _place(seed);
        bytes32 record = known[place].record;
        uint32 by = _mostly(seed, 1, known[place].holder);
        bytes32[] memory serials = new bytes32[](_pick(seed, 2, 4));
        bytes32 before = _head(118, record);
        bytes memory act =
            abi.encode(AttachSerials(record, before, by, _deadline(), uint8(_pick(seed, 3, 3)), serials));
        if (!_step(place, 118, act, by, seed)) return;
        require(_head(118, record) == before, "I6: a note moved the head");
    }

    function state(uint256 seed) internal {
        if (known.length == 0) return;
        uint256 place = _place(seed);
        bytes32 record = known[place].record;
        uint32 by = uint32(_pick(seed, 1, ORGANIZATIONS)) + 1;
        bytes32 before = _head(119, record);
        bool differs = _flip(seed, 2, 3);
        bytes memory act = differs
            ? abi.encode(ReportDiscrepancy(record, before, by, _deadline(), 0, DOCUMENT))
            : abi.encode(AddStatement(record, before, by, _deadline(), 0, 1, DOCUMENT));
        if (!_step(place, differs ? 116 : 119, act, by, seed)) return;
        require(_head(119, record) == before, "I6: a note moved the head");
    }

    // I7

    /// A call that was taken once is refused ever after, however late and out of order; on another chain too.
    function replay(uint256 seed) internal {
        uint256 place = _pick(seed, 0, sent.length);
        bool elsewhere = _flip(seed, 1, 3);
        if (elsewhere) _onChain(CHAIN + 1);
        bool done = _bring(sentTo[place], sent[place]);
        _onChain(CHAIN);
        require(!done, "I7: an act counted twice, or on two chains");
    }

    /// An act whose signature or message was changed on the way is refused.
    function tamper(uint256 seed) internal {
        uint256 place = _pick(seed, 0, sent.length);
        bytes memory data = sent[place];
        uint256 at = 4 + _pick(seed, 1, data.length - 4);
        data[at] = bytes1(uint8(data[at]) ^ uint8(1 << _pick(seed, 2, 8)));
        (bool done,) = sentTo[place].call(data);
        require(!done, "I7: a changed act counted");
    }

    function pass(uint256 seed) internal {
        _wait(_flip(seed, 0, 8) ? 40 hours : _pick(seed, 1, 2 hours));
    }
}
