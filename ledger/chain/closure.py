"""Which records a shipment's history must hold, from the entries found so far and the trust root.

The shipment, its license, application, certificates and policy with all their notes; every organization that these
name; the agent record of every signer, and so on up to the founding authorities. Pure: does not fetch and does not
judge. Entries of other shipments and licenses that left notes here are in the history, their records are not.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ledger.acts.act import Act, RecordKind
from ledger.acts.custody import RegisterShipment
from ledger.acts.licensing import ApplyForLicense, IssueLicense, RecordLicense
from ledger.acts.organizations import RecordParty, RegisterOrganization
from ledger.chain.deployment import Deployment
from ledger.errors import InvalidField
from ledger.ids import ZERO32, RecordId
from ledger.journal.entries import Entry

CONTRACT_OF = {
    RecordKind.ORGANIZATION: "Directory",
    RecordKind.AGENT: "Directory",
    RecordKind.POLICY: "Policies",
    RecordKind.CERTIFICATE: "Certificates",
    RecordKind.APPLICATION: "Applications",
    RecordKind.LICENSE: "Licenses",
    RecordKind.SHIPMENT: "Shipments",
}
"""The contract that keeps the heads of a kind of record."""
_AUTHORITY = 1
_NAMING = ("exporter", "end_user", "authority", "to", "hold_of")

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
    """The records that a history must hold, and the numbers that it must resolve."""

    records: Mapping[RecordId, Wanted]
    numbers: frozenset[tuple[RecordKind, int]]


def act_of(entry: Entry) -> Act | None:
    """The act of an entry; None where its bytes are no act."""
    try:
        return entry.decoded()
    except InvalidField:
        return None


def closure_of(deployment: Deployment, shipment: RecordId, entries: Iterable[Entry], numbers: Numbers) -> Closure:
    """What the history of `shipment` must hold, as far as `entries` and `numbers` tell."""
    return _Tracing(deployment, entries, numbers).closure(shipment)


class _Tracing:
    """One walk from the shipment to everything that it rests on."""

    def __init__(self, deployment: Deployment, entries: Iterable[Entry], numbers: Numbers) -> None:
        self._deployment = deployment
        self._numbers = numbers
        self._acts = [(entry, act_of(entry)) for entry in entries]
        self._created = {entry.record: act for entry, act in self._acts if act is not None and act.CREATES}
        self._founded = {
            deployment.agent_record(number, agent.account)
            for number, founder in enumerate(deployment.founders, start=1)
            for agent in founder.agents
        }

    def closure(self, shipment: RecordId) -> Closure:
        records: dict[RecordId, Wanted] = {}
        asked: set[tuple[RecordKind, int]] = set()
        self._trace_goods(shipment, records, asked)
        for number in self._organizations(records):
            self._add_organization(number, records, asked)
        for entry, _ in self._acts:
            for record in self._signers(entry):
                records.setdefault(record, Wanted(RecordKind.AGENT))
        return Closure(records, frozenset(asked))

    def _trace_goods(
        self, shipment: RecordId, records: dict[RecordId, Wanted], asked: set[tuple[RecordKind, int]]
    ) -> None:
        records[shipment] = Wanted(RecordKind.SHIPMENT)
        registered = self._created.get(shipment)
        if not isinstance(registered, RegisterShipment):
            return
        records[RecordId(registered.license)] = Wanted(RecordKind.LICENSE)
        issued = self._created.get(RecordId(registered.license))
        if not isinstance(issued, IssueLicense):
            return
        records[RecordId(issued.application)] = Wanted(RecordKind.APPLICATION)
        self._add_numbered(RecordKind.POLICY, issued.policy, records, asked)
        applied = self._created.get(RecordId(issued.application))
        if isinstance(applied, ApplyForLicense | RecordLicense):
            for line in applied.lines:
                if line.certificate != ZERO32:
                    records[RecordId(line.certificate)] = Wanted(RecordKind.CERTIFICATE)

    def _organizations(self, records: Mapping[RecordId, Wanted]) -> set[int]:
        """The numbers of all that sign, and of all that the acts on these records name."""
        found = {entry.organization for entry, _ in self._acts}
        for entry, act in self._acts:
            if act is not None and entry.record in records:
                found.update(getattr(act, name, 0) for name in _NAMING)
                found.update(party.organization for party in getattr(act, "parties", ()))
        return found - {0}

    def _add_organization(
        self, number: int, records: dict[RecordId, Wanted], asked: set[tuple[RecordKind, int]]
    ) -> None:
        founders = self._deployment.founders
        if number <= len(founders):
            noted = not founders[number - 1].roles & _AUTHORITY
            records[self._deployment.organization_record(number)] = Wanted(RecordKind.ORGANIZATION, noted)
        else:
            self._add_numbered(RecordKind.ORGANIZATION, number, records, asked)

    def _add_numbered(
        self,
        kind: RecordKind,
        number: int,
        records: dict[RecordId, Wanted],
        asked: set[tuple[RecordKind, int]],
    ) -> None:
        asked.add((kind, number))
        record = self._numbers.get((kind, number))
        if record is not None:
            records[record] = Wanted(kind)

    def _signers(self, entry: Entry) -> list[RecordId]:
        """The signer as agent of the organization it acts for; where it is none, also as agent of its sponsor."""
        own = self._deployment.agent_record(entry.organization, entry.signer)
        sponsor = self._sponsor(entry.organization)
        if own in self._created or own in self._founded or sponsor is None:
            return [own]
        return [own, self._deployment.agent_record(sponsor, entry.signer)]

    def _sponsor(self, number: int) -> int | None:
        """Who registered the organization; None where that is not known."""
        record = self._numbers.get((RecordKind.ORGANIZATION, number))
        act = None if record is None else self._created.get(record)
        return act.organization if isinstance(act, RegisterOrganization | RecordParty) else None
