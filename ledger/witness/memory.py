"""What a witness must never forget: the last checkpoint that it cosigned. One small file, whole after every crash.

The file is made with the witness's key; a witness whose file is gone does not sign until its operator decides.
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path

from ledger import disk
from ledger.errors import InvalidField, Unavailable
from ledger.ids import Time
from ledger.journal.checkpoints import Checkpoint, parse_checkpoint
from ledger.journal.merkle import EMPTY_ROOT
from ledger.journal.notes import Note, parse_note

_MEMBERS = {"checkpoint", "cosignedAt", "seenSize"}


@dataclass(frozen=True, slots=True)
class Memory:
    """What the file holds."""

    path: Path
    note: Note | None
    """With the log's signature and the witness's; None before the first."""
    cosigned_at: Time
    """0 before the first."""
    seen: int
    """Entries that the witness's own node showed then; 0 where it had none at hand."""

    @property
    def checkpoint(self) -> Checkpoint:
        """The last one that was cosigned; that of no entries before the first."""
        return Checkpoint("", 0, EMPTY_ROOT) if self.note is None else parse_checkpoint(self.note.text)

    def kept(self, note: Note, time: Time, seen: int) -> "Memory":
        """The memory after a cosignature, on disk when this returns. Raises Unavailable."""
        found = replace(self, note=note, cosigned_at=time, seen=seen)
        members = {"checkpoint": str(note), "cosignedAt": time, "seenSize": seen}
        try:
            disk.replace(self.path, json.dumps(members, indent=1) + "\n", mode=0o600)
        except OSError as fault:
            raise Unavailable(f"{self.path.name} cannot be written: {fault}") from fault
        return found

    @classmethod
    def create(cls, path: Path) -> None:
        """The file of a witness that has signed nothing. Raises OSError."""
        members = {"checkpoint": None, "cosignedAt": 0, "seenSize": 0}
        disk.create(path, json.dumps(members, indent=1) + "\n", mode=0o600)

    @classmethod
    def load(cls, path: Path) -> "Memory":
        """Raises InvalidField: the file is not what was written; Unavailable: it is not there."""
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except OSError as fault:
            raise Unavailable(f"{path.name} cannot be read: what this witness signed last is not known") from fault
        except ValueError as fault:
            raise InvalidField("memory", path.name, "the JSON that this witness wrote") from fault
        if not isinstance(found, dict) or found.keys() != _MEMBERS:
            raise InvalidField("memory", path.name, f"an object with {', '.join(sorted(_MEMBERS))}")
        text, time, seen = found["checkpoint"], found["cosignedAt"], found["seenSize"]
        if type(time) is not int or type(seen) is not int or not isinstance(text, str | None):
            raise InvalidField("memory", path.name, "a note, a time and a size")
        return cls(path, None if text is None else parse_note(text), Time(time), seen)
