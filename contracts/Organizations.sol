// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Acts} from "./Acts.sol";
import {MANDATABLE, MAX_KINDS, Motion, OrganizationStatus, Power, Role} from "./interfaces/Codes.sol";
import {Contracts} from "./interfaces/Deployment.sol";
import {
    AlreadyVoted,
    KindNotMandatable,
    NoMandate,
    OutsideJurisdiction,
    RolesInvalid,
    UnknownRecord,
    WrongOrganization
} from "./interfaces/Errors.sol";
import {Organization} from "./interfaces/IDirectory.sol";
import {Entered} from "./interfaces/IJournal.sol";
import {
    END_MANDATE,
    EndMandate,
    GRANT_MANDATE,
    GrantMandate,
    IOrganizations,
    RECOVER_ORGANIZATION,
    REINSTATE_ORGANIZATION,
    RENAME_ORGANIZATION,
    RecoverOrganization,
    ReinstateOrganization,
    RenameOrganization,
    SUSPEND_ORGANIZATION,
    SuspendOrganization,
    VOTE_AUTHORITY,
    VoteAuthority
} from "./interfaces/IOrganizations.sol";
import {Seconded} from "./Seconded.sol";

/// What becomes of organizations after they are taken in. Directory keeps them.
///
/// STORED      votes not yet passed, by record, motion and composition of the authorities; open recoveries.
/// TRUSTED     sponsors for the organizations that they took in; authorities, by majority, for each other.
/// INVARIANTS  I5 (a recovery takes two agents), I8 (suspension).
contract Organizations is IOrganizations, Acts, Seconded {
    /// Counts the changes of the set of active authorities.
    uint32 private _composition;
    mapping(bytes32 ballot => uint32 votes) private _votes;
    mapping(bytes32 ballot => mapping(uint32 authority => bool)) private _voted;

    constructor(Contracts memory contracts) Acts(contracts) {}

    /// @inheritdoc IOrganizations
    function voteAuthority(VoteAuthority calldata act, bytes calldata signature) external {
        bytes memory encoded = abi.encode(act);
        Entered memory entry =
            _signed(3, act.record, act.organization, act.deadline, _hash(VOTE_AUTHORITY, encoded), encoded, signature);
        (uint32 number, Organization memory subject) = _subject(act.record);
        bool authority = _roles(act.organization) & Role.AUTHORITY != 0;
        if (act.organization == number || !authority) revert WrongOrganization(act.organization, 0);
        _authorize(entry, Power.ADMIN);
        _spend(entry);
        _checkMotion(act, subject);

        if (_passes(act)) {
            _composition += 1;
            _decide(act.motion, number, subject);
        }

        DIRECTORY.amend(entry, number, subject);
    }

    /// @inheritdoc IOrganizations
    function suspendOrganization(SuspendOrganization calldata act, bytes calldata signature) external {
        bytes memory encoded = abi.encode(act);
        Entered memory entry = _signed(
            4, act.record, act.organization, act.deadline, _hash(SUSPEND_ORGANIZATION, encoded), encoded, signature
        );
        (uint32 number, Organization memory subject,) = _sponsored(entry, Power.ENFORCE);
        _inStatus(act.record, subject.status, uint16(1) << OrganizationStatus.ACTIVE);
        _checkNoAuthority(subject);

        subject.status = OrganizationStatus.SUSPENDED;

        DIRECTORY.amend(entry, number, subject);
    }

    /// @inheritdoc IOrganizations
    function reinstateOrganization(ReinstateOrganization calldata act, bytes calldata signature) external {
        bytes memory encoded = abi.encode(act);
        Entered memory entry = _signed(
            5, act.record, act.organization, act.deadline, _hash(REINSTATE_ORGANIZATION, encoded), encoded, signature
        );
        (uint32 number, Organization memory subject,) = _sponsored(entry, Power.ENFORCE);
        _inStatus(act.record, subject.status, uint16(1) << OrganizationStatus.SUSPENDED);
        _checkNoAuthority(subject);

        subject.status = OrganizationStatus.ACTIVE;

        DIRECTORY.amend(entry, number, subject);
    }

    /// @inheritdoc IOrganizations
    function renameOrganization(RenameOrganization calldata act, bytes calldata signature) external {
        bytes memory encoded = abi.encode(act);
        Entered memory entry = _signed(
            6, act.record, act.organization, act.deadline, _hash(RENAME_ORGANIZATION, encoded), encoded, signature
        );
        (uint32 number, Organization memory subject) = _own(entry, act.parent);
        _committed("profile", act.profile);

        DIRECTORY.amend(entry, number, subject);
    }

    /// @inheritdoc IOrganizations
    function grantMandate(GrantMandate calldata act, bytes calldata signature) external {
        Entered memory entry = _signed(
            7, act.record, act.organization, act.deadline, _hashMandate(act), abi.encode(act), signature
        );
        (uint32 number,) = _own(entry, act.parent);
        _organization(act.delegate);
        if (act.delegate == number) revert WrongOrganization(act.delegate, 0);
        _within("until", act.until, block.timestamp + 1, type(uint40).max);
        uint128 kinds = _kinds(act.kinds);

        DIRECTORY.entrust(entry, number, act.delegate, kinds, uint40(act.until));
    }

    /// @inheritdoc IOrganizations
    function endMandate(EndMandate calldata act, bytes calldata signature) external {
        bytes memory encoded = abi.encode(act);
        Entered memory entry =
            _signed(8, act.record, act.organization, act.deadline, _hash(END_MANDATE, encoded), encoded, signature);
        (uint32 number,) = _own(entry, act.parent);
        (uint128 kinds, uint40 until) = DIRECTORY.mandateOf(number, act.delegate);
        if (kinds == 0 || until <= block.timestamp) revert NoMandate(number, act.delegate);

        DIRECTORY.entrust(entry, number, act.delegate, 0, 0);
    }

    /// @inheritdoc IOrganizations
    function recoverOrganization(RecoverOrganization calldata act, bytes calldata signature) external {
        bytes memory encoded = abi.encode(act);
        Entered memory entry = _signed(
            9, act.record, act.organization, act.deadline, _hash(RECOVER_ORGANIZATION, encoded), encoded, signature
        );
        (uint32 number, Organization memory subject, uint32 agent) = _sponsored(entry, Power.REGISTER);
        _checkNoAuthority(subject);
        _committed("document", act.document);

        if (_seconded(act.record, agent, keccak256(abi.encode(uint8(9), act.document)))) {
            subject.recoveries += 1;
            subject.agents -= subject.admins;
            subject.admins = 0;
        }

        DIRECTORY.amend(entry, number, subject);
    }

    /// @inheritdoc IOrganizations
    function votesOf(bytes32 record, uint8 motion) external view returns (uint32) {
        return _votes[_ballot(record, motion)];
    }

    function _subject(bytes32 record) private view returns (uint32 number, Organization memory subject) {
        number = DIRECTORY.numberOf(record);
        if (number == 0) revert UnknownRecord(record);
        subject = _organization(number);
    }

    /// An order by the sponsor of its subject.
    function _sponsored(Entered memory entry, uint16 power)
        private
        returns (uint32 number, Organization memory subject, uint32 agent)
    {
        (number, subject) = _subject(entry.record);
        if (subject.sponsor != entry.organization) revert OutsideJurisdiction(entry.organization, entry.record);
        (agent,) = _authorize(entry, power);
        _spend(entry);
    }

    /// A step by its subject. It is active: nobody is authorized to step a suspended one.
    function _own(Entered memory entry, bytes32 parent)
        private
        view
        returns (uint32 number, Organization memory subject)
    {
        (number, subject) = _subject(entry.record);
        if (entry.organization != number) revert WrongOrganization(entry.organization, number);
        _authorize(entry, Power.ADMIN);
        _atHeadIn(DIRECTORY, entry.record, parent);
    }

    /// An authority sponsors itself, and would otherwise judge itself.
    function _checkNoAuthority(Organization memory subject) private pure {
        if (subject.roles & Role.AUTHORITY != 0) revert RolesInvalid(subject.roles, Role.ALL & ~Role.AUTHORITY);
    }

    function _checkMotion(VoteAuthority calldata act, Organization memory subject) private view {
        _within("motion", act.motion, Motion.ADMIT, Motion.REINSTATE);
        bool reinstates = act.motion == Motion.REINSTATE;
        uint8 status = reinstates ? OrganizationStatus.SUSPENDED : OrganizationStatus.ACTIVE;
        _inStatus(act.record, subject.status, uint16(1) << status);
        if (act.motion == Motion.ADMIT) {
            _checkNoAuthority(subject);
            _within("admins", subject.admins, 2, type(uint32).max);
        } else if (subject.roles & Role.AUTHORITY == 0) {
            revert RolesInvalid(subject.roles, Role.AUTHORITY);
        }
        if (_voted[_ballot(act.record, act.motion)][act.organization]) {
            revert AlreadyVoted(act.organization, act.record, act.motion);
        }
    }

    /// Counts the vote; whether it makes more than half of the active authorities, the subject not among them.
    function _passes(VoteAuthority calldata act) private returns (bool) {
        bytes32 ballot = _ballot(act.record, act.motion);
        _voted[ballot][act.organization] = true;
        uint256 votes = ++_votes[ballot];
        uint256 voters = DIRECTORY.authorities();
        if (act.motion == Motion.SUSPEND) voters -= 1;
        return votes * 2 > voters;
    }

    function _decide(uint8 motion, uint32 number, Organization memory subject) private pure {
        if (motion == Motion.ADMIT) {
            subject.roles |= Role.AUTHORITY;
            subject.sponsor = number;
        } else {
            subject.status = motion == Motion.SUSPEND ? OrganizationStatus.SUSPENDED : OrganizationStatus.ACTIVE;
        }
    }

    /// What was voted under another composition of the authorities is counted nowhere any more.
    function _ballot(bytes32 record, uint8 motion) private view returns (bytes32) {
        return keccak256(abi.encode(record, motion, _composition));
    }

    function _kinds(uint8[] calldata kinds) private pure returns (uint128 set) {
        _within("kinds", kinds.length, 1, MAX_KINDS);
        for (uint256 i = 0; i < kinds.length; i++) {
            uint128 kind = uint128(1) << kinds[i];
            if (MANDATABLE & kind == 0) revert KindNotMandatable(kinds[i]);
            set |= kind;
        }
    }

    function _hashMandate(GrantMandate calldata act) private pure returns (bytes32) {
        return keccak256(
            abi.encode(
                GRANT_MANDATE,
                act.record,
                act.parent,
                act.organization,
                act.deadline,
                act.delegate,
                act.until,
                keccak256(abi.encodePacked(act.kinds))
            )
        );
    }
}
