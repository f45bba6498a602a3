// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Acts} from "./Acts.sol";
import {Custody} from "./Custody.sol";
import {Grade, LicenseStatus, MAX_HOLDS, Power, ShipmentStatus} from "./interfaces/Codes.sol";
import {Contracts} from "./interfaces/Deployment.sol";
import {
    AlreadyHeld,
    AlreadyHolder,
    AlreadyRecalled,
    FourEyes,
    NotAReceiver,
    NotHeld,
    OutOfRange,
    OutsideJurisdiction,
    SameSuspender,
    UnknownRecord
} from "./interfaces/Errors.sol";
import {Entered} from "./interfaces/IJournal.sol";
import {License} from "./interfaces/ILicenses.sol";
import {
    CONFIRM_SUSPENSION,
    ConfirmSuspension,
    HOLD_SHIPMENT,
    HoldShipment,
    IOrders,
    ORDER_HANDOFF,
    OrderHandoff,
    RECALL_SHIPMENT,
    REGULARIZE,
    REINSTATE_LICENSE,
    RELEASE_SEIZURE,
    RESUME_SHIPMENT,
    REVOKE_LICENSE,
    RecallShipment,
    Regularize,
    ReinstateLicense,
    ReleaseSeizure,
    ResumeShipment,
    RevokeLicense,
    SEIZE_SHIPMENT,
    SUSPEND_LICENSE,
    SeizeShipment,
    SuspendLicense
} from "./interfaces/IOrders.sol";
import {Flag, Held, IShipments, Shipment} from "./interfaces/IShipments.sol";
import {Seconded} from "./Seconded.sol";

/// Orders of authorities and inspectors on licenses and shipments: valid on any head, so nobody outruns them.
///
/// STORED      who holds which shipment; digests of orders; open proposals of two officers.
/// DERIVED     whether a suspension has lapsed.
/// TRUSTED     the license's authority; for shipments also customs in its jurisdiction.
/// INVARIANTS  I3: an order names one holder, grade O; I4: lost and seized are ended here; I10: a hold stops.
contract Orders is IOrders, Custody, Seconded {
    IShipments private immutable SHIPMENTS;

    mapping(bytes32 shipment => mapping(uint32 organization => bool)) private _holdOf;

    constructor(Contracts memory contracts) Acts(contracts) Custody(contracts) {
        SHIPMENTS = IShipments(contracts.shipments);
    }

    /// @inheritdoc IOrders
    function suspendLicense(SuspendLicense calldata act, bytes calldata signature) external {
        Entered memory entry =
            _read(62, SUSPEND_LICENSE, act.record, act.organization, act.deadline, abi.encode(act), signature);
        (License memory license, uint32 agent) = _enforced(entry);
        _inStatus(act.record, license.status, LicenseStatus.LIVE);
        if (agent == license.suspender) revert SameSuspender(agent, act.record);

        uint256 until = block.timestamp + uint256(POLICIES.termsOf(license.policy).suspensionHours) * 1 hours;
        if (until > license.stoppedUntil) license.stoppedUntil = uint40(until);
        license.status = LicenseStatus.SUSPENDED;
        license.suspender = agent;
        LICENSES.settle(entry, license);
    }

    /// @inheritdoc IOrders
    function confirmSuspension(ConfirmSuspension calldata act, bytes calldata signature) external {
        Entered memory entry =
            _read(63, CONFIRM_SUSPENSION, act.record, act.organization, act.deadline, abi.encode(act), signature);
        (License memory license, uint32 agent) = _enforced(entry);
        _inStatus(act.record, license.status, uint16(1) << LicenseStatus.SUSPENDED);
        if (agent == license.suspender) revert FourEyes(agent, act.record);

        license.stoppedUntil = type(uint40).max;
        LICENSES.settle(entry, license);
    }

    /// @inheritdoc IOrders
    function reinstateLicense(ReinstateLicense calldata act, bytes calldata signature) external {
        Entered memory entry =
            _read(64, REINSTATE_LICENSE, act.record, act.organization, act.deadline, abi.encode(act), signature);
        (License memory license, uint32 agent) = _enforced(entry);
        _inStatus(act.record, license.status, uint16(1) << LicenseStatus.SUSPENDED);
        if (agent == license.suspender) revert FourEyes(agent, act.record);

        license.stoppedUntil = uint40(block.timestamp);
        license.status = LicenseStatus.ISSUED;
        LICENSES.settle(entry, license);
    }

    /// @inheritdoc IOrders
    function revokeLicense(RevokeLicense calldata act, bytes calldata signature) external {
        Entered memory entry =
            _read(65, REVOKE_LICENSE, act.record, act.organization, act.deadline, abi.encode(act), signature);
        (License memory license, uint32 agent) = _enforced(entry);
        _inStatus(act.record, license.status, LicenseStatus.LIVE);
        _committed("document", act.document);

        if (_seconded(act.record, agent, keccak256(abi.encode(entry.kind, act.reason, act.document)))) {
            license.stoppedUntil = type(uint40).max;
            license.status = LicenseStatus.REVOKED;
        }
        LICENSES.settle(entry, license);
    }

    /// @inheritdoc IOrders
    function holdShipment(HoldShipment calldata act, bytes calldata signature) external {
        Entered memory entry =
            _read(91, HOLD_SHIPMENT, act.record, act.organization, act.deadline, abi.encode(act), signature);
        (Shipment memory shipment,) = SHIPMENTS.shipmentOf(act.record);
        _inspector(entry, shipment);
        _inStatus(act.record, shipment.status, ShipmentStatus.LIVE);
        if (_holdOf[act.record][act.organization]) revert AlreadyHeld(act.record, act.organization);
        _within("holds", uint256(shipment.holds) + 1, 1, MAX_HOLDS);

        _holdOf[act.record][act.organization] = true;
        shipment.holds += 1;
        shipment.stoppedUntil = type(uint40).max;
        _settle(entry, shipment, false);
    }

    /// @inheritdoc IOrders
    function resumeShipment(ResumeShipment calldata act, bytes calldata signature) external {
        Entered memory entry =
            _read(92, RESUME_SHIPMENT, act.record, act.organization, act.deadline, abi.encode(act), signature);
        (Shipment memory shipment,) = SHIPMENTS.shipmentOf(act.record);
        _ownOrSponsored(entry, act.holdOf);
        if (!_holdOf[act.record][act.holdOf]) revert NotHeld(act.record, act.holdOf);

        _holdOf[act.record][act.holdOf] = false;
        shipment.holds -= 1;
        if (shipment.holds == 0 && shipment.flags & Flag.RECALLED == 0) {
            shipment.stoppedUntil = uint40(block.timestamp);
        }
        _settle(entry, shipment, false);
    }

    /// @inheritdoc IOrders
    function seizeShipment(SeizeShipment calldata act, bytes calldata signature) external {
        Entered memory entry =
            _read(93, SEIZE_SHIPMENT, act.record, act.organization, act.deadline, abi.encode(act), signature);
        (Shipment memory shipment,) = SHIPMENTS.shipmentOf(act.record);
        _inspector(entry, shipment);
        _inStatus(act.record, shipment.status, ShipmentStatus.LIVE);
        _committed("document", act.document);

        shipment.status = ShipmentStatus.SEIZED;
        _give(shipment, act.organization, act.organization);
        _settle(entry, shipment, false);
    }

    /// @inheritdoc IOrders
    function releaseSeizure(ReleaseSeizure calldata act, bytes calldata signature) external {
        Entered memory entry =
            _read(94, RELEASE_SEIZURE, act.record, act.organization, act.deadline, abi.encode(act), signature);
        (Shipment memory shipment,) = SHIPMENTS.shipmentOf(act.record);
        _ownOrSponsored(entry, shipment.holder);
        _inStatus(act.record, shipment.status, uint16(1) << ShipmentStatus.SEIZED);
        _committed("document", act.document);
        _checkReceiver(act.record, shipment, act.to);

        _goOn(shipment);
        _give(shipment, act.to, act.organization);
        _settle(entry, shipment, act.to != act.organization);
    }

    /// @inheritdoc IOrders
    function recallShipment(RecallShipment calldata act, bytes calldata signature) external {
        Entered memory entry =
            _read(95, RECALL_SHIPMENT, act.record, act.organization, act.deadline, abi.encode(act), signature);
        (Shipment memory shipment,) = SHIPMENTS.shipmentOf(act.record);
        _authority(entry, shipment);
        _inStatus(act.record, shipment.status, ShipmentStatus.LIVE);
        if (shipment.flags & Flag.RECALLED != 0) revert AlreadyRecalled(act.record);

        shipment.flags |= Flag.RECALLED;
        shipment.stoppedUntil = type(uint40).max;
        _settle(entry, shipment, false);
    }

    /// @inheritdoc IOrders
    function orderHandoff(OrderHandoff calldata act, bytes calldata signature) external {
        Entered memory entry =
            _read(96, ORDER_HANDOFF, act.record, act.organization, act.deadline, abi.encode(act), signature);
        (Shipment memory shipment,) = SHIPMENTS.shipmentOf(act.record);
        _authority(entry, shipment);
        _inStatus(act.record, shipment.status, ShipmentStatus.LIVE | (uint16(1) << ShipmentStatus.LOST));
        _committed("document", act.document);
        _checkReceiver(act.record, shipment, act.to);

        if (shipment.status == ShipmentStatus.LOST) _goOn(shipment);
        _give(shipment, act.to, act.organization);
        _settle(entry, shipment, act.to != act.organization);
    }

    /// @inheritdoc IOrders
    function regularize(Regularize calldata act, bytes calldata signature) external {
        Entered memory entry =
            _read(115, REGULARIZE, act.record, act.organization, act.deadline, abi.encode(act), signature);
        (Shipment memory shipment,) = SHIPMENTS.shipmentOf(act.record);
        uint32 agent = _authority(entry, shipment);
        _committed("document", act.document);
        if (act.bits == 0 || act.bits & ~shipment.irregular != 0) {
            revert OutOfRange("bits", act.bits, 1, shipment.irregular);
        }

        if (_seconded(act.record, agent, keccak256(abi.encode(entry.kind, act.bits, act.document)))) {
            shipment.irregular &= ~act.bits;
        }
        _settle(entry, shipment, false);
    }

    /// No order counts anything: the lines stay as they are.
    function _settle(Entered memory entry, Shipment memory shipment, bool reported) private {
        SHIPMENTS.settle(entry, shipment, new Held[](0), reported);
    }

    /// Every order is a struct of single words.
    function _read(
        uint8 kind,
        bytes32 typeHash,
        bytes32 record,
        uint32 organization,
        uint64 deadline,
        bytes memory act,
        bytes calldata signature
    ) private view returns (Entered memory) {
        return _signed(kind, record, organization, deadline, _hash(typeHash, act), act, signature);
    }

    /// The license, and the officer of its authority who signed.
    function _enforced(Entered memory entry) private returns (License memory license, uint32 agent) {
        uint32 number = LICENSES.numberOf(entry.record);
        if (number == 0) revert UnknownRecord(entry.record);
        license = LICENSES.licenseOf(number);
        agent = _officer(entry, license.authority);
    }

    /// The officer of the license's authority who signed.
    function _authority(Entered memory entry, Shipment memory shipment) private returns (uint32 agent) {
        return _officer(entry, _standing(shipment).authority);
    }

    function _officer(Entered memory entry, uint32 authority) private returns (uint32 agent) {
        if (entry.organization != authority) revert OutsideJurisdiction(entry.organization, entry.record);
        (agent,) = _authorize(entry, Power.ENFORCE);
        _spend(entry);
    }

    function _inspector(Entered memory entry, Shipment memory shipment) private {
        if (!_inspects(entry.organization, shipment, _standing(shipment).authority)) {
            revert OutsideJurisdiction(entry.organization, entry.record);
        }
        _authorize(entry, Power.INSPECT);
        _spend(entry);
    }

    /// The organization itself, or its sponsor.
    function _ownOrSponsored(Entered memory entry, uint32 organization) private {
        if (entry.organization != organization && entry.organization != _organization(organization).sponsor) {
            revert OutsideJurisdiction(entry.organization, entry.record);
        }
        _authorize(entry, Power.INSPECT);
        _spend(entry);
    }

    function _checkReceiver(bytes32 record, Shipment memory shipment, uint32 to) private view {
        if (to == shipment.holder) revert AlreadyHolder(to);
        if (!_isReceiver(to, DIRECTORY.activeRolesOf(to), shipment)) revert NotAReceiver(to, record);
    }

    /// Under way again: departed, or registered with its clearance void where it had not departed.
    function _goOn(Shipment memory shipment) private pure {
        bool departed = shipment.flags & (Flag.DEPARTURE * Grade.FULL) != 0;
        shipment.status = departed ? ShipmentStatus.DEPARTED : ShipmentStatus.REGISTERED;
        if (!departed) shipment.clearedAt = 0;
    }

    /// Into other hands by order; whom it names may confirm it, unless the order is its own.
    function _give(Shipment memory shipment, uint32 to, uint32 by) private pure {
        shipment.holder = to;
        shipment.responsible = by;
        shipment.offeredTo = 0;
        shipment.grade = Grade.ORDERED;
        shipment.flags &= ~Flag.REPORTED;
        if (to != by) shipment.flags |= Flag.REPORTED;
    }
}
