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
    Role
} from "./interfaces/Codes.sol";
import {Contracts} from "./interfaces/Deployment.sol";
import {
    AssessedHeadMoved,
    CommitmentMissing,
    FourEyes,
    OutsideJurisdiction,
    QuantityTooLarge,
    RoleMissing,
    SignerIsAdmin,
    UnknownRecord
} from "./interfaces/Errors.sol";
import {
    APPLY_FOR_LICENSE,
    ASSESS_APPLICATION,
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
    RecordLicense,
    RefuseApplication
} from "./interfaces/IApplications.sol";
import {ICertificates} from "./interfaces/ICertificates.sol";
import {Agent} from "./interfaces/IDirectory.sol";
import {Entered, Note} from "./interfaces/IJournal.sol";
import {Source} from "./interfaces/IRecords.sol";
import {Records} from "./Records.sol";

/// What was asked, by whom, and what a caseworker made of it.
///
/// STORED      exporter, authority, parties, lines, assessor, status.
/// TRUSTED     the authority's agents, two for every decision.
/// INVARIANTS  I5: who assessed or recorded does not decide; I4: granted and refused are the end.
contract Applications is IApplications, Records {
    ICertificates private immutable CERTIFICATES;
    address private immutable LICENSES;

    mapping(bytes32 record => Application) private _applications;
    mapping(bytes32 record => Party[]) private _parties;
    mapping(bytes32 record => mapping(uint256 line => Line)) private _lines;

    constructor(Contracts memory contracts) Acts(contracts) {
        CERTIFICATES = ICertificates(contracts.certificates);
        LICENSES = contracts.licenses;
    }

    /// @inheritdoc IApplications
    function applyForLicense(ApplyForLicense calldata act, bytes calldata signature) external {
        Entered memory entry = _signed(
            50, act.record, act.organization, act.deadline, _hashApply(act), abi.encode(act), signature
        );
        _create(entry, act.parent, Kind.APPLICATION, act.salt);
        _authorize(entry, Power.APPLY);
        _checkSponsor(act.organization, act.authority, act.record);

        Application memory application;
        application.exporter = act.organization;
        application.authority = act.authority;
        application.kind = act.kind;
        application.status = ApplicationStatus.SUBMITTED;
        _checkTerms(act.kind, act.validFrom, act.validUntil, act.document);
        _add(entry, application, act.parties, act.lines);
    }

    /// @inheritdoc IApplications
    function recordLicense(RecordLicense calldata act, bytes calldata signature) external {
        Entered memory entry = _signed(
            56, act.record, act.organization, act.deadline, _hashRecord(act), abi.encode(act), signature
        );
        _create(entry, act.parent, Kind.APPLICATION, act.salt);
        uint32 recorder = _authorize(entry, Power.RECORD);
        Agent memory agent = DIRECTORY.agentOf(entry.signer, act.organization);
        if (agent.powers & Power.ADMIN != 0) revert SignerIsAdmin(entry.signer, agent.powers);
        _checkSponsor(act.exporter, act.organization, act.record);
        uint16 roles = _roles(act.exporter);
        if (roles & Role.EXPORTER == 0) revert RoleMissing(act.exporter, roles, Role.EXPORTER);
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
        _checkTerms(act.kind, act.validFrom, act.validUntil, act.document);
        _add(entry, application, act.parties, act.lines);
    }

    /// @inheritdoc IApplications
    function assessApplication(AssessApplication calldata act, bytes calldata signature) external {
        bytes memory encoded = abi.encode(act);
        Entered memory entry = _signed(
            54, act.record, act.organization, act.deadline, _hash(ASSESS_APPLICATION, encoded), encoded, signature
        );
        (Application memory application, uint32 agent) = _decided(entry, act.parent, Power.ASSESS);
        _inStatus(act.record, application.status, uint16(1) << ApplicationStatus.SUBMITTED);
        _within("recommendation", act.recommendation, 1, 2);
        if (act.document == 0) revert CommitmentMissing("document");

        application.status = ApplicationStatus.ASSESSED;
        application.assessor = agent;
        _step(entry, application);
    }

    /// @inheritdoc IApplications
    function refuseApplication(RefuseApplication calldata act, bytes calldata signature) external {
        bytes memory encoded = abi.encode(act);
        Entered memory entry = _signed(
            55, act.record, act.organization, act.deadline, _hash(REFUSE_APPLICATION, encoded), encoded, signature
        );
        (Application memory application, uint32 agent) = _decided(entry, act.parent, Power.DECIDE);
        _inStatus(act.record, application.status, uint16(1) << ApplicationStatus.ASSESSED);
        if (agent == application.assessor) revert FourEyes(agent, act.record);
        if (act.document == 0) revert CommitmentMissing("document");

        application.status = ApplicationStatus.REFUSED;
        _step(entry, application);
    }

    /// @inheritdoc IApplications
    function grant(bytes32 record, bytes32 assessedHead, uint32 agent, bytes32 license, Source calldata source)
        external
        returns (Line[] memory lines, Note memory note)
    {
        _only(LICENSES);
        Application storage application = _applications[record];
        if (agent == application.assessor) revert FourEyes(agent, record);
        if (assessedHead != _head(record)) revert AssessedHeadMoved(assessedHead, _head(record));
        _inStatus(record, application.status, uint16(1) << ApplicationStatus.ASSESSED);

        application.status = ApplicationStatus.GRANTED;
        lines = new Line[](application.lines);
        for (uint256 i = 0; i < lines.length; i++) {
            lines[i] = _lines[record][i];
        }
        note = _note(record, ++application.notes, source, abi.encode(license));
    }

    /// @inheritdoc IApplications
    function applicationOf(bytes32 record) external view returns (Application memory) {
        return _applications[record];
    }

    /// @inheritdoc IApplications
    function partyRoles(bytes32 record, uint32 organization) external view returns (uint16 roles) {
        Party[] storage parties = _parties[record];
        for (uint256 i = 0; i < parties.length; i++) {
            if (parties[i].organization == organization) roles |= uint16(1) << parties[i].role;
        }
    }

    function _decided(Entered memory entry, bytes32 parent, uint16 power)
        private
        view
        returns (Application memory application, uint32 agent)
    {
        _exists(entry.record);
        application = _applications[entry.record];
        if (entry.organization != application.authority) {
            revert OutsideJurisdiction(entry.organization, entry.record);
        }
        agent = _authorize(entry, power);
        _atHead(entry.record, parent);
    }

    function _checkSponsor(uint32 exporter, uint32 authority, bytes32 record) private view {
        if (_organization(exporter).sponsor != authority) revert OutsideJurisdiction(authority, record);
    }

    function _checkTerms(uint8 kind, uint64 validFrom, uint64 validUntil, bytes32 document) private pure {
        if (document == 0) revert CommitmentMissing("document");
        _within("kind", kind, 1, LicenseKind.LAST);
        // A retransfer or re-export continues a delivered shipment: no act can name one yet.
        if (kind == LicenseKind.RETRANSFER || kind == LicenseKind.REEXPORT) _within("kind", kind, 1, 4);
        _within("validUntil", validUntil, uint256(validFrom) + 1, type(uint40).max);
    }

    function _add(
        Entered memory entry,
        Application memory application,
        Party[] calldata parties,
        LicenseLine[] calldata lines
    ) private {
        _within("parties", parties.length, 1, MAX_PARTIES);
        for (uint256 i = 0; i < parties.length; i++) {
            _within("role", parties[i].role, 0, 8);
            uint16 roles = _organization(parties[i].organization).roles;
            uint16 role = uint16(1) << parties[i].role;
            if (roles & role == 0) revert RoleMissing(parties[i].organization, roles, role);
            _parties[entry.record].push(parties[i]);
        }
        _within("lines", lines.length, 1, MAX_LINES);
        bool open = application.recorded || application.kind == LicenseKind.OPEN
            || application.kind == LicenseKind.GENERAL;
        for (uint256 i = 0; i < lines.length; i++) {
            _lines[entry.record][i] = _checkedLine(lines[i], open, application.recorded);
        }
        application.lines = uint8(lines.length);
        _step(entry, application);
    }

    function _checkedLine(LicenseLine calldata line, bool open, bool recorded) private view returns (Line memory) {
        _within("unit", uint24(line.unit), 1, type(uint24).max);
        _within("decimals", line.decimals, 0, MAX_DECIMALS);
        if (line.granted > MAX_QUANTITY) revert QuantityTooLarge("granted", line.granted, MAX_QUANTITY);
        if (line.drawn > MAX_QUANTITY) revert QuantityTooLarge("drawn", line.drawn, MAX_QUANTITY);
        _within("unlimited", line.unlimited ? 1 : 0, 0, open ? 1 : 0);
        _within("granted", line.granted, line.unlimited ? 0 : 1, MAX_QUANTITY);
        _within("drawn", line.drawn, 0, recorded ? MAX_QUANTITY : 0);
        uint32 certificate = line.certificate == 0 ? 0 : CERTIFICATES.numberOf(line.certificate);
        if (line.certificate != 0 && certificate == 0) revert UnknownRecord(line.certificate);
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

    function _step(Entered memory entry, Application memory application) private {
        application.version += 1;
        _applications[entry.record] = application;
        _move(entry, application.version);
        _append(entry, _noNotes());
    }

    function _hashApply(ApplyForLicense calldata act) private pure returns (bytes32) {
        bytes memory head = abi.encode(
            APPLY_FOR_LICENSE, act.record, act.parent, act.organization, act.deadline, act.salt, act.kind
        );
        bytes memory terms = abi.encode(
            act.authority,
            act.validFrom,
            act.validUntil,
            act.document,
            _hashParties(act.parties),
            _hashLines(act.lines)
        );
        return keccak256(bytes.concat(head, terms));
    }

    function _hashRecord(RecordLicense calldata act) private pure returns (bytes32) {
        bytes memory head = abi.encode(
            RECORD_LICENSE, act.record, act.parent, act.organization, act.deadline, act.salt, act.kind
        );
        bytes memory terms = abi.encode(
            act.exporter,
            act.control,
            act.drawnShare,
            act.validFrom,
            act.validUntil,
            act.document,
            _hashParties(act.parties),
            _hashLines(act.lines)
        );
        return keccak256(bytes.concat(head, terms));
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
