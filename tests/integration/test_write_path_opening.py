"""Does a ledger's folder open for one writer, for any reader, and only over the chain that it trusts?"""

import json
import shutil
import stat
import time

import pytest

from ledger.chain.deployment import Appointee, Deployment, Founder
from ledger.chain.outbox import Included, Outbox, SignedAct
from ledger.errors import InvalidField, Refused, Unavailable
from ledger.ids import hex0x
from ledger.opening import create_ledger, open_ledger
from ledger.writing import prepare, submission
from tests.world import AUTHORITY, founding_agents, keys_of, salt_of


def founders():
    agents = tuple(Appointee(keys_of(name).address, powers) for name, powers in founding_agents("authority").items())
    return [Founder(AUTHORITY, salt_of("authority"), agents)]


@pytest.fixture(scope="module")
def founded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ledger") / "new"
    create_ledger(folder, founders())
    return folder


@pytest.fixture
def folder(founded, tmp_path):
    """A founded ledger to spoil."""
    return shutil.copytree(founded, tmp_path / "ledger")


@pytest.fixture(scope="module")
def writer(founded, tmp_path_factory):
    folder = shutil.copytree(founded, tmp_path_factory.mktemp("written") / "ledger")
    with open_ledger(folder, write=True) as ledger:
        yield folder, ledger


def acceptance(ledger, person):
    """A founding agent accepts: the act and its signature, by way of the typed data."""
    public = keys_of(person).public
    record = ledger.deployment.agent_record(1, keys_of(person).address)
    fields = {
        "organization": 1,
        "record": hex0x(record),
        "ed25519": hex0x(public.ed25519),
        "x25519": hex0x(public.x25519),
    }
    ready = prepare(
        "AcceptAppointment",
        fields,
        read_model=ledger.read_model,
        deployment=ledger.deployment,
        now=int(time.time()),
    )
    signature = keys_of(person).sign_digest(ready.digest)
    return submission({**ready.typed_data, "signature": hex0x(signature)}, ledger.deployment)


def test_an_act_goes_from_typed_data_to_the_read_model(writer):
    _, ledger = writer
    act, signature = acceptance(ledger, "recorder")
    included = ledger.relay.submit(act, signature).result(60)
    assert ledger.read_model.record(act.record).item.head == included.head


def test_a_second_writer_is_told_who_has_the_ledger(writer):
    with pytest.raises(Unavailable, match=r"in use by process \d+"):
        open_ledger(writer[0], write=True)


def test_a_reader_opens_beside_the_writer(writer):
    with open_ledger(writer[0], write=False) as ledger:
        assert (ledger.relay, ledger.read_model.cursor()) == (None, writer[1].read_model.cursor())


def test_a_ledger_that_was_closed_opens_again(folder):
    for person in ("recorder", "registrar"):
        with open_ledger(folder, write=True) as ledger:
            included = ledger.relay.submit(*acceptance(ledger, person)).result(60)
    assert included.seq == 2


def test_nobody_else_reads_the_relays_key(founded):
    assert stat.S_IMODE((founded / "relay.key").stat().st_mode) == 0o600


def test_no_two_ledgers_have_the_same_chain(founded, tmp_path):
    other = create_ledger(tmp_path / "other", founders())
    assert other.chain_id != Deployment.load(founded / "deployment.json").chain_id


def test_a_folder_that_holds_a_ledger_is_not_founded_again(founded):
    with pytest.raises(InvalidField, match=r"deployment\.json"):
        create_ledger(founded, founders())


def test_founders_that_the_directory_refuses_leave_the_folder_as_it_was(tmp_path):
    alone = Founder(AUTHORITY, salt_of("authority"), founders()[0].agents[:1])
    with pytest.raises(Refused, match="OutOfRange"):
        create_ledger(tmp_path, [alone])
    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder_is_no_ledger(tmp_path):
    with pytest.raises(Unavailable, match="no ledger here"):
        open_ledger(tmp_path, write=False)


def test_a_chain_of_another_id_is_not_opened(folder):
    change(folder, lambda root: root.update(chain_id=7))
    with pytest.raises(InvalidField, match=r"deployment\.chainId"):
        open_ledger(folder, write=False)


def test_code_that_is_not_the_trust_roots_is_not_opened(folder):
    change(folder, lambda root: root["code_hashes"].update(Licenses="0x" + "11" * 32))
    with pytest.raises(InvalidField, match=r"deployment\.codeHashes\.Licenses"):
        open_ledger(folder, write=False)


def test_a_chain_shorter_than_what_was_told_is_not_written(folder):
    with open_ledger(folder, write=True) as ledger:
        act, signature = acceptance(ledger, "recorder")
    told(folder, SignedAct.of(act, signature, ledger.deployment))
    with pytest.raises(Refused, match="JournalShorter"):
        open_ledger(folder, write=True)


def change(folder, how):
    path = folder / "deployment.json"
    root = json.loads(path.read_text())
    how(root)
    path.write_text(json.dumps(root))


def told(folder, signed):
    """The outbox as it was before the chain's file was replaced by an older one."""
    outbox = Outbox(folder / "outbox.sqlite", clock=time.time)
    outbox.take([signed])
    included = Included(
        digest=signed.digest,
        seq=1,
        version=1,
        head=b"h" * 32,
        block_number=10,
        block_hash=b"b" * 32,
        block_time=1,
        transaction_hash=b"t" * 32,
    )
    outbox.answered([(signed.key, included)])
    outbox.close()
