"""Can a stranger check the journal with what the service serves, and nothing else?"""

import time

import pytest

from ledger.client import Client
from ledger.errors import Refused
from ledger.ids import hex0x
from ledger.journal.checkpoints import Checkpoint, open_checkpoint, origin_of, parse_checkpoint
from ledger.journal.leaves import entry_hash
from ledger.journal.notes import VerifierKey, parse_note
from ledger.journal.proofs import ConsistencyProof, CurrencyProof, EntryProof
from ledger.witness.following import Following
from ledger.witness.pulling import pull
from ledger.witness.requests import Request
from ledger.witness.running import create_witness, open_witness


@pytest.fixture
def key(client):
    return VerifierKey.parse(client.get("/v1/journal/key").json()["key"])


@pytest.fixture
def published(client, trade):
    """The service, once its checkpoint covers everything that was entered."""
    entries = client.get("/v1/journal/state").json()["entries"]
    until = time.monotonic() + 20
    while parse_checkpoint(parse_note(client.get("/v1/journal/checkpoint").text).text).size < entries:
        assert time.monotonic() < until
        time.sleep(0.1)
    return client


def test_the_checkpoint_is_signed_by_the_logs_key(published, key):
    assert open_checkpoint(published.get("/v1/journal/checkpoint").content, key).size > 0


def test_the_key_is_named_for_chain_and_journal(opened, key):
    assert key.name == origin_of(opened.deployment.chain_id, opened.deployment.address("Journal"))


def test_the_checkpoint_is_plain_text(published):
    assert published.get("/v1/journal/checkpoint").headers["content-type"] == "text/plain; charset=utf-8"


def test_an_entry_is_proven_against_the_checkpoint_of_the_answer(published, key):
    found = published.get("/v1/journal/proof", params={"entry": 3}).json()
    EntryProof.from_json(found["entry"], "entry").check(open_checkpoint(found["checkpoint"], key))


def test_the_proven_entry_is_the_one_in_the_journal(published, opened):
    found = published.get("/v1/journal/proof", params={"entry": 3}).json()["entry"]
    entry = opened.read_model.entries(after=2, limit=1).items[0].entry
    assert found["entryHash"] == hex0x(entry_hash(entry))


def test_a_record_is_proven_to_be_what_the_service_shows(published, trade, key):
    found = published.get("/v1/journal/proof", params={"record": trade["shipment"]}).json()
    proof = CurrencyProof.from_json(found["record"], "record")
    proof.check(open_checkpoint(found["checkpoint"], key))
    shown = published.get(f"/v1/records/{trade['shipment']}").json()["item"]
    assert (found["record"]["head"], found["record"]["version"]) == (shown["head"], shown["version"])


def test_growth_is_proven_from_an_earlier_checkpoint(published, opened, key):
    found = published.get("/v1/journal/proof", params={"from": 5}).json()
    proof = ConsistencyProof.from_json(found["consistency"], "consistency")
    proof.check(opened.read_model.log_root(5), open_checkpoint(found["checkpoint"], key))


def test_proofs_of_one_answer_belong_to_one_checkpoint(published, trade, key):
    asked = {"entry": 1, "record": trade["license"], "from": 2}
    found = published.get("/v1/journal/proof", params=asked).json()
    size = open_checkpoint(found["checkpoint"], key).size
    assert found["record"]["last"]["seq"] == size


def test_a_proof_of_nothing_is_refused(published):
    assert published.get("/v1/journal/proof").status_code == 422


@pytest.mark.parametrize("asked", [{"entry": 0}, {"entry": 10**9}, {"from": 10**9}, {"entry": -1}, {"other": 1}])
def test_what_no_checkpoint_covers_is_refused(published, asked):
    assert published.get("/v1/journal/proof", params=asked).status_code == 422


def test_a_record_that_is_not_there_is_unknown(published):
    assert published.get("/v1/journal/proof", params={"record": "0x" + 64 * "5"}).status_code == 404


def test_a_checkpoint_under_another_key_is_refused(published):
    other = VerifierKey.parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
    with pytest.raises(Refused):
        open_checkpoint(published.get("/v1/journal/checkpoint").content, other)


@pytest.fixture
def witness(opened, key, tmp_path):
    """A witness of the service's ledger, over the same chain."""
    create_witness(tmp_path / "witness", "witness.example/w1")
    source = Following(opened.node, opened.deployment)
    return open_witness(tmp_path / "witness", key, source, clock=lambda: opened.node.head().time)


def test_a_witness_cosigns_what_the_service_publishes(published, address, witness, key):
    pull(witness, Client(address))
    assert open_checkpoint(witness.newest, key).text() == parse_note(published.get("/v1/journal/checkpoint").text).text


def test_a_witness_that_has_cosigned_the_checkpoint_cosigns_it_once(published, address, witness):
    pull(witness, Client(address))
    before = witness.newest
    pull(witness, Client(address))
    assert witness.newest is before


def test_a_witness_extends_what_it_cosigned_before(published, address, witness, opened):
    size = 5
    earlier = Checkpoint(opened.log.key.name, size, opened.read_model.log_root(size)).signed(opened.log._signer)
    witness.add_checkpoint(Request(0, (), earlier))
    pull(witness, Client(address))
    assert witness.size > size
