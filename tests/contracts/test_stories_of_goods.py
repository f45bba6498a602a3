"""Stories 2, 4 and 6 of the trade: the weighbridge, a broken seal, a demonstration set."""

import dataclasses
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from ledger.acts.act import RecordKind
from ledger.acts.applications import ApplyForLicense, LicenseLine, Party
from ledger.acts.certificates import SignCertificate
from ledger.acts.custody import AcceptHandoff, OfferHandoff
from ledger.acts.digests import part_salt
from ledger.acts.licensing import IssueLicense
from ledger.acts.manifests import Adjustment, AdjustShipment, Draw, RegisterShipment, SplitShipment
from ledger.acts.reports import AttachSerials, ConfirmDelivery
from ledger.chain.artifacts import act_call, entries_of, submit_call
from ledger.ids import ZERO32
from tests.contracts.examples import CERTIFIED, HOUR, LINE
from tests.scenario import ADMIN, APPLY, CERTIFY, CUSTODY, DAY, DOCUMENT, END_USER, EXPORTER, NAR, SHIP, TERMS, salt_of

FREE = dataclasses.replace(TERMS, clearance_required=False)


def found(trade, shipment):
    return trade.view("Shipments", "shipmentOf", shipment)


def drawn(trade, license, line=0):
    return trade.view("Licenses", "lineOf", trade.view("Licenses", "numberOf", license), line).drawn


def handed(trade, shipment, giver, receiver, *counted):
    """Offered by (person, organization), accepted by the other."""
    trade.offer(shipment, *giver, receiver[1])
    trade.accept_goods(shipment, *receiver, *counted)


def parts(trade, shipment, *quantities, by):
    """The records of the parts; the first takes the whole share."""
    shares = (found(trade, shipment).shipment.share, *(0 for _ in quantities[1:]))
    values = {"record": shipment, "shares": shares, "quantities": quantities, "document": DOCUMENT}
    trade.act(SplitShipment, *by, **values)
    salts = [part_salt(shipment, index) for index in range(len(quantities))]
    return [trade.deployment.record(RecordKind.SHIPMENT, by[1], salt) for salt in salts]


CLERK, FORWARDER, DRIVER, KEEPER = ("clerk", 2), ("forwarder clerk", 3), ("driver", 4), ("storekeeper", 6)

# 2 Weighbridge


@pytest.fixture
def triethanolamine(trade):
    """20,000 KGM; 5,000 are registered, and the weighbridge says 5,042."""
    trade.adopt(FREE)
    certificate = trade.certificate(20_000, unit=b"KGM")
    trade.assess(application := trade.apply(20_000, certificate=certificate, unit=b"KGM"))
    license = trade.issue(application)
    shipment = trade.ship(license, 5_000)
    change = {"adjustments": (Adjustment(line=0, quantity=42),), "share": 0, "document": DOCUMENT}
    trade.act(AdjustShipment, *CLERK, record=shipment, **change)
    return trade, license, shipment


def weighed(trade, shipment, quantity):
    """By truck to the terminal, which weighs again; what the shipment says then."""
    trade.depart(shipment)
    handed(trade, shipment, CLERK, DRIVER, 5_042)
    handed(trade, shipment, DRIVER, FORWARDER, quantity)
    after = found(trade, shipment)
    return after.held[0].held, after.held[0].unaccounted, after.shipment.flags & 1


@pytest.mark.parametrize(("certified", "licensed"), [(b"TNE", b"KGM"), (b"KGM", b"TNE")])
def test_story_2_tonnes_and_kilograms_do_not_meet_on_the_ledger(trade, certified, licensed):
    """The conversion is in the document."""
    certificate = trade.certificate(20, unit=certified)
    trade.assess(application := trade.apply(20, certificate=certificate, unit=licensed))
    named = {"application": application, "assessed_head": trade.heads[application], "policy": trade.policy}
    window = {"valid_from": trade.time, "valid_until": trade.time + DAY, "return_by": 0, "document": DOCUMENT}
    answer = trade.refusal(IssueLicense, "issuer", 1, **named, **window)
    assert answer == ("UnitMismatch", {"record": certificate, "line": 0, "unit": licensed, "decimals": 0})


def test_story_2_after_the_weighbridge_14958_kilograms_are_left(triethanolamine):
    trade, license, _ = triethanolamine
    assert 20_000 - drawn(trade, license) == 14_958


def test_story_2_eleven_kilograms_short_are_within_tolerance(triethanolamine):
    trade, _, shipment = triethanolamine
    assert weighed(trade, shipment, 5_031) == (5_031, 11, 0)


def test_story_2_52_kilograms_short_are_a_discrepancy(triethanolamine):
    trade, license, shipment = triethanolamine
    assert weighed(trade, shipment, 4_990) == (4_990, 52, 1)
    assert drawn(trade, license) == 5_042


# 4 Consolidation, broken seal


def together(trade, person, *acts):
    """One confirmation: the acts, each signed, in one transaction."""
    calls = [(act.CONTRACT, 700_000, act_call(act, trade.sign(act, person))) for act in acts]
    entries = entries_of(trade.transact(trade.address("Gateway"), submit_call(calls)).logs)
    trade.heads.update({entry.record: entry.record_head for entry in entries})
    return entries


@dataclasses.dataclass(frozen=True)
class Truck:
    licenses: list
    shipments: list
    users: tuple


def asked(trade, clerk, exporter, line, **fields):
    """A license of that exporter for one line, granted."""
    values = {"kind": 1, "authority": 1, "continues": ZERO32, "document": DOCUMENT, "lines": (line,)}
    window = {"valid_from": trade.time, "valid_until": trade.time + 365 * DAY}
    application = trade.act(ApplyForLicense, clerk, exporter, **(values | window | fields)).record
    trade.assess(application)
    return trade.issue(application)


def shipped(trade, by, license, quantity, end_user):
    values = {"license": license, "end_user": end_user, "share": 0, "waybill": ZERO32, "document": DOCUMENT}
    draws = (Draw(line=0, quantity=quantity),)
    shipment = trade.act(RegisterShipment, *by, draws=draws, **values).record
    trade.depart(shipment, *by)
    return shipment


@pytest.fixture
def truck(trade):
    """30 NAR on license A, 18 on license B, 5 uncontrolled under an open one: with the forwarder, for one truck."""
    second = trade.register("second exporter", EXPORTER, {"boss": ADMIN, "second clerk": APPLY | SHIP | CUSTODY})
    other = trade.register("other end-user", END_USER, {"provost": ADMIN | CERTIFY | CUSTODY})
    houses = {"a": ("clerk", 2, 6, "official", 30), "b": ("second clerk", second, other, "provost", 18)}
    trade.adopt(dataclasses.replace(FREE, control=4, certificate_grade=0), kind=2)
    free = dataclasses.replace(LINE, granted=0, unlimited=True)
    open_license = asked(trade, "clerk", 2, free, kind=2, parties=(Party(organization=6, role=6),))
    trade.adopt(FREE)
    licenses, shipments = [], []
    window = {"valid_from": trade.time - DAY, "valid_until": trade.time + 365 * DAY, "supersedes": ZERO32}
    for clerk, exporter, user, official, quantity in houses.values():
        parties = {"exporter": exporter, "end_user": user, "authority": 1, "document": DOCUMENT}
        lines = (dataclasses.replace(CERTIFIED, quantity=quantity),)
        certificate = trade.act(SignCertificate, official, user, lines=lines, **parties, **window).record
        line = dataclasses.replace(LINE, granted=quantity, certificate=certificate)
        licenses.append(asked(trade, clerk, exporter, line, parties=(Party(organization=user, role=6),)))
        shipments.append(shipped(trade, (clerk, exporter), licenses[-1], quantity, user))
        handed(trade, shipments[-1], (clerk, exporter), FORWARDER, quantity)
    shipments.append(shipped(trade, CLERK, open_license, 5, 6))
    handed(trade, shipments[-1], CLERK, FORWARDER, 5)
    return trade, Truck(licenses, shipments, (("storekeeper", 6), ("provost", other)))


def loaded(trade, truck):
    """Three offers in one confirmation, three acceptances in another: the seal broken, 17 of 18 on B."""
    moment = {"occurred_at": trade.time, "seal": salt_of("seal")}
    offers = [trade.build(OfferHandoff, 3, record=shipment, to=4, **moment) for shipment in truck.shipments]
    offered = together(trade, "forwarder clerk", *offers)
    told = moment | {"seal_state": 2, "reservation": True, "document": DOCUMENT}
    counted = zip(truck.shipments, (30, 17, 5), strict=True)
    accepts = [trade.build(AcceptHandoff, 4, record=shipment, counted=(count,), **told) for shipment, count in counted]
    return offered, together(trade, "driver", *accepts)


def test_story_4_one_confirmation_offers_three_shipments_and_one_accepts_them(truck):
    trade, load = truck
    offered, accepted = loaded(trade, load)
    kinds = [entry.kind for entry in offered + accepted]
    assert (kinds, [entry.record for entry in accepted]) == ([86] * 3 + [88] * 3, load.shipments)


def test_story_4_what_is_missing_is_unaccounted_on_b_alone(truck):
    trade, load = truck
    _, accepted = loaded(trade, load)
    lines = [found(trade, shipment).held[0] for shipment in load.shipments]
    said = [(entry.decoded().seal_state, entry.decoded().reservation) for entry in accepted]
    assert [(line.held, line.unaccounted) for line in lines] == [(30, 0), (17, 1), (5, 0)]
    assert ([found(trade, shipment).shipment.flags & 1 for shipment in load.shipments], said) == (
        [0, 1, 0],
        [(2, True)] * 3,
    )


def test_story_4_x_confirms_30_and_y_17_and_the_draws_are_complete(truck):
    trade, load = truck
    loaded(trade, load)
    for shipment, user, count in zip(load.shipments, load.users, (30, 17), strict=False):
        handed(trade, shipment, DRIVER, user, count)
        values = {"occurred_at": trade.time, "document": ZERO32, "counted": (count,)}
        trade.act(ConfirmDelivery, *user, record=shipment, **values)
    ends = [found(trade, shipment) for shipment in load.shipments[:2]]
    assert [(end.shipment.status, end.held[0].delivered, end.held[0].unaccounted) for end in ends] == [
        (4, 30, 0),
        (4, 17, 1),
    ]
    assert [drawn(trade, license) for license in load.licenses] == [30, 18]


# 6 Demonstration set: out, back, sold, out again


def amsterdam(month, day):
    return int(datetime(2027, month, day, 8, 0, tzinfo=ZoneInfo("Europe/Amsterdam")).timestamp())


FEBRUARY = int(datetime(2027, 2, 1, tzinfo=ZoneInfo("Europe/Amsterdam")).timestamp())
"""The first instant after the last day."""


@pytest.fixture
def tubes(trade):
    """8 NAR went out and were split: 5 are back with the exporter, 2 and 1 are with the forwarder abroad."""
    trade.time = amsterdam(1, 16)
    trade.adopt(FREE, kind=4)
    trade.assess(application := trade.apply(8, certificate=trade.certificate(8), kind=4))
    license = trade.issue(application, return_by=FEBRUARY)
    shipment = trade.ship(license, 8, share=800)
    trade.act(AttachSerials, *CLERK, record=shipment, line=0, serials=(salt_of("tube 1"),))
    trade.depart(shipment)
    handed(trade, shipment, CLERK, FORWARDER, 8)
    five, two, one = parts(trade, shipment, 5, 2, 1, by=FORWARDER)
    handed(trade, five, FORWARDER, CLERK, 5)
    return trade, license, five, two, one


def registering(trade, license, quantity):
    values = {"license": license, "end_user": 6, "share": 0, "waybill": ZERO32, "document": DOCUMENT}
    return trade.refusal(RegisterShipment, *CLERK, draws=(Draw(line=0, quantity=quantity),), **values)


def out_again(trade, license):
    shipment = trade.ship(license, 5)
    trade.act(AttachSerials, *CLERK, record=shipment, line=0, serials=(salt_of("tube 1"),))
    trade.depart(shipment)
    handed(trade, shipment, CLERK, FORWARDER, 5)
    return shipment


def test_story_6_with_five_back_three_are_outstanding(tubes):
    trade, license, five, *_ = tubes
    assert (found(trade, five).shipment.status, drawn(trade, license)) == (7, 3)


def test_story_6_five_go_out_again_and_not_one_more(tubes):
    trade, license, *_ = tubes
    out_again(trade, license)
    answer = registering(trade, license, 1)
    assert (drawn(trade, license), answer) == (
        8,
        ("LineFull", {"license": license, "line": 0, "granted": 8, "drawn": 8}),
    )


def test_story_6_a_repaired_tube_with_the_same_serial_goes_out_again(tubes):
    trade, license, *_ = tubes
    out_again(trade, license)
    serials = [entry.decoded().serials for entry in trade.entries if entry.kind == AttachSerials.KIND]
    assert serials == [(salt_of("tube 1"),)] * 2


def test_story_6_the_one_to_be_sold_stays_outstanding_until_its_retransfer_is_licensed(tubes):
    trade, license, _, _, one = tubes
    handed(trade, one, FORWARDER, KEEPER, 1)
    trade.confirm_delivery(one, 1)
    before = drawn(trade, license), trade.view("Shipments", "continuedOf", one, 0)
    line = LicenseLine(
        unit=NAR, decimals=0, granted=1, drawn=0, unlimited=False, certificate=ZERO32, certificate_line=0
    )
    trade.assess(application := trade.apply(1, kind=5, continues=one, lines=(line,)))
    trade.adopt(FREE, kind=5)
    trade.issue(application)
    assert (before, trade.view("Shipments", "continuedOf", one, 0)) == ((3, 0), 1)


@pytest.mark.parametrize(("late", "bits"), [(-1, 0), (0, 1 << 12)])
def test_story_6_selling_it_after_january_without_a_license_is_irregular(tubes, late, bits):
    trade, _, _, _, one = tubes
    trade.time = FEBRUARY + HOUR
    trade.report_delivery(one, *FORWARDER, 1, occurred_at=FEBRUARY + late)
    assert found(trade, one).shipment.irregular == bits


def test_story_6_on_the_first_of_february_eight_are_overdue_and_the_ledger_says_where(tubes):
    trade, license, _, two, one = tubes
    again = out_again(trade, license)
    trade.time = amsterdam(2, 1)
    abroad = [
        (found(trade, shipment).shipment.holder, found(trade, shipment).held[0].held) for shipment in (two, one, again)
    ]
    values = {"occurred_at": trade.time, "to": 4, "seal": ZERO32}
    answers = [trade.refusal(OfferHandoff, *FORWARDER, record=shipment, **values)[0] for shipment in (two, one, again)]
    assert (abroad, answers) == ([(3, 2), (3, 1), (3, 5)], ["ReturnOverdue"] * 3)
