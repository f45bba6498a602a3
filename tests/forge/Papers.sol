// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Role} from "../../contracts/interfaces/Codes.sol";
import {RefuseApplication, ReturnApplication, WithdrawApplication} from "../../contracts/interfaces/IApplications.sol";
import {EndorseCertificate, RevokeCertificate, VerifyCertificate} from "../../contracts/interfaces/ICertificates.sol";
import {BindCertificate} from "../../contracts/interfaces/IIssuance.sol";
import {Known, Licensed, Succession} from "./Account.sol";
import {Organizing} from "./Organizing.sol";

/// Certificates and applications at random, up to the issue of licenses: I2, I5, I11.
abstract contract Papers is Organizing {
    uint96 internal constant CERTIFIED = 160;
    uint256 internal constant LICENSES = 48;

    /// The application that waits for a decision, with what its license shall be. Agents as their slots.
    struct Pending {
        bytes32 record;
        Wish wish;
        uint256 continues; // place in `known` of a retransfer
        uint256 supersedes; // place in `licensed` plus 1
        uint256 succession; // place in `successions` plus 1
        uint96 drawn; // before the ledger, on every line
        uint32 drawnShare;
        bool recorded;
        bool returned; // to the exporter, who has not amended it yet
        uint256 assessor;
        uint256[2] involved; // who decided the refused one that it appeals against
    }

    Pending internal pending;

    function _open() internal {
        certify(0);
        pending.succession = successions.length;
        pending.wish = _wish(PERMANENT);
        _submit();
        require(_assess(pending.record, 2), "assess");
        pending.assessor = 2;
        require(_grant(3), "issue");
    }

    // Certificates

    /// A new certificate where the last is revoked, else now and then one that succeeds it; one that is only recorded
    /// mostly succeeds none that was signed.
    function certify(uint256 seed) internal {
        uint256 last = successions.length;
        uint8 kind = _flip(seed, 2, 3) ? 42 : 40;
        bool fresh = last == 0 || successions[last - 1].revoked;
        if (!fresh && !_flip(seed, 1, 4)) return;
        if (kind == 42 && !fresh && successions[last - 1].grade > 1) fresh = !_flip(seed, 3, 8);
        uint96 quantity = fresh ? CERTIFIED : successions[last - 1].certified + uint96(_pick(seed, 0, 50)) - 12;
        uint256 uncosigned = met["certificate without cosignature"];
        bytes32 made = _certificate(kind, quantity, fresh ? bytes32(0) : successions[last - 1].record);
        if (made == 0) return;
        Succession storage succession = fresh ? successions.push() : successions[last - 1];
        uint8 grade = kind == 42 ? 1 : 3;
        require(grade >= succession.grade, "I10: succeeded by a lower grade");
        succession.grade = grade;
        succession.signers = met["certificate without cosignature"] == uncosigned ? Role.EXPORTER : 0;
        succession.record = made;
        succession.certified = quantity;
    }

    /// I10: what was only recorded counts as verified from now on.
    function verifyCertificate(uint256 seed) internal {
        Succession storage last = successions[successions.length - 1];
        uint32 by = _mostly(seed, 2, AUTHORITY);
        bytes memory act =
            abi.encode(VerifyCertificate(last.record, _head(43, last.record), by, _deadline(), 1, DOCUMENT));
        if (!_send(43, act, _workerOf(seed, by))) return;
        require(by == AUTHORITY && last.grade == 1 && !last.revoked, "I10: verified by a stranger, or what is none");
        last.grade = 2;
    }

    function endorseCertificate(uint256 seed) internal {
        if (!_flip(seed, 1, 4)) return;
        Succession storage last = successions[successions.length - 1];
        bytes32 before = _head(44, last.record);
        uint32 by = _mostly(seed, 2, AUTHORITY);
        bytes memory act = abi.encode(EndorseCertificate(last.record, before, by, _deadline(), DOCUMENT));
        if (!_send(44, act, _workerOf(seed, by))) return;
        require(by == AUTHORITY && last.signers & Role.AUTHORITY == 0, "I10: endorsed by a stranger, or twice");
        require(_head(44, last.record) == before, "I6: a note moved the head");
        last.signers |= Role.AUTHORITY;
    }

    function revokeCertificate(uint256 seed) internal {
        if (!_flip(seed, 1, 24)) return;
        Succession storage last = successions[successions.length - 1];
        uint32 by = _mostly(seed, 2, _flip(seed, 3, 2) ? AUTHORITY : END_USER);
        bytes memory act = abi.encode(RevokeCertificate(last.record, _head(45, last.record), by, _deadline(), 1));
        if (!_send(45, act, _workerOf(seed, by))) return;
        require(!last.revoked, "I4: revoked twice");
        bool endorsed = last.signers & Role.AUTHORITY != 0;
        require(by == END_USER || (by == AUTHORITY && endorsed), "I10: revoked by a stranger");
        last.revoked = true;
    }

    /// I2: what the line grants from now on counts on that certificate.
    function bindCertificate(uint256 seed) internal {
        (uint256 place, uint8 line) = _bare(seed);
        Licensed storage license = licensed[place];
        uint256 which = _flip(seed, 2, 8) ? _pick(seed, 3, successions.length) : successions.length - 1;
        bytes memory act = abi.encode(
            BindCertificate(
                license.record,
                _head(61, license.record),
                license.exporter,
                _deadline(),
                line,
                successions[which].record,
                line
            )
        );
        if (!_send(61, act, _workerOf(seed, license.exporter))) return;

        require(license.exporter == EXPORTER, "I2: bound to another exporter's certificate");
        uint256 taken = license.unlimited && line == 0 ? 0 : license.granted[line];
        if (license.succession[line] != 0) {
            require(successions[license.succession[line] - 1].revoked, "I2: bound over a certificate in force");
            uint256 drawn = _drawn(license, line);
            taken = taken > drawn ? taken - drawn : 0;
            met["certificate bound again"] += 1;
        }
        successions[which].granted[line] += taken;
        license.succession[line] = which + 1;
    }

    /// Any line of a license, or mostly one that has no certificate, or a revoked one.
    function _bare(uint256 seed) private view returns (uint256 place, uint8 line) {
        place = _pick(seed, 0, licensed.length);
        line = uint8(_pick(seed, 1, licensed[place].lines));
        if (_flip(seed, 4, 6)) return (place, line);
        for (uint256 i = 0; i < licensed.length; i++) {
            Licensed storage license = licensed[(place + i) % licensed.length];
            for (line = 0; line < license.lines && !license.ended && !_continues(license.kind); line++) {
                uint256 named = license.succession[line];
                if (named == 0 || successions[named - 1].revoked) return ((place + i) % licensed.length, line);
            }
        }
        line = 0;
    }

    // Applications

    function submit(uint256 seed) internal {
        if (pending.record != 0 || licensed.length == LICENSES) return;
        delete pending;
        pending.succession = successions.length;
        uint256 form = _pick(seed, 0, 14);
        if (form < 4) pending.wish = _wish(PERMANENT);
        if (form == 12) pending.wish = _wishOpen();
        if (form == 4 || form == 5) pending.wish = _wish(TEMPORARY);
        if (_flip(seed, 1, 3)) pending.wish.certificates[1] = 0; // to be bound later
        if ((form == 6 || form == 7 || form == 13) && !_wishAgain(seed)) return;
        if ((form == 8 || form == 9) && !_wishRetransfer(seed)) return;
        if (form == 10 || form == 11) return _record(seed);
        _submit();
    }

    /// I5: whoever assesses, another decides; on an appeal two others.
    function decide(uint256 seed) internal {
        if (pending.record == 0) return submit(seed);
        uint256 slot = _officer(seed);
        uint256 what = _pick(seed, 1, 24);
        if (what == 0) return _withdraw(seed);
        if (what < 3) return _refuse(slot);
        if (what == 3) return _return(slot);
        if (what == 4 || (pending.returned && what < 20)) return _amendWish(seed);
        if (what < 7 || pending.assessor == 0) {
            if (!_assess(pending.record, slot)) return;
            _checkOfficer(slot);
            require(!pending.returned, "I5: assessed what was returned");
            pending.assessor = slot;
        } else {
            uint256 assessor = pending.assessor;
            if (!_grant(slot)) return;
            require(assessor != 0 && slot != assessor, "I5: one agent assessed and issued");
        }
    }

    function _wish(uint8 kind) private view returns (Wish memory wish) {
        bytes32 certificate = successions[successions.length - 1].record;
        wish = Wish(kind, 0, [certificate, certificate], [uint96(30), 12], 2, false);
    }

    function _wishOpen() private pure returns (Wish memory wish) {
        wish = Wish(OPEN, 0, [bytes32(0), 0], [uint96(8), 12], 2, true);
    }

    /// I5: what was assessed is not what is asked for any more.
    function _amendWish(uint256 seed) private {
        Wish memory wish = pending.wish;
        for (uint256 i = 0; i < wish.lines; i++) {
            if (wish.granted[i] > 1 && _flip(seed, 10 + i, 2)) wish.granted[i] -= 1;
        }
        if (!_amend(pending.record, wish, _workerOf(seed, EXPORTER))) return;
        require(!pending.recorded, "I5: a recorded license was amended");
        (pending.wish, pending.assessor, pending.returned) = (wish, 0, false);
    }

    /// I5: the assessment is void.
    function _return(uint256 slot) private {
        bytes32 record = pending.record;
        bytes memory act = abi.encode(ReturnApplication(record, _head(53, record), AUTHORITY, _deadline(), DOCUMENT));
        if (!_send(53, act, _keyOf(AUTHORITY, slot))) return;
        require(!pending.recorded && !pending.returned, "I5: a recorded license, or a returned one, was returned");
        (pending.assessor, pending.returned) = (0, true);
        met["application returned"] += 1;
    }

    /// To supersede a license: what is not drawn of it, or a little more.
    function _wishAgain(uint256 seed) private returns (bool) {
        uint256 place = _living(seed);
        Licensed storage old = licensed[place];
        if (_continues(old.kind) && !_flip(seed, 4, 8)) return false;
        pending.supersedes = place + 1;
        Wish storage wish = pending.wish;
        (wish.kind, wish.continues, wish.lines) = (old.kind, old.record, old.lines);
        wish.unlimited = old.unlimited;
        for (uint8 line = 0; line < old.lines; line++) {
            uint256 drawn = _drawn(old, line);
            uint256 left = old.granted[line] > drawn ? old.granted[line] - drawn : 0;
            wish.granted[line] = uint96(left == 0 || _flip(seed, 10 + line, 8) ? left + 1 : left);
            uint256 named = old.succession[line];
            wish.certificates[line] = named == 0 ? bytes32(0) : successions[named - 1].record;
        }
        return true;
    }

    /// To hand delivered goods on.
    function _wishRetransfer(uint256 seed) private returns (bool) {
        if (known.length == 0) return false;
        uint256 place = _placeOf(seed, DELIVERED);
        Known storage shipment = known[place];
        pending.continues = place;
        Wish storage wish = pending.wish;
        wish.kind = _flip(seed, 5, 2) ? RETRANSFER : REEXPORT;
        wish.continues = shipment.record;
        wish.lines = uint8(shipment.lines.length);
        for (uint256 i = 0; i < wish.lines; i++) {
            wish.granted[i] = uint96(_flip(seed, 10 + i, 6) ? shipment.registered[i] + 1 : shipment.registered[i] / 2);
            wish.certificates[i] = 0;
        }
        return true;
    }

    function _record(uint256 seed) private {
        pending.wish = _wish(PERMANENT);
        pending.recorded = true;
        pending.drawn = uint96(_pick(seed, 2, 8));
        pending.drawnShare = uint32(_pick(seed, 3, 300_000_000));
        pending.assessor = _officer(seed);
        pending.record = _recordLicense(pending.wish, pending.drawn, pending.drawnShare, pending.assessor);
        if (pending.record != 0) _checkOfficer(pending.assessor);
    }

    function _submit() private {
        pending.record = _apply(pending.wish);
    }

    function _withdraw(uint256 seed) private {
        bytes32 record = pending.record;
        uint32 by = pending.recorded ? AUTHORITY : EXPORTER;
        bytes memory act = abi.encode(WithdrawApplication(record, _head(52, record), by, _deadline()));
        if (_send(52, act, _workerOf(seed, by))) delete pending;
    }

    /// Half of the time it is appealed against.
    function _refuse(uint256 slot) private {
        bytes32 record = pending.record;
        bytes memory act = abi.encode(RefuseApplication(record, _head(55, record), AUTHORITY, _deadline(), DOCUMENT));
        if (!_send(55, act, _keyOf(AUTHORITY, slot))) return;
        require(pending.assessor != 0 && slot != pending.assessor, "I5: one agent assessed and refused");
        _checkOfficer(slot);
        uint256 assessor = pending.assessor;
        bool appeal = pending.wish.continues == 0 && !pending.recorded;
        pending.record = 0;
        if (!appeal) return;
        pending.wish.continues = record;
        pending.assessor = 0;
        pending.involved = [assessor, slot];
        _submit();
    }

    function _checkOfficer(uint256 slot) private view {
        require(slot > 1, "I5: an admin decided");
        require(slot != pending.involved[0] && slot != pending.involved[1], "I5: an appeal decided by the same");
    }

    function _grant(uint256 slot) private returns (bool) {
        bytes32 superseded = pending.supersedes == 0 ? bytes32(0) : licensed[pending.supersedes - 1].record;
        bytes32 issued = _issue(pending.record, pending.wish.kind, superseded, slot);
        if (issued == 0) return false;
        _checkOfficer(slot);
        if (pending.involved[1] != 0) met["appeal granted"] += 1;
        require(!pending.returned, "I5: issued what was returned");
        if (pending.drawn != 0) met["recorded license issued"] += 1;
        if (pending.wish.kind == RETRANSFER) met["retransfer issued"] += 1;
        if (pending.wish.kind == REEXPORT) met["re-export issued"] += 1;
        if (pending.wish.kind == TEMPORARY) met["temporary license issued"] += 1;
        _enter(issued);
        delete pending;
        return true;
    }

    /// The new license in the account, and what it takes from certificate, license or shipment.
    function _enter(bytes32 issued) private {
        Wish memory wish = pending.wish;
        Licensed storage license = licensed.push();
        (license.record, license.number) = (issued, uint32(licensed.length));
        (license.kind, license.lines) = (wish.kind, wish.lines);
        (license.exporter, license.unlimited) = (EXPORTER, wish.unlimited);
        license.continues = pending.continues;
        license.shareBefore = pending.drawnShare;
        for (uint8 line = 0; line < wish.lines; line++) {
            license.granted[line] = wish.granted[line];
            license.before[line] = pending.drawn;
            if (wish.certificates[line] != 0) _take(license, line);
            if (pending.supersedes != 0) licensed[pending.supersedes - 1].granted[line] -= wish.granted[line];
            if (_continues(wish.kind)) known[pending.continues].continued[line] += wish.granted[line];
        }
        if (pending.supersedes != 0) licensed[pending.supersedes - 1].ended = true;
    }

    /// A superseding license takes from the one before, which had taken from the certificate.
    function _take(Licensed storage license, uint8 line) private {
        uint256 place = pending.succession;
        if (pending.supersedes != 0) place = licensed[pending.supersedes - 1].succession[line];
        else successions[place - 1].granted[line] += license.granted[line];
        license.succession[line] = place;
    }

    /// Any license, or mostly one that lives.
    function _living(uint256 seed) internal view returns (uint256 place) {
        place = _pick(seed, 7, licensed.length);
        if (_flip(seed, 7, 10)) return place;
        bool further = _flip(seed, 8, 4); // a retransfer, where there is one
        for (uint256 i = 0; i < licensed.length; i++) {
            if (!licensed[place].ended && (!further || _continues(licensed[place].kind))) return place;
            place = (place + 1) % licensed.length;
        }
    }

    function _drawn(Licensed storage license, uint8 line) internal view returns (uint256) {
        return license.before[line] + license.registered[line] - license.credited[line];
    }
}
