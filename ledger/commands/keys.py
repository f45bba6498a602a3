"""`keys`: the encrypted file that holds an agent's keys: made, shown, exchanged for fresh ones."""

from pathlib import Path
from typing import Annotated

import typer

from ledger.acts.words import Json
from ledger.client import SERVICE, Client
from ledger.commands.acts import Service
from ledger.commands.answers import AsJson, answer, answering
from ledger.commands.inputs import PassphraseFile, passphrase
from ledger.documents.canonical import JsonObject, canonical_bytes
from ledger.documents.keys import Keys, PublicPart, public_part
from ledger.errors import InvalidField, Refused, Unavailable
from ledger.ids import hex0x
from ledger.signing import signed, typed_data_of

app = typer.Typer(no_args_is_help=True, help="Key files: an agent's keys, encrypted under a passphrase.")


@app.command()
def new(
    file: Annotated[Path, typer.Argument(help="The key file to write; an existing one is never overwritten.")],
    passphrase_file: PassphraseFile = None,
    as_json: AsJson = False,
) -> None:
    """Make fresh keys and keep them in FILE, readable by its owner only."""
    with answering(as_json):
        keys = Keys.generate()
        keys.save(file, passphrase(passphrase_file, new=True))
        answer(_shown(keys.public), as_json)


@app.command(name="show")
def show_keys(
    file: Annotated[Path, typer.Argument(help="A key file.")],
    as_json: AsJson = False,
) -> None:
    """Show the public part of FILE as it is written there, without opening it."""
    with answering(as_json):
        answer(_shown(public_part(file)), as_json)


@app.command()
def export_public(
    file: Annotated[Path, typer.Argument(help="A key file.")],
    passphrase_file: PassphraseFile = None,
    out: Annotated[Path | None, typer.Option(help="Write it to this file.", dir_okay=False)] = None,
    as_json: AsJson = False,
) -> None:
    """Open FILE and write what an administrator needs to appoint its owner: one JSON object, nothing secret in it."""
    with answering(as_json):
        public = canonical_bytes(_shown(Keys.load(file, passphrase(passphrase_file)).public)) + b"\n"
        if out is None:
            typer.echo(public, nl=False)
            return
        try:
            out.write_bytes(public)
        except OSError as fault:
            raise Unavailable(f"{out} could not be written: {fault}") from fault
        answer({"file": str(out)}, as_json)


@app.command()
def rotate(
    file: Annotated[Path, typer.Argument(help="The key file of an active agent; it stays as it is.")],
    out: Annotated[Path, typer.Option(help="The new key file; run again, its keys are used.", dir_okay=False)],
    passphrase_file: PassphraseFile = None,
    service: Service = SERVICE,
    as_json: AsJson = False,
) -> None:
    """Exchange the document keys of FILE's agent: a new key file under the same passphrase, then the act.

    The new file opens what was sealed to the old keys too. Run `documents share` with it afterwards; then FILE is not
    needed any more. The account stays: one that somebody else may have ends by DismissAgent.
    """
    with answering(as_json), Client(service) as client:
        secret = passphrase(passphrase_file)
        keys = Keys.load(file, secret)
        fresh = _fresh(keys, out, secret)
        # Nothing on the ledger names keys that are not on disk.
        client.sign_in(keys)
        answer({**_shown(fresh.public), "file": str(out), **_rotated(client, fresh)}, as_json)


def _fresh(keys: Keys, out: Path, secret: str) -> Keys:
    """The keys to rotate to, which `out` holds on return. Raises InvalidField, Refused, Unavailable."""
    try:
        fresh = Keys.load(out, secret)
    except Refused as refused:
        if refused.name != "KeyFileUnknown":
            raise
        fresh = keys.rotated()
        fresh.save(out, secret)
    if fresh.address != keys.address or not set(keys.recipients) < set(fresh.recipients):
        raise InvalidField("out", str(out), "no file, or a rotation of these keys")
    return fresh


def _rotated(client: Client, fresh: Keys) -> JsonObject:
    """The entry of the act; None where the ledger has the keys already. Raises Refused, Unavailable."""
    public = _shown(fresh.public)
    for agent in client.listed("/v1/agents", account=hex0x(fresh.address), status="active"):
        if (agent["ed25519"], agent["x25519"]) == (public["ed25519"], public["x25519"]):
            return {"seq": None, "repeated": True}
        fields: dict[str, Json] = {name: agent[name] for name in ("organization", "record")}
        fields |= {name: public[name] for name in ("ed25519", "x25519")}
        prepared = client.prepare("RotateAgentKeys", fields)
        entered = client.submit(signed(typed_data_of(prepared), fresh))
        return {name: entered[name] for name in ("seq", "repeated")}
    raise Unavailable("the service does not show the agent of these keys")


def _shown(public: PublicPart) -> JsonObject:
    return {
        "account": hex0x(public.address),
        "ed25519": hex0x(public.ed25519),
        "x25519": hex0x(public.x25519),
    }
