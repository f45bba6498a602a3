"""Signed notes: text with signature lines, and the keys that make and check them.

Ed25519 in two forms: over the text itself (a log), and as a cosignature with its time (a witness). Parsing is strict:
what two readers could read differently is refused. Sources: C2SP signed-note v1.0.0, tlog-cosignature (cosignature/v1);
signing keys are written as Go's golang.org/x/mod/sumdb/note writes them.
"""

import base64
import binascii
import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from ledger.errors import InvalidField, Refused
from ledger.ids import Time

Kind = Literal[1, 4]
"""What a key signs: 1 the text, 4 a checkpoint's text with a time."""
TEXT: Kind = 1
COSIGNATURE: Kind = 4
MOST_BYTES = 64 * 1024
MOST_SIGNATURES = 64
_DASH = "\u2014 "
_SIGNING = "PRIVATE+KEY+"
_LATEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line."""

    name: str
    key_id: bytes
    """4 bytes."""
    value: bytes

    def line(self) -> str:
        """The line, without its end."""
        return f"{_DASH}{self.name} {base64.b64encode(self.key_id + self.value).decode()}"


@dataclass(frozen=True, slots=True)
class Note:
    """A text, which ends with a line's end, and its signatures in their order."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return f"{self.text}\n" + "".join(f"{one.line()}\n" for one in self.signatures)

    def with_signatures(self, more: Iterable[Signature]) -> "Note":
        """The note with further signatures; of each key the last."""
        kept = {(one.name, one.key_id): one for one in (*self.signatures, *more)}
        return Note(self.text, tuple(kept.values()))


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key under a name."""

    name: str
    kind: Kind
    key: bytes
    """32 bytes, RFC 8032."""

    @property
    def key_id(self) -> bytes:
        """The first four bytes of SHA-256(name, line's end, kind, key)."""
        return hashlib.sha256(f"{self.name}\n".encode() + bytes([self.kind]) + self.key).digest()[:4]

    def __str__(self) -> str:
        return _written(self.name, self.key_id, bytes([self.kind]) + self.key)

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        """A vkey, name+id+key. Raises InvalidField."""
        name, key_id, kind, key = _read(text, "vkey")
        found = cls(name, kind, key)
        if key_id != found.key_id:
            raise InvalidField("vkey", text, f"the id {found.key_id.hex()}, which name and key give")
        return found

    def check(self, text: str, signature: Signature) -> Time | None:
        """The time that a cosignature names; None of a log's own. Raises Refused: NoteSignatureInvalid."""
        value, time = signature.value, None
        message = text.encode()
        try:
            if self.kind == COSIGNATURE:
                time = Time(int.from_bytes(value[:8], "big"))
                message, value = _cosigned(text, time), value[8:]
                if len(signature.value) != 72 or not 0 < time <= _LATEST:
                    raise BadSignatureError("no time and signature")
            if len(value) != 64:
                raise BadSignatureError("no 64 bytes")
            VerifyKey(self.key).verify(message, value)
        except BadSignatureError as fault:
            raise Refused("NoteSignatureInvalid", {"name": self.name}) from fault
        return time

    def find(self, note: Note) -> Signature | None:
        """This key's signature on the note, not checked; None where there is none."""
        mine = [one for one in note.signatures if (one.name, one.key_id) == (self.name, self.key_id)]
        return mine[0] if mine else None


@dataclass(frozen=True, slots=True, repr=False)
class Signer:
    """A private key under a name. It is never shown but by `written`."""

    name: str
    kind: Kind
    seed: bytes
    """32 bytes."""

    @classmethod
    def generate(cls, name: str, kind: Kind) -> "Signer":
        """A fresh key. Raises InvalidField for a name that no note can hold."""
        _check_name(name, "name")
        return cls(name, kind, os.urandom(32))

    @property
    def public(self) -> VerifierKey:
        return VerifierKey(self.name, self.kind, bytes(SigningKey(self.seed).verify_key))

    def sign(self, text: str) -> Signature:
        """The signature of a log on its checkpoint's text."""
        value = SigningKey(self.seed).sign(text.encode()).signature
        return Signature(self.name, self.public.key_id, value)

    def cosign(self, text: str, time: Time) -> Signature:
        """The cosignature of a witness on a checkpoint's text at that time."""
        value = SigningKey(self.seed).sign(_cosigned(text, time)).signature
        return Signature(self.name, self.public.key_id, time.to_bytes(8, "big") + value)

    def written(self) -> str:
        """The key as text, to be kept secret."""
        return _SIGNING + _written(self.name, self.public.key_id, bytes([self.kind]) + self.seed)

    @classmethod
    def parse(cls, text: str) -> "Signer":
        """What `written` wrote. Raises InvalidField; the text is in no message."""
        try:
            if not text.startswith(_SIGNING):
                raise InvalidField("key", "…", "a signing key")
            name, key_id, kind, seed = _read(text.removeprefix(_SIGNING), "key")
        except InvalidField as fault:
            raise InvalidField("key", "…", "PRIVATE+KEY+name+id+key") from fault.__cause__
        found = cls(name, kind, seed)
        if found.public.key_id != key_id:
            raise InvalidField("key", "…", "the id that name and key give")
        return found


def parse_note(data: bytes | str) -> Note:
    """A signed note. Raises InvalidField."""
    text = _text(data)
    head, blank, tail = text.rpartition("\n\n")
    if not blank or not tail.endswith("\n"):
        raise InvalidField("note", text, "a text, an empty line, and signature lines")
    lines = tail[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise InvalidField("note", f"{len(lines)} signatures", f"at most {MOST_SIGNATURES}")
    return Note(head + "\n", tuple(parse_signature(line) for line in lines))


def parse_signature(line: str) -> Signature:
    """One signature line, without its end. Raises InvalidField."""
    name, _, value = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH):
        raise InvalidField("signature", line, "a dash (U+2014), a name and base64, single spaces between")
    _check_name(name, "signature")
    found = decode_base64(value, "signature")
    if len(found) <= 4:
        raise InvalidField("signature", line, "a key id of 4 bytes and a signature")
    return Signature(name, found[:4], found[4:])


def decode_base64(text: str, field: str) -> bytes:
    """RFC 4648 section 4, in its only form. Raises InvalidField."""
    try:
        found = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as fault:
        raise InvalidField(field, text, "base64") from fault
    if base64.b64encode(found).decode() != text:
        raise InvalidField(field, text, "base64 in its only form")
    return found


def _text(data: bytes | str) -> str:
    try:
        text = data.decode() if isinstance(data, bytes) else data
    except UnicodeDecodeError as fault:
        raise InvalidField("note", "…", "UTF-8") from fault
    if len(text) > MOST_BYTES:
        raise InvalidField("note", f"{len(text)} characters", f"at most {MOST_BYTES}")
    if any(letter < " " and letter != "\n" for letter in text):
        raise InvalidField("note", text, "no control characters but line ends")
    return text


def _cosigned(text: str, time: Time) -> bytes:
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def _written(name: str, key_id: bytes, material: bytes) -> str:
    return f"{name}+{key_id.hex()}+{base64.b64encode(material).decode()}"


def _read(text: str, field: str) -> tuple[str, bytes, Kind, bytes]:
    bound = "name+id+base64 of a kind (1 or 4) and 32 bytes"
    parts = text.split("+", 2)
    if len(parts) != 3 or len(parts[1]) != 8 or any(digit not in "0123456789abcdef" for digit in parts[1]):
        raise InvalidField(field, text, bound)
    _check_name(parts[0], field)
    material = decode_base64(parts[2], field)
    kind = material[0] if material else 0
    if len(material) != 33 or kind not in (TEXT, COSIGNATURE):
        raise InvalidField(field, text, bound)
    return parts[0], bytes.fromhex(parts[1]), COSIGNATURE if kind == COSIGNATURE else TEXT, material[1:]


def _check_name(name: str, field: str) -> None:
    # No note can hold a control character, nor any name a blank or a plus.
    if not name or "+" in name or any(letter.isspace() or letter < " " for letter in name):
        raise InvalidField(field, name, "a name without blanks and plus")
