"""Runs tests by mutant: turns one switch on, runs the tests that reach it, until one fails.

A pytest plugin in one process, so that the stage and its chain are built once. The switch of a mutant is the balance of
an address that nobody has (scripts/mutants.py); the plugin answers for the embedded chain, and sees who asks.
"""

import json
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from scripts.mutants import BASE, Site

SLOW = ("test_artifacts", "test_forge", "test_random_walk", "test_errors")
"""Not run against mutants: they read files, or walk long over what the others say in one step."""
TEST_SECONDS = 60.0


class TimedOut(BaseException):
    """A test took longer than its time."""


class Campaign:
    """A pytest plugin: its run loop runs tests by mutant instead of once each."""

    def __init__(self, sites: list[Site], folder: Path, until: float) -> None:
        self.sites, self.folder, self.until = sites, folder, until
        self.on, self.reached = 0, set[int]()
        self.log = folder / "results.jsonl"
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
        signal.signal(signal.SIGALRM, self._alarm)
        tests = list(self._baseline(session, items))
        done = {found["number"] for found in results(self.log, self.sites)}
        with self.log.open("a") as log:
            for site in self.sites:
                if site.number in done:
                    continue
                if time.time() > self.until:
                    break
                found = site.to_json() | self._attack(session, site, tests)
                log.write(json.dumps(found) + "\n")
                log.flush()
        return True

    def _alarm(self, *_: object) -> None:
        raise TimedOut

    def _run(self, session: pytest.Session, item: pytest.Item, elsewhere: pytest.Item) -> tuple[str, float]:
        """passed, failed or timeout, and seconds. Takes the module's fixtures down: a mutant may have made them."""
        started = time.monotonic()
        signal.setitimer(signal.ITIMER_REAL, TEST_SECONDS)
        try:
            reports = runtestprotocol(item, nextitem=elsewhere, log=False)
        except TimedOut:
            session._setupstate.teardown_exact(elsewhere)
            return "timeout", time.monotonic() - started
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        failed = [report for report in reports if report.failed]
        if any("TimedOut" in str(report.longrepr) for report in failed):
            return "timeout", time.monotonic() - started
        return ("failed" if failed else "passed"), time.monotonic() - started

    def _baseline(
        self, session: pytest.Session, items: list[pytest.Item]
    ) -> Iterator[tuple[pytest.Item, pytest.Item, set[int], float]]:
        """Every test on the original, with the sites it reaches; one that fails there says nothing and is left out."""
        files = {item.path: item for item in items}
        for item in items:
            elsewhere = next((other for path, other in files.items() if path != item.path), None)
            if elsewhere is None:
                raise SystemExit("mutate: give tests of two files at least")
            self.reached = set()
            said, seconds = self._run(session, item, elsewhere)
            if said != "passed":
                print(f"mutate: {item.nodeid} {said} on the original: left out", flush=True)
                continue
            yield item, elsewhere, self.reached, seconds

    def _attack(
        self,
        session: pytest.Session,
        site: Site,
        tests: list[tuple[pytest.Item, pytest.Item, set[int], float]],
    ) -> dict[str, Any]:
        started, timeouts = time.monotonic(), 0
        reaching = sorted((t for t in tests if site.number in t[2]), key=lambda t: len(t[2]) * (0.1 + t[3]))
        self.on = site.number
        try:
            for count, (item, elsewhere, _, _) in enumerate(reaching, start=1):
                said, _ = self._run(session, item, elsewhere)
                if said == "failed":
                    return outcome("killed", started, count, len(reaching), item.nodeid)
                timeouts += said == "timeout"
        finally:
            self.on = 0
        said = "timeout" if timeouts else "survived" if reaching else "not reached"
        return outcome(said, started, len(reaching), len(reaching), "")


def outcome(said: str, started: float, run: int, reaching: int, by: str) -> dict[str, Any]:
    seconds = round(time.monotonic() - started, 2)
    return {"outcome": said, "by": by, "tests_run": run, "tests_reaching": reaching, "seconds": seconds}


def results(log: Path, sites: list[Site]) -> list[dict[str, Any]]:
    """What is known of these sites from this or an earlier run."""
    if not log.exists():
        return []
    known = {json.dumps(site.to_json()) for site in sites}
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    fields = list(Site.__dataclass_fields__)
    return [line for line in lines if json.dumps({name: line[name] for name in fields}) in known]
