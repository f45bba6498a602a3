"""The file of a private index: SQLite, readable by its owner only. It knows no keys, no service and no proofs.

Every change is whole or not there. One process at a time writes.
"""

import os
import sqlite3
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from ledger.acts.words import Json
from ledger.documents.canonical import JsonObject, canonical_bytes, parse_object
from ledger.errors import InvalidField, Unavailable
from ledger.ids import Commitment, RecordId, hex0x
from ledger.private_index.terms import folded, terms, words_of

_VERSION = "1"
_TABLES = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (
    commitment BLOB PRIMARY KEY, record BLOB, act TEXT, kind TEXT NOT NULL, sections TEXT NOT NULL, fields BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE terms (
    sort TEXT NOT NULL, term TEXT NOT NULL, commitment BLOB NOT NULL REFERENCES documents ON DELETE CASCADE,
    PRIMARY KEY (sort, term, commitment)
) WITHOUT ROWID;
CREATE INDEX terms_of ON terms (commitment);
"""
_WITH = "EXISTS (SELECT 1 FROM terms WHERE terms.commitment = documents.commitment AND sort = ? AND {})"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document's author first committed to it, as the service says; None: nowhere yet."""

    record: RecordId | None
    act: str | None


@dataclass(frozen=True, slots=True)
class Indexed:
    """A document in the index; `fields` is what could be opened of its subject."""

    commitment: Commitment
    place: Place
    kind: str
    fields: JsonObject

    def to_json(self) -> dict[str, Json]:
        """As the command line tells it."""
        record = None if self.place.record is None else hex0x(self.place.record)
        own = {"commitment": hex0x(self.commitment), "record": record, "act": self.place.act, "kind": self.kind}
        return {**own, "fields": self.fields}


class Index:
    """The index in a file. Every method raises Unavailable where the disk fails or another process is writing."""

    def __init__(self, path: Path, *, owner: str | None = None) -> None:
        """Opens the file; where `owner`, the ledger and organization that it is of, is given, makes it if absent.

        Raises:
            InvalidField: no such file, one that others may read, no index, or another owner's.
        """
        self._path = path
        with self._available():
            fresh = owner is not None and _made(path)
            self._check_file()
            self._connection = sqlite3.connect(path)
            self._connection.execute("PRAGMA foreign_keys = ON")
            self._connection.execute("PRAGMA secure_delete = ON")
            if fresh:
                self._connection.executescript(_TABLES)
                self._about({"version": _VERSION, "owner": owner or ""})
        self._check_owner(owner)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._connection.close()

    def held(self) -> dict[Commitment, tuple[str, ...]]:
        """The documents that are here, with the sections that were opened of each."""
        rows = self._rows("SELECT commitment, sections FROM documents")
        return {Commitment(bytes(commitment)): tuple(sections.split()) for commitment, sections in rows}

    def add(self, document: Indexed, sections: Sequence[str]) -> None:
        """Put a document in, in place of what was known of it."""
        found = terms(document.fields)
        rows = [
            (sort, term, document.commitment)
            for sort, some in (("word", found.words), ("country", found.countries), ("code", found.codes))
            for term in some
        ]
        place, fields = document.place, canonical_bytes(document.fields)
        own = (document.commitment, place.record, place.act, document.kind, " ".join(sections), fields)
        with self._available(), self._connection:
            self._connection.execute("DELETE FROM documents WHERE commitment = ?", (document.commitment,))
            self._connection.execute("INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?)", own)
            self._connection.executemany("INSERT INTO terms VALUES (?, ?, ?)", rows)

    def place(self, commitment: Commitment, place: Place) -> None:
        """Say where a document that is here belongs."""
        with self._available(), self._connection:
            told = (place.record, place.act, commitment)
            self._connection.execute("UPDATE documents SET record = ?, act = ? WHERE commitment = ?", told)

    def remove(self, commitment: Commitment) -> None:
        """Forget a document."""
        with self._available(), self._connection:
            self._connection.execute("DELETE FROM documents WHERE commitment = ?", (commitment,))

    def search(
        self,
        words: Sequence[str] = (),
        *,
        country: str | None = None,
        kind: str | None = None,
        code: str | None = None,
    ) -> list[Indexed]:
        """Documents that hold all `words`, name the `country` (ISO code), are of the `kind`, have the control `code`.

        A code finds what is below it in its list: 6A003 finds 6A003.b and not 6A0031.
        """
        asked: list[tuple[str, tuple[str | int, ...]]] = [
            (_WITH.format("term = ?"), ("word", word)) for text in words for word in sorted(words_of(text, whole=True))
        ]
        if country is not None:
            asked.append((_WITH.format("term = ?"), ("country", country)))
        if kind is not None:
            asked.append(("kind = ?", (kind,)))
        if code is not None:
            below = f"{folded(code)}."
            asked.append((_WITH.format("substr(term || '.', 1, ?) = ?"), ("code", len(below), below)))
        where = " AND ".join(condition for condition, _ in asked) or "TRUE"
        values = [value for _, own in asked for value in own]
        wanted = f"SELECT commitment, record, act, kind, fields FROM documents WHERE {where}"  # noqa: S608  # ours; values are bound
        rows = self._rows(f"{wanted} ORDER BY kind, commitment", values)
        return [
            Indexed(Commitment(commitment), Place(record, act), kind, parse_object(fields, "index"))
            for commitment, record, act, kind, fields in rows
        ]

    def _rows(self, statement: str, values: Sequence[str | int] = ()) -> list[Any]:
        with self._available():
            return list(self._connection.execute(statement, values))

    def _about(self, values: dict[str, str]) -> None:
        with self._connection:
            self._connection.executemany("INSERT INTO about VALUES (?, ?)", values.items())

    def _check_file(self) -> None:
        if not self._path.is_file():
            raise InvalidField("index", str(self._path), "a file")
        if stat.S_IMODE(self._path.stat().st_mode) & 0o077:
            raise InvalidField("index", str(self._path), "a file that only its owner can read: chmod 600")

    def _check_owner(self, owner: str | None) -> None:
        try:
            about = dict(self._connection.execute("SELECT name, value FROM about"))
        except sqlite3.Error as fault:
            raise InvalidField("index", str(self._path), f"a private index ({fault})") from fault
        if about.get("version") != _VERSION:
            raise InvalidField("index", str(about.get("version")), f"an index of version {_VERSION}")
        if owner not in (None, about.get("owner")):
            raise InvalidField("index", str(about.get("owner")), f"an index of {owner}")

    @contextmanager
    def _available(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.OperationalError, OSError) as fault:
            raise Unavailable(f"the index {self._path} does not answer: {fault}") from fault
        except sqlite3.DatabaseError as fault:
            raise InvalidField("index", str(self._path), f"a private index ({fault})") from fault


def _made(path: Path) -> bool:
    """Whether the file was absent and is there now, for its owner only."""
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        return False
    return True
