"""Licenses after licenses: successors (67), temporary ones whose goods come back, and onward ones (I11)."""

import dataclasses

import pytest

from ledger.acts.applications import AssessApplication, Party
from ledger.acts.licensing import CreditReturn, IssueLicense, SupersedeLicense, SurrenderLicense, TransferLicense
from ledger.acts.manifests import Draw
from ledger.acts.orders import RevokeLicense
from ledger.ids import ZERO32
from ledger.journal.entries import LicenseDelta, LineDelta, license_delta, shipment_delta
from tests.contracts.examples import LINE, granting
from tests.scenario import ASSESS, DAY, DECIDE, DOCUMENT, NAR, TERMS

PAPER = {"document": DOCUMENT}
TEMPORARY, RETRANSFER, REEXPORT = 4, 5, 6
EVER = 2**40 - 1


def number_of(stage, record):
    return stage.trade.view("Licenses", "numberOf", record)


def license_of(stage, record):
    return stage.trade.view("Licenses", "licenseOf", number_of(stage, record))


def line_of(stage, record, line=0):
    return stage.trade.view("Licenses", "lineOf", number_of(stage, record), line)


def asked(stage, *quantities, **changed):
    """An assessed application."""
    application = stage.trade.apply(*quantities, **changed)
    stage.trade.assess(application)
    return application


# Superseding a license


def supersede(stage, application, record=None, **changed):
    values = granting(stage, application) | {"license": record or stage.bare}
    return stage.trade.refusal(SupersedeLicense, "issuer", 1, **(values | changed))


def superseded(stage, application, record=None):
    values = granting(stage, application) | {"license": record or stage.bare}
    return stage.trade.act(SupersedeLicense, "issuer", 1, **values)


def test_the_old_license_is_superseded_and_the_new_one_issued(stage):
    entry = superseded(stage, stage.succeeding)
    found = stage.trade.view("Applications", "applicationOf", stage.succeeding)
    assert [license_of(stage, record).status for record in (stage.bare, entry.record)] == [5, 1]
    assert found.status == 4


def test_the_old_license_gets_a_note_that_names_its_successor(stage):
    entry = superseded(stage, stage.succeeding)
    (note,) = [note for note in entry.touched if note.record == stage.bare]
    assert license_delta(note.delta) == LicenseDelta(entry.record, 0, ())


def test_what_was_drawn_stays_with_the_old_license(stage):
    trade = stage.trade
    trade.ship(stage.bare, 4, share=100)
    new = superseded(stage, asked(stage, 6, continues=stage.bare)).record
    old, fresh = line_of(stage, stage.bare), line_of(stage, new)
    assert [(old.granted, old.drawn), (fresh.granted, fresh.drawn)] == [(4, 4), (6, 0)]
    assert [license_of(stage, record).shares for record in (stage.bare, new)] == [100, 0]


@pytest.mark.parametrize("granted", [6, 7])
def test_a_successor_takes_no_more_than_is_not_drawn(stage, granted):
    stage.trade.ship(stage.bare, 4)
    answer = supersede(stage, asked(stage, granted, continues=stage.bare))
    values = {"license": stage.bare, "line": 0, "requested": 7, "balance": 6}
    assert answer == (None if granted == 6 else ("BalanceExceeded", values))


def test_i2_a_successor_leaves_the_certificates_as_they_are(stage):
    trade = stage.trade
    application = asked(stage, 10, continues=stage.second, certificate=certificate_of(stage))
    number = line_of(stage, stage.second).certificate
    before = trade.view("Certificates", "lineOf", number, 0).granted
    entry = superseded(stage, application, stage.second)
    assert trade.view("Certificates", "lineOf", number, 0).granted == before
    assert [note.record for note in entry.touched] == sorted([application, stage.second])


def certificate_of(stage):
    """The record of the certificate behind the second license."""
    return stage.trade.view("Certificates", "recordOf", line_of(stage, stage.second).certificate)


@pytest.mark.parametrize("continues", ["nothing", "another"])
def test_an_application_that_continues_another_license_supersedes_not_this_one(stage, continues):
    named = ZERO32 if continues == "nothing" else stage.second
    application = asked(stage, 1, continues=named)
    answer = supersede(stage, application)
    assert answer == ("WrongContinuation", {"application": application, "continues": named})


def test_an_application_that_continues_a_license_is_not_issued_beside_it(stage):
    answer = stage.trade.refusal(IssueLicense, "issuer", 1, **granting(stage, stage.succeeding))
    assert answer == ("WrongContinuation", {"application": stage.succeeding, "continues": stage.bare})


def test_a_license_that_does_not_exist_is_not_superseded(stage):
    assert supersede(stage, stage.succeeding, b"\7" * 32) == ("UnknownRecord", {"record": b"\7" * 32})


def test_a_license_that_went_to_another_exporter_is_not_superseded_by_the_former(stage):
    stage.trade.act(TransferLicense, "issuer", 1, record=stage.bare, to=stage.heir, **PAPER)
    assert supersede(stage, stage.succeeding) == ("WrongOrganization", {"organization": 2, "required": stage.heir})


def test_a_successor_has_as_many_lines(stage):
    answer = supersede(stage, asked(stage, 1, 1, continues=stage.bare))
    assert answer == ("OutOfRange", {"field": "lines", "value": 2, "minimum": 1, "maximum": 1})


@pytest.mark.parametrize("changed", [{"unit": b"KGM"}, {"decimals": 1}])
def test_i2_a_line_of_a_successor_keeps_its_unit(stage, changed):
    lines = (dataclasses.replace(LINE, **changed),)
    answer = supersede(stage, asked(stage, lines=lines, continues=stage.bare))
    values = {"record": stage.bare, "line": 0, "unit": NAR, "decimals": 0} | changed
    assert answer == ("UnitMismatch", values)


def test_a_line_of_a_successor_keeps_its_certificate(stage):
    answer = supersede(stage, asked(stage, 1, continues=stage.bare, certificate=stage.paper))
    number = stage.trade.view("Certificates", "numberOf", stage.paper)
    assert answer == ("CertificateMismatch", {"certificate": number, "organization": 0, "required": 0})


def test_a_successor_is_without_limit_only_where_the_old_license_was(stage):
    trade = stage.trade
    policy = trade.adopt(TERMS, kind=2)
    boundless = (dataclasses.replace(LINE, granted=0, unlimited=True),)
    bounded = trade.issue(asked(stage, 10, kind=2), policy=policy)
    open_one = trade.issue(asked(stage, lines=boundless, kind=2), policy=policy)
    answers = [
        supersede(stage, asked(stage, lines=boundless, kind=2, continues=record), record, policy=policy)
        for record in (bounded, open_one)
    ]
    bounds = {"field": "unlimited", "value": 1, "minimum": 0, "maximum": 0}
    assert answers == [("OutOfRange", bounds), None]


def test_i5_who_assessed_does_not_supersede(stage):
    trade = stage.trade
    trade.commission("both", ASSESS | DECIDE)
    application = trade.apply(10, continues=stage.bare)
    trade.act(AssessApplication, "both", 1, record=application, recommendation=1, **PAPER)
    values = granting(stage, application) | {"license": stage.bare}
    answer = trade.refusal(SupersedeLicense, "both", 1, **values)
    assert answer == ("FourEyes", {"agent": trade.agent_number("both", 1), "record": application})


# Temporary licenses


@pytest.fixture
def temporary(stage):
    """A license for 10 that are to be back in a month."""
    trade = stage.trade
    trade.adopt(dataclasses.replace(TERMS, certificate_grade=0, clearance_required=False), kind=TEMPORARY)
    return trade.issue(asked(stage, 10, kind=TEMPORARY), return_by=trade.time + 30 * DAY)


@pytest.mark.parametrize(("after", "taken"), [(0, False), (1, True)])
def test_goods_under_a_temporary_license_return_after_it_begins(stage, temporary, after, taken):
    time = stage.trade.time
    application = asked(stage, 10, kind=TEMPORARY)
    answer = stage.trade.refusal(
        IssueLicense, "issuer", 1, **(granting(stage, application) | {"return_by": time + after})
    )
    bounds = {"field": "returnBy", "value": time, "minimum": time + 1, "maximum": EVER}
    assert answer == (None if taken else ("OutOfRange", bounds))


def test_goods_under_another_license_have_no_time_to_return(stage):
    answer = stage.trade.refusal(IssueLicense, "issuer", 1, **(granting(stage, stage.assessed) | {"return_by": 1}))
    assert answer == ("OutOfRange", {"field": "returnBy", "value": 1, "minimum": 0, "maximum": 0})


def gone(stage, license):
    """A shipment of 10 that the forwarder holds."""
    trade = stage.trade
    shipment = trade.ship(license, 10, share=500)
    trade.depart(shipment)
    trade.offer(shipment, "clerk", 2, 3)
    trade.accept_goods(shipment, "forwarder clerk", 3, 10)
    return shipment


def come_home(stage, shipment, counted=10):
    stage.trade.offer(shipment, "forwarder clerk", 3, 2)
    return stage.trade.accept_goods(shipment, "clerk", 2, counted)


def test_i1_a_return_graded_a_takes_the_draw_back(stage, temporary):
    shipment = gone(stage, temporary)
    before = line_of(stage, temporary).drawn, license_of(stage, temporary).shares
    entry = come_home(stage, shipment)
    after = line_of(stage, temporary).drawn, license_of(stage, temporary).shares
    (note,) = [note for note in entry.touched if note.record == temporary]
    assert (before, after) == ((10, 500), (0, 0))
    assert license_delta(note.delta) == LicenseDelta(shipment, -500, (LineDelta(0, -10),))


def test_i1_what_did_not_come_back_stays_drawn(stage, temporary):
    come_home(stage, gone(stage, temporary), counted=8)
    assert line_of(stage, temporary).drawn == 2


def test_a_reported_return_takes_no_draw_back(stage, temporary):
    shipment = gone(stage, temporary)
    stage.trade.report_movement(shipment, "forwarder clerk", 3, 10, to=2)
    assert line_of(stage, temporary).drawn == 10


def test_a_reported_return_is_credited_by_two_officers(stage, temporary):
    shipment = gone(stage, temporary)
    stage.trade.report_movement(shipment, "forwarder clerk", 3, 10, to=2)
    values = {"record": temporary, "shipment": shipment, "share": 500, "returned": (Draw(line=0, quantity=10),)} | PAPER
    for person in ("enforcer", "second enforcer"):
        stage.trade.act(CreditReturn, person, 1, **values)
    assert line_of(stage, temporary).drawn == 0


def test_a_return_that_took_its_draw_back_is_not_credited_again(stage, temporary):
    shipment = gone(stage, temporary)
    come_home(stage, shipment)
    values = {"record": temporary, "shipment": shipment, "share": 0, "returned": ()} | PAPER
    assert stage.trade.refusal(CreditReturn, "enforcer", 1, **values) == ("AlreadyCredited", {"shipment": shipment})


# Retransfer and re-export (I11)


@pytest.fixture
def onward(stage):
    """Policies for both kinds; what they license needs neither certificate nor clearance."""
    terms = dataclasses.replace(TERMS, certificate_grade=0, clearance_required=False)
    return {kind: stage.trade.adopt(terms, kind=kind) for kind in (RETRANSFER, REEXPORT)}


def pass_on(stage, onward, granted, kind=RETRANSFER):
    application = asked(stage, granted, kind=kind, continues=stage.delivered)
    return stage.trade.issue(application, policy=onward[kind])


def continued(stage, shipment=None):
    return stage.trade.view("Shipments", "continuedOf", shipment or stage.delivered, 0)


def test_i11_what_onward_licenses_grant_is_continued_of_the_shipment(stage, onward):
    record = pass_on(stage, onward, 3)
    (note,) = [note for note in stage.trade.entries[-1].touched if note.record == stage.delivered]
    delta = shipment_delta(note.delta)
    assert (continued(stage), delta.license, delta.lines) == (3, record, (LineDelta(0, 3),))


@pytest.mark.parametrize("granted", [1, 2])
def test_i11_onward_licenses_grant_no_more_than_was_delivered(stage, onward, granted):
    """4 were delivered, 3 are continued already."""
    pass_on(stage, onward, 3)
    application = asked(stage, granted, kind=REEXPORT, continues=stage.delivered)
    values = granting(stage, application) | {"policy": onward[REEXPORT]}
    answer = stage.trade.refusal(IssueLicense, "issuer", 1, **values)
    limits = {"shipment": stage.delivered, "line": 0, "requested": 2, "remaining": 1}
    assert answer == (None if granted == 1 else ("ContinuationExceeded", limits))


def surrender(stage, record):
    return stage.trade.act(SurrenderLicense, "clerk", 2, record=record)


def revoke(stage, record):
    for person in ("enforcer", "second enforcer"):
        entry = stage.trade.act(RevokeLicense, person, 1, record=record, reason=1, **PAPER)
    return entry


@pytest.mark.parametrize("end", [surrender, revoke], ids=["surrendered", "revoked"])
def test_i11_what_was_not_drawn_is_given_back_at_the_end(stage, onward, end):
    trade = stage.trade
    record = pass_on(stage, onward, 3)
    trade.ship(record, 2)
    entry = end(stage, record)
    (note,) = entry.touched
    delta = shipment_delta(note.delta)
    assert (continued(stage), note.record, delta.license, delta.lines) == (
        2,
        stage.delivered,
        record,
        (LineDelta(0, -1),),
    )


def test_i11_the_first_entry_of_a_revocation_gives_nothing_back(stage, onward):
    record = pass_on(stage, onward, 3)
    entry = stage.trade.act(RevokeLicense, "enforcer", 1, record=record, reason=1, **PAPER)
    assert (continued(stage), entry.touched) == (3, ())


def test_i11_what_was_given_back_can_be_licensed_again(stage, onward):
    surrender(stage, pass_on(stage, onward, 4))
    pass_on(stage, onward, 4, REEXPORT)
    assert continued(stage) == 4


def test_i11_a_license_that_grants_nothing_continues_nothing(stage, onward):
    nothing = (dataclasses.replace(LINE, granted=0),)
    application = asked(stage, lines=nothing, kind=RETRANSFER, continues=stage.delivered)
    stage.trade.issue(application, policy=onward[RETRANSFER])
    assert continued(stage) == 0


def test_an_end_of_any_other_license_touches_no_shipment(stage):
    stage.trade.ship(stage.bare, 1)
    assert surrender(stage, stage.bare).touched == ()


def test_i1_what_is_passed_on_stays_drawn_on_its_temporary_license(stage, temporary, onward):
    trade = stage.trade
    shipment = gone(stage, temporary)
    trade.report_delivery(shipment, "clerk", 2, 10)
    application = asked(stage, 10, kind=REEXPORT, continues=shipment)
    trade.issue(application, policy=onward[REEXPORT])
    assert (line_of(stage, temporary).drawn, license_of(stage, temporary).shares) == (10, 500)
    assert continued(stage, shipment) == 10


def test_the_end_user_of_the_shipment_holds_what_is_passed_on(stage, onward):
    shipment = stage.trade.ship(pass_on(stage, onward, 3), 2)
    assert stage.trade.view("Shipments", "shipmentOf", shipment).shipment.holder == stage.trade.end_user


def test_a_brokered_license_names_its_broker_as_any_party(stage):
    trade = stage.trade
    number = trade.register("middleman", 1 << 7, {"middleman": 1})
    policy = trade.adopt(TERMS, kind=8)
    parties = (Party(organization=number, role=7), Party(organization=6, role=6))
    record = trade.issue(asked(stage, 1, kind=8, parties=parties), policy=policy)
    assert trade.view("Licenses", "partyRoles", number_of(stage, record), number) == 1 << 7
