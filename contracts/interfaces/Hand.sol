// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// In whose hands the goods of a shipment are: all that a handoff moves, and all that a smooth one asks, in one word. A
/// struct would be read and written member by member.
///
/// From the lowest bit: version32 holder32 responsible32 offeredTo32 lastFact38 lapsesAt38 status4 grade2 irregular13
/// flags11 latenessHours14 lines6 stopped1 homeward1. What is narrower than its type never has more: times are of the
/// past, or a policy's hours later; the rest is counted in Codes and in the rules.
type Hand is uint256;

// What changes where goods are accepted: holder, responsible, offeredTo, lastFact; grade, flags.
uint256 constant MOVED = (((1 << 134) - 1) << 32) | (3 << 208) | (0x7ff << 223);

using {
    version,
    holder,
    responsible,
    offeredTo,
    lastFact,
    lapsesAt,
    status,
    grade,
    irregular,
    flags,
    latenessHours,
    lines,
    stopped,
    homeward,
    withVersion,
    withHolder,
    withResponsible,
    withOfferedTo,
    withLastFact,
    withLapsesAt,
    withStatus,
    withGrade,
    withIrregular,
    withFlags,
    withLatenessHours,
    withLines,
    withStopped,
    withHomeward,
    taken
} for Hand global;

function version(Hand word) pure returns (uint32) {
    return uint32(Hand.unwrap(word));
}

function holder(Hand word) pure returns (uint32) {
    return uint32(Hand.unwrap(word) >> 32);
}

/// The organization of the agent that signed the last custody fact.
function responsible(Hand word) pure returns (uint32) {
    return uint32(Hand.unwrap(word) >> 64);
}

/// 0: no offer.
function offeredTo(Hand word) pure returns (uint32) {
    return uint32(Hand.unwrap(word) >> 96);
}

function lastFact(Hand word) pure returns (uint40) {
    return uint40((Hand.unwrap(word) >> 128) & 0x3fffffffff);
}

/// The last instant at which the offer can be accepted.
function lapsesAt(Hand word) pure returns (uint40) {
    return uint40((Hand.unwrap(word) >> 166) & 0x3fffffffff);
}

function status(Hand word) pure returns (uint8) {
    return uint8((Hand.unwrap(word) >> 204) & 0xf);
}

/// Of the last custody fact.
function grade(Hand word) pure returns (uint8) {
    return uint8((Hand.unwrap(word) >> 208) & 3);
}

function irregular(Hand word) pure returns (uint16) {
    return uint16((Hand.unwrap(word) >> 210) & 0x1fff);
}

function flags(Hand word) pure returns (uint16) {
    return uint16((Hand.unwrap(word) >> 223) & 0x7ff);
}

/// Of the license's policy, copied.
function latenessHours(Hand word) pure returns (uint16) {
    return uint16((Hand.unwrap(word) >> 234) & 0x3fff);
}

function lines(Hand word) pure returns (uint8) {
    return uint8((Hand.unwrap(word) >> 248) & 0x3f);
}

/// Whether a stop was ever set on the shipment.
function stopped(Hand word) pure returns (bool) {
    return Hand.unwrap(word) & (1 << 254) != 0;
}

/// Whether the offer is made to the exporter.
function homeward(Hand word) pure returns (bool) {
    return Hand.unwrap(word) & (1 << 255) != 0;
}

function withVersion(Hand word, uint32 value) pure returns (Hand) {
    return _with(word, 0, type(uint32).max, value);
}

function withHolder(Hand word, uint32 value) pure returns (Hand) {
    return _with(word, 32, type(uint32).max, value);
}

function withResponsible(Hand word, uint32 value) pure returns (Hand) {
    return _with(word, 64, type(uint32).max, value);
}

function withOfferedTo(Hand word, uint32 value) pure returns (Hand) {
    return _with(word, 96, type(uint32).max, value);
}

function withLastFact(Hand word, uint40 value) pure returns (Hand) {
    return _with(word, 128, 0x3fffffffff, value);
}

function withLapsesAt(Hand word, uint40 value) pure returns (Hand) {
    return _with(word, 166, 0x3fffffffff, value);
}

function withStatus(Hand word, uint8 value) pure returns (Hand) {
    return _with(word, 204, 0xf, value);
}

function withGrade(Hand word, uint8 value) pure returns (Hand) {
    return _with(word, 208, 3, value);
}

function withIrregular(Hand word, uint16 value) pure returns (Hand) {
    return _with(word, 210, 0x1fff, value);
}

function withFlags(Hand word, uint16 value) pure returns (Hand) {
    return _with(word, 223, 0x7ff, value);
}

function withLatenessHours(Hand word, uint16 value) pure returns (Hand) {
    return _with(word, 234, 0x3fff, value);
}

function withLines(Hand word, uint8 value) pure returns (Hand) {
    return _with(word, 248, 0x3f, value);
}

function withStopped(Hand word, bool value) pure returns (Hand) {
    return _with(word, 254, 1, value ? 1 : 0);
}

function withHomeward(Hand word, bool value) pure returns (Hand) {
    return _with(word, 255, 1, value ? 1 : 0);
}

/// The goods in the hands of one that accepted them: holder and responsible, the offer over.
function taken(Hand word, uint32 by, uint40 at, uint8 grade_, uint16 flags_) pure returns (Hand) {
    uint256 kept = Hand.unwrap(word) & ~MOVED;
    return Hand.wrap(
        kept | uint256(by) << 32 | uint256(by) << 64 | uint256(at) << 128 | uint256(grade_) << 208
            | uint256(flags_) << 223
    );
}

function _with(Hand word, uint256 offset, uint256 mask, uint256 value) pure returns (Hand) {
    return Hand.wrap((Hand.unwrap(word) & ~(mask << offset)) | (value << offset));
}
