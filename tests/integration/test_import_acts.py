"""Do the contracts take the acts of an imported row, and hold the license to what the register says?"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from api.importing.acts import (
    Desk,
    PreparedRow,
    issue_license,
    party_record,
    prepare,
    record_license,
    record_party,
)
from api.importing.identity import IdentityKey
from api.importing.mapping import parse_mapping
from api.importing.rows import RegisterRow, read_register
from ledger.acts.manifests import Draw, RegisterShipment
from ledger.documents.credentials import verify
from ledger.errors import Refused
from ledger.ids import ZERO32, RecordId
from tests.scenario import TERMS, Trade, keys_of, salt_of

MAPPING = parse_mapping(Path("tests/data/sample_register.toml").read_bytes())
ROWS = {
    row.line: row
    for row in read_register(Path("tests/data/sample_register.csv").read_bytes(), MAPPING)
    if isinstance(row, RegisterRow)
}
SIXTY_PERCENT_DRAWN, WITHOUT_VALUE, WITH_VALUE = 3, 18, 9


class Office:
    """An authority that takes single rows onto the ledger of the story."""

    def __init__(self, trade: Trade) -> None:
        self.trade = trade
        trade.policies = {"individual": trade.adopt(replace(TERMS, value_tolerance=0))}
        trade.policies["temporary"] = trade.adopt(TERMS, kind=4)
        self.desk = Desk(
            deployment=trade.deployment,
            authority=trade.authority,
            recorder=keys_of("recorder"),
            issuer=keys_of("issuer"),
            mapping=MAPPING,
            key=IdentityKey(bytes(range(32))),
            clock=lambda: trade.time,
        )
        signed = record_party(self.desk)
        trade.send(signed.act, signed.signature)
        self.party = trade.organization_count()

    def prepared(self, line: int) -> PreparedRow:
        found = prepare(self.desk, ROWS[line])
        assert isinstance(found, PreparedRow)
        return found

    def take_over(self, line: int) -> RecordId:
        prepared = self.prepared(line)
        recorded = record_license(self.desk, prepared, party=self.party)
        assert self.trade.send(recorded.act, recorded.signature).record_head == recorded.head
        issued = issue_license(self.desk, prepared, assessed_head=recorded.head, policies=self.trade.policies)
        return self.trade.send(issued.act, issued.signature).record

    def ship(self, issued: bytes, share: int) -> RecordId:
        """The authority registers a shipment for the party that it recorded."""
        return self.trade.act(
            RegisterShipment,
            "recorder",
            self.party,
            license=issued,
            end_user=self.party,
            share=share,
            waybill=ZERO32,
            document=salt_of("manifest"),
            draws=(Draw(line=0, quantity=1),),
        ).record


@pytest.fixture
def office(trade: Trade) -> Iterator[Office]:
    return Office(trade)


def test_every_row_of_the_sample_is_recorded_and_issued(office: Office) -> None:
    assert [office.take_over(line) for line in ROWS] == [office.prepared(line).license for line in ROWS]


def test_the_registers_party_gets_the_record_that_needs_no_key(office: Office) -> None:
    record = party_record(office.trade.deployment, office.trade.authority, MAPPING.source)
    assert office.trade.entries[-1].record == record


def test_a_license_that_entered_sixty_percent_drawn_takes_forty_more(office: Office) -> None:
    assert office.ship(office.take_over(SIXTY_PERCENT_DRAWN), 400_000_000)


def test_a_license_that_entered_sixty_percent_drawn_refuses_forty_one_more(office: Office) -> None:
    issued = office.take_over(SIXTY_PERCENT_DRAWN)
    with pytest.raises(Refused) as refusal:
        office.ship(issued, 410_000_000)
    assert (refusal.value.name, refusal.value.values["remaining"]) == ("ValueExceeded", 400_000_000)


def test_nothing_can_be_drawn_on_a_license_whose_value_the_register_does_not_state(office: Office) -> None:
    issued = office.take_over(WITHOUT_VALUE)
    with pytest.raises(Refused, match="LineFull"):
        office.ship(issued, 0)


def test_a_row_is_not_recorded_twice(office: Office) -> None:
    office.take_over(WITH_VALUE)
    with pytest.raises(Refused, match="StaleParent"):
        office.take_over(WITH_VALUE)


def test_the_document_of_a_row_is_signed_by_its_recorder(office: Office) -> None:
    secured = verify(office.prepared(WITH_VALUE).document)
    assert (secured.kind, secured.issuer) == ("License", keys_of("recorder").address)
