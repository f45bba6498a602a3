"""Where effects find and leave records: the protocol, and a book in memory.

`MemoryBook` keeps every state of every record, so that a verifier can ask what stood there at an entry.
"""

from typing import Protocol, TypeVar

from ledger.acts.act import RecordKind
from ledger.errors import Refused
from ledger.records.states import Agent, Certificate, License, Organization, Policy, Record

Numbered = TypeVar("Numbered", Organization, Policy, Certificate, License)
Known = TypeVar("Known", bound=Record)


class Book(Protocol):
    """Records by id, and by the numbers that acts use. A lookup by number raises Refused where there is none."""

    def get(self, record: bytes) -> Record | None: ...

    def put(self, record: Record) -> None: ...

    def organization(self, number: int) -> Organization: ...

    def policy(self, number: int) -> Policy: ...

    def certificate(self, number: int) -> Certificate: ...

    def license(self, number: int) -> License: ...

    def agent(self, organization: int, account: bytes) -> Agent:
        """The agent that the account is of the organization."""

    def new_number(self, kind: RecordKind, record: bytes) -> int:
        """The number of a new record, counting from 1 in order of creation."""


class MemoryBook:
    """A Book of everything it was told."""

    def __init__(self) -> None:
        self._states: dict[bytes, list[Record]] = {}
        self._numbered: dict[tuple[type[Record], int], bytes] = {}
        self._agents: dict[tuple[int, bytes], bytes] = {}
        self._counts: dict[RecordKind, int] = {}

    def get(self, record: bytes) -> Record | None:
        states = self._states.get(record)
        return states[-1] if states else None

    def put(self, record: Record) -> None:
        states = self._states.setdefault(record.record, [])
        if states and states[-1].last_seq == record.last_seq:
            states.pop()
        states.append(record)
        number = getattr(record, "number", None)
        if number is not None:
            self._numbered[type(record), number] = record.record
        if isinstance(record, Agent):
            self._agents[record.organization, record.account] = record.record

    def records(self) -> list[Record]:
        """The current state of all records, in order of creation."""
        return [states[-1] for states in self._states.values()]

    def states(self, record: bytes) -> tuple[Record, ...]:
        """Every state of a record, one an entry that stepped or noted it (`last_seq`), oldest first."""
        return tuple(self._states.get(record, ()))

    def at(self, record: bytes, seq: int) -> Record | None:
        """The record as it stood right after the entry of that seq."""
        past = [state for state in self._states.get(record, ()) if state.last_seq <= seq]
        return past[-1] if past else None

    def organization(self, number: int) -> Organization:
        return self._at_number(Organization, number)

    def policy(self, number: int) -> Policy:
        return self._at_number(Policy, number)

    def certificate(self, number: int) -> Certificate:
        return self._at_number(Certificate, number)

    def license(self, number: int) -> License:
        return self._at_number(License, number)

    def agent(self, organization: int, account: bytes) -> Agent:
        found = self.get(self._agents.get((organization, account), b""))
        if isinstance(found, Agent):
            return found
        raise Refused("NotAnAgent", {"signer": account, "organization": organization})

    def new_number(self, kind: RecordKind, record: bytes) -> int:  # noqa: ARG002  # a book of a part may pin numbers by id
        self._counts[kind] = self._counts.get(kind, 0) + 1
        return self._counts[kind]

    def _at_number(self, kind: type[Numbered], number: int) -> Numbered:
        found = self.get(self._numbered.get((kind, number), b""))
        if isinstance(found, kind):
            return found
        raise unknown_number(kind, number)


def unknown_number(kind: type[Record], number: int) -> Refused:
    """No record of that kind has the number: UnknownOrganization(organization), UnknownPolicy(policy), ..."""
    return Refused(f"Unknown{kind.__name__}", {kind.__name__.lower(): number})


def known(kind: type[Known], record: bytes, book: Book) -> Known:
    """The record of that id and kind. Raises Refused("UnknownRecord")."""
    found = book.get(record)
    if isinstance(found, kind):
        return found
    raise Refused("UnknownRecord", {"record": record})
