"""Does every act that is submitted get its own answer, once, whatever the others do?"""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

import pytest

from ledger.acts.applications import LicenseLine, Party
from ledger.acts.custody import ClearShipment, DepartShipment, OfferHandoff, WithdrawOffer
from ledger.acts.licensing import IssueLicense
from ledger.acts.manifests import CancelShipment, Draw, RegisterShipment
from ledger.chain.outbox import Included
from ledger.errors import Refused, Unavailable
from tests.integration.write_path_parts import Held, WritePath
from tests.world import DAY, DOCUMENT, NAR, ZERO32, salt_of


@pytest.fixture
def path(trade, tmp_path):
    with WritePath(trade, tmp_path) as path:
        yield path


def outcome(future: "Future[Included]") -> Included | Refused | Unavailable:
    fault = future.exception(60)
    return future.result() if fault is None else fault


def test_a_hundred_threads_get_a_hundred_answers(path):
    acts = [path.party(number) for number in range(100)]
    with ThreadPoolExecutor(100) as threads:
        included = list(threads.map(lambda signed: path.submit(signed).result(60), acts))
    assert [one.digest for one in included] == [signed.digest for signed in acts]


def test_acts_that_come_together_share_a_transaction(path):
    futures = [path.submit(path.party(number)) for number in range(40)]
    assert len({future.result(60).transaction_hash for future in futures}) <= 3


def test_an_answer_names_the_entry(path):
    included = path.submit(path.party("one")).result(60)
    entry = path.heard.entries[included.digest]
    assert (included.seq, included.version, included.head) == (entry.seq, entry.version, entry.record_head)


def test_the_read_model_knows_an_entry_before_its_caller(path):
    future = path.submit(path.party("one"))
    known = []
    future.add_done_callback(lambda done: known.append(done.result().digest in path.heard.entries))
    future.result(60)
    assert known == [True]


def test_a_refusal_says_what_the_contract_says(path):
    with pytest.raises(Refused) as refused:
        path.submit(path.party("one", person="assessor")).result(60)
    assert refused.value.name == "PowerMissing"


def test_a_refused_act_refuses_none_beside_it(path):
    with path.paused():
        futures = [path.submit(path.party(n, person="assessor" if n % 3 else "recorder")) for n in range(9)]
    assert [isinstance(outcome(future), Included) for future in futures] == [n % 3 == 0 for n in range(9)]


def test_an_invalid_signature_never_waits(path):
    signed = path.party("one")
    with pytest.raises(Refused, match="SignatureInvalid"):
        path.relay.submit(signed.act, signed.signature[:64])


def test_steps_on_one_record_follow_one_another_in_one_transaction(trade, path):
    shipment = trade.ship(trade.license(10), 5)
    offer = {"record": shipment, "occurred_at": trade.time, "to": trade.forwarder, "seal": salt_of("seal")}
    first = path.signed(trade.build(OfferHandoff, trade.exporter, **offer), "clerk")
    head = path.next_head(first)
    second = path.signed(trade.build(WithdrawOffer, trade.exporter, record=shipment, parent=head), "clerk")
    with path.paused():
        futures = [path.submit(first), path.submit(second)]
    assert len({future.result(60).transaction_hash for future in futures}) == 1


def test_a_repeat_gets_the_first_answer(path):
    signed = path.party("one")
    first = path.submit(signed).result(60)
    assert path.submit(signed).result(60) == replace(first, repeated=True)


def test_two_who_bring_the_same_act_at_once_make_one_entry(path):
    signed = path.party("one")
    with path.paused():
        first, second = path.submit(signed), path.submit(signed)
    assert (first.result(60).repeated, second.result(60).repeated) == (False, True)


def test_an_act_that_came_another_way_is_a_repeat(trade, path):
    signed = path.party("one")
    trade.send(signed.act, signed.signature)
    path.heard.catch_up()
    assert path.submit(signed).result(60).repeated


def test_a_stranger_who_signs_the_same_words_does_not_spend_them(path):
    theirs, ours = path.party("one", person="driver"), path.party("one")
    with pytest.raises(Refused):
        path.submit(theirs).result(60)
    assert not path.submit(ours).result(60).repeated


def test_a_refused_act_may_come_again(trade, path):
    shipment = trade.ship(trade.license(10), 5)
    parent = trade.offer(shipment, "clerk", trade.exporter, trade.forwarder).record_head
    withdraw = path.signed(trade.build(WithdrawOffer, trade.exporter, record=shipment, parent=parent), "clerk")
    parent = path.next_head(withdraw)
    late = path.signed(trade.build(CancelShipment, trade.exporter, record=shipment, parent=parent), "clerk")
    with pytest.raises(Refused, match="StaleParent"):
        path.submit(late).result(60)
    path.submit(withdraw).result(60)
    assert path.submit(late).result(60).version == 4


def test_the_outbox_keeps_the_refusal_and_its_values(path):
    signed = path.party("one", person="assessor")
    refused = outcome(path.submit(signed))
    assert path.relay.status(signed.digest).refused.values == refused.values


def test_the_gas_is_enough_for_thirty_two_lines_under_as_many_certificates(trade, path):
    issued = path.submit(path.signed(issue_of_thirty_two_lines(trade), "issuer"))
    granted = path.heard.entries[issued.result(60).digest].record
    draws = tuple(Draw(line=line, quantity=1) for line in range(32))
    with path.paused():
        futures = [path.submit(path.signed(registration(trade, granted, draws), "clerk")) for _ in range(3)]
    assert [type(outcome(future)) for future in futures] == [Included] * 3


def test_the_gas_is_enough_for_what_names_no_line_of_thirty_two(trade, path):
    application = issue_of_thirty_two_lines(trade)
    granted = trade.send(application, trade.sign(application, "issuer")).record
    shipment = trade.ship(granted, *[1] * 32)
    now = {"record": shipment, "occurred_at": trade.time, "document": DOCUMENT}
    clear = path.signed(trade.build(ClearShipment, trade.customs, **now), "customs officer")
    depart = path.signed(
        trade.build(DepartShipment, trade.customs, **now, parent=path.next_head(clear)), "customs officer"
    )
    with path.paused():
        futures = [path.submit(clear), path.submit(depart)]
    assert [type(outcome(future)) for future in futures] == [Included] * 2


def issue_of_thirty_two_lines(trade):
    """The dearest license: each line under a certificate of its own, and as many parties as there may be."""
    line = {"unit": NAR, "decimals": 0, "granted": 10, "drawn": 0, "unlimited": False, "certificate_line": 0}
    lines = tuple(LicenseLine(certificate=trade.certificate(10), **line) for _ in range(32))
    parties = (Party(organization=trade.end_user, role=6), *[Party(organization=trade.exporter, role=3)] * 15)
    application = trade.apply(lines=lines, parties=parties)
    assessed = trade.assess(application)
    return trade.build(
        IssueLicense,
        trade.authority,
        application=application,
        assessed_head=assessed.record_head,
        policy=trade.policy,
        valid_from=trade.time,
        valid_until=trade.time + 365 * DAY,
        return_by=0,
        document=DOCUMENT,
    )


def registration(trade, granted, draws):
    values = {"license": granted, "end_user": trade.end_user, "share": 0, "waybill": ZERO32, "document": DOCUMENT}
    return trade.build(RegisterShipment, trade.exporter, **values, draws=draws)


def test_a_batch_that_runs_out_of_gas_goes_out_again_in_parts(path, monkeypatch):
    monkeypatch.setattr("ledger.chain.gas.Budget.gas", property(lambda _: 900_000))
    with path.paused():
        futures = [path.submit(path.party(number)) for number in range(12)]
    assert [type(outcome(future)) for future in futures] == [Included] * 12


def test_an_act_without_gas_enough_is_unavailable_and_can_be_sent_again(path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("ledger.chain.batch.call_gas", lambda _: 60_000)
        with pytest.raises(Unavailable):
            path.submit(path.party("one")).result(60)
    assert path.submit(path.party("one")).result(60).version == 1


def test_a_chain_ahead_of_the_clock_makes_the_relay_fill_its_next_batch(trade, tmp_path):
    clock = Held(trade.node.head().time - 1)
    with WritePath(trade, tmp_path, clock=clock) as path:
        for number in range(4):  # the chain is now five seconds ahead
            path.submit(path.party(number)).result(60)
        waiting = [path.submit(path.party(("late", number))) for number in range(5)]
        clock.advance_soon(1)
        assert len({future.result(60).block_number for future in waiting}) == 1


def test_a_clock_far_behind_the_chain_stops_the_relay(trade, tmp_path):
    with (
        WritePath(trade, tmp_path, clock=lambda: trade.node.head().time - 3600) as path,
        pytest.raises(Unavailable, match="clock"),
    ):
        path.submit(path.party("one")).result(60)


def test_closing_answers_everybody(trade, tmp_path):
    with WritePath(trade, tmp_path) as path:
        futures = [path.submit(path.party(number)) for number in range(30)]
    assert all(future.done() and future.result() for future in futures)


def test_a_closed_relay_takes_nothing(trade, tmp_path):
    with WritePath(trade, tmp_path) as path:
        pass
    with pytest.raises(Unavailable, match="closing"):
        path.submit(path.party("one"))
