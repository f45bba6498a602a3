"""Is every acknowledged act in the journal, once, after the service was killed again and again while clients wrote?"""

import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from ledger.chain.deployment import Appointee, Founder
from ledger.ids import hex0x
from ledger.opening import create_ledger, open_ledger
from ledger.read_model import ReadModel, follow
from ledger.writing import prepare, submission
from tests.world import AUTHORITY, founding_agents, keys_of, salt_of

ROOT = Path(__file__).parents[2]
SERVICE = Path(__file__).with_name("submit_until_killed.py")
PAUSES = (0.0, 0.02, 0.07, 0.15, 0.4)
"""Seconds between the twelfth answer and each kill: a batch takes about 0.1."""


@pytest.fixture(scope="module")
def survivor(tmp_path_factory):
    """What clients were told before each kill, and the ledger opened again."""
    folder = tmp_path_factory.mktemp("killed") / "ledger"
    found(folder)
    told = [digest for run, pause in enumerate(PAUSES) for digest in write_until_killed(folder, run, pause)]
    with open_ledger(folder, write=True) as ledger:
        yield ledger, told


def found(folder):
    agents = tuple(Appointee(keys_of(name).address, powers) for name, powers in founding_agents("authority").items())
    create_ledger(folder, [Founder(AUTHORITY, salt_of("authority"), agents)])
    with open_ledger(folder, write=True) as ledger:
        public = keys_of("recorder").public
        record = hex0x(ledger.deployment.agent_record(1, keys_of("recorder").address))
        keys = {"ed25519": hex0x(public.ed25519), "x25519": hex0x(public.x25519)}
        ready = prepare(
            "AcceptAppointment",
            {"organization": 1, "record": record, **keys},
            read_model=ledger.read_model,
            deployment=ledger.deployment,
            now=int(time.time()),
        )
        signature = hex0x(keys_of("recorder").sign_digest(ready.digest))
        ledger.relay.submit(*submission({**ready.typed_data, "signature": signature}, ledger.deployment)).result(60)


def write_until_killed(folder, run, pause):
    """The digests that clients got an answer for."""
    command = [sys.executable, str(SERVICE), str(folder), str(run)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}
    ) as service:
        lines = [service.stdout.readline() for _ in range(12)]
        time.sleep(pause)
        service.kill()
        lines += service.stdout.readlines()
    return [bytes.fromhex(line) for line in lines if line.endswith("\n")]


def digests(ledger):
    found, after = [], 0
    while page := ledger.read_model.entries(after=after, limit=200).items:
        found += [item.entry.digest for item in page]
        after = page[-1].entry.seq
    return found


def test_every_acknowledged_act_is_in_the_journal(survivor):
    ledger, told = survivor
    assert set(told) - set(digests(ledger)) == set()


def test_no_act_is_in_the_journal_twice(survivor):
    assert [digest for digest, count in Counter(digests(survivor[0])).items() if count > 1] == []


def test_no_act_that_was_taken_is_left_without_an_answer(survivor):
    ledger, _ = survivor
    until = time.monotonic() + 30
    while ledger.relay.status(digests(ledger)[-1]).state != "included" and time.monotonic() < until:
        time.sleep(0.1)
    assert {ledger.relay.status(digest).state for digest in digests(ledger)} == {"included"}


def test_the_read_model_is_what_a_rebuilt_one_would_be(survivor, tmp_path):
    ledger, _ = survivor
    rebuilt = ReadModel(f"sqlite:///{tmp_path / 'rebuilt.sqlite'}")
    follow(rebuilt, ledger.node, ledger.deployment)
    assert rebuilt.digest() == ledger.read_model.digest()
