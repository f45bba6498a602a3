"""Do the Python acts say exactly what the contracts take?"""

import json
from pathlib import Path
from typing import Any

import pytest
from eth_account.messages import encode_typed_data
from eth_utils.crypto import keccak

from ledger.acts.digests import digest_of, domain_separator, record_id, recover
from ledger.acts.kinds import ACTS, BY_KIND, selector_signature, typed_data_types
from ledger.acts.manifests import Adjustment
from ledger.acts.structs import Struct, members, type_string
from ledger.errors import InvalidField, Refused
from ledger.ids import Address

ARTIFACTS = Path(__file__).parents[2] / "ledger" / "chain" / "artifacts"
CONTRACT = Address(bytes(range(20)))


def functions() -> dict[str, tuple[str, Any]]:
    found = {}
    for path in ARTIFACTS.glob("*.json"):
        artifact = json.loads(path.read_text())
        for item in artifact["abi"]:
            inputs = item.get("inputs", [])
            names = [i["name"] for i in inputs]
            if item["type"] != "function" or names[1:] != ["signature"]:
                continue
            inner = inputs[0].get("components", [])
            if names[0] == "act":
                found[item["name"]] = (artifact["name"], inputs[0])
            elif [member["name"] for member in inner] == ["act"]:
                found[item["name"]] = (artifact["name"], inner[0])
    return found


def filled(struct: type[Struct]) -> Struct:
    """A struct with another value in every member."""
    values: dict[str, Any] = {}
    for number, member in enumerate(members(struct), start=1):
        if member.struct:
            value: Any = filled(member.struct)
        elif member.word.is_number:
            value = -number if member.word.kind == "int" else number
        elif member.word.kind == "bool":
            value = True
        else:
            value = bytes([number]) * member.word.size
        values[member.name] = (value, value) if member.array else value
    return struct(**values)


def test_every_act_of_the_contracts_has_its_class_and_no_other():
    assert {name[0].upper() + name[1:] for name in functions()} == set(ACTS)


@pytest.mark.parametrize("name", sorted(ACTS))
def test_the_class_has_the_members_of_the_solidity_struct(name):
    contract, declared = functions()[name[0].lower() + name[1:]]
    own = [(m.solidity_name, m.type_name) for m in members(ACTS[name])]
    theirs = [(c["name"], c["internalType"].removeprefix("struct ")) for c in declared["components"]]
    assert (ACTS[name].CONTRACT, own) == (contract, theirs)


@pytest.mark.parametrize("name", sorted(ACTS))
def test_the_digest_equals_that_of_an_independent_eip712_implementation(name):
    act = filled(ACTS[name])
    types = typed_data_types(ACTS[name])
    message = {
        "types": types,
        "primaryType": name,
        "domain": {"name": "License Ledger", "version": "1", "chainId": 77, "verifyingContract": "0x" + CONTRACT.hex()},
        "message": as_eth_account_takes_it(act),
    }
    signable = encode_typed_data(full_message=message)
    theirs = keccak(b"\x19" + signable.version + signable.header + signable.body)
    assert digest_of(act, 77, CONTRACT) == theirs


def as_eth_account_takes_it(struct: Struct) -> dict[str, Any]:
    def one(value: Any) -> Any:
        return as_eth_account_takes_it(value) if isinstance(value, Struct) else value

    return {
        m.solidity_name: [one(v) for v in getattr(struct, m.name)] if m.array else one(getattr(struct, m.name))
        for m in members(type(struct))
    }


@pytest.mark.parametrize("name", sorted(ACTS))
def test_an_encoded_act_decodes_to_itself(name):
    act = filled(ACTS[name])
    assert ACTS[name].decoded(act.encoded()) == act


@pytest.mark.parametrize("name", sorted(ACTS))
def test_an_act_survives_json(name):
    act = filled(ACTS[name])
    assert ACTS[name].from_json(json.loads(json.dumps(act.to_json()))) == act


def test_the_type_hashes_of_the_contracts_are_those_of_the_classes():
    text = "".join(
        path.read_text() for path in sorted((ARTIFACTS.parents[2] / "contracts" / "interfaces").glob("*.sol"))
    )
    missing = [name for name in ACTS if f'"{type_string(ACTS[name])}"' not in text]
    assert missing == []


def test_kinds_are_unique():
    assert len(BY_KIND) == len(ACTS)


def test_selector_of_an_act_with_arrays_names_tuples():
    assert selector_signature(ACTS["ConfirmDelivery"]) == (
        "confirmDelivery((bytes32,bytes32,uint32,uint64,uint64,bytes32,uint96[]),bytes)"
    )


def test_selector_of_an_act_inside_another_struct_names_both_tuples():
    assert selector_signature(ACTS["AcceptHandoff"]) == (
        "acceptHandoff(((bytes32,bytes32,uint32,uint64,uint64,bytes32,uint8,bool,bytes32,uint96[])),bytes)"
    )


BAD_MEMBERS = {
    "a float": ("occurredAt", 1.0, "message.occurredAt"),
    "a bool for a number": ("to", True, "message.to"),
    "a negative number": ("to", -1, "message.to"),
    "2^32": ("to", 2**32, "message.to"),
    "short bytes": ("seal", "0x00", "message.seal"),
    "no hex": ("seal", "0x" + "zz" * 32, "message.seal"),
    "null": ("seal", None, "message.seal"),
    "an object": ("seal", {}, "message.seal"),
}


@pytest.mark.parametrize("fault", BAD_MEMBERS)
def test_a_member_that_its_type_cannot_hold_is_refused_by_name(fault):
    name, value, field = BAD_MEMBERS[fault]
    message = filled(ACTS["OfferHandoff"]).to_json() | {name: value}
    with pytest.raises(InvalidField) as refusal:
        ACTS["OfferHandoff"].from_json(message)
    assert refusal.value.values["field"] == field


def test_a_quantity_of_2_to_the_128_is_refused():
    message = filled(ACTS["AcceptHandoff"]).to_json() | {"counted": ["1", str(2**128)]}
    with pytest.raises(InvalidField, match=r"counted\[1\]"):
        ACTS["AcceptHandoff"].from_json(message)


@pytest.mark.parametrize("quantity", [-(2**95), -1, 0, 2**95 - 1])
def test_an_adjustment_may_take_as_well_as_give(quantity):
    adjustment = Adjustment(line=0, quantity=quantity)
    assert Adjustment.from_json(adjustment.to_json()) == Adjustment.decoded(adjustment.encoded()) == adjustment


@pytest.mark.parametrize("quantity", [-(2**95) - 1, 2**95, "-0", "+1", "- 1", -1.0])
def test_a_signed_quantity_that_its_type_cannot_hold_is_refused(quantity):
    with pytest.raises(InvalidField, match="quantity"):
        Adjustment.from_json({"line": 0, "quantity": quantity})


def test_a_negative_number_that_is_not_extended_by_its_sign_is_refused():
    encoded = bytearray(Adjustment(line=0, quantity=-1).encoded())
    encoded[32] = 0
    with pytest.raises(InvalidField, match="quantity"):
        Adjustment.decoded(bytes(encoded))


def test_an_unknown_member_is_refused_by_name():
    message = filled(ACTS["OfferHandoff"]).to_json() | {"price": 1}
    with pytest.raises(InvalidField, match="price"):
        ACTS["OfferHandoff"].from_json(message)


def test_a_missing_member_is_refused_by_name():
    message = filled(ACTS["OfferHandoff"]).to_json()
    del message["seal"]
    with pytest.raises(InvalidField, match="seal"):
        ACTS["OfferHandoff"].from_json(message)


def test_an_encoding_with_trailing_bytes_is_refused():
    act = filled(ACTS["AcceptHandoff"])
    with pytest.raises(InvalidField):
        type(act).decoded(act.encoded() + bytes(32))


def test_an_encoding_with_dirty_padding_is_refused():
    encoded = bytearray(filled(ACTS["OfferHandoff"]).encoded())
    encoded[64] = 1
    with pytest.raises(InvalidField, match="organization"):
        ACTS["OfferHandoff"].decoded(bytes(encoded))


def test_a_truncated_encoding_is_refused():
    act = filled(ACTS["OfferHandoff"])
    with pytest.raises(InvalidField):
        type(act).decoded(act.encoded()[:-1])


def test_a_unit_code_may_stand_for_its_bytes():
    line = {"unit": "NAR", "decimals": 0, "quantity": "10"}
    message = filled(ACTS["SignCertificate"]).to_json() | {"lines": [line]}
    assert ACTS["SignCertificate"].from_json(message).lines[0].unit == b"NAR"


def test_another_chain_is_another_domain():
    assert domain_separator(1, CONTRACT) != domain_separator(2, CONTRACT)


def test_record_ids_follow_the_formula_of_the_encodings():
    words = [77, int.from_bytes(CONTRACT, "big"), 7, 3]
    packed = b"".join(w.to_bytes(32, "big") for w in words) + b"s" * 32
    assert record_id(77, CONTRACT, kind=7, organization=3, salt=b"s" * 32) == keccak(packed)


KEY = __import__("coincurve").PrivateKey(b"\x01" * 32)
DIGEST = keccak(b"act")
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


def signature() -> bytes:
    raw = KEY.sign_recoverable(DIGEST, hasher=None)
    return raw[:64] + bytes([27 + raw[64]])


def test_a_signature_recovers_its_account():
    expected = keccak(KEY.public_key.format(compressed=False)[1:])[12:]
    assert recover(DIGEST, signature()) == expected


BAD_SIGNATURES = {
    "high s": lambda s: s[:32] + (ORDER - int.from_bytes(s[32:64], "big")).to_bytes(32, "big") + bytes([55 - s[64]]),
    "v of 0": lambda s: s[:64] + bytes([s[64] - 27]),
    "v of 29": lambda s: s[:64] + b"\x1d",
    "64 bytes": lambda s: s[:64],
    "66 bytes": lambda s: s + b"\0",
    "zero r": lambda s: bytes(32) + s[32:],
    "zero s": lambda s: s[:32] + bytes(32) + s[64:],
    "r beyond the order": lambda s: b"\xff" * 32 + s[32:],
    "empty": lambda s: s[:0],
}


@pytest.mark.parametrize("fault", BAD_SIGNATURES)
def test_a_signature_that_solidity_refuses_is_refused(fault):
    with pytest.raises(Refused, match="SignatureInvalid"):
        recover(DIGEST, BAD_SIGNATURES[fault](signature()))
