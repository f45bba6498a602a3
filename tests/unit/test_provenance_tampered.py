"""Is a history that somebody changed after the fact caught, and the act at fault named?"""

import dataclasses

import pytest

from ledger.acts.act import RecordKind
from ledger.acts.applications import ApplyForLicense, AssessApplication
from ledger.acts.certificates import SignCertificate
from ledger.acts.custody import AcceptHandoff, DepartShipment, OfferHandoff
from ledger.acts.licensing import IssueLicense
from ledger.acts.manifests import CancelShipment, RegisterShipment
from ledger.acts.organizations import AppointAgent
from ledger.acts.reports import AddStatement, ConfirmDelivery
from ledger.provenance import judge
from tests.unit.provenance_parts import altered, found_in, honest_history, seq_of, without

ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


@pytest.fixture(scope="module")
def honest(settled_trade):
    return honest_history(settled_trade)


@pytest.fixture
def fails(settled_trade):
    """The entries at which checks fail, by number."""
    return lambda history: found_in(judge(history, settled_trade.deployment))


def test_the_honest_history_holds(honest, settled_trade):
    assert judge(honest, settled_trade.deployment).verdict == "holds"


def test_an_altered_act_fails_its_signature(honest, fails):
    seq = seq_of(honest, IssueLicense)
    act = next(e.decoded() for e in honest.entries if e.seq == seq)
    longer = dataclasses.replace(act, valid_until=act.valid_until + 1).encoded()
    assert fails(altered(honest, seq, lambda e: dataclasses.replace(e, act=longer)))["P1"] == {seq}


def test_an_act_of_one_byte_more_fails_its_signature(honest, fails):
    seq = seq_of(honest, DepartShipment)
    assert seq in fails(altered(honest, seq, lambda e: dataclasses.replace(e, act=e.act + b"\0")))["P1"]


def test_a_signature_of_another_act_fails(honest, fails):
    seq, other = seq_of(honest, AcceptHandoff), seq_of(honest, DepartShipment)
    signature = next(e.signature for e in honest.entries if e.seq == other)
    assert fails(altered(honest, seq, lambda e: dataclasses.replace(e, signature=signature))) == {"P1": {seq}}


def test_the_other_form_of_a_signature_with_high_s_fails(honest, fails):
    def flipped(entry):
        s = ORDER - int.from_bytes(entry.signature[32:64], "big")
        other = entry.signature[:32] + s.to_bytes(32, "big") + bytes([55 - entry.signature[64]])
        return dataclasses.replace(entry, signature=other)

    seq = seq_of(honest, SignCertificate)
    assert fails(altered(honest, seq, flipped)) == {"P1": {seq}}


def test_a_digest_that_is_not_the_acts_fails(honest, fails):
    seq = seq_of(honest, OfferHandoff)
    assert seq in fails(altered(honest, seq, lambda e: dataclasses.replace(e, digest=bytes(32))))["P1"]


def test_another_signer_in_the_journal_fails(honest, fails):
    seq = seq_of(honest, OfferHandoff)
    other = next(e.signer for e in honest.entries if e.kind == SignCertificate.KIND)
    assert seq in fails(altered(honest, seq, lambda e: dataclasses.replace(e, signer=other)))["P1"]


def test_another_organization_in_the_journal_fails(honest, fails):
    seq = seq_of(honest, OfferHandoff)
    assert seq in fails(altered(honest, seq, lambda e: dataclasses.replace(e, organization=4)))["P1"]


def test_a_time_outside_the_deadline_fails(honest, fails):
    seq = seq_of(honest, ConfirmDelivery)
    late = altered(honest, seq, lambda e: dataclasses.replace(e, time=e.decoded().deadline + 1))
    assert seq in fails(late)["P1"]


def test_a_missing_act_of_the_shipment_fails_at_the_next_one(honest, fails):
    missing, following = seq_of(honest, AcceptHandoff), seq_of(honest, DepartShipment)
    assert fails(without(honest, missing))["P2"] == {following}


def test_a_dropped_last_act_fails_at_the_one_before(honest, fails):
    last, before = seq_of(honest, ConfirmDelivery), seq_of(honest, AcceptHandoff, 1)
    assert fails(without(honest, last)) == {"P2": {before}}


def test_two_acts_in_exchanged_order_fail(honest, fails):
    first, second = seq_of(honest, AcceptHandoff), seq_of(honest, DepartShipment)
    swapped = {first: second, second: first}
    entries = [dataclasses.replace(e, seq=swapped.get(e.seq, e.seq)) for e in honest.entries]
    history = dataclasses.replace(honest, entries=tuple(sorted(entries, key=lambda e: e.seq)))
    assert {first, second} <= fails(history)["P2"]


def test_a_note_that_claims_another_version_fails(honest, fails):
    seq = seq_of(honest, AddStatement)
    assert fails(altered(honest, seq, lambda e: dataclasses.replace(e, version=e.version + 1))) == {"P2": {seq}}


def test_an_entry_that_is_handed_over_twice_fails(honest, fails):
    seq = seq_of(honest, AcceptHandoff)
    twice = next(e for e in honest.entries if e.seq == seq)
    history = dataclasses.replace(honest, entries=tuple(sorted((*honest.entries, twice), key=lambda e: e.seq)))
    assert seq in fails(history)["P2"]


def test_a_smaller_draw_in_a_note_of_the_license_fails(honest, fails):
    def smaller(entry):
        touched = dataclasses.replace(entry.touched[0], delta=entry.touched[0].delta[:-1] + b"\4")
        return dataclasses.replace(entry, touched=(touched,))

    seq = seq_of(honest, RegisterShipment, 1)
    failed = fails(altered(honest, seq, smaller))
    assert (failed["P2"], failed["P5"]) == ({seq}, {seq})


def test_a_draw_of_another_shipment_that_is_left_out_fails_at_the_next_note(honest, fails):
    missing, following = seq_of(honest, RegisterShipment, 0), seq_of(honest, CancelShipment)
    assert following in fails(without(honest, missing))["P2"]


def test_a_last_note_that_is_left_out_fails_where_the_notes_end(honest, fails):
    seq, before = seq_of(honest, RegisterShipment, 1), seq_of(honest, CancelShipment)
    assert before in fails(altered(honest, seq, lambda e: dataclasses.replace(e, touched=())))["P2"]


def test_an_agent_whose_appointment_is_left_out_signs_nothing(honest, fails):
    clerk = next(e.signer for e in honest.entries if e.kind == RegisterShipment.KIND)
    appointed = next(e.seq for e in honest.entries if e.kind == AppointAgent.KIND and e.decoded().account == clerk)
    assert seq_of(honest, RegisterShipment, 1) in fails(without(honest, appointed))["P1"]


def test_a_missing_assessment_fails_where_the_application_ends_and_where_it_was_needed(honest, fails):
    failed = fails(without(honest, seq_of(honest, AssessApplication)))
    assert (failed["P2"], failed["P4"]) == ({seq_of(honest, ApplyForLicense)}, {seq_of(honest, IssueLicense)})


def test_a_missing_certificate_fails_completeness_and_the_certificate_check(honest, fails):
    failed = fails(without(honest, seq_of(honest, SignCertificate)))
    assert {"P2", "P3"} <= failed.keys()


def test_a_history_without_its_shipment_is_not_checkable_in_what_rests_on_it(honest, settled_trade):
    report = judge(without(honest, seq_of(honest, RegisterShipment, 1)), settled_trade.deployment)
    resting = [check.verdict for check in report.checks if check.number not in ("P1", "P2", "P10")]
    assert set(resting) == {"not checkable"}


def test_a_history_without_any_entry_fails(honest, settled_trade):
    empty = dataclasses.replace(honest, entries=())
    assert judge(empty, settled_trade.deployment).exit_code == 1


def test_exchanged_numbers_of_two_organizations_fail(honest, fails):
    first, second = (RecordKind.ORGANIZATION, 3), (RecordKind.ORGANIZATION, 5)
    numbers = {**honest.numbers, first: honest.numbers[second], second: honest.numbers[first]}
    assert "P2" in fails(dataclasses.replace(honest, numbers=numbers))


def test_a_head_that_the_contract_moved_since_fails_at_the_last_act_known(honest, fails):
    heads = {**honest.heads, honest.shipment: dataclasses.replace(honest.heads[honest.shipment], head=bytes(32))}
    assert fails(dataclasses.replace(honest, heads=heads)) == {"P2": {seq_of(honest, ConfirmDelivery)}}


def test_a_record_whose_heads_nobody_asked_fails(honest, fails):
    heads = {record: found for record, found in honest.heads.items() if record != honest.shipment}
    assert "P2" in fails(dataclasses.replace(honest, heads=heads))


def test_more_entries_than_the_journal_has_fail(honest, fails):
    last = seq_of(honest, ConfirmDelivery)
    assert fails(dataclasses.replace(honest, length=last - 1)) == {"P2": {last}}


def test_signatures_for_another_chain_fail_everywhere(honest, settled_trade):
    elsewhere = dataclasses.replace(settled_trade.deployment, chain_id=1)
    assert judge(honest, elsewhere).checks[0].verdict == "fails"
