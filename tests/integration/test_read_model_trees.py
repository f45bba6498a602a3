"""Have the trees in the tables the roots that recomputing gives: at every size, after reorganizations and rebuilds?"""

import pytest

from ledger.acts.manifests import SplitShipment
from ledger.errors import InvalidField, Refused, Unavailable
from ledger.journal.checkpoints import Checkpoint
from ledger.journal.leaves import LogLeaf, Origin, entry_hash, founded, heads_after
from ledger.journal.merkle import leaf_hash
from ledger.journal.proofs import CurrencyProof
from ledger.journal.tree import Tree
from ledger.read_model import ReadModel, follow, rebuild
from ledger.records.effects import MemoryBook, apply, found
from tests.scenario import DOCUMENT


class Recomputed:
    """Both trees of some entries, leaf by leaf in memory, with every past leaf."""

    def __init__(self, deployment, entries):
        self.book = MemoryBook()
        found(deployment, self.book)
        self.origin = Origin(deployment.chain_id, deployment.address("Shipments"))
        self.known, self.places, self.counts = {}, {}, {}
        self.log, self.heads = Tree(), Tree()
        for one in founded((record.record, record.KIND, record.head) for record in self.book.records()):
            self.move(one)
        self.past = [dict(self.known)]
        for entry in entries:
            self.enter(entry)

    def enter(self, entry):
        for one in heads_after(entry, self.origin, self.known.get, self.counts):
            self.move(one)
        apply(entry, self.book)
        self.log.put(self.log.count, LogLeaf(entry_hash(entry), self.heads.count, self.heads.root()).hash())
        self.past.append(dict(self.known))

    def move(self, one):
        self.known[one.record] = one
        self.counts[one.kind] = max(self.counts.get(one.kind, 0), one.number)
        self.heads.put(self.places.setdefault(one.record, self.heads.count), leaf_hash(one.data()))

    def checkpoint(self, size):
        return Checkpoint("log.example", size, self.log.root_at(size))


@pytest.fixture
def read_model(tmp_path):
    model = ReadModel(f"sqlite:///{tmp_path / 'read_model.sqlite'}")
    yield model
    model.close()


@pytest.fixture
def told(trade):
    """A shipment that was registered and split, and everything before it."""
    license = trade.license(10, 4)
    shipment = trade.ship(license, 6, 4, share=100)
    values = {"shares": (60, 40), "quantities": (5, 1, 1, 3), "document": DOCUMENT}
    trade.act(SplitShipment, "clerk", 2, record=shipment, **values)
    return trade


@pytest.fixture
def followed(told, read_model):
    follow(read_model, told.node, told.deployment)
    return read_model


@pytest.fixture
def recomputed(told):
    return Recomputed(told.deployment, told.entries)


def test_the_root_of_every_past_size_is_the_recomputed_one(followed, recomputed):
    sizes = range(recomputed.log.count + 1)
    assert [followed.log_root(size) for size in sizes] == [recomputed.log.root_at(size) for size in sizes]


def test_every_entry_is_proven_at_every_later_size(followed, recomputed, told):
    for size in range(1, recomputed.log.count + 1, 3):
        for entry in told.entries[:size]:
            followed.prove_entry(entry.seq, size).check_entry(recomputed.checkpoint(size), entry)


def test_every_record_is_proven_as_it_was_at_every_size(followed, recomputed):
    for size in range(1, recomputed.log.count + 1, 5):
        for record, heads in recomputed.past[size].items():
            proof = followed.prove_record(record, size)
            proof.check(recomputed.checkpoint(size))
            assert proof.heads == heads


def test_every_size_is_proven_to_extend_every_earlier_one(followed, recomputed):
    for size in range(0, recomputed.log.count + 1, 4):
        for old in range(size + 1):
            proof = followed.prove_consistency(old, size)
            proof.check(recomputed.log.root_at(old), recomputed.checkpoint(size))


def test_leaves_say_of_records_what_the_read_model_says(followed, recomputed):
    said = {
        one.record: (one.KIND, one.version, one.head, one.notes, one.note_head, one.last_seq)
        for one in recomputed.book.records()
    }
    leaves = {
        one.record: (one.kind, one.version, one.head, one.notes, one.note_head, one.last_seq)
        for one in recomputed.known.values()
    }
    assert (list(leaves), leaves) == (list(said), said)


def test_leaves_number_records_as_the_contracts_do(recomputed):
    numbers = {one.record: one.number for one in recomputed.book.records() if hasattr(one, "number")}
    assert {record: recomputed.known[record].number for record in numbers} == numbers


def test_a_proof_is_read_as_it_was_written(followed, told):
    proof = followed.prove_record(told.entries[-1].record, len(told.entries))
    assert CurrencyProof.from_json(proof.to_json(), "proof") == proof


def test_a_record_that_was_made_later_is_unknown_at_a_past_size(followed, told):
    with pytest.raises(Refused, match="UnknownRecord"):
        followed.prove_record(told.entries[-1].record, len(told.entries) - 2)


@pytest.mark.parametrize("seq", [0, -1, 10**6])
def test_an_entry_outside_of_the_checkpoint_is_refused(followed, told, seq):
    with pytest.raises(InvalidField):
        followed.prove_entry(seq, len(told.entries))


def test_a_size_that_the_read_model_has_not_reached_is_unavailable(followed, told):
    with pytest.raises(Unavailable):
        followed.log_root(len(told.entries) + 1)


def test_a_rebuild_gives_the_same_trees(followed, told):
    before = followed.digest()
    rebuild(followed, told.node, told.deployment)
    assert followed.digest() == before


def test_another_branch_leaves_nothing_of_the_orphaned_one(followed, told, recomputed):
    mark = told.snapshot()
    told.license(3, 3)
    follow(followed, told.node, told.deployment)
    told.revert(mark)
    told.certificate(1)
    follow(followed, told.node, told.deployment)
    for entry in told.entries[recomputed.log.count :]:
        recomputed.enter(entry)
    assert followed.log_root(recomputed.log.count) == recomputed.log.root()
