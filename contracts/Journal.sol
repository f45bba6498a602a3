// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Contracts} from "./interfaces/Deployment.sol";
import {OnlyContract} from "./interfaces/Errors.sol";
import {Entered, IJournal, Note} from "./interfaces/IJournal.sol";

/// STORED      the number of entries and one hash over all of them.
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

    uint256 private _length;
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
        return (uint64(_length), _head);
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
        uint256 length = _length + 1;
        _length = length;
        seq = uint64(length);
        _head = keccak256(
            abi.encode(
                _head,
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
    }

    function _isWriter(address sender) private view returns (bool) {
        return sender == SHIPMENTS || sender == LICENSES || sender == CERTIFICATES || sender == APPLICATIONS
            || sender == DIRECTORY || sender == POLICIES;
    }
}
