"""What became of an act, in words that the model and whoever executes acts share.

Refusals compare by name and values, entries by every field but `irregular`, which no entry carries: that is compared
with the rest of the record.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from ledger.audit.journal import Outcome
from ledger.audit.judge import judge
from ledger.audit.state import State
from ledger.errors import Refused, Value
from tests.model.steps import Step


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an act: the block's time, the digest that was signed, and its entry or its refusal."""

    time: int
    digest: bytes
    entry: Outcome | None
    refusal: tuple[str, Mapping[str, Value]] | None


def judged(state: State, step: Step, *, time: int, digest: bytes) -> Answer:
    """The model's own answer."""
    try:
        outcome = judge(state, step.act, signer=step.signer, time=time, digest=digest)
    except Refused as refused:
        return Answer(time, digest, None, (refused.name, refused.values))
    return Answer(time, digest, outcome, None)


def comparable(answer: Answer) -> object:
    """What both sides must agree on."""
    if answer.entry is None:
        return answer.refusal
    return {f.name: getattr(answer.entry, f.name) for f in fields(Outcome) if f.name != "irregular"}
