"""One stage for all tests of the rules; each test starts from the same records and leaves none of its own behind."""

import pytest

from tests.contracts.stage import set_stage


@pytest.fixture(scope="session")
def settled_stage(tmp_path_factory):
    stage = set_stage(tmp_path_factory.mktemp("stage"))
    yield stage
    stage.trade.close()


@pytest.fixture
def stage(settled_stage):
    """A record in every status on a real chain, isolated: snapshot, test, revert."""
    mark = settled_stage.trade.snapshot()
    yield settled_stage
    settled_stage.trade.revert(mark)
