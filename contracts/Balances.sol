// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {CertificateStatus, Control, MAX_QUANTITY, Role, WHOLE, WHOLE_VALUE} from "./interfaces/Codes.sol";
import {Contracts} from "./interfaces/Deployment.sol";
import {
    CertificateMismatch,
    CertificateNotInForce,
    LineFull,
    LinesNotAscending,
    QuantityExceeded,
    QuantityTooLarge,
    ValueExceeded
} from "./interfaces/Errors.sol";
import {IApplications, Line} from "./interfaces/IApplications.sol";
import {Certificate, ICertificates} from "./interfaces/ICertificates.sol";
import {Note} from "./interfaces/IJournal.sol";
import {License, Taking} from "./interfaces/ILicenses.sol";
import {IPolicies, Terms} from "./interfaces/IPolicies.sol";
import {LineDelta, Source} from "./interfaces/IRecords.sol";
import {Records} from "./Records.sol";

/// What is left of licenses, and how shipments draw on them.
///
/// STORED      each license; per line what is granted and drawn.
/// DERIVED     exhausted; whether the certificate behind a line is in force.
/// INVARIANTS  I1: a permission leaves drawn and shares within granted and tolerance.
abstract contract Balances is Records {
    IPolicies private immutable POLICIES;
    ICertificates private immutable CERTIFICATES;
    IApplications internal immutable APPLICATIONS;

    /// What bounds a draw.
    struct Bounds {
        bool quantity;
        bool value;
        uint16 quantityTolerance;
        uint16 valueTolerance;
        bool lax; // a bound is passed instead of refusing the draw
        bool passed;
    }

    mapping(uint32 number => bytes32 record) internal _recordOf;
    mapping(uint32 number => License) internal _licenses;
    mapping(bytes32 application => mapping(uint256 line => Line)) internal _lines;

    constructor(Contracts memory contracts) {
        POLICIES = IPolicies(contracts.policies);
        CERTIFICATES = ICertificates(contracts.certificates);
        APPLICATIONS = IApplications(contracts.applications);
    }

    /// A line of a license is the line of its application, from the day it was asked for.
    function _line(uint32 number, uint256 line) internal view returns (Line storage) {
        return _lines[_licenses[number].application][line];
    }

    function _terms(uint32 number) internal view returns (Terms memory) {
        return POLICIES.termsOf(_licenses[number].policy);
    }

    function _partyRoles(uint32 number, uint32 organization) internal view returns (uint16) {
        return APPLICATIONS.partyRoles(_licenses[number].application, organization);
    }

    /// What a new shipment drew before, line by line: nothing. Its lines are ascending and known.
    function _nothing(uint32 number, Taking memory taking) internal view returns (Taking memory former) {
        former.lines = new LineDelta[](taking.lines.length);
        for (uint256 i = 0; i < taking.lines.length; i++) {
            uint8 line = taking.lines[i].line;
            if (i > 0 && line <= taking.lines[i - 1].line) revert LinesNotAscending(line, taking.lines[i - 1].line);
            _within("line", line, 0, _licenses[number].lines - 1);
        }
    }

    function _bounds(uint32 number) internal view returns (Bounds memory bounds) {
        uint8 control = _licenses[number].control;
        Terms memory terms = _terms(number);
        bounds.quantity = control == Control.QUANTITY || control == Control.BOTH;
        bounds.value = control == Control.VALUE || control == Control.BOTH;
        bounds.quantityTolerance = terms.quantityTolerance;
        bounds.valueTolerance = terms.valueTolerance;
    }

    /// Takes the former draw back and draws anew. Only what is added is bounded, and asks for certificates: less must
    /// stay possible on a line that a transfer has overdrawn.
    function _take(
        uint32 number,
        Taking memory former,
        Taking memory taking,
        Source memory source,
        Bounds memory bounds
    ) internal returns (Note memory) {
        LineDelta[] memory changes = taking.lines;
        for (uint256 i = 0; i < changes.length; i++) {
            _drawLine(number, former.lines[i], changes[i], bounds);
        }
        _drawShare(number, former.share, taking.share, bounds);
        uint32 checked = 0;
        for (uint256 i = 0; i < changes.length; i++) {
            changes[i].quantity -= former.lines[i].quantity;
            uint32 named = _line(number, changes[i].line).certificate;
            if (bounds.lax || changes[i].quantity <= 0 || named == checked) continue;
            _checkCertificate(named, taking.endUser);
            checked = named;
        }
        int64 share = int64(uint64(taking.share)) - int64(uint64(former.share));
        return _drawnNote(number, taking.shipment, share, changes, source);
    }

    function _drawLine(uint32 number, LineDelta memory former, LineDelta memory delta, Bounds memory bounds) private {
        Line storage line = _line(number, delta.line);
        uint256 before = line.drawn - uint96(former.quantity);
        uint256 requested = uint96(delta.quantity);
        if (delta.quantity > former.quantity) {
            uint256 limit = MAX_QUANTITY;
            if (bounds.quantity && !line.unlimited) {
                if (before >= line.granted) {
                    if (!bounds.lax) revert LineFull(_recordOf[number], delta.line, line.granted, before);
                    bounds.passed = true;
                }
                // A tolerance never passes what can be stored.
                uint256 tolerated = line.granted * (WHOLE + bounds.quantityTolerance) / WHOLE;
                if (tolerated < limit) limit = tolerated;
            }
            if (before + requested > limit) {
                if (!bounds.lax) revert QuantityExceeded(_recordOf[number], delta.line, requested, limit - before);
                bounds.passed = true;
            }
        }
        if (before + requested > MAX_QUANTITY) revert QuantityTooLarge("drawn", before + requested, MAX_QUANTITY);
        line.drawn = uint80(before + requested);
    }

    function _drawShare(uint32 number, uint32 former, uint32 share, Bounds memory bounds) private {
        uint256 before = _licenses[number].shares - former;
        if (share > former && bounds.value) {
            uint256 limit = WHOLE_VALUE * (WHOLE + bounds.valueTolerance) / WHOLE;
            uint256 remaining = limit > before ? limit - before : 0;
            if (share > remaining) {
                if (!bounds.lax) revert ValueExceeded(_recordOf[number], share, remaining);
                bounds.passed = true;
            }
        }
        _licenses[number].shares = uint64(before + share);
    }

    function _giveBack(uint32 number, Taking memory taking) internal {
        for (uint256 i = 0; i < taking.lines.length; i++) {
            _line(number, taking.lines[i].line).drawn -= uint80(uint96(taking.lines[i].quantity));
        }
        _licenses[number].shares -= taking.share;
    }

    /// Gives a draw back, and the note of it.
    function _returned(uint32 number, Taking memory taking, Source memory source) internal returns (Note memory) {
        _giveBack(number, taking);
        for (uint256 i = 0; i < taking.lines.length; i++) {
            taking.lines[i].quantity = -taking.lines[i].quantity;
        }
        return _drawnNote(number, taking.shipment, -int64(uint64(taking.share)), taking.lines, source);
    }

    /// The newest certificate of the line of succession that a license line names; all 0 for 0.
    function _certificate(uint32 named) internal view returns (Certificate memory found) {
        if (named != 0) found = CERTIFICATES.newestOf(named);
    }

    function _isInForce(Certificate memory certificate, uint64 moment) internal pure returns (bool) {
        return certificate.status == CertificateStatus.VALID && certificate.validFrom <= moment
            && moment < certificate.validUntil;
    }

    function _checkCertificate(uint32 named, uint32 endUser) private view {
        if (named == 0) return;
        Certificate memory certificate = _certificate(named);
        uint64 time = uint64(block.timestamp);
        if (!_isInForce(certificate, time)) revert CertificateNotInForce(certificate.number, time);
        if (endUser != certificate.endUser) {
            revert CertificateMismatch(certificate.number, endUser, certificate.endUser);
        }
    }

    /// The roles that cosigned; a consignee only where the license names it as such.
    function _signers(uint32 number, Certificate memory certificate) internal view returns (uint16 signers) {
        signers = certificate.signers;
        if (signers & Role.CONSIGNEE != 0 && _partyRoles(number, certificate.consignee) & Role.CONSIGNEE == 0) {
            signers &= ~Role.CONSIGNEE;
        }
    }

    function _drawnNote(uint32 number, bytes32 other, int64 share, LineDelta[] memory lines, Source memory source)
        private
        returns (Note memory)
    {
        return _noted(number, source, abi.encode(other, share, _nonzero(lines)));
    }

    function _noted(uint32 number, Source memory source, bytes memory delta) internal returns (Note memory) {
        return _note(_recordOf[number], ++_licenses[number].notes, source, delta);
    }

    function _nonzero(LineDelta[] memory lines) internal pure returns (LineDelta[] memory kept) {
        uint256 count = 0;
        for (uint256 i = 0; i < lines.length; i++) {
            if (lines[i].quantity != 0) count++;
        }
        kept = new LineDelta[](count);
        uint256 next = 0;
        for (uint256 i = 0; i < lines.length; i++) {
            if (lines[i].quantity != 0) kept[next++] = lines[i];
        }
    }
}
