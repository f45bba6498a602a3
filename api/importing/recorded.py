"""What the ledger has of a register already, compared with what the register says now. Writes nothing.

A row is recognized by the record id of its application, and its content by the id of its license, whoever recorded
it. An application that nobody has issued yet tells its content by its document alone, whose bytes are the
recorder's: that recorder can complete it.
"""

from dataclasses import dataclass

from api.importing.acts import Desk, PreparedRow, party_profile
from api.importing.posting import StoredApplication, StoredParty
from api.importing.reading import Reject
from ledger.errors import InvalidField

ASSESSED, GRANTED = "assessed", "granted"
CHANGED = "changed, or read otherwise, since it was recorded"
UNFINISHED = "recorded but not issued, with another document: by another recorder, or changed since"


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A reject, after which no further row of its number may be recorded in this run."""

    reject: Reject


def check_party(desk: Desk, found: StoredParty) -> None:
    """That the register's party has the profile that this identity key and this mapping give.

    Raises:
        InvalidField: it has another; under another key every license would be made again.
    """
    if found.profile != party_profile(desk).commitment:
        bound = "the key, and in the mapping the party, of this register's first import"
        raise InvalidField("identity_key", desk.mapping.party.name, bound)


def compare(prepared: PreparedRow, found: StoredApplication) -> ChangedRow | Reject | None:
    """None where the ledger has this very row, issued or not."""
    row = prepared.row
    same_document = found.document == prepared.document.commitment
    if found.status == GRANTED:
        same = same_document or found.license == prepared.license
        return None if same else ChangedRow(Reject(row.line, "row", row.identity.number, CHANGED))
    if found.status != ASSESSED:
        return Reject(row.line, "row", row.identity.number, f"its application on the ledger is {found.status}")
    return None if same_document else ChangedRow(Reject(row.line, "row", row.identity.number, UNFINISHED))
