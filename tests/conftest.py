"""One world for all tests of a run; each test starts from the same chain and leaves none of its own behind."""

import pytest

from tests.scenario import Trade


@pytest.fixture(scope="session")
def settled_trade(tmp_path_factory):
    trade = Trade(tmp_path_factory.mktemp("trade"))
    yield trade
    trade.close()


@pytest.fixture
def trade(settled_trade):
    """A Trade on a real chain, isolated: snapshot, test, revert."""
    mark = settled_trade.snapshot()
    yield settled_trade
    settled_trade.revert(mark)
