// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {LicenseKind, LicenseStatus, Role} from "../../contracts/interfaces/Codes.sol";
import {Contracts} from "../../contracts/interfaces/Deployment.sol";
import {Organization} from "../../contracts/interfaces/IDirectory.sol";
import {Entered, Note} from "../../contracts/interfaces/IJournal.sol";
import {License, Standing} from "../../contracts/interfaces/ILicenses.sol";
import {Terms} from "../../contracts/interfaces/IPolicies.sol";
import {Held, Shipment} from "../../contracts/interfaces/IShipments.sol";

interface Vm {
    function envBytes(string calldata name) external view returns (bytes memory);
    function assume(bool condition) external pure;
    function warp(uint256 time) external;
}

interface Svm {
    function createUint(uint256 bits, string calldata name) external pure returns (uint256);
    function createBytes(uint256 length, string calldata name) external pure returns (bytes memory);
    function enableSymbolicStorage(address account) external;
}

Vm constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
Svm constant svm = Svm(address(uint160(uint256(keccak256("svm cheat code")))));

/// The rest of the ledger around the one contract that a proof is about: it lets everything pass that is not the proof's
/// subject, and where an answer could matter, any answer is possible.
///
/// The contract is the committed artifact, whose creation code stands in the environment. A check named check_canary_
/// must fail: it says that what the proof beside it speaks about can happen at all.
abstract contract Elsewhere {
    Terms internal terms;
    License internal license;
    Shipment internal shipment;
    Held[] internal held;

    function _deploy(string memory name) internal returns (address at) {
        Contracts memory contracts = Contracts(
            address(this),
            address(this),
            address(this),
            address(this),
            address(this),
            address(this),
            address(this),
            address(this),
            address(this),
            address(this),
            address(this),
            address(this),
            address(this),
            address(this),
            address(this)
        );
        bytes memory code = bytes.concat(vm.envBytes(name), abi.encode(contracts));
        assembly ("memory-safe") {
            at := create(0, add(code, 32), mload(code))
        }
        require(at != address(0), name);
    }

    /// Any time that 40 bits hold.
    function _anyTime() internal {
        vm.warp(svm.createUint(40, "time"));
    }

    function _anySignature() internal pure returns (bytes memory) {
        return svm.createBytes(65, "signature");
    }

    // Directory

    function requirePower(address, uint32, uint16, uint8) external pure returns (uint32 agent, uint32 behind) {
        return (uint32(svm.createUint(32, "agent")), uint32(svm.createUint(32, "behind")));
    }

    function authorizeToward(address, uint32, uint16, uint8, uint32)
        external
        pure
        returns (uint32 behind, uint32 suspended, uint16 roles)
    {
        return (uint32(svm.createUint(32, "behind")), 0, uint16(svm.createUint(16, "roles")));
    }

    function organizationOf(uint32) external pure returns (Organization memory) {}

    function rolesOf(uint32) external pure returns (uint16) {
        return uint16(svm.createUint(16, "roles"));
    }

    // Policies

    function termsOf(uint32) external view returns (Terms memory) {
        return terms;
    }

    // Journal

    function append(Entered calldata, Note[] calldata) external {}

    function appendStep(
        uint8,
        bytes32,
        uint32,
        uint64,
        address,
        bytes32,
        bytes32,
        bytes calldata,
        bytes calldata
    ) external {}

    // Licenses, and the parties that Applications knows

    function numberOf(bytes32) external pure returns (uint32) {
        return 1;
    }

    function recordOf(uint32) external pure returns (bytes32) {
        return bytes32(uint256(1));
    }

    function licenseOf(uint32) external view returns (License memory) {
        return license;
    }

    function standingOf(uint32) external pure returns (Standing memory standing) {
        standing.kind = LicenseKind.TEMPORARY;
    }

    function offeringOf(uint32) external pure returns (uint40, uint40, uint16) {
        return (0, 0, 1);
    }

    function partyRoles(bytes32, uint32) external pure returns (uint16) {
        return Role.ALL;
    }

    function partyRoles(uint32, uint32) external pure returns (uint16) {
        return Role.ALL;
    }

    function settle(Entered calldata, License calldata) external {}

    // Shipments

    function shipmentOf(bytes32) external view returns (Shipment memory, Held[] memory) {
        return (shipment, held);
    }

    function annotate(Entered calldata, uint16, uint96[] calldata) external {}
}
