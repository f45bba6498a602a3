"""One export from the certificate to the delivery: three lines, five handoffs, eighteen acts.

Plays it act by act, undoes that, and sends the same signed acts again as one batch through the Gateway: heads depend
on acts and signers alone, so what was signed for the one way stands for the other. The parties have been through one
such journey before, so that no first use of a storage slot of theirs is counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from ledger.acts.act import Act
from ledger.chain.artifacts import act_call, entries_of, submit_call
from ledger.journal.entries import Entry
from tests.scenario import Trade

QUANTITIES = (100, 40, 2_500)
SHARE = 500_000_000
HANDS = (
    ("clerk", Trade.exporter),
    ("forwarder clerk", Trade.forwarder),
    ("driver", Trade.carrier),
    ("stranger", Trade.stranger),
    ("forwarder clerk", Trade.forwarder),
    ("storekeeper", Trade.end_user),
)
CALL_GAS = 800_000
MOST_GAS = 12_000_000


@dataclass(frozen=True, slots=True)
class Step:
    """A signed act of the journey, who signed it, and its gas in a transaction of its own."""

    act: Act
    person: str
    signature: bytes
    gas: int


class Travels(Trade):
    """A trade that keeps what it sends."""

    def __post_init__(self) -> None:
        self.steps: list[Step] = []
        super().__post_init__()

    def act(self, act: type[Act], person: str, organization: int, /, **fields: Any) -> Entry:
        built = self.build(act, organization, **fields)
        signature = self.sign(built, person)
        entry = self.send(built, signature)
        self.steps.append(Step(built, person, signature, self.gas_used))
        return entry

    def journey(self) -> list[Step]:
        """A whole journey, one act a transaction."""
        self.steps = []
        shipment = self.ship(self.license(*QUANTITIES), *QUANTITIES, share=SHARE)
        self.clear(shipment)
        self.depart(shipment)
        for (giver, holder), (taker, receiver) in pairwise(HANDS):
            self.offer(shipment, giver, holder, receiver)
            self.accept_goods(shipment, taker, receiver, *QUANTITIES)
        self.confirm_delivery(shipment, *QUANTITIES)
        return self.steps

    def batch(self, steps: Sequence[Step]) -> int:
        """Gas of the acts as one Gateway transaction. Raises RuntimeError where one of them is refused."""
        calls = [(step.act.CONTRACT, CALL_GAS, act_call(step.act, step.signature)) for step in steps]
        receipt = self.transact(self.address("Gateway"), submit_call(calls), MOST_GAS)
        missing = len(steps) - len(entries_of(receipt.logs))
        if missing:
            raise RuntimeError(f"the journey: {missing} of {len(steps)} acts were refused")
        return receipt.gas_used


def measured(travels: Travels) -> tuple[list[Step], int]:
    """The steps of the parties' second journey with what each costs alone, and the gas of all in one batch."""
    travels.journey()
    before = travels.snapshot()
    steps = travels.journey()
    travels.revert(before)
    return steps, travels.batch(steps)
