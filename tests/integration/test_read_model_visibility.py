"""Is what somebody may see found by searching indexes, and does it go when the block that brought it goes?"""

import pytest
from sqlalchemy import create_engine, select

from ledger.acts.act import RecordKind
from ledger.ids import ZERO32
from ledger.read_model import ReadModel, follow
from ledger.read_model.tables import METADATA, SHAPES
from ledger.read_model.visibility import EVERYTHING, KEPT, NOTHING, Scope, visible


def plan(kind, scope):
    """How SQLite finds a page of that kind."""
    shape = SHAPES[kind]
    order = shape.table.c[shape.order]
    wanted = select(shape.table).where(shape.table.c.current, order > 7, *visible(kind, scope, 7)).order_by(order)
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        METADATA.create_all(connection)
        text = str(wanted.limit(51).compile(engine, compile_kwargs={"literal_binds": True}))
        return [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}")]


@pytest.mark.parametrize("kind", list(RecordKind))
def test_a_page_of_everything_is_read_in_order_of_an_index(kind):
    shape = SHAPES[kind]
    [step] = plan(kind, EVERYTHING)
    assert f"USING INDEX {shape.table.name}_by_{shape.order} " in step


@pytest.mark.parametrize("kind", sorted(KEPT))
def test_a_page_of_what_somebody_sees_searches_its_own_records(kind):
    steps = plan(kind, Scope(frozenset({1, 2})))
    assert any("SEARCH participants USING INDEX participants_by_organization_kind_place" in step for step in steps)
    assert [step for step in steps if step.startswith("SCAN") or "TEMP B-TREE FOR ORDER" in step] == []


@pytest.fixture
def read_model(trade, tmp_path):
    model = ReadModel(f"sqlite:///{tmp_path / 'read_model.sqlite'}")
    follow(model, trade.node, trade.deployment)
    yield model
    model.close()


def test_who_sees_nothing_gets_empty_lists(read_model):
    pages = [read_model.certificates(seen=NOTHING), read_model.shipments(seen=NOTHING)]
    assert [page.items for page in pages] == [(), ()]


def test_nobody_takes_part_in_a_record_that_is_not_there(read_model):
    assert read_model.participants(ZERO32) == frozenset()


def test_participants_of_an_orphaned_block_take_no_part(trade, read_model):
    before = trade.node.head().number
    record = trade.ship(trade.license(10), 4)
    follow(read_model, trade.node, trade.deployment)
    during = read_model.participants(record)
    read_model.orphan_from(before + 1)
    assert (during >= {trade.exporter, trade.authority}, read_model.participants(record)) == (True, frozenset())


def test_an_older_files_tables_are_made_anew(trade, tmp_path):
    url = f"sqlite:///{tmp_path / 'older.sqlite'}"
    engine = create_engine(url)
    with engine.begin() as connection:
        METADATA.tables["blocks"].create(connection)
        connection.exec_driver_sql("CREATE TABLE shipments (record BLOB)")
    engine.dispose()
    model = ReadModel(url)
    follow(model, trade.node, trade.deployment)
    assert model.shipments().items == ()
    model.close()
