"""Who asks, and what they may read: the session of a request, and the one table role x resource.

The extents of the table become conditions of the read model (`ledger.read_model.visibility` says what taking part and
jurisdiction are). A record that one may not see answers as if it did not exist. Documents are given to those whom
`ledger.vault.readers` names, not by role; the acts themselves need no session: they bring their own signature.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.parsing import Ledger
from api.sessions import Sessions
from ledger.acts.act import RecordKind
from ledger.chain.node import Block
from ledger.errors import Refused
from ledger.ids import RecordId
from ledger.opening import OpenLedger
from ledger.read_model import visibility
from ledger.read_model.visibility import EVERYTHING, NOTHING, Scope
from ledger.records.codes import Role
from ledger.records.states import Agent, Organization, Record


class Extent(IntEnum):
    """How much of a resource; the larger holds the smaller."""

    NOTHING = 0
    OWN = 1
    """In which its organization takes part, or one that gave it a mandate."""
    JURISDICTION = 2
    """Of its authority: the record's authority, or one that sponsors who takes part."""
    ALL = 3


class As(StrEnum):
    """As what somebody asks. An organization with several roles reads what any of them may."""

    STRANGER = "stranger"
    """Without a session."""
    PARTY = "party"
    """An agent of any organization."""
    INSPECTOR = "customs or mission"
    AUTHORITY = "authority"
    AUDITOR = "auditor"


_N, _O, _J, _A = Extent
TABLE: Mapping[str, Mapping[As, Extent]] = {
    resource: dict(zip(As, extents, strict=True))
    for resource, extents in {
        # resource        stranger, party, inspector, authority, auditor
        "state": (_A, _A, _A, _A, _A),
        "directory": (_N, _A, _A, _A, _A),
        "affairs": (_N, _O, _O, _J, _A),
        "certificates": (_N, _O, _J, _J, _A),
        "applications": (_N, _O, _O, _J, _A),
        "licenses": (_N, _O, _J, _J, _A),
        "shipments": (_N, _O, _J, _J, _A),
        "entries": (_N, _N, _N, _A, _A),
        "chain": (_N, _N, _N, _A, _A),
    }.items()
}
"""state: health, schemas, trust root, length of the journal, whether an id is known. directory: organizations, agents,
policies. affairs: what in the directory is not for everybody, mandates, proposals and the histories of organizations
and agents. Each kind of record with its histories, and shipments with their provenance. entries: the raw journal.
chain: /rpc."""
_RESOURCE = {
    RecordKind.CERTIFICATE: "certificates",
    RecordKind.APPLICATION: "applications",
    RecordKind.LICENSE: "licenses",
    RecordKind.SHIPMENT: "shipments",
}
_READS_AS = {
    As.INSPECTOR: Role.CUSTOMS | Role.MISSION,
    As.AUTHORITY: Role.AUTHORITY,
    As.AUDITOR: Role.AUDITOR,
}


@dataclass(frozen=True, slots=True)
class Sight:
    """What one reader may see."""

    reader: visibility.Reader

    def extent(self, resource: str) -> Extent:
        """The widest that the table gives it."""
        parts = (As.PARTY, *(part for part, roles in _READS_AS.items() if self.reader.roles & roles))
        return max(TABLE[resource][part] for part in parts)

    def of(self, kind: RecordKind) -> Scope:
        """As whom it reads records of that kind."""
        if kind not in _RESOURCE:
            return EVERYTHING
        extent = self.extent(_RESOURCE[kind])
        if extent in (Extent.NOTHING, Extent.ALL):
            return EVERYTHING if extent else NOTHING
        own = {self.reader.organization} | {one.organization for one in self.reader.principals if kind in one.kinds}
        return Scope(frozenset(own | ({self.reader.sponsor} if extent is Extent.JURISDICTION else set())))

    @property
    def everyones_affairs(self) -> bool:
        """Whether it may see what in any organization's record is not for everybody."""
        return self.extent("affairs") is Extent.ALL

    def affairs(self, organization: Organization) -> bool:
        """Whether it may see what in that organization's record is not for everybody."""
        own = self.reader.organization
        jurisdiction = self.extent("affairs") is Extent.JURISDICTION and organization.sponsor == own
        return self.everyones_affairs or organization.number == own or jurisdiction

    def shown(self, organization: Organization) -> Organization:
        """The organization without what is not for this reader; of its mandates, those that the reader's has."""
        if self.affairs(organization):
            return organization
        mandates = (one for one in organization.mandates if one.delegate == self.reader.organization)
        return replace(organization, mandates=tuple(mandates), proposals=())

    def require(self, resource: str) -> None:
        """Raises Refused("NotEntitled"): nothing of it is for this reader."""
        if self.extent(resource) is Extent.NOTHING:
            raise Refused("NotEntitled", {"organization": self.reader.organization})

    def find(self, record: RecordId, ledger: OpenLedger) -> tuple[Record, Block]:
        """The record as this reader may see it, and the block it was read at. Raises Refused("UnknownRecord")."""
        found = ledger.read_model.record(record)
        if found.item is None or not self._sees(found.item, ledger):
            raise Refused("UnknownRecord", {"record": record})
        item = self.shown(found.item) if isinstance(found.item, Organization) else found.item
        return item, found.block

    def _sees(self, found: Record, ledger: OpenLedger) -> bool:
        scope = self.of(found.KIND)
        return scope is EVERYTHING or scope.sees(ledger.read_model.participants(found.record))

    def find_history(self, record: RecordId, ledger: OpenLedger) -> None:
        """Raises Refused: UnknownRecord, NotEntitled where the history of that record is not for this reader."""
        found: Record | None = self.find(record, ledger)[0]
        if isinstance(found, Agent):
            found = ledger.read_model.numbered(Organization, found.organization).item
        if isinstance(found, Organization) and not self.affairs(found):
            raise Refused("NotEntitled", {"organization": self.reader.organization})


_SCHEME = HTTPBearer(
    auto_error=False,
    scheme_name="session",
    description="The token that POST /v1/sessions gives to an active agent who signs in with Ethereum (EIP-4361).",
)
Given = Annotated[HTTPAuthorizationCredentials | None, Security(_SCHEME)]


def _sessions(request: Request) -> Sessions:
    found: Sessions = request.app.state.sessions
    return found


OpenSessions = Annotated[Sessions, Depends(_sessions)]


def _stranger_or_reader(given: Given, sessions: OpenSessions, ledger: Ledger) -> visibility.Reader | None:
    """Who asks; None without a session."""
    if given is None:
        return None
    account = sessions.account(given.credentials)
    reader = None if account is None else ledger.read_model.reader(account)
    if reader is None:
        raise Refused("SessionUnknown")
    return reader


Stranger = Annotated[visibility.Reader | None, Depends(_stranger_or_reader)]
"""As Reader, where strangers may ask too."""


def _reader(found: Stranger) -> visibility.Reader:
    if found is None:
        raise Refused("SessionMissing")
    return found


Reader = Annotated[visibility.Reader, Depends(_reader)]
"""The active agent that asks. Raises Refused: SessionMissing, SessionUnknown (401)."""


def _sight(reader: Reader) -> Sight:
    return Sight(reader)


Seen = Annotated[Sight, Depends(_sight)]
"""What the active agent that asks may see."""
