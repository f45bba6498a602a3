"""Are the numbers in Python those of the contracts, and do people get words for them?"""

import re
from pathlib import Path

import pytest

from ledger.acts.act import RecordKind
from ledger.records import codes
from ledger.records.codes import (
    CertificateGrade,
    Control,
    CustodyGrade,
    Irregular,
    Role,
    letter_of,
    name_of,
    names_of,
    status_name,
)

CONTRACTS = Path(__file__).parents[2] / "contracts"
SOURCE = (CONTRACTS / "interfaces" / "Codes.sol").read_text()
RULES = (CONTRACTS / "RULES.md").read_text()
OURS = {
    "Role": codes.Role,
    "Power": codes.Power,
    "Kind": RecordKind,
    "LicenseKind": codes.LicenseKind,
    "Control": codes.Control,
    "OrganizationStatus": codes.OrganizationStatus,
    "Motion": codes.Motion,
    "AgentStatus": codes.AgentStatus,
    "CertificateStatus": codes.CertificateStatus,
    "ApplicationStatus": codes.ApplicationStatus,
    "LicenseStatus": codes.LicenseStatus,
    "ShipmentStatus": codes.ShipmentStatus,
    "Broken": codes.Irregular,
}


def constants(library):
    """Name and number of a library's constants; those made of others left out."""
    body = re.search(rf"library {library} \{{(.*?)\n\}}", SOURCE, re.DOTALL).group(1)
    found = re.findall(r"constant (\w+) = (\d+)(?: << (\d+))?;", body)
    aggregates = ("LIVE", "UNSHIPPED", "PRESENT", "LAST")
    return {name: int(number) << int(shift or 0) for name, number, shift in found if name not in aggregates}


@pytest.mark.parametrize("library", OURS)
def test_numbers_are_those_of_the_contracts(library):
    theirs = constants(library)
    assert {name: int(OURS[library][name]) for name in theirs} == theirs


def test_grades_are_those_of_the_contracts():
    ours = {
        "RECORDED": CertificateGrade.R,
        "VERIFIED": CertificateGrade.V,
        "ONE_SIDED": CustodyGrade.B,
        "ORDERED": CustodyGrade.O,
        "FULL": CustodyGrade.A,
    }
    assert ours == constants("Grade")


def kinds_after(phrase):
    """The numbers of acts that a sentence of the rules names, up to its first other word."""
    listed = re.match(r"(?:[\s,]*\d+|\s+toward a refuge)+", RULES.split(phrase, 1)[1]).group()
    return set(map(int, re.findall(r"\d+", listed)))


def test_a_mandate_names_the_kinds_of_the_rules():
    assert kinds_after("act for another: acts of kinds") == codes.MANDATABLE


def test_a_suspended_organization_signs_the_kinds_of_the_rules():
    assert kinds_after("may still sign") == codes.WHILE_SUSPENDED


def test_a_sponsor_signs_the_kinds_of_the_rules():
    rows = re.findall(r"^\| (\d+) \| \w+ \| \S+ \| [^|]* \| [^|]*, or sponsor", RULES, re.MULTILINE)
    assert set(map(int, rows)) | {110, 111} == codes.BY_SPONSOR


def test_a_status_has_a_name_for_people():
    assert status_name(RecordKind.SHIPMENT, 3) == "departed"


def test_a_status_without_a_name_is_its_number():
    assert status_name(RecordKind.SHIPMENT, 77) == "77"


def test_roles_and_broken_rules_have_names_for_people():
    names = (names_of(Role.EXPORTER | Role.END_USER), names_of(Irregular.NOT_IN_FORCE | Irregular.LATE))
    assert names == (("exporter", "end-user"), ("not-in-force", "late"))


def test_no_grade_has_no_letter():
    assert [letter_of(CustodyGrade.NONE), letter_of(CustodyGrade.O), name_of(Control.BOTH)] == ["", "O", "both"]
