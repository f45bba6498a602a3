"""Does the read model answer what a regulator asks: what should be back, who is suspended, what became of what?"""

import pytest

from api.answers import Overdue
from ledger.acts.manifests import SplitShipment
from ledger.acts.orders import RecallShipment
from ledger.acts.organizations import GrantMandate, SuspendOrganization
from ledger.read_model import ReadModel, follow
from ledger.read_model.filters import ApplicationFilter, LicenseFilter, OrganizationFilter, ShipmentFilter
from ledger.records.codes import OrganizationStatus
from ledger.records.effects import MemoryBook, apply, found
from tests.scenario import DAY, DOCUMENT, TERMS


@pytest.fixture
def known(trade, tmp_path):
    """Follows the chain and gives the read model: what is asked after the story was told."""
    model = ReadModel(f"sqlite:///{tmp_path / 'read_model.sqlite'}")

    def catch_up():
        follow(model, trade.node, trade.deployment)
        return model

    yield catch_up
    model.close()


@pytest.fixture
def temporary(trade):
    """A temporary license: what goes out under it is to be back in thirty days."""
    trade.adopt(TERMS, kind=4)
    certificate = trade.certificate(10)
    application = trade.apply(10, certificate=certificate, kind=4)
    trade.assess(application)
    return trade.issue(application, return_by=trade.time + 30 * DAY)


def depart(trade, license, quantity, to=3):
    shipment = trade.ship(license, quantity)
    trade.clear(shipment)
    person = {3: "forwarder clerk", 4: "driver"}[to]
    trade.offer(shipment, "clerk", trade.exporter, to)
    trade.accept_goods(shipment, person, to, quantity)
    trade.depart(shipment, person, to)
    return shipment


def split(trade, shipment, *quantities):
    values = {"document": DOCUMENT, "shares": (0,) * len(quantities), "quantities": quantities}
    trade.act(SplitShipment, "forwarder clerk", trade.forwarder, record=shipment, **values)


def test_what_should_be_back_is_overdue_with_its_holder(trade, known, temporary):
    trade.ship(temporary, 2)
    out = depart(trade, temporary, 3, to=trade.carrier)
    (found,) = known().overdue(at=trade.time + 30 * DAY).items
    assert (found.shipment.record, found.holder, found.outstanding, found.license.record) == (
        out,
        trade.carrier,
        (3,),
        temporary,
    )


def test_an_overdue_shipment_is_shown_with_who_has_it(trade, known, temporary):
    depart(trade, temporary, 3, to=trade.carrier)
    (found,) = known().overdue(at=trade.time + 30 * DAY).items
    shown = Overdue.of(found).model_dump(by_alias=True)
    names = ("holder", "licenseNumber", "authority", "returnBy", "outstanding", "status")
    assert [shown[name] for name in names] == [trade.carrier, 1, 1, trade.time + 30 * DAY, ["3"], "departed"]


def test_nothing_is_overdue_a_second_before_the_return_date(trade, known, temporary):
    depart(trade, temporary, 3)
    assert known().overdue(at=trade.time + 30 * DAY - 1).items == ()


def test_what_both_sides_brought_back_is_not_overdue(trade, known, temporary):
    out = depart(trade, temporary, 3)
    trade.offer(out, "forwarder clerk", trade.forwarder, trade.exporter)
    trade.accept_goods(out, "clerk", trade.exporter, 3)
    assert known().overdue(at=trade.time + 31 * DAY).items == ()


def test_what_one_side_says_is_back_is_overdue_until_it_is_credited(trade, known, temporary):
    out = depart(trade, temporary, 3)
    trade.report_movement(out, "forwarder clerk", trade.forwarder, 3, to=trade.exporter)
    (found,) = known().overdue(at=trade.time + 31 * DAY).items
    assert (found.holder, found.outstanding) == (trade.exporter, (3,))


def test_overdue_shipments_are_asked_for_by_authority(trade, known, temporary):
    depart(trade, temporary, 3)
    model, at = known(), trade.time + 31 * DAY
    both = [len(model.overdue(ShipmentFilter(authority=number), at=at).items) for number in (1, 2)]
    assert both == [1, 0]


def test_licenses_with_overdue_goods_are_listed(trade, known, temporary):
    trade.license(5, policy=trade.policy - 1)
    depart(trade, temporary, 3)
    late = trade.time + 31 * DAY
    found = known().licenses(LicenseFilter(overdue_at=late), at=late).items
    assert [(one.license.record, one.standing.overdue) for one in found] == [(temporary, True)]


def test_the_parts_of_a_split_are_listed_in_their_order(trade, known):
    whole = depart(trade, trade.license(10), 9)
    split(trade, whole, 4, 3, 2)
    model = known()
    parts = [one.shipment for one in model.shipments(ShipmentFilter(parent=whole)).items]
    assert [(one.part, one.lines[0].held) for one in parts] == [(0, 4), (1, 3), (2, 2)]
    assert model.shipment(whole).item.parts == tuple(one.record for one in parts)


def test_pages_show_every_part_once(trade, known):
    whole = depart(trade, trade.license(10), 9)
    split(trade, whole, 4, 3, 2)
    model, seen, after = known(), [], None
    while True:
        page = model.shipments(limit=1, after=after)
        seen += [one.shipment.part for one in page.items if one.shipment.parent == whole]
        after = page.next
        if after is None:
            break
    assert seen == [0, 1, 2]


def test_the_history_of_a_part_begins_with_its_split(trade, known):
    whole = depart(trade, trade.license(10), 9)
    split(trade, whole, 5, 4)
    model = known()
    part = model.shipment(whole).item.parts[1]
    trade.offer(part, "forwarder clerk", trade.forwarder, trade.end_user)
    assert [one.name for one in known().history(part).items] == ["SplitShipment", "OfferHandoff"]


def test_the_read_model_knows_what_a_book_in_memory_knows(trade, known):
    whole = depart(trade, trade.license(10), 9)
    split(trade, whole, 5, 4)
    grant_mandate(trade)
    book = MemoryBook()
    found(trade.deployment, book)
    for entry in trade.entries:
        apply(entry, book)
    model = known()
    assert [model.record(one.record).item for one in book.records()] == book.records()


def test_suspended_organizations_are_listed(trade, known):
    record = trade.organization(trade.carrier)
    trade.act(SuspendOrganization, "enforcer", trade.authority, record=record, reason=1)
    found = known().organizations(OrganizationFilter(status=OrganizationStatus.SUSPENDED)).items
    assert [one.number for one in found] == [trade.carrier]


def test_organizations_are_listed_by_who_holds_their_mandate(trade, known):
    grant_mandate(trade)
    (found,) = known().organizations(OrganizationFilter(delegate=trade.forwarder)).items
    assert (found.number, found.mandates[0].kinds) == (trade.exporter, 1 << 119 | 1 << 80)


def test_organizations_that_were_never_recovered_and_not_voted_on_are_listed(trade, known):
    assert len(known().organizations(OrganizationFilter(recovered=False, voted=False)).items) == 7


def test_what_continues_a_record_is_listed(trade, known):
    license = trade.license(5)
    asked = trade.apply(2, continues=license)
    found = known().applications(ApplicationFilter(continues=license, kind=1)).items
    assert [one.record for one in found] == [asked]


def test_held_and_recalled_shipments_are_listed(trade, known):
    license = trade.license(5)
    held, recalled = trade.ship(license, 1), trade.ship(license, 1)
    trade.hold(held)
    trade.act(RecallShipment, "enforcer", trade.authority, record=recalled, reason=1)
    model = known()
    found = [ShipmentFilter(held_by=trade.customs), ShipmentFilter(recalled=True)]
    assert [[one.shipment.record for one in model.shipments(wanted).items] for wanted in found] == [[held], [recalled]]


def test_the_digest_is_the_same_after_a_split_is_rebuilt(trade, known, tmp_path):
    split(trade, depart(trade, trade.license(10), 9), 5, 4)
    again = ReadModel(f"sqlite:///{tmp_path / 'again.sqlite'}")
    follow(again, trade.node, trade.deployment)
    digests = [known().digest(), again.digest()]
    again.close()
    assert digests[0] == digests[1]


def grant_mandate(trade):
    record, until = trade.organization(trade.exporter), trade.time + DAY
    values = {"delegate": trade.forwarder, "until": until, "kinds": (80, 119)}
    trade.act(GrantMandate, "export admin", trade.exporter, record=record, **values)
