// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Acts} from "./Acts.sol";
import {Custody} from "./Custody.sol";
import {Grade, Power, ShipmentStatus} from "./interfaces/Codes.sol";
import {Contracts} from "./interfaces/Deployment.sol";
import {
    CertificateGradeTooLow,
    CertificateNotInForce,
    CertificateUnsigned,
    ClearanceMissing,
    Irregular,
    OutsideJurisdiction,
    ShipmentStopped,
    TooLate
} from "./interfaces/Errors.sol";
import {
    CLEAR_SHIPMENT,
    ClearShipment,
    DEPART_SHIPMENT,
    DepartShipment,
    IDepartures,
    INVALIDATE_CLEARANCE,
    InvalidateClearance
} from "./interfaces/IDepartures.sol";
import {Entered} from "./interfaces/IJournal.sol";
import {Backing, Standing} from "./interfaces/ILicenses.sol";
import {Terms} from "./interfaces/IPolicies.sol";
import {Flag, Held, IShipments, Shipment} from "./interfaces/IShipments.sol";

/// The export moment: clearance by customs, and departure.
///
/// STORED      nothing: the shipment is written through Shipments.settle.
/// TRUSTED     customs for its clearance; who departs, for when.
/// INVARIANTS  I10: nothing departs without the certificate grade its policy asks, a license in force, and no hold.
contract Departures is IDepartures, Custody {
    IShipments private immutable SHIPMENTS;

    constructor(Contracts memory contracts) Acts(contracts) Custody(contracts) {
        SHIPMENTS = IShipments(contracts.shipments);
    }

    /// @inheritdoc IDepartures
    function clearShipment(ClearShipment calldata act, bytes calldata signature) external {
        bytes memory encoded = abi.encode(act);
        Entered memory entry = _signed(
            83, act.record, act.organization, act.deadline, _hash(CLEAR_SHIPMENT, encoded), encoded, signature
        );
        (Shipment memory shipment, Held[] memory held) = SHIPMENTS.shipmentOf(act.record);
        Standing memory standing = _standing(shipment);
        _inspector(entry, shipment, standing);
        _ready(entry, act.parent, shipment, uint16(1) << ShipmentStatus.REGISTERED);
        _committed("document", act.document);
        _allowed(act.record, shipment, standing, act.occurredAt);
        uint32 failing = _backing(shipment, held, act.occurredAt).failing;
        if (failing != 0) revert CertificateNotInForce(failing, act.occurredAt);

        shipment.status = ShipmentStatus.CLEARED;
        shipment.clearedAt = uint40(act.occurredAt);
        _settle(entry, shipment);
    }

    /// @inheritdoc IDepartures
    function invalidateClearance(InvalidateClearance calldata act, bytes calldata signature) external {
        bytes memory encoded = abi.encode(act);
        Entered memory entry = _signed(
            84, act.record, act.organization, act.deadline, _hash(INVALIDATE_CLEARANCE, encoded), encoded, signature
        );
        (Shipment memory shipment,) = SHIPMENTS.shipmentOf(act.record);
        _inspector(entry, shipment, _standing(shipment));
        _ready(entry, act.parent, shipment, uint16(1) << ShipmentStatus.CLEARED);

        shipment.status = ShipmentStatus.REGISTERED;
        shipment.clearedAt = 0;
        _settle(entry, shipment);
    }

    /// @inheritdoc IDepartures
    function departShipment(DepartShipment calldata act, bytes calldata signature) external {
        bytes memory encoded = abi.encode(act);
        Entered memory entry = _signed(
            85, act.record, act.organization, act.deadline, _hash(DEPART_SHIPMENT, encoded), encoded, signature
        );
        (Shipment memory shipment, Held[] memory held) = SHIPMENTS.shipmentOf(act.record);
        Standing memory standing = _standing(shipment);
        (uint8 grade, uint32 behind) = _departing(entry, shipment, standing);
        _ready(entry, act.parent, shipment, ShipmentStatus.UNSHIPPED);
        _allowed(act.record, shipment, standing, act.occurredAt);
        Terms memory terms = _terms(standing);
        if (terms.clearanceRequired && (shipment.clearedAt == 0 || act.occurredAt < shipment.clearedAt)) {
            revert ClearanceMissing(act.record, shipment.clearedAt, act.occurredAt);
        }
        _certified(act.record, shipment, held, terms, act.occurredAt);

        shipment.status = ShipmentStatus.DEPARTED;
        shipment.responsible = behind;
        shipment.lastFact = uint40(act.occurredAt);
        shipment.flags |= Flag.DEPARTURE * grade;
        _settle(entry, shipment);
    }

    /// Who may sign the departure, and the grade it gets. An inspector attests it; whoever answered for the goods still does.
    function _departing(Entered memory entry, Shipment memory shipment, Standing memory standing)
        private
        view
        returns (uint8 grade, uint32 behind)
    {
        grade = Grade.FULL;
        if (entry.organization == shipment.exporter) {
            grade = Grade.ONE_SIDED;
            (, behind) = _authorize(entry, Power.SHIP);
        } else if (entry.organization == shipment.holder) {
            (, behind) = _authorize(entry, Power.CUSTODY);
        } else {
            behind = shipment.responsible;
            _inspector(entry, shipment, standing);
        }
    }

    function _inspector(Entered memory entry, Shipment memory shipment, Standing memory standing) private view {
        if (!_inspects(entry.organization, shipment, standing.authority)) {
            revert OutsideJurisdiction(entry.organization, entry.record);
        }
        _authorize(entry, Power.INSPECT);
    }

    /// A step on the head, in one of the allowed statuses.
    function _ready(Entered memory entry, bytes32 parent, Shipment memory shipment, uint16 allowed) private view {
        _atHeadIn(SHIPMENTS, entry.record, parent);
        _inStatus(entry.record, shipment.status, allowed);
    }

    /// A possible fact in time, on a regular shipment, neither it nor its license stopped, the license in force.
    function _allowed(bytes32 record, Shipment memory shipment, Standing memory standing, uint64 occurredAt)
        private
        view
    {
        _possible(shipment, occurredAt);
        uint64 earliest = _earliest(standing.latenessHours);
        if (occurredAt < earliest) revert TooLate(occurredAt, earliest);
        if (shipment.irregular != 0) revert Irregular(record, shipment.irregular);
        if (occurredAt < shipment.stoppedUntil) revert ShipmentStopped(record, shipment.stoppedUntil, occurredAt);
        LICENSES.requireInForce(shipment.license, occurredAt);
    }

    /// Neither clearance nor departure counts anything: the lines stay as they are.
    function _settle(Entered memory entry, Shipment memory shipment) private {
        SHIPMENTS.settle(entry, shipment, new Held[](0), false);
    }

    function _backing(Shipment memory shipment, Held[] memory held, uint64 moment)
        private
        view
        returns (Backing memory)
    {
        return LICENSES.backing(shipment.license, _lines(held), shipment.endUser, moment);
    }

    function _certified(
        bytes32 record,
        Shipment memory shipment,
        Held[] memory held,
        Terms memory terms,
        uint64 moment
    ) private view {
        if (_roles(shipment.endUser) & terms.exemptRoles != 0) return;
        Backing memory backing = _backing(shipment, held, moment);
        if (backing.grade < terms.certificateGrade) {
            revert CertificateGradeTooLow(record, backing.grade, terms.certificateGrade);
        }
        if (!_isCertified(backing, terms)) {
            revert CertificateUnsigned(record, backing.signers, terms.certificateSigners);
        }
    }
}
