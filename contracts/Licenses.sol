// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Acts} from "./Acts.sol";
import {
    CertificateStatus,
    Control,
    Grade,
    Kind,
    LicenseStatus,
    MAX_LINES,
    MAX_QUANTITY,
    Power,
    Role,
    WHOLE,
    WHOLE_VALUE
} from "./interfaces/Codes.sol";
import {Contracts} from "./interfaces/Deployment.sol";
import {
    CertificateMismatch,
    CertificateNotInForce,
    FourEyes,
    LicenseExpired,
    LicenseNotYetValid,
    LicenseStopped,
    LineFull,
    LinesNotAscending,
    NotAParty,
    OutsideJurisdiction,
    PolicyNotCurrent,
    QuantityExceeded,
    SameSuspender,
    UnitMismatch,
    UnknownRecord,
    ValueExceeded
} from "./interfaces/Errors.sol";
import {Application, IApplications, Line} from "./interfaces/IApplications.sol";
import {Certificate, CertifiedLine, Grant, ICertificates} from "./interfaces/ICertificates.sol";
import {Entered, Note} from "./interfaces/IJournal.sol";
import {
    ILicenses,
    ISSUE_LICENSE,
    IssueLicense,
    License,
    REINSTATE_LICENSE,
    ReinstateLicense,
    SUSPEND_LICENSE,
    Standing,
    SuspendLicense,
    Taking
} from "./interfaces/ILicenses.sol";
import {IPolicies, Terms} from "./interfaces/IPolicies.sol";
import {LineDelta, Source} from "./interfaces/IRecords.sol";
import {Records} from "./Records.sol";

/// Licenses and what is left of them.
///
/// STORED      parties, validity, stop, shares; per line what is granted and drawn.
/// DERIVED     expired, exhausted, not yet valid, and whether a suspension has lapsed.
/// TRUSTED     the authority's agents; Shipments for draws.
/// INVARIANTS  I1: drawn and shares stay within granted and tolerance; I2 with Certificates; I5 with Applications.
contract Licenses is ILicenses, Records {
    IPolicies private immutable POLICIES;
    ICertificates private immutable CERTIFICATES;
    IApplications private immutable APPLICATIONS;
    address private immutable SHIPMENTS;

    uint32 private _count;
    mapping(bytes32 record => uint32 number) private _numberOf;
    mapping(uint32 number => bytes32 record) private _recordOf;
    mapping(uint32 number => License) private _licenses;
    mapping(uint32 number => mapping(uint256 line => Line)) private _lines;

    constructor(Contracts memory contracts) Acts(contracts) {
        POLICIES = IPolicies(contracts.policies);
        CERTIFICATES = ICertificates(contracts.certificates);
        APPLICATIONS = IApplications(contracts.applications);
        SHIPMENTS = contracts.shipments;
    }

    /// @inheritdoc ILicenses
    function issueLicense(IssueLicense calldata act, bytes calldata signature) external {
        bytes memory encoded = abi.encode(act);
        Entered memory entry =
            _signed(60, act.record, act.organization, act.deadline, _hash(ISSUE_LICENSE, encoded), encoded, signature);
        _create(entry, act.parent, Kind.LICENSE, act.salt);
        Application memory application = APPLICATIONS.applicationOf(act.application);
        if (application.status == 0) revert UnknownRecord(act.application);
        if (act.organization != application.authority) {
            revert OutsideJurisdiction(act.organization, act.application);
        }
        uint32 agent = _authorize(entry, Power.DECIDE);
        (Line[] memory lines, Note memory note) =
            APPLICATIONS.grant(act.application, act.assessedHead, agent, act.record, _source(entry));
        uint32 current = POLICIES.currentOf(act.organization, application.kind);
        if (current == 0 || act.policy != current) revert PolicyNotCurrent(act.policy, current);
        uint256 earliest = application.recorded ? 0 : block.timestamp;
        if (earliest < act.validFrom) earliest = act.validFrom;
        _within("validUntil", act.validUntil, earliest + 1, type(uint40).max);

        _add(act, application, lines);
        _move(entry, 1);
        _append(entry, _grants(act.record, act.application, application.exporter, lines, note, _source(entry)));
    }

    /// @inheritdoc ILicenses
    function suspendLicense(SuspendLicense calldata act, bytes calldata signature) external {
        bytes memory encoded = abi.encode(act);
        Entered memory entry = _signed(
            62, act.record, act.organization, act.deadline, _hash(SUSPEND_LICENSE, encoded), encoded, signature
        );
        (License storage license, uint32 agent) = _enforced(entry);
        _inStatus(
            act.record,
            license.status,
            (uint16(1) << LicenseStatus.ISSUED) | (uint16(1) << LicenseStatus.SUSPENDED)
        );
        if (agent == license.suspender) revert SameSuspender(agent, act.record);

        uint256 until = block.timestamp + uint256(POLICIES.termsOf(license.policy).suspensionHours) * 1 hours;
        if (until > license.stoppedUntil) license.stoppedUntil = uint40(until);
        license.status = LicenseStatus.SUSPENDED;
        license.suspender = agent;
        _enter(entry, license);
    }

    /// @inheritdoc ILicenses
    function reinstateLicense(ReinstateLicense calldata act, bytes calldata signature) external {
        bytes memory encoded = abi.encode(act);
        Entered memory entry = _signed(
            64, act.record, act.organization, act.deadline, _hash(REINSTATE_LICENSE, encoded), encoded, signature
        );
        (License storage license, uint32 agent) = _enforced(entry);
        _inStatus(act.record, license.status, uint16(1) << LicenseStatus.SUSPENDED);
        if (agent == license.suspender) revert FourEyes(agent, act.record);

        license.stoppedUntil = uint40(block.timestamp);
        license.status = LicenseStatus.ISSUED;
        _enter(entry, license);
    }

    /// @inheritdoc ILicenses
    function draw(uint32 number, Taking calldata taking, Source calldata source) external returns (Note memory) {
        _only(SHIPMENTS);
        License storage license = _licenses[number];
        bytes32 record = _recordOf[number];
        uint64 time = uint64(block.timestamp);
        requireInForce(number, time);
        if (partyRoles(number, taking.endUser) & Role.END_USER == 0) revert NotAParty(taking.endUser, record);
        Terms memory terms = POLICIES.termsOf(license.policy);

        _within("draws", taking.lines.length, 1, MAX_LINES);
        for (uint256 i = 0; i < taking.lines.length; i++) {
            LineDelta calldata delta = taking.lines[i];
            _within("line", delta.line, 0, license.lines - 1);
            if (i > 0 && delta.line <= taking.lines[i - 1].line) {
                revert LinesNotAscending(delta.line, taking.lines[i - 1].line);
            }
            _drawLine(number, delta, license.control, terms.quantityTolerance);
            _checkEndUser(_lines[number][delta.line].certificate, taking.endUser, time);
        }
        if (license.control == Control.VALUE || license.control == Control.BOTH) {
            uint256 limit = WHOLE_VALUE * (WHOLE + terms.valueTolerance) / WHOLE;
            uint256 remaining = limit > license.shares ? limit - license.shares : 0;
            if (taking.share > remaining) revert ValueExceeded(record, taking.share, remaining);
        }
        license.shares += taking.share;

        return _noteOn(number, taking, source, 1);
    }

    /// @inheritdoc ILicenses
    function giveBack(uint32 number, Taking calldata taking, Source calldata source)
        external
        returns (Note memory)
    {
        _only(SHIPMENTS);
        for (uint256 i = 0; i < taking.lines.length; i++) {
            _lines[number][taking.lines[i].line].drawn -= uint80(uint96(taking.lines[i].quantity));
        }
        _licenses[number].shares -= taking.share;
        return _noteOn(number, taking, source, -1);
    }

    /// @inheritdoc ILicenses
    function requireInForce(uint32 number, uint64 moment) public view {
        License storage license = _licenses[number];
        bytes32 record = _recordOf[number];
        _inStatus(
            record, license.status, (uint16(1) << LicenseStatus.ISSUED) | (uint16(1) << LicenseStatus.SUSPENDED)
        );
        if (moment < license.validFrom) revert LicenseNotYetValid(record, license.validFrom, moment);
        if (moment >= license.validUntil) revert LicenseExpired(record, license.validUntil, moment);
        requireRunning(number, moment);
    }

    /// @inheritdoc ILicenses
    function requireRunning(uint32 number, uint64 moment) public view {
        uint64 stoppedUntil = _licenses[number].stoppedUntil;
        if (moment < stoppedUntil) revert LicenseStopped(_recordOf[number], stoppedUntil, moment);
    }

    /// @inheritdoc ILicenses
    function isValid(uint32 number, uint64 moment) external view returns (bool) {
        License storage license = _licenses[number];
        bool live = license.status == LicenseStatus.ISSUED || license.status == LicenseStatus.SUSPENDED;
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
            exporter: license.exporter,
            authority: license.authority,
            policy: license.policy,
            stoppedUntil: license.stoppedUntil
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
    function partyRoles(uint32 number, uint32 organization) public view returns (uint16) {
        return APPLICATIONS.partyRoles(_licenses[number].application, organization);
    }

    /// @inheritdoc ILicenses
    function balanceOf(uint32 number, uint8 line) external view returns (uint256 granted, uint256 drawn) {
        return (_lines[number][line].granted, _lines[number][line].drawn);
    }

    /// @inheritdoc ILicenses
    function certificates(uint32 number, uint8[] calldata lines, uint64 moment)
        external
        view
        returns (uint8 grade, uint32 failing)
    {
        grade = Grade.FULL;
        for (uint256 i = 0; i < lines.length; i++) {
            uint32 certificate = _lines[number][lines[i]].certificate;
            Certificate memory found = CERTIFICATES.certificateOf(certificate);
            bool valid = found.status == CertificateStatus.VALID;
            uint8 own = valid ? found.grade : 0;
            if (own < grade) grade = own;
            bool open = valid && found.validFrom <= moment && moment < found.validUntil;
            if (certificate != 0 && !open && failing == 0) failing = certificate;
        }
    }

    function _enforced(Entered memory entry) private returns (License storage license, uint32 agent) {
        _exists(entry.record);
        license = _licenses[_numberOf[entry.record]];
        if (entry.organization != license.authority) revert OutsideJurisdiction(entry.organization, entry.record);
        agent = _authorize(entry, Power.ENFORCE);
        _spend(entry);
    }

    function _enter(Entered memory entry, License storage license) private {
        license.version += 1;
        _move(entry, license.version);
        _append(entry, _noNotes());
    }

    function _add(IssueLicense calldata act, Application memory application, Line[] memory lines) private {
        uint32 number = ++_count;
        _numberOf[act.record] = number;
        _recordOf[number] = act.record;
        _licenses[number] = License({
            exporter: application.exporter,
            authority: application.authority,
            policy: act.policy,
            validFrom: uint40(act.validFrom),
            validUntil: uint40(act.validUntil),
            stoppedUntil: 0,
            status: LicenseStatus.ISSUED,
            kind: application.kind,
            control: application.recorded ? application.control : POLICIES.termsOf(act.policy).control,
            lines: uint8(lines.length),
            shares: application.drawnShare,
            suspender: 0,
            notes: 0,
            version: 1,
            application: act.application
        });
        for (uint256 i = 0; i < lines.length; i++) {
            _lines[number][i] = lines[i];
        }
    }

    /// Grants of every certificate that the lines name, each touched once, with the application's note in order of record.
    function _grants(
        bytes32 record,
        bytes32 application,
        uint32 exporter,
        Line[] memory lines,
        Note memory own,
        Source memory source
    ) private returns (Note[] memory notes) {
        Note[] memory found = new Note[](lines.length + 1);
        found[0] = own;
        uint256 count = 1;
        for (uint256 i = 0; i < lines.length; i++) {
            if (lines[i].certificate == 0 || _namedBefore(lines, i)) continue;
            _checkGranted(application, lines, lines[i].certificate);
            Grant memory taken = Grant({
                certificate: lines[i].certificate,
                license: record,
                exporter: exporter,
                lines: _taken(lines, lines[i].certificate)
            });
            found[count++] = CERTIFICATES.grant(taken, source);
        }

        notes = new Note[](count);
        for (uint256 i = 0; i < count; i++) {
            uint256 place = i;
            for (; place > 0 && notes[place - 1].record > found[i].record; place--) {
                notes[place] = notes[place - 1];
            }
            notes[place] = found[i];
        }
    }

    function _namedBefore(Line[] memory lines, uint256 index) private pure returns (bool) {
        for (uint256 i = 0; i < index; i++) {
            if (lines[i].certificate == lines[index].certificate) return true;
        }
        return false;
    }

    /// What the lines take from one certificate: one sum for each of its lines, ascending.
    function _taken(Line[] memory lines, uint32 certificate) private pure returns (LineDelta[] memory deltas) {
        uint256[] memory sums = new uint256[](MAX_LINES);
        uint256 count = 0;
        for (uint256 i = 0; i < lines.length; i++) {
            if (lines[i].certificate != certificate || lines[i].granted == 0) continue;
            if (sums[lines[i].certificateLine] == 0) count++;
            sums[lines[i].certificateLine] += lines[i].granted;
        }
        deltas = new LineDelta[](count);
        uint256 next = 0;
        for (uint256 line = 0; line < MAX_LINES; line++) {
            if (sums[line] != 0) {
                deltas[next++] = LineDelta({line: uint8(line), quantity: int96(uint96(sums[line]))});
            }
        }
    }

    function _checkGranted(bytes32 application, Line[] memory lines, uint32 certificate) private view {
        uint32 endUser = CERTIFICATES.certificateOf(certificate).endUser;
        if (APPLICATIONS.partyRoles(application, endUser) & Role.END_USER == 0) {
            revert CertificateMismatch(certificate, 0, endUser);
        }
        for (uint256 i = 0; i < lines.length; i++) {
            if (lines[i].certificate != certificate) continue;
            CertifiedLine memory line = CERTIFICATES.lineOf(certificate, lines[i].certificateLine);
            if (line.unit != lines[i].unit || line.decimals != lines[i].decimals) {
                revert UnitMismatch(certificate, lines[i].certificateLine, lines[i].unit, lines[i].decimals);
            }
        }
    }

    function _drawLine(uint32 number, LineDelta calldata delta, uint8 control, uint16 tolerance) private {
        Line storage line = _lines[number][delta.line];
        uint256 requested = uint256(int256(delta.quantity));
        uint256 drawn = line.drawn;
        uint256 limit = MAX_QUANTITY;
        if ((control == Control.QUANTITY || control == Control.BOTH) && !line.unlimited) {
            if (drawn >= line.granted) revert LineFull(_recordOf[number], delta.line, line.granted, drawn);
            uint256 tolerated = uint256(line.granted) * (WHOLE + tolerance) / WHOLE;
            if (tolerated < limit) limit = tolerated;
        }
        if (drawn + requested > limit) {
            revert QuantityExceeded(_recordOf[number], delta.line, requested, limit - drawn);
        }
        line.drawn = uint80(drawn + requested);
    }

    function _checkEndUser(uint32 certificate, uint32 endUser, uint64 time) private view {
        if (certificate == 0) return;
        Certificate memory found = CERTIFICATES.certificateOf(certificate);
        bool open = found.validFrom <= time && time < found.validUntil;
        if (found.status != CertificateStatus.VALID || !open) revert CertificateNotInForce(certificate, time);
        if (endUser != found.endUser) revert CertificateMismatch(certificate, endUser, found.endUser);
    }

    function _noteOn(uint32 number, Taking calldata taking, Source calldata source, int64 sign)
        private
        returns (Note memory)
    {
        LineDelta[] memory deltas = taking.lines;
        for (uint256 i = 0; i < deltas.length; i++) {
            deltas[i].quantity *= sign;
        }
        bytes memory delta = abi.encode(taking.shipment, sign * int64(uint64(taking.share)), deltas);
        uint32 count = ++_licenses[number].notes;
        return _note(_recordOf[number], count, source, delta);
    }
}
