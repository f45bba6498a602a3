"""Fetching the service's checkpoint and cosigning it: for a witness that nobody can reach, and to see what others see.

What the service answers is material to check; the journal itself comes from the witness's own node.
"""

from ledger.acts.words import Json
from ledger.client import Client, ServiceRefused
from ledger.errors import InvalidField
from ledger.journal.notes import parse_note
from ledger.journal.proofs import ConsistencyProof
from ledger.witness.cosigning import Witness
from ledger.witness.requests import Request

_PROOF = "/v1/journal/proof"


def pull(witness: Witness, client: Client) -> None:
    """Cosigns what the service publishes, where that is new.

    Raises:
        Contradiction: the service shows a checkpoint of another journal.
        Refused: it is not to be cosigned, as `Witness.add_checkpoint`; also one that is shorter than the last.
        Unavailable: the service does not answer, or the witness cannot tell.
    """
    old = witness.size
    try:
        found = client.get(_PROOF, **{"from": old})
    except (
        ServiceRefused
    ):  # it publishes less than was cosigned: what it signed there is still held against the journal
        found = client.get(_PROOF, **{"from": 0})
    note = parse_note(_text(found.get("checkpoint")))
    if witness.newest is None or note.text != witness.newest.text:
        path = ConsistencyProof.from_json(found.get("consistency"), "consistency").path
        witness.add_checkpoint(Request(old, path, note))


def _text(found: Json) -> str:
    if not isinstance(found, str):
        raise InvalidField("checkpoint", found, "a signed note")
    return found
