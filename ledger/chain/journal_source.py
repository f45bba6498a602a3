"""The history of one shipment, asked of a node: logs by record and by seq, heads and numbers, all at one block.

Trusts the trust root for addresses and code, and the node for what stands at its head; judges nothing. The work grows
with the shipment and its license, not with the ledger: first the logs of the records wanted, then all logs of the
entries seen there, until nothing new is wanted. Nothing in the journal names a part of a split shipment before its own
first act; it is looked for among the shipments of its license.
"""

from collections.abc import Iterable, Sequence, Set
from typing import TypeVar

from eth_abi.abi import decode
from eth_abi.exceptions import DecodingError
from eth_utils.crypto import keccak

from ledger.acts.act import KEEPERS, RecordKind
from ledger.acts.manifests import SplitShipment
from ledger.chain.artifacts import CONTRACTS, ENTRY, TOUCHED, artifact, entries_of, view_call
from ledger.chain.closure import Closure, act_of, parts_of
from ledger.chain.deployment import Deployment
from ledger.chain.gathering import Gathering
from ledger.chain.node import Block, CallReverted, Log, Node, Topics
from ledger.errors import InvalidField, Refused, Unavailable
from ledger.ids import Head, RecordId, hex0x
from ledger.journal.entries import Entry
from ledger.journal.history import AtBlock, Heads, History

MOST_TOPICS = 200
"""Topics in one question; nodes bound them."""

Item = TypeVar("Item")


def shipment_history(node: Node, deployment: Deployment, shipment: RecordId) -> History:
    """Everything that `shipment` rests on, at the node's present head.

    Raises:
        Refused: UnknownRecord, nothing of that id is in the journal.
        InvalidField: the record is no shipment, or the node is not on the ledger of the trust root.
        Unavailable: the node fails, or its chain moved on to another branch meanwhile.
    """
    _check_ledger(node, deployment)
    try:
        return _read(_Source(node, deployment, node.head()), shipment)
    except DecodingError as error:
        raise Unavailable(f"the node answers what no contract of the ledger says: {error}") from error


def _read(source: "_Source", shipment: RecordId) -> History:
    closure = source.gather(shipment)
    if shipment in closure.rootless:
        if any(entry.record == shipment for entry in source.entries()):
            raise InvalidField("shipment", hex0x(shipment), "the record id of a shipment")
        raise Refused("UnknownRecord", {"record": shipment})
    return source.history(shipment, closure)


def _check_ledger(node: Node, deployment: Deployment) -> None:
    if node.chain_id() != deployment.chain_id:
        raise InvalidField("chain id", node.chain_id(), f"{deployment.chain_id}, as the trust root says")
    for name in CONTRACTS:
        address = deployment.address(name)
        if keccak(node.code(address)) != deployment.code_hashes[name]:
            raise InvalidField("code", hex0x(address), f"the code of {name} in the trust root")


class _Source(Gathering):
    """The node's answers at one block, gathered."""

    def __init__(self, node: Node, deployment: Deployment, block: Block) -> None:
        super().__init__(deployment)
        self._node = node
        self._block = block

    def history(self, shipment: RecordId, closure: Closure) -> History:
        """What was gathered, with the heads of the closure's records."""
        length, _ = decode(["uint64", "bytes32"], self._call("Journal", view_call("state()")))
        heads = {record: self._heads(KEEPERS[wanted.kind], record) for record, wanted in closure.records.items()}
        if self._node.block(self._block.number).hash != self._block.hash:
            raise Unavailable("the chain moved on to another branch while it was read")
        return History(
            shipment=shipment,
            at=AtBlock(self._block.number, self._block.hash, self._block.time),
            length=length,
            entries=self.entries(),
            heads=heads,
            numbers=dict(self._numbers),
        )

    def _load(self, closure: Closure, records: Set[RecordId]) -> None:
        noted = sorted(record for record in records if closure.records[record].noted)
        stepped = sorted(records - set(noted))
        found: set[int] = set()
        for events, chosen in (([ENTRY, TOUCHED], noted), ([ENTRY], stepped)):
            for some in _chunks(chosen):
                found.update(_seq(log) for log in self._ask([events, None, some]))
        self._take(found)

    def _take(self, seqs: set[int]) -> None:
        """The entries of these numbers, each with all its logs."""
        for some in _chunks(sorted(seqs - self._entries.keys())):
            logs = self._ask([[ENTRY, TOUCHED], [_topic(seq) for seq in some]])
            self._entries.update({entry.seq: entry for entry in entries_of(logs)})

    def _find_split(self, part: RecordId) -> None:
        # From the part's own act back to a shipment that was registered.
        made: dict[RecordId, Entry] = {}
        ahead = self._shipments_beside(part)
        while ahead and part not in made:
            parts = {record: entry for entry in self._own(ahead) for record in self._parts(entry)}
            ahead = parts.keys() - made.keys()
            made |= parts
        while part in made:
            self._take({made[part].seq})
            part = made[part].record

    def _shipments_beside(self, part: RecordId) -> Set[RecordId]:
        """The shipments that left notes on the license of a shipment; none where the contract knows no such."""
        try:
            answer = self._call("Shipments", view_call("shipmentOf(bytes32)", part))
        except CallReverted:
            return set()
        place = _place_of_license()
        number = int.from_bytes(answer[place : place + 32], "big")
        found = {_seq(log) for log in self._ask([[TOUCHED], None, [self._record_of(RecordKind.LICENSE, number)]])}
        logs = [log for some in _chunks(sorted(found)) for log in self._ask([[ENTRY], [_topic(seq) for seq in some]])]
        return {entry.record for entry in entries_of(logs)}

    def _own(self, records: Set[RecordId]) -> list[Entry]:
        return entries_of(log for some in _chunks(sorted(records)) for log in self._ask([[ENTRY], None, some]))

    def _parts(self, entry: Entry) -> tuple[RecordId, ...]:
        act = act_of(entry)
        return parts_of(self._deployment, act) if isinstance(act, SplitShipment) else ()

    def _ask(self, topics: Topics) -> list[Log]:
        return self._node.logs(
            address=self._deployment.address("Journal"),
            from_block=self._deployment.block,
            to_block=self._block.number,
            topics=topics,
        )

    def _record_of(self, kind: RecordKind, number: int) -> RecordId:
        return RecordId(self._call(KEEPERS[kind], view_call("recordOf(uint32)", number))[:32])

    def _heads(self, contract: str, record: RecordId) -> Heads:
        answer = self._call(contract, view_call("heads(bytes32)", record)).ljust(64, b"\0")
        return Heads(Head(answer[:32]), Head(answer[32:64]))

    def _call(self, contract: str, data: bytes) -> bytes:
        return self._node.call(self._deployment.address(contract), data, block=self._block.hash)


def _seq(log: Log) -> int:
    return int.from_bytes(log.topics[1], "big")


def _topic(seq: int) -> bytes:
    return seq.to_bytes(32, "big")


def _place_of_license() -> int:
    """Where shipmentOf's answer names the license."""
    form = next(item for item in artifact("Shipments").abi if item.get("name") == "shipmentOf")
    return 32 * [member["name"] for member in form["outputs"][0]["components"]].index("license")


def _chunks(items: Sequence[Item]) -> Iterable[Sequence[Item]]:
    return (items[start : start + MOST_TOPICS] for start in range(0, len(items), MOST_TOPICS))
