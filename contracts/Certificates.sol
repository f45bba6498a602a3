// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Acts} from "./Acts.sol";
import {
    CertificateStatus, Grade, Kind, MAX_DECIMALS, MAX_LINES, MAX_QUANTITY, Power, Role
} from "./interfaces/Codes.sol";
import {Contracts} from "./interfaces/Deployment.sol";
import {
    CertificateExceeded,
    CertificateMismatch,
    CertificateNotInForce,
    CommitmentMissing,
    GradeNotRaised,
    OutOfRange,
    OutsideJurisdiction,
    QuantityTooLarge,
    RoleMissing,
    WrongOrganization
} from "./interfaces/Errors.sol";
import {
    CERTIFICATE_LINE,
    Certificate,
    CertificateLine,
    CertifiedLine,
    Grant,
    ICertificates,
    RECORD_CERTIFICATE,
    REVOKE_CERTIFICATE,
    RecordCertificate,
    RevokeCertificate,
    SIGN_CERTIFICATE,
    SignCertificate,
    VERIFY_CERTIFICATE,
    VerifyCertificate
} from "./interfaces/ICertificates.sol";
import {Organization} from "./interfaces/IDirectory.sol";
import {Entered, Note} from "./interfaces/IJournal.sol";
import {LineDelta, Source} from "./interfaces/IRecords.sol";
import {Records} from "./Records.sol";

/// End-use certificates: what an end-user undertakes to receive, from whom, and how well that is proven.
///
/// STORED      parties, window, grade, status; per line what is certified and what licenses have granted of it.
/// DERIVED     whether it is inside its window.
/// TRUSTED     the end-user's key for grade A; a verifying authority for V; nobody for R.
/// INVARIANTS  I2: granted <= certified on every line; I4: revoked is the end.
contract Certificates is ICertificates, Records {
    address private immutable LICENSES;

    uint32 private _count;
    mapping(bytes32 record => uint32 number) private _numberOf;
    mapping(uint32 number => bytes32 record) private _recordOf;
    mapping(uint32 number => Certificate) private _certificates;
    mapping(uint32 number => mapping(uint256 line => CertifiedLine)) private _lines;

    constructor(Contracts memory contracts) Acts(contracts) {
        LICENSES = contracts.licenses;
    }

    /// @inheritdoc ICertificates
    function signCertificate(SignCertificate calldata act, bytes calldata signature) external {
        // The two acts have the same members, so one reading serves both.
        RecordCertificate memory terms = abi.decode(abi.encode(act), (RecordCertificate));
        Entered memory entry = _signedTerms(40, SIGN_CERTIFICATE, terms, signature);
        if (act.organization != act.endUser) revert WrongOrganization(act.organization, act.endUser);
        _authorize(entry, Power.CERTIFY);

        _add(entry, terms, Grade.FULL);
    }

    /// @inheritdoc ICertificates
    function recordCertificate(RecordCertificate calldata act, bytes calldata signature) external {
        Entered memory entry = _signedTerms(42, RECORD_CERTIFICATE, act, signature);
        if (act.organization != act.exporter) revert WrongOrganization(act.organization, act.exporter);
        _authorizeOrSponsor(entry, Power.APPLY);

        _add(entry, act, Grade.RECORDED);
    }

    /// @inheritdoc ICertificates
    function verifyCertificate(VerifyCertificate calldata act, bytes calldata signature) external {
        bytes memory encoded = abi.encode(act);
        Entered memory entry = _signed(
            43, act.record, act.organization, act.deadline, _hash(VERIFY_CERTIFICATE, encoded), encoded, signature
        );
        Certificate memory certificate = _certificate(act.record);
        if (act.organization != certificate.authority) {
            Organization memory mission = _organization(act.organization);
            if (mission.roles & Role.MISSION == 0 || mission.sponsor != certificate.authority) {
                revert OutsideJurisdiction(act.organization, act.record);
            }
        }
        _authorize(entry, Power.VERIFY);
        _atHead(act.record, act.parent);
        _inStatus(act.record, certificate.status, uint16(1) << CertificateStatus.VALID);
        if (act.document == 0) revert CommitmentMissing("document");
        _within("method", act.method, 1, 6);
        if (certificate.grade >= Grade.VERIFIED) {
            revert GradeNotRaised(act.record, certificate.grade, Grade.VERIFIED);
        }

        certificate.grade = Grade.VERIFIED;
        _step(entry, certificate);
    }

    /// @inheritdoc ICertificates
    function revokeCertificate(RevokeCertificate calldata act, bytes calldata signature) external {
        bytes memory encoded = abi.encode(act);
        Entered memory entry = _signed(
            45, act.record, act.organization, act.deadline, _hash(REVOKE_CERTIFICATE, encoded), encoded, signature
        );
        Certificate memory certificate = _certificate(act.record);
        if (act.organization != certificate.endUser) {
            revert WrongOrganization(act.organization, certificate.endUser);
        }
        _authorize(entry, Power.CERTIFY);
        _spend(entry);
        _inStatus(act.record, certificate.status, uint16(1) << CertificateStatus.VALID);

        certificate.status = CertificateStatus.REVOKED;
        _step(entry, certificate);
    }

    /// @inheritdoc ICertificates
    function grant(Grant calldata taken, Source calldata source) external returns (Note memory) {
        _only(LICENSES);
        Certificate storage certificate = _certificates[taken.certificate];
        uint64 time = uint64(block.timestamp);
        bool open = certificate.validFrom <= time && time < certificate.validUntil;
        if (certificate.status != CertificateStatus.VALID || !open) {
            revert CertificateNotInForce(taken.certificate, time);
        }
        if (taken.exporter != certificate.exporter) {
            revert CertificateMismatch(taken.certificate, taken.exporter, certificate.exporter);
        }
        for (uint256 i = 0; i < taken.lines.length; i++) {
            _grantLine(taken.certificate, taken.lines[i]);
        }

        uint24 count = ++certificate.notes;
        return _note(_recordOf[taken.certificate], count, source, abi.encode(taken.license, taken.lines));
    }

    /// @inheritdoc ICertificates
    function certificateOf(uint32 number) external view returns (Certificate memory) {
        return _certificates[number];
    }

    /// @inheritdoc ICertificates
    function lineOf(uint32 number, uint8 line) external view returns (CertifiedLine memory) {
        uint256 count = _certificates[number].lines;
        if (line >= count) revert OutOfRange("certificateLine", line, 0, count == 0 ? 0 : count - 1);
        return _lines[number][line];
    }

    /// @inheritdoc ICertificates
    function recordOf(uint32 number) external view returns (bytes32) {
        return _recordOf[number];
    }

    /// @inheritdoc ICertificates
    function numberOf(bytes32 record) external view returns (uint32) {
        return _numberOf[record];
    }

    function _grantLine(uint32 number, LineDelta calldata delta) private {
        CertifiedLine storage line = _lines[number][delta.line];
        uint256 requested = uint256(int256(delta.quantity));
        uint256 remaining = line.certified - line.granted;
        if (requested > remaining) revert CertificateExceeded(number, delta.line, requested, remaining);
        line.granted += uint80(requested);
    }

    function _signedTerms(uint8 kind, bytes32 typeHash, RecordCertificate memory act, bytes calldata signature)
        private
        view
        returns (Entered memory entry)
    {
        entry = _signed(
            kind, act.record, act.organization, act.deadline, _hashTerms(typeHash, act), abi.encode(act), signature
        );
        _create(entry, act.parent, Kind.CERTIFICATE, act.salt);
    }

    function _add(Entered memory entry, RecordCertificate memory act, uint8 grade) private {
        _checkTerms(act);
        uint32 number = ++_count;
        _numberOf[act.record] = number;
        _recordOf[number] = act.record;
        _certificates[number] = Certificate({
            exporter: act.exporter,
            endUser: act.endUser,
            authority: act.authority,
            validFrom: uint40(act.validFrom),
            validUntil: uint40(act.validUntil),
            status: CertificateStatus.VALID,
            grade: grade,
            lines: uint8(act.lines.length),
            version: 1,
            notes: 0
        });
        for (uint256 i = 0; i < act.lines.length; i++) {
            CertificateLine memory line = act.lines[i];
            _lines[number][i] = CertifiedLine({
                certified: uint80(line.quantity),
                granted: 0,
                unit: line.unit,
                decimals: line.decimals
            });
        }

        _move(entry, 1);
        _append(entry, _noNotes());
    }

    function _checkTerms(RecordCertificate memory act) private view {
        if (act.document == 0) revert CommitmentMissing("document");
        _mustHave(act.exporter, Role.EXPORTER);
        _mustHave(act.endUser, Role.END_USER);
        _mustHave(act.authority, Role.AUTHORITY);
        _within("validFrom", act.validFrom, 0, act.validUntil == 0 ? 0 : act.validUntil - 1);
        _within("validUntil", act.validUntil, block.timestamp + 1, type(uint40).max);
        _within("lines", act.lines.length, 1, MAX_LINES);
        for (uint256 i = 0; i < act.lines.length; i++) {
            CertificateLine memory line = act.lines[i];
            _within("unit", uint24(line.unit), 1, type(uint24).max);
            _within("decimals", line.decimals, 0, MAX_DECIMALS);
            if (line.quantity > MAX_QUANTITY) revert QuantityTooLarge("quantity", line.quantity, MAX_QUANTITY);
            _within("quantity", line.quantity, 1, MAX_QUANTITY);
        }
    }

    function _mustHave(uint32 organization, uint16 role) private view {
        uint16 roles = _roles(organization);
        if (roles & role == 0) revert RoleMissing(organization, roles, role);
    }

    function _certificate(bytes32 record) private view returns (Certificate memory) {
        _exists(record);
        return _certificates[_numberOf[record]];
    }

    function _step(Entered memory entry, Certificate memory certificate) private {
        certificate.version += 1;
        _certificates[_numberOf[entry.record]] = certificate;
        _move(entry, certificate.version);
        _append(entry, _noNotes());
    }

    function _hashTerms(bytes32 typeHash, RecordCertificate memory act) private pure returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](act.lines.length);
        for (uint256 i = 0; i < hashes.length; i++) {
            hashes[i] = keccak256(abi.encode(CERTIFICATE_LINE, act.lines[i]));
        }
        bytes32 lines = keccak256(abi.encodePacked(hashes));
        bytes memory head = abi.encode(typeHash, act.record, act.parent, act.organization, act.deadline, act.salt);
        bytes memory terms =
            abi.encode(act.exporter, act.endUser, act.authority, act.validFrom, act.validUntil, act.document, lines);
        return keccak256(bytes.concat(head, terms));
    }
}
