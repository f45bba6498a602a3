"""Does a prepared act need nothing but a signature, and is a submission read strictly?"""

import copy

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data

from ledger.acts.digests import digest_of, recover
from ledger.errors import InvalidField, Refused
from ledger.ids import ZERO32, hex0x
from ledger.read_model import ReadModel, follow
from ledger.writing import DEADLINE, prepare, submission
from tests.world import DOCUMENT, EXPORTER, NAR, keys_of, salt_of

DOCUMENT_HEX = hex0x(DOCUMENT)


@pytest.fixture(scope="module")
def read_model(settled_trade, tmp_path_factory):
    model = ReadModel(f"sqlite:///{tmp_path_factory.mktemp('writing') / 'read_model.sqlite'}")
    follow(model, settled_trade.node, settled_trade.deployment)
    yield model
    model.close()


@pytest.fixture
def prepared(settled_trade, read_model):
    """Prepares an act at the time of the story."""

    def prepared(name, **fields):
        return prepare(name, fields, read_model=read_model, deployment=settled_trade.deployment, now=settled_trade.time)

    return prepared


@pytest.fixture
def party(prepared):
    return prepared("RecordParty", organization=1, roles=EXPORTER, profile=hex0x(salt_of("profile")))


@pytest.fixture
def signed(party):
    """A submission of a prepared act."""
    signature = keys_of("recorder").sign_digest(party.digest)
    return {**copy.deepcopy(party.typed_data), "signature": hex0x(signature)}


def message(prepared):
    return prepared.typed_data["message"]


def test_a_wallet_signs_what_was_prepared(party):
    account = Account.create()
    signature = account.sign_message(encode_typed_data(full_message=party.typed_data)).signature
    assert recover(party.digest, bytes(signature)) == bytes.fromhex(account.address[2:])


def test_a_prepared_act_passes_the_contract(trade, signed):
    act, signature = submission(signed, trade.deployment)
    assert trade.send(act, signature).version == 1


def test_a_creating_act_gets_a_salt_of_its_own(prepared):
    salts = {message(prepared("RecordParty", organization=1, roles=8, profile=DOCUMENT_HEX))["salt"] for _ in range(2)}
    assert len(salts) == 2


def test_a_salt_that_is_given_stays(prepared):
    act = prepared("RecordParty", organization=1, roles=8, profile=DOCUMENT_HEX, salt=DOCUMENT_HEX)
    assert message(act)["salt"] == DOCUMENT_HEX


def test_an_agent_is_created_under_its_account(trade, prepared):
    account = keys_of("newcomer").address
    act = prepared("AppointAgent", organization=trade.exporter, account=hex0x(account), powers=1)
    assert act.record == trade.deployment.agent_record(trade.exporter, account)


def test_the_parent_is_the_records_head(settled_trade, prepared):
    record = settled_trade.agent(settled_trade.exporter, "clerk")
    act = prepared(
        "DismissAgent", organization=settled_trade.exporter, record=hex0x(record), reason=1, compromisedSince=0
    )
    assert message(act)["parent"] == hex0x(settled_trade.heads[record])


def test_a_parent_that_is_given_stays(settled_trade, prepared):
    record = hex0x(settled_trade.agent(settled_trade.exporter, "clerk"))
    act = prepared("ConfirmAppointment", organization=settled_trade.exporter, record=record, parent=DOCUMENT_HEX)
    assert message(act)["parent"] == DOCUMENT_HEX


def test_the_deadline_is_a_day_away(settled_trade, party):
    assert message(party)["deadline"] == settled_trade.time + DEADLINE


def test_lines_are_read_by_their_names(prepared, settled_trade):
    act = prepared(
        "SignCertificate",
        organization=settled_trade.end_user,
        exporter=settled_trade.exporter,
        endUser=settled_trade.end_user,
        authority=1,
        validFrom=settled_trade.time,
        validUntil=settled_trade.time + 1,
        supersedes=hex0x(ZERO32),
        document=DOCUMENT_HEX,
        lines=[{"unit": "NAR", "decimals": 0, "quantity": "10"}],
    )
    assert message(act)["lines"] == [{"unit": hex0x(NAR), "decimals": 0, "quantity": "10"}]


def test_an_unknown_record_is_refused(prepared):
    with pytest.raises(Refused, match="UnknownRecord"):
        prepared("CancelShipment", organization=2, record=DOCUMENT_HEX)


def test_an_unknown_organization_is_refused(prepared):
    with pytest.raises(Refused, match="UnknownOrganization"):
        prepared("RecordParty", organization=99, roles=8, profile=DOCUMENT_HEX)


@pytest.mark.parametrize(
    ("name", "fields", "field"),
    [
        ("StealShipment", {}, "kind"),
        ("RecordParty", {"organization": 1, "roles": 8}, "fields.profile"),
        ("RecordParty", {"organization": True, "roles": 8, "profile": DOCUMENT_HEX}, "fields.organization"),
        ("RecordParty", {"organization": 1, "roles": 8, "profile": DOCUMENT_HEX, "x": 1}, "fields.x"),
        ("CancelShipment", {"organization": 2}, "fields.record"),
        ("CancelShipment", {"organization": 2, "record": 7}, "fields.record"),
    ],
)
def test_a_field_that_cannot_be_read_is_named(prepared, name, fields, field):
    with pytest.raises(InvalidField) as refused:
        prepared(name, **fields)
    assert refused.value.values["field"] == field


def test_a_submission_is_the_act_that_was_prepared(trade, party, signed):
    act, _ = submission(signed, trade.deployment)
    assert digest_of(act, trade.deployment.chain_id, trade.address("Directory")) == party.digest


def test_a_submission_needs_no_domain_and_no_types(trade, signed):
    act, _ = submission({name: signed[name] for name in ("primaryType", "message", "signature")}, trade.deployment)
    assert act.organization == 1


def change(body, path, value):
    *steps, last = path.split(".")
    for step in steps:
        body = body[step]
    body[last] = value


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("domain.name", "license ledger"),
        ("domain.version", 1),
        ("domain.chainId", "4242"),
        ("domain.chainId", 1),
        ("domain.verifyingContract", "0x" + "11" * 20),
        ("domain.salt", "0x00"),
        ("domain", None),
        ("types", {}),
        ("primaryType", "Permit"),
        ("message", []),
        ("message.roles", True),
        ("message.more", 1),
        ("signature", "0x" + "00" * 64),
        ("signature", None),
        ("nonce", 1),
    ],
)
def test_a_submission_that_differs_names_the_field(trade, signed, field, value):
    change(signed, field, value)
    with pytest.raises(InvalidField) as refused:
        submission(signed, trade.deployment)
    assert refused.value.values["field"] == field


def test_a_domain_without_its_contract_is_refused(trade, signed):
    del signed["domain"]["verifyingContract"]
    with pytest.raises(InvalidField, match=r"domain\.verifyingContract"):
        submission(signed, trade.deployment)


def test_an_address_of_the_domain_may_be_in_any_case(trade, signed):
    signed["domain"]["verifyingContract"] = "0x" + signed["domain"]["verifyingContract"][2:].upper()
    assert submission(signed, trade.deployment)[0].organization == 1


@pytest.mark.parametrize("body", [None, [], "act", 7])
def test_a_submission_that_is_no_object_is_refused(trade, body):
    with pytest.raises(InvalidField):
        submission(body, trade.deployment)
