"""Journeys for the tests of provenance on a chain, and what a report says of them."""



from ledger.acts.custody import (
    Draw,
    RegisterShipment,
)
from ledger.acts.licensing import (
    LicenseLine,
    Party,
    RecordLicense,
)
from ledger.ids import ZERO32
from tests.scenario import DAY, DOCUMENT, NAR


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
