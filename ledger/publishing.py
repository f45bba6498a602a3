"""The log: checkpoints of the journal, signed, cosigned by witnesses, served; never one that does not extend the last.

checkpoint.key   the log's signing key; owner only, made when the ledger is first written
checkpoint       the newest checkpoint, with the cosignatures that came; on disk before anybody gets it
witnesses.toml   whom to ask: [[witnesses]] with url and key

A checkpoint covers final entries alone. A journal that lacks what was signed is refused, also when a witness remembers
what this folder forgot. The tree is the read model's; judges no rule.
"""

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from ledger import disk
from ledger.chain.deployment import Deployment
from ledger.chain.node import Node
from ledger.errors import LedgerError, Refused, Unavailable
from ledger.journal.checkpoints import Checkpoint, open_checkpoint, origin_of, parse_checkpoint
from ledger.journal.notes import TEXT, Note, Signature, Signer, VerifierKey, parse_note
from ledger.read_model.model import ReadModel
from ledger.witness.asking import Known, read_witnesses

_LOG = logging.getLogger(__name__)
SECONDS = 1.0
"""Between two checkpoints, while there are new entries."""


class Log:
    """The log of one ledger's journal. Every method raises Unavailable where a part does not answer."""

    def __init__(self, folder: Path, deployment: Deployment, node: Node, read_model: ReadModel) -> None:
        """Raises InvalidField: a file cannot be read; Refused: the checkpoint is not this log's."""
        self._file, self._node, self._read_model = folder / "checkpoint", node, read_model
        self._signer = _signer(folder / "checkpoint.key", origin_of(deployment.chain_id, deployment.address("Journal")))
        self.witnesses = read_witnesses(folder / "witnesses.toml")
        self._signed: dict[Known, int] = {}
        """Sizes that witnesses are known to have signed."""
        self._guard = threading.Lock()
        self._newest: Note | None = None
        if self._file.exists():
            self._newest = parse_note(self._file.read_bytes())
            open_checkpoint(self._newest, self.key)

    @property
    def key(self) -> VerifierKey:
        """What checkpoints verify under."""
        return self._signer.public

    def newest(self) -> Note:
        """The checkpoint that is served, with its cosignatures. Raises Unavailable before the first."""
        if self._newest is None:
            raise Unavailable("no checkpoint has been published yet")
        return self._newest

    def compare(self) -> None:
        """Holds the journal against the last checkpoint published, and against what each witness cosigned last.

        Raises:
            Refused: JournalShorter, JournalRewritten.
        """
        if self._newest is not None:
            self._check_extends(parse_checkpoint(self._newest.text))
        for witness in self.witnesses:
            try:
                latest = witness.latest(self.key)
            except Unavailable as silent:
                _LOG.warning("the journal was not compared: %s", silent)
                continue
            if latest is not None:
                self._signed[witness] = latest.size
                self._check_extends(latest)

    def publish(self) -> Note:
        """Signs the journal as far as it is final, and asks the witnesses who have not cosigned that yet.

        Raises:
            Refused: JournalShorter, JournalRewritten: the journal does not extend what was signed.
        """
        with self._guard:
            size = self._final_size()
            signed = None if self._newest is None else parse_checkpoint(self._newest.text)
            if signed is not None:
                self._check_extends(signed)
            if self._newest is None or signed is None or size > signed.size:
                note = Checkpoint(self.key.name, size, self._read_model.log_root(size)).signed(self._signer)
                self._keep(note)
            else:
                note = self._newest
            cosigned = note.with_signatures(self._cosignatures(note))
            if cosigned != note:
                self._keep(cosigned)
            self._newest = cosigned
            return cosigned

    def _keep(self, note: Note) -> None:
        try:
            disk.replace(self._file, str(note))
        except OSError as fault:
            raise Unavailable(f"the checkpoint cannot be written: {fault}") from fault

    def _final_size(self) -> int:
        """Entries in final blocks that the read model has."""
        final, known = self._node.final(), self._read_model.cursor()
        if known is None:
            raise Unavailable("the read model is empty: follow the chain first")
        block = self._read_model.block(min(final.number, known.number))
        if block is None:
            return 0
        if self._node.block(block.number).hash != block.hash:
            raise Unavailable(f"the read model is on another branch at block {block.number}")
        return self._read_model.size_at(block.number)

    def _check_extends(self, signed: Checkpoint) -> None:
        size = self._final_size()
        if size < signed.size:
            raise Refused("JournalShorter", {"length": size, "told": signed.size})
        if self._read_model.log_root(signed.size) != signed.root:
            raise Refused("JournalRewritten", {"size": signed.size})

    def _cosignatures(self, note: Note) -> list[Signature]:
        return [one for witness in self.witnesses if (one := self._cosignature(witness, note)) is not None]

    def _cosignature(self, witness: Known, note: Note) -> Signature | None:
        if witness.key.find(note) is not None:
            return None
        size = parse_checkpoint(note.text).size
        try:
            found, _ = witness.cosign(
                note, lambda old: self._read_model.prove_consistency(old, size).path, self._signed.get(witness, 0)
            )
        except LedgerError as fault:
            _LOG.warning("no cosignature on checkpoint %d: %s", size, fault)
            return None
        self._signed[witness] = size
        return found


class Publisher:
    """Publishes in a thread of its own until it is closed, and once more then."""

    def __init__(self, publish: Callable[[], Note]) -> None:
        self._publish, self._ending = publish, threading.Event()
        self._thread = threading.Thread(target=self._run, name="publisher")
        self._thread.start()

    def close(self) -> None:
        self._ending.set()
        self._thread.join()

    def _run(self) -> None:
        self._try()
        while not self._ending.wait(SECONDS):
            self._try()
        self._try()

    def _try(self) -> None:
        try:
            self._publish()
        except Unavailable as fault:
            _LOG.warning("no checkpoint: %s", fault)
        except Exception:  # noqa: BLE001  # outermost loop: the thread must live on
            _LOG.exception("no checkpoint")


def _signer(path: Path, origin: str) -> Signer:
    """The key in the file, which is made where it is missing."""
    try:
        if not path.exists():
            disk.create(path, Signer.generate(origin, TEXT).written() + "\n", mode=0o600)
        found = Signer.parse(path.read_text().removesuffix("\n"))
    except OSError as fault:
        raise Unavailable(f"{path.name} cannot be read") from fault
    if (found.name, found.kind) != (origin, TEXT):
        raise Refused("KeyMisplaced", {"path": path.name, "name": found.name, "required": origin})
    return found
