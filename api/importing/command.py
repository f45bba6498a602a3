"""`license-ledger import`: one run over one register, from files and a service to a summary.

Order of work: mapping and register (a file that cannot be read stops here, nothing was sent) -> keys -> the ledger,
the authority, the identity key -> the rows -> the rejects file. Run again after any interruption, with the same
identity key, it completes and adds nothing twice.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from api.importing.acts import Desk, party_record
from api.importing.entering import Advance, Entering, current_policies, ensure_party
from api.importing.identity import create_key, read_key
from api.importing.mapping import RegisterMapping, parse_mapping
from api.importing.posting import Service
from api.importing.reading import Reject
from api.importing.rows import RegisterRow, read_register, summarize
from api.importing.summary import ImportSummary, write_rejects
from ledger.client import Client
from ledger.documents.keys import Keys
from ledger.errors import InvalidField, Refused
from ledger.ids import hex0x

SECONDS_FOR_AN_ANSWER = 300.0


@dataclass(frozen=True, slots=True)
class Files:
    """The files of an import. `passphrases`: the recorder's and the issuer's, a line each, or one line for both."""

    register: Path
    mapping: Path
    recorder: Path
    issuer: Path
    passphrases: Path
    identity_key: Path
    rejects: Path


def run_import(files: Files, service: str, *, console: Console | None = None) -> ImportSummary:
    """Take a register onto the ledger behind the URL `service`; progress is shown on `console` unless None.

    Raises:
        InvalidField: a file that cannot be used, an identity key that is not this register's, a key of nobody's
            agent, a kind of license without a policy.
        Refused: KeyFileUnknown, PassphraseWrong, or the contracts' own.
        Unavailable: the service or the disk does not answer; run it again.
    """
    if not files.rejects.parent.is_dir():
        raise InvalidField("rejects", files.rejects.name, "a file in a folder that exists")
    mapping = parse_mapping(_read(files.mapping, "mapping"))
    results = list(read_register(_read(files.register, "register"), mapping))
    rows = [result for result in results if isinstance(result, RegisterRow)]
    with Client(service, timeout=SECONDS_FOR_AN_ANSWER) as client:
        recorder, issuer = _keys(files)
        _sign_in(client, recorder)
        found = Service(client, recorder)
        desk = _desk(files, mapping, found, recorder=recorder, issuer=issuer)
        policies = current_policies(found, desk.authority, (row.kind for row in rows))
        party = ensure_party(desk, found)
        with _progress(console, len(rows)) as advance:
            entering = Entering(desk, found, party=party, policies=policies, advance=advance)
            started = time.monotonic()
            entering.run(rows)
            seconds = time.monotonic() - started
    rejects = [result for result in results if isinstance(result, Reject)] + entering.rejects
    write_rejects(files.rejects, rejects)
    gone = {reject.line for reject in rejects}
    counts = summarize([*rejects, *(row for row in rows if row.line not in gone)])
    return ImportSummary(counts, entering.entered, entering.completed, entering.already, seconds)


def _keys(files: Files) -> tuple[Keys, Keys]:
    """The recorder's and the issuer's."""
    first, *others = _passphrases(files.passphrases)
    return Keys.load(files.recorder, first), Keys.load(files.issuer, others[-1] if others else first)


def _sign_in(client: Client, recorder: Keys) -> None:
    """The register is compared with what the recorder may see: all of its authority's."""
    try:
        client.sign_in(recorder)
    except Refused as refused:
        if refused.name != "SignInRefused":
            raise
        raise InvalidField("key", hex0x(recorder.address), "the account of an authority's agent") from refused


def _desk(files: Files, mapping: RegisterMapping, service: Service, *, recorder: Keys, issuer: Keys) -> Desk:
    """Where this import writes. The identity key is made here, and only for a register that was never imported."""
    authority = service.organization_of(recorder.address)
    if authority is None:
        raise InvalidField("key", hex0x(recorder.address), "the account of an authority's agent")
    deployment = service.deployment()
    if not files.identity_key.exists():
        if service.party(party_record(deployment, authority, mapping.source)):
            bound = "the key of this register's first import; without it every license would be made again"
            raise InvalidField("identity_key", files.identity_key.name, bound)
        create_key(files.identity_key)
    return Desk(
        deployment=deployment,
        authority=authority,
        recorder=recorder,
        issuer=issuer,
        mapping=mapping,
        key=read_key(files.identity_key),
        clock=time.time,
    )


def _passphrases(path: Path) -> list[str]:
    try:
        return _read(path, "passphrases").decode().splitlines() or [""]
    except UnicodeDecodeError as error:
        raise InvalidField("passphrases", path.name, "text in UTF-8") from error


def _read(path: Path, field: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InvalidField(field, path.name, "a file that can be read") from error


@contextmanager
def _progress(console: Console | None, rows: int) -> Iterator[Advance]:
    """A bar over the rows that can be taken over; what advances it."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=console is None) as progress:
        task = progress.add_task("rows", total=rows)
        yield lambda more: progress.advance(task, more)
