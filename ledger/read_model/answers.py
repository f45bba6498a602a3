"""What questions get for answers: frozen values that name the block they were read at."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from ledger.acts.words import Json
from ledger.chain.node import Block
from ledger.ids import RecordId
from ledger.journal.entries import Entry
from ledger.records.codes import letter_of, name_of, names_of
from ledger.records.standing import Standing
from ledger.records.states import License, Shipment

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some items in order, and where the next page begins; `next` is None on the last."""

    items: tuple[Item, ...]
    next: str | None
    block: Block


@dataclass(frozen=True, slots=True)
class Found(Generic[Item]):
    """One item, or None where there is none."""

    item: Item | None
    block: Block


@dataclass(frozen=True, slots=True)
class LicenseAnswer:
    """A license with what is left of it and how it stands at the moment that was asked for."""

    license: License
    standing: Standing

    @property
    def status(self) -> str:
        return name_of(self.license.status)


@dataclass(frozen=True, slots=True)
class ShipmentAnswer:
    """A shipment in words: who holds it, its status, grades as letters ("" where there is none), broken rules."""

    shipment: Shipment
    parts: tuple[RecordId, ...] = ()
    """That a split made of it."""

    @property
    def holder(self) -> int:
        return self.shipment.holder

    @property
    def status(self) -> str:
        return name_of(self.shipment.status)

    @property
    def grade(self) -> str:
        return letter_of(self.shipment.grade)

    @property
    def departure_grade(self) -> str:
        return letter_of(self.shipment.departure_grade)

    @property
    def delivery_grade(self) -> str:
        return letter_of(self.shipment.delivery_grade)

    @property
    def irregular(self) -> tuple[str, ...]:
        return names_of(self.shipment.irregular)


@dataclass(frozen=True, slots=True)
class OverdueAnswer:
    """A shipment with goods out under a temporary license after its returnBy, and that license."""

    shipment: Shipment
    license: License

    @property
    def holder(self) -> int:
        return self.shipment.holder

    @property
    def outstanding(self) -> tuple[int, ...]:
        """Line by line, in the units of the license's lines."""
        return tuple(self.shipment.outstanding(line) for line in self.shipment.lines)


@dataclass(frozen=True, slots=True)
class EntryAnswer:
    """An entry with its act in words; `act` as wallets show it."""

    entry: Entry
    name: str
    act: dict[str, Json]
