"""Rules A: whether the certificate backs the applications that name it, all of them together.

Quantities count 10^-decimals of their unit and are never converted: the contracts do not convert either.
"""

from collections.abc import Iterable, Iterator

from ledger.documents.kinds import Application
from ledger.documents.parts import ControlEntry, Party
from ledger.lint.findings import NOTHING, Breach, Case, Rule
from ledger.lint.matching import plain, unit_of
from ledger.lint.parties import same


def _shown(entries: Iterable[ControlEntry]) -> str:
    return ", ".join(f"{entry.code} ({entry.list})" for entry in entries) or NOTHING


def _in(application: Application) -> str:
    return f"as in application {application.reference}"


def _exporter(case: Case) -> Iterator[Breach]:
    exporter = case.certificate.exporter
    for application in case.applications:
        if exporter and not same(exporter, application.exporter):
            yield Breach("/exporter", exporter.name, f"{application.exporter.name}, {_in(application)}")


def _end_user(case: Case) -> Iterator[Breach]:
    end_user = case.certificate.end_user
    for application in case.applications:
        if end_user:
            yield from _among("/endUser", end_user, application, ("endUser",))


def _other_parties(case: Case) -> Iterator[Breach]:
    consignee = case.certificate.consignee
    for application in case.applications:
        if consignee:
            yield from _among("/consignee", consignee, application, ("consignee", "endUser"))
        for index, party in enumerate(case.certificate.parties):
            yield from _among(f"/parties/{index}", party, application, (party.role,))


def _among(place: str, party: Party, application: Application, roles: tuple[str, ...]) -> Iterator[Breach]:
    wanted = [other for other in application.parties if other.role in roles]
    if not any(same(party, other) for other in wanted):
        names = " or ".join(other.name for other in wanted) or f"no {roles[0]}"
        yield Breach(place, party.name, f"{names}, {_in(application)}")


def _destination(case: Case) -> Iterator[Breach]:
    destination = case.certificate.destination
    for application in case.applications:
        if destination and destination not in application.destinations:
            yield Breach("/destination", destination, f"{', '.join(application.destinations)}, {_in(application)}")


def _goods(case: Case) -> Iterator[Breach]:
    for pair in case.pairs:
        if pair.certified is None:
            yield Breach("/lines", f"no line for {pair.line.description}", f"every line {_in(pair.application)}")


def _same_units(case: Case) -> Iterator[Breach]:
    for pair in case.pairs:
        if pair.certified is not None and not pair.one_unit:
            found, wanted = ("{} with {} decimals".format(*unit_of(line)) for line in (pair.certified, pair.line))
            yield Breach(f"/lines/{pair.place}/unit", found, f"{wanted}, {_in(pair.application)}")


def _pool(case: Case) -> Iterator[Breach]:
    sums: dict[int, int] = {}
    for pair in case.pairs:
        if pair.place is not None and pair.one_unit:
            sums[pair.place] = sums.get(pair.place, 0) + (pair.line.quantity or 0)
    for index, applied in sorted(sums.items()):
        certified = case.certificate.lines[index].quantity
        if applied > certified:
            wanted = f"at least {applied}, the sum over {len(case.applications)} application(s)"
            yield Breach(f"/lines/{index}/quantity", str(certified), wanted)


def _bounded(case: Case) -> Iterator[Breach]:
    for pair in case.pairs:
        if pair.certified is not None and pair.line.quantity is None:
            wanted = f"no limit, {_in(pair.application)}"
            yield Breach(f"/lines/{pair.place}/quantity", str(pair.certified.quantity), wanted)


def _same_entries(case: Case) -> Iterator[Breach]:
    for pair in case.pairs:
        if pair.certified is not None and pair.certified.control_entries and pair.certified_codes != pair.line_codes:
            wanted = f"{_shown(pair.line.control_entries)}, {_in(pair.application)}"
            yield Breach(f"/lines/{pair.place}/controlEntries", _shown(pair.certified.control_entries), wanted)


def _same_versions(case: Case) -> Iterator[Breach]:
    for pair in case.pairs:
        wanted = {(plain(entry.list), plain(entry.code)): entry for entry in pair.line.control_entries}
        for number, entry in enumerate(pair.certified.control_entries if pair.certified else ()):
            other = wanted.get((plain(entry.list), plain(entry.code)), entry)
            if (entry.version, entry.text_hash) != (other.version, other.text_hash):
                place = f"/lines/{pair.place}/controlEntries/{number}"
                found, text = (f"{each.version}, text {each.text_hash[:10]}…" for each in (entry, other))
                yield Breach(place, found, f"{text}, {_in(pair.application)}")


def _same_use(case: Case) -> Iterator[Breach]:
    use = case.certificate.end_use
    for application in case.applications:
        if use is not None and plain(use) != plain(application.end_use):
            yield Breach("/endUse", use, f"{application.end_use}, {_in(application)}")


def _number_on_application(case: Case) -> Iterator[Breach]:
    reference = case.certificate.reference
    for application in case.applications:
        if reference and reference.number not in {other.number for other in application.references}:
            wanted = f"among the references of application {application.reference}"
            yield Breach("/reference/number", reference.number, wanted)


def _one_by_own_words(case: Case) -> Iterator[Breach]:
    if case.certificate.multi_use == "single" and len(case.applications) > 1:
        yield Breach("/multiUse", "single", f"pool, for {len(case.applications)} applications")


def _one_application(case: Case) -> Iterator[Breach]:
    if len(case.applications) > 1 and case.certificate.multi_use != "single":  # else A13 says so
        yield Breach("/multiUse", f"{len(case.applications)} applications", "a certificate for each application")


BACKING = {
    rule.number: rule
    for rule in (
        Rule("A01", "names the exporter that applies", _exporter),
        Rule("A02", "is of an end-user that the application names", _end_user),
        Rule("A03", "names the consignee and other parties as the application does", _other_parties),
        Rule("A04", "is for a destination of the application", _destination),
        Rule("A05", "covers every line of the application", _goods),
        Rule("A06", "counts each line in the application's unit and decimals", _same_units),
        Rule("A07", "covers the quantities of all applications together", _pool),
        Rule("A08", "names the control-list entries that the application names", _same_entries),
        Rule("A09", "names the entries in the versions that the application names", _same_versions),
        Rule("A10", "states the end-use in the application's words", _same_use),
        Rule("A11", "is bounded where the application is", _bounded),
        Rule("A12", "has its number on the application", _number_on_application),
        Rule("A13", "supports one application if it says so itself", _one_by_own_words),
        Rule("A14", "supports one application", _one_application),
    )
}
