"""What a check says: findings in plain sentences, each with the act it is about, and the verdict that follows.

A verdict is never set by hand: a check is as bad as its worst finding.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from ledger.acts.act import Act
from ledger.ids import RecordId, hex0x
from ledger.journal.entries import Entry

Verdict = Literal["holds", "not checkable", "questioned", "fails"]
_FROM_BEST: tuple[Verdict, ...] = ("holds", "not checkable", "questioned", "fails")
_LAST_SECOND = 253402300799


@dataclass(frozen=True, slots=True)
class Step:
    """An entry and its act; None where its bytes are no act."""

    entry: Entry
    act: Act | None

    @property
    def name(self) -> str:
        """The act's name."""
        return f"act of kind {self.entry.kind}" if self.act is None else type(self.act).__name__


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence, what it means for the check, and the entry and record that it is about."""

    text: str
    verdict: Verdict = "holds"
    seq: int | None = None
    act: str | None = None
    record: RecordId | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One numbered check of DESIGN section 9."""

    number: str
    title: str
    verdict: Verdict
    findings: tuple[Finding, ...]


def check(number: str, title: str, findings: Iterable[Finding]) -> Check:
    """The check with these findings, the worst first."""
    ordered = sorted(findings, key=lambda finding: -_FROM_BEST.index(finding.verdict))
    return Check(number, title, worst(finding.verdict for finding in ordered), tuple(ordered))


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    return max(verdicts, key=_FROM_BEST.index, default="holds")


def noted(text: str, step: Step | None = None) -> Finding:
    """Something found that is in order."""
    return _about(text, "holds", step)


def doubt(text: str, step: Step | None = None) -> Finding:
    """Something that a person must look at: a broken rule that a report tells of, a sign of tampering."""
    return _about(text, "questioned", step)


def fault(text: str, step: Step | None = None, *, record: RecordId | None = None) -> Finding:
    """Something that an honest ledger cannot contain."""
    return Finding(text, "fails", record=record) if step is None else _about(text, "fails", step)


def _about(text: str, verdict: Verdict, step: Step | None) -> Finding:
    if step is None:
        return Finding(text, verdict)
    return Finding(text, verdict, step.entry.seq, step.name, step.entry.record)


def moment(seconds: int) -> str:
    """A time as people read it."""
    if seconds > _LAST_SECOND:
        return "further notice"
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S} UTC"


def span(seconds: int) -> str:
    """A length of time in hours and minutes: 32 h 35 min."""
    hours, rest = divmod(max(seconds, 0), 3600)
    return f"{hours} h {rest // 60} min"


def short(identifier: bytes) -> str:
    """The start of an id or account, enough to tell it from others on one page."""
    return hex0x(identifier)[:12] + "…"
