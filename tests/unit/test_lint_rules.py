"""Does a complete certificate pass, and does each rule find its own fault and no other?"""

import pytest

from ledger.lint.profiles import PROFILES, RULES
from tests.unit.lint_cases import BESIDES, FAULTS, good

DEMANDS = [(profile.name, demand) for profile in PROFILES.values() for demand in profile.demands]


@pytest.mark.parametrize("profile", PROFILES)
def test_a_complete_certificate_passes_its_profile(profile: str) -> None:
    assert good(profile).lint().findings == ()


@pytest.mark.parametrize(
    ("profile", "demand"), DEMANDS, ids=[f"{name}-{demand.rule.number}" for name, demand in DEMANDS]
)
def test_a_certificate_with_one_fault_fails_by_that_rule_alone(profile, demand) -> None:
    lint = FAULTS[demand.rule.number](good(profile)).lint()
    besides = BESIDES.get(demand.rule.number, set())
    found = {(each.rule, each.severity, each.source) for each in lint.findings if each.rule not in besides}
    assert found == {(demand.rule.number, demand.severity, demand.source)}


def test_every_rule_has_a_fault_that_breaks_it() -> None:
    assert FAULTS.keys() == RULES.keys()


def test_every_rule_is_demanded_by_some_profile() -> None:
    assert {demand.rule.number for _, demand in DEMANDS} == RULES.keys()


@pytest.mark.parametrize(
    ("profile", "demand"), DEMANDS, ids=[f"{name}-{demand.rule.number}" for name, demand in DEMANDS]
)
def test_a_finding_says_where_and_what_is_wanted(profile, demand) -> None:
    lint = FAULTS[demand.rule.number](good(profile)).lint()
    assert all(each.field.startswith("/") and each.found and each.wanted for each in lint.findings)
