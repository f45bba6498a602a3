"""Which acts commit to which documents, and what follows from the records for who may read them.

An act commits by its `document` or `profile`; what the founders' records commit to stands in no act and has seq 0.
Questions only: who is entitled is decided by `ledger.vault.readers`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, select, union

from ledger.acts.act import RecordKind
from ledger.acts.custody import AcceptHandoff, ClearShipment
from ledger.acts.kinds import BY_KIND
from ledger.acts.orders import OrderHandoff, ReleaseSeizure, SeizeShipment
from ledger.acts.organizations import AcceptAppointment, RotateAgentKeys
from ledger.acts.reports import ReportMovement
from ledger.ids import Address, Commitment, RecordId
from ledger.journal.entries import Entry
from ledger.read_model.answers import Page
from ledger.read_model.filters import has_listed
from ledger.read_model.journal_rows import read_entries
from ledger.read_model.questions import Questions
from ledger.read_model.reading import read_records
from ledger.read_model.tables import COMMITMENTS, ENTRIES, SHAPES
from ledger.records.codes import AgentStatus
from ledger.records.states import Application, License, Record

FOUNDING = "founding"
_MOST = 500
"""Values in one statement: databases bound them."""
_MOST_ENTRIES = 100_000
_KEY_ACTS = (AcceptAppointment.KIND, RotateAgentKeys.KIND)
_CUSTODY_ACTS = tuple(
    act.KIND for act in (AcceptHandoff, ReportMovement, OrderHandoff, SeizeShipment, ReleaseSeizure, ClearShipment)
)
_AGENTS = SHAPES[RecordKind.AGENT].table
_ORGANIZATIONS = SHAPES[RecordKind.ORGANIZATION].table
_SHIPMENTS = SHAPES[RecordKind.SHIPMENT].table


@dataclass(frozen=True, slots=True)
class Reference:
    """An act that commits to a document; `signer` is empty and `act` "founding" where the deployment does."""

    commitment: Commitment
    seq: int
    act: str
    record: RecordId
    organization: int
    """For whom the signer acted."""
    signer: Address


class DocumentQuestions(Questions):
    """As `Questions`."""

    def references(self, commitment: bytes, *, signer: bytes | None = None) -> tuple[Reference, ...]:
        """Acts that commit to the document, in order; of `signer` where one is named, else at most the first."""
        with self._asked() as (connection, _):
            if signer is not None:
                return _referring(connection, COMMITMENTS.c.commitment == commitment, ENTRIES.c.signer == signer)
            founding = _founding(connection, _ORGANIZATIONS.c.profile == commitment)
            return founding[:1] or _referring(connection, COMMITMENTS.c.commitment == commitment, limit=1)

    def committed(self, *, after: int = -1, limit: int = 50) -> Page[Reference]:
        """All that the ledger commits to, in order of the journal, what was founded first; `next` is a seq as text."""
        with self._asked() as (connection, block):
            founding = _founding(connection) if after < 0 else ()
            found = _referring(connection, COMMITMENTS.c.seq > after, limit=limit + 1)
        items = founding + found[:limit]
        return Page(items, str(items[-1].seq) if len(found) > limit else None, block)

    def referred(self, commitments: Sequence[bytes]) -> set[bytes]:
        """Those that the ledger commits to."""
        found: set[bytes] = set()
        with self._asked() as (connection, _):
            for some in _portions(commitments):
                by_act = select(COMMITMENTS.c.commitment).where(
                    COMMITMENTS.c.commitment.in_(some), ~COMMITMENTS.c.orphaned
                )
                founded = select(_ORGANIZATIONS.c.profile).where(_ORGANIZATIONS.c.profile.in_(some), *_FOUNDED)
                found |= {bytes(one) for one in connection.execute(union(by_act, founded)).scalars()}
        return found

    def key_acts(self, agent: bytes) -> tuple[Entry, ...]:
        """The entries that brought keys of the agent of that record, the newest last."""
        return tuple(self.keys_brought([agent]).get(agent, ()))

    def keys_brought(self, agents: Sequence[bytes]) -> dict[bytes, list[Entry]]:
        """By record of the agent, the entries that brought its keys, the newest last."""
        found: dict[bytes, list[Entry]] = {}
        with self._asked() as (connection, _):
            for some in _portions(agents):
                about = (ENTRIES.c.record.in_(some), ENTRIES.c.kind.in_(_KEY_ACTS))
                for answer in read_entries(connection, *about, limit=_MOST_ENTRIES):
                    found.setdefault(answer.entry.record, []).append(answer.entry)
        return found

    def active_keys(self, recipients: Sequence[bytes]) -> set[bytes]:
        """Those X25519 keys that active agents have now."""
        found: set[bytes] = set()
        with self._asked() as (connection, _):
            for some in _portions(recipients):
                active = (_AGENTS.c.current, _AGENTS.c.status == AgentStatus.ACTIVE)
                wanted = select(_AGENTS.c.x25519).where(*active, _AGENTS.c.x25519.in_(some))
                found |= {bytes(one) for one in connection.execute(wanted).scalars()}
        return found

    def naming(self, certificate: bytes) -> tuple[Application | License, ...]:
        """The applications and licenses with lines that name the certificate."""
        found: list[Record] = []
        with self._asked() as (connection, _):
            for kind in (RecordKind.APPLICATION, RecordKind.LICENSE):
                named = has_listed(SHAPES[kind], "lines", certificate=certificate)
                found += read_records(connection, SHAPES[kind], named)
        return tuple(one for one in found if isinstance(one, Application | License))

    def parts(self, shipment: bytes) -> tuple[RecordId, ...]:
        """The shipments that were split off, themselves split or not, of all generations."""
        found: list[RecordId] = []
        with self._asked() as (connection, _):
            whole = [shipment]
            while whole:
                wanted = select(_SHIPMENTS.c.record).where(_SHIPMENTS.c.current, _SHIPMENTS.c.parent.in_(whole[:_MOST]))
                parts = [RecordId(record) for record in connection.execute(wanted).scalars()]
                whole = [*whole[_MOST:], *parts]
                found += parts
        return tuple(found)

    def holders(self, shipments: Sequence[bytes]) -> set[int]:
        """Every organization that has ever held one of the shipments after a block."""
        wanted = select(_SHIPMENTS.c.holder).where(_SHIPMENTS.c.record.in_(shipments), ~_SHIPMENTS.c.orphaned)
        with self._asked() as (connection, _):
            return set(connection.execute(wanted.distinct()).scalars())

    def custody_entries(self, shipments: Sequence[bytes]) -> tuple[Entry, ...]:
        """Entries that named a holder of one of the shipments, or cleared it, in order."""
        with self._asked() as (connection, _):
            about = (ENTRIES.c.record.in_(shipments), ENTRIES.c.kind.in_(_CUSTODY_ACTS))
            return tuple(answer.entry for answer in read_entries(connection, *about, limit=_MOST_ENTRIES))


_FOUNDED = (_ORGANIZATIONS.c.created_seq == 0, _ORGANIZATIONS.c.version == 0, ~_ORGANIZATIONS.c.orphaned)


def _referring(
    connection: Connection, *conditions: ColumnElement[bool], limit: int | None = None
) -> tuple[Reference, ...]:
    same = (ENTRIES.c.block_hash == COMMITMENTS.c.block_hash) & (ENTRIES.c.log_index == COMMITMENTS.c.log_index)
    columns = (ENTRIES.c.seq, ENTRIES.c.kind, ENTRIES.c.record, ENTRIES.c.organization, ENTRIES.c.signer)
    wanted = select(COMMITMENTS.c.commitment, *columns).select_from(COMMITMENTS.join(ENTRIES, same))
    wanted = wanted.where(~COMMITMENTS.c.orphaned, *conditions).order_by(COMMITMENTS.c.seq).limit(limit)
    return tuple(
        Reference(
            Commitment(bytes(row["commitment"])),
            row["seq"],
            BY_KIND[row["kind"]].__name__,
            RecordId(bytes(row["record"])),
            row["organization"],
            Address(bytes(row["signer"])),
        )
        for row in connection.execute(wanted).mappings()
    )


def _founding(connection: Connection, *conditions: ColumnElement[bool]) -> tuple[Reference, ...]:
    columns = (_ORGANIZATIONS.c.profile, _ORGANIZATIONS.c.record, _ORGANIZATIONS.c.number)
    wanted = (
        select(*columns).where(*_FOUNDED, *conditions).order_by(_ORGANIZATIONS.c.number, _ORGANIZATIONS.c.block_number)
    )
    found: dict[int, Reference] = {}
    for profile, record, number in connection.execute(wanted):
        own = Reference(Commitment(bytes(profile)), 0, FOUNDING, RecordId(bytes(record)), number, Address(b""))
        found.setdefault(number, own)
    return tuple(found.values())


def _portions(values: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    for start in range(0, len(values), _MOST):
        yield values[start : start + _MOST]
