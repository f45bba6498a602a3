"""Does each verb of `documents` do its work, with key files, against a running service?"""

import json

import pytest
from typer.testing import CliRunner

from ledger.cli import main
from ledger.documents.credentials import Document, verify
from tests.api.office import EXPORTER
from tests.scenario import keys_of

PASSPHRASE = "a passphrase for tests"
PROFILE = {"name": "Deltalens", "address": {"country": "NL"}}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Everybody's key files, and the passphrase."""
    folder = tmp_path_factory.mktemp("keys")
    (folder / "passphrase").write_text(PASSPHRASE)
    for person in ("clerk", "export admin", "driver", "storekeeper"):
        keys_of(person).save(folder / f"{person}.json", PASSPHRASE, scrypt_n=2**10)
    return folder


@pytest.fixture(scope="module")
def ask(address, office, folder):
    """Runs a verb as a person; its exit code and answer."""

    def ask(person, *verb):
        options = ["--key", folder / f"{person}.json", "--passphrase-file", folder / "passphrase", "--service", address]
        done = CliRunner().invoke(main, [str(part) for part in ("documents", *verb, *options, "--json")])
        return done.exit_code, json.loads(done.stdout)

    return ask


@pytest.fixture(scope="module")
def put(ask, folder, opened):
    """A document that the clerk has put: its commitment, and what the verb said."""
    document = keys_of("clerk").sign_document("OrganizationProfile", PROFILE, chain_id=opened.deployment.chain_id)
    (folder / "profile.json").write_bytes(document.data)
    return "0x" + document.commitment.hex(), ask("clerk", "put", folder / "profile.json")


def test_put_says_to_whom_the_document_is_sealed(put):
    commitment, (code, answer) = put
    assert (code, answer["commitment"]) == (0, commitment)
    assert {one["organization"] for one in answer["sealedTo"]} == {EXPORTER}


def test_put_of_a_file_that_is_no_document_is_unusable(ask, folder):
    (folder / "other.json").write_bytes(b"{}")
    assert ask("clerk", "put", folder / "other.json")[0] == 2


def test_get_opens_the_document_for_a_colleague(ask, put, folder):
    code, answer = ask("export admin", "get", put[0], "--out", folder / "got.json")
    assert (code, answer["commitment"]) == (0, put[0])
    assert verify(Document.read((folder / "got.json").read_bytes())).subject == PROFILE


def test_get_without_a_file_gives_the_document_itself(ask, put):
    assert ask("clerk", "get", put[0])[1].keys() == {"credential", "disclosures"}


def test_get_of_what_one_may_not_read_is_refused(ask, put):
    code, answer = ask("driver", "get", put[0])
    assert (code, answer["error"]) == (1, "NotEntitled")


def test_get_of_something_that_is_no_commitment_is_unusable(ask):
    assert ask("clerk", "get", "0x5c")[0] == 2


def test_share_of_what_everybody_has_shares_nothing(ask, put):
    assert ask("clerk", "share", put[0]) == (0, {"documents": 0, "items": []})


def test_share_without_a_commitment_goes_through_all_that_one_can_open(ask, put):
    code, answer = ask("clerk", "share")
    assert (code, answer["documents"]) == (0, len(answer["items"]))


def test_share_again_seals_to_those_who_have_a_key_too(ask, put):
    _, answer = ask("clerk", "share", put[0], "--again")
    assert [one["commitment"] for one in answer["items"]] == [put[0]]


def test_missing_lists_what_the_ledger_commits_to_and_the_vault_does_not_have(ask, trade):
    code, answer = ask("clerk", "missing")
    assert (code, "SignCertificate" in {one["act"] for one in answer["items"]}) == (0, True)


def test_reads_lists_who_was_given_the_document(ask, put):
    ask("export admin", "get", put[0])
    code, answer = ask("clerk", "reads", put[0])
    assert code == 0
    assert "0x" + keys_of("export admin").address.hex() in {one["account"] for one in answer["items"]}
