"""Do the tests notice? Puts small faults into the contracts, one at a time, and looks for a test that fails.

    scripts/mutate.py [--sample N] [--seed N] [--contracts A,B] [--minutes N] [--verify N] [--tests PATH ...]

Order of work: find the sites (scripts/mutants.py); compile once, all mutants behind switches; run every test once on
the switched contracts with all switches off, noting which sites each test reaches and how long it takes; then for each
mutant turn its switch on and run the tests that reach it, the most particular first, until one fails. What survives is
compiled alone: equal bytes are the same program. A test over its time is no kill. `.mutation/` keeps sources,
artifacts and results, so that a campaign goes on where it stopped; `.mutation/report.json` is the report.

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
from scripts.attack import Campaign, results  # noqa: E402
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


def is_equivalent(site: Site) -> bool:
    """Whether the mutant alone compiles to the bytes of the original, in every contract that holds it."""
    given = compiling.standard_input()
    names = needing(compiling.NAMES, given["sources"], {site.path})
    given["sources"][site.path] = {"content": plain(given["sources"][site.path]["content"], site)}
    for name in names:
        given["settings"] = given["settings"] | {
            "outputSelection": {f"contracts/{name}.sol": {name: ["evm.bytecode.object"]}}
        }
        output = compiled(given)
        if "contracts" not in output:
            return False
        code = output["contracts"][f"contracts/{name}.sol"][name]["evm"]["bytecode"]["object"]
        if "0x" + code != json.loads((compiling.ARTIFACTS / f"{name}.json").read_text())["bytecode"]:
            return False
    return True


ALONE = """
import sys
from pathlib import Path
from types import SimpleNamespace
import pytest
from ledger.chain import artifacts
artifacts.resources = SimpleNamespace(files=lambda _: Path(sys.argv[1]))
sys.exit(pytest.main(["-q", "-x", "-p", "no:cacheprovider", sys.argv[2]]))
"""


def verify(found: list[dict[str, Any]], count: int, seed: int) -> None:
    """Checks the switches themselves: killed mutants, compiled alone without any, must fail the same test."""
    killed = [line for line in found if line["outcome"] == "killed"]
    for line in random.Random(seed).sample(killed, min(count, len(killed))):  # noqa: S311
        site = Site(**{name: line[name] for name in Site.__dataclass_fields__})
        folder = FOLDER / "alone" / "artifacts"
        folder.mkdir(parents=True, exist_ok=True)
        given = compiling.standard_input()
        names = needing(compiling.NAMES, given["sources"], {site.path})
        given["sources"][site.path] = {"content": plain(given["sources"][site.path]["content"], site)}
        wanted = ["abi", "evm.bytecode.object", "evm.deployedBytecode"]
        given["settings"] = given["settings"] | {
            "outputSelection": {f"contracts/{name}.sol": {name: wanted} for name in names}
        }
        output = compiled(given)
        if "contracts" not in output:
            print(
                f"verify: {site.number} does not compile alone: {site.original!r} to {site.replacement!r}", flush=True
            )
            continue
        for name in compiling.NAMES:
            text = artifact_of(name, output) if name in names else (compiling.ARTIFACTS / f"{name}.json").read_text()
            (folder / f"{name}.json").write_text(text)
        run = subprocess.run(  # noqa: S603 - our own interpreter
            [sys.executable, "-c", ALONE, str(folder.parent), line["by"]], cwd=ROOT, capture_output=True, check=False
        )
        said = "killed again" if run.returncode == 1 else f"NOT KILLED (pytest says {run.returncode})"
        print(f"verify: {site.number} {said}: {line['by']}", flush=True)


def report(sites: list[Site], until: float) -> int:
    """Settles survivors, writes the report, prints the summary."""
    found = results(FOLDER / "results.jsonl", sites)
    checked_file = FOLDER / "equivalent.json"
    checked = json.loads(checked_file.read_text()) if checked_file.exists() else {}
    by_number = {site.number: site for site in sites}
    for line in found:
        key = f"{line['path']}:{line['start']}:{line['original']}:{line['replacement']}"
        if line["outcome"] in ("survived", "not reached"):
            if key not in checked and time.time() < until:
                checked[key] = is_equivalent(by_number[line["number"]])
                checked_file.write_text(json.dumps(checked))
            if checked.get(key):
                line["outcome"] = "equivalent"
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


def main() -> int:
    """Run as the module's docstring says."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sample", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--contracts", default="")
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--tests", nargs="*", default=["tests/contracts"])
    parser.add_argument("--verify", type=int, default=0, help="kill so many again, compiled alone")
    parser.add_argument("--list", action="store_true")
    asked = parser.parse_args()
    until = time.time() + asked.minutes * 60
    FOLDER.mkdir(exist_ok=True)
    sites, pure = all_sites()
    wanted = {name for name in asked.contracts.split(",") if name}
    sites = [site for site in sites if not wanted or Path(site.path).stem in wanted]
    if asked.sample < len(sites):
        sites = random.Random(asked.seed).sample(sites, asked.sample)  # noqa: S311 - a sample that can be repeated
    print(f"mutate: {len(sites)} mutants", Counter(site.path for site in sites), flush=True)
    if asked.list:
        return 0
    sites = compile_switched(sorted(sites, key=lambda site: site.number), pure)
    print(f"mutate: {len(sites)} compile", flush=True)
    if len(results(FOLDER / "results.jsonl", sites)) < len(sites):
        pytest.main(["-q", "-p", "no:cacheprovider", *asked.tests], plugins=[Campaign(sites, FOLDER, until)])
    verify(results(FOLDER / "results.jsonl", sites), asked.verify, asked.seed)
    return report(sites, until)


if __name__ == "__main__":
    sys.exit(main())
