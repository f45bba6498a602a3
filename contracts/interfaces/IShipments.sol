// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Entered, Note} from "./IJournal.sol";
import {Taking} from "./ILicenses.sol";
import {Draw} from "./IManifests.sol";
import {IRecords, LineDelta, Source} from "./IRecords.sol";

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

/// An act behind its own offset: the calldata then holds abi.encode(act), which is hashed and journaled as it stands.
struct Acceptance {
    AcceptHandoff act;
}

/// 89: the receiver does not take the goods.
struct RefuseHandoff {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    uint8 reason;
}

struct Shipment {
    // everything a handoff moves
    uint32 version;
    uint32 holder;
    uint32 responsible; // organization of the agent that signed the last custody fact
    uint32 offeredTo; // 0: no offer
    uint40 lastFact;
    uint40 lapsesAt; // the offer: last instant at which it can be accepted
    uint8 status;
    uint16 irregular;
    uint8 grade; // of the last custody fact
    uint16 flags;
    // the rest
    uint32 license;
    uint32 endUser;
    uint32 exporter;
    uint40 stoppedUntil;
    uint40 clearedAt;
    uint8 lines;
    uint32 share; // that it draws
    uint8 holds;
    uint16 latenessHours; // of the license's policy, copied
    uint16 handoffHours;
    uint16 countTolerance;
    bool temporary; // license
}

/// Bits of Shipment.flags.
library Flag {
    uint16 internal constant DISCREPANCY = 1 << 0;
    uint16 internal constant OFFERED_BY_HOLDER = 1 << 1;
    uint16 internal constant REPORTED = 1 << 2; // a one-sided hop waits for its other side
    uint16 internal constant INTANGIBLE = 1 << 3;
    uint16 internal constant DEPARTURE = 1 << 4; // times the departure's grade, two bits
    uint16 internal constant DELIVERY = 1 << 6; // times the delivery's grade, two bits
    uint16 internal constant RECALLED = 1 << 8;
    uint16 internal constant CREDITED = 1 << 9; // what was returned is no longer drawn
}

/// Where the goods of one line are. What the shipment draws on it is the sum of these, what was lost and what was returned.
struct Held {
    uint80 held;
    uint80 delivered;
    uint80 unaccounted;
    uint8 line; // of the license
}

/// What left a line otherwise.
struct Gone {
    uint80 lost;
    uint80 returned;
}

interface IShipments is IRecords {
    function offerHandoff(OfferHandoff calldata act, bytes calldata signature) external;
    function withdrawOffer(WithdrawOffer calldata act, bytes calldata signature) external;
    function acceptHandoff(Acceptance calldata acceptance, bytes calldata signature) external;
    function refuseHandoff(RefuseHandoff calldata act, bytes calldata signature) external;

    /// Enters an act on the lines of a shipment, new or known: the shipment as the act leaves it. Only Manifests may call.
    /// @param notes of the other records, ascending
    function write(Entered calldata entry, Shipment calldata shipment, Held[] calldata held, Note[] calldata notes)
        external;

    /// Adds one part of a split shipment, version 1, its head as if the split were its first step. Only Manifests may call.
    function add(bytes32 record, Shipment calldata shipment, Held[] calldata held, Source calldata source) external;

    /// Enters an act that leaves the shipment as given. Only Departures, Reports and Orders may call.
    /// @param held the lines; none: they stay as they are
    /// What is held moves to returned where the status becomes returned; what was lost is held again where it was lost.
    /// @param reported whether the named holder may confirm this entry
    function settle(Entered calldata entry, Shipment calldata shipment, Held[] calldata held, bool reported) external;

    /// Enters a note. Only Statements may call.
    /// @param flags added to the shipment's
    /// @param lost one a line, or none: from unaccounted first, then from held; lost where nothing is left held
    function annotate(Entered calldata entry, uint16 flags, uint96[] calldata lost) external;

    /// Continues a delivered shipment under a new license (I11) and notes it. Only Issuance may call.
    function extend(bytes32 record, bytes32 license, LineDelta[] calldata lines, Source calldata source)
        external
        returns (Note memory);

    /// Gives back what a license of 5 or 6 did not draw; deltas positive. Only Licenses may call.
    function curtail(bytes32 record, bytes32 license, LineDelta[] calldata lines, Source calldata source)
        external
        returns (Note memory);

    /// Reverts unless the shipment came back under this license, is not credited, and returned exactly this, one a line.
    /// @param number the license's
    function requireReturned(
        bytes32 record,
        bytes32 license,
        uint32 number,
        uint32 share,
        Draw[] calldata returned
    ) external view;

    /// Marks a returned shipment as credited and notes it. Only Licenses may call.
    /// @return taking what comes back to the license, with all of the share
    function credit(bytes32 record, bytes32 license, Source calldata source)
        external
        returns (Taking memory taking, Note memory note);

    /// Keeps until when a license is stopped, so that an offer asks no other contract. Only Licenses may call.
    function stop(uint32 license, uint40 until) external;

    /// The shipment and its lines; reverts with UnknownRecord.
    function shipmentOf(bytes32 record) external view returns (Shipment memory shipment, Held[] memory held);

    /// What the shipment draws on one of its lines.
    function registeredOf(bytes32 record, uint256 line) external view returns (uint256);

    /// What left a line otherwise.
    function goneOf(bytes32 record, uint256 line) external view returns (Gone memory);

    /// What licenses continue of a delivered line.
    function continuedOf(bytes32 record, uint256 line) external view returns (uint256);

    /// Notes on the shipment so far.
    function notesOf(bytes32 record) external view returns (uint32);

    /// The head right after the last one-sided report or order.
    function reportHeadOf(bytes32 record) external view returns (bytes32);
}
