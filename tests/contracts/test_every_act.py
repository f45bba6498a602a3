"""What is asked of every act alike: its time, its signature, its record, its signer, its place in history."""

import dataclasses
import hashlib

import pytest

from ledger.acts.act import ActClass
from ledger.acts.digests import digest_of
from ledger.acts.kinds import ACTS, salted
from ledger.acts.orders import ReinstateLicense, ReleaseSeizure, SuspendLicense
from ledger.acts.organizations import AcceptAppointment, AppointAgent, DismissAgent, RotateAgentKeys
from ledger.chain.deployment import created_address
from ledger.ids import Address
from tests.contracts.examples import EXAMPLES
from tests.scenario import CHAIN_ID, DAY, keys_of, salt_of

EVERY = pytest.mark.parametrize("kind", ACTS.values(), ids=lambda kind: kind.__name__)
STEPS = [kind for kind in ACTS.values() if kind.CLASS is ActClass.STEP]
OTHERS = [kind for kind in ACTS.values() if kind.CLASS is not ActClass.STEP]
CREATING = [kind for kind in ACTS.values() if kind.CREATES]
CHANGING = [kind for kind in ACTS.values() if not kind.CREATES]
SIGNED_BY_AGENTS = [kind for kind in ACTS.values() if kind is not AcceptAppointment]
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
LONGEST = 30 * DAY


def of(kinds):
    return pytest.mark.parametrize("kind", kinds, ids=lambda kind: kind.__name__)


def test_there_is_an_example_of_every_act():
    assert set(EXAMPLES) == set(ACTS.values())


@EVERY
def test_the_example_is_taken(stage, kind):
    act, person = stage.build(kind)
    entry = stage.trade.send(act, stage.trade.sign(act, person))
    assert (entry.kind, entry.signer, entry.act) == (kind.KIND, keys_of(person).address, act.encoded())


@EVERY
def test_an_act_after_its_deadline_is_refused(stage, kind):
    time = stage.trade.time
    act, person = stage.build(kind, deadline=time - 1)
    answer = stage.trade.refusal_of(act, stage.trade.sign(act, person))
    assert answer == ("DeadlinePassed", {"deadline": time - 1, "time": time})


@EVERY
def test_an_act_with_its_deadline_beyond_thirty_days_is_refused(stage, kind):
    latest = stage.trade.time + LONGEST
    act, person = stage.build(kind, deadline=latest + 1)
    answer = stage.trade.refusal_of(act, stage.trade.sign(act, person))
    assert answer == ("DeadlineTooFar", {"deadline": latest + 1, "latest": latest})


@pytest.mark.parametrize("ahead", [0, LONGEST])
def test_an_act_is_taken_at_both_bounds_of_its_deadline(stage, ahead):
    act, person = stage.build(DismissAgent, deadline=stage.trade.time + ahead)
    assert stage.trade.refusal_of(act, stage.trade.sign(act, person)) is None


def high_s(signature):
    s = ORDER - int.from_bytes(signature[32:64], "big")
    return signature[:32] + s.to_bytes(32, "big") + bytes([55 - signature[64]])


FAULTS = {
    "high s": high_s,
    "v of 0 or 1": lambda signature: signature[:64] + bytes([signature[64] - 27]),
    "64 bytes": lambda signature: signature[:64],
    "66 bytes": lambda signature: signature + b"\0",
    "nothing": lambda _: b"",
    "r of 0": lambda signature: bytes(32) + signature[32:],
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_signature_that_is_not_the_one_form_is_refused(stage, fault):
    act, person = stage.build(DismissAgent)
    answer = stage.trade.refusal_of(act, FAULTS[fault](stage.trade.sign(act, person)))
    digest = digest_of(act, CHAIN_ID, stage.trade.address(act.CONTRACT))
    assert answer == ("SignatureInvalid", {"digest": digest})


@EVERY
def test_a_signature_with_high_s_is_refused(stage, kind):
    act, person = stage.build(kind)
    assert stage.trade.refusal_of(act, high_s(stage.trade.sign(act, person)))[0] == "SignatureInvalid"


@EVERY
def test_the_act_of_somebody_elses_key_is_refused(stage, kind):
    act, _ = stage.build(kind)
    answer = stage.trade.refusal_of(act, stage.trade.sign(act, "nobody"))
    organization = act.organization
    assert answer == ("NotAnAgent", {"signer": keys_of("nobody").address, "organization": organization})


ADMINS = {1: "admin", 2: "export admin", 3: "forwarder admin", 5: "customs admin", 6: "dean"}


def dismiss(stage, person, organization):
    """The organization's admin dismisses the person; itself an admin, by a second one."""
    trade, admin = stage.trade, ADMINS[organization]
    if (person, organization) == ("admin", 1):
        admin = "second admin"
    elif person == admin:
        admin = "next admin"
        trade.appoint(person, organization, admin, 1)
    agent = trade.agent(organization, person)
    trade.act(DismissAgent, admin, organization, record=agent, reason=1, compromised_since=0)


@of(SIGNED_BY_AGENTS)
def test_i8_a_dismissed_agent_acts_on_nothing(stage, kind):
    person, organization, _ = stage.example(kind)
    dismiss(stage, person, organization)
    act, _ = stage.build(kind)
    answer = stage.trade.refusal_of(act, stage.trade.sign(act, person))
    assert answer == ("AgentNotActive", {"signer": keys_of(person).address, "status": 4})


@of([kind for kind in SIGNED_BY_AGENTS if kind is not RotateAgentKeys])
def test_an_agent_without_the_power_is_refused(stage, kind):
    act, person = stage.build(kind)
    powerless = {1: "inspector", 2: "export admin", 3: "forwarder admin", 5: "customs admin", 6: "dean"}
    other = "clerk" if person == "export admin" else powerless[act.organization]
    name, values = stage.trade.refusal_of(act, stage.trade.sign(act, other))
    assert (name, values["signer"]) == ("PowerMissing", keys_of(other).address)


@of(CREATING)
def test_a_record_id_that_is_not_the_formulas_is_refused(stage, kind):
    act, person = stage.build(kind)
    wrong = dataclasses.replace(act, record=salt_of("wrong"))
    answer = stage.trade.refusal_of(wrong, stage.trade.sign(wrong, person))
    assert answer == ("WrongRecordId", {"record": wrong.record, "expected": act.record})


@of(CREATING)
def test_a_record_that_exists_is_not_created_again(stage, kind):
    act, person = stage.build(kind)
    entry = stage.trade.send(act, stage.trade.sign(act, person))
    again, _ = stage.build(kind, record=act.record, **({"salt": act.salt} if salted(kind) else {}))
    answer = stage.trade.refusal_of(again, stage.trade.sign(again, person))
    assert answer == (
        "StaleParent",
        {"record": act.record, "head": entry.record_head, "parent": bytes(32)},
    )


@of(CHANGING)
def test_an_act_on_a_record_that_nobody_created_is_refused(stage, kind):
    nothing = salt_of("nothing")
    act, person = stage.build(kind, record=nothing, parent=bytes(32))
    answer = stage.trade.refusal_of(act, stage.trade.sign(act, person))
    assert answer == ("UnknownRecord", {"record": nothing})


@of(STEPS)
def test_a_step_on_another_parent_than_the_head_is_refused(stage, kind):
    act, person = stage.build(kind)
    head, wrong = act.parent, hashlib.sha256(act.parent).digest()
    act = dataclasses.replace(act, parent=wrong)
    answer = stage.trade.refusal_of(act, stage.trade.sign(act, person))
    assert answer == ("StaleParent", {"record": act.record, "head": head, "parent": wrong})


@of(OTHERS)
def test_an_order_or_note_is_taken_on_any_parent(stage, kind):
    act, person = stage.build(kind, parent=salt_of("what the signer saw"))
    assert stage.trade.refusal_of(act, stage.trade.sign(act, person)) is None


@of([kind for kind in STEPS if not kind.CREATES])
def test_i7_a_step_sent_again_is_refused_by_its_parent(stage, kind):
    act, person = stage.build(kind)
    signature = stage.trade.sign(act, person)
    stage.trade.send(act, signature)
    name, values = stage.trade.refusal_of(act, signature)
    # A custody step may first fail on the relation that it has itself ended.
    assert name == "StaleParent" or (name, values.get("record", values.get("shipment"))) == ("NoOffer", act.record)


@of(OTHERS)
def test_i7_an_order_or_note_sent_again_is_refused_by_its_digest(stage, kind):
    act, person = stage.build(kind)
    signature = stage.trade.sign(act, person)
    entry = stage.trade.send(act, signature)
    name, values = stage.trade.refusal_of(act, signature)
    # Who releases goods no longer holds them: the relation fails first.
    released = kind is ReleaseSeizure and (name, values["record"]) == ("OutsideJurisdiction", act.record)
    assert released or (name, values) == ("AlreadyEntered", {"digest": entry.digest})


@EVERY
@pytest.mark.parametrize("elsewhere", ["another chain", "another contract", "another deployment"])
def test_i7_a_signature_for_elsewhere_does_not_count_here(stage, kind, elsewhere):
    act, person = stage.build(kind)
    here = stage.trade.address(act.CONTRACT)
    chain_id, contract = {
        "another chain": (CHAIN_ID + 1, here),
        "another contract": (CHAIN_ID, stage.trade.address("Gateway")),
        "another deployment": (CHAIN_ID, created_address(Address(b"\7" * 20), 0)),
    }[elsewhere]
    signature = keys_of(person).sign_digest(digest_of(act, chain_id, contract))
    assert stage.trade.refusal_of(act, signature)[0] == "NotAnAgent"


def test_i7_a_reinstatement_is_no_suspension_although_their_members_are_the_same(stage):
    signed, person = stage.build(ReinstateLicense)
    suspension = SuspendLicense.from_json(signed.to_json())
    assert stage.trade.refusal_of(suspension, stage.trade.sign(signed, person))[0] == "NotAnAgent"


def test_the_salt_of_an_agent_is_its_account(stage):
    act, person = stage.build(AppointAgent)
    wrong = dataclasses.replace(act, account=keys_of("another").address)
    assert stage.trade.refusal_of(wrong, stage.trade.sign(wrong, person))[0] == "WrongRecordId"
