"""What is asked about one shipment beyond its record."""

from fastapi import APIRouter, Response

from api.asking import dossier
from api.judgments import Provenance
from api.parsing import Ledger, ShipmentPath
from api.problems import Answers, errors
from api.reading import Seen
from ledger.provenance import verify_shipment

router = APIRouter(prefix="/v1/shipments", tags=["shipments"])
_DOSSIER: Answers = {200: {"description": "A dossier, byte for byte.", "content": {"application/json": {}}}}


@router.get("/{shipment}/provenance", responses=errors(401, 404, 422, 503))
def get_provenance(shipment: ShipmentPath, ledger: Ledger, seen: Seen) -> Provenance:
    """Check the shipment's whole history, from the journal and not from the read model."""
    seen.find(shipment, ledger)
    return Provenance.of(verify_shipment(ledger.node, ledger.deployment, shipment).to_json())


@router.get("/{shipment}/dossier", response_class=Response, responses=errors(401, 404, 422, 503) | _DOSSIER)
def get_dossier(shipment: ShipmentPath, ledger: Ledger, seen: Seen) -> Response:
    """One file that verifies offline, as of the newest checkpoint; for who may see the shipment and its license.

    It holds the other draws on the license, without what became of them, and no documents: who has some adds them.
    """
    return Response(dossier(shipment, ledger, seen), media_type="application/json")
