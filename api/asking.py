"""Questions to the ledger, each with its block; what is not there is refused by name."""

import time
from dataclasses import replace
from typing import Any, TypeVar

from api import queries
from api.answers import ActStatus, Block, Entry, JournalState, Known, One, OneOfAny, Page, Readiness
from api.reading import Sight
from api.records import Agent, Application, Certificate, License, Organization, Policy, Shipment, Shown
from ledger.chain.artifacts import view_call
from ledger.dossier.building import build
from ledger.errors import Refused, Unavailable
from ledger.ids import Digest, RecordId, Time
from ledger.opening import OpenLedger
from ledger.read_model import answers
from ledger.read_model.filters import OrganizationFilter
from ledger.records import states

Item = TypeVar("Item", bound=Shown)
MODELS: dict[type[states.Record], type[Shown]] = {
    states.Organization: Organization,
    states.Agent: Agent,
    states.Policy: Policy,
    states.Certificate: Certificate,
    states.Application: Application,
}
"""By kind; a license is shown with its standing, a shipment with its parts."""
_CATCHING_UP = 2.0
"""Seconds in which the read model may still take in the chain's last block."""


def moment(ledger: OpenLedger) -> Time:
    """Now. A chain in rehearsal may run ahead of the clock, and its contracts go by its time."""
    known = ledger.read_model.cursor()
    return Time(max(int(time.time()), known.time if known else 0))


def listed(model: type[Item], page: answers.Page[Any]) -> Page[Item]:
    """A page as it is shown."""
    return Page(items=[model.of(item) for item in page.items], next=page.next, block=Block.of(page.block))


def organizations(asked: queries.Organizations, ledger: OpenLedger, seen: Sight) -> Page[Organization]:
    """Organizations as this reader sees them; who has whose mandate is told only where that is its affair."""
    wanted, own = asked.wanted(OrganizationFilter), seen.reader.organization
    if wanted.delegate not in (None, own) and not seen.everyones_affairs:
        wanted = replace(wanted, within=own)
    page = ledger.read_model.organizations(wanted, limit=asked.limit, after=asked.after)
    return listed(Organization, replace(page, items=tuple(seen.shown(one) for one in page.items)))


def one(
    model: type[Item], kind: type[states.Record], record: RecordId, *, ledger: OpenLedger, seen: Sight
) -> One[Item]:
    """The record of that kind. Raises Refused("UnknownRecord")."""
    found, block = seen.find(record, ledger)
    if not isinstance(found, kind):
        raise Refused("UnknownRecord", {"record": record})
    return One(item=model.of(found), block=Block.of(block))


def one_license(record: RecordId, ledger: OpenLedger, seen: Sight) -> One[License]:
    """The license as it stands now. Raises Refused("UnknownRecord")."""
    seen.find(record, ledger)
    found = ledger.read_model.license(record, at=moment(ledger))
    if found.item is None:
        raise Refused("UnknownRecord", {"record": record})
    return One(item=License.of(found.item), block=Block.of(found.block))


def one_shipment(record: RecordId, ledger: OpenLedger, seen: Sight) -> One[Shipment]:
    """The shipment. Raises Refused("UnknownRecord")."""
    seen.find(record, ledger)
    found = ledger.read_model.shipment(record)
    if found.item is None:
        raise Refused("UnknownRecord", {"record": record})
    return One(item=Shipment.of(found.item), block=Block.of(found.block))


def dossier(record: RecordId, ledger: OpenLedger, seen: Sight) -> bytes:
    """The file, for who may see the shipment and its license. Raises Refused("UnknownRecord"), Unavailable."""
    found, _ = seen.find(record, ledger)
    if not isinstance(found, states.Shipment):
        raise Refused("UnknownRecord", {"record": record})
    seen.find(found.license, ledger)
    if ledger.log is None:
        raise Unavailable("this process only reads the ledger")
    return build(ledger.read_model, ledger.deployment, record, ledger.log.newest()).data


def any_record(record: RecordId, ledger: OpenLedger, seen: Sight) -> OneOfAny:
    """The record of whatever kind. Raises Refused("UnknownRecord")."""
    found, block = seen.find(record, ledger)
    if isinstance(found, states.License):
        return OneOfAny.of(one_license(record, ledger, seen))
    if isinstance(found, states.Shipment):
        return OneOfAny.of(one_shipment(record, ledger, seen))
    return OneOfAny.of({"item": MODELS[type(found)].of(found), "block": Block.of(block)})


def known(record: RecordId, ledger: OpenLedger) -> Known:
    """Whether there is a record of that id, of whatever kind."""
    found = ledger.read_model.record(record)
    return Known(known=found.item is not None, block=Block.of(found.block))


def history(record: RecordId, asked: queries.Slice, *, ledger: OpenLedger, seen: Sight) -> Page[Entry]:
    """The entries that stepped or noted the record. Raises Refused: UnknownRecord, NotEntitled."""
    seen.find_history(record, ledger)
    return listed(Entry, ledger.read_model.history(record, limit=asked.limit, after=asked.after))


def act_status(digest: Digest, ledger: OpenLedger) -> ActStatus:
    """What the outbox knows of an act, or else the journal. Raises Refused("UnknownAct")."""
    found = ledger.read_model.entry_by_digest(digest)
    status = ledger.relay.status(digest) if ledger.relay else None
    if status is not None:
        return ActStatus.of_outbox(status, found.block)
    if found.item is None:
        raise Refused("UnknownAct", {"digest": digest})
    return ActStatus.of_journal(found.item.entry, found.block)


def journal_state(ledger: OpenLedger) -> JournalState:
    """What the chain says of the journal at its last block. Raises Unavailable."""
    head = ledger.node.head()
    state = ledger.node.call(ledger.deployment.address("Journal"), view_call("state()"), block=head.number)
    return JournalState.of(
        {"entries": int.from_bytes(state[:32], "big"), "journal_head": state[32:64], "block": Block.of(head)}
    )


def readiness(ledger: OpenLedger) -> Readiness:
    """Raises Unavailable while the chain does not answer, acts cannot be sent, or the read model is behind."""
    if ledger.relay and ledger.relay.trouble:
        raise ledger.relay.trouble
    head, until = ledger.node.head(), time.monotonic() + _CATCHING_UP
    while (known := ledger.read_model.cursor()) is None or known.number < head.number:
        if time.monotonic() > until:
            raise Unavailable("the read model is behind the chain")
        time.sleep(0.05)
    return Readiness(block=Block.of(known))
