// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Contracts} from "./interfaces/Deployment.sol";
import {OnlyContract} from "./interfaces/Errors.sol";
import {Entered, IJournal, Note} from "./interfaces/IJournal.sol";

/// STORED      one word: a hash over all entries, and behind it their number.
/// DERIVED     everything else is in the logs: whole acts, signatures, heads.
/// TRUSTED     the record contracts, fixed at deployment, check an act, or let a contract that they trust check it,
///             before they append it.
/// INVARIANTS  I6: seq without gaps; the head recomputes from the entries.
contract Journal is IJournal {
    address private immutable DIRECTORY;
    address private immutable POLICIES;
    address private immutable CERTIFICATES;
    address private immutable APPLICATIONS;
    address private immutable LICENSES;
    address private immutable SHIPMENTS;

    bytes32 private _head;

    constructor(Contracts memory contracts) {
        DIRECTORY = contracts.directory;
        POLICIES = contracts.policies;
        CERTIFICATES = contracts.certificates;
        APPLICATIONS = contracts.applications;
        LICENSES = contracts.licenses;
        SHIPMENTS = contracts.shipments;
    }

    /// @inheritdoc IJournal
    function append(Entered calldata entry, Note[] calldata notes) external {
        if (!_isWriter(msg.sender)) revert OnlyContract(msg.sender, SHIPMENTS);

        uint64 seq = _next(
            entry.kind,
            entry.record,
            entry.organization,
            entry.version,
            entry.signer,
            entry.digest,
            entry.recordHead
        );

        emit Entry(
            seq,
            entry.record,
            entry.organization,
            entry.kind,
            entry.version,
            uint64(block.timestamp),
            entry.signer,
            entry.digest,
            entry.recordHead,
            entry.act,
            entry.signature
        );
        for (uint256 i = 0; i < notes.length; i++) {
            emit Touched(seq, notes[i].record, notes[i].note, notes[i].noteHead, notes[i].delta);
        }
    }

    /// @inheritdoc IJournal
    function appendStep(
        uint8 kind,
        bytes32 record,
        uint32 organization,
        uint64 version,
        address signer,
        bytes32 digest,
        bytes32 recordHead,
        bytes calldata act,
        bytes calldata signature
    ) external {
        if (msg.sender != SHIPMENTS) revert OnlyContract(msg.sender, SHIPMENTS);

        uint64 seq = _next(kind, record, organization, version, signer, digest, recordHead);
        emit Entry(
            seq,
            record,
            organization,
            kind,
            version,
            uint64(block.timestamp),
            signer,
            digest,
            recordHead,
            act,
            signature
        );
    }

    /// @inheritdoc IJournal
    function state() external view returns (uint64 length, bytes32 head) {
        return (_lengthOf(_head), _head);
    }

    /// The number of the next entry, once the head is moved over it.
    function _next(
        uint8 kind,
        bytes32 record,
        uint32 organization,
        uint64 version,
        address signer,
        bytes32 digest,
        bytes32 recordHead
    ) private returns (uint64 seq) {
        bytes32 head = _head;
        seq = _lengthOf(head) + 1;
        bytes32 hash = keccak256(
            abi.encode(
                head,
                seq,
                uint64(block.timestamp),
                kind,
                record,
                organization,
                version,
                signer,
                digest,
                recordHead
            )
        );
        // Two words would cost every entry 5,000 gas more; 28 bytes of a hash are SHA-224's.
        _head = bytes32(bytes28(hash)) | bytes32(uint256(seq));
    }

    /// The last four bytes of the head.
    function _lengthOf(bytes32 head) private pure returns (uint32) {
        return uint32(uint256(head));
    }

    function _isWriter(address sender) private view returns (bool) {
        return sender == SHIPMENTS || sender == LICENSES || sender == CERTIFICATES || sender == APPLICATIONS
            || sender == DIRECTORY || sender == POLICIES;
    }
}
