// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Acts} from "./Acts.sol";
import {Custody} from "./Custody.sol";
import {Broken, Grade, Power, ShipmentStatus} from "./interfaces/Codes.sol";
import {Contracts} from "./interfaces/Deployment.sol";
import {
    AlreadyHolder,
    NotTheHolder,
    NotTheReport,
    WrongOrganization
} from "./interfaces/Errors.sol";
import {Entered} from "./interfaces/IJournal.sol";
import {Backing, Standing} from "./interfaces/ILicenses.sol";
import {Terms} from "./interfaces/IPolicies.sol";
import {
    CONFIRM_DELIVERY,
    CONFIRM_REPORT,
    ConfirmDelivery,
    ConfirmReport,
    IReports,
    REPORT_DELIVERY,
    REPORT_MOVEMENT,
    ReportDelivery,
    ReportMovement
} from "./interfaces/IReports.sol";
import {Flag, Held, IShipments, Shipment} from "./interfaces/IShipments.sol";

/// What happened anyway: one-sided facts and their other side. A report is never refused because a
/// rule is broken; the broken rule becomes a bit and the shipment gets no new permission.
///
/// STORED      nothing: the shipment is written through Shipments.settle.
/// TRUSTED     nobody: a one-sided fact stands with grade B and the name of who said it.
/// INVARIANTS  I3: one report names one holder; I9: a count makes no goods.
contract Reports is IReports, Custody {
    uint8 private constant HANDOFF = 1;
    uint8 private constant DEPARTURE = 2;

    IShipments private immutable SHIPMENTS;

    /// What a report is judged by.
    struct Case {
        Standing standing;
        Terms terms;
        uint32 behind; // organization whose agent signed
        uint16 bits; // broken so far
    }

    constructor(Contracts memory contracts) Acts(contracts) Custody(contracts) {
        SHIPMENTS = IShipments(contracts.shipments);
    }

    /// @inheritdoc IReports
    function confirmDelivery(ConfirmDelivery calldata act, bytes calldata signature) external {
        Entered memory entry = _signed(
            90, act.record, act.organization, act.deadline, _hashConfirm(act), abi.encode(act), signature
        );
        (Shipment memory shipment, Held[] memory held) = SHIPMENTS.shipmentOf(act.record);
        if (act.organization != shipment.endUser) revert WrongOrganization(act.organization, shipment.endUser);
        if (act.organization != shipment.holder) revert NotTheHolder(act.organization, shipment.holder);
        _authorize(entry, Power.CUSTODY);
        _atHeadIn(SHIPMENTS, act.record, act.parent);
        _possible(shipment, act.occurredAt);

        if (_ended(shipment)) {
            SHIPMENTS.settle(entry, shipment, held, false);
            return;
        }
        Case memory found = _case(shipment, act.organization, 0);
        _receive(found, shipment, held, act.counted, act.occurredAt);
        _deliver(shipment, held, Grade.FULL);
        _answer(shipment, found.behind, act.occurredAt, false);
        SHIPMENTS.settle(entry, shipment, held, false);
    }

    /// @inheritdoc IReports
    function reportMovement(ReportMovement calldata act, bytes calldata signature) external {
        Entered memory entry = _signed(
            110, act.record, act.organization, act.deadline, _hashMovement(act), abi.encode(act), signature
        );
        (Shipment memory shipment, Held[] memory held) = SHIPMENTS.shipmentOf(act.record);
        Case memory found = _reported(entry, shipment);
        _atHeadIn(SHIPMENTS, act.record, act.parent);
        _committed("document", act.document);
        _within("movement", act.movement, HANDOFF, DEPARTURE);
        _possible(shipment, act.occurredAt);

        if (_ended(shipment)) {
            SHIPMENTS.settle(entry, shipment, held, false);
            return;
        }
        _count(shipment, held, act.counted, found.standing.countTolerance);
        if (act.movement == HANDOFF) _handOff(found, act, shipment);
        else _depart(found, act, shipment, held);
        bool hop = _answer(shipment, found.behind, act.occurredAt, act.movement == HANDOFF);
        SHIPMENTS.settle(entry, shipment, held, hop);
    }

    /// @inheritdoc IReports
    function reportDelivery(ReportDelivery calldata act, bytes calldata signature) external {
        Entered memory entry = _signed(
            111, act.record, act.organization, act.deadline, _hashDelivery(act), abi.encode(act), signature
        );
        (Shipment memory shipment, Held[] memory held) = SHIPMENTS.shipmentOf(act.record);
        Case memory found = _reported(entry, shipment);
        _atHeadIn(SHIPMENTS, act.record, act.parent);
        _committed("document", act.document);
        _possible(shipment, act.occurredAt);
        // A transfer to nobody known has nobody to deliver to.
        _organization(shipment.endUser);

        if (_ended(shipment)) {
            SHIPMENTS.settle(entry, shipment, held, false);
            return;
        }
        found.bits |= _gradeBit(found.terms);
        _receive(found, shipment, held, act.counted, act.occurredAt);
        _deliver(shipment, held, Grade.ONE_SIDED);
        bool hop = _answer(shipment, found.behind, act.occurredAt, true);
        SHIPMENTS.settle(entry, shipment, held, hop);
    }

    /// @inheritdoc IReports
    function confirmReport(ConfirmReport calldata act, bytes calldata signature) external {
        bytes memory encoded = abi.encode(act);
        Entered memory entry = _signed(
            112, act.record, act.organization, act.deadline, _hash(CONFIRM_REPORT, encoded), encoded, signature
        );
        (Shipment memory shipment, Held[] memory held) = SHIPMENTS.shipmentOf(act.record);
        if (act.organization != shipment.holder) revert NotTheHolder(act.organization, shipment.holder);
        _authorize(entry, Power.CUSTODY);
        _atHeadIn(SHIPMENTS, act.record, act.parent);
        bytes32 expected = shipment.flags & Flag.REPORTED == 0 ? bytes32(0) : SHIPMENTS.reportHeadOf(act.record);
        if (expected == 0 || act.reportHead != expected) revert NotTheReport(act.reportHead, expected);

        shipment.responsible = act.organization;
        shipment.grade = Grade.FULL;
        shipment.flags &= ~Flag.REPORTED;
        if (shipment.status == ShipmentStatus.DELIVERED) shipment.flags |= Flag.DELIVERY * Grade.FULL;
        SHIPMENTS.settle(entry, shipment, held, false);
    }

    /// What a report by this organization is judged by.
    function _case(Shipment memory shipment, uint32 behind, uint16 bits) private view returns (Case memory) {
        Standing memory standing = _standing(shipment);
        return Case({standing: standing, terms: _terms(standing), behind: behind, bits: bits});
    }

    function _reported(Entered memory entry, Shipment memory shipment) private view returns (Case memory found) {
        found = _case(shipment, 0, 0);
        (found.behind, found.bits) = _reporter(entry, shipment, found.standing.authority);
    }

    /// A report on an ended shipment sets its bit, and nothing else.
    function _ended(Shipment memory shipment) private pure returns (bool ended) {
        ended = _isTerminal(shipment);
        if (ended) shipment.irregular |= Broken.TERMINAL;
    }

    /// The end-user has the goods: bits and counts.
    function _receive(
        Case memory found,
        Shipment memory shipment,
        Held[] memory held,
        uint96[] calldata counted,
        uint64 occurredAt
    ) private view {
        _factBits(found, shipment, shipment.endUser, _roles(shipment.endUser), occurredAt);
        Backing memory backing =
            LICENSES.backing(shipment.license, _lines(held), shipment.endUser, occurredAt);
        if (backing.failing != 0) found.bits |= Broken.CERTIFICATE;
        if (shipment.status != ShipmentStatus.DEPARTED) found.bits |= Broken.NOT_DEPARTED;

        shipment.irregular |= found.bits;
        _count(shipment, held, counted, found.standing.countTolerance);
    }

    function _deliver(Shipment memory shipment, Held[] memory held, uint8 grade) private pure {
        for (uint256 i = 0; i < held.length; i++) {
            held[i].delivered += held[i].held;
            held[i].held = 0;
        }
        shipment.status = ShipmentStatus.DELIVERED;
        shipment.holder = shipment.endUser;
        shipment.grade = grade;
        shipment.flags |= Flag.DELIVERY * grade;
    }

    function _handOff(Case memory found, ReportMovement calldata act, Shipment memory shipment) private view {
        uint16 roles = _organization(act.to).roles;
        if (act.to == shipment.holder) revert AlreadyHolder(act.to);
        _factBits(found, shipment, act.to, roles, act.occurredAt);
        if (!_isReceiver(act.to, DIRECTORY.activeRolesOf(act.to), shipment)) found.bits |= Broken.RECEIVER;

        shipment.irregular |= found.bits | _gradeBit(found.terms);
        shipment.holder = act.to;
        shipment.grade = Grade.ONE_SIDED;
        bool home = act.to == shipment.exporter && shipment.status == ShipmentStatus.DEPARTED;
        if (home) shipment.status = ShipmentStatus.RETURNED;
    }

    function _depart(Case memory found, ReportMovement calldata act, Shipment memory shipment, Held[] memory held)
        private
        view
    {
        _within("to", act.to, 0, 0);
        _factBits(found, shipment, 0, 0, act.occurredAt);
        if (!LICENSES.isValid(shipment.license, act.occurredAt)) found.bits |= Broken.NOT_IN_FORCE;
        bool cleared = shipment.clearedAt != 0 && act.occurredAt >= shipment.clearedAt;
        if (found.terms.clearanceRequired && !cleared) found.bits |= Broken.CLEARANCE;
        if (_roles(shipment.endUser) & found.terms.exemptRoles == 0) {
            Backing memory backing =
                LICENSES.backing(shipment.license, _lines(held), shipment.endUser, act.occurredAt);
            if (!_isCertified(backing, found.terms)) found.bits |= Broken.CERTIFICATE;
        }

        shipment.irregular |= found.bits;
        if (shipment.status != ShipmentStatus.DEPARTED) {
            shipment.status = ShipmentStatus.DEPARTED;
            shipment.flags |= Flag.DEPARTURE * Grade.ONE_SIDED;
        }
    }

    /// Bits of a custody fact that any report may carry.
    /// @param to where the goods went; 0: nowhere
    function _factBits(Case memory found, Shipment memory shipment, uint32 to, uint16 roles, uint64 occurredAt)
        private
        view
    {
        if (occurredAt < _earliest(found.standing.latenessHours)) found.bits |= Broken.LATE;
        if (to != 0 && _isRefuge(to, roles, shipment)) return;
        bool stopped = occurredAt < shipment.stoppedUntil || occurredAt < found.standing.stoppedUntil;
        if (stopped) found.bits |= Broken.STOPPED;
        if (to != 0 && _isOverdue(found.standing, occurredAt)) found.bits |= Broken.RETURN_OVERDUE;
    }

    /// Who signed answers for the goods until the other side or a later holder signs.
    /// @param hop whether the report names a holder
    /// @return whether that holder may confirm it: not where its own agent made it
    function _answer(Shipment memory shipment, uint32 behind, uint64 occurredAt, bool hop) private pure returns (bool) {
        shipment.responsible = behind;
        shipment.offeredTo = 0;
        shipment.lastFact = uint40(occurredAt);
        shipment.flags &= ~Flag.REPORTED;
        bool open = hop && behind != shipment.holder;
        if (open) shipment.flags |= Flag.REPORTED;
        return open;
    }

    function _gradeBit(Terms memory terms) private pure returns (uint16) {
        return Grade.ONE_SIDED < terms.lowestCustodyGrade ? Broken.GRADE : 0;
    }

    function _hashMovement(ReportMovement calldata act) private pure returns (bytes32) {
        bytes memory head =
            abi.encode(REPORT_MOVEMENT, act.record, act.parent, act.organization, act.deadline, act.occurredAt);
        return keccak256(
            bytes.concat(head, abi.encode(act.movement, act.to, act.document, _hashCounts(act.counted)))
        );
    }

    function _hashDelivery(ReportDelivery calldata act) private pure returns (bytes32) {
        return keccak256(
            abi.encode(
                REPORT_DELIVERY,
                act.record,
                act.parent,
                act.organization,
                act.deadline,
                act.occurredAt,
                act.document,
                _hashCounts(act.counted)
            )
        );
    }

    function _hashConfirm(ConfirmDelivery calldata act) private pure returns (bytes32) {
        return keccak256(
            abi.encode(
                CONFIRM_DELIVERY,
                act.record,
                act.parent,
                act.organization,
                act.deadline,
                act.occurredAt,
                act.document,
                _hashCounts(act.counted)
            )
        );
    }
}
