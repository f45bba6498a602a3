"""Does `index` make a searchable file of what a key opens, from a running service, and only ask for what is new?"""

import json
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from ledger.acts.organizations import AppointAgent
from ledger.cli import main
from ledger.client import Client
from ledger.documents.sealing import SECTIONS, seal
from ledger.ids import Commitment, hex0x
from ledger.private_index.store import Index, Indexed, Place
from tests.api.office import EXPORTER
from tests.scenario import ARCHIVE, keys_of

PASSPHRASE = "a passphrase for tests"
PROFILE = {"name": "Polderlens Instruments", "address": {"locality": "Delft", "country": "NL"}}


def run(*words):
    done = CliRunner().invoke(main, [str(word) for word in (*words, "--json")])
    return done.exit_code, json.loads(done.stdout)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("index")
    (folder / "passphrase").write_text(PASSPHRASE)
    for person in ("clerk", "driver", "index archive"):
        keys_of(person).save(folder / f"{person}.json", PASSPHRASE, scrypt_n=2**10)
    return folder


@pytest.fixture(scope="module")
def ask(address, office, folder):
    """Runs a verb as a person."""
    return lambda person, *verb: run(
        *verb, "--key", folder / f"{person}.json", "--passphrase-file", folder / "passphrase", "--service", address
    )


@pytest.fixture(scope="module")
def put(ask, office, opened, folder):
    """A document of the exporter's clerk, sealed to its archive too; the commitment."""
    account = keys_of("index archive").address
    appointing = office.write(AppointAgent, "export admin", EXPORTER, account=account, powers=ARCHIVE)
    office.send_all([appointing, office.accepting("index archive", EXPORTER)])
    document = keys_of("clerk").sign_document("OrganizationProfile", PROFILE, chain_id=opened.deployment.chain_id)
    (folder / "profile.json").write_bytes(document.data)
    assert ask("clerk", "documents", "put", folder / "profile.json")[0] == 0
    return hex0x(document.commitment)


@pytest.fixture(scope="module")
def rebuilt(ask, put, folder):
    return ask("clerk", "index", "rebuild", "--out", folder / "own.sqlite")


def test_what_a_key_opens_is_found_by_a_word(rebuilt, put, folder):
    code, found = run("index", "search", folder / "own.sqlite", "polderlens", "--country", "NL")
    assert (code, [one["commitment"] for one in found["items"]]) == (0, [put])


def test_a_hit_shows_record_kind_and_fields(rebuilt, folder):
    (one,) = run("index", "search", folder / "own.sqlite", "polderlens")[1]["items"]
    assert (one["record"], one["act"], one["kind"], one["fields"]) == (None, None, "OrganizationProfile", PROFILE)


def test_a_second_rebuild_fetches_nothing(rebuilt, ask, put, folder):
    before = len(ask("clerk", "documents", "reads", put)[1]["items"])
    _, again = ask("clerk", "index", "rebuild", "--out", folder / "own.sqlite")
    after = len(ask("clerk", "documents", "reads", put)[1]["items"])
    assert (again["added"], again["documents"], after) == (0, rebuilt[1]["documents"], before)


def test_the_archives_key_makes_an_index_too(ask, put, folder):
    ask("index archive", "index", "rebuild", "--out", folder / "archive.sqlite")
    found = run("index", "search", folder / "archive.sqlite", "polderlens")[1]["items"]
    assert [one["commitment"] for one in found] == [put]


def test_what_is_not_for_an_organization_is_not_in_its_index(ask, put, folder):
    ask("driver", "index", "rebuild", "--out", folder / "carrier.sqlite")
    assert run("index", "search", folder / "carrier.sqlite", "polderlens")[1]["items"] == []


def test_another_organization_cannot_go_on_with_the_index(rebuilt, ask, folder):
    assert ask("driver", "index", "rebuild", "--out", folder / "own.sqlite")[0] == 2


def test_what_the_vault_lists_no_longer_goes_out_of_the_index(rebuilt, ask, folder):
    with Index(folder / "own.sqlite") as index:
        index.add(Indexed(Commitment(bytes(32)), Place(None, None), "Statement", {"text": "vanished"}), ())
    _, again = ask("clerk", "index", "rebuild", "--out", folder / "own.sqlite")
    assert (again["removed"], again["documents"]) == (1, rebuilt[1]["documents"])


def test_a_document_that_does_not_open_is_named_and_hinders_no_other(ask, put, folder, opened, address):
    whole = keys_of("clerk").sign_document("OrganizationProfile", PROFILE, chain_id=opened.deployment.chain_id)
    envelope = seal(whole, dict.fromkeys(SECTIONS, (keys_of("clerk").public.x25519,)))
    swapped = dict(zip(SECTIONS, reversed(envelope.sections.values()), strict=True))
    with Client(address) as client:
        client.put_envelope(replace(envelope, sections=swapped))
    code, told = ask("clerk", "index", "rebuild", "--out", folder / "hindered.sqlite")
    found = run("index", "search", folder / "hindered.sqlite", "polderlens")[1]["items"]
    assert (code, told["unreadable"], [one["commitment"] for one in found]) == (0, [hex0x(whole.commitment)], [put])


@pytest.mark.parametrize("exact", [("--country", "Rusland"), ("--kind", "Letter")])
def test_a_country_or_kind_that_there_is_not_is_unusable(rebuilt, folder, exact):
    assert run("index", "search", folder / "own.sqlite", *exact)[0] == 2


def test_an_index_that_is_not_there_is_unusable(tmp_path):
    assert run("index", "search", tmp_path / "none.sqlite", "word")[0] == 2
