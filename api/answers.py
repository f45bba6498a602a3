"""What goes out besides the records themselves: entries, acts and what became of them, lists, reports.

Models say how something is shown, never what it means. Every answer about records or the journal names its block.
"""

from typing import Annotated, Any, Generic, Literal, Self, TypeVar

from pydantic import Field

from api.problems import members
from api.records import Agent, Application, Certificate, License, Organization, Policy, Shipment, Shown
from api.shapes import ActName, Amount, Hex, Hex20, Hex32, Number, Powers, Roles, Seconds, ShipmentStatus
from ledger.chain.outbox import Included as Inclusion
from ledger.chain.outbox import Status
from ledger.ids import RecordId
from ledger.journal import entries
from ledger.read_model.answers import EntryAnswer, OverdueAnswer

Item = TypeVar("Item", bound=Shown)
AnyRecord = Organization | Agent | Policy | Certificate | Application | License | Shipment


class Block(Shown):
    """A block of the chain; in answers to questions the last one that the service knows."""

    number: int
    hash: Hex32
    time: Seconds


class Page(Shown, Generic[Item]):
    """A part of a list; `next` is the cursor to ask for more with, null at the end."""

    items: list[Item]
    next: str | None
    block: Block


class One(Shown, Generic[Item]):
    """One record."""

    item: Item
    block: Block


class OneOfAny(Shown):
    """One record of any kind; `recordKind` says which."""

    item: Annotated[AnyRecord, Field(discriminator="record_kind")]
    block: Block


class Overdue(Shown):
    """A shipment with goods out under a temporary license that should be back, and who has them."""

    shipment: Hex32
    status: ShipmentStatus
    exporter: Number
    end_user: Number
    holder: Number
    responsible: Number
    license: Hex32
    license_number: Number
    authority: Number
    return_by: Seconds
    outstanding: Annotated[list[Amount], Field(description="Line by line of the shipment.")]

    @classmethod
    def of(cls, value: object) -> Self:
        """The model of an OverdueAnswer."""
        if not isinstance(value, OverdueAnswer):
            return super().of(value)
        goods, license = value.shipment, value.license
        return cls.model_validate(
            {name: getattr(goods, name) for name in ("status", "exporter", "end_user", "responsible", "license")}
            | {"shipment": goods.record, "holder": value.holder, "outstanding": value.outstanding}
            | {"license_number": license.number, "authority": license.authority, "return_by": license.return_by}
        )


class JournalState(Shown):
    """How many entries the journal has at the chain's last block, and its head."""

    entries: int
    journal_head: Hex32
    block: Block


class Note(Shown):
    """A note that an entry left on a record."""

    record: Hex32
    note: int
    note_head: Hex32
    delta: Hex


class Entry(Shown):
    """An accepted act in the journal. `act` is the signed struct in its ABI encoding, `message` the same read."""

    seq: int
    time: Seconds
    kind: ActName
    record: Hex32
    organization: Number
    version: int
    signer: Hex20
    digest: Hex32
    record_head: Hex32
    act: Hex
    message: dict[str, Any]
    signature: Hex
    touched: list[Note]
    transaction: Hex32
    log_index: int
    block: Block

    @classmethod
    def of(cls, value: object) -> Self:
        """The model of an EntryAnswer."""
        if not isinstance(value, EntryAnswer):
            return super().of(value)
        entry = value.entry
        own = {name: getattr(entry, name) for name in cls.model_fields if name in entries.Entry.__slots__}
        block = {"number": entry.block_number, "hash": entry.block_hash, "time": entry.time}
        return cls.model_validate(
            own
            | {
                "kind": value.name,
                "message": value.act,
                "transaction": entry.transaction_hash,
                "block": block,
            }
        )


class Prepared(Shown):
    """An act ready to sign: `typedData` goes to a wallet as it is."""

    typed_data: dict[str, Any]
    digest: Hex32
    record: Hex32


class Included(Shown):
    """The act is in the journal."""

    status: Literal["included"] = "included"
    digest: Hex32
    seq: int
    version: int
    head: Hex32
    record: Hex32
    transaction: Hex32
    block: Block

    @classmethod
    def shown(cls, found: Inclusion, record: RecordId) -> Self:
        """The model of an inclusion of an act on `record`."""
        own = {name: getattr(found, name) for name in ("digest", "seq", "version", "head")}
        block = {"number": found.block_number, "hash": found.block_hash, "time": found.block_time}
        return cls.model_validate(own | {"record": record, "transaction": found.transaction_hash, "block": block})


class BatchItem(Shown):
    """What became of one act: the status and body that it would have got alone."""

    status: int
    body: Included | dict[str, Any]


class Batch(Shown):
    """One item for each act, in the order in which they came."""

    items: list[BatchItem]


class ActStatus(Shown):
    """What is known here of an act. A failed one got no reason from the chain and may be sent again."""

    digest: Hex32
    signer: Hex20
    kind: ActName
    status: Literal["queued", "sent", "included", "refused", "failed"]
    queued_at: int | None
    sent_at: int | None
    answered_at: int | None
    seq: int | None
    version: int | None
    head: Hex32 | None
    transaction: Hex32 | None
    refusal: Annotated[dict[str, Any] | None, Field(description="A Problem.")]
    block: Block

    @classmethod
    def of_outbox(cls, found: Status, block: object) -> Self:
        """The model of what the outbox knows."""
        own: dict[str, object] = {
            name: getattr(found, name) for name in ("digest", "signer", "queued_at", "sent_at", "answered_at")
        }
        inclusion = found.included
        return cls.model_validate(
            own
            | {
                "kind": found.kind,
                "status": found.state,
                "seq": inclusion and inclusion.seq,
                "version": inclusion and inclusion.version,
                "head": inclusion and inclusion.head,
                "transaction": inclusion and inclusion.transaction_hash,
                "refusal": members(found.refused) if found.refused else None,
                "block": Block.of(block),
            }
        )

    @classmethod
    def of_journal(cls, entry: entries.Entry, block: object) -> Self:
        """The model of an entry whose act came another way."""
        return cls.model_validate(
            {
                "digest": entry.digest,
                "signer": entry.signer,
                "kind": entry.kind,
                "status": "included",
                "queued_at": None,
                "sent_at": None,
                "answered_at": None,
                "seq": entry.seq,
                "version": entry.version,
                "head": entry.record_head,
                "transaction": entry.transaction_hash,
                "refusal": None,
                "block": Block.of(block),
            }
        )


class Kept(Shown):
    """The document is on disk."""

    commitment: Hex32


class SchemaEntry(Shown):
    kind: str
    path: str


class SchemaList(Shown):
    """The kinds of documents."""

    items: list[SchemaEntry]


class Nonce(Shown):
    """For one sign-in message, until `expires`; `chainId` belongs into it too."""

    nonce: str
    expires: Seconds
    chain_id: int


class SessionOpened(Shown):
    """Send `token` as `Authorization: Bearer` with every question; it is told only here."""

    token: str
    expires: Seconds
    account: Hex20
    organization: Number
    roles: Roles
    powers: Powers


class Known(Shown):
    """Whether there is a record of that id; not of which kind, nor whose."""

    known: bool
    block: Block


class Health(Shown):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Readiness(Shown):
    """Chain and read model answer, and the read model knows the chain's head."""

    status: Literal["ready"] = "ready"
    block: Block
