"""`verify`: whether a shipment's history holds, read from the chain itself and never from the service.

Or whether a document holds: by itself, and with the ledger's folder also whether its author committed to it.
"""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ledger.acts.words import Word
from ledger.commands.answers import REFUSED, UNUSABLE, AsJson, answering
from ledger.commands.disclosing import read_document, verify_document
from ledger.commands.ledgers import Chain
from ledger.documents.credentials import Document
from ledger.errors import InvalidField
from ledger.ids import RecordId


def verify(
    shipment: Annotated[str | None, typer.Option(help="The shipment's record id, 0x and 64 hex digits.")] = None,
    ledger: Annotated[
        Path | None, typer.Option(help="The ledger's folder: trust root and chain.", file_okay=False)
    ] = None,
    document: Annotated[
        Path | None, typer.Option(help="A document's file, instead of a shipment.", dir_okay=False)
    ] = None,
    documents: Annotated[
        Path | None, typer.Option(help="A folder with documents of the shipment (*.json).", file_okay=False)
    ] = None,
    chain: Chain = None,
    as_json: AsJson = False,
) -> None:
    """Check a shipment's whole history, check by numbered check, from the chain, which is only read; or a document."""
    with answering(as_json, refused=UNUSABLE if document is None else REFUSED):
        if document is not None:
            raise typer.Exit(verify_document(document, ledger, chain, as_json=as_json))
        if shipment is None or ledger is None:
            raise InvalidField("verify", "", "--shipment and --ledger, or --document")
        from ledger.opening import open_ledger
        from ledger.provenance import verify_shipment
        from ledger.report import show

        papers = None if documents is None else _documents(documents)
        record = Word.of("bytes32").from_json(shipment, "shipment")
        with open_ledger(ledger, write=False, chain_url=chain) as opened:
            report = verify_shipment(opened.node, opened.deployment, RecordId(bytes(record)), papers)
        if as_json:
            typer.echo(json.dumps(report.to_json()))
        else:
            Console().print(show(report), soft_wrap=True, end="")
        raise typer.Exit(report.exit_code)


def _documents(folder: Path) -> list[Document]:
    """The documents in the folder's files, by their names. Raises InvalidField."""
    if not folder.is_dir():
        raise InvalidField("documents", str(folder), "a folder")
    return [read_document(file) for file in sorted(folder.glob("*.json"))]
