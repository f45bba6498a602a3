"""Does an import survive a service that is killed in the middle of it?"""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ledger.errors import Unavailable
from tests.api.office import Office
from tests.api.signing_in import sign_in
from tests.integration.import_parts import SAMPLE, Desk, found, length, settle

ROWS = 75
HEADER, FIRST, *_ = SAMPLE.split(b"\n")
REGISTER = b"\n".join([HEADER, *(FIRST.replace(b"2026-001", b"2026-%03d" % number) for number in range(ROWS))])


@contextmanager
def service(folder: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """`serve` in a process of its own, killed at the end."""
    command = [sys.executable, "-m", "ledger.cli", "serve", str(folder), "--port", "0", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield json.loads(process.stdout.readline())["url"], process
        finally:
            process.kill()


def licenses(office: Office) -> list[str]:
    found_ids: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = office.client.get("/v1/licenses", params={"limit": 200, **cursor}).json()
        found_ids += [item["application"] for item in page["items"]]
        if page["next"] is None:
            return found_ids
        cursor = {"after": page["next"]}


def kill_after(process: subprocess.Popen[str], office: Office, entries: int) -> threading.Thread:
    """Kills the service as soon as its journal has that many entries."""

    def watch() -> None:
        while length(office) < entries:
            pass
        process.kill()

    thread = threading.Thread(target=watch)
    thread.start()
    return thread


@pytest.fixture(scope="module")
def after_the_kill(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, list[int]]]:
    """A service that was killed during an import and the import run again; entries after each run."""
    folder = tmp_path_factory.mktemp("killed")
    ledger = folder / "ledger"
    found(ledger)
    with service(ledger) as (url, process):
        office = settle(url, ledger)
        desk = Desk(folder / "desk", url, "sample")
        killer = kill_after(process, office, length(office) + ROWS)
        with pytest.raises(Unavailable):
            desk.run(REGISTER)
        killer.join()
    with service(ledger) as (url, _):
        desk.url = url
        office.client.base_url = url
        sign_in(office.client, "auditor")  # sessions die with the service
        lengths = [length(office)]
        for _ in range(2):
            summary = desk.run(REGISTER)
            assert summary.entered + summary.completed + summary.already == ROWS
            lengths.append(length(office))
        yield office, lengths


def test_the_service_was_killed_before_the_import_was_done(after_the_kill: tuple[Office, list[int]]) -> None:
    _, (killed, completed, _) = after_the_kill
    assert killed < completed


def test_the_next_run_completes_every_row(after_the_kill: tuple[Office, list[int]]) -> None:
    assert len(licenses(after_the_kill[0])) == ROWS


def test_no_row_is_issued_twice(after_the_kill: tuple[Office, list[int]]) -> None:
    applications = licenses(after_the_kill[0])
    assert len(applications) == len(set(applications))


def test_a_third_run_adds_nothing(after_the_kill: tuple[Office, list[int]]) -> None:
    _, (_, completed, again) = after_the_kill
    assert completed == again
