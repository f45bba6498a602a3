// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {LicenseStatus} from "../../contracts/interfaces/Codes.sol";
import {Entered, Note} from "../../contracts/interfaces/IJournal.sol";
import {CorrectLicense, ILicenses, License} from "../../contracts/interfaces/ILicenses.sol";
import {IOrders, SuspendLicense} from "../../contracts/interfaces/IOrders.sol";
import {AddStatement, IStatements} from "../../contracts/interfaces/IStatements.sol";
import {Elsewhere, vm} from "./Elsewhere.sol";

/// I7: the same signed act is taken at most once: an order, a note and a step, each with any members and signature.
/// Around an order and a note nothing changes between the two, so that only the digest can refuse the second.
contract OnceTest is Elsewhere {
    bytes32 private constant RECORD = bytes32(uint256(8));

    function check_i7_an_order(SuspendLicense memory act) external {
        (bool first, bool second) = _order(act);
        assert(!(first && second));
    }

    function check_canary_i7_an_order_is_taken(SuspendLicense memory act) external {
        (bool first,) = _order(act);
        assert(!first);
    }

    function check_i7_a_note(AddStatement memory act) external {
        (bool first, bool second) = _note(act);
        assert(!(first && second));
    }

    function check_canary_i7_a_note_is_taken(AddStatement memory act) external {
        (bool first,) = _note(act);
        assert(!first);
    }

    function check_i7_a_step(CorrectLicense memory act) external {
        (bool first, bool second) = _step(act);
        assert(!(first && second));
    }

    function check_canary_i7_a_step_is_taken(CorrectLicense memory act) external {
        (bool first,) = _step(act);
        assert(!first);
    }

    function _order(SuspendLicense memory act) private returns (bool first, bool second) {
        license.authority = act.organization;
        license.status = LicenseStatus.ISSUED;
        address orders = _deploy("ORDERS");
        return _twice(orders, abi.encodeCall(IOrders.suspendLicense, (act, _anySignature())));
    }

    function _note(AddStatement memory act) private returns (bool first, bool second) {
        shipment.holder = act.organization;
        address statements = _deploy("STATEMENTS");
        return _twice(statements, abi.encodeCall(IStatements.addStatement, (act, _anySignature())));
    }

    function _step(CorrectLicense memory act) private returns (bool first, bool second) {
        ILicenses licenses = ILicenses(_deploy("LICENSES"));
        License memory issued;
        issued.authority = act.organization;
        issued.status = LicenseStatus.ISSUED;
        Entered memory entry;
        entry.record = RECORD;
        licenses.enter(entry, issued, new Note[](0));
        act.record = RECORD;
        return _twice(address(licenses), abi.encodeCall(ILicenses.correctLicense, (act, _anySignature())));
    }

    function _twice(address at, bytes memory call) private returns (bool first, bool second) {
        _anyTime();
        (first,) = at.call(call);
        _anyTime();
        (second,) = at.call(call);
    }
}
