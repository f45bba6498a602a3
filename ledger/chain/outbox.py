"""The outbox: every act that was taken, on disk before it is sent and until long after it is answered.

One SQLite file (WAL, synchronous=FULL). A row is one act of one signer, by digest and signer: who signs a stranger's
words gets an answer of its own. States: queued -> sent -> included, refused or failed (the contract gave no reason).
Included is for ever; refused and failed acts are queued again when they come again. Sends nothing.
"""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from ledger.acts.act import Act
from ledger.acts.digests import digest_of, recover
from ledger.acts.kinds import decode_act
from ledger.chain.artifacts import act_call
from ledger.chain.deployment import Deployment
from ledger.errors import Refused, Unavailable, Value
from ledger.ids import Address, Digest, Head, Time
from ledger.journal.entries import Entry

Key = tuple[bytes, bytes]
"""Digest and signer."""

_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS acts (position INTEGER PRIMARY KEY AUTOINCREMENT, digest BLOB NOT NULL,"
    " signer BLOB NOT NULL, kind INTEGER NOT NULL, act BLOB NOT NULL, signature BLOB NOT NULL, state TEXT NOT NULL,"
    " queued_at INTEGER NOT NULL, sent_at INTEGER, answered_at INTEGER, transaction_hash BLOB, seq INTEGER,"
    " version INTEGER, head BLOB, block_number INTEGER, block_hash BLOB, block_time INTEGER, refusal TEXT,"
    " refusal_values TEXT, UNIQUE (digest, signer));"
    "CREATE INDEX IF NOT EXISTS acts_waiting ON acts (position) WHERE state IN ('queued', 'sent');"
    "CREATE INDEX IF NOT EXISTS acts_included ON acts (seq) WHERE state = 'included';"
)


@dataclass(frozen=True, slots=True)
class SignedAct:
    """An act and who signed it."""

    act: Act
    signature: bytes
    digest: Digest
    signer: Address

    @classmethod
    def of(cls, act: Act, signature: bytes, deployment: Deployment) -> Self:
        """Raises Refused("SignatureInvalid") for exactly the signatures that the contracts refuse."""
        digest = digest_of(act, deployment.chain_id, deployment.address(act.CONTRACT))
        return cls(act, signature, digest, recover(digest, signature))

    @property
    def key(self) -> Key:
        return self.digest, self.signer

    def call(self) -> bytes:
        """Calldata for the contract that takes the act."""
        return act_call(self.act, self.signature)


@dataclass(frozen=True, slots=True, kw_only=True)
class Included:
    """The act is in the journal. `repeated`: it was already there, or already on its way, when it came."""

    digest: Digest
    seq: int
    version: int
    head: Head
    block_number: int
    block_hash: bytes
    block_time: Time
    transaction_hash: bytes
    repeated: bool = False

    @classmethod
    def of(cls, entry: Entry, *, repeated: bool = False) -> Self:
        return cls(
            digest=entry.digest,
            seq=entry.seq,
            version=entry.version,
            head=entry.record_head,
            block_number=entry.block_number,
            block_hash=entry.block_hash,
            block_time=entry.time,
            transaction_hash=entry.transaction_hash,
            repeated=repeated,
        )


Answer = Included | Refused | Unavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What the outbox knows of an act. Times are UTC seconds, None while not yet."""

    digest: Digest
    signer: Address
    kind: int
    state: str
    queued_at: int
    sent_at: int | None
    answered_at: int | None
    included: Included | None
    refused: Refused | None


class Outbox:
    """The file at `path`; `clock` gives UTC seconds. Safe to call from several threads.

    Every method raises Unavailable when the file cannot be read or written (a full disk).
    """

    def __init__(self, path: Path, *, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._guard = threading.Lock()
        try:
            self._sql = _connect(path)
        except sqlite3.Error as error:
            raise Unavailable(f"the outbox {path.name} cannot be opened: {error}") from error

    def close(self) -> None:
        with self._guard:
            self._sql.close()

    def take(self, acts: Sequence[SignedAct]) -> dict[Key, Included]:
        """Queue what is not waiting already, in order, in one transaction; gives those included long ago."""
        included = {}
        with self._transaction() as sql:
            for signed in acts:
                row = sql.execute("SELECT * FROM acts WHERE digest = ? AND signer = ?", signed.key).fetchone()
                if row is None or row["state"] in ("refused", "failed"):
                    self._queue(sql, signed)
                elif row["state"] == "included":
                    included[signed.key] = _included(row, repeated=True)
        return included

    def _queue(self, sql: sqlite3.Connection, signed: SignedAct) -> None:
        sql.execute(
            "INSERT OR REPLACE INTO acts (digest, signer, kind, act, signature, state, queued_at)"
            " VALUES (?, ?, ?, ?, ?, 'queued', ?)",
            (*signed.key, signed.act.KIND, signed.act.encoded(), signed.signature, self._now()),
        )

    def sending(self, acts: Sequence[SignedAct], transaction_hash: bytes) -> None:
        """These are about to leave in this transaction."""
        now = self._now()
        with self._transaction() as sql:
            sql.executemany(
                "UPDATE acts SET state = 'sent', sent_at = ?, transaction_hash = ? WHERE digest = ? AND signer = ?",
                [(now, transaction_hash, *signed.key) for signed in acts],
            )

    def answered(self, answers: Sequence[tuple[Key, Answer]]) -> None:
        """What became of them."""
        now = self._now()
        with self._transaction() as sql:
            for key, answer in answers:
                columns = {**_columns(answer), "answered_at": now}
                # Only the names of columns in _columns are put into the text; every value is bound.
                changes = ", ".join(f"{name} = ?" for name in columns)
                statement = f"UPDATE acts SET {changes} WHERE digest = ? AND signer = ?"  # noqa: S608
                sql.execute(statement, (*columns.values(), *key))

    def waiting(self) -> list[SignedAct]:
        """Acts without an answer, in the order in which they came."""
        with self._reading() as sql:
            rows = sql.execute("SELECT * FROM acts WHERE state IN ('queued', 'sent') ORDER BY position").fetchall()
        return [_signed(row) for row in rows]

    def status(self, digest: bytes) -> Status | None:
        """What is known of the act: its inclusion, or else what came last."""
        with self._reading() as sql:
            row = sql.execute(
                "SELECT * FROM acts WHERE digest = ? ORDER BY state = 'included' DESC, position DESC", (digest,)
            ).fetchone()
        return None if row is None else _status(row)

    def last_seq(self) -> int:
        """The highest sequence number that anybody was told; 0 before the first."""
        with self._reading() as sql:
            found = sql.execute("SELECT MAX(seq) FROM acts WHERE state = 'included'").fetchone()[0]
        return int(found or 0)

    def _now(self) -> int:
        return int(self._clock())

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._reading() as sql:
            sql.execute("BEGIN IMMEDIATE")
            try:
                yield sql
                sql.execute("COMMIT")
            finally:
                if sql.in_transaction:
                    sql.execute("ROLLBACK")

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        try:
            with self._guard:
                yield self._sql
        except sqlite3.Error as error:
            raise Unavailable(f"the outbox does not work: {error}") from error


def _connect(path: Path) -> sqlite3.Connection:
    sql = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
    try:
        sql.row_factory = sqlite3.Row
        sql.execute("PRAGMA journal_mode = WAL")
        sql.execute("PRAGMA synchronous = FULL")
        sql.executescript(_SCHEMA)
    except sqlite3.Error:
        sql.close()
        raise
    return sql


def _columns(answer: Answer) -> dict[str, int | str | bytes]:
    if isinstance(answer, Refused):
        values = {name: {"hex": v.hex()} if isinstance(v, bytes) else v for name, v in answer.values.items()}
        return {"state": "refused", "refusal": answer.name, "refusal_values": json.dumps(values)}
    if isinstance(answer, Unavailable):
        return {"state": "failed"}
    return {
        "state": "included",
        "seq": answer.seq,
        "version": answer.version,
        "head": answer.head,
        "block_number": answer.block_number,
        "block_hash": answer.block_hash,
        "block_time": answer.block_time,
        "transaction_hash": answer.transaction_hash,
    }


def _signed(row: sqlite3.Row) -> SignedAct:
    act = decode_act(row["kind"], row["act"])
    return SignedAct(act, row["signature"], Digest(row["digest"]), Address(row["signer"]))


def _included(row: sqlite3.Row, *, repeated: bool = False) -> Included:
    return Included(
        digest=Digest(row["digest"]),
        seq=row["seq"],
        version=row["version"],
        head=Head(row["head"]),
        block_number=row["block_number"],
        block_hash=row["block_hash"],
        block_time=Time(row["block_time"]),
        transaction_hash=row["transaction_hash"],
        repeated=repeated,
    )


def _status(row: sqlite3.Row) -> Status:
    return Status(
        digest=Digest(row["digest"]),
        signer=Address(row["signer"]),
        kind=row["kind"],
        state=row["state"],
        queued_at=row["queued_at"],
        sent_at=row["sent_at"],
        answered_at=row["answered_at"],
        included=_included(row) if row["state"] == "included" else None,
        refused=_refused(row) if row["state"] == "refused" else None,
    )


def _refused(row: sqlite3.Row) -> Refused:
    stored: dict[str, str | int | dict[str, str]] = json.loads(row["refusal_values"])
    values: dict[str, Value] = {
        name: bytes.fromhex(value["hex"]) if isinstance(value, dict) else value for name, value in stored.items()
    }
    return Refused(row["refusal"], values)
