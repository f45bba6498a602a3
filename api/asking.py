"""Questions to the ledger, each with its block; what is not there is refused by name."""

import time
from typing import Any, TypeVar

from api.answers import ActStatus, Block, Entry, JournalState, One, OneOfAny, Page, Readiness
from api.records import Agent, Application, Certificate, License, Organization, Policy, Shipment, Shown
from ledger.chain.artifacts import view_call
from ledger.errors import Refused, Unavailable
from ledger.ids import Digest, RecordId, Time
from ledger.opening import OpenLedger
from ledger.read_model import answers
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


def one(model: type[Item], kind: type[states.Record], record: RecordId, ledger: OpenLedger) -> One[Item]:
    """The record of that kind. Raises Refused("UnknownRecord")."""
    found = ledger.read_model.record(record)
    if not isinstance(found.item, kind):
        raise Refused("UnknownRecord", {"record": record})
    return One(item=model.of(found.item), block=Block.of(found.block))


def one_license(record: RecordId, ledger: OpenLedger) -> One[License]:
    """The license as it stands now. Raises Refused("UnknownRecord")."""
    found = ledger.read_model.license(record, at=moment(ledger))
    if found.item is None:
        raise Refused("UnknownRecord", {"record": record})
    return One(item=License.of(found.item), block=Block.of(found.block))


def one_shipment(record: RecordId, ledger: OpenLedger) -> One[Shipment]:
    """The shipment. Raises Refused("UnknownRecord")."""
    found = ledger.read_model.shipment(record)
    if found.item is None:
        raise Refused("UnknownRecord", {"record": record})
    return One(item=Shipment.of(found.item), block=Block.of(found.block))


def any_record(record: RecordId, ledger: OpenLedger) -> OneOfAny:
    """The record of whatever kind. Raises Refused("UnknownRecord")."""
    found = ledger.read_model.record(record)
    if found.item is None:
        raise Refused("UnknownRecord", {"record": record})
    if isinstance(found.item, states.License):
        return OneOfAny.of(one_license(record, ledger))
    if isinstance(found.item, states.Shipment):
        return OneOfAny.of(one_shipment(record, ledger))
    return OneOfAny.of({"item": MODELS[type(found.item)].of(found.item), "block": Block.of(found.block)})


def history(record: RecordId, ledger: OpenLedger, *, limit: int, after: str | None) -> Page[Entry]:
    """The entries that stepped or noted the record. Raises Refused("UnknownRecord")."""
    page = listed(Entry, ledger.read_model.history(record, limit=limit, after=after))
    if not page.items and ledger.read_model.record(record).item is None:
        raise Refused("UnknownRecord", {"record": record})
    return page


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
