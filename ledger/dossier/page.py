"""A report as one HTML text that a person reads and prints: no script, nothing from elsewhere, the custody chain drawn.

Whatever stands in a dossier may be hostile, so every text is escaped, and the page forbids itself everything but its
own style.
"""

from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from html import escape

from ledger.acts.manifests import RecordTransfer
from ledger.acts.reports import ReportDelivery, ReportMovement
from ledger.checks.custody import Hop
from ledger.checks.findings import Check, Finding, Verdict, moment
from ledger.ids import hex0x
from ledger.provenance import Report
from ledger.records.codes import CustodyGrade

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;"
    "background:#fff}code{font:14px ui-monospace,monospace;overflow-wrap:anywhere}table{border-collapse:collapse;"
    "width:100%}td,th{border-bottom:1px solid #ccc;padding:.35rem .5rem;text-align:left;vertical-align:top}"
    "ul{margin:.25rem 0;padding-left:1.2rem}.holds{color:#0a5d2c}.questioned{color:#8a4b00}.fails{color:#a30000}"
    ".unknown{color:#5b3a86}.verdict{font-size:1.4rem;font-weight:600;border:2px solid;padding:.5rem .75rem}"
    "svg{max-width:100%;height:auto}svg text{font:15px system-ui,sans-serif;fill:#1a1a1a}svg .small{font-size:13px;"
    "fill:#444}@media print{body{margin:0;max-width:none}tr,li{break-inside:avoid}}"
)
POLICY = f"default-src 'none'; style-src 'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}'"
"""Content-Security-Policy of the page."""

_CLASS: Mapping[Verdict, str] = {
    "holds": "holds",
    "questioned": "questioned",
    "fails": "fails",
    "not checkable": "unknown",
}
_MEANING: Mapping[Verdict, str] = {
    "holds": "Proven: every check holds.",
    "questioned": "Questioned: a person must look at what is named below.",
    "fails": "Disproven: this cannot be the history of an honest ledger.",
    "not checkable": "Not proven: something that the proof needs is missing.",
}
_REPORTS = ReportMovement | ReportDelivery | RecordTransfer
_STEP, _LEFT, _RADIUS = 74, 26, 16


def page(report: Report, names: Mapping[int, str]) -> str:
    """The page of a report. `names`: of organizations by number, as far as their documents were shown."""
    verdict = report.verdict
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>Shipment {hex0x(report.shipment)[:12]}: {verdict}</title><style>{_STYLE}</style></head><body>"
        f"<h1>Transfer chain of a shipment</h1><p><code>{hex0x(report.shipment)}</code><br>"
        f"As of {report.at}, {moment(report.at.time)}.</p>"
        f'<p class="verdict {_CLASS[verdict]}">{_MEANING[verdict]}</p>{_grades(report)}'
        f"<h2>Custody</h2>{_chain(report.hops, names)}"
        f"<h2>Checks</h2><table><thead><tr><th>Check</th><th>Verdict</th><th>What was found</th></tr></thead><tbody>"
        f"{''.join(_check(one) for one in report.checks)}</tbody></table></body></html>\n"
    )


def _grades(report: Report) -> str:
    if report.grades is None:
        return "<p>Too much is missing to tell grades.</p>"
    parts = {name: getattr(report.grades, name).name for name in report.grades.__slots__}
    told = "".join(f"<tr><td>{part}</td><td>{grade}</td></tr>" for part, grade in parts.items())
    weakest = report.grades.weakest()
    line = "" if weakest is None else f"<p>Weakest: {weakest[0]}, {weakest[1]}.</p>"
    return f"<h2>Grades of evidence</h2><table><tbody>{told}</tbody></table>{line}"


def _check(check: Check) -> str:
    findings = "".join(_finding(finding) for finding in check.findings)
    return (
        f"<tr><td><b>{escape(check.number)}</b><br>{escape(check.title)}</td>"
        f'<td class="{_CLASS[check.verdict]}">{check.verdict}</td><td><ul>{findings}</ul></td></tr>'
    )


def _finding(finding: Finding) -> str:
    entry = "" if finding.seq is None else f" (entry {finding.seq})"
    return f'<li class="{_CLASS[finding.verdict]}">{escape(finding.text)}{entry}</li>'


def _chain(hops: tuple[Hop, ...], names: Mapping[int, str]) -> str:
    """One circle a holder from the top down, between two of them how the goods went over."""
    if not hops:
        return "<p>The goods have not left their first holder, or the chain cannot be read.</p>"
    holders = [hops[0].giver, *(hop.receiver for hop in hops)]
    height = _STEP * (len(holders) - 1) + 2 * _LEFT
    drawn = "".join(_holder(place, number, names) for place, number in enumerate(holders))
    arrows = "".join(_arrow(place, hop) for place, hop in enumerate(hops))
    return (
        f'<svg role="img" aria-label="Custody from organization {holders[0]} to organization {holders[-1]}" '
        f'width="720" viewBox="0 0 720 {height}" xmlns="http://www.w3.org/2000/svg">{arrows}{drawn}</svg>'
    )


def _holder(place: int, number: int, names: Mapping[int, str]) -> str:
    y = _LEFT + place * _STEP
    name = escape(names.get(number, f"Organization {number}"))
    return (
        f'<circle cx="{_LEFT}" cy="{y}" r="{_RADIUS}" fill="#fff" stroke="#1a1a1a" stroke-width="2"/>'
        f'<text x="{_LEFT}" y="{y + 5}" text-anchor="middle">{number}</text>'
        f'<text x="{_LEFT + 30}" y="{y + 5}">{name}</text>'
    )


def _arrow(place: int, hop: Hop) -> str:
    y = _LEFT + place * _STEP
    dashed = "" if hop.grade.name == "A" else ' stroke-dasharray="6 4"'
    top, middle, bottom = y + _RADIUS, y + _STEP // 2 + 5, y + _STEP - _RADIUS
    told = f"{moment(hop.occurred_at)}: {_way(hop)} ({hop.grade.name}), entry {hop.taken.entry.seq}"
    return (
        f'<line x1="{_LEFT}" y1="{top}" x2="{_LEFT}" y2="{bottom}" stroke="#1a1a1a" stroke-width="2"{dashed}/>'
        f'<text class="small" x="{_LEFT + 30}" y="{middle}">{escape(told)}</text>'
    )


def _way(hop: Hop) -> str:
    """How the goods went over, as the checks say it."""
    ordered = hop.grade is CustodyGrade.O or (hop.confirmed is not None and not isinstance(hop.taken.act, _REPORTS))
    if ordered:
        way = "ordered by an authority"
    elif isinstance(hop.taken.act, _REPORTS):
        way = "reported by one side"
    elif hop.grade is CustodyGrade.A:
        return "both sides signed"
    else:
        return "accepted, offered by who answered for the goods"
    return way if hop.confirmed is None else f"{way}, confirmed by the other in entry {hop.confirmed.entry.seq}"
