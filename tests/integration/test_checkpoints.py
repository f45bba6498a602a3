"""Does a ledger's folder publish checkpoints that only grow, and refuse to go on from a journal that was taken back?"""

import json
import os
import shutil
import stat
import subprocess
import sys
import time
from contextlib import closing

import pytest
from typer.testing import CliRunner

from ledger.cli import main
from ledger.errors import InvalidField, Refused
from ledger.journal.checkpoints import open_checkpoint, parse_checkpoint
from ledger.journal.merkle import check_consistency
from ledger.journal.notes import TEXT, Signer, VerifierKey, parse_note
from ledger.opening import create_ledger, open_ledger
from ledger.read_model import ReadModel
from ledger.witness.asking import read_witnesses
from ledger.witness.requests import Request
from tests.integration.test_write_path_opening import acceptance, founders


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """A ledger of one entry, with its checkpoint; never written again."""
    folder = tmp_path_factory.mktemp("base") / "ledger"
    create_ledger(folder, founders())
    write(folder, "recorder")
    return folder


@pytest.fixture(scope="module")
def grown(base, tmp_path_factory):
    """The same ledger one entry later; never written again."""
    folder = shutil.copytree(base, tmp_path_factory.mktemp("grown") / "ledger")
    write(folder, "registrar")
    return folder


@pytest.fixture(scope="module")
def forked(base, tmp_path_factory):
    """The same ledger with another second entry; never written again."""
    folder = shutil.copytree(base, tmp_path_factory.mktemp("forked") / "ledger")
    write(folder, "assessor")
    return folder


@pytest.fixture
def folder(grown, tmp_path):
    """A ledger of two entries to spoil."""
    return shutil.copytree(grown, tmp_path / "ledger")


def write(folder, person):
    """The person accepts its appointment; the checkpoint covers it when this returns."""
    with open_ledger(folder, write=True) as ledger:
        ledger.relay.submit(*acceptance(ledger, person)).result(60)


def newest(folder):
    return parse_checkpoint(parse_note((folder / "checkpoint").read_bytes()).text)


def request(folder, old=0):
    """What goes to a witness that has cosigned `old` entries."""
    note = parse_note((folder / "checkpoint").read_bytes())
    with closing(ReadModel(f"sqlite:///{folder / 'read_model.sqlite'}")) as model:
        return str(Request(old, model.prove_consistency(old, newest(folder).size).path, note))


def test_a_closed_ledger_leaves_a_checkpoint_of_all_its_entries(grown):
    assert newest(grown).size == 2


def test_a_later_checkpoint_extends_the_earlier_one(base, grown):
    proof = Request.parse(request(grown, old=1).encode()).path
    check_consistency((1, newest(base).root), (2, newest(grown).root), proof)


def test_the_log_keeps_its_key(base, grown, log):
    assert all(open_checkpoint((one / "checkpoint").read_bytes(), log) for one in (base, grown))


def test_nobody_else_reads_the_logs_key(base):
    assert stat.S_IMODE((base / "checkpoint.key").stat().st_mode) == 0o600


def test_a_checkpoint_that_was_altered_is_not_opened(folder):
    text = (folder / "checkpoint").read_text()
    (folder / "checkpoint").write_text(text.replace("\n2\n", "\n1\n"))
    with pytest.raises(Refused, match="NoteSignatureInvalid"):
        open_ledger(folder, write=True)


def test_the_key_of_another_ledger_is_not_taken(folder):
    (folder / "checkpoint.key").write_text(Signer.generate("license-ledger/1/0x", TEXT).written())
    with pytest.raises(Refused, match="KeyMisplaced"):
        open_ledger(folder, write=True)


def chain_of(folder, other):
    """The chain of one folder in the place of the other's; what is known besides stays."""
    for path in (*other.glob("chain.sqlite*"), *other.glob("read_model.sqlite*"), *other.glob("outbox.sqlite*")):
        path.unlink()
    for path in folder.glob("chain.sqlite*"):
        shutil.copy(path, other / path.name)


def test_a_chain_restored_from_a_backup_is_not_written(folder, base):
    chain_of(base, folder)
    with pytest.raises(Refused, match="JournalShorter"):
        open_ledger(folder, write=True)


def test_a_chain_of_other_acts_is_not_written(folder, forked):
    chain_of(forked, folder)
    with pytest.raises(Refused, match="JournalRewritten"):
        open_ledger(folder, write=True)


@pytest.mark.parametrize(
    "text",
    [
        "witnesses = 3",
        "other = 1",
        "[[witnesses]]\nurl = 'http://127.0.0.1:1'",
        "[[witnesses]]\nurl = 'ftp://w'\nkey = 'k'",
        "[[witnesses]]\nurl = 'http://w'\nkey = 'k'",
        "[[witnesses]",
    ],
)
def test_a_list_of_witnesses_that_cannot_be_read_is_refused(tmp_path, text):
    (tmp_path / "witnesses.toml").write_text(text)
    with pytest.raises(InvalidField):
        read_witnesses(tmp_path / "witnesses.toml")


@pytest.fixture(scope="module")
def log(base):
    """The log's vkey."""
    return Signer.parse((base / "checkpoint.key").read_text().strip()).public


@pytest.fixture
def watching(tmp_path, log):
    """A witness that knows the log."""
    watching = Watching(tmp_path / "witness", str(log))
    watching.key = watching.invoke("keys", "--name", "witness.example/w1")["key"]
    return watching


class Watching:
    def __init__(self, folder, log):
        self.folder, self.log = folder, log

    def invoke(self, verb, *options):
        done = CliRunner().invoke(main, ["witness", verb, str(self.folder), *options, "--json"])
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    def cosign(self, ledger, old=0):
        file = self.folder / "request"
        file.write_text(request(ledger, old))
        options = [str(self.folder), str(file), "--log", self.log, "--ledger", str(ledger)]
        return CliRunner().invoke(main, ["witness", "cosign", *options])

    def run(self, ledger):
        """The command on a ledger that ends it."""
        options = [str(self.folder), "--log", self.log, "--ledger", str(ledger), "--every", "0.2"]
        return CliRunner().invoke(main, ["witness", "run", *options, "--json"])

    def evidence(self):
        return [json.loads(path.read_text()) for path in self.folder.glob("evidence-*.json")]


def test_a_witness_without_a_network_cosigns_a_file(watching, base, log):
    done = watching.cosign(base)
    note, key = parse_note(done.stdout), VerifierKey.parse(watching.key)
    assert open_checkpoint(note, log).size == 1
    assert key.check(note.text, key.find(note)) <= time.time()


def test_a_witness_without_a_network_cosigns_what_comes_later(watching, base, grown):
    assert [watching.cosign(base).exit_code, watching.cosign(grown, old=1).exit_code] == [0, 0]


def test_a_rewritten_copy_of_the_chain_ends_the_witness_with_evidence(watching, grown, forked):
    watching.cosign(grown)
    done = watching.run(forked)
    (evidence,) = watching.evidence()
    assert (done.exit_code, evidence["reason"]) == (
        1,
        "the journal was rewritten below the checkpoint that was cosigned",
    )
    cosigned, other = parse_checkpoint(parse_note(evidence["cosigned"]).text), parse_checkpoint(evidence["other"])
    assert (cosigned, other) == (newest(grown), newest(forked))


def test_a_shortened_copy_of_the_chain_ends_the_witness_with_evidence(watching, base, grown):
    watching.cosign(grown)
    done = watching.run(base)
    assert (done.exit_code, [one["reason"] for one in watching.evidence()]) == (
        1,
        ["the journal has 1 entries, 2 were cosigned"],
    )


def test_a_log_that_signs_a_restored_history_is_caught_by_its_own_signature(watching, base, grown, forked, log):
    watching.cosign(base)
    watching.cosign(grown, old=1)
    (watching.folder / "request").write_text(request(forked, old=1))
    options = [str(watching.folder), str(watching.folder / "request"), "--log", watching.log, "--ledger", str(grown)]
    done = CliRunner().invoke(main, ["witness", "cosign", *options])
    signed = [open_checkpoint(one["other"], log) for one in watching.evidence()]
    assert (done.exit_code, signed) == (1, [newest(forked)])


@pytest.fixture
def answering(watching, folder):
    """The witness in a process of its own, asked by the ledger."""
    command = [sys.executable, "-m", "ledger.cli", "witness", "run", str(watching.folder), "--log", watching.log]
    command += ["--ledger", str(folder), "--listen", "127.0.0.1:0", "--every", "0.2", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ) as process:
        url = json.loads(process.stdout.readline())["url"]
        text = f'[[witnesses]]\nurl = "{url}"\nkey = "{watching.key}"\n'
        (folder / "witnesses.toml").write_text(text)
        yield watching
        process.terminate()
    assert process.returncode == 0


def test_a_ledger_gets_its_checkpoint_cosigned_and_is_held_to_it(answering, folder, base):
    write(folder, "assessor")
    note, key = parse_note((folder / "checkpoint").read_bytes()), VerifierKey.parse(answering.key)
    assert parse_checkpoint(note.text).size == 3
    assert key.check(note.text, key.find(note)) > 0
    forgetful = shutil.copytree(base, folder.with_name("backup"))
    shutil.copy(folder / "witnesses.toml", forgetful)
    with pytest.raises(Refused, match="JournalShorter"):
        open_ledger(forgetful, write=True)


def test_a_witness_that_does_not_answer_stops_no_write(folder, watching):
    text = f'[[witnesses]]\nurl = "http://127.0.0.1:9"\nkey = "{watching.key}"\n'
    (folder / "witnesses.toml").write_text(text)
    write(folder, "assessor")
    assert newest(folder).size == 3


def test_a_ledger_opened_to_read_publishes_nothing(base):
    with open_ledger(base, write=False) as ledger:
        assert ledger.log is None


def test_a_witness_is_not_made_twice(watching):
    options = [str(watching.folder), "--name", "witness.example/w2"]
    assert CliRunner().invoke(main, ["witness", "keys", *options]).exit_code == 2


def test_a_node_that_does_not_answer_is_unavailable(watching, base):
    options = ["--rpc", "http://127.0.0.1:9", "--trust", str(base / "deployment.json"), "--log", watching.log]
    assert CliRunner().invoke(main, ["witness", "run", str(watching.folder), *options]).exit_code == 3
