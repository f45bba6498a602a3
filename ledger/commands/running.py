"""`serve` and `import`, whose work is done in the layer above, and `demo`.

That layer is found by the name of its module, as a console script is: nothing below it imports it.
"""

import contextlib
import importlib
import json
import re
import signal
import socket
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from ledger.client import SERVICE
from ledger.commands.acts import Service
from ledger.commands.answers import AsJson, answering
from ledger.commands.ledgers import Chain, Folder
from ledger.errors import InvalidField


def serve(
    folder: Folder,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on; 0: any that is free.", min=0, max=65535)] = 8000,
    url: Annotated[
        str | None, typer.Option(help="Where people reach it, if not where it listens: https://ledger.example.")
    ] = None,
    chain: Chain = None,
    vault: Annotated[
        str | None, typer.Option(help="SQLAlchemy URL of the database with the sealed documents; else in FOLDER.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Serve the ledger in FOLDER over HTTP until told to stop; it is the only process that writes it."""
    with answering(as_json):
        import uvicorn

        from ledger.opening import open_ledger

        public = None if url is None else _origin(url)
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with (
            contextlib.closing(socket.create_server((host, port), family=family)) as listening,
            open_ledger(folder, write=True, chain_url=chain, vault_url=vault) as ledger,
        ):
            here = f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}"
            app = importlib.import_module("api.app").create_app(ledger, public or here)
            for stop in (signal.SIGINT, signal.SIGTERM):
                # The server hands a signal on when it has ended; only an exception lets the relay finish its queue.
                signal.signal(stop, _ended)
            typer.echo(json.dumps({"url": here}) if as_json else f"License Ledger at {here}, described at {here}/docs")
            uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[listening])


def _origin(url: str) -> str:
    """scheme://authority, as browsers write it: what people sign in to."""
    if not re.fullmatch(r"https?://[a-z0-9.:\[\]-]+/?", url):
        raise InvalidField("url", url, "http or https, a host in lower case, and perhaps a port")
    return url.removesuffix("/")


def _ended(*_: object) -> None:
    sys.exit(0)


def demo(
    folder: Annotated[Path, typer.Argument(help="Where the demo's ledger and keys go; made anew.", file_okay=False)],
    register: Annotated[Path | None, typer.Option(help="A register to import at the end.", dir_okay=False)] = None,
    mapping: Annotated[Path | None, typer.Option(help="The register's mapping.", dir_okay=False)] = None,
    as_json: AsJson = False,
) -> None:
    """Play one export from application to delivery, then what must fail, and verify the chain of custody."""
    with answering(as_json):
        from ledger.demo.play import play

        imported = None if register is None or mapping is None else (register, mapping)
        report = play(folder, Console(stderr=as_json), imported)
        if as_json:
            typer.echo(json.dumps(report))


def import_register(
    register: Annotated[Path, typer.Argument(help="The register, a CSV file.", dir_okay=False)],
    mapping: Annotated[Path, typer.Option(help="How to read it: columns, formats, every decision.", dir_okay=False)],
    recorder_key: Annotated[Path, typer.Option(help="Key file of who records the licenses.", dir_okay=False)],
    issuer_key: Annotated[Path, typer.Option(help="Key file of who issues them: another officer.", dir_okay=False)],
    passphrase_file: Annotated[
        Path, typer.Option(help="The recorder's passphrase and the issuer's, a line each; or one for both.")
    ],
    identity_key: Annotated[Path, typer.Option(help="Keeps rows the same across runs; made by the first run.")],
    rejects: Annotated[Path, typer.Option(help="Where rows that cannot be taken over go, with the reason.")],
    service: Service = SERVICE,
    as_json: AsJson = False,
) -> None:
    """Take a register of licenses onto the ledger; run again, it completes and adds nothing twice."""
    with answering(as_json):
        importing: Any = importlib.import_module("api.importing.command")
        files = importing.Files(
            register=register,
            mapping=mapping,
            recorder=recorder_key,
            issuer=issuer_key,
            passphrases=passphrase_file,
            identity_key=identity_key,
            rejects=rejects,
        )
        console = None if as_json else Console()
        summary = importing.run_import(files, service, console=console)
        if console is None:
            typer.echo(json.dumps(summary.to_json()))
        else:
            console.print(summary)
