"""A walk of the contracts and the model side by side, with what it covers and where they part.

An act that the two answer differently is undone on both sides, so one disagreement does not hide the next. Records
that an act changed in the model are read from the contracts every `EVERY` steps, and all of them at the end.
"""

import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from ledger.acts.kinds import ACTS
from ledger.audit.case import Case
from ledger.audit.journal import Outcome
from ledger.audit.judge import consider
from ledger.audit.refusals import ERRORS
from ledger.audit.state import Record
from ledger.errors import Refused
from tests.model.contracts import Contracts, Land, opened
from tests.model.steps import Step, Steps
from tests.model.walking import Answer, comparable

HOUR = 3_600
PACES = (1, 1, 1, 1, 1, 1, 60, 60, HOUR, 15 * HOUR)
EVERY = 25
FOCI = (range(1, 120), range(40, 72), range(80, 120), range(1, 46))
"""Numbers of the acts that walks take, in turn: all; papers; goods; people."""
Met = Counter[tuple[int, str]]


FAULTS: Mapping[str, Callable[[Step, Answer, Answer], bool]] = {}
"""Answers of the contracts that are known to be wrong, by the fault's number; (step, model, contracts)."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """An act on which they part, or a member of a record after it."""

    number: int
    what: str
    step: Step
    ours: object
    theirs: object


@dataclass
class Report:
    """What some walks saw."""

    accepted: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    tolerated: Counter[str] = field(default_factory=Counter)
    met: Met = field(default_factory=Counter)
    """Refusals by kind of act and name."""
    disagreements: list[Disagreement] = field(default_factory=list)

    def __iadd__(self, other: "Report") -> "Report":
        for counts in ("accepted", "refused", "errors", "tolerated"):
            getattr(self, counts).update(getattr(other, counts))
        self.disagreements += other.disagreements
        return self

    def summary(self) -> str:
        """Counts, and what was not met."""
        steps = sum(self.accepted.values()) + sum(self.refused.values())
        rows = [f"{act.KIND:3} {name:24}{self.accepted[name]:5}{self.refused[name]:5}" for name, act in ACTS.items()]
        missed = [name for name in ERRORS if not self.errors[name]]
        counts = f"{steps} steps, {sum(self.accepted.values())} entered, {len(self.met)} pairs of act and refusal"
        return "\n".join(["", "act, entered, refused", *sorted(rows), counts, f"not met: {', '.join(missed)}"])


class Walk:
    """One land, one chance, many steps."""

    def __init__(self, folder: Path, seed: int, *, every: int = EVERY, met: Met | None = None) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - a walk that can be repeated
        self.land = Land(folder, policies(self.chance))
        self.state = opened(self.land)
        self.contracts = Contracts(self.land)
        self.steps = Steps(self.state, list(self.land.keys), self.chance, self.contracts.digest)
        self.steps.met = Counter() if met is None else met
        self.steps.focus(FOCI[seed % len(FOCI)])
        self.every = every
        self.changed: dict[bytes, Step | None] = dict.fromkeys(self.state.records)
        self.report = Report()

    def run(self, length: int) -> Report:
        """So many steps."""
        self.land.advance(HOUR)  # so that the next block's time is the clock's
        for number in range(length):
            self.land.advance(1 if self.steps.growth else self.chance.choice(PACES))
            self.step(number)
            if number % self.every == 0:
                self.compare_records(number)
        self.changed = dict.fromkeys(self.state.records) | self.changed
        self.compare_records(length)
        self.land.close()
        return self.report

    def step(self, number: int) -> None:
        """One act on both sides."""
        step, mark = self.steps.next(self.contracts.time()), self.land.snapshot()
        ours = self.considered(step)
        theirs = self.contracts.execute(step.act, step.signer, likely=ours.entry is not None)
        if comparable(ours) == comparable(theirs):
            self.changed |= dict.fromkeys(self.state.records._changed, step)
            self.state.commit()
            self.count(step, ours)
            return
        self.state.rollback()
        self.land.revert(mark)
        fault = next((fault for fault, fits in FAULTS.items() if fits(step, ours, theirs)), "")
        if fault:
            self.report.tolerated[fault] += 1
        else:
            said = shown(ours, theirs)
            self.report.disagreements.append(Disagreement(number, type(step.act).__name__, step, *said))

    def considered(self, step: Step) -> Answer:
        """The model's answer, before it is kept."""
        time, digest = self.contracts.time(), self.contracts.digest(step.act)
        try:
            return Answer(time, digest, consider(Case(self.state, step.act, step.signer, time, digest)), None)
        except Refused as refused:
            self.state.rollback()
            return Answer(time, digest, None, (refused.name, refused.values))

    def count(self, step: Step, answer: Answer) -> None:
        """What was covered."""
        name = type(step.act).__name__
        if answer.refusal:
            self.report.refused[name] += 1
            self.report.errors[answer.refusal[0]] += 1
        else:
            self.report.accepted[name] += 1

    def compare_records(self, number: int) -> None:
        """Reads what has changed."""
        for key, step in self.changed.items():
            record = self.state.the(Record, key)
            for name, (ours, theirs) in self.contracts.disagreement(self.state, record).items():
                what = f"{type(record).__name__}.{name}"
                self.report.disagreements.append(Disagreement(number, what, step, ours, theirs))
        self.changed = {}


def shown(ours: Answer, theirs: Answer) -> tuple[object, object]:
    """What differs: the members of the entries, or the answers."""
    if ours.entry is None or theirs.entry is None:
        return (ours.refusal or "entered"), (theirs.refusal or "entered")
    names = [f.name for f in fields(Outcome) if f.name != "irregular"]
    pairs = {n: (getattr(ours.entry, n), getattr(theirs.entry, n)) for n in names}
    parted = {n: pair for n, pair in pairs.items() if pair[0] != pair[1]}
    return {n: pair[0] for n, pair in parted.items()}, {n: pair[1] for n, pair in parted.items()}


def policies(chance: random.Random) -> Mapping[int, dict[str, object]]:
    """Terms that differ by kind of license."""
    return {
        kind: {
            "control": chance.choice((1, 2, 3, 3, 4)),
            "clearance_required": kind == 3,
            "certificate_grade": 2 if kind == 7 else 0,
            "first_use_days": 30 if kind == 7 else 0,
            "lowest_custody_grade": chance.choice((1, 1, 3)),
        }
        for kind in range(1, 9)
    }
