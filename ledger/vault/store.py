"""What the vault keeps: sealed documents, keys given later, and every read. It decides nothing about who may.

A document is there whole before `put` returns, or not at all. The first envelope of a document stays: another one of
the same document has other keys inside, and those who were given the first one's must go on reading. What no act
commits to is kept for a day, and of one issuer so much at a time.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, insert, inspect, select, update
from sqlalchemy.exc import IntegrityError

from ledger.documents.sealing import Envelope, SealedKey, SealedSection
from ledger.errors import Refused, Unavailable
from ledger.ids import Address, Commitment, Time
from ledger.read_model.database import Database
from ledger.read_model.model import ReadModel
from ledger.vault.tables import DOCUMENTS, KEYS, METADATA, READS, SECTIONS

WAITING_SECONDS = 86_400
MOST_WAITING = 2_000
"""Documents of one issuer that no act commits to."""
MOST_WAITING_BYTES = 256 << 20
SWEEP_SECONDS = 600
_MOST = 500
"""Values in one statement: databases bound them."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Who made a document, and of which kind it is; the account is empty for an anonymous one."""

    account: Address
    organization: int
    kind: str


@dataclass(frozen=True, slots=True)
class Read:
    """That somebody was given the sections of a document, and when."""

    place: int
    commitment: Commitment
    sections: tuple[str, ...]
    organization: int
    account: Address
    at: Time


@dataclass(frozen=True, slots=True)
class Asking:
    """An agent that reads: its organization and account, and every X25519 key that it has had."""

    organization: int
    account: Address
    keys: frozenset[bytes]


class Vault:
    """Every method raises Unavailable where the database does not answer."""

    def __init__(self, url: str) -> None:
        """Opens the database at an SQLAlchemy URL (sqlite:///file) and makes the tables where there are none."""
        self._database = Database(url, name="vault", durable=True)
        self._swept = Time(0)
        with self._database.reading() as connection:
            empty = not inspect(connection).has_table(READS.name)
        if empty:
            with self._database.writing() as connection:
                METADATA.create_all(connection)

    def close(self) -> None:
        self._database.engine.dispose()

    def put(self, envelope: Envelope, origin: Origin, *, read_model: ReadModel, now: Time) -> bool:
        """Keep a document that may be put (`admission`); whether it is new here.

        Raises:
            Refused: TooManyWaiting.
        """
        commitment = envelope.commitment
        if now >= self._swept + SWEEP_SECONDS or (now > self._swept and self._is_full(origin)):
            self.expire(read_model, now=now)
        with self._writing() as connection:
            known = update(DOCUMENTS).where(DOCUMENTS.c.commitment == commitment)
            if connection.execute(known.values(put_at=now)).rowcount:
                return False
            _check_room(connection, origin)
            connection.execute(insert(DOCUMENTS), _document_row(envelope, origin, now))
            connection.execute(insert(SECTIONS), _section_rows(envelope))
            _give(connection, commitment, envelope.keys, giver=origin.account, now=now)
        return True

    def get(self, commitment: Commitment, sections: Sequence[str]) -> Envelope:
        """The document with these sections and their keys. Raises Refused: DocumentUnknown."""
        with self._database.reading() as connection:
            return _envelope(connection, commitment, sections)

    def give_out(self, commitment: Commitment, sections: Sequence[str], *, to: Asking, now: Time) -> Envelope:
        """As `get`, for somebody who reads, with its own keys; the read is on record before anything is given."""
        with self._writing() as connection:
            envelope = _envelope(connection, commitment, sections, KEYS.c.recipient.in_(to.keys))
            row = {"commitment": commitment, "sections": " ".join(envelope.sections), "at": now}
            connection.execute(insert(READS), row | {"organization": to.organization, "account": to.account})
        return envelope

    def origin(self, commitment: Commitment) -> Origin:
        """Who made the document, and of which kind it is. Raises Refused: DocumentUnknown."""
        columns = (DOCUMENTS.c.issuer, DOCUMENTS.c.organization, DOCUMENTS.c.kind)
        wanted = select(*columns).where(DOCUMENTS.c.commitment == commitment)
        with self._database.reading() as connection:
            row = connection.execute(wanted).first()
        if row is None:
            raise Refused("DocumentUnknown", {"commitment": commitment})
        return Origin(Address(bytes(row.issuer)), row.organization, row.kind)

    def add_keys(self, commitment: Commitment, keys: Sequence[SealedKey], *, giver: Address, now: Time) -> None:
        """Keep more sealed keys of a document; those that the giver gave before are replaced."""
        with self._writing() as connection:
            _give(connection, commitment, keys, giver=giver, now=now)

    def sealed(self, commitment: Commitment) -> set[tuple[str, bytes]]:
        """Section and recipient of every key of the document."""
        wanted = select(KEYS.c.section, KEYS.c.recipient).where(KEYS.c.commitment == commitment).distinct()
        with self._database.reading() as connection:
            return {(row.section, bytes(row.recipient)) for row in connection.execute(wanted)}

    def sealed_to(self, recipient: bytes, *, after: int, limit: int) -> list[tuple[int, Commitment]]:
        """The documents of which the X25519 key `recipient` has a key, in order of putting, each with its place."""
        own = select(KEYS.c.commitment).where(KEYS.c.recipient == recipient)
        wanted = select(DOCUMENTS.c.place, DOCUMENTS.c.commitment).where(
            DOCUMENTS.c.place > after, DOCUMENTS.c.commitment.in_(own)
        )
        with self._database.reading() as connection:
            rows = connection.execute(wanted.order_by(DOCUMENTS.c.place).limit(limit))
            return [(row.place, Commitment(bytes(row.commitment))) for row in rows]

    def held(self, commitments: Sequence[bytes]) -> set[bytes]:
        """Those of the documents that are here."""
        found: set[bytes] = set()
        with self._database.reading() as connection:
            for some in _portions(commitments):
                wanted = select(DOCUMENTS.c.commitment).where(DOCUMENTS.c.commitment.in_(some))
                found |= {bytes(one) for one in connection.execute(wanted).scalars()}
        return found

    def reads(self, commitment: Commitment, *, organization: int | None, after: int, limit: int) -> list[Read]:
        """The reads of a document in order, of one organization or of all."""
        wanted = select(READS).where(READS.c.commitment == commitment, READS.c.place > after)
        if organization is not None:
            wanted = wanted.where(READS.c.organization == organization)
        with self._database.reading() as connection:
            rows = connection.execute(wanted.order_by(READS.c.place).limit(limit)).mappings().all()
        return [
            Read(
                row["place"],
                commitment,
                tuple(row["sections"].split()),
                row["organization"],
                Address(bytes(row["account"])),
                Time(row["at"]),
            )
            for row in rows
        ]

    def expire(self, read_model: ReadModel, *, now: Time) -> int:
        """Throw away what has waited for an act for a day; how many documents that were."""
        self._swept = now
        with self._database.reading() as connection:
            waiting = select(DOCUMENTS.c.commitment).where(DOCUMENTS.c.waiting)
            commitments = [bytes(one) for one in connection.execute(waiting).scalars()]
        expected = read_model.referred(commitments)
        with self._writing() as connection:
            for some in _portions(sorted(expected)):
                arrived = update(DOCUMENTS).where(DOCUMENTS.c.commitment.in_(some))
                connection.execute(arrived.values(waiting=False))
            late = (DOCUMENTS.c.waiting, DOCUMENTS.c.put_at <= now - WAITING_SECONDS)
            gone = [bytes(one) for one in connection.execute(select(DOCUMENTS.c.commitment).where(*late)).scalars()]
            for some in _portions(gone):
                for table in (KEYS, SECTIONS, DOCUMENTS):
                    connection.execute(delete(table).where(table.c.commitment.in_(some)))
        return len(gone)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        try:
            with self._database.writing() as connection:
                yield connection
        except IntegrityError as fault:  # where writers do not wait for one another, both may find it absent
            raise Unavailable("somebody else has just written the same to the vault") from fault

    def _is_full(self, origin: Origin) -> bool:
        with self._database.reading() as connection:
            return _waiting(connection, origin) is not None


def _waiting(connection: Connection, origin: Origin) -> tuple[int, int] | None:
    """How many documents, and bytes, of the issuer wait for an act, where that is all that may; else None."""
    wanted = select(func.count(), func.coalesce(func.sum(DOCUMENTS.c.size), 0)).where(
        DOCUMENTS.c.issuer == origin.account, DOCUMENTS.c.waiting
    )
    documents, size = connection.execute(wanted).one()
    return (documents, int(size)) if documents >= MOST_WAITING or size >= MOST_WAITING_BYTES else None


def _check_room(connection: Connection, origin: Origin) -> None:
    waiting = _waiting(connection, origin)
    if waiting is not None:
        documents, size = waiting
        raise Refused("TooManyWaiting", {"issuer": origin.account, "documents": documents, "bytes": size})


def _document_row(envelope: Envelope, origin: Origin, now: Time) -> dict[str, object]:
    return {
        "commitment": envelope.commitment,
        "credential": envelope.credential,
        "issuer": origin.account,
        "organization": origin.organization,
        "kind": origin.kind,
        "put_at": now,
        "size": len(envelope.credential) + sum(len(section.ciphertext) for section in envelope.sections.values()),
        "waiting": True,
    }


def _section_rows(envelope: Envelope) -> list[dict[str, object]]:
    return [
        {"commitment": envelope.commitment, "section": name, "nonce": section.nonce, "ciphertext": section.ciphertext}
        for name, section in envelope.sections.items()
    ]


def _give(
    connection: Connection, commitment: Commitment, keys: Iterable[SealedKey], *, giver: Address, now: Time
) -> None:
    rows = [
        {"commitment": commitment, "section": key.section, "recipient": key.recipient, "giver": giver}
        | {"sealed": key.sealed, "given_at": now}
        for key in keys
    ]
    given = (KEYS.c[column.name] == bindparam(f"own_{column.name}") for column in KEYS.primary_key)
    connection.execute(delete(KEYS).where(*given), [{f"own_{name}": row[name] for name in row} for row in rows])
    connection.execute(insert(KEYS), rows)


def _envelope(
    connection: Connection, commitment: Commitment, sections: Sequence[str], *which: ColumnElement[bool]
) -> Envelope:
    """The document with those keys of its sections that `which` picks, oldest first."""
    document = select(DOCUMENTS.c.credential).where(DOCUMENTS.c.commitment == commitment)
    credential = connection.execute(document).scalar()
    if credential is None:
        raise Refused("DocumentUnknown", {"commitment": commitment})
    own = select(SECTIONS).where(SECTIONS.c.commitment == commitment, SECTIONS.c.section.in_(sections))
    given = select(KEYS).where(KEYS.c.commitment == commitment, KEYS.c.section.in_(sections), *which)
    parts = connection.execute(own).mappings()
    keys = connection.execute(given.order_by(KEYS.c.given_at, KEYS.c.section, KEYS.c.recipient)).mappings()
    envelope = Envelope(
        bytes(credential),
        {row["section"]: SealedSection(bytes(row["nonce"]), bytes(row["ciphertext"])) for row in parts},
        tuple(SealedKey(row["section"], bytes(row["recipient"]), bytes(row["sealed"])) for row in keys),
    )
    if envelope.commitment != commitment:
        raise Refused("DocumentAltered", {"commitment": commitment})
    return envelope


def _portions(values: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    for start in range(0, len(values), _MOST):
        yield values[start : start + _MOST]
