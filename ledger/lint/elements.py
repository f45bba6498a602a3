"""Rules E: what a certificate must state. One table; which form asks for which element stands in `profiles`."""

from collections.abc import Iterator

from ledger.lint.findings import NOTHING, Breach, Case, Check, Rule, at

_STATED = {
    "E01": ("/reference", "its own number"),
    "E02": ("/signedOn", "the day of its signature"),
    "E03": ("/reference/date", "the day of its issue"),
    "E05": ("/issuer", "the government agency that issues it"),
    "E06": ("/issuer/officer", "the official who signs for that agency"),
    "E08": ("/exporter", "the exporter"),
    "E09": ("/exporter/address/street", "the exporter's street"),
    "E10": ("/purchaser", "the purchaser or importer"),
    "E11": ("/consignee", "the consignee"),
    "E12": ("/endUser", "the end-user"),
    "E14": ("/signatory", "the official who signs"),
    "E15": ("/signatory/title", "that official's title"),
    "E16": ("/signatory/authority", "that official's authority to bind and to control the goods' use"),
    "E19": ("/lines/*/value", "the value of each line"),
    "E21": ("/contract", "the number of the contract"),
    "E22": ("/destination", "the country of destination"),
    "E23": ("/issuer/country", "the country that issues it"),
    "E24": ("/endUse", "the specific end-use"),
    "E25": ("/useCategory", "which of the uses it is: capital, processed, resold, reexported, other"),
    "E27": ("/businessNature", "the nature of the business"),
    "E28": ("/relationshipYears", "the years of the business relationship"),
    "E29": ("/language", "its language"),
    "E35": ("/placeOfUse", "the place of use"),
}
"""By number: where it stands, what it is."""
_ASSURED = {
    "E30": "noReexport",
    "E31": "noOtherEndUser",
    "E32": "noChemicalWeapons",
    "E33": "noWeaponsOfMassDestruction",
    "E34": "notifyChange",
    "E36": "deliveryVerification",
}
_SEVERAL_COUNTRIES = {"processed", "resold", "reexported"}


def _stated(pointer: str, what: str) -> Check:
    def check(case: Case) -> Iterator[Breach]:
        for place, value in at(case.fields, pointer):
            if value is None:
                yield Breach(place, NOTHING, what)

    return check


def _assured(assurance: str) -> Check:
    def check(case: Case) -> Iterator[Breach]:
        if assurance not in case.certificate.assurances:
            yield Breach("/assurances", ", ".join(case.certificate.assurances) or NOTHING, assurance)

    return check


def _ends(case: Case) -> Iterator[Breach]:
    if case.certificate.valid_through is None and case.certificate.import_by is None:
        yield Breach("/validThrough", NOTHING, "the last day of validity, or the day by which the goods are imported")


def _sealed(case: Case) -> Iterator[Breach]:
    if case.certificate.issuer is not None and not case.certificate.issuer.sealed:
        yield Breach("/issuer/sealed", NOTHING, "the agency's seal affixed")


def _where_the_end_user_is(case: Case) -> Iterator[Breach]:
    if case.certificate.end_user is not None:
        for pointer in ("/endUser/address/street", "/endUser/address/locality"):
            yield from _stated(pointer, "the end-user's complete address")(case)


def _lines(case: Case) -> Iterator[Breach]:
    if not case.certificate.lines:
        yield Breach("/lines", NOTHING, "the goods, with quantities")


def _quantities(case: Case) -> Iterator[Breach]:
    for index, line in enumerate(case.certificate.lines):
        if line.quantity == 0:
            yield Breach(f"/lines/{index}/quantity", "0", "a quantity")


def _dollars(case: Case) -> Iterator[Breach]:
    for place, currency in at(case.fields, "/lines/*/value/currency"):
        if currency not in {None, "USD"}:
            yield Breach(place, str(currency), "USD")


def _onward(case: Case) -> Iterator[Breach]:
    if case.certificate.use_category in _SEVERAL_COUNTRIES and case.certificate.incorporation is None:
        yield Breach(
            "/incorporation/onward", NOTHING, f"the countries that goods {case.certificate.use_category} go to"
        )


ELEMENTS = {
    **{number: Rule(number, f"states {what}", _stated(place, what)) for number, (place, what) in _STATED.items()},
    **{number: Rule(number, f"assures {what}", _assured(what)) for number, what in _ASSURED.items()},
    "E04": Rule("E04", "states its last day of validity, or the day by which the goods are imported", _ends),
    "E07": Rule("E07", "bears the issuing agency's seal", _sealed),
    "E13": Rule("E13", "states the end-user's complete address", _where_the_end_user_is),
    "E17": Rule("E17", "lists the goods", _lines),
    "E18": Rule("E18", "states a quantity for each line", _quantities),
    "E20": Rule("E20", "states values in US dollars", _dollars),
    "E26": Rule("E26", "names the onward countries of what is processed, resold or reexported", _onward),
}
