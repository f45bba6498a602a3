"""What the tests of the import share: a served ledger whose authority has its officers, and registers to import."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from api.importing.command import Files, run_import
from api.importing.summary import ImportSummary
from ledger.acts.organizations import AdoptPolicy
from ledger.chain.deployment import Deployment
from ledger.opening import create_ledger, open_ledger
from tests.api.office import AUTHORITY, Office, founders
from tests.api.serving import serving
from tests.api.signing_in import sign_in
from tests.scenario import TERMS, keys_of, salt_of

SAMPLE = Path("tests/data/sample_register.csv").read_bytes()
MAPPING = Path("tests/data/sample_register.toml").read_text("utf-8")
PASSPHRASE = "correct horse"
CHEAP = 2**10
"""Cost of the key files' scrypt: they protect nothing here."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The URL of a service over the ledger in `folder`."""
    with open_ledger(folder, write=True) as ledger, serving(ledger) as url:
        yield url


def settle(url: str, folder: Path) -> Office:
    """A founded ledger's authority, with its people, and policies for individual and temporary licenses.

    Its client asks as an auditor.
    """
    office = Office(httpx.Client(base_url=url, timeout=60), Deployment.load(folder / "deployment.json"))
    office.settle()
    office.send_all(
        [
            office.write(
                AdoptPolicy, "registrar", AUTHORITY, kind=4, replaces=0, terms=TERMS, control_list=salt_of("list")
            )
        ]
    )
    sign_in(office.client, "auditor")
    return office


def length(office: Office) -> int:
    """How many entries the journal has."""
    return int(office.client.get("/v1/journal/state").json()["entries"])


def found(folder: Path) -> None:
    create_ledger(folder, founders())


class Desk:
    """The files of an officer who imports one register from `folder`; each register has its own source."""

    def __init__(self, folder: Path, url: str, source: str) -> None:
        folder.mkdir()
        self.url = url
        self.files = Files(
            register=folder / "register.csv",
            mapping=folder / "mapping.toml",
            recorder=folder / "recorder.json",
            issuer=folder / "issuer.json",
            passphrases=folder / "passphrase",
            identity_key=folder / "identity.key",
            rejects=folder / "rejects.csv",
        )
        self.files.mapping.write_text(MAPPING.replace("sample-register", source), "utf-8")
        self.files.passphrases.write_text(PASSPHRASE + "\n")
        for person in ("recorder", "issuer"):
            keys_of(person).save(folder / f"{person}.json", PASSPHRASE, scrypt_n=CHEAP)

    def run(self, register: bytes = SAMPLE) -> ImportSummary:
        self.files.register.write_bytes(register)
        return run_import(self.files, self.url)

    def rejects(self) -> list[str]:
        return self.files.rejects.read_text("utf-8").splitlines()
