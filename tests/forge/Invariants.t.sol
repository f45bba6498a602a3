// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {vm} from "./Vm.sol";
import {Walk} from "./Walk.sol";

/// The invariants of contracts/RULES.md section 7 over random acts. A step checks what its act touches (I1, I3 to I5,
/// I7 to I10); what holds of the whole ledger (I1, I2, I6, I11) is asked after every call.
contract InvariantsTest {
    event Taken(uint8 kind, uint256 times);
    event Refusals(uint256 kinds);
    event Met(string what, uint256 times);

    uint256 private constant STEPS = 7000;

    Walk private walk;

    function setUp() external {
        walk = new Walk();
        walk.setUp();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(walk);
    }

    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = walk.step.selector;
        targets[0] = FuzzSelector(address(walk), selectors);
    }

    function invariant_i1_i2_i6_i11() external view {
        walk.checkAll();
    }

    /// The campaign means something only if acts are accepted often enough: each at least once in a fixed walk, and
    /// what the invariants are about. WALK names another walk; most miss one or two of the seldom ones.
    function test_a_walk_meets_every_act_and_many_refusals() external {
        uint256 which = vm.envOr("WALK", uint256(1));
        for (uint256 i = 0; i < STEPS; i++) {
            walk.step(uint256(keccak256(abi.encode("walk", which, i))));
        }
        walk.checkAll();
        uint8[] memory kinds = walk.kinds();
        string memory missing = "";
        for (uint256 i = 0; i < kinds.length; i++) {
            uint256 times = walk.taken(kinds[i]);
            emit Taken(kinds[i], times);
            if (times == 0) missing = string.concat(missing, " ", vm.toString(kinds[i]));
        }
        require(bytes(missing).length == 0, string.concat("acts never taken:", missing));
        _askWhatWasMet();
        emit Refusals(walk.refusalKinds());
        require(walk.refusalKinds() > 40, "few rules are met");
    }

    function _askWhatWasMet() private {
        string[18] memory all = [
            "mandate used",
            "suspended organization offered to a refuge",
            "certificate bound again",
            "appeal granted",
            "recorded license issued",
            "temporary license issued",
            "temporary return credited",
            "retransfer issued",
            "retransfer drawn on",
            "re-export issued",
            "application returned",
            "transferred license drawn on",
            "unlimited line drawn on",
            "departed with a verified certificate",
            "lost goods found",
            "split under way",
            "regularized",
            "tolerance used"
        ];
        string memory missing = "";
        for (uint256 i = 0; i < all.length; i++) {
            emit Met(all[i], walk.met(all[i]));
            if (walk.met(all[i]) == 0) missing = string.concat(missing, "; ", all[i]);
        }
        require(bytes(missing).length == 0, string.concat("never met: ", missing));
    }
}
