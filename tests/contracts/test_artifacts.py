"""Are the committed artifacts what the contracts say, and do contracts, ABI and rules name the same things?"""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from ledger.acts.kinds import ACTS
from ledger.chain.artifacts import CONTRACTS, artifact, error_forms

ROOT = Path(__file__).parents[2]
RULES = (ROOT / "contracts" / "RULES.md").read_text()
SOURCES = {path.stem: path.read_text() for path in (ROOT / "contracts").rglob("*.sol")}
MOST_BYTES = 22_000
OPEN_ZEPPELIN = {"InvalidShortString", "StringTooLong"}
"""Errors of the vendored EIP712, for names longer than ours."""
OUTSIDE_THE_RULES = {"OnlyContract", "GatewayOutOfGas"}
"""No act meets them: a call past the judging contract, and a relay's batch."""


def errors():
    return {form.name: form for form in error_forms().values() if form.name not in OPEN_ZEPPELIN}


def test_the_artifacts_are_the_contracts_compiled():
    command = [sys.executable, ROOT / "scripts" / "compile.py", "--check"]
    compared = subprocess.run(command, capture_output=True, check=False)
    assert compared.returncode == 0, compared.stderr.decode()


@pytest.mark.parametrize("name", CONTRACTS)
def test_a_contract_is_smaller_than_22_000_bytes(name):
    assert len(artifact(name).deployed) < MOST_BYTES


def test_four_errors_of_five_say_what_was_asked():
    with_arguments = [form for form in errors().values() if form.fields]
    assert len(with_arguments) >= 0.8 * len(errors())


def test_every_error_has_names_for_its_arguments():
    assert [form.name for form in errors().values() if not all(form.fields)] == []


def test_errors_stand_in_one_place():
    elsewhere = {name for name, text in SOURCES.items() if re.search(r"^\s*error ", text, re.MULTILINE)}
    assert elsewhere == {"Errors", "IGateway"}


def test_every_error_of_the_abi_is_in_the_rules_and_the_other_way_round():
    named = set(re.findall(r"`([A-Z][A-Za-z]+)(?:\([^`]*\))?`", RULES)) & (set(errors()) | unknown_errors())
    assert named | OUTSIDE_THE_RULES == set(errors())


def unknown_errors():
    """Names that the rules use as errors, in parentheses behind a check, whether the ABI has them or not."""
    return set(re.findall(r"\(`([A-Z][a-z]+[A-Za-z]+)`", RULES))


ROWS = re.findall(r"^\| (\d+) \| ([A-Za-z]+) \| ([son]\+?) \|", RULES, re.MULTILINE)


def test_every_act_has_its_row_in_the_rules():
    assert {int(number): name for number, name, _ in ROWS} == {act.KIND: name for name, act in ACTS.items()}


def test_every_act_has_the_class_of_its_row():
    classes = {name: act.CLASS.value[0] + "+" * act.CREATES for name, act in ACTS.items()}
    assert {name: written for _, name, written in ROWS} == classes


def test_every_public_function_is_explained_in_its_interface():
    public = re.compile(r"\n(.*)\n    function (\w+)\([^;{]*?\)\s+(?:external|public)")
    unexplained = [
        f"{name}.{function}"
        for name in CONTRACTS
        for before, function in public.findall(SOURCES[name])
        if "@inheritdoc" not in before
    ]
    assert unexplained == []


FORBIDDEN = ("assembly", "unchecked", "tx.origin", "delegatecall", "selfdestruct")


def test_no_contract_uses_what_the_style_forbids():
    ours = "\n".join(SOURCES.values())
    assert [word for word in FORBIDDEN if word in ours] == []


def test_every_contract_has_the_exact_compiler_and_its_license():
    heads = {text.split("\n", 2)[0] + text.split("\n", 2)[1] for text in SOURCES.values()}
    assert heads == {"// SPDX-License-Identifier: Apache-2.0pragma solidity 0.8.30;"}


def test_every_invariant_of_the_rules_has_a_test_with_its_number():
    numbers = set(re.findall(r"^\| I(\d+) \|", RULES, re.MULTILINE))
    tests = "\n".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))
    assert numbers - set(re.findall(r"def test_i(\d+)_", tests)) == set()
