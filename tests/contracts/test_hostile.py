"""Somebody means harm: the relay, a stranger, a holder who dodges, an authority that reaches too far."""

import dataclasses

import pytest

from ledger.acts.certificates import RevokeCertificate
from ledger.acts.custody import AcceptHandoff, OfferHandoff, WithdrawOffer
from ledger.acts.digests import digest_of
from ledger.acts.licensing import CorrectLicense, TransferLicense
from ledger.acts.manifests import RegisterShipment
from ledger.acts.orders import (
    HoldShipment,
    OrderHandoff,
    RecallShipment,
    Regularize,
    RevokeLicense,
    SeizeShipment,
    SuspendLicense,
)
from ledger.acts.organizations import AcceptAppointment, RecordParty, SuspendOrganization
from ledger.acts.reports import AttachSerials, ReportLoss
from ledger.chain.account import RelayAccount
from ledger.chain.artifacts import REFUSED, UNAVAILABLE, act_call, entries_of, refusal, submit_call, view_call
from ledger.chain.deployment import Appointee, Founder, deploy
from ledger.chain.embedded import EmbeddedChain, Genesis
from ledger.chain.node import CallReverted, Node
from ledger.ids import ZERO32, Address
from ledger.journal.entries import founding_head
from tests.contracts.examples import HOUR, WHY
from tests.contracts.test_jurisdiction import ABROAD, TwoAuthorities
from tests.scenario import (
    ADMIN,
    AUTHORITY,
    CARRIER,
    CHAIN_ID,
    DOCUMENT,
    START,
    World,
    founding_agents,
    keys_of,
    salt_of,
)

ENOUGH = 700_000
FOREVER = 2**40 - 1
PAPER = {"document": DOCUMENT}


def shipment_of(stage, record):
    return stage.trade.view("Shipments", "shipmentOf", record).shipment


def call_of(act, signature):
    return act.CONTRACT, ENOUGH, act_call(act, signature)


def submit(trade, calls, gas=30_000_000):
    return trade.transact(trade.address("Gateway"), submit_call(calls), gas)


# The relay reorders, drops, repeats


@pytest.fixture
def story(stage):
    """Six signed steps of one shipment, each on the head of the one before; none is entered."""
    trade, shipment, mark = stage.trade, stage.cleared, stage.trade.snapshot()
    trade.offer(shipment, "clerk", 2, 3)
    trade.accept_goods(shipment, "forwarder clerk", 3, 4)
    trade.depart(shipment, "forwarder clerk", 3)
    trade.offer(shipment, "forwarder clerk", 3, 6)
    trade.accept_goods(shipment, "storekeeper", 6, 4)
    trade.confirm_delivery(shipment, 4)
    told = [(entry.decoded(), entry.signature) for entry in trade.entries[-6:]]
    trade.revert(mark)
    return told


def entered(stage, acts):
    receipt = submit(stage.trade, [call_of(*signed) for signed in acts])
    return [entry.digest for entry in entries_of(receipt.logs)]


def entered_alone(stage, story):
    """The digests of the story told in order, on a chain that forgets it."""
    mark = stage.trade.snapshot()
    digests = entered(stage, story)
    stage.trade.revert(mark)
    return digests


@pytest.mark.parametrize("late", range(1, 6))
def test_i6_steps_that_come_before_what_they_follow_do_not_enter(stage, story, late):
    straight = entered_alone(stage, story)
    assert entered(stage, story[late:] + story[:late]) == straight[:late]


@pytest.mark.parametrize("place", range(5))
def test_i6_of_two_steps_in_the_wrong_order_the_earlier_enters_and_the_story_stops(stage, story, place):
    straight = entered_alone(stage, story)
    swapped = [*story[:place], story[place + 1], story[place], *story[place + 2 :]]
    assert entered(stage, swapped) == straight[: place + 1]


def test_i6_backwards_nothing_but_the_first_step_enters(stage, story):
    straight = entered_alone(stage, story)
    assert entered(stage, story[::-1]) == straight[:1]


@pytest.mark.parametrize("dropped", range(6))
def test_i6_what_follows_a_dropped_step_does_not_enter(stage, story, dropped):
    straight = entered_alone(stage, story)
    found = entered(stage, story[:dropped] + story[dropped + 1 :])
    assert found == straight[:dropped]


def test_i7_what_the_relay_repeats_enters_once(stage, story):
    straight = entered_alone(stage, story)
    assert (entered(stage, [signed for signed in story for _ in range(3)]), len(straight)) == (straight, 6)


def test_i7_an_order_that_the_relay_repeats_enters_once(stage):
    trade = stage.trade
    act, person = stage.build(HoldShipment)
    signed = act, trade.sign(act, person)
    assert len(entered(stage, [signed] * 3)) == 1


# A stranger brings it, by another way


@pytest.mark.parametrize("name", ["OfferHandoff", "HoldShipment", "RegisterShipment"])
def test_who_brings_an_act_makes_no_difference(stage, name):
    """The act carries its own authority: from an unknown account it passes as from the relay."""
    kinds = {"OfferHandoff": OfferHandoff, "HoldShipment": HoldShipment, "RegisterShipment": RegisterShipment}
    trade = stage.trade
    act, person = stage.build(kinds[name])
    data = act_call(act, trade.sign(act, person))
    node, to = trade.node, trade.address(act.CONTRACT)
    assert node.simulate(to, data, sender=Address(b"\x66" * 20)) == node.simulate(to, data, sender=trade.relay.address)


def test_an_act_enters_alike_with_the_gateway_and_without(stage):
    trade = stage.trade
    act, person = stage.build(OfferHandoff)
    signature, mark = trade.sign(act, person), trade.snapshot()
    direct = trade.send(act, signature)
    trade.revert(mark)
    (batched,) = entries_of(submit(trade, [call_of(act, signature)]).logs)
    members = [(e.seq, e.kind, e.signer, e.digest, e.record_head, e.version, e.act) for e in (direct, batched)]
    assert members[0] == members[1]


@pytest.mark.parametrize("member", ["to", "seal", "occurred_at"])
def test_a_relay_that_changes_a_member_has_no_signature_for_it(stage, member):
    trade = stage.trade
    act, person = stage.build(OfferHandoff)
    changed = {"to": 4, "seal": salt_of("another"), "occurred_at": act.occurred_at - 1}[member]
    forged = dataclasses.replace(act, **{member: changed})
    assert trade.refusal_of(forged, trade.sign(act, person))[0] == "NotAnAgent"


# Replayed elsewhere


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    """A ledger of the same founders, deployed by the same account, on a chain with another id."""
    patch = pytest.MonkeyPatch()
    patch.setattr("tests.world.CHAIN_ID", CHAIN_ID + 1)
    world = World(tmp_path_factory.mktemp("elsewhere"))
    patch.undo()
    yield world
    world.close()


def test_i7_on_another_chain_the_contracts_have_the_same_addresses_and_refuse_the_signature(stage, elsewhere):
    """What stands between the two is the chain id in the digest."""
    act = elsewhere.build(RecordParty, 1, roles=CARRIER, profile=salt_of("party"))
    assert elsewhere.address("Directory") == stage.trade.address("Directory")
    signature = stage.trade.sign(act, "recorder")
    assert elsewhere.answer(elsewhere.address(act.CONTRACT), act_call(act, signature))[0] == "NotAnAgent"


def test_i7_a_records_id_is_of_one_chain(stage, elsewhere):
    salt = salt_of("the same")
    ids = [w.build(RecordParty, 1, roles=CARRIER, profile=salt, salt=salt).record for w in (stage.trade, elsewhere)]
    assert ids[0] != ids[1]


@pytest.fixture(scope="module")
def twice(tmp_path_factory):
    """Two ledgers of the same founders on one chain, each deployed by an account of its own."""
    accounts = [RelayAccount(salt_of(name), chain_id=CHAIN_ID) for name in ("first relay", "second relay")]
    genesis = Genesis(CHAIN_ID, tuple(account.address for account in accounts))
    path = tmp_path_factory.mktemp("twice") / "chain.sqlite"
    chain = EmbeddedChain(path, genesis, clock=lambda: START, mode="rehearsal")
    node = Node.embedded(chain)
    agents = tuple(Appointee(keys_of(p).address, powers) for p, powers in founding_agents("authority").items())
    founders = [Founder(AUTHORITY, salt_of("authority"), agents)]
    yield node, [deploy(node, account, founders) for account in accounts]
    chain.close()


@pytest.mark.parametrize("signed_for", [0, 1])
def test_i7_a_second_deployment_takes_nothing_that_was_signed_for_the_first(twice, signed_for):
    """An admin accepts in the second ledger: every member fits, and the signature is for one of the two."""
    node, ledgers = twice
    keys = keys_of("admin")
    record = ledgers[1].agent_record(1, keys.address)
    act = AcceptAppointment(
        record=record,
        parent=founding_head(record, 1, ADMIN, keys.address),
        organization=1,
        deadline=START + HOUR,
        ed25519=keys.public.ed25519,
        x25519=keys.public.x25519,
    )
    signature = keys.sign_digest(digest_of(act, CHAIN_ID, ledgers[signed_for].address("Directory")))
    answer = None
    try:
        node.simulate(ledgers[1].address("Directory"), act_call(act, signature), sender=Address(bytes(20)))
    except CallReverted as reverted:
        answer = refusal(reverted.data).name
    assert answer == ("NotAnAgent" if signed_for == 0 else None)


# One poisoned call among a hundred


def poison(stage, kind):
    """A call that reverts, burns all of its gas, or answers with a blob."""
    trade = stage.trade
    if kind == "reverts":
        act, person = stage.build(HoldShipment, record=stage.held)
        return call_of(act, trade.sign(act, person))
    if kind == "burns its gas":
        serials = tuple(salt_of(number) for number in range(256))
        act, person = stage.build(AttachSerials, serials=serials)
        contract, _, data = call_of(act, trade.sign(act, person))
        return contract, 150_000, data
    if kind == "answers with a blob":
        shipment = trade.ship(trade.license(*(1 for _ in range(32)), certified=False), *(1 for _ in range(32)))
        return "Shipments", ENOUGH, view_call("shipmentOf(bytes32)", shipment)
    return "Directory", ENOUGH, b"\xff" * 20_000


KINDS = {"reverts": REFUSED, "burns its gas": UNAVAILABLE, "answers with a blob": None, "makes no sense": UNAVAILABLE}


@pytest.mark.parametrize("kind", KINDS)
def test_one_poisoned_call_in_a_hundred_harms_no_other(stage, kind):
    trade = stage.trade
    bad = poison(stage, kind)
    acts = [trade.build(RecordParty, 1, roles=CARRIER, profile=salt_of(place)) for place in range(99)]
    good = [call_of(act, trade.sign(act, "recorder")) for act in acts]
    receipt = submit(trade, [*good[:50], bad, *good[50:]])
    told = [int.from_bytes(log.topics[1], "big") for log in receipt.logs if log.topics[0] == KINDS[kind]]
    assert [entry.record for entry in entries_of(receipt.logs)] == [act.record for act in acts]
    assert told == ([50] if KINDS[kind] else [])


# A holder who dodges a hold


def test_a_hold_catches_a_holder_that_keeps_moving_the_head(stage):
    """Every offer is a new head; an order asks for none."""
    trade = stage.trade
    hold = trade.build(HoldShipment, 5, record=stage.departed, **WHY)
    signature = trade.sign(hold, "customs officer")
    for _ in range(4):
        trade.offer(stage.departed, "clerk", 2, 3)
        trade.act(WithdrawOffer, "clerk", 2, record=stage.departed)
    trade.send(hold, signature)
    values = {"record": stage.departed, "occurred_at": trade.time, "to": 3, "seal": ZERO32}
    assert trade.refusal(OfferHandoff, "clerk", 2, **values)[0] == "ShipmentStopped"


@pytest.mark.parametrize("back", [0, HOUR // 2])
def test_a_hold_is_not_dodged_by_dating_the_handoff_before_it(stage, back):
    trade = stage.trade
    trade.hold(stage.offered)
    values = {"seal": ZERO32, "seal_state": 0, "reservation": False, "document": ZERO32, "counted": (4,)}
    moment = trade.time - back
    answer = trade.refusal(AcceptHandoff, "forwarder clerk", 3, record=stage.offered, occurred_at=moment, **values)
    assert answer == ("ShipmentStopped", {"shipment": stage.offered, "stoppedUntil": FOREVER, "moment": moment})


def test_two_who_pass_held_goods_on_by_report_are_irregular_and_get_no_further(stage):
    trade = stage.trade
    trade.hold(stage.departed)
    trade.report_movement(stage.departed, "clerk", 2, 4, to=3)
    values = {"record": stage.departed, "occurred_at": trade.time, "to": 5, "seal": ZERO32}
    answer = trade.refusal(OfferHandoff, "forwarder clerk", 3, **values)
    assert answer == ("Irregular", {"shipment": stage.departed, "bits": 1 << 1})


# An authority beyond its jurisdiction


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    world = TwoAuthorities(tmp_path_factory.mktemp("hostile"), founders={"authority": (), "abroad": ()})
    yield world
    world.close()


BEYOND = {
    RecallShipment: ("enforcer of abroad", "to_buyer", WHY),
    OrderHandoff: ("enforcer of abroad", "to_buyer", {"to": ABROAD} | PAPER),
    Regularize: ("enforcer of abroad", "to_buyer", {"bits": 1} | PAPER),
    SeizeShipment: ("inspector of abroad", "to_buyer", WHY | PAPER),
    RevokeLicense: ("enforcer of abroad", "license", WHY | PAPER),
    SuspendLicense: ("second enforcer of abroad", "license", WHY),
    CorrectLicense: ("issuer of abroad", "license", PAPER),
    TransferLicense: ("issuer of abroad", "license", {"to": 3} | PAPER),
}


@pytest.mark.parametrize("act", BEYOND, ids=lambda act: act.__name__)
def test_an_authority_orders_nothing_under_the_licenses_of_another(world, act):
    person, name, values = BEYOND[act]
    record = getattr(world, name)
    answer = world.refusal(act, person, ABROAD, record=record, **values)
    assert answer == ("OutsideJurisdiction", {"organization": ABROAD, "record": record})


def test_an_authority_reports_no_loss_of_goods_under_anothers_license(world):
    values = {"record": world.to_buyer, "lost": (1,)} | PAPER
    answer = world.refusal(ReportLoss, "recorder of abroad", ABROAD, **values)
    assert (answer[0], answer[1]["organization"]) == ("NotTheHolder", ABROAD)


def test_an_authority_suspends_no_organization_that_another_sponsors(world):
    record = world.organization(3)
    answer = world.refusal(SuspendOrganization, "enforcer of abroad", ABROAD, record=record, **WHY)
    assert answer == ("OutsideJurisdiction", {"organization": ABROAD, "record": record})


def test_an_authority_revokes_no_certificate(stage):
    """An undertaking is the end-user's; a government that endorsed it may take its word back."""
    answer = stage.trade.refusal(RevokeCertificate, "recorder", 1, record=stage.certificate, reason=1)
    assert answer == ("WrongOrganization", {"organization": 1, "required": 6})
