"""What a document holds that came from anywhere: with its author's proof, or without where it names no author.

Founders and parties recorded from a register have profiles without an author: who signed the act answers for those.
"""

from dataclasses import dataclass

from ledger.documents.canonical import JsonObject, parse_canonical
from ledger.documents.credentials import Document, Secured, verify
from ledger.documents.disclosures import reveal
from ledger.documents.kinds import read_subject
from ledger.errors import InvalidField
from ledger.ids import Commitment


@dataclass(frozen=True, slots=True)
class Contents:
    """A document that holds by itself: what is shown of its subject, all of it if `complete`."""

    kind: str
    subject: JsonObject
    complete: bool
    commitment: Commitment
    secured: Secured | None
    """None where it names no author."""


def contents(document: Document) -> Contents:
    """What `document` says, after proof, disclosures and, where nothing is withheld, the fields of its kind.

    Raises:
        InvalidField: not a document, disclosures that are not its own, or not the fields of its kind.
        Refused: ProofInvalid.
    """
    credential = parse_canonical(document.credential)
    if credential.keys() & {"issuer", "proof"}:
        secured = verify(document)
        found = Contents(secured.kind, secured.subject, secured.complete, secured.commitment, secured)
    else:
        subject, complete = reveal(credential.get("credentialSubject"), document.disclosures)
        found = Contents(_kind(credential), subject, complete, document.commitment, None)
    if found.complete:
        read_subject(found.kind, found.subject)
    return found


def _kind(credential: JsonObject) -> str:
    match credential.get("type"):
        case ["VerifiableCredential", str(kind)]:
            return kind
        case other:
            raise InvalidField("document.type", other, '["VerifiableCredential", <kind>]')
