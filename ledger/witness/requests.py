"""The body of a request to a witness: the size it signed last, a consistency proof from there, the new checkpoint.

Also the form of a file that goes to a witness without a network. Source: C2SP tlog-witness, add-checkpoint.
"""

import base64
from dataclasses import dataclass

from ledger.errors import InvalidField
from ledger.journal.checkpoints import parse_size
from ledger.journal.notes import Note, decode_base64, parse_note
from ledger.journal.proofs import MOST_HASHES


@dataclass(frozen=True, slots=True)
class Request:
    """A request for a cosignature."""

    old: int
    """Entries in the last checkpoint that the witness cosigned; 0: none."""
    path: tuple[bytes, ...]
    note: Note

    def __str__(self) -> str:
        hashes = "".join(f"{base64.b64encode(one).decode()}\n" for one in self.path)
        return f"old {self.old}\n{hashes}\n{self.note}"

    @classmethod
    def parse(cls, data: bytes) -> "Request":
        """Raises InvalidField."""
        head, blank, note = data.partition(b"\n\n")
        try:
            first, *hashes = head.decode("ascii").split("\n")
        except UnicodeDecodeError as fault:
            raise InvalidField("request", "…", "ASCII before the checkpoint") from fault
        if not blank or not first.startswith("old "):
            raise InvalidField("request", first, "old SIZE, a proof, an empty line, a checkpoint")
        if len(hashes) > MOST_HASHES:
            raise InvalidField("request", f"{len(hashes)} hashes", f"at most {MOST_HASHES}")
        path = tuple(_hash(one) for one in hashes)
        return cls(parse_size(first.removeprefix("old "), "request"), path, parse_note(note))


def _hash(line: str) -> bytes:
    found = decode_base64(line, "request")
    if len(found) != 32:
        raise InvalidField("request", line, "base64 of 32 bytes")
    return found
