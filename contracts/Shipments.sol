// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Acts} from "./Acts.sol";
import {Custody} from "./Custody.sol";
import {Grade, Kind, MAX_HOLDS, MAX_LINES, MAX_QUANTITY, Power, ShipmentStatus} from "./interfaces/Codes.sol";
import {Contracts} from "./interfaces/Deployment.sol";
import {
    AlreadyHeld,
    AlreadyHolder,
    CertificateGradeTooLow,
    CertificateNotInForce,
    ClearanceMissing,
    CommitmentMissing,
    Irregular,
    NoOffer,
    NotAReceiver,
    NotHeld,
    NotOfferedTo,
    NotTheHolder,
    OfferLapsed,
    OfferOpen,
    OutsideJurisdiction,
    QuantityTooLarge,
    ShipmentStopped,
    TooLate,
    UnknownRecord,
    WrongOrganization
} from "./interfaces/Errors.sol";
import {Entered, Note} from "./interfaces/IJournal.sol";
import {Standing, Taking} from "./interfaces/ILicenses.sol";
import {Terms} from "./interfaces/IPolicies.sol";
import {LineDelta} from "./interfaces/IRecords.sol";
import {
    ACCEPT_HANDOFF,
    AcceptHandoff,
    CANCEL_SHIPMENT,
    CLEAR_SHIPMENT,
    CancelShipment,
    ClearShipment,
    DEPART_SHIPMENT,
    DRAW,
    DepartShipment,
    Flag,
    HOLD_SHIPMENT,
    Held,
    HoldShipment,
    IShipments,
    OFFER_HANDOFF,
    OfferHandoff,
    REFUSE_HANDOFF,
    REGISTER_SHIPMENT,
    RESUME_SHIPMENT,
    RefuseHandoff,
    RegisterShipment,
    Registered,
    ResumeShipment,
    Shipment,
    WITHDRAW_OFFER,
    WithdrawOffer
} from "./interfaces/IShipments.sol";
import {Records} from "./Records.sol";

/// Shipments on their way from exporter to end-user.
///
/// STORED      holder, responsible, open offer, last custody fact, stops, irregular bits; per line where the goods are.
/// DERIVED     lapsed offers, overdue, whether a stop still holds; seals and papers stand in the acts.
/// TRUSTED     each holder for its own hand; Reports, which writes one-sided facts through settle and annotate.
/// INVARIANTS  I3: one holder; I4: an ended shipment takes no permission; I9: goods are conserved; I10: departure.
contract Shipments is IShipments, Records, Custody {
    uint16 private constant UNSHIPPED = (1 << 1) | (1 << 2); // registered, cleared

    address private immutable REPORTS;

    mapping(bytes32 record => Shipment) private _shipments;
    mapping(bytes32 record => mapping(uint256 line => Held)) private _held;
    mapping(bytes32 record => mapping(uint256 line => Registered)) private _registered;
    mapping(bytes32 record => mapping(uint32 organization => bool)) private _holdOf;
    mapping(bytes32 record => bytes32 head) private _reportHeads;

    constructor(Contracts memory contracts) Acts(contracts) Custody(contracts) {
        REPORTS = contracts.reports;
    }

    /// @inheritdoc IShipments
    function registerShipment(RegisterShipment calldata act, bytes calldata signature) external {
        Entered memory entry = _signed(
            80, act.record, act.organization, act.deadline, _hashRegister(act), abi.encode(act), signature
        );
        _create(entry, act.parent, Kind.SHIPMENT, act.salt);
        uint32 license = LICENSES.numberOf(act.license);
        if (license == 0) revert UnknownRecord(act.license);
        uint32 exporter = LICENSES.standingOf(license).exporter;
        if (act.organization != exporter) revert WrongOrganization(act.organization, exporter);
        uint32 behind = _authorizeOrSponsor(entry, Power.SHIP);
        if (act.document == 0) revert CommitmentMissing("document");

        Shipment memory shipment;
        shipment.license = license;
        shipment.holder = exporter;
        shipment.responsible = behind;
        shipment.status = ShipmentStatus.REGISTERED;
        shipment.endUser = act.endUser;
        shipment.exporter = exporter;
        shipment.lines = uint8(act.draws.length);
        shipment.share = act.share;
        Note memory note = LICENSES.draw(license, _drawing(act, shipment), _source(entry));

        _close(entry, shipment, _oneNote(note));
    }

    /// @inheritdoc IShipments
    function cancelShipment(CancelShipment calldata act, bytes calldata signature) external {
        (Entered memory entry, Shipment memory shipment) =
            _open(82, CANCEL_SHIPMENT, act.record, act.organization, act.deadline, abi.encode(act), signature);
        if (act.organization != shipment.exporter) revert WrongOrganization(act.organization, shipment.exporter);
        _authorizeOrSponsor(entry, Power.SHIP);
        _ready(entry, act.parent, shipment, UNSHIPPED);
        if (shipment.holder != shipment.exporter) revert NotTheHolder(act.organization, shipment.holder);

        shipment.status = ShipmentStatus.CANCELLED;
        shipment.offeredTo = 0;
        Note memory note = LICENSES.giveBack(shipment.license, _drawn(act.record, shipment), _source(entry));
        _close(entry, shipment, _oneNote(note));
    }

    /// @inheritdoc IShipments
    function clearShipment(ClearShipment calldata act, bytes calldata signature) external {
        (Entered memory entry, Shipment memory shipment) =
            _open(83, CLEAR_SHIPMENT, act.record, act.organization, act.deadline, abi.encode(act), signature);
        Standing memory standing = _inspector(entry, shipment);
        _ready(entry, act.parent, shipment, uint16(1) << ShipmentStatus.REGISTERED);
        if (act.document == 0) revert CommitmentMissing("document");
        _fact(shipment, _terms(standing), act.occurredAt);
        _regular(act.record, shipment);
        _inForce(act.record, shipment, act.occurredAt);
        (, uint32 failing) =
            _certificates(shipment, licenseLines(act.record), act.occurredAt);
        if (failing != 0) revert CertificateNotInForce(failing, act.occurredAt);

        shipment.status = ShipmentStatus.CLEARED;
        shipment.clearedAt = uint40(act.occurredAt);
        _close(entry, shipment, _noNotes());
    }

    /// @inheritdoc IShipments
    function departShipment(DepartShipment calldata act, bytes calldata signature) external {
        (Entered memory entry, Shipment memory shipment) =
            _open(85, DEPART_SHIPMENT, act.record, act.organization, act.deadline, abi.encode(act), signature);
        (uint8 grade, uint32 behind) = _departing(entry, shipment);
        _ready(entry, act.parent, shipment, UNSHIPPED);
        Terms memory terms = _terms(_standing(shipment));
        _fact(shipment, terms, act.occurredAt);
        _regular(act.record, shipment);
        _inForce(act.record, shipment, act.occurredAt);
        if (terms.clearanceRequired && (shipment.clearedAt == 0 || act.occurredAt < shipment.clearedAt)) {
            revert ClearanceMissing(act.record, shipment.clearedAt, act.occurredAt);
        }
        _certified(act.record, shipment, terms, act.occurredAt);

        shipment.status = ShipmentStatus.DEPARTED;
        shipment.responsible = behind;
        shipment.lastFact = uint40(act.occurredAt);
        shipment.flags |= Flag.DEPARTURE * grade;
        _close(entry, shipment, _noNotes());
    }

    /// @inheritdoc IShipments
    function offerHandoff(OfferHandoff calldata act, bytes calldata signature) external {
        (Entered memory entry, Shipment memory shipment) =
            _open(86, OFFER_HANDOFF, act.record, act.organization, act.deadline, abi.encode(act), signature);
        _custodian(entry, shipment);
        _ready(entry, act.parent, shipment, ShipmentStatus.LIVE);
        Terms memory terms = _terms(_standing(shipment));
        _fact(shipment, terms, act.occurredAt);
        _regular(act.record, shipment);
        if (shipment.offeredTo != 0 && act.occurredAt <= _lapse(shipment, terms)) {
            revert OfferOpen(act.record, shipment.offeredTo);
        }
        if (act.to == shipment.holder) revert AlreadyHolder(act.to);
        uint16 roles = _roles(act.to);
        if (!_isReceiver(act.to, roles, shipment)) revert NotAReceiver(act.to, act.record);
        if (!_isRefuge(act.to, roles, shipment)) {
            _running(act.record, shipment, act.occurredAt);
            LICENSES.requireRunning(shipment.license, act.occurredAt);
        }

        shipment.offeredTo = act.to;
        shipment.offeredAt = uint40(act.occurredAt);
        shipment.flags = act.organization == shipment.holder
            ? shipment.flags | Flag.OFFERED_BY_HOLDER
            : shipment.flags & ~Flag.OFFERED_BY_HOLDER;
        _close(entry, shipment, _noNotes());
    }

    /// @inheritdoc IShipments
    function withdrawOffer(WithdrawOffer calldata act, bytes calldata signature) external {
        (Entered memory entry, Shipment memory shipment) =
            _open(87, WITHDRAW_OFFER, act.record, act.organization, act.deadline, abi.encode(act), signature);
        _custodian(entry, shipment);
        _endOffer(entry, act.parent, shipment);
    }

    /// @inheritdoc IShipments
    function acceptHandoff(AcceptHandoff calldata act, bytes calldata signature) external {
        Entered memory entry = _signed(
            88, act.record, act.organization, act.deadline, _hashAccept(act), abi.encode(act), signature
        );
        Shipment memory shipment = _known(act.record);
        _receiver(entry, shipment);
        _ready(entry, act.parent, shipment, ShipmentStatus.LIVE);
        Terms memory terms = _terms(_standing(shipment));
        _fact(shipment, terms, act.occurredAt);
        _regular(act.record, shipment);
        if (act.occurredAt > _lapse(shipment, terms)) {
            revert OfferLapsed(act.record, _lapse(shipment, terms), act.occurredAt);
        }
        if (!_isRefuge(act.organization, _roles(act.organization), shipment)) {
            _running(act.record, shipment, act.occurredAt);
        }
        _within("sealState", act.sealState, 0, 3);

        Held[] memory held = _heldLines(act.record, shipment);
        _count(shipment, held, act.counted, terms.countTolerance);
        _storeHeld(act.record, held);
        bool both = shipment.flags & Flag.OFFERED_BY_HOLDER != 0;
        shipment.holder = act.organization;
        shipment.responsible = act.organization;
        shipment.offeredTo = 0;
        shipment.lastFact = uint40(act.occurredAt);
        shipment.grade = both ? Grade.FULL : Grade.ONE_SIDED;
        shipment.flags &= ~Flag.REPORTED;
        _close(entry, shipment, _noNotes());
    }

    /// @inheritdoc IShipments
    function refuseHandoff(RefuseHandoff calldata act, bytes calldata signature) external {
        (Entered memory entry, Shipment memory shipment) =
            _open(89, REFUSE_HANDOFF, act.record, act.organization, act.deadline, abi.encode(act), signature);
        _receiver(entry, shipment);
        _endOffer(entry, act.parent, shipment);
    }

    /// @inheritdoc IShipments
    function holdShipment(HoldShipment calldata act, bytes calldata signature) external {
        (Entered memory entry, Shipment memory shipment) =
            _open(91, HOLD_SHIPMENT, act.record, act.organization, act.deadline, abi.encode(act), signature);
        _inspector(entry, shipment);
        _spend(entry);
        _inStatus(act.record, shipment.status, ShipmentStatus.LIVE);
        if (_holdOf[act.record][act.organization]) revert AlreadyHeld(act.record, act.organization);
        _within("holds", uint256(shipment.holds) + 1, 1, MAX_HOLDS);

        _holdOf[act.record][act.organization] = true;
        shipment.holds += 1;
        shipment.stoppedUntil = type(uint40).max;
        _close(entry, shipment, _noNotes());
    }

    /// @inheritdoc IShipments
    function resumeShipment(ResumeShipment calldata act, bytes calldata signature) external {
        (Entered memory entry, Shipment memory shipment) =
            _open(92, RESUME_SHIPMENT, act.record, act.organization, act.deadline, abi.encode(act), signature);
        if (act.organization != act.holdOf && act.organization != _organization(act.holdOf).sponsor) {
            revert OutsideJurisdiction(act.organization, act.record);
        }
        _authorize(entry, Power.INSPECT);
        _spend(entry);
        if (!_holdOf[act.record][act.holdOf]) revert NotHeld(act.record, act.holdOf);

        _holdOf[act.record][act.holdOf] = false;
        shipment.holds -= 1;
        if (shipment.holds == 0) shipment.stoppedUntil = uint40(block.timestamp);
        _close(entry, shipment, _noNotes());
    }

    /// @inheritdoc IShipments
    function settle(Entered calldata entry, Shipment calldata shipment, Held[] calldata held) external {
        _only(REPORTS);
        bool live = (uint16(1) << _shipments[entry.record].status) & ShipmentStatus.LIVE != 0;
        _storeHeld(entry.record, held);
        Entered memory report = entry;
        _close(report, shipment, _noNotes());
        if (live && shipment.flags & Flag.REPORTED != 0) _reportHeads[entry.record] = report.recordHead;
    }

    /// @inheritdoc IShipments
    function annotate(Entered calldata entry) external {
        _only(REPORTS);
        Entered memory note = entry;
        Shipment storage shipment = _shipments[note.record];
        note.version = shipment.version;
        note.recordHead = _head(note.record);
        _append(note, _oneNote(_note(note.record, ++shipment.notes, _source(note), "")));
    }

    /// @inheritdoc IShipments
    function shipmentOf(bytes32 record) external view returns (Shipment memory shipment, Held[] memory held) {
        shipment = _known(record);
        held = _heldLines(record, shipment);
    }

    /// @inheritdoc IShipments
    function licenseLines(bytes32 record) public view returns (uint8[] memory lines) {
        lines = new uint8[](_shipments[record].lines);
        for (uint256 i = 0; i < lines.length; i++) {
            lines[i] = _registered[record][i].line;
        }
    }

    /// @inheritdoc IShipments
    function registeredOf(bytes32 record, uint256 line) external view returns (Registered memory) {
        return _registered[record][line];
    }

    /// @inheritdoc IShipments
    function reportHeadOf(bytes32 record) external view returns (bytes32) {
        return _reportHeads[record];
    }

    function _open(
        uint8 kind,
        bytes32 typeHash,
        bytes32 record,
        uint32 organization,
        uint64 deadline,
        bytes memory act,
        bytes calldata signature
    ) private view returns (Entered memory entry, Shipment memory shipment) {
        entry = _signed(kind, record, organization, deadline, _hash(typeHash, act), act, signature);
        shipment = _known(record);
    }

    function _close(Entered memory entry, Shipment memory shipment, Note[] memory notes) private {
        shipment.version += 1;
        _shipments[entry.record] = shipment;
        _move(entry, shipment.version);
        _append(entry, notes);
    }

    function _known(bytes32 record) private view returns (Shipment memory shipment) {
        shipment = _shipments[record];
        if (shipment.version == 0) revert UnknownRecord(record);
    }

    function _heldLines(bytes32 record, Shipment memory shipment) private view returns (Held[] memory held) {
        held = new Held[](shipment.lines);
        for (uint256 i = 0; i < held.length; i++) {
            held[i] = _held[record][i];
        }
    }

    function _storeHeld(bytes32 record, Held[] memory held) private {
        for (uint256 i = 0; i < held.length; i++) {
            _held[record][i] = held[i];
        }
    }

    /// Writes the lines of a new shipment and names what it takes.
    function _drawing(RegisterShipment calldata act, Shipment memory shipment)
        private
        returns (Taking memory taking)
    {
        _within("draws", act.draws.length, 1, MAX_LINES);
        taking = _taking(act.record, shipment);
        for (uint256 i = 0; i < act.draws.length; i++) {
            uint96 quantity = act.draws[i].quantity;
            if (quantity > MAX_QUANTITY) revert QuantityTooLarge("quantity", quantity, MAX_QUANTITY);
            _within("quantity", quantity, 1, MAX_QUANTITY);
            _held[act.record][i].held = uint80(quantity);
            _registered[act.record][i] =
                Registered({registered: uint80(quantity), lost: 0, returned: 0, line: act.draws[i].line});
            taking.lines[i] = LineDelta({line: act.draws[i].line, quantity: int96(quantity)});
        }
    }

    function _drawn(bytes32 record, Shipment memory shipment) private view returns (Taking memory taking) {
        taking = _taking(record, shipment);
        for (uint256 i = 0; i < taking.lines.length; i++) {
            Registered memory line = _registered[record][i];
            taking.lines[i] = LineDelta({line: line.line, quantity: int96(uint96(line.registered))});
        }
    }

    function _taking(bytes32 record, Shipment memory shipment) private pure returns (Taking memory) {
        return Taking({
            shipment: record,
            endUser: shipment.endUser,
            share: shipment.share,
            lines: new LineDelta[](shipment.lines)
        });
    }

    function _inspector(Entered memory entry, Shipment memory shipment)
        private
        view
        returns (Standing memory standing)
    {
        standing = _standing(shipment);
        if (!_inspects(entry.organization, shipment, standing.authority)) {
            revert OutsideJurisdiction(entry.organization, entry.record);
        }
        _authorize(entry, Power.INSPECT);
    }

    /// Who may sign the departure, and the grade it gets.
    function _departing(Entered memory entry, Shipment memory shipment)
        private
        view
        returns (uint8 grade, uint32 behind)
    {
        if (entry.organization == shipment.exporter) {
            behind = _authorizeOrSponsor(entry, Power.SHIP);
            return (Grade.ONE_SIDED, behind);
        }
        if (entry.organization == shipment.holder) {
            _authorize(entry, Power.CUSTODY);
            return (Grade.FULL, entry.organization);
        }
        _inspector(entry, shipment);
        // An inspector attests the departure; whoever answered for the goods still does.
        return (Grade.FULL, shipment.responsible);
    }

    function _custodian(Entered memory entry, Shipment memory shipment) private view {
        if (entry.organization != shipment.holder && entry.organization != shipment.responsible) {
            revert NotTheHolder(entry.organization, shipment.holder);
        }
        _authorize(entry, Power.CUSTODY);
    }

    function _receiver(Entered memory entry, Shipment memory shipment) private view {
        if (shipment.offeredTo == 0) revert NoOffer(entry.record);
        if (entry.organization != shipment.offeredTo) {
            revert NotOfferedTo(entry.organization, shipment.offeredTo);
        }
        _authorize(entry, Power.CUSTODY);
    }

    function _endOffer(Entered memory entry, bytes32 parent, Shipment memory shipment) private {
        _ready(entry, parent, shipment, ShipmentStatus.LIVE);
        if (shipment.offeredTo == 0) revert NoOffer(entry.record);
        shipment.offeredTo = 0;
        _close(entry, shipment, _noNotes());
    }

    /// A step on the head, in one of the allowed statuses.
    function _ready(Entered memory entry, bytes32 parent, Shipment memory shipment, uint16 allowed) private view {
        _atHead(entry.record, parent);
        _inStatus(entry.record, shipment.status, allowed);
    }

    function _fact(Shipment memory shipment, Terms memory terms, uint64 occurredAt) private view {
        _possible(shipment, occurredAt);
        uint64 earliest = _earliest(terms);
        if (occurredAt < earliest) revert TooLate(occurredAt, earliest);
    }

    function _regular(bytes32 record, Shipment memory shipment) private pure {
        if (shipment.irregular != 0) revert Irregular(record, shipment.irregular);
    }

    function _running(bytes32 record, Shipment memory shipment, uint64 moment) private pure {
        if (moment < shipment.stoppedUntil) revert ShipmentStopped(record, shipment.stoppedUntil, moment);
    }

    function _inForce(bytes32 record, Shipment memory shipment, uint64 moment) private view {
        _running(record, shipment, moment);
        LICENSES.requireInForce(shipment.license, moment);
    }

    function _lapse(Shipment memory shipment, Terms memory terms) private pure returns (uint64) {
        return uint64(shipment.offeredAt) + uint64(terms.handoffHours) * 1 hours;
    }

    function _certified(bytes32 record, Shipment memory shipment, Terms memory terms, uint64 moment) private view {
        if (_roles(shipment.endUser) & terms.exemptRoles != 0) return;
        (uint8 grade,) = _certificates(shipment, licenseLines(record), moment);
        if (grade < terms.certificateGrade) revert CertificateGradeTooLow(record, grade, terms.certificateGrade);
    }

    function _hashRegister(RegisterShipment calldata act) private pure returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](act.draws.length);
        for (uint256 i = 0; i < hashes.length; i++) {
            hashes[i] = keccak256(abi.encode(DRAW, act.draws[i]));
        }
        bytes32 draws = keccak256(abi.encodePacked(hashes));
        bytes memory head = abi.encode(
            REGISTER_SHIPMENT, act.record, act.parent, act.organization, act.deadline, act.salt, act.license
        );
        return keccak256(
            bytes.concat(head, abi.encode(act.endUser, act.share, act.waybill, act.document, draws))
        );
    }

    function _hashAccept(AcceptHandoff calldata act) private pure returns (bytes32) {
        bytes memory head =
            abi.encode(ACCEPT_HANDOFF, act.record, act.parent, act.organization, act.deadline, act.occurredAt);
        return keccak256(
            bytes.concat(
                head,
                abi.encode(act.seal, act.sealState, act.reservation, act.document, _hashCounts(act.counted))
            )
        );
    }
}
