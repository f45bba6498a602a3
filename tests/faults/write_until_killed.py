"""Sends transactions for ever and prints the hash of each that was acknowledged: `path in-process|in-child`.

Run by the tests, which kill it.
"""

import sys
from pathlib import Path

from ledger.chain.account import RelayAccount
from ledger.chain.embedded import ChainProcess, EmbeddedChain, Genesis
from ledger.chain.node import Fees, Node

KEY = bytes(range(1, 33))
CHAIN_ID = 77


def main(path: Path, place: str) -> None:
    account = RelayAccount(KEY, chain_id=CHAIN_ID)
    genesis = Genesis(CHAIN_ID, (account.address,))
    chain = (
        ChainProcess(path, genesis) if place == "in-child" else EmbeddedChain(path, genesis, patience=10.0)
    )
    node = Node.embedded(chain)
    account.nonce = node.nonce(account.address)
    while True:
        raw = account.sign(account.address, bytes(200), gas=100_000, fees=Fees(base=1, tip=0))
        print(node.send(raw).hex(), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
