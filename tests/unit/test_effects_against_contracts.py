"""Do the effects say of every record, after every act, exactly what the contracts say?

A story is told on a real chain; then its entries are applied one by one, and after each the records that it stepped
or noted are compared with the contracts' views at that entry's block.
"""

from dataclasses import replace

import pytest

from ledger.acts.applications import LicenseLine, Party, RecordLicense, RefuseApplication
from ledger.acts.certificates import CertificateLine, RecordCertificate, RevokeCertificate, VerifyCertificate
from ledger.acts.custody import RefuseHandoff, WithdrawOffer
from ledger.acts.manifests import CancelShipment, Draw, RegisterShipment
from ledger.acts.orders import HoldShipment, ReinstateLicense, ResumeShipment, SuspendLicense
from ledger.acts.organizations import AppointAgent, ConfirmAppointment, DismissAgent
from ledger.acts.reports import AddStatement, ConfirmReport, ReportDelivery, ReportMovement
from ledger.ids import ZERO32
from ledger.records.codes import Irregular
from ledger.records.effects import MemoryBook, apply, apply_notes, found
from tests.scenario import (
    ADMIN,
    DAY,
    DOCUMENT,
    END_USER,
    EXPORTER,
    NAR,
    SHIP,
    TERMS,
    keys_of,
)
from tests.unit.contract_views import same_as_contracts


def test_the_founding_and_a_world_of_organizations(trade):
    book = same_as_contracts(trade, told=0)
    assert len([record for record in book.records() if type(record).__name__ == "Organization"]) == 7


def test_a_whole_export_under_control_of_everybody(trade):
    shipment = trade.ship(trade.license(10, 5), 10, 4, share=500_000_000)
    trade.clear(shipment)
    trade.offer(shipment, "clerk", trade.exporter, trade.forwarder)
    trade.accept_goods(shipment, "forwarder clerk", trade.forwarder, 10, 4)
    trade.depart(shipment, "forwarder clerk", trade.forwarder)
    trade.offer(shipment, "forwarder clerk", trade.forwarder, trade.end_user)
    trade.accept_goods(shipment, "storekeeper", trade.end_user, 9, 4)
    trade.confirm_delivery(shipment, 9, 4)
    same_as_contracts(trade)


def test_offers_withdrawn_and_refused_holds_and_a_cancelled_draw(trade):
    license = trade.license(10, 5)
    shipment = trade.ship(license, 0, 5)
    trade.offer(shipment, "clerk", trade.exporter, trade.forwarder)
    trade.act(WithdrawOffer, "clerk", trade.exporter, record=shipment)
    trade.offer(shipment, "clerk", trade.exporter, trade.carrier)
    trade.act(RefuseHandoff, "driver", trade.carrier, record=shipment, reason=2)
    trade.act(HoldShipment, "customs officer", trade.customs, record=shipment, reason=1)
    trade.act(HoldShipment, "inspector", trade.authority, record=shipment, reason=1)
    trade.act(ResumeShipment, "inspector", trade.authority, record=shipment, hold_of=trade.customs)
    trade.act(ResumeShipment, "inspector", trade.authority, record=shipment, hold_of=trade.authority)
    trade.act(CancelShipment, "clerk", trade.exporter, record=shipment)
    trade.ship(license, 3, 2, share=10)
    same_as_contracts(trade)


def test_agents_that_come_and_go(trade):
    head_hunted = "third admin"
    trade.act(AppointAgent, "admin", 1, account=keys_of(head_hunted).address, powers=ADMIN)
    trade.accept(head_hunted, 1)
    trade.act(ConfirmAppointment, "second admin", 1, record=trade.agent(1, head_hunted))
    since = trade.time - 5
    record = trade.agent(1, "second admin")
    trade.act(DismissAgent, head_hunted, 1, record=record, reason=1, compromised_since=since)
    trade.act(AppointAgent, "export admin", trade.exporter, account=keys_of("temp").address, powers=SHIP)
    trade.act(
        DismissAgent, "export admin", trade.exporter, record=trade.agent(2, "temp"), reason=1, compromised_since=0
    )
    trade.record_party("a shop", EXPORTER | END_USER)
    same_as_contracts(trade)


def test_paper_certificates_suspensions_and_refused_applications(trade):
    paper = record_certificate(trade, 20)
    trade.act(VerifyCertificate, "recorder", trade.authority, record=paper, method=1, document=DOCUMENT)
    application = trade.apply(12, certificate=paper)
    trade.assess(application)
    license = trade.issue(application)
    trade.act(SuspendLicense, "enforcer", trade.authority, record=license, reason=1)
    trade.act(SuspendLicense, "second enforcer", trade.authority, record=license, reason=1)
    trade.act(ReinstateLicense, "enforcer", trade.authority, record=license, reason=1)
    trade.act(RevokeCertificate, "official", trade.end_user, record=paper, reason=1)
    refused = trade.apply(1)
    trade.assess(refused)
    trade.act(RefuseApplication, "issuer", trade.authority, record=refused, document=DOCUMENT)
    same_as_contracts(trade)


def test_a_license_recorded_for_an_exporter_without_keys(trade):
    shop = trade.record_party("a shop", EXPORTER)
    license = trade.issue(recorded(trade, shop))
    shipment = ship_as_sponsor(trade, license, shop)
    report_movement(trade, shipment, "recorder", shop, 6_000, movement=2)
    trade.adopt(TERMS)
    same_as_contracts(trade)


def test_reports_confirmed_by_the_other_side(trade):
    shipment = trade.ship(trade.license(10), 10)
    report_movement(trade, shipment, "clerk", trade.exporter, 10, to=trade.forwarder)
    trade.act(ConfirmReport, "forwarder clerk", trade.forwarder, record=shipment, report_head=trade.heads[shipment])
    trade.clear(shipment)
    trade.depart(shipment, "forwarder clerk", trade.forwarder)
    report_delivery(trade, shipment, "forwarder clerk", trade.forwarder, 9)
    trade.act(ConfirmReport, "storekeeper", trade.end_user, record=shipment, report_head=trade.heads[shipment])
    same_as_contracts(trade)


def test_a_statement_counts_as_a_note_and_moves_nothing(trade):
    shipment = trade.ship(trade.license(10), 10)
    trade.act(AddStatement, "clerk", trade.exporter, record=shipment, subject=ZERO32, kind=1, document=DOCUMENT)
    trade.act(AddStatement, "assessor", trade.authority, record=shipment, subject=ZERO32, kind=2, document=DOCUMENT)
    same_as_contracts(trade)


def test_an_offer_by_the_responsible_is_accepted_with_grade_b(trade):
    shipment = trade.ship(trade.license(10), 10)
    report_movement(trade, shipment, "clerk", trade.exporter, 10, to=trade.forwarder)
    trade.offer(shipment, "clerk", trade.exporter, trade.carrier)
    trade.accept_goods(shipment, "driver", trade.carrier, 10)
    same_as_contracts(trade)


def test_draws_of_shipments_that_a_book_does_not_hold_count_on_the_license(trade):
    license = trade.license(10)
    trade.act(CancelShipment, "clerk", trade.exporter, record=trade.ship(license, 3))
    trade.ship(license, 4)
    book = MemoryBook()
    found(trade.deployment, book)
    for entry in trade.entries:
        (apply_notes if entry.kind >= RegisterShipment.KIND else apply)(entry, book)
    assert book.get(license).lines[0].drawn == 4


def departs(trade, shipment, **fields):
    report_movement(trade, shipment, "clerk", trade.exporter, 10, movement=2, **fields)


def hands_over(trade, shipment, **fields):
    report_movement(trade, shipment, "clerk", trade.exporter, 10, **({"to": trade.forwarder} | fields))


def report_movement(trade, shipment, person, organization, *counted, **fields):
    values = {"occurred_at": trade.time, "movement": 1, "to": 0, "document": DOCUMENT, "counted": counted}
    trade.act(ReportMovement, person, organization, record=shipment, **(values | fields))


def report_delivery(trade, shipment, person, organization, *counted):
    values = {"occurred_at": trade.time, "document": DOCUMENT, "counted": counted}
    trade.act(ReportDelivery, person, organization, record=shipment, **values)


def trade_confirms(trade, shipment):
    trade.act(ConfirmReport, "storekeeper", trade.end_user, record=shipment, report_head=trade.heads[shipment])


def suspend(trade, shipment):
    (entry,) = (e for e in trade.entries if e.record == shipment)
    trade.act(SuspendLicense, "enforcer", trade.authority, record=entry.decoded().license, reason=1)


def revoke(trade, shipment):
    certificate = next(e.record for e in reversed(trade.entries) if e.kind == 40)
    trade.act(RevokeCertificate, "official", trade.end_user, record=certificate, reason=1)


def record_certificate(trade, quantity):
    values = {
        "exporter": trade.exporter,
        "end_user": trade.end_user,
        "authority": trade.authority,
        "valid_from": trade.time - DAY,
        "valid_until": trade.time + 365 * DAY,
        "supersedes": ZERO32,
        "document": DOCUMENT,
        "lines": (CertificateLine(unit=NAR, decimals=0, quantity=quantity),),
    }
    return trade.act(RecordCertificate, "clerk", trade.exporter, **values).record


def recorded(trade, exporter):
    line = LicenseLine(
        unit=b"KGM", decimals=3, granted=9_000, drawn=4_000, unlimited=False, certificate=ZERO32, certificate_line=0
    )
    values = {
        "kind": 1,
        "exporter": exporter,
        "control": 2,
        "drawn_share": 400_000_000,
        "valid_from": trade.time - 400 * DAY,
        "valid_until": trade.time + DAY,
        "document": DOCUMENT,
        "parties": (Party(organization=trade.end_user, role=6),),
        "lines": (line,),
    }
    return trade.act(RecordLicense, "recorder", trade.authority, **values).record


def ship_as_sponsor(trade, license, exporter):
    values = {
        "license": license,
        "end_user": trade.end_user,
        "share": 100_000_000,
        "waybill": ZERO32,
        "document": DOCUMENT,
        "draws": (Draw(line=0, quantity=6_000),),
    }
    return trade.act(RegisterShipment, "recorder", exporter, **values).record


REPORTED = {
    "departure of a shipment nobody cleared": (Irregular.CLEARANCE, {}, departs),
    "departure before the license": (
        Irregular.NOT_IN_FORCE | Irregular.CLEARANCE,
        {},
        lambda t, s: departs(t, s, occurred_at=t.time - 3600),
    ),
    "departure while held": (
        Irregular.STOPPED | Irregular.CLEARANCE,
        {},
        lambda t, s: (t.act(HoldShipment, "inspector", 1, record=s, reason=1), departs(t, s)),
    ),
    "departure under a license without certificate": (
        Irregular.CERTIFICATE | Irregular.CLEARANCE,
        {"certified": False},
        departs,
    ),
    "handoff three days and an hour late": (
        Irregular.LATE,
        {},
        lambda t, s: (t.advance(73 * 3600), hands_over(t, s, occurred_at=t.time - 73 * 3600)),
    ),
    "handoff to nobody who may receive": (
        Irregular.RECEIVER,
        {},
        lambda t, s: hands_over(t, s, to=t.record_party("a shop", EXPORTER)),
    ),
    "handoff while the license is suspended": (
        Irregular.STOPPED,
        {},
        lambda t, s: (suspend(t, s), hands_over(t, s)),
    ),
    "handoff toward customs while the license is suspended": (
        Irregular(0),
        {},
        lambda t, s: (suspend(t, s), hands_over(t, s, to=t.customs)),
    ),
    "handoff told by the end-user": (
        Irregular.UNILATERAL,
        {},
        lambda t, s: report_movement(t, s, "storekeeper", t.end_user, 10, to=t.carrier),
    ),
    "handoff told by the authority": (
        Irregular.UNILATERAL,
        {},
        lambda t, s: report_movement(t, s, "recorder", t.authority, 10, to=t.carrier),
    ),
    "delivery of what never departed": (
        Irregular.NOT_DEPARTED,
        {},
        lambda t, s: report_delivery(t, s, "clerk", t.exporter, 10),
    ),
    "delivery under a revoked certificate": (
        Irregular.NOT_DEPARTED | Irregular.CERTIFICATE,
        {},
        lambda t, s: (revoke(t, s), report_delivery(t, s, "clerk", t.exporter, 10)),
    ),
    "second delivery": (
        Irregular.NOT_DEPARTED | Irregular.TERMINAL,
        {},
        lambda t, s: (
            report_delivery(t, s, "clerk", t.exporter, 10),
            trade_confirms(t, s),
            report_delivery(t, s, "clerk", t.exporter, 0),
        ),
    ),
}


@pytest.mark.parametrize("story", REPORTED)
def test_a_report_sets_the_bits_of_the_rules_it_breaks(trade, story):
    bits, fields, happens = REPORTED[story]
    shipment = trade.ship(trade.license(10, **fields), 10)
    happens(trade, shipment)
    assert same_as_contracts(trade).get(shipment).irregular == bits


def test_a_report_of_grade_b_below_the_lowest_custody_grade_sets_its_bit(trade):
    trade.adopt(replace(TERMS, lowest_custody_grade=3))
    shipment = trade.ship(trade.license(10), 10)
    hands_over(trade, shipment)
    assert same_as_contracts(trade).get(shipment).irregular == Irregular.GRADE


def test_a_book_remembers_every_state_of_a_record(trade):
    shipment = trade.ship(trade.license(10), 10)
    cleared = trade.clear(shipment)
    book = same_as_contracts(trade)
    assert [book.at(shipment, cleared.seq - 1).cleared_at, book.at(shipment, cleared.seq).cleared_at] == [0, trade.time]
