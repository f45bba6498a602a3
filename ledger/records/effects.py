"""What an accepted entry does to records, as RULES.md says. No rule is judged here: the contracts have judged.

The own record follows from the act, second records from the entry's notes alone; only an agent that becomes or ceases
to be active counts in its organization, which is no delta. A book may hold a part of the ledger: notes on records that
it does not hold are passed over.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from ledger.acts.act import Act, ActClass, RecordKind
from ledger.ids import Address, Commitment, RecordId, Time
from ledger.journal.entries import Entry, founding_head
from ledger.records.book import Book, MemoryBook
from ledger.records.codes import AgentStatus, OrganizationStatus, Power, Role
from ledger.records.custody import shipment_after
from ledger.records.directory import agent_after, organization_after, policy_after
from ledger.records.licensing import application_after, certificate_after, license_after, noted
from ledger.records.states import Agent, Organization, Record

__all__ = ["Book", "MemoryBook", "apply", "apply_notes", "found"]

_AFTER: dict[RecordKind, Callable[[Act, Entry, Book], Record]] = {
    RecordKind.ORGANIZATION: organization_after,
    RecordKind.AGENT: agent_after,
    RecordKind.POLICY: policy_after,
    RecordKind.CERTIFICATE: certificate_after,
    RecordKind.APPLICATION: application_after,
    RecordKind.LICENSE: license_after,
    RecordKind.SHIPMENT: shipment_after,
}


class FoundingAgent(Protocol):
    @property
    def account(self) -> Address: ...

    @property
    def powers(self) -> int: ...


class FoundingOrganization(Protocol):
    @property
    def roles(self) -> int: ...

    @property
    def profile(self) -> bytes: ...

    @property
    def agents(self) -> Sequence[FoundingAgent]: ...


class TrustRoot(Protocol):
    """What a deployment founds, and the ids of that."""

    @property
    def founders(self) -> Sequence[FoundingOrganization]: ...

    def organization_record(self, number: int) -> RecordId: ...

    def agent_record(self, organization: int, account: Address) -> RecordId: ...


def found(deployment: TrustRoot, book: Book) -> None:
    """Puts the founding organizations and agents into an empty book: version 0, founding heads, no entry."""
    for place, founder in enumerate(deployment.founders, start=1):
        record = deployment.organization_record(place)
        number = book.new_number(RecordKind.ORGANIZATION, record)
        organization = Organization(
            record=record,
            head=founding_head(record, number, founder.roles, founder.profile),
            number=number,
            roles=Role(founder.roles),
            sponsor=number,
            status=OrganizationStatus.ACTIVE,
            agents=0,
            admins=0,
            profile=Commitment(founder.profile),
        )
        book.put(organization)
        for appointee in founder.agents:
            book.put(_founded(deployment, number, appointee, book))


def _founded(deployment: TrustRoot, organization: int, appointee: FoundingAgent, book: Book) -> Agent:
    record = deployment.agent_record(organization, appointee.account)
    return Agent(
        record=record,
        head=founding_head(record, organization, appointee.powers, appointee.account),
        number=book.new_number(RecordKind.AGENT, record),
        organization=organization,
        account=appointee.account,
        powers=Power(appointee.powers),
        status=AgentStatus.PENDING,
        since=Time(0),
        appointer=0,
    )


def apply(entry: Entry, book: Book) -> None:
    """Enters everything that the entry does.

    Raises:
        Refused: the book lacks a record that the act needs (a part of the ledger without it).
        InvalidField: the entry's act or a delta is not canonically encoded.
    """
    act = entry.decoded()
    if act.CLASS is not ActClass.NOTE:
        own = _AFTER[act.RECORD](act, entry, book)
        book.put(replace(own, version=entry.version, head=entry.record_head, last_seq=entry.seq))
    apply_notes(entry, book)


def apply_notes(entry: Entry, book: Book) -> None:
    """Enters only what the entry leaves on second records, and a note's count on its own."""
    for touched in entry.touched:
        record = book.get(touched.record)
        if record is not None:
            after = noted(record, touched.delta)
            book.put(replace(after, notes=touched.note, note_head=touched.note_head, last_seq=entry.seq))
