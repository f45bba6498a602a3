"""Many acts in one transaction: what one call does harms no other."""

import pytest
from eth_abi.abi import decode

from ledger.acts.custody import OfferHandoff
from ledger.acts.orders import HoldShipment
from ledger.acts.organizations import RecordParty
from ledger.chain.artifacts import (
    REFUSED,
    TARGETS,
    UNAVAILABLE,
    act_call,
    entries_of,
    refusal,
    submit_call,
)
from ledger.errors import Refused
from tests.scenario import salt_of
from tests.views import call_data, form_of

ENOUGH = 700_000


def call(stage, kind, **changed):
    """One call of the batch: contract, gas, data."""
    act, person = stage.build(kind, **changed)
    return kind.CONTRACT, ENOUGH, act_call(act, stage.trade.sign(act, person))


def submit(stage, *calls, gas=15_000_000):
    trade = stage.trade
    return trade.transact(trade.address("Gateway"), submit_call(calls), gas)


def reports(receipt, topic):
    """(index, data) of the Gateway's events of that kind."""
    logs = [log for log in receipt.logs if log.topics[0] == topic]
    return [(int.from_bytes(log.topics[1], "big"), log.data) for log in logs]


def test_a_refused_call_harms_no_other(stage):
    batch = [call(stage, RecordParty), call(stage, HoldShipment, record=stage.held), call(stage, OfferHandoff)]
    receipt = submit(stage, *batch)
    assert [entry.kind for entry in entries_of(receipt.logs)] == [RecordParty.KIND, OfferHandoff.KIND]
    assert [index for index, _ in reports(receipt, REFUSED)] == [1]


def test_a_refusal_carries_the_contracts_own_error(stage):
    receipt = submit(stage, call(stage, HoldShipment, record=stage.held))
    ((_, data),) = reports(receipt, REFUSED)
    (reason,) = decode(["bytes"], data)
    said = refusal(reason)
    assert isinstance(said, Refused)
    assert (said.name, said.values) == ("AlreadyHeld", {"shipment": stage.held, "organization": 5})


def test_a_step_can_follow_another_on_the_same_record_in_one_batch(stage):
    trade = stage.trade
    act, person = stage.build(HoldShipment)
    first = (HoldShipment.CONTRACT, ENOUGH, act_call(act, trade.sign(act, person)))
    second = call(stage, HoldShipment, record=stage.registered, reason=2)
    receipt = submit(stage, first, second, first)
    assert len(entries_of(receipt.logs)) == 1
    assert [index for index, _ in reports(receipt, REFUSED)] == [1, 2]


def test_a_call_with_too_little_gas_is_unavailable_and_not_refused(stage):
    contract, _, data = call(stage, OfferHandoff)
    receipt = submit(stage, (contract, 30_000, data), call(stage, RecordParty))
    assert reports(receipt, REFUSED) == []
    assert [index for index, _ in reports(receipt, UNAVAILABLE)] == [0]
    assert [entry.kind for entry in entries_of(receipt.logs)] == [RecordParty.KIND]


@pytest.mark.parametrize("data", [b"", b"\1\2\3\4", bytes(100)])
def test_a_call_that_no_contract_understands_is_unavailable(stage, data):
    receipt = submit(stage, ("Shipments", ENOUGH, data), call(stage, RecordParty))
    assert [index for index, _ in reports(receipt, UNAVAILABLE)] == [0]
    assert len(entries_of(receipt.logs)) == 1


def test_a_call_of_a_contract_that_the_gateway_does_not_know_is_unavailable(stage):
    _, gas, data = call(stage, RecordParty)
    sized = gas.to_bytes(4, "big") + len(data).to_bytes(3, "big") + data
    batch = call_data(form_of("Gateway", "submit"), b"".join(bytes([n]) + sized for n in (len(TARGETS), 255, 0)))
    receipt = stage.trade.transact(stage.trade.address("Gateway"), batch)
    assert [index for index, _ in reports(receipt, UNAVAILABLE)] == [0, 1]
    assert len(entries_of(receipt.logs)) == 1


def test_a_batch_whose_gas_cannot_cover_a_call_is_undone_as_a_whole(stage):
    trade = stage.trade
    batch = submit_call([call(stage, RecordParty), ("Shipments", 2**32 - 1, b"")])
    before = trade.view("Journal", "state").length
    assert trade.answer(trade.address("Gateway"), batch) == ("GatewayOutOfGas", {"index": 1})
    assert trade.view("Journal", "state").length == before


@pytest.mark.parametrize("missing", [1, 60])
def test_a_batch_that_is_cut_short_is_undone_as_a_whole(stage, missing):
    trade = stage.trade
    whole = submit_call([call(stage, RecordParty)])[68:]
    calls = whole[: 8 + int.from_bytes(whole[5:8], "big") - missing]
    assert trade.answer(trade.address("Gateway"), call_data(form_of("Gateway", "submit"), calls)) == ("Unavailable", {})


@pytest.mark.parametrize("short", [0, 1])
def test_a_call_gets_all_of_its_gas_or_the_batch_stops(stage, short):
    """63/64 of what is left must cover the call's share and the reserve."""
    trade = stage.trade
    share = 27_000_000 if short == 0 else 30_000_000
    answer = trade.answer(trade.address("Gateway"), submit_call([("Shipments", share, b"")]))
    assert answer == (("GatewayOutOfGas", {"index": 0}) if short else None)


def test_an_empty_batch_does_nothing(stage):
    assert submit(stage).logs == ()


def test_fifty_acts_fit_into_one_transaction(stage):
    batch = [call(stage, RecordParty, profile=salt_of(place)) for place in range(50)]
    receipt = submit(stage, *batch, gas=30_000_000)
    assert len(entries_of(receipt.logs)) == 50
