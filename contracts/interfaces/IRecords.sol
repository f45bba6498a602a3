// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// The act that leaves a note on another contract's record.
struct Source {
    bytes32 digest;
    address signer;
}

/// One line of a note's delta; draws positive, give-backs negative.
struct LineDelta {
    uint8 line;
    int96 quantity;
}

interface IRecords {
    /// The two hash heads of a record; 0 where there is none.
    function heads(bytes32 record) external view returns (bytes32 head, bytes32 noteHead);
}
