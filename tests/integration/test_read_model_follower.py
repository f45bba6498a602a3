"""Does the read model hold what the journal says, through reorganizations, outages and rebuilds?"""

from dataclasses import replace

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from ledger.acts.orders import HoldShipment
from ledger.chain.artifacts import entries_of
from ledger.errors import InvalidField, Unavailable
from ledger.read_model import ReadModel, follow, rebuild
from ledger.read_model.tables import SHAPES, TABLES
from ledger.records.effects import MemoryBook, apply, found


@pytest.fixture
def read_model(tmp_path):
    model = ReadModel(f"sqlite:///{tmp_path / 'read_model.sqlite'}")
    yield model
    model.close()


@pytest.fixture
def shipment(trade):
    return trade.ship(trade.license(10, 4), 6, 4, share=100)


def test_every_record_in_the_tables_is_what_the_effects_say(trade, read_model, shipment):
    trade.act(HoldShipment, "inspector", trade.authority, record=shipment, reason=1)
    follow(read_model, trade.node, trade.deployment)
    book = MemoryBook()
    found(trade.deployment, book)
    for entry in trade.entries:
        apply(entry, book)
    assert [read_model.record(record.record).item for record in book.records()] == book.records()


def test_every_entry_in_the_tables_is_the_one_in_the_logs(trade, read_model, shipment):
    follow(read_model, trade.node, trade.deployment)
    first, second = read_model.entries(limit=40), read_model.entries(after=40, limit=40)
    assert [answer.entry for answer in first.items + second.items] == trade.entries


def test_applying_block_by_block_and_rebuilding_give_the_same_digest(trade, read_model, shipment, tmp_path):
    by_the_writer(read_model, trade)
    other = ReadModel(f"sqlite:///{tmp_path / 'other.sqlite'}")
    rebuild(other, trade.node, trade.deployment)
    assert read_model.digest() == other.digest()


def test_a_rebuild_gives_the_digest_that_was_there(trade, read_model, shipment):
    follow(read_model, trade.node, trade.deployment)
    before = read_model.digest()
    rebuild(read_model, trade.node, trade.deployment)
    assert read_model.digest() == before


def test_a_read_model_that_is_killed_after_every_block_goes_on_where_it_stopped(trade, read_model, shipment, tmp_path):
    for number in range(trade.deployment.block, trade.node.head().number + 1, 7):
        killed = ReadModel(f"sqlite:///{tmp_path / 'killed.sqlite'}")
        follow(killed, trade.node, trade.deployment, upto=number)
    survivor = ReadModel(f"sqlite:///{tmp_path / 'killed.sqlite'}")
    follow(survivor, trade.node, trade.deployment)
    follow(read_model, trade.node, trade.deployment)
    assert survivor.digest() == read_model.digest()


def test_what_the_writer_applied_changes_nothing_when_it_is_followed(trade, read_model, shipment):
    by_the_writer(read_model, trade)
    before = read_model.digest()
    read_model.apply([trade.entries[-1]], trade.node.head())
    follow(read_model, trade.node, trade.deployment)
    assert read_model.digest() == before


def test_a_branch_of_the_same_height_replaces_the_old_one(trade, read_model, shipment):
    another_branch(trade, read_model, shipment)
    assert read_model.cursor() == trade.node.head()


def test_a_record_of_an_orphaned_branch_is_not_there(trade, read_model, shipment):
    orphaned = another_branch(trade, read_model, shipment)
    assert read_model.record(orphaned).item is None


def test_a_record_that_only_an_orphaned_branch_changed_is_what_it_was(trade, read_model, shipment):
    follow(read_model, trade.node, trade.deployment)
    mark, before = trade.snapshot(), read_model.record(shipment).item
    trade.clear(shipment)
    follow(read_model, trade.node, trade.deployment)
    trade.revert(mark)
    trade.certificate(1)
    follow(read_model, trade.node, trade.deployment)
    assert read_model.record(shipment).item == before


def test_an_entry_of_an_orphaned_branch_is_not_found(trade, read_model, shipment):
    mark = trade.snapshot()
    cleared = trade.clear(shipment)
    follow(read_model, trade.node, trade.deployment)
    trade.revert(mark)
    trade.certificate(1)
    follow(read_model, trade.node, trade.deployment)
    assert read_model.entry_by_digest(cleared.digest).item is None


def test_after_a_reorganization_the_digest_is_that_of_the_new_branch_alone(trade, read_model, shipment, tmp_path):
    another_branch(trade, read_model, shipment)
    fresh = ReadModel(f"sqlite:///{tmp_path / 'fresh.sqlite'}")
    follow(fresh, trade.node, trade.deployment)
    assert read_model.digest() == fresh.digest()


def test_blocks_that_were_orphaned_and_come_back_are_followed_again(trade, read_model, shipment):
    cleared = trade.clear(shipment)
    follow(read_model, trade.node, trade.deployment)
    first = read_model.digest()
    read_model.orphan_from(cleared.block_number - 3)
    follow(read_model, trade.node, trade.deployment)
    assert read_model.digest() == first


def test_orphaning_marks_every_table(trade, read_model, shipment, tmp_path):
    trade.act(HoldShipment, "inspector", trade.authority, record=shipment, reason=1)
    follow(read_model, trade.node, trade.deployment)
    read_model.orphan_from(0)
    engine = create_engine(f"sqlite:///{tmp_path / 'read_model.sqlite'}")
    with engine.connect() as connection:
        left = [connection.scalar(select(func.count()).select_from(t).where(~t.c.orphaned)) for t in TABLES]
    assert left == [0] * len(TABLES)


def test_no_orphaned_version_of_a_record_is_current(trade, read_model, shipment, tmp_path):
    another_branch(trade, read_model, shipment)
    engine = create_engine(f"sqlite:///{tmp_path / 'read_model.sqlite'}")
    with engine.connect() as connection:
        tables = [shape.table for shape in SHAPES.values()]
        wrong = [connection.scalar(select(func.count()).where(t.c.orphaned, t.c.current)) for t in tables]
    assert wrong == [0] * len(tables)


def test_a_node_that_is_behind_on_the_same_branch_is_waited_for(trade, read_model, shipment):
    mark = trade.snapshot()
    trade.clear(shipment)
    ahead = follow(read_model, trade.node, trade.deployment)
    trade.revert(mark)
    assert follow(read_model, trade.node, trade.deployment) == ahead


def test_a_block_that_does_not_follow_the_cursor_is_unavailable(trade, read_model, shipment):
    head = follow(read_model, trade.node, trade.deployment)
    with pytest.raises(Unavailable, match="does not follow"):
        read_model.apply([], replace(head, number=head.number + 2, hash=bytes(32), parent_hash=b"\1" * 32))


def test_a_journal_with_a_gap_is_unavailable(trade, read_model, shipment):
    follow(read_model, trade.node, trade.deployment)
    trade.clear(shipment)
    entry = trade.depart(shipment)
    follow_without_entries(read_model, trade, entry.block_number - 1)
    with pytest.raises(Unavailable, match="missing"):
        read_model.apply([entry], trade.node.head())


def test_a_block_that_fails_half_way_leaves_nothing(trade, read_model, shipment):
    follow(read_model, trade.node, trade.deployment)
    before, entry = read_model.digest(), trade.clear(shipment)
    unreadable = replace(entry, seq=entry.seq + 1, act=b"", log_index=9)
    with pytest.raises(InvalidField):
        read_model.apply([entry, unreadable], trade.node.head())
    assert read_model.digest() == before


def test_an_entry_of_another_block_is_refused(trade, read_model, shipment):
    follow(read_model, trade.node, trade.deployment)
    entry = trade.clear(shipment)
    with pytest.raises(InvalidField, match="of block"):
        read_model.apply([replace(entry, block_hash=bytes(32))], trade.node.head())


def test_a_read_model_without_a_founding_takes_no_entries(trade, read_model):
    with pytest.raises(Unavailable, match="empty"):
        read_model.apply([], trade.node.head())


def test_another_ledgers_read_model_is_built_anew(trade, read_model, shipment, tmp_path):
    follow(read_model, trade.node, trade.deployment)
    head = read_model.cursor()
    read_model.orphan_from(0)
    read_model.found(trade.deployment, replace(head, number=trade.deployment.block, hash=b"\2" * 32))
    assert follow(read_model, trade.node, trade.deployment) == head


def test_an_answer_names_the_block_it_was_read_at(trade, read_model, shipment):
    follow(read_model, trade.node, trade.deployment, upto=trade.node.head().number - 1)
    assert read_model.shipments().block == trade.node.block(trade.node.head().number - 1)


def test_the_schema_can_be_written_for_postgresql():
    dialect = postgresql.dialect()
    tables = "\n".join(str(CreateTable(table).compile(dialect=dialect)) for table in TABLES)
    indexes = [str(CreateIndex(index).compile(dialect=dialect)) for table in TABLES for index in table.indexes]
    assert "BYTEA" in tables
    assert all("CREATE" in index for index in indexes)


def another_branch(trade, read_model, shipment):
    """Follows two blocks, and then two others at their heights; a record that only the first branch has."""
    mark = trade.snapshot()
    trade.clear(shipment)
    orphaned = trade.certificate(5)
    follow(read_model, trade.node, trade.deployment)
    trade.revert(mark)
    trade.record_party("a shop", 8)
    trade.act(HoldShipment, "inspector", trade.authority, record=shipment, reason=1)
    follow(read_model, trade.node, trade.deployment)
    return orphaned


def by_the_writer(read_model, trade):
    """Applies each block as the writer does: alone, right after it was made."""
    read_model.found(trade.deployment, trade.node.block(trade.deployment.block))
    journal = trade.deployment.address("Journal")
    for number in range(trade.deployment.block + 1, trade.node.head().number + 1):
        logs = trade.node.logs(address=journal, from_block=number, to_block=number)
        read_model.apply(entries_of(logs), trade.node.block(number))


def follow_without_entries(read_model, trade, number):
    """What a node that leaves logs out would lead to."""
    for missing in range(read_model.cursor().number + 1, number + 1):
        read_model.apply([], trade.node.block(missing))
