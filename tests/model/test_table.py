"""Does the model have every row of RULES.md, with its number, class, statuses, power and signatures?"""

import re
from pathlib import Path

import pytest

from ledger.acts.act import ActClass
from ledger.acts.kinds import ACTS
from ledger.audit import codes
from ledger.audit.case import Row
from ledger.audit.refusals import ERRORS
from ledger.audit.rows import ROWS

CONTRACTS = Path(__file__).parents[2] / "contracts"
RULES = (CONTRACTS / "RULES.md").read_text()
CLASSES = {"s": ActClass.STEP, "o": ActClass.ORDER, "n": ActClass.NOTE}
STATUSES = {
    "organization": codes.OrganizationStatus,
    "agent": codes.AgentStatus,
    "policy": codes.PolicyStatus,
    "certificate": codes.CertificateStatus,
    "application": codes.ApplicationStatus,
    "license": codes.LicenseStatus,
    "shipment": codes.ShipmentStatus,
}
POWERS = {name: value for name, value in vars(codes.Power).items() if name.isupper()}
FOUND = [
    [cell.strip() for cell in line.strip().strip("|").split("|")]
    for line in RULES.splitlines()
    if re.match(r"\| \d+ \| [A-Z][a-z]\w+ \| ", line)
]
BY_NAME = {row.act.__name__: row for row in ROWS.values()}


def each_row(function):
    return pytest.mark.parametrize("cells", FOUND, ids=[cells[1] for cells in FOUND])(function)


def of(cells: list[str]) -> Row:
    return BY_NAME[cells[1]]


def transitions(cells: list[str]) -> list[tuple[set[str], str]]:
    """The transitions of the act's own record: [(from, to)]. `lost -> departed` of 96 is a second one."""
    own = re.sub(r"\([^)]*\)", "", cells[3].split(":", 1)[1])
    found = []
    for part in own.split(";"):
        if ":" in part:  # of another record
            break
        before, after = part.split("->")
        found.append(({name.strip() for name in before.split(",")}, after.split(",")[0].strip()))
    return found


def status(cells: list[str], name: str) -> int:
    return int(getattr(STATUSES[cells[3].split(":", 1)[0]], name.upper()))


def test_the_page_has_as_many_rows_as_there_are_acts():
    assert len(FOUND) == len(ACTS) == 67


def test_the_model_has_every_row_and_no_other():
    assert sorted(BY_NAME) == sorted(cells[1] for cells in FOUND)


@each_row
def test_the_number_is_that_of_the_page(cells):
    assert int(cells[0]) == of(cells).act.KIND


@each_row
def test_the_class_is_that_of_the_page(cells):
    act = of(cells).act
    assert (CLASSES[cells[2][0]], cells[2].endswith("+")) == (act.CLASS, act.CREATES)


@each_row
def test_the_record_is_that_of_the_page(cells):
    assert of(cells).record.__name__.lower() == cells[3].split(":", 1)[0]


@each_row
def test_the_statuses_before_are_those_of_the_page(cells):
    named = set().union(*(before for before, _ in transitions(cells))) - {"none"}
    named = set() if "*" in named else named
    assert of(cells).allowed == sum(1 << status(cells, name) for name in named)


@each_row
def test_the_status_after_is_that_of_the_page(cells):
    changed = {after for _, after in transitions(cells)[:1]} - {"=", "by the motion"}
    to = of(cells).to
    assert ({to} - {None}) == {status(cells, name) for name in changed}


@each_row
def test_the_powers_are_those_of_the_page_in_its_order(cells):
    signer = re.sub(r"while it has no active admin.*", "", cells[4])
    if "reporter" in signer:
        signer = next(line for line in RULES.splitlines() if line.startswith("**Reporter**"))
        signer = signer.replace("its sponsor", "")
    if cells[1] == "DismissAgent":
        signer = "ADMIN"  # as AppointAgent
    named = [POWERS[name] for name in re.findall(r"\b[A-Z]{4,8}\b", signer) if name in POWERS]
    assert list(of(cells).powers) == named


@each_row
def test_two_agents_are_asked_where_the_page_asks_them(cells):
    assert of(cells).two_agents == ("two agents" in cells[4])


@each_row
def test_a_sponsor_signs_for_those_without_keys_where_the_page_says_so(cells):
    said = "sponsor" in cells[4] and ("or sponsor" in cells[4] or "its sponsor: REGISTER" in cells[4])
    appoints = "while it has no active admin" in cells[4] or cells[1] == "DismissAgent"
    reports = cells[1] in ("ReportMovement", "ReportDelivery")
    expected = codes.Power.REGISTER if appoints else codes.Power.RECORD if said or reports else 0
    assert of(cells).keyless == (0 if cells[1] == "RecoverOrganization" else expected)


def test_a_mandate_may_name_the_kinds_of_the_page():
    said = re.search(r"acts of kinds ([\d ]+),", RULES)
    assert {int(kind) for kind in said[1].split()} == codes.MANDATABLE


def test_a_suspended_organization_may_still_sign_what_the_page_says():
    said = re.search(r"may still sign (\d+) toward a refuge, ([\d, ]+) \(I8\)", RULES)
    kinds = {int(said[1]), *(int(kind) for kind in said[2].split(", "))}
    assert {row.act.KIND for row in ROWS.values() if row.when_suspended} == kinds


def test_every_refusal_is_declared_with_the_same_values_in_the_same_order():
    page = (CONTRACTS / "interfaces" / "Errors.sol").read_text()
    declared = re.findall(r"^error (\w+)\(([^)]*)\);", page, re.M)
    assert {name: tuple(v.split()[-1] for v in values.split(", ")) for name, values in declared} == ERRORS


def test_every_refusal_that_the_model_names_is_declared():
    sources = [path.read_text() for path in (CONTRACTS.parent / "ledger" / "audit").glob("*.py")]
    named = {name for text in sources for name in re.findall(r'(?:require|refuse)\([^"]*?"([A-Z]\w+)"', text)}
    assert named - ERRORS.keys() == set()


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`([A-Z]\w+)[`(]", RULES))))
def test_a_refusal_of_the_page_is_one_that_the_model_knows(name):
    assert name in ERRORS
