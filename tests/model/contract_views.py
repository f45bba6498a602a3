"""What the contracts store of a record, by the names that `ledger.audit.state` gives its members.

Left out is what no view function shows: commitments (profiles, keys), the second line of a report, the lines of a
certificate that has been superseded.
"""

from collections.abc import Callable, Mapping
from typing import Any

from eth_abi.abi import encode
from eth_utils.crypto import keccak

from ledger.acts.act import RecordKind
from ledger.acts.organizations import Terms
from ledger.acts.structs import Member, members
from ledger.audit.codes import HOUR
from ledger.audit.heads import RECORD_CONTRACTS
from ledger.audit.state import (
    Agent,
    Application,
    Certificate,
    CertifiedLine,
    License,
    Line,
    Organization,
    Parcel,
    Policy,
    Record,
    Shipment,
    State,
)
from ledger.ids import ZERO32
from tests.world import World

KINDS = {
    Organization: RecordKind.ORGANIZATION,
    Agent: RecordKind.AGENT,
    Certificate: RecordKind.CERTIFICATE,
    Application: RecordKind.APPLICATION,
    License: RecordKind.LICENSE,
    Shipment: RecordKind.SHIPMENT,
}
TWO_AGENTS = {
    Organization: ((9, "Organizations"),),
    License: ((65, "Orders"), (70, "Licenses")),
    Shipment: ((115, "Orders"),),
}
"""Acts of two agents by the record that they are about, and the contract that keeps the first one's proposal."""
FLAGS = {"discrepancy": 0, "offered_by_holder": 1, "reported": 2, "intangible": 3, "recalled": 8, "credited": 9}
Seen = dict[str, Any]


def seen(world: World, state: State, record: Record) -> Seen:
    """The record as the contracts have it; `state` only says what to ask for: numbers, lines, parties."""
    found = VIEWS[type(record)](world, state, record)
    if type(record) in KINDS:
        heads = world.view(RECORD_CONTRACTS[KINDS[type(record)]], "heads", record.record)
        found |= {"head": heads.head, "note_head": heads.noteHead}
    for kind, contract in TWO_AGENTS.get(type(record), ()):
        proposal = world.view(contract, "proposalOf", record.record)
        found[f"proposal of {kind}"] = (proposal.agent, proposal.content)
    return found


def expected(state: State, record: Record, names: Mapping[str, object]) -> Seen:
    """The same members as the model has them."""
    values = {name: getattr(record, name) for name in names if hasattr(record, name)}
    for kind, _ in TWO_AGENTS.get(type(record), ()):
        values[f"proposal of {kind}"] = _proposal(state, record.record, kind)
    if isinstance(record, Agent):
        values["status"] = state.agent_status(record)
    if isinstance(record, Shipment):
        values["holds"] = len(record.holds)
        values["report_head"] = record.report_head if record.reported else None
        values |= _offer(state, record)
    if isinstance(record, License):
        terms = state.policy(record.policy).terms
        values["copied"] = (terms.handoff_hours, terms.lateness_hours, terms.count_tolerance)
    if isinstance(record, Certificate):
        newest = state.certificate(record.number)
        values["newest"] = newest.number if newest else 0
        values["newest_lines"] = newest.lines if newest else ()
    if isinstance(record, Policy):
        values["known"] = record.record
    if isinstance(record, Application):
        values["lines"] = len(record.lines) if record.status == 4 else record.lines
    if isinstance(record, Organization):
        values["mandates"] = mandates(state, record.number)
        values["votes"] = _votes(state, record)
    return values


def _proposal(state: State, record: bytes, kind: int) -> tuple[int, bytes]:
    """The agent, and the hash of the act's number and members besides those that every act has."""
    proposal = state.proposals.get((record, kind))
    if proposal is None:
        return 0, ZERO32
    own = members(type(proposal.act))[4:]
    values = [_plain(getattr(proposal.act, member.name)) for member in own]
    return proposal.agent, keccak(encode(["uint8", *map(_abi_type, own)], [kind, *values]))


def _abi_type(member: Member) -> str:
    if member.struct is None:
        return member.type_name
    return f"({','.join(_abi_type(part) for part in members(member.struct))})[]"


def _plain(value: Any) -> Any:
    if not isinstance(value, tuple):
        return value
    return [tuple(getattr(item, part.name) for part in members(type(item))) for item in value]


def _offer(state: State, shipment: Shipment) -> Seen:
    """When an offer lapses; nothing is said of one that is over."""
    if not shipment.offered_to:
        return {"lapses_at": None, "offered_by_holder": None}
    hours = state.policy(state.the(License, shipment.license).policy).terms.handoff_hours
    return {"lapses_at": shipment.offered_at + hours * HOUR, "offered_by_holder": shipment.offered_by_holder}


def mandates(state: State, number: int) -> Mapping[int, object]:
    """By delegate, (kinds, until) of those that no recovery has ended."""
    given = {delegate: state.mandate(giver, delegate) for giver, delegate in state.mandates if giver == number}
    return {delegate: (set(found.kinds), found.until) if found else None for delegate, found in given.items()}


def _votes(state: State, record: Organization) -> tuple[int, ...]:
    composition = state.count("composition")
    return tuple(len(state.votes.get((composition, record.record, motion)) or ()) for motion in (1, 2, 3))


def _organization(world: World, state: State, record: Organization) -> Seen:
    found = world.view("Directory", "organizationOf", record.number)
    names = ("roles", "sponsor", "status", "agents", "admins", "version", "notes", "recoveries")
    given = {}
    for delegate in mandates(state, record.number):
        mandate = world.view("Directory", "mandateOf", record.number, delegate)
        kinds = {kind for kind in range(128) if mandate.kinds >> kind & 1}
        given[delegate] = (kinds, mandate.until) if kinds else None
    votes = tuple(world.view("Organizations", "votesOf", record.record, motion) for motion in (1, 2, 3))
    number = world.view("Directory", "numberOf", record.record)
    return {name: getattr(found, name) for name in names} | {"mandates": given, "votes": votes, "number": number}


def _agent(world: World, _state: State, record: Agent) -> Seen:
    found = world.view("Directory", "agentOf", "0x" + record.account.hex(), record.organization)
    names = ("organization", "powers", "status", "since", "number", "appointer", "version", "recoveries")
    return {name: getattr(found, name) for name in names}


def _policy(world: World, _state: State, record: Policy) -> Seen:
    found = world.view("Policies", "termsOf", record.number)
    terms = Terms(**{member.name: getattr(found, _camel(member.name)) for member in members(Terms)})
    return {"terms": terms, "known": world.view("Policies", "recordOf", record.number)}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.title() for word in rest)


def _certificate(world: World, _state: State, record: Certificate) -> Seen:
    found = world.view("Certificates", "certificateOf", record.number)
    same = ("exporter", "authority", "status", "grade", "version", "notes", "number", "first", "consignee", "signers")
    newest = world.view("Certificates", "newestOf", record.number)
    lines = [world.view("Certificates", "lineOf", record.number, line) for line in range(newest.lines)]
    return {name: getattr(found, name) for name in same} | {
        "end_user": found.endUser,
        "valid_from": found.validFrom,
        "valid_until": found.validUntil,
        "used": found.used,
        "newest": newest.number,
        "newest_lines": tuple(CertifiedLine(line.unit, line.decimals, line.certified, line.granted) for line in lines),
    }


def _line(line: Any) -> Line:
    return Line(
        unit=line.unit,
        decimals=line.decimals,
        granted=line.granted,
        drawn=line.drawn,
        unlimited=line.unlimited,
        certificate=line.certificate,
        certificate_line=line.certificateLine,
    )


def _application(world: World, state: State, record: Application) -> Seen:
    found = world.view("Applications", "applicationOf", record.record)
    same = ("exporter", "authority", "kind", "status", "control", "recorded", "assessor", "decider", "version", "notes")
    parties = _parties(world, state, record)
    lines = world.view("Licenses", "proposedOf", record.record, found.lines)
    return {name: getattr(found, name) for name in same} | {
        "drawn_share": found.drawnShare,
        "continues": found.continues,
        "parties": parties,
        "lines": found.lines if found.status == 4 else tuple(_line(line) for line in lines),
    }


def _parties(world: World, state: State, record: Application) -> frozenset[tuple[int, int]]:
    """Of the organizations that the model knows as parties, and of the newest one."""
    numbers = {organization for organization, _ in record.parties} | {state.count("ORGANIZATION")}
    roles = {number: world.view("Applications", "partyRoles", record.record, number) for number in numbers}
    return frozenset((number, role) for number in numbers for role in range(16) if roles[number] >> role & 1)


def _license(world: World, state: State, record: License) -> Seen:
    found = world.view("Licenses", "licenseOf", record.number)
    same = ("authority", "status", "kind", "exporter", "policy", "shares", "suspender", "notes", "version", "control")
    return {name: getattr(found, name) for name in same} | {
        "transfers": found.transfers,
        "application": found.application,
        "valid_from": found.validFrom,
        "valid_until": found.validUntil,
        "return_by": found.returnBy,
        "stopped_until": found.stoppedUntil,
        "number": world.view("Licenses", "numberOf", record.record),
        "lines": tuple(_line(world.view("Licenses", "lineOf", record.number, n)) for n in range(found.lines)),
        "copied": (found.handoffHours, found.latenessHours, found.countTolerance),
    }


def _shipment(world: World, _state: State, record: Shipment) -> Seen:
    shown = world.view("Shipments", "shipmentOf", record.record)
    found, held = shown.shipment, shown.held
    same = ("version", "holder", "responsible", "status", "irregular", "grade", "exporter", "share", "holds")
    values = {name: getattr(found, name) for name in same}
    values |= {name: bool(found.flags >> bit & 1) for name, bit in FLAGS.items()}
    values |= {
        "departure_grade": found.flags >> 4 & 3,
        "delivery_grade": found.flags >> 6 & 3,
        "offered_to": found.offeredTo,
        "lapses_at": found.lapsesAt if found.offeredTo else None,
        "last_fact": found.lastFact,
        "license": world.view("Licenses", "recordOf", found.license),
        "end_user": found.endUser,
        "stopped_until": found.stoppedUntil,
        "cleared_at": found.clearedAt,
        "notes": world.view("Shipments", "notesOf", record.record),
        "lines": tuple(_parcel(world, record.record, index, line) for index, line in enumerate(held)),
        "report_head": world.view("Shipments", "reportHeadOf", record.record) if values["reported"] else None,
    }
    if not found.offeredTo:
        values["offered_by_holder"] = None
    return values


def _parcel(world: World, record: bytes, index: int, line: Any) -> Parcel:
    gone = world.view("Shipments", "goneOf", record, index)
    return Parcel(
        line=line.line,
        registered=world.view("Shipments", "registeredOf", record, index),
        held=line.held,
        delivered=line.delivered,
        unaccounted=line.unaccounted,
        lost=gone.lost,
        returned=gone.returned,
        continued=world.view("Shipments", "continuedOf", record, index),
    )


VIEWS: dict[type[Record], Callable[[World, State, Any], Seen]] = {
    Organization: _organization,
    Agent: _agent,
    Policy: _policy,
    Certificate: _certificate,
    Application: _application,
    License: _license,
    Shipment: _shipment,
}
