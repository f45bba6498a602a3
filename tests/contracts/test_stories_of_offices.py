"""Stories 7, 8 and 9 of the trade: a suspension in mid-ocean, people and paper that change, technology."""

import dataclasses
from datetime import UTC, datetime

import pytest

from ledger.acts.act import RecordKind
from ledger.acts.applications import AssessApplication, Party, RefuseApplication
from ledger.acts.custody import InvalidateClearance, OfferHandoff
from ledger.acts.digests import part_salt
from ledger.acts.licensing import CorrectLicense, IssueLicense, TransferLicense
from ledger.acts.manifests import CancelShipment, Draw, RecordTransfer, RegisterShipment, SplitShipment
from ledger.acts.orders import ConfirmSuspension, OrderHandoff, ReinstateLicense, SuspendLicense
from ledger.acts.organizations import AppointAgent, DismissAgent, RecoverOrganization
from ledger.acts.reports import AddStatement
from ledger.ids import ZERO32
from tests.contracts.examples import WHY
from tests.scenario import (
    ADMIN,
    APPLY,
    ASSESS,
    CUSTODY,
    DAY,
    DECIDE,
    DOCUMENT,
    END_USER,
    EXPORTER,
    REGISTER,
    SHIP,
    TERMS,
    keys_of,
)

PAPER = {"document": DOCUMENT}
TERMINAL = 7
"""The stranger of the trade runs a terminal here."""
STOPPED, RECEIVER = 1 << 1, 1 << 5


def found(trade, shipment):
    return trade.view("Shipments", "shipmentOf", shipment)


def license_of(trade, license):
    return trade.view("Licenses", "licenseOf", trade.view("Licenses", "numberOf", license))


def drawn(trade, license):
    return trade.view("Licenses", "lineOf", trade.view("Licenses", "numberOf", license), 0).drawn


def registering(trade, license, quantity, by=("clerk", 2)):
    values = {"license": license, "end_user": 6, "share": 0, "waybill": ZERO32} | PAPER
    return trade.refusal(RegisterShipment, *by, draws=(Draw(line=0, quantity=quantity),), **values)


# 7 Suspended in mid-ocean


def night(hour, minute):
    return int(datetime(2027, 1, 20, hour, minute, tzinfo=UTC).timestamp())


@pytest.fixture
def ocean(trade):
    """400 NAR: 150 with the carrier at sea, 50 cleared on the quay; suspended at 03:10, confirmed at 09:00."""
    trade.time = night(1, 0)
    license = trade.license(400)
    at_sea, on_quay = trade.ship(license, 150), trade.ship(license, 50)
    for shipment in (at_sea, on_quay):
        trade.clear(shipment)
    trade.offer(at_sea, "clerk", 2, 4)
    trade.accept_goods(at_sea, "driver", 4, 150)
    trade.depart(at_sea, "driver", 4)
    trade.time = night(3, 10)
    trade.act(SuspendLicense, "enforcer", 1, record=license, **WHY)
    trade.time = night(9, 0)
    trade.act(ConfirmSuspension, "second enforcer", 1, record=license, **WHY)
    trade.time = night(10, 0)
    return trade, license, at_sea, on_quay


def cancelled_on_the_quay(trade, on_quay):
    trade.act(InvalidateClearance, "customs officer", 5, record=on_quay, **WHY)
    trade.act(CancelShipment, "clerk", 2, record=on_quay)


def in_port(trade, at_sea):
    """By the authority's order from carrier to terminal."""
    trade.act(OrderHandoff, "enforcer", 1, record=at_sea, to=TERMINAL, **PAPER)


def test_story_7_the_200_are_not_registered(ocean):
    trade, license, *_ = ocean
    values = {"license": license, "stoppedUntil": 2**40 - 1, "moment": trade.time}
    assert registering(trade, license, 200) == ("LicenseStopped", values)


def test_story_7_the_50_are_cancelled_and_150_stay_drawn(ocean):
    trade, license, _, on_quay = ocean
    cancelled_on_the_quay(trade, on_quay)
    assert (found(trade, on_quay).shipment.status, drawn(trade, license)) == (5, 150)


def test_story_7_the_carrier_hands_to_the_terminal_by_order_alone(ocean):
    trade, _, at_sea, _ = ocean
    values = {"record": at_sea, "occurred_at": trade.time, "to": TERMINAL, "seal": ZERO32}
    own = trade.refusal(OfferHandoff, "driver", 4, **values)
    in_port(trade, at_sea)
    held = found(trade, at_sea)
    assert (own[0], held.shipment.holder, held.shipment.grade, held.held[0].held) == (
        "LicenseStopped",
        TERMINAL,
        2,
        150,
    )


def test_story_7_the_terminal_does_not_hand_to_the_buyer(ocean):
    trade, license, at_sea, _ = ocean
    in_port(trade, at_sea)
    values = {"record": at_sea, "occurred_at": trade.time, "to": 6, "seal": ZERO32}
    stopped = {"license": license, "stoppedUntil": 2**40 - 1, "moment": trade.time}
    assert trade.refusal(OfferHandoff, "stranger", TERMINAL, **values) == ("LicenseStopped", stopped)


def test_story_7_the_20_that_the_buyer_takes_anyway_are_reported_and_irregular(ocean):
    trade, _, at_sea, _ = ocean
    in_port(trade, at_sea)
    split = {"record": at_sea, "shares": (0, 0), "quantities": (130, 20)} | PAPER
    trade.act(SplitShipment, "stranger", TERMINAL, **split)
    kept, taken = (
        trade.deployment.record(RecordKind.SHIPMENT, TERMINAL, part_salt(at_sea, index)) for index in range(2)
    )
    trade.report_delivery(taken, "stranger", TERMINAL, 20)
    ends = [found(trade, part) for part in (kept, taken)]
    states = [(end.shipment.status, end.shipment.irregular, end.held[0].held) for end in ends]
    assert states == [(3, 0, 130), (4, STOPPED, 0)]


def test_story_7_reinstated_250_are_left(ocean):
    trade, license, _, on_quay = ocean
    cancelled_on_the_quay(trade, on_quay)
    trade.act(ReinstateLicense, "second enforcer", 1, record=license, **WHY)
    assert (registering(trade, license, 251)[1]["remaining"], registering(trade, license, 250)) == (250, None)


# 8 People and paper change


@pytest.fixture
def refused(trade):
    """A assesses, B refuses 60 NAR; on day 20 the exporter appeals. C and D are officers too."""
    trade.commission("assessor C", ASSESS)
    trade.commission("issuer D", DECIDE)
    certificate = trade.certificate(60)
    first = trade.apply(60, certificate=certificate)
    trade.assess(first)
    trade.act(RefuseApplication, "issuer", 1, record=first, **PAPER)
    trade.advance(20 * DAY)
    return trade, first, trade.apply(60, certificate=certificate, continues=first)


def assessing(trade, application, person):
    return trade.refusal(AssessApplication, person, 1, record=application, recommendation=1, **PAPER)


@pytest.fixture
def granted(refused):
    """Assessed by C, issued by D; 23 NAR travel."""
    trade, _, appeal = refused
    trade.act(AssessApplication, "assessor C", 1, record=appeal, recommendation=1, **PAPER)
    license = trade.issue(appeal, "issuer D")
    shipment = trade.ship(license, 23)
    trade.clear(shipment)
    trade.depart(shipment)
    return trade, license, shipment


def test_story_8_who_assessed_or_refused_does_not_assess_the_appeal(refused):
    trade, first, appeal = refused
    number = trade.agent_number("assessor", 1)
    assert assessing(trade, appeal, "assessor") == ("FourEyes", {"agent": number, "record": first})
    assert assessing(trade, appeal, "assessor C") is None


def test_story_8_who_refused_does_not_issue_on_appeal(refused):
    trade, first, appeal = refused
    trade.act(AssessApplication, "assessor C", 1, record=appeal, recommendation=1, **PAPER)
    named = {"application": appeal, "assessed_head": trade.heads[appeal], "policy": trade.policy, "return_by": 0}
    window = {"valid_from": trade.time, "valid_until": trade.time + DAY} | PAPER
    answers = [trade.refusal(IssueLicense, person, 1, **named, **window) for person in ("issuer", "issuer D")]
    assert answers == [("FourEyes", {"agent": trade.agent_number("issuer", 1), "record": first}), None]


def test_story_8_an_assessment_stays_valid_when_its_assessor_leaves(trade):
    application = trade.apply(60, certificate=trade.certificate(60))
    trade.assess(application)
    record = trade.agent(1, "assessor")
    trade.act(DismissAgent, "admin", 1, record=record, reason=1, compromised_since=0)
    license = trade.issue(application)
    assert (license_of(trade, license).status, assessing(trade, trade.apply(1), "assessor")[0]) == (1, "AgentNotActive")


def test_story_8_a_correction_leaves_what_travels_untouched(granted):
    trade, license, shipment = granted
    before = found(trade, shipment), trade.view("Shipments", "heads", shipment).head
    trade.act(CorrectLicense, "issuer D", 1, record=license, **PAPER)
    assert (found(trade, shipment), trade.view("Shipments", "heads", shipment).head) == before


@pytest.fixture
def merged(granted):
    """The exporter has merged into another one; 37 NAR are transferred."""
    trade, license, shipment = granted
    successor = trade.register("successor", EXPORTER, {"only admin": ADMIN, "successor clerk": APPLY | SHIP | CUSTODY})
    trade.act(TransferLicense, "issuer D", 1, record=license, to=successor, **PAPER)
    return trade, license, shipment, successor


def test_story_8_the_successor_ships_37_and_not_38(merged):
    trade, license, _, successor = merged
    by = ("successor clerk", successor)
    answers = [registering(trade, license, quantity, by) for quantity in (37, 38)]
    assert (answers[0], answers[1][1]["remaining"]) == (None, 37)


def test_story_8_the_former_exporter_ships_nothing_more_and_keeps_what_travels(merged):
    trade, license, shipment, successor = merged
    answer = registering(trade, license, 1)
    assert (answer, found(trade, shipment).shipment.exporter) == (
        ("WrongOrganization", {"organization": 2, "required": successor}),
        2,
    )


def test_story_8_a_second_transfer_is_refused(merged):
    trade, license, *_ = merged
    answer = trade.refusal(TransferLicense, "issuer D", 1, record=license, to=2, **PAPER)
    assert answer == ("TransfersExhausted", {"license": license, "transfers": 1, "allowed": 1})


def test_story_8_after_a_recovery_the_lost_keys_acts_stay_and_new_ones_fail(merged):
    trade, _, _, successor = merged
    trade.commission("second registrar", REGISTER)
    record = trade.organization(successor)
    for person in ("registrar", "second registrar"):
        trade.act(RecoverOrganization, person, 1, record=record, **PAPER)
    appointing = {"account": keys_of("x").address, "powers": SHIP}
    answer = trade.refusal(AppointAgent, "only admin", successor, **appointing)
    clerk = trade.view("Directory", "agentOf", "0x" + keys_of("successor clerk").address.hex(), successor)
    assert (answer, clerk.status) == (("AgentNotActive", {"signer": keys_of("only admin").address, "status": 4}), 3)


def test_story_8_the_sponsor_appoints_a_new_admin_after_the_recovery(merged):
    trade, _, _, successor = merged
    trade.commission("second registrar", REGISTER)
    for person in ("registrar", "second registrar"):
        trade.act(RecoverOrganization, person, 1, record=trade.organization(successor), **PAPER)
    trade.appoint("registrar", successor, "new admin", ADMIN)
    appointing = {"account": keys_of("x").address, "powers": SHIP}
    assert trade.refusal(AppointAgent, "new admin", successor, **appointing) is None


# 9 Technology

EUROS = 850_000
MARCH = int(datetime(2027, 3, 31, 12, 0, tzinfo=UTC).timestamp())


@pytest.fixture
def technology(trade):
    """5E002 for EUR 850,000 and two recipients; 14 uploads in March, EUR 120,000, in one transfer."""
    trade.time = MARCH
    second = trade.register("second recipient", END_USER, {"reader": ADMIN | CUSTODY})
    trade.adopt(dataclasses.replace(TERMS, certificate_grade=0, control=2, value_tolerance=0))
    parties = (Party(organization=6, role=6), Party(organization=second, role=6))
    trade.assess(application := trade.apply(1, parties=parties))
    license = trade.issue(application)
    return trade, license, transferred(trade, license, 14, 120_000, 6)


def transferred(trade, license, uploads, euros, recipient):
    share = euros * 10**9 // EUROS
    values = {"license": license, "end_user": recipient, "share": share, "occurred_at": trade.time} | PAPER
    return trade.act(RecordTransfer, "clerk", 2, draws=(Draw(line=0, quantity=uploads),), **values).record


def left(trade, license):
    """Whole euros of the license's value, rounded as the shares are."""
    return (10**9 - license_of(trade, license).shares) * EUROS // 10**9


def test_story_9_fourteen_uploads_are_one_transfer_without_any_customs_step(technology):
    trade, license, march = technology
    kinds = [entry.kind for entry in trade.entries if entry.record == march]
    assert (kinds, found(trade, march).shipment.irregular, left(trade, license)) == ([114], 0, 730_000)


def test_story_9_the_unnamed_subsidiary_is_irregular_once_with_its_disclosure(technology):
    trade, license, march = technology
    trade.advance(10 * DAY)
    april = transferred(trade, license, 1, 0, 0)
    trade.advance(2 * DAY)
    cause = trade.entries[-1].digest
    statement = {"record": april, "subject": cause, "kind": 1} | PAPER
    disclosed = trade.act(AddStatement, "clerk", 2, **statement)
    irregular = [record for record in (march, april) if found(trade, record).shipment.irregular]
    said = [entry.decoded().subject for entry in trade.entries if entry.kind == AddStatement.KIND]
    assert (irregular, found(trade, april).shipment.irregular, said) == ([april], RECEIVER, [cause])
    assert disclosed.time - found(trade, april).shipment.lastFact >= 2 * DAY


def test_story_9_a_subsidiary_that_is_known_but_not_named_is_irregular_too(technology):
    trade, license, _ = technology
    subsidiary = trade.register("subsidiary", END_USER, {"subsidiary admin": ADMIN})
    assert found(trade, transferred(trade, license, 1, 0, subsidiary)).shipment.irregular == RECEIVER
