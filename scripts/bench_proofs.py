#!/usr/bin/env python3
"""What the journal's trees cost: building them entry by entry in the read model's tables, and proving out of them.

Entries are synthetic: half of them make a record, the others step one of those that are there, a third leave a note on
another. Nothing else of the read model is built. Times are processor time on one core.
"""

import argparse
import hashlib
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from ledger.acts.act import RecordKind
from ledger.ids import Address, Digest, Head, RecordId, Time
from ledger.journal.checkpoints import Checkpoint
from ledger.journal.entries import Entry, Touched
from ledger.journal.leaves import Origin
from ledger.journal.merkle import leaf_hash
from ledger.journal.tree import Tree
from ledger.read_model.model import ReadModel
from ledger.read_model.trees import grow, plant

KIND = 80
ACT = bytes(416)
SIGNATURE = bytes(65)
PROOFS = 300
ORIGIN = Origin(1, Address(bytes(20)))


def record(number: int) -> RecordId:
    return RecordId(hashlib.sha256(number.to_bytes(8, "big")).digest())


def entries(count: int, *, chance: random.Random) -> Iterator[Entry]:
    """Synthetic entries from 1 on."""
    records = 1
    for seq in range(1, count + 1):
        own = records if chance.random() < 0.5 else chance.randrange(records)
        records += own == records
        digest = Digest(hashlib.sha256(seq.to_bytes(16, "big")).digest())
        noted = chance.randrange(records) if chance.random() < 1 / 3 else own
        notes = () if noted == own else (Touched(record(noted), seq, Head(digest), bytes(160)),)
        yield Entry(
            seq=seq,
            record=record(own),
            organization=1,
            kind=KIND,
            version=seq,
            time=Time(seq),
            signer=Address(bytes(20)),
            digest=digest,
            record_head=Head(digest),
            act=ACT,
            signature=SIGNATURE,
            touched=notes,
            block_number=seq,
            block_hash=digest,
            transaction_hash=digest,
            log_index=0,
        )


def build(model: ReadModel, count: int, batch: int) -> None:
    """Grows the trees, `batch` entries a transaction, and says what it cost."""
    with model._database.writing() as connection:
        plant(connection, ORIGIN, [(record(0), RecordKind.SHIPMENT, Head(bytes(32)))])
    waiting: list[Entry] = []
    spent = 0.0
    for entry in entries(count, chance=random.Random(5)):  # noqa: S311 - a ledger that can be made again
        waiting.append(entry)
        if len(waiting) == batch or entry.seq == count:
            begun = time.process_time()
            with model._database.writing() as connection:
                grow(connection, ORIGIN, waiting)
            spent += time.process_time() - begun
            waiting = []
        if entry.seq % 100_000 == 0:
            print(f"  {entry.seq:>9,} entries, {spent / entry.seq * 1e6:5.0f} us each", flush=True)
    print(f"build, {batch:>4} entries a transaction: {spent / count * 1e6:6.0f} us an entry")


def measure(name: str, ask: Callable[[], object]) -> None:
    times = []
    for _ in range(PROOFS):
        begun = time.process_time()
        ask()
        times.append((time.process_time() - begun) * 1e3)
    times.sort()
    print(f"{name:<34}{times[len(times) // 2]:7.2f} ms median {times[-len(times) // 100]:7.2f} ms p99")


def prove(model: ReadModel, count: int) -> None:
    """Proofs at the whole size, and at random past ones."""
    chance = random.Random(7)  # noqa: S311 - the same questions each time
    for name, size in (("now", lambda: count), ("at a past size", lambda: chance.randint(count // 2, count))):
        measure(f"root {name}", lambda size=size: model.log_root(size()))
        measure(f"entry {name}", lambda size=size: model.prove_entry(chance.randint(1, count // 2), size()))
        measure(f"record {name}", lambda size=size: model.prove_record(record(chance.randrange(count // 8)), size()))
        measure(f"consistency {name}", lambda size=size: model.prove_consistency(chance.randint(0, count // 2), size()))
    checkpoint = Checkpoint("bench", count, model.log_root(count))
    found = model.prove_record(record(count // 10), count)
    measure("checking a record's proof", lambda: found.check(checkpoint))


def heads_in_memory(count: int) -> None:
    """The tree that a witness keeps."""
    tree, chance = Tree(), random.Random(3)  # noqa: S311 - the same each time
    leaf = leaf_hash(bytes(120))
    begun = time.process_time()
    for place in range(count):
        tree.put(place, leaf)
    built = time.process_time() - begun
    begun = time.process_time()
    for _ in range(20_000):
        tree.put(chance.randrange(count), leaf)
        tree.root()
    moved = (time.process_time() - begun) / 20_000 * 1e6
    print(f"{count:,} records in memory: built in {built:.1f} s; {moved:.0f} us to move one and hash the root")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--batch", type=int, default=250, help="entries a transaction")
    parser.add_argument("--records", type=int, default=2**20, help="of the tree in memory; 0: none")
    asked = parser.parse_args()
    if asked.records:
        heads_in_memory(asked.records)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trees.sqlite"
        model = ReadModel(f"sqlite:///{path}")
        build(model, asked.entries, asked.batch)
        prove(model, asked.entries)
        model.close()
        print(f"{path.stat().st_size / asked.entries:.0f} bytes an entry in the file")
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB at most in memory")


if __name__ == "__main__":
    main()
