"""Do the effects on certificates, applications and licenses say exactly what the contracts say?"""

from dataclasses import replace

from ledger.acts.applications import (
    AmendApplication,
    AssessApplication,
    LicenseLine,
    Party,
    RefuseApplication,
    ReturnApplication,
    WithdrawApplication,
)
from ledger.acts.certificates import (
    CertificateLine,
    CosignCertificate,
    EndorseCertificate,
    SignCertificate,
    VerifyCertificate,
)
from ledger.acts.licensing import (
    AcknowledgeConditions,
    BindCertificate,
    CorrectLicense,
    CreditReturn,
    SupersedeLicense,
    SurrenderLicense,
    TransferLicense,
)
from ledger.acts.manifests import Draw
from ledger.acts.orders import ConfirmSuspension, ReinstateLicense, RevokeLicense, SuspendLicense
from ledger.ids import ZERO32
from ledger.records.codes import ApplicationStatus, CertificateStatus, LicenseStatus, Role
from tests.scenario import (
    ADMIN,
    APPLY,
    ASSESS,
    CERTIFY,
    CONSIGNEE,
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
from tests.unit.contract_views import same_as_contracts


def test_a_certificate_gathers_its_signatures(trade):
    certificate = trade.certificate(10)
    dealer = trade.register("dealer", CONSIGNEE, {"dealer admin": ADMIN, "dealer": CERTIFY})
    trade.act(CosignCertificate, "clerk", trade.exporter, record=certificate, role=3, document=DOCUMENT)
    trade.act(CosignCertificate, "dealer", dealer, record=certificate, role=5, document=DOCUMENT)
    trade.act(EndorseCertificate, "recorder", trade.authority, record=certificate, document=DOCUMENT)
    found = same_as_contracts(trade).get(certificate)
    assert (found.signers, found.consignee) == (Role.EXPORTER | Role.CONSIGNEE | Role.AUTHORITY, dealer)


def test_a_superseding_certificate_inherits_what_is_granted(trade):
    old = trade.paper_certificate(10)
    trade.act(VerifyCertificate, "recorder", trade.authority, record=old, method=1, document=DOCUMENT)
    first = trade.apply(4, certificate=old)
    trade.assess(first)
    trade.issue(first)
    new = supersede(trade, old)
    later = trade.apply(5, certificate=old)
    trade.assess(later)
    trade.issue(later)
    book = same_as_contracts(trade)
    assert (book.get(old).status, book.get(old).superseded_by) == (CertificateStatus.SUPERSEDED, new)
    assert [line.granted for line in book.get(new).lines] == [9, 0]


def test_an_application_is_returned_amended_assessed_and_withdrawn(trade):
    application = trade.apply(3)
    trade.assess(application)
    trade.act(ReturnApplication, "assessor", trade.authority, record=application, document=DOCUMENT)
    amend(trade, application, 5)
    trade.assess(application)
    trade.act(WithdrawApplication, "clerk", trade.exporter, record=application)
    found = same_as_contracts(trade).get(application)
    assert (found.status, found.lines[0].granted) == (ApplicationStatus.WITHDRAWN, 5)


def test_an_appeal_names_the_application_that_was_refused(trade):
    refused = trade.apply(3)
    trade.assess(refused)
    trade.act(RefuseApplication, "issuer", trade.authority, record=refused, document=DOCUMENT)
    trade.commission("appeal assessor", ASSESS)
    trade.commission("appeal issuer", DECIDE)
    appeal = trade.apply(3, continues=refused)
    trade.act(AssessApplication, "appeal assessor", trade.authority, record=appeal, recommendation=1, document=DOCUMENT)
    trade.issue(appeal, "appeal issuer")
    book = same_as_contracts(trade)
    assert (book.get(refused).decider, book.get(appeal).continues) == (trade.agent_number("issuer", 1), refused)


def test_two_officers_confirm_a_suspension(trade):
    license = trade.license(1)
    trade.act(SuspendLicense, "enforcer", trade.authority, record=license, reason=1)
    trade.act(ConfirmSuspension, "second enforcer", trade.authority, record=license, reason=1)
    trade.act(ReinstateLicense, "second enforcer", trade.authority, record=license, reason=1)
    assert same_as_contracts(trade).get(license).status == LicenseStatus.ISSUED


def test_two_officers_revoke_what_both_said_alike(trade):
    license = trade.license(1)
    for person, reason in (("enforcer", 1), ("second enforcer", 2), ("enforcer", 2)):
        trade.act(RevokeLicense, person, trade.authority, record=license, reason=reason, document=DOCUMENT)
    book = same_as_contracts(trade)
    assert [state.status for state in book.states(license)][-2:] == [LicenseStatus.ISSUED, LicenseStatus.REVOKED]


def test_a_license_is_corrected_acknowledged_transferred_and_surrendered(trade):
    license = trade.license(4)
    trade.act(CorrectLicense, "issuer", trade.authority, record=license, document=salt_of("corrected"))
    trade.act(AcknowledgeConditions, "clerk", trade.exporter, record=license, document=DOCUMENT)
    people = {"other admin": ADMIN, "other clerk": APPLY | SHIP | CUSTODY | STATE}
    other = trade.register("other exporter", EXPORTER, people)
    trade.act(TransferLicense, "issuer", trade.authority, record=license, to=other, document=DOCUMENT)
    trade.act(AcknowledgeConditions, "other clerk", other, record=license, document=DOCUMENT)
    trade.act(AcknowledgeConditions, "other clerk", other, record=license, document=salt_of("again"))
    trade.act(SurrenderLicense, "other clerk", other, record=license)
    found = same_as_contracts(trade).get(license)
    assert [one.organization for one in found.acknowledgements] == [trade.exporter, other]
    assert (found.exporter, found.transfers, found.document) == (other, 1, salt_of("corrected"))


def test_a_certificate_is_bound_to_a_line_after_issue(trade):
    license = trade.license(4, certified=False)
    certificate = trade.certificate(9)
    values = {"line": 0, "certificate": certificate, "certificate_line": 0}
    trade.act(BindCertificate, "clerk", trade.exporter, record=license, **values)
    book = same_as_contracts(trade)
    assert (book.get(license).lines[0].certificate, book.get(certificate).lines[0].granted) == (certificate, 4)


def test_a_successor_takes_what_the_old_license_did_not_draw(trade):
    old = trade.license(10)
    trade.ship(old, 4, share=1)
    new = succeed(trade, old, 5)
    book = same_as_contracts(trade)
    assert [book.get(old).lines[0].granted, book.get(old).status] == [5, LicenseStatus.SUPERSEDED]
    assert (book.get(old).superseded_by, book.get(new).supersedes, book.get(new).shares) == (new, old, 0)


def test_a_return_of_a_temporary_export_by_both_sides_takes_its_draw_back(trade):
    license = temporary(trade)
    shipment = depart_to_forwarder(trade, trade.ship(license, 6, share=5))
    trade.offer(shipment, "forwarder clerk", trade.forwarder, trade.exporter)
    trade.accept_goods(shipment, "clerk", trade.exporter, 5)
    book = same_as_contracts(trade)
    line, credited = book.get(shipment).lines[0], book.get(shipment).credited
    assert (book.get(license).lines[0].drawn, line.returned, line.unaccounted, credited) == (1, 5, 1, True)


def test_two_officers_credit_a_return_that_one_side_reported(trade):
    license = trade.license(10)
    shipment = depart_to_forwarder(trade, trade.ship(license, 6, share=50))
    trade.report_movement(shipment, "forwarder clerk", trade.forwarder, 6, to=trade.exporter)
    values = {"shipment": shipment, "share": 30, "document": DOCUMENT, "returned": (Draw(line=0, quantity=6),)}
    for person in ("enforcer", "second enforcer"):
        trade.act(CreditReturn, person, trade.authority, record=license, **values)
    book = same_as_contracts(trade)
    assert (book.get(license).lines[0].drawn, book.get(license).shares, book.get(shipment).credited) == (0, 20, True)


def test_a_retransfer_continues_a_delivered_shipment_until_it_is_surrendered(trade):
    license = temporary(trade)
    delivered = deliver(trade, trade.ship(license, 6))
    trade.adopt(TERMS, kind=5)
    application = trade.apply(5, kind=5, continues=delivered)
    trade.assess(application)
    onward = trade.issue(application)
    shipment = trade.ship(onward, 2)
    trade.act(SurrenderLicense, "clerk", trade.exporter, record=onward)
    book = same_as_contracts(trade)
    assert (book.get(delivered).lines[0].continued, book.get(license).lines[0].drawn) == (2, 6)
    assert (book.get(shipment).holder, book.get(onward).continues) == (trade.end_user, delivered)


def supersede(trade, old):
    """A correction of two lines, of grade A."""
    values = {
        "exporter": trade.exporter,
        "end_user": trade.end_user,
        "authority": trade.authority,
        "valid_from": trade.time - DAY,
        "valid_until": trade.time + 300 * DAY,
        "supersedes": old,
        "document": salt_of("correction"),
        "lines": tuple(CertificateLine(unit=NAR, decimals=0, quantity=q) for q in (12, 7)),
    }
    return trade.act(SignCertificate, "official", trade.end_user, **values).record


def amend(trade, application, quantity):
    line = LicenseLine(
        unit=NAR, decimals=0, granted=quantity, drawn=0, unlimited=False, certificate=ZERO32, certificate_line=0
    )
    values = {
        "valid_from": trade.time,
        "valid_until": trade.time + DAY,
        "document": salt_of("amended"),
        "parties": (Party(organization=trade.end_user, role=6),),
        "lines": (line,),
    }
    trade.act(AmendApplication, "clerk", trade.exporter, record=application, **values)


def succeed(trade, old, quantity):
    certificate = next(entry.record for entry in reversed(trade.entries) if entry.kind == 40)
    application = trade.apply(quantity, certificate=certificate, continues=old)
    assessed = trade.assess(application)
    values = {
        "license": old,
        "application": application,
        "assessed_head": assessed.record_head,
        "policy": trade.policy,
        "valid_from": trade.time,
        "valid_until": trade.time + 365 * DAY,
        "return_by": 0,
        "document": DOCUMENT,
    }
    return trade.act(SupersedeLicense, "issuer", trade.authority, **values).record


def temporary(trade):
    trade.adopt(replace(TERMS, count_tolerance=2_000), kind=4)
    certificate = trade.certificate(10)
    application = trade.apply(10, certificate=certificate, kind=4)
    trade.assess(application)
    return trade.issue(application, return_by=trade.time + 30 * DAY)


def depart_to_forwarder(trade, shipment):
    trade.clear(shipment)
    trade.offer(shipment, "clerk", trade.exporter, trade.forwarder)
    trade.accept_goods(shipment, "forwarder clerk", trade.forwarder, 6)
    trade.depart(shipment, "forwarder clerk", trade.forwarder)
    return shipment


def deliver(trade, shipment):
    depart_to_forwarder(trade, shipment)
    trade.offer(shipment, "forwarder clerk", trade.forwarder, trade.end_user)
    trade.accept_goods(shipment, "storekeeper", trade.end_user, 6)
    trade.confirm_delivery(shipment, 6)
    return shipment
