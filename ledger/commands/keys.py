"""`keys new` and `keys show`: the encrypted file that holds an agent's three keys."""

from pathlib import Path
from typing import Annotated

import typer

from ledger.commands.answers import AsJson, answer, answering
from ledger.commands.inputs import PassphraseFile, passphrase
from ledger.documents.keys import Keys, PublicPart, public_part
from ledger.ids import hex0x

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
    """Show the public part of FILE: what an administrator needs to appoint its owner."""
    with answering(as_json):
        answer(_shown(public_part(file)), as_json)


def _shown(public: PublicPart) -> dict[str, str]:
    return {
        "account": hex0x(public.address),
        "ed25519": hex0x(public.ed25519),
        "x25519": hex0x(public.x25519),
    }
