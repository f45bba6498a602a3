"""`verify`: whether a shipment's history holds, read from the chain itself and never from the service."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ledger.acts.words import Word
from ledger.commands.answers import UNUSABLE, AsJson, answering
from ledger.commands.ledgers import Chain
from ledger.ids import RecordId


def verify(
    shipment: Annotated[str, typer.Option(help="The shipment's record id, 0x and 64 hex digits.")],
    ledger: Annotated[Path, typer.Option(help="The ledger's folder: trust root and chain.", file_okay=False)],
    chain: Chain = None,
    as_json: AsJson = False,
) -> None:
    """Check a shipment's whole history, check by numbered check, from the chain, which is only read."""
    with answering(as_json, refused=UNUSABLE):
        from ledger.opening import open_ledger
        from ledger.provenance import verify_shipment
        from ledger.report import show

        record = Word.of("bytes32").from_json(shipment, "shipment")
        with open_ledger(ledger, write=False, chain_url=chain) as opened:
            report = verify_shipment(opened.node, opened.deployment, RecordId(bytes(record)))
        if as_json:
            typer.echo(json.dumps(report.to_json()))
        else:
            Console().print(show(report), soft_wrap=True, end="")
        raise typer.Exit(report.exit_code)
