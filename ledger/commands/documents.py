"""`documents`: put, get and share sealed documents, and ask which are missing and who has read one.

Sealing and opening happen here, with keys that never leave this process; the service sees ciphertext.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ledger.acts.words import Json, Word
from ledger.client import SERVICE, Client
from ledger.commands.acts import Service
from ledger.commands.answers import AsJson, answer, answering
from ledger.commands.inputs import PassphraseFile, contents, passphrase
from ledger.documents.credentials import Document
from ledger.documents.keys import Keys
from ledger.ids import Commitment, hex0x

if TYPE_CHECKING:
    from ledger.sharing import Desk, Reader

app = typer.Typer(no_args_is_help=True, help="Sealed documents: only those entitled can open them.")
Key = Annotated[Path, typer.Option(help="The key file of who asks.", dir_okay=False)]
Which = Annotated[str, typer.Argument(metavar="COMMITMENT", help="0x and 64 hex digits.")]


@app.command()
def put(
    file: Annotated[Path, typer.Argument(help="The document: credential and disclosures, all of them.")],
    key: Key,
    passphrase_file: PassphraseFile = None,
    service: Service = SERVICE,
    as_json: AsJson = False,
) -> None:
    """Seal a document to your organization, have it kept, and share it with everybody else entitled by now.

    Before the act that commits to it nobody else is: run `documents share` after the act.
    """
    with answering(as_json), Client(service) as client:
        desk = _desk(client, key, passphrase_file)
        document = Document.read(contents(file, "file"))
        desk.put(document)
        shared = desk.share(document.commitment)
        archived = any(reader.archive for reader in desk.colleagues())
        found: dict[str, Json] = {"commitment": hex0x(document.commitment), "archived": archived}
        answer({**found, "sealedTo": [*map(_shown, desk.colleagues()), *map(_shown, shared)]}, as_json)


@app.command()
def get(
    commitment: Which,
    key: Key,
    passphrase_file: PassphraseFile = None,
    out: Annotated[Path | None, typer.Option(help="Write the document to this file.", dir_okay=False)] = None,
    service: Service = SERVICE,
    as_json: AsJson = False,
) -> None:
    """Fetch a document and open what you may read of it. The service records that you did."""
    with answering(as_json), Client(service) as client:
        document = _desk(client, key, passphrase_file).get(_commitment(commitment))
        if out is None:
            typer.echo(document.data.decode())
        else:
            out.write_bytes(document.data)
            answer({"commitment": commitment, "file": str(out)}, as_json)


@app.command()
def share(
    key: Key,
    commitment: Annotated[str | None, typer.Argument(help="Only this document; else all that you can open.")] = None,
    again: Annotated[bool, typer.Option("--again", help="Also to readers who have a key that opens nothing.")] = False,
    passphrase_file: PassphraseFile = None,
    service: Service = SERVICE,
    as_json: AsJson = False,
) -> None:
    """Seal documents that you can open to readers who lack a key: new parties, new colleagues, new keys."""
    with answering(as_json), Client(service) as client:
        desk = _desk(client, key, passphrase_file)
        which = list(desk.lacking()) if commitment is None else [_commitment(commitment)]
        shared: list[Json] = [
            {"commitment": hex0x(one), "sealedTo": [*map(_shown, readers)]}
            for one in which
            if (readers := desk.share(one, again=again))
        ]
        answer({"documents": len(shared), "items": shared}, as_json)


@app.command()
def missing(
    key: Key, passphrase_file: PassphraseFile = None, service: Service = SERVICE, as_json: AsJson = False
) -> None:
    """List what the ledger commits to and the vault does not have; put it again from your own copies."""
    _list("/v1/documents/missing", key, passphrase_file, service=service, as_json=as_json)


@app.command()
def reads(
    commitment: Which,
    key: Key,
    passphrase_file: PassphraseFile = None,
    service: Service = SERVICE,
    as_json: AsJson = False,
) -> None:
    """List who was given a document: all of it to its author's organization, to others their own reads."""
    path = f"/v1/documents/{hex0x(_commitment(commitment))}/reads"
    _list(path, key, passphrase_file, service=service, as_json=as_json)


def _list(path: str, key: Path, passphrase_file: Path | None, *, service: str, as_json: bool) -> None:
    with answering(as_json), Client(service) as client:
        client.sign_in(Keys.load(key, passphrase(passphrase_file)))
        items = list(client.listed(path))
        if as_json:
            typer.echo(json.dumps({"items": items}))
        else:
            answer({"items": len(items)}, as_json)
            for item in items:
                typer.echo("")
                answer(item, as_json)


def _desk(client: Client, key: Path, passphrase_file: Path | None) -> "Desk":
    from ledger.sharing import Desk

    keys = Keys.load(key, passphrase(passphrase_file))
    client.sign_in(keys)
    return Desk(client, keys)


def _commitment(text: str) -> Commitment:
    found = Word.of("bytes32").from_json(text, "commitment")
    return Commitment(found if isinstance(found, bytes) else b"")


def _shown(reader: "Reader") -> Json:
    return {"organization": reader.organization, "account": hex0x(reader.account), "sections": list(reader.sections)}
