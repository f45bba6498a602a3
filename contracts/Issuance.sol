// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Acts} from "./Acts.sol";
import {CertificateStatus, Kind, LicenseKind, LicenseStatus, MAX_LINES, Power, Role} from "./interfaces/Codes.sol";
import {Contracts} from "./interfaces/Deployment.sol";
import {
    AlreadyBound,
    BalanceExceeded,
    CertificateMismatch,
    OutsideJurisdiction,
    PolicyNotCurrent,
    UnitMismatch,
    UnknownRecord,
    WrongContinuation,
    WrongOrganization
} from "./interfaces/Errors.sol";
import {Application, IApplications, Line} from "./interfaces/IApplications.sol";
import {Certificate, CertifiedLine, Grant, ICertificates} from "./interfaces/ICertificates.sol";
import {
    BIND_CERTIFICATE,
    BindCertificate,
    IIssuance,
    ISSUE_LICENSE,
    IssueLicense,
    SUPERSEDE_LICENSE,
    SupersedeLicense
} from "./interfaces/IIssuance.sol";
import {Entered, Note} from "./interfaces/IJournal.sol";
import {ILicenses, License} from "./interfaces/ILicenses.sol";
import {IPolicies, Terms} from "./interfaces/IPolicies.sol";
import {LineDelta} from "./interfaces/IRecords.sol";
import {IShipments} from "./interfaces/IShipments.sol";

/// How an assessed application becomes a license, and what stands behind its lines.
///
/// STORED      nothing: licenses are written through Licenses.enter, bind and supersede.
/// TRUSTED     the authority's agents with DECIDE; the exporter for the certificate that it binds.
/// INVARIANTS  I2 with Certificates; I5 with Applications; I11 with Shipments.
contract Issuance is IIssuance, Acts {
    IPolicies private immutable POLICIES;
    ICertificates private immutable CERTIFICATES;
    IApplications private immutable APPLICATIONS;
    ILicenses private immutable LICENSES;
    IShipments private immutable SHIPMENTS;

    /// Number and type of an act. Structs, because the compiler copies a function for every constant that
    /// it is called with.
    struct Row {
        uint8 kind;
        bytes32 typeHash;
    }

    /// What makes a license of an application.
    struct Making {
        bytes32 application;
        bytes32 assessedHead;
        uint32 policy;
        uint64 validFrom;
        uint64 validUntil;
        uint64 returnBy;
        uint32 superseded; // number of the license that the application must continue; 0: it must continue none
    }

    /// What an act leaves: a license, its lines, notes on other records.
    struct Outcome {
        License license;
        Line[] lines;
        bytes32 continues;
        Note[] notes; // the first `count` of them
        uint256 count;
    }

    constructor(Contracts memory contracts) Acts(contracts) {
        POLICIES = IPolicies(contracts.policies);
        CERTIFICATES = ICertificates(contracts.certificates);
        APPLICATIONS = IApplications(contracts.applications);
        LICENSES = ILicenses(contracts.licenses);
        SHIPMENTS = IShipments(contracts.shipments);
    }

    /// @inheritdoc IIssuance
    function issueLicense(IssueLicense calldata act, bytes calldata signature) external {
        Entered memory entry = _read(Row(60, ISSUE_LICENSE), abi.encode(act), signature);
        _createIn(LICENSES, entry, act.parent, Kind.LICENSE, act.salt);
        Making memory making;
        making.application = act.application;
        making.assessedHead = act.assessedHead;
        making.policy = act.policy;
        making.validFrom = act.validFrom;
        making.validUntil = act.validUntil;
        making.returnBy = act.returnBy;
        Outcome memory outcome = _decide(entry, making);

        _grant(entry, outcome);
        _continue(entry, outcome);
        _enter(entry, outcome);
    }

    /// @inheritdoc IIssuance
    function bindCertificate(BindCertificate calldata act, bytes calldata signature) external {
        Entered memory entry = _read(Row(61, BIND_CERTIFICATE), abi.encode(act), signature);
        uint32 number = _numberOf(act.record);
        if (number == 0) revert UnknownRecord(act.record);
        Outcome memory outcome;
        outcome.license = LICENSES.licenseOf(number);
        if (act.organization != outcome.license.exporter) {
            revert WrongOrganization(act.organization, outcome.license.exporter);
        }
        _authorize(entry, Power.APPLY);
        _atHeadIn(LICENSES, act.record, act.parent);
        _inStatus(act.record, outcome.license.status, LicenseStatus.LIVE);
        _within("line", act.line, 0, outcome.license.lines - 1);
        outcome.lines = new Line[](1);
        outcome.lines[0] = _bound(act, LICENSES.lineOf(number, act.line));

        outcome.notes = new Note[](1);
        _grant(entry, outcome);
        LICENSES.bind(entry, act.line, outcome.lines[0].certificate, act.certificateLine, outcome.notes[0]);
    }

    /// @inheritdoc IIssuance
    function supersedeLicense(SupersedeLicense calldata act, bytes calldata signature) external {
        Entered memory entry = _read(Row(67, SUPERSEDE_LICENSE), abi.encode(act), signature);
        _createIn(LICENSES, entry, act.parent, Kind.LICENSE, act.salt);
        Making memory making;
        making.superseded = _numberOf(act.license);
        if (making.superseded == 0) revert UnknownRecord(act.license);
        making.application = act.application;
        making.assessedHead = act.assessedHead;
        making.policy = act.policy;
        making.validFrom = act.validFrom;
        making.validUntil = act.validUntil;
        making.returnBy = act.returnBy;
        Outcome memory outcome = _decide(entry, making);
        _checkSuperseded(act.license, making.superseded, outcome);

        _add(outcome, LICENSES.supersede(making.superseded, act.record, outcome.lines, _source(entry)));
        _enter(entry, outcome);
    }

    /// Every act is a struct of single words.
    function _read(Row memory row, bytes memory act, bytes calldata signature) private view returns (Entered memory) {
        (bytes32 record,, uint32 organization, uint64 deadline) =
            abi.decode(act, (bytes32, bytes32, uint32, uint64));
        return _signed(row.kind, record, organization, deadline, _hash(row.typeHash, act), act, signature);
    }

    function _add(Outcome memory outcome, Note memory note) private pure {
        outcome.notes[outcome.count++] = note;
    }

    function _enter(Entered memory entry, Outcome memory outcome) private {
        LICENSES.enter(entry, outcome.license, _ascending(outcome.notes, outcome.count));
    }

    function _numberOf(bytes32 license) private view returns (uint32) {
        return LICENSES.numberOf(license);
    }

    /// What both acts that make a license ask first.
    function _decide(Entered memory entry, Making memory making) private returns (Outcome memory outcome) {
        Application memory application = APPLICATIONS.applicationOf(making.application);
        if (application.status == 0) revert UnknownRecord(making.application);
        if (entry.organization != application.authority) {
            revert OutsideJurisdiction(entry.organization, making.application);
        }
        (uint32 agent,) = _authorize(entry, Power.DECIDE);
        Note memory note =
            APPLICATIONS.grant(making.application, making.assessedHead, agent, entry.record, _source(entry));
        if (_numberOf(application.continues) != making.superseded) {
            revert WrongContinuation(making.application, application.continues);
        }
        uint32 current = POLICIES.currentOf(entry.organization, application.kind);
        if (current == 0 || making.policy != current) revert PolicyNotCurrent(making.policy, current);
        _checkTimes(making, application);

        outcome.continues = application.continues;
        outcome.lines = LICENSES.proposedOf(making.application, application.lines);
        outcome.license = _license(making, application);
        // One for the application, one for each certificate, one for what is continued or superseded.
        outcome.notes = new Note[](outcome.lines.length + 2);
        _add(outcome, note);
    }

    function _checkTimes(Making memory making, Application memory application) private view {
        uint256 earliest = application.recorded ? 0 : block.timestamp;
        if (earliest < making.validFrom) earliest = making.validFrom;
        _within("validUntil", making.validUntil, earliest + 1, type(uint40).max);
        if (application.kind == LicenseKind.TEMPORARY) {
            _within("returnBy", making.returnBy, uint256(making.validFrom) + 1, type(uint40).max);
        } else {
            _within("returnBy", making.returnBy, 0, 0);
        }
    }

    function _license(Making memory making, Application memory application)
        private
        view
        returns (License memory license)
    {
        Terms memory terms = POLICIES.termsOf(making.policy);
        license.authority = application.authority;
        license.validFrom = uint40(making.validFrom);
        license.validUntil = uint40(making.validUntil);
        license.returnBy = uint40(making.returnBy);
        license.handoffHours = terms.handoffHours;
        license.latenessHours = terms.latenessHours;
        license.countTolerance = terms.countTolerance;
        license.status = LicenseStatus.ISSUED;
        license.kind = application.kind;
        license.exporter = application.exporter;
        license.policy = making.policy;
        license.shares = application.drawnShare;
        license.version = 1;
        license.control = application.recorded ? application.control : terms.control;
        license.lines = application.lines;
        license.application = making.application;
    }

    /// Takes what the lines name of every certificate, each touched once.
    function _grant(Entered memory entry, Outcome memory outcome) private {
        Line[] memory lines = outcome.lines;
        uint32[] memory named = new uint32[](lines.length);
        for (uint256 i = 0; i < lines.length; i++) {
            // Neighbours mostly name the same.
            bool same = i > 0 && lines[i].certificate == lines[i - 1].certificate;
            named[i] = same ? named[i - 1] : _newest(lines[i].certificate).number;
        }
        for (uint256 i = 0; i < lines.length; i++) {
            if (named[i] == 0 || _isNamedBefore(named, i)) continue;
            _checkCertificate(outcome.license.application, lines, named, named[i]);
            Grant memory taken = Grant({
                certificate: named[i],
                license: entry.record,
                exporter: outcome.license.exporter,
                lines: _taken(lines, named, named[i])
            });
            _add(outcome, CERTIFICATES.grant(taken, _source(entry)));
        }
    }

    /// The newest of a certificate's line of succession, which two lines may name by different numbers; all 0 for 0.
    function _newest(uint32 certificate) private view returns (Certificate memory newest) {
        if (certificate != 0) newest = CERTIFICATES.newestOf(certificate);
    }

    function _isNamedBefore(uint32[] memory named, uint256 index) private pure returns (bool) {
        for (uint256 i = 0; i < index; i++) {
            if (named[i] == named[index]) return true;
        }
        return false;
    }

    function _checkCertificate(bytes32 application, Line[] memory lines, uint32[] memory named, uint32 certificate)
        private
        view
    {
        uint32 endUser = _newest(certificate).endUser;
        if (APPLICATIONS.partyRoles(application, endUser) & Role.END_USER == 0) {
            revert CertificateMismatch(certificate, 0, endUser);
        }
        for (uint256 i = 0; i < lines.length; i++) {
            if (named[i] != certificate) continue;
            CertifiedLine memory line = CERTIFICATES.lineOf(certificate, lines[i].certificateLine);
            if (line.unit != lines[i].unit || line.decimals != lines[i].decimals) {
                bytes32 record = CERTIFICATES.recordOf(certificate);
                revert UnitMismatch(record, lines[i].certificateLine, lines[i].unit, lines[i].decimals);
            }
        }
    }

    /// What the lines take from one certificate: one sum for each of its lines, ascending.
    function _taken(Line[] memory lines, uint32[] memory named, uint32 certificate)
        private
        pure
        returns (LineDelta[] memory)
    {
        uint256[] memory sums = new uint256[](MAX_LINES);
        for (uint256 i = 0; i < lines.length; i++) {
            if (named[i] == certificate) sums[lines[i].certificateLine] += lines[i].granted;
        }
        return _deltas(sums);
    }

    /// The quantities by line; zeros left out.
    function _deltas(uint256[] memory quantities) private pure returns (LineDelta[] memory deltas) {
        uint256 count = 0;
        for (uint256 i = 0; i < quantities.length; i++) {
            if (quantities[i] != 0) count++;
        }
        deltas = new LineDelta[](count);
        uint256 next = 0;
        for (uint256 i = 0; i < quantities.length; i++) {
            if (quantities[i] == 0) continue;
            deltas[next++] = LineDelta({line: uint8(i), quantity: int96(uint96(quantities[i]))});
        }
    }

    /// Goods of a delivered shipment go on (I11).
    function _continue(Entered memory entry, Outcome memory outcome) private {
        uint8 kind = outcome.license.kind;
        if (kind != LicenseKind.RETRANSFER && kind != LicenseKind.REEXPORT) return;
        uint256[] memory quantities = new uint256[](outcome.lines.length);
        for (uint256 i = 0; i < quantities.length; i++) {
            quantities[i] = outcome.lines[i].granted;
        }
        _add(outcome, SHIPMENTS.extend(outcome.continues, entry.record, _deltas(quantities), _source(entry)));
    }

    /// The license line as it takes from the certificate that the act names.
    function _bound(BindCertificate calldata act, Line memory line) private view returns (Line memory) {
        bool again = line.certificate != 0;
        if (again && _isInForce(line.certificate)) revert AlreadyBound(act.record, act.line, line.certificate);
        line.certificate = CERTIFICATES.numberOf(act.certificate);
        if (line.certificate == 0) revert UnknownRecord(act.certificate);

        line.certificateLine = act.certificateLine;
        // What is drawn stays with the certificate under which it was drawn.
        if (again) line.granted = uint80(_balance(line));
        if (line.unlimited) line.granted = 0;
        return line;
    }

    function _isInForce(uint32 certificate) private view returns (bool) {
        Certificate memory found = _newest(certificate);
        return found.status == CertificateStatus.VALID && found.validFrom <= block.timestamp
            && block.timestamp < found.validUntil;
    }

    function _checkSuperseded(bytes32 record, uint32 number, Outcome memory outcome) private view {
        License memory old = LICENSES.licenseOf(number);
        _inStatus(record, old.status, uint16(1) << LicenseStatus.ISSUED);
        if (outcome.license.exporter != old.exporter) {
            revert WrongOrganization(outcome.license.exporter, old.exporter);
        }
        _within("lines", outcome.lines.length, old.lines, old.lines);
        for (uint256 i = 0; i < outcome.lines.length; i++) {
            _checkLine(record, uint8(i), outcome.lines[i], LICENSES.lineOf(number, uint8(i)));
        }
    }

    function _checkLine(bytes32 record, uint8 index, Line memory line, Line memory old) private view {
        if (line.unit != old.unit || line.decimals != old.decimals) {
            revert UnitMismatch(record, index, line.unit, line.decimals);
        }
        // No organization is at fault where the certificate is another one.
        bool same = _newest(line.certificate).number == _newest(old.certificate).number
            && (line.certificate == 0 || line.certificateLine == old.certificateLine);
        if (!same) revert CertificateMismatch(line.certificate, 0, 0);
        if (line.unlimited) _within("unlimited", 1, 0, old.unlimited ? 1 : 0);
        uint256 balance = _balance(old);
        if (line.granted > balance) revert BalanceExceeded(record, index, line.granted, balance);
    }

    /// What is not drawn of a line; a tolerance may have let more be drawn than granted.
    function _balance(Line memory line) private pure returns (uint256) {
        return line.granted > line.drawn ? line.granted - line.drawn : 0;
    }
}
