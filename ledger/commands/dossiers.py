"""`dossier`: one file with everything that a shipment rests on; `verify DOSSIER` judges it, and calls nobody.

The service makes the file and is believed nothing; documents that one may open are put in here, whole or in part.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ledger.acts.words import Word
from ledger.client import SERVICE, Client
from ledger.commands.acts import Service
from ledger.commands.answers import AsJson, answer, answering
from ledger.commands.disclosing import read_document
from ledger.commands.inputs import Key, PassphraseFile, contents, sign_in
from ledger.documents.credentials import Document
from ledger.errors import InvalidField, Unavailable
from ledger.ids import hex0x


def dossier(
    shipment: Annotated[str, typer.Argument(help="The shipment's record id, 0x and 64 hex digits.")],
    out: Annotated[Path, typer.Option(help="Where to write it.", dir_okay=False)],
    documents: Annotated[
        Path | None, typer.Option(help="A folder with documents to put in (*.json).", file_okay=False)
    ] = None,
    key: Key = None,
    passphrase_file: PassphraseFile = None,
    service: Service = SERVICE,
    as_json: AsJson = False,
) -> None:
    """Fetch a shipment's dossier: a file that proves or disproves its transfer chain offline."""
    with answering(as_json), Client(service) as client:
        from ledger.dossier.form import Dossier

        record = hex0x(bytes(Word.of("bytes32").from_json(shipment, "shipment")))
        sign_in(client, key, passphrase_file)
        found = Dossier.read(client.download(f"/v1/shipments/{record}/dossier"))
        papers = () if documents is None else read_documents(documents)
        found = replace(found, documents=tuple(sorted(papers, key=lambda one: one.commitment)))
        write(out, found.data)
        counts = {"entries": len(found.entries), "records": len(found.records), "documents": len(found.documents)}
        answer({"dossier": str(out), "size": found.last.seq, **counts}, as_json)


def verify_dossier(file: Path, trust: Path | None, witnesses: Path | None, page: Path | None, *, as_json: bool) -> int:
    """Judges the file and shows the report; the exit code. Raises InvalidField, Unavailable."""
    from ledger.chain.deployment import Deployment
    from ledger.dossier.form import Dossier
    from ledger.dossier.page import page as shown
    from ledger.dossier.policy import Policy
    from ledger.dossier.verifying import verify
    from ledger.report import show

    if trust is None:
        raise InvalidField("trust", "", "the trust root, a deployment.json that did not come with the dossier")
    found = Dossier.read(contents(file, "dossier"))
    policy = None if witnesses is None else Policy.load(witnesses)
    report = verify(found, Deployment.load(trust), policy)
    if page is not None:
        write(page, shown(report, _names(found.documents)).encode())
    if as_json:
        typer.echo(json.dumps(report.to_json()))
    else:
        Console().print(show(report), soft_wrap=True, end="")
    return report.exit_code


def read_documents(folder: Path) -> list[Document]:
    """The documents in the folder's files, by their names. Raises InvalidField."""
    if not folder.is_dir():
        raise InvalidField("documents", str(folder), "a folder")
    return [read_document(file) for file in sorted(folder.glob("*.json"))]


def write(file: Path, data: bytes) -> None:
    """Raises Unavailable."""
    try:
        file.write_bytes(data)
    except OSError as fault:
        raise Unavailable(f"{file} cannot be written: {fault.strerror}") from fault


def _names(documents: tuple[Document, ...]) -> Mapping[int, str]:
    """What the documents call the organizations that they number; a document that does not hold names nobody."""
    from ledger.documents.credentials import verify
    from ledger.errors import Refused

    found: dict[int, str] = {}
    for document in documents:
        try:
            subject = verify(document).subject
        except Refused:
            continue
        parties = [subject.get("exporter"), subject.get("endUser"), *_list(subject.get("parties"))]
        for party in parties:
            match party:
                case {"organization": int(number), "name": str(name)}:
                    found[number] = name
    return found


def _list(found: object) -> list[object]:
    return found if isinstance(found, list) else []
