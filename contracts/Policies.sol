// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Acts} from "./Acts.sol";
import {Control, Grade, Kind, LicenseKind, Power, Role, WHOLE} from "./interfaces/Codes.sol";
import {Contracts} from "./interfaces/Deployment.sol";
import {OutOfRange, PolicyNotCurrent} from "./interfaces/Errors.sol";
import {Entered} from "./interfaces/IJournal.sol";
import {ADOPT_POLICY, AdoptPolicy, IPolicies, TERMS, Terms} from "./interfaces/IPolicies.sol";
import {Records} from "./Records.sol";

/// What each authority asks of exports, per kind of license. A policy never changes; a new one replaces it
/// for licenses issued after it.
///
/// STORED      terms by number; the current policy of each authority and kind.
/// TRUSTED     the authority's agents with POLICY, for its own licenses only.
contract Policies is IPolicies, Records {
    uint256 private constant LONGEST_HOURS = 8760;
    uint256 private constant LONGEST_DAYS = 36_500;
    /// Roles that can sign a certificate besides its end-user; an authority by endorsing it.
    uint16 private constant SIGNERS = Role.AUTHORITY | Role.EXPORTER | Role.CONSIGNEE;

    uint32 private _count;
    mapping(uint32 number => bytes32 record) private _recordOf;
    mapping(uint32 number => Terms) private _terms;
    mapping(uint32 authority => mapping(uint8 kind => uint32 number)) private _current;

    constructor(Contracts memory contracts) Acts(contracts) {}

    /// @inheritdoc IPolicies
    function adoptPolicy(AdoptPolicy calldata act, bytes calldata signature) external {
        Entered memory entry = _signed(
            30, act.record, act.organization, act.deadline, _hashPolicy(act), abi.encode(act), signature
        );
        _create(entry, act.parent, Kind.POLICY, act.salt);
        _authorize(entry, Power.POLICY);
        _committed("controlList", act.controlList);
        _within("kind", act.kind, 1, LicenseKind.LAST);
        _checkTerms(act.terms);
        uint32 current = _current[act.organization][act.kind];
        if (act.replaces != current) revert PolicyNotCurrent(act.replaces, current);

        uint32 number = ++_count;
        _recordOf[number] = act.record;
        _terms[number] = act.terms;
        _current[act.organization][act.kind] = number;

        _move(entry, 1);
        _append(entry, _noNotes());
    }

    /// @inheritdoc IPolicies
    function termsOf(uint32 policy) external view returns (Terms memory) {
        return _terms[policy];
    }

    /// @inheritdoc IPolicies
    function recordOf(uint32 policy) external view returns (bytes32) {
        return _recordOf[policy];
    }

    /// @inheritdoc IPolicies
    function currentOf(uint32 authority, uint8 kind) external view returns (uint32) {
        return _current[authority][kind];
    }

    function _checkTerms(Terms calldata terms) private pure {
        _within("certificateGrade", terms.certificateGrade, 0, Grade.FULL);
        if (terms.certificateSigners & ~SIGNERS != 0) {
            revert OutOfRange("certificateSigners", terms.certificateSigners, 0, SIGNERS);
        }
        _within("firstUseDays", terms.firstUseDays, 0, LONGEST_DAYS);
        _within("lastUseDays", terms.lastUseDays, 0, LONGEST_DAYS);
        _within("exemptRoles", terms.exemptRoles, 0, Role.ALL);
        _within("control", terms.control, Control.QUANTITY, Control.OPEN);
        _within("valueTolerance", terms.valueTolerance, 0, WHOLE);
        _within("quantityTolerance", terms.quantityTolerance, 0, WHOLE);
        _within("countTolerance", terms.countTolerance, 0, WHOLE);
        _within("handoffHours", terms.handoffHours, 1, LONGEST_HOURS);
        _within("latenessHours", terms.latenessHours, 1, LONGEST_HOURS);
        _within("suspensionHours", terms.suspensionHours, 1, LONGEST_HOURS);
        _within("lowestCustodyGrade", terms.lowestCustodyGrade, Grade.ONE_SIDED, Grade.FULL);
    }

    function _hashPolicy(AdoptPolicy calldata act) private pure returns (bytes32) {
        return keccak256(
            abi.encode(
                ADOPT_POLICY,
                act.record,
                act.parent,
                act.organization,
                act.deadline,
                act.salt,
                act.kind,
                act.replaces,
                keccak256(abi.encode(TERMS, act.terms)),
                act.controlList
            )
        );
    }
}
