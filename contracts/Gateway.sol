// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Contracts} from "./interfaces/Deployment.sol";
import {GatewayOutOfGas, IGateway} from "./interfaces/IGateway.sol";

/// Many acts in one transaction, each alone: what one call does harms no other.
///
/// STORED      nothing.
/// TRUSTED     nobody: an act carries its own authority, the gateway only forwards it.
contract Gateway is IGateway {
    /// Gas kept back for each call's own bookkeeping here.
    uint256 private constant RESERVE = 10_000;

    address[13] private _targets;

    constructor(Contracts memory contracts) {
        _targets = [
            contracts.directory,
            contracts.policies,
            contracts.certificates,
            contracts.applications,
            contracts.licenses,
            contracts.shipments,
            contracts.reports,
            contracts.organizations,
            contracts.issuance,
            contracts.manifests,
            contracts.orders,
            contracts.departures,
            contracts.statements
        ];
    }

    /// @inheritdoc IGateway
    function submit(bytes calldata calls) external {
        // Packed: the words of an array of structs would cost each call about 800 gas.
        for (uint256 i = 0; calls.length != 0; i++) {
            uint256 head = uint64(bytes8(calls[:8]));
            (uint256 target, uint256 share, uint256 end) = (head >> 56, uint32(head >> 24), 8 + uint24(head));
            bytes calldata data = calls[8:end];
            calls = calls[end:];
            // A call gets at most 63/64 of what is left: with less than its share it could fail for the batch's sake.
            if (gasleft() - gasleft() / 64 < share + RESERVE) revert GatewayOutOfGas(i);
            if (target >= _targets.length) {
                emit Unavailable(i);
                continue;
            }
            (bool done, bytes memory reason) = _targets[target].call{gas: share}(data);
            if (done) continue;
            if (reason.length == 0) emit Unavailable(i);
            else emit Refused(i, reason);
        }
    }
}
