"""P9 and P11: do documents count for exactly what they prove? Each story breaks one thing."""

import json
from dataclasses import replace

import pytest

from ledger.acts.applications import ApplyForLicense, AssessApplication
from ledger.acts.certificates import SignCertificate
from ledger.acts.licensing import IssueLicense
from ledger.acts.manifests import RegisterShipment
from ledger.acts.reports import AddStatement
from ledger.checks.findings import short
from ledger.documents.credentials import anonymous, select
from ledger.ids import hex0x
from ledger.provenance import judge
from tests.scenario import CHAIN_ID, keys_of
from tests.unit.provenance_parts import Forgery, honest_history

DAY = "2026-11-01"
GOODS = {"description": "Thermal camera", "unit": "NAR", "decimals": 0}
NL = {"name": "Deltalens", "address": {"country": "NL"}, "organization": 2}
GH = {"name": "Kwaya University", "address": {"country": "GH"}, "organization": 6}


def euros(cents):
    return {"minorUnits": cents, "currency": "EUR"}


CERTIFICATE = {"exporter": NL, "endUser": GH, "destination": "GH", "lines": [{**GOODS, "quantity": 10}]}
LICENSE = {
    "number": "OEL-1",
    "licenseKind": "individual",
    "issuedOn": DAY,
    "validFrom": DAY,
    "validThrough": DAY,
    "exporter": NL,
    "lines": [{**GOODS, "quantity": 10, "value": euros(1000)}],
    "destinations": ["GH"],
    "endUse": "Research",
    "value": euros(1000),
}
SCREENING = {
    "screenedAt": 1_700_000_000,
    "method": "names",
    "threshold": 900,
    "lists": [{"list": "EU consolidated", "version": "2026-11-01", "fileHash": "0x" + 32 * "5c"}],
    "parties": [{"party": {**GH, "role": "endUser"}, "outcome": "clear"}],
}


def manifest(license_record, **line):
    return {
        "license": hex0x(license_record),
        "exporter": NL,
        "endUser": GH,
        "mode": "air",
        "lines": [{**GOODS, "quantity": 5, "line": 0, "value": euros(500), **line}],
        "sealSalt": "0x" + 32 * "01",
        "placeSalt": "0x" + 32 * "02",
    }


def paper(person, kind, subject, chain_id=CHAIN_ID):
    return keys_of(person).sign_document(kind, subject, chain_id=chain_id)


@pytest.fixture(scope="module")
def honest(settled_trade):
    return honest_history(settled_trade)


class Story(Forgery):
    """An honest history whose acts commit to documents."""

    def commit(self, act, document, nth=0):
        self.of(act, nth).change(document=document.commitment)
        return document

    def judged(self, *documents):
        return judge(self.history(), self._deployment, documents)

    def verdict(self, number, *documents):
        return next(one.verdict for one in self.judged(*documents).checks if one.number == number)

    def said(self, number, *documents):
        found = next(one for one in self.judged(*documents).checks if one.number == number)
        return [(finding.verdict, finding.text) for finding in found.findings]


@pytest.fixture
def story(honest, settled_trade):
    return Story(honest, settled_trade.deployment)


@pytest.fixture
def certificate(story):
    return story.commit(SignCertificate, paper("official", "EndUseCertificate", CERTIFICATE))


def of_manifest(story, licensed=None, **line):
    """The second shipment is the one that the history is about."""
    subject = manifest(licensed or story.of(RegisterShipment).act.license, **line)
    return story.commit(RegisterShipment, paper("clerk", "Manifest", subject), nth=1)


def of_license(story, **fields):
    return story.commit(IssueLicense, paper("new officer", "License", LICENSE | fields))


# P9


def test_without_documents_neither_check_is_in_the_report(honest, settled_trade):
    assert not {"P9", "P11"} & {one.number for one in judge(honest, settled_trade.deployment).checks}


def test_an_empty_folder_of_documents_is_not_checkable(story):
    assert story.verdict("P9") == "not checkable"


def test_documents_that_say_what_the_acts_say_hold(story, certificate):
    documents = certificate, of_license(story), of_manifest(story)
    assert (story.verdict("P9", *documents), story.judged(*documents).verdict) == ("holds", "holds")


def test_a_screening_report_that_nobody_shows_is_named_and_leaves_the_verdict(story, certificate):
    judged = story.judged(certificate)
    assert (next(one.verdict for one in judged.checks if one.number == "P11"), judged.verdict) == (
        "not checkable",
        "holds",
    )


def test_an_application_is_held_against_its_act(story):
    same = ("licenseKind", "exporter", "lines", "destinations", "endUse")
    subject = {"reference": "DL-1", **{name: LICENSE[name] for name in same}}
    document = story.commit(ApplyForLicense, paper("clerk", "Application", subject))
    assert story.verdict("P9", document) == "holds"


def test_a_document_with_a_field_exchanged_fails(story, certificate):
    other = paper("official", "EndUseCertificate", {**CERTIFICATE, "destination": "NL"})
    mixed = replace(certificate, disclosures=(*certificate.disclosures[1:], other.disclosures[0]))
    assert story.verdict("P9", mixed) == "fails"


def test_a_document_with_a_broken_proof_fails(story, certificate):
    credential = json.loads(certificate.credential)
    credential["proof"]["proofValue"] = "z" + credential["proof"]["proofValue"][:0:-1]
    broken = replace(certificate, credential=json.dumps(credential, sort_keys=True, separators=(",", ":")).encode())
    assert story.verdict("P9", broken) == "fails"


def test_a_copy_that_the_exporter_altered_and_signed_is_in_doubt(story, certificate):
    copy = paper("clerk", "EndUseCertificate", {**CERTIFICATE, "destination": "NL"})
    assert story.verdict("P9", of_manifest(story), copy) == "questioned"


def test_a_copy_beside_the_original_is_told_apart(story, certificate):
    copy = paper("clerk", "EndUseCertificate", {**CERTIFICATE, "destination": "NL"})
    said = story.said("P9", certificate, copy)
    assert said[0] == ("holds", f"No act of this history commits to EndUseCertificate {short(copy.commitment)}.")


def test_a_paper_of_another_shipment_fails_nothing(story, certificate):
    other = paper("clerk", "Statement", {"topic": "statement"})
    assert story.verdict("P9", certificate, other) == "holds"


def test_a_document_of_another_author_than_the_acts_fails(story):
    document = story.commit(SignCertificate, paper("clerk", "EndUseCertificate", CERTIFICATE))
    assert story.verdict("P9", document) == "fails"


def test_a_document_that_somebody_else_commits_to_as_well_fails(story, certificate):
    story.commit(AddStatement, certificate)
    assert story.verdict("P9", certificate) == "fails"


def test_a_document_by_another_key_than_the_authors_fails(story):
    keys = keys_of("official").rotated()
    document = keys.sign_document("EndUseCertificate", CERTIFICATE, chain_id=CHAIN_ID)
    story.commit(SignCertificate, document)
    assert "not made with the document key that its author had then" in story.said("P9", document)[0][1]


def test_a_document_for_another_chain_fails(story):
    document = story.commit(SignCertificate, paper("official", "EndUseCertificate", CERTIFICATE, chain_id=1))
    assert story.verdict("P9", document) == "fails"


def test_a_document_of_a_kind_that_the_act_does_not_take_fails(story):
    document = story.commit(SignCertificate, paper("official", "Statement", {"topic": "statement"}))
    assert story.verdict("P9", document) == "fails"


def test_a_document_without_an_author_is_its_signers(story):
    document = story.commit(SignCertificate, anonymous("EndUseCertificate", CERTIFICATE))
    assert story.verdict("P9", document) == "holds"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("lines", [{**GOODS, "quantity": 11}]),
        ("lines", [{**GOODS, "quantity": 10, "unit": "KGM"}]),
        ("lines", [{**GOODS, "quantity": 10, "decimals": 1}]),
        ("lines", [{**GOODS, "quantity": 10}] * 2),
        ("endUser", {**GH, "organization": 7}),
        ("exporter", {**NL, "organization": 3}),
    ],
)
def test_a_certificate_that_says_something_else_than_its_act_fails(story, field, value):
    subject = {**CERTIFICATE, field: value}
    document = story.commit(SignCertificate, paper("official", "EndUseCertificate", subject))
    assert story.verdict("P9", document) == "fails"


@pytest.mark.parametrize("line", [{"quantity": 9}, {"unit": "KGM"}, {"decimals": 2}])
def test_a_license_that_says_something_else_than_its_act_fails(story, line):
    document = of_license(story, lines=[{**GOODS, "quantity": 10, **line}])
    assert story.verdict("P9", document) == "fails"


def test_a_license_without_a_quantity_where_the_act_has_a_limit_fails(story):
    assert story.verdict("P9", of_license(story, lines=[GOODS])) == "fails"


@pytest.mark.parametrize("line", [{"quantity": 4}, {"unit": "KGM"}, {"decimals": 2}, {"line": 1}])
def test_a_manifest_that_says_something_else_than_its_act_fails(story, line):
    assert story.verdict("P9", of_manifest(story, **line)) == "fails"


def test_a_manifest_under_another_license_fails(story):
    assert story.verdict("P9", of_manifest(story, bytes(32))) == "fails"


def test_a_share_that_is_not_of_the_value_shown_fails(story):
    documents = of_license(story), of_manifest(story, value=euros(400))
    said = "says 400000000 at /lines, its value as a share where the act says 500000000."
    assert ("fails", f"Manifest of RegisterShipment {said}") in story.said("P9", *documents)


def test_a_share_in_another_currency_is_not_checkable(story):
    dollars = {"minorUnits": 500, "currency": "USD"}
    assert story.verdict("P9", of_license(story), of_manifest(story, value=dollars)) == "not checkable"


def test_fields_that_are_withheld_are_named_and_fail_nothing(story):
    document = select(of_manifest(story), ["/lines/0/quantity", "/lines/0/line"])
    said = story.said("P9", document)
    assert ("holds", "Manifest of RegisterShipment: /lines/0/unit is withheld and was not compared.") in said
    assert story.verdict("P9", document) == "holds"


def test_a_shown_quantity_counts_though_the_rest_is_withheld(story):
    document = select(of_manifest(story, quantity=4), ["/lines/0/quantity", "/lines/0/line"])
    assert story.verdict("P9", document) == "fails"


def test_documents_that_were_not_presented_are_named(story, certificate):
    of_manifest(story)
    assert ("holds", "The document of RegisterShipment was not presented.") in story.said("P9", certificate)


# P11


def screened(story, **fields):
    return story.commit(AssessApplication, paper("assessor", "ScreeningReport", SCREENING | fields))


def test_an_assessment_that_rests_on_a_screening_in_pinned_lists_holds(story):
    assert story.verdict("P11", screened(story)) == "holds"


def test_without_a_screening_report_it_is_not_checkable(story, certificate):
    assert story.verdict("P11", certificate) == "not checkable"


def test_an_opinion_in_place_of_a_screening_is_not_checkable(story):
    document = story.commit(AssessApplication, paper("assessor", "Statement", {"topic": "assessment"}))
    assert story.verdict("P11", document) == "not checkable"


@pytest.mark.parametrize("outcome", ["match", "undecided"])
def test_a_party_that_was_not_cleared_is_in_doubt(story, outcome):
    document = screened(story, parties=[{"party": {**GH, "role": "endUser"}, "outcome": outcome}])
    assert story.verdict("P11", document) == "questioned"


def test_a_screening_after_the_act_that_rests_on_it_is_in_doubt(story):
    assert story.verdict("P11", screened(story, screenedAt=2_000_000_000)) == "questioned"


@pytest.mark.parametrize("shown", [["/parties"], ["/parties", "/lists/0/list"], ["/lists"]])
def test_a_list_version_or_outcome_that_is_withheld_is_not_checkable(story, shown):
    assert story.verdict("P11", select(screened(story), shown)) == "not checkable"


def test_a_screening_of_another_author_than_the_assessor_does_not_count(story):
    document = story.commit(AssessApplication, paper("clerk", "ScreeningReport", SCREENING))
    assert story.verdict("P11", document) == "not checkable"
