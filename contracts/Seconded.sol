// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {FourEyes} from "./interfaces/Errors.sol";

/// Acts that take two agents: the first proposes, another one who enters the same acts.
///
/// STORED      the open proposal of each record: who made it and a hash of what it says.
/// INVARIANTS  I5: the one who proposes is not the one who acts.
abstract contract Seconded {
    struct Proposal {
        uint32 agent; // number
        bytes32 content;
    }

    mapping(bytes32 record => Proposal) private _proposals;

    /// Whether this act is the second of two that say the same. Another content replaces the open proposal.
    /// @param content hash of the act's kind and members besides parent and deadline
    function _seconded(bytes32 record, uint32 agent, bytes32 content) internal returns (bool) {
        Proposal storage proposal = _proposals[record];
        if (proposal.content != content) {
            _proposals[record] = Proposal({agent: agent, content: content});
            return false;
        }
        if (proposal.agent == agent) revert FourEyes(agent, record);
        delete _proposals[record];
        return true;
    }

    /// The open proposal of a record: (agent, content); 0 where there is none.
    function proposalOf(bytes32 record) external view returns (uint32 agent, bytes32 content) {
        return (_proposals[record].agent, _proposals[record].content);
    }
}
