"""What comes in: bodies within their bounds, strict JSON, ids in paths, and the ledger that answers.

Bodies are measured while they are read; what is too large is read on and dropped for a while, so that a polite client
sees the answer. JSON is parsed by `ledger.documents.canonical`, which refuses what two readers could understand
differently. What an act may say is not judged here.
"""

import asyncio
import json
from typing import Annotated

from fastapi import Depends, Path, Request
from starlette.requests import ClientDisconnect

from ledger.documents.canonical import Json, check_nesting, parse
from ledger.documents.sealing import ENVELOPE_BYTES
from ledger.errors import InvalidField, Refused
from ledger.ids import Commitment, Digest, RecordId
from ledger.opening import OpenLedger

ACT_BYTES = 256 * 1024
SIGN_IN_BYTES = 16 * 1024
BATCH_BYTES = 8 * 1024 * 1024
BATCH_ACTS = 500
KEYS_BYTES = 1024 * 1024
BODY_SECONDS = 30
_DROPPED_BYTES = 16 * 1024 * 1024
HEX32 = r"^0x[0-9a-fA-F]{64}$"

_SPLITTER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)
"""Finds where an item of a list ends; what is in it is parsed strictly afterwards."""
_BLANKS = " \t\r\n"


async def read_body(request: Request, limit: int) -> bytes:
    """The body, of at most `limit` bytes. Raises Refused: BodyTooLarge, BodyTooSlow, NotJson where it breaks off."""
    kept, size = bytearray(), 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                size += len(chunk)
                if size <= limit:
                    kept += chunk
                elif size > _DROPPED_BYTES:
                    break
    except TimeoutError as late:
        raise Refused("BodyTooSlow", {"seconds": BODY_SECONDS}) from late
    except ClientDisconnect as gone:
        raise Refused("NotJson", {"place": "the body ended early"}) from gone
    if size > limit:
        raise Refused("BodyTooLarge", {"limit": limit})
    return bytes(kept)


def strict_json(data: bytes) -> Json:
    """The JSON value of a body. Raises Refused("NotJson"), InvalidField with the path from the body's top."""
    try:
        return parse(data, "body")
    except InvalidField as fault:
        field, value, bound = (fault.values[name] for name in ("field", "value", "bound"))
        if isinstance(fault.__cause__, ValueError):  # no UTF-8, or no JSON: there is no field to name
            raise Refused("NotJson", {"place": value}) from fault
        raise InvalidField(str(field).removeprefix("body."), value, str(bound)) from fault


def split(data: bytes) -> list[bytes]:
    """The items of a JSON list, each as it was written. Raises Refused("NotJson"), InvalidField."""
    check_nesting(data, "acts")
    try:
        items = _items(data.decode())
    except UnicodeDecodeError as fault:
        raise Refused("NotJson", {"place": f"byte {fault.start}"}) from fault
    except json.JSONDecodeError as fault:
        raise Refused("NotJson", {"place": f"line {fault.lineno} column {fault.colno}: {fault.msg}"}) from fault
    if not 1 <= len(items) <= BATCH_ACTS:
        raise InvalidField("acts", f"{len(items)} items", f"1 to {BATCH_ACTS} items")
    return items


def _items(text: str) -> list[bytes]:
    place = _skip(text, 0)
    if place == len(text):
        raise json.JSONDecodeError("Expecting value", text, place)
    if text[place] != "[":
        raise InvalidField("acts", text[:20], "a list of submissions")
    items: list[bytes] = []
    place = _skip(text, place + 1)
    while text[place : place + 1] != "]":
        end = _SPLITTER.raw_decode(text, place)[1]
        items.append(text[place:end].encode())
        place = _skip(text, end)
        if text[place : place + 1] == ",":
            place = _skip(text, place + 1)
            if text[place : place + 1] == "]":
                raise json.JSONDecodeError("Illegal trailing comma", text, place)
        elif text[place : place + 1] != "]":
            raise json.JSONDecodeError("Expecting ',' delimiter", text, place)
    if _skip(text, place + 1) != len(text):
        raise json.JSONDecodeError("Extra data", text, place + 1)
    return items


def _skip(text: str, place: int) -> int:
    while place < len(text) and text[place] in _BLANKS:
        place += 1
    return place


def bytes_of(text: str) -> bytes:
    """The bytes of 0x-hex whose form was checked."""
    return bytes.fromhex(text[2:])


async def _ledger(request: Request) -> OpenLedger:
    ledger: OpenLedger = request.app.state.ledger
    return ledger


async def _record(record: Annotated[str, Path(pattern=HEX32, description="The record's id.")]) -> RecordId:
    return RecordId(bytes_of(record))


async def _shipment(shipment: Annotated[str, Path(pattern=HEX32, description="The shipment's id.")]) -> RecordId:
    return RecordId(bytes_of(shipment))


async def _digest(digest: Annotated[str, Path(pattern=HEX32, description="The act's EIP-712 digest.")]) -> Digest:
    return Digest(bytes_of(digest))


async def _commitment(
    commitment: Annotated[str, Path(pattern=HEX32, description="sha256 of the credential's canonical bytes.")],
) -> Commitment:
    return Commitment(bytes_of(commitment))


async def _act_body(request: Request) -> Json:
    return strict_json(await read_body(request, ACT_BYTES))


async def _sign_in_body(request: Request) -> Json:
    return strict_json(await read_body(request, SIGN_IN_BYTES))


async def _rpc_body(request: Request) -> bytes:
    return await read_body(request, ACT_BYTES)


async def _batch_body(request: Request) -> bytes:
    return await read_body(request, BATCH_BYTES)


async def _document_body(request: Request) -> bytes:
    return await read_body(request, ENVELOPE_BYTES)


async def _keys_body(request: Request) -> bytes:
    return await read_body(request, KEYS_BYTES)


Ledger = Annotated[OpenLedger, Depends(_ledger)]
RecordPath = Annotated[RecordId, Depends(_record)]
ShipmentPath = Annotated[RecordId, Depends(_shipment)]
DigestPath = Annotated[Digest, Depends(_digest)]
CommitmentPath = Annotated[Commitment, Depends(_commitment)]
ActBody = Annotated[Json, Depends(_act_body)]
SignInBody = Annotated[Json, Depends(_sign_in_body)]
RpcBody = Annotated[bytes, Depends(_rpc_body)]
BatchBody = Annotated[bytes, Depends(_batch_body)]
DocumentBody = Annotated[bytes, Depends(_document_body)]
KeysBody = Annotated[bytes, Depends(_keys_body)]
