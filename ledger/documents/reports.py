"""What people report of shipments and parties: handoffs, deliveries, differences, screenings, and what else they state.

Fields only; `kinds` says which act takes which report. `shipment` and `about` are records on the ledger, `evidence`
are SHA-256 hashes of files: photographs, proofs of delivery.
"""

from typing import Annotated, Literal

from pydantic import Field

from ledger.documents.end_use import Agency, Signatory
from ledger.documents.forms import Count, Country, Day, Decimals, Form, Hex32, Line, Name, Seconds, Text, Unit
from ledger.documents.parts import CountedLine, Party, Reference, ScreenedParty, ScreeningList

SealState = Literal["intact", "broken", "replaced", "missing", "none"]
Difference = Literal["shortage", "surplus", "damage", "otherGoods", "otherSerials", "seal", "papers", "other"]
Topic = Literal[
    "assessment", "question", "clearance", "departure", "loss", "serials", "verification", "order", "statement"
]
Remainder = Literal["allShipped", "partNotShipped", "noneShipped", "moreToCome"]


class _Seen(Form):
    shipment: Hex32 | None = None
    occurred_at: Seconds | None = None
    place: Text | None = None
    country: Country | None = None
    references: tuple[Reference, ...] = Field(default=(), max_length=32)
    evidence: tuple[Hex32, ...] = Field(default=(), max_length=64)
    text: Text | None = None


class HandoffReport(_Seen):
    """Goods that were handed over or taken over. `reservation`: what the receiver does not vouch for."""

    counterparty: Party | None = None
    seals: tuple[Name, ...] = Field(default=(), max_length=64)
    seal_state: SealState | None = None
    lines: tuple[CountedLine, ...] = Field(default=(), max_length=32)
    reservation: Text | None = None


class VerifiedLine(CountedLine):
    """A line as it arrived, in the license's own words."""

    license_description: Text | None = None
    unit: Unit | None = None
    decimals: Decimals | None = None


class DeliveryVerification(_Seen):
    """That goods arrived where the certificate says: by the end-user, or by the importing country's agency.

    After old 15 CFR 748.13: made after entry, one for each partial shipment, it names the certificate and the license
    and repeats the license's description; with the last one, `remainder` tells what became of the rest.
    """

    reference: Reference | None = None
    certificate: Hex32 | None = None
    certificate_reference: Reference | None = None
    license_reference: Reference | None = None
    arrived_on: Day
    customs_entry: Reference | None = None
    importer: Party | None = None
    received_by: Signatory | None = None
    issuer: Agency | None = None
    lines: tuple[VerifiedLine, ...] = Field(min_length=1, max_length=32)
    remainder: Remainder | None = None


class DifferentLine(Form):
    """What line `line` should have been and what it was, both in 10^-decimals of its unit."""

    line: Line
    difference: Difference
    expected: Count | None = None
    found: Count | None = None
    serials: tuple[Name, ...] = Field(default=(), max_length=256)
    note: Text | None = None


class DiscrepancyReport(_Seen):
    """Goods, seals or papers that differ from what was declared, and what its author thinks why."""

    counterparty: Party | None = None
    seal_state: SealState | None = None
    lines: tuple[DifferentLine, ...] = Field(min_length=1, max_length=32)
    explanation: Text | None = None


class ScreeningReport(Form):
    """Which parties were searched in which lists, how, and what a person decided on each hit.

    `threshold`: the least likeness (0 to 1000) that counted as a hit.
    """

    about: Hex32 | None = None
    screened_at: Seconds
    method: Name
    threshold: Annotated[int, Field(ge=0, le=1000)]
    lists: tuple[ScreeningList, ...] = Field(min_length=1, max_length=64)
    parties: tuple[ScreenedParty, ...] = Field(min_length=1, max_length=64)
    decided_by: Name | None = None
    text: Text | None = None


class Statement(_Seen):
    """Whatever else somebody sees, asks, orders or says. `about`: the digest of the act or the record it is about."""

    topic: Topic
    about: Hex32 | None = None
    lines: tuple[CountedLine, ...] = Field(default=(), max_length=32)
