// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Acts} from "./Acts.sol";
import {Custody} from "./Custody.sol";
import {
    Broken,
    Grade,
    Kind,
    LicenseKind,
    MAX_LINES,
    MAX_PARTS,
    MAX_QUANTITY,
    Power,
    Role,
    ShipmentStatus
} from "./interfaces/Codes.sol";
import {Contracts} from "./interfaces/Deployment.sol";
import {
    CountsMismatch,
    Irregular,
    LinesNotAscending,
    NotTheHolder,
    OccurredInFuture,
    OfferOpen,
    OutOfRange,
    QuantityExceeded,
    QuantityTooLarge,
    ShipmentStopped,
    SplitMismatch,
    UnknownRecord,
    WrongOrganization
} from "./interfaces/Errors.sol";
import {IApplications} from "./interfaces/IApplications.sol";
import {Entered, Note} from "./interfaces/IJournal.sol";
import {Backing, License, Standing, Taking} from "./interfaces/ILicenses.sol";
import {
    ADJUSTMENT,
    ADJUST_SHIPMENT,
    AdjustShipment,
    CANCEL_SHIPMENT,
    CancelShipment,
    Draw,
    IManifests,
    RECORD_TRANSFER,
    REGISTER_SHIPMENT,
    RecordTransfer,
    RegisterShipment,
    SPLIT_SHIPMENT,
    SplitShipment
} from "./interfaces/IManifests.sol";
import {Terms} from "./interfaces/IPolicies.sol";
import {LineDelta} from "./interfaces/IRecords.sol";
import {Flag, Held, IShipments, Shipment} from "./interfaces/IShipments.sol";

/// What a shipment consists of, and what it draws on its license.
///
/// STORED      nothing: shipments are written through Shipments.write and add, draws through Licenses.
/// TRUSTED     the exporter for its own goods; the holder for how it divides them.
/// INVARIANTS  I1 with Licenses: registered is what the shipment draws; I9: a split conserves quantity and share.
contract Manifests is IManifests, Custody {
    IApplications private immutable APPLICATIONS;
    IShipments private immutable SHIPMENTS;

    /// A shipment with its lines.
    struct Load {
        Shipment shipment;
        Held[] held;
    }

    constructor(Contracts memory contracts) Acts(contracts) Custody(contracts) {
        APPLICATIONS = IApplications(contracts.applications);
        SHIPMENTS = IShipments(contracts.shipments);
    }

    /// @inheritdoc IManifests
    function registerShipment(RegisterShipment calldata act, bytes calldata signature) external {
        Entered memory entry = _signed(
            80, act.record, act.organization, act.deadline, _hashRegister(act), abi.encode(act), signature
        );
        _createIn(SHIPMENTS, entry, act.parent, Kind.SHIPMENT, act.salt);
        (uint32 number, License memory license) = _license(entry, act.license);
        (, uint32 behind) = _authorize(entry, Power.SHIP);
        _committed("document", act.document);

        Load memory load = _loaded(act.draws);
        load.shipment.license = number;
        load.shipment.exporter = license.exporter;
        load.shipment.endUser = act.endUser;
        load.shipment.holder = _origin(license, license.exporter);
        load.shipment.responsible = behind;
        load.shipment.status = ShipmentStatus.REGISTERED;
        _copy(load.shipment, license);
        load.shipment.share = act.share;
        Note memory note = LICENSES.draw(number, _taking(act.record, load), _source(entry));
        _write(entry, load, _oneNote(note));
    }

    /// @inheritdoc IManifests
    function adjustShipment(AdjustShipment calldata act, bytes calldata signature) external {
        Entered memory entry = _signed(
            81, act.record, act.organization, act.deadline, _hashAdjust(act), abi.encode(act), signature
        );
        Load memory load = _load(act.record);
        _exporter(entry, load.shipment);
        _ready(entry, act.parent, load.shipment, ShipmentStatus.UNSHIPPED);
        _committed("document", act.document);
        _regular(act.record, load.shipment);
        Taking memory former = _taking(act.record, load);
        bool more = _adjust(act, load);
        if (more) {
            LICENSES.requireInForce(load.shipment.license, uint64(block.timestamp));
            _running(act.record, load.shipment);
        }

        // What customs cleared is no longer what is here.
        load.shipment.status = ShipmentStatus.REGISTERED;
        load.shipment.clearedAt = 0;
        Note memory note =
            LICENSES.redraw(load.shipment.license, former, _taking(act.record, load), _source(entry));
        _write(entry, load, _oneNote(note));
    }

    /// @inheritdoc IManifests
    function cancelShipment(CancelShipment calldata act, bytes calldata signature) external {
        bytes memory encoded = abi.encode(act);
        Entered memory entry = _signed(
            82, act.record, act.organization, act.deadline, _hash(CANCEL_SHIPMENT, encoded), encoded, signature
        );
        Load memory load = _load(act.record);
        _exporter(entry, load.shipment);
        _ready(entry, act.parent, load.shipment, ShipmentStatus.UNSHIPPED);
        uint32 origin = _origin(LICENSES.licenseOf(load.shipment.license), load.shipment.exporter);
        if (load.shipment.holder != origin) revert NotTheHolder(origin, load.shipment.holder);

        Taking memory taking = _unload(act.record, load);
        load.shipment.status = ShipmentStatus.CANCELLED;
        load.shipment.offeredTo = 0;
        load.shipment.share -= taking.share;
        Note memory note = LICENSES.giveBack(load.shipment.license, taking, _source(entry));
        _write(entry, load, _oneNote(note));
    }

    /// @inheritdoc IManifests
    function splitShipment(SplitShipment calldata act, bytes calldata signature) external {
        Entered memory entry =
            _signed(113, act.record, act.organization, act.deadline, _hashSplit(act), abi.encode(act), signature);
        Load memory load = _load(act.record);
        if (act.organization != load.shipment.holder) revert NotTheHolder(act.organization, load.shipment.holder);
        _authorize(entry, Power.CUSTODY);
        _ready(entry, act.parent, load.shipment, ShipmentStatus.LIVE);
        _committed("document", act.document);
        _regular(act.record, load.shipment);
        _running(act.record, load.shipment);
        if (load.shipment.offeredTo != 0) revert OfferOpen(act.record, load.shipment.offeredTo);
        _checkParts(act, load);

        for (uint256 i = 0; i < act.shares.length; i++) {
            _addPart(entry, act, load, i);
        }
        for (uint256 i = 0; i < load.held.length; i++) {
            load.held[i].held = 0;
        }
        load.shipment.status = ShipmentStatus.SPLIT;
        load.shipment.share = 0;
        _write(entry, load, _noNotes());
    }

    /// @inheritdoc IManifests
    function recordTransfer(RecordTransfer calldata act, bytes calldata signature) external {
        Entered memory entry = _signed(
            114, act.record, act.organization, act.deadline, _hashTransfer(act), abi.encode(act), signature
        );
        _createIn(SHIPMENTS, entry, act.parent, Kind.SHIPMENT, act.salt);
        (uint32 number, License memory license) = _license(entry, act.license);
        (, uint32 behind) = _authorize(entry, Power.SHIP);
        _committed("document", act.document);
        uint64 time = uint64(block.timestamp);
        if (act.occurredAt > time) revert OccurredInFuture(act.occurredAt, time);
        if (act.endUser != 0) _organization(act.endUser);

        Load memory load = _loaded(act.draws);
        load.shipment.license = number;
        load.shipment.exporter = license.exporter;
        load.shipment.endUser = act.endUser;
        load.shipment.responsible = behind;
        _copy(load.shipment, license);
        load.shipment.share = act.share;
        _transfer(load, act.occurredAt, behind);
        (bool over, Note memory note) = LICENSES.overdraw(number, _taking(act.record, load), _source(entry));
        load.shipment.irregular = _transferBits(load, license, act.occurredAt) | (over ? Broken.OVER_DRAW : 0);
        _write(entry, load, _oneNote(note));
    }

    /// The license on which the entry's organization may draw.
    function _license(Entered memory entry, bytes32 record)
        private
        view
        returns (uint32 number, License memory license)
    {
        number = LICENSES.numberOf(record);
        if (number == 0) revert UnknownRecord(record);
        license = LICENSES.licenseOf(number);
        if (entry.organization != license.exporter) revert WrongOrganization(entry.organization, license.exporter);
    }

    function _exporter(Entered memory entry, Shipment memory shipment) private view {
        if (entry.organization != shipment.exporter) {
            revert WrongOrganization(entry.organization, shipment.exporter);
        }
        _authorize(entry, Power.SHIP);
    }

    /// Where the goods start: with the exporter, or where the shipment that the license continues was delivered.
    function _origin(License memory license, uint32 exporter) private view returns (uint32) {
        if (license.kind != LicenseKind.RETRANSFER && license.kind != LicenseKind.REEXPORT) return exporter;
        (Shipment memory shipment,) =
            SHIPMENTS.shipmentOf(APPLICATIONS.applicationOf(license.application).continues);
        return shipment.endUser;
    }

    function _load(bytes32 record) private view returns (Load memory load) {
        (load.shipment, load.held) = SHIPMENTS.shipmentOf(record);
    }

    function _write(Entered memory entry, Load memory load, Note[] memory notes) private {
        SHIPMENTS.write(entry, load.shipment, load.held, notes);
    }

    /// What later acts ask of the license and never changes.
    function _copy(Shipment memory shipment, License memory license) private pure {
        shipment.latenessHours = license.latenessHours;
        shipment.handoffHours = license.handoffHours;
        shipment.countTolerance = license.countTolerance;
        shipment.temporary = license.kind == LicenseKind.TEMPORARY;
    }

    /// The lines of a new shipment.
    function _loaded(Draw[] calldata draws) private pure returns (Load memory load) {
        _within("draws", draws.length, 1, MAX_LINES);
        load.held = new Held[](draws.length);
        load.shipment.lines = uint8(draws.length);
        for (uint256 i = 0; i < draws.length; i++) {
            uint96 quantity = draws[i].quantity;
            if (quantity > MAX_QUANTITY) revert QuantityTooLarge("quantity", quantity, MAX_QUANTITY);
            _within("quantity", quantity, 1, MAX_QUANTITY);
            load.held[i].held = uint80(quantity);
            load.held[i].line = draws[i].line;
        }
    }

    /// What the lines hold, and all of the share.
    function _taking(bytes32 record, Load memory load) private pure returns (Taking memory taking) {
        taking.shipment = record;
        taking.endUser = load.shipment.endUser;
        taking.share = load.shipment.share;
        taking.lines = new LineDelta[](load.held.length);
        for (uint256 i = 0; i < taking.lines.length; i++) {
            Held memory line = load.held[i];
            taking.lines[i] = LineDelta({line: line.line, quantity: int96(uint96(line.held))});
        }
    }

    /// Changes lines and share; whether something is drawn beyond before.
    function _adjust(AdjustShipment calldata act, Load memory load) private pure returns (bool more) {
        _within("adjustments", act.adjustments.length, 1, load.held.length);
        for (uint256 i = 0; i < act.adjustments.length; i++) {
            uint8 line = act.adjustments[i].line;
            if (i > 0 && line <= act.adjustments[i - 1].line) {
                revert LinesNotAscending(line, act.adjustments[i - 1].line);
            }
            _within("line", line, 0, load.held.length - 1);
            int96 quantity = act.adjustments[i].quantity;
            if (quantity == 0) revert OutOfRange("quantity", 0, 1, MAX_QUANTITY);
            more = more || quantity > 0;
            _adjustLine(act.record, load, line, quantity);
        }
        int256 share = int256(uint256(load.shipment.share)) + act.share;
        if (share < 0 || share > int256(uint256(type(uint32).max))) {
            revert OutOfRange("share", uint256(share < 0 ? -share : share), 0, type(uint32).max);
        }
        load.shipment.share = uint32(uint256(share));
        more = more || act.share > 0;
    }

    function _adjustLine(bytes32 record, Load memory load, uint8 line, int96 quantity) private pure {
        uint256 size = uint256(int256(quantity < 0 ? -int256(quantity) : int256(quantity)));
        Held memory held = load.held[line];
        uint256 room = MAX_QUANTITY - held.held - held.unaccounted;
        uint256 most = quantity < 0 ? held.held : room;
        if (size > most) revert QuantityExceeded(record, line, size, most);
        held.held = quantity < 0 ? held.held - uint80(size) : held.held + uint80(size);
    }

    /// Empties the lines: what is held goes back, and the share where nothing is missing.
    function _unload(bytes32 record, Load memory load) private view returns (Taking memory taking) {
        taking = _taking(record, load);
        for (uint256 i = 0; i < taking.lines.length; i++) {
            if (load.held[i].held != SHIPMENTS.registeredOf(record, i)) taking.share = 0;
            load.held[i].held = 0;
        }
    }

    function _checkParts(SplitShipment calldata act, Load memory load) private pure {
        uint256 lines = load.held.length;
        _within("parts", act.shares.length, 2, MAX_PARTS);
        if (act.quantities.length != act.shares.length * lines) {
            revert CountsMismatch(act.quantities.length, act.shares.length * lines);
        }
        uint256 shares = 0;
        for (uint256 part = 0; part < act.shares.length; part++) {
            uint256 whole = 0;
            for (uint256 line = 0; line < lines; line++) {
                whole += act.quantities[part * lines + line];
            }
            _within("quantity", whole, 1, type(uint256).max);
            shares += act.shares[part];
        }
        for (uint256 line = 0; line < lines; line++) {
            uint256 sum = 0;
            for (uint256 part = 0; part < act.shares.length; part++) {
                sum += act.quantities[part * lines + line];
            }
            if (sum != load.held[line].held) revert SplitMismatch(uint8(line), sum, load.held[line].held);
        }
        _within("shares", shares, load.shipment.share, load.shipment.share);
    }

    function _addPart(Entered memory entry, SplitShipment calldata act, Load memory load, uint256 index) private {
        uint256 lines = load.held.length;
        Held[] memory held = new Held[](lines);
        for (uint256 i = 0; i < lines; i++) {
            held[i].held = uint80(act.quantities[index * lines + i]);
            held[i].line = load.held[i].line;
        }
        bytes32 salt = keccak256(abi.encode(entry.record, index));
        bytes32 record =
            keccak256(abi.encode(block.chainid, address(SHIPMENTS), Kind.SHIPMENT, entry.organization, salt));
        Shipment memory part = load.shipment;
        uint32 share = part.share;
        uint16 flags = part.flags;
        part.share = act.shares[index];
        part.flags = flags & (Flag.INTANGIBLE | Flag.DEPARTURE * Grade.FULL);
        SHIPMENTS.add(record, part, held, _source(entry));
        part.share = share;
        part.flags = flags;
    }

    /// Intangible goods are with the recipient at once, by the word of one side.
    function _transfer(Load memory load, uint64 occurredAt, uint32 behind) private pure {
        Shipment memory shipment = load.shipment;
        shipment.holder = shipment.endUser == 0 ? shipment.exporter : shipment.endUser;
        shipment.status = ShipmentStatus.DEPARTED;
        shipment.lastFact = uint40(occurredAt);
        shipment.grade = Grade.ONE_SIDED;
        shipment.flags = Flag.INTANGIBLE | Flag.DEPARTURE * Grade.ONE_SIDED;
        if (shipment.endUser != 0 && shipment.holder != behind) shipment.flags |= Flag.REPORTED;
    }

    function _transferBits(Load memory load, License memory license, uint64 occurredAt)
        private
        view
        returns (uint16 bits)
    {
        Shipment memory shipment = load.shipment;
        Terms memory terms = POLICIES.termsOf(license.policy);
        Standing memory standing = _standing(shipment);
        if (!LICENSES.isValid(shipment.license, occurredAt)) bits |= Broken.NOT_IN_FORCE;
        if (occurredAt < _earliest(standing.latenessHours)) bits |= Broken.LATE;
        bool named = LICENSES.partyRoles(shipment.license, shipment.endUser) & Role.END_USER != 0;
        uint16 roles = _roles(shipment.endUser);
        if (!named || DIRECTORY.activeRolesOf(shipment.endUser) == 0) bits |= Broken.RECEIVER;
        if (Grade.ONE_SIDED < terms.lowestCustodyGrade) bits |= Broken.GRADE;
        if (!_isRefuge(shipment.endUser, roles, shipment)) {
            if (occurredAt < standing.stoppedUntil) bits |= Broken.STOPPED;
            if (_isOverdue(standing, occurredAt)) bits |= Broken.RETURN_OVERDUE;
        }
        Backing memory backing = LICENSES.backing(shipment.license, _lines(load.held), shipment.endUser, occurredAt);
        bool exempt = roles & terms.exemptRoles != 0;
        if (backing.failing != 0 || (!exempt && !_isCertified(backing, terms))) bits |= Broken.CERTIFICATE;
    }

    /// A step on the head, in one of the allowed statuses.
    function _ready(Entered memory entry, bytes32 parent, Shipment memory shipment, uint16 allowed) private view {
        _atHeadIn(SHIPMENTS, entry.record, parent);
        _inStatus(entry.record, shipment.status, allowed);
    }

    function _regular(bytes32 record, Shipment memory shipment) private pure {
        if (shipment.irregular != 0) revert Irregular(record, shipment.irregular);
    }

    function _running(bytes32 record, Shipment memory shipment) private view {
        uint64 time = uint64(block.timestamp);
        if (time < shipment.stoppedUntil) revert ShipmentStopped(record, shipment.stoppedUntil, time);
    }

    function _hashRegister(RegisterShipment calldata act) private pure returns (bytes32) {
        bytes memory head = abi.encode(
            REGISTER_SHIPMENT, act.record, act.parent, act.organization, act.deadline, act.salt, act.license
        );
        bytes memory rest =
            abi.encode(act.endUser, act.share, act.waybill, act.document, _hashDraws(act.draws));
        return keccak256(bytes.concat(head, rest));
    }

    function _hashAdjust(AdjustShipment calldata act) private pure returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](act.adjustments.length);
        for (uint256 i = 0; i < hashes.length; i++) {
            hashes[i] = keccak256(abi.encode(ADJUSTMENT, act.adjustments[i]));
        }
        bytes memory head =
            abi.encode(ADJUST_SHIPMENT, act.record, act.parent, act.organization, act.deadline, act.share);
        bytes memory rest = abi.encode(act.document, keccak256(abi.encodePacked(hashes)));
        return keccak256(bytes.concat(head, rest));
    }

    function _hashSplit(SplitShipment calldata act) private pure returns (bytes32) {
        bytes memory head =
            abi.encode(SPLIT_SHIPMENT, act.record, act.parent, act.organization, act.deadline, act.document);
        bytes32 shares = keccak256(abi.encodePacked(act.shares));
        bytes32 quantities = keccak256(abi.encodePacked(act.quantities));
        return keccak256(bytes.concat(head, abi.encode(shares, quantities)));
    }

    function _hashTransfer(RecordTransfer calldata act) private pure returns (bytes32) {
        bytes memory head =
            abi.encode(RECORD_TRANSFER, act.record, act.parent, act.organization, act.deadline, act.salt);
        bytes memory rest = abi.encode(
            act.occurredAt, act.license, act.endUser, act.share, act.document, _hashDraws(act.draws)
        );
        return keccak256(bytes.concat(head, rest));
    }
}
