"""After the whole demo: does anything that an outsider can read tell a name, goods, a destination, a price or a number?

An outsider has the chain's database, everything that the service answers without a session, what the service logs, the
vault's file, the outbox and the read model's file.
"""

import json
import re
import sqlite3
import subprocess
import sys
from base64 import urlsafe_b64encode
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import httpx
import pytest

from ledger.documents.contents import contents
from ledger.ids import hex0x
from ledger.opening import open_ledger
from tests.api.secret_values import Needle, leaks, needles, papers
from tests.api.serving import serving

ROOT = Path(__file__).parents[2]
PLAYED = "import sys, pathlib, io; from rich.console import Console; from ledger.demo.play import play;"
PLAYED += "play(pathlib.Path(sys.argv[1]), Console(file=io.StringIO()))"
FILES = ("chain.sqlite", "vault.sqlite", "outbox.sqlite", "read_model.sqlite")
CLOSED_LISTS = {"/v1/schemas", "/v1/schemas/{kind}", "/openapi.json", "/docs", "/v1/certificates/rules"}
"""What is the same for every ledger, and lists every country."""


@dataclass(frozen=True)
class Evening:
    """A demo that was played: its folder, what the service logged, the subjects of all papers."""

    folder: Path
    log: bytes
    subjects: list[dict[str, object]]


@pytest.fixture(scope="module")
def evening(tmp_path_factory):
    folder = tmp_path_factory.mktemp("evening") / "demo"
    done = subprocess.run([sys.executable, "-c", PLAYED, folder], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return Evening(folder, done.stdout + done.stderr, [contents(one).subject for one in papers(folder).values()])


@pytest.fixture(scope="module")
def in_bytes(evening):
    return needles(evening.subjects, text=False)


@pytest.fixture(scope="module")
def in_text(evening):
    return needles(evening.subjects, text=True)


def rows(file):
    """Every text and blob of a database, each in one piece: pages cut them."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        for table in tables:
            for row in database.execute(f'SELECT * FROM "{table}"'):  # noqa: S608  # a name of its own schema
                yield from (value.encode() if isinstance(value, str) else value for value in row if value)


def content(file):
    """The database's values, apart from each other."""
    return b"\0\0".join(value for value in rows(file) if isinstance(value, bytes))


@pytest.mark.parametrize("name", FILES)
def test_a_database_tells_no_value_of_any_paper(evening, in_bytes, name):
    assert leaks(in_bytes, {name: content(evening.folder / "ledger" / name)}) == []


def test_the_services_log_tells_no_value_of_any_paper(evening, in_text):
    assert leaks(in_text, {"log": evening.log}) == []


@pytest.fixture(scope="module")
def answers(evening):
    """What the service answers to somebody without a session: every operation, with ids that there are."""
    with open_ledger(evening.folder / "ledger", write=True) as ledger:
        shipment = ledger.read_model.committed(limit=200).items[-1]
        ids = {"record": hex0x(shipment.record), "shipment": hex0x(shipment.record), "kind": "Application"}
        ids |= {"commitment": hex0x(shipment.commitment), "number": "1"}
        ids["digest"] = hex0x(next(iter(ledger.read_model.entries(limit=1).items)).entry.digest)
        with serving(ledger) as url, httpx.Client(base_url=url, timeout=60) as stranger:
            paths = stranger.get("/openapi.json").json()["paths"]
            return {
                f"{method} {path}": stranger.request(method, path.format_map(ids), json={} if method != "get" else None)
                for path, methods in paths.items()
                for method in methods
            }


def test_the_service_tells_a_stranger_no_value_of_any_paper(answers, in_text):
    # The contract is called as it is; one of the story's people is a director.
    told = {
        place: str(answer.headers).encode() + answer.content.replace(b"Directory", b"")
        for place, answer in answers.items()
        if place.split()[1] not in CLOSED_LISTS
    }
    assert leaks(in_text, told) == []


def test_a_closed_list_that_the_service_tells_names_nobody(answers, evening):
    """Countries and words of forms stand in schemas; what is longer than a code does not."""
    names = [one["name"] for one in evening.subjects if "name" in one]
    sought = [Needle(str(name).encode(), str(name)) for name in names]
    assert leaks(sought, {place: answer.content for place, answer in answers.items()}) == []


def test_every_operation_was_asked_and_most_refuse_a_stranger(answers):
    refused = [answer for answer in answers.values() if answer.status_code == httpx.codes.UNAUTHORIZED]
    assert len(refused) > len(answers) / 2


# What is sought would be found.


def test_the_papers_hold_what_the_demo_is_about(evening):
    told = json.dumps(evening.subjects)
    wanted = ("Kwaya University", "Thermal camera", '"GH"', "10080000", "OEL-2026-0041", "SEAL-7730", "DL-001")
    assert [word for word in wanted if word not in told] == []


@pytest.mark.parametrize("name", ["Kwaya University", "6A003.b.4.b", "OEL-2026-0041", "SEAL-7730"])
def test_a_text_is_found_in_any_encoding(in_bytes, name):
    shown = [name.encode(), name.encode().hex().encode(), urlsafe_b64encode(b"[1," + name.encode() + b"]")]
    assert all(leaks(in_bytes, {"place": b"..." + data + b"..."}) for data in shown)


def test_a_hash_without_salt_is_found(in_bytes, in_text):
    digest = sha256(b'"GH"').digest()
    assert leaks(in_bytes, {"chain": digest}) and leaks(in_text, {"log": digest.hex().encode()})  # noqa: PT018


def test_a_price_is_found_in_a_word_of_the_chain(in_bytes):
    assert leaks(in_bytes, {"chain": (10_080_000).to_bytes(32)})


def test_a_destination_is_found_in_an_answer(in_text):
    assert leaks(in_text, {"answer": b'{"destination":"GH"}'})


def test_a_database_is_read_to_its_last_row(tmp_path):
    with closing(sqlite3.connect(tmp_path / "a.sqlite")) as database:
        database.execute("CREATE TABLE t (x BLOB)")
        database.executemany("INSERT INTO t VALUES (?)", [(bytes(9000),), (b"Kwaya University" * 600,)])
        database.commit()
    assert re.search(rb"(Kwaya University){600}", content(tmp_path / "a.sqlite"))
