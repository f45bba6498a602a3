"""Gathering the history of a shipment from whoever has the journal, record by record, until nothing new is wanted.

What is wanted follows from what was found (`closure`); a source says where entries and numbers come from. It judges
nothing.
"""

from abc import ABC, abstractmethod
from collections.abc import Set

from ledger.acts.act import RecordKind
from ledger.chain.closure import Closure, closure_of
from ledger.chain.deployment import Deployment
from ledger.ids import RecordId
from ledger.journal.entries import Entry


class Gathering(ABC):
    """What was found so far: entries by seq, records of numbers."""

    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment
        self._entries: dict[int, Entry] = {}
        self._asked: set[RecordId] = set()
        self._searched: set[RecordId] = set()
        self._numbers: dict[tuple[RecordKind, int], RecordId] = {}

    def entries(self) -> tuple[Entry, ...]:
        """In order of seq."""
        return tuple(self._entries[seq] for seq in sorted(self._entries))

    def gather(self, shipment: RecordId) -> Closure:
        """Asks until the closure wants nothing new."""
        while True:
            closure = closure_of(self._deployment, shipment, self.entries(), self._numbers)
            numbers = closure.numbers - self._numbers.keys()
            records = closure.records.keys() - self._asked
            rootless = closure.rootless & self._asked - self._searched
            if not numbers and not records and not rootless:
                return closure
            for kind, number in sorted(numbers):
                self._numbers[kind, number] = self._record_of(kind, number)
            self._load(closure, records)
            self._asked |= records
            for record in rootless:
                self._searched.add(record)
                self._find_split(record)

    @abstractmethod
    def _record_of(self, kind: RecordKind, number: int) -> RecordId:
        """The record id of a number; 32 zero bytes where there is none."""

    @abstractmethod
    def _load(self, closure: Closure, records: Set[RecordId]) -> None:
        """Finds the entries that stepped or noted the records, each with all its notes."""

    @abstractmethod
    def _find_split(self, part: RecordId) -> None:
        """Finds the acts that made a part, which nothing in the journal names before its own first act."""
