"""A trade at random: acts that fit and acts that do not, and the invariants after every one that was taken.

The walk keeps its own small account of what was registered, cancelled and granted, and compares it with what the
contracts answer. An act may be refused with a name; it may never fail without one.
"""

import random
from types import SimpleNamespace

import pytest

from ledger.acts.custody import AcceptHandoff, ClearShipment, DepartShipment, OfferHandoff, RefuseHandoff, WithdrawOffer
from ledger.acts.manifests import CancelShipment
from ledger.acts.orders import HoldShipment, ReinstateLicense, ResumeShipment, SuspendLicense
from ledger.acts.reports import ConfirmDelivery, ReportDelivery, ReportMovement
from ledger.errors import Refused
from ledger.ids import ZERO32
from ledger.journal.entries import next_journal_head
from tests.contracts.examples import HOUR
from tests.scenario import DOCUMENT, salt_of

STEPS = 100
CERTIFIED, GRANTED, MOST_SHARES = 60, (30, 12), 1_100_000_000
PEOPLE = {
    1: "inspector",
    2: "clerk",
    3: "forwarder clerk",
    4: "driver",
    5: "customs officer",
    6: "storekeeper",
    7: "stranger",
}
MOVES_THE_HOLDER = {AcceptHandoff.KIND, ReportMovement.KIND, ReportDelivery.KIND}


class Walk:
    """One license of two lines under one certificate, and what happens to its shipments."""

    def __init__(self, trade, seed):
        self.trade, self.random = trade, random.Random(seed)  # noqa: S311 - a walk that can be repeated
        self.certificate = trade.certificate(CERTIFIED, CERTIFIED)
        self.licenses = []
        self.grant()
        self.live, self.cancelled, self.holders = {}, set(), {}
        self.refusals = set()
        self.length, self.head = 0, ZERO32
        self.follow(trade.entries)

    def grant(self):
        trade = self.trade
        application = trade.apply(*GRANTED, certificate=self.certificate)
        trade.assess(application)
        self.licenses.append(trade.issue(application))

    def follow(self, entries):
        for entry in entries:
            assert entry.seq == self.length + 1
            self.length, self.head = entry.seq, next_journal_head(self.head, entry)

    def step(self):
        """One act, taken or refused; then the invariants of what it touched."""
        trade, known = self.trade, len(self.trade.entries)
        trade.advance(self.random.choice((1, 1, 1, HOUR, 20 * HOUR)))
        try:
            self.attempt()
        except Refused as refused:
            self.refusals.add(refused.name)
        self.check(trade.entries[known:])

    def check(self, entries):
        """The invariants of what the entries touched, and the journal's length and head in any case."""
        trade = self.trade
        self.follow(entries)
        for entry in entries:
            if entry.record in self.live:
                self.check_shipment(entry)
        if entries:
            self.check_license()
        state = trade.view("Journal", "state")
        assert (state.length, state.head) == (self.length, self.head)

    def attempt(self):
        pick = self.random.random()
        if not self.live or pick < 0.12:
            self.register()
        elif pick < 0.13:
            self.grant()
        elif pick < 0.16:
            act = self.random.choice((SuspendLicense, ReinstateLicense))
            person = self.random.choice(("enforcer", "second enforcer"))
            self.trade.act(act, person, 1, record=self.random.choice(self.licenses), reason=1)
        else:
            self.handle()

    def register(self):
        quantities = [self.random.choice((0, 0, 1, 5, 20)) for _ in GRANTED]
        share = self.random.choice((0, 10**8, 4 * 10**8))
        shipment = self.trade.ship(self.random.choice(self.licenses), *quantities, share=share)
        self.live[shipment] = SimpleNamespace(
            license=self.trade.entries[-1].decoded().license, quantities=quantities, share=share
        )
        self.holders[shipment] = 2

    def handle(self):
        """Any act of custody on any shipment, mostly by somebody who might."""
        record = self.random.choice(list(self.live))
        found = self.trade.view("Shipments", "shipmentOf", record)
        act = fitting(found.shipment) if self.random.random() < 0.6 else self.random.choice(list(FIELDS))
        fit = {AcceptHandoff: found.shipment.offeredTo, ConfirmDelivery: 6, CancelShipment: 2}
        usual = fit.get(act, 5 if act in INSPECTING else found.shipment.holder)
        organization = usual if usual and self.random.random() < 0.85 else self.random.choice(list(PEOPLE))
        fields = FIELDS[act](self, found)
        self.trade.act(act, PEOPLE[organization], organization, record=record, **fields)
        if act is CancelShipment:
            self.cancelled.add(record)

    def moment(self):
        return self.trade.time - self.random.choice((0, 0, 0, 0, 0, 0, 0, 1, HOUR, 80 * HOUR))

    def counts(self, found):
        return tuple(max(0, line.held - self.random.choice((0, 0, 0, 0, 0, 1, -1))) for line in found.held)

    def check_shipment(self, entry):
        """I3 and I9."""
        record = entry.record
        found = self.trade.view("Shipments", "shipmentOf", record)
        for place, line in enumerate(found.held):
            gone = self.trade.view("Shipments", "goneOf", record, place)
            whole = line.held + line.delivered + line.unaccounted + gone.lost + gone.returned
            assert self.trade.view("Shipments", "registeredOf", record, place) == whole
        holder = found.shipment.holder
        if holder != self.holders[record]:
            assert entry.kind in MOVES_THE_HOLDER
            self.holders[record] = holder
        assert found.shipment.version == entry.version

    def check_license(self):
        """I1 and I2."""
        for issued in self.licenses:
            number = self.trade.view("Licenses", "numberOf", issued)
            own = [s for r, s in self.live.items() if s.license == issued and r not in self.cancelled]
            for line, granted in enumerate(GRANTED):
                drawn = self.trade.view("Licenses", "lineOf", number, line).drawn
                assert drawn == sum(s.quantities[line] for s in own) <= granted
            shares = self.trade.view("Licenses", "licenseOf", number).shares
            assert shares == sum(s.share for s in own) <= MOST_SHARES
        number = self.trade.view("Certificates", "numberOf", self.certificate)
        for line, granted in enumerate(GRANTED):
            stored = self.trade.view("Certificates", "lineOf", number, line).granted
            assert stored == granted * len(self.licenses) <= CERTIFIED


def counted(walk, found):
    return {"occurred_at": walk.moment(), "document": DOCUMENT, "counted": walk.counts(found)}


def fact(walk, _):
    return {"occurred_at": walk.moment(), "document": DOCUMENT}


MOVEMENTS = ({"movement": 1, "to": 4}, {"movement": 1, "to": 6}, {"movement": 2, "to": 0})
FIELDS = {
    CancelShipment: lambda *_: {},
    ClearShipment: fact,
    DepartShipment: fact,
    OfferHandoff: lambda walk, _: {
        "occurred_at": walk.moment(),
        "to": walk.random.choice((2, 3, 4, 5, 6, 6, 6, 9)),
        "seal": salt_of("seal"),
    },
    WithdrawOffer: lambda *_: {},
    AcceptHandoff: lambda walk, found: counted(walk, found) | {"seal": ZERO32, "seal_state": 0, "reservation": False},
    RefuseHandoff: lambda *_: {"reason": 1},
    HoldShipment: lambda *_: {"reason": 1},
    ResumeShipment: lambda *_: {"hold_of": 5},
    ConfirmDelivery: counted,
    ReportMovement: lambda walk, found: counted(walk, found) | walk.random.choice(MOVEMENTS),
    ReportDelivery: counted,
}
INSPECTING = (ClearShipment, HoldShipment, ResumeShipment)


def fitting(shipment):
    """The act that would take the shipment further."""
    if shipment.holds:
        return ResumeShipment
    if shipment.offeredTo:
        return AcceptHandoff
    onward = ConfirmDelivery if shipment.holder == shipment.endUser else OfferHandoff
    return {1: ClearShipment, 2: DepartShipment}.get(shipment.status, onward)


@pytest.mark.parametrize("seed", [2, 4])
def test_i1_i2_i3_i6_i9_hold_whatever_is_attempted(trade, seed):
    walk = Walk(trade, seed)
    for _ in range(STEPS):
        walk.step()
    assert len(walk.refusals) >= 12
    assert len({entry.kind for entry in trade.entries if entry.record in walk.live}) >= 8
