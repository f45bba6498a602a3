"""The tables of RULES.md, cell by cell: every act on its record in every status, allowed and forbidden (I4).

What is allowed is read from the page. Where another rule of the row stands before the status, or the status itself
keeps the relation from ever holding, the cell names that refusal in `FIRST`.
"""

import re
from pathlib import Path

import pytest
from eth_abi.abi import encode
from eth_utils.crypto import keccak

from ledger.acts.act import RecordKind
from ledger.acts.kinds import ACTS, salted
from ledger.acts.licensing import IssueLicense, SupersedeLicense
from ledger.acts.manifests import SplitShipment
from tests.contracts.cells import CELL, STATUSES, bring, gallery

RULES = (Path(__file__).parents[2] / "contracts" / "RULES.md").read_text()
ROW = re.compile(r"^\| (\d+) \| (\w+) \| [son]\+? \| ([^|]*) \|", re.MULTILINE)
BY_NAME = {act.__name__: act for act in ACTS.values()}


def parsed(column):
    """Statuses by subject that a cell of the column `record: from -> to` allows."""
    found, subject = {}, ""
    for part in re.sub(r"\([^)]*\)", "", column).split(";"):
        *named, change = part.split(":")
        subject = named[0].strip() if named else subject
        allowed = {status.strip() for status in change.split("->")[0].split(",")}
        found[subject] = found.get(subject, set()) | allowed
    return found


TABLE = {name: parsed(column) for _, name, column in ROW.findall(RULES)}
SECOND = {"application": RecordKind.APPLICATION, "old license": RecordKind.LICENSE, "parts": RecordKind.SHIPMENT}


def kind_of(name, subject):
    """The kind of the record that the subject of a row is."""
    own = BY_NAME[name].RECORD
    return own if subject == own.name.lower() else SECOND[subject]


def rows(creating):
    """(act, subject, allowed statuses, one status) of the rows that create their subject, or of the others."""
    return [
        (name, subject, allowed, status)
        for name, subjects in TABLE.items()
        for subject, allowed in subjects.items()
        if (allowed == {"none"}) == creating and subject != "parts"
        for status in STATUSES[kind_of(name, subject)]
    ]


FIRST = {
    # A suspended organization signs nothing of its own.
    ("RenameOrganization", "suspended"): "OrganizationSuspended",
    ("GrantMandate", "suspended"): "OrganizationSuspended",
    ("EndMandate", "suspended"): "OrganizationSuspended",
    # No authority is suspended here; test_organizations.py reinstates one.
    ("VoteAuthority", "suspended"): "RolesInvalid",
    # The stage's policy asks for a clearance.
    ("DepartShipment", "registered"): "ClearanceMissing",
    # These ends leave no offer to answer,
    **{("AcceptHandoff", end): "NoOffer" for end in ("delivered", "cancelled", "split", "returned", "seized")},
    **{("RefuseHandoff", end): "NoOffer" for end in ("delivered", "cancelled", "split", "returned", "seized")},
    # the end-user does not hold the goods,
    **{("ConfirmDelivery", end): "NotTheHolder" for end in ("cancelled", "returned", "seized")},
    # what is held is not split, and who seized confirms no report of its own.
    ("ResumeShipment", "split"): "NotHeld",
    ("ConfirmReport", "seized"): "NotTheReport",
}


@pytest.fixture(scope="module")
def settled_cells(settled_stage):
    """The stage with a record in every status."""
    mark = settled_stage.trade.snapshot()
    yield settled_stage, gallery(settled_stage)
    settled_stage.trade.revert(mark)


@pytest.fixture
def cells(settled_cells):
    trade = settled_cells[0].trade
    mark = trade.snapshot()
    yield settled_cells
    trade.revert(mark)


def named(cell):
    return f"{cell[0]} when {cell[1]} {cell[3]}"


@pytest.mark.parametrize("cell", rows(creating=False), ids=named)
def test_i4_an_act_passes_in_the_statuses_of_its_row_only(cells, cell):
    stage, records = cells
    name, subject, allowed, status = cell
    kind = kind_of(name, subject)
    record = records[kind][status]
    person, organization, values, record = bring(stage, BY_NAME[name], (subject, status), record)
    answer = stage.trade.refusal(BY_NAME[name], person, organization, **values)
    if (name, status) in FIRST:
        assert answer[0] == FIRST[name, status]
    elif allowed & {"*", status}:
        assert answer is None
    else:
        bits = sum(1 << STATUSES[kind][one] for one in allowed)
        assert answer == ("WrongStatus", {"record": record, "status": STATUSES[kind][status], "allowed": bits})


@pytest.mark.parametrize("cell", rows(creating=True), ids=named)
def test_i4_what_stands_is_not_created_again_in_whatever_status(cells, cell):
    stage, records = cells
    act, record = BY_NAME[cell[0]], records[BY_NAME[cell[0]].RECORD][cell[3]]
    first = next(entry for entry in stage.trade.entries if entry.record == record).decoded()
    same = {"salt": first.salt} if salted(act) else {"account": first.account}
    person, _, values = stage.example(act)
    answer = stage.trade.refusal(act, person, first.organization, **(values | same))
    head = stage.trade.head(record, act)
    assert answer == ("StaleParent", {"record": record, "head": head, "parent": bytes(32)})


def test_a_part_of_a_split_does_not_take_the_place_of_a_shipment(stage):
    trade = stage.trade
    salt = keccak(encode(["bytes32", "uint256"], [stage.departed, 1]))
    taken = trade.ship(stage.license, 1, salt=salt)
    answer = trade.refusal(SplitShipment, *stage.example(SplitShipment)[:2], **stage.example(SplitShipment)[2])
    head = trade.head(taken, SplitShipment)
    assert answer == ("StaleParent", {"record": taken, "head": head, "parent": bytes(32)})


def test_every_act_has_its_row_and_every_row_its_cells():
    changing = {name for name, _, _, _ in rows(creating=False)} - {"IssueLicense", "SupersedeLicense"}
    creating = {name for name, _, _, _ in rows(creating=True)}
    assert (set(TABLE), changing & creating, changing | creating) == (set(BY_NAME), set(), set(BY_NAME))
    assert {act.__name__ for act in CELL} <= changing | {IssueLicense.__name__, SupersedeLicense.__name__}


def test_every_status_of_the_tables_is_one_that_a_record_can_have():
    for name, subjects in TABLE.items():
        for subject, allowed in subjects.items():
            assert allowed <= set(STATUSES[kind_of(name, subject)]) | {"*", "none"}


def test_every_refusal_that_comes_first_stands_in_a_cell():
    assert set(FIRST) <= {(name, status) for name, _, _, status in rows(creating=False)}
