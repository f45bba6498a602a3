"""`verify`: whether a shipment's history holds, read from a dossier or the chain itself, never from the service.

Or whether a document holds: by itself, and with the ledger's folder also whether its author committed to it.
"""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ledger.acts.words import Word
from ledger.commands.answers import REFUSED, UNUSABLE, AsJson, answering
from ledger.commands.disclosing import verify_document
from ledger.commands.dossiers import read_documents, verify_dossier
from ledger.commands.ledgers import Chain
from ledger.errors import InvalidField
from ledger.ids import RecordId


def verify(
    dossier: Annotated[Path | None, typer.Argument(help="A dossier's file: judged offline.", dir_okay=False)] = None,
    trust: Annotated[Path | None, typer.Option(help="The trust root for a dossier.", dir_okay=False)] = None,
    witnesses: Annotated[
        Path | None, typer.Option(help="Your policy for a dossier: the log's key, witnesses, quorum.", dir_okay=False)
    ] = None,
    page: Annotated[
        Path | None, typer.Option(help="Where to write the report on a dossier as HTML.", dir_okay=False)
    ] = None,
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
    """Check a shipment's whole history, check by numbered check, in a dossier or on the chain; or a document."""
    with answering(as_json, refused=UNUSABLE if document is None else REFUSED):
        if dossier is not None:
            raise typer.Exit(verify_dossier(dossier, trust, witnesses, page, as_json=as_json))
        if document is not None:
            raise typer.Exit(verify_document(document, ledger, chain, as_json=as_json))
        if shipment is None or ledger is None:
            raise InvalidField("verify", "", "a dossier, --shipment and --ledger, or --document")
        raise typer.Exit(_verify_shipment(shipment, ledger, documents, chain, as_json=as_json))


def _verify_shipment(shipment: str, ledger: Path, documents: Path | None, chain: str | None, *, as_json: bool) -> int:
    from ledger.opening import open_ledger
    from ledger.provenance import verify_shipment
    from ledger.report import show

    papers = None if documents is None else read_documents(documents)
    record = Word.of("bytes32").from_json(shipment, "shipment")
    with open_ledger(ledger, write=False, chain_url=chain) as opened:
        report = verify_shipment(opened.node, opened.deployment, RecordId(bytes(record)), papers)
    if as_json:
        typer.echo(json.dumps(report.to_json()))
    else:
        Console().print(show(report), soft_wrap=True, end="")
    return report.exit_code
