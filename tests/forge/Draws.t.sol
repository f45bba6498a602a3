// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Kind} from "../../contracts/interfaces/Codes.sol";
import {ILicenses} from "../../contracts/interfaces/ILicenses.sol";
import {Draw, RegisterShipment} from "../../contracts/interfaces/IManifests.sol";
import {Terms} from "../../contracts/interfaces/IPolicies.sol";
import {Trade} from "./Trade.sol";
import {vm} from "./Vm.sol";

/// I1 for any quantities and tolerances, judged against the sentence in RULES.md, not the contract's arithmetic.
contract DrawsTest is Trade {
    function setUp() external {
        _start();
    }

    function testFuzz_i1_a_line_takes_one_last_draw_within_its_tolerance(
        uint80 granted,
        uint96 first,
        uint96 second,
        uint16 tolerance
    ) external {
        vm.assume(granted > 0 && granted < type(uint80).max);
        bytes32 license = _licensed(granted, tolerance % 10_001);
        uint256 most = uint256(granted) * (10_000 + tolerance % 10_001) / 10_000;
        if (most > type(uint80).max) most = type(uint80).max;

        uint256 drawn = 0;
        uint96[3] memory quantities = [uint96(first % (most + 2)), uint96(second % (most + 2)), 1];
        for (uint256 i = 0; i < 3; i++) {
            bool expected = quantities[i] > 0 && drawn < granted && drawn + quantities[i] <= most;
            require(_ship(license, quantities[i]) == expected, "I1: draw");
            if (expected) drawn += quantities[i];
        }
        uint32 number = ILicenses(contracts.licenses).numberOf(license);
        require(ILicenses(contracts.licenses).lineOf(number, 0).drawn == drawn, "I1: drawn");
    }

    function _licensed(uint80 granted, uint16 tolerance) private returns (bytes32 license) {
        Terms memory terms = _terms(PERMANENT);
        terms.quantityTolerance = tolerance;
        _adoptPolicy(terms, PERMANENT, 1);
        bytes32 certificate = _certificate(40, granted, 0);
        bytes32 application = _apply(Wish(PERMANENT, 0, [certificate, certificate], [uint96(granted), 1], 2, false));
        require(_assess(application, 2), "assess");
        license = _issue(application, PERMANENT, 0, 3);
    }

    function _ship(bytes32 license, uint96 quantity) private returns (bool) {
        RegisterShipment memory act;
        act.salt = _salt();
        act.organization = EXPORTER;
        act.record = _newId(80, Kind.SHIPMENT, EXPORTER, act.salt);
        act.deadline = _deadline();
        act.license = license;
        act.endUser = END_USER;
        act.document = DOCUMENT;
        act.draws = new Draw[](1);
        act.draws[0] = Draw(0, quantity);
        return _send(80, abi.encode(act), _keyOf(EXPORTER, 1));
    }
}
