"""The contracts against the second opinion: the same random acts, valid and invalid, with one answer from both.

A short walk runs with the other tests. `LEDGER_WALKS=10` runs as many long ones and asks that every act was entered
and refused; add `-s` to see what they covered.
"""

import os

import pytest

from ledger.acts.kinds import ACTS
from ledger.audit.refusals import ERRORS
from tests.model.agreement import Report, Walk

WALKS = int(os.environ.get("LEDGER_WALKS", "0"))
SHORT, LONG = 260, 600
NOT_HERE = {"SignatureInvalid", "OnlyContract"}
"""Errors of messages that are no acts of their signer: the walk signs what it sends, and sends it to who takes it."""


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    total = Report()
    for seed in range(WALKS or 1):
        walk = Walk(tmp_path_factory.mktemp("walk"), seed, met=total.met)
        total += walk.run(LONG if WALKS else SHORT)
    print(total.summary())
    return total


def test_contracts_and_model_give_the_same_answers_and_the_same_state(report):
    assert report.disagreements == []


def test_acts_are_entered(report):
    assert len(report.accepted) >= (len(ACTS) if WALKS else 45)


def test_acts_are_refused(report):
    assert len(report.refused) >= (len(ACTS) if WALKS else 30)


def test_errors_are_met(report):
    assert len(report.errors) >= (len(set(ERRORS) - NOT_HERE) * 9 // 10 if WALKS else 20)
