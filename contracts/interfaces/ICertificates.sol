// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Note} from "./IJournal.sol";
import {IRecords, LineDelta, Source} from "./IRecords.sol";

bytes32 constant CERTIFICATE_LINE = keccak256("CertificateLine(bytes3 unit,uint8 decimals,uint96 quantity)");
bytes32 constant SIGN_CERTIFICATE = keccak256(
    "SignCertificate(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,bytes32 salt,uint32 exporter,uint32 endUser,uint32 authority,uint64 validFrom,uint64 validUntil,bytes32 supersedes,bytes32 document,CertificateLine[] lines)CertificateLine(bytes3 unit,uint8 decimals,uint96 quantity)"
);
bytes32 constant COSIGN_CERTIFICATE = keccak256(
    "CosignCertificate(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,uint8 role,bytes32 document)"
);
bytes32 constant RECORD_CERTIFICATE = keccak256(
    "RecordCertificate(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,bytes32 salt,uint32 exporter,uint32 endUser,uint32 authority,uint64 validFrom,uint64 validUntil,bytes32 supersedes,bytes32 document,CertificateLine[] lines)CertificateLine(bytes3 unit,uint8 decimals,uint96 quantity)"
);
bytes32 constant VERIFY_CERTIFICATE = keccak256(
    "VerifyCertificate(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,uint8 method,bytes32 document)"
);
bytes32 constant ENDORSE_CERTIFICATE = keccak256(
    "EndorseCertificate(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,bytes32 document)"
);
bytes32 constant REVOKE_CERTIFICATE =
    keccak256("RevokeCertificate(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,uint8 reason)");

/// What the end-user undertakes to receive; a quantity counts 10^-decimals of the unit.
struct CertificateLine {
    bytes3 unit; // UNECE Rec 20, right-padded with 0
    uint8 decimals;
    uint96 quantity;
}

/// 40: the end-user's official signs with the end-user's own key.
struct SignCertificate {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    bytes32 salt;
    uint32 exporter;
    uint32 endUser;
    uint32 authority;
    uint64 validFrom;
    uint64 validUntil; // first instant after
    bytes32 supersedes; // record id of the certificate that it corrects; 0: none
    bytes32 document;
    CertificateLine[] lines;
}

/// 41: the consignee or the applicant signs as well.
struct CosignCertificate {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    uint8 role; // 3 exporter, 5 consignee
    bytes32 document;
}

/// 42: the exporter records a certificate that exists on paper.
struct RecordCertificate {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    bytes32 salt;
    uint32 exporter;
    uint32 endUser;
    uint32 authority;
    uint64 validFrom;
    uint64 validUntil;
    bytes32 supersedes;
    bytes32 document;
    CertificateLine[] lines;
}

/// 43: the authority or its mission has checked the paper with its issuer.
struct VerifyCertificate {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    uint8 method;
    bytes32 document;
}

/// 44: the government of the end-user stands behind it.
struct EndorseCertificate {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    bytes32 document;
}

/// 45: the end-user, or who endorsed it, takes the undertaking back.
struct RevokeCertificate {
    bytes32 record;
    bytes32 parent;
    uint32 organization;
    uint64 deadline;
    uint8 reason;
}

struct Certificate {
    uint32 exporter;
    uint32 endUser;
    uint32 authority;
    uint40 validFrom;
    uint40 validUntil;
    uint8 status;
    uint8 grade;
    uint8 lines;
    uint32 version;
    uint24 notes;
    // second slot
    uint32 number;
    uint32 first; // number of the first of its line of succession
    uint32 consignee; // that cosigned; 0: none
    uint16 signers; // roles that cosigned: EXPORTER, CONSIGNEE; AUTHORITY: endorsed
    bool used; // named by an application
}

struct CertifiedLine {
    uint80 certified;
    uint80 granted;
    bytes3 unit;
    uint8 decimals;
}

/// What a license takes from one certificate.
struct Grant {
    uint32 certificate;
    bytes32 license;
    uint32 exporter;
    LineDelta[] lines; // ascending by line
}

interface ICertificates is IRecords {
    function signCertificate(SignCertificate calldata act, bytes calldata signature) external;
    function cosignCertificate(CosignCertificate calldata act, bytes calldata signature) external;
    function recordCertificate(RecordCertificate calldata act, bytes calldata signature) external;
    function verifyCertificate(VerifyCertificate calldata act, bytes calldata signature) external;
    function endorseCertificate(EndorseCertificate calldata act, bytes calldata signature) external;
    function revokeCertificate(RevokeCertificate calldata act, bytes calldata signature) external;

    /// Notes that an application names a certificate, if it may still be used. Only Applications may call.
    /// @param firstUseDays days from validFrom for the first use, `lastUseDays` for a later one; 0: not asked
    function name(uint32 number, bytes32 application, uint16 firstUseDays, uint16 lastUseDays, Source calldata source)
        external
        returns (Note memory);

    /// Adds what a license grants (I2) and notes it. Only Issuance may call.
    function grant(Grant calldata taken, Source calldata source) external returns (Note memory);

    /// The certificate of that number; all 0 where there is none.
    function certificateOf(uint32 number) external view returns (Certificate memory);

    /// The newest certificate in the line of succession of that number; all 0 where there is none.
    function newestOf(uint32 number) external view returns (Certificate memory);

    /// One line of the newest certificate in the line of succession; reverts where there is none.
    function lineOf(uint32 number, uint8 line) external view returns (CertifiedLine memory);

    /// The record id of a certificate by its number; 0 where there is none.
    function recordOf(uint32 number) external view returns (bytes32);

    /// The number of a certificate by its record id; 0 where there is none.
    function numberOf(bytes32 record) external view returns (uint32);
}
