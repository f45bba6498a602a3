"""Does `keys` exchange an agent's keys against a running service, and lose no document over it?"""

import hashlib
import json

import pytest
from typer.testing import CliRunner

from ledger.acts.organizations import AppointAgent
from ledger.cli import main
from ledger.documents.credentials import Document, verify
from ledger.documents.keys import Keys, public_part
from ledger.ids import hex0x
from tests.api.office import EXPORTER
from tests.scenario import CUSTODY, keys_of

PASSPHRASE = "a passphrase for tests"
PROFILE = {"name": "Deltalens", "address": {"country": "NL"}}


def run(*words):
    done = CliRunner().invoke(main, [str(word) for word in (*words, "--json")])
    return done.exit_code, json.loads(done.stdout)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "passphrase").write_text(PASSPHRASE)
    return tmp_path


@pytest.fixture
def secret(folder):
    return "--passphrase-file", folder / "passphrase"


@pytest.fixture
def colleague(office, folder, request):
    """The key file of an agent of the exporter that no other test knows."""
    keys = Keys.from_private(hashlib.shake_256(request.node.name.encode()).digest(96))
    office.send_all([office.write(AppointAgent, "export admin", EXPORTER, account=keys.address, powers=CUSTODY)])
    keys.save(folder / "old.json", PASSPHRASE, scrypt_n=2**10)
    record = hex0x(office.deployment.agent_record(EXPORTER, keys.address))
    return keys, record


@pytest.fixture
def active(colleague, folder, secret, address):
    """The same, who has accepted."""
    keys, record = colleague
    fields = {"organization": EXPORTER, "record": record}
    fields |= {"ed25519": hex0x(keys.public.ed25519), "x25519": hex0x(keys.public.x25519)}
    given = [part for field in fields.items() for part in ("--field", "=".join(map(str, field)))]
    run("prepare", "AcceptAppointment", *given, "--out", folder / "act.json", "--service", address)
    code, _ = run("submit", folder / "act.json", "--key", folder / "old.json", *secret, "--service", address)
    assert code == 0
    return folder / "old.json"


@pytest.fixture
def rotate(active, folder, secret, address):
    return lambda: run("keys", "rotate", active, "--out", folder / "new.json", *secret, "--service", address)


def test_rotation_brings_the_keys_of_the_new_file_to_the_ledger(rotate, folder, client):
    code, told = rotate()
    public = public_part(folder / "new.json")
    agent = client.get("/v1/agents", params={"account": told["account"]}).json()["items"][0]
    assert (code, agent["x25519"], agent["ed25519"]) == (0, hex0x(public.x25519), hex0x(public.ed25519))


def test_rotation_run_again_changes_nothing(rotate):
    first, again = rotate()[1], rotate()[1]
    assert (again["x25519"], again["repeated"], again["seq"]) == (first["x25519"], True, None)


def test_a_rotation_that_was_interrupted_before_the_act_goes_on_with_its_keys(rotate, active, folder):
    fresh = Keys.load(active, PASSPHRASE).rotated()
    fresh.save(folder / "new.json", PASSPHRASE, scrypt_n=2**10)
    code, told = rotate()
    assert (code, told["x25519"], told["repeated"]) == (0, hex0x(fresh.public.x25519), False)


def test_rotation_into_the_key_file_of_somebody_else_is_unusable(rotate, folder):
    keys_of("driver").save(folder / "new.json", PASSPHRASE, scrypt_n=2**10)
    assert rotate()[0] == 2


def test_the_old_file_stays(rotate, active):
    before = active.read_bytes()
    rotate()
    assert active.read_bytes() == before


@pytest.fixture
def ask(secret, address):
    return *secret, "--service", address


@pytest.fixture
def kept(active, folder, ask, opened):
    """The commitment of a document that is sealed to the keys that the agent has now."""
    document = keys_of("clerk").sign_document("OrganizationProfile", PROFILE, chain_id=opened.deployment.chain_id)
    (folder / "document.json").write_bytes(document.data)
    keys_of("clerk").save(folder / "clerk.json", PASSPHRASE, scrypt_n=2**10)
    assert run("documents", "put", folder / "document.json", "--key", folder / "clerk.json", *ask)[0] == 0
    return hex0x(document.commitment)


def test_documents_of_before_open_with_the_new_file_alone(rotate, kept, folder, ask):
    rotate()
    (folder / "old.json").unlink()
    assert run("documents", "get", kept, "--key", folder / "new.json", "--out", folder / "got.json", *ask)[0] == 0
    assert verify(Document.read((folder / "got.json").read_bytes())).subject == PROFILE


def test_whoever_rotates_can_reseal_to_the_new_key(rotate, kept, folder, ask):
    rotate()
    _, told = run("documents", "share", kept, "--key", folder / "new.json", *ask)
    account = hex0x(public_part(folder / "new.json").address)
    assert account in {one["account"] for item in told["items"] for one in item["sealedTo"]}


def test_an_index_made_with_the_new_file_has_documents_of_before(rotate, kept, folder, ask):
    rotate()
    run("index", "rebuild", "--key", folder / "new.json", "--out", folder / "index.sqlite", *ask)
    found = run("index", "search", folder / "index.sqlite", "deltalens")[1]["items"]
    assert kept in {one["commitment"] for one in found}


def test_the_keys_of_nobodys_agent_are_not_rotated(folder, secret, address):
    Keys.generate().save(folder / "old.json", PASSPHRASE, scrypt_n=2**10)
    out = folder / "new.json"
    code, told = run("keys", "rotate", folder / "old.json", "--out", out, *secret, "--service", address)
    assert (code, told["error"]) == (1, "SignInRefused")


def test_what_an_appointment_needs_is_exported_without_a_secret(folder, secret):
    keys = Keys.generate()
    keys.save(folder / "k.json", PASSPHRASE, scrypt_n=2**10)
    run("keys", "export-public", folder / "k.json", "--out", folder / "public.json", *secret)
    told = json.loads((folder / "public.json").read_text())
    public = keys.public
    assert told == {"account": hex0x(public.address), "ed25519": hex0x(public.ed25519), "x25519": hex0x(public.x25519)}


def test_a_file_whose_public_part_was_exchanged_is_not_exported(folder, secret):
    Keys.generate().save(folder / "k.json", PASSPHRASE, scrypt_n=2**10)
    altered = json.loads((folder / "k.json").read_text()) | {"x25519": "0x" + 32 * "11"}
    (folder / "k.json").write_text(json.dumps(altered))
    assert run("keys", "export-public", folder / "k.json", *secret)[1]["error"] == "PassphraseWrong"
