"""A holder makes several shipments of one: what the parts take over, and what stays behind (I9)."""

import pytest
from eth_utils.crypto import keccak

from ledger.acts.act import RecordKind
from ledger.acts.digests import part_salt
from ledger.acts.manifests import Adjustment, AdjustShipment, RegisterShipment, SplitShipment
from tests.contracts.examples import HOUR
from tests.scenario import DOCUMENT

SHARE = 10_000_000
CLERK, FORWARDER, KEEPER = ("clerk", 2), ("forwarder clerk", 3), ("storekeeper", 6)
LARGEST = 2**256 - 1


def split(stage, shipment, shares, quantities, *, by=CLERK, **changed):
    values = {"record": shipment, "shares": shares, "quantities": quantities, "document": DOCUMENT}
    return stage.trade.refusal(SplitShipment, *by, **(values | changed))


def parts_of(stage, shipment, shares, quantities, *, by=CLERK):
    """Splits, and gives the records of the parts by the formula of RULES.md, section 5."""
    values = {"record": shipment, "shares": shares, "quantities": quantities, "document": DOCUMENT}
    stage.trade.act(SplitShipment, *by, **values)
    return [part_id(stage, shipment, index, by[1]) for index in range(len(shares))]


def part_id(stage, shipment, index, organization=2):
    return stage.trade.deployment.record(RecordKind.SHIPMENT, organization, part_salt(shipment, index))


def found(stage, record):
    return stage.trade.view("Shipments", "shipmentOf", record)


def shipment_of(stage, record):
    return found(stage, record).shipment


def drawn(stage):
    number = stage.trade.view("Licenses", "numberOf", stage.license)
    lines = [stage.trade.view("Licenses", "lineOf", number, line).drawn for line in (0, 1)]
    return lines, stage.trade.view("Licenses", "licenseOf", number).shares


# Who, and when


def test_only_the_holder_splits(stage):
    answer = split(stage, stage.departed, (SHARE, 0), (2, 2), by=FORWARDER)
    assert answer == ("NotTheHolder", {"organization": 3, "holder": 2})


def test_a_split_brings_its_document(stage):
    answer = split(stage, stage.departed, (SHARE, 0), (2, 2), document=bytes(32))
    assert answer == ("CommitmentMissing", {"field": "document"})


def test_an_irregular_shipment_is_not_split(stage):
    answer = split(stage, stage.irregular, (SHARE, 0), (2, 2), by=FORWARDER)
    assert answer == ("Irregular", {"shipment": stage.irregular, "bits": 1 << 7})


def test_a_stopped_shipment_is_not_split(stage):
    """Else its parts would run free of the hold."""
    values = {"shipment": stage.held, "stoppedUntil": 2**40 - 1, "moment": stage.trade.time}
    assert split(stage, stage.held, (SHARE, 0), (2, 2)) == ("ShipmentStopped", values)


@pytest.mark.parametrize("lapsed", [False, True])
def test_an_offered_shipment_is_not_split_even_when_the_offer_has_lapsed(stage, lapsed):
    if lapsed:
        stage.trade.advance(100 * HOUR)
    answer = split(stage, stage.offered, (SHARE, 0), (2, 2))
    assert answer == ("OfferOpen", {"shipment": stage.offered, "offeredTo": 3})


# The shape


@pytest.mark.parametrize("count", [0, 1, 17])
def test_there_are_two_to_16_parts(stage, count):
    answer = split(stage, stage.departed, (0,) * count, (0,) * count)
    assert answer == ("OutOfRange", {"field": "parts", "value": count, "minimum": 2, "maximum": 16})


def test_sixteen_parts_are_taken(stage):
    shipment = stage.trade.ship(stage.license, 16)
    assert split(stage, shipment, (0,) * 16, (1,) * 16) is None


SHAPES = {
    "a quantity missing": ((SHARE, 0), (4,), ("CountsMismatch", {"given": 1, "expected": 2})),
    "a quantity too many": ((SHARE, 0), (2, 1, 1), ("CountsMismatch", {"given": 3, "expected": 2})),
    "an empty part": (
        (SHARE, 0),
        (4, 0),
        ("OutOfRange", {"field": "quantity", "value": 0, "minimum": 1, "maximum": LARGEST}),
    ),
    "less than is held": ((SHARE, 0), (2, 1), ("SplitMismatch", {"line": 0, "given": 3, "held": 4})),
    "more than is held": ((SHARE, 0), (2, 3), ("SplitMismatch", {"line": 0, "given": 5, "held": 4})),
    "quantities that overflow": (
        (SHARE, 0),
        (2**96 - 1, 5),
        ("SplitMismatch", {"line": 0, "given": 2**96 + 4, "held": 4}),
    ),
    "less than the share": (
        (SHARE - 1, 0),
        (2, 2),
        ("OutOfRange", {"field": "shares", "value": SHARE - 1, "minimum": SHARE, "maximum": SHARE}),
    ),
    "more than the share": (
        (SHARE, 1),
        (2, 2),
        ("OutOfRange", {"field": "shares", "value": SHARE + 1, "minimum": SHARE, "maximum": SHARE}),
    ),
}


@pytest.mark.parametrize("fault", SHAPES)
def test_i9_a_split_that_does_not_add_up_is_refused(stage, fault):
    shares, quantities, answer = SHAPES[fault]
    assert split(stage, stage.departed, shares, quantities) == answer


def test_every_part_states_every_line(stage):
    shipment = stage.trade.ship(stage.license, 3, 2)
    answer = split(stage, shipment, (0, 0), (3, 2))
    assert answer == ("CountsMismatch", {"given": 2, "expected": 4})
    assert split(stage, shipment, (0, 0), (3, 0, 0, 2)) is None


# What becomes of it


def test_i9_a_split_conserves_quantity_and_share_and_draws_nothing_new(stage):
    trade = stage.trade
    shipment = trade.ship(stage.license, 3, 2, share=9)
    before = drawn(stage)
    parts = parts_of(stage, shipment, (4, 5), (1, 2, 2, 0))
    held = [[(line.line, line.held) for line in found(stage, part).held] for part in parts]
    assert (held, [shipment_of(stage, part).share for part in parts]) == ([[(0, 1), (1, 2)], [(0, 2), (1, 0)]], [4, 5])
    assert (drawn(stage), trade.entries[-1].touched) == (before, ())


@pytest.mark.parametrize("name", ["registered", "cleared", "departed", "arrived"])
def test_a_part_takes_over_what_the_shipment_was(stage, name):
    whole = shipment_of(stage, getattr(stage, name))
    parts = parts_of(stage, getattr(stage, name), (SHARE, 0), (1, 3), by=KEEPER if name == "arrived" else CLERK)
    for part, share in zip(parts, (SHARE, 0), strict=True):
        taken = shipment_of(stage, part)
        grades = taken.flags >> 4 & 3, taken.flags >> 6 & 3
        assert grades == (whole.flags >> 4 & 3, whole.flags >> 6 & 3)
        kept = vars(whole) | {"version": 1, "share": share, "flags": taken.flags, "lapsesAt": taken.lapsesAt}
        assert vars(taken) == kept


def test_the_parts_heads_are_as_if_the_split_were_their_first_step(stage):
    parts = parts_of(stage, stage.departed, (SHARE, 0), (1, 3))
    entry = stage.trade.entries[-1]
    head = keccak(bytes(32) + entry.digest + entry.signer.rjust(32, b"\0"))
    assert [stage.trade.head(part, SplitShipment) for part in parts] == [head, head]


def test_the_shipment_that_was_split_ends_and_draws_nothing(stage):
    parts_of(stage, stage.departed, (SHARE, 0), (1, 3))
    left = shipment_of(stage, stage.departed)
    registered = stage.trade.view("Shipments", "registeredOf", stage.departed, 0)
    assert (left.status, left.share, registered) == (6, 0, 0)


def test_i9_the_shipment_that_was_split_keeps_what_is_unaccounted(stage):
    trade = stage.trade
    trade.accept_goods(stage.offered, "forwarder clerk", 3, 3)
    first, second = parts_of(stage, stage.offered, (SHARE, 0), (1, 2), by=FORWARDER)
    whole, part = found(stage, stage.offered), found(stage, first)
    assert [(line.held, line.unaccounted) for line in whole.held] == [(0, 1)]
    assert [(line.held, line.unaccounted) for line in part.held] == [(1, 0)]
    assert shipment_of(stage, second).flags & 1 == 0


def test_each_part_goes_its_own_way(stage):
    trade = stage.trade
    first, second = parts_of(stage, stage.departed, (4_000_000, 6_000_000), (1, 3))
    trade.offer(first, "clerk", 2, 6)
    trade.accept_goods(first, "storekeeper", 6, 1)
    trade.confirm_delivery(first, 1)
    trade.offer(second, "clerk", 2, 3)
    states = [(shipment_of(stage, part).status, shipment_of(stage, part).offeredTo) for part in (first, second)]
    assert states == [(4, 0), (3, 3)]


def test_a_part_can_be_split_again(stage):
    first, _ = parts_of(stage, stage.departed, (SHARE, 0), (2, 2))
    assert split(stage, first, (SHARE, 0), (1, 1)) is None


@pytest.mark.parametrize("taken", [0, 1])
def test_a_part_whose_id_is_taken_is_refused(stage, taken):
    """Whoever holds as exporter could have registered a shipment with the part's salt."""
    trade = stage.trade
    act, person = stage.build(RegisterShipment, salt=part_salt(stage.departed, taken))
    entry = trade.send(act, trade.sign(act, person))
    answer = split(stage, stage.departed, (SHARE, 0), (2, 2))
    record = part_id(stage, stage.departed, taken)
    assert answer == ("StaleParent", {"record": record, "head": entry.record_head, "parent": bytes(32)})


def test_another_organizations_salt_takes_no_part(stage):
    """The part's id names the holder: the exporter's shipment stands elsewhere."""
    trade = stage.trade
    act, person = stage.build(RegisterShipment, salt=part_salt(stage.arrived, 0))
    trade.send(act, trade.sign(act, person))
    assert split(stage, stage.arrived, (SHARE, 0), (2, 2), by=KEEPER) is None


def test_a_registered_part_is_adjusted_by_the_exporter(stage):
    first, _ = parts_of(stage, stage.registered, (SHARE, 0), (2, 2))
    change = {"adjustments": (Adjustment(line=0, quantity=-1),), "share": 0, "document": DOCUMENT}
    assert stage.trade.refusal(AdjustShipment, "clerk", 2, record=first, **change) is None
