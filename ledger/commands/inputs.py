"""What a verb is given besides its options: files, and a passphrase from a file or from the terminal.

A passphrase is never a value of the command line: a shell keeps those.
"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from ledger.client import Client
from ledger.documents.keys import Keys
from ledger.errors import InvalidField

Key = Annotated[Path | None, typer.Option(help="The key file of who asks: opens a session.", dir_okay=False)]
PassphraseFile = Annotated[
    Path | None, typer.Option(help="Where the passphrase stands, on one line; asked for without it.", dir_okay=False)
]


def contents(file: Path, field: str) -> bytes:
    """What a file holds. Raises InvalidField."""
    try:
        return file.read_bytes()
    except OSError as fault:
        raise InvalidField(field, str(file), f"a file that can be read ({fault.strerror})") from fault


def passphrase(file: Path | None, *, new: bool = False) -> str:
    """The passphrase, from the file or asked for on the terminal; a new one twice. Raises InvalidField."""
    if file is not None:
        try:
            return contents(file, "passphraseFile").decode().removesuffix("\n").removesuffix("\r")
        except UnicodeDecodeError as fault:
            raise InvalidField("passphraseFile", str(file), "UTF-8 text") from fault
    if not sys.stdin.isatty():
        raise InvalidField("passphrase", "", "in --passphrase-file, or typed at a terminal")
    asked: str = typer.prompt("Passphrase", hide_input=True, confirmation_prompt=new, err=True)
    return asked


def sign_in(client: Client, key: Path | None, passphrase_file: Path | None) -> None:
    """Ask as the agent of the key file; without one as a stranger. Raises InvalidField, Refused."""
    if key is not None:
        client.sign_in(Keys.load(key, passphrase(passphrase_file)))
