"""One SQLite file that holds a chain: py-evm's key-value pairs, an index of logs, the chain id.

Writes gather in memory inside `block()` and reach the file as one SQL transaction (WAL,
synchronous=FULL), so a block is on disk whole or not at all. One process writes, under an exclusive
lock on a file beside it; readers open the same file at any time. Knows nothing of the EVM.
"""

import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from eth.db.backends.base import BaseDB

from ledger.chain.embedded.logs import INDEX, LogQuery, LogRow
from ledger.errors import InvalidField, Unavailable

_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS pairs (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS chain (id INTEGER NOT NULL);"
) + INDEX


class BlockStore(BaseDB):
    """The file at `path`.

    Raises:
        Unavailable: another process writes it (after `patience` seconds of asking), or SQLite cannot open it.
        InvalidField: there is nothing to read at `path`.
    """

    def __init__(self, path: Path, *, read_only: bool = False, patience: float = 0.0) -> None:
        self._pending: dict[bytes, bytes | None] = {}
        self._logs: list[LogRow] = []
        self._cut: int | None = None
        if read_only and not path.is_file():
            raise InvalidField("path", str(path), "the file of an existing chain")
        self._lock = None if read_only else _lock(path.with_name(path.name + ".lock"), patience)
        try:
            self._sql = _connect(path, read_only=read_only)
        except sqlite3.Error as error:
            self._unlock()
            raise Unavailable(f"the chain's file {path} cannot be opened: {error}") from error

    def close(self) -> None:
        self._sql.close()
        self._unlock()

    def chain_id(self) -> int | None:
        """The chain's id; None while no chain was founded in this file.

        Raises:
            InvalidField: the file is something else.
        """
        try:
            row = self._sql.execute("SELECT id FROM chain").fetchone()
        except sqlite3.DatabaseError as error:
            raise InvalidField("path", str(error), "the file of an existing chain") from error
        return None if row is None else int(row[0])

    def found(self, chain_id: int) -> None:
        """Write the id; inside the `block()` that writes the genesis block."""
        self._sql.execute("INSERT INTO chain VALUES (?)", (chain_id,))

    @contextmanager
    def block(self) -> Iterator[None]:
        """Everything written inside reaches the disk before this ends, or nothing does.

        Raises:
            Unavailable: the file cannot be written (a full disk).
        """
        try:
            self._sql.execute("BEGIN IMMEDIATE")
            yield
            self._flush()
            self._sql.execute("COMMIT")
        except sqlite3.Error as error:
            raise Unavailable(f"the chain's file cannot be written: {error}") from error
        finally:
            if self._sql.in_transaction:
                self._sql.execute("ROLLBACK")
            self._pending, self._logs, self._cut = {}, [], None

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Everything read inside is of one moment, whatever another process writes."""
        self._sql.execute("BEGIN")
        try:
            yield
        finally:
            self._sql.execute("ROLLBACK")

    def add_logs(self, rows: Sequence[LogRow]) -> None:
        self._logs.extend(rows)

    def drop_logs_above(self, block_number: int) -> None:
        self._cut = block_number

    def logs(self, query: LogQuery) -> list[LogRow]:
        statement, values = query.sql()
        return [LogRow(*row) for row in self._sql.execute(statement, values)]

    def __getitem__(self, key: bytes) -> bytes:
        if key in self._pending:
            value = self._pending[key]
            if value is None:
                raise KeyError(key)
            return value
        row = self._sql.execute("SELECT value FROM pairs WHERE key = ?", (key,)).fetchone()
        if row is None:
            raise KeyError(key)
        return bytes(row[0])

    def __setitem__(self, key: bytes, value: bytes) -> None:
        self._pending[key] = value

    def __delitem__(self, key: bytes) -> None:
        self._pending[key] = None

    def _exists(self, key: bytes) -> bool:
        try:
            self[key]
        except KeyError:
            return False
        return True

    def _flush(self) -> None:
        if self._cut is not None:
            self._sql.execute("DELETE FROM logs WHERE block_number > ?", (self._cut,))
        deleted = [(key,) for key, value in self._pending.items() if value is None]
        written = [(key, value) for key, value in self._pending.items() if value is not None]
        self._sql.executemany("DELETE FROM pairs WHERE key = ?", deleted)
        self._sql.executemany("INSERT OR REPLACE INTO pairs VALUES (?, ?)", written)
        self._sql.executemany("INSERT INTO logs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", self._logs)

    def _unlock(self) -> None:
        if self._lock is not None:
            self._lock.close()


def _connect(path: Path, *, read_only: bool) -> sqlite3.Connection:
    uri = path.absolute().as_uri() + ("?mode=ro" if read_only else "?mode=rwc")
    sql = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, timeout=10)
    if not read_only:
        sql.execute("PRAGMA journal_mode = WAL")
        sql.execute("PRAGMA synchronous = FULL")
        sql.executescript(_SCHEMA)
    return sql


def _lock(path: Path, patience: float) -> TextIO:
    """Held until closed; the kernel lets go of it when this process ends, however it ends."""
    handle = path.open("a+")
    until = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if time.monotonic() < until:
                time.sleep(0.05)
                continue
            handle.seek(0)
            holder = handle.read().strip() or "another process"
            handle.close()
            raise Unavailable(f"the chain is open for writing by {holder} (lock file {path})") from error
        handle.truncate(0)
        handle.write(f"process {os.getpid()}")
        handle.flush()
        return handle
