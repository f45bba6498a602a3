"""How a provenance report is shown: checks, findings, grades and the chain of custody."""

from typing import Annotated, Literal

from pydantic import Field

from api.answers import Block
from api.records import Shown
from api.shapes import Hex32, Number, Seconds

Verdict = Literal["holds", "questioned", "fails", "not checkable"]


class Finding(Shown):
    """One sentence of a check, with the entry and record that it is about."""

    text: str
    verdict: Verdict
    seq: int | None
    act: str | None
    record: Hex32 | None


class Check(Shown):
    """One numbered check: as bad as its worst finding."""

    number: Annotated[str, Field(examples=["P1"])]
    title: str
    verdict: Verdict
    findings: list[Finding]


class Weakest(Shown):
    """The part with the lowest grade."""

    part: str
    grade: str


class Grades(Shown):
    """How well each part is proven; NONE where there is nothing yet."""

    certificate: Literal["NONE", "R", "V", "A"]
    departure: Literal["NONE", "B", "O", "A"]
    custody: Literal["NONE", "B", "O", "A"]
    delivery: Literal["NONE", "B", "O", "A"]
    weakest: Weakest | None


class Hop(Shown):
    """The goods went from one organization to the next."""

    giver: Annotated[Number, Field(alias="from")]
    receiver: Annotated[Number, Field(alias="to")]
    grade: Literal["B", "O", "A"]
    act: str
    seq: int
    occurred_at: Seconds
    confirmed_seq: Annotated[int | None, Field(description="Of the other side's confirmation of an order or report.")]


class Provenance(Shown):
    """Whether a shipment's history holds, check by check: member by member `ledger.provenance.Report.to_json`."""

    shipment: Hex32
    verdict: Verdict
    grades: Grades | None
    custody: list[Hop]
    checks: list[Check]
    block: Block
