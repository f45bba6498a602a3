// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {BY_REGISTRAR, WHILE_SUSPENDED} from "../../contracts/interfaces/Codes.sol";
import {Contracts} from "../../contracts/interfaces/Deployment.sol";
import {Founder} from "../../contracts/interfaces/IDirectory.sol";
import {IJournal} from "../../contracts/interfaces/IJournal.sol";
import {IRecords} from "../../contracts/interfaces/IRecords.sol";
import {IShipments} from "../../contracts/interfaces/IShipments.sol";
import {Vm, vm} from "./Vm.sol";

/// How an act is brought to its contract. `definition` is the EIP-712 type where a member is more than a word; else "".
struct Route {
    address target; // takes the act
    address owner; // keeps the record, and its heads
    bytes4 selector;
    bytes32 typeHash;
    string definition;
    bool note; // leaves the record's head where it is
}

/// What one organization lets another sign.
struct Mandated {
    uint128 kinds;
    uint256 until;
}

/// One ledger made of the committed artifacts, and the way of every act into it: signed by a key, brought by anyone,
/// followed in the journal (I6, I7, I8).
///
/// An act is its number and abi.encode of its struct; Routes.sol names the numbers.
abstract contract Ledger {
    uint256 internal constant CHAIN = 4242;
    address internal constant DEPLOYER = address(0xDE);
    bytes32 private constant ENTRY = keccak256(
        "Entry(uint64,bytes32,uint32,uint8,uint64,uint64,address,bytes32,bytes32,bytes,bytes)"
    );
    bytes32 private constant DOMAIN =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");

    Contracts internal contracts;
    mapping(uint8 kind => Route) internal routes;
    uint256 internal time;

    /// What the journal must say.
    uint64 public length;
    bytes32 public journalHead;
    mapping(bytes32 record => uint64) internal versions;
    mapping(address account => bool) internal inactive;
    mapping(address account => uint32) internal organizationOf;
    mapping(uint32 organization => bool) internal suspended;
    mapping(uint32 organization => mapping(uint32 delegate => Mandated)) internal mandates;
    mapping(bytes4 refusal => uint256) public refusals;
    uint256 public refusalKinds;
    mapping(uint8 kind => uint256) public taken;
    uint8[] internal routed;
    /// What the walk must have met once, for the invariants to mean something.
    mapping(string what => uint256 times) public met;

    bytes4 internal lastRefusal;
    bytes32 internal lastHead;
    bytes32 internal lastDigest;
    address internal lastSigner;
    address[] internal sentTo;
    bytes[] internal sent;

    function _start() internal virtual {
        vm.chainId(CHAIN);
        time = 1_800_000_000;
        vm.warp(time);
        vm.recordLogs();
    }

    /// The artifacts in the order of `Contracts`, which is that of their deployment.
    function _names() internal pure virtual returns (string[] memory);

    /// Where the contracts will stand: one account creates them, nonces from 0.
    function _foresee() internal {
        bytes memory addresses;
        for (uint256 nonce = 0; nonce < _names().length; nonce++) {
            addresses = bytes.concat(addresses, abi.encode(vm.computeCreateAddress(DEPLOYER, nonce)));
        }
        contracts = abi.decode(addresses, (Contracts));
    }

    /// ARTIFACTS names another folder of artifacts, MUTANT the mutant to switch on in those of scripts/mutate.py.
    function _deploy(Founder[] memory founders) internal {
        string[] memory names = _names();
        uint256 mutant = vm.envOr("MUTANT", uint256(0));
        if (mutant != 0) vm.deal(address(uint160((0xA11A5 << 128) + mutant)), 1);
        string memory folder = vm.envOr("ARTIFACTS", "ledger/chain/artifacts");
        vm.startPrank(DEPLOYER);
        for (uint256 nonce = 0; nonce < names.length; nonce++) {
            string memory path = string.concat(folder, "/", names[nonce], ".json");
            bytes memory code = vm.parseJsonBytes(vm.readFile(path), ".bytecode");
            bool founding = keccak256(bytes(names[nonce])) == keccak256("Directory");
            code = bytes.concat(code, founding ? abi.encode(contracts, founders) : abi.encode(contracts));
            address at;
            assembly ("memory-safe") {
                at := create(0, add(code, 32), mload(code))
            }
            require(at == vm.computeCreateAddress(DEPLOYER, nonce), string.concat("does not deploy: ", names[nonce]));
        }
        vm.stopPrank();
    }

    function kinds() external view returns (uint8[] memory) {
        return routed;
    }

    function _onChain(uint256 id) internal {
        vm.chainId(id);
    }

    function _wait(uint256 duration) internal {
        time += duration;
        vm.warp(time);
    }

    function _keyOf(uint32 organization, uint256 slot) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode("key", organization, slot))) >> 1;
    }

    function _head(uint8 kind, bytes32 record) internal view returns (bytes32 head) {
        (head,) = IRecords(routes[kind].owner).heads(record);
    }

    function _newId(uint8 kind, uint8 recordKind, uint32 organization, bytes32 salt) internal view returns (bytes32) {
        return keccak256(abi.encode(CHAIN, routes[kind].owner, recordKind, organization, salt));
    }

    /// Signs an act and brings it. Fails where it is refused without a name.
    function _send(uint8 kind, bytes memory act, uint256 key) internal returns (bool) {
        Route storage route = routes[kind];
        bytes memory data = _calldata(route, act, _sign(key, _digest(route, act)));
        bool done = _bring(route.target, data);
        if (!done) return false;
        _checkSigner(kind, act, vm.addr(key));
        _follow(kind, act, vm.addr(key), _digest(route, act));
        sentTo.push(route.target);
        sent.push(data);
        return true;
    }

    /// I8, and that nobody signs for another organization without its mandate.
    function _checkSigner(uint8 kind, bytes memory act, address signer) private {
        uint32 organization = _organizationIn(act);
        uint32 behind = organizationOf[signer];
        require(!inactive[signer], "I8: an agent that is not active acted");
        bool free = WHILE_SUSPENDED & (uint128(1) << kind) != 0;
        require(free || (!suspended[organization] && !suspended[behind]), "I8: a suspended organization acted");
        if (behind == organization || BY_REGISTRAR & (uint128(1) << kind) != 0) return;
        Mandated storage mandate = mandates[organization][behind];
        require(
            mandate.kinds & (uint128(1) << kind) != 0 && time < mandate.until, "signed for another without a mandate"
        );
        met["mandate used"] += 1;
    }

    /// The third word of a struct, which stands behind an offset where it has an array.
    function _organizationIn(bytes memory act) private pure returns (uint32 organization) {
        uint256 place = bytes32(act) == bytes32(uint256(32)) ? 128 : 96;
        assembly ("memory-safe") {
            organization := mload(add(act, place))
        }
    }

    function _must(uint8 kind, bytes memory act, uint256 key) internal {
        require(_send(kind, act, key), string.concat("refused while setting up: ", _hex(lastRefusal)));
    }

    /// A call as the relay makes it. Anything but a named refusal or success fails the test.
    function _bring(address target, bytes memory data) internal returns (bool done) {
        bytes memory answer;
        (done, answer) = target.call(data);
        if (done) return true;
        require(answer.length >= 4, "refused without a name");
        lastRefusal = bytes4(answer);
        require(lastRefusal != 0x4e487b71, "panicked");
        if (refusals[lastRefusal]++ == 0) refusalKinds += 1;
    }

    function _digest(Route storage route, bytes memory act) internal view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(DOMAIN, keccak256("License Ledger"), keccak256("1"), CHAIN, route.target)
        );
        bytes32 hash = bytes(route.definition).length == 0
            ? keccak256(bytes.concat(route.typeHash, act))
            : vm.eip712HashStruct(route.definition, act);
        return keccak256(bytes.concat("\x19\x01", domain, hash));
    }

    function _sign(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return bytes.concat(r, s, bytes1(v));
    }

    function _calldata(Route storage route, bytes memory act, bytes memory signature)
        internal
        view
        returns (bytes memory)
    {
        // A struct with an array is encoded behind an offset word, any other in place; no record id is 32.
        uint256 start = route.selector == IShipments.acceptHandoff.selector ? 0x40 : 0x60;
        bytes memory head = bytes32(act) == bytes32(uint256(32))
            ? bytes.concat(abi.encode(start, 0x40 + act.length), act)
            : bytes.concat(act, abi.encode(act.length + 32));
        bytes memory padding = new bytes((32 - signature.length % 32) % 32);
        return bytes.concat(route.selector, head, abi.encode(signature.length), signature, padding);
    }

    /// I6 and I7: one act gives one entry, in order, with the next version, and the heads recompute.
    function _follow(uint8 kind, bytes memory act, address signer, bytes32 digest) private {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        uint256 entries = 0;
        for (uint256 i = 0; i < logs.length; i++) {
            if (logs[i].topics[0] != ENTRY || logs[i].emitter != contracts.journal) continue;
            entries += 1;
            require(uint256(logs[i].topics[1]) == length + 1, "I6: seq has a gap");
            _checkEntry(kind, act, signer, digest, logs[i]);
        }
        require(entries == 1, "I6: an accepted act is one entry");
        taken[kind] += 1;
    }

    function _checkEntry(uint8 kind, bytes memory act, address signer, bytes32 digest, Vm.Log memory log) private {
        (uint8 k, uint64 version, uint64 at, address who, bytes32 what, bytes32 head, bytes memory said,) =
            abi.decode(log.data, (uint8, uint64, uint64, address, bytes32, bytes32, bytes, bytes));
        bytes32 record = log.topics[2];
        require(k == kind && at == time && who == signer && what == digest, "I6: the entry is not the act");
        require(keccak256(said) == keccak256(act), "I6: the entry's act is not the one signed");
        require(version == versions[record] + (routes[kind].note ? 0 : 1), "I6: version has a gap");
        require(head == _head(kind, record), "I6: the record's head is not the entry's");

        versions[record] = version;
        (lastDigest, lastSigner) = (digest, signer);
        lastHead = head;
        length += 1;
        bytes32 hash = keccak256(
            abi.encode(
                journalHead, length, at, k, record, uint32(uint256(log.topics[3])), version, who, what, head
            )
        );
        journalHead = bytes32(bytes28(hash)) | bytes32(uint256(length));
    }

    function _checkJournal() internal view {
        (uint64 found, bytes32 head) = IJournal(contracts.journal).state();
        require(found == length, "I6: the journal is as long as what was accepted");
        require(head == journalHead, "I6: the journal's head recomputes");
    }

    function _hex(bytes4 selector) private pure returns (string memory) {
        bytes memory text = new bytes(8);
        for (uint256 i = 0; i < 8; i++) {
            uint8 nibble = uint8(selector[i / 2]) >> (i % 2 == 0 ? 4 : 0) & 15;
            text[i] = bytes1(nibble + (nibble < 10 ? 48 : 87));
        }
        return string(text);
    }
}
