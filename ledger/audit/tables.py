"""Tables that a refused act leaves as they were: what an act writes waits aside until it is accepted.

A row's members are replaced, never changed in place (tuples and frozensets), so a shallow copy is a copy.
"""

import copy
from collections.abc import Iterator
from typing import Generic, TypeVar

Key = TypeVar("Key")
Row = TypeVar("Row")


class Table(Generic[Key, Row]):
    """A dictionary with one act's changes kept apart."""

    def __init__(self) -> None:
        self._kept: dict[Key, Row] = {}
        self._changed: dict[Key, Row] = {}

    def get(self, key: Key) -> Row | None:
        """The row as the act so far leaves it; None where there is none."""
        return self._changed[key] if key in self._changed else self._kept.get(key)

    def put(self, key: Key, row: Row) -> None:
        """Writes a row, new or known."""
        self._changed[key] = row

    def draft(self, key: Key) -> Row:
        """The row to be written on; what was kept stays as it is. Raises KeyError."""
        if key not in self._changed:
            self._changed[key] = copy.copy(self._kept[key])
        return self._changed[key]

    def __contains__(self, key: Key) -> bool:
        return key in self._changed or key in self._kept

    def __iter__(self) -> Iterator[Key]:
        """The keys that are kept."""
        return iter(self._kept)

    def values(self) -> Iterator[Row]:
        """The rows that are kept."""
        return iter(self._kept.values())

    def commit(self) -> None:
        """Keeps what was written."""
        self._kept.update(self._changed)
        self._changed = {}

    def rollback(self) -> None:
        """Forgets what was written."""
        self._changed = {}
