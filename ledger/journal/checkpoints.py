"""Checkpoints: what a log says of its tree, as the text of a signed note.

Three lines and no more: origin, size, root. What a reader needs besides (times, block numbers) stands in entries.
Source: C2SP tlog-checkpoint v1.0.0.
"""

import base64
from dataclasses import dataclass

from ledger.errors import InvalidField, Refused
from ledger.ids import Address, hex0x
from ledger.journal.merkle import EMPTY_ROOT, MOST_LEAVES
from ledger.journal.notes import Note, Signer, VerifierKey, decode_base64, parse_note


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The root of a log's tree at one size."""

    origin: str
    size: int
    """Leaves: entries of the journal."""
    root: bytes

    def text(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    def signed(self, signer: Signer) -> Note:
        """The checkpoint with the log's signature."""
        return Note(self.text(), (signer.sign(self.text()),))


def origin_of(chain_id: int, journal: Address) -> str:
    """The origin of the journal's log, and the name of its key."""
    return f"license-ledger/{chain_id}/{hex0x(journal)}"


def parse_checkpoint(text: str) -> Checkpoint:
    """The checkpoint of a note's text. Raises InvalidField."""
    lines = text.split("\n")
    if len(lines) != 4 or lines[3] or not lines[0]:
        raise InvalidField("checkpoint", text, "three lines: origin, size, root")
    root = decode_base64(lines[2], "checkpoint")
    size = parse_size(lines[1], "checkpoint")
    if len(root) != 32:
        raise InvalidField("checkpoint", lines[2], "a root of 32 bytes")
    return Checkpoint(lines[0], size, root)


def parse_size(text: str, field: str) -> int:
    """A size as decimal. Raises InvalidField."""
    bound = f"a decimal number from 0 to {MOST_LEAVES}, without leading zeros"
    if not (text.isascii() and text.isdigit() and len(text) <= 19) or (text[0] == "0" and text != "0"):
        raise InvalidField(field, text, bound)
    if int(text) > MOST_LEAVES:
        raise InvalidField(field, text, bound)
    return int(text)


def open_checkpoint(note: Note | bytes | str, log: VerifierKey) -> Checkpoint:
    """The checkpoint of a note that the log has signed.

    Raises:
        InvalidField: it cannot be read, or is of another origin than the key's name.
        Refused: NoteUnsigned, the log's signature is not on it; NoteSignatureInvalid.
    """
    found = note if isinstance(note, Note) else parse_note(note)
    checkpoint = parse_checkpoint(found.text)
    if checkpoint.origin != log.name:
        raise InvalidField("checkpoint", checkpoint.origin, f"of the origin {log.name}")
    signature = log.find(found)
    if signature is None:
        raise Refused("NoteUnsigned", {"name": log.name})
    log.check(found.text, signature)
    if checkpoint.size == 0 and checkpoint.root != EMPTY_ROOT:
        raise InvalidField("checkpoint", hex0x(checkpoint.root), "of no entries the hash of nothing")
    return checkpoint
