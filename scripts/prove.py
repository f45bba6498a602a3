"""Runs the proofs of tests/halmos on the committed artifacts: I1, I3, I5 and I7, for all values at once.

    scripts/prove

A proof counts if it holds on every path and no loop was cut short. A check named `check_canary_` must fail: it says
that what the proof beside it speaks about can happen at all. halmos' own exit code says neither.

Not here: what halmos does not get through, and why (contracts/DECISIONS.md).
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".halmos"
ARTIFACTS = ROOT / "ledger" / "chain" / "artifacts"
HOLDS, FAILS = 0, 1
"""halmos' numbers for a check that holds on every path, and for one with a counterexample."""


def run(kind: str, *options: str) -> list[dict[str, Any]]:
    """The results of the checks that the options choose; none where halmos did not get to them."""
    said, log = FOLDER / f"{kind}.json", FOLDER / f"{kind}.log"
    said.unlink(missing_ok=True)
    # The proofs find the creation code of a contract under its name.
    codes = {path.stem.upper(): json.loads(path.read_text())["bytecode"] for path in ARTIFACTS.glob("*.json")}
    place = f"{ROOT / 'node_modules' / '.bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    command = [FOLDER / "bin" / "halmos", "--forge-build-out", ".halmos/out", "--no-status", "--json-output", said]
    with log.open("w") as output:
        subprocess.run(  # noqa: S603 - the halmos that scripts/prove installed
            [*command, *options],
            cwd=ROOT,
            env=os.environ | codes | {"FOUNDRY_PROFILE": "halmos", "PATH": place},
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if not said.exists():
        print(log.read_text()[-4000:], file=sys.stderr)
        return []
    return [check for checks in json.loads(said.read_text())["test_results"].values() for check in checks]


def judge(kind: str, checks: list[dict[str, Any]], wanted: int) -> bool:
    """Whether there are checks, and all of them came out as wanted."""
    good = bool(checks)
    for check in checks:
        fit = check["exitcode"] == wanted and (wanted == FAILS or not check["num_bounded_loops"])
        outcome = {HOLDS: "holds", FAILS: "fails"}.get(check["exitcode"], "is not decided")
        cut = ", loops cut short" if check["num_bounded_loops"] else ""
        wrong = "" if fit else f"; see .halmos/{kind}.log"
        print(f"prove: {check['name'].partition('(')[0]} {outcome}{cut}{wrong}", flush=True)
        good = good and fit
    return good


def main() -> int:
    """Run as the module's docstring says."""
    started = time.monotonic()
    proofs = judge("proofs", run("proofs", "--match-test", "^check_i"), HOLDS)
    canaries = judge("canaries", run("canaries", "--match-test", "^check_canary_", "--early-exit"), FAILS)
    print(f"prove: {time.monotonic() - started:.0f} s")
    return 0 if proofs and canaries else 1


if __name__ == "__main__":
    sys.exit(main())
