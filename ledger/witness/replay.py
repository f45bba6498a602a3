"""The journal replayed from its first entry: signatures, rules, heads, both trees. Believes the trust root alone.

Rules are judged by `ledger.audit`, which shares no code with contracts and read model. What is replayed
stays in memory: the trees, and what the judge keeps of each record.
"""

from array import array
from collections.abc import Sequence

from ledger.acts.act import RecordKind
from ledger.acts.digests import digest_of, recover
from ledger.audit import founding
from ledger.audit.journal import Outcome
from ledger.audit.journal import Touched as Noted
from ledger.audit.judge import judge
from ledger.audit.state import Organization, Record
from ledger.chain.deployment import Deployment
from ledger.errors import Refused, brief
from ledger.ids import ZERO32, Head, RecordId
from ledger.journal.entries import Entry, Touched
from ledger.journal.leaves import LogLeaf, Origin, RecordHeads, entry_hash, founded, heads_after
from ledger.journal.merkle import leaf_hash
from ledger.journal.tree import Tree


class Replay:
    """What the entries so far give."""

    def __init__(self, deployment: Deployment) -> None:
        """Raises Refused: the trust root founds what no contract would."""
        self._deployment = deployment
        self._origin = Origin(deployment.chain_id, deployment.address("Shipments"))
        self._state = founding.found(deployment.chain_id, deployment.addresses, _founders(deployment))
        self._known: dict[RecordId, tuple[int, RecordHeads]] = {}
        self._counts: dict[RecordKind, int] = {}
        self._heads, self._log = Tree(), Tree()
        self._times = array("Q")
        records = self._state.records.values()
        founders = [(RecordId(record.record), _founded_kind(record), Head(record.head)) for record in records]
        for one in founded(founders):
            self._move(one)

    @property
    def size(self) -> int:
        """Entries so far."""
        return self._log.count

    @property
    def journal_head(self) -> bytes:
        """The hash head over them, as the Journal contract keeps it."""
        return self._state.journal_head.get("head") or ZERO32

    def root_at(self, size: int) -> bytes:
        """The log tree's root over the first entries."""
        return self._log.root_at(size)

    def times(self, after: int, upto: int) -> tuple[int, int]:
        """The earliest and the latest time of the entries after one number up to another; at least one."""
        found = self._times[after:upto]
        return min(found), max(found)

    def enter(self, entry: Entry) -> None:
        """Takes the next entry.

        Raises:
            Refused: JournalUntrue, the entry is not what an honest journal holds here; nothing after it can be taken.
        """
        outcome = self._judged(entry)
        for name in ("seq", "time", "kind", "record", "organization", "version", "signer", "digest", "record_head"):
            _same(entry, name, getattr(entry, name), getattr(outcome, name))
        _same(entry, "notes", _notes(entry.touched), _notes(outcome.notes))
        for one in heads_after(entry, self._origin, self._heads_of, self._counts):
            self._check_record(entry, one)
            self._move(one)
        leaf = LogLeaf(entry_hash(entry), self._heads.count, self._heads.root())
        self._log.put(entry.seq - 1, leaf.hash())
        self._times.append(entry.time)

    def _judged(self, entry: Entry) -> Outcome:
        """The entry as the rules would have it."""
        _same(entry, "seq", entry.seq, self.size + 1)
        if self._times and entry.time < self._times[-1]:
            raise _untrue(entry, "its time is before that of the entry before it")
        try:
            act = entry.decoded()
            digest = digest_of(act, self._deployment.chain_id, self._deployment.address(act.CONTRACT))
            _same(entry, "digest", entry.digest, digest)
            _same(entry, "signer", entry.signer, recover(digest, entry.signature))
            return judge(self._state, act, signer=entry.signer, time=entry.time, digest=digest)
        except Refused as refused:
            raise _untrue(entry, f"the rules refuse it: {refused}") from refused

    def _check_record(self, entry: Entry, one: RecordHeads) -> None:
        """Two derivations of the same leaf: from the events, and from the rules."""
        record = self._state.records.get(one.record)
        ruled = None if record is None else (record.version, record.head, record.notes, record.note_head)
        _same(entry, "heads", (one.version, one.head, one.notes, one.note_head), ruled)
        _same(entry, "number", one.number, getattr(record, "number", one.number))

    def _heads_of(self, record: RecordId) -> RecordHeads | None:
        found = self._known.get(record)
        return None if found is None else found[1]

    def _move(self, one: RecordHeads) -> None:
        known = self._known.get(one.record)
        place = self._heads.count if known is None else known[0]
        self._known[one.record] = place, one
        self._counts[one.kind] = max(self._counts.get(one.kind, 0), one.number)
        self._heads.put(place, leaf_hash(one.data()))


def _founders(deployment: Deployment) -> list[founding.Founder]:
    return [
        founding.Founder(
            founder.roles,
            founder.profile,
            tuple(founding.Appointee(agent.account, agent.powers) for agent in founder.agents),
        )
        for founder in deployment.founders
    ]


def _founded_kind(record: Record) -> RecordKind:
    return RecordKind.ORGANIZATION if isinstance(record, Organization) else RecordKind.AGENT


def _notes(notes: Sequence[Touched] | Sequence[Noted]) -> list[tuple[bytes, int, bytes, bytes]]:
    return [(one.record, one.note, one.note_head, one.delta) for one in notes]


def _same(entry: Entry, what: str, said: object, ruled: object) -> None:
    if said != ruled:
        raise _untrue(entry, f"{what} is {brief(said)}, by the rules {brief(ruled)}")


def _untrue(entry: Entry, fault: str) -> Refused:
    return Refused("JournalUntrue", {"seq": entry.seq, "fault": fault})
