"""Two authorities on one ledger: each decides over its own, and inspects where it sponsors a party."""

import pytest

from ledger.acts.applications import ApplyForLicense, AssessApplication, Party, RecordLicense
from ledger.acts.certificates import RecordCertificate, VerifyCertificate
from ledger.acts.custody import ClearShipment
from ledger.acts.licensing import IssueLicense
from ledger.acts.manifests import Draw, RegisterShipment
from ledger.acts.orders import HoldShipment, OrderHandoff, SuspendLicense
from ledger.acts.organizations import AdoptPolicy, AppointAgent
from ledger.acts.reports import AddStatement, ReportMovement
from ledger.ids import ZERO32
from tests.contracts.examples import CERTIFIED, LINE
from tests.scenario import (
    ADMIN,
    APPLY,
    CUSTOMS,
    DAY,
    DOCUMENT,
    END_USER,
    EXPORTER,
    INSPECT,
    MISSION,
    SHIP,
    STATE,
    TERMS,
    VERIFY,
    World,
    keys_of,
    salt_of,
)

HOME, ABROAD, SELLER, BUYER, NEIGHBOR, COAST, EMBASSY = range(1, 8)
ABROADS = {"by": "registrar of abroad", "authority": ABROAD}


class TwoAuthorities(World):
    """Home licenses the seller; abroad sponsors the buyer, coastal customs and an embassy."""

    def __post_init__(self):
        super().__post_init__()
        self.register("seller", EXPORTER, {"boss": ADMIN, "seller clerk": APPLY | SHIP})
        self.register("buyer", END_USER, {"buyer admin": ADMIN}, **ABROADS)
        self.register("neighbor", END_USER, {"neighbor admin": ADMIN})
        self.register("coast", CUSTOMS, {"chief": ADMIN, "guard": INSPECT | STATE}, **ABROADS)
        self.register("embassy", MISSION, {"ambassador": ADMIN, "attache": VERIFY}, **ABROADS)
        terms = {"kind": 1, "replaces": 0, "terms": TERMS, "control_list": salt_of("list")}
        self.act(AdoptPolicy, "registrar", HOME, **terms)
        self.window = {"valid_from": self.time, "valid_until": self.time + DAY, "document": DOCUMENT}
        parties = (Party(organization=BUYER, role=6), Party(organization=NEIGHBOR, role=6))
        self.terms = self.window | {"kind": 1, "parties": parties, "lines": (LINE,)}
        asking = self.terms | {"authority": HOME, "continues": ZERO32}
        self.asked = self.act(ApplyForLicense, "seller clerk", SELLER, **asking).record
        self.act(AssessApplication, "assessor", HOME, record=self.asked, recommendation=1, document=DOCUMENT)
        self.license = self.act(IssueLicense, "issuer", HOME, **self.issue()).record
        self.to_buyer, self.to_neighbor = self.ship(BUYER), self.ship(NEIGHBOR)
        self.advance(DAY // 2)

    def issue(self):
        named = {"application": self.asked, "assessed_head": self.heads[self.asked], "policy": 1}
        return self.window | named | {"return_by": 0}

    def ship(self, end_user):
        values = {"license": self.license, "share": 0, "waybill": ZERO32, "document": DOCUMENT}
        draws = (Draw(line=0, quantity=1),)
        return self.act(RegisterShipment, "seller clerk", SELLER, end_user=end_user, draws=draws, **values).record


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    world = TwoAuthorities(tmp_path_factory.mktemp("two"), founders={"authority": (), "abroad": ()})
    yield world
    world.close()


@pytest.mark.parametrize("act", [ClearShipment, HoldShipment])
def test_customs_inspect_where_their_sponsor_sponsors_the_end_user(world, act):
    values = {"reason": 1} if act is HoldShipment else {"occurred_at": world.time, "document": DOCUMENT}
    own = world.refusal(act, "guard", COAST, record=world.to_buyer, **values)
    other = world.refusal(act, "guard", COAST, record=world.to_neighbor, **values)
    assert (own, other) == (None, ("OutsideJurisdiction", {"organization": COAST, "record": world.to_neighbor}))


def test_an_authority_inspects_only_under_its_own_licenses(world):
    answer = world.refusal(HoldShipment, "inspector of abroad", ABROAD, record=world.to_buyer, reason=1)
    assert answer == ("OutsideJurisdiction", {"organization": ABROAD, "record": world.to_buyer})


@pytest.mark.parametrize("shipment", ["to_buyer", "to_neighbor"])
def test_the_sponsor_of_a_party_reports_and_another_does_not(world, shipment):
    values = {"occurred_at": world.time, "movement": 1, "to": COAST, "document": DOCUMENT, "counted": (1,)}
    record = getattr(world, shipment)
    answer = world.refusal(ReportMovement, "recorder of abroad", ABROAD, record=record, **values)
    outside = ("NotAParty", {"organization": ABROAD, "record": record})
    assert answer == (None if shipment == "to_buyer" else outside)


def test_the_sponsor_of_the_holder_alone_reports(world):
    """Of neither exporter nor end-user, nor of the authority that ordered the goods there and answers for them."""
    mark = world.snapshot()
    world.act(OrderHandoff, "enforcer", HOME, record=world.to_neighbor, to=COAST, document=DOCUMENT)
    values = {"occurred_at": world.time, "movement": 1, "to": NEIGHBOR, "document": DOCUMENT, "counted": (1,)}
    answer = world.refusal(ReportMovement, "recorder of abroad", ABROAD, record=world.to_neighbor, **values)
    world.revert(mark)
    assert answer is None


@pytest.mark.parametrize("shipment", ["to_buyer", "to_neighbor"])
def test_an_inspector_adds_a_statement_and_customs_without_say_do_not(world, shipment):
    record = getattr(world, shipment)
    values = {"subject": ZERO32, "kind": 1, "document": DOCUMENT}
    answer = world.refusal(AddStatement, "guard", COAST, record=record, **values)
    outside = ("NotAParty", {"organization": COAST, "record": record})
    assert answer == (None if shipment == "to_buyer" else outside)


def test_an_authority_issues_nothing_that_was_asked_of_another(world):
    answer = world.refusal(IssueLicense, "issuer of abroad", ABROAD, **world.issue())
    assert answer == ("OutsideJurisdiction", {"organization": ABROAD, "record": world.asked})


def test_an_authority_suspends_no_license_of_another(world):
    answer = world.refusal(SuspendLicense, "enforcer of abroad", ABROAD, record=world.license, reason=1)
    assert answer == ("OutsideJurisdiction", {"organization": ABROAD, "record": world.license})


def test_an_authority_records_no_license_for_another_authoritys_exporter(world):
    values = world.terms | {"exporter": SELLER, "control": 3, "drawn_share": 0}
    answer = world.refusal(RecordLicense, "recorder of abroad", ABROAD, **values)
    assert (answer[0], answer[1]["organization"]) == ("OutsideJurisdiction", ABROAD)


def test_an_exporter_applies_to_its_own_sponsor_only(world):
    answer = world.refusal(ApplyForLicense, "seller clerk", SELLER, authority=ABROAD, continues=ZERO32, **world.terms)
    assert (answer[0], answer[1]["organization"]) == ("OutsideJurisdiction", ABROAD)


@pytest.mark.parametrize("authority", [HOME, ABROAD])
def test_a_mission_verifies_for_the_authority_that_sponsors_it(world, authority):
    values = {"exporter": SELLER, "end_user": BUYER, "authority": authority, "lines": (CERTIFIED,)}
    mark = world.snapshot()
    window = world.window | {"valid_until": world.time + DAY}
    paper = world.act(RecordCertificate, "seller clerk", SELLER, supersedes=ZERO32, **values, **window).record
    answer = world.refusal(VerifyCertificate, "attache", EMBASSY, record=paper, method=1, document=DOCUMENT)
    world.revert(mark)
    outside = ("OutsideJurisdiction", {"organization": EMBASSY, "record": paper})
    assert answer == (None if authority == ABROAD else outside)


def test_a_sponsor_appoints_for_its_own_organizations_only(world):
    mark = world.snapshot()
    number = world.record_party("keyless", END_USER)
    values = {"account": keys_of("x").address, "powers": ADMIN}
    answer = world.refusal(AppointAgent, "registrar of abroad", number, **values)
    world.revert(mark)
    assert answer == ("NotAnAgent", {"signer": keys_of("registrar of abroad").address, "organization": number})
