"""The log's side of witnessing: asking a witness over HTTP for its cosignature on a checkpoint.

Source: C2SP tlog-witness. Answers of a witness are read within bounds and never believed: a cosignature counts when it
verifies under the key that the operator configured.
"""

import hashlib
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

from ledger.errors import InvalidField, Refused, Unavailable, brief
from ledger.journal.checkpoints import Checkpoint, open_checkpoint, parse_checkpoint, parse_size
from ledger.journal.notes import COSIGNATURE, MOST_BYTES, Note, Signature, VerifierKey, parse_note, parse_signature
from ledger.witness.requests import Request

SECONDS = 5.0
SIZE_TYPE = "text/x.tlog.size"
_MOST_ASKED = 2
"""Requests for one cosignature: what a witness signed last is learned from its first answer."""


@dataclass(frozen=True, slots=True)
class Known:
    """A witness that the log asks: where it answers, and the key that its cosignatures must verify under."""

    url: str
    key: VerifierKey

    def cosign(self, note: Note, prove: Callable[[int], Sequence[bytes]], old: int) -> tuple[Signature, int]:
        """The cosignature on the note, and the size that the witness had signed before; `old` is a guess at it.

        Raises:
            Refused: WitnessConflict, the witness has signed more than this checkpoint holds.
            Unavailable: it does not answer, or not with its cosignature.
        """
        size = parse_checkpoint(note.text).size
        for _ in range(_MOST_ASKED):
            if old > size:
                raise Refused("WitnessConflict", {"witness": self.key.name, "size": size, "signed": old})
            answer = self._send("POST", "add-checkpoint", str(Request(old, tuple(prove(old)), note)))
            if answer.status_code == httpx.codes.OK:
                return self._cosignature(answer.text, note), old
            if answer.status_code != httpx.codes.CONFLICT or answer.headers.get("content-type") != SIZE_TYPE:
                break
            old = parse_size(answer.text.removesuffix("\n"), "witness")
        raise Unavailable(f"the witness {self.key.name} answers {answer.status_code}: {brief(answer.text, 200)}")

    def latest(self, log: VerifierKey) -> Checkpoint | None:
        """What the witness says it cosigned last, by its own cosignature and the log's; None: nothing.

        Raises:
            Unavailable: it does not answer, or not with a checkpoint that both signed.
        """
        place = hashlib.sha256(log.name.encode()).hexdigest()
        answer = self._send("GET", f"{place}/checkpoint")
        if answer.status_code == httpx.codes.NOT_FOUND:
            return None
        try:
            note = parse_note(answer.text)
            self._check(note)
            return open_checkpoint(note, log)
        except Refused as fault:
            raise Unavailable(f"the witness {self.key.name} answers with no checkpoint of its own: {fault}") from fault

    def _cosignature(self, text: str, note: Note) -> Signature:
        try:
            lines = [parse_signature(line) for line in text.splitlines()]
            return self._check(note.with_signatures(lines))
        except Refused as fault:
            raise Unavailable(f"the witness {self.key.name} answers without its cosignature: {fault}") from fault

    def _check(self, note: Note) -> Signature:
        found = self.key.find(note)
        if found is None:
            raise Refused("NoteUnsigned", {"name": self.key.name})
        self.key.check(note.text, found)
        return found

    def _send(self, method: str, path: str, body: str | None = None) -> httpx.Response:
        try:
            answer = httpx.request(method, f"{self.url.rstrip('/')}/{path}", content=body, timeout=SECONDS)
        except (httpx.HTTPError, httpx.InvalidURL) as fault:
            raise Unavailable(f"the witness {self.key.name} does not answer: {brief(str(fault), 200)}") from fault
        if len(answer.content) > MOST_BYTES:
            raise Unavailable(f"the witness {self.key.name} answers with {len(answer.content)} bytes")
        return answer


def read_witnesses(path: Path) -> tuple[Known, ...]:
    """The witnesses that a TOML file names, each `[[witnesses]]` with `url` and `key` (a vkey); none without the file.

    Raises:
        InvalidField: it cannot be read.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    except (OSError, ValueError) as fault:
        raise InvalidField("witnesses", path.name, f"TOML: {fault}") from fault
    listed = found.pop("witnesses", [])
    if found or not isinstance(listed, list):
        raise InvalidField("witnesses", ", ".join(found), "[[witnesses]] and nothing else")
    return tuple(_known(one, f"witnesses[{index}]") for index, one in enumerate(listed))


def _known(found: object, field: str) -> Known:
    if not isinstance(found, dict) or found.keys() != {"url", "key"}:
        raise InvalidField(field, found, "url and key")
    url, key = found["url"], found["key"]
    if not isinstance(url, str) or not url.startswith(("http://", "https://")):
        raise InvalidField(f"{field}.url", url, "an address with http or https")
    if not isinstance(key, str):
        raise InvalidField(f"{field}.key", key, "a vkey")
    known = Known(url, VerifierKey.parse(key))
    if known.key.kind != COSIGNATURE:
        raise InvalidField(f"{field}.key", key, "the vkey of a witness (kind 4)")
    return known
