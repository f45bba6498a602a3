// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Acts} from "./Acts.sol";
import {StaleParent, UnknownRecord, WrongRecordId} from "./interfaces/Errors.sol";
import {Entered, Note} from "./interfaces/IJournal.sol";
import {Source} from "./interfaces/IRecords.sol";
import {IRecords} from "./interfaces/IRecords.sol";

/// What every record contract keeps: two hash chains a record, one of steps and orders, one of notes.
///
/// STORED      the head of each record, and the head of its notes.
/// INVARIANTS  I6: a head moves only with an entry; it and the version recompute from the entries.
abstract contract Records is Acts, IRecords {
    mapping(bytes32 record => bytes32 head) private _heads;
    mapping(bytes32 record => bytes32 noteHead) private _noteHeads;

    /// @inheritdoc IRecords
    function heads(bytes32 record) external view returns (bytes32 head, bytes32 noteHead) {
        return (_heads[record], _noteHeads[record]);
    }

    function _head(bytes32 record) internal view returns (bytes32) {
        return _heads[record];
    }

    /// The id of a new record; the act must name it, and nothing may stand there yet.
    function _create(Entered memory entry, bytes32 parent, uint8 kind, bytes32 salt) internal view {
        bytes32 expected = keccak256(abi.encode(block.chainid, address(this), kind, entry.organization, salt));
        if (entry.record != expected) revert WrongRecordId(entry.record, expected);
        _atHead(entry.record, parent);
    }

    function _exists(bytes32 record) internal view {
        if (_heads[record] == 0) revert UnknownRecord(record);
    }

    function _atHead(bytes32 record, bytes32 parent) internal view {
        bytes32 head = _heads[record];
        if (parent != head) revert StaleParent(record, head, parent);
    }

    /// Moves the record's head by one step or order and fills in the entry.
    function _move(Entered memory entry, uint32 version) internal {
        bytes32 head = keccak256(abi.encode(_heads[entry.record], entry.digest, entry.signer));
        _heads[entry.record] = head;
        entry.version = version;
        entry.recordHead = head;
    }

    function _found(bytes32 record, bytes32 head) internal {
        _heads[record] = head;
    }

    function _note(bytes32 record, uint32 count, Source memory source, bytes memory delta)
        internal
        returns (Note memory)
    {
        bytes32 head = keccak256(abi.encode(_noteHeads[record], source.digest, source.signer, keccak256(delta)));
        _noteHeads[record] = head;
        return Note({record: record, note: count, noteHead: head, delta: delta});
    }
}
