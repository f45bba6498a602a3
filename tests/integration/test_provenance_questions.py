"""Does verification question what a person must look at, and refuse what it cannot use?"""

import dataclasses

import pytest

from ledger.acts.certificates import RevokeCertificate
from ledger.acts.orders import ResumeShipment, SuspendLicense
from ledger.chain.node import Node
from ledger.errors import InvalidField, Refused, Unavailable
from ledger.provenance import verify_shipment
from tests.integration.provenance_journeys import (
    delivered,
    said,
)
from tests.scenario import END_USER, salt_of

HOUR = 3600


@pytest.fixture
def report(trade):
    """The report on a shipment, at the node's head."""
    return lambda shipment: verify_shipment(trade.node, trade.deployment, shipment)


def test_a_certificate_from_paper_is_questioned_before_departure(trade, report):
    application = trade.apply(10, certificate=trade.paper_certificate(10))
    trade.assess(application)
    found = report(trade.ship(trade.issue(application), 10))
    assert list(said(found, "questioned")) == ["P3"]


def test_a_suspension_that_stands_is_questioned_while_goods_are_under_way(trade, report):
    licensed = trade.license(10)
    shipment = trade.ship(licensed, 10)
    trade.act(SuspendLicense, "enforcer", trade.authority, record=licensed, reason=1)
    assert list(said(report(shipment), "questioned")) == ["P4"]


def test_a_hold_is_questioned_until_it_is_resumed(trade, report):
    shipment = trade.ship(trade.license(10), 10)
    trade.hold(shipment)
    held = report(shipment).verdict
    trade.act(ResumeShipment, "customs officer", trade.customs, record=shipment, hold_of=trade.customs)
    assert (held, report(shipment).verdict) == ("questioned", "holds")


def test_a_revoked_certificate_is_questioned_while_goods_are_under_way(trade, report):
    certificate = trade.certificate(10)
    application = trade.apply(10, certificate=certificate)
    trade.assess(application)
    shipment = trade.ship(trade.issue(application), 10)
    trade.clear(shipment)
    trade.depart(shipment)
    trade.act(RevokeCertificate, "official", trade.end_user, record=certificate, reason=1)
    assert list(said(report(shipment), "questioned")) == ["P3"]


def test_a_departure_reported_without_clearance_is_questioned_with_its_bit(trade, report):
    shipment = trade.ship(trade.license(10), 10)
    trade.report_movement(shipment, "clerk", trade.exporter, 10, movement=2)
    questions = said(report(shipment), "questioned")
    assert (list(questions), questions["P8"]) == (["P4", "P8"], ["The report breaks a rule: clearance."])


def test_a_late_report_is_questioned_with_the_hours(trade, report):
    shipment = trade.ship(trade.license(10), 10)
    then = trade.time
    trade.advance(100 * HOUR)
    trade.report_movement(shipment, "clerk", trade.exporter, 10, to=trade.forwarder, occurred_at=then)
    (text,) = said(report(shipment), "questioned")["P7"]
    assert "entered 100 h 0 min after the fact; the limit is 72 h 0 min" in text


def test_a_report_on_an_ended_shipment_is_questioned(trade, report):
    shipment = delivered(trade, trade.ship(trade.license(10), 10), 10)
    trade.report_movement(shipment, "storekeeper", trade.end_user, 10, to=trade.carrier)
    assert said(report(shipment), "questioned") == {"P8": ["The report breaks a rule: terminal."]}


def test_a_broken_seal_a_reservation_and_a_missing_piece_are_questioned(trade, report):
    shipment = trade.ship(trade.license(48), 48)
    trade.clear(shipment)
    trade.offer(shipment, "clerk", trade.exporter, trade.forwarder)
    trade.accept_goods(shipment, "forwarder clerk", trade.forwarder, 47, seal_state=2, reservation=True)
    assert len(said(report(shipment), "questioned")["P8"]) == 3


def test_a_report_of_the_sponsor_is_questioned_as_unilateral(trade, report):
    shipment = trade.ship(trade.license(10), 10)
    trade.report_movement(shipment, "recorder", trade.authority, 10, to=trade.carrier)
    assert said(report(shipment), "questioned") == {"P8": ["The report breaks a rule: unilateral."]}


def test_a_reported_receiver_without_part_is_questioned(trade, report):
    mine = trade.record_party("mine", END_USER)
    shipment = trade.ship(trade.license(10), 10)
    trade.report_movement(shipment, "clerk", trade.exporter, 10, to=mine)
    assert list(said(report(shipment), "questioned")) == ["P7", "P8"]


def test_a_departure_reported_on_paper_is_questioned_for_its_certificate(trade, report):
    application = trade.apply(10, certificate=trade.paper_certificate(10))
    trade.assess(application)
    shipment = trade.ship(trade.issue(application), 10)
    trade.clear(shipment)
    trade.report_movement(shipment, "clerk", trade.exporter, 10, movement=2)
    assert list(said(report(shipment), "questioned")) == ["P3", "P8"]


def test_an_unknown_shipment_is_refused(report):
    with pytest.raises(Refused) as refused:
        report(salt_of("nothing"))
    assert refused.value.name == "UnknownRecord"


def test_a_record_that_is_no_shipment_is_refused(trade, report):
    with pytest.raises(InvalidField):
        report(trade.license(10))


def test_a_ledger_with_other_code_than_the_trust_root_says_is_refused(trade):
    shipment = trade.ship(trade.license(10), 10)
    hashes = {**trade.deployment.code_hashes, "Journal": salt_of("other code")}
    with pytest.raises(InvalidField):
        verify_shipment(trade.node, dataclasses.replace(trade.deployment, code_hashes=hashes), shipment)


def test_a_node_that_does_not_answer_is_unavailable(trade):
    with pytest.raises(Unavailable):
        verify_shipment(Node.connect("http://127.0.0.1:9"), trade.deployment, salt_of("any"))


def test_a_chain_that_changes_its_branch_meanwhile_is_unavailable(trade):
    class Moving(Node):
        def block(self, number):
            return dataclasses.replace(super().block(number), hash=salt_of("another branch"))

    shipment = trade.ship(trade.license(10), 10)
    with pytest.raises(Unavailable):
        verify_shipment(Moving.embedded(trade.chain), trade.deployment, shipment)


def test_a_node_whose_logs_are_cut_is_unavailable(trade):
    class Cutting(Node):
        def logs(self, **filters):
            return [dataclasses.replace(log, data=log.data[:100]) for log in super().logs(**filters)]

    with pytest.raises(Unavailable):
        verify_shipment(Cutting.embedded(trade.chain), trade.deployment, trade.ship(trade.license(10), 10))


def test_the_wrong_chain_is_refused(trade):
    with pytest.raises(InvalidField):
        verify_shipment(trade.node, dataclasses.replace(trade.deployment, chain_id=1), salt_of("any"))
