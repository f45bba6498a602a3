// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {RefuseApplication, WithdrawApplication} from "../../contracts/interfaces/IApplications.sol";
import {RevokeCertificate} from "../../contracts/interfaces/ICertificates.sol";
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
        uint96 drawn; // before the ledger, on every line
        uint32 drawnShare;
        uint256 assessor;
        uint256[2] involved; // who decided the refused one that it appeals against
    }

    Pending internal pending;

    function _open() internal {
        certify(0);
        pending.wish = _wish(PERMANENT);
        _submit();
        require(_assess(pending.record, 2), "assess");
        pending.assessor = 2;
        require(_grant(3), "issue");
    }

    // Certificates

    /// A new certificate where the last is revoked, else now and then one that succeeds it.
    function certify(uint256 seed) internal {
        uint256 last = successions.length;
        bool fresh = last == 0 || successions[last - 1].revoked;
        if (!fresh && !_flip(seed, 1, 4)) return;
        uint96 quantity = fresh ? CERTIFIED : successions[last - 1].certified + uint96(_pick(seed, 0, 50)) - 12;
        bytes32 made = _certificate(quantity, fresh ? bytes32(0) : successions[last - 1].record);
        if (made == 0) return;
        Succession storage succession = fresh ? successions.push() : successions[last - 1];
        succession.record = made;
        succession.certified = quantity;
    }

    function revokeCertificate(uint256 seed) internal {
        if (!_flip(seed, 1, 24)) return;
        Succession storage last = successions[successions.length - 1];
        uint32 by = _mostly(seed, 2, END_USER);
        bytes memory act = abi.encode(RevokeCertificate(last.record, _head(45, last.record), by, _deadline(), 1));
        if (!_send(45, act, _workerOf(seed, by))) return;
        require(!last.revoked, "I4: revoked twice");
        last.revoked = true;
    }

    /// I2: what the line grants from now on counts on that certificate.
    function bindCertificate(uint256 seed) internal {
        (uint256 place, uint8 line) = _bare(seed);
        Licensed storage license = licensed[place];
        uint256 which = _flip(seed, 2, 8) ? _pick(seed, 3, successions.length) : successions.length - 1;
        bytes memory act = abi.encode(
            BindCertificate(
                license.record, _head(61, license.record), EXPORTER, _deadline(), line, successions[which].record, line
            )
        );
        if (!_send(61, act, _workerOf(seed, EXPORTER))) return;

        uint256 taken = license.granted[line];
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
            for (line = 0; line < license.lines && !license.ended && license.kind != RETRANSFER; line++) {
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
        uint256 form = _pick(seed, 0, 12);
        if (form < 4) pending.wish = _wish(PERMANENT);
        if (form == 4 || form == 5) pending.wish = _wish(TEMPORARY);
        if (_flip(seed, 1, 3)) pending.wish.certificates[1] = 0; // to be bound later
        if ((form == 6 || form == 7) && !_wishAgain(seed)) return;
        if ((form == 8 || form == 9) && !_wishRetransfer(seed)) return;
        if (form > 9) return _record(seed);
        _submit();
    }

    /// I5: whoever assesses, another decides; on an appeal two others.
    function decide(uint256 seed) internal {
        if (pending.record == 0) return submit(seed);
        uint256 slot = _officer(seed);
        uint256 what = _pick(seed, 1, 24);
        if (what == 0) return _withdraw(seed);
        if (what < 3) return _refuse(slot);
        if (what < 5 || pending.assessor == 0) {
            if (!_assess(pending.record, slot)) return;
            _checkOfficer(slot);
            pending.assessor = slot;
        } else {
            uint256 assessor = pending.assessor;
            if (!_grant(slot)) return;
            require(assessor != 0 && slot != assessor, "I5: one agent assessed and issued");
        }
    }

    function _wish(uint8 kind) private view returns (Wish memory wish) {
        bytes32 certificate = successions[successions.length - 1].record;
        wish = Wish(kind, 0, [certificate, certificate], [uint96(30), 12], 2);
    }

    /// To supersede a license: what is not drawn of it, or a little more.
    function _wishAgain(uint256 seed) private returns (bool) {
        uint256 place = _living(seed);
        Licensed storage old = licensed[place];
        if (old.kind == RETRANSFER && !_flip(seed, 4, 8)) return false;
        pending.supersedes = place + 1;
        Wish storage wish = pending.wish;
        (wish.kind, wish.continues, wish.lines) = (old.kind, old.record, old.lines);
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
        wish.kind = RETRANSFER;
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
        uint32 by = pending.drawnShare != 0 ? AUTHORITY : EXPORTER;
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
        bool appeal = pending.wish.continues == 0 && pending.drawnShare == 0;
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
        if (pending.drawn != 0) met["recorded license issued"] += 1;
        if (pending.wish.kind == RETRANSFER) met["retransfer issued"] += 1;
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
        license.continues = pending.continues;
        license.shareBefore = pending.drawnShare;
        for (uint8 line = 0; line < wish.lines; line++) {
            license.granted[line] = wish.granted[line];
            license.before[line] = pending.drawn;
            if (wish.certificates[line] != 0) _take(license, line);
            if (pending.supersedes != 0) licensed[pending.supersedes - 1].granted[line] -= wish.granted[line];
            if (wish.kind == RETRANSFER) known[pending.continues].continued[line] += wish.granted[line];
        }
        if (pending.supersedes != 0) licensed[pending.supersedes - 1].ended = true;
    }

    /// A superseding license takes from the one before, which had taken from the certificate.
    function _take(Licensed storage license, uint8 line) private {
        uint256 place = successions.length;
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
            if (!licensed[place].ended && (!further || licensed[place].kind == RETRANSFER)) return place;
            place = (place + 1) % licensed.length;
        }
    }

    function _drawn(Licensed storage license, uint8 line) internal view returns (uint256) {
        return license.before[line] + license.registered[line] - license.credited[line];
    }
}
