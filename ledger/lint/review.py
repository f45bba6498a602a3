"""What a signer sees of a document before signing the act that commits to it.

That the document is the one of the act is judged, and of a certificate that both count the same goods; then the lint
speaks. Whether the signer may sign, and what it makes of the findings, is not decided here.
"""

from dataclasses import dataclass
from datetime import date

from ledger.acts.act import Act
from ledger.acts.certificates import RecordCertificate, SignCertificate
from ledger.documents.canonical import parse_object
from ledger.documents.credentials import Document
from ledger.documents.end_use import DraftCertificate
from ledger.errors import InvalidField
from ledger.ids import hex0x
from ledger.lint.check import check
from ledger.lint.findings import Lint
from ledger.lint.reading import certificate_in


@dataclass(frozen=True, slots=True)
class Review:
    """What was found, and the blocking rules that the certificate does not carry as found."""

    lint: Lint
    left_out: tuple[str, ...]


def is_certificate(act: Act) -> bool:
    """Whether the act brings a certificate onto the ledger."""
    return isinstance(act, SignCertificate | RecordCertificate)


def review(act: Act, data: bytes, today: date) -> Review | None:
    """Of the certificate in `data` (a document) that `act` commits to; None for an act about another thing.

    Raises:
        InvalidField: no document, not that of the act, with fields withheld, or with other goods than the act.
        Refused: ProofInvalid.
    """
    document, wanted = Document.read(data), getattr(act, "document", None)
    if wanted != document.commitment:
        bound = "no document: the act names none" if wanted is None else f"that of the act, {hex0x(wanted)}"
        raise InvalidField("document", hex0x(document.commitment), bound)
    if not isinstance(act, SignCertificate | RecordCertificate):
        return None
    certificate = certificate_in(parse_object(data), "document")
    _same_goods(act, certificate)
    lint = check(certificate, as_of=today)
    carried = {finding.rule for finding in certificate.lint.findings} if certificate.lint else set()
    broken = dict.fromkeys(finding.rule for finding in lint.blocking)
    return Review(lint, tuple(rule for rule in broken if rule not in carried))


def _same_goods(act: SignCertificate | RecordCertificate, certificate: DraftCertificate) -> None:
    said = [(line.unit, line.decimals, line.quantity) for line in certificate.lines]
    signed = [(line.unit.rstrip(b"\0").decode("ascii", "replace"), line.decimals, line.quantity) for line in act.lines]
    if said != signed:
        raise InvalidField("document.lines", said, f"the lines of the act, {signed}")
