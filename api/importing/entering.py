"""Brings the rows of a register to the ledger: asks what is there, then sends what is missing, in order.

Order of work: the register's party -> the policies of the kinds used -> every row compared with the ledger before
anything is written -> chunks: documents first, then for each row RecordLicense and IssueLicense side by side. Whatever
stops it, the next run finds what arrived and goes on from there. The contracts judge; a refusal that is not about
one row ends the run.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from api.importing.acts import (
    Desk,
    PreparedRow,
    SignedAct,
    issue_license,
    party_profile,
    party_record,
    prepare,
    record_license,
    record_party,
)
from api.importing.mapping import Kind
from api.importing.posting import Service, StoredApplication
from api.importing.reading import Reject
from api.importing.recorded import GRANTED, ChangedRow, check_party, compare
from api.importing.rows import RegisterRow
from ledger.errors import InvalidField, Refused, Unavailable
from ledger.ids import Head, RecordId

CHUNK_ROWS = 50
KEEPERS = 4
# Somebody else has moved the record since it was looked at: look again.
OVERTAKEN = {"StaleParent", "AssessedHeadMoved", "WrongStatus"}
AFTER_A_CHANGE = "another row of its number has changed, so rows of that number may have moved"

Advance = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class _Missing:
    """A row to send; `assessed_head` of its application where that is recorded already."""

    prepared: PreparedRow
    assessed_head: Head | None


def ensure_party(desk: Desk, service: Service) -> int:
    """The number of the register's party, recorded now if it is not there. Raises as `check_party`."""
    record = party_record(desk.deployment, desk.authority, desk.mapping.source)
    found = service.party(record)
    if found is None:
        [refused] = service.post([record_party(desk)])
        found = service.party(record)
        if found is None:
            raise refused or Unavailable("the service does not know the party that it has just taken")
    check_party(desk, found)
    # Anonymous: it can be put only now. A run that died before this line left it to the next one.
    service.keep(party_profile(desk))
    return found.number


def current_policies(service: Service, authority: int, kinds: Iterable[Kind]) -> dict[Kind, int]:
    """The number of the policy in force for each kind. Raises: InvalidField, naming a kind that has none."""
    policies: dict[Kind, int] = {}
    for kind in sorted(set(kinds)):
        number = service.current_policy(authority, kind)
        if number is None:
            raise InvalidField("kinds", kind, f"kinds for which organization {authority} has adopted a policy")
        policies[kind] = number
    return policies


class Entering:
    """One run over one register; `advance` hears how many more rows are done.

    Counts rows: `entered` and `completed` (recorded before) by this run, `already` there, and the `rejects`.
    """

    def __init__(
        self,
        desk: Desk,
        service: Service,
        *,
        party: int,
        policies: Mapping[Kind, int],
        advance: Advance,
    ) -> None:
        self._desk, self._service, self._party, self._policies = desk, service, party, policies
        self._advance = advance
        self._changed: set[str] = set()
        self.entered = self.completed = self.already = 0
        self.rejects: list[Reject] = []

    def run(self, rows: Iterable[RegisterRow]) -> None:
        """Every row onto the ledger or among the rejects. Raises: Refused, Unavailable; run it again."""
        stored = {found.record: found for found in self._service.applications(self._party)}
        missing = [left for row in rows if (left := self._looked_at(row, stored))]
        with ThreadPoolExecutor(KEEPERS) as keepers:
            for chunk in _chunks(missing):
                ready = [one for one in chunk if not self._withheld(one)]
                list(keepers.map(self._keep, ready))
                self._send(ready)

    def _looked_at(self, row: RegisterRow, stored: Mapping[RecordId, StoredApplication]) -> _Missing | None:
        """What is left to send of a row, None if nothing is."""
        prepared = prepare(self._desk, row)
        if isinstance(prepared, Reject):
            self._reject(prepared)
            return None
        return self._compared(prepared, stored.get(prepared.application))

    def _compared(self, prepared: PreparedRow, found: StoredApplication | None) -> _Missing | None:
        if found is None:
            return _Missing(prepared, None)
        difference = compare(prepared, found)
        if isinstance(difference, ChangedRow):
            self._changed.add(prepared.row.identity.number)
            difference = difference.reject
        if difference:
            self._reject(difference)
            return None
        if found.status != GRANTED:
            return _Missing(prepared, found.head)
        self.already += 1
        self._advance(1)
        return None

    def _withheld(self, missing: _Missing) -> bool:
        """Whether the row shares its number with one that has changed; it is a reject then."""
        row = missing.prepared.row
        if row.identity.number not in self._changed or missing.assessed_head:
            return False
        self._reject(Reject(row.line, "number", row.identity.number, AFTER_A_CHANGE))
        return True

    def _reject(self, reject: Reject) -> None:
        self.rejects.append(reject)
        self._advance(1)

    def _keep(self, missing: _Missing) -> None:
        self._service.keep(missing.prepared.document)

    def _send(self, rows: list[_Missing]) -> None:
        """Acts of a chunk. A row that somebody overtook is looked at once more and what is left is sent again."""
        overtaken = self._sent(rows)
        looked = [(one, self._service.application(one.prepared.application)) for one in overtaken]
        again = [left for one, found in looked if (left := self._compared(one.prepared, found))]
        for one in self._sent(again):
            raise Unavailable(f"the row at line {one.prepared.row.line} is being written by somebody else too")

    def _sent(self, rows: list[_Missing]) -> list[_Missing]:
        """Sends the acts of the rows and counts those that arrived; gives the rows that were overtaken."""
        if not rows:
            return []
        batches = [self._acts(one) for one in rows]
        answers = iter(self._service.post([act for acts in batches for act in acts]))
        overtaken: list[_Missing] = []
        failed: Refused | None = None
        for one, acts in zip(rows, batches, strict=True):
            # The later act of a row fails because the first did: the first refusal tells why.
            refused = next(filter(None, [next(answers) for _ in acts]), None)
            if refused is None:
                self._arrived(one)
            elif refused.name in OVERTAKEN:
                overtaken.append(one)
            else:
                failed = failed or refused
        if failed:
            raise failed
        return overtaken

    def _acts(self, missing: _Missing) -> list[SignedAct]:
        prepared = missing.prepared
        if missing.assessed_head:
            return [self._issue(prepared, missing.assessed_head)]
        recorded = record_license(self._desk, prepared, party=self._party)
        return [recorded, self._issue(prepared, recorded.head)]

    def _issue(self, prepared: PreparedRow, assessed_head: Head) -> SignedAct:
        return issue_license(self._desk, prepared, assessed_head=assessed_head, policies=self._policies)

    def _arrived(self, missing: _Missing) -> None:
        if missing.assessed_head:
            self.completed += 1
        else:
            self.entered += 1
        self._advance(1)


def _chunks(rows: Iterable[_Missing]) -> Iterator[list[_Missing]]:
    """Rows to send together; rows of one number never are, so that a change stops the ones after it."""
    chunk: dict[str, _Missing] = {}
    for one in rows:
        number = one.prepared.row.identity.number
        if len(chunk) == CHUNK_ROWS or number in chunk:
            yield list(chunk.values())
            chunk = {}
        chunk[number] = one
    if chunk:
        yield list(chunk.values())
