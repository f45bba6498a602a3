// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {Contracts} from "./interfaces/Deployment.sol";
import {
    AlreadyEntered,
    CommitmentMissing,
    DeadlinePassed,
    DeadlineTooFar,
    OnlyContract,
    OutOfRange,
    SignatureInvalid,
    StaleParent,
    WrongRecordId,
    WrongStatus
} from "./interfaces/Errors.sol";
import {IDirectory, Organization} from "./interfaces/IDirectory.sol";
import {Entered, IJournal, Note} from "./interfaces/IJournal.sol";
import {DRAW, Draw} from "./interfaces/IManifests.sol";
import {IRecords, Source} from "./interfaces/IRecords.sol";

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
        (entry.digest, entry.signer) = _recover(deadline, structHash, signature);
        entry.kind = kind;
        entry.record = record;
        entry.organization = organization;
        entry.act = act;
        entry.signature = signature;
    }

    function _recover(uint64 deadline, bytes32 structHash, bytes calldata signature)
        internal
        view
        returns (bytes32 digest, address signer)
    {
        uint64 time = uint64(block.timestamp);
        if (deadline < time) revert DeadlinePassed(deadline, time);
        if (deadline > time + LONGEST_DEADLINE) revert DeadlineTooFar(deadline, time + LONGEST_DEADLINE);

        digest = _hashTypedDataV4(structHash);
        if (signature.length != 65) revert SignatureInvalid(digest);
        (bytes32 r, bytes32 s) = abi.decode(signature, (bytes32, bytes32));
        (signer,,) = ECDSA.tryRecover(digest, uint8(signature[64]), r, s);
        if (signer == address(0)) revert SignatureInvalid(digest);
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

    /// Refuses unless the signer may sign for the entry's organization with the power; `behind`: whose agent it is.
    function _authorize(Entered memory entry, uint16 power) internal view returns (uint32 agent, uint32 behind) {
        return DIRECTORY.requirePower(entry.signer, entry.organization, power, entry.kind);
    }

    /// The new record, kept by another contract, has the id of its formula, and nothing stands there yet.
    function _createIn(IRecords records, Entered memory entry, bytes32 parent, uint8 kind, bytes32 salt) internal view {
        bytes32 expected = keccak256(abi.encode(block.chainid, address(records), kind, entry.organization, salt));
        if (entry.record != expected) revert WrongRecordId(entry.record, expected);
        _atHeadIn(records, entry.record, parent);
    }

    /// The parent is the head of a record that another contract keeps.
    function _atHeadIn(IRecords records, bytes32 record, bytes32 parent) internal view {
        (bytes32 head,) = records.heads(record);
        if (parent != head) revert StaleParent(record, head, parent);
    }

    function _hashDraws(Draw[] calldata draws) internal pure returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](draws.length);
        for (uint256 i = 0; i < hashes.length; i++) {
            hashes[i] = keccak256(abi.encode(DRAW, draws[i]));
        }
        return keccak256(abi.encodePacked(hashes));
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

    function _committed(string memory field, bytes32 commitment) internal pure {
        if (commitment == 0) revert CommitmentMissing(field);
    }

    /// @param allowed bit set of statuses
    function _inStatus(bytes32 record, uint8 status, uint16 allowed) internal pure {
        if ((uint16(1) << status) & allowed == 0) revert WrongStatus(record, status, allowed);
    }

    function _source(Entered memory entry) internal pure returns (Source memory) {
        return Source({digest: entry.digest, signer: entry.signer});
    }

    function _noNotes() internal pure returns (Note[] memory) {
        return new Note[](0);
    }

    function _oneNote(Note memory note) internal pure returns (Note[] memory notes) {
        notes = new Note[](1);
        notes[0] = note;
    }

    /// The first `count` notes in ascending order of record.
    function _ascending(Note[] memory found, uint256 count) internal pure returns (Note[] memory notes) {
        notes = new Note[](count);
        for (uint256 i = 0; i < count; i++) {
            uint256 place = i;
            for (; place > 0 && notes[place - 1].record > found[i].record; place--) {
                notes[place] = notes[place - 1];
            }
            notes[place] = found[i];
        }
    }
}
