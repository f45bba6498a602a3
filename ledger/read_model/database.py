"""The database behind the read model or the vault: its engine, and transactions that read one state or write one.

SQLite in WAL mode: readers see the last committed state while one writer writes; synchronous=NORMAL where a crash may
take what can be made again, as the read model is from the chain, else FULL. A database that does not answer is
`Unavailable`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError

from ledger.errors import InvalidField, Unavailable, brief

_WRITES = "ledger_writes"


class Database:
    def __init__(self, url: str, *, name: str = "read model", durable: bool = False) -> None:
        """Opens the database at an SQLAlchemy URL; `name` is what errors call it. Raises InvalidField."""
        self._name = name
        try:
            # PostgreSQL: one snapshot for all statements of a transaction, as SQLite's WAL gives.
            own = {} if url.startswith("sqlite") else {"isolation_level": "REPEATABLE READ"}
            self.engine: Engine = create_engine(url, **own)
        except (ArgumentError, ImportError) as fault:
            raise InvalidField(name, url, "an SQLAlchemy URL of an installed database") from fault
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine, "connect", _open_durable if durable else _open_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one committed state. Raises Unavailable."""
        with self._available(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is written whole, or not at all. Raises Unavailable."""
        with self._available(), self.engine.connect() as connection:
            writer = connection.execution_options(**{_WRITES: True})
            with writer.begin():
                yield writer

    @contextmanager
    def _available(self) -> Iterator[None]:
        try:
            yield
        except DatabaseError as fault:
            if type(fault) not in (DatabaseError, OperationalError):  # a wrong statement is no outage
                raise
            raise Unavailable(f"the {self._name}'s database does not answer: {brief(str(fault.orig), 200)}") from fault


def _open_sqlite(connection: Any, _record: object) -> None:
    # The driver's own transactions begin too late: reads outside of them could see two states.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}")


def _open_durable(connection: Any, record: object) -> None:
    _open_sqlite(connection, record)
    connection.execute("PRAGMA synchronous=FULL")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
