"""How a provenance report reads in a terminal: verdict and grades first, then check by check what was found."""

from rich.text import Text

from ledger.checks.findings import Check, Verdict
from ledger.ids import hex0x
from ledger.provenance import Report

_COLORS: dict[Verdict, str] = {
    "holds": "green",
    "not checkable": "magenta",
    "questioned": "yellow",
    "fails": "bold red",
}
MOST_FINDINGS = 5
"""Shown of a check that holds; of any other, all are shown."""


def show(report: Report, *, in_doubt: bool = False) -> Text:
    """The report for people, a line for each finding; with `in_doubt` only of checks that do not hold."""
    said = Text.assemble(
        f"Shipment {hex0x(report.shipment)} at {report.at}: ",
        (report.verdict, f"bold {_COLORS[report.verdict]}"),
        f"\n{_grades(report)}\n",
    )
    for check in report.checks:
        if in_doubt and check.verdict == "holds":
            continue
        said.append(f"{check.number}  ").append(f"{check.verdict:13}", _COLORS[check.verdict])
        said.append(f"  {check.title}\n", "bold")
        said.append("".join(f"      {line}\n" for line in _findings(check)))
    return said


def _grades(report: Report) -> str:
    if report.grades is None:
        return "Too much is missing to tell grades."
    parts = {name: getattr(report.grades, name).name for name in report.grades.__slots__}
    weakest = report.grades.weakest()
    named = ", ".join(f"{part} {grade}" for part, grade in parts.items())
    return f"Grades: {named}." + (f" Weakest: {weakest[0]}, {weakest[1]}." if weakest else "")


def _findings(check: Check) -> list[str]:
    shown = check.findings if check.verdict != "holds" else check.findings[:MOST_FINDINGS]
    told = [finding.text + (f" (entry {finding.seq})" if finding.seq is not None else "") for finding in shown]
    more = len(check.findings) - len(shown)
    return [*told, f"and {more} more"] if more else told
