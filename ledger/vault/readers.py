"""Who may read a document, section by section, as it follows from the records now; and who of them lacks a key.

    organization    itself, its sponsor, every authority: all
    certificate     exporter, end-user, a consignee that cosigned and is party to an application, the sponsors of these,
                    its authority, authorities of the exporter's applications and licenses that name it, whoever
                    verified or endorsed it: all
    application     exporter, authority: all; an assessment: the authority alone
    license         exporter, authority: all; its parties: goods
    shipment        its exporter, its license's authority: all; goods: the end-user and everybody who has held it, its
                    parts, or what it is a part of; of a manifest also whom it is offered to, customs that cleared it,
                    and who holds it back
    policy          its authority, every other authority: all
    always          the organization of the document's author, and the one for which it acted: all
    never           others than authorities and the author: a screening report warns nobody who was screened

Only acts that the document's author signed count: nobody becomes a reader by committing to another's document. Readers
are the active agents of these organizations, those with the power ARCHIVE among them; a suspended organization has
none. What somebody was given once cannot be taken back; a key is given by whoever can open the document.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ledger.acts.applications import AssessApplication
from ledger.acts.certificates import CosignCertificate
from ledger.acts.custody import AcceptHandoff, ClearShipment
from ledger.acts.manifests import AdjustShipment, RecordTransfer, RegisterShipment, SplitShipment
from ledger.acts.orders import OrderHandoff, ReleaseSeizure, SeizeShipment
from ledger.acts.reports import ReportMovement
from ledger.documents.sealing import GOODS, SECTIONS
from ledger.ids import ZERO32, Address, Commitment, RecordId
from ledger.read_model.filters import AgentFilter, OrganizationFilter
from ledger.read_model.model import ReadModel
from ledger.read_model.references import Reference
from ledger.records.codes import AgentStatus, OrganizationStatus, Power, Role
from ledger.records.states import (
    NO_RECORD,
    Agent,
    Application,
    Certificate,
    License,
    Organization,
    Policy,
    Record,
    Shipment,
)
from ledger.vault.store import Origin

ALL = SECTIONS
GOODS_ONLY = (GOODS,)
Entitled = Mapping[int, tuple[str, ...]]
"""By number of the organization, the sections that it may read."""
_PAGE = 200
_CONFIDENTIAL = {"ScreeningReport"}
_MANIFESTS = {act.__name__ for act in (RegisterShipment, AdjustShipment, SplitShipment, RecordTransfer)}


@dataclass(frozen=True, slots=True)
class Recipient:
    """An active agent of an organization that may read `sections`, and the key that they are sealed to."""

    organization: int
    agent: RecordId
    account: Address
    x25519: bytes
    sections: tuple[str, ...]
    archive: bool
    """Holds the organization's archive key."""


def entitled(read_model: ReadModel, commitment: Commitment, origin: Origin) -> Entitled:
    """Who may read a document that is kept. Raises Unavailable."""
    # An anonymous document has no signer of its own: its author is who committed to it first.
    found: dict[int, tuple[str, ...]] = {origin.organization: ALL}
    for reference in read_model.references(commitment, signer=origin.account or None):
        for organization, sections in entitled_by(read_model, reference).items():
            found[organization] = max(sections, found.get(organization, ()), key=len)
    if origin.kind in _CONFIDENTIAL:
        may = {origin.organization, *_authorities(read_model)}
        return {organization: sections for organization, sections in found.items() if organization in may}
    return found


def entitled_by(read_model: ReadModel, reference: Reference) -> Entitled:
    """Who may read a document because of one act of its author that commits to it. Raises Unavailable."""
    record = read_model.record(reference.record).item
    found: dict[int, tuple[str, ...]] = {}
    if record is not None and type(record) in _RULES:
        in_part, whole = _RULES[type(record)](read_model, record, reference)
        found = dict.fromkeys(in_part, GOODS_ONLY) | dict.fromkeys(whole, ALL)
    found |= dict.fromkeys((reference.organization, *_behind(read_model, reference)), ALL)
    return {organization: sections for organization, sections in found.items() if organization}


class Staff:
    """The active agents with keys of active organizations, each organization asked once: for one question at a time."""

    def __init__(self, read_model: ReadModel) -> None:
        self._read_model = read_model
        self._agents: dict[int, tuple[Agent, ...]] = {}

    def recipients(self, who: Entitled) -> Iterator[Recipient]:
        """The agents that documents are sealed to, by organization. Raises Unavailable."""
        for number in sorted(who):
            if number not in self._agents:
                self._agents[number] = tuple(self._active(number))
            for agent in self._agents[number]:
                archive = bool(agent.powers & Power.ARCHIVE)
                yield Recipient(number, agent.record, agent.account, agent.x25519, who[number], archive)

    def _active(self, number: int) -> Iterator[Agent]:
        organization = self._read_model.numbered(Organization, number).item
        wanted = AgentFilter(organization=number, status=AgentStatus.ACTIVE)
        following = organization is not None and organization.status == OrganizationStatus.ACTIVE
        after: str | None = None
        while following:
            page = self._read_model.agents(wanted, limit=_PAGE, after=after)
            yield from (agent for agent in page.items if agent.x25519 != ZERO32)
            after, following = page.next, page.next is not None


Readers = tuple[Iterable[int], Iterable[int]]
"""Organizations that read goods, and those that read all."""


def _of_organization(read_model: ReadModel, record: Organization, _: Reference) -> Readers:
    return (), (record.number, record.sponsor, *_authorities(read_model))


def _of_policy(read_model: ReadModel, record: Policy, _: Reference) -> Readers:
    return (), (record.organization, *_authorities(read_model))


def _of_certificate(read_model: ReadModel, record: Certificate, _: Reference) -> Readers:
    naming = [one for one in read_model.naming(record.record) if one.exporter == record.exporter]
    parties = {record.exporter, record.end_user}
    # Any consignee can cosign: one that no application of this exporter knows is a stranger.
    parties |= {record.consignee} & {party.organization for one in naming for party in one.parties}
    authorities = {record.authority, *(one.authority for one in naming)}
    sponsors = {_sponsor(read_model, number) for number in parties}
    return (), parties | authorities | sponsors | set(_signed(read_model, record.record))


def _of_application(_: ReadModel, record: Application, reference: Reference) -> Readers:
    if reference.act == AssessApplication.__name__:
        return (), (record.authority,)
    return (), (record.exporter, record.authority)


def _of_license(read_model: ReadModel, record: License, _: Reference) -> Readers:
    first = read_model.record(record.application).item
    exporters = {record.exporter, *([first.exporter] if isinstance(first, Application) else [])}
    return (party.organization for party in record.parties), {*exporters, record.authority}


def _of_shipment(read_model: ReadModel, record: Shipment, reference: Reference) -> Readers:
    license = read_model.record(record.license).item
    authority = license.authority if isinstance(license, License) else 0
    line = [record.record, *_wholes(read_model, record), *read_model.parts(record.record)]
    carried = {record.end_user, *read_model.holders(line)}
    manifest = reference.act in _MANIFESTS
    for entry in read_model.custody_entries(line):
        match entry.decoded():
            case AcceptHandoff() | SeizeShipment():
                carried.add(entry.organization)
            case ClearShipment():
                carried |= {entry.organization} if manifest else set()
            case ReportMovement() | OrderHandoff() | ReleaseSeizure() as act:
                carried.add(act.to)
    for one in line if manifest else ():
        shipment = read_model.record(one).item
        carried |= {shipment.offered_to, *shipment.holds} if isinstance(shipment, Shipment) else set()
    return carried, (record.exporter, authority)


_RULES: dict[type[Record], Callable[[ReadModel, Any, Reference], Readers]] = {
    Organization: _of_organization,
    Policy: _of_policy,
    Certificate: _of_certificate,
    Application: _of_application,
    License: _of_license,
    Shipment: _of_shipment,
}


def _authorities(read_model: ReadModel) -> list[int]:
    return [one.number for one in read_model.organizations(OrganizationFilter(role=Role.AUTHORITY), limit=_PAGE).items]


def _behind(read_model: ReadModel, reference: Reference) -> tuple[int, ...]:
    """The organization of the signer, which may act for another."""
    agents = read_model.agents(AgentFilter(account=reference.signer), limit=1).items if reference.signer else ()
    return tuple(agent.organization for agent in agents)


def _sponsor(read_model: ReadModel, organization: int) -> int:
    found = read_model.numbered(Organization, organization).item
    return found.sponsor if found else 0


def _signed(read_model: ReadModel, certificate: RecordId) -> Iterator[int]:
    """Whoever signed, verified, endorsed or revoked it."""
    after: str | None = None
    while True:
        page = read_model.history(certificate, limit=_PAGE, after=after)
        for answer in page.items:
            if answer.entry.record == certificate and answer.name != CosignCertificate.__name__:
                yield answer.entry.organization
        if page.next is None:
            return
        after = page.next


def _wholes(read_model: ReadModel, shipment: Shipment) -> Iterator[RecordId]:
    """What it is a part of, of all generations."""
    while shipment.parent != NO_RECORD:
        yield shipment.parent
        found = read_model.record(shipment.parent).item
        if not isinstance(found, Shipment):
            return
        shipment = found
