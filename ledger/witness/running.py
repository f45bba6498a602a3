"""A witness's folder, and running it: follow the node, answer requests, end loudly with the evidence.

witness.key        the key; owner only
memory.json        the last checkpoint that it cosigned
evidence-*.json    what ended it: both checkpoints
"""

import json
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from ledger import disk
from ledger.client import Client
from ledger.errors import InvalidField, Refused, Unavailable
from ledger.journal.notes import COSIGNATURE, Signer, VerifierKey
from ledger.witness.cosigning import Contradiction, Source, Witness
from ledger.witness.endpoint import Endpoint
from ledger.witness.memory import Memory
from ledger.witness.pulling import pull

_KEY, _MEMORY = "witness.key", "memory.json"


def create_witness(folder: Path, name: str) -> VerifierKey:
    """A new witness: key and empty memory in a folder of their own.

    Raises:
        InvalidField: the folder holds a witness, or no line can hold the name.
        Unavailable: the folder cannot be written.
    """
    signer = Signer.generate(name, COSIGNATURE)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        Memory.create(folder / _MEMORY)
        disk.create(folder / _KEY, signer.written() + "\n", mode=0o600)
    except FileExistsError as fault:
        raise InvalidField("folder", str(folder), "a folder without a witness") from fault
    except OSError as fault:
        raise Unavailable(f"the witness's folder cannot be written: {fault}") from fault
    return signer.public


def open_witness(folder: Path, log: VerifierKey, source: Source, *, clock: Callable[[], float]) -> Witness:
    """The witness in the folder, over a source.

    Raises:
        InvalidField: a file cannot be read.
        Refused: LogUnknown, it has cosigned another log.
        Unavailable: a file is not there.
    """
    memory = Memory.load(folder / _MEMORY)
    origin = memory.checkpoint.origin
    if memory.note is not None and origin != log.name:
        raise Refused("LogUnknown", {"origin": log.name})
    return Witness(witness_key(folder), log, source, memory=memory, clock=clock)


def witness_key(folder: Path) -> Signer:
    """The key of the witness in the folder. Raises InvalidField, Unavailable."""
    try:
        found = Signer.parse((folder / _KEY).read_text().removesuffix("\n"))
    except OSError as fault:
        raise Unavailable(f"no witness here: {_KEY} cannot be read") from fault
    if found.kind != COSIGNATURE:
        raise InvalidField("key", "…", "the key of a witness (kind 4)")
    return found


def keep_evidence(folder: Path, contradiction: Contradiction, *, time: int) -> Path:
    """Writes what contradicts what into a new file; gives its path. Raises OSError."""
    path = folder / f"evidence-{time}.json"
    members = {
        "reason": contradiction.reason,
        "foundAt": time,
        "cosigned": None if contradiction.cosigned is None else str(contradiction.cosigned),
        "other": contradiction.other,
    }
    if not path.exists():
        disk.create(path, json.dumps(members, indent=1, ensure_ascii=False) + "\n", mode=0o644)
    return path


@dataclass(slots=True)
class Run:
    """One run of a witness: a thread that answers, and this one, which follows."""

    witness: Witness
    origin: str
    listen: tuple[str, int] | None
    warn: Callable[[str], None]
    """Told what keeps the witness from following."""
    ready: Callable[[tuple[str, int] | None], None]
    """Told once, when all that was there is replayed, where it answers."""
    service: Client | None = None
    """Whose published checkpoints are looked at and cosigned, too."""

    def follow(self, seconds: float, stop: threading.Event) -> None:
        """Follows until told to stop.

        Raises:
            Contradiction: the journal is not what was cosigned, or not honest.
            Unavailable: the port is taken, or the node does not answer at the start.
        """
        found: list[Contradiction] = []

        def end(contradiction: Contradiction) -> None:
            found.append(contradiction)
            stop.set()

        with ExitStack() as stack:
            self.witness.follow()
            self.ready(self._answering(stack, end))
            self._look()
            while not stop.wait(seconds):
                self._look()
        if found:
            raise found[0]

    def _look(self) -> None:
        """At the node, and at what the service publishes."""
        try:
            self.witness.follow()
            if self.service is not None:
                pull(self.witness, self.service)
        except Contradiction:
            raise
        except (Refused, Unavailable) as fault:
            self.warn(str(fault))

    def _answering(self, stack: ExitStack, end: Callable[[Contradiction], None]) -> tuple[str, int] | None:
        if self.listen is None:
            return None
        try:
            endpoint = Endpoint(self.listen, self.witness, self.origin, end)
        except OSError as fault:
            raise Unavailable(f"{self.listen[0]}:{self.listen[1]} is taken: {fault}") from fault
        thread = threading.Thread(target=endpoint.serve_forever, name="witness")
        thread.start()
        stack.callback(endpoint.server_close)
        stack.callback(thread.join)
        stack.callback(endpoint.shutdown)
        return str(endpoint.server_address[0]), int(endpoint.server_address[1])
