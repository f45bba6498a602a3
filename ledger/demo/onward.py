"""What comes after the first handoff: two flights, a box that is missing, and goods that go on to somebody else."""

from ledger.acts.act import RecordKind
from ledger.acts.digests import part_salt
from ledger.demo import papers, story
from ledger.demo.people import AIRLINE, FORWARDER, TRUST, UNIVERSITY
from ledger.demo.stage import Stage
from ledger.demo.story import Consignment, Grant
from ledger.ids import hex0x
from ledger.records.codes import LicenseKind


def two_flights(stage: Stage, shipment: Consignment) -> tuple[Consignment, Consignment]:
    """The forwarder sends the goods in two parts; of the second one a camera is missing."""
    first, second = _split(stage, shipment)
    told = f"reports the handoff of {first.quantity} to {AIRLINE.name}, which never joined (grade B)"
    story.moved(stage, first, "Lotte Dekker", AIRLINE, told)
    story.handed(stage, first, "Lotte Dekker", "Kofi Asante")
    story.delivered(stage, first, "Kofi Asante")
    story.handed(stage, second, "Lotte Dekker", "Kofi Asante", missing=1)
    story.delivered(stage, second, "Kofi Asante", missing=1)
    return first, second


def passed_on(stage: Stage, delivered: Consignment) -> str:
    """Some of what was delivered goes to another end-user, under a license of its own; that shipment's record."""
    stage.chapter(f"Passed on: from {UNIVERSITY.name} to {TRUST.name}")
    grant = Grant(
        TRUST, "Yaw Darko", "Director", papers.PASSED_ON, LicenseKind.RETRANSFER, 3, "OEL-2026-0042", delivered.record
    )
    told = f"issues a license to retransfer {grant.quantity} of what was delivered"
    record = story.license_goods(stage, grant, told)
    shipment = story.register(stage, record, grant.quantity, "SEAL-7732", grant=grant)
    stage.act("Kofi Asante", "DepartShipment", "sends them off", **story.departure(stage, shipment))
    story.handed(stage, shipment, "Kofi Asante", "Yaw Darko")
    story.delivered(stage, shipment, "Yaw Darko")
    return shipment.record


def _split(stage: Stage, shipment: Consignment) -> list[Consignment]:
    subject = papers.statement("statement", "Two flights.", occurred_at=stage.now())
    stage.act(
        "Lotte Dekker",
        "SplitShipment",
        f"splits the shipment: {papers.PARTS[0]} today, {papers.PARTS[1]} tomorrow",
        record=shipment.record,
        document=stage.paper("Lotte Dekker", "Statement", subject),
        shares=[papers.share(quantity) for quantity in papers.PARTS],
        quantities=[str(quantity) for quantity in papers.PARTS],
    )
    whole = bytes.fromhex(shipment.record[2:])
    return [
        Consignment(
            hex0x(stage.deployment.record(RecordKind.SHIPMENT, stage.numbers[FORWARDER], part_salt(whole, index))),
            quantity,
            shipment.seal,
        )
        for index, quantity in enumerate(papers.PARTS)
    ]
