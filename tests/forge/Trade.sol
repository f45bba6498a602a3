// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Kind, Power, Role} from "../../contracts/interfaces/Codes.sol";
import "../../contracts/interfaces/IApplications.sol";
import "../../contracts/interfaces/ICertificates.sol";
import "../../contracts/interfaces/IDirectory.sol";
import "../../contracts/interfaces/IIssuance.sol";
import "../../contracts/interfaces/IPolicies.sol";
import {Routes} from "./Routes.sol";
import {vm} from "./Vm.sol";

/// One authority and its policies, customs, two exporters, a forwarder, a carrier and two end-users, all with agents;
/// and what makes a license. Slot 0 of an organization is its admin, slots 1 and 2 do all other work; the authority has two
/// admins, then officers.
abstract contract Trade is Routes {
    uint32 internal constant AUTHORITY = 1;
    uint32 internal constant EXPORTER = 2;
    uint32 internal constant FORWARDER = 3;
    uint32 internal constant CARRIER = 4;
    uint32 internal constant CUSTOMS = 5;
    uint32 internal constant END_USER = 6;
    uint32 internal constant STRANGER = 7;
    uint32 internal constant BUYER = 8; // to whom the end-user retransfers
    uint32 internal constant RIVAL = 9; // who may take a license over
    uint256 internal constant ORGANIZATIONS = 9;
    uint256 internal constant OFFICERS = 5; // an appeal takes two others
    uint256 internal constant ADMIN = 0;
    uint256 internal constant WORKER = 2;
    uint8 internal constant PERMANENT = 1;
    uint8 internal constant OPEN = 2; // one line of two without a limit
    uint8 internal constant TEMPORARY = 4;
    uint8 internal constant RETRANSFER = 5;
    uint8 internal constant REEXPORT = 6;
    bytes32 internal constant DOCUMENT = keccak256("a document");
    uint16 internal constant OFFICE = Power.REGISTER | Power.RECORD | Power.POLICY | Power.ASSESS | Power.DECIDE
        | Power.ENFORCE | Power.INSPECT | Power.VERIFY | Power.CUSTODY | Power.STATE;

    uint256 private _salts;

    /// What an application asks for.
    struct Wish {
        uint8 kind;
        bytes32 continues;
        bytes32[2] certificates; // by line
        uint96[2] granted;
        uint8 lines;
        bool unlimited; // the first line
    }

    function _start() internal virtual override {
        super._start();
        _foresee();
        _routes();
        _found();
        _member(EXPORTER, Role.EXPORTER, Power.APPLY | Power.SHIP | Power.CUSTODY | Power.STATE);
        _member(FORWARDER, Role.CARRIER, Power.SHIP | Power.CUSTODY | Power.STATE);
        _member(CARRIER, Role.CARRIER, Power.CUSTODY | Power.STATE);
        _member(CUSTOMS, Role.CUSTOMS, Power.INSPECT | Power.CUSTODY | Power.STATE);
        _member(END_USER, Role.END_USER, Power.CERTIFY | Power.CUSTODY | Power.STATE);
        _member(STRANGER, Role.CARRIER, Power.CUSTODY | Power.STATE);
        _member(BUYER, Role.END_USER, Power.CERTIFY | Power.CUSTODY | Power.STATE);
        _member(RIVAL, Role.EXPORTER, Power.APPLY | Power.SHIP | Power.CUSTODY | Power.STATE);
    }

    /// Whether a license of that kind hands delivered goods on.
    function _continues(uint8 kind) internal pure returns (bool) {
        return kind == RETRANSFER || kind == REEXPORT;
    }

    /// What hands goods on, and an open license, ask for no certificate.
    function _terms(uint8 kind) internal pure virtual returns (Terms memory) {
        return Terms({
            certificateGrade: kind == PERMANENT || kind == TEMPORARY ? 2 : 0,
            certificateSigners: kind == PERMANENT ? Role.EXPORTER : 0,
            firstUseDays: 0,
            lastUseDays: 0,
            exemptRoles: 0,
            clearanceRequired: !_continues(kind),
            control: 3,
            valueTolerance: 1000,
            quantityTolerance: 1500,
            countTolerance: 50,
            handoffHours: 72,
            latenessHours: 72,
            suspensionHours: 72,
            lowestCustodyGrade: 1,
            transfers: 1
        });
    }

    function _salt() internal returns (bytes32) {
        return keccak256(abi.encode("salt", ++_salts));
    }

    function _deadline() internal view returns (uint64) {
        return uint64(time + 1 days);
    }

    // Who is there.

    function _found() private {
        Founder[] memory founders = new Founder[](1);
        Appointee[] memory agents = new Appointee[](2 + OFFICERS);
        for (uint256 slot = 0; slot < agents.length; slot++) {
            agents[slot] = Appointee(vm.addr(_keyOf(AUTHORITY, slot)), slot < 2 ? Power.ADMIN : OFFICE);
        }
        founders[0] = Founder(Role.AUTHORITY, DOCUMENT, agents);
        _deploy(founders);
        for (uint256 slot = 0; slot < agents.length; slot++) {
            _acceptAppointment(AUTHORITY, slot);
        }
        _adoptPolicy(_terms(PERMANENT), PERMANENT, 0);
        _adoptPolicy(_terms(TEMPORARY), TEMPORARY, 0);
        _adoptPolicy(_terms(RETRANSFER), RETRANSFER, 0);
        _adoptPolicy(_terms(REEXPORT), REEXPORT, 0);
        _adoptPolicy(_terms(OPEN), OPEN, 0);
    }

    function _member(uint32 number, uint16 roles, uint16 powers) internal {
        bytes32 salt = _salt();
        bytes32 record = _newId(1, Kind.ORGANIZATION, AUTHORITY, salt);
        _must(
            1,
            abi.encode(RegisterOrganization(record, 0, AUTHORITY, _deadline(), salt, roles, DOCUMENT)),
            _keyOf(AUTHORITY, 2)
        );
        _must(20, _appointment(number, 0, Power.ADMIN), _keyOf(AUTHORITY, 2));
        _acceptAppointment(number, 0);
        for (uint256 slot = 1; slot <= WORKER; slot++) {
            _must(20, _appointment(number, slot, powers), _keyOf(number, ADMIN));
            _acceptAppointment(number, slot);
        }
    }

    function _agentRecord(uint32 organization, uint256 slot) internal view returns (bytes32) {
        bytes32 salt = bytes32(uint256(uint160(vm.addr(_keyOf(organization, slot)))));
        return _newId(20, Kind.AGENT, organization, salt);
    }

    function _appointment(uint32 organization, uint256 slot, uint16 powers) internal view returns (bytes memory) {
        address account = vm.addr(_keyOf(organization, slot));
        return abi.encode(
            AppointAgent(_agentRecord(organization, slot), 0, organization, _deadline(), account, powers)
        );
    }

    function _acceptAppointment(uint32 organization, uint256 slot) internal {
        bytes32 record = _agentRecord(organization, slot);
        organizationOf[vm.addr(_keyOf(organization, slot))] = organization;
        bytes memory act = abi.encode(
            AcceptAppointment(record, _head(21, record), organization, _deadline(), DOCUMENT, DOCUMENT)
        );
        _must(21, act, _keyOf(organization, slot));
    }

    function _adoptPolicy(Terms memory terms, uint8 kind, uint32 replaces) internal {
        bytes32 salt = _salt();
        AdoptPolicy memory act = AdoptPolicy({
            record: _newId(30, Kind.POLICY, AUTHORITY, salt),
            parent: 0,
            organization: AUTHORITY,
            deadline: _deadline(),
            salt: salt,
            kind: kind,
            replaces: replaces,
            terms: terms,
            controlList: DOCUMENT
        });
        _must(30, abi.encode(act), _keyOf(AUTHORITY, 2));
    }

    // Papers.

    /// A certificate of two lines, cosigned by the exporter; signed by the end-user, or recorded from paper by the
    /// exporter (`kind` 40, 42); 0 where it is refused.
    function _certificate(uint8 kind, uint96 quantity, bytes32 supersedes) internal returns (bytes32 record) {
        bytes32 salt = _salt();
        uint32 by = kind == 40 ? END_USER : EXPORTER;
        record = _newId(kind, Kind.CERTIFICATE, by, salt);
        CertificateLine[] memory lines = new CertificateLine[](2);
        lines[0] = CertificateLine("NAR", 0, quantity);
        lines[1] = CertificateLine("NAR", 0, quantity);
        SignCertificate memory act = SignCertificate({
            record: record,
            parent: 0,
            organization: by,
            deadline: _deadline(),
            salt: salt,
            exporter: EXPORTER,
            endUser: END_USER,
            authority: AUTHORITY,
            validFrom: uint64(time - 1 days),
            validUntil: uint64(time + 365 days),
            supersedes: supersedes,
            document: DOCUMENT,
            lines: lines
        });
        if (!_send(kind, abi.encode(act), _keyOf(by, 1))) return 0;
        bytes memory cosigned = abi.encode(
            CosignCertificate(record, _head(41, record), EXPORTER, _deadline(), 3, DOCUMENT)
        );
        if (!_send(41, cosigned, _keyOf(EXPORTER, 1))) met["certificate without cosignature"] += 1;
    }

    function _parties(uint8 kind) private pure returns (Party[] memory parties) {
        parties = new Party[](2);
        parties[0] = Party(_continues(kind) ? BUYER : END_USER, 6);
        parties[1] = Party(EXPORTER, 3);
    }

    function _lines(Wish memory wish, uint96 drawn) private pure returns (LicenseLine[] memory lines) {
        lines = new LicenseLine[](wish.lines);
        for (uint8 i = 0; i < wish.lines; i++) {
            lines[i] = LicenseLine(
                "NAR", 0, wish.granted[i], drawn, wish.unlimited && i == 0, wish.certificates[i], i
            );
        }
    }

    /// 0 where it is refused.
    function _apply(Wish memory wish) internal returns (bytes32 record) {
        bytes32 salt = _salt();
        record = _newId(50, Kind.APPLICATION, EXPORTER, salt);
        ApplyForLicense memory act = ApplyForLicense({
            record: record,
            parent: 0,
            organization: EXPORTER,
            deadline: _deadline(),
            salt: salt,
            kind: wish.kind,
            authority: AUTHORITY,
            continues: wish.continues,
            validFrom: uint64(time),
            validUntil: uint64(time + 60 days),
            document: DOCUMENT,
            parties: _parties(wish.kind),
            lines: _lines(wish, 0)
        });
        if (!_send(50, abi.encode(act), _keyOf(EXPORTER, 1))) record = 0;
    }

    function _amend(bytes32 application, Wish memory wish, uint256 key) internal returns (bool) {
        AmendApplication memory act = AmendApplication({
            record: application,
            parent: _head(51, application),
            organization: EXPORTER,
            deadline: _deadline(),
            validFrom: uint64(time),
            validUntil: uint64(time + 60 days),
            document: DOCUMENT,
            parties: _parties(wish.kind),
            lines: _lines(wish, 0)
        });
        return _send(51, abi.encode(act), key);
    }

    /// The application of a license that was decided, and partly drawn, before the ledger; 0 where it is refused.
    function _recordLicense(Wish memory wish, uint96 drawn, uint32 drawnShare, uint256 slot)
        internal
        returns (bytes32 record)
    {
        bytes32 salt = _salt();
        record = _newId(56, Kind.APPLICATION, AUTHORITY, salt);
        RecordLicense memory act = RecordLicense({
            record: record,
            parent: 0,
            organization: AUTHORITY,
            deadline: _deadline(),
            salt: salt,
            kind: wish.kind,
            exporter: EXPORTER,
            control: 3,
            drawnShare: drawnShare,
            validFrom: uint64(time - 1 days),
            validUntil: uint64(time + 60 days),
            document: DOCUMENT,
            parties: _parties(wish.kind),
            lines: _lines(wish, drawn)
        });
        if (!_send(56, abi.encode(act), _keyOf(AUTHORITY, slot))) record = 0;
    }

    function _assess(bytes32 application, uint256 slot) internal returns (bool) {
        bytes32 parent = _head(54, application);
        return _send(
            54,
            abi.encode(AssessApplication(application, parent, AUTHORITY, _deadline(), 1, DOCUMENT)),
            _keyOf(AUTHORITY, slot)
        );
    }

    /// Grants what was assessed, in place of the license `superseded` unless that is 0; 0 where it is refused.
    function _issue(bytes32 application, uint8 kind, bytes32 superseded, uint256 slot)
        internal
        returns (bytes32 record)
    {
        SupersedeLicense memory act;
        act.salt = _salt();
        act.record = record = _newId(60, Kind.LICENSE, AUTHORITY, act.salt);
        act.organization = AUTHORITY;
        act.deadline = _deadline();
        act.license = superseded;
        act.application = application;
        act.assessedHead = _head(54, application);
        act.policy = IPolicies(contracts.policies).currentOf(AUTHORITY, kind);
        act.validFrom = uint64(time);
        act.validUntil = uint64(time + 60 days);
        act.returnBy = kind == TEMPORARY ? uint64(time + 4 days) : 0;
        act.document = DOCUMENT;
        bytes memory said = abi.encode(act);
        uint8 number = superseded == 0 ? 60 : 67;
        if (number == 60) said = _without(said, 5);
        if (!_send(number, said, _keyOf(AUTHORITY, slot))) record = 0;
    }

    /// IssueLicense is SupersedeLicense without the license, its sixth word.
    function _without(bytes memory words, uint256 place) private pure returns (bytes memory rest) {
        rest = new bytes(words.length - 32);
        for (uint256 i = 0; i < rest.length; i++) {
            rest[i] = words[i < place * 32 ? i : i + 32];
        }
    }
}
