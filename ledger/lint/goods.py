"""Rules G: lines of goods that others can count and compare."""

from collections.abc import Iterator

from ledger.documents.code_lists import UNITS
from ledger.lint.findings import NOTHING, Breach, Case, Rule

_LICENSING_UNITS = {"TON": "TNE", "MCG": "MC", "MCL": "4G"}
"""Units of British licenses that are no codes of the recommendation, and the codes that are meant."""


def _units(case: Case) -> Iterator[Breach]:
    for index, line in enumerate(case.certificate.lines):
        if line.unit not in UNITS:
            wanted = _LICENSING_UNITS.get(line.unit, "a code of UNECE Recommendation 20")
            yield Breach(f"/lines/{index}/unit", line.unit, wanted)


def _classified(case: Case) -> Iterator[Breach]:
    for index, line in enumerate(case.certificate.lines):
        if not line.control_entries:
            yield Breach(f"/lines/{index}/controlEntries", NOTHING, "the entry of the control list")


def _serials(case: Case) -> Iterator[Breach]:
    for index, line in enumerate(case.certificate.lines):
        pieces = line.quantity // 10**line.decimals
        if len(line.serials) > pieces or len(set(line.serials)) < len(line.serials):
            yield Breach(f"/lines/{index}/serials", f"{len(line.serials)} numbers", f"at most {pieces}, each once")


GOODS = {
    rule.number: rule
    for rule in (
        Rule("G01", "counts in units of UNECE Recommendation 20", _units),
        Rule("G02", "names the control-list entry of each line", _classified),
        Rule("G03", "lists no more serial numbers than pieces", _serials),
    )
}
