"""Is a broken rule of splits, later journeys, orders and mandates found? As test_provenance_forged."""

import dataclasses

import pytest

from ledger.acts.act import RecordKind
from ledger.acts.applications import ApplyForLicense
from ledger.acts.custody import AcceptHandoff, OfferHandoff
from ledger.acts.licensing import IssueLicense
from ledger.acts.manifests import RegisterShipment, SplitShipment
from ledger.acts.orders import OrderHandoff, RecallShipment, Regularize, SeizeShipment
from ledger.acts.organizations import DismissAgent, GrantMandate, RecoverOrganization, SuspendOrganization
from ledger.acts.reports import ReportLoss
from ledger.provenance import judge
from ledger.records.codes import Irregular
from tests.scenario import DOCUMENT, salt_of
from tests.unit.provenance_parts import Forgery, at, failed, found_in, order, seq_of, without
from tests.unit.provenance_stories import STORIES, a_mandate, a_part, a_retransfer, an_order, told


@pytest.fixture(scope="module")
def histories(settled_trade):
    return {story: told(settled_trade, story) for story in STORIES}


@pytest.fixture
def forge(histories, settled_trade):
    return lambda story: Forgery(histories[story], settled_trade.deployment)


@pytest.mark.parametrize("story", STORIES)
def test_a_forgery_that_changes_nothing_fails_nothing(forge, story):
    assert found_in(forge(story).report()) == {}


# Parts


TAMPERED = {
    "more in the parts than was held": {"quantities": (5, 5)},
    "more value in the parts than the shipment had": {"shares": (7, 4)},
    "a part that is missing": {"quantities": (5,), "shares": (7,)},
    "an empty part": {"quantities": (9, 0)},
    "a quantity without a part": {"quantities": (5, 4, 0)},
}


@pytest.mark.parametrize("what", TAMPERED)
def test_a_split_fails_conservation_that_has(forge, what):
    forgery = forge(a_part)
    forgery.of(SplitShipment).change(**TAMPERED[what])
    assert at(forgery, SplitShipment) in failed(forgery, "P5")


def test_a_part_whose_split_is_left_out_fails_completeness(histories, settled_trade):
    history = histories[a_part]
    following = seq_of(history, OfferHandoff, 1)
    report = judge(without(history, seq_of(history, SplitShipment)), settled_trade.deployment)
    assert following in found_in(report)["P2"]


def test_a_split_of_goods_that_are_offered_breaks_custody(forge):
    forgery = forge(a_part)
    forgery.copy(forgery.of(OfferHandoff, 0), after=forgery.of(SplitShipment))
    offered, cut = forgery.of(OfferHandoff, 1), forgery.of(SplitShipment)
    forgery.move(offered, before=cut)
    offered.change(organization=3, to=6, deadline=offered.act.deadline + 1)
    offered.person = "forwarder clerk"
    assert at(forgery, SplitShipment) in failed(forgery, "P6")


# Later journeys


def test_more_passed_on_than_was_delivered_fails_the_later_journey(forge):
    forgery = forge(a_retransfer)
    asked, issued = forgery.of(ApplyForLicense, 1), forgery.of(IssueLicense, 1)
    asked.change(lines=(dataclasses.replace(asked.act.lines[0], granted=7),))
    issued.retouch(lambda delta: delta if len(delta) == 32 else delta[:-1] + b"\7")
    assert failed(forgery, "P15") == {at(forgery, IssueLicense, 1)}


def test_a_license_that_continues_otherwise_than_its_lines_say_fails_the_later_journey(forge):
    forgery = forge(a_retransfer)
    forgery.of(IssueLicense, 1).retouch(lambda delta: delta if len(delta) == 32 else delta[:-1] + b"\4")
    assert failed(forgery, "P15") == {at(forgery, IssueLicense, 1)}


def test_a_retransfer_of_one_who_had_no_part_in_the_delivery_fails_the_later_journey(forge):
    forgery = forge(a_retransfer)
    forgery.of(ApplyForLicense, 1).change(organization=3)
    assert at(forgery, IssueLicense, 1) in failed(forgery, "P15")


def test_what_fails_on_the_first_export_fails_the_later_journey(forge):
    forgery = forge(a_retransfer)
    forgery.drop(forgery.of(OfferHandoff))
    assert at(forgery, AcceptHandoff) in failed(forgery, "P15")


# Orders


def test_an_order_of_an_officer_without_the_power_fails_its_authority(forge):
    forgery = forge(an_order)
    forgery.of(OrderHandoff).person = "recorder"
    assert failed(forgery, "P1") == {at(forgery, OrderHandoff)}


def test_an_order_of_another_than_the_licenses_authority_breaks_custody(forge):
    forgery = forge(an_order)
    forgery.of(OrderHandoff).change(organization=5)
    assert failed(forgery, "P6") == {at(forgery, OrderHandoff)}


def test_an_order_to_who_holds_the_goods_fails_the_handoff(forge):
    forgery = forge(an_order)
    forgery.of(OrderHandoff).change(to=6)
    assert failed(forgery, "P7") == {at(forgery, OrderHandoff)}


def test_rules_that_one_officer_regularized_alone_break_custody(forge):
    forgery = forge(an_order)
    second = forgery.of(Regularize, 1)
    second.person = "enforcer"
    second.change(deadline=second.act.deadline + 1)
    assert failed(forgery, "P6") == {at(forgery, Regularize, 1)}


def test_a_rule_that_nobody_broke_cannot_be_regularized(forge):
    forgery = forge(an_order)
    for nth in (0, 1):
        forgery.of(Regularize, nth).change(bits=Irregular.LATE)
    assert failed(forgery, "P6") == {at(forgery, Regularize), at(forgery, Regularize, 1)}


def test_a_seizure_of_one_who_may_not_inspect_breaks_custody(forge):
    forgery = forge(an_order)
    ordered = forgery.of(OrderHandoff)
    values = {"reason": 1, "document": DOCUMENT}
    seized = order(forgery, SeizeShipment, "forwarder clerk", ordered.act.record, ordered, **values)
    seized.change(organization=3)
    assert at(forgery, SeizeShipment) in failed(forgery, "P6")


def test_a_recall_of_another_than_the_licenses_authority_breaks_custody(forge):
    forgery = forge(an_order)
    ordered = forgery.of(OrderHandoff)
    order(forgery, RecallShipment, "customs officer", ordered.act.record, ordered, reason=1).change(organization=5)
    assert failed(forgery, "P6") == {at(forgery, RecallShipment)}


def test_a_loss_of_more_than_was_held_fails_conservation(forge):
    forgery = forge(an_order)
    ordered = forgery.of(OrderHandoff)
    values = {"document": DOCUMENT, "lost": (10,)}
    draft = order(forgery, ReportLoss, "recorder", ordered.act.record, ordered, **values)
    # A note stands on the head that the act before it left.
    draft.entry = dataclasses.replace(draft.entry, version=forgery.of(Regularize, 1).entry.version)
    assert at(forgery, ReportLoss) in failed(forgery, "P5")


# Mandates, suspensions, recoveries


def test_an_act_for_another_without_a_mandate_fails_its_authority(forge):
    forgery = forge(a_mandate)
    forgery.drop(forgery.of(GrantMandate))
    assert failed(forgery, "P1") == {at(forgery, RegisterShipment), at(forgery, OfferHandoff)}


def test_an_act_after_its_mandate_ended_fails_its_authority(forge):
    forgery = forge(a_mandate)
    forgery.of(GrantMandate).change(until=forgery.of(OfferHandoff).entry.time)
    assert failed(forgery, "P1") == {at(forgery, OfferHandoff)}


def test_an_act_that_its_mandate_does_not_name_fails_its_authority(forge):
    forgery = forge(a_mandate)
    forgery.of(GrantMandate).change(kinds=(80,))
    assert failed(forgery, "P1") == {at(forgery, OfferHandoff)}


def test_a_mandate_for_the_other_sides_own_word_fails_its_authority(forge):
    forgery = forge(a_mandate)
    forgery.of(GrantMandate).change(kinds=(80, 86, 88))
    assert failed(forgery, "P1") == {at(forgery, GrantMandate)}


def exporter(forgery, histories, story):
    return histories[story].numbers[RecordKind.ORGANIZATION, 2]


def test_a_permission_of_a_suspended_organization_fails_its_authority(forge, histories):
    forgery = forge(a_mandate)
    record = exporter(forgery, histories, a_mandate)
    order(forgery, SuspendOrganization, "enforcer", record, forgery.of(RegisterShipment), reason=1)
    report = forgery.report()
    assert at(forgery, RegisterShipment) in found_in(report)["P1"]
    assert found_in(report)["P7"] == {at(forgery, OfferHandoff)}


def test_a_suspension_by_another_than_the_sponsor_fails_its_authority(forge, histories):
    forgery = forge(a_mandate)
    record = exporter(forgery, histories, a_mandate)
    order(forgery, SuspendOrganization, "customs officer", record, forgery.of(RegisterShipment), reason=1).change(
        organization=5
    )
    assert at(forgery, SuspendOrganization) in failed(forgery, "P1")


def recovered(forgery, histories, *people):
    """The exporter recovered right before the shipment is registered."""
    record, before = exporter(forgery, histories, a_mandate), forgery.of(RegisterShipment)
    for number, person in enumerate(people):
        draft = order(forgery, RecoverOrganization, person, record, before, document=DOCUMENT)
        draft.change(deadline=draft.act.deadline + number)
        draft.entry = dataclasses.replace(draft.entry, record_head=salt_of(("recovery", number)))


def test_a_recovery_by_one_agent_fails_its_authority(forge, histories):
    forgery = forge(a_mandate)
    recovered(forgery, histories, "registrar", "registrar")
    assert at(forgery, RecoverOrganization, 1) in failed(forgery, "P1")


def test_a_mandate_of_before_a_recovery_is_over(forge, histories):
    forgery = forge(a_mandate)
    recovered(forgery, histories, "registrar", "registrar")
    assert {at(forgery, RegisterShipment), at(forgery, OfferHandoff)} <= failed(forgery, "P1")


def dismissed(forgery, since):
    """The forwarder's clerk, dismissed at the end with compromised keys."""
    accepted = next(d for d in forgery.drafts if d.person == "forwarder clerk" and d.act.RECORD is RecordKind.AGENT)
    last = forgery.drafts[-1]
    draft = forgery.copy(accepted, after=last)
    common = {"record": accepted.act.record, "parent": bytes(32), "organization": 3, "deadline": last.act.deadline}
    draft.act, draft.person = DismissAgent(**common, reason=1, compromised_since=since), "forwarder admin"
    draft.entry = dataclasses.replace(draft.entry, kind=DismissAgent.KIND, record_head=salt_of("dismissed"))


@pytest.mark.parametrize(("later", "questioned"), [(0, True), (1, False)])
def test_a_compromised_key_puts_in_question_what_it_signed_since(forge, later, questioned):
    forgery = forge(a_mandate)
    accepted = forgery.of(AcceptHandoff)
    dismissed(forgery, accepted.entry.time + later)
    found = found_in(forgery.report(), "questioned").get("P10", set())
    assert found == ({at(forgery, AcceptHandoff)} if questioned else set())
