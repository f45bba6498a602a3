"""P9: documents are their authors', were committed to, and say what the acts say. P11: parties were screened.

Judges the documents that are given, whoever gives them, by the history alone. What is withheld, a field or a whole
document, is named and fails nothing. A document that no act of the history commits to proves nothing: it is in doubt
where it could pass for one that was not presented, a copy that somebody altered and signed anew; else it is another
shipment's.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from ledger.acts.act import RecordKind
from ledger.acts.applications import AssessApplication
from ledger.acts.certificates import CosignCertificate
from ledger.checks.amounts import Paper, compared
from ledger.checks.findings import Finding, Step, doubt, fault, moment, noted, short
from ledger.checks.replay import Goods, Past
from ledger.documents.canonical import Json, is_object
from ledger.documents.contents import Contents, contents
from ledger.documents.credentials import Document
from ledger.documents.kinds import KIND_OF
from ledger.errors import LedgerError
from ledger.ids import ZERO32, Commitment

_NAMED_IN = ("document", "profile", "control_list")
_POSING = {"EndUseCertificate", "Application", "License", "Manifest", "ScreeningReport"}
_DIRECTORY = (RecordKind.ORGANIZATION, RecordKind.AGENT, RecordKind.POLICY)


def committed(past: Past, documents: Sequence[Document]) -> Iterator[Finding]:
    """P9."""
    findings, papers = _presented(past, documents)
    yield from findings
    for paper in papers:
        shown = "in full" if paper.complete else "in part"
        name = f"{paper.kind} {short(paper.commitment)}"
        yield noted(f"{name} is of agent {short(paper.step.entry.signer)}, shown {shown}.", paper.step)
    yield from compared(past, papers)
    if not papers:
        yield Finding("No document that stands behind an act of this history was presented.", "not checkable")
    for step in _missing(past, documents):
        yield noted(f"The document of {step.name} was not presented.", step)


def screenings(past: Past, goods: Goods, documents: Sequence[Document]) -> Iterator[Finding]:
    """P11: the assessment rests on a screening report, whose lists are pinned; what it and later ones found."""
    records = {goods.application.record, *(shipment.record for shipment in goods.lineage)}
    papers = _presented(past, documents)[1]
    reports = [paper for paper in papers if paper.kind == "ScreeningReport" and paper.step.entry.record in records]
    if not any(isinstance(paper.step.act, AssessApplication) for paper in reports):
        yield Finding("No screening report behind the assessment was presented.", "not checkable")
    for paper in reports:
        yield from _lists(paper)
        yield from _outcomes(paper)
        at = paper.subject.get("screenedAt")
        if isinstance(at, int) and at > paper.step.entry.time:
            yield doubt(f"The screening says that it was made at {moment(at)}, after its act.", paper.step)


def _presented(past: Past, documents: Sequence[Document]) -> tuple[list[Finding], list[Paper]]:
    """What is to say of proofs, keys and authors; and the documents that stand, each with each act of its author."""
    committing = _committing(past)
    missing = {kind for step in _missing(past, documents) for kind in KIND_OF.get(step.name, ())}
    papers: list[Paper] = []
    findings: list[Finding] = []
    for document in documents:
        try:
            read = contents(document)
        except LedgerError as error:
            findings.append(fault(f"Document {short(document.commitment)} does not hold: {error}."))
            continue
        if read.commitment not in committing:
            stray = doubt if read.kind in _POSING & missing else noted
            findings.append(stray(f"No act of this history commits to {read.kind} {short(read.commitment)}."))
            continue
        faults, steps = _authored(past, read, committing[read.commitment])
        findings += faults
        papers += (Paper(read.kind, read.subject, read.complete, read.commitment, step) for step in steps)
    return findings, papers


def _missing(past: Past, documents: Sequence[Document]) -> Iterator[Step]:
    """The acts on what the shipment rests on, the directory aside, whose documents were not presented."""
    given = {document.commitment for document in documents}
    for commitment, (step, *_) in _committing(past).items():
        here = step.entry.record in past.closure.records and step.act is not None and step.act.RECORD not in _DIRECTORY
        if here and commitment not in given:
            yield step


def _committing(past: Past) -> Mapping[Commitment, list[Step]]:
    """By document, the acts that commit to it, in order."""
    found: defaultdict[Commitment, list[Step]] = defaultdict(list)
    for step in past.steps:
        for name in _NAMED_IN:
            commitment = getattr(step.act, name, ZERO32)
            if commitment != ZERO32:
                found[Commitment(commitment)].append(step)
    return found


def _authored(past: Past, read: Contents, steps: Sequence[Step]) -> tuple[list[Finding], list[Step]]:
    """What is wrong with who committed to the document, and the acts behind which it stands."""
    name = f"{read.kind} {short(read.commitment)}"
    faults, stands = [], []
    for step in steps:
        if read.secured is not None and read.secured.issuer != step.entry.signer:
            # A second officer repeats what the first proposed, and who cosigns names what was signed.
            if past.seconded(step) is None and not isinstance(step.act, CosignCertificate):
                author = short(read.secured.issuer)
                faults.append(fault(f"{step.name} commits to {name}, which is of another author, {author}.", step))
            continue
        wrong = list(_wrong(past, read, step))
        faults += wrong
        if not any(finding.verdict == "fails" for finding in wrong):
            stands.append(step)
    if not faults and not stands:
        faults.append(fault(f"The author of {name} never committed to it.", steps[0]))
    return faults, stands


def _wrong(past: Past, read: Contents, step: Step) -> Iterator[Finding]:
    name = f"{read.kind} {short(read.commitment)}"
    if read.kind not in KIND_OF.get(step.name, ()):
        yield fault(f"{step.name} takes no document of the kind of {name}.", step)
    if read.secured is None:
        return
    if read.secured.chain_id != past.deployment.chain_id:
        yield fault(f"{name} was made for chain {read.secured.chain_id}.", step)
    agent = past.agent_before(past.behind(step), step.entry.signer, step)
    if agent is None:
        text = f"The keys of who signed {name} are not in the history."
        yield Finding(text, "not checkable", step.entry.seq, step.name, step.entry.record)
    elif agent.ed25519 != read.secured.ed25519_public:
        yield fault(f"{name} was not made with the document key that its author had then.", step)


def _lists(paper: Paper) -> Iterator[Finding]:
    """Which lists, each with its version and the hash of its file."""
    lists = paper.subject.get("lists")
    if not isinstance(lists, list):
        yield _unknown("The lists that were searched are withheld.", paper)
        return
    for number, one in enumerate(lists):
        match one:
            case {"list": str(name), "version": str(version), "fileHash": str()}:
                yield noted(f"Searched: {name}, version {version}, with the hash of its file.", paper.step)
            case _:
                yield _unknown(f"Which version of a list was searched is withheld: /lists/{number}.", paper)


def _outcomes(paper: Paper) -> Iterator[Finding]:
    parties = paper.subject.get("parties")
    for number, party in enumerate(parties if isinstance(parties, list) else [None]):
        outcome = party.get("outcome") if is_object(party) else None
        match outcome:
            case "clear" | "falsePositive":
                continue
            case None:
                yield _unknown(f"What came of a screening is withheld: /parties/{number}/outcome.", paper)
            case other:
                yield doubt(f"The screening of {_named(party, number)} ended as {other}.", paper.step)


def _named(party: Json, number: int) -> str:
    match party:
        case {"party": {"name": str(name)}}:
            return name
    return f"party {number}"


def _unknown(text: str, paper: Paper) -> Finding:
    return Finding(text, "not checkable", paper.step.entry.seq, paper.step.name, paper.step.entry.record)
