"""Do the invariants hold over random acts? Runs the campaign of tests/forge, short, on the committed artifacts.

`scripts/check --deep` runs the long one. forge is npm's pinned package, which npm leaves out without a word
where it cannot be had: on a platform that has one, its absence is a fault; elsewhere nothing is asked.
"""

import os
import platform
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FORGE = ROOT / "node_modules" / ".bin" / "forge"
PLATFORMS = {("linux", "x86_64"), ("darwin", "arm64"), ("win32", "AMD64")}
"""Those of package.json."""


def run():
    """forge's exit code and words, with the settings of foundry.toml alone."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FOUNDRY_")}
    ran = subprocess.run([FORGE, "test"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return ran.returncode, ran.stdout + ran.stderr


def test_random_acts_break_no_invariant():
    here = (sys.platform, platform.machine())
    if here not in PLATFORMS:
        pytest.skip(f"npm has no forge for {here}")
    assert FORGE.exists(), "forge is not installed: scripts/setup development"
    code, said = run()
    assert code == 0, said
    calls = re.search(r"\(runs: \d+, calls: (\d+), reverts: 0\)", said)
    assert calls, said
    assert int(calls[1]) >= 2000
