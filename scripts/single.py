"""Gas of one act of a kind, as the tests' stage holds an example of it, and of fifty such on one record where the rules
take it again and again: the head of each is the parent of the next."""

from collections.abc import Iterable
from pathlib import Path

from ledger.acts.act import Act, ActClass
from ledger.acts.digests import digest_of
from ledger.chain.artifacts import act_call, entries_of, submit_call
from ledger.journal.entries import next_head
from tests.contracts.stage import Stage, set_stage
from tests.world import CHAIN_ID, DAY, keys_of

CALL_GAS = 580_000
BLOCK_GAS = 30_000_000


def singles(folder: Path, kinds: Iterable[type[Act]], batch: int) -> list[tuple[type[Act], int, int | None]]:
    """Each kind with its gas alone and in a batch on one record, None where that is refused."""
    stage = set_stage(folder)
    found = []
    for kind in kinds:
        mark = stage.trade.snapshot()
        act, person = stage.build(kind)
        stage.trade.send(act, stage.trade.sign(act, person))
        alone = stage.trade.gas_used
        stage.trade.revert(mark)
        found.append((kind, alone, _repeated(stage, kind, batch)))
        stage.trade.revert(mark)
    stage.trade.close()
    return found


def _repeated(stage: Stage, kind: type[Act], batch: int) -> int | None:
    trade = stage.trade
    calls = []
    for number in range(batch):
        # Another deadline makes another act.
        act, person = stage.build(kind, deadline=trade.time + DAY + number)
        calls.append((kind.CONTRACT, CALL_GAS, act_call(act, trade.sign(act, person))))
        if kind.CLASS is not ActClass.NOTE:
            digest = digest_of(act, CHAIN_ID, trade.address(kind.CONTRACT))
            trade.heads[act.record] = next_head(trade.head(act.record, kind), digest, keys_of(person).address)
    receipt = trade.transact(trade.address("Gateway"), submit_call(calls), BLOCK_GAS)
    return receipt.gas_used // batch if len(entries_of(receipt.logs)) == batch else None
