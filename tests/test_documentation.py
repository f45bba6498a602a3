"""Does the README tell the truth about what is there?"""

import re
from pathlib import Path

import pytest
import typer

from ledger.cli import main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


def test_every_verb_of_the_command_line_is_shown():
    verbs = list(typer.main.get_command(main).commands)
    assert [verb for verb in verbs if f"license-ledger {verb}" not in README] == []


@pytest.mark.parametrize("script", sorted(set(re.findall(r"`?\./scripts/(\w+)", README))))
def test_a_script_that_is_named_can_be_run(script):
    assert (ROOT / "scripts" / script).stat().st_mode & 0o111


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`(tests/[\w/.]+)`", README))))
def test_a_file_that_is_named_exists(path):
    assert (ROOT / path).exists()


@pytest.mark.parametrize("number", range(1, 12))
def test_the_file_named_for_an_invariant_has_a_test_with_its_number(number):
    path = re.search(rf"^\| I{number} \|.*`(tests/[\w/.]+)`", README, re.MULTILINE).group(1)
    assert f"def test_i{number}_" in (ROOT / path).read_text()


def test_every_folder_of_the_tree_exists():
    tree = README.split("## The tree")[1].split("```")[1]
    named = [line.split()[0] for line in tree.splitlines()[1:] if line.strip()]
    assert [name for name in named if not (ROOT / name).exists()] == []
