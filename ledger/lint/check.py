"""The check itself: every rule that the profile demands, put to one certificate.

Order of work: the profile, its rules in order of their numbers, then what the certificate says about its own check. The
worst findings come first. The same arguments give the same findings; no clock is read.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from ledger.documents.canonical import Json, JsonObject
from ledger.documents.end_use import DraftCertificate, Severity
from ledger.documents.kinds import Application
from ledger.errors import InvalidField, brief
from ledger.lint.findings import Case, Finding, Lint
from ledger.lint.matching import pairs
from ledger.lint.profiles import PROFILES, Demand, Profile, profile_named, profile_of_form
from ledger.lint.reading import application_in, certificate_in
from ledger.lint.signing import CARRIED

MOST_APPLICATIONS = 32
MOST_SHOWN = 200
"""Characters of a text that a finding repeats."""
_ORDER: tuple[Severity, ...] = ("blocking", "warning", "note")
_MEMBERS = {"certificate", "applications", "profile", "asOf", "firstUsed"}


def check(
    certificate: DraftCertificate,
    *,
    as_of: date,
    applications: Sequence[Application] = (),
    profile: str | None = None,
    first_used: date | None = None,
) -> Lint:
    """What is missing in `certificate`, or contradicts `applications`, when it is used on the day `as_of`.

    `profile` None: the one that the certificate was checked under, else that of its form, else the general one.
    `first_used`: the day of the first application that it supported; None: none before.

    Raises:
        InvalidField: no such profile, or too many applications.
    """
    if len(applications) > MOST_APPLICATIONS:
        raise InvalidField("applications", f"{len(applications)} applications", f"at most {MOST_APPLICATIONS}")
    chosen = _profile(certificate, profile)
    case = Case(
        certificate=certificate,
        fields=certificate.to_json(),
        applications=tuple(applications),
        pairs=tuple(pairs(certificate.lines, applications)),
        as_of=as_of,
        first_used=first_used,
    )
    findings = list(_findings(chosen.demands, case))
    blocking = dict.fromkeys(finding.rule for finding in findings if finding.severity == "blocking")
    last = [demand for demand in chosen.demands if demand.rule.number == CARRIED]
    findings += _findings(last, replace(case, blocking=tuple(blocking)))
    ordered = sorted(findings, key=lambda finding: _ORDER.index(finding.severity))
    return Lint(chosen.name, chosen.version, as_of, tuple(ordered))


def check_request(request: Json, today: date) -> Lint:
    """The answer to `{certificate, applications?, profile?, asOf?, firstUsed?}`; `today` where no day is given.

    Raises:
        InvalidField: a member that is missing, unknown or unreadable.
        Refused: ProofInvalid.
    """
    if not isinstance(request, dict):
        raise InvalidField("", request, "an object")
    for name in sorted(request.keys() - _MEMBERS):
        raise InvalidField(name, request[name], f"one of {', '.join(sorted(_MEMBERS))}")
    applications = request.get("applications", [])
    if not isinstance(applications, list):
        raise InvalidField("applications", applications, "a list of applications")
    return check(
        certificate_in(_object(request.get("certificate"), "certificate")),
        applications=[
            application_in(_object(item, place), place)
            for place, item in ((f"applications[{index}]", item) for index, item in enumerate(applications))
        ],
        profile=_text(request, "profile"),
        as_of=day(_text(request, "asOf"), "asOf") or today,
        first_used=day(_text(request, "firstUsed"), "firstUsed"),
    )


def day(text: str | None, field: str) -> date | None:
    """The day written as YYYY-MM-DD. Raises InvalidField."""
    if text is None:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError as fault:
        raise InvalidField(field, text, "a day as YYYY-MM-DD") from fault
    if found.isoformat() != text:
        raise InvalidField(field, text, "a day as YYYY-MM-DD")
    return found


def _profile(certificate: DraftCertificate, name: str | None) -> Profile:
    if name is not None:
        return profile_named(name)
    carried = certificate.lint.profile if certificate.lint else ""
    return PROFILES.get(carried) or profile_of_form(certificate.form)


def _findings(demands: Iterable[Demand], case: Case) -> Iterator[Finding]:
    for demand in demands:
        for breach in demand.rule.check(case):
            found, wanted = (brief(text, MOST_SHOWN) for text in (breach.found, breach.wanted))
            yield Finding(demand.rule.number, demand.severity, breach.field, found, wanted, demand.source)


def _object(value: Json, place: str) -> JsonObject:
    if not isinstance(value, dict):
        raise InvalidField(place, value, "an object: the fields, or a document")
    return value


def _text(request: JsonObject, name: str) -> str | None:
    value = request.get(name)
    if value is not None and not isinstance(value, str):
        raise InvalidField(name, value, "text")
    return value
