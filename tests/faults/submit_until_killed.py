"""Submits acts for ever and prints the digest of each that was answered: `folder run`.

Run by the tests, which kill it.
"""

import itertools
import sys
import threading
import time
from pathlib import Path

from ledger.ids import hex0x
from ledger.opening import OpenLedger, open_ledger
from ledger.writing import prepare, submission
from tests.world import EXPORTER, keys_of, salt_of

CLIENTS = 8


def main(folder: Path, run: str) -> None:
    with open_ledger(folder, write=True) as ledger:
        clients = [threading.Thread(target=write, args=(ledger, f"{run} {client}")) for client in range(CLIENTS)]
        for client in clients:
            client.start()
        clients[0].join()


def write(ledger: OpenLedger, client: str) -> None:
    for number in itertools.count():
        fields = {"organization": 1, "roles": EXPORTER, "profile": hex0x(salt_of((client, number)))}
        ready = prepare(
            "RecordParty",
            fields,
            read_model=ledger.read_model,
            deployment=ledger.deployment,
            now=int(time.time()),
        )
        signature = keys_of("recorder").sign_digest(ready.digest)
        act, signature = submission({**ready.typed_data, "signature": hex0x(signature)}, ledger.deployment)
        included = ledger.relay.submit(act, signature).result()
        sys.stdout.write(included.digest.hex() + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
