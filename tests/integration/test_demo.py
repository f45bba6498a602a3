"""Does the demo play to its end on a fresh ledger, with every refusal in its place?"""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from ledger.demo.people import cast
from ledger.documents.keys import Keys
from tests.api.secret_values import papers

REFUSALS = (
    "FourEyes",
    "QuantityExceeded",
    "NotTheHolder",
    "StaleParent",
    "NotAnAgent",
    "LicenseStopped",
    "ShipmentStopped",
    "Irregular",
)


def run(*arguments: object):
    command = [sys.executable, "-m", "ledger.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@dataclass(frozen=True)
class Played:
    """A demo that was played: its folder, what was told, its report."""

    folder: Path
    told: str
    report: dict[str, object]


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    folder = tmp_path_factory.mktemp("evening") / "demo"
    done = run("demo", folder, "--json")
    assert done.returncode == 0, done.stderr
    return Played(folder, done.stderr, json.loads(done.stdout))


def test_the_chain_of_custody_holds(played):
    assert played.report["verdict"] == "holds"


def test_the_airline_that_never_joined_is_the_weakest_link(played):
    assert played.report["grades"]["weakest"] == {"part": "custody", "grade": "B"}


@pytest.mark.parametrize("name", REFUSALS)
def test_what_must_fail_is_shown_with_its_error(played, name):
    assert f"          {name}  " in played.told


def test_the_shipment_that_moved_under_a_hold_is_in_doubt(played):
    assert "P8  questioned" in played.told


def test_the_part_with_a_camera_missing_is_in_doubt(played):
    assert "takes over 2 of 3, the seal broken, with reservation" in played.told
    assert "The count differs from what was held by more than the policy's tolerance" in played.told


def test_what_was_passed_on_is_proven_back_through_the_first_export(played):
    assert "P15  holds" in played.told
    assert "2 of 7 delivered go on" in played.told


def test_a_certificate_that_the_exporter_alters_does_not_hold(played):
    assert "writes 15 cameras into the end-user's certificate\n          InvalidField" in played.told


def test_customs_checks_two_fields_and_sees_no_price(played):
    assert "checks them against the ledger: 12 to GH, the price withheld" in played.told


@pytest.mark.parametrize("refusal", ["SessionMissing", "NotSealedToKey", "EnvelopeAltered"])
def test_a_stranger_opens_nothing(played, refusal):
    assert f"\n          {refusal}" in played.told.split("A stranger asks")[1]


def test_every_person_has_a_key_file_of_their_own(played):
    passphrase = (played.folder / "passphrase.txt").read_text().strip()
    files = [played.folder / "keys" / person.file_name for person in cast().values()]
    assert len({Keys.load(file, passphrase).address for file in files}) == len(files) == 19


def test_the_ledger_left_behind_verifies_again(played):
    again = run("verify", "--shipment", played.report["shipment"], "--ledger", played.folder / "ledger", "--json")
    assert (again.returncode, json.loads(again.stdout)["verdict"]) == (0, "holds")


@pytest.fixture
def verified(played, tmp_path):
    """What `verify` says of the first shipment with the documents that a person opens: exit code, verdicts by check."""

    def verified(person, folder=tmp_path):
        for commitment, document in papers(played.folder, person).items():
            (folder / f"{commitment.hex()}.json").write_bytes(document.data)
        shipment = ("--shipment", played.report["shipment"], "--ledger", played.folder / "ledger")
        done = run("verify", *shipment, "--documents", folder, "--json")
        checks = json.loads(done.stdout).get("checks", [])
        return done.returncode, {one["number"]: one["verdict"] for one in checks}

    return verified


@pytest.mark.parametrize("person", ["jan-de-boer", "eva-de-wit", "lotte-dekker", "abena-owusu"])
def test_the_documents_that_somebody_opens_hold_and_nobody_was_screened(verified, person):
    _, checks = verified(person)
    assert (checks["P9"], checks["P11"]) == ("holds", "not checkable")


def test_a_file_among_the_documents_that_is_none_is_unusable(verified, tmp_path):
    (tmp_path / "other.json").write_text("{}")
    assert verified("lotte-dekker")[0] == 2


def test_a_folder_of_documents_that_is_not_there_is_unusable(verified, tmp_path):
    assert verified("nobody", tmp_path / "nowhere")[0] == 2


def test_a_folder_with_anything_else_in_it_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    assert (run("demo", tmp_path).returncode, (tmp_path / "thesis.txt").read_text()) == (3, "years of work")
