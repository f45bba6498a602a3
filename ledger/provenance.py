"""Whether a shipment's history is true: checks P1 to P11 and P15 of DESIGN section 9, from the journal alone.

`verify_shipment` asks a node for the history and judges it; `judge` judges a history from anywhere. Trusted are the
trust root and, until witnesses vouch for the journal (P12, P13), the node for four things: the heads now, the numbers
of organizations and policies, the time of an entry, and its place among entries of other records. Documents and
screening (P9, P11) are judged where documents are given; witnesses are not judged here.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.acts.words import Json
from ledger.chain.deployment import Deployment
from ledger.checks.backing import certificate_grade, departure_of
from ledger.checks.certificate import certificates
from ledger.checks.completeness import completeness
from ledger.checks.conservation import conservation
from ledger.checks.custody import Hop, custody, hops_of
from ledger.checks.documents import committed, screenings
from ledger.checks.findings import Check, Finding, Verdict, check, worst
from ledger.checks.handoffs import handoffs
from ledger.checks.licensing import licensing
from ledger.checks.onward import Judging, onward
from ledger.checks.replay import UNREADABLE, Goods, Past, goods_of
from ledger.checks.seals import seals
from ledger.checks.signatures import compromised, signatures
from ledger.documents.credentials import Document
from ledger.ids import RecordId, hex0x
from ledger.journal.history import AtBlock, AtCheckpoint, History
from ledger.records.codes import CertificateGrade, CustodyGrade

if TYPE_CHECKING:
    from ledger.chain.node import Node

_OPTIONAL = ("P9", "P11")
_OPEN: Verdict = "not checkable"
_WHOLE = (
    ("P1", "Every signature and its signer's authority", signatures),
    ("P2", "Completeness and currency", completeness),
)
_ABOUT_GOODS: tuple[Judging, ...] = (
    ("P3", "End-use certificate", certificates),
    ("P4", "License under four eyes and in force", licensing),
    ("P5", "Conservation", conservation),
    ("P6", "Unbroken custody", custody),
    ("P7", "Handoffs between the right parties, in time", handoffs),
    ("P8", "Seals, counts and irregularities", seals),
)
_COMPROMISED = ("P10", "No signature with a compromised key", compromised)
_DOCUMENTS = ("P9", "Documents presented are their authors' and say what the acts say")
_SCREENED = ("P11", "Parties screened in pinned lists")
_ONWARD = ("P15", "Earlier journeys of the same goods", lambda past, goods: onward(past, goods, _ABOUT_GOODS))


@dataclass(frozen=True, slots=True)
class Grades:
    """How well each part is proven. Certificate: A, V, R, NONE; the others: A, O, B, NONE."""

    certificate: CertificateGrade
    """At departure; before it, now."""
    departure: CustodyGrade
    custody: CustodyGrade
    """Of the weakest hop."""
    delivery: CustodyGrade

    def weakest(self) -> tuple[str, str] | None:
        """The part with the lowest grade, and its letter; None where nothing has a grade yet."""
        graded = [(name, getattr(self, name)) for name in self.__slots__ if getattr(self, name)]
        part, grade = min(graded, key=lambda one: int(one[1]), default=("", None))
        return None if grade is None else (part, grade.name)


@dataclass(frozen=True, slots=True)
class Report:
    """The checks of one shipment as of one moment."""

    shipment: RecordId
    at: AtBlock | AtCheckpoint
    checks: tuple[Check, ...]
    grades: Grades | None
    """None where too much is missing to tell."""
    hops: tuple[Hop, ...]
    """The chain of custody, in order; empty where too much is missing to tell."""

    @property
    def verdict(self) -> Verdict:
        """As bad as the worst check; papers that nobody showed leave P9 and P11 open and nothing in doubt."""
        return worst(one.verdict for one in self.checks if not (one.number in _OPTIONAL and one.verdict == _OPEN))

    @property
    def exit_code(self) -> int:
        """0 all checks hold, 1 one does not."""
        return 0 if self.verdict == "holds" else 1

    def to_json(self) -> dict[str, Json]:
        """The report for machines; members are only ever added."""
        return {
            "shipment": hex0x(self.shipment),
            **_at_json(self.at),
            "verdict": self.verdict,
            "grades": None if self.grades is None else _grades_json(self.grades),
            "custody": [_hop_json(hop) for hop in self.hops],
            "checks": [_check_json(one) for one in self.checks],
        }


def verify_shipment(
    node: "Node", deployment: Deployment, shipment: RecordId, documents: Sequence[Document] | None = None
) -> Report:
    """All checks for one shipment, at the node's present head; `documents` as in `judge`.

    Raises:
        Refused: UnknownRecord, there is no such shipment; InvalidField: the record is none, or the node is not on the
            ledger of the trust root. Exit code 2.
        Unavailable: the node fails. Exit code 3.
    """
    from ledger.chain.journal_source import shipment_history  # noqa: PLC0415 - reading web3 takes longer than a verification

    return judge(shipment_history(node, deployment, shipment), deployment, documents)


def judge(history: History, deployment: Deployment, documents: Sequence[Document] | None = None) -> Report:
    """All checks on a history from anywhere: whatever it holds, the answer is a report.

    P9 and P11 are in it where `documents` are given, were it none of them.
    """
    past = Past(history, deployment)
    checks = [_guarded(number, title, findings, past) for number, title, findings in _WHOLE]
    goods = goods_of(past, history.shipment)
    checks += [_about(judging, past, goods) for judging in _ABOUT_GOODS]
    checks += [_guarded(*_COMPROMISED, past), _about(_ONWARD, past, goods)]
    if documents is not None:
        checks += _of_documents(past, goods, documents)
    hops = _hops(past, goods)
    grades = None if goods is None or hops is None else _grades(past, goods, hops)
    return Report(history.shipment, history.at, tuple(checks), grades, hops or ())


def _of_documents(past: Past, goods: Goods | None, documents: Sequence[Document]) -> tuple[Check, Check]:
    screened: Judging = (*_SCREENED, lambda past, goods: screenings(past, goods, documents))
    return _guarded(*_DOCUMENTS, lambda past: committed(past, documents), past), _about(screened, past, goods)


def _about(judging: Judging, past: Past, goods: Goods | None) -> Check:
    number, title, about = judging
    return _uncheckable(number, title) if goods is None else _guarded(number, title, lambda it: about(it, goods), past)


def _guarded(number: str, title: str, findings: Callable[[Past], Iterator[Finding]], past: Past) -> Check:
    """The check; not checkable where the acts are such that no contract would have taken them."""
    found: list[Finding] = []
    try:
        found.extend(findings(past))
    except UNREADABLE as error:
        found.append(Finding(f"The acts cannot be read further: {error!r}.", "not checkable"))
    return check(number, title, found)


def _uncheckable(number: str, title: str) -> Check:
    text = "The shipment, its license, application or policy is missing from the history."
    return check(number, title, [Finding(text, "not checkable")])


def _hops(past: Past, goods: Goods | None) -> tuple[Hop, ...] | None:
    try:
        return None if goods is None else tuple(hops_of(past, goods))
    except UNREADABLE:
        return None


def _grades(past: Past, goods: Goods, hops: tuple[Hop, ...]) -> Grades | None:
    try:
        certificate = certificate_grade(past, goods, departure_of(past, goods))
    except UNREADABLE:
        return None
    shipment = goods.shipment
    lowest = min((hop.grade for hop in hops), default=CustodyGrade.NONE)
    return Grades(certificate, shipment.departure_grade, lowest, shipment.delivery_grade)


def _grades_json(grades: Grades) -> dict[str, Json]:
    parts: dict[str, Json] = {name: getattr(grades, name).name for name in grades.__slots__}
    weakest = grades.weakest()
    return parts | {"weakest": None if weakest is None else {"part": weakest[0], "grade": weakest[1]}}


def _at_json(at: AtBlock | AtCheckpoint) -> dict[str, Json]:
    if isinstance(at, AtBlock):
        return {"block": {"number": at.number, "hash": hex0x(at.hash), "time": at.time}}
    return {"checkpoint": {"size": at.size, "root": hex0x(at.root), "time": at.time}}


def _hop_json(hop: Hop) -> dict[str, Json]:
    return {
        "from": hop.giver,
        "to": hop.receiver,
        "grade": hop.grade.name,
        "act": hop.taken.name,
        "seq": hop.taken.entry.seq,
        "occurredAt": hop.occurred_at,
        "confirmedSeq": None if hop.confirmed is None else hop.confirmed.entry.seq,
    }


def _check_json(one: Check) -> dict[str, Json]:
    return {
        "number": one.number,
        "title": one.title,
        "verdict": one.verdict,
        "findings": [_finding_json(finding) for finding in one.findings],
    }


def _finding_json(finding: Finding) -> dict[str, Json]:
    return {
        "text": finding.text,
        "verdict": finding.verdict,
        "seq": finding.seq,
        "act": finding.act,
        "record": None if finding.record is None else hex0x(finding.record),
    }
