// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Custody} from "./Custody.sol";
import {MAX_LINES} from "./interfaces/Codes.sol";
import {ContinuationExceeded, CountsMismatch, ReturnMismatch} from "./interfaces/Errors.sol";
import {Draw} from "./interfaces/IManifests.sol";
import {LineDelta} from "./interfaces/IRecords.sol";
import {Gone, Held, IShipments} from "./interfaces/IShipments.sol";

/// Where the goods of a shipment's lines are.
///
/// STORED      per line what is held, delivered, unaccounted, lost and returned, and what licenses continue of it.
/// INVARIANTS  I9: goods move and are never made; I11: continued <= delivered.
abstract contract Goods is Custody, IShipments {
    mapping(bytes32 record => Held[MAX_LINES]) private _held;
    mapping(bytes32 record => Gone[MAX_LINES]) private _gone;
    mapping(bytes32 record => uint256[MAX_LINES]) private _continued;

    /// @inheritdoc IShipments
    function registeredOf(bytes32 record, uint256 line) external view returns (uint256) {
        Held storage here = _held[record][line];
        Gone storage gone = _gone[record][line];
        return uint256(here.held) + here.delivered + here.unaccounted + gone.lost + gone.returned;
    }

    /// @inheritdoc IShipments
    function goneOf(bytes32 record, uint256 line) external view returns (Gone memory) {
        return _gone[record][line];
    }

    /// @inheritdoc IShipments
    function continuedOf(bytes32 record, uint256 line) external view returns (uint256) {
        return _continued[record][line];
    }

    function _heldLines(bytes32 record, uint256 lines) internal view returns (Held[] memory held) {
        held = new Held[](lines);
        for (uint256 i = 0; i < lines; i++) {
            held[i] = _held[record][i];
        }
    }

    function _storeHeld(bytes32 record, Held[] calldata held) internal {
        for (uint256 i = 0; i < held.length; i++) {
            _held[record][i] = held[i];
        }
    }

    /// Whether a count, one a line, is not what is held.
    function _differ(bytes32 record, uint96[] calldata counted, uint256 lines) internal view returns (bool differ) {
        if (counted.length != lines) revert CountsMismatch(counted.length, lines);
        Held[MAX_LINES] storage held = _held[record];
        for (uint256 i = 0; i < lines; i++) {
            if (counted[i] != held[i].held) differ = true;
        }
    }

    /// Takes one count a line: what is short of held becomes unaccounted.
    /// @return differs whether a line differs by more than is tolerated
    function _count(bytes32 record, uint96[] calldata counted, uint16 tolerance) internal returns (bool differs) {
        for (uint256 i = 0; i < counted.length; i++) {
            Held storage line = _held[record][i];
            uint256 held = line.held;
            uint256 found = counted[i];
            if (_differs(i, held, found, tolerance)) differs = true;
            if (found < held) {
                line.held = uint80(found);
                line.unaccounted += uint80(held - found);
            }
        }
    }

    function _takeBack(bytes32 record, uint256 lines) internal {
        for (uint256 i = 0; i < lines; i++) {
            _gone[record][i].returned += _held[record][i].held;
            _held[record][i].held = 0;
        }
    }

    /// What was lost is held again.
    function _find(bytes32 record, uint256 lines) internal {
        for (uint256 i = 0; i < lines; i++) {
            _held[record][i].held += _gone[record][i].lost;
            _gone[record][i].lost = 0;
        }
    }

    /// Moves what is lost, from unaccounted first; whether nothing is left held.
    function _lose(bytes32 record, uint96[] calldata lost) internal returns (bool empty) {
        empty = true;
        for (uint256 i = 0; i < lost.length; i++) {
            Held storage line = _held[record][i];
            uint80 quantity = uint80(lost[i]);
            uint80 missing = quantity < line.unaccounted ? quantity : line.unaccounted;
            line.unaccounted -= missing;
            line.held -= quantity - missing;
            _gone[record][i].lost += quantity;
            empty = empty && line.held == 0;
        }
    }

    function _returnedLines(bytes32 record, uint256 lines) internal view returns (LineDelta[] memory deltas) {
        deltas = new LineDelta[](lines);
        for (uint256 i = 0; i < lines; i++) {
            int96 quantity = int96(uint96(_gone[record][i].returned));
            deltas[i] = LineDelta({line: _held[record][i].line, quantity: quantity});
        }
    }

    /// Refuses unless it says, line by line, what was returned.
    function _matchReturned(bytes32 record, Draw[] calldata named, uint256 lines) internal view {
        if (named.length != lines) revert CountsMismatch(named.length, lines);
        for (uint256 i = 0; i < lines; i++) {
            uint8 line = _held[record][i].line;
            uint256 said = named[i].line == line ? named[i].quantity : 0;
            uint256 returned = _gone[record][i].returned;
            if (named[i].line != line || said != returned) revert ReturnMismatch(record, line, said, returned);
        }
    }

    function _continue(bytes32 record, LineDelta[] calldata lines) internal {
        for (uint256 i = 0; i < lines.length; i++) {
            uint256 requested = uint256(int256(lines[i].quantity));
            uint256 remaining = _held[record][lines[i].line].delivered - _continued[record][lines[i].line];
            if (requested > remaining) revert ContinuationExceeded(record, lines[i].line, requested, remaining);
            _continued[record][lines[i].line] += requested;
        }
    }

    /// @return deltas negative
    function _discontinue(bytes32 record, LineDelta[] calldata lines) internal returns (LineDelta[] memory deltas) {
        deltas = lines;
        for (uint256 i = 0; i < deltas.length; i++) {
            _continued[record][deltas[i].line] -= uint256(int256(deltas[i].quantity));
            deltas[i].quantity = -deltas[i].quantity;
        }
    }
}
