"""`witness keys`, `witness run`, `witness cosign`: watching a ledger that somebody else runs."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ledger.client import Client
from ledger.commands.answers import REFUSED, AsJson, answer, answering
from ledger.commands.inputs import contents
from ledger.errors import InvalidField
from ledger.journal.notes import VerifierKey

if TYPE_CHECKING:
    from ledger.witness.cosigning import Contradiction, Source

app = typer.Typer(no_args_is_help=True, help="A witness: replays the journal on its own node and cosigns checkpoints.")
Folder = Annotated[Path, typer.Argument(help="The witness's own folder: key, memory, evidence.", file_okay=False)]
Log = Annotated[str, typer.Option(help="The vkey of the ledger's log, from a source that you trust.")]
Rpc = Annotated[str | None, typer.Option(help="Address of your own JSON-RPC node.")]
Ledger = Annotated[Path | None, typer.Option(help="A ledger's folder, or a copy: its embedded chain.", file_okay=False)]
Trust = Annotated[Path | None, typer.Option(help="The trust root; deployment.json in --ledger otherwise.")]


@app.command()
def keys(
    folder: Folder,
    name: Annotated[str | None, typer.Option(help="For a new witness: its name, as example.com/w1.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make a witness in FOLDER, or show the key of the one that is there."""
    with answering(as_json):
        from ledger.witness.running import create_witness, witness_key

        key = witness_key(folder).public if name is None else create_witness(folder, name)
        answer({"key": str(key)}, as_json)


@app.command()
def run(
    folder: Folder,
    log: Log,
    rpc: Rpc = None,
    ledger: Ledger = None,
    trust: Trust = None,
    listen: Annotated[str | None, typer.Option(help="HOST:PORT to answer requests at; port 0: any.")] = None,
    service: Annotated[str | None, typer.Option(help="The ledger's service, whose checkpoints it fetches too.")] = None,
    every: Annotated[float, typer.Option(help="Seconds between two looks at the node.", min=0.1)] = 5.0,
    as_json: AsJson = False,
) -> None:
    """Follow the ledger until told to stop.

    A journal that was rewritten or shortened, and a log that forks, end it with exit code 1 and an evidence file.
    """
    with answering(as_json):
        from ledger.witness.cosigning import Contradiction
        from ledger.witness.running import Run, open_witness

        key, stop = VerifierKey.parse(log), threading.Event()
        with _source(rpc, ledger, trust, live=True) as source, _stopped_by_signals(stop):
            witness = open_witness(folder, key, source, clock=time.time)

            def ready(address: tuple[str, int] | None) -> None:
                url = None if address is None else f"http://{address[0]}:{address[1]}"
                answer({"entries": source.replay.size, "url": url or ""}, as_json)

            asked = None if service is None else Client(service)
            running = Run(witness, key.name, _address(listen), lambda said: typer.echo(said, err=True), ready, asked)
            try:
                running.follow(every, stop)
            except Contradiction as contradiction:
                _end(folder, contradiction, as_json)


@app.command()
def cosign(
    folder: Folder,
    file: Annotated[Path, typer.Argument(help="A request: old size, consistency proof, checkpoint.", dir_okay=False)],
    log: Log,
    rpc: Rpc = None,
    ledger: Ledger = None,
    trust: Trust = None,
    as_json: AsJson = False,
) -> None:
    """Replay the ledger once, cosign the checkpoint in FILE, and show it with the signature: for a witness offline."""
    with answering(as_json):
        from ledger.witness.cosigning import Contradiction
        from ledger.witness.requests import Request
        from ledger.witness.running import open_witness

        request = Request.parse(contents(file, "file"))
        with _source(rpc, ledger, trust, live=False) as source:
            witness = open_witness(folder, VerifierKey.parse(log), source, clock=time.time)
            try:
                witness.follow()
                witness.add_checkpoint(request)
            except Contradiction as contradiction:
                _end(folder, contradiction, as_json)
        typer.echo(json.dumps({"checkpoint": str(witness.newest)}) if as_json else str(witness.newest), nl=as_json)


@contextmanager
def _source(rpc: str | None, ledger: Path | None, trust: Path | None, *, live: bool) -> "Iterator[Source]":
    from ledger.chain.deployment import Deployment
    from ledger.chain.embedded import EmbeddedChain
    from ledger.chain.node import Node
    from ledger.witness.following import Following

    root = trust or (ledger and ledger / "deployment.json")
    if (rpc is None) == (ledger is None) or root is None:
        raise InvalidField("rpc", rpc or "", "either --rpc with --trust, or --ledger")
    deployment = Deployment.load(root)
    if rpc is not None:
        yield Following(Node.connect(rpc), deployment, live=live)
    elif ledger is not None:
        with closing(EmbeddedChain(ledger / "chain.sqlite", mode="read")) as chain:
            yield Following(Node.embedded(chain), deployment, live=live)


@contextmanager
def _stopped_by_signals(stop: threading.Event) -> Iterator[None]:
    import signal

    before = {one: signal.signal(one, lambda *_: stop.set()) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _address(listen: str | None) -> tuple[str, int] | None:
    if listen is None:
        return None
    host, _, port = listen.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        raise InvalidField("listen", listen, "HOST:PORT")
    return host, int(port)


def _end(folder: Path, contradiction: "Contradiction", as_json: bool) -> None:
    from ledger.witness.running import keep_evidence

    path = keep_evidence(folder, contradiction, time=int(time.time()))
    typer.echo(f"EVIDENCE: {contradiction.reason}. Both checkpoints are in {path}.", err=True)
    if as_json:
        typer.echo(json.dumps({"error": contradiction.name, "detail": contradiction.reason, "evidence": str(path)}))
    raise typer.Exit(REFUSED) from contradiction
