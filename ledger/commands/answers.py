"""How a verb answers: in words or as JSON, and with which exit code.

0 done, or all holds; 1 refused, disproven or questioned; 2 the input is unusable; 3 something does not answer. An error
is one line on standard error, with --json also an object on standard output. Decides nothing.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated

import typer

from ledger.acts.words import Json
from ledger.client import ServiceRefused
from ledger.errors import Refused, Unavailable, show
from ledger.sentences import sentence

REFUSED, UNUSABLE, UNAVAILABLE = 1, 2, 3
_HERE = {
    "KeyFileUnknown": "There is no key file {path}.",
    "KeyFileExists": "{path} is there already, and a key file is never overwritten.",
    "PassphraseWrong": "The passphrase does not open {path}, or the file was altered.",
    "KeyUnproven": "No act of {account} or of its administrator brought the key {x25519}.",
    "NotSealedToKey": "Nobody has sealed document {commitment} to {x25519} yet: who can open it can share it.",
    "EnvelopeAltered": "Section {section} of document {commitment}, or its key, is not what was sealed.",
    "FindingsBlock": "Under {profile} the certificate breaks {rules}; --despite-findings signs it all the same.",
}
"""Refusals that no service makes."""
_UNUSABLE = {"InvalidField", "NotJson", "BodyTooLarge", "KeyFileUnknown", "KeyFileExists", "PassphraseWrong"}
"""Refusals of what was given rather than of what was asked."""
_TIMES = {"time", "deadline", "occurredAt", "validFrom", "validUntil", "compromisedSince"}
_LAST_SECOND = 253_402_300_799
"""Of the year 9999; calendars end there."""

AsJson = Annotated[bool, typer.Option("--json", help="Answer with one JSON object.")]


@contextmanager
def answering(as_json: bool, *, refused: int = REFUSED) -> Iterator[None]:
    """Runs a verb: its errors become one line and an exit code, `refused` for a refusal."""
    try:
        yield
    except Refused as fault:
        code = UNUSABLE if fault.name in _UNUSABLE else refused
        said = _said(fault)
        typer.echo(f"{'Refused' if code == REFUSED else 'Unusable'}: {fault.name}. {said}", err=True)
        if as_json:
            values = {name: show(found) if isinstance(found, bytes) else found for name, found in fault.values.items()}
            typer.echo(json.dumps({**values, "error": fault.name, "detail": said}))
        raise typer.Exit(code) from fault
    except (Unavailable, OSError) as fault:
        typer.echo(f"Unavailable: {fault}", err=True)
        if as_json:
            typer.echo(json.dumps({"error": "Unavailable", "detail": str(fault)}))
        raise typer.Exit(UNAVAILABLE) from fault


def _said(refused: Refused) -> str:
    if isinstance(refused, ServiceRefused):
        return refused.detail
    own = _HERE.get(refused.name)
    if own is None:
        return sentence(refused)
    return own.format_map({name: show(found) for name, found in refused.values.items()})


def answer(found: Mapping[str, Json], as_json: bool) -> None:
    """What a verb found: one JSON object, or a line for each value."""
    if as_json:
        typer.echo(json.dumps(found))
    else:
        lines(list(flat("", dict(found))))


def flat(place: str, value: Json) -> Iterator[tuple[str, str]]:
    """Every value with its path, lines[0].unit; a time as a date too."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from flat(f"{place}.{name}" if place else name, item)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from flat(f"{place}[{index}]", item)
    elif place.rpartition(".")[2] in _TIMES and isinstance(value, int) and 0 < value <= _LAST_SECOND:
        yield place, f"{value} ({datetime.fromtimestamp(value, UTC):%Y-%m-%d %H:%M:%S} UTC)"
    else:
        yield place, value if isinstance(value, str) else json.dumps(value)


def lines(rows: Sequence[tuple[str, str]]) -> None:
    """Names and values, aligned, nothing cut: ids are there to be copied."""
    width = max((len(name) for name, _ in rows), default=0)
    for name, value in rows:
        typer.echo(f"  {name:{width}}  {value}")
