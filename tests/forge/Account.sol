// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Certificate, CertifiedLine, ICertificates} from "../../contracts/interfaces/ICertificates.sol";
import {Line} from "../../contracts/interfaces/IApplications.sol";
import {ILicenses, License} from "../../contracts/interfaces/ILicenses.sol";
import {Flag, Gone, Held, IShipments, Shipment} from "../../contracts/interfaces/IShipments.sol";
import {Trade} from "./Trade.sol";

/// What the walk knows of a certificate and all that succeed it.
struct Succession {
    bytes32 record; // of the newest
    uint96 certified;
    uint256[2] granted;
    uint8 grade;
    uint16 signers;
    bool revoked;
}

/// What the walk knows of a license. Sums of its lines, by license line.
struct Licensed {
    bytes32 record;
    uint32 number;
    uint8 kind;
    uint8 lines;
    bool unlimited; // its first line
    bool ended;
    uint32 exporter;
    uint8 transfers;
    uint256 continues; // place in `known`, of a retransfer
    uint256[2] granted;
    uint256[2] before; // drawn before the ledger
    uint256[2] registered; // by its shipments
    uint256[2] credited;
    uint256[2] succession; // place in `successions` plus 1; 0: no certificate
    uint256 shareBefore;
    uint256 shares; // of its shipments
    uint256 shareCredited;
}

/// What the walk knows of a shipment without asking the contracts.
struct Known {
    bytes32 record;
    uint256 license; // place in `licensed`
    uint8[] lines; // of the license
    uint256[] registered; // by shipment line
    uint256[] continued;
    uint256 share;
    uint32 exporter;
    uint32 holder;
    uint32 offeredTo;
    uint32 offeredBy; // organization whose agent offered
    uint8 status;
    uint256 holds;
    bool recalled;
    bool credited;
}

/// An act that waits for its second agent.
struct Proposal {
    uint256 key; // of the first
    bytes32 content;
}

/// The account of the walk, and what is held against it: I3, I4, I9 and I11 of a shipment after each act on it; I1, I2,
/// I6 and I11 of the whole ledger whenever `checkAll` is asked.
///
/// Nothing in the account is read from a sum that the contracts keep: what acts say is added up again.
abstract contract Account is Trade {
    uint8 internal constant DEPARTED = 3;
    uint8 internal constant DELIVERED = 4;
    uint8 internal constant CANCELLED = 5;
    uint8 internal constant SPLIT = 6;
    uint8 internal constant RETURNED = 7;
    uint8 internal constant LOST = 8;
    uint8 internal constant SEIZED = 9;

    uint128 private constant AFTER_THE_END = (1 << 90) | (1 << 92) | (1 << 94) | (1 << 96) | (1 << 110) | (1 << 111)
        | (1 << 112) | (1 << 115) | (1 << 116) | (1 << 118) | (1 << 119);

    Succession[] internal successions;
    Licensed[] internal licensed;
    Known[] internal known;
    mapping(address target => mapping(bytes32 record => Proposal)) private _proposals;

    function _shipment(uint256 place) internal view returns (Shipment memory found, Held[] memory held) {
        return IShipments(contracts.shipments).shipmentOf(known[place].record);
    }

    function _license(uint256 place) internal view returns (License memory) {
        return ILicenses(contracts.licenses).licenseOf(licensed[place].number);
    }

    /// I5: whether an accepted act is the second of two that say the same, by two agents.
    function _seconds(uint8 kind, bytes32 record, uint256 key, bytes32 content) internal returns (bool) {
        Proposal storage open = _proposals[routes[kind].target][record];
        if (open.content != content) {
            (open.key, open.content) = (key, content);
            return false;
        }
        require(open.key != key, "I5: one agent made both entries");
        delete _proposals[routes[kind].target][record];
        return true;
    }

    /// A shipment that is new to the ledger.
    function _know(bytes32 record, uint256 license, uint32 holder, uint8 status) internal returns (Known storage made) {
        made = known.push();
        made.record = record;
        made.license = license;
        made.exporter = licensed[license].exporter;
        made.holder = holder;
        made.status = status;
    }

    function _addLine(Known storage shipment, uint8 line, uint256 quantity) internal {
        shipment.lines.push(line);
        shipment.registered.push(quantity);
        shipment.continued.push(0);
        licensed[shipment.license].registered[line] += quantity;
    }

    function _changeLine(Known storage shipment, uint256 index, uint256 quantity) internal {
        uint256[2] storage sums = licensed[shipment.license].registered;
        uint8 line = shipment.lines[index];
        sums[line] = sums[line] + quantity - shipment.registered[index];
        shipment.registered[index] = quantity;
    }

    function _changeShare(Known storage shipment, uint256 share) internal {
        Licensed storage license = licensed[shipment.license];
        license.shares = license.shares + share - shipment.share;
        shipment.share = share;
    }

    /// Every act that may touch a shipment's goods has changed the account before.
    function _check(uint256 place, uint8 kind) internal {
        Known storage shipment = known[place];
        (Shipment memory found, Held[] memory held) = _shipment(place);
        require(found.version == versions[shipment.record], "I6: stored version");
        _checkHolder(shipment, found, kind);
        _checkStatus(shipment, found, kind);
        require(found.share == shipment.share, "I1: a shipment's share");
        require(held.length == shipment.registered.length, "I9: a line appeared or went");
        for (uint256 i = 0; i < held.length; i++) {
            Gone memory gone = IShipments(contracts.shipments).goneOf(shipment.record, i);
            uint256 whole = uint256(held[i].held) + held[i].delivered + held[i].unaccounted + gone.lost + gone.returned;
            require(whole == shipment.registered[i], "I9: goods are conserved");
            require(IShipments(contracts.shipments).registeredOf(shipment.record, i) == whole, "I9: registered");
            require(held[i].line == shipment.lines[i], "I9: a line changed");
        }
        shipment.holder = found.holder;
        shipment.status = found.status;
        shipment.offeredTo = found.offeredTo;
    }

    function _checkHolder(Known storage shipment, Shipment memory found, uint8 kind) private view {
        require(found.holder != 0, "I3: nobody holds the goods");
        require(found.holds == shipment.holds, "I3: holds");
        require((found.flags & Flag.RECALLED != 0) == shipment.recalled, "I3: recall");
        if (found.holder == shipment.holder) return;
        bool moved = kind == 88 || kind == 110 || kind == 111 || kind == 93 || kind == 94 || kind == 96;
        require(moved, "I3: the holder changed without accept, order or report");
    }

    function _checkStatus(Known storage shipment, Shipment memory found, uint8 kind) private view {
        uint8 before = shipment.status;
        if (before <= DEPARTED) return;
        require(AFTER_THE_END & (uint128(1) << kind) != 0, "I4: a permission after the end");
        if (before == SEIZED && kind == 94) return;
        if (before == LOST && kind == 96) return;
        require(found.status == before, "I4: an ended shipment went on");
        require(found.holder == shipment.holder, "I4: an ended shipment changed hands");
    }

    /// I1 after a permission: what rose stays within its bound.
    function _checkBounds(uint256 place, bool[2] memory rose, bool shareRose) internal {
        Licensed storage license = licensed[place];
        for (uint8 line = 0; line < license.lines; line++) {
            if (!rose[line] || (license.unlimited && line == 0)) continue;
            Line memory found = ILicenses(contracts.licenses).lineOf(license.number, line);
            uint256 most = uint256(found.granted) * (10_000 + _terms(license.kind).quantityTolerance);
            require(uint256(found.drawn) * 10_000 <= most, "I1: drawn beyond the tolerance");
            if (found.drawn > found.granted) met["tolerance used"] += 1;
        }
        if (!shareRose) return;
        uint256 most_ = 10 ** 9 * (10_000 + uint256(_terms(license.kind).valueTolerance)) / 10_000;
        require(_license(place).shares <= most_, "I1: shares beyond the tolerance");
    }

    /// I10: the weakest grade over a shipment's lines, and who signed every certificate behind them.
    function _backing(Known storage shipment) internal view returns (uint8 grade, uint16 signers) {
        (grade, signers) = (type(uint8).max, type(uint16).max);
        for (uint256 i = 0; i < shipment.lines.length; i++) {
            uint256 named = licensed[shipment.license].succession[shipment.lines[i]];
            bool bare = named == 0 || successions[named - 1].revoked;
            uint8 own = bare ? 0 : successions[named - 1].grade;
            if (own < grade) grade = own;
            signers &= bare ? 0 : successions[named - 1].signers;
        }
    }

    /// I1, I2, I6 and I11, of everything.
    function checkAll() external view {
        for (uint256 i = 0; i < licensed.length; i++) {
            _checkLicense(i);
        }
        for (uint256 i = 0; i < successions.length; i++) {
            _checkCertificate(successions[i]);
        }
        for (uint256 i = 0; i < known.length; i++) {
            if (known[i].status == DELIVERED) _checkContinued(known[i]);
        }
        _checkJournal();
    }

    function _checkLicense(uint256 place) private view {
        Licensed storage license = licensed[place];
        for (uint8 line = 0; line < license.lines; line++) {
            Line memory found = ILicenses(contracts.licenses).lineOf(license.number, line);
            uint256 drawn = license.before[line] + license.registered[line] - license.credited[line];
            require(found.drawn == drawn, "I1: drawn = before + registered - credited");
            require(found.granted == license.granted[line], "I2: granted");
        }
        License memory stored = _license(place);
        uint256 shares = license.shareBefore + license.shares - license.shareCredited;
        require(stored.shares == shares, "I1: shares = before + drawn - credited");
        require((stored.status > 2) == license.ended, "I4: an ended license");
        require(stored.exporter == license.exporter, "I1: a license of another exporter");
        require(stored.transfers == license.transfers, "I1: transfers of a license");
        require(stored.version == versions[license.record], "I6: stored version of a license");
    }

    function _checkCertificate(Succession storage certificate) private view {
        ICertificates all = ICertificates(contracts.certificates);
        uint32 number = all.numberOf(certificate.record);
        Certificate memory stored = all.certificateOf(number);
        require(stored.grade == certificate.grade, "I10: grade of a certificate");
        require(stored.signers == certificate.signers, "I10: signers of a certificate");
        for (uint8 line = 0; line < 2; line++) {
            CertifiedLine memory found = all.lineOf(number, line);
            require(found.granted == certificate.granted[line], "I2: granted and inherited");
            require(found.certified == certificate.certified, "I2: certified");
            require(found.granted <= found.certified, "I2: granted beyond what is certified");
        }
    }

    function _checkContinued(Known storage shipment) private view {
        (, Held[] memory held) = IShipments(contracts.shipments).shipmentOf(shipment.record);
        for (uint256 i = 0; i < held.length; i++) {
            uint256 continued = IShipments(contracts.shipments).continuedOf(shipment.record, i);
            require(continued == shipment.continued[i], "I11: continued = granted - given back");
            require(continued <= held[i].delivered, "I11: continued beyond what was delivered");
        }
    }
}
