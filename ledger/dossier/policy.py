"""What the reader of a dossier trusts besides the trust root: the log's key, witnesses, and licensing authorities.

A TOML file that its reader writes and the service never sees:

    log = "<vkey>"              the key that signs the journal's checkpoints
    quorum = 2                  how many distinct operators must have cosigned
    authorities = ["0x..."]     records of the licensing authorities that the reader accepts; left out: any

    [[witnesses]]
    operator = "Court of Auditors"
    key = "<vkey>"

Several keys of one operator count once. Source of the keys' form: C2SP signed-note.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ledger.errors import InvalidField, Unavailable
from ledger.ids import RecordId
from ledger.journal.notes import COSIGNATURE, TEXT, Kind, VerifierKey

_MEMBERS = {"log", "quorum", "authorities", "witnesses"}
_WITNESS = {"operator", "key"}


@dataclass(frozen=True, slots=True)
class Witness:
    """Somebody who cosigns checkpoints, by one of its keys."""

    operator: str
    key: VerifierKey


@dataclass(frozen=True, slots=True)
class Policy:
    """The file's content."""

    log: VerifierKey
    quorum: int
    witnesses: tuple[Witness, ...]
    authorities: frozenset[RecordId]
    """Empty: any."""

    @classmethod
    def load(cls, path: Path) -> "Policy":
        """Raises InvalidField, Unavailable."""
        try:
            return cls.parse(path.read_text())
        except (OSError, UnicodeDecodeError) as fault:
            raise Unavailable(f"{path.name} cannot be read: {fault}") from fault

    @classmethod
    def parse(cls, text: str) -> "Policy":
        """Raises InvalidField."""
        try:
            found = tomllib.loads(text)
        except tomllib.TOMLDecodeError as fault:
            raise InvalidField("policy", str(fault), "TOML") from fault
        _only(found, "policy", _MEMBERS)
        witnesses = tuple(_witness(one, f"policy.witnesses[{i}]") for i, one in enumerate(_list(found, "witnesses")))
        authorities = [_record(one, f"policy.authorities[{i}]") for i, one in enumerate(_list(found, "authorities"))]
        keys = {witness.key for witness in witnesses}
        if len(keys) < len(witnesses):
            raise InvalidField("policy.witnesses", f"{len(witnesses)} with {len(keys)} keys", "each key once")
        return cls(
            log=_key(found.get("log"), "policy.log", TEXT),
            quorum=_quorum(found.get("quorum"), len({witness.operator for witness in witnesses})),
            witnesses=witnesses,
            authorities=frozenset(authorities),
        )


def _quorum(found: object, operators: int) -> int:
    if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found <= operators:
        raise InvalidField("policy.quorum", found, f"0 to {operators}, the number of operators named")
    return found


def _witness(found: object, field: str) -> Witness:
    if not isinstance(found, dict):
        raise InvalidField(field, found, "a table with operator and key")
    _only(found, field, _WITNESS)
    operator = found.get("operator")
    if not isinstance(operator, str) or not operator.strip():
        raise InvalidField(f"{field}.operator", operator, "a name")
    return Witness(operator.strip(), _key(found.get("key"), f"{field}.key", COSIGNATURE))


def _key(found: object, field: str, kind: Kind) -> VerifierKey:
    if not isinstance(found, str):
        raise InvalidField(field, found, "a vkey")
    key = VerifierKey.parse(found)
    if key.kind != kind:
        raise InvalidField(field, found, f"a vkey of kind {kind}")
    return key


def _record(found: object, field: str) -> RecordId:
    if isinstance(found, str) and len(found) == 66 and found.startswith("0x"):
        try:
            return RecordId(bytes.fromhex(found[2:]))
        except ValueError:
            pass
    raise InvalidField(field, found, "0x and 64 hex digits")


def _list(found: dict[str, Any], name: str) -> list[object]:
    value = found.get(name, [])
    if not isinstance(value, list):
        raise InvalidField(f"policy.{name}", value, "a list")
    return value


def _only(found: dict[str, Any], field: str, names: set[str]) -> None:
    for name in sorted(found.keys() - names):
        raise InvalidField(f"{field}.{name}", found[name], f"one of {', '.join(sorted(names))}")
