"""Applications after they were filed: amended, returned, withdrawn, appealed; and those that continue something."""

import dataclasses

import pytest

from ledger.acts.applications import (
    AmendApplication,
    ApplyForLicense,
    AssessApplication,
    Party,
    RecordLicense,
    RefuseApplication,
    ReturnApplication,
    WithdrawApplication,
)
from ledger.acts.licensing import IssueLicense, TransferLicense
from ledger.acts.organizations import VoteAuthority
from ledger.ids import ZERO32
from tests.contracts.examples import LINE, amended_terms, granting, license_terms
from tests.scenario import (
    ADMIN,
    APPLY,
    ASSESS,
    BROKER,
    CUSTODY,
    DECIDE,
    DOCUMENT,
    END_USER,
    EXPORTER,
    NAR,
    salt_of,
)

PAPER = {"document": DOCUMENT}
FORWARDER, END = Party(organization=3, role=4), Party(organization=6, role=6)


def stored(stage, application):
    return stage.trade.view("Applications", "applicationOf", application)


def apply(stage, person="clerk", organization=2, **changed):
    values = license_terms(stage) | {"authority": 1, "continues": ZERO32}
    return stage.trade.refusal(ApplyForLicense, person, organization, **(values | changed))


def amend(stage, person="clerk", organization=2, **changed):
    values = amended_terms(stage) | {"record": stage.submitted}
    return stage.trade.refusal(AmendApplication, person, organization, **(values | changed))


@pytest.fixture
def recorded(stage):
    values = license_terms(stage) | {"exporter": 2, "control": 3, "drawn_share": 0}
    return stage.trade.act(RecordLicense, "recorder", 1, **values).record


# Amending


def test_an_amendment_replaces_parties_and_lines(stage):
    trade = stage.trade
    lines = (dataclasses.replace(LINE, granted=7), dataclasses.replace(LINE, granted=8))
    values = amended_terms(stage) | {"record": stage.submitted, "parties": (END, FORWARDER), "lines": lines}
    trade.act(AmendApplication, "clerk", 2, **values)
    roles = [trade.view("Applications", "partyRoles", stage.submitted, number) for number in (2, 3, 6)]
    granted = [line.granted for line in trade.view("Licenses", "proposedOf", stage.submitted, 2)]
    assert (roles, granted, stored(stage, stage.submitted).lines) == ([0, 1 << 4, 1 << 6], [7, 8], 2)


def test_an_amendment_voids_the_assessment(stage):
    trade = stage.trade
    trade.act(AmendApplication, "clerk", 2, **(amended_terms(stage) | {"record": stage.assessed}))
    found = stored(stage, stage.assessed)
    answer = trade.refusal(IssueLicense, "issuer", 1, **granting(stage, stage.assessed))
    assert (found.status, found.assessor) == (1, 0)
    assert answer == ("WrongStatus", {"record": stage.assessed, "status": 1, "allowed": 8})


def test_an_issuer_does_not_grant_an_amended_application_on_the_head_that_was_assessed(stage):
    trade = stage.trade
    values = granting(stage, stage.assessed)
    trade.act(AmendApplication, "clerk", 2, **(amended_terms(stage) | {"record": stage.assessed}))
    trade.assess(stage.assessed)
    head = trade.head(stage.assessed, ApplyForLicense)
    answer = trade.refusal(IssueLicense, "issuer", 1, **values)
    assert answer == ("AssessedHeadMoved", {"assessedHead": values["assessed_head"], "head": head})


def test_an_exporter_amends_its_own_applications_only(stage):
    answer = amend(stage, "heir clerk", stage.heir)
    assert answer == ("WrongOrganization", {"organization": stage.heir, "required": 2})


def test_a_recorded_license_is_not_amended(stage, recorded):
    assert amend(stage, record=recorded) == ("RecordedApplication", {"application": recorded})


FAULTS = {
    "no document": ({"document": bytes(32)}, ("CommitmentMissing", "document")),
    "no party": ({"parties": ()}, ("OutOfRange", "parties")),
    "no line": ({"lines": ()}, ("OutOfRange", "lines")),
    "something drawn": ({"lines": (dataclasses.replace(LINE, drawn=1),)}, ("OutOfRange", "drawn")),
    "no limit": ({"lines": (dataclasses.replace(LINE, unlimited=True),)}, ("OutOfRange", "unlimited")),
    "no unit": ({"lines": (dataclasses.replace(LINE, unit=bytes(3)),)}, ("OutOfRange", "unit")),
    "an end before the beginning": ({"valid_until": 0}, ("OutOfRange", "validUntil")),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_amendment_is_refused(stage, fault):
    changed, expected = FAULTS[fault]
    name, values = amend(stage, **changed)
    assert (name, values["field"]) == expected


def test_an_amendment_names_certificates_as_an_application_does(stage):
    trade = stage.trade
    lines = (dataclasses.replace(LINE, certificate=stage.certificate),)
    values = amended_terms(stage) | {"record": stage.submitted, "lines": lines}
    entry = trade.act(AmendApplication, "clerk", 2, **values)
    assert [note.record for note in entry.touched] == [stage.certificate]


# Returning and withdrawing


def send_back(stage, person="assessor", organization=1, **changed):
    values = {"record": stage.assessed} | PAPER
    return stage.trade.refusal(ReturnApplication, person, organization, **(values | changed))


def test_a_return_voids_the_assessment(stage):
    stage.trade.act(ReturnApplication, "assessor", 1, record=stage.assessed, **PAPER)
    found = stored(stage, stage.assessed)
    assert (found.status, found.assessor) == (2, 0)


def test_a_return_without_document_is_refused(stage):
    assert send_back(stage, document=bytes(32)) == ("CommitmentMissing", {"field": "document"})


def test_another_organization_returns_nothing(stage):
    answer = send_back(stage, "customs officer", 5)
    assert answer == ("OutsideJurisdiction", {"organization": 5, "record": stage.assessed})


def test_a_recorded_license_is_not_returned(stage, recorded):
    assert send_back(stage, record=recorded) == ("RecordedApplication", {"application": recorded})


def test_a_returned_application_is_assessed_after_it_was_amended(stage):
    trade = stage.trade
    before = trade.refusal(AssessApplication, "assessor", 1, record=stage.sent_back, recommendation=1, **PAPER)
    trade.act(AmendApplication, "clerk", 2, **(amended_terms(stage) | {"record": stage.sent_back}))
    after = trade.refusal(AssessApplication, "assessor", 1, record=stage.sent_back, recommendation=1, **PAPER)
    assert (before[0], after) == ("WrongStatus", None)


def withdraw(stage, record, person, organization):
    return stage.trade.refusal(WithdrawApplication, person, organization, record=record)


def test_an_exporter_withdraws_its_own_applications_only(stage):
    answer = withdraw(stage, stage.submitted, "recorder", 1)
    assert answer == ("WrongOrganization", {"organization": 1, "required": 2})


def test_a_recorded_license_is_withdrawn_by_the_authority_that_recorded_it(stage, recorded):
    answers = [withdraw(stage, recorded, "clerk", 2), withdraw(stage, recorded, "recorder", 1)]
    assert answers == [("WrongOrganization", {"organization": 2, "required": 1}), None]


# Appeals (I5)


@pytest.fixture
def appeal(stage):
    """An appeal against the refusal: the assessor assessed, the issuer refused."""
    return stage.trade.apply(10, continues=stage.refused)


@pytest.mark.parametrize("name", ["submitted", "sent_back", "assessed", "granted", "withdrawn"])
def test_an_appeal_names_an_application_that_was_refused(stage, name):
    record = getattr(stage, name)
    values = {"record": record, "status": stored(stage, record).status, "allowed": 1 << 5}
    assert apply(stage, continues=record) == ("WrongStatus", values)


def test_an_appeal_against_nothing_known_is_refused(stage):
    assert apply(stage, continues=salt_of("nothing")) == ("UnknownRecord", {"record": salt_of("nothing")})


def test_an_appeal_of_another_exporter_is_refused(stage):
    answer = apply(stage, "heir clerk", stage.heir, continues=stage.refused)
    assert answer == ("WrongOrganization", {"organization": stage.heir, "required": 2})


def test_an_appeal_for_another_kind_of_license_is_refused(stage):
    answer = apply(stage, continues=stage.refused, kind=7)
    assert answer == ("OutOfRange", {"field": "kind", "value": 7, "minimum": 1, "maximum": 1})


def test_an_appeal_goes_to_the_authority_that_refused(stage):
    """The exporter has become an authority, and sponsors itself."""
    trade = stage.trade
    trade.appoint("export admin", 2, "second export admin", ADMIN)
    trade.act(VoteAuthority, "admin", 1, record=trade.organization(2), motion=1)
    answer = apply(stage, continues=stage.refused, authority=2)
    assert answer == ("OutsideJurisdiction", {"organization": 2, "record": stage.refused})


@pytest.mark.parametrize("person", ["assessor", "issuer"])
def test_i5_who_assessed_or_refused_does_not_assess_the_appeal(stage, appeal, person):
    trade = stage.trade
    number = trade.agent_number("assessor", 1)
    if person == "issuer":
        trade.commission("both", ASSESS | DECIDE)
        trade.assess(stage.submitted)
        trade.act(RefuseApplication, "both", 1, record=stage.submitted, **PAPER)
        appeal, person, number = trade.apply(10, continues=stage.submitted), "both", trade.agent_number("both", 1)
    refused = stored(stage, appeal).continues
    answer = trade.refusal(AssessApplication, person, 1, record=appeal, recommendation=1, **PAPER)
    assert answer == ("FourEyes", {"agent": number, "record": refused})


@pytest.fixture
def heard(stage, appeal):
    """The appeal, assessed by an officer who had no part in the refusal."""
    stage.trade.commission("second assessor", ASSESS)
    stage.trade.act(AssessApplication, "second assessor", 1, record=appeal, recommendation=1, **PAPER)
    return appeal


@pytest.mark.parametrize("person", ["issuer", "second issuer"])
@pytest.mark.parametrize("act", [IssueLicense, RefuseApplication], ids=["granted", "refused"])
def test_i5_an_appeal_is_decided_by_two_others(stage, heard, act, person):
    trade = stage.trade
    trade.commission("second issuer", DECIDE)
    values = granting(stage, heard) if act is IssueLicense else {"record": heard} | PAPER
    answer = trade.refusal(act, person, 1, **values)
    four_eyes = ("FourEyes", {"agent": trade.agent_number("issuer", 1), "record": stage.refused})
    assert answer == (four_eyes if person == "issuer" else None)


# What continues a license


def test_an_application_may_continue_a_license_of_its_exporter(stage):
    assert apply(stage, continues=stage.bare) is None


def test_an_application_does_not_continue_a_license_that_went_to_another(stage):
    stage.trade.act(TransferLicense, "issuer", 1, record=stage.bare, to=stage.heir, **PAPER)
    answer = apply(stage, continues=stage.bare)
    assert answer == ("WrongOrganization", {"organization": 2, "required": stage.heir})


def test_an_application_continues_a_license_of_its_own_kind_only(stage):
    answer = apply(stage, continues=stage.bare, kind=4)
    assert answer == ("OutOfRange", {"field": "kind", "value": 4, "minimum": 1, "maximum": 1})


# What continues a delivered shipment (I11)


ONWARD = pytest.mark.parametrize("kind", [5, 6])


@ONWARD
def test_a_retransfer_or_reexport_continues_a_delivered_shipment(stage, kind):
    assert apply(stage, kind=kind, continues=stage.delivered) is None


@ONWARD
def test_a_retransfer_or_reexport_of_no_shipment_known_is_refused(stage, kind):
    assert apply(stage, kind=kind, continues=stage.bare) == ("UnknownRecord", {"record": stage.bare})


@pytest.mark.parametrize("name", ["registered", "cleared", "departed", "cancelled", "returned", "seized"])
def test_only_what_was_delivered_is_passed_on(stage, name):
    record = getattr(stage, name)
    status = stage.trade.view("Shipments", "shipmentOf", record).shipment.status
    answer = apply(stage, kind=5, continues=record)
    assert answer == ("WrongStatus", {"record": record, "status": status, "allowed": 1 << 4})


def test_a_stranger_to_a_shipment_does_not_pass_it_on(stage):
    answer = apply(stage, "heir clerk", stage.heir, kind=5, continues=stage.delivered)
    assert answer == ("NotAParty", {"organization": stage.heir, "record": stage.delivered})


def test_the_end_user_passes_on_what_was_delivered_to_it(stage):
    trade = stage.trade
    people = {"hub admin": ADMIN, "hub clerk": APPLY | CUSTODY}
    hub = trade.register("hub", EXPORTER | END_USER, people)
    party = Party(organization=hub, role=6)
    trade.assess(application := trade.apply(4, parties=(party,)))
    shipment = trade.ship(trade.issue(application), 4, end_user=hub)
    trade.report_delivery(shipment, "clerk", 2, 4)
    assert apply(stage, "hub clerk", hub, kind=6, continues=shipment) is None


@ONWARD
@pytest.mark.parametrize("count", [1, 2])
def test_no_more_lines_are_passed_on_than_were_shipped(stage, kind, count):
    answer = apply(stage, kind=kind, continues=stage.delivered, lines=(LINE,) * count)
    bounds = {"field": "lines", "value": 2, "minimum": 1, "maximum": 1}
    assert answer == (None if count == 1 else ("OutOfRange", bounds))


@pytest.mark.parametrize("changed", [{"unit": b"KGM"}, {"decimals": 1}])
@pytest.mark.parametrize("amended", [False, True])
def test_i2_a_line_that_is_passed_on_keeps_its_unit(stage, changed, amended):
    lines = (dataclasses.replace(LINE, **changed),)
    if amended:
        record = stage.trade.apply(1, kind=5, continues=stage.delivered)
        answer = amend(stage, record=record, lines=lines)
    else:
        answer = apply(stage, kind=5, continues=stage.delivered, lines=lines)
    values = {"record": stage.delivered, "line": 0, "unit": NAR, "decimals": 0} | changed
    assert answer == ("UnitMismatch", values)


@pytest.mark.parametrize(("kind", "taken"), [(5, True), (6, True), (1, False)])
def test_a_line_that_is_passed_on_may_grant_nothing(stage, kind, taken):
    continues = stage.delivered if taken else ZERO32
    answer = apply(stage, kind=kind, continues=continues, lines=(dataclasses.replace(LINE, granted=0),))
    bounds = {"field": "granted", "value": 0, "minimum": 1, "maximum": 2**80 - 1}
    assert answer == (None if taken else ("OutOfRange", bounds))


# Brokering


@pytest.mark.parametrize("ask", [apply, amend])
@pytest.mark.parametrize("named", [True, False])
def test_brokering_names_a_broker(stage, ask, named):
    trade = stage.trade
    number = trade.register("middleman", BROKER, {"middleman": ADMIN})
    broker = Party(organization=number, role=7)
    record = trade.apply(1, kind=8, parties=(END, broker))
    target = {"kind": 8} if ask is apply else {"record": record}
    answer = ask(stage, parties=(END, broker) if named else (END,), **target)
    assert (answer and (answer[0], answer[1]["role"])) == (None if named else ("PartyMissing", 7))
