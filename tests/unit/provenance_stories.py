"""Stories of which the tests of provenance forge the histories: each gives the shipment that it is about."""

from ledger.acts.applications import AssessApplication, RefuseApplication
from ledger.acts.manifests import Draw, RegisterShipment
from ledger.acts.orders import Regularize
from ledger.chain.journal_source import shipment_history
from ledger.records.codes import Irregular
from tests.integration.provenance_journeys import (
    delivered,
    entrust,
    order_to,
    retransfer,
    split,
    succeed,
    to_end_user,
    under_way,
)
from tests.scenario import ASSESS, CUSTODY, DAY, DECIDE, DOCUMENT, SHIP


def told(trade, story):
    """The history of the shipment that the story gives."""
    mark = trade.snapshot()
    history = shipment_history(trade.node, trade.deployment, story(trade))
    trade.revert(mark)
    return history


def a_part(trade):
    shipment = under_way(trade, trade.ship(trade.license(10), 9, share=10), 9)
    first, _ = split(trade, shipment, (7, 3), (5, 4))
    to_end_user(trade, first, 5)
    return first


def a_retransfer(trade):
    first = delivered(trade, trade.ship(trade.license(10), 6), 6)
    return trade.ship(retransfer(trade, first, 5), 2)


def an_order(trade):
    shipment = under_way(trade, trade.ship(trade.license(10), 9), 9)
    trade.report_movement(shipment, "recorder", trade.authority, 9, to=trade.end_user)
    values = {"record": shipment, "bits": Irregular.UNILATERAL, "document": DOCUMENT}
    for person in ("enforcer", "second enforcer"):
        trade.act(Regularize, person, trade.authority, **values)
    order_to(trade, shipment, trade.carrier)
    return shipment


def a_mandate(trade):
    entrust(trade, trade.forwarder, 80, 86)
    trade.appoint("forwarder admin", trade.forwarder, "forwarding shipper", SHIP | CUSTODY)
    values = {"license": trade.license(10), "end_user": trade.end_user, "share": 0, "waybill": bytes(32)}
    values |= {"document": DOCUMENT, "draws": (Draw(line=0, quantity=9),)}
    shipment = trade.act(RegisterShipment, "forwarding shipper", trade.exporter, **values).record
    trade.advance(DAY // 2)
    trade.clear(shipment)
    trade.offer(shipment, "forwarding shipper", trade.exporter, trade.forwarder)
    trade.accept_goods(shipment, "forwarder clerk", trade.forwarder, 9)
    return shipment


def an_appeal(trade):
    certificate = trade.certificate(10)
    refused = trade.apply(10, certificate=certificate)
    trade.assess(refused)
    trade.act(RefuseApplication, "issuer", trade.authority, record=refused, document=DOCUMENT)
    trade.commission("appeal assessor", ASSESS)
    trade.commission("appeal issuer", DECIDE)
    appeal = trade.apply(10, continues=refused, certificate=certificate)
    trade.act(AssessApplication, "appeal assessor", trade.authority, record=appeal, recommendation=1, document=DOCUMENT)
    return trade.ship(trade.issue(appeal, "appeal issuer"), 4)


def a_successor(trade):
    certificate = trade.certificate(10)
    application = trade.apply(10, certificate=certificate)
    trade.assess(application)
    old = trade.issue(application)
    trade.ship(old, 4)
    return trade.ship(succeed(trade, old, certificate, 5), 5)


STORIES = (a_part, a_retransfer, an_order, a_mandate, an_appeal, a_successor)
