"""Does verification follow licenses through returns, successors and appeals, and goods through later journeys?"""

import dataclasses

import pytest

from ledger.acts.applications import AssessApplication, RefuseApplication
from ledger.acts.certificates import CertificateLine, CosignCertificate, EndorseCertificate, SignCertificate
from ledger.acts.custody import InvalidateClearance
from ledger.acts.licensing import AcknowledgeConditions, BindCertificate, CreditReturn, TransferLicense
from ledger.acts.manifests import Adjustment, AdjustShipment, Draw
from ledger.acts.orders import ConfirmSuspension, ReinstateLicense, RevokeLicense, SuspendLicense
from ledger.acts.reports import AttachSerials
from ledger.provenance import verify_shipment
from tests.integration.provenance_journeys import (
    delivered,
    grades,
    retransfer,
    said,
    succeed,
    taken_over,
    temporary,
    to_end_user,
    transfer,
    under_way,
)
from tests.scenario import (
    ADMIN,
    APPLY,
    ASSESS,
    AUTHORITY,
    CUSTODY,
    DAY,
    DECIDE,
    DOCUMENT,
    EXPORTER,
    NAR,
    SHIP,
    STATE,
    TERMS,
    salt_of,
)


@pytest.fixture
def report(trade):
    """The report on a shipment, at the node's head."""
    return lambda shipment: verify_shipment(trade.node, trade.deployment, shipment)


# Licenses and certificates


def test_what_came_home_under_a_temporary_license_is_credited(trade, report):
    licensed = temporary(trade, 10)
    shipment = under_way(trade, trade.ship(licensed, 9, share=5), 9)
    trade.offer(shipment, "forwarder clerk", trade.forwarder, trade.exporter)
    trade.accept_goods(shipment, "clerk", trade.exporter, 9)
    found = report(shipment)
    assert (found.verdict, "Of license line 0, 0 of 10 are drawn, by shipments: 1." in said(found, "holds")["P5"]) == (
        "holds",
        True,
    )


def test_goods_that_should_be_back_are_questioned(trade, report):
    shipment = under_way(trade, trade.ship(temporary(trade, 10), 9), 9)
    trade.advance(31 * DAY)
    trade.ship(trade.license(1, policy=trade.policy - 1), 1)
    assert list(said(report(shipment), "questioned")) == ["P4"]


def test_a_return_that_two_officers_credited_holds_for_it_and_its_sibling(trade, report):
    licensed = trade.license(10)
    shipment = under_way(trade, trade.ship(licensed, 6, share=50), 6)
    trade.report_movement(shipment, "forwarder clerk", trade.forwarder, 6, to=trade.exporter)
    values = {"record": licensed, "shipment": shipment, "share": 30, "document": DOCUMENT}
    values["returned"] = (Draw(line=0, quantity=6),)
    for person in ("enforcer", "second enforcer"):
        trade.act(CreditReturn, person, trade.authority, **values)
    sibling = trade.ship(licensed, 10)
    assert [report(one).verdict for one in (shipment, sibling)] == ["holds", "holds"]


def test_adjustments_before_departure_hold(trade, report):
    licensed = trade.license(10)
    shipment, sibling = trade.ship(licensed, 4, share=9), trade.ship(licensed, 2)
    for one, quantity in ((shipment, 3), (sibling, -1)):
        change = (Adjustment(line=0, quantity=quantity),)
        values = {"share": 0, "document": salt_of("manifest"), "adjustments": change}
        trade.act(AdjustShipment, "clerk", trade.exporter, record=one, **values)
    found = report(shipment)
    assert (found.verdict, "Of license line 0, 8 of 10 are drawn, by shipments: 2." in said(found, "holds")["P5"]) == (
        "holds",
        True,
    )


def test_a_clearance_that_was_taken_back_is_no_clearance(trade, report):
    shipment = trade.ship(trade.license(10), 4)
    trade.clear(shipment)
    trade.act(InvalidateClearance, "customs officer", trade.customs, record=shipment, reason=1)
    trade.report_movement(shipment, "clerk", trade.exporter, 4, movement=2)
    assert list(said(report(shipment), "questioned")) == ["P4", "P8"]


def test_a_license_and_its_successor_hold(trade, report):
    certificate = trade.certificate(10)
    application = trade.apply(10, certificate=certificate)
    trade.assess(application)
    old = trade.issue(application)
    before = delivered(trade, trade.ship(old, 4), 4)
    after = delivered(trade, trade.ship(succeed(trade, old, certificate, 5), 5), 5)
    assert [report(one).verdict for one in (before, after)] == ["holds", "holds"]


def test_a_license_that_went_to_another_exporter_holds(trade, report):
    licensed = trade.license(10)
    shipment = trade.ship(licensed, 4)
    people = {"other admin": ADMIN, "other clerk": APPLY | SHIP | CUSTODY | STATE}
    other = trade.register("other exporter", EXPORTER, people)
    trade.act(TransferLicense, "issuer", trade.authority, record=licensed, to=other, document=DOCUMENT)
    trade.act(AcknowledgeConditions, "other clerk", other, record=licensed, document=DOCUMENT)
    assert report(delivered(trade, shipment, 4)).verdict == "holds"


def test_an_appeal_that_two_others_decided_holds(trade, report):
    certificate = trade.certificate(10)
    refused = trade.apply(3, certificate=certificate)
    trade.assess(refused)
    trade.act(RefuseApplication, "issuer", trade.authority, record=refused, document=DOCUMENT)
    trade.commission("appeal assessor", ASSESS)
    trade.commission("appeal issuer", DECIDE)
    appeal = trade.apply(3, continues=refused, certificate=certificate)
    trade.act(AssessApplication, "appeal assessor", trade.authority, record=appeal, recommendation=1, document=DOCUMENT)
    found = report(trade.ship(trade.issue(appeal, "appeal issuer"), 3))
    assert (found.verdict, sum("appeals against" in text for text in said(found, "holds")["P4"])) == ("holds", 2)


def test_a_suspension_confirmed_and_lifted_holds_and_a_revocation_is_questioned(trade, report):
    licensed = trade.license(10)
    shipment = trade.ship(licensed, 4)
    trade.act(SuspendLicense, "enforcer", trade.authority, record=licensed, reason=1)
    trade.act(ConfirmSuspension, "second enforcer", trade.authority, record=licensed, reason=1)
    trade.act(ReinstateLicense, "second enforcer", trade.authority, record=licensed, reason=1)
    lifted = report(shipment).verdict
    for person in ("enforcer", "second enforcer"):
        trade.act(RevokeLicense, person, trade.authority, record=licensed, reason=1, document=DOCUMENT)
    found = report(shipment)
    assert (lifted, list(said(found, "questioned"))) == ("holds", ["P4"])


def test_a_corrected_certificate_stands_behind_the_license_that_names_the_old_one(trade, report):
    old = trade.certificate(10)
    application = trade.apply(10, certificate=old)
    trade.assess(application)
    licensed = trade.issue(application)
    shipment = trade.ship(licensed, 4)
    values = {
        "exporter": trade.exporter,
        "end_user": trade.end_user,
        "authority": trade.authority,
        "valid_from": trade.time - DAY,
        "valid_until": trade.time + 300 * DAY,
        "supersedes": old,
        "document": salt_of("correction"),
        "lines": (CertificateLine(unit=NAR, decimals=0, quantity=12),),
    }
    trade.act(SignCertificate, "official", trade.end_user, **values)
    found = report(delivered(trade, shipment, 4))
    assert (found.verdict, sum("supersedes certificate" in text for text in said(found, "holds")["P3"])) == ("holds", 1)


def test_a_certificate_that_is_bound_after_issue_holds(trade, report):
    licensed = trade.license(4, certified=False)
    values = {"line": 0, "certificate": trade.certificate(9), "certificate_line": 0}
    trade.act(BindCertificate, "clerk", trade.exporter, record=licensed, **values)
    assert report(delivered(trade, trade.ship(licensed, 4), 4)).verdict == "holds"


@pytest.mark.parametrize(("cosigned", "verdict"), [(False, "questioned"), (True, "holds")])
def test_the_signers_that_the_policy_asks_for_are_looked_for(trade, report, cosigned, verdict):
    trade.adopt(dataclasses.replace(TERMS, certificate_signers=EXPORTER | AUTHORITY))
    certificate = trade.certificate(10)
    application = trade.apply(10, certificate=certificate)
    trade.assess(application)
    shipment = trade.ship(trade.issue(application), 4)
    if cosigned:
        trade.act(CosignCertificate, "clerk", trade.exporter, record=certificate, role=3, document=DOCUMENT)
        trade.act(EndorseCertificate, "recorder", trade.authority, record=certificate, document=DOCUMENT)
    assert report(shipment).verdict == verdict


def test_a_transfer_of_technology_holds_with_grade_b_until_it_is_confirmed(trade, report):
    shipment = transfer(trade, trade.license(10), 4)
    told = report(shipment)
    trade.confirm_report(shipment, "storekeeper", trade.end_user, trade.entries[-1])
    confirmed = report(shipment)
    assert (told.verdict, grades(told)[2], confirmed.verdict, grades(confirmed)[2]) == ("holds", "B", "holds", "A")


def test_a_transfer_beyond_its_license_is_questioned(trade, report):
    shipment = transfer(trade, trade.license(10), 11)
    assert said(report(shipment), "questioned") == {"P8": ["The report breaks a rule: over-draw."]}


def test_serial_numbers_change_nothing(trade, report):
    shipment = trade.ship(trade.license(10), 4)
    trade.act(AttachSerials, "clerk", trade.exporter, record=shipment, line=0, serials=(salt_of(1),))
    assert report(shipment).verdict == "holds"


# Later journeys


def test_a_retransfer_reaches_back_through_the_first_export(trade, report):
    first = delivered(trade, trade.ship(trade.license(10), 6), 6)
    onward = taken_over(trade, trade.ship(retransfer(trade, first, 5), 2), 2)
    found = report(onward)
    texts = said(found, "holds")["P15"]
    assert (found.verdict, any(text.endswith("5 of 6 delivered go on.") for text in texts)) == ("holds", True)


def test_a_retransfer_of_a_retransfer_reaches_back_through_both(trade, report):
    first = delivered(trade, trade.ship(trade.license(10), 6), 6)
    second = taken_over(trade, trade.ship(retransfer(trade, first, 5), 4), 4)
    to_end_user(trade, second, 4)
    third = trade.ship(retransfer(trade, second, 3), 3)
    texts = said(report(third), "holds")["P15"]
    assert sum("were checked there too" in text for text in texts) == 2


def test_what_is_questioned_on_the_first_export_is_questioned_on_the_retransfer(trade, report):
    first = trade.ship(trade.license(10), 6)
    trade.report_movement(first, "clerk", trade.exporter, 6, movement=2)
    trade.report_delivery(first, "clerk", trade.exporter, 6)
    found = report(trade.ship(retransfer(trade, first, 5), 2))
    assert (list(said(found, "questioned")), found.checks[-1].number) == (["P15"], "P15")
