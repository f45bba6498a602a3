// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Entered, Note} from "../../contracts/interfaces/IJournal.sol";
import {
    Acceptance,
    AcceptHandoff,
    Held,
    IShipments,
    OfferHandoff,
    RefuseHandoff,
    Shipment,
    WithdrawOffer
} from "../../contracts/interfaces/IShipments.sol";
import {Elsewhere, vm} from "./Elsewhere.sol";

/// I3: one holder. After a handoff act the holder is who it was, or who was offered the goods and accepts them; any
/// shipment of one line, any act, any signature.
contract HolderTest is Elsewhere {
    bytes32 private constant RECORD = bytes32(uint256(8));

    IShipments private shipments;

    function setUp() public {
        shipments = IShipments(_deploy("SHIPMENTS"));
    }

    function check_i3_offer(Shipment memory before, OfferHandoff memory act) external {
        _enter(before);
        act.record = RECORD;
        _bring(abi.encodeCall(IShipments.offerHandoff, (act, _anySignature())));
        assert(_holder() == before.holder);
    }

    function check_canary_i3_an_offer_is_taken(Shipment memory before, OfferHandoff memory act) external {
        _enter(before);
        act.record = RECORD;
        assert(!_bring(abi.encodeCall(IShipments.offerHandoff, (act, _anySignature()))));
    }

    function check_i3_withdraw(Shipment memory before, WithdrawOffer memory act) external {
        _enter(before);
        act.record = RECORD;
        _bring(abi.encodeCall(IShipments.withdrawOffer, (act, _anySignature())));
        assert(_holder() == before.holder);
    }

    function check_i3_refuse(Shipment memory before, RefuseHandoff memory act) external {
        _enter(before);
        act.record = RECORD;
        _bring(abi.encodeCall(IShipments.refuseHandoff, (act, _anySignature())));
        assert(_holder() == before.holder);
    }

    function check_i3_accept(Shipment memory before, uint32 organization, uint64 deadline, uint64 occurredAt) external {
        bool done = _accept(before, organization, deadline, occurredAt);
        if (!done) assert(_holder() == before.holder);
        else assert(_holder() == organization && organization == before.offeredTo);
    }

    function check_canary_i3_the_goods_change_hands(
        Shipment memory before,
        uint32 organization,
        uint64 deadline,
        uint64 occurredAt
    ) external {
        _accept(before, organization, deadline, occurredAt);
        assert(_holder() == before.holder);
    }

    function _accept(Shipment memory before, uint32 organization, uint64 deadline, uint64 occurredAt)
        private
        returns (bool)
    {
        _enter(before);
        AcceptHandoff memory act;
        act.record = RECORD;
        (act.parent,) = shipments.heads(RECORD);
        act.organization = organization;
        act.deadline = deadline;
        act.occurredAt = occurredAt;
        act.counted = new uint96[](1);
        act.counted[0] = 5;
        return _bring(abi.encodeCall(IShipments.acceptHandoff, (Acceptance(act), _anySignature())));
    }

    function _enter(Shipment memory before) private {
        before.lines = 1;
        Held[] memory lines = new Held[](1);
        lines[0].held = 5;
        Entered memory entry;
        entry.record = RECORD;
        shipments.write(entry, before, lines, new Note[](0));
    }

    function _bring(bytes memory call) private returns (bool done) {
        _anyTime();
        (done,) = address(shipments).call(call);
    }

    function _holder() private view returns (uint32) {
        (Shipment memory left,) = shipments.shipmentOf(RECORD);
        return left.holder;
    }
}
