// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IApplications, RefuseApplication} from "../../contracts/interfaces/IApplications.sol";
import {Source} from "../../contracts/interfaces/IRecords.sol";
import {Elsewhere, svm} from "./Elsewhere.sol";

/// I5: who assessed an application neither grants nor refuses it, whatever stands in the storage of Applications.
contract AgentsTest is Elsewhere {
    IApplications private applications;

    function setUp() public {
        applications = IApplications(_deploy("APPLICATIONS"));
        svm.enableSymbolicStorage(address(applications));
    }

    function check_i5_another_agent_grants(bytes32 record, bytes32 head, uint32 agent, Source memory source) external {
        uint32 assessor = applications.applicationOf(record).assessor;
        bool done = _grant(record, head, agent, source);
        assert(!done || agent != assessor);
    }

    function check_canary_i5_an_agent_grants(bytes32 record, bytes32 head, uint32 agent, Source memory source)
        external
    {
        assert(!_grant(record, head, agent, source));
    }

    function check_i5_another_agent_refuses(RefuseApplication memory act) external {
        uint32 assessor = applications.applicationOf(act.record).assessor;
        bool done = _refuse(act);
        assert(!done || applications.applicationOf(act.record).decider != assessor);
    }

    function check_canary_i5_an_agent_refuses(RefuseApplication memory act) external {
        assert(!_refuse(act));
    }

    function _refuse(RefuseApplication memory act) private returns (bool done) {
        _anyTime();
        (done,) = address(applications).call(
            abi.encodeCall(IApplications.refuseApplication, (act, _anySignature()))
        );
    }

    function _grant(bytes32 record, bytes32 head, uint32 agent, Source memory source) private returns (bool done) {
        (done,) = address(applications).call(
            abi.encodeCall(IApplications.grant, (record, head, agent, bytes32(uint256(1)), source))
        );
    }
}
