"""Who may read which document, section by section, on real records: does it follow from them, and from nothing else?"""

import pytest

from ledger.acts.act import RecordKind
from ledger.acts.applications import AssessApplication, Party, RefuseApplication
from ledger.acts.certificates import CosignCertificate, VerifyCertificate
from ledger.acts.custody import WithdrawOffer
from ledger.acts.digests import part_salt
from ledger.acts.licensing import AcknowledgeConditions
from ledger.acts.manifests import SplitShipment
from ledger.acts.organizations import AppointAgent, DismissAgent, RenameOrganization, SuspendOrganization
from ledger.acts.reports import AddStatement, ReportDiscrepancy
from ledger.ids import ZERO32
from ledger.read_model import ReadModel, follow
from ledger.vault.readers import Staff, entitled
from ledger.vault.store import Origin
from tests.scenario import ARCHIVE, CERTIFY, CONSIGNEE, CUSTODY, MISSION, VERIFY, keys_of, salt_of

PAPER = salt_of("the document asked about")
BOTH, GOODS = ("goods", "prices"), ("goods",)


@pytest.fixture
def read_model(tmp_path, trade):
    model = ReadModel(f"sqlite:///{tmp_path / 'read_model.sqlite'}")
    yield model
    model.close()


@pytest.fixture
def readers(trade, read_model):
    """Who may read the paper that a person of an organization made."""

    def readers(person, organization, kind="Statement", paper=PAPER):
        follow(read_model, trade.node, trade.deployment)
        return dict(entitled(read_model, paper, Origin(keys_of(person).address, organization, kind)))

    return readers


def agents(read_model, who):
    return {one.account for one in Staff(read_model).recipients(who)}


def account(person):
    return keys_of(person).address


# Organizations and policies


def test_a_profile_is_for_the_organization_its_sponsor_and_the_authorities(trade, readers):
    record = trade.organization(trade.carrier)
    trade.act(RenameOrganization, "carrier admin", trade.carrier, record=record, profile=PAPER)
    assert readers("carrier admin", trade.carrier) == {trade.authority: BOTH, trade.carrier: BOTH}


# Certificates


def certificate(trade):
    return trade.paper_certificate(5, document=PAPER)


def test_a_certificate_is_for_exporter_end_user_authority_and_sponsors(trade, readers):
    certificate(trade)
    assert readers("clerk", trade.exporter) == dict.fromkeys((trade.authority, trade.exporter, trade.end_user), BOTH)


def test_a_consignee_that_cosigns_a_certificate_of_which_it_is_no_party_is_no_reader(trade, readers):
    record = certificate(trade)
    stranger = trade.register("consignee", CONSIGNEE, {"consignee admin": 1, "receiver": CERTIFY})
    trade.act(CosignCertificate, "receiver", stranger, record=record, role=5, document=salt_of("own"))
    assert stranger not in readers("clerk", trade.exporter)


def test_a_consignee_that_cosigned_and_is_party_to_an_application_reads_the_certificate(trade, readers):
    record = certificate(trade)
    consignee = trade.register("consignee", CONSIGNEE, {"consignee admin": 1, "receiver": CERTIFY})
    trade.act(CosignCertificate, "receiver", consignee, record=record, role=5, document=salt_of("own"))
    parties = ((trade.end_user, 6), (trade.exporter, 3), (consignee, 5))
    trade.apply(5, certificate=record, parties=tuple(Party(organization=one, role=role) for one, role in parties))
    assert readers("clerk", trade.exporter)[consignee] == BOTH


def test_a_mission_that_verified_a_certificate_reads_it(trade, readers):
    record = certificate(trade)
    mission = trade.register("mission", MISSION, {"mission admin": 1, "consul": VERIFY})
    trade.act(VerifyCertificate, "consul", mission, record=record, method=1, document=salt_of("own"))
    assert readers("clerk", trade.exporter)[mission] == BOTH


# Applications and licenses


def test_an_application_is_for_its_exporter_and_its_authority(trade, readers):
    trade.apply(5, document=PAPER)
    assert readers("clerk", trade.exporter) == {trade.authority: BOTH, trade.exporter: BOTH}


def test_an_assessment_is_for_the_authority_alone(trade, readers):
    application = trade.apply(5)
    acted = {"record": application, "recommendation": 2, "document": PAPER}
    trade.act(AssessApplication, "assessor", trade.authority, **acted)
    assert readers("assessor", trade.authority) == {trade.authority: BOTH}


def test_a_refusal_is_for_the_exporter_too(trade, readers):
    application = trade.apply(5)
    trade.assess(application)
    trade.act(RefuseApplication, "issuer", trade.authority, record=application, document=PAPER)
    assert readers("issuer", trade.authority) == {trade.authority: BOTH, trade.exporter: BOTH}


def test_a_license_is_for_its_parties_without_prices(trade, readers):
    trade.license(5, document=PAPER)
    found = readers("issuer", trade.authority)
    assert found == {trade.authority: BOTH, trade.exporter: BOTH, trade.end_user: GOODS}


def test_what_an_end_user_acknowledges_is_its_own_with_everything_in_it(trade, readers):
    license = trade.license(5)
    trade.appoint("dean", trade.end_user, "speaker", 1 << 13)
    trade.act(AcknowledgeConditions, "speaker", trade.end_user, record=license, document=PAPER)
    assert readers("speaker", trade.end_user)[trade.end_user] == BOTH


# Shipments


@pytest.fixture
def shipment(trade):
    return trade.ship(trade.license(5), 5, document=PAPER)


def test_a_manifest_is_for_exporter_and_authority_and_without_prices_for_the_end_user(trade, readers, shipment):
    found = readers("clerk", trade.exporter, "Manifest")
    assert found == {trade.authority: BOTH, trade.exporter: BOTH, trade.end_user: GOODS}


def test_customs_that_cleared_a_shipment_read_its_manifest(trade, readers, shipment):
    trade.clear(shipment)
    assert readers("clerk", trade.exporter, "Manifest")[trade.customs] == GOODS


def test_customs_that_hold_a_shipment_read_its_manifest(trade, readers, shipment):
    trade.hold(shipment)
    assert readers("clerk", trade.exporter, "Manifest")[trade.customs] == GOODS


def test_whom_goods_are_offered_to_reads_the_manifest(trade, readers, shipment):
    trade.offer(shipment, "clerk", trade.exporter, trade.forwarder)
    assert readers("clerk", trade.exporter, "Manifest")[trade.forwarder] == GOODS


def test_whom_goods_were_offered_to_no_longer_reads_the_manifest(trade, readers, shipment):
    trade.offer(shipment, "clerk", trade.exporter, trade.forwarder)
    trade.act(WithdrawOffer, "clerk", trade.exporter, record=shipment)
    assert trade.forwarder not in readers("clerk", trade.exporter, "Manifest")


def handed_on(trade, shipment):
    """From the exporter to the forwarder, and on to the carrier."""
    trade.offer(shipment, "clerk", trade.exporter, trade.forwarder)
    trade.accept_goods(shipment, "forwarder clerk", trade.forwarder, 5)
    trade.offer(shipment, "forwarder clerk", trade.forwarder, trade.carrier)
    trade.accept_goods(shipment, "driver", trade.carrier, 5)


def test_every_holder_past_and_present_reads_the_manifest(trade, readers, shipment):
    handed_on(trade, shipment)
    found = readers("clerk", trade.exporter, "Manifest")
    assert (found[trade.forwarder], found[trade.carrier]) == (GOODS, GOODS)


def test_a_holder_that_one_side_named_reads_the_manifest(trade, readers, shipment):
    trade.report_movement(shipment, "clerk", trade.exporter, 5, to=trade.forwarder)
    assert readers("clerk", trade.exporter, "Manifest")[trade.forwarder] == GOODS


def test_a_stranger_does_not_read_the_manifest(trade, readers, shipment):
    handed_on(trade, shipment)
    assert trade.stranger not in readers("clerk", trade.exporter, "Manifest")


def split(trade, shipment):
    """Two parts of a shipment, by its exporter."""
    values = {"document": salt_of("split"), "shares": (0, 0), "quantities": (2, 3)}
    trade.act(SplitShipment, "clerk", trade.exporter, record=shipment, **values)
    salts = [part_salt(shipment, index) for index in range(2)]
    return [trade.deployment.record(RecordKind.SHIPMENT, trade.exporter, salt) for salt in salts]


def test_a_holder_of_a_part_reads_the_manifest_of_the_whole(trade, readers, shipment):
    part, _ = split(trade, shipment)
    trade.offer(part, "clerk", trade.exporter, trade.forwarder)
    assert readers("clerk", trade.exporter, "Manifest")[trade.forwarder] == GOODS


def test_a_report_on_a_part_is_for_holders_of_the_whole_but_not_of_another_part(trade, readers):
    whole = trade.ship(trade.license(5), 5)
    first, second = split(trade, whole)
    trade.report_movement(second, "clerk", trade.exporter, 3, to=trade.carrier)
    trade.report_movement(first, "clerk", trade.exporter, 2, to=trade.forwarder, document=PAPER)
    assert readers("clerk", trade.exporter).keys() == {
        trade.authority,
        trade.exporter,
        trade.end_user,
        trade.forwarder,
    }


def test_a_report_is_for_later_holders_without_prices(trade, readers):
    shipment = trade.ship(trade.license(5), 5)
    trade.act(ReportDiscrepancy, "clerk", trade.exporter, record=shipment, subject=ZERO32, document=PAPER)
    handed_on(trade, shipment)
    found = readers("clerk", trade.exporter)
    assert (found[trade.forwarder], found[trade.carrier]) == (GOODS, GOODS)


def test_a_report_is_not_for_whom_goods_are_only_offered_to(trade, readers):
    shipment = trade.ship(trade.license(5), 5)
    trade.act(ReportDiscrepancy, "clerk", trade.exporter, record=shipment, subject=ZERO32, document=PAPER)
    trade.offer(shipment, "clerk", trade.exporter, trade.forwarder)
    assert trade.forwarder not in readers("clerk", trade.exporter)


def test_a_reporter_reads_all_of_its_own_report(trade, readers):
    shipment = trade.ship(trade.license(5), 5)
    trade.offer(shipment, "clerk", trade.exporter, trade.forwarder)
    trade.report_movement(shipment, "forwarder clerk", trade.forwarder, 5, to=trade.carrier, document=PAPER)
    assert readers("forwarder clerk", trade.forwarder)[trade.forwarder] == BOTH


def test_a_screening_report_warns_nobody_who_was_screened(trade, readers):
    shipment = trade.ship(trade.license(5), 5)
    values = {"record": shipment, "subject": ZERO32, "kind": 1, "document": PAPER}
    trade.act(AddStatement, "clerk", trade.exporter, **values)
    assert readers("clerk", trade.exporter, "ScreeningReport").keys() == {trade.authority, trade.exporter}


# Whose word counts


def test_an_act_of_another_signer_makes_nobody_a_reader(trade, readers):
    record = trade.organization(trade.stranger)
    trade.act(RenameOrganization, "stranger admin", trade.stranger, record=record, profile=PAPER)
    assert readers("clerk", trade.exporter) == {trade.exporter: BOTH}


def test_of_an_anonymous_document_the_first_that_committed_to_it_is_the_author(trade, read_model):
    trade.record_party("party", 1 << 4)
    committed = trade.entries[-1].decoded().profile
    record = trade.organization(trade.stranger)
    trade.act(RenameOrganization, "stranger admin", trade.stranger, record=record, profile=committed)
    follow(read_model, trade.node, trade.deployment)
    found = entitled(read_model, committed, Origin(b"", trade.authority, "OrganizationProfile"))
    assert trade.stranger not in found


def test_the_profile_of_a_founder_is_for_the_founder(trade, read_model):
    follow(read_model, trade.node, trade.deployment)
    (reference,) = read_model.references(salt_of("authority"))
    assert (reference.act, reference.organization) == ("founding", trade.authority)


# Which agents


def test_the_readers_are_all_active_agents_of_the_entitled(trade, readers, read_model, shipment):
    who = readers("clerk", trade.exporter, "Manifest")
    people = ("export admin", "clerk", "dean", "official", "storekeeper")
    assert {account(person) for person in people} <= agents(read_model, who)


def test_a_dismissed_agent_is_no_reader(trade, readers, read_model, shipment):
    record = trade.agent(trade.end_user, "storekeeper")
    trade.act(DismissAgent, "dean", trade.end_user, record=record, reason=1, compromised_since=0)
    who = readers("clerk", trade.exporter, "Manifest")
    assert account("storekeeper") not in agents(read_model, who)


def test_a_pending_agent_is_no_reader(trade, readers, read_model, shipment):
    trade.act(AppointAgent, "dean", trade.end_user, account=account("newcomer"), powers=CUSTODY)
    assert account("newcomer") not in agents(read_model, readers("clerk", trade.exporter, "Manifest"))


def test_a_suspended_organization_has_no_readers(trade, readers, read_model, shipment):
    record = trade.organization(trade.end_user)
    trade.act(SuspendOrganization, "enforcer", trade.authority, record=record, reason=1)
    who = readers("clerk", trade.exporter, "Manifest")
    assert account("storekeeper") not in agents(read_model, who)


def test_the_holder_of_an_archive_key_is_a_reader(trade, readers, read_model, shipment):
    trade.appoint("dean", trade.end_user, "archive", ARCHIVE)
    who = Staff(read_model).recipients(readers("clerk", trade.exporter, "Manifest"))
    assert [(one.account, one.sections) for one in who if one.archive] == [(account("archive"), GOODS)]


# What the ledger commits to


def test_everything_that_is_committed_to_is_listed_in_order(trade, read_model, shipment):
    follow(read_model, trade.node, trade.deployment)
    found, after = [], -1
    while after is not None:
        page = read_model.committed(after=after, limit=3)
        found += page.items
        after = None if page.next is None else int(page.next)
    committing = [entry.seq for entry in trade.entries if entry.seq in {one.seq for one in found}]
    assert ([one.seq for one in found if one.seq], found[-1].commitment) == (committing, PAPER)


def test_what_is_committed_to_is_told_from_what_is_not(trade, read_model, shipment):
    follow(read_model, trade.node, trade.deployment)
    asked = [PAPER, salt_of("authority"), salt_of("list"), salt_of("nothing")]
    assert read_model.referred(asked) == set(asked[:3])


def test_what_an_orphaned_act_committed_to_is_committed_to_no_longer(trade, read_model, shipment):
    follow(read_model, trade.node, trade.deployment)
    read_model.orphan_from(trade.node.head().number)
    assert read_model.referred([PAPER]) == set()
