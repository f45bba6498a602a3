"""`disclose`: a document that shows chosen fields and proves them; `verify --document` tells what one shows.

Reads and writes files and asks no service. Whose account and key these are, and which act commits to the document, only
a ledger says: without its folder a document holds by itself, and no more.
"""

import json
from pathlib import Path
from typing import Annotated

import typer

from ledger.commands.answers import REFUSED, AsJson, answer, answering, flat, lines
from ledger.documents.canonical import MAX_BYTES, Json, JsonObject
from ledger.documents.credentials import Document, Secured, select, verify
from ledger.documents.kinds import read_subject
from ledger.errors import InvalidField, Unavailable
from ledger.ids import hex0x


def disclose(
    document: Annotated[Path, typer.Argument(help="The document's file.", dir_okay=False)],
    field: Annotated[
        list[str], typer.Option(help="A field to show, as RFC 6901 writes it: /lines/0/quantity. Repeatable.")
    ],
    out: Annotated[
        Path | None, typer.Option(help="Where to write the result; without it, to standard output.", dir_okay=False)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a document that shows only chosen fields, each with all that is inside it, under the same proof."""
    with answering(as_json):
        chosen = select(read_document(document), field)
        told = shown(verify(chosen))
        if out is None:
            typer.echo(chosen.data)
            return
        try:
            out.write_bytes(chosen.data)
        except OSError as error:
            raise Unavailable(f"{out} could not be written: {error}") from error
        answer({"document": str(out), "shown": told["shown"], "withheld": told["withheld"]}, as_json)


def verify_document(file: Path, ledger: Path | None, chain: str | None, *, as_json: bool) -> int:
    """Say who signed the document in `file`, what it shows, and by which acts its author committed to it; exit code.

    Raises:
        InvalidField; Refused: ProofInvalid; Unavailable.
    """
    secured = verify(read_document(file))
    told = shown(secured)
    acts = None if ledger is None else _acts(secured, ledger, chain)
    if as_json:
        typer.echo(json.dumps(told if acts is None else {**told, "acts": acts}))
    else:
        lines([(name, str(told[name])) for name in ("kind", "author", "chainId", "ed25519", "commitment")])
        typer.echo("Shown:")
        lines([(name, "(withheld)" if value == "null" else value) for name, value in flat("", told["shown"])])
        rest = "The rest is withheld." if told["withheld"] else "Nothing is withheld."
        typer.echo(f"The proof holds. {rest} {_counts(acts)}")
    return 0 if acts is None or any(act["counts"] for act in acts) else REFUSED


def _acts(secured: Secured, ledger: Path, chain: str | None) -> list[dict[str, Json]]:
    from ledger.authorship import committed
    from ledger.opening import open_ledger

    with open_ledger(ledger, write=False, chain_url=chain) as opened:
        return [act.to_json() for act in committed(secured, opened.read_model)]


def _counts(acts: list[dict[str, Json]] | None) -> str:
    if acts is None:
        return "Whose key this is, and which act commits to the document, the ledger says."
    if not acts:
        return "On this ledger its author committed to it nowhere."
    return f"Its author committed to it by {', '.join(_told(act) for act in acts)}."


def _told(act: dict[str, Json]) -> str:
    wrong = "" if act["ownKey"] else ", but the proof's key was not the author's then"
    wrong += "" if act["fits"] else ", but that act takes no document of this kind"
    return f"entry {act['seq']}, {act['act']}{wrong}"


def shown(secured: Secured) -> JsonObject:
    """What a document that holds says of itself and its subject. Raises InvalidField: not the fields of its kind."""
    if secured.complete:
        read_subject(secured.kind, secured.subject)
    return {
        "kind": secured.kind,
        "author": hex0x(secured.issuer),
        "chainId": secured.chain_id,
        "ed25519": hex0x(secured.ed25519_public),
        "commitment": hex0x(secured.commitment),
        "shown": secured.subject,
        "withheld": not secured.complete,
    }


def read_document(file: Path) -> Document:
    """The document in a file, of which no more is read than a document can have. Raises InvalidField."""
    try:
        with file.open("rb") as opened:
            return Document.read(opened.read(MAX_BYTES + 1))
    except OSError as fault:
        raise InvalidField("document", str(file), f"a file that can be read ({fault.strerror})") from fault
