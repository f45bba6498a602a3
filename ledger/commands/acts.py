"""`prepare` and `submit`: from fields to typed data, from typed data to an entry in the journal.

The service prepares and relays; signing happens here, with a key that never leaves this process, over the digest that
is computed here from the very fields that are shown.
"""

import json
from pathlib import Path
from typing import Annotated

import typer

from ledger.acts.words import Json
from ledger.client import SERVICE, Client
from ledger.commands.answers import AsJson, answer, answering, flat, lines
from ledger.commands.certificate import warn_signer
from ledger.commands.inputs import Key, PassphraseFile, contents, passphrase, sign_in
from ledger.documents.canonical import JsonObject, parse_object
from ledger.documents.keys import Keys
from ledger.errors import InvalidField
from ledger.signing import act_of, typed_data_of
from ledger.signing import signed as signed_by

Service = Annotated[str, typer.Option(envvar="LICENSE_LEDGER_SERVICE", help="Address of the service.")]


def prepare(
    kind: Annotated[str, typer.Argument(help="The act's name: OfferHandoff.")],
    field: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="A field of the act; the value may be JSON.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write the typed data to this file.", dir_okay=False)] = None,
    key: Key = None,
    passphrase_file: PassphraseFile = None,
    service: Service = SERVICE,
    as_json: AsJson = False,
) -> None:
    """Have the service fill in record, parent and deadline; gives typed data to sign.

    All but AcceptAppointment need --key: an agent prepares on records that it may see, for itself or for another.
    """
    with answering(as_json), Client(service) as client:
        sign_in(client, key, passphrase_file)
        prepared = client.prepare(kind, dict(_field(given) for given in field or []))
        if out is not None:
            out.write_text(json.dumps(prepared, indent=2) + "\n", encoding="utf-8")
        if as_json or out is None:
            typer.echo(json.dumps(prepared, indent=None if as_json else 2))
        else:
            lines(plain(typed_data_of(prepared)))


def submit(
    file: Annotated[Path, typer.Argument(help="What `prepare` gave, or with --signed typed data and signature.")],
    key: Annotated[Path | None, typer.Option(help="The key file to sign with.", dir_okay=False)] = None,
    passphrase_file: PassphraseFile = None,
    signed: Annotated[bool, typer.Option("--signed", help="FILE holds a signed act.")] = False,
    document: Annotated[
        Path | None,
        typer.Option(help="The document that the act commits to; a certificate is checked.", dir_okay=False),
    ] = None,
    despite_findings: Annotated[
        bool, typer.Option("--despite-findings", help="Sign the certificate although findings are blocking.")
    ] = False,
    service: Service = SERVICE,
    as_json: AsJson = False,
) -> None:
    """Show the act, sign it with the key file, and bring it to the contracts."""
    with answering(as_json), Client(service) as client:
        found = parse_object(contents(file, "file"), file.name)
        typed_data = found if signed else typed_data_of(found)
        if not as_json:
            lines(plain(typed_data))
        if not signed:
            if key is None:
                raise InvalidField("key", "", "the key file to sign with, or --signed")
            warn_signer(act_of(typed_data), document, despite_findings)
            typed_data = signed_by(typed_data, Keys.load(key, passphrase(passphrase_file)))
        answer(client.submit(typed_data), as_json)


def plain(typed_data: JsonObject) -> list[tuple[str, str]]:
    """What a signer is about to say: the act's first sentence, then every field."""
    act = act_of(typed_data)
    sentence = (type(act).__doc__ or "").partition("\n")[0]
    return [(type(act).__name__, sentence), *flat("", act.to_json())]


def _field(given: str) -> tuple[str, Json]:
    """NAME=VALUE: the value as JSON where it is some, else as text."""
    name, equals, text = given.partition("=")
    if not name or not equals:
        raise InvalidField("field", given, "NAME=VALUE")
    try:
        # Numbers that are no integers go on as they were typed, for the service to refuse.
        return name, json.loads(text, parse_float=str, parse_constant=str)
    except ValueError:
        return name, text
