"""Journeys for the tests of provenance on a chain, and what a report says of them."""

from ledger.acts.applications import LicenseLine, Party, RecordLicense
from ledger.acts.digests import part_salt
from ledger.acts.licensing import SupersedeLicense
from ledger.acts.manifests import Draw, RecordTransfer, RegisterShipment, SplitShipment
from ledger.acts.orders import OrderHandoff
from ledger.acts.organizations import GrantMandate
from ledger.ids import ZERO32
from tests.scenario import DAY, DOCUMENT, NAR, TERMS


def grades(report):
    found = report.grades
    return found.certificate.name, found.departure.name, found.custody.name, found.delivery.name


def said(report, verdict):
    """What the checks say, by number, where they found something of that verdict."""
    return {
        check.number: [finding.text for finding in check.findings if finding.verdict == verdict]
        for check in report.checks
        if any(finding.verdict == verdict for finding in check.findings)
    }


def to_forwarder(trade, shipment, *counted):
    trade.offer(shipment, "clerk", trade.exporter, trade.forwarder)
    return trade.accept_goods(shipment, "forwarder clerk", trade.forwarder, *counted)


def to_end_user(trade, shipment, *counted):
    trade.offer(shipment, "forwarder clerk", trade.forwarder, trade.end_user)
    trade.accept_goods(shipment, "storekeeper", trade.end_user, *counted)
    return trade.confirm_delivery(shipment, *counted)


def delivered(trade, shipment, *counted):
    trade.clear(shipment)
    to_forwarder(trade, shipment, *counted)
    trade.depart(shipment, "forwarder clerk", trade.forwarder)
    to_end_user(trade, shipment, *counted)
    return shipment


def recorded_license(trade, exporter, **fields):
    """A license from before the ledger, of which 4 of 10 were drawn."""
    line = LicenseLine(
        unit=NAR, decimals=0, granted=10, drawn=4, unlimited=False, certificate=ZERO32, certificate_line=0
    )
    values = {
        "kind": 1,
        "exporter": exporter,
        "control": 1,
        "drawn_share": 0,
        "valid_from": trade.time - DAY,
        "valid_until": trade.time + DAY,
        "document": DOCUMENT,
        "parties": (Party(organization=trade.end_user, role=6),),
        "lines": (line,),
    }
    return trade.issue(trade.act(RecordLicense, "recorder", trade.authority, **(values | fields)).record)


def represented(trade, keyless):
    """A shipment that the sponsor registers for an exporter without keys."""
    return trade.act(
        RegisterShipment,
        "recorder",
        keyless,
        license=recorded_license(trade, keyless),
        end_user=trade.end_user,
        share=0,
        waybill=ZERO32,
        document=DOCUMENT,
        draws=(Draw(line=0, quantity=6),),
    )


def under_way(trade, shipment, *counted):
    """Cleared, with the forwarder, departed."""
    trade.clear(shipment)
    to_forwarder(trade, shipment, *counted)
    trade.depart(shipment, "forwarder clerk", trade.forwarder)
    return shipment


def split(trade, shipment, shares, quantities):
    """The records of the parts."""
    values = {"document": DOCUMENT, "shares": shares, "quantities": quantities}
    act = trade.act(SplitShipment, "forwarder clerk", trade.forwarder, record=shipment, **values).decoded()
    salts = [part_salt(shipment, index) for index in range(len(shares))]
    return [trade.deployment.record(act.RECORD.SHIPMENT, trade.forwarder, salt) for salt in salts]


def retransfer(trade, delivered, quantity):
    """A license under which what the end-user has goes on."""
    trade.adopt(TERMS, kind=5)
    application = trade.apply(quantity, kind=5, continues=delivered, certificate=trade.certificate(quantity))
    trade.assess(application)
    return trade.issue(application)


def taken_over(trade, shipment, *counted):
    """What a retransfer registered goes from the end-user, where it is, to the forwarder; then it departs."""
    trade.clear(shipment)
    trade.offer(shipment, "storekeeper", trade.end_user, trade.forwarder)
    trade.accept_goods(shipment, "forwarder clerk", trade.forwarder, *counted)
    trade.depart(shipment, "forwarder clerk", trade.forwarder)
    return shipment


def order_to(trade, shipment, to, person="enforcer"):
    return trade.act(OrderHandoff, person, trade.authority, record=shipment, to=to, document=DOCUMENT)


def entrust(trade, delegate, *kinds):
    """The exporter's mandate for a day."""
    values = {"delegate": delegate, "until": trade.time + DAY, "kinds": kinds}
    record = trade.organization(trade.exporter)
    return trade.act(GrantMandate, "export admin", trade.exporter, record=record, **values)


def temporary(trade, quantity):
    trade.adopt(TERMS, kind=4)
    application = trade.apply(quantity, certificate=trade.certificate(quantity), kind=4)
    trade.assess(application)
    return trade.issue(application, return_by=trade.time + 30 * DAY)


def succeed(trade, old, certificate, quantity):
    """A license that takes over what the old one has left."""
    application = trade.apply(quantity, certificate=certificate, continues=old)
    assessed = trade.assess(application)
    values = {
        "license": old,
        "application": application,
        "assessed_head": assessed.record_head,
        "policy": trade.policy,
        "valid_from": trade.time,
        "valid_until": trade.time + 365 * DAY,
        "return_by": 0,
        "document": DOCUMENT,
    }
    return trade.act(SupersedeLicense, "issuer", trade.authority, **values).record


def transfer(trade, licensed, quantity, **fields):
    """Technology that has reached its recipient."""
    values = {
        "occurred_at": trade.time,
        "license": licensed,
        "end_user": trade.end_user,
        "share": 0,
        "document": DOCUMENT,
        "draws": (Draw(line=0, quantity=quantity),),
    }
    return trade.act(RecordTransfer, "clerk", trade.exporter, **(values | fields)).record
