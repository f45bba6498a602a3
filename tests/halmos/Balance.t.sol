// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Control, LicenseStatus, MAX_QUANTITY, WHOLE, WHOLE_VALUE} from "../../contracts/interfaces/Codes.sol";
import {Line} from "../../contracts/interfaces/IApplications.sol";
import {Entered, Note} from "../../contracts/interfaces/IJournal.sol";
import {ILicenses, License, Taking} from "../../contracts/interfaces/ILicenses.sol";
import {LineDelta, Source} from "../../contracts/interfaces/IRecords.sol";
import {Elsewhere, svm, vm} from "./Elsewhere.sol";

/// I1: a draw leaves what is drawn, and the shares of the value, within granted and tolerance, whatever is granted,
/// drawn, asked for and tolerated.
contract BalanceTest is Elsewhere {
    bytes32 private constant APPLICATION = bytes32(uint256(7));
    bytes32 private constant RECORD = bytes32(uint256(8));

    ILicenses private licenses;

    function setUp() public {
        licenses = ILicenses(_deploy("LICENSES"));
    }

    function check_i1_a_line(uint80 granted, uint80 drawn, uint96 quantity, uint16 tolerance) external {
        vm.assume(tolerance <= WHOLE);
        _issue(granted, drawn, 0, Control.QUANTITY);
        terms.quantityTolerance = tolerance;
        bool done = _try(quantity, 0);
        uint256 left = licenses.lineOf(1, 0).drawn;
        assert(left == (done ? uint256(drawn) + quantity : drawn));
        assert(!done || drawn < granted);
        assert(!done || left <= uint256(granted) * (WHOLE + tolerance) / WHOLE);
    }

    function check_i1_the_shares(uint64 shares, uint32 share, uint16 tolerance) external {
        vm.assume(share > 0 && tolerance <= WHOLE);
        _issue(1, 0, shares, Control.VALUE);
        terms.valueTolerance = tolerance;
        bool done = _try(1, share);
        uint256 left = licenses.licenseOf(1).shares;
        assert(left == (done ? uint256(shares) + share : shares));
        assert(!done || left <= WHOLE_VALUE * (WHOLE + tolerance) / WHOLE);
    }

    function check_canary_i1_a_draw_passes_what_is_granted(uint80 granted, uint80 drawn, uint96 quantity) external {
        _issue(granted, drawn, 0, Control.QUANTITY);
        terms.quantityTolerance = 500;
        bool done = _try(quantity, 0);
        assert(!(done && uint256(drawn) + quantity > granted));
    }

    function check_canary_i1_a_share_is_drawn(uint64 shares, uint32 share) external {
        _issue(1, 0, shares, Control.VALUE);
        bool done = _try(1, share);
        assert(!done);
    }

    /// License 1, valid for ever, with one line.
    function _issue(uint80 granted, uint80 drawn, uint64 shares, uint8 control) private {
        Line[] memory lines = new Line[](1);
        lines[0].granted = granted;
        lines[0].drawn = drawn;
        licenses.propose(APPLICATION, lines);
        License memory issued;
        issued.application = APPLICATION;
        issued.lines = 1;
        issued.control = control;
        issued.shares = shares;
        issued.validUntil = type(uint40).max;
        issued.status = LicenseStatus.ISSUED;
        Entered memory entry;
        entry.record = RECORD;
        licenses.enter(entry, issued, new Note[](0));
    }

    function _try(uint96 quantity, uint32 share) private returns (bool done) {
        vm.assume(quantity > 0 && quantity <= MAX_QUANTITY);
        Taking memory taking;
        taking.share = share;
        taking.lines = new LineDelta[](1);
        taking.lines[0].quantity = int96(quantity);
        Source memory source;
        (done,) = address(licenses).call(abi.encodeCall(ILicenses.draw, (1, taking, source)));
    }
}
