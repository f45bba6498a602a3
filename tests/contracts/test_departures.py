"""What departs under signed certificates, what a departure fixes, and who hands over for whom."""

import dataclasses

import pytest

from ledger.acts.applications import Party
from ledger.acts.certificates import CosignCertificate, EndorseCertificate
from ledger.acts.custody import AcceptHandoff, DepartShipment, OfferHandoff, RefuseHandoff, WithdrawOffer
from ledger.acts.organizations import GrantMandate, SuspendOrganization
from ledger.acts.reports import ConfirmDelivery, ReportMovement
from ledger.ids import ZERO32
from tests.contracts.examples import HOUR, LINE, YEAR
from tests.scenario import ADMIN, CERTIFY, CONSIGNEE, DOCUMENT, END_USER, TERMS, salt_of

BY_EXPORTER, BY_CONSIGNEE, BY_AUTHORITY = 8, 32, 1


def shipment_of(stage, record):
    return stage.trade.view("Shipments", "shipmentOf", record).shipment


def depart(stage, shipment, person="clerk", organization=2, **changed):
    values = {"record": shipment, "occurred_at": stage.trade.time, "document": ZERO32}
    return stage.trade.refusal(DepartShipment, person, organization, **(values | changed))


def offer(stage, shipment, to, person="clerk", organization=2):
    values = {"record": shipment, "occurred_at": stage.trade.time, "to": to, "seal": ZERO32}
    return stage.trade.refusal(OfferHandoff, person, organization, **values)


# Certificate signers


@pytest.fixture
def consignee(stage):
    return stage.trade.register("consignee", CONSIGNEE, {"consignee admin": ADMIN, "consignee": CERTIFY})


def cosign(stage, certificate, person, organization, role):
    stage.trade.act(CosignCertificate, person, organization, record=certificate, role=role, document=DOCUMENT)


def shipped(stage, certificates, signers, *parties, **terms):
    """A shipment of one line a certificate, under a policy that asks these signers."""
    trade = stage.trade
    asked = {"clearance_required": False, "certificate_signers": signers} | terms
    trade.adopt(dataclasses.replace(TERMS, **asked))
    lines = tuple(dataclasses.replace(LINE, certificate=certificate, granted=1) for certificate in certificates)
    named = (Party(organization=6, role=6), *parties)
    trade.assess(application := trade.apply(1, lines=lines, parties=named))
    return trade.ship(trade.issue(application), *(1 for _ in certificates))


@pytest.mark.parametrize("needed", [0, BY_EXPORTER, BY_AUTHORITY, BY_EXPORTER | BY_AUTHORITY])
@pytest.mark.parametrize("signed", [0, BY_EXPORTER, BY_AUTHORITY, BY_EXPORTER | BY_AUTHORITY])
def test_i10_nothing_departs_without_the_signers_that_its_policy_asks(stage, needed, signed):
    certificate = stage.trade.certificate(9)
    if signed & BY_EXPORTER:
        cosign(stage, certificate, "clerk", 2, 3)
    if signed & BY_AUTHORITY:
        stage.trade.act(EndorseCertificate, "recorder", 1, record=certificate, document=DOCUMENT)
    shipment = shipped(stage, [certificate], needed)
    values = {"shipment": shipment, "signers": signed, "required": needed}
    expected = ("CertificateUnsigned", values) if needed & ~signed else None
    assert depart(stage, shipment) == expected


@pytest.mark.parametrize("named", [True, False])
def test_i10_a_consignee_counts_where_the_license_names_it_as_such(stage, consignee, named):
    certificate = stage.trade.certificate(9)
    cosign(stage, certificate, "consignee", consignee, 5)
    parties = (Party(organization=consignee, role=5),) if named else ()
    shipment = shipped(stage, [certificate], BY_CONSIGNEE, *parties)
    values = {"shipment": shipment, "signers": 0, "required": BY_CONSIGNEE}
    assert depart(stage, shipment) == (None if named else ("CertificateUnsigned", values))


@pytest.mark.parametrize("both", [True, False])
def test_i10_every_certificate_behind_the_lines_is_signed(stage, both):
    first, second = stage.trade.certificate(9), stage.trade.certificate(9)
    for certificate in (first, second)[: 2 if both else 1]:
        cosign(stage, certificate, "clerk", 2, 3)
    answer = depart(stage, shipped(stage, [first, second], BY_EXPORTER))
    assert (answer and answer[0]) == (None if both else "CertificateUnsigned")


def test_i10_a_line_without_certificate_has_no_signers(stage):
    answer = depart(stage, shipped(stage, [ZERO32], BY_EXPORTER, certificate_grade=0))
    assert answer[0] == "CertificateUnsigned"


def test_an_exempt_end_user_needs_no_signers_either(stage):
    assert depart(stage, shipped(stage, [ZERO32], BY_EXPORTER, exempt_roles=END_USER)) is None


def test_the_grade_is_asked_before_the_signers(stage):
    answer = depart(stage, shipped(stage, [stage.trade.paper_certificate(9)], BY_EXPORTER))
    assert answer[0] == "CertificateGradeTooLow"


# What a departure fixes


@pytest.mark.parametrize("early", [0, 1])
def test_a_departure_is_the_last_custody_fact_and_nothing_is_dated_before_it(stage, early):
    trade = stage.trade
    trade.depart(stage.cleared)
    left = shipment_of(stage, stage.cleared).lastFact
    trade.advance(HOUR)
    values = {"record": stage.cleared, "occurred_at": left - early, "to": 3, "seal": ZERO32}
    answer = trade.refusal(OfferHandoff, "clerk", 2, **values)
    assert answer == (("OccurredBeforeLastFact", {"occurredAt": left - 1, "lastFact": left}) if early else None)


def test_a_departure_keeps_an_open_offer(stage):
    trade = stage.trade
    trade.offer(stage.cleared, "clerk", 2, 3)
    trade.depart(stage.cleared)
    assert (shipment_of(stage, stage.cleared).status, shipment_of(stage, stage.cleared).offeredTo) == (3, 3)


# Who offered


def test_an_offer_of_the_responsible_after_the_holders_was_withdrawn_is_graded_b(stage):
    """The forwarder holds what the exporter reported; the grade is that of the offer that was accepted."""
    trade = stage.trade
    trade.offer(stage.reported, "forwarder clerk", 3, 4)
    trade.act(WithdrawOffer, "forwarder clerk", 3, record=stage.reported)
    trade.offer(stage.reported, "clerk", 2, 4)
    trade.accept_goods(stage.reported, "driver", 4, 4)
    assert shipment_of(stage, stage.reported).grade == 1


def mandate(stage, *kinds, delegate=7):
    values = {"delegate": delegate, "until": stage.trade.time + YEAR, "kinds": kinds}
    stage.trade.act(GrantMandate, "export admin", 2, record=stage.trade.organization(2), **values)


def test_an_offer_under_a_mandate_is_not_the_holders_own_and_its_handoff_is_graded_b(stage):
    mandate(stage, 86)
    stage.trade.offer(stage.departed, "stranger", 2, 3)
    stage.trade.accept_goods(stage.departed, "forwarder clerk", 3, 4)
    found = shipment_of(stage, stage.departed)
    assert (found.holder, found.grade) == (3, 1)


def test_a_delegate_that_departs_the_goods_answers_for_them(stage):
    mandate(stage, 85, delegate=7)
    answer = depart(stage, stage.cleared, "stranger")
    assert (answer[0], answer[1]["required"]) == ("PowerMissing", 1 << 11)
    stage.trade.appoint("stranger admin", 7, "shipping agent", 1 << 11)
    stage.trade.depart(stage.cleared, "shipping agent", 2)
    found = shipment_of(stage, stage.cleared)
    assert (found.flags >> 4 & 3, found.responsible) == (1, 7)


def test_a_report_under_a_mandate_is_the_represented_ones_and_its_delegate_answers(stage):
    mandate(stage, 110)
    stage.trade.report_movement(stage.departed, "stranger", 2, 4, to=3)
    found = shipment_of(stage, stage.departed)
    assert (found.responsible, found.irregular) == (7, 0)


def test_a_mandate_does_not_reach_what_it_does_not_name(stage):
    mandate(stage, 86)
    values = {"record": stage.departed, "occurred_at": stage.trade.time, "document": DOCUMENT}
    moved = {"movement": 1, "to": 3, "counted": (4,)}
    assert stage.trade.refusal(ReportMovement, "stranger", 2, **values, **moved)[0] == "NotAnAgent"


# Suspended organizations (I8)


def suspend(stage, organization):
    record = stage.trade.organization(organization)
    stage.trade.act(SuspendOrganization, "enforcer", 1, record=record, reason=1)


@pytest.mark.parametrize("to", [4, 6, 2, 5, 1])
def test_i8_a_suspended_holder_hands_its_goods_to_a_refuge_only(stage, to):
    trade = stage.trade
    trade.accept_goods(stage.offered, "forwarder clerk", 3, 4)
    suspend(stage, 3)
    answer = offer(stage, stage.offered, to, "forwarder clerk", 3)
    assert answer == (("OrganizationSuspended", {"organization": 3}) if to in (4, 6) else None)


def test_i8_nobody_hands_goods_to_a_suspended_organization(stage):
    before = offer(stage, stage.departed, 3)
    suspend(stage, 3)
    after = offer(stage, stage.departed, 3)
    assert (before, after) == (None, ("NotAReceiver", {"organization": 3, "shipment": stage.departed}))


def test_i8_a_suspended_organization_refuses_what_it_was_offered_and_does_not_accept_it(stage):
    suspend(stage, 3)
    seal = {"seal": salt_of("seal"), "seal_state": 1, "reservation": False, "document": ZERO32}
    counted = {"occurred_at": stage.trade.time, "counted": (4,)}
    accept = stage.trade.refusal(AcceptHandoff, "forwarder clerk", 3, record=stage.offered, **seal, **counted)
    refuse = stage.trade.refusal(RefuseHandoff, "forwarder clerk", 3, record=stage.offered, reason=1)
    assert (accept, refuse) == (("OrganizationSuspended", {"organization": 3}), None)


def test_i8_a_suspended_exporter_departs_nothing_and_takes_its_offer_back(stage):
    suspend(stage, 2)
    withdraw = stage.trade.refusal(WithdrawOffer, "clerk", 2, record=stage.offered)
    assert (depart(stage, stage.cleared), withdraw) == (("OrganizationSuspended", {"organization": 2}), None)


def test_i8_a_suspended_exporter_receives_its_goods_home_only_by_report(stage):
    """It is not active, so no receiver; the report says what happened, and sets the bit."""
    trade = stage.trade
    trade.accept_goods(stage.offered, "forwarder clerk", 3, 4)
    suspend(stage, 2)
    answer = offer(stage, stage.offered, 2, "forwarder clerk", 3)
    trade.report_movement(stage.offered, "forwarder clerk", 3, 4, to=2)
    assert (answer[0], shipment_of(stage, stage.offered).irregular) == ("NotAReceiver", 1 << 5)


def test_i8_a_suspended_end_user_confirms_its_delivery(stage):
    suspend(stage, 6)
    values = {"record": stage.arrived, "occurred_at": stage.trade.time, "document": ZERO32, "counted": (4,)}
    assert stage.trade.refusal(ConfirmDelivery, "storekeeper", 6, **values) is None


def test_i8_a_suspended_delegate_signs_nothing_onward_for_another(stage):
    mandate(stage, 86)
    suspend(stage, 7)
    answer = offer(stage, stage.departed, 3, "stranger")
    assert (answer[0], offer(stage, stage.departed, 5, "stranger")) == ("OrganizationSuspended", None)
