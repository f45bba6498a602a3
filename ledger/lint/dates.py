"""Rules D: days in a possible order, and the windows in which a certificate may be used.

A period of years or months ends on the day of the same number, or on the month's last day where it has no such day.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from ledger.lint.findings import Breach, Case, Check, Rule


def later(day: date, months: int) -> date:
    """The day so many months after `day`; past the calendar's end, its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _signed(case: Case) -> Iterator[tuple[str, date]]:
    """Every day on which somebody signed, with its place."""
    certificate = case.certificate
    if certificate.signed_on is not None:
        yield "/signedOn", certificate.signed_on
    for index, signature in enumerate(certificate.signatures):
        if signature.signed_on is not None:
            yield f"/signatures/{index}/signedOn", signature.signed_on


def _signed_before_use(case: Case) -> Iterator[Breach]:
    used = min(case.as_of, case.first_used or case.as_of)
    for place, day in _signed(case):
        if day > used:
            yield Breach(place, str(day), f"signed before it is used, on {used}")


def _validity_in_order(case: Case) -> Iterator[Breach]:
    certificate = case.certificate
    if certificate.valid_from and certificate.valid_through and certificate.valid_from > certificate.valid_through:
        yield Breach("/validThrough", str(certificate.valid_through), f"not before {certificate.valid_from}")


def _not_backdated(case: Case) -> Iterator[Breach]:
    certificate = case.certificate
    if certificate.signed_on and certificate.valid_from and certificate.valid_from < certificate.signed_on:
        yield Breach("/validFrom", str(certificate.valid_from), f"not before its signature on {certificate.signed_on}")


def _not_expired(case: Case) -> Iterator[Breach]:
    last = case.certificate.valid_through
    if last is not None and case.as_of > last and not any(_validity_in_order(case)):
        yield Breach("/validThrough", str(last), f"not before {case.as_of}")


def _valid_already(case: Case) -> Iterator[Breach]:
    first = case.certificate.valid_from
    if first is not None and case.as_of < first and not any(_validity_in_order(case)):
        yield Breach("/validFrom", str(first), f"not after {case.as_of}")


def _windows_in_order(case: Case) -> Iterator[Breach]:
    certificate = case.certificate
    first, last = certificate.first_use_by, certificate.last_use_by
    if first and last and first > last:
        yield Breach("/lastUseBy", str(last), f"not before the last day of first use, {first}")


def _own_windows(case: Case) -> Iterator[Breach]:
    certificate, used = case.certificate, case.first_used or case.as_of
    if certificate.first_use_by and used > certificate.first_use_by:
        yield Breach("/firstUseBy", str(certificate.first_use_by), f"not before its first use on {used}")
    if certificate.last_use_by and case.as_of > certificate.last_use_by:
        yield Breach("/lastUseBy", str(certificate.last_use_by), f"not before {case.as_of}")


def _first_use_within(months: int) -> Check:
    def check(case: Case) -> Iterator[Breach]:
        signed, used = case.certificate.signed_on, case.first_used or case.as_of
        if signed is not None and used > later(signed, months):
            yield Breach("/signedOn", str(signed), f"first used by {later(signed, months)}, not on {used}")

    return check


def _last_use_within(months: int) -> Check:
    def check(case: Case) -> Iterator[Breach]:
        place, signed = max(_signed(case), key=lambda found: found[1], default=("", date.max))
        if case.as_of > later(signed, months):
            yield Breach(place, str(signed), f"used by {later(signed, months)}, not on {case.as_of}")

    return check


def _imported_in_time(case: Case) -> Iterator[Breach]:
    last = case.certificate.import_by
    if last is not None and case.as_of > last:
        yield Breach("/importBy", str(last), f"not before {case.as_of}")


def _contract_before_signature(case: Case) -> Iterator[Breach]:
    contract, signed = case.certificate.contract, case.certificate.signed_on
    if contract and contract.date and signed and contract.date > signed:
        yield Breach("/contract/date", str(contract.date), f"not after the signature on {signed}")


DATES = {
    rule.number: rule
    for rule in (
        Rule("D01", "is signed before it is used", _signed_before_use),
        Rule("D02", "does not end before it begins", _validity_in_order),
        Rule("D03", "is not valid before its signature", _not_backdated),
        Rule("D04", "has not expired", _not_expired),
        Rule("D05", "is valid already", _valid_already),
        Rule("D06", "does not end its use before its first use", _windows_in_order),
        Rule("D07", "is used within the windows that it states itself", _own_windows),
        Rule("D08", "supports its first application within one year of its signature", _first_use_within(12)),
        Rule("D09", "supports no application later than four years after the last signature", _last_use_within(48)),
        Rule("D10", "is submitted within six months of its signature", _first_use_within(6)),
        Rule("D11", "is used before the day by which the goods are to be imported", _imported_in_time),
        Rule("D12", "is signed after the contract that it names", _contract_before_signature),
    )
}
