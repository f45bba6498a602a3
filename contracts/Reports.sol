// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Acts} from "./Acts.sol";
import {Custody} from "./Custody.sol";
import {Broken, Grade, Power, ShipmentStatus} from "./interfaces/Codes.sol";
import {Contracts} from "./interfaces/Deployment.sol";
import {
    AlreadyHolder,
    CommitmentMissing,
    NotAParty,
    NotTheHolder,
    NotTheReport,
    StaleParent,
    WrongOrganization
} from "./interfaces/Errors.sol";
import {Entered} from "./interfaces/IJournal.sol";
import {Standing} from "./interfaces/ILicenses.sol";
import {Terms} from "./interfaces/IPolicies.sol";
import {
    ADD_STATEMENT,
    AddStatement,
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

/// What happened anyway: one-sided facts, their other side, and statements. A report is never refused because a
/// rule is broken; the broken rule becomes a bit and the shipment gets no new permission.
///
/// STORED      nothing but the digests of entered notes; the shipment is written through Shipments.settle.
/// TRUSTED     nobody: a one-sided fact stands with grade B and the name of who said it.
/// INVARIANTS  I3: one report names one holder; I9: a count makes no goods.
contract Reports is IReports, Custody {
    uint8 private constant HANDOFF = 1;
    uint8 private constant DEPARTURE = 2;

    IShipments private immutable SHIPMENTS;

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
        _atHead(act.record, act.parent);
        _possible(shipment, act.occurredAt);

        if (_isTerminal(shipment)) {
            shipment.irregular |= Broken.TERMINAL;
        } else {
            _receive(entry.record, shipment, held, act.counted, act.occurredAt, Grade.FULL);
            _answer(shipment, act.organization, act.occurredAt, false);
        }
        SHIPMENTS.settle(entry, shipment, held);
    }

    /// @inheritdoc IReports
    function reportMovement(ReportMovement calldata act, bytes calldata signature) external {
        Entered memory entry = _signed(
            110, act.record, act.organization, act.deadline, _hashMovement(act), abi.encode(act), signature
        );
        (Shipment memory shipment, Held[] memory held) = SHIPMENTS.shipmentOf(act.record);
        Standing memory standing = _standing(shipment);
        (uint32 behind, uint16 bits) = _reporter(entry, shipment, standing.authority);
        _atHead(act.record, act.parent);
        if (act.document == 0) revert CommitmentMissing("document");
        _within("movement", act.movement, HANDOFF, DEPARTURE);
        _possible(shipment, act.occurredAt);
        Terms memory terms = _terms(standing);

        if (_isTerminal(shipment)) {
            shipment.irregular |= Broken.TERMINAL;
        } else {
            bits |= _factBits(shipment, standing, terms, act.occurredAt);
            _count(shipment, held, act.counted, terms.countTolerance);
            if (act.movement == HANDOFF) {
                _handOff(act, shipment, terms, bits);
            } else {
                _depart(act, shipment, terms, bits);
            }
            _answer(shipment, behind, act.occurredAt, act.movement == HANDOFF);
        }
        SHIPMENTS.settle(entry, shipment, held);
    }

    /// @inheritdoc IReports
    function reportDelivery(ReportDelivery calldata act, bytes calldata signature) external {
        Entered memory entry = _signed(
            111, act.record, act.organization, act.deadline, _hashDelivery(act), abi.encode(act), signature
        );
        (Shipment memory shipment, Held[] memory held) = SHIPMENTS.shipmentOf(act.record);
        Standing memory standing = _standing(shipment);
        (uint32 behind, uint16 bits) = _reporter(entry, shipment, standing.authority);
        _atHead(act.record, act.parent);
        if (act.document == 0) revert CommitmentMissing("document");
        _possible(shipment, act.occurredAt);

        if (_isTerminal(shipment)) {
            shipment.irregular |= Broken.TERMINAL;
        } else {
            shipment.irregular |= bits | _gradeBit(_terms(standing));
            _receive(entry.record, shipment, held, act.counted, act.occurredAt, Grade.ONE_SIDED);
            _answer(shipment, behind, act.occurredAt, true);
        }
        SHIPMENTS.settle(entry, shipment, held);
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
        _atHead(act.record, act.parent);
        bytes32 expected = shipment.flags & Flag.REPORTED == 0 ? bytes32(0) : SHIPMENTS.reportHeadOf(act.record);
        if (expected == 0 || act.reportHead != expected) revert NotTheReport(act.reportHead, expected);

        shipment.responsible = act.organization;
        shipment.grade = Grade.FULL;
        shipment.flags &= ~Flag.REPORTED;
        if (shipment.status == ShipmentStatus.DELIVERED) shipment.flags |= Flag.DELIVERY * Grade.FULL;
        SHIPMENTS.settle(entry, shipment, held);
    }

    /// @inheritdoc IReports
    function addStatement(AddStatement calldata act, bytes calldata signature) external {
        bytes memory encoded = abi.encode(act);
        Entered memory entry = _signed(
            119, act.record, act.organization, act.deadline, _hash(ADD_STATEMENT, encoded), encoded, signature
        );
        (Shipment memory shipment,) = SHIPMENTS.shipmentOf(act.record);
        _party(act.organization, shipment, act.record);
        _authorize(entry, Power.STATE);
        _spend(entry);
        if (act.document == 0) revert CommitmentMissing("document");
        _within("kind", act.kind, 1, 8);

        SHIPMENTS.annotate(entry);
    }

    /// The end-user has the goods: bits, counts, and held becomes delivered.
    function _receive(
        bytes32 record,
        Shipment memory shipment,
        Held[] memory held,
        uint96[] calldata counted,
        uint64 occurredAt,
        uint8 grade
    ) private view {
        Standing memory standing = _standing(shipment);
        Terms memory terms = _terms(standing);
        (, uint32 failing) = _certificates(shipment, SHIPMENTS.licenseLines(record), occurredAt);
        shipment.irregular |= _factBits(shipment, standing, terms, occurredAt)
            & ~_spared(shipment.endUser, _roles(shipment.endUser), shipment);
        if (failing != 0) shipment.irregular |= Broken.CERTIFICATE;
        if (shipment.status != ShipmentStatus.DEPARTED) shipment.irregular |= Broken.NOT_DEPARTED;

        _count(shipment, held, counted, terms.countTolerance);
        for (uint256 i = 0; i < held.length; i++) {
            held[i].delivered += held[i].held;
            held[i].held = 0;
        }
        shipment.status = ShipmentStatus.DELIVERED;
        shipment.holder = shipment.endUser;
        shipment.grade = grade;
        shipment.flags |= Flag.DELIVERY * grade;
    }

    function _handOff(ReportMovement calldata act, Shipment memory shipment, Terms memory terms, uint16 bits)
        private
        view
    {
        uint16 roles = _organization(act.to).roles;
        if (act.to == shipment.holder) revert AlreadyHolder(act.to);
        bits &= ~_spared(act.to, roles, shipment);
        if (!_isReceiver(act.to, roles, shipment)) bits |= Broken.RECEIVER;

        shipment.irregular |= bits | _gradeBit(terms);
        shipment.holder = act.to;
        shipment.grade = Grade.ONE_SIDED;
    }

    function _depart(ReportMovement calldata act, Shipment memory shipment, Terms memory terms, uint16 bits)
        private
        view
    {
        _within("to", act.to, 0, 0);
        if (!LICENSES.isValid(shipment.license, act.occurredAt)) bits |= Broken.NOT_IN_FORCE;
        bool cleared = shipment.clearedAt != 0 && act.occurredAt >= shipment.clearedAt;
        if (terms.clearanceRequired && !cleared) bits |= Broken.CLEARANCE;
        if (_roles(shipment.endUser) & terms.exemptRoles == 0) {
            (uint8 grade,) = _certificates(
                shipment, SHIPMENTS.licenseLines(act.record), act.occurredAt
            );
            if (grade < terms.certificateGrade) bits |= Broken.CERTIFICATE;
        }

        shipment.irregular |= bits;
        if (shipment.status != ShipmentStatus.DEPARTED) {
            shipment.status = ShipmentStatus.DEPARTED;
            shipment.flags |= Flag.DEPARTURE * Grade.ONE_SIDED;
        }
    }

    /// Bits of a custody fact that any report may carry.
    function _factBits(Shipment memory shipment, Standing memory standing, Terms memory terms, uint64 occurredAt)
        private
        view
        returns (uint16 bits)
    {
        if (occurredAt < shipment.stoppedUntil || occurredAt < standing.stoppedUntil) bits |= Broken.STOPPED;
        if (occurredAt < _earliest(terms)) bits |= Broken.LATE;
    }

    /// The bit that goods on their way to a refuge do not get.
    function _spared(uint32 to, uint16 roles, Shipment memory shipment) private pure returns (uint16) {
        return _isRefuge(to, roles, shipment) ? Broken.STOPPED : 0;
    }

    /// Who signed answers for the goods until the other side or a later holder signs.
    /// @param hop whether the report names a holder, who may confirm it unless its own agent made it
    function _answer(Shipment memory shipment, uint32 behind, uint64 occurredAt, bool hop) private pure {
        shipment.responsible = behind;
        shipment.offeredTo = 0;
        shipment.lastFact = uint40(occurredAt);
        shipment.flags &= ~Flag.REPORTED;
        if (hop && behind != shipment.holder) shipment.flags |= Flag.REPORTED;
    }

    function _atHead(bytes32 record, bytes32 parent) private view {
        (bytes32 head,) = SHIPMENTS.heads(record);
        if (parent != head) revert StaleParent(record, head, parent);
    }

    function _gradeBit(Terms memory terms) private pure returns (uint16) {
        return Grade.ONE_SIDED < terms.lowestCustodyGrade ? Broken.GRADE : 0;
    }

    /// The organization whose agent reports, and whether it speaks for neither holder nor responsible.
    function _reporter(Entered memory entry, Shipment memory shipment, uint32 authority)
        private
        view
        returns (uint32 behind, uint16 bits)
    {
        uint32 organization = entry.organization;
        if (organization != shipment.holder && organization != shipment.responsible) bits = Broken.UNILATERAL;
        if (_isInvolved(organization, shipment)) {
            behind = _authorizeOrSponsor(entry, Power.CUSTODY);
        } else {
            if (organization != authority && !_sponsorsInvolved(organization, shipment)) {
                revert NotAParty(organization, entry.record);
            }
            DIRECTORY.authorize(entry.signer, organization, Power.RECORD);
            behind = organization;
        }
    }

    function _isInvolved(uint32 organization, Shipment memory shipment) private pure returns (bool) {
        return organization != 0
            && (
                organization == shipment.holder || organization == shipment.responsible
                    || organization == shipment.offeredTo || organization == shipment.exporter
                    || organization == shipment.endUser
            );
    }

    function _sponsorsInvolved(uint32 organization, Shipment memory shipment) private view returns (bool) {
        return _sponsors(organization, shipment.holder) || _sponsors(organization, shipment.responsible)
            || _sponsors(organization, shipment.exporter) || _sponsors(organization, shipment.endUser)
            || (shipment.offeredTo != 0 && _sponsors(organization, shipment.offeredTo));
    }

    function _sponsors(uint32 organization, uint32 other) private view returns (bool) {
        return _organization(other).sponsor == organization;
    }

    function _party(uint32 organization, Shipment memory shipment, bytes32 record) private view {
        if (_isInvolved(organization, shipment)) return;
        if (LICENSES.partyRoles(shipment.license, organization) != 0) return;
        uint32 authority = _standing(shipment).authority;
        if (!_inspects(organization, shipment, authority)) revert NotAParty(organization, record);
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
