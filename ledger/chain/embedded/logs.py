"""The index of logs: its table, one row of it, and the question `eth_getLogs` asks.

Written with the block and cut with it, so it always equals the receipts. Filters have the meaning of
the Ethereum JSON-RPC specification: a position of `topics` is a wildcard, one topic or a choice.
"""

from dataclasses import dataclass
from typing import NamedTuple

INDEX = (
    "CREATE TABLE IF NOT EXISTS logs (block_number INTEGER NOT NULL, log_index INTEGER NOT NULL,"
    " block_hash BLOB NOT NULL, transaction_hash BLOB NOT NULL, transaction_index INTEGER NOT NULL,"
    " address BLOB NOT NULL, topic0 BLOB, topic1 BLOB, topic2 BLOB, topic3 BLOB, data BLOB NOT NULL);"
    "CREATE UNIQUE INDEX IF NOT EXISTS logs_in_order ON logs (block_number, log_index);"
    "CREATE INDEX IF NOT EXISTS logs_by_topic1 ON logs (address, topic0, topic1, block_number);"
    "CREATE INDEX IF NOT EXISTS logs_by_topic2 ON logs (address, topic0, topic2, block_number);"
)


class LogRow(NamedTuple):
    """A row in the table's order of columns. A topic that the log does not have is None."""

    block_number: int
    log_index: int
    block_hash: bytes
    transaction_hash: bytes
    transaction_index: int
    address: bytes
    topic0: bytes | None
    topic1: bytes | None
    topic2: bytes | None
    topic3: bytes | None
    data: bytes

    @property
    def topics(self) -> tuple[bytes, ...]:
        every = (self.topic0, self.topic1, self.topic2, self.topic3)
        return tuple(topic for topic in every if topic is not None)


@dataclass(frozen=True, slots=True)
class LogQuery:
    """Logs of `from_block`..`to_block` (both included); an empty choice of addresses or topics is any."""

    from_block: int
    to_block: int
    addresses: tuple[bytes, ...] = ()
    topics: tuple[tuple[bytes, ...], ...] = ()

    def sql(self) -> tuple[str, list[bytes | int]]:
        where = ["block_number BETWEEN ? AND ?"]
        values: list[bytes | int] = [self.from_block, self.to_block]
        columns = [("address", self.addresses)]
        columns += [(f"topic{position}", choice) for position, choice in enumerate(self.topics)]
        # Without one of these topics the range of blocks is what narrows, and "+" keeps SQLite from
        # going through all that the address ever logged instead.
        hint = "" if any(self.topics[1:3]) else "+"
        for column, choice in columns:
            if choice:
                where.append(f"{hint}{column} IN ({', '.join('?' * len(choice))})")
                values.extend(choice)
        if self.topics:
            # A wildcard too asks for a topic to be there.
            where.append(f"topic{len(self.topics) - 1} IS NOT NULL")
        condition = " AND ".join(where)
        # Only the names of columns above are put into the text; every value is bound.
        return f"SELECT * FROM logs WHERE {condition} ORDER BY block_number, log_index", values  # noqa: S608
