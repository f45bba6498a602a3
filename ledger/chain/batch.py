"""One batch: which waiting acts go out together as one Gateway transaction, and what its receipt says of each.

Keeps the order of arrival, so that several acts on one record follow one another. Does not send.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import Self

from eth_abi.abi import decode

from ledger.chain.artifacts import REFUSED, UNAVAILABLE, entries_of, refusal, submit_call
from ledger.chain.deployment import Deployment
from ledger.chain.gas import Budget, call_gas
from ledger.chain.node import Receipt
from ledger.chain.outbox import Answer, Included, Key, SignedAct
from ledger.errors import Refused, Unavailable
from ledger.ids import Digest
from ledger.journal.entries import Entry

MOST_ACTS = 150


@dataclass(slots=True)
class Pending:
    """An act that waits, and those who wait for its answer: none after a restart."""

    signed: SignedAct
    callers: list[Future[Included]] = field(default_factory=list)

    def answer(self, answer: Answer) -> None:
        """Tell every caller; all but the first that theirs was a repetition."""
        for caller in self.callers:
            tell(caller, answer)
            if isinstance(answer, Included):
                answer = replace(answer, repeated=True)
        self.callers.clear()


def tell(caller: "Future[Included]", answer: Answer) -> None:
    """Answer a caller that has no answer yet."""
    if caller.done():
        return
    if isinstance(answer, Included):
        caller.set_result(answer)
    else:
        caller.set_exception(answer)


@dataclass(frozen=True, slots=True)
class Batch:
    """Acts for one transaction: its gas and its calldata."""

    pending: tuple[Pending, ...]
    gas: int
    data: bytes

    @classmethod
    def cut(cls, waiting: Iterable[Pending], *, most_gas: int, most_acts: int = MOST_ACTS) -> Self:
        """As many as fit, the first in any case."""
        taken: list[Pending] = []
        calls: list[tuple[str, int, bytes]] = []
        budget = Budget()
        for pending in waiting:
            act, data = pending.signed.act, pending.signed.call()
            longer = budget.with_call(act, len(data))
            if taken and (len(taken) == most_acts or longer.gas > most_gas):
                break
            budget = longer
            taken.append(pending)
            calls.append((act.CONTRACT, call_gas(act), data))
        return cls(tuple(taken), min(budget.gas, most_gas), submit_call(calls))

    def acts(self) -> list[SignedAct]:
        return [pending.signed for pending in self.pending]


def journal_entries(receipt: Receipt, deployment: Deployment) -> list[Entry]:
    """The entries that a transaction made."""
    journal = deployment.address("Journal")
    return entries_of(log for log in receipt.logs if log.address == journal)


def answers(
    batch: Batch,
    receipt: Receipt,
    *,
    entries: Sequence[Entry],
    deployment: Deployment,
    entered: Callable[[Digest], Entry | None],
) -> list[Answer]:
    """The answer to each act of the batch. An act refused because it is in the journal already is included."""
    made: dict[Key, Answer] = {(entry.digest, entry.signer): Included.of(entry) for entry in entries}
    refusals = _refusals(receipt, deployment)
    found: list[Answer] = []
    for index, signed in enumerate(batch.acts()):
        answer: Answer | None = made.get(signed.key)
        if answer is None:
            earlier = entry_of(signed, entered)
            answer = refusals.get(index) if earlier is None else Included.of(earlier, repeated=True)
        found.append(answer or Unavailable("the chain says nothing about this act"))
    return found


def entry_of(signed: SignedAct, entered: Callable[[Digest], Entry | None]) -> Entry | None:
    """The act's entry, if this signer's act is in the journal."""
    entry = entered(signed.digest)
    return entry if entry is not None and entry.signer == signed.signer else None


def _refusals(receipt: Receipt, deployment: Deployment) -> dict[int, Refused | Unavailable]:
    gateway = deployment.address("Gateway")
    found: dict[int, Refused | Unavailable] = {}
    for log in receipt.logs:
        if log.address != gateway:
            continue
        index = int.from_bytes(log.topics[1], "big")
        if log.topics[0] == REFUSED:
            found[index] = refusal(decode(["bytes"], log.data)[0])
        elif log.topics[0] == UNAVAILABLE:
            found[index] = Unavailable("the act ran out of gas or nothing answered; it may be sent again")
    return found
