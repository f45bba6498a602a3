"""The acts' messages as JSON Schema, made from the classes of the acts: what a signer signs, member by member.

Says what `Struct.from_json` takes. Made for readers of the description; nothing is checked with it.
"""

from typing import Any

from ledger.acts.act import Act
from ledger.acts.kinds import ACTS
from ledger.acts.structs import MOST_ELEMENTS, Member, Struct, members
from ledger.acts.words import Word

Schema = dict[str, Any]


def message_schemas() -> dict[str, Schema]:
    """By name of the component: what is read by hand, every act's message, and the structs within."""
    structs: dict[str, type[Struct]] = dict(ACTS)
    for act in ACTS.values():
        structs |= {member.struct.__name__: member.struct for member in members(act) if member.struct}
    described = {component(struct): _struct(struct) for struct in structs.values()}
    own = {"Submission": _submission(), "Preparation": _preparation(), "SignIn": _sign_in(), "RpcCall": _rpc_call()}
    return described | own


def component(struct: type[Struct]) -> str:
    """The name under which a struct is described."""
    return f"{struct.__name__}Message"


def _submission() -> Schema:
    messages = [{"$ref": f"#/components/schemas/{component(act)}"} for act in ACTS.values()]
    return {
        "type": "object",
        "description": "The typed data that was signed (EIP-712) and the signature; domain and types may be left out.",
        "properties": {
            "primaryType": {"type": "string", "enum": list(ACTS)},
            "message": {"anyOf": messages},
            "signature": {
                "type": "string",
                "pattern": "^0x[0-9a-fA-F]{130}$",
                "description": "r, s (low), v 27 or 28.",
            },
            "domain": {"type": "object"},
            "types": {"type": "object"},
        },
        "required": ["primaryType", "message", "signature"],
        "additionalProperties": False,
        "example": {
            "primaryType": "WithdrawOffer",
            "message": {
                "record": "0x" + 32 * "5c",
                "parent": "0x" + 32 * "a1",
                "organization": 2,
                "deadline": 1795392000,
            },
            "signature": "0x" + 64 * "7e" + "1b",
        },
    }


def _preparation() -> Schema:
    return {
        "type": "object",
        "description": (
            "The name of an act and its message as far as the caller knows it: parent, salt, deadline and the record"
            " of a creating act may be left out."
        ),
        "properties": {"kind": {"type": "string", "enum": list(ACTS)}, "fields": {"type": "object"}},
        "required": ["kind", "fields"],
        "additionalProperties": False,
        "example": {"kind": "HoldShipment", "fields": {"record": "0x" + 32 * "5c", "organization": 5, "reason": 1}},
    }


def _sign_in() -> Schema:
    said = (
        "ledger.example wants you to sign in with your Ethereum account:\n0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2\n"
        "\n\nURI: https://ledger.example/v1/sessions\nVersion: 1\nChain ID: 5158223948220433\n"
        f"Nonce: {32 * '5c'}\nIssued At: 2026-11-22T08:00:00Z"
    )
    return {
        "type": "object",
        "properties": {
            "message": {"type": "string", "maxLength": 4096, "description": "EIP-4361, character by character."},
            "signature": {
                "type": "string",
                "pattern": "^0x[0-9a-fA-F]{130}$",
                "description": "EIP-191: r, s (low), v 27 or 28.",
            },
        },
        "required": ["message", "signature"],
        "additionalProperties": False,
        "example": {"message": said, "signature": "0x" + 64 * "7e" + "1b"},
    }


def _rpc_call() -> Schema:
    return {
        "type": "object",
        "properties": {
            "jsonrpc": {"const": "2.0"},
            "id": {"type": ["integer", "string", "null"]},
            "method": {"type": "string"},
            "params": {"type": "array"},
        },
        "required": ["jsonrpc", "method"],
        "additionalProperties": False,
        "example": {"jsonrpc": "2.0", "id": 1, "method": "eth_chainId", "params": []},
    }


def _struct(struct: type[Struct]) -> Schema:
    own = members(struct)
    described: Schema = {
        "type": "object",
        "description": _first_line(struct),
        "properties": {member.solidity_name: _member(member) for member in own},
        "required": [member.solidity_name for member in own],
        "additionalProperties": False,
    }
    return described | ({"title": struct.__name__} if issubclass(struct, Act) else {})


def _first_line(struct: type[Struct]) -> str:
    text = (struct.__doc__ or "").strip().splitlines()[0]
    if not issubclass(struct, Act):
        return text
    return f"{text} Act {struct.KIND}, a {struct.CLASS.value}, taken by {struct.CONTRACT}."


def _member(member: Member) -> Schema:
    if member.struct:
        one: Schema = {"$ref": f"#/components/schemas/{component(member.struct)}"}
    else:
        one = _word(member.word) if member.word else {}
    return {"type": "array", "items": one, "maxItems": MOST_ELEMENTS} if member.array else one


def _word(word: Word) -> Schema:
    if word.kind == "bool":
        return {"type": "boolean"}
    if word.is_number:
        return _number(word)
    hexadecimal = {"type": "string", "pattern": f"^0x[0-9a-fA-F]{{{2 * word.size}}}$"}
    if word.size != 3:
        return {"description": word.name, **hexadecimal}
    code = {"type": "string", "pattern": "^[A-Z0-9]{1,3}$"}
    return {"description": "A unit code of UNECE Recommendation 20.", "anyOf": [code, hexadecimal]}


def _number(word: Word) -> Schema:
    signed = word.kind == "int"
    highest = 2 ** min(word.size - signed, 53) - 1
    number: Schema = {"type": "integer", "minimum": -highest if signed else 0, "maximum": highest}
    decimal = {"type": "string", "pattern": "^(0|-?[1-9][0-9]*)$" if signed else "^(0|[1-9][0-9]*)$"}
    return {"description": word.name, "anyOf": [decimal, number] if word.size > 53 else [number, decimal]}
