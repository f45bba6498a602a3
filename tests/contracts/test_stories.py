"""Stories 1, 3 and 5 of the trade: the last box, Saturday night, a university without keys."""

import dataclasses
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from ledger.acts.applications import LicenseLine, Party
from ledger.acts.certificates import CertificateLine, RecordCertificate, VerifyCertificate
from ledger.acts.custody import DepartShipment
from ledger.acts.manifests import Draw, RegisterShipment
from ledger.ids import ZERO32
from tests.scenario import ADMIN, CARRIER, CUSTODY, DAY, DOCUMENT, END_USER, MISSION, NAR, TERMS, VERIFY

EUR = 10_000
"""Parts per billion of EUR 100,000."""


def stored(trade, shipment):
    return trade.view("Shipments", "shipmentOf", shipment).shipment


# 1 Last box inside tolerance


@pytest.fixture
def cameras(trade):
    """EUR 100,000 for 100 NAR, value tolerance 1000 bp; 90 NAR at EUR 95,000 have departed."""
    drawn_on = trade.license(100)
    shipment = trade.ship(drawn_on, 90, share=95_000 * EUR)
    trade.clear(shipment)
    trade.depart(shipment)
    return trade, drawn_on


def last_box(trade, drawn_on, quantity, euros):
    values = {"license": drawn_on, "end_user": trade.end_user, "waybill": ZERO32, "document": DOCUMENT}
    draws = (Draw(line=0, quantity=quantity),)
    return trade.refusal(RegisterShipment, "clerk", trade.exporter, share=euros * EUR, draws=draws, **values)


@pytest.mark.parametrize(("euros", "taken"), [(14_000, True), (15_000, True), (15_001, False)])
def test_story_1_the_last_box_passes_within_the_value_and_its_tolerance(cameras, euros, taken):
    trade, drawn_on = cameras
    answer = last_box(trade, drawn_on, 10, euros)
    values = {"license": drawn_on, "requested": 15_001 * EUR, "remaining": 15_000 * EUR}
    assert answer == (None if taken else ("ValueExceeded", values))


def test_story_1_a_full_line_takes_not_even_one_without_value(cameras):
    trade, drawn_on = cameras
    trade.ship(drawn_on, 10, share=14_000 * EUR)
    values = {"license": drawn_on, "line": 0, "granted": 100, "drawn": 100}
    assert last_box(trade, drawn_on, 1, 0) == ("LineFull", values)


def test_story_1_the_last_box_of_an_exhausted_license_still_reaches_its_end_user(cameras):
    trade, drawn_on = cameras
    shipment = trade.ship(drawn_on, 10, share=14_000 * EUR)
    trade.clear(shipment)
    trade.offer(shipment, "clerk", trade.exporter, trade.forwarder)
    trade.accept_goods(shipment, "forwarder clerk", trade.forwarder, 10)
    trade.depart(shipment, "forwarder clerk", trade.forwarder)
    trade.offer(shipment, "forwarder clerk", trade.forwarder, trade.carrier)
    trade.accept_goods(shipment, "driver", trade.carrier, 10)
    trade.offer(shipment, "driver", trade.carrier, trade.end_user)
    trade.accept_goods(shipment, "storekeeper", trade.end_user, 10)
    trade.confirm_delivery(shipment, 10)
    found = stored(trade, shipment)
    assert (found.status, found.holder, found.grade, found.irregular) == (4, trade.end_user, 3, 0)


# 3 Saturday night


def amsterdam(day, hour, minute):
    """UTC seconds of a time of that week in January 2027; Saturday is the 16th."""
    return int(datetime(2027, 1, day, hour, minute, tzinfo=ZoneInfo("Europe/Amsterdam")).timestamp())


SATURDAY, MONDAY, WEDNESDAY = 16, 18, 20
END = amsterdam(MONDAY, 0, 0)
"""The first instant after Sunday, the last day."""
ENTERED = amsterdam(MONDAY, 8, 15)


@pytest.fixture
def valves(trade):
    """40 NAR, cleared on Saturday noon; it is Monday, 08:15."""
    trade.time = amsterdam(SATURDAY, 12, 0)
    certificate = trade.certificate(40)
    trade.assess(application := trade.apply(40, certificate=certificate))
    shipment = trade.ship(trade.issue(application, valid_until=END), 40)
    trade.clear(shipment)
    trade.time = ENTERED
    return trade, shipment


def handed_to_the_airline(trade, shipment):
    handed = {"occurred_at": amsterdam(SATURDAY, 23, 40)}
    trade.offer(shipment, "clerk", trade.exporter, trade.carrier, **handed)
    return trade.accept_goods(shipment, "driver", trade.carrier, 40, **handed)


def test_story_3_saturdays_handoff_and_departure_are_entered_on_monday(valves):
    trade, shipment = valves
    accepted = handed_to_the_airline(trade, shipment)
    departed = trade.depart(shipment, "driver", trade.carrier, occurred_at=amsterdam(SATURDAY, 23, 55))
    late = [(entry.time - entry.decoded().occurred_at) // 60 for entry in (accepted, departed)]
    assert late == [32 * 60 + 35, 32 * 60 + 20]


def test_story_3_delivery_on_wednesday_is_fine(valves):
    trade, shipment = valves
    handed_to_the_airline(trade, shipment)
    trade.depart(shipment, "driver", trade.carrier, occurred_at=amsterdam(SATURDAY, 23, 55))
    trade.time = amsterdam(WEDNESDAY, 10, 0)
    trade.offer(shipment, "driver", trade.carrier, trade.end_user)
    trade.accept_goods(shipment, "storekeeper", trade.end_user, 40)
    trade.confirm_delivery(shipment, 40)
    assert (stored(trade, shipment).status, stored(trade, shipment).irregular) == (4, 0)


def test_story_3_a_departure_after_the_last_day_is_refused(valves):
    trade, shipment = valves
    handed_to_the_airline(trade, shipment)
    moment = amsterdam(MONDAY, 0, 5)
    values = {"occurred_at": moment, "document": ZERO32}
    answer = trade.refusal(DepartShipment, "driver", trade.carrier, record=shipment, **values)
    expired = trade.view("Licenses", "recordOf", 1)
    assert answer == ("LicenseExpired", {"license": expired, "validUntil": END, "moment": moment})


def test_story_3_the_same_departure_is_reported_and_irregular(valves):
    trade, shipment = valves
    handed_to_the_airline(trade, shipment)
    moment = amsterdam(MONDAY, 0, 5)
    trade.report_movement(shipment, "driver", trade.carrier, 40, movement=2, occurred_at=moment)
    assert (stored(trade, shipment).status, stored(trade, shipment).irregular) == (3, 1)


# 5 A university without keys, an airline that never joins


@pytest.fixture
def spectrometer(trade):
    """1 NAR for a university in Ghana under a paper certificate; no clearance is asked."""
    trade.adopt(dataclasses.replace(TERMS, clearance_required=False))
    university = trade.record_party("university", END_USER)
    airline = trade.record_party("airline", CARRIER)
    embassy = trade.register("embassy", MISSION, {"ambassador": ADMIN, "attache": VERIFY})
    window = {"valid_from": trade.time, "valid_until": trade.time + 200 * DAY, "document": DOCUMENT}
    paper = trade.act(
        RecordCertificate,
        "clerk",
        trade.exporter,
        exporter=trade.exporter,
        end_user=university,
        authority=trade.authority,
        supersedes=ZERO32,
        lines=(CertificateLine(unit=NAR, decimals=0, quantity=1),),
        **window,
    ).record
    line = LicenseLine(unit=NAR, decimals=0, granted=1, drawn=0, unlimited=False, certificate=paper, certificate_line=0)
    application = trade.apply(1, parties=(Party(organization=university, role=6),), lines=(line,))
    trade.assess(application)
    shipment = trade.ship(trade.issue(application), 1, end_user=university)
    return trade, shipment, paper, {"university": university, "airline": airline, "embassy": embassy}


def verified(trade, paper, embassy):
    return trade.act(VerifyCertificate, "attache", embassy, record=paper, method=2, document=DOCUMENT)


def travelled(trade, shipment, names):
    """The airline hop and the proof of delivery, both reported by the exporter."""
    trade.report_movement(shipment, "clerk", trade.exporter, 1, to=names["airline"])
    hop = stored(trade, shipment)
    return hop, trade.report_delivery(shipment, "clerk", trade.exporter, 1)


def test_story_5_a_paper_certificate_does_not_let_the_goods_depart(spectrometer):
    trade, shipment, _, _ = spectrometer
    values = {"occurred_at": trade.time, "document": ZERO32}
    answer = trade.refusal(DepartShipment, "clerk", trade.exporter, record=shipment, **values)
    assert answer == ("CertificateGradeTooLow", {"shipment": shipment, "grade": 1, "required": 2})


def test_story_5_the_embassys_check_lets_them_depart(spectrometer):
    trade, shipment, paper, names = spectrometer
    verified(trade, paper, names["embassy"])
    trade.depart(shipment)
    assert stored(trade, shipment).status == 3


def test_story_5_what_the_exporter_reports_alone_is_graded_b_and_regular(spectrometer):
    trade, shipment, paper, names = spectrometer
    verified(trade, paper, names["embassy"])
    trade.depart(shipment)
    hop, _ = travelled(trade, shipment, names)
    found = stored(trade, shipment)
    assert (hop.holder, hop.grade) == (names["airline"], 1)
    assert (found.status, found.holder, found.grade, found.irregular) == (4, names["university"], 1, 0)


def test_story_5_in_june_the_dean_gets_a_key_and_the_delivery_becomes_a(spectrometer):
    trade, shipment, paper, names = spectrometer
    verified(trade, paper, names["embassy"])
    trade.depart(shipment)
    _, report = travelled(trade, shipment, names)
    trade.advance(150 * DAY)
    trade.appoint("registrar", names["university"], "professor", ADMIN | CUSTODY)
    confirmed = trade.confirm_report(shipment, "professor", names["university"], report)
    grades = stored(trade, shipment).flags >> 6 & 3
    history = [entry.kind for entry in trade.entries if entry.record == shipment]
    assert (grades, confirmed.version) == (3, 5)
    assert history == [80, 85, 110, 111, 112]
