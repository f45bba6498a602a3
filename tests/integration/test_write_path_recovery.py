"""Is an act that was taken entered exactly once, whatever failed on its way?"""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from ledger.chain.gate import Gate
from ledger.chain.node import Node
from ledger.chain.outbox import Outbox
from ledger.errors import Unavailable
from tests.integration.write_path_parts import WritePath
from tests.world import World


@pytest.fixture
def taken(trade, tmp_path):
    """An act that an outbox took, whose relay never came to send it."""
    with WritePath(trade, tmp_path) as path:
        signed = path.party("one")
    outbox = Outbox(tmp_path / "outbox.sqlite", clock=time.time)
    outbox.take([signed])
    outbox.close()
    return signed


def test_what_was_taken_and_never_sent_is_sent_at_the_next_start(trade, tmp_path, taken):
    with WritePath(trade, tmp_path) as path:
        pass
    assert list(path.heard.entries)[-1] == taken.digest


def test_what_was_sent_and_never_answered_is_included_at_the_next_start(trade, tmp_path, taken):
    entry = trade.send(taken.act, taken.signature)
    with WritePath(trade, tmp_path) as path:
        assert path.relay.status(taken.digest).included.seq == entry.seq


def test_what_was_sent_and_never_answered_is_not_sent_again(trade, tmp_path, taken):
    trade.send(taken.act, taken.signature)
    with WritePath(trade, tmp_path) as path:
        pass
    assert path.heard.batches == []


def test_who_repeats_after_the_restart_gets_the_answer(trade, tmp_path, taken):
    with WritePath(trade, tmp_path) as path:
        assert path.submit(taken).result(60).digest == taken.digest


def test_a_nonce_that_is_off_is_asked_for_and_costs_no_act(trade, tmp_path):
    with WritePath(trade, tmp_path) as path:
        trade.relay.nonce += 3
        assert path.submit(path.party("one")).result(60).version == 1


def test_a_read_model_that_fails_leaves_the_act_included(trade, tmp_path, monkeypatch):
    with WritePath(trade, tmp_path) as path:
        signed = path.party("one")
        with monkeypatch.context() as patch:
            patch.setattr(path.heard, "batches", None)
            with pytest.raises(Unavailable):
                path.submit(signed).result(60)
        assert path.submit(signed).result(60).repeated


class Wire:
    """A world's chain behind a socket that a test can cut."""

    def __init__(self, world: World) -> None:
        wire = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
                if wire.is_cut:
                    self.send_error(502)
                    return
                answer = {"jsonrpc": "2.0", "id": asked["id"], **world.chain.request(asked["method"], asked["params"])}
                body = json.dumps(answer).encode()
                self.send_response(200)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
                wire.is_cut = wire.is_cut or asked["method"] == wire.cut_after

            def log_message(self, *_: object) -> None:
                pass

        self.is_cut, self.cut_after = False, ""
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def wire(trade) -> Iterator[Wire]:
    wire = Wire(trade)
    yield wire
    wire.close()


@pytest.fixture
def distant(trade, tmp_path, wire) -> Iterator[WritePath]:
    """A write path over JSON-RPC."""
    node = Node.connect(f"http://127.0.0.1:{wire.server.server_port}")
    with WritePath(trade, tmp_path, gate=Gate(node, trade.deployment, trade.relay)) as path:
        yield path
        wire.is_cut = False


def test_a_node_behind_json_rpc_takes_acts(distant):
    assert distant.submit(distant.party("one")).result(60).version == 1


def test_a_node_that_fails_makes_the_act_unavailable(distant, wire):
    wire.is_cut = True
    with pytest.raises(Unavailable):
        distant.submit(distant.party("one")).result(60)


def test_an_act_kept_while_the_node_fails_is_sent_when_it_answers(distant, wire):
    signed = distant.party("one")
    wire.is_cut = True
    distant.submit(signed).exception(60)
    wire.is_cut = False
    assert included_soon(distant, signed.digest)


def test_an_act_whose_receipt_is_lost_counts_once(distant, wire):
    signed = distant.party("one")
    wire.cut_after = "eth_sendRawTransaction"
    distant.submit(signed).exception(60)
    wire.is_cut, wire.cut_after = False, ""
    assert (included_soon(distant, signed.digest), distant.heard.batches) == (True, [])


def included_soon(path: WritePath, digest: bytes) -> bool:
    until = time.monotonic() + 20
    while path.relay.status(digest).state != "included" and time.monotonic() < until:
        time.sleep(0.05)
    return path.relay.status(digest).state == "included"
