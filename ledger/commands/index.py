"""`index`: search the documents that one may open, in a file of one's own.

`rebuild` asks the service and opens with keys that never leave this process; `search` reads the file alone.
"""

import json
from pathlib import Path
from typing import Annotated

import typer

from ledger.client import SERVICE, Client
from ledger.commands.acts import Service
from ledger.commands.answers import AsJson, answer, answering, flat, lines
from ledger.commands.inputs import PassphraseFile, passphrase
from ledger.documents.keys import Keys
from ledger.errors import InvalidField
from ledger.ids import hex0x

app = typer.Typer(no_args_is_help=True, help="A private index of the documents that you may open.")


@app.command()
def rebuild(
    key: Annotated[Path, typer.Option(help="The key file of an agent, or of an archive.", dir_okay=False)],
    out: Annotated[Path, typer.Option(help="The index; made where there is none, else brought up to date.")],
    passphrase_file: PassphraseFile = None,
    service: Service = SERVICE,
    as_json: AsJson = False,
) -> None:
    """Fetch and open what is new in the vault for this key, and index it. The file is in the clear: it is for you."""
    with answering(as_json), Client(service) as client:
        from ledger.private_index.rebuilding import rebuild
        from ledger.private_index.store import Index
        from ledger.sharing import Desk

        keys = Keys.load(key, passphrase(passphrase_file))
        organization = client.sign_in(keys).get("organization")
        desk = Desk(client, keys)
        at = f"chain {desk.deployment.chain_id}, journal {hex0x(desk.deployment.address('Journal'))}"
        with Index(out, owner=f"organization {organization}, {at}") as index:
            done = rebuild(desk, index)
        counts = {"documents": done.documents, "added": done.added, "removed": done.removed}
        answer({"index": str(out), **counts, "unreadable": [hex0x(one) for one in done.unreadable]}, as_json)


@app.command()
def search(
    index: Annotated[Path, typer.Argument(help="What `index rebuild` wrote.", dir_okay=False)],
    words: Annotated[list[str] | None, typer.Argument(help="All of them stand in the document.")] = None,
    country: Annotated[str | None, typer.Option(help="ISO 3166-1 code of a country that it names: NG.")] = None,
    kind: Annotated[str | None, typer.Option(help="Kind of document: Application.")] = None,
    code: Annotated[str | None, typer.Option(help="Entry of a control list, or one above it: 6A003.")] = None,
    as_json: AsJson = False,
) -> None:
    """Find documents by whole words, without case and accents. Nothing is asked of any service."""
    with answering(as_json):
        from ledger.documents.code_lists import COUNTRIES
        from ledger.documents.kinds import KINDS
        from ledger.private_index.store import Index

        if country is not None and country not in COUNTRIES:
            raise InvalidField("country", country, "an ISO 3166-1 code of two letters")
        if kind is not None and kind not in KINDS:
            raise InvalidField("kind", kind, f"one of {', '.join(KINDS)}")
        with Index(index) as opened:
            found = [one.to_json() for one in opened.search(words or [], country=country, kind=kind, code=code)]
        if as_json:
            typer.echo(json.dumps({"items": found}))
            return
        typer.echo(f"{len(found)} documents")
        for one in found:
            typer.echo("")
            lines([*flat("", one)])
