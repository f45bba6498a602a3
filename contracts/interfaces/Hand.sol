// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// In whose hands the goods of a shipment are: all that a handoff moves, in one word. A struct would be read and
/// written member by member.
///
/// From the lowest bit: version32 holder32 responsible32 offeredTo32 lastFact40 lapsesAt40 status8 irregular16 grade8
/// flags16.
type Hand is uint256;

using {
    version,
    holder,
    responsible,
    offeredTo,
    lastFact,
    lapsesAt,
    status,
    irregular,
    grade,
    flags,
    withVersion,
    withHolder,
    withResponsible,
    withOfferedTo,
    withLastFact,
    withLapsesAt,
    withStatus,
    withIrregular,
    withGrade,
    withFlags
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
    return uint40(Hand.unwrap(word) >> 128);
}

/// The last instant at which the offer can be accepted.
function lapsesAt(Hand word) pure returns (uint40) {
    return uint40(Hand.unwrap(word) >> 168);
}

function status(Hand word) pure returns (uint8) {
    return uint8(Hand.unwrap(word) >> 208);
}

function irregular(Hand word) pure returns (uint16) {
    return uint16(Hand.unwrap(word) >> 216);
}

/// Of the last custody fact.
function grade(Hand word) pure returns (uint8) {
    return uint8(Hand.unwrap(word) >> 232);
}

function flags(Hand word) pure returns (uint16) {
    return uint16(Hand.unwrap(word) >> 240);
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
    return _with(word, 128, type(uint40).max, value);
}

function withLapsesAt(Hand word, uint40 value) pure returns (Hand) {
    return _with(word, 168, type(uint40).max, value);
}

function withStatus(Hand word, uint8 value) pure returns (Hand) {
    return _with(word, 208, type(uint8).max, value);
}

function withIrregular(Hand word, uint16 value) pure returns (Hand) {
    return _with(word, 216, type(uint16).max, value);
}

function withGrade(Hand word, uint8 value) pure returns (Hand) {
    return _with(word, 232, type(uint8).max, value);
}

function withFlags(Hand word, uint16 value) pure returns (Hand) {
    return _with(word, 240, type(uint16).max, value);
}

function _with(Hand word, uint256 offset, uint256 mask, uint256 value) pure returns (Hand) {
    return Hand.wrap((Hand.unwrap(word) & ~(mask << offset)) | (value << offset));
}
