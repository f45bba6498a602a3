"""The contracts against the second opinion: hypothesis chooses acts, valid and invalid, and both give one answer.

Each example starts from the same ground and draws what to do, with which act or error, and a seed for what the act
says; so an example that fails shrinks to few steps. `LEDGER_WALK=deep` walks for minutes, and asks that all acts but
two were entered and refused, and all errors but a few met. The short walk is the same each time; a deep one is new each
time, what fails is kept in .hypothesis and tried first from then on, and `--hypothesis-seed=1` repeats one. Add `-s` to
see what was covered.
"""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from ledger.acts.kinds import ACTS
from ledger.audit.refusals import ERRORS
from tests.model.agreement import HOUR, Ground
from tests.model.breaches import OF_ALL_ACTS, OF_GOODS, OF_PAPERS
from tests.model.steps import WEIGHTS

DEEP = os.environ.get("LEDGER_WALK") == "deep"
SHORT_WALK = settings(
    max_examples=10,
    stateful_step_count=50,
    deadline=None,
    derandomize=True,
    database=None,
    report_multiple_bugs=False,
    phases=(Phase.reuse, Phase.generate, Phase.shrink),
    suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example),
)
DEEP_WALK = settings(
    SHORT_WALK, max_examples=50, stateful_step_count=200, derandomize=False, database=settings.default.database
)
NOT_HERE = {"SignatureInvalid", "OnlyContract"}
"""Errors of messages that are no acts of their signer: the walk signs what it sends, and sends it to who takes it."""
SELDOM = 8
"""Errors that a deep walk may miss: what needs a long story, as goods under an overdue license, is drawn seldom."""
EVERY = 25
"""Steps after which the records that changed are read."""
SEEDS = st.integers(0, 2**20)


def acts(first, last):
    """Names of the acts of these numbers, as often as their weights say."""
    names = sorted(name for name, act in ACTS.items() if first <= act.KIND <= last)
    return st.sampled_from([name for name in names for _ in range(WEIGHTS.get(name, 2))])


class ContractsAndModel(RuleBasedStateMachine):
    """One walk over the ground."""

    def __init__(self, ground: Ground) -> None:
        super().__init__()
        self.ground = ground
        self.unread = 0
        ground.begin()

    @rule(name=acts(1, 39), seed=SEEDS)
    def organize(self, name, seed):
        self.bring(self.ground.steps(seed).entering(name))

    @rule(name=acts(40, 79), seed=SEEDS)
    def license(self, name, seed):
        self.bring(self.ground.steps(seed).entering(name))

    @rule(name=acts(80, 127), seed=SEEDS)
    def ship(self, name, seed):
        self.bring(self.ground.steps(seed).entering(name))

    @rule(error=st.sampled_from([*OF_ALL_ACTS, *OF_PAPERS]), seed=SEEDS)
    def break_rule_of_papers(self, error, seed):
        self.bring(self.ground.steps(seed).breaking(error))

    @rule(error=st.sampled_from([*OF_GOODS]), seed=SEEDS)
    def break_rule_of_goods(self, error, seed):
        self.bring(self.ground.steps(seed).breaking(error))

    @rule(name=acts(1, 127), seed=SEEDS)
    def spoil(self, name, seed):
        again = seed % 4 == 0
        self.bring(self.ground.entered[-1 - seed % 23] if again else self.ground.steps(seed).anything(name))

    @rule(seconds=st.sampled_from((60, 60, HOUR, HOUR, HOUR, 15 * HOUR, 30 * HOUR)))
    def wait(self, seconds):
        self.ground.land.advance(seconds)

    def bring(self, step):
        self.ground.land.advance(1)
        self.ground.bring(step)

    @invariant()
    def records_agree(self):
        self.unread += 1
        if self.unread == EVERY:
            self.teardown()

    def teardown(self):
        self.unread = 0
        self.ground.compare_changed()


@pytest.fixture(scope="module")
def covered(tmp_path_factory):
    """What a walk compared that found no difference."""
    ground = Ground(tmp_path_factory.mktemp("walk"))
    ground.compare_changed()
    try:
        run_state_machine_as_test(lambda: ContractsAndModel(ground), settings=DEEP_WALK if DEEP else SHORT_WALK)
    finally:
        print(ground.coverage.summary())
        ground.land.close()
    return ground.coverage


def test_contracts_and_model_give_the_same_answers_and_the_same_state(covered):
    assert covered.acts >= (8_000 if DEEP else 350)


def test_acts_are_entered(covered):
    assert len(covered.accepted) >= (len(ACTS) - 2 if DEEP else 50)


def test_acts_are_refused(covered):
    assert len(covered.refused) >= (len(ACTS) - 2 if DEEP else 30)


def test_errors_are_met(covered):
    unmet = set(ERRORS) - NOT_HERE - set(covered.errors)
    assert len(unmet) <= (SELDOM if DEEP else 30), sorted(unmet)
