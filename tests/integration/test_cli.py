"""Does each verb do its work, and end with the exit code that a script can rely on?"""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ledger.cli import main
from ledger.documents.keys import Keys, public_part
from ledger.ids import hex0x
from ledger.signing import signed

PASSPHRASE = "a passphrase for tests"
NOBODY = "http://127.0.0.1:9"
"""The port of discard; nothing listens there."""
UNKNOWN = "0x" + 32 * "5c"
FOUNDERS = """
[[authority]]
name = "Office of Export Licensing"
country = "NL"
agents = [
    { key = "admin.json", powers = ["admin"] },
    { key = "second-admin.json", powers = ["admin"] },
    { key = "registrar.json", powers = ["register", "policy"] },
    { key = "assessor.json", powers = ["assess"] },
    { key = "issuer.json", powers = ["decide"] },
]
"""


@dataclass(frozen=True)
class Office:
    """A folder with key files, their passphrase and the ledger that their owners found."""

    folder: Path
    founded: dict[str, object]

    @property
    def ledger(self) -> Path:
        return self.folder / "ledger"

    def record(self, person: str) -> str:
        """The person's agent record, as `deploy` told it."""
        account = hex0x(public_part(self.folder / f"{person}.json").address)
        return next(agent["record"] for agent in self.founded["agents"] if agent["account"] == account)

    def prepared(self, service: str, person: str) -> Path:
        """The person's acceptance of the appointment, ready to sign."""
        public = public_part(self.folder / f"{person}.json")
        fields = {
            "organization": 1,
            "record": self.record(person),
            "ed25519": hex0x(public.ed25519),
            "x25519": hex0x(public.x25519),
        }
        out = self.folder / f"{person}-accepts.json"
        given = [part for field in fields.items() for part in ("--field", "=".join(map(str, field)))]
        assert run("prepare", "AcceptAppointment", *given, "--out", out, "--service", service).exit_code == 0
        return out

    def submit(self, service: str, person: str, *more: object):
        """The person's acceptance, signed and submitted."""
        return run("submit", self.prepared(service, person), *self.key(person), "--service", service, *more)

    def key(self, person: str) -> tuple[object, ...]:
        """The options that name the person's key."""
        return "--key", self.folder / f"{person}.json", "--passphrase-file", self.folder / "passphrase"


def run(*arguments: object):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    folder = tmp_path_factory.mktemp("office")
    (folder / "passphrase").write_text(PASSPHRASE + "\n")
    for name in ("admin", "second-admin", "registrar", "assessor", "issuer", "stranger"):
        Keys.generate().save(folder / f"{name}.json", PASSPHRASE, scrypt_n=2**10)
    (folder / "FOUNDERS.toml").write_text(FOUNDERS)
    result = run("deploy", folder / "ledger", "--founders", folder / "FOUNDERS.toml", "--json")
    return Office(folder, json.loads(result.stdout))


@pytest.fixture(scope="module")
def service(office):
    """The address of a service over the ledger, in a process of its own."""
    command = [sys.executable, "-m", "ledger.cli", "serve", str(office.ledger), "--port", "0", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        yield json.loads(process.stdout.readline())["url"]
        process.terminate()


@pytest.fixture(scope="module")
def agent(office, service):
    """The options of a key whose owner is an active agent, and the answer to its acceptance."""
    return office.key("admin"), office.submit(service, "admin", "--json")


def test_new_keys_are_shown_by_their_public_part(tmp_path):
    (tmp_path / "passphrase").write_text(PASSPHRASE)
    made = run("keys", "new", tmp_path / "key.json", "--passphrase-file", tmp_path / "passphrase", "--json")
    shown = run("keys", "show", tmp_path / "key.json", "--json")
    assert json.loads(made.stdout) == json.loads(shown.stdout)


def test_new_keys_open_with_their_passphrase(tmp_path):
    (tmp_path / "passphrase").write_text(PASSPHRASE + "\n")
    made = run("keys", "new", tmp_path / "key.json", "--passphrase-file", tmp_path / "passphrase", "--json")
    assert hex0x(Keys.load(tmp_path / "key.json", PASSPHRASE).address) == json.loads(made.stdout)["account"]


def test_a_key_file_is_never_overwritten(office):
    result = run("keys", "new", office.folder / "admin.json", "--passphrase-file", office.folder / "passphrase")
    assert (result.exit_code, "KeyFileExists" in result.stderr) == (2, True)


def test_without_terminal_and_file_no_passphrase_is_taken(tmp_path):
    assert run("keys", "new", tmp_path / "key.json").exit_code == 2


def test_a_passphrase_that_is_no_text_is_unusable(tmp_path):
    (tmp_path / "passphrase").write_bytes(b"\xff\xfe")
    assert run("keys", "new", tmp_path / "key.json", "--passphrase-file", tmp_path / "passphrase").exit_code == 2


def test_a_missing_key_file_is_unusable_input(tmp_path):
    result = run("keys", "show", tmp_path / "nowhere.json", "--json")
    assert (result.exit_code, json.loads(result.stdout)["error"]) == (2, "KeyFileUnknown")


@pytest.mark.parametrize(
    ("founders", "place"),
    [
        ("authority = [", "founders"),
        ("", "founders.authority"),
        ("[[authority]]\nname = 'A'\ncountry = 'NL'\nagents = []", "founders.authority[0].agents"),
        (FOUNDERS.replace('["admin"]', '["king"]', 1), "founders.authority[0].agents[0].powers[0]"),
        (FOUNDERS.replace("country", "land"), "founders.authority[0].country"),
    ],
)
def test_founders_that_cannot_be_read_are_named_by_their_place(office, founders, place):
    file = office.folder / "BAD.toml"
    file.write_text(founders)
    result = run("deploy", office.folder / "other", "--founders", file, "--json")
    assert (result.exit_code, json.loads(result.stdout)["field"]) == (2, place)


def test_missing_founders_are_unusable_input(office):
    assert run("deploy", office.folder / "other", "--founders", office.folder / "NO.toml").exit_code == 2


def test_founders_that_the_directory_refuses_are_refused(office):
    file = office.folder / "MIXED.toml"
    file.write_text(FOUNDERS.replace('["admin"]', '["admin", "decide"]', 1))
    result = run("deploy", office.folder / "mixed", "--founders", file)
    assert (result.exit_code, "PowersInvalid" in result.stderr) == (1, True)


def test_refused_founders_leave_nothing_behind(office):
    before = sorted(office.folder.iterdir())
    file = office.folder / "FOUNDERS.toml"
    lonely = office.folder / "LONELY.toml"
    lonely.write_text(file.read_text().replace('    { key = "second-admin.json", powers = ["admin"] },\n', ""))
    run("deploy", office.folder / "lonely", "--founders", lonely)
    assert sorted(office.folder.iterdir()) == sorted([*before, lonely])


def test_a_ledger_is_never_founded_over_another(office):
    result = run("deploy", office.ledger, "--founders", office.folder / "FOUNDERS.toml")
    assert (result.exit_code, result.stdout) == (2, "")


def test_an_act_is_prepared_signed_and_entered(agent):
    _, result = agent
    assert (result.exit_code, json.loads(result.stdout)["status"]) == (0, "included")


def test_a_signer_sees_the_act_in_words(office, service):
    out = office.prepared(service, "registrar")
    result = run("submit", out, "--key", office.folder / "none.json", "--service", service)
    assert "The account itself accepts" in result.stdout


def test_a_wrong_passphrase_is_unusable_input(office, service):
    (office.folder / "wrong").write_text("wrong")
    given = ("--key", office.folder / "registrar.json", "--passphrase-file", office.folder / "wrong")
    result = run("submit", office.prepared(service, "registrar"), *given, "--service", service)
    assert (result.exit_code, "PassphraseWrong" in result.stderr) == (2, True)


def test_signing_without_a_key_is_unusable_input(office, service):
    assert run("submit", office.prepared(service, "registrar"), "--service", service).exit_code == 2


def test_an_act_that_the_contracts_refuse_ends_with_one_and_its_name(office, service):
    result = run(
        "submit", office.prepared(service, "registrar"), *office.key("stranger"), "--service", service, "--json"
    )
    assert (result.exit_code, json.loads(result.stdout)["error"]) == (1, "NotAnAgent")


def test_a_refusal_is_one_line_without_a_traceback(agent, service):
    result = run("prepare", "ClearShipment", "--field", f"record={UNKNOWN}", *agent[0], "--service", service)
    assert result.stderr.startswith("Refused: UnknownRecord. ")
    assert result.stderr.count("\n") == 1


def test_preparing_without_a_key_is_refused(service):
    result = run("prepare", "ClearShipment", "--field", f"record={UNKNOWN}", "--service", service, "--json")
    assert (result.exit_code, json.loads(result.stdout)["error"]) == (1, "SessionMissing")


def test_a_key_of_nobodys_agent_opens_no_session(office, service):
    given = (*office.key("stranger"), "--service", service, "--json")
    result = run("prepare", "ClearShipment", "--field", f"record={UNKNOWN}", *given)
    assert (result.exit_code, json.loads(result.stdout)["error"]) == (1, "SignInRefused")


def test_an_unknown_act_is_unusable_input(agent, service):
    assert run("prepare", "GrantWishes", *agent[0], "--service", service).exit_code == 2


@pytest.mark.parametrize("url", ["ledger.example", "https://ledger.example/path", "HTTPS://Ledger.Example", "ftp://a"])
def test_an_address_that_nobody_can_sign_in_to_is_unusable_input(tmp_path, url):
    assert run("serve", tmp_path, "--port", "0", "--url", url).exit_code == 2


def test_a_field_without_a_value_is_unusable_input(service):
    assert run("prepare", "ClearShipment", "--field", "record", "--service", service).exit_code == 2


def test_a_signed_act_from_elsewhere_is_relayed(office, service):
    typed_data = json.loads(office.prepared(service, "registrar").read_text())["typedData"]
    file = office.folder / "signed.json"
    file.write_text(json.dumps(signed(typed_data, Keys.load(office.folder / "registrar.json", PASSPHRASE))))
    assert run("submit", "--signed", file, "--service", service).exit_code == 0


def test_typed_data_of_another_ledger_is_unusable_input(office, service):
    prepared = json.loads(office.prepared(service, "assessor").read_text())
    prepared["typedData"]["domain"]["chainId"] += 1
    file = office.folder / "elsewhere.json"
    file.write_text(json.dumps(prepared))
    assert run("submit", file, *office.key("assessor"), "--service", service).exit_code == 2


def test_a_service_that_does_not_answer_is_unavailable():
    result = run("prepare", "ClearShipment", "--service", NOBODY, "--json")
    assert (result.exit_code, json.loads(result.stdout)["error"]) == (3, "Unavailable")


def test_an_address_that_is_none_is_unavailable():
    assert run("status", "--service", "nowhere").exit_code == 3


def test_the_service_and_the_folder_show_the_same_journal(office, service):
    asked = json.loads(run("status", "--service", service, "--json").stdout)
    read = json.loads(run("status", office.ledger, "--json").stdout)
    assert [asked["chainId"], asked["entries"]] == [read["chainId"], read["entries"]]


def test_status_of_nothing_is_unusable_input():
    assert run("status").exit_code == 2


def test_a_folder_without_a_ledger_is_unavailable(tmp_path):
    assert run("status", tmp_path).exit_code == 3


@pytest.mark.usefixtures("service")
def test_a_second_process_may_not_write(office):
    result = run("rebuild", office.ledger)
    assert (result.exit_code, "in use" in result.stderr) == (3, True)


def test_an_unknown_shipment_cannot_be_verified(office):
    result = run("verify", "--shipment", UNKNOWN, "--ledger", office.ledger)
    assert (result.exit_code, "UnknownRecord" in result.stderr) == (2, True)


def test_a_shipment_id_that_is_none_is_unusable_input(office):
    assert run("verify", "--shipment", "0x12", "--ledger", office.ledger).exit_code == 2


def test_a_port_that_is_taken_is_unavailable(office, service):
    port = service.rpartition(":")[2]
    assert run("serve", office.ledger, "--port", port).exit_code == 3


def test_a_service_that_is_told_to_stop_ends_with_zero(office, tmp_path):
    run("deploy", tmp_path / "ledger", "--founders", office.folder / "FOUNDERS.toml")
    command = [sys.executable, "-m", "ledger.cli", "serve", str(tmp_path / "ledger"), "--port", "0", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        process.stdout.readline()
        process.terminate()
    assert process.returncode == 0


def test_a_register_without_its_mapping_is_unusable_input(office, service):
    (office.folder / "register.csv").write_text("")
    given = {
        "--mapping": "none.toml",
        "--recorder-key": "admin.json",
        "--issuer-key": "registrar.json",
        "--passphrase-file": "passphrase",
        "--identity-key": "identity.key",
        "--rejects": "rejects.csv",
    }
    options = [part for name, file in given.items() for part in (name, office.folder / file)]
    assert run("import", office.folder / "register.csv", *options, "--service", service).exit_code == 2


def test_every_verb_answers_in_json():
    verbs = ("serve", "demo", "prepare", "submit", "import", "verify", "status", "rebuild", "deploy")
    assert [verb for verb in verbs if "--json" not in run(verb, "--help").stdout] == []
