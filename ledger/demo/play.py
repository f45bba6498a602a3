"""The whole demo: a new ledger, its service on a free port, the story, and the verdict on the chain of custody.

The folder is made anew and holds afterwards: ledger/ (what `serve` and `verify` take), keys/ (everybody's key file)
and passphrase.txt. The passphrase lies beside the keys: they are worth nothing outside this demo.
"""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_urlsafe

from rich.console import Console
from rich.table import Table

from ledger.chain.deployment import Appointee, Deployment
from ledger.config import founding
from ledger.demo import onward, papers, refusals, secrecy, story
from ledger.demo.people import CUSTOMS, OFFICE, Person, cast
from ledger.demo.stage import Stage
from ledger.documents.canonical import JsonObject
from ledger.errors import Unavailable
from ledger.founding import found_ledger
from ledger.ids import RecordId
from ledger.opening import open_ledger
from ledger.provenance import Report, verify_shipment
from ledger.report import show

_SCRYPT_N = 2**14
"""Lighter than the default: nineteen key files, and the passphrase lies beside them."""


def play(folder: Path, console: Console, register: tuple[Path, Path] | None = None) -> JsonObject:
    """Plays the demo in `folder`; `register` (CSV and mapping) is imported at the end. Gives the report as JSON.

    Raises:
        DemoFailed: the ledger did something else than the story says.
        Refused, Unavailable: where nothing of that kind belongs.
    """
    started = time.monotonic()
    people = cast()
    ledger = folder / "ledger"
    _clear(folder)
    console.print("[bold]A new ledger[/] on an embedded chain; a key for every person")
    deployment = _found(ledger, people)
    _keep_keys(folder, people)
    with _service(ledger) as url, Stage(url, people, deployment, console=console) as stage:
        console.print(f"  the service answers at {url}")
        arrived, *others = _story(stage)
        if register is not None:
            _import(folder, register, url, console)
    console.print("\n[bold]Verified from the chain, without the service[/]")
    report = _verified(ledger, arrived)
    console.print(show(report), soft_wrap=True)
    passed_on, short, frozen = others
    console.print(show(_verified(ledger, passed_on)), soft_wrap=True)
    console.print(show(_verified(ledger, short), in_doubt=True), soft_wrap=True)
    console.print(show(_verified(ledger, frozen), in_doubt=True), soft_wrap=True, end="")
    command = sys.argv[0] if Path(sys.argv[0]).name == "license-ledger" else "license-ledger"
    console.print(f"\n{time.monotonic() - started:.0f} s. The ledger stays; look again, or go on with it:")
    console.print(f"  {command} verify --shipment {arrived} --ledger {ledger}", soft_wrap=True)
    console.print(f"  {command} serve {ledger}", soft_wrap=True)
    return report.to_json()


def _story(stage: Stage) -> list[str]:
    """Everything that people do; four shipments: arrived, passed on of it, one short, one frozen."""
    story.join(stage)
    stage.chapter("A license")
    told = "issues the license: 12 cameras, EUR 100,800"
    license_record = story.license_goods(stage, story.FIRST_LICENSE, told)
    stage.chapter("A shipment: Delft, Rotterdam, Accra, Kumasi")
    shipment = story.register(stage, license_record, papers.FIRST, "SEAL-7730")
    refusals.overdraw(stage, license_record)
    clearance = story.clear(stage, shipment)
    leaving = story.departure(stage, shipment)
    stage.act("Noor Peters", "DepartShipment", f"records the departure, seen by {CUSTOMS.name} (grade A)", **leaving)
    refusals.not_the_holder(stage, shipment)
    refusals.replayed(stage, clearance)
    story.handed(stage, shipment, "Jan de Boer", "Lotte Dekker")
    arrived, short = onward.two_flights(stage, shipment)
    passed_on = onward.passed_on(stage, arrived)
    secrecy.show(stage, license_record)
    frozen = refusals.second_shipment(stage, license_record)
    return [arrived.record, passed_on, short.record, frozen.record]


def _verified(ledger: Path, shipment: str) -> Report:
    """The verdict, from the chain's file alone."""
    with open_ledger(ledger, write=False) as opened:
        return verify_shipment(opened.node, opened.deployment, RecordId(bytes.fromhex(shipment[2:])))


def _clear(folder: Path) -> None:
    """An earlier demo is thrown away; a folder with anything else in it is left alone."""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / "passphrase.txt").exists():
            raise Unavailable(f"{folder} holds something else than a demo")
        shutil.rmtree(folder)
    (folder / "keys").mkdir(parents=True)


def _found(ledger: Path, people: dict[str, Person]) -> Deployment:
    officers = (person for person in people.values() if person.works_for is OFFICE)
    agents = tuple(Appointee(person.keys.address, person.powers) for person in officers)
    return found_ledger(ledger, [founding(OFFICE.name, OFFICE.country, agents)])


def _keep_keys(folder: Path, people: dict[str, Person]) -> None:
    passphrase = token_urlsafe(16)
    (folder / "passphrase.txt").write_text(passphrase + "\n")
    for person in people.values():
        person.keys.save(folder / "keys" / person.file_name, passphrase, scrypt_n=_SCRYPT_N)


@contextmanager
def _service(ledger: Path) -> Iterator[str]:
    """`license-ledger serve` in a process of its own; its URL."""
    command = [sys.executable, "-m", "ledger.cli", "serve", str(ledger), "--port", "0", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  # our own command line
        try:
            line = process.stdout.readline() if process.stdout else ""
            if not line:
                raise Unavailable("the service did not start")
            yield json.loads(line)["url"]
        finally:
            process.terminate()


def _import(folder: Path, register: tuple[Path, Path], url: str, console: Console) -> None:
    """`license-ledger import` of a small register, as an officer would call it."""
    console.print(f"\n[bold]A register from elsewhere[/]: {register[0].name}")
    options: dict[str, Path | str] = {
        "--mapping": register[1],
        "--recorder-key": folder / "keys" / "hugo-kramer.json",
        "--issuer-key": folder / "keys" / "eva-de-wit.json",
        "--passphrase-file": folder / "passphrase.txt",
        "--identity-key": folder / "keys" / "register.key",
        "--rejects": folder / "rejects.csv",
        "--service": url,
    }
    given = [str(part) for option in options.items() for part in option]
    command = [sys.executable, "-m", "ledger.cli", "import", str(register[0]), *given, "--json"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603  # our own command line
    if done.returncode != 0:
        raise Unavailable(f"the import ended with {done.returncode}: {done.stderr.strip()}")
    found = json.loads(done.stdout)
    table = Table("Rows of the register", "", box=None, pad_edge=True)
    table.add_row("recorded by Hugo Kramer, issued by Eva de Wit", str(found["entered"]))
    for reject in found["rejected"]:
        table.add_row(f"rejected: {reject['field']}: {reject['reason']}", str(reject["rows"]))
    console.print(table)
