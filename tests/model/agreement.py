"""Contracts and model side by side: a ground to walk on, an act brought to both, and what was compared.

The ground is made and grown once; `Ground.begin` takes chain, clock and model back to it, so that every walk starts
from the same.
"""

import copy
import random
from collections import Counter
from collections.abc import Mapping
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
GROWTH = (
    *("SignCertificate", "RecordCertificate", "SignCertificate", "GrantMandate", "RecordLicense"),
    *("ApplyForLicense", "AssessApplication") * 10,
    *("IssueLicense", "RegisterShipment", "RegisterShipment", "ClearShipment", "DepartShipment") * 6,
    *("RecordTransfer", "OfferHandoff", "AcceptHandoff", "ReportMovement", "SplitShipment") * 2,
    *("ApplyForLicense", "AssessApplication", "SupersedeLicense", "AcceptHandoff", "ReportMovement"),
    *("CreditReturn", "CreditReturn", "CosignCertificate", "VoteAuthority", "ReportMovement"),
    *("ReportDelivery", "ConfirmDelivery", "OfferHandoff", "HoldShipment", "RecallShipment", "SuspendLicense"),
    *("RefuseApplication", "ApplyForLicense", "AssessApplication", "RecordParty", "AppointAgent"),
)
"""What is entered on the ground, so that there is something to walk on."""
POLICIES: Mapping[int, dict[str, object]] = {
    1: {"control": 3},
    2: {"control": 1, "clearance_required": True, "handoff_hours": 1},
    3: {"control": 2, "certificate_signers": 8, "transfers": 0},
    4: {"control": 3, "lowest_custody_grade": 3},
    5: {"control": 3},
    6: {"control": 1},
    7: {"control": 3, "certificate_grade": 2, "first_use_days": 30},
    8: {"control": 4},
}
"""Terms that differ by kind of license."""


@dataclass
class Coverage:
    """What was compared so far."""

    accepted: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    pairs: set[tuple[str, str]] = field(default_factory=set)
    records: int = 0

    @property
    def acts(self) -> int:
        return self.accepted.total() + self.refused.total()

    def count(self, name: str, answer: Answer) -> None:
        if answer.refusal is None:
            self.accepted[name] += 1
            return
        self.refused[name] += 1
        self.errors[answer.refusal[0]] += 1
        self.pairs.add((name, answer.refusal[0]))

    def summary(self) -> str:
        """Counts, and what was not met."""
        rows = [f"{act.KIND:3} {name:24}{self.accepted[name]:6}{self.refused[name]:6}" for name, act in ACTS.items()]
        errors = [f"{name} {self.errors[name]}" for name in sorted(ERRORS, key=lambda name: self.errors[name])]
        counts = f"{self.acts} acts, {self.accepted.total()} entered, {self.records} records compared"
        pairs = f"{len(self.pairs)} pairs of act and refusal"
        return "\n".join(["", "act, entered, refused", *sorted(rows), ", ".join(errors), f"{counts}, {pairs}"])


class Ground:
    """One land, grown. `state` is the model's, `contracts` are those of the land."""

    def __init__(self, folder: Path) -> None:
        self.land = Land(folder, POLICIES)
        self.contracts = Contracts(self.land)
        self.coverage = Coverage()
        self.state = opened(self.land)
        self.entered: list[Step] = []
        self.changed: dict[bytes, None] = dict.fromkeys(self.state.records)
        self.land.advance(HOUR)  # so that the next block's time is the clock's
        for number, name in enumerate(GROWTH):
            self.land.advance(1)
            self.bring(self.steps(number).entering(name))
        self._grown, self._entered = copy.deepcopy(self.state), [*self.entered]
        self._mark = self.land.snapshot()

    def begin(self) -> None:
        """Back to where every walk starts."""
        self.land.revert(self._mark)
        self.state, self.entered = copy.deepcopy(self._grown), [*self._entered]
        self.changed = {}

    def steps(self, seed: int) -> Steps:
        """What may come next; the same seed, the same step."""
        chance = random.Random(seed)  # noqa: S311 - a walk that can be repeated
        return Steps(self.state, list(self.land.keys), self.contracts.time(), chance, self.contracts.digest)

    def bring(self, step: Step) -> None:
        """One act to both. Raises AssertionError where they part."""
        ours = self._considered(step)
        theirs = self.contracts.execute(step.act, step.signer, likely=ours.entry is not None)
        assert comparable(theirs) == comparable(ours), (step, shown(ours, theirs))
        self.changed |= dict.fromkeys(self.state.records._changed)
        self.state.commit()
        self.entered += [step] if ours.entry else []
        self.coverage.count(type(step.act).__name__, ours)

    def _considered(self, step: Step) -> Answer:
        """The model's answer, before it is kept."""
        time, digest = self.contracts.time(), self.contracts.digest(step.act)
        try:
            return Answer(time, digest, consider(Case(self.state, step.act, step.signer, time, digest)), None)
        except Refused as refused:
            self.state.rollback()
            return Answer(time, digest, None, (refused.name, refused.values))

    def compare_changed(self) -> None:
        """Reads what has changed from the contracts. Raises AssertionError where the model has it otherwise."""
        changed, self.changed = self.changed, {}
        for key in changed:
            record = self.state.the(Record, key)
            differing = self.contracts.disagreement(self.state, record)
            assert not differing, (type(record).__name__, key.hex(), differing)
            self.coverage.records += 1


def shown(ours: Answer, theirs: Answer) -> Mapping[str, object]:
    """What differs, as (model, contracts): the members of the entries, or the answers."""
    if ours.entry is None or theirs.entry is None:
        return {"answer": (ours.refusal or "entered", theirs.refusal or "entered")}
    names = [f.name for f in fields(Outcome) if f.name != "irregular"]
    pairs = {name: (getattr(ours.entry, name), getattr(theirs.entry, name)) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
