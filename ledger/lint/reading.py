"""What is put before the lint: a certificate and applications, each as plain JSON or as a document.

A document counts only whole: with a field withheld nobody can say what is missing. A proof, if there is one, must hold;
who made it and whether that is the signer of an act is not asked here.
"""

from ledger.documents.canonical import JsonObject, canonical_bytes, parse_canonical
from ledger.documents.credentials import Document, verify
from ledger.documents.disclosures import reveal
from ledger.documents.end_use import DraftCertificate
from ledger.documents.kinds import Application
from ledger.errors import InvalidField


def certificate_in(value: JsonObject, place: str = "certificate") -> DraftCertificate:
    """The certificate that `value` says: the subject, or a document. `place` begins the paths in errors.

    Raises:
        InvalidField: a field that cannot be read, a document of another kind or with fields withheld.
        Refused: ProofInvalid.
    """
    return DraftCertificate.read(_subject(value, "EndUseCertificate", place), place)


def application_in(value: JsonObject, place: str = "application") -> Application:
    """The application that `value` says, as `certificate_in`; here every field that its form requires must be there."""
    return Application.read(_subject(value, "Application", place), place)


def _subject(value: JsonObject, kind: str, place: str) -> JsonObject:
    if "credential" not in value:
        return value
    document = Document.read(canonical_bytes(value, place))
    credential = parse_canonical(document.credential)
    if credential.get("type") != ["VerifiableCredential", kind]:
        raise InvalidField(f"{place}.credential.type", credential.get("type"), f"a document of kind {kind}")
    if "proof" in credential:
        verify(document)
    subject, complete = reveal(credential.get("credentialSubject"), document.disclosures)
    if not complete:
        raise InvalidField(f"{place}.disclosures", f"{len(document.disclosures)} fields shown", "every field shown")
    return subject
