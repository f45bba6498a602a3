"""Rules P: who is named, and whether the people who screen and compare can do anything with it.

Two parties are the same when their numbers on the ledger are equal; where one has none, when the words of their names
and their countries are. Nothing is looked up: screening against lists is done elsewhere.
"""

from collections.abc import Iterator

from ledger.documents.canonical import Json
from ledger.documents.end_use import DraftCertificate
from ledger.documents.parts import Party
from ledger.lint.findings import NOTHING, Breach, Case, Rule, at
from ledger.lint.matching import plain

_BLANKS = {
    "",
    "as advised",
    "blank",
    "n a",
    "na",
    "none",
    "same",
    "same as above",
    "tba",
    "tbc",
    "tbd",
    "to be advised",
    "to be announced",
    "to be confirmed",
    "to be determined",
    "to order",
    "unknown",
    "various",
    "xx",
    "xxx",
    "xxxx",
}
"""Words that stand where something is to be filled in later."""
_FILLED_IN = ("/signatory/name", "/endUse", "/lines/*/description", "/placeOfUse")
_NOWHERE = "ZZ"
"""Stands for a country that a source does not tell."""


def same(one: Party, other: Party) -> bool:
    """Whether two entries name one party."""
    if one.organization is not None and other.organization is not None:
        return one.organization == other.organization
    return plain(one.name) == plain(other.name) and one.address.country == other.address.country


def named(certificate: DraftCertificate) -> Iterator[tuple[str, Party]]:
    """Every party with its place."""
    for place, party in (
        ("/exporter", certificate.exporter),
        ("/purchaser", certificate.purchaser),
        ("/consignee", certificate.consignee),
        ("/endUser", certificate.end_user),
        ("/ultimateEndUser", certificate.ultimate_end_user),
        ("/government", certificate.government),
    ):
        if party is not None:
            yield place, party
    for index, one in enumerate(certificate.parties):
        yield f"/parties/{index}", one


def _exporter_is_not_end_user(case: Case) -> Iterator[Breach]:
    exporter, end_user = case.certificate.exporter, case.certificate.end_user
    if exporter and end_user and same(exporter, end_user):
        yield Breach("/endUser", end_user.name, "another than the exporter")


def _exporter_is_not_consignee(case: Case) -> Iterator[Breach]:
    exporter, consignee = case.certificate.exporter, case.certificate.consignee
    if exporter and consignee and same(exporter, consignee):
        yield Breach("/consignee", consignee.name, "another than the exporter")


def _addresses(case: Case) -> Iterator[Breach]:
    for place, party in named(case.certificate):
        if place != "/endUser" and not party.address.locality:  # E13 asks for the end-user's
            yield Breach(f"{place}/address/locality", NOTHING, f"where {party.name} is, to screen it")


def _nothing_left_blank(case: Case) -> Iterator[Breach]:
    filled: list[tuple[str, Json]] = [(f"{place}/name", party.name) for place, party in named(case.certificate)]
    for pointer in _FILLED_IN:
        filled += at(case.fields, pointer)
    for place, text in filled:
        if isinstance(text, str) and plain(text) in _BLANKS:
            yield Breach(place, text, "filled in before anyone signs")


def _end_user_at_destination(case: Case) -> Iterator[Breach]:
    end_user, destination = case.certificate.end_user, case.certificate.destination
    if end_user and destination and end_user.address.country != destination:
        yield Breach("/endUser/address/country", end_user.address.country, f"the destination, {destination}")


def _ultimate_end_user(case: Case) -> Iterator[Breach]:
    onward = case.certificate.use_category in {"processed", "resold", "reexported"}
    if onward and case.certificate.ultimate_end_user is None:
        yield Breach("/ultimateEndUser", NOTHING, f"who uses in the end what is {case.certificate.use_category}")


def _use_fits_undertaking(case: Case) -> Iterator[Breach]:
    certificate = case.certificate
    if certificate.use_category == "reexported" and "noReexport" in certificate.assurances:
        yield Breach("/useCategory", "reexported", "another use, as it assures noReexport")
    if certificate.use_category == "capital" and certificate.incorporation is not None:
        yield Breach("/incorporation/onward", ", ".join(certificate.incorporation.onward), "none for use as it is")


def _countries(case: Case) -> Iterator[Breach]:
    for place, party in named(case.certificate):
        if party.address.country == _NOWHERE:
            yield Breach(f"{place}/address/country", _NOWHERE, f"the country where {party.name} is")


PARTIES = {
    rule.number: rule
    for rule in (
        Rule("P01", "names an end-user that is not the exporter", _exporter_is_not_end_user),
        Rule("P02", "names a consignee that is not the exporter", _exporter_is_not_consignee),
        Rule("P03", "says where each party is, so that it can be screened", _addresses),
        Rule("P04", "leaves nothing to be filled in after the signature", _nothing_left_blank),
        Rule("P05", "goes to the country where the end-user is", _end_user_at_destination),
        Rule("P06", "names the ultimate end-user of what is processed, resold or reexported", _ultimate_end_user),
        Rule("P07", "states a use that its undertaking allows", _use_fits_undertaking),
        Rule("P08", "says in which country each party is", _countries),
    )
}
