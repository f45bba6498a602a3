"""Is whatever a server answers either an answer, a refusal with its name, or Unavailable?"""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from ledger.client import Client, ServiceRefused
from ledger.errors import Unavailable

PROBLEM = {
    "type": "urn:license-ledger:error:WrongStatus",
    "title": "WrongStatus",
    "status": 409,
    "detail": "Record 0x5c has status 4.",
    "record": "0x5c",
    "recordStatus": 4,
}


@pytest.fixture
def server():
    """A server that gives one answer to everything: set `status` and `body`."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(self.server.status)
            self.end_headers()
            self.wfile.write(self.server.body)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as running:
        running.url = f"http://127.0.0.1:{running.server_port}"
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.shutdown()


def asked(server, status, body):
    server.status, server.body = status, body if isinstance(body, bytes) else json.dumps(body).encode()
    with Client(server.url) as client:
        return client.get("/v1/journal/state")


def test_an_answer_is_given_as_it_is(server):
    assert asked(server, 200, {"entries": 7}) == {"entries": 7}


def test_a_problem_is_a_refusal_with_its_name_and_fields(server):
    with pytest.raises(ServiceRefused) as refused:
        asked(server, 409, PROBLEM)
    assert (refused.value.name, refused.value.values) == ("WrongStatus", {"record": "0x5c", "status": 4})


def test_a_refusal_keeps_the_sentence_of_the_service(server):
    with pytest.raises(ServiceRefused) as refused:
        asked(server, 409, PROBLEM)
    assert refused.value.detail == "Record 0x5c has status 4."


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (503, {"title": "Unavailable", "status": 503, "detail": "later"}),
        (500, {"title": "Broken", "status": 500, "detail": "broken"}),
        (502, b"<html>Bad Gateway</html>"),
        (200, b"<html>A login page</html>"),
        (200, [1, 2, 3]),
        (404, {"message": "not ours"}),
    ],
)
def test_anything_else_is_unavailable(server, status, body):
    with pytest.raises(Unavailable):
        asked(server, status, body)


def test_nobody_there_is_unavailable():
    with pytest.raises(Unavailable), Client("http://127.0.0.1:9") as client:
        client.get("/healthz")
