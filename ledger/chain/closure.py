"""Which records a shipment's history must hold, from the entries found so far and the trust root.

The shipment and the one that it is a part of, its license and what that continues or supersedes, application,
certificates with those before and after, and policy, with all their notes; every organization that these name; the
agent record of every signer, and so on up to the founding authorities. Pure: does not fetch and does not judge. Entries
of other shipments and licenses that left notes here are in the history, their records are not.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ledger.acts.act import Act, RecordKind
from ledger.acts.applications import AmendApplication, ApplyForLicense, RecordLicense
from ledger.acts.certificates import RecordCertificate, SignCertificate
from ledger.acts.digests import part_salt
from ledger.acts.licensing import BindCertificate, IssueLicense, SupersedeLicense
from ledger.acts.manifests import RecordTransfer, RegisterShipment, SplitShipment
from ledger.acts.organizations import GrantMandate, RecordParty, RegisterOrganization
from ledger.chain.deployment import Deployment
from ledger.errors import InvalidField
from ledger.ids import ZERO32, RecordId
from ledger.journal.entries import Entry

_AUTHORITY = 1
_NAMING = ("exporter", "end_user", "authority", "to", "hold_of")
_CONTINUING_A_SHIPMENT = (5, 6)

Numbers = Mapping[tuple[RecordKind, int], RecordId]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A record of the closure: its kind, and whether all its notes belong to it.

    The notes of an authority are the whole directory; nothing here rests on them.
    """

    kind: RecordKind
    noted: bool = True


@dataclass(frozen=True, slots=True)
class Closure:
    """The records that a history must hold, and the numbers that it must resolve.

    `rootless`: shipments that no act found so far has made; each is part of another one that was split, or nothing.
    """

    records: Mapping[RecordId, Wanted]
    numbers: frozenset[tuple[RecordKind, int]]
    rootless: frozenset[RecordId]


def act_of(entry: Entry) -> Act | None:
    """The act of an entry; None where its bytes are no act."""
    try:
        return entry.decoded()
    except InvalidField:
        return None


def parts_of(deployment: Deployment, act: SplitShipment) -> tuple[RecordId, ...]:
    """The records that the act makes of a shipment."""
    salts = (part_salt(act.record, index) for index in range(len(act.shares)))
    return tuple(deployment.record(RecordKind.SHIPMENT, act.organization, salt) for salt in salts)


def closure_of(deployment: Deployment, shipment: RecordId, entries: Iterable[Entry], numbers: Numbers) -> Closure:
    """What the history of `shipment` must hold, as far as `entries` and `numbers` tell."""
    return _Tracing(deployment, entries, numbers).closure(shipment)


@dataclass(slots=True)
class _Found:
    """What a walk has met so far, and whose own records it has still to look at."""

    records: dict[RecordId, Wanted] = field(default_factory=dict)
    numbers: set[tuple[RecordKind, int]] = field(default_factory=set)
    rootless: set[RecordId] = field(default_factory=set)
    ahead: list[RecordId] = field(default_factory=list)

    def want(self, record: bytes, kind: RecordKind) -> None:
        """Nothing where it is known already, or no record."""
        if record != ZERO32 and record not in self.records:
            self.records[RecordId(record)] = Wanted(kind)
            self.ahead.append(RecordId(record))


class _Tracing:
    """One walk from the shipment to everything that it rests on."""

    def __init__(self, deployment: Deployment, entries: Iterable[Entry], numbers: Numbers) -> None:
        self._deployment = deployment
        self._numbers = numbers
        self._acts = [(entry, act_of(entry)) for entry in entries]
        self._created: dict[bytes, Act] = {}
        self._on: dict[bytes, list[Act]] = {}
        self._split: dict[bytes, bytes] = {}
        self._newer: dict[bytes, list[bytes]] = {}
        self._delegates: dict[int, list[int]] = {}
        self._agents: dict[tuple[int, bytes], RecordId] = {}
        for _, act in self._acts:
            if act is not None:
                self._index(act)
        self._founded = {
            deployment.agent_record(number, agent.account)
            for number, founder in enumerate(deployment.founders, start=1)
            for agent in founder.agents
        }

    def _index(self, act: Act) -> None:
        self._on.setdefault(act.record, []).append(act)
        if act.CREATES:
            self._created[act.record] = act
        if isinstance(act, SplitShipment):
            self._split |= dict.fromkeys(parts_of(self._deployment, act), act.record)
        elif isinstance(act, SignCertificate | RecordCertificate):
            self._newer.setdefault(act.supersedes, []).append(act.record)
        elif isinstance(act, GrantMandate):
            self._delegates.setdefault(act.organization, []).append(act.delegate)

    def closure(self, shipment: RecordId) -> Closure:
        found = _Found()
        found.want(shipment, RecordKind.SHIPMENT)
        while found.ahead:
            self._trace(found.ahead.pop(), found)
        for number in self._organizations(found.records):
            self._add_organization(number, found)
        for entry, _ in self._acts:
            for number in self._behind(entry):
                found.want(self._agent(number, entry), RecordKind.AGENT)
        return Closure(found.records, frozenset(found.numbers), frozenset(found.rootless))

    def _trace(self, record: RecordId, found: _Found) -> None:
        kind = found.records[record].kind
        if kind is RecordKind.SHIPMENT:
            self._trace_shipment(record, found)
        elif kind is RecordKind.LICENSE:
            self._trace_license(record, found)
        elif kind is RecordKind.APPLICATION:
            self._trace_application(record, found)
        elif kind is RecordKind.CERTIFICATE:
            self._trace_certificate(record, found)

    def _trace_shipment(self, record: RecordId, found: _Found) -> None:
        made = self._created.get(record)
        if isinstance(made, RegisterShipment | RecordTransfer):
            found.want(made.license, RecordKind.LICENSE)
        elif record in self._split:
            found.want(self._split[record], RecordKind.SHIPMENT)
        else:
            found.rootless.add(record)

    def _trace_license(self, record: RecordId, found: _Found) -> None:
        issued = self._created.get(record)
        if not isinstance(issued, IssueLicense | SupersedeLicense):
            return
        self._add_numbered(RecordKind.POLICY, issued.policy, found)
        if isinstance(issued, SupersedeLicense):
            found.want(issued.license, RecordKind.LICENSE)
        found.want(issued.application, RecordKind.APPLICATION)
        for act in self._on[record]:
            if isinstance(act, BindCertificate):
                found.want(act.certificate, RecordKind.CERTIFICATE)

    def _trace_application(self, record: RecordId, found: _Found) -> None:
        for act in self._on.get(record, ()):
            if isinstance(act, ApplyForLicense | RecordLicense | AmendApplication):
                for line in act.lines:
                    found.want(line.certificate, RecordKind.CERTIFICATE)
            if isinstance(act, ApplyForLicense):
                # A license that is superseded is wanted already; what else is named is a refused application.
                kind = RecordKind.SHIPMENT if act.kind in _CONTINUING_A_SHIPMENT else RecordKind.APPLICATION
                found.want(act.continues, kind)

    def _trace_certificate(self, record: RecordId, found: _Found) -> None:
        """Those that it supersedes and those that supersede it."""
        signed = self._created.get(record)
        if isinstance(signed, SignCertificate | RecordCertificate):
            found.want(signed.supersedes, RecordKind.CERTIFICATE)
        for newer in self._newer.get(record, ()):
            found.want(newer, RecordKind.CERTIFICATE)

    def _organizations(self, records: Mapping[RecordId, Wanted]) -> set[int]:
        """The numbers of all that sign, and of all that the acts on these records name."""
        found = {number for entry, _ in self._acts for number in (entry.organization, *self._behind(entry))}
        for entry, act in self._acts:
            if act is not None and entry.record in records:
                found.update(getattr(act, name, 0) for name in _NAMING)
                found.update(party.organization for party in getattr(act, "parties", ()))
        return found - {0}

    def _add_organization(self, number: int, found: _Found) -> None:
        founders = self._deployment.founders
        if number <= len(founders):
            noted = not founders[number - 1].roles & _AUTHORITY
            record = self._deployment.organization_record(number)
            found.records[record] = Wanted(RecordKind.ORGANIZATION, noted)
        else:
            self._add_numbered(RecordKind.ORGANIZATION, number, found)

    def _add_numbered(self, kind: RecordKind, number: int, found: _Found) -> None:
        found.numbers.add((kind, number))
        record = self._numbers.get((kind, number))
        if record is not None:
            found.records[record] = Wanted(kind)

    def _behind(self, entry: Entry) -> list[int]:
        """Whose agent the signer is, or may be: of the organization it acts for, of its sponsor or of a delegate.

        An account is bound to one organization for ever, so once one is known there is no other.
        """
        sponsor = self._sponsor(entry.organization)
        others = ([] if sponsor is None else [sponsor]) + self._delegates.get(entry.organization, [])
        maybe = [entry.organization, *others]
        return [number for number in maybe if self._is_agent(number, entry)] or maybe

    def _is_agent(self, number: int, entry: Entry) -> bool:
        record = self._agent(number, entry)
        return record in self._created or record in self._founded

    def _agent(self, number: int, entry: Entry) -> RecordId:
        """The record of the entry's signer as that organization's agent."""
        found = self._agents.get((number, entry.signer))
        if found is None:
            found = self._agents[number, entry.signer] = self._deployment.agent_record(number, entry.signer)
        return found

    def _sponsor(self, number: int) -> int | None:
        """Who registered the organization; None where that is not known."""
        record = self._numbers.get((RecordKind.ORGANIZATION, number))
        act = None if record is None else self._created.get(record)
        return act.organization if isinstance(act, RegisterOrganization | RecordParty) else None
