// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// An accepted act on its way into the journal.
struct Entered {
    uint8 kind; // number of the act's type
    bytes32 record;
    uint32 organization; // for whom the signer acted
    uint64 version; // of the record after the act
    address signer;
    bytes32 digest; // EIP-712
    bytes32 recordHead; // after the act
    bytes act; // abi.encode of the signed struct
    bytes signature;
}

/// What an act leaves on a record that it does not step.
struct Note {
    bytes32 record;
    uint64 note; // counts from 1, without gaps
    bytes32 noteHead;
    bytes delta;
}

interface IJournal {
    /// One accepted act with its whole message and signature.
    event Entry(
        uint64 indexed seq,
        bytes32 indexed record,
        uint32 indexed organization,
        uint8 kind,
        uint64 version,
        uint64 time,
        address signer,
        bytes32 digest,
        bytes32 recordHead,
        bytes act,
        bytes signature
    );

    /// One record that got a note from the entry of the same seq.
    event Touched(uint64 indexed seq, bytes32 indexed record, uint64 note, bytes32 noteHead, bytes delta);

    /// Appends one entry and its notes. Only the record contracts may call.
    /// @param notes in ascending order of record, the entry's own record first if the act is a note
    function append(Entered calldata entry, Note[] calldata notes) external;

    /// Appends one entry without notes: as append, member by member, for what happens most. Only Shipments may call.
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
    ) external;

    /// Entries so far, and the hash head over them: keccak256(abi.encode(head, seq, time, kind, record,
    /// organization, version, signer, digest, recordHead)), from 0, its last four bytes being the number of entries.
    function state() external view returns (uint64 length, bytes32 head);
}
