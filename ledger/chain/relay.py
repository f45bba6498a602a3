"""The relay: brings signed acts to the chain in batches and answers whoever sent them.

One thread, one batch at a time: take what has come (durable in the outbox) -> one Gateway transaction -> its receipt
-> entries -> the read model -> the outbox -> the callers. After any failure, and at the start, it first compares the
outbox with the chain by digest: what is in the journal is included, the rest is sent again; the contracts let no act
count twice. Judges no rule.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from ledger.acts.act import Act
from ledger.chain.batch import Batch, Pending, answers, entry_of, journal_entries
from ledger.chain.gate import Gate
from ledger.chain.node import Block
from ledger.chain.outbox import Answer, Included, Key, Outbox, SignedAct, Status
from ledger.errors import LedgerError, Unavailable, brief
from ledger.ids import Digest
from ledger.journal.entries import Entry

_LOG = logging.getLogger(__name__)
MOST_WAITING = 10_000
"""Acts that may wait; more are turned away."""
MOST_AHEAD = 5
"""Seconds that a chain may run ahead of the clock before the relay waits."""
_WRONG_CLOCK = 60
_PAUSE = 1.0


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What the relay needs of the read model."""

    apply: Callable[[Sequence[Entry], Block], None]
    """Know these entries of this block before anybody is answered."""
    catch_up: Callable[[], None]
    """Know everything up to the chain's head."""
    entered: Callable[[Digest], Entry | None]
    """The entry of an act."""


class Relay:
    """Sends what is submitted through `gate`; the outbox is its own. `clock` gives UTC seconds.

    Raises:
        Unavailable: the node or the outbox does not answer at the start.
    """

    def __init__(
        self, gate: Gate, outbox: Outbox, knowledge: Knowledge, *, clock: Callable[[], float] = time.time
    ) -> None:
        self._gate, self._outbox, self._knowledge, self._clock = gate, outbox, knowledge, clock
        self._arrivals: list[Pending] = []
        self._changed = threading.Condition()
        self._closing = False
        self._queue: dict[Key, Pending] = {}
        self._trouble: Unavailable | None = None
        self._reconcile()
        self._thread = threading.Thread(target=self._run, name="relay")
        self._thread.start()

    def submit(self, act: Act, signature: bytes) -> "Future[Included]":
        """Bring an act to the chain. The future gives Included, or raises what the contract says (Refused), or
        Unavailable: it may have been taken, and sending it again is safe.

        Raises:
            Refused: SignatureInvalid.
            Unavailable: the relay is closing, or too many acts wait.
        """
        pending = Pending(SignedAct.of(act, signature, self._gate.deployment), [Future()])
        # A caller that goes away does not take its act with it.
        pending.callers[0].set_running_or_notify_cancel()
        with self._changed:
            if self._closing:
                raise Unavailable("the service is closing")
            if len(self._arrivals) + len(self._queue) >= MOST_WAITING:
                raise Unavailable(f"{MOST_WAITING} acts wait already")
            self._arrivals.append(pending)
            self._changed.notify()
            return pending.callers[0]

    def status(self, digest: Digest) -> Status | None:
        """What is known of an act that was submitted here. Raises Unavailable."""
        return self._outbox.status(digest)

    @property
    def trouble(self) -> Unavailable | None:
        """Why acts are kept and not sent at the moment; None while all is well."""
        return self._trouble

    def close(self) -> None:
        """Take no more, answer those who wait, end. What cannot be sent now stays in the outbox."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        while self._awaited():
            arrivals: list[Pending] = []
            try:
                # The clock catches up, and meanwhile more acts come for the next batch.
                time.sleep(min(max(self._ahead(), 0.0), _PAUSE))
                arrivals = self._arrived()
                self._take(arrivals)
                if self._trouble:
                    self._reconcile()
                if self._ahead() > _WRONG_CLOCK:
                    raise Unavailable(f"the clock is more than {_WRONG_CLOCK} s behind the chain")
                if self._queue and self._ahead() <= 0:
                    self._send(Batch.cut(self._queue.values(), most_gas=self._gate.most_gas))
            except Exception as fault:  # noqa: BLE001  # outermost loop: the callers must hear of it and the thread live
                self._fail(fault, arrivals)
        for pending in self._arrived():
            pending.answer(Unavailable("the service is closing"))

    def _awaited(self) -> bool:
        """Waits until there is something to do; False when there will be nothing more."""
        with self._changed:
            if self._trouble:
                self._changed.wait_for(lambda: self._closing, _PAUSE)
                return not self._closing
            self._changed.wait_for(lambda: self._arrivals or self._queue or self._closing)
            return bool(self._arrivals or self._queue)

    def _arrived(self) -> list[Pending]:
        with self._changed:
            arrivals, self._arrivals = self._arrivals, []
        return arrivals

    def _ahead(self) -> float:
        """Seconds by which the next block would be more than MOST_AHEAD ahead of the clock."""
        return self._last.time + 1 - MOST_AHEAD - self._clock()

    def _take(self, arrivals: list[Pending]) -> None:
        """Arrivals into the outbox and the queue; an act that was included long ago has its answer."""
        if not arrivals:
            return
        included = self._outbox.take([pending.signed for pending in arrivals])
        for pending in arrivals:
            key = pending.signed.key
            if key in included:
                pending.answer(included[key])
            elif key in self._queue:
                self._queue[key].callers.extend(pending.callers)
            else:
                self._queue[key] = pending

    def _send(self, batch: Batch) -> None:
        """One batch to the chain and its answers to the callers; the half of it where the gateway undid the whole."""
        receipt, block = self._gate.pass_through(batch, lambda sent: self._outbox.sending(batch.acts(), sent))
        deployment = self._gate.deployment
        entries = journal_entries(receipt, deployment)
        self._knowledge.apply(entries, block)
        self._last = block
        if receipt.status != 1 and len(batch.pending) > 1:
            half = len(batch.pending) // 2
            self._send(Batch.cut(batch.pending, most_gas=self._gate.most_gas, most_acts=half))
            return
        found = answers(batch, receipt, entries=entries, deployment=deployment, entered=self._knowledge.entered)
        self._settle(list(zip(batch.pending, found, strict=True)))

    def _settle(self, settled: list[tuple[Pending, Answer]]) -> None:
        """Into the outbox first: an answer that was given is never taken back."""
        self._outbox.answered([(pending.signed.key, answer) for pending, answer in settled])
        for pending, answer in settled:
            self._queue.pop(pending.signed.key, None)
            pending.answer(answer)

    def _reconcile(self) -> None:
        """Compare the outbox with the chain by digest: what is in the journal is included, the rest is queued."""
        self._knowledge.catch_up()
        self._gate.refresh()
        self._last = self._gate.node.head()
        earlier, self._queue = self._queue, {}
        settled: list[tuple[Pending, Answer]] = []
        for signed in self._outbox.waiting():
            pending = earlier.get(signed.key) or Pending(signed)
            entry = entry_of(signed, self._knowledge.entered)
            if entry is None:
                self._queue[signed.key] = pending
            else:
                settled.append((pending, Included.of(entry, repeated=True)))
        self._settle(settled)
        self._trouble = None

    def _fail(self, fault: Exception, arrivals: list[Pending]) -> None:
        if not isinstance(fault, LedgerError):
            _LOG.error("the relay failed", exc_info=fault)
        self._trouble = Unavailable(brief(str(fault), 200))
        for pending in [*arrivals, *self._queue.values()]:
            pending.answer(Unavailable(str(self._trouble)))
