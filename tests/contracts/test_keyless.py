"""Parties without keys: what their sponsor may sign for them, and what stays theirs alone."""

import dataclasses

import pytest

from ledger.acts.applications import ApplyForLicense, Party, RecordLicense
from ledger.acts.certificates import RecordCertificate
from ledger.acts.custody import AcceptHandoff, DepartShipment, OfferHandoff
from ledger.acts.manifests import CancelShipment, Draw, RegisterShipment
from ledger.acts.organizations import AppointAgent
from ledger.acts.reports import ConfirmDelivery, ConfirmReport, ReportDelivery, ReportMovement
from ledger.ids import ZERO32
from tests.contracts.examples import CERTIFIED, HOUR, LINE, YEAR
from tests.scenario import (
    ADMIN,
    CARRIER,
    CUSTODY,
    DOCUMENT,
    END_USER,
    EXPORTER,
    SHIP,
    TERMS,
    Trade,
    keys_of,
)


class Keyless(Trade):
    """A trade in which an exporter (8), a university (9) and an airline (10) have no keys."""

    smith, university, airline = 8, 9, 10

    def __post_init__(self):
        super().__post_init__()
        self.adopt(dataclasses.replace(TERMS, certificate_grade=0))
        self.record_party("smith", EXPORTER)
        self.record_party("university", END_USER)
        self.record_party("airline", CARRIER)
        values = {"kind": 1, "valid_from": self.time, "valid_until": self.time + YEAR, "document": DOCUMENT}
        application = self.act(
            RecordLicense,
            "recorder",
            1,
            **values,
            exporter=self.smith,
            control=1,
            drawn_share=0,
            parties=(Party(organization=self.university, role=6),),
            lines=(LINE,),
        )
        self.licensed = self.issue(application.record)
        self.advance(HOUR)

    def shipped(self):
        values = {"license": self.licensed, "end_user": self.university, "share": 0, "waybill": ZERO32}
        draws = (Draw(line=0, quantity=4),)
        return self.act(RegisterShipment, "recorder", self.smith, document=DOCUMENT, draws=draws, **values).record

    def stored(self, shipment):
        return self.view("Shipments", "shipmentOf", shipment).shipment


@pytest.fixture(scope="module")
def settled_keyless(tmp_path_factory):
    trade = Keyless(tmp_path_factory.mktemp("keyless"))
    yield trade
    trade.close()


@pytest.fixture
def keyless(settled_keyless):
    mark = settled_keyless.snapshot()
    yield settled_keyless
    settled_keyless.revert(mark)


def test_the_sponsor_records_a_certificate_for_an_exporter_without_keys(keyless):
    parties = {"exporter": keyless.smith, "end_user": keyless.university, "authority": 1, "supersedes": ZERO32}
    window = {"valid_from": keyless.time, "valid_until": keyless.time + 9, "document": DOCUMENT}
    answer = keyless.refusal(RecordCertificate, "recorder", keyless.smith, lines=(CERTIFIED,), **parties, **window)
    assert answer is None


def test_the_sponsor_answers_for_a_shipment_that_it_registers(keyless):
    found = keyless.stored(keyless.shipped())
    assert (found.exporter, found.holder, found.responsible) == (keyless.smith, keyless.smith, 1)


def test_the_sponsor_cancels_for_an_exporter_without_keys(keyless):
    shipment = keyless.shipped()
    assert keyless.refusal(CancelShipment, "recorder", keyless.smith, record=shipment) is None


def test_a_departure_that_the_sponsor_signs_is_graded_b(keyless):
    shipment = keyless.shipped()
    values = {"occurred_at": keyless.time, "document": ZERO32}
    keyless.clear(shipment)
    keyless.act(DepartShipment, "recorder", keyless.smith, record=shipment, **values)
    found = keyless.stored(shipment)
    assert (found.status, found.flags >> 4 & 3, found.responsible) == (3, 1, 1)


@pytest.mark.parametrize("act", [ReportMovement, ReportDelivery])
def test_the_sponsor_reports_for_a_holder_without_keys_and_that_is_not_unilateral(keyless, act):
    shipment = keyless.shipped()
    values = {"occurred_at": keyless.time, "document": DOCUMENT, "counted": (4,)}
    if act is ReportMovement:
        values |= {"movement": 1, "to": keyless.airline}
    keyless.act(act, "recorder", keyless.smith, record=shipment, **values)
    found = keyless.stored(shipment)
    assert (found.responsible, found.grade, found.irregular & 1 << 7) == (1, 1, 0)


def test_an_office_that_answers_for_the_goods_reports_as_their_responsible_and_needs_custody(keyless):
    """It is the license's authority as well; the first relation that fits names the power."""
    shipment = keyless.shipped()
    values = {"occurred_at": keyless.time, "document": DOCUMENT, "counted": (4,)}
    answers = [
        keyless.refusal(ReportDelivery, person, keyless.authority, record=shipment, **values)
        for person in ("recorder", "inspector")
    ]
    assert [answer and answer[0] for answer in answers] == ["PowerMissing", None]


def test_the_sponsor_hands_on_what_it_answers_for(keyless):
    """Responsible, not represented: it signs as itself."""
    shipment = keyless.shipped()
    values = {"occurred_at": keyless.time, "to": keyless.forwarder, "seal": ZERO32}
    keyless.act(OfferHandoff, "inspector", 1, record=shipment, **values)
    keyless.accept_goods(shipment, "forwarder clerk", keyless.forwarder, 4)
    found = keyless.stored(shipment)
    assert (found.holder, found.grade) == (keyless.forwarder, 1)


NEVER = {
    ApplyForLicense: lambda t, _: {
        "kind": 1,
        "authority": 1,
        "continues": ZERO32,
        "valid_from": t.time,
        "valid_until": t.time + 9,
        "document": DOCUMENT,
        "parties": (Party(organization=t.university, role=6),),
        "lines": (LINE,),
    },
    OfferHandoff: lambda t, s: {"record": s, "occurred_at": t.time, "to": t.forwarder, "seal": ZERO32},
}


@pytest.mark.parametrize("act", NEVER, ids=lambda act: act.__name__)
def test_the_sponsor_signs_nothing_else_for_an_exporter_without_keys(keyless, act):
    shipment = keyless.shipped()
    answer = keyless.refusal(act, "recorder", keyless.smith, **NEVER[act](keyless, shipment))
    assert answer == ("NotAnAgent", {"signer": keys_of("recorder").address, "organization": keyless.smith})


def test_the_sponsor_accepts_nothing_for_an_airline_without_keys(keyless):
    shipment = keyless.shipped()
    keyless.act(
        OfferHandoff, "inspector", 1, record=shipment, occurred_at=keyless.time, to=keyless.airline, seal=ZERO32
    )
    values = {"occurred_at": keyless.time, "seal": ZERO32, "seal_state": 0, "reservation": False}
    answer = keyless.refusal(
        AcceptHandoff, "recorder", keyless.airline, record=shipment, counted=(4,), document=ZERO32, **values
    )
    assert answer == ("NotAnAgent", {"signer": keys_of("recorder").address, "organization": keyless.airline})


def test_the_sponsor_confirms_neither_report_nor_delivery_for_a_party_without_keys(keyless):
    shipment = keyless.shipped()
    values = {"occurred_at": keyless.time, "document": DOCUMENT, "counted": (4,)}
    moved = {"movement": 1, "to": keyless.university}
    report = keyless.act(ReportMovement, "recorder", keyless.smith, record=shipment, **values, **moved)
    head = {"report_head": report.record_head}
    answers = [
        keyless.refusal(ConfirmReport, "recorder", keyless.university, record=shipment, **head),
        keyless.refusal(ConfirmDelivery, "recorder", keyless.university, record=shipment, **values),
    ]
    refused = ("NotAnAgent", {"signer": keys_of("recorder").address, "organization": keyless.university})
    assert answers == [refused, refused]


def test_only_an_agent_with_record_represents(keyless):
    shipment = keyless.shipped()
    answer = keyless.refusal(CancelShipment, "issuer", keyless.smith, record=shipment)
    assert (answer[0], answer[1]["required"]) == ("PowerMissing", 1 << 2)


def test_with_its_first_agent_the_exporter_stands_on_its_own(keyless):
    shipment = keyless.shipped()
    keyless.appoint("registrar", keyless.smith, "old smith", ADMIN | SHIP)
    by_sponsor = keyless.refusal(CancelShipment, "recorder", keyless.smith, record=shipment)
    by_itself = keyless.refusal(CancelShipment, "old smith", keyless.smith, record=shipment)
    refused = ("NotAnAgent", {"signer": keys_of("recorder").address, "organization": keyless.smith})
    assert (by_sponsor, by_itself) == (refused, None)


def test_an_appointment_that_nobody_accepted_changes_nothing(keyless):
    shipment = keyless.shipped()
    keyless.act(AppointAgent, "registrar", keyless.smith, account=keys_of("old smith").address, powers=ADMIN)
    assert keyless.refusal(CancelShipment, "recorder", keyless.smith, record=shipment) is None


def test_a_later_key_confirms_what_was_reported_before_it_existed(keyless):
    """The airline gets keys, and its hop rises from B to A."""
    shipment = keyless.shipped()
    values = {"occurred_at": keyless.time, "document": DOCUMENT, "counted": (4,)}
    moved = {"movement": 1, "to": keyless.airline}
    report = keyless.act(ReportMovement, "recorder", keyless.smith, record=shipment, **values, **moved)
    keyless.appoint("registrar", keyless.airline, "pilot", ADMIN | CUSTODY)
    before = keyless.stored(shipment).grade
    keyless.confirm_report(shipment, "pilot", keyless.airline, report)
    after = keyless.stored(shipment)
    assert (before, after.grade, after.responsible) == (1, 3, keyless.airline)
