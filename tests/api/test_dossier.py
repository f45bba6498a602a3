"""Does the service give a dossier that proves itself without it, and to those only who may read what is in it?"""

import time

import pytest
from typer.testing import CliRunner

from ledger.cli import main
from ledger.documents.canonical import canonical_bytes
from ledger.dossier.form import Dossier
from ledger.dossier.policy import Policy
from ledger.dossier.verifying import verify
from ledger.journal.checkpoints import parse_checkpoint
from ledger.journal.notes import parse_note
from tests.api.office import keys_of


@pytest.fixture(scope="module")
def place(client, trade):
    """Where the dossier of the shipment is, once the checkpoint covers its registration."""
    entries = client.get("/v1/journal/state").json()["entries"]
    until = time.monotonic() + 30
    while parse_checkpoint(parse_note(client.get("/v1/journal/checkpoint").text).text).size < entries:
        assert time.monotonic() < until
        time.sleep(0.1)
    return f"/v1/shipments/{trade['shipment']}/dossier"


@pytest.fixture(scope="module")
def policy(client):
    return f'log = "{client.get("/v1/journal/key").json()["key"]}"\nquorum = 0\n'


def test_a_dossier_of_the_service_holds_without_it(client, place, opened, policy):
    report = verify(Dossier.read(client.get(place).content), opened.deployment, Policy.parse(policy))
    doubts = {one.number: one.verdict for one in report.checks if one.verdict != "holds"}
    assert (report.verdict, doubts) == ("holds", {"P9": "not checkable", "P11": "not checkable"})


def test_its_exporter_gets_it(signed_in, place):
    assert signed_in("clerk").get(place).status_code == 200


def test_a_stranger_gets_none(stranger, place):
    assert stranger.get(place).status_code == 401


def test_who_takes_no_part_in_the_license_gets_none(signed_in, place):
    assert signed_in("driver").get(place).status_code == 404


def test_a_license_has_no_dossier(client, trade):
    assert client.get(f"/v1/shipments/{trade['license']}/dossier").status_code == 404


@pytest.fixture(scope="module")
def files(tmp_path_factory, address, place, opened, policy):
    """A folder with what a regulator abroad has: the dossier, as the exporter fetched it, trust root and policy."""
    folder = tmp_path_factory.mktemp("abroad")
    keys_of("clerk").save(folder / "clerk.key", "a passphrase", scrypt_n=2**10)
    (folder / "passphrase").write_text("a passphrase\n")
    (folder / "deployment.json").write_text(opened.deployment.to_json())
    (folder / "policy.toml").write_text(policy)
    arguments = ["--key", "clerk.key", "--passphrase-file", "passphrase", "--out", "dossier.json"]
    arguments = [str(folder / one) if "." in one or one == "passphrase" else one for one in arguments]
    done = CliRunner().invoke(main, ["dossier", place.split("/")[3], "--service", address, *arguments])
    assert done.exit_code == 0, done.output
    return folder


def judged(folder, *more, dossier="dossier.json"):
    arguments = ["verify", folder / dossier, "--trust", folder / "deployment.json", *more]
    return CliRunner().invoke(main, [str(one) for one in arguments])


def test_the_command_line_proves_it(files):
    assert judged(files, "--witnesses", files / "policy.toml").exit_code == 0


def test_without_a_policy_it_is_not_proven(files):
    assert judged(files).exit_code == 1


def test_the_page_is_written(files):
    judged(files, "--witnesses", files / "policy.toml", "--page", files / "report.html")
    assert "Proven" in (files / "report.html").read_text()


def test_an_altered_dossier_is_disproven(files):
    found = Dossier.read((files / "dossier.json").read_bytes())
    kept = Dossier(
        shipment=found.shipment,
        checkpoint=found.checkpoint,
        last=found.last,
        entries=found.entries[:-1],
        records=found.records,
    )
    (files / "shorter.json").write_bytes(kept.data)
    assert judged(files, "--witnesses", files / "policy.toml", dossier="shorter.json").exit_code == 1


@pytest.mark.parametrize("data", [b"", b"{}", canonical_bytes({"format": "another"})])
def test_what_is_no_dossier_is_unusable(files, data):
    (files / "other.json").write_bytes(data)
    assert judged(files, dossier="other.json").exit_code == 2


def test_a_trust_root_is_asked_for(files):
    assert CliRunner().invoke(main, ["verify", str(files / "dossier.json")]).exit_code == 2
