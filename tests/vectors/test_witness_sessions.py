"""Do our requests and cosignatures work with an implementation of others? Sessions with one, as they were captured.

`witness_sessions.json` holds requests that its client sent to our witness and accepted the answers of, and requests of
our log that its witness answered.
"""

import json
from pathlib import Path

import pytest

from ledger.journal.checkpoints import open_checkpoint
from ledger.journal.merkle import check_consistency
from ledger.journal.notes import VerifierKey, parse_signature
from ledger.witness.requests import Request

SESSIONS = json.loads(Path(__file__).with_name("witness_sessions.json").read_text())
LOG = VerifierKey.parse(SESSIONS["log"])
EXCHANGES = SESSIONS["exchanges"]
COSIGNED = [one for one in EXCHANGES if one["status"] == 200]
each = pytest.mark.parametrize("exchange", EXCHANGES, ids=lambda one: f"{one['asker']}-{one['status']}")


@each
def test_a_request_is_written_as_the_other_side_writes_it(exchange):
    assert str(Request.parse(exchange["request"].encode())) == exchange["request"]


@each
def test_a_checkpoint_in_a_request_is_signed_by_the_log(exchange):
    note = Request.parse(exchange["request"].encode()).note
    assert open_checkpoint(note, LOG).origin == LOG.name


@pytest.mark.parametrize("exchange", COSIGNED, ids=lambda one: one["asker"])
def test_an_answer_is_the_witnesss_cosignature_on_the_request(exchange):
    request, key = Request.parse(exchange["request"].encode()), VerifierKey.parse(exchange["witness"])
    (line,) = exchange["answer"].splitlines()
    signed = request.note.with_signatures([parse_signature(line)])
    assert key.check(signed.text, key.find(signed)) > 1_795_000_000


@pytest.mark.parametrize("asker", ["ours", "theirs"])
def test_a_growth_that_was_cosigned_is_proven(asker):
    first, second = [Request.parse(one["request"].encode()) for one in COSIGNED if one["asker"] == asker][:2]
    old, new = open_checkpoint(first.note, LOG), open_checkpoint(second.note, LOG)
    check_consistency((old.size, old.root), (new.size, new.root), second.path)


def test_a_conflict_is_told_alike_on_both_sides():
    told = {(one["contentType"], one["answer"]) for one in EXCHANGES if one["status"] == 409}
    assert told == {("text/x.tlog.size", "47\n")}
