// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {Contracts} from "./interfaces/Deployment.sol";
import {AlreadyEntered, DeadlinePassed, DeadlineTooFar, OnlyContract, OutOfRange, SignatureInvalid} from "./interfaces/Errors.sol";
import {IDirectory, Organization} from "./interfaces/IDirectory.sol";
import {Entered, IJournal, Note} from "./interfaces/IJournal.sol";

/// What every contract that takes acts does first and last: who signed, and the journal entry.
///
/// STORED      digests of orders and notes that were entered.
/// TRUSTED     nobody: the relay that brings an act cannot change a bit of it.
/// INVARIANTS  I7: the digest binds act, chain and contract; a step is spent by its parent, an order or note here.
abstract contract Acts is EIP712 {
    uint64 private constant LONGEST_DEADLINE = 30 days;

    IJournal internal immutable JOURNAL;
    IDirectory internal immutable DIRECTORY;

    mapping(bytes32 digest => bool) private _spent;

    constructor(Contracts memory contracts) EIP712("License Ledger", "1") {
        JOURNAL = IJournal(contracts.journal);
        DIRECTORY = IDirectory(contracts.directory);
    }

    /// Checks deadline and signature, and opens the entry of the act.
    /// @param act abi.encode of the signed struct
    function _signed(
        uint8 kind,
        bytes32 record,
        uint32 organization,
        uint64 deadline,
        bytes32 structHash,
        bytes memory act,
        bytes calldata signature
    ) internal view returns (Entered memory entry) {
        uint64 time = uint64(block.timestamp);
        if (deadline < time) revert DeadlinePassed(deadline, time);
        if (deadline > time + LONGEST_DEADLINE) revert DeadlineTooFar(deadline, time + LONGEST_DEADLINE);

        entry.digest = _hashTypedDataV4(structHash);
        ECDSA.RecoverError fault;
        (entry.signer, fault,) = ECDSA.tryRecover(entry.digest, signature);
        if (fault != ECDSA.RecoverError.NoError) revert SignatureInvalid(entry.digest);

        entry.kind = kind;
        entry.record = record;
        entry.organization = organization;
        entry.act = act;
        entry.signature = signature;
    }

    /// EIP-712 hash of a struct whose members are all single words: exactly its ABI encoding behind its type hash.
    function _hash(bytes32 typeHash, bytes memory act) internal pure returns (bytes32) {
        return keccak256(bytes.concat(typeHash, act));
    }

    /// An order or a note counts once.
    function _spend(Entered memory entry) internal {
        if (_spent[entry.digest]) revert AlreadyEntered(entry.digest);
        _spent[entry.digest] = true;
    }

    /// Refuses unless the signer is an active agent of the entry's organization with the power.
    function _authorize(Entered memory entry, uint16 power) internal view returns (uint32 agent) {
        return DIRECTORY.authorize(entry.signer, entry.organization, power);
    }

    /// As _authorize, or an agent of the sponsor with RECORD while the organization has no agent.
    function _authorizeOrSponsor(Entered memory entry, uint16 power) internal view returns (uint32 behind) {
        (, behind) = DIRECTORY.authorizeOrSponsor(entry.signer, entry.organization, power);
    }

    function _organization(uint32 number) internal view returns (Organization memory) {
        return DIRECTORY.organizationOf(number);
    }

    function _roles(uint32 number) internal view returns (uint16) {
        return DIRECTORY.rolesOf(number);
    }

    function _append(Entered memory entry, Note[] memory notes) internal {
        JOURNAL.append(entry, notes);
    }

    function _within(string memory field, uint256 value, uint256 minimum, uint256 maximum) internal pure {
        if (value < minimum || value > maximum) revert OutOfRange(field, value, minimum, maximum);
    }

    function _only(address required) internal view {
        if (msg.sender != required) revert OnlyContract(msg.sender, required);
    }

    function _noNotes() internal pure returns (Note[] memory) {
        return new Note[](0);
    }

    function _oneNote(Note memory note) internal pure returns (Note[] memory notes) {
        notes = new Note[](1);
        notes[0] = note;
    }
}
