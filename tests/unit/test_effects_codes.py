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

SOURCE = (Path(__file__).parents[2] / "contracts" / "interfaces" / "Codes.sol").read_text()
OURS = {
    "Role": codes.Role,
    "Power": codes.Power,
    "Kind": RecordKind,
    "LicenseKind": codes.LicenseKind,
    "Control": codes.Control,
    "OrganizationStatus": codes.OrganizationStatus,
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
    aggregates = ("LIVE", "PRESENT", "LAST")
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
        "FULL": CustodyGrade.A,
    }
    assert ours == constants("Grade")


def test_a_status_has_a_name_for_people():
    assert status_name(RecordKind.SHIPMENT, 3) == "departed"


def test_a_status_without_a_name_is_its_number():
    assert status_name(RecordKind.SHIPMENT, 77) == "77"


def test_roles_and_broken_rules_have_names_for_people():
    names = (names_of(Role.EXPORTER | Role.END_USER), names_of(Irregular.NOT_IN_FORCE | Irregular.LATE))
    assert names == (("exporter", "end-user"), ("not-in-force", "late"))


def test_no_grade_has_no_letter():
    assert [letter_of(CustodyGrade.NONE), letter_of(CustodyGrade.O), name_of(Control.BOTH)] == ["", "O", "both"]
