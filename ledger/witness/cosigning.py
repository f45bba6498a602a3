"""A witness: cosigns a checkpoint that extends its last one and is what it replayed itself, and remembers it first.

Order of the checks and their answers: C2SP tlog-witness, add-checkpoint. Beyond it the root must be the replayed one,
and times must be the clock's. Whatever goes wrong, nothing is signed; what the log signed against the journal, or a
journal that is no longer what was cosigned, is evidence, and ends the witness.
"""

import threading
from collections.abc import Callable
from typing import Protocol

from ledger.errors import Refused, Unavailable
from ledger.ids import Time
from ledger.journal.checkpoints import Checkpoint, parse_checkpoint
from ledger.journal.merkle import check_consistency
from ledger.journal.notes import Note, Signature, Signer, VerifierKey
from ledger.witness.memory import Memory
from ledger.witness.replay import Replay
from ledger.witness.requests import Request

LATER = 60
"""Seconds by which an entry may be ahead of the witness's clock."""
EARLIER = 60
"""Seconds by which an entry that nobody had seen may be before the last cosignature."""


class Source(Protocol):
    """Where the replay comes from: a node, or a copy of the chain."""

    @property
    def replay(self) -> Replay: ...

    def catch_up(self) -> None:
        """Replays what has become final. Raises Refused for a journal that is not honest, Unavailable."""

    def shown(self) -> int:
        """Entries in the journal now, final or not; 0: there is no now."""


class Contradiction(Refused):
    """The journal, or what the log signed of it, contradicts what was cosigned.

    `cosigned` is the last checkpoint that this witness cosigned; `other` what contradicts it: a checkpoint that the log
    signed, or the text of the one that the journal now gives.
    """

    def __init__(self, reason: str, cosigned: Note | None, other: str) -> None:
        super().__init__("JournalContradicted", {"reason": reason})
        self.reason, self.cosigned, self.other = reason, cosigned, other


class Witness:
    """One witness of one log. Safe to call from several threads."""

    def __init__(
        self, signer: Signer, log: VerifierKey, source: Source, *, memory: Memory, clock: Callable[[], float]
    ) -> None:
        self._signer, self._log, self._source = signer, log, source
        self._memory, self._clock = memory, clock
        self._guard = threading.Lock()
        self._over: Contradiction | None = None

    @property
    def newest(self) -> Note | None:
        """The last checkpoint that was cosigned, with both signatures."""
        return self._memory.note

    @property
    def size(self) -> int:
        """Entries in it; 0 before the first."""
        return self._memory.checkpoint.size

    def follow(self) -> None:
        """Replays what is new, and holds what was cosigned last against it.

        Raises:
            Contradiction: the journal was shortened or rewritten, or breaks the rules.
            Unavailable: the node does not answer.
        """
        with self._guard:
            self._follow()

    def add_checkpoint(self, request: Request) -> Signature:
        """The cosignature on the request's checkpoint.

        Raises:
            Refused: LogUnknown (404), NoteUnsigned, NoteSignatureInvalid (403), SizeInvalid (400), SizeConflict (409),
                ProofInvalid (422); ClockDisagrees (503).
            InvalidField: the checkpoint cannot be read (400).
            Contradiction: the log signed what the journal is not (422, and the end).
            Unavailable: the journal is not known that far, or the node or disk does not answer (503).
        """
        with self._guard:
            checkpoint = self._signed(request.note)
            last = self._memory.checkpoint
            if checkpoint.size > self._source.replay.size:
                self._follow()
            self._check_replayed(request.note, checkpoint)
            if request.old > checkpoint.size:
                raise Refused("SizeInvalid", {"old": request.old, "size": checkpoint.size})
            if request.old != last.size:
                raise Refused("SizeConflict", {"size": last.size})
            check_consistency((last.size, last.root), (checkpoint.size, checkpoint.root), request.path)
            if checkpoint.size > self._source.replay.size:
                raise Unavailable(f"the journal is replayed up to entry {self._source.replay.size} only")
            now = self._check_clock(last.size, checkpoint.size)
            found = self._signer.cosign(request.note.text, now)
            log = self._log.find(request.note)
            kept = Note(request.note.text, (*([] if log is None else [log]), found))
            self._memory = self._memory.kept(kept, now, self._source.shown())
            return found

    def _signed(self, note: Note) -> Checkpoint:
        if self._over is not None:
            raise self._over
        checkpoint = parse_checkpoint(note.text)
        if checkpoint.origin != self._log.name:
            raise Refused("LogUnknown", {"origin": checkpoint.origin})
        signature = self._log.find(note)
        if signature is None:
            raise Refused("NoteUnsigned", {"name": self._log.name})
        self._log.check(note.text, signature)
        return checkpoint

    def _follow(self) -> None:
        if self._over is not None:
            raise self._over
        try:
            self._source.catch_up()
        except Refused as refused:
            replay = self._source.replay
            now = Checkpoint(self._log.name, replay.size, replay.root_at(replay.size))
            raise self._ended(str(refused), now.text()) from refused
        replay, last = self._source.replay, self._memory.checkpoint
        if replay.size < last.size:
            now = Checkpoint(self._log.name, replay.size, replay.root_at(replay.size))
            raise self._ended(f"the journal has {replay.size} entries, {last.size} were cosigned", now.text())
        if replay.root_at(last.size) != last.root:
            now = Checkpoint(self._log.name, last.size, replay.root_at(last.size))
            raise self._ended("the journal was rewritten below the checkpoint that was cosigned", now.text())

    def _check_replayed(self, note: Note, checkpoint: Checkpoint) -> None:
        replay = self._source.replay
        last = self._memory.checkpoint
        if checkpoint.size == last.size and checkpoint.root != last.root:
            raise self._ended("the log signed two checkpoints of one size", str(note))
        if checkpoint.size <= replay.size and replay.root_at(checkpoint.size) != checkpoint.root:
            raise self._ended("the log signed a checkpoint of another journal", str(note))

    def _check_clock(self, old: int, size: int) -> Time:
        now, before = Time(int(self._clock())), self._memory.cosigned_at
        if now < before:
            raise Refused("ClockDisagrees", {"clock": now, "time": before})
        if size > old:
            _, latest = self._source.replay.times(old, size)
            if latest > now + LATER:
                raise Refused("ClockDisagrees", {"clock": now, "time": latest})
        unseen = max(old, self._memory.seen)
        if before and self._memory.seen and size > unseen:
            earliest, _ = self._source.replay.times(unseen, size)
            if earliest < before - EARLIER:
                raise Refused("ClockDisagrees", {"clock": now, "time": earliest})
        return now

    def _ended(self, reason: str, other: str) -> Contradiction:
        self._over = Contradiction(reason, self._memory.note, other)
        return self._over
