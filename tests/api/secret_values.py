"""What must stand in no public place: every value of the demo's own papers, as it is, encoded, or hashed without salt.

The papers are those of the demo's vault, opened with everybody's keys.
"""

from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from eth_utils.crypto import keccak

from ledger.documents.canonical import canonical_bytes
from ledger.documents.credentials import Document
from ledger.documents.keys import Keys
from ledger.documents.sealing import SECTIONS, open_envelope
from ledger.ids import Commitment
from ledger.vault.store import Vault

PUBLIC = {
    *("organization", "line", "quantity", "counted", "decimals", "unit", "license", "occurredAt"),
    *("validFrom", "validThrough", "signedOn", "issuedOn", "adoptedOn"),
    *("licenseKind", "role", "mode", "topic", "useCategory", "assurances"),
}
"""What acts say themselves, days, and words of closed lists: nobody has to guess them.

Contracts hash small numbers to find their storage, and EIP-712 hashes the version 1."""
LONG = 6
"""Bytes that do not stand in a large file by chance; shorter values are searched for in quotation marks."""


@dataclass(frozen=True)
class Needle:
    """Bytes that give a value away, which and how."""

    data: bytes
    told: str


def papers(folder: Path, person: str = "*") -> dict[Commitment, Document]:
    """The documents in the vault of the demo in `folder`, as far as the person, or anybody, opens them."""
    passphrase = (folder / "passphrase.txt").read_text().strip()
    vault = Vault(f"sqlite:///{folder / 'ledger' / 'vault.sqlite'}")
    found: dict[Commitment, Document] = {}
    for file in sorted((folder / "keys").glob(f"{person}.json")):
        keys = Keys.load(file, passphrase)
        for _, commitment in vault.sealed_to(keys.public.x25519, after=0, limit=1000):
            opened = open_envelope(vault.get(commitment, SECTIONS), keys)
            if commitment not in found or len(opened.disclosures) > len(found[commitment].disclosures):
                found[commitment] = opened
    vault.close()
    return found


def values(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Every value inside a subject, the composite ones too, each with the name of its member."""
    yield name, value
    if isinstance(value, dict):
        for member, inner in value.items():
            yield from values(member, inner)
    elif isinstance(value, list):
        for inner in value:
            yield from values(name, inner)


def needles(subjects: list[Any], *, text: bool) -> list[Needle]:
    """What gives away a value of the subjects; in `text` also in the ways in which text carries bytes."""
    found: dict[bytes, str] = {}
    for subject in subjects:
        for name, value in values("", subject):
            told = f"{name} {value!r}"[:80]
            if name in PUBLIC:
                continue
            for data in _hashes(value):
                found |= dict.fromkeys(_carried(data) if text else [data], f"hash of {told}")
            if not isinstance(value, dict | list):
                found |= dict.fromkeys(_literals(value, text=text), told)
    return [Needle(data, told) for data, told in found.items()]


def _hashes(value: Any) -> Iterator[bytes]:
    images = {canonical_bytes(value), str(value).encode()}
    if isinstance(value, str) and value.startswith("0x"):
        images = {bytes.fromhex(value[2:])}
    elif isinstance(value, int):
        images.add(value.to_bytes(32))
    for image in images:
        yield sha256(image).digest()
        yield keccak(image)


def _literals(value: Any, *, text: bool) -> Iterator[bytes]:
    if isinstance(value, str) and value.startswith("0x"):
        yield from _carried(bytes.fromhex(value[2:])) if text else [bytes.fromhex(value[2:])]
        return
    if isinstance(value, int):
        yield value.to_bytes(32)
        yield value.to_bytes(32).hex().encode()
    data = str(value).encode()
    if len(data) >= LONG:
        yield from (data, data.hex().encode(), *_in_base64(data))
    elif text:
        yield b'"%s"' % data


def _carried(data: bytes) -> Iterator[bytes]:
    """Bytes as text: in hex and base64."""
    yield data.hex().encode()
    yield b64encode(data).rstrip(b"=")
    yield urlsafe_b64encode(data).rstrip(b"=")


def _in_base64(data: bytes) -> Iterator[bytes]:
    """What of `data` shows in base64 wherever in a longer text it stands."""
    for before in range(3):
        whole = (before + len(data)) * 8 // 6
        yield b64encode(bytes(before) + data)[(before * 8 + 5) // 6 : whole]


def leaks(sought: list[Needle], places: dict[str, bytes]) -> list[str]:
    """Which values stand in which places."""
    return [f"{place}: {one.told}" for place, data in places.items() for one in sought if one.data in data]
