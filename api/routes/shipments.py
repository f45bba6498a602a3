"""What is asked about one shipment beyond its record."""

from fastapi import APIRouter

from api.answers import Provenance
from api.parsing import Ledger, ShipmentPath
from api.problems import errors
from api.reading import Seen
from ledger.provenance import verify_shipment

router = APIRouter(prefix="/v1/shipments", tags=["shipments"])


@router.get("/{shipment}/provenance", responses=errors(401, 404, 422, 503))
def get_provenance(shipment: ShipmentPath, ledger: Ledger, seen: Seen) -> Provenance:
    """Check the shipment's whole history, from the journal and not from the read model."""
    seen.find(shipment, ledger)
    return Provenance.of(verify_shipment(ledger.node, ledger.deployment, shipment).to_json())
