// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Acts} from "./Acts.sol";
import {
    ApplicationStatus,
    Control,
    Kind,
    LicenseKind,
    MAX_DECIMALS,
    MAX_LINES,
    MAX_PARTIES,
    MAX_QUANTITY,
    Power,
    Role,
    ShipmentStatus
} from "./interfaces/Codes.sol";
import {Contracts} from "./interfaces/Deployment.sol";
import {
    AssessedHeadMoved,
    FourEyes,
    NotAParty,
    OutsideJurisdiction,
    PartyMissing,
    QuantityTooLarge,
    RecordedApplication,
    RoleMissing,
    SignerIsAdmin,
    UnitMismatch,
    UnknownRecord,
    WrongOrganization
} from "./interfaces/Errors.sol";
import {
    AMEND_APPLICATION,
    APPLY_FOR_LICENSE,
    ASSESS_APPLICATION,
    AmendApplication,
    Application,
    ApplyForLicense,
    AssessApplication,
    IApplications,
    LICENSE_LINE,
    LicenseLine,
    Line,
    PARTY,
    Party,
    RECORD_LICENSE,
    REFUSE_APPLICATION,
    RETURN_APPLICATION,
    RecordLicense,
    RefuseApplication,
    ReturnApplication,
    WITHDRAW_APPLICATION,
    WithdrawApplication
} from "./interfaces/IApplications.sol";
import {ICertificates} from "./interfaces/ICertificates.sol";
import {Entered, Note} from "./interfaces/IJournal.sol";
import {ILicenses, License} from "./interfaces/ILicenses.sol";
import {IPolicies, Terms} from "./interfaces/IPolicies.sol";
import {Source} from "./interfaces/IRecords.sol";
import {Held, IShipments, Shipment} from "./interfaces/IShipments.sol";
import {Records} from "./Records.sol";

/// What was asked, by whom, and what a caseworker made of it.
///
/// STORED      exporter, authority, parties, lines, what it continues, assessor, who refused, status.
/// TRUSTED     the authority's agents, two for every decision, two others on appeal.
/// INVARIANTS  I5: who assessed or recorded does not decide; I4: granted, refused and withdrawn are the end.
contract Applications is IApplications, Records {
    uint256 private constant PARTIES_A_WORD = 6;

    uint8 private constant BROKER = 7; // number of the role's bit
    uint16 private constant SUBMITTED = uint16(1) << ApplicationStatus.SUBMITTED;
    uint16 private constant RETURNED = uint16(1) << ApplicationStatus.RETURNED;
    uint16 private constant ASSESSED = uint16(1) << ApplicationStatus.ASSESSED;

    IPolicies private immutable POLICIES;
    ICertificates private immutable CERTIFICATES;
    ILicenses private immutable LICENSES;
    IShipments private immutable SHIPMENTS;
    address private immutable ISSUANCE;

    mapping(bytes32 record => Application) private _applications;
    /// Six parties a word, 40 bits each; organization 0 ends the list.
    mapping(bytes32 record => mapping(uint256 word => uint256)) private _parties;

    constructor(Contracts memory contracts) Acts(contracts) {
        POLICIES = IPolicies(contracts.policies);
        CERTIFICATES = ICertificates(contracts.certificates);
        LICENSES = ILicenses(contracts.licenses);
        SHIPMENTS = IShipments(contracts.shipments);
        ISSUANCE = contracts.issuance;
    }

    /// @inheritdoc IApplications
    function applyForLicense(ApplyForLicense calldata act, bytes calldata signature) external {
        bytes memory encoded = abi.encode(act);
        (, bytes32[11] memory words) = abi.decode(encoded, (bytes32, bytes32[11]));
        bytes32 structHash =
            keccak256(abi.encode(APPLY_FOR_LICENSE, words, _hashParties(act.parties), _hashLines(act.lines)));
        Entered memory entry = _signedTerms(50, structHash, encoded, signature);
        _create(entry, act.parent, Kind.APPLICATION, act.salt);
        _authorize(entry, Power.APPLY);
        _checkSponsor(act.organization, act.authority, act.record);

        Application memory application;
        application.exporter = act.organization;
        application.authority = act.authority;
        application.kind = act.kind;
        application.status = ApplicationStatus.SUBMITTED;
        application.continues = act.continues;
        _checkTerms(application, act.validFrom, act.validUntil, act.document);
        _checkContinues(act);
        _write(entry, application, act.parties, act.lines);
    }

    /// @inheritdoc IApplications
    function amendApplication(AmendApplication calldata act, bytes calldata signature) external {
        bytes memory encoded = abi.encode(act);
        (, bytes32[7] memory words) = abi.decode(encoded, (bytes32, bytes32[7]));
        bytes32 structHash =
            keccak256(abi.encode(AMEND_APPLICATION, words, _hashParties(act.parties), _hashLines(act.lines)));
        Entered memory entry = _signedTerms(51, structHash, encoded, signature);
        Application memory application = _application(act.record);
        _authorizeAs(entry, application.exporter, Power.APPLY);
        _atHead(act.record, act.parent);
        _inStatus(act.record, application.status, SUBMITTED | RETURNED | ASSESSED);
        if (application.recorded) revert RecordedApplication(act.record);
        _checkTerms(application, act.validFrom, act.validUntil, act.document);
        if (_isOnward(application.kind)) _checkUnits(application.continues, act.lines);

        application.status = ApplicationStatus.SUBMITTED;
        application.assessor = 0;
        _write(entry, application, act.parties, act.lines);
    }

    /// @inheritdoc IApplications
    function withdrawApplication(WithdrawApplication calldata act, bytes calldata signature) external {
        Entered memory entry = _signedWords(52, WITHDRAW_APPLICATION, abi.encode(act), signature);
        Application memory application = _application(act.record);
        (uint32 required, uint16 power) = application.recorded
            ? (application.authority, Power.RECORD)
            : (application.exporter, Power.APPLY);
        _authorizeAs(entry, required, power);
        _atHead(act.record, act.parent);
        _inStatus(act.record, application.status, SUBMITTED | RETURNED | ASSESSED);

        application.status = ApplicationStatus.WITHDRAWN;
        _step(entry, application, _noNotes());
    }

    /// @inheritdoc IApplications
    function returnApplication(ReturnApplication calldata act, bytes calldata signature) external {
        Entered memory entry = _signedWords(53, RETURN_APPLICATION, abi.encode(act), signature);
        (Application memory application,) = _decided(entry, act.parent, Power.ASSESS);
        _inStatus(act.record, application.status, SUBMITTED | ASSESSED);
        if (application.recorded) revert RecordedApplication(act.record);
        _committed("document", act.document);

        application.status = ApplicationStatus.RETURNED;
        application.assessor = 0;
        _step(entry, application, _noNotes());
    }

    /// @inheritdoc IApplications
    function assessApplication(AssessApplication calldata act, bytes calldata signature) external {
        Entered memory entry = _signedWords(54, ASSESS_APPLICATION, abi.encode(act), signature);
        (Application memory application, uint32 agent) = _decided(entry, act.parent, Power.ASSESS);
        _inStatus(act.record, application.status, SUBMITTED);
        _checkUninvolved(application.continues, agent);
        _within("recommendation", act.recommendation, 1, 2);
        _committed("document", act.document);

        application.status = ApplicationStatus.ASSESSED;
        application.assessor = agent;
        _step(entry, application, _noNotes());
    }

    /// @inheritdoc IApplications
    function refuseApplication(RefuseApplication calldata act, bytes calldata signature) external {
        Entered memory entry = _signedWords(55, REFUSE_APPLICATION, abi.encode(act), signature);
        (Application memory application, uint32 agent) = _decided(entry, act.parent, Power.DECIDE);
        _inStatus(act.record, application.status, ASSESSED);
        if (agent == application.assessor) revert FourEyes(agent, act.record);
        _checkUninvolved(application.continues, agent);
        _committed("document", act.document);

        application.status = ApplicationStatus.REFUSED;
        application.decider = agent;
        _step(entry, application, _noNotes());
    }

    /// @inheritdoc IApplications
    function recordLicense(RecordLicense calldata act, bytes calldata signature) external {
        bytes memory encoded = abi.encode(act);
        (, bytes32[12] memory words) = abi.decode(encoded, (bytes32, bytes32[12]));
        bytes32 structHash =
            keccak256(abi.encode(RECORD_LICENSE, words, _hashParties(act.parties), _hashLines(act.lines)));
        Entered memory entry = _signedTerms(56, structHash, encoded, signature);
        _create(entry, act.parent, Kind.APPLICATION, act.salt);
        uint32 recorder = _authorizeRecorder(entry);
        _checkSponsor(act.exporter, act.organization, act.record);
        _mustHave(act.exporter, _roles(act.exporter), Role.EXPORTER);
        _within("control", act.control, Control.QUANTITY, Control.OPEN);

        Application memory application;
        application.exporter = act.exporter;
        application.authority = act.organization;
        application.kind = act.kind;
        application.status = ApplicationStatus.ASSESSED;
        application.control = act.control;
        application.recorded = true;
        application.assessor = recorder;
        application.drawnShare = act.drawnShare;
        _checkTerms(application, act.validFrom, act.validUntil, act.document);
        _write(entry, application, act.parties, act.lines);
    }

    /// @inheritdoc IApplications
    function grant(bytes32 record, bytes32 assessedHead, uint32 agent, bytes32 license, Source calldata source)
        external
        returns (Note memory)
    {
        _only(ISSUANCE);
        Application storage application = _applications[record];
        if (agent == application.assessor) revert FourEyes(agent, record);
        _checkUninvolved(application.continues, agent);
        if (assessedHead != _head(record)) revert AssessedHeadMoved(assessedHead, _head(record));
        _inStatus(record, application.status, ASSESSED);

        application.status = ApplicationStatus.GRANTED;
        return _note(record, ++application.notes, source, abi.encode(license));
    }

    /// @inheritdoc IApplications
    function applicationOf(bytes32 record) external view returns (Application memory) {
        return _applications[record];
    }

    /// @inheritdoc IApplications
    function partyRoles(bytes32 record, uint32 organization) external view returns (uint16 roles) {
        for (uint256 i = 0; i < MAX_PARTIES; i++) {
            uint256 party = _parties[record][i / PARTIES_A_WORD] >> (i % PARTIES_A_WORD * 40);
            if (uint32(party) == 0) break;
            if (uint32(party) == organization) roles |= uint16(1) << uint8(party >> 32);
        }
    }

    function _write(
        Entered memory entry,
        Application memory application,
        Party[] calldata parties,
        LicenseLine[] calldata lines
    ) private {
        _writeParties(entry.record, application.kind, parties);
        _within("lines", lines.length, 1, MAX_LINES);
        for (uint256 i = 0; i < lines.length; i++) {
            _checkLine(lines[i], application);
        }
        application.lines = uint8(lines.length);
        _step(entry, application, _writeLines(entry, application, lines));
    }

    function _writeParties(bytes32 record, uint8 kind, Party[] calldata parties) private {
        _within("parties", parties.length, 1, MAX_PARTIES);
        bool brokered = kind != LicenseKind.BROKERING;
        uint256[] memory words = new uint256[](MAX_PARTIES / PARTIES_A_WORD + 1);
        for (uint256 i = 0; i < parties.length; i++) {
            _within("role", parties[i].role, 0, 8);
            uint32 organization = parties[i].organization;
            _mustHave(organization, _organization(organization).roles, uint16(1) << parties[i].role);
            if (parties[i].role == BROKER) brokered = true;
            uint256 party = uint256(organization) | uint256(parties[i].role) << 32;
            words[i / PARTIES_A_WORD] |= party << (i % PARTIES_A_WORD * 40);
        }
        if (!brokered) revert PartyMissing(record, BROKER);
        for (uint256 i = 0; i < words.length; i++) {
            if (_parties[record][i] != words[i]) _parties[record][i] = words[i];
        }
    }

    /// Hands the lines to Licenses and notes the application on each certificate that they name, once.
    function _writeLines(Entered memory entry, Application memory application, LicenseLine[] calldata lines)
        private
        returns (Note[] memory)
    {
        Terms memory terms = POLICIES.termsOf(POLICIES.currentOf(application.authority, application.kind));
        Source memory source = _source(entry);
        uint32[] memory named = new uint32[](lines.length);
        Note[] memory notes = new Note[](lines.length);
        Line[] memory asked = new Line[](lines.length);
        uint256 count = 0;
        for (uint256 i = 0; i < lines.length; i++) {
            uint32 certificate = _certificate(lines[i].certificate);
            asked[i] = _line(lines[i], certificate);
            if (certificate == 0) continue;
            // Two lines may name one certificate and its successor, which are the same from then on.
            uint32 newest = CERTIFICATES.newestOf(certificate).number;
            if (_contains(named, newest)) continue;
            named[count] = newest;
            notes[count++] =
                CERTIFICATES.name(newest, entry.record, terms.firstUseDays, terms.lastUseDays, source);
        }
        LICENSES.propose(entry.record, asked);
        return _ascending(notes, count);
    }

    function _line(LicenseLine calldata line, uint32 certificate) private pure returns (Line memory) {
        return Line({
            granted: uint80(line.granted),
            drawn: uint80(line.drawn),
            unit: line.unit,
            decimals: line.decimals,
            certificate: certificate,
            certificateLine: line.certificateLine,
            unlimited: line.unlimited
        });
    }

    function _step(Entered memory entry, Application memory application, Note[] memory notes) private {
        application.version += 1;
        _applications[entry.record] = application;
        _move(entry, application.version);
        _append(entry, notes);
    }

    function _application(bytes32 record) private view returns (Application memory) {
        _exists(record);
        return _applications[record];
    }

    /// Opens the entry of an act whose members are all single words.
    function _signedWords(uint8 kind, bytes32 typeHash, bytes memory act, bytes calldata signature)
        private
        view
        returns (Entered memory)
    {
        (bytes32 record,, uint32 organization, uint64 deadline) = abi.decode(act, (bytes32, bytes32, uint32, uint64));
        return _signed(kind, record, organization, deadline, _hash(typeHash, act), act, signature);
    }

    /// Opens the entry of an act that ends in arrays. Its encoding is the place of the struct, then the members: the
    /// words before the arrays are hashed as they stand.
    function _signedTerms(uint8 kind, bytes32 structHash, bytes memory act, bytes calldata signature)
        private
        view
        returns (Entered memory)
    {
        (, bytes32 record,, uint32 organization, uint64 deadline) =
            abi.decode(act, (bytes32, bytes32, bytes32, uint32, uint64));
        return _signed(kind, record, organization, deadline, structHash, act, signature);
    }

    function _authorizeAs(Entered memory entry, uint32 required, uint16 power) private view {
        if (entry.organization != required) revert WrongOrganization(entry.organization, required);
        _authorize(entry, power);
    }

    function _authorizeRecorder(Entered memory entry) private view returns (uint32 number) {
        (number,) = _authorize(entry, Power.RECORD);
        uint16 powers = DIRECTORY.agentOf(entry.signer, entry.organization).powers;
        if (powers & Power.ADMIN != 0) revert SignerIsAdmin(entry.signer, powers);
    }

    function _decided(Entered memory entry, bytes32 parent, uint16 power)
        private
        view
        returns (Application memory application, uint32 agent)
    {
        application = _application(entry.record);
        if (entry.organization != application.authority) {
            revert OutsideJurisdiction(entry.organization, entry.record);
        }
        (agent,) = _authorize(entry, power);
        _atHead(entry.record, parent);
    }

    function _checkSponsor(uint32 exporter, uint32 authority, bytes32 record) private view {
        if (_organization(exporter).sponsor != authority) revert OutsideJurisdiction(authority, record);
    }

    function _mustHave(uint32 organization, uint16 roles, uint16 role) private pure {
        if (roles & role == 0) revert RoleMissing(organization, roles, role);
    }

    /// On an appeal, `former` is the refused application; what else an application continues has neither agent.
    function _checkUninvolved(bytes32 former, uint32 agent) private view {
        Application storage application = _applications[former];
        if (agent == application.assessor || agent == application.decider) revert FourEyes(agent, former);
    }

    function _checkContinues(ApplyForLicense calldata act) private view {
        if (_isOnward(act.kind)) {
            (Shipment memory shipment,) = SHIPMENTS.shipmentOf(act.continues);
            _inStatus(act.continues, shipment.status, uint16(1) << ShipmentStatus.DELIVERED);
            if (act.organization != shipment.exporter && act.organization != shipment.endUser) {
                revert NotAParty(act.organization, act.continues);
            }
            _checkUnits(act.continues, act.lines);
        } else if (act.continues != 0) {
            (uint32 exporter, uint32 authority, uint8 kind) = _former(act.continues);
            if (act.organization != exporter) revert WrongOrganization(act.organization, exporter);
            if (act.authority != authority) revert OutsideJurisdiction(act.authority, act.continues);
            _within("kind", act.kind, kind, kind);
        }
    }

    /// Whose application was refused, or whose license is to be superseded.
    function _former(bytes32 record) private view returns (uint32 exporter, uint32 authority, uint8 kind) {
        Application storage refused = _applications[record];
        if (refused.status != 0) {
            _inStatus(record, refused.status, uint16(1) << ApplicationStatus.REFUSED);
            return (refused.exporter, refused.authority, refused.kind);
        }
        uint32 number = LICENSES.numberOf(record);
        if (number == 0) revert UnknownRecord(record);
        License memory license = LICENSES.licenseOf(number);
        return (license.exporter, license.authority, license.kind);
    }

    /// Each line counts as the shipment's line of the same index does.
    function _checkUnits(bytes32 record, LicenseLine[] calldata lines) private view {
        (Shipment memory shipment, Held[] memory held) = SHIPMENTS.shipmentOf(record);
        _within("lines", lines.length, 1, held.length);
        for (uint8 i = 0; i < lines.length; i++) {
            Line memory line = LICENSES.lineOf(shipment.license, held[i].line);
            if (lines[i].unit != line.unit || lines[i].decimals != line.decimals) {
                revert UnitMismatch(record, i, lines[i].unit, lines[i].decimals);
            }
        }
    }

    /// The number of a named certificate; 0 where none is named.
    function _certificate(bytes32 record) private view returns (uint32 number) {
        if (record == 0) return 0;
        number = CERTIFICATES.numberOf(record);
        if (number == 0) revert UnknownRecord(record);
    }

    /// A retransfer or re-export: goods that were delivered go on.
    function _isOnward(uint8 kind) private pure returns (bool) {
        return kind == LicenseKind.RETRANSFER || kind == LicenseKind.REEXPORT;
    }

    function _checkTerms(Application memory application, uint64 validFrom, uint64 validUntil, bytes32 document)
        private
        pure
    {
        _committed("document", document);
        _within("kind", application.kind, 1, LicenseKind.LAST);
        // What a recorded license of these kinds goes on from would be known to nobody.
        if (application.recorded && _isOnward(application.kind)) _within("kind", application.kind, 1, 4);
        _within("validUntil", validUntil, uint256(validFrom) + 1, type(uint40).max);
    }

    function _checkLine(LicenseLine calldata line, Application memory application) private pure {
        bool open = application.recorded || application.kind == LicenseKind.OPEN
            || application.kind == LicenseKind.GENERAL;
        _within("unit", uint24(line.unit), 1, type(uint24).max);
        _within("decimals", line.decimals, 0, MAX_DECIMALS);
        if (line.granted > MAX_QUANTITY) revert QuantityTooLarge("granted", line.granted, MAX_QUANTITY);
        _within("granted", line.granted, line.unlimited || _isOnward(application.kind) ? 0 : 1, MAX_QUANTITY);
        if (line.drawn > MAX_QUANTITY) revert QuantityTooLarge("drawn", line.drawn, MAX_QUANTITY);
        _within("drawn", line.drawn, 0, application.recorded ? MAX_QUANTITY : 0);
        _within("unlimited", line.unlimited ? 1 : 0, 0, open ? 1 : 0);
    }

    function _contains(uint32[] memory numbers, uint32 number) private pure returns (bool) {
        for (uint256 i = 0; i < numbers.length; i++) {
            if (numbers[i] == number) return true;
        }
        return false;
    }

    function _hashParties(Party[] calldata parties) private pure returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](parties.length);
        for (uint256 i = 0; i < hashes.length; i++) {
            hashes[i] = keccak256(abi.encode(PARTY, parties[i]));
        }
        return keccak256(abi.encodePacked(hashes));
    }

    function _hashLines(LicenseLine[] calldata lines) private pure returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](lines.length);
        for (uint256 i = 0; i < hashes.length; i++) {
            hashes[i] = keccak256(abi.encode(LICENSE_LINE, lines[i]));
        }
        return keccak256(abi.encodePacked(hashes));
    }
}
