"""Does a dossier prove its shipment's chain offline, and does every way of lying in one show, by the check's number?"""

import dataclasses
import json

import pytest

from ledger.acts.licensing import IssueLicense
from ledger.acts.orders import SuspendLicense
from ledger.dossier.building import build
from ledger.dossier.form import Dossier
from ledger.dossier.page import page
from ledger.dossier.policy import Policy
from ledger.dossier.verifying import verify
from ledger.errors import InvalidField, Refused
from ledger.ids import Time
from ledger.journal.checkpoints import Checkpoint, origin_of, parse_checkpoint
from ledger.journal.notes import COSIGNATURE, TEXT, Note, Signer
from ledger.read_model import ReadModel, follow
from tests.integration.provenance_journeys import delivered

WITNESSES = [Signer(f"witness.example/{name}", COSIGNATURE, bytes([number]) * 32) for number, name in enumerate("abc")]
STRANGER = Signer("witness.example/a", COSIGNATURE, bytes([9]) * 32)


@pytest.fixture(scope="module")
def land(settled_trade, tmp_path_factory):
    """A delivered shipment beside another one of the same license, and the read model of its chain."""
    trade = settled_trade
    mark = trade.snapshot()
    licensed = trade.license(10)
    trade.ship(licensed, 2)
    shipment = delivered(trade, trade.ship(licensed, 5), 5)
    model = ReadModel(f"sqlite:///{tmp_path_factory.mktemp('dossier') / 'read_model.sqlite'}")
    follow(model, trade.node, trade.deployment)
    yield trade, model, shipment
    model.close()
    trade.revert(mark)


@pytest.fixture(scope="module")
def log(land):
    deployment = land[0].deployment
    return Signer(origin_of(deployment.chain_id, deployment.address("Journal")), TEXT, bytes(range(32)))


@pytest.fixture(scope="module")
def length(land):
    trade, model, _ = land
    return model.size_at(trade.node.head().number)


def cosigned(note, *witnesses, time=1_900_000_000):
    return note.with_signatures([witness.cosign(note.text, Time(time)) for witness in witnesses])


@pytest.fixture(scope="module")
def checkpoint(land, log):
    def made(size):
        return cosigned(Checkpoint(log.public.name, size, land[1].log_root(size)).signed(log), *WITNESSES[:2])

    return made


@pytest.fixture(scope="module")
def honest(land, checkpoint, length):
    trade, model, shipment = land
    return build(model, trade.deployment, shipment, checkpoint(length))


@pytest.fixture(scope="module")
def policy(log):
    named = "".join(
        f'[[witnesses]]\noperator = "Office {number % 2}"\nkey = "{one.public}"\n'
        for number, one in enumerate(WITNESSES)
    )
    return Policy.parse(f'log = "{log.public}"\nquorum = 2\n{named}')


@pytest.fixture(scope="module")
def found(land, policy):
    """The checks that do not hold, by number."""

    def of(dossier, by=policy):
        report = verify(dossier, land[0].deployment, by)
        return {one.number: one.verdict for one in report.checks if one.verdict != "holds"}

    return of


def written(members):
    return json.dumps(members, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def of_act(dossier, act):
    return next(one for one in dossier.entries if one.entry.kind == act.KIND)


def exchanged(dossier, old, new):
    return dataclasses.replace(dossier, entries=tuple(new if one is old else one for one in dossier.entries))


def test_an_honest_dossier_holds_but_for_the_documents_that_it_does_not_bring(honest, found):
    assert found(honest) == {"P9": "not checkable", "P11": "not checkable"}


def test_a_dossier_has_one_byte_form(honest):
    assert Dossier.read(honest.data) == honest
    assert Dossier.read(honest.data).data == honest.data


def test_two_dossiers_of_one_checkpoint_are_the_same_bytes(land, honest, checkpoint, length):
    trade, model, shipment = land
    assert build(model, trade.deployment, shipment, checkpoint(length)).data == honest.data


@pytest.mark.parametrize("at", range(0, 1000, 41))
def test_any_byte_changed_is_noticed(honest, found, at):
    data = bytearray(honest.data)
    place = at * len(data) // 1000
    data[place] ^= 1
    try:
        verdicts = found(Dossier.read(bytes(data)))
    except InvalidField:
        return
    assert "fails" in verdicts.values()


def test_the_last_act_left_out_is_noticed(honest, land, found):
    shipment = land[2]
    last = [one for one in honest.entries if one.entry.record == shipment][-1]
    kept = tuple(one for one in honest.entries if one is not last)
    assert found(dataclasses.replace(honest, entries=kept))["P2"] == "fails"


def test_every_act_left_out_is_noticed(honest, found):
    for gone in honest.entries:
        kept = tuple(one for one in honest.entries if one is not gone)
        assert "fails" in found(dataclasses.replace(honest, entries=kept)).values(), gone.entry.seq


def test_every_record_left_out_is_noticed(honest, found):
    for gone in honest.records:
        kept = tuple(one for one in honest.records if one is not gone)
        assert "fails" in found(dataclasses.replace(honest, records=kept)).values(), gone.heads


def test_heads_of_an_earlier_checkpoint_are_noticed(land, honest, checkpoint, length, found):
    trade, model, shipment = land
    old = build(model, trade.deployment, shipment, checkpoint(length - 1))
    assert found(dataclasses.replace(honest, records=old.records))["P12"] == "fails"


def test_an_old_dossier_under_a_new_checkpoint_is_noticed(land, checkpoint, length, found):
    trade, model, shipment = land
    old = build(model, trade.deployment, shipment, checkpoint(length - 1))
    assert found(dataclasses.replace(old, checkpoint=checkpoint(length)))["P12"] == "fails"


def test_two_swapped_proofs_are_noticed(honest, found):
    first, second = honest.entries[0], honest.entries[-1]
    swapped = dataclasses.replace(first, proof=dataclasses.replace(first.proof, path=second.proof.path))
    assert found(exchanged(honest, first, swapped))["P12"] == "fails"


def test_a_root_that_the_log_did_not_sign_is_noticed(honest, log, found):
    text = Checkpoint(log.public.name, parse_checkpoint(honest.checkpoint.text).size, bytes(32)).text()
    forged = Note(text, honest.checkpoint.signatures)
    assert found(dataclasses.replace(honest, checkpoint=forged))["P12"] == "fails"


def test_a_checkpoint_of_another_log_is_noticed(honest, length, land, found):
    other = Signer(honest.checkpoint.text.split("\n")[0], TEXT, bytes([3]) * 32)
    note = cosigned(Checkpoint(other.public.name, length, land[1].log_root(length)).signed(other), *WITNESSES)
    assert found(dataclasses.replace(honest, checkpoint=note))["P12"] == "fails"


def test_another_chains_checkpoint_is_noticed(honest, log, policy, found):
    other = Signer(log.public.name.replace("/4242/", "/4243/"), TEXT, log.seed)
    signed = dataclasses.replace(parse_checkpoint(honest.checkpoint.text), origin=other.public.name).signed(other)
    note = cosigned(signed, *WITNESSES)
    trusting = dataclasses.replace(policy, log=other.public)
    assert found(dataclasses.replace(honest, checkpoint=note), trusting)["P12"] == "fails"


def test_one_operator_with_two_keys_is_no_quorum(honest, land, length, log, found):
    note = Checkpoint(log.public.name, length, land[1].log_root(length)).signed(log)
    twice = cosigned(note, WITNESSES[0], WITNESSES[2])
    assert found(dataclasses.replace(honest, checkpoint=twice))["P13"] == "fails"


def test_a_cosignature_of_a_stranger_under_a_witness_name_is_no_quorum(honest, land, length, log, found):
    note = Checkpoint(log.public.name, length, land[1].log_root(length)).signed(log)
    assert found(dataclasses.replace(honest, checkpoint=cosigned(note, STRANGER, WITNESSES[1])))["P13"] == "fails"


def test_without_a_policy_the_signatures_are_not_checkable(honest, found):
    assert found(honest, None)["P12"] == "not checkable"
    assert found(honest, None)["P13"] == "not checkable"


def test_an_authority_that_the_policy_does_not_accept_is_noticed(honest, policy, found):
    assert found(honest, dataclasses.replace(policy, authorities=frozenset({bytes(32)})))["P4"] == "fails"


def test_an_accepted_authority_holds(honest, policy, land, found):
    known = frozenset({land[0].deployment.organization_record(1)})
    assert "P4" not in found(honest, dataclasses.replace(policy, authorities=known))


def test_two_organizations_with_exchanged_numbers_are_noticed(honest, found):
    parties = [one for one in honest.records if one.heads.kind == 1][-2:]
    first, second = (one.heads.number for one in parties)
    changed = {
        parties[0]: dataclasses.replace(parties[0], heads=dataclasses.replace(parties[0].heads, number=second)),
        parties[1]: dataclasses.replace(parties[1], heads=dataclasses.replace(parties[1].heads, number=first)),
    }
    records = tuple(changed.get(one, one) for one in honest.records)
    assert found(dataclasses.replace(honest, records=records))["P12"] == "fails"


def test_an_altered_act_is_noticed_twice(honest, found):
    issued = of_act(honest, IssueLicense)
    act = issued.entry.decoded()
    longer = dataclasses.replace(act, valid_until=act.valid_until + 1).encoded()
    entry = dataclasses.replace(issued.entry, act=longer)
    changed = dataclasses.replace(issued, entry=entry)
    verdicts = found(exchanged(honest, issued, changed))
    assert (verdicts["P1"], verdicts["P12"]) == ("fails", "fails")


def test_a_suspension_that_is_dropped_is_noticed(land, log, policy):
    trade, _, _ = land
    mark = trade.snapshot()
    licensed = trade.license(10)
    shipment = delivered(trade, trade.ship(licensed, 5), 5)
    trade.act(SuspendLicense, "enforcer", trade.authority, record=licensed, reason=1)
    model = ReadModel("sqlite://")
    follow(model, trade.node, trade.deployment)
    size = model.size_at(trade.node.head().number)
    note = cosigned(Checkpoint(log.public.name, size, model.log_root(size)).signed(log), *WITNESSES)
    dossier = build(model, trade.deployment, shipment, note)
    kept = tuple(one for one in dossier.entries if one.entry.kind != SuspendLicense.KIND)
    report = verify(dataclasses.replace(dossier, entries=kept), trade.deployment, policy)
    model.close()
    trade.revert(mark)
    assert (len(kept), next(one.verdict for one in report.checks if one.number == "P2")) == (
        len(dossier.entries) - 1,
        "fails",
    )


def test_the_other_shipments_of_the_license_stay_closed(honest, land):
    shipments = {one.heads.record for one in honest.records if one.heads.kind == 7}
    assert shipments == {land[2]}


def test_no_dossier_of_what_is_no_shipment(land, checkpoint, length):
    trade, model, _ = land
    with pytest.raises(InvalidField):
        build(model, trade.deployment, trade.deployment.organization_record(1), checkpoint(length))
    with pytest.raises(Refused):
        build(model, trade.deployment, bytes(32), checkpoint(length))


@pytest.mark.parametrize(
    "data",
    {
        "nothing": b"",
        "a list": b"[]\n",
        "not JSON": b"{",
        "a double name": b'{"format":1,"format":2}\n',
        "deep": b"[" * 100_000,
    }.values(),
)
def test_what_is_no_dossier_is_refused(data):
    with pytest.raises(InvalidField):
        Dossier.read(data)


@pytest.mark.parametrize(
    "change",
    [
        lambda it: it | {"format": "license-ledger-dossier/2"},
        lambda it: it | {"more": 1},
        lambda it: {name: one for name, one in it.items() if name != "last"},
        lambda it: it | {"shipment": it["shipment"].upper()},
        lambda it: it | {"checkpoint": it["checkpoint"] + "x"},
        lambda it: it | {"entries": [one | {"seq": str(one["seq"])} for one in it["entries"]]},
        lambda it: it | {"records": [one | {"kind": 9} for one in it["records"]]},
    ],
)
def test_another_form_is_refused(honest, change):
    with pytest.raises(InvalidField):
        Dossier.read(
            json.dumps(change(json.loads(honest.data)), sort_keys=True, separators=(",", ":")).encode() + b"\n"
        )


def test_spaces_are_another_form(honest):
    with pytest.raises(InvalidField):
        Dossier.read(json.dumps(json.loads(honest.data)).encode())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "quorum = 1",
        'log = "x"\nquorum = 0',
        "log = 1",
        'log = "{log}"\nquorum = 1',
        'log = "{log}"\nquorum = 0\nx = 1',
    ],
)
def test_a_policy_that_says_nothing_sound_is_refused(text, log):
    with pytest.raises(InvalidField):
        Policy.parse(text.replace("{log}", str(log.public)))


def test_the_page_names_verdict_holders_and_every_check(honest, land, policy):
    report = verify(honest, land[0].deployment, policy)
    shown = page(report, {2: "<Exporter> & Co"})
    assert "&lt;Exporter&gt; &amp; Co" in shown
    assert all(f"<b>{one.number}</b>" in shown for one in report.checks)
    assert "<script" not in shown
