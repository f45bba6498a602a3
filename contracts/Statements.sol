// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Acts} from "./Acts.sol";
import {Custody} from "./Custody.sol";
import {MAX_SERIALS, Power, ShipmentStatus} from "./interfaces/Codes.sol";
import {Contracts} from "./interfaces/Deployment.sol";
import {CountExceedsHeld, CountsMismatch, NotAParty, NotTheHolder} from "./interfaces/Errors.sol";
import {Entered} from "./interfaces/IJournal.sol";
import {Flag, Held, IShipments, Shipment} from "./interfaces/IShipments.sol";
import {
    ADD_STATEMENT,
    ATTACH_SERIALS,
    AddStatement,
    AttachSerials,
    IStatements,
    REPORT_DISCREPANCY,
    REPORT_LOSS,
    ReportDiscrepancy,
    ReportLoss
} from "./interfaces/IStatements.sol";

/// Notes on a shipment: what someone has to say about it without moving it. They never move its head, so they block nobody.
///
/// STORED      digests of notes; the shipment is written through Shipments.annotate.
/// TRUSTED     nobody: a statement stands with the name of who made it.
/// INVARIANTS  I9: a loss moves goods, never makes any.
contract Statements is IStatements, Custody {
    IShipments private immutable SHIPMENTS;

    constructor(Contracts memory contracts) Acts(contracts) Custody(contracts) {
        SHIPMENTS = IShipments(contracts.shipments);
    }

    /// @inheritdoc IStatements
    function reportDiscrepancy(ReportDiscrepancy calldata act, bytes calldata signature) external {
        bytes memory encoded = abi.encode(act);
        Entered memory entry = _signed(
            116, act.record, act.organization, act.deadline, _hash(REPORT_DISCREPANCY, encoded), encoded, signature
        );
        (Shipment memory shipment,) = SHIPMENTS.shipmentOf(act.record);
        _reporter(entry, shipment, _standing(shipment).authority);
        _spend(entry);
        _committed("document", act.document);

        SHIPMENTS.annotate(entry, Flag.DISCREPANCY, new uint96[](0));
    }

    /// @inheritdoc IStatements
    function reportLoss(ReportLoss calldata act, bytes calldata signature) external {
        Entered memory entry =
            _signed(117, act.record, act.organization, act.deadline, _hashLoss(act), abi.encode(act), signature);
        (Shipment memory shipment, Held[] memory held) = SHIPMENTS.shipmentOf(act.record);
        _loser(entry, shipment);
        _spend(entry);
        _inStatus(act.record, shipment.status, ShipmentStatus.LIVE);
        _committed("document", act.document);
        if (act.lost.length != held.length) revert CountsMismatch(act.lost.length, held.length);
        uint256 sum = 0;
        for (uint256 i = 0; i < held.length; i++) {
            uint256 maximum = uint256(held[i].held) + held[i].unaccounted;
            if (act.lost[i] > maximum) revert CountExceedsHeld(uint8(i), act.lost[i], maximum);
            sum += act.lost[i];
        }
        _within("lost", sum, 1, type(uint256).max);

        SHIPMENTS.annotate(entry, 0, act.lost);
    }

    /// @inheritdoc IStatements
    function attachSerials(AttachSerials calldata act, bytes calldata signature) external {
        Entered memory entry =
            _signed(118, act.record, act.organization, act.deadline, _hashSerials(act), abi.encode(act), signature);
        (Shipment memory shipment,) = SHIPMENTS.shipmentOf(act.record);
        bool near = act.organization == shipment.exporter || act.organization == shipment.holder;
        if (!near && act.organization != shipment.responsible) revert NotAParty(act.organization, act.record);
        _authorize(entry, Power.CUSTODY);
        _spend(entry);
        _within("line", act.line, 0, shipment.lines - 1);
        _within("serials", act.serials.length, 1, MAX_SERIALS);

        SHIPMENTS.annotate(entry, 0, new uint96[](0));
    }

    /// @inheritdoc IStatements
    function addStatement(AddStatement calldata act, bytes calldata signature) external {
        bytes memory encoded = abi.encode(act);
        Entered memory entry = _signed(
            119, act.record, act.organization, act.deadline, _hash(ADD_STATEMENT, encoded), encoded, signature
        );
        (Shipment memory shipment,) = SHIPMENTS.shipmentOf(act.record);
        _party(act.organization, shipment, act.record);
        _authorize(entry, Power.STATE);
        _spend(entry);
        _committed("document", act.document);
        _within("kind", act.kind, 1, 8);

        SHIPMENTS.annotate(entry, 0, new uint96[](0));
    }

    /// Who may say that goods are lost: who answers for them, or the authority.
    function _loser(Entered memory entry, Shipment memory shipment) private view {
        bool near = entry.organization == shipment.holder || entry.organization == shipment.responsible;
        if (!near && entry.organization != _standing(shipment).authority) {
            revert NotTheHolder(entry.organization, shipment.holder);
        }
        _authorize(entry, near ? Power.CUSTODY : Power.RECORD);
    }

    function _party(uint32 organization, Shipment memory shipment, bytes32 record) private view {
        if (_isInvolved(organization, shipment)) return;
        if (LICENSES.partyRoles(shipment.license, organization) != 0) return;
        uint32 authority = _standing(shipment).authority;
        if (!_inspects(organization, shipment, authority)) revert NotAParty(organization, record);
    }

    function _hashLoss(ReportLoss calldata act) private pure returns (bytes32) {
        return keccak256(
            abi.encode(
                REPORT_LOSS,
                act.record,
                act.parent,
                act.organization,
                act.deadline,
                act.document,
                _hashCounts(act.lost)
            )
        );
    }

    function _hashSerials(AttachSerials calldata act) private pure returns (bytes32) {
        bytes32 serials = keccak256(abi.encodePacked(act.serials));
        return keccak256(
            abi.encode(
                ATTACH_SERIALS, act.record, act.parent, act.organization, act.deadline, act.line, serials
            )
        );
    }
}
