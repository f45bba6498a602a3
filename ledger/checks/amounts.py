"""What documents say about goods, parties and money, held against the acts that commit to them. Part of P9.

Only what is shown is compared, field by field; what would have to be shown for a comparison is named. Names and words
are not judged, nor which goods a description means.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ledger.acts.licensing import TransferLicense
from ledger.acts.manifests import AdjustShipment, RecordTransfer, RegisterShipment
from ledger.checks.findings import Finding, Step, fault, noted
from ledger.checks.replay import Past
from ledger.documents.canonical import Json, JsonObject, is_object
from ledger.ids import Commitment, hex0x
from ledger.records.states import Application, Certificate, License, LicenseLine, Record, Shipment

_WHOLE = 10**9
_DRAWING = RegisterShipment | RecordTransfer | AdjustShipment
_PARTIES = (("exporter", "exporter"), ("endUser", "end_user"))


@dataclass(frozen=True, slots=True)
class Paper:
    """A document whose disclosures are its own, and the act of its author that commits to it."""

    kind: str
    subject: JsonObject
    complete: bool
    commitment: Commitment
    step: Step


@dataclass(frozen=True, slots=True)
class _Line:
    """What an act says of a line; no quantity: without a limit."""

    unit: str
    decimals: int
    quantity: int | None


def compared(past: Past, papers: Sequence[Paper]) -> Iterator[Finding]:
    """Where a document says something else than its act, and what could not be compared."""
    for paper in papers:
        record = past.book.at(paper.step.entry.record, paper.step.entry.seq)
        if record is None or paper.kind not in ("EndUseCertificate", "Application", "License", "Manifest"):
            continue
        yield from _parties(paper, record)
        match record:
            case Certificate():
                lines = [_Line(_unit(one.unit), one.decimals, one.certified) for one in record.lines]
                yield from _lines(paper, lines)
            case Application() | License():
                yield from _lines(paper, [_licensed(one) for one in record.lines])
            case Shipment() if isinstance(paper.step.act, _DRAWING):
                yield from _manifest(past, paper, record)
                yield from _share(paper, record, _value_of_license(papers, record, paper.step))


def _parties(paper: Paper, record: Record) -> Iterator[Finding]:
    """Organizations by number; a transfer's document may be the former exporter's."""
    if isinstance(paper.step.act, TransferLicense):
        return
    for name, attribute in _PARTIES:
        party, number = paper.subject.get(name), getattr(record, attribute, 0)
        said = party.get("organization") if is_object(party) else None
        if number and said is not None and said != number:
            yield _differs(paper, f"/{name}/organization", said, number)


def _lines(paper: Paper, wanted: Sequence[_Line]) -> Iterator[Finding]:
    """Line by line, each in its place."""
    shown = _shown_lines(paper)
    if shown is None:
        yield from _withheld(paper, "/lines")
        return
    if len(shown) != len(wanted):
        yield _differs(paper, "/lines", len(shown), len(wanted))
    for number, (line, want) in enumerate(zip(shown, wanted, strict=False)):
        yield from _line(paper, number, line, want=want)


def _line(paper: Paper, number: int, line: JsonObject, *, want: _Line) -> Iterator[Finding]:
    for name in ("unit", "decimals", "quantity"):
        wanted = getattr(want, name)
        if name in line:
            if line[name] != wanted:
                yield _differs(paper, f"/lines/{number}/{name}", line[name], wanted)
        elif wanted is not None:
            yield from _withheld(paper, f"/lines/{number}/{name}")


def _manifest(past: Past, paper: Paper, shipment: Shipment) -> Iterator[Finding]:
    """Several lines of a manifest may draw on one line of the license: their sum is what is registered."""
    said, shown = paper.subject.get("license"), _shown_lines(paper)
    if said is not None and said != hex0x(shipment.license):
        yield _differs(paper, "/license", said, hex0x(shipment.license))
    licensed = past.before(License, shipment.license, paper.step)
    if shown is None or licensed is None:
        yield from _withheld(paper, "/lines")
        return
    sums = dict.fromkeys((line.license_line for line in shipment.lines), 0)
    for number, line in enumerate(shown):
        drawn, quantity = line.get("line"), line.get("quantity")
        if not isinstance(drawn, int) or not isinstance(quantity, int):
            yield from _withheld(paper, f"/lines/{number}")
            return
        if drawn not in sums:
            yield _differs(paper, f"/lines/{number}/line", drawn, f"one of {sorted(sums)}")
            return
        sums[drawn] += quantity
        want = _licensed(licensed.lines[drawn])
        yield from _line(paper, number, line, want=_Line(want.unit, want.decimals, quantity))
    for one in shipment.lines:
        if sums[one.license_line] != one.registered:
            yield _differs(paper, f"/lines, of license line {one.license_line}", sums[one.license_line], one.registered)


def _share(paper: Paper, shipment: Shipment, whole: tuple[int, str] | None) -> Iterator[Finding]:
    """Parts per billion of the license's value, rounded down."""
    values = [_amount(line.get("value")) for line in _shown_lines(paper) or ()]
    known = [value for value in values if value is not None]
    if not known or len(known) < len(values) or whole is None or whole[0] == 0:
        text = f"{_name(paper)}: its share is not compared, as its value or the license's is not shown."
        yield noted(text, paper.step)
        return
    if {currency for _, currency in known} != {whole[1]}:
        text = f"{_name(paper)}: its share is not comparable, as its value is not in the license's {whole[1]}."
        yield Finding(text, "not checkable", paper.step.entry.seq, paper.step.name, paper.step.entry.record)
        return
    share = sum(amount for amount, _ in known) * _WHOLE // whole[0]
    if share != shipment.share:
        yield _differs(paper, "/lines, its value as a share", share, shipment.share)


def _value_of_license(papers: Sequence[Paper], shipment: Shipment, step: Step) -> tuple[int, str] | None:
    """The total that the license's last document before the act shows."""
    own = [
        paper
        for paper in papers
        if paper.kind == "License" and paper.step.entry.record == shipment.license
        if paper.step.entry.seq < step.entry.seq
    ]
    last = max(own, key=lambda paper: paper.step.entry.seq, default=None)
    return None if last is None else _amount(last.subject.get("value"))


def _amount(value: Json) -> tuple[int, str] | None:
    match value:
        case {"minorUnits": int(amount), "currency": str(currency)}:
            return amount, currency
    return None


def _shown_lines(paper: Paper) -> list[JsonObject] | None:
    """The lines, each with what is shown of it; None where even their number is withheld, or there are none."""
    lines = paper.subject.get("lines")
    return [line if is_object(line) else {} for line in lines] if isinstance(lines, list) else None


def _licensed(line: LicenseLine) -> _Line:
    return _Line(_unit(line.unit), line.decimals, None if line.unlimited else line.granted)


def _unit(code: bytes) -> str:
    return code.rstrip(b"\0").decode(errors="replace")


def _name(paper: Paper) -> str:
    return f"{paper.kind} of {paper.step.name}"


def _differs(paper: Paper, pointer: str, said: Json, wanted: Json) -> Finding:
    limit = "nothing" if wanted is None else wanted
    return fault(f"{_name(paper)} says {said} at {pointer} where the act says {limit}.", paper.step)


def _withheld(paper: Paper, pointer: str) -> Iterator[Finding]:
    """Of a whole document nothing is withheld: what is not there is a difference, if its kind asks for it."""
    if not paper.complete:
        yield noted(f"{_name(paper)}: {pointer} is withheld and was not compared.", paper.step)
    elif pointer != "/lines":
        yield fault(f"{_name(paper)} says nothing at {pointer}.", paper.step)
