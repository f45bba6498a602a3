"""What must fail, each under its own name, and what happens anyway and stays on record."""

from ledger.demo import papers
from ledger.demo.people import FORWARDER, UNIVERSITY
from ledger.demo.stage import DemoFailed, Entered, Line, Stage
from ledger.demo.story import Consignment, clear, departure, draw, moved, offer, register
from ledger.documents.canonical import JsonObject


def overdraw(stage: Stage, license_record: str) -> None:
    """A shipment of more than is left."""
    too_many = papers.LICENSED - papers.FIRST + 1
    subject = papers.statement("statement", "A second lorry.", occurred_at=stage.now())
    drawing = draw(stage, license_record, too_many, stage.paper("Jan de Boer", "Statement", subject))
    left = papers.LICENSED - papers.FIRST
    told = f"registers {too_many} more where {left} are left"
    stage.refused("QuantityExceeded", "Jan de Boer", "RegisterShipment", told, **drawing)


def not_the_holder(stage: Stage, shipment: Consignment) -> None:
    """A handoff by somebody who does not have the goods yet."""
    line = Line("Lotte Dekker", "OfferHandoff", offer(stage, shipment, UNIVERSITY))
    # The shipment is none of her business yet and she cannot see it: somebody who does prepares the act for her.
    stage.fails(
        "NotTheHolder",
        "Lotte Dekker",
        "offers goods that she does not hold",
        lambda: stage.client.submit(stage.signed(line, prepared_by="Jan de Boer")),
    )


def replayed(stage: Stage, clearance: Entered) -> None:
    """The same signed act again counts once; the same words signed anew name a head that is gone."""
    again = stage.client.submit(clearance.submission)
    if not again["repeated"] or again["seq"] != clearance.seq:
        raise DemoFailed("a replayed act was counted twice")
    stage.tell("=", "Noor Peters", f"has her clearance sent a second time: it is entry {clearance.seq}, counted once")
    message = clearance.submission["message"]
    if not isinstance(message, dict):
        raise DemoFailed("the clearance has no message")
    fields: JsonObject = {**message, "deadline": stage.now() + 3600}
    stage.refused("StaleParent", "Noor Peters", "ClearShipment", "signs the same clearance anew", **fields)


def forged(stage: Stage, shipment: Consignment) -> None:
    """An exporter's clerk clears his own goods in the name of customs."""
    subject = papers.statement("clearance", "Goods and papers agree.", occurred_at=stage.now())
    document = stage.paper("Jan de Boer", "Statement", subject)
    fields: JsonObject = {"record": shipment.record, "occurredAt": stage.now(), "document": document}
    line = Line("Noor Peters", "ClearShipment", fields)
    stage.fails(
        "NotAnAgent",
        "Jan de Boer",
        "forges the clearance of customs",
        lambda: stage.client.submit(stage.signed(line, by="Jan de Boer")),
    )


def suspended(stage: Stage, license_record: str, shipment: Consignment) -> None:
    """Nothing departs under a suspended license."""
    stage.act("Femke Bos", "SuspendLicense", "suspends the license", record=license_record, reason=1)
    told = "departs under a suspended license"
    stage.refused("LicenseStopped", "Jan de Boer", "DepartShipment", told, **departure(stage, shipment))
    stage.act("Gijs Smit", "ReinstateLicense", "reinstates it: a second officer", record=license_record, reason=1)


def moved_under_a_hold(stage: Stage, shipment: Consignment) -> None:
    """Refused as an offer, recorded as irregular when it happened anyway; frozen even after the hold is lifted."""
    stage.act("Noor Peters", "HoldShipment", "holds the shipment", record=shipment.record, reason=1)
    told = f"offers it to {FORWARDER.name} all the same"
    stage.refused("ShipmentStopped", "Jan de Boer", "OfferHandoff", told, **offer(stage, shipment, FORWARDER))
    moved(stage, shipment, "Jan de Boer", FORWARDER, "reports that it left with the forwarder anyway: irregular")
    lifted: JsonObject = {"record": shipment.record, "holdOf": stage.numbers[stage.people["Noor Peters"].works_for]}
    stage.act("Noor Peters", "ResumeShipment", "lifts the hold", **lifted)
    told = "offers it on, but the shipment stays frozen"
    stage.refused("Irregular", "Lotte Dekker", "OfferHandoff", told, **offer(stage, shipment, UNIVERSITY))


def second_shipment(stage: Stage, license_record: str) -> Consignment:
    """The last two cameras, and everything that goes wrong with them."""
    stage.chapter("A second shipment, and what must fail")
    shipment = register(stage, license_record, papers.SECOND, "SEAL-7731")
    forged(stage, shipment)
    clear(stage, shipment)
    suspended(stage, license_record, shipment)
    moved_under_a_hold(stage, shipment)
    return shipment
