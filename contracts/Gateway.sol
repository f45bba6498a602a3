// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Contracts} from "./interfaces/Deployment.sol";
import {Call, GatewayOutOfGas, IGateway} from "./interfaces/IGateway.sol";

/// Many acts in one transaction, each alone: what one call does harms no other.
///
/// STORED      nothing.
/// TRUSTED     nobody: an act carries its own authority, the gateway only forwards it.
contract Gateway is IGateway {
    /// Gas kept back for each call's own bookkeeping here.
    uint256 private constant RESERVE = 10_000;

    address[7] private _targets;

    constructor(Contracts memory contracts) {
        _targets = [
            contracts.directory,
            contracts.policies,
            contracts.certificates,
            contracts.applications,
            contracts.licenses,
            contracts.shipments,
            contracts.reports
        ];
    }

    /// @inheritdoc IGateway
    function submit(Call[] calldata calls) external {
        for (uint256 i = 0; i < calls.length; i++) {
            // A call gets at most 63/64 of what is left: with less than its share it could fail for the batch's sake.
            if (gasleft() * 63 / 64 < uint256(calls[i].gas) + RESERVE) revert GatewayOutOfGas(i);
            if (calls[i].target >= _targets.length) {
                emit Unavailable(i);
                continue;
            }
            (bool done, bytes memory reason) = _targets[calls[i].target].call{gas: calls[i].gas}(calls[i].data);
            if (done) continue;
            if (reason.length == 0) emit Unavailable(i);
            else emit Refused(i, reason);
        }
    }
}
