"""Does verification follow goods through splits, orders and mandates, and an organization through its keys?"""

import pytest

from ledger.acts.manifests import CancelShipment, Draw, RegisterShipment
from ledger.acts.orders import RecallShipment, Regularize, ReleaseSeizure, SeizeShipment
from ledger.acts.organizations import DismissAgent, RecoverOrganization, RotateAgentKeys, SuspendOrganization
from ledger.acts.reports import ReportDiscrepancy, ReportLoss
from ledger.ids import ZERO32
from ledger.provenance import verify_shipment
from ledger.records.codes import Irregular
from tests.integration.provenance_journeys import (
    entrust,
    grades,
    order_to,
    said,
    split,
    to_end_user,
    to_forwarder,
    under_way,
)
from tests.scenario import ADMIN, CUSTODY, DAY, DOCUMENT, REGISTER, SHIP, keys_of, salt_of


@pytest.fixture
def report(trade):
    """The report on a shipment, at the node's head."""
    return lambda shipment: verify_shipment(trade.node, trade.deployment, shipment)


# Parts


def test_a_part_goes_back_through_the_shipment_that_was_split(trade, report):
    shipment = under_way(trade, trade.ship(trade.license(10), 9, share=10), 9)
    first, _ = split(trade, shipment, (7, 3), (5, 4))
    to_end_user(trade, first, 5)
    found = report(first)
    assert (found.verdict, grades(found)) == ("holds", ("A", "A", "A", "A"))


def test_a_part_that_nothing_was_done_with_holds(trade, report):
    shipment = under_way(trade, trade.ship(trade.license(10), 9), 9)
    assert report(split(trade, shipment, (0, 0), (5, 4))[1]).verdict == "holds"


def test_a_part_of_a_part_holds(trade, report):
    shipment = under_way(trade, trade.ship(trade.license(10), 9), 9)
    part = split(trade, shipment, (0, 0), (5, 4))[0]
    smaller = split(trade, part, (0, 0), (3, 2))[1]
    to_end_user(trade, smaller, 2)
    assert report(smaller).verdict == "holds"


def test_a_shipment_that_was_split_holds(trade, report):
    shipment = under_way(trade, trade.ship(trade.license(10), 9), 9)
    split(trade, shipment, (0, 0), (5, 4))
    found = report(shipment)
    assert (found.verdict, "The shipment was split into 2 parts." in said(found, "holds")["P5"]) == ("holds", True)


def test_a_part_that_is_cancelled_gives_its_draw_back(trade, report):
    licensed = trade.license(10)
    shipment = trade.ship(licensed, 9, share=10)
    to_forwarder(trade, shipment, 9)
    first, second = split(trade, shipment, (7, 3), (5, 4))
    trade.offer(first, "forwarder clerk", trade.forwarder, trade.exporter)
    trade.accept_goods(first, "clerk", trade.exporter, 5)
    trade.act(CancelShipment, "clerk", trade.exporter, record=first)
    sibling = report(second)
    assert (report(first).verdict, sibling.verdict) == ("holds", "holds")
    assert "Of license line 0, 4 of 10 are drawn, by shipments: 1." in said(sibling, "holds")["P5"]


# Orders


def test_an_ordered_handoff_holds_with_grade_o(trade, report):
    shipment = under_way(trade, trade.ship(trade.license(10), 9), 9)
    order_to(trade, shipment, trade.carrier)
    found = report(shipment)
    assert (found.verdict, found.grades.weakest()) == ("holds", ("custody", "O"))


def test_an_ordered_handoff_that_the_receiver_confirms_holds_with_grade_a(trade, report):
    shipment = under_way(trade, trade.ship(trade.license(10), 9), 9)
    ordered = order_to(trade, shipment, trade.carrier)
    trade.confirm_report(shipment, "driver", trade.carrier, ordered)
    found = report(shipment)
    assert (found.verdict, grades(found)[2]) == ("holds", "A")


def test_seized_goods_are_questioned_until_they_are_released(trade, report):
    shipment = under_way(trade, trade.ship(trade.license(10), 9), 9)
    values = {"record": shipment, "document": DOCUMENT}
    trade.act(SeizeShipment, "customs officer", trade.customs, reason=1, **values)
    seized = said(report(shipment), "questioned")
    trade.act(ReleaseSeizure, "inspector", trade.authority, to=trade.carrier, **values)
    found = report(shipment)
    assert (list(seized), found.verdict, grades(found)[2]) == (["P8"], "holds", "O")


def test_a_recall_is_questioned_while_goods_are_under_way(trade, report):
    shipment = under_way(trade, trade.ship(trade.license(10), 9), 9)
    trade.act(RecallShipment, "enforcer", trade.authority, record=shipment, reason=1)
    assert said(report(shipment), "questioned") == {"P4": ["The authority has recalled the shipment."]}


def test_broken_rules_are_told_and_no_longer_questioned_once_two_officers_regularized_them(trade, report):
    shipment = trade.ship(trade.license(10), 10)
    trade.report_movement(shipment, "recorder", trade.authority, 10, to=trade.carrier)
    values = {"record": shipment, "bits": Irregular.UNILATERAL, "document": DOCUMENT}
    trade.act(Regularize, "enforcer", trade.authority, **values)
    proposed = report(shipment).verdict
    trade.act(Regularize, "second enforcer", trade.authority, **values)
    assert (proposed, report(shipment).verdict) == ("questioned", "holds")


def test_a_loss_and_a_discrepancy_are_questioned(trade, report):
    shipment = under_way(trade, trade.ship(trade.license(10), 9), 9)
    trade.act(ReportLoss, "forwarder clerk", trade.forwarder, record=shipment, document=DOCUMENT, lost=(2,))
    values = {"record": shipment, "subject": ZERO32, "document": DOCUMENT}
    trade.act(ReportDiscrepancy, "clerk", trade.exporter, **values)
    questions = said(report(shipment), "questioned")
    assert (list(questions), len(questions["P8"])) == (["P8"], 2)


# Mandates, recoveries, keys


def test_an_offer_under_a_mandate_is_not_the_holders_own(trade, report):
    entrust(trade, trade.forwarder, 86)
    shipment = trade.ship(trade.license(10), 9)
    trade.clear(shipment)
    trade.offer(shipment, "forwarder clerk", trade.exporter, trade.forwarder)
    trade.accept_goods(shipment, "forwarder clerk", trade.forwarder, 9)
    found = report(shipment)
    assert (found.verdict, grades(found)[2]) == ("holds", "B")
    assert any("under a mandate (B)" in text for text in said(found, "holds")["P6"])


def test_a_shipment_that_a_delegate_registers_holds_and_names_whose_agent_signed(trade, report):
    entrust(trade, trade.forwarder, 80, 85)
    trade.appoint("forwarder admin", trade.forwarder, "forwarding shipper", SHIP | CUSTODY)
    values = {"license": trade.license(10), "end_user": trade.end_user, "share": 0, "waybill": ZERO32}
    draws = (Draw(line=0, quantity=9),)
    values |= {"document": DOCUMENT, "draws": draws}
    shipment = trade.act(RegisterShipment, "forwarding shipper", trade.exporter, **values).record
    trade.clear(shipment)
    trade.depart(shipment, "forwarding shipper", trade.exporter)
    found = report(shipment)
    assert (
        found.verdict,
        "Organization 3 signed RegisterShipment for organization 2." in said(found, "holds")["P1"],
    ) == (
        "holds",
        True,
    )


def test_what_was_signed_with_a_key_said_to_be_compromised_is_questioned_by_name(trade, report):
    shipment = trade.ship(trade.license(10), 9)
    trade.advance(DAY)
    since = trade.time
    trade.clear(shipment)
    trade.offer(shipment, "clerk", trade.exporter, trade.forwarder)
    trade.accept_goods(shipment, "forwarder clerk", trade.forwarder, 9)
    record = trade.agent(trade.exporter, "clerk")
    trade.act(DismissAgent, "export admin", trade.exporter, record=record, reason=1, compromised_since=since)
    (text,) = said(report(shipment), "questioned")["P10"]
    assert text.startswith("OfferHandoff was signed by agent 0x")


def test_an_organization_that_was_recovered_goes_on_with_a_new_administrator(trade, report):
    trade.commission("second registrar", REGISTER)
    shipment = trade.ship(trade.license(10), 9)
    record = trade.organization(trade.exporter)
    for person in ("registrar", "second registrar"):
        trade.act(RecoverOrganization, person, trade.authority, record=record, document=DOCUMENT)
    trade.appoint("registrar", trade.exporter, "new export admin", ADMIN)
    trade.appoint("new export admin", trade.exporter, "new clerk", SHIP | CUSTODY)
    trade.clear(shipment)
    trade.depart(shipment, "new clerk", trade.exporter)
    assert report(shipment).verdict == "holds"


def test_keys_that_were_rotated_leave_everything_standing(trade, report):
    shipment = trade.ship(trade.license(10), 9)
    record, new = trade.agent(trade.exporter, "clerk"), keys_of("new keys").public
    for person in ("clerk", "export admin"):
        trade.act(RotateAgentKeys, person, trade.exporter, record=record, ed25519=new.ed25519, x25519=salt_of(person))
    assert report(shipment).verdict == "holds"


def test_a_suspended_holder_hands_goods_to_a_refuge_only(trade, report):
    shipment = under_way(trade, trade.ship(trade.license(10), 9), 9)
    record = trade.organization(trade.forwarder)
    trade.act(SuspendOrganization, "enforcer", trade.authority, record=record, reason=1)
    trade.offer(shipment, "forwarder clerk", trade.forwarder, trade.customs)
    trade.accept_goods(shipment, "customs officer", trade.customs, 9)
    assert report(shipment).verdict == "holds"
