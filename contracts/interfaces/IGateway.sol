// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// The gas left cannot cover the share of call `index`; the whole transaction is undone.
error GatewayOutOfGas(uint256 index);

interface IGateway {
    /// The contract's refusal of call `index`: its custom error.
    event Refused(uint256 indexed index, bytes reason);

    /// Call `index` failed without a reason: out of its gas, or nothing answered. It may be sent again.
    event Unavailable(uint256 indexed index);

    /// Makes each call in order; a failing one changes nothing and stops no other.
    /// @param calls one behind the other: target uint8, gas uint32, length of the data uint24, data. Targets: 0 Directory,
    /// 1 Policies, 2 Certificates, 3 Applications, 4 Licenses, 5 Shipments, 6 Reports, 7 Organizations, 8 Issuance,
    /// 9 Manifests, 10 Orders, 11 Departures, 12 Statements
    function submit(bytes calldata calls) external;
}
