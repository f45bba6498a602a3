"""Does a witness cosign what it replayed, and is every journal that is not what it cosigned caught?"""

import dataclasses
import hashlib
import json
import threading
from contextlib import contextmanager

import httpx
import pytest

from ledger.acts.orders import HoldShipment
from ledger.errors import Refused, Unavailable
from ledger.journal.checkpoints import Checkpoint, origin_of, parse_checkpoint
from ledger.journal.notes import TEXT, Signer, parse_note
from ledger.read_model import ReadModel, follow
from ledger.witness.asking import Known
from ledger.witness.cosigning import Contradiction
from ledger.witness.following import Following
from ledger.witness.memory import Memory
from ledger.witness.replay import Replay
from ledger.witness.requests import Request
from ledger.witness.running import Run, create_witness, keep_evidence, open_witness


class Log:
    """The log of a world's journal, honest unless it is told."""

    def __init__(self, trade, folder):
        self.trade = trade
        origin = origin_of(trade.deployment.chain_id, trade.deployment.address("Journal"))
        self.signer = Signer(origin, TEXT, bytes(range(32)))
        self.model = ReadModel(f"sqlite:///{folder / 'log.sqlite'}")

    def checkpoint(self, size=None):
        follow(self.model, self.trade.node, self.trade.deployment)
        size = len(self.trade.entries) if size is None else size
        return Checkpoint(self.signer.name, size, self.model.log_root(size)).signed(self.signer)

    def request(self, old=0, size=None):
        note = self.checkpoint(size)
        return Request(old, self.model.prove_consistency(old, parse_checkpoint(note.text).size).path, note)


@pytest.fixture
def log(trade, tmp_path):
    log = Log(trade, tmp_path)
    yield log
    log.model.close()


@pytest.fixture
def folder(tmp_path):
    create_witness(tmp_path / "witness", "witness.example/w1")
    return tmp_path / "witness"


@pytest.fixture
def opened(trade, log, folder):
    """Opens the witness anew, as after a restart."""

    def opened(clock=lambda: trade.node.head().time, **changed):
        return open_witness(folder, log.signer.public, Following(trade.node, trade.deployment, **changed), clock=clock)

    return opened


@pytest.fixture
def witness(opened):
    return opened()


@contextmanager
def serving(witness, log):
    """The witness over HTTP; gives its address and what ended it."""
    found, stop, there = [], threading.Event(), threading.Event()
    address = []

    def ready(at):
        address.append(at)
        there.set()

    def run():
        try:
            Run(witness, log.signer.name, ("127.0.0.1", 0), found.append, ready).follow(30, stop)
        except Contradiction as contradiction:
            found.append(contradiction)

    thread = threading.Thread(target=run)
    thread.start()
    assert there.wait(30)
    try:
        yield f"http://{address[0][0]}:{address[0][1]}", found
    finally:
        stop.set()
        thread.join()


def size_of(note):
    return parse_checkpoint(note.text).size


def test_a_replay_comes_to_the_roots_of_the_read_model(trade, log):
    replay = Replay(trade.deployment)
    for entry in trade.entries:
        replay.enter(entry)
    log.checkpoint()
    sizes = range(len(trade.entries) + 1)
    assert [replay.root_at(size) for size in sizes] == [log.model.log_root(size) for size in sizes]


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("version", 7),
        ("time", 5),
        ("organization", 3),
        ("kind", 80),
        ("signer", bytes(20)),
        ("digest", bytes(32)),
        ("record", bytes(32)),
        ("record_head", bytes(32)),
        ("signature", bytes(65)),
        ("act", bytes(64)),
        ("touched", ()),
    ],
)
def test_an_entry_with_one_member_altered_is_not_replayed(trade, member, value):
    replay = Replay(trade.deployment)
    for entry in trade.entries[:-1]:
        replay.enter(entry)
    with pytest.raises(Refused, match="JournalUntrue"):
        replay.enter(dataclasses.replace(trade.entries[-1], **{member: value}))


def test_an_entry_that_the_rules_refuse_is_not_replayed(trade):
    replay = Replay(trade.deployment)
    for entry in trade.entries[:-2]:
        replay.enter(entry)
    again = dataclasses.replace(trade.entries[0], seq=replay.size + 1, time=trade.entries[-1].time)
    with pytest.raises(Refused, match="the rules refuse it"):
        replay.enter(again)


def test_a_first_checkpoint_is_cosigned(witness, log, trade):
    request = log.request()
    found = witness.add_checkpoint(request)
    assert witness._signer.public.check(request.note.text, found) == trade.node.head().time


def test_a_checkpoint_that_extends_the_last_is_cosigned(witness, log, trade):
    witness.add_checkpoint(log.request(size=20))
    witness.add_checkpoint(log.request(old=20))
    assert size_of(witness.newest) == len(trade.entries)


def test_what_was_cosigned_is_on_disk_before_it_is_answered(witness, log, folder, monkeypatch):
    monkeypatch.setattr("ledger.disk.replace", full)
    with pytest.raises(Unavailable, match="cannot be written"):
        witness.add_checkpoint(log.request())
    assert Memory.load(folder / "memory.json").note is None


def full(*_, **__):
    raise OSError("no space left on device")


def test_a_restarted_witness_knows_what_it_cosigned(witness, opened, log):
    witness.add_checkpoint(log.request(size=20))
    again = opened()
    with pytest.raises(Refused, match="SizeConflict"):
        again.add_checkpoint(log.request(old=0))


def test_a_witness_whose_memory_is_gone_does_not_open(opened, folder):
    (folder / "memory.json").unlink()
    with pytest.raises(Unavailable, match="what this witness signed last"):
        opened()


def test_a_checkpoint_further_than_the_node_shows_is_not_cosigned(witness, log, trade):
    note = Checkpoint(log.signer.name, len(trade.entries) + 1, bytes(32)).signed(log.signer)
    with pytest.raises(Unavailable, match="is replayed up to"):
        witness.add_checkpoint(Request(0, (), note))


def test_a_log_that_signs_another_journal_is_caught(witness, log):
    note = Checkpoint(log.signer.name, 20, bytes(32)).signed(log.signer)
    witness.follow()
    with pytest.raises(Contradiction, match="another journal"):
        witness.add_checkpoint(Request(0, (), note))


def test_a_log_that_signs_two_checkpoints_of_one_size_is_caught(witness, log):
    witness.add_checkpoint(log.request(size=20))
    fork = Checkpoint(log.signer.name, 20, bytes(32)).signed(log.signer)
    with pytest.raises(Contradiction, match="two checkpoints of one size") as caught:
        witness.add_checkpoint(Request(20, (), fork))
    assert (caught.value.cosigned, caught.value.other) == (witness.newest, str(fork))


def test_a_log_that_signs_another_past_is_caught(witness, log):
    witness.add_checkpoint(log.request(size=20))
    past = Checkpoint(log.signer.name, 10, bytes(32)).signed(log.signer)
    with pytest.raises(Contradiction, match="another journal"):
        witness.add_checkpoint(Request(20, (), past))


def test_a_witness_that_caught_a_fork_signs_nothing_more(witness, log):
    witness.add_checkpoint(log.request(size=20))
    fork = Checkpoint(log.signer.name, 20, bytes(32)).signed(log.signer)
    for request in (Request(20, (), fork), log.request(old=20)):
        with pytest.raises(Contradiction):
            witness.add_checkpoint(request)
    assert size_of(witness.newest) == 20


def hold(trade, shipment, reason):
    return trade.act(HoldShipment, "inspector", trade.authority, record=shipment, reason=reason)


@pytest.fixture
def shipment(trade):
    return trade.ship(trade.license(10, 4), 6, 4, share=100)


def test_a_chain_rewritten_under_a_running_witness_is_caught(witness, log, trade, shipment):
    mark = trade.snapshot()
    hold(trade, shipment, 1)
    witness.add_checkpoint(log.request())
    trade.revert(mark)
    hold(trade, shipment, 2)
    with pytest.raises(Contradiction, match="ChainRewritten"):
        witness.follow()


def test_a_chain_rewritten_while_the_witness_was_away_is_caught(witness, opened, log, trade, shipment):
    mark = trade.snapshot()
    hold(trade, shipment, 1)
    witness.add_checkpoint(log.request())
    trade.revert(mark)
    hold(trade, shipment, 2)
    with pytest.raises(Contradiction, match="rewritten below the checkpoint"):
        opened().follow()


def test_a_journal_that_was_shortened_is_caught(witness, opened, log, trade, shipment):
    mark = trade.snapshot()
    hold(trade, shipment, 1)
    witness.add_checkpoint(log.request())
    trade.revert(mark)
    with pytest.raises(Contradiction, match=r"has \d+ entries, \d+ were cosigned"):
        opened().follow()


def test_a_journal_that_was_shortened_under_a_running_witness_is_caught(witness, log, trade, shipment):
    mark = trade.snapshot()
    hold(trade, shipment, 1)
    witness.add_checkpoint(log.request())
    trade.revert(mark)
    with pytest.raises(Contradiction):
        witness.follow()


def test_the_evidence_holds_both_checkpoints(witness, log, folder):
    witness.add_checkpoint(log.request(size=20))
    fork = Checkpoint(log.signer.name, 20, bytes(32)).signed(log.signer)
    with pytest.raises(Contradiction) as caught:
        witness.add_checkpoint(Request(20, (), fork))
    kept = json.loads(keep_evidence(folder, caught.value, time=5).read_text())
    assert (kept["cosigned"], kept["other"]) == (str(witness.newest), str(fork))


def test_entries_ahead_of_a_clock_that_stands_still_are_not_cosigned(opened, log, trade):
    stale = opened(clock=lambda: trade.entries[-1].time - 61)
    with pytest.raises(Refused, match="ClockDisagrees"):
        stale.add_checkpoint(log.request())


def test_a_clock_that_went_back_does_not_cosign(opened, log, trade):
    now = [trade.node.head().time]
    witness = opened(clock=lambda: now[0])
    witness.add_checkpoint(log.request())
    now[0] -= 1
    with pytest.raises(Refused, match="ClockDisagrees"):
        witness.add_checkpoint(log.request(old=len(trade.entries)))


def test_entries_that_appear_long_after_their_time_are_not_cosigned(opened, log, trade, shipment):
    late = opened(clock=lambda: trade.time + 3600)
    late.add_checkpoint(log.request())
    old = len(trade.entries)
    hold(trade, shipment, 1)
    with pytest.raises(Refused, match="ClockDisagrees"):
        late.add_checkpoint(log.request(old=old))


def test_entries_that_were_seen_at_the_last_cosignature_may_be_older(opened, log, trade):
    late = opened(clock=lambda: trade.time + 3600)
    late.add_checkpoint(log.request(size=20))
    late.add_checkpoint(log.request(old=20))
    assert size_of(late.newest) == len(trade.entries)


def test_a_witness_offline_takes_a_later_copy_of_the_chain(opened, log, trade, shipment):
    offline = opened(clock=lambda: trade.time + 3600, live=False)
    offline.add_checkpoint(log.request())
    old = len(trade.entries)
    hold(trade, shipment, 1)
    offline.add_checkpoint(log.request(old=old))
    assert size_of(offline.newest) == old + 1


def test_the_log_gets_a_cosignature_over_http(witness, log):
    note = log.checkpoint()
    with serving(witness, log) as (url, _):
        known = Known(url, witness._signer.public)
        found, _ = known.cosign(note, lambda old: log.request(old).path, 0)
        assert known.latest(log.signer.public) == parse_checkpoint(note.text)
    assert note.with_signatures([found]) == witness.newest


def test_the_log_learns_from_a_conflict_what_the_witness_signed_last(witness, log):
    witness.add_checkpoint(log.request(size=20))
    with serving(witness, log) as (url, _):
        _, old = Known(url, witness._signer.public).cosign(log.checkpoint(), lambda old: log.request(old).path, 0)
    assert old == 20


def test_a_cosignature_of_another_key_is_not_taken(witness, log):
    other = Signer("witness.example/w1", witness._signer.kind, bytes(32)).public
    with serving(witness, log) as (url, _), pytest.raises(Unavailable, match="without its cosignature"):
        Known(url, other).cosign(log.checkpoint(), lambda old: log.request(old).path, 0)


@pytest.mark.parametrize(
    ("status", "change"),
    [
        (400, lambda _: b"old 1\n"),
        (400, lambda body: body.replace(b"old 20", b"old 020")),
        (400, lambda body: body.replace(b"old 20", b"old 9999")),
        (400, lambda body: body.replace(b"=\n", b"=\r\n", 1)),
        (403, lambda body: body.replace("\u2014 license".encode(), "\u2014 licence".encode())),
        (404, lambda body: body.replace(b"\nlicense-ledger/", b"\nlicense-ledger/1")),
        (409, lambda body: body.replace(b"old 20", b"old 19")),
        (422, lambda body: body.replace(body.split(b"\n")[1] + b"\n", b"", 1)),
        (200, lambda body: body),
    ],
)
def test_a_request_gets_the_answer_of_the_protocol(witness, log, status, change):
    witness.add_checkpoint(log.request(size=20))
    body = change(str(log.request(old=20)).encode())
    with serving(witness, log) as (url, _):
        answer = httpx.post(f"{url}/add-checkpoint", content=body)
    assert answer.status_code == status


def test_a_conflict_names_the_size(witness, log):
    witness.add_checkpoint(log.request(size=20))
    with serving(witness, log) as (url, _):
        answer = httpx.post(f"{url}/add-checkpoint", content=str(log.request()))
    assert (answer.headers["content-type"], answer.text) == ("text/x.tlog.size", "20\n")


def test_no_leaves_with_a_root_are_unprocessable(witness, log):
    note = Checkpoint(log.signer.name, 0, bytes(32)).signed(log.signer)
    with serving(witness, log) as (url, _):
        answer = httpx.post(f"{url}/add-checkpoint", content=str(Request(0, (), note)))
    assert answer.status_code == 422


def test_the_newest_checkpoint_is_served_under_the_origins_hash(witness, log):
    witness.add_checkpoint(log.request())
    place = hashlib.sha256(log.signer.name.encode()).hexdigest()
    with serving(witness, log) as (url, _):
        answer = httpx.get(f"{url}/{place}/checkpoint")
    assert parse_note(answer.text) == witness.newest


def test_a_body_beyond_the_bound_is_not_read(witness, log):
    with serving(witness, log) as (url, _):
        answer = httpx.post(f"{url}/add-checkpoint", content=b"old 0\n" * 20_000)
    assert answer.status_code == 413


def test_a_fork_that_comes_over_http_ends_the_run(witness, log):
    witness.add_checkpoint(log.request(size=20))
    fork = Checkpoint(log.signer.name, 20, bytes(32)).signed(log.signer)
    with serving(witness, log) as (url, found):
        assert httpx.post(f"{url}/add-checkpoint", content=str(Request(20, (), fork))).status_code == 422
    assert [one.reason for one in found] == ["the log signed two checkpoints of one size"]
