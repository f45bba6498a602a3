"""A chain of its own in one SQLite file: eth-tester's py-evm backend, durable, behind JSON-RPC.

`EmbeddedChain` runs it in this process, `ChainProcess` in a child; both answer `request(method, params)`.
"""

from ledger.chain.embedded.backend import BLOCK_GAS, Genesis
from ledger.chain.embedded.process import ChainProcess
from ledger.chain.embedded.rpc import EmbeddedChain

__all__ = ["BLOCK_GAS", "ChainProcess", "EmbeddedChain", "Genesis"]
