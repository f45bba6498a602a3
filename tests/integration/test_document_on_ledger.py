"""`verify --document --ledger`: two fields shown to a stranger, whose author committed to them on the ledger."""

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from ledger.cli import main
from ledger.documents.canonical import JsonObject
from ledger.documents.credentials import Document, select
from ledger.documents.keys import Keys
from ledger.ids import Time, hex0x
from ledger.opening import OpenLedger, create_ledger, open_ledger
from ledger.records.codes import Role
from ledger.writing import prepare, submission
from tests.api.office import founders
from tests.scenario import keys_of

PROFILE: JsonObject = {
    "name": "Volta Wildlife Trust",
    "address": {"country": "GH", "locality": "Ho"},
    "contact": "Kofi",
}


@dataclass(frozen=True)
class Committed:
    """A ledger's folder, a document that an act there commits to, and the act's entry."""

    ledger: Path
    document: Document
    seq: int


def enter(ledger: OpenLedger, keys: Keys, name: str, fields: JsonObject) -> int:
    """The entry of an act for the authority."""
    ready = prepare(
        name,
        {"organization": 1, **fields},
        read_model=ledger.read_model,
        deployment=ledger.deployment,
        now=Time(int(time.time())),
    )
    body: dict[str, Any] = {**ready.typed_data, "signature": hex0x(keys.sign_digest(ready.digest))}
    assert ledger.relay is not None
    return ledger.relay.submit(*submission(body, ledger.deployment)).result(60).seq


@pytest.fixture(scope="module")
def committed(tmp_path_factory: pytest.TempPathFactory) -> Committed:
    folder, recorder = tmp_path_factory.mktemp("ledger") / "ledger", keys_of("recorder")
    create_ledger(folder, founders())
    with open_ledger(folder, write=True) as ledger:
        record = hex0x(ledger.deployment.agent_record(1, recorder.address))
        public = {"ed25519": hex0x(recorder.public.ed25519), "x25519": hex0x(recorder.public.x25519)}
        enter(ledger, recorder, "AcceptAppointment", {"record": record, **public})
        document = recorder.sign_document("OrganizationProfile", PROFILE, chain_id=ledger.deployment.chain_id)
        fields: JsonObject = {"roles": int(Role.END_USER), "profile": hex0x(document.commitment)}
        seq = enter(ledger, recorder, "RecordParty", fields)
    return Committed(folder, document, seq)


def verified(committed: Committed, document: Document, *words: str) -> Result:
    path = committed.ledger.with_name("document.json")
    path.write_bytes(document.data)
    return CliRunner().invoke(main, ["verify", "--document", str(path), "--ledger", str(committed.ledger), *words])


def test_a_part_of_a_document_counts_by_the_act_for_the_whole(committed: Committed) -> None:
    part = select(committed.document, ["/name", "/address/country"])
    told = json.loads(verified(committed, part, "--json").stdout)
    assert [(act["seq"], act["act"], act["ownKey"]) for act in told["acts"]] == [(committed.seq, "RecordParty", True)]


def test_the_act_is_named_in_words(committed: Committed) -> None:
    told = verified(committed, committed.document).stdout
    assert f"Its author committed to it by entry {committed.seq}, RecordParty." in told


def test_a_document_that_counts_ends_with_0(committed: Committed) -> None:
    assert verified(committed, committed.document).exit_code == 0


def test_a_document_that_its_author_never_committed_to_ends_with_1(committed: Committed) -> None:
    other = keys_of("recorder").sign_document("OrganizationProfile", PROFILE, chain_id=1)
    assert verified(committed, other).exit_code == 1


def test_a_ledger_that_is_not_there_ends_with_3(committed: Committed, tmp_path: Path) -> None:
    assert verified(Committed(tmp_path / "none", committed.document, 0), committed.document).exit_code == 3
