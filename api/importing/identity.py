"""The same salts on every run: HMAC-SHA256 under a secret key, so that a rerun makes the same records.

A salt is made from a row's identity (source, number, occurrence) and a purpose; no two purposes share
one. The application's id is therefore the same again, and a changed row meets its own earlier license.
The license's salt also covers what the row says, so the license's id tells whether it still says that.
Without the key nobody can try register numbers against ids on the chain, or the few likely contents of a
row against a commitment or a disclosed fingerprint. The register's own party alone has a salt without a
key: whoever lost the key, or brings another, meets that party and is refused, for the run would make
every license again.

The key file holds 64 hex digits and a line end, mode 0600. It is created once and never replaced.
"""

import hashlib
import hmac
import json
import os
import re
import secrets
from pathlib import Path
from typing import Literal, NewType

from api.importing.rows import Identity, RegisterRow
from ledger.errors import InvalidField

IdentityKey = NewType("IdentityKey", bytes)
"""32 secret bytes."""

Purpose = Literal["application record", "document"]


def salt(key: IdentityKey, identity: Identity, purpose: Purpose) -> bytes:
    """32 bytes for one record or document of the row with this identity."""
    return _mac(key, purpose, [identity.source, identity.number, identity.occurrence])


def license_salt(key: IdentityKey, identity: Identity, content: bytes) -> bytes:
    """32 bytes for the license of a row that says `content`."""
    parts = [identity.source, identity.number, identity.occurrence, content.hex()]
    return _mac(key, "license record", parts)


def party_salt(source: str) -> bytes:
    """32 bytes for the record of the one party of a register that names none. Needs no key: see above."""
    return hashlib.sha256(_message("party record", [source])).digest()


def profile_salt(key: IdentityKey, source: str) -> bytes:
    """32 bytes for the profile of that party: it tells whether a key is the one of the earlier runs."""
    return _mac(key, "party profile", [source])


def fingerprint(key: IdentityKey, row: RegisterRow) -> bytes:
    """32 bytes that change with any cell of the row as written; padding around cells is not counted."""
    return _mac(key, "fingerprint", [row.identity.source, *row.cells])


def _mac(key: IdentityKey, purpose: str, parts: list[object]) -> bytes:
    return hmac.new(key, _message(purpose, parts), hashlib.sha256).digest()


def _message(purpose: str, parts: list[object]) -> bytes:
    return json.dumps(["license-ledger import", purpose, *parts], ensure_ascii=True).encode("ascii")


def create_key(path: Path) -> IdentityKey:
    """A new key, durable in `path` before it is returned. Raises: InvalidField if the file exists."""
    key = IdentityKey(secrets.token_bytes(32))
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(key.hex().encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        # A link fails where the name is taken: two first runs at once cannot end with two keys.
        os.link(draft, path)
    except FileExistsError as error:
        raise InvalidField("identity_key", str(path), "a file that does not exist yet") from error
    finally:
        draft.unlink()
    _sync_folder(path.parent)
    return key


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_key(path: Path) -> IdentityKey:
    """The key in `path`. Raises: InvalidField if it is absent, not a key, or readable by others."""
    try:
        mode, text = path.stat().st_mode, path.read_text("ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidField("identity_key", str(path), "a readable key file") from error
    if mode & 0o077:
        raise InvalidField("identity_key", str(path), "a file that only its owner can read (mode 0600)")
    if not re.fullmatch(r"[0-9a-f]{64}\n", text):
        raise InvalidField("identity_key", str(path), "64 hex digits and a line end")
    return IdentityKey(bytes.fromhex(text))
