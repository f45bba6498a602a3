"""Acts on their way in: one or many, handed to the relay, and what each caller is told.

No event loop waits for a block: the relay answers by a future. Nothing is read before the write, and no rule is judged.
"""

import asyncio
from concurrent.futures import Future
from dataclasses import dataclass

from api.answers import Batch, BatchItem, Included
from api.parsing import ACT_BYTES, split, strict_json
from api.problems import members
from ledger.chain.outbox import Included as Inclusion
from ledger.chain.relay import Relay
from ledger.documents.canonical import Json, is_object
from ledger.errors import InvalidField, Refused, Unavailable
from ledger.ids import RecordId
from ledger.opening import OpenLedger
from ledger.writing import submission


@dataclass(frozen=True, slots=True)
class Taken:
    """An act that the relay has taken, and the record it is about."""

    record: RecordId
    future: "Future[Inclusion]"

    async def answer(self) -> tuple[int, Included]:
        """Status and body once the act is in the journal. Raises Refused, Unavailable."""
        found = await asyncio.wrap_future(self.future)
        return 200 if found.repeated else 201, Included.shown(found, self.record)


def relay_of(ledger: OpenLedger) -> Relay:
    """The relay. Raises Unavailable where this process only reads."""
    if ledger.relay is None:
        raise Unavailable("this process only reads")
    return ledger.relay


def take(ledger: OpenLedger, body: Json) -> Taken:
    """Hand one submission to the relay. Raises Refused, InvalidField, Unavailable."""
    if not is_object(body):
        raise InvalidField("body", body, "an object with primaryType, message and signature")
    act, signature = submission(body, ledger.deployment)
    return Taken(RecordId(act.record), relay_of(ledger).submit(act, signature))


def take_many(ledger: OpenLedger, data: bytes) -> list[Taken | Refused | Unavailable]:
    """Hand every item of a list to the relay, in order; what cannot be read keeps its place.

    Raises:
        Refused: NotJson, the list itself cannot be read.
        InvalidField: no list, or too many items.
    """
    return [_take_item(ledger, item) for item in split(data)]


async def answer_many(taken: list[Taken | Refused | Unavailable]) -> Batch:
    """What became of each."""
    return Batch(items=[await _answer_item(one) for one in taken])


def _take_item(ledger: OpenLedger, item: bytes) -> Taken | Refused | Unavailable:
    try:
        if len(item) > ACT_BYTES:
            raise Refused("BodyTooLarge", {"limit": ACT_BYTES})
        return take(ledger, strict_json(item))
    except (Refused, Unavailable) as fault:
        return fault


async def _answer_item(one: Taken | Refused | Unavailable) -> BatchItem:
    try:
        if not isinstance(one, Taken):
            raise one
        status, included = await one.answer()
        return BatchItem(status=status, body=included)
    except Refused as refused:
        told = members(refused)
        return BatchItem(status=int(str(told["status"])), body=told)
    except Unavailable:
        return BatchItem(status=503, body=members(Refused("Unavailable")))
