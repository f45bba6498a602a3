"""Policies: their bounds, and the one that is current."""

import dataclasses

import pytest

from ledger.acts.organizations import AdoptPolicy
from tests.scenario import TERMS, salt_of

BOUNDS = {
    "certificate_grade": (0, 3),
    "first_use_days": (0, 36_500),
    "last_use_days": (0, 36_500),
    "exempt_roles": (0, 511),
    "control": (1, 4),
    "value_tolerance": (0, 10_000),
    "quantity_tolerance": (0, 10_000),
    "count_tolerance": (0, 10_000),
    "handoff_hours": (1, 8760),
    "lateness_hours": (1, 8760),
    "suspension_hours": (1, 8760),
    "lowest_custody_grade": (1, 3),
}


def adopt(stage, **changed):
    values = {"kind": 1, "replaces": stage.trade.policy, "terms": TERMS, "control_list": salt_of("list")}
    return stage.trade.refusal(AdoptPolicy, "registrar", 1, **(values | changed))


def spelled(name):
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


@pytest.mark.parametrize("member", BOUNDS)
def test_terms_are_taken_at_both_bounds(stage, member):
    answers = [adopt(stage, terms=dataclasses.replace(TERMS, **{member: bound})) for bound in BOUNDS[member]]
    assert answers == [None, None]


@pytest.mark.parametrize("member", BOUNDS)
def test_terms_above_their_bound_are_refused(stage, member):
    low, high = BOUNDS[member]
    answer = adopt(stage, terms=dataclasses.replace(TERMS, **{member: high + 1}))
    bounds = {"field": spelled(member), "value": high + 1, "minimum": low, "maximum": high}
    assert answer == ("OutOfRange", bounds)


@pytest.mark.parametrize("member", [name for name, (low, _) in BOUNDS.items() if low])
def test_terms_below_their_bound_are_refused(stage, member):
    answer = adopt(stage, terms=dataclasses.replace(TERMS, **{member: 0}))
    assert (answer[0], answer[1]["field"], answer[1]["value"]) == ("OutOfRange", spelled(member), 0)


@pytest.mark.parametrize("signers", range(10))
def test_certificate_signers_are_exporter_consignee_and_authority(stage, signers):
    bits = 1 << signers
    answer = adopt(stage, terms=dataclasses.replace(TERMS, certificate_signers=bits))
    bounds = {"field": "certificateSigners", "value": bits, "minimum": 0, "maximum": 0b101001}
    assert answer == (None if bits & 0b101001 else ("OutOfRange", bounds))


@pytest.mark.parametrize("transfers", [0, 255])
def test_a_policy_lets_a_license_be_transferred_any_number_of_times(stage, transfers):
    assert adopt(stage, terms=dataclasses.replace(TERMS, transfers=transfers)) is None


@pytest.mark.parametrize("kind", [0, 9])
def test_a_policy_for_no_kind_of_license_is_refused(stage, kind):
    answer = adopt(stage, kind=kind, replaces=0)
    assert answer == ("OutOfRange", {"field": "kind", "value": kind, "minimum": 1, "maximum": 8})


def test_a_policy_without_control_list_is_refused(stage):
    assert adopt(stage, control_list=bytes(32)) == ("CommitmentMissing", {"field": "controlList"})


@pytest.mark.parametrize(("kind", "replaces", "current"), [(1, 0, 1), (1, 2, 1), (2, 1, 0)])
def test_a_policy_replaces_the_current_one_of_its_kind_and_no_other(stage, kind, replaces, current):
    answer = adopt(stage, kind=kind, replaces=replaces)
    assert answer == ("PolicyNotCurrent", {"policy": replaces, "current": current})


def test_a_new_policy_is_current_and_the_old_one_keeps_its_terms(stage):
    trade = stage.trade
    number = trade.adopt(dataclasses.replace(TERMS, handoff_hours=1))
    assert trade.view("Policies", "currentOf", 1, 1) == number
    hours = [trade.view("Policies", "termsOf", policy).handoffHours for policy in (1, number)]
    assert hours == [72, 1]


def test_policies_of_other_kinds_stand_beside_each_other(stage):
    trade = stage.trade
    number = trade.adopt(TERMS, kind=2)
    assert [trade.view("Policies", "currentOf", 1, kind) for kind in (1, 2, 3)] == [1, number, 0]
