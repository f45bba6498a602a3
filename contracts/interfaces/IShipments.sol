// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Entered} from "./IJournal.sol";
import {IRecords} from "./IRecords.sol";

bytes32 constant DRAW = keccak256("Draw(uint8 line,uint96 quantity)");
bytes32 constant REGISTER_SHIPMENT = keccak256(
    "RegisterShipment(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,bytes32 salt,bytes32 license,uint32 endUser,uint32 share,bytes32 waybill,bytes32 document,Draw[] draws)Draw(uint8 line,uint96 quantity)"
);
bytes32 constant CANCEL_SHIPMENT =
    keccak256("CancelShipment(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline)");
bytes32 constant CLEAR_SHIPMENT = keccak256(
    "ClearShipment(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,uint64 occurredAt,bytes32 document)"
);
bytes32 constant DEPART_SHIPMENT = keccak256(
    "DepartShipment(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,uint64 occurredAt,bytes32 document)"
);
bytes32 constant OFFER_HANDOFF = keccak256(
    "OfferHandoff(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,uint64 occurredAt,uint32 to,bytes32 seal)"
);
bytes32 constant WITHDRAW_OFFER =
    keccak256("WithdrawOffer(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline)");
bytes32 constant ACCEPT_HANDOFF = keccak256(
    "AcceptHandoff(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,uint64 occurredAt,bytes32 seal,uint8 sealState,bool reservation,bytes32 document,uint96[] counted)"
);
bytes32 constant REFUSE_HANDOFF =
    keccak256("RefuseHandoff(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,uint8 reason)");
bytes32 constant HOLD_SHIPMENT =
    keccak256("HoldShipment(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,uint8 reason)");
bytes32 constant RESUME_SHIPMENT =
    keccak256("ResumeShipment(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,uint32 holdOf)");

/// What a shipment takes of one license line.
struct Draw {
    uint8 line;
    uint96 quantity;
}

/// 80: the exporter registers a shipment against what is left of its license.
struct RegisterShipment {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    bytes32 salt;
    bytes32 license;
    uint32 endUser;
    uint32 share; // of the license's value, parts per billion, rounded down
    bytes32 waybill; // commitment; 0: not known yet
    bytes32 document; // the manifest
    Draw[] draws; // ascending by line
}

/// 82: the exporter gives an unshipped draw back.
struct CancelShipment {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
}

/// 83: customs clears for export.
struct ClearShipment {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    uint64 occurredAt;
    bytes32 document;
}

/// 85: the export moment.
struct DepartShipment {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    uint64 occurredAt;
    bytes32 document; // 0: none
}

/// 86: who holds the goods offers them to the next.
struct OfferHandoff {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    uint64 occurredAt;
    uint32 to;
    bytes32 seal; // commitment
}

/// 87: the offer is taken back.
struct WithdrawOffer {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
}

/// 88: the receiver has the goods, counted.
struct AcceptHandoff {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    uint64 occurredAt;
    bytes32 seal; // commitment: equal to the offer's if it saw the same seal
    uint8 sealState; // 0 none, 1 intact, 2 broken, 3 replaced
    bool reservation;
    bytes32 document; // 0: none
    uint96[] counted; // one a line
}

/// 89: the receiver does not take the goods.
struct RefuseHandoff {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    uint8 reason;
}

/// 91: an inspector stops the shipment.
struct HoldShipment {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    uint8 reason;
}

/// 92: an organization, or its sponsor, ends its hold.
struct ResumeShipment {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    uint32 holdOf;
}

struct Shipment {
    // everything a handoff moves
    uint32 license;
    uint32 version;
    uint32 holder;
    uint32 responsible; // organization of the agent that signed the last custody fact
    uint32 offeredTo; // 0: no offer
    uint40 lastFact;
    uint8 status;
    uint8 holds;
    uint16 irregular;
    uint8 grade; // of the last custody fact
    uint16 flags;
    // the rest
    uint32 endUser;
    uint32 exporter;
    uint40 offeredAt;
    uint40 stoppedUntil;
    uint32 notes;
    uint40 clearedAt;
    uint8 lines;
    uint32 share;
}

/// Bits of Shipment.flags.
library Flag {
    uint16 internal constant DISCREPANCY = 1 << 0;
    uint16 internal constant OFFERED_BY_HOLDER = 1 << 1;
    uint16 internal constant REPORTED = 1 << 2; // a one-sided hop waits for its other side
    uint16 internal constant DEPARTURE = 1 << 4; // times the departure's grade, two bits
    uint16 internal constant DELIVERY = 1 << 6; // times the delivery's grade, two bits
}

/// Where the goods of one line are now.
struct Held {
    uint80 held;
    uint80 delivered;
    uint80 unaccounted;
}

/// What was registered on one line, and what left it otherwise.
struct Registered {
    uint80 registered;
    uint80 lost;
    uint80 returned;
    uint8 line; // of the license
}

interface IShipments is IRecords {
    function registerShipment(RegisterShipment calldata act, bytes calldata signature) external;
    function cancelShipment(CancelShipment calldata act, bytes calldata signature) external;
    function clearShipment(ClearShipment calldata act, bytes calldata signature) external;
    function departShipment(DepartShipment calldata act, bytes calldata signature) external;
    function offerHandoff(OfferHandoff calldata act, bytes calldata signature) external;
    function withdrawOffer(WithdrawOffer calldata act, bytes calldata signature) external;
    function acceptHandoff(AcceptHandoff calldata act, bytes calldata signature) external;
    function refuseHandoff(RefuseHandoff calldata act, bytes calldata signature) external;
    function holdShipment(HoldShipment calldata act, bytes calldata signature) external;
    function resumeShipment(ResumeShipment calldata act, bytes calldata signature) external;

    /// Enters a report: the shipment as the report leaves it. Only Reports may call.
    function settle(Entered calldata entry, Shipment calldata shipment, Held[] calldata held) external;

    /// Enters a note on a shipment. Only Reports may call.
    function annotate(Entered calldata entry) external;

    /// The shipment and its lines; reverts with UnknownRecord.
    function shipmentOf(bytes32 record) external view returns (Shipment memory shipment, Held[] memory held);

    /// The license line behind each line of the shipment.
    function licenseLines(bytes32 record) external view returns (uint8[] memory);

    /// What was registered on a line.
    function registeredOf(bytes32 record, uint256 line) external view returns (Registered memory);

    /// The head right after the last one-sided report.
    function reportHeadOf(bytes32 record) external view returns (bytes32);
}
