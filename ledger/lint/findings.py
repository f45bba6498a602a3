"""What the lint speaks of: a case, a rule, a breach of it, a finding, and the result.

Fields are named by RFC 6901 pointers into the certificate. Nothing is judged here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from ledger.documents.canonical import Json, JsonObject
from ledger.documents.end_use import DraftCertificate, Severity
from ledger.documents.kinds import Application
from ledger.lint.matching import Pair

NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Case:
    """A certificate that somebody wants to use on the day `as_of` for `applications`, which may be none.

    `first_used` is the day of the first application that it supported; None: it supported none before. `fields` are
    the certificate's members as JSON, `pairs` the applications' lines with the certificate's, `blocking` the numbers of
    the blocking rules that are known to be broken.
    """

    certificate: DraftCertificate
    fields: JsonObject
    applications: tuple[Application, ...]
    pairs: tuple[Pair, ...]
    as_of: date
    first_used: date | None
    blocking: tuple[str, ...] = ()


class Breach(NamedTuple):
    """Where a rule is broken: the field, what it says, what it should say."""

    field: str
    found: str
    wanted: str


Check = Callable[[Case], Iterator[Breach]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule by its number; `asks` completes "A certificate ..."."""

    number: str
    asks: str
    check: Check


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken rule. `source` is the article that it comes from."""

    rule: str
    severity: Severity
    field: str
    found: str
    wanted: str
    source: str

    def to_json(self) -> JsonObject:
        """The finding as JSON, member by member."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Lint:
    """Everything that was found under one profile, blocking first."""

    profile: str
    version: str
    as_of: date
    findings: tuple[Finding, ...]

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """What the form's rules do not let pass."""
        return tuple(finding for finding in self.findings if finding.severity == "blocking")

    def to_json(self) -> JsonObject:
        """{profile, version, asOf, blocking (how many), findings}."""
        return {
            "profile": self.profile,
            "version": self.version,
            "asOf": self.as_of.isoformat(),
            "blocking": len(self.blocking),
            "findings": [finding.to_json() for finding in self.findings],
        }

    def carried(self) -> JsonObject:
        """What stays with the certificate: its field `lint`."""
        kept: dict[str, Json] = {finding.rule: finding.severity for finding in self.findings}
        findings: list[Json] = [{"rule": rule, "severity": severity} for rule, severity in kept.items()]
        return {"profile": self.profile, "version": self.version, "findings": findings}


def at(fields: Json, pointer: str) -> Iterator[tuple[str, Json]]:
    """Every place that `pointer` names, with what stands there, None where nothing does; `*` is each element.

    There is no place within what is missing itself: a certificate without signatory lacks no title.
    """
    places: list[tuple[str, Json]] = [("", fields)]
    for step in pointer.split("/")[1:]:
        places = [found for place, value in places for found in _step(place, value, step)]
    yield from places


def _step(place: str, value: Json, step: str) -> Iterator[tuple[str, Json]]:
    if step == "*":
        for index, item in enumerate(value if isinstance(value, list) else []):
            yield f"{place}/{index}", item
    elif isinstance(value, dict):
        yield f"{place}/{step}", value.get(step)
