"""Do the tests notice? Puts small faults into the contracts, one at a time, and looks for a test that fails.

    scripts/mutate.py [--sample N] [--seed N] [--contracts A,B] [--minutes N] [--verify N] [--again] [--tests PATH ...]
    scripts/mutate.py --named

Order of work: find the sites (scripts/mutants.py); compile once, all mutants behind switches; run every test once on
the switched contracts with all switches off, noting which sites each test reaches and how long it takes; then for each
mutant turn its switch on and run the tests that reach it, the most particular first, until one fails. What survives is
compiled alone: equal bytes are the same program, and a fault on which the stage itself is set may show there. A test
over its time is no kill. `.mutation/` keeps artifacts and results, so that a campaign goes on where it stopped, and
with `--again` judges anew what no test killed; `.mutation/report.json` is the report.

`--named` builds the faults that tests/contracts/test_mutants.py names, one by one and without switches; every test that
is said to kill one must fail on it.

Not here: gas, and tests without contracts. Sites that no test reaches count as survivors.
"""

import argparse
import hashlib
import json
import os
import random
import re
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import solcx

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]
from scripts import compile as compiling  # noqa: E402
from scripts.attack import SLOW, Campaign, forget, results  # noqa: E402
from scripts.mutants import SWITCH, SWITCH_SOURCE, Site, find, plain, schemata  # noqa: E402

FOLDER = ROOT / ".mutation"


def compiled(given: dict[str, Any]) -> dict[str, Any]:
    """The compiler's whole output, errors included."""
    binary = os.environ.get("SOLC", str(ROOT / "scripts" / "solc"))
    try:
        return dict(solcx.compile_standard(given, solc_binary=binary))
    except solcx.exceptions.SolcError as error:
        return dict(json.loads(error.stdout_data or "{}"))


def all_sites() -> tuple[list[Site], dict[str, list[tuple[int, int]]]]:
    given = compiling.standard_input()
    given["settings"] = given["settings"] | {"outputSelection": {"*": {"": ["ast"]}}}
    texts = {path: source["content"] for path, source in given["sources"].items()}
    trees = {path: source["ast"] for path, source in compiled(given)["sources"].items()}
    return find(texts, trees)


def needing(names: tuple[str, ...], sources: dict[str, Any], changed: set[str]) -> list[str]:
    """The deployed contracts whose code reaches a changed source."""

    def reach(path: str) -> set[str]:
        found, pending = set[str](), [path]
        while pending:
            here = pending.pop()
            if here not in found:
                found.add(here)
                pending.extend(compiling.imports(here, sources[here]["content"]))
        return found

    return [name for name in names if reach(f"contracts/{name}.sol") & changed]


def compile_switched(sites: list[Site], pure: dict[str, list[tuple[int, int]]]) -> list[Site]:
    """Writes artifacts that hold all mutants; gives those that the compiler takes."""
    given = compiling.standard_input()
    originals = {path: source["content"] for path, source in given["sources"].items()}
    built = FOLDER / "switched" / "artifacts"
    built.mkdir(parents=True, exist_ok=True)
    key = hashlib.sha256(repr((sites, originals)).encode()).hexdigest()
    stamp = FOLDER / "switched" / "stamp.json"
    if stamp.exists() and (said := json.loads(stamp.read_text()))["key"] == key:
        return [site for site in sites if site.number in said["numbers"]]
    names = needing(compiling.NAMES, given["sources"], {site.path for site in sites})
    wanted = ["abi", "evm.bytecode.object", "evm.deployedBytecode"]
    given["settings"] = given["settings"] | {
        "outputSelection": {f"contracts/{name}.sol": {name: wanted} for name in names}
    }
    kept = sites
    while True:
        for path, places in pure.items():
            own = [site for site in kept if site.path == path]
            given["sources"][path] = {"content": schemata(path, originals[path], own, places)}
        given["sources"][SWITCH] = {"content": SWITCH_SOURCE}
        output = compiled(given)
        faults = [fault for fault in output.get("errors", []) if fault["severity"] == "error"]
        if not faults:
            break
        unfit = {number for fault in faults for number in blamed(fault, given["sources"])}
        if not unfit:
            raise SystemExit(faults[0]["formattedMessage"])
        print(f"mutate: {len(unfit)} mutants do not compile", flush=True)
        kept = [site for site in kept if site.number not in unfit]
    for name in compiling.NAMES:
        text = (compiling.ARTIFACTS / f"{name}.json").read_text()
        if name in names:
            text = artifact_of(name, output)
        (built / f"{name}.json").write_text(text)
    stamp.write_text(json.dumps({"key": key, "numbers": [site.number for site in kept]}))
    return kept


def blamed(fault: dict[str, Any], sources: dict[str, Any]) -> set[int]:
    """The mutants that a compiler's error is about: the innermost switches around its place, or those within."""
    place = fault.get("sourceLocation") or {}
    if place.get("file") not in sources:
        return set()
    text = sources[place["file"]]["content"].encode()
    within = re.findall(rb"mutated\((\d+)\)", text[place["start"] : place["end"]])
    before = re.findall(rb"mutated\((\d+)\)", text[: place["start"]])
    return {int(number) for number in within or before[-1:]}


def artifact_of(name: str, output: dict[str, Any]) -> str:
    contract = output["contracts"][f"contracts/{name}.sol"][name]
    deployed = contract["evm"]["deployedBytecode"]
    spans = [span for spans in deployed["immutableReferences"].values() for span in spans]
    return json.dumps(
        {
            "name": name,
            "abi": contract["abi"],
            "bytecode": "0x" + contract["evm"]["bytecode"]["object"],
            "deployedBytecode": "0x" + deployed["object"],
            "immutables": sorted((span["start"], span["length"]) for span in spans),
        }
    )


ALONE = """
import sys
from pathlib import Path
from types import SimpleNamespace
import pytest
from ledger.chain import artifacts
artifacts.resources = SimpleNamespace(files=lambda _: Path(sys.argv[1]))
sys.exit(pytest.main(["-q", "-x", "-p", "no:cacheprovider", *sys.argv[2:]]))
"""


def build_alone(path: str, content: str) -> bool:
    """Writes artifacts with one source changed and no switches; whether the compiler takes it."""
    folder = FOLDER / "alone" / "artifacts"
    folder.mkdir(parents=True, exist_ok=True)
    given = compiling.standard_input()
    names = needing(compiling.NAMES, given["sources"], {path})
    given["sources"][path] = {"content": content}
    wanted = ["abi", "evm.bytecode.object", "evm.deployedBytecode"]
    given["settings"] = given["settings"] | {
        "outputSelection": {f"contracts/{name}.sol": {name: wanted} for name in names}
    }
    output = compiled(given)
    if "contracts" not in output:
        return False
    for name in compiling.NAMES:
        text = artifact_of(name, output) if name in names else (compiling.ARTIFACTS / f"{name}.json").read_text()
        (folder / f"{name}.json").write_text(text)
    return True


def failure_alone(*tests: str) -> str:
    """The first of the tests that fails on what build_alone wrote; "" if none does."""
    run = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", ALONE, str(FOLDER / "alone"), *tests],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    failed = re.search(r"^(?:FAILED|ERROR) (\S+)", run.stdout, re.MULTILINE)
    return failed[1] if failed and run.returncode == pytest.ExitCode.TESTS_FAILED else ""


def settle(line: dict[str, Any]) -> dict[str, str]:
    """What else a survivor may be, compiled alone: the same program, or killed where the stage too is set on it."""
    site = Site(**{name: line[name] for name in Site.__dataclass_fields__})
    if not build_alone(site.path, plain(compiling.sources()[site.path]["content"], site)):
        return {}
    alone, original = (
        [json.loads((folder / f"{name}.json").read_text())["bytecode"] for name in compiling.NAMES]
        for folder in (FOLDER / "alone" / "artifacts", compiling.ARTIFACTS)
    )
    if alone == original:
        return {"outcome": "equivalent"}
    others = [f"--ignore=tests/contracts/{name}.py" for name in SLOW]
    killer = failure_alone("tests/contracts", *others) if line.get("staged", True) else ""
    return {"outcome": "killed", "by": killer} if killer else {}


def verify(found: list[dict[str, Any]], count: int, seed: int) -> None:
    """Checks the switches themselves: killed mutants, compiled alone without any, must fail the same test."""
    killed = [line for line in found if line["outcome"] == "killed"]
    for line in random.Random(seed).sample(killed, min(count, len(killed))):  # noqa: S311
        site = Site(**{name: line[name] for name in Site.__dataclass_fields__})
        source = compiling.sources()[site.path]["content"]
        if not build_alone(site.path, plain(source, site)):
            said = f"does not compile alone: {site.original!r} to {site.replacement!r}"
        else:
            said = f"{'killed again' if failure_alone(line['by']) else 'NOT KILLED'}: {line['by']}"
        print(f"verify: {site.number} {said}", flush=True)


def named() -> int:
    """Builds the faults that have a name, and runs the tests that are said to kill them."""
    from tests.contracts.test_mutants import MUTANTS  # noqa: PLC0415 - nothing else asks for the tests' packages

    survived = 0
    for name, mutant in MUTANTS.items():
        path = f"contracts/{mutant.source}.sol"
        source = compiling.sources()[path]["content"]
        if not build_alone(path, source.replace(mutant.before, mutant.after)):
            raise SystemExit(f"mutate: {name} does not compile")
        for killer in mutant.killers:
            killed = failure_alone("tests/contracts/{}.py::{}".format(*killer.split(".")))
            survived += not killed
            print(f"mutate: {name}: {'killed' if killed else 'NOT KILLED'} by {killer}", flush=True)
    return 1 if survived else 0


def report(sites: list[Site], until: float) -> int:
    """Settles survivors, writes the report, prints the summary."""
    found = results(FOLDER / "results.jsonl", sites)
    settled_file = FOLDER / "settled.json"
    settled = json.loads(settled_file.read_text()) if settled_file.exists() else {}
    for line in found:
        if line["outcome"] not in ("survived", "not reached"):
            continue
        key = f"{line['path']}:{line['start']}:{line['original']}:{line['replacement']}"
        if key not in settled and time.time() < until:
            settled[key] = settle(line)
            settled_file.write_text(json.dumps(settled))
        line.update(settled.get(key, {}))
    counts = Counter(line["outcome"] for line in found)
    judged = len(found) - counts["equivalent"]
    rate = counts["killed"] / judged if judged else 0.0
    summary = {"sites": len(sites), "judged": judged, "outcomes": dict(counts), "kill_rate": round(rate, 4)}
    (FOLDER / "report.json").write_text(json.dumps(summary | {"mutants": found}, indent=1) + "\n")
    for line in found:
        if line["outcome"] not in ("killed", "equivalent"):
            said = f"{line['path']}:{line['line']} {line['where']}: {line['operator']}: {line['original']!r}"
            print(f"{line['outcome']:12} {said}")
    print(json.dumps(summary))
    return 0 if rate >= 0.95 else 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sample", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--contracts", default="")
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--tests", nargs="*", default=["tests/contracts"])
    parser.add_argument("--verify", type=int, default=0, help="kill so many again, compiled alone")
    parser.add_argument("--again", action="store_true", help="judge anew what no test killed")
    parser.add_argument("--named", action="store_true", help="build and kill the faults of test_mutants.py")
    parser.add_argument("--list", action="store_true")
    return parser.parse_args()


def main() -> int:
    """Run as the module's docstring says."""
    asked = arguments()
    FOLDER.mkdir(exist_ok=True)
    if asked.named:
        return named()
    until = time.time() + asked.minutes * 60
    sites, pure = all_sites()
    wanted = {name for name in asked.contracts.split(",") if name}
    sites = [site for site in sites if not wanted or Path(site.path).stem in wanted]
    if asked.sample < len(sites):
        sites = random.Random(asked.seed).sample(sites, asked.sample)  # noqa: S311 - a sample that can be repeated
    print(f"mutate: {len(sites)} mutants", Counter(site.path for site in sites), flush=True)
    if asked.list:
        return 0
    taken = {site.number for site in compile_switched(sorted(sites, key=lambda site: site.number), pure)}
    # In the order of the sample, so that one that the clock cuts short is a sample too.
    sites = [site for site in sites if site.number in taken]
    print(f"mutate: {len(sites)} compile", flush=True)
    if asked.again:
        forget(FOLDER / "results.jsonl")
    if len(results(FOLDER / "results.jsonl", sites)) < len(sites):
        pytest.main(["-q", "-p", "no:cacheprovider", *asked.tests], plugins=[Campaign(sites, FOLDER, until)])
    verify(results(FOLDER / "results.jsonl", sites), asked.verify, asked.seed)
    return report(sites, until)


if __name__ == "__main__":
    sys.exit(main())
