// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Acts} from "./Acts.sol";
import {
    CertificateStatus, Grade, Kind, MAX_DECIMALS, MAX_LINES, MAX_QUANTITY, Power, Role
} from "./interfaces/Codes.sol";
import {Contracts} from "./interfaces/Deployment.sol";
import {
    AlreadyCosigned,
    CertificateExceeded,
    CertificateMismatch,
    CertificateNotInForce,
    GradeNotRaised,
    OutOfRange,
    OutsideJurisdiction,
    QuantityTooLarge,
    RoleMissing,
    RolesInvalid,
    UnitMismatch,
    UseWindowPassed,
    WrongOrganization
} from "./interfaces/Errors.sol";
import {
    CERTIFICATE_LINE,
    COSIGN_CERTIFICATE,
    Certificate,
    CertificateLine,
    CertifiedLine,
    CosignCertificate,
    ENDORSE_CERTIFICATE,
    EndorseCertificate,
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
/// STORED      parties, window, grade, status, who else signed, whether it was used; per line what is certified and
///             what licenses have granted of it; per line of succession its newest.
/// DERIVED     whether it is inside its window, and whether it may still be used.
/// TRUSTED     the end-user's key for grade A; a verifying authority for V; nobody for R; the end-user's sponsor for
///             an endorsement.
/// INVARIANTS  I2: granted <= certified on every line, inherited or not; I4: revoked and superseded are the end.
contract Certificates is ICertificates, Records {
    uint16 private constant VALID = uint16(1) << CertificateStatus.VALID;

    address private immutable APPLICATIONS;
    address private immutable ISSUANCE;

    uint32 private _count;
    mapping(bytes32 record => uint32 number) private _numberOf;
    mapping(uint32 number => bytes32 record) private _recordOf;
    mapping(uint32 number => Certificate) private _certificates;
    mapping(uint32 number => mapping(uint256 line => CertifiedLine)) private _lines;
    mapping(uint32 first => uint32 number) private _newest; // 0: never superseded

    constructor(Contracts memory contracts) Acts(contracts) {
        APPLICATIONS = contracts.applications;
        ISSUANCE = contracts.issuance;
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
    function cosignCertificate(CosignCertificate calldata act, bytes calldata signature) external {
        bytes memory encoded = abi.encode(act);
        Entered memory entry = _signed(
            41, act.record, act.organization, act.deadline, _hash(COSIGN_CERTIFICATE, encoded), encoded, signature
        );
        Certificate memory certificate = _certificate(act.record);
        uint16 role = uint16(1) << act.role;
        _authorizeCosigner(entry, certificate, role);
        _atHead(act.record, act.parent);
        _inStatus(act.record, certificate.status, VALID);
        // Another consignee takes the former one's place, so that a stranger cannot occupy it.
        bool same = role != Role.CONSIGNEE || certificate.consignee == act.organization;
        if (certificate.signers & role != 0 && same) revert AlreadyCosigned(act.record, act.role);
        _committed("document", act.document);

        certificate.signers |= role;
        if (role == Role.CONSIGNEE) certificate.consignee = act.organization;
        _step(entry, certificate, _noNotes());
    }

    /// @inheritdoc ICertificates
    function recordCertificate(RecordCertificate calldata act, bytes calldata signature) external {
        Entered memory entry = _signedTerms(42, RECORD_CERTIFICATE, act, signature);
        if (act.organization != act.exporter) revert WrongOrganization(act.organization, act.exporter);
        _authorize(entry, Power.APPLY);

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
        _inStatus(act.record, certificate.status, VALID);
        _committed("document", act.document);
        _within("method", act.method, 1, 6);
        if (certificate.grade >= Grade.VERIFIED) {
            revert GradeNotRaised(act.record, certificate.grade, Grade.VERIFIED);
        }

        certificate.grade = Grade.VERIFIED;
        _step(entry, certificate, _noNotes());
    }

    /// @inheritdoc ICertificates
    function endorseCertificate(EndorseCertificate calldata act, bytes calldata signature) external {
        bytes memory encoded = abi.encode(act);
        Entered memory entry = _signed(
            44, act.record, act.organization, act.deadline, _hash(ENDORSE_CERTIFICATE, encoded), encoded, signature
        );
        Certificate memory certificate = _certificate(act.record);
        if (act.organization != _organization(certificate.endUser).sponsor) {
            revert OutsideJurisdiction(act.organization, act.record);
        }
        _authorize(entry, Power.VERIFY);
        _spend(entry);
        _inStatus(act.record, certificate.status, VALID);
        _committed("document", act.document);
        if (certificate.signers & Role.AUTHORITY != 0) revert AlreadyCosigned(act.record, 0);

        certificate.signers |= Role.AUTHORITY;
        certificate.notes += 1;
        _certificates[certificate.number] = certificate;
        entry.version = certificate.version;
        entry.recordHead = _head(act.record);
        _append(entry, _oneNote(_note(act.record, certificate.notes, _source(entry), "")));
    }

    /// @inheritdoc ICertificates
    function revokeCertificate(RevokeCertificate calldata act, bytes calldata signature) external {
        bytes memory encoded = abi.encode(act);
        Entered memory entry = _signed(
            45, act.record, act.organization, act.deadline, _hash(REVOKE_CERTIFICATE, encoded), encoded, signature
        );
        Certificate memory certificate = _certificate(act.record);
        if (act.organization == certificate.endUser) {
            _authorize(entry, Power.CERTIFY);
        } else {
            bool endorsed = certificate.signers & Role.AUTHORITY != 0;
            if (!endorsed || act.organization != _organization(certificate.endUser).sponsor) {
                revert WrongOrganization(act.organization, certificate.endUser);
            }
            _authorize(entry, Power.VERIFY);
        }
        _spend(entry);
        _inStatus(act.record, certificate.status, VALID);

        certificate.status = CertificateStatus.REVOKED;
        _step(entry, certificate, _noNotes());
    }

    /// @inheritdoc ICertificates
    function name(uint32 number, bytes32 application, uint16 firstUseDays, uint16 lastUseDays, Source calldata source)
        external
        returns (Note memory)
    {
        _only(APPLICATIONS);
        Certificate storage certificate = _latest(number);
        uint64 time = uint64(block.timestamp);
        uint64 span = certificate.used ? lastUseDays : firstUseDays;
        uint64 until = certificate.validFrom + span * 1 days;
        if (span != 0 && time >= until) revert UseWindowPassed(certificate.number, until, time);

        certificate.used = true;
        return _noteOn(certificate, application, new LineDelta[](0), source);
    }

    /// @inheritdoc ICertificates
    function grant(Grant calldata taken, Source calldata source) external returns (Note memory) {
        _only(ISSUANCE);
        Certificate storage certificate = _latest(taken.certificate);
        uint32 number = certificate.number;
        uint64 time = uint64(block.timestamp);
        bool open = certificate.validFrom <= time && time < certificate.validUntil;
        if (certificate.status != CertificateStatus.VALID || !open) revert CertificateNotInForce(number, time);
        if (taken.exporter != certificate.exporter) {
            revert CertificateMismatch(number, taken.exporter, certificate.exporter);
        }
        for (uint256 i = 0; i < taken.lines.length; i++) {
            _grantLine(number, taken.lines[i]);
        }

        return _noteOn(certificate, taken.license, taken.lines, source);
    }

    /// @inheritdoc ICertificates
    function certificateOf(uint32 number) external view returns (Certificate memory) {
        return _certificates[number];
    }

    /// @inheritdoc ICertificates
    function newestOf(uint32 number) external view returns (Certificate memory) {
        return _latest(number);
    }

    /// @inheritdoc ICertificates
    function lineOf(uint32 number, uint8 line) external view returns (CertifiedLine memory) {
        Certificate storage certificate = _latest(number);
        uint256 count = certificate.lines;
        if (line >= count) revert OutOfRange("certificateLine", line, 0, count == 0 ? 0 : count - 1);
        return _lines[certificate.number][line];
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

    /// @param role the bit of the role in which the entry's organization signs
    function _authorizeCosigner(Entered memory entry, Certificate memory certificate, uint16 role) private view {
        if (role == Role.EXPORTER) {
            if (entry.organization != certificate.exporter) {
                revert WrongOrganization(entry.organization, certificate.exporter);
            }
            _authorize(entry, Power.APPLY);
        } else if (role == Role.CONSIGNEE) {
            _mustHave(entry.organization, Role.CONSIGNEE);
            _authorize(entry, Power.CERTIFY);
        } else {
            revert RolesInvalid(role, Role.EXPORTER | Role.CONSIGNEE);
        }
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
        Certificate memory former = _superseded(act, grade);

        Certificate memory certificate = _terms(act);
        uint32 number = ++_count;
        certificate.number = number;
        certificate.first = former.number == 0 ? number : former.first;
        certificate.grade = grade;
        // Who named the former one has used this one: it does not begin again.
        certificate.used = former.used;
        _numberOf[act.record] = number;
        _recordOf[number] = act.record;
        if (former.number != 0) _newest[former.first] = number;
        _addLines(number, former.number, act.lines);
        _step(entry, certificate, former.number == 0 ? _noNotes() : _oneNote(_supersede(former.number, entry)));
    }

    function _terms(RecordCertificate memory act) private pure returns (Certificate memory certificate) {
        certificate.exporter = act.exporter;
        certificate.endUser = act.endUser;
        certificate.authority = act.authority;
        certificate.validFrom = uint40(act.validFrom);
        certificate.validUntil = uint40(act.validUntil);
        certificate.status = CertificateStatus.VALID;
        certificate.lines = uint8(act.lines.length);
    }

    /// What licenses have granted of the former certificate is granted of the new one; `former` 0: there is none.
    function _addLines(uint32 number, uint32 former, CertificateLine[] memory lines) private {
        for (uint256 i = 0; i < lines.length; i++) {
            _lines[number][i] = CertifiedLine({
                certified: uint80(lines[i].quantity),
                granted: _lines[former][i].granted,
                unit: lines[i].unit,
                decimals: lines[i].decimals
            });
        }
    }

    function _supersede(uint32 number, Entered memory entry) private returns (Note memory) {
        Certificate storage certificate = _certificates[number];
        certificate.status = CertificateStatus.SUPERSEDED;
        return _noteOn(certificate, entry.record, new LineDelta[](0), _source(entry));
    }

    function _noteOn(Certificate storage certificate, bytes32 other, LineDelta[] memory lines, Source memory source)
        private
        returns (Note memory)
    {
        uint24 count = ++certificate.notes;
        return _note(_recordOf[certificate.number], count, source, abi.encode(other, lines));
    }

    /// The certificate that the act corrects, if it may; all 0 where it corrects none.
    function _superseded(RecordCertificate memory act, uint8 grade) private view returns (Certificate memory former) {
        if (act.supersedes == 0) return former;
        former = _certificate(act.supersedes);
        if (act.exporter != former.exporter) {
            revert CertificateMismatch(former.number, act.exporter, former.exporter);
        }
        if (act.endUser != former.endUser) revert CertificateMismatch(former.number, act.endUser, former.endUser);
        _inStatus(act.supersedes, former.status, VALID);
        if (grade < former.grade) revert GradeNotRaised(act.supersedes, former.grade, grade);
        _within("lines", act.lines.length, former.lines, MAX_LINES);
        for (uint8 i = 0; i < former.lines; i++) {
            CertifiedLine memory line = _lines[former.number][i];
            CertificateLine memory next = act.lines[i];
            if (next.unit != line.unit || next.decimals != line.decimals) {
                revert UnitMismatch(act.supersedes, i, next.unit, next.decimals);
            }
            if (next.quantity < line.granted) {
                revert CertificateExceeded(former.number, i, line.granted, next.quantity);
            }
        }
    }

    /// The newest certificate in the line of succession of that number.
    function _latest(uint32 number) private view returns (Certificate storage) {
        uint32 newest = _newest[_certificates[number].first];
        return _certificates[newest == 0 ? number : newest];
    }

    function _checkTerms(RecordCertificate memory act) private view {
        _committed("document", act.document);
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

    function _step(Entered memory entry, Certificate memory certificate, Note[] memory notes) private {
        certificate.version += 1;
        _certificates[certificate.number] = certificate;
        _move(entry, certificate.version);
        _append(entry, notes);
    }

    function _hashTerms(bytes32 typeHash, RecordCertificate memory act) private pure returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](act.lines.length);
        for (uint256 i = 0; i < hashes.length; i++) {
            hashes[i] = keccak256(abi.encode(CERTIFICATE_LINE, act.lines[i]));
        }
        bytes32 lines = keccak256(abi.encodePacked(hashes));
        bytes memory head = abi.encode(typeHash, act.record, act.parent, act.organization, act.deadline, act.salt);
        bytes memory terms = abi.encode(
            act.exporter,
            act.endUser,
            act.authority,
            act.validFrom,
            act.validUntil,
            act.supersedes,
            act.document,
            lines
        );
        return keccak256(bytes.concat(head, terms));
    }
}
