"""What an accepted entry does to records, as RULES.md says. No rule is judged here: the contracts have judged.

The own record follows from the act, second records from the entry's notes. Four things are no delta of a note: an
agent that becomes or ceases to be active counts in its organization, a passed vote voids the open ones, a recovery
dismisses administrators, a split makes its parts. A book may hold a part of the ledger: notes on records that it does
not hold are passed over.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from ledger.acts.act import Act, ActClass, RecordKind
from ledger.acts.manifests import SplitShipment
from ledger.ids import Address, Commitment, RecordId, Time
from ledger.journal.entries import Entry, founding_head
from ledger.records.applications import application_after
from ledger.records.book import Book, MemoryBook, Origin
from ledger.records.certificates import certificate_after
from ledger.records.codes import AgentStatus, OrganizationStatus, Power, Role
from ledger.records.custody import Passage, custody_after
from ledger.records.directory import agent_after, policy_after
from ledger.records.licensing import license_after
from ledger.records.manifests import Manifest, manifest_after, parts_of
from ledger.records.notes import noted
from ledger.records.orders import order_after
from ledger.records.organizations import organization_after
from ledger.records.reports import Report, report_after
from ledger.records.states import Agent, Organization, Record, Shipment

__all__ = ["Book", "MemoryBook", "apply", "apply_notes", "found"]


def _shipment_after(act: Act, entry: Entry, book: Book) -> Shipment:
    if isinstance(act, Manifest):
        return manifest_after(act, entry, book)
    if isinstance(act, Passage):
        return custody_after(act, entry, book)
    if isinstance(act, Report):
        return report_after(act, entry, book)
    return order_after(act, entry, book)


_AFTER: dict[RecordKind, Callable[[Act, Entry, Book], Record]] = {
    RecordKind.ORGANIZATION: organization_after,
    RecordKind.AGENT: agent_after,
    RecordKind.POLICY: policy_after,
    RecordKind.CERTIFICATE: certificate_after,
    RecordKind.APPLICATION: application_after,
    RecordKind.LICENSE: license_after,
    RecordKind.SHIPMENT: _shipment_after,
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
    def chain_id(self) -> int: ...

    @property
    def founders(self) -> Sequence[FoundingOrganization]: ...

    def address(self, contract: str) -> Address: ...

    def organization_record(self, number: int) -> RecordId: ...

    def agent_record(self, organization: int, account: Address) -> RecordId: ...


def found(deployment: TrustRoot, book: Book) -> None:
    """Puts the founding organizations and agents into an empty book: version 0, founding heads, no entry."""
    book.begin(Origin(deployment.chain_id, deployment.address("Shipments")))
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
    parts = parts_of(act, entry, book) if isinstance(act, SplitShipment) else []
    own = _AFTER[act.RECORD](act, entry, book)
    if act.CLASS is ActClass.NOTE:
        book.put(replace(own, last_seq=entry.seq))
    else:
        book.put(replace(own, version=entry.version, head=entry.record_head, last_seq=entry.seq))
    for part in parts:
        book.put(part)
    apply_notes(entry, book)


def apply_notes(entry: Entry, book: Book) -> None:
    """Enters only what the entry leaves on second records, and a note's count on its own."""
    act = entry.decoded() if entry.touched else None
    for touched in entry.touched:
        record = book.get(touched.record)
        if record is not None and act is not None:
            own = act.CLASS is ActClass.NOTE and touched.record == entry.record
            after = record if own else noted(record, touched.delta, act, book)
            book.put(replace(after, notes=touched.note, note_head=touched.note_head, last_seq=entry.seq))
