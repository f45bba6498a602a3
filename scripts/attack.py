"""Runs tests by mutant: turns one switch on, runs the tests that reach it, until one fails.

A pytest plugin in one process, so that the stage and its chain are built once. The switch of a mutant is the balance of
an address that nobody has (scripts/mutants.py); the plugin answers for the embedded chain, and sees who asks.
"""

import hashlib
import json
import signal
import time
from collections.abc import Generator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from scripts.mutants import BASE, Site

SLOW = ("test_artifacts", "test_forge", "test_random_walk", "test_errors")
"""Not run against mutants: they read files, or walk long over what the others say in one step."""
TEST_SECONDS, MUTANT_SECONDS = 60.0, 30.0
"""Of this process's own time, so that a busy machine lets no mutant live. What MUTANT_SECONDS of tests did not kill
survives, however many tests are left: `tests_run` and `tests_reaching` say so.
"""


class TimedOut(BaseException):
    """A test took longer than its time."""


@dataclass(frozen=True, slots=True)
class Test:
    """A test that passes on the original: its sites, seconds, and whether it shares what its module sets up."""

    item: pytest.Item
    reached: frozenset[int]
    seconds: float
    shares: bool

    def place(self) -> tuple[bool, str, float]:
        """The most particular first; those that share something last and by file, so that it is set up once."""
        return self.shares, str(self.item.path) if self.shares else "", len(self.reached) * (0.1 + self.seconds)


class Campaign:
    """A pytest plugin: its run loop runs tests by mutant instead of once each."""

    def __init__(self, sites: list[Site], folder: Path, until: float) -> None:
        self.sites, self.folder, self.until = sites, folder, until
        self.on, self.reached, self.staged = 0, set[int](), set[int]()
        self.log = folder / "results.jsonl"
        self.killers = {(line["path"], line["by"]) for line in results(self.log, sites)}
        self._switch()

    def _switch(self) -> None:
        """The embedded chain answers the balances of the mutants' addresses from here, and takes large contracts."""
        import eth.vm.forks.berlin.logic as berlin  # noqa: PLC0415 - only a campaign needs them
        import eth.vm.forks.spurious_dragon.computation as sizes  # noqa: PLC0415
        from eth.vm.logic import context  # noqa: PLC0415

        from ledger.chain import artifacts  # noqa: PLC0415

        original = context.push_balance_of_address

        def push(address: bytes, computation: Any) -> None:
            number = int.from_bytes(address, "big") - BASE
            if not 0 < number < 1 << 32:
                original(address, computation)  # type: ignore[arg-type]
                return
            self.reached.add(number)
            computation.stack_push_int(int(number == self.on))

        context.push_balance_of_address = berlin.push_balance_of_address = push  # type: ignore[attr-defined]
        sizes.EIP170_CODE_SIZE_LIMIT = 1 << 20  # type: ignore[attr-defined]
        artifacts.resources = SimpleNamespace(files=lambda _: self.folder / "switched")  # type: ignore[assignment, attr-defined]

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = [item for item in session.items if not any(name in item.nodeid for name in SLOW)]
        signal.signal(signal.SIGPROF, self._alarm)
        tests = self._baseline(session, items)
        done = {found["number"] for found in results(self.log, self.sites)}
        with self.log.open("a") as log:
            for site in self.sites:
                if site.number in done:
                    continue
                if time.time() > self.until:
                    break
                found = site.to_json() | self._attack(session, site, tests) | {"staged": site.number in self.staged}
                log.write(json.dumps(found) + "\n")
                log.flush()
        return True

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Generator[None, Any, Any]:
        """Which sites the stage reaches, which is set without any mutant: only scripts/mutate.py judges those."""
        if fixturedef.scope != "session":
            return (yield)
        before, self.reached = self.reached, set()
        try:
            return (yield)
        finally:
            self.staged |= self.reached
            self.reached |= before

    def _alarm(self, *_: object) -> None:
        raise TimedOut

    def _run(self, session: pytest.Session, item: pytest.Item, following: pytest.Item) -> tuple[str, float]:
        """passed, failed or timeout, and seconds; `following` says which fixtures stay."""
        started = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, TEST_SECONDS)
        try:
            reports = runtestprotocol(item, nextitem=following, log=False)
        except TimedOut:
            session._setupstate.teardown_exact(following)
            return "timeout", time.process_time() - started
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        failed = [report for report in reports if report.failed]
        if any("TimedOut" in str(report.longrepr) for report in failed):
            return "timeout", time.process_time() - started
        return ("failed" if failed else "passed"), time.process_time() - started

    def _baseline(self, session: pytest.Session, items: list[pytest.Item]) -> list[Test]:
        """Every test on the original, with the sites it reaches; one that fails there says nothing and is left out.

        What is known from an earlier run is kept as long as neither the mutants nor the test's file changed.
        """
        made_from = {path: self._made_from(path) for path in {item.path for item in items}}
        kept = self.folder / "baseline.json"
        known = json.loads(kept.read_text()) if kept.exists() else {}
        shared: dict[Path, set[int]] = {}
        tests = []
        for item, following in zip(items, items[1:] + items[:1], strict=True):
            if item.nodeid not in known or known[item.nodeid][0] != made_from[item.path]:
                self.reached = set()
                said, seconds = self._run(session, item, following)
                if said != "passed":
                    print(f"mutate: {item.nodeid} {said} on the original: left out", flush=True)
                    continue
                if shares(item):  # the first of its file also sets up what they share
                    self.reached |= shared.setdefault(item.path, self.reached)
                known[item.nodeid] = [made_from[item.path], sorted(self.reached), seconds]
            _, reached, seconds = known[item.nodeid]
            tests.append(Test(item, frozenset(reached), seconds, shares(item)))
        kept.write_text(json.dumps(known))
        return sorted(tests, key=Test.place)

    def _made_from(self, path: Path) -> str:
        """A hash over all that says which sites a test file's tests reach: mutants, stage and file."""
        tests = Path(__file__).parent.parent / "tests"
        shared = [file for file in sorted(tests.rglob("*.py")) if not file.name.startswith("test_")]
        parts = [self.folder / "switched" / "stamp.json", *shared, path]
        return hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()

    def _attack(self, session: pytest.Session, site: Site, tests: list[Test]) -> dict[str, Any]:
        started, timeouts, count = time.process_time(), 0, 0
        reaching = [test.item for test in tests if site.number in test.reached]
        reaching.sort(key=lambda item: (site.path, item.nodeid) not in self.killers)  # what killed its like comes first
        self.on = site.number
        try:
            for count, (item, following) in enumerate(pairwise([*reaching, tests[0].item]), start=1):
                said, _ = self._run(session, item, following)
                if said == "failed":
                    self.killers.add((site.path, item.nodeid))
                    return outcome("killed", started, count, len(reaching), item.nodeid)
                timeouts += said == "timeout"
                if time.process_time() - started > MUTANT_SECONDS:
                    break
        finally:
            self._leave(session, tests)
            self.on = 0
        said = "timeout" if timeouts else "survived" if reaching else "not reached"
        return outcome(said, started, count, len(reaching), "")

    def _leave(self, session: pytest.Session, tests: list[Test]) -> None:
        """Takes down what a module shares, which a mutant may have made; the stage stays."""
        here = {node.path for node in session._setupstate.stack if isinstance(node, pytest.Module)}
        elsewhere = next(test.item for test in tests if test.item.path not in here)
        session._setupstate.teardown_exact(elsewhere)


def shares(item: pytest.Item) -> bool:
    """Whether a test takes a fixture that its module sets up once."""
    definitions = item._fixtureinfo.name2fixturedefs.values()  # type: ignore[attr-defined]
    return any(fixture.scope == "module" for found in definitions for fixture in found)


def outcome(said: str, started: float, run: int, reaching: int, by: str) -> dict[str, Any]:
    seconds = round(time.process_time() - started, 2)
    return {"outcome": said, "by": by, "tests_run": run, "tests_reaching": reaching, "seconds": seconds}


def results(log: Path, sites: list[Site]) -> list[dict[str, Any]]:
    """What is known of these sites from this or an earlier run."""
    if not log.exists():
        return []
    known = {json.dumps(site.to_json()) for site in sites}
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    fields = list(Site.__dataclass_fields__)
    return [line for line in lines if json.dumps({name: line[name] for name in fields}) in known]


def forget(log: Path) -> None:
    """Leaves only the mutants that a test killed."""
    if log.exists():
        lines = [line for line in log.read_text().splitlines() if json.loads(line)["outcome"] == "killed"]
        log.write_text("".join(line + "\n" for line in lines))
