"""Does the read model answer what people ask: lists, filters, pages, what is left, history?"""

import dataclasses

import pytest

from ledger.acts.applications import LicenseLine, Party, RecordLicense
from ledger.acts.certificates import RevokeCertificate
from ledger.acts.manifests import CancelShipment
from ledger.acts.orders import HoldShipment, SuspendLicense
from ledger.acts.reports import AddStatement, ReportMovement
from ledger.errors import InvalidField, Unavailable
from ledger.ids import ZERO32
from ledger.read_model import ReadModel, follow
from ledger.read_model.filters import (
    AgentFilter,
    ApplicationFilter,
    CertificateFilter,
    LicenseFilter,
    OrganizationFilter,
    PolicyFilter,
    ShipmentFilter,
)
from ledger.records.codes import ApplicationStatus, CertificateStatus, LicenseStatus, Role, ShipmentStatus
from ledger.records.states import License, Organization
from tests.scenario import DAY, DOCUMENT, TERMS, keys_of


@pytest.fixture
def read_model(tmp_path):
    model = ReadModel(f"sqlite:///{tmp_path / 'read_model.sqlite'}")
    yield model
    model.close()


@pytest.fixture
def known(trade, read_model):
    """Follows the chain and gives the read model: what is asked after the story was told."""

    def catch_up():
        follow(read_model, trade.node, trade.deployment)
        return read_model

    return catch_up


def test_organizations_are_listed_by_role(trade, known):
    found = known().organizations(OrganizationFilter(role=Role.CARRIER)).items
    assert [one.number for one in found] == [trade.forwarder, trade.carrier, trade.stranger]


def test_organizations_are_listed_by_sponsor(trade, known):
    assert len(known().organizations(OrganizationFilter(sponsor=trade.authority)).items) == 7


def test_an_agent_is_found_by_its_account(trade, known):
    (agent,) = known().agents(AgentFilter(account=keys_of("driver").address)).items
    assert agent.organization == trade.carrier


def test_the_last_policy_of_an_authority_and_kind_is_the_current_one(trade, known):
    trade.adopt(TERMS, kind=2)
    trade.adopt(dataclasses.replace(TERMS, handoff_hours=5))
    assert known().policies(PolicyFilter(organization=1, kind=1)).items[-1].terms.handoff_hours == 5


def test_certificates_are_listed_by_status(trade, known):
    trade.certificate(1)
    revoked = trade.certificate(2)
    trade.act(RevokeCertificate, "official", trade.end_user, record=revoked, reason=1)
    found = known().certificates(CertificateFilter(status=CertificateStatus.REVOKED, end_user=trade.end_user)).items
    assert [one.record for one in found] == [revoked]


def test_applications_are_listed_by_status(trade, known):
    trade.license(1)
    waiting = trade.apply(3)
    found = known().applications(ApplicationFilter(status=ApplicationStatus.SUBMITTED)).items
    assert [one.record for one in found] == [waiting]


def test_licenses_in_force_at_a_moment_are_listed(trade, known):
    running, stopped = trade.license(1), trade.license(1)
    trade.act(SuspendLicense, "enforcer", trade.authority, record=stopped, reason=1)
    now = trade.time + 60
    found = known().licenses(LicenseFilter(in_force_at=now), at=now).items
    assert [one.license.record for one in found] == [running]


def test_a_lapsed_suspension_is_in_force_again(trade, known):
    stopped = trade.license(1)
    trade.act(SuspendLicense, "enforcer", trade.authority, record=stopped, reason=1)
    later = trade.time + 4 * DAY
    found = known().licenses(LicenseFilter(in_force_at=later, status=LicenseStatus.SUSPENDED), at=later).items
    assert [one.license.record for one in found] == [stopped]


def test_a_license_shows_what_is_left_within_its_tolerance(trade, known):
    trade.adopt(dataclasses.replace(TERMS, quantity_tolerance=1000))
    license = trade.license(100, 50)
    trade.ship(license, 90, 50, share=950_000_000)
    standing = known().license(license, at=trade.time).item.standing
    assert [(line.limit, line.left) for line in standing.lines] == [(110, 20), (55, 0)]


def test_a_license_shows_the_value_share_that_is_left(trade, known):
    license = trade.license(100)
    trade.ship(license, 90, share=950_000_000)
    assert known().license(license, at=trade.time).item.standing.share_left == 150_000_000


def test_a_license_whose_lines_are_full_is_exhausted(trade, known):
    license = trade.license(1)
    trade.ship(license, 1)
    assert known().license(license, at=trade.time).item.standing.exhausted


def test_a_draw_given_back_is_left_again(trade, known):
    license = trade.license(10)
    trade.act(CancelShipment, "clerk", trade.exporter, record=trade.ship(license, 8))
    assert known().license(license, at=trade.time).item.standing.lines[0].left == 10


@pytest.mark.parametrize(
    ("days", "state"), [(-1, "not_yet_valid"), (0, "in_force"), (364, "in_force"), (365, "expired")]
)
def test_a_license_stands_as_its_validity_says(trade, known, days, state):
    moment, license = trade.time + days * DAY, trade.license(1)
    standing = known().license(license, at=moment).item.standing
    states = {name: getattr(standing, name) for name in ("not_yet_valid", "in_force", "expired", "stopped")}
    assert states == {name: name == state for name in states}


def test_a_suspended_license_is_stopped(trade, known):
    license = trade.license(1)
    trade.act(SuspendLicense, "enforcer", trade.authority, record=license, reason=1)
    assert known().license(license, at=trade.time).item.standing.stopped


def test_a_license_bounded_by_value_alone_bounds_no_quantity(trade, known):
    license = trade.issue(recorded_by_value(trade))
    assert known().license(license, at=trade.time).item.standing.lines[0].left is None


def test_shipments_are_listed_by_license_and_holder(trade, known):
    license = trade.license(10)
    trade.ship(license, 1)
    handed = trade.ship(license, 2)
    trade.offer(handed, "clerk", trade.exporter, trade.forwarder)
    trade.accept_goods(handed, "forwarder clerk", trade.forwarder, 2)
    found = known().shipments(ShipmentFilter(license=license, holder=trade.forwarder)).items
    assert [one.shipment.record for one in found] == [handed]


def test_irregular_shipments_are_listed_with_the_rules_they_broke(trade, known):
    trade.ship(trade.license(10), 1)
    values = {"occurred_at": trade.time, "movement": 2, "to": 0, "document": DOCUMENT, "counted": (1,)}
    shipment = trade.ship(trade.license(10), 1)
    trade.act(ReportMovement, "clerk", trade.exporter, record=shipment, **values)
    found = known().shipments(ShipmentFilter(irregular=True, status=ShipmentStatus.DEPARTED)).items
    assert [(one.shipment.record, one.irregular) for one in found] == [(shipment, ("clearance",))]


def test_a_shipment_is_answered_in_words(trade, known):
    shipment = trade.ship(trade.license(10), 1)
    trade.offer(shipment, "clerk", trade.exporter, trade.forwarder)
    trade.accept_goods(shipment, "forwarder clerk", trade.forwarder, 1)
    answer = known().shipment(shipment).item
    assert (answer.holder, answer.status, answer.grade, answer.departure_grade) == (3, "registered", "A", "")


def test_history_has_what_stepped_and_what_noted_a_record(trade, known):
    license = trade.license(10)
    trade.ship(license, 4)
    trade.act(SuspendLicense, "enforcer", trade.authority, record=license, reason=1)
    assert [one.name for one in known().history(license).items] == [
        "IssueLicense",
        "RegisterShipment",
        "SuspendLicense",
    ]


def test_history_shows_the_act_as_a_wallet_does(trade, known):
    shipment = trade.ship(trade.license(10), 4)
    act = known().history(shipment).items[0].act
    assert act["draws"] == [{"line": 0, "quantity": "4"}]


def test_a_note_on_its_own_record_is_in_its_history_once(trade, known):
    shipment = trade.ship(trade.license(10), 4)
    trade.act(AddStatement, "clerk", trade.exporter, record=shipment, subject=ZERO32, kind=1, document=DOCUMENT)
    assert [one.name for one in known().history(shipment).items] == ["RegisterShipment", "AddStatement"]


def test_history_is_read_in_pages(trade, known):
    license = trade.license(10)
    for quantity in (1, 2, 3):
        trade.ship(license, quantity)
    model = known()
    first = model.history(license, limit=3)
    second = model.history(license, limit=3, after=first.next)
    assert [len(first.items), [one.name for one in second.items], second.next] == [3, ["RegisterShipment"], None]


def test_an_entry_is_found_by_its_digest_with_its_notes(trade, known):
    entry = trade.entries[-1]
    assert known().entry_by_digest(entry.digest).item.entry == entry


def test_pages_show_every_record_once(trade, known):
    license = trade.license(10)
    shipped = [trade.ship(license, 1) for _ in range(5)]
    model, seen, after = known(), [], None
    while True:
        page = model.shipments(limit=2, after=after)
        seen += [one.shipment.record for one in page.items]
        after = page.next
        if after is None:
            break
    assert seen == shipped


def test_a_record_is_found_by_its_number(trade, known):
    license = trade.license(10)
    assert known().numbered(License, 1).item.record == license


def test_a_number_that_nobody_has_finds_nothing(known):
    assert known().numbered(Organization, 99).item is None


def test_an_id_that_no_record_has_finds_nothing(known):
    assert known().record(b"\7" * 32).item is None


def test_holds_come_back_in_their_order(trade, known):
    shipment = trade.ship(trade.license(10), 4)
    trade.act(HoldShipment, "customs officer", trade.customs, record=shipment, reason=1)
    trade.act(HoldShipment, "inspector", trade.authority, record=shipment, reason=1)
    assert known().record(shipment).item.holds == (trade.customs, trade.authority)


@pytest.mark.parametrize("limit", [0, 201, -1, True])
def test_a_limit_out_of_bounds_is_refused(known, limit):
    with pytest.raises(InvalidField, match="limit"):
        known().organizations(limit=limit)


@pytest.mark.parametrize("after", ["", "x", "-1", "1.5", "1" * 19, "\u0661"])
def test_a_cursor_of_nobody_is_refused(known, after):
    with pytest.raises(InvalidField, match="after"):
        known().organizations(after=after)


def test_an_empty_read_model_is_unavailable(read_model):
    with pytest.raises(Unavailable, match="empty"):
        read_model.organizations()


def test_a_database_that_cannot_be_opened_is_unavailable(tmp_path):
    with pytest.raises(Unavailable):
        ReadModel(f"sqlite:///{tmp_path / 'nowhere' / 'read_model.sqlite'}")


def test_a_file_that_is_no_database_is_unavailable(tmp_path):
    (tmp_path / "read_model.sqlite").write_bytes(b"a text of more than a hundred bytes " * 30)
    with pytest.raises(Unavailable):
        ReadModel(f"sqlite:///{tmp_path / 'read_model.sqlite'}")


def recorded_by_value(trade):
    line = LicenseLine(
        unit=b"NAR", decimals=0, granted=1, drawn=0, unlimited=False, certificate=ZERO32, certificate_line=0
    )
    values = {
        "kind": 1,
        "exporter": trade.exporter,
        "control": 2,
        "drawn_share": 0,
        "valid_from": trade.time,
        "valid_until": trade.time + DAY,
        "document": DOCUMENT,
        "parties": (Party(organization=trade.end_user, role=6),),
        "lines": (line,),
    }
    return trade.act(RecordLicense, "recorder", trade.authority, **values).record
