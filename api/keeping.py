"""Keeping a document that somebody sends under a commitment."""

from api.parsing import strict_json
from ledger.documents.credentials import commitment_of
from ledger.documents.store import DocumentStore
from ledger.errors import InvalidField, Refused
from ledger.ids import Commitment, hex0x


def keep(documents: DocumentStore, commitment: Commitment, data: bytes) -> bool:
    """Keep `data` if it is what `commitment` commits to; whether it is new here.

    Raises:
        Refused: NotJson.
        InvalidField: another commitment, or not canonical.
        Unavailable: the disk did not take it.
    """
    found = commitment_of(data)
    if found != commitment:
        raise InvalidField("commitment", hex0x(commitment), f"the sha256 of the body, {hex0x(found)}")
    strict_json(data)
    known = _known(documents, commitment)
    documents.put(data)
    return not known


def _known(documents: DocumentStore, commitment: Commitment) -> bool:
    try:
        documents.get(commitment)
    except Refused:
        return False
    return True
