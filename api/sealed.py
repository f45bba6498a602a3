"""What goes out about sealed documents: who reads them, which are missing, who has read them."""

from typing import Annotated, Any, Literal

from pydantic import Field

from api.answers import Block
from api.records import Shown
from api.shapes import Hex, Hex20, Hex32, Number, Seconds
from ledger.documents.sealing import ENVELOPE_BYTES

Section = Literal["goods", "prices"]
Sections = list[Section]


class KeyAct(Shown):
    """The act that brought a document key: check it before sealing to that key."""

    primary_type: Literal["AcceptAppointment", "RotateAgentKeys"]
    message: dict[str, Any]
    signature: Hex


class DocumentReader(Shown):
    """An active agent that may read `sections`; of `lacking` it has no sealed key."""

    organization: Number
    agent: Hex32
    account: Hex20
    x25519: Hex32
    sections: Sections
    lacking: Sections
    archive: Annotated[bool, Field(description="Holds its organization's archive key.")]
    key_act: KeyAct


class DocumentReaders(Shown):
    """Everybody who may read a document."""

    items: list[DocumentReader]
    block: Block


class KeptDocument(Shown):
    """A document that is here; `lacking`: how many readers have no key of a section that they may read.

    `sections` are those that the asked key opens; `act`, `seq` and `record` of where its author first committed to it.
    """

    commitment: Hex32
    issuer: Annotated[Hex, Field(description="The account that signed it; 0x: anonymous.")]
    organization: Number
    lacking: int
    sections: Sections
    act: Annotated[str | None, Field(description="null: none yet.", examples=["RegisterShipment"])]
    seq: int | None
    record: Hex32 | None


class MissingDocument(Shown):
    """What the ledger commits to and the vault does not have; whoever has a copy can put it again."""

    commitment: Hex32
    act: Annotated[str, Field(description="That commits to it, or founding.", examples=["RegisterShipment"])]
    seq: Annotated[int, Field(description="Of its entry; 0: the founding.")]
    record: Hex32
    organization: Number


class DocumentRead(Shown):
    """That a document was given out."""

    at: Seconds
    organization: Number
    account: Hex20
    sections: Sections


_HEX: dict[str, Any] = {"type": "string", "pattern": "^0x([0-9a-f]{2})*$"}
_NAME: dict[str, Any] = {"type": "string", "enum": ["goods", "prices"]}


def _object(**properties: Any) -> dict[str, Any]:
    names = sorted(properties)
    return {"type": "object", "required": names, "additionalProperties": False, "properties": properties}


_KEYS = {"type": "array", "items": _object(section=_NAME, recipient=_HEX, sealed=_HEX)}
_SECTION = _object(nonce=_HEX, ciphertext=_HEX)
_SECTIONS = {"type": "object", "required": ["goods"], "properties": {"goods": _SECTION, "prices": _SECTION}}
ENVELOPE: dict[str, Any] = _object(
    version={"type": "integer", "enum": [1]}, credential={"type": "object"}, sections=_SECTIONS, keys=_KEYS
)
"""JSON Schema of an envelope."""


def envelope_body() -> dict[str, Any]:
    """The description of a body that is an envelope."""
    return _body(f"A sealed document, at most {ENVELOPE_BYTES} bytes.", ENVELOPE)


def keys_body() -> dict[str, Any]:
    """The description of a body that brings keys."""
    return _body("The section's key, sealed to its readers.", _object(keys=_KEYS))


def _body(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    content = {"application/json": {"schema": schema}}
    return {"requestBody": {"required": True, "description": description, "content": content}}
