"""Does every row of a register end on the ledger or among the rejects, once, however often the import runs?"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.importing.acts import SignedAct
from api.importing.command import run_import
from api.importing.posting import Service
from ledger import sharing
from ledger.client import Client
from ledger.documents.credentials import Document, verify
from ledger.errors import InvalidField, Refused, Unavailable
from ledger.ids import Commitment
from tests.api.office import Office
from tests.integration.import_parts import CHEAP, PASSPHRASE, SAMPLE, Desk, found, length, served, settle
from tests.scenario import keys_of

ROWS, TAKEN, REJECTED = 26, 15, 11
HEADER, FIRST, *_ = SAMPLE.split(b"\n")


class Place:
    """A served ledger, and a new desk for each test."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url
        self.office: Office = settle(url, folder / "ledger")
        self._desks = 0

    def desk(self) -> Desk:
        self._desks += 1
        return Desk(self.folder / f"desk-{self._desks}", self.url, f"sample-{self._desks}")

    def length(self) -> int:
        return length(self.office)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("import")
    found(folder / "ledger")
    with served(folder / "ledger") as url:
        yield Place(folder, url)


@pytest.fixture(scope="module")
def imported(place: Place) -> tuple[Desk, Any]:
    """A desk whose sample was imported once, and its summary. No test may import anything new at it."""
    desk = place.desk()
    return desk, desk.run()


def register(*lines: bytes) -> bytes:
    return b"\n".join([HEADER, *lines]) + b"\n"


def test_rows_on_the_ledger_and_rejects_add_up_to_the_register(imported: Any) -> None:
    _, summary = imported
    rejected = sum(summary.counts.rejected.values())
    assert (summary.counts.rows, summary.entered, rejected) == (ROWS, TAKEN, REJECTED)


def test_each_reject_stands_in_the_file_with_line_field_value_and_reason(imported: Any) -> None:
    desk, _ = imported
    rows = list(csv.DictReader(desk.rejects()))
    assert len(rows) == REJECTED
    assert rows[-1] == {
        "line": "29",
        "field": "value",
        "value": "3",
        "reason": "whole units, or thousands whose zeros were lost",
    }


def test_each_accepted_row_is_one_license_of_the_registers_party(place: Place, imported: Any) -> None:
    party = place.office.client.get("/v1/organizations", params={"role": "end-user", "limit": 200}).json()["items"][-1]
    answer = place.office.client.get("/v1/licenses", params={"exporter": party["number"], "limit": 200}).json()
    assert len(answer["items"]) == TAKEN


def test_running_again_finds_every_row_there(imported: Any) -> None:
    desk, _ = imported
    again = desk.run()
    assert (again.entered, again.completed, again.already) == (0, 0, TAKEN)


def test_running_again_adds_nothing_to_the_journal(place: Place, imported: Any) -> None:
    desk, _ = imported
    before = place.length()
    desk.run()
    assert place.length() == before


def test_running_again_writes_the_same_rejects(imported: Any) -> None:
    desk, _ = imported
    before = desk.rejects()
    desk.run()
    assert desk.rejects() == before


def test_a_changed_row_is_a_reject_and_no_second_license(place: Place) -> None:
    desk = place.desk()
    desk.run(register(FIRST))
    before = place.length()
    desk.run(register(FIRST.replace(b"25,740", b"30,000")))
    assert desk.rejects()[1] == '2,row,SR-2026-001,"changed, or read otherwise, since it was recorded"'
    assert place.length() == before


def test_after_a_changed_row_no_further_row_of_its_number_is_recorded(place: Place) -> None:
    desk = place.desk()
    desk.run(register(FIRST))
    inserted = FIRST.replace(b"25,740", b"30,000")
    assert desk.run(register(inserted, FIRST)).entered == 0
    assert [line.split(",")[0] for line in desk.rejects()[1:]] == ["2", "3"]


def test_a_row_added_later_is_recorded_by_the_next_run(place: Place) -> None:
    desk = place.desk()
    desk.run(register(FIRST))
    second = FIRST.replace(b"SR-2026-001", b"SR-2026-002")
    summary = desk.run(register(FIRST, second))
    assert (summary.already, summary.entered) == (1, 1)


def test_a_row_that_was_recorded_but_not_issued_is_completed(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = place.desk()
    whole = Service.post

    def first_acts_only(self: Service, acts: list[SignedAct]) -> list[Refused | None]:
        whole(self, [one for one in acts if type(one.act).__name__ != "IssueLicense"])
        raise ConnectionError

    with monkeypatch.context() as interrupted:
        interrupted.setattr(Service, "post", first_acts_only)
        for _ in range(2):  # the party, then the row
            with pytest.raises(ConnectionError):
                desk.run(register(FIRST))
    summary = desk.run(register(FIRST))
    assert (summary.entered, summary.completed, summary.already) == (0, 1, 0)


def test_rows_that_arrived_while_nobody_looked_are_not_entered_twice(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = place.desk()
    desk.run(register(FIRST))
    monkeypatch.setattr(Service, "applications", lambda *_: iter(()))
    summary = desk.run(register(FIRST))
    assert (summary.entered, summary.already) == (0, 1)


def test_a_lost_identity_key_is_refused(place: Place) -> None:
    desk = place.desk()
    desk.run(register(FIRST))
    desk.files.identity_key.unlink()
    with pytest.raises(InvalidField, match="would be made again"):
        desk.run(register(FIRST))
    assert not desk.files.identity_key.exists()


def test_another_identity_key_is_refused(place: Place, imported: Any) -> None:
    desk = place.desk()
    desk.run(register(FIRST))
    desk.files.identity_key.write_bytes(imported[0].files.identity_key.read_bytes())
    with pytest.raises(InvalidField, match="first import"):
        desk.run(register(FIRST))


def test_a_kind_without_a_policy_is_refused_by_name(place: Place) -> None:
    desk = place.desk()
    text = desk.files.mapping.read_text("utf-8")
    desk.files.mapping.write_text(text.replace('P = "individual"', 'P = "transit"'), "utf-8")
    with pytest.raises(InvalidField, match="transit"):
        desk.run(register(FIRST))


def test_a_key_of_nobodys_agent_is_refused(place: Place) -> None:
    desk = place.desk()
    desk.files.recorder.unlink()
    keys_of("stranger").save(desk.files.recorder, PASSPHRASE, scrypt_n=CHEAP)
    with pytest.raises(InvalidField, match="an authority's agent"):
        desk.run(register(FIRST))


def test_a_refusal_that_is_not_about_one_row_ends_the_run_with_its_name(place: Place) -> None:
    desk = place.desk()
    desk.files.issuer.write_bytes(desk.files.recorder.read_bytes())
    with pytest.raises(Refused, match="PowerMissing"):
        desk.run(register(FIRST))


def test_a_service_that_does_not_answer_is_unavailable(place: Place) -> None:
    desk = place.desk()
    desk.files.register.write_bytes(SAMPLE)
    with pytest.raises(Unavailable):
        run_import(desk.files, "http://127.0.0.1:1")


def opened(place: Place, commitment: str) -> Document:
    """A document as the issuer, who did not put it, opens it."""
    with Client(place.url) as client:
        client.sign_in(keys_of("issuer"))
        return sharing.Desk(client, keys_of("issuer")).get(Commitment(bytes.fromhex(commitment[2:])))


def test_the_documents_of_the_rows_are_sealed_to_the_authoritys_agents(place: Place, imported: Any) -> None:
    applications = place.office.client.get("/v1/applications", params={"limit": 1}).json()["items"]
    assert verify(opened(place, applications[0]["document"])).complete


def test_the_profile_of_the_registers_party_is_sealed_to_the_authoritys_agents(place: Place, imported: Any) -> None:
    parties = place.office.client.get("/v1/organizations", params={"role": "exporter"}).json()["items"]
    assert opened(place, parties[-1]["profile"]).disclosures
