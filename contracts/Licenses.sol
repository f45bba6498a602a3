// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Acts} from "./Acts.sol";
import {Balances} from "./Balances.sol";
import {
    CertificateStatus,
    Grade,
    LicenseKind,
    LicenseStatus,
    Power,
    Role
} from "./interfaces/Codes.sol";
import {Contracts} from "./interfaces/Deployment.sol";
import {
    AlreadyHolder,
    LicenseExpired,
    LicenseNotYetValid,
    LicenseStopped,
    NotAParty,
    OutsideJurisdiction,
    RoleMissing,
    TransfersExhausted,
    WrongOrganization
} from "./interfaces/Errors.sol";
import {Line} from "./interfaces/IApplications.sol";
import {Certificate} from "./interfaces/ICertificates.sol";
import {Entered, Note} from "./interfaces/IJournal.sol";
import {
    ACKNOWLEDGE_CONDITIONS,
    AcknowledgeConditions,
    Backing,
    CORRECT_LICENSE,
    CREDIT_RETURN,
    CorrectLicense,
    CreditReturn,
    ILicenses,
    License,
    SURRENDER_LICENSE,
    Standing,
    SurrenderLicense,
    TRANSFER_LICENSE,
    Taking,
    TransferLicense
} from "./interfaces/ILicenses.sol";
import {LineDelta, Source} from "./interfaces/IRecords.sol";
import {IShipments} from "./interfaces/IShipments.sol";
import {Seconded} from "./Seconded.sol";

/// Licenses from their issue to their end.
///
/// STORED      numbers and record ids; with Balances the licenses; open proposals of two officers.
/// DERIVED     expired, not yet valid, and whether a suspension has lapsed.
/// TRUSTED     the authority's agents; Issuance, Manifests and Orders, which check what they enter and draw.
/// INVARIANTS  I1 with Balances; I4: an ended license gives nothing more; I11 with Shipments.
contract Licenses is ILicenses, Balances, Seconded {
    IShipments private immutable SHIPMENTS;
    address private immutable ISSUANCE;
    address private immutable MANIFESTS;
    address private immutable ORDERS;

    /// What the rules' table says of an act on a license. A struct, because the compiler copies a function for every
    /// constant that it is called with.
    struct Row {
        uint8 kind;
        bytes32 typeHash;
        uint16 power;
        uint16 allowed; // bit set of statuses
        bytes32 parent; // of the act
    }

    uint32 private _count;
    mapping(bytes32 record => uint32 number) private _numberOf;

    constructor(Contracts memory contracts) Acts(contracts) Balances(contracts) {
        SHIPMENTS = IShipments(contracts.shipments);
        ISSUANCE = contracts.issuance;
        MANIFESTS = contracts.manifests;
        ORDERS = contracts.orders;
    }

    /// @inheritdoc ILicenses
    function correctLicense(CorrectLicense calldata act, bytes calldata signature) external {
        Row memory row = Row(66, CORRECT_LICENSE, Power.DECIDE, LicenseStatus.LIVE, act.parent);
        (Entered memory entry, uint32 number,) = _decided(row, abi.encode(act), signature);
        _documented(act.document);

        _close(entry, number, _noNotes());
    }

    /// @inheritdoc ILicenses
    function transferLicense(TransferLicense calldata act, bytes calldata signature) external {
        Row memory row = Row(68, TRANSFER_LICENSE, Power.DECIDE, uint16(1) << LicenseStatus.ISSUED, act.parent);
        (Entered memory entry, uint32 number,) = _decided(row, abi.encode(act), signature);
        License storage license = _licenses[number];
        uint16 roles = _roles(act.to);
        if (roles & Role.EXPORTER == 0) revert RoleMissing(act.to, roles, Role.EXPORTER);
        if (_organization(act.to).sponsor != act.organization) revert OutsideJurisdiction(act.organization, act.record);
        if (act.to == license.exporter) revert AlreadyHolder(act.to);
        uint8 allowed = _terms(number).transfers;
        if (license.transfers >= allowed) revert TransfersExhausted(act.record, license.transfers, allowed);
        _documented(act.document);

        license.exporter = act.to;
        license.transfers += 1;
        _close(entry, number, _noNotes());
    }

    /// @inheritdoc ILicenses
    function surrenderLicense(SurrenderLicense calldata act, bytes calldata signature) external {
        Row memory row = Row(69, SURRENDER_LICENSE, Power.APPLY, LicenseStatus.LIVE, act.parent);
        (Entered memory entry, uint32 number) = _open(row, abi.encode(act), signature);
        License storage license = _licenses[number];
        if (act.organization != license.exporter) revert WrongOrganization(act.organization, license.exporter);
        _admit(row, entry);

        license.status = LicenseStatus.SURRENDERED;
        _close(entry, number, _curtailed(entry, number));
    }

    /// @inheritdoc ILicenses
    function creditReturn(CreditReturn calldata act, bytes calldata signature) external {
        Row memory row = Row(70, CREDIT_RETURN, Power.ENFORCE, LicenseStatus.LIVE, act.parent);
        (Entered memory entry, uint32 number, uint32 agent) = _decided(row, _words(act), signature);
        entry.act = abi.encode(act);
        _documented(act.document);
        SHIPMENTS.requireReturned(act.shipment, act.record, number, act.share, act.returned);

        Note[] memory notes = _noNotes();
        bytes32 content =
            keccak256(abi.encode(entry.kind, act.shipment, act.share, act.document, act.returned));
        if (_seconded(act.record, agent, content)) {
            (Taking memory taking, Note memory note) = SHIPMENTS.credit(act.shipment, act.record, _source(entry));
            taking.share = act.share;
            _giveBack(number, taking);
            notes = _oneNote(note);
        }
        _close(entry, number, notes);
    }

    /// @inheritdoc ILicenses
    function acknowledgeConditions(AcknowledgeConditions calldata act, bytes calldata signature) external {
        Row memory row = Row(71, ACKNOWLEDGE_CONDITIONS, Power.STATE, LicenseStatus.LIVE, act.parent);
        (Entered memory entry, uint32 number) = _open(row, abi.encode(act), signature);
        License storage license = _licenses[number];
        if (act.organization != license.exporter && _partyRoles(number, act.organization) == 0) {
            revert NotAParty(act.organization, act.record);
        }
        _authorize(entry, row.power);
        _spend(entry);
        _inStatus(act.record, license.status, row.allowed);
        _documented(act.document);

        entry.version = license.version;
        entry.recordHead = _head(act.record);
        _append(entry, _oneNote(_noted(number, _source(entry), "")));
    }

    /// @inheritdoc ILicenses
    function propose(bytes32 application, Line[] memory lines) external {
        _only(address(APPLICATIONS));
        for (uint256 i = 0; i < lines.length; i++) {
            _lines[application][i] = lines[i];
        }
    }

    /// @inheritdoc ILicenses
    function enter(Entered memory entry, License memory license, Note[] memory notes) external {
        _only(ISSUANCE);
        uint32 number = ++_count;
        _numberOf[entry.record] = number;
        _recordOf[number] = entry.record;
        _store(number, license);
        _move(entry, license.version);
        _append(entry, notes);
    }

    /// @inheritdoc ILicenses
    function bind(Entered memory entry, uint8 line, uint32 certificate, uint8 certificateLine, Note memory note)
        external
    {
        _only(ISSUANCE);
        uint32 number = _numberOf[entry.record];
        Line storage bound = _line(number, line);
        bound.certificate = certificate;
        bound.certificateLine = certificateLine;
        _close(entry, number, _oneNote(note));
    }

    /// @inheritdoc ILicenses
    function supersede(uint32 number, bytes32 successor, Line[] memory taken, Source memory source)
        external
        returns (Note memory)
    {
        _only(ISSUANCE);
        _licenses[number].status = LicenseStatus.SUPERSEDED;
        for (uint256 i = 0; i < taken.length; i++) {
            _line(number, i).granted -= taken[i].granted;
        }
        // Nothing is drawn: the note names the successor.
        Taking memory nothing;
        nothing.shipment = successor;
        return _returned(number, nothing, source);
    }

    /// @inheritdoc ILicenses
    function settle(Entered memory entry, License memory changed) external {
        _only(ORDERS);
        uint32 number = _numberOf[entry.record];
        if (changed.stoppedUntil != _licenses[number].stoppedUntil) SHIPMENTS.stop(number, changed.stoppedUntil);
        _store(number, changed);
        bool ended = changed.status == LicenseStatus.REVOKED;
        _close(entry, number, ended ? _curtailed(entry, number) : _noNotes());
    }

    /// @inheritdoc ILicenses
    function draw(uint32 number, Taking memory taking, Source memory source) external returns (Note memory) {
        _only(MANIFESTS);
        requireInForce(number, uint64(block.timestamp));
        if (_partyRoles(number, taking.endUser) & Role.END_USER == 0) {
            revert NotAParty(taking.endUser, _recordOf[number]);
        }
        return _take(number, _nothing(number, taking), taking, source, _bounds(number));
    }

    /// @inheritdoc ILicenses
    function redraw(uint32 number, Taking memory former, Taking memory taking, Source memory source)
        external
        returns (Note memory)
    {
        _only(MANIFESTS);
        return _take(number, former, taking, source, _bounds(number));
    }

    /// @inheritdoc ILicenses
    function overdraw(uint32 number, Taking memory taking, Source memory source)
        external
        returns (bool over, Note memory note)
    {
        _only(MANIFESTS);
        Bounds memory bounds = _bounds(number);
        bounds.lax = true;
        note = _take(number, _nothing(number, taking), taking, source, bounds);
        over = bounds.passed;
    }

    /// @inheritdoc ILicenses
    function giveBack(uint32 number, Taking memory taking, Source memory source) external returns (Note memory) {
        if (msg.sender != MANIFESTS) _only(address(SHIPMENTS));
        return _returned(number, taking, source);
    }

    /// @inheritdoc ILicenses
    function requireInForce(uint32 number, uint64 moment) public view {
        License storage license = _licenses[number];
        bytes32 record = _recordOf[number];
        _inStatus(record, license.status, LicenseStatus.LIVE);
        if (moment < license.validFrom) revert LicenseNotYetValid(record, license.validFrom, moment);
        if (moment >= license.validUntil) revert LicenseExpired(record, license.validUntil, moment);
        if (moment < license.stoppedUntil) revert LicenseStopped(record, license.stoppedUntil, moment);
    }

    /// @inheritdoc ILicenses
    function isValid(uint32 number, uint64 moment) external view returns (bool) {
        License storage license = _licenses[number];
        bool live = (uint16(1) << license.status) & LicenseStatus.LIVE != 0;
        return live && license.validFrom <= moment && moment < license.validUntil;
    }

    /// @inheritdoc ILicenses
    function licenseOf(uint32 number) external view returns (License memory) {
        return _licenses[number];
    }

    /// @inheritdoc ILicenses
    function standingOf(uint32 number) external view returns (Standing memory) {
        License storage license = _licenses[number];
        return Standing({
            authority: license.authority,
            stoppedUntil: license.stoppedUntil,
            returnBy: license.returnBy,
            handoffHours: license.handoffHours,
            latenessHours: license.latenessHours,
            countTolerance: license.countTolerance,
            kind: license.kind,
            policy: license.policy
        });
    }

    /// @inheritdoc ILicenses
    function recordOf(uint32 number) external view returns (bytes32) {
        return _recordOf[number];
    }

    /// @inheritdoc ILicenses
    function numberOf(bytes32 record) external view returns (uint32) {
        return _numberOf[record];
    }

    /// @inheritdoc ILicenses
    function partyRoles(uint32 number, uint32 organization) external view returns (uint16) {
        return _partyRoles(number, organization);
    }

    /// @inheritdoc ILicenses
    function proposedOf(bytes32 application, uint8 count) external view returns (Line[] memory lines) {
        lines = new Line[](count);
        for (uint256 i = 0; i < count; i++) {
            lines[i] = _lines[application][i];
        }
    }

    /// @inheritdoc ILicenses
    function lineOf(uint32 number, uint8 line) external view returns (Line memory) {
        return _line(number, line);
    }

    /// @inheritdoc ILicenses
    function backing(uint32 number, uint8[] calldata lines, uint32 endUser, uint64 moment)
        external
        view
        returns (Backing memory found)
    {
        found.grade = Grade.FULL;
        found.signers = Role.ALL;
        for (uint256 i = 0; i < lines.length; i++) {
            uint32 named = _line(number, lines[i]).certificate;
            // Neighbours mostly name the same.
            if (i > 0 && named == _line(number, lines[i - 1]).certificate) continue;
            Certificate memory certificate = _certificate(named);
            bool counts = certificate.status == CertificateStatus.VALID && certificate.endUser == endUser;
            uint8 grade = counts ? certificate.grade : 0;
            if (grade < found.grade) found.grade = grade;
            found.signers &= counts ? _signers(number, certificate) : 0;
            if (found.failing == 0 && !_isInForce(certificate, moment)) found.failing = certificate.number;
        }
    }

    /// The act as EIP-712 hashes it, its array as one word.
    function _words(CreditReturn calldata act) private pure returns (bytes memory) {
        return abi.encode(
            act.record,
            act.parent,
            act.organization,
            act.deadline,
            act.shipment,
            act.share,
            act.document,
            _hashDraws(act.returned)
        );
    }

    /// The entry of an act of single words, and the license that it names.
    function _open(Row memory row, bytes memory act, bytes calldata signature)
        private
        view
        returns (Entered memory entry, uint32 number)
    {
        (bytes32 record,, uint32 organization, uint64 deadline) =
            abi.decode(act, (bytes32, bytes32, uint32, uint64));
        entry = _signed(row.kind, record, organization, deadline, _hash(row.typeHash, act), act, signature);
        _exists(record);
        number = _numberOf[record];
    }

    /// A step of the license's authority.
    function _decided(Row memory row, bytes memory act, bytes calldata signature)
        private
        view
        returns (Entered memory entry, uint32 number, uint32 agent)
    {
        (entry, number) = _open(row, act, signature);
        if (entry.organization != _licenses[number].authority) {
            revert OutsideJurisdiction(entry.organization, entry.record);
        }
        agent = _admit(row, entry);
    }

    /// A step on the head, in an allowed status, by an agent with the power.
    function _admit(Row memory row, Entered memory entry) private view returns (uint32 agent) {
        (agent,) = _authorize(entry, row.power);
        _atHead(entry.record, row.parent);
        _inStatus(entry.record, _licenses[_numberOf[entry.record]].status, row.allowed);
    }

    function _documented(bytes32 document) private pure {
        _committed("document", document);
    }

    function _store(uint32 number, License memory license) private {
        _licenses[number] = license;
    }

    function _close(Entered memory entry, uint32 number, Note[] memory notes) private {
        _move(entry, ++_licenses[number].version);
        _append(entry, notes);
    }

    /// Gives what an ended license did not draw back to the shipment that it continued (I11).
    function _curtailed(Entered memory entry, uint32 number) private returns (Note[] memory) {
        License storage license = _licenses[number];
        if (license.kind != LicenseKind.RETRANSFER && license.kind != LicenseKind.REEXPORT) return _noNotes();
        LineDelta[] memory undrawn = new LineDelta[](license.lines);
        for (uint256 i = 0; i < undrawn.length; i++) {
            Line storage line = _line(number, i);
            uint80 left = line.granted > line.drawn ? line.granted - line.drawn : 0;
            undrawn[i] = LineDelta({line: uint8(i), quantity: int96(uint96(left))});
        }
        bytes32 continued = APPLICATIONS.applicationOf(license.application).continues;
        return _oneNote(SHIPMENTS.curtail(continued, entry.record, _nonzero(undrawn), _source(entry)));
    }
}
