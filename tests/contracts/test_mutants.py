"""What would kill, here, the five faults of the one other ledger that names license, certificate and shipment together?

`MUTANTS` holds each as an edit of a contract and the tests that fail on it; the last has two, as logic can be replaced
behind a call or in its target. Building one takes a minute, so the edits are only held to the contracts here, and the
tests to their names: `scripts/mutate.py --named` builds each and sees it killed.
"""

import importlib
from dataclasses import dataclass
from pathlib import Path

import pytest

from ledger.acts.kinds import ACTS
from ledger.acts.structs import members
from ledger.chain.artifacts import CONTRACTS, artifact

CONTRACTS_FOLDER = Path(__file__).parents[2] / "contracts"


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """One edit of one contract, and the tests of this folder that fail on it."""

    source: str
    before: str
    after: str
    killers: tuple[str, ...]


MUTANTS = {
    "the exporter files the certificate": Mutant(
        source="Certificates",
        before="if (act.organization != act.endUser) revert WrongOrganization(act.organization, act.endUser);\n"
        "        _authorize(entry, Power.CERTIFY);",
        after="_authorize(entry, act.organization == act.exporter ? Power.APPLY : Power.CERTIFY);",
        killers=("test_certificates.test_only_the_end_user_signs_its_certificate",),
    ),
    "a shipment draws nothing down": Mutant(
        source="Balances",
        before="line.drawn = uint80(before + requested);",
        after="line.drawn = uint80(before);",
        killers=(
            "test_manifests.test_i1_a_cancellation_gives_back_what_is_held_and_the_share",
            "test_stories.test_story_1_a_full_line_takes_not_even_one_without_value",
        ),
    ),
    "expiry is ignored": Mutant(
        source="Licenses",
        before="if (moment >= license.validUntil) revert LicenseExpired(record, license.validUntil, moment);",
        after="",
        killers=(
            "test_draws.test_a_license_is_drawn_on_from_its_first_instant_to_its_last",
            "test_stories.test_story_3_a_departure_after_the_last_day_is_refused",
        ),
    ),
    "an approval ignores the certificate": Mutant(
        source="Issuance",
        before="_add(outcome, CERTIFICATES.grant(taken, _source(entry)));",
        after="taken;",
        killers=(
            "test_licenses.test_i2_what_licenses_grant_stays_within_the_certificate",
            "test_licenses.test_a_revoked_certificate_carries_no_license",
        ),
    ),
    "an admin can replace the logic, which runs elsewhere": Mutant(
        source="Gateway",
        before=".call{gas:",
        after=".delegatecall{gas:",
        killers=(
            "test_gateway.test_a_refused_call_harms_no_other",
            "test_mutants.test_no_contract_runs_code_that_stands_elsewhere",
        ),
    ),
    "an admin can replace the logic, by naming another target": Mutant(
        source="Gateway",
        before="    /// @inheritdoc IGateway\n",
        after="    function replace(uint256 target, address logic) external {\n"
        "        _targets[target] = logic;\n    }\n\n    /// @inheritdoc IGateway\n",
        killers=("test_journal.test_only_a_signed_act_and_the_ledgers_own_contracts_write",),
    ),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutants_edit_still_finds_its_place(name):
    mutant = MUTANTS[name]
    assert (CONTRACTS_FOLDER / f"{mutant.source}.sol").read_text().count(mutant.before) == 1


@pytest.mark.parametrize("name", MUTANTS)
def test_the_tests_that_kill_a_mutant_are_there(name):
    named = [killer.split(".") for killer in MUTANTS[name].killers]
    found = [getattr(importlib.import_module(f"tests.contracts.{module}"), test, None) for module, test in named]
    assert all(callable(test) for test in found)


CALLCODE, DELEGATECALL, CREATE, CREATE2, SELFDESTRUCT = 0xF2, 0xF4, 0xF0, 0xF5, 0xFF
PUSH1, PUSH32 = 0x60, 0x7F


def opcodes(code):
    """The instructions of run-time code, what they push left out."""
    place = 0
    while place < len(code):
        yield code[place]
        place += 1 + (code[place] - PUSH1 + 1 if PUSH1 <= code[place] <= PUSH32 else 0)


@pytest.mark.parametrize("name", CONTRACTS)
def test_no_contract_runs_code_that_stands_elsewhere(name):
    """No proxy, nothing created, nothing destroyed: what was deployed is what runs."""
    replacing = {CALLCODE, DELEGATECALL, CREATE, CREATE2, SELFDESTRUCT}
    assert replacing.isdisjoint(opcodes(artifact(name).deployed))


def test_no_act_can_carry_a_name_in_the_clear():
    """Numbers, digests and addresses; the three bytes of a unit are the longest text."""
    kinds = {
        member.type_name.removesuffix("[]") for act in ACTS.values() for member in members(act) if not member.struct
    }
    words = {kind for kind in kinds if not kind.startswith(("uint", "int", "bool"))}
    assert words <= {"bytes32", "bytes3", "address"}
