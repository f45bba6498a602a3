"""The journal (I6): everything recomputes from logs and the trust root alone."""

import pytest

from ledger.acts.act import KEEPERS, ActClass
from ledger.acts.digests import digest_of, recover
from ledger.acts.licensing import IssueLicense
from ledger.acts.manifests import RegisterShipment
from ledger.acts.reports import AddStatement
from ledger.chain.artifacts import CONTRACTS, artifact, entries_of
from ledger.ids import ZERO32
from ledger.journal.entries import (
    founding_head,
    next_head,
    next_journal_head,
    next_note_head,
)
from tests.scenario import CHAIN_ID, DOCUMENT
from tests.views import call_data, form_of


@pytest.fixture(scope="module")
def entries(settled_stage):
    """All entries of the stage, read from the logs of the Journal."""
    trade = settled_stage.trade
    logs = trade.node.logs(address=trade.address("Journal"), from_block=0, to_block=trade.node.head().number, topics=())
    return entries_of(logs)


def contract_of(entry):
    return KEEPERS[entry.decoded().RECORD]


def founding_heads(deployment):
    heads = {}
    for number, founder in enumerate(deployment.founders, start=1):
        record = deployment.organization_record(number)
        heads[record] = founding_head(record, number, founder.roles, founder.profile)
        for agent in founder.agents:
            record = deployment.agent_record(number, agent.account)
            heads[record] = founding_head(record, number, agent.powers, agent.account)
    return heads


def test_i6_sequence_numbers_have_no_gap(stage, entries):
    length = stage.trade.view("Journal", "state").length
    assert [entry.seq for entry in entries] == list(range(1, length + 1))


def test_i6_the_journals_head_recomputes(stage, entries):
    head = ZERO32
    for entry in entries:
        head = next_journal_head(head, entry)
    assert head == stage.trade.view("Journal", "state").head


def test_i6_every_digest_recomputes_from_the_act(stage, entries):
    trade = stage.trade
    wrong = [
        entry.seq
        for entry in entries
        if digest_of(act := entry.decoded(), CHAIN_ID, trade.address(act.CONTRACT)) != entry.digest
    ]
    assert wrong == []


def test_i6_every_signer_recovers_from_the_signature(entries):
    assert [entry.seq for entry in entries if recover(entry.digest, entry.signature) != entry.signer] == []


def test_i6_every_entry_names_what_its_act_names(entries):
    assert all((e.record, e.organization) == (e.decoded().record, e.decoded().organization) for e in entries)


def test_i6_versions_and_heads_of_every_record_recompute(stage, entries):
    heads, versions = founding_heads(stage.trade.deployment), {}
    for entry in entries:
        if entry.decoded().CLASS is not ActClass.NOTE:
            heads[entry.record] = next_head(heads.get(entry.record, ZERO32), entry.digest, entry.signer)
            versions[entry.record] = versions.get(entry.record, 0) + 1
        assert (entry.record_head, entry.version) == (heads[entry.record], versions[entry.record])


def test_i6_a_steps_parent_is_the_head_before_it(stage, entries):
    heads = founding_heads(stage.trade.deployment)
    for entry in entries:
        act = entry.decoded()
        if act.CLASS is ActClass.STEP:
            assert act.parent == heads.get(entry.record, ZERO32)
        heads[entry.record] = entry.record_head


def test_i6_the_contracts_store_the_heads_that_recompute(stage, entries):
    last = {entry.record: entry for entry in entries}
    stored = {record: stage.trade.view(contract_of(entry), "heads", record).head for record, entry in last.items()}
    assert stored == {record: entry.record_head for record, entry in last.items()}


def test_i6_notes_are_counted_without_gap_and_their_heads_recompute(entries):
    counts, heads = {}, {}
    for entry in entries:
        for touched in entry.touched:
            record = touched.record
            counts[record] = counts.get(record, 0) + 1
            heads[record] = next_note_head(heads.get(record, ZERO32), entry.digest, entry.signer, touched.delta)
            assert (touched.note, touched.note_head) == (counts[record], heads[record])


def test_i6_the_note_heads_of_the_stage_are_stored(stage, entries):
    notes = {t.record: t.note_head for entry in entries for t in entry.touched}
    number = stage.trade.view("Licenses", "numberOf", stage.license)
    stored = stage.trade.view("Licenses", "heads", stage.license).noteHead
    assert (number, stored) == (1, notes[stage.license])


def test_i6_an_entry_touches_records_in_ascending_order_and_each_once(entries):
    for entry in entries:
        touched = [note.record for note in entry.touched]
        assert touched == sorted(set(touched))


def test_a_statement_touches_its_own_record_first_with_an_empty_delta(stage):
    values = {"record": stage.departed, "subject": ZERO32, "kind": 1, "document": DOCUMENT}
    entry = stage.trade.act(AddStatement, "clerk", 2, **values)
    (touched,) = entry.touched
    assert (touched.record, touched.note, touched.delta) == (stage.departed, 1, b"")
    assert touched.note_head == next_note_head(ZERO32, entry.digest, entry.signer, b"")


def test_an_issue_touches_application_and_certificates_and_a_draw_its_license(entries):
    kinds = {entry.kind: len(entry.touched) for entry in entries}
    assert (kinds[IssueLicense.KIND], kinds[RegisterShipment.KIND]) == (2, 1)


def test_the_time_of_an_entry_is_its_blocks(stage):
    entry = stage.trade.hold(stage.registered)
    assert entry.time == stage.trade.node.head().time


def nothing(form):
    """The zero of an ABI type: an empty value of the right shape."""
    if form["type"].endswith("]"):
        return []
    if form["type"] == "tuple":
        return tuple(nothing(member) for member in form["components"])
    return {"bytes": b"", "bytes32": ZERO32, "address": "0x" + "00" * 20, "bool": False}.get(form["type"], 0)


INSIDE = [
    ("Journal", "append"),
    ("Journal", "appendStep"),
    ("Directory", "amend"),
    ("Directory", "entrust"),
    ("Certificates", "name"),
    ("Certificates", "grant"),
    ("Applications", "grant"),
    ("Licenses", "propose"),
    ("Licenses", "enter"),
    ("Licenses", "bind"),
    ("Licenses", "supersede"),
    ("Licenses", "settle"),
    ("Licenses", "draw"),
    ("Licenses", "redraw"),
    ("Licenses", "overdraw"),
    ("Licenses", "giveBack"),
    ("Shipments", "write"),
    ("Shipments", "add"),
    ("Shipments", "settle"),
    ("Shipments", "annotate"),
    ("Shipments", "extend"),
    ("Shipments", "curtail"),
    ("Shipments", "credit"),
    ("Shipments", "stop"),
]


@pytest.mark.parametrize(("contract", "function"), INSIDE)
def test_nobody_writes_past_the_contract_that_judges(stage, contract, function):
    trade = stage.trade
    form = form_of(contract, function)
    data = call_data(form, *(nothing(given) for given in form["inputs"]))
    name, values = trade.answer(trade.address(contract), data)
    assert (name, values["sender"]) == ("OnlyContract", trade.relay.address)


def test_only_a_signed_act_and_the_ledgers_own_contracts_write():
    """A setter that an admin could call would be one more."""
    writing = {
        (name, form["name"])
        for name in CONTRACTS
        for form in artifact(name).abi
        if form["type"] == "function" and form["stateMutability"] not in ("view", "pure")
        if [given["name"] for given in form["inputs"]][1:] != ["signature"]
    }
    assert writing == {*INSIDE, ("Gateway", "submit")}
