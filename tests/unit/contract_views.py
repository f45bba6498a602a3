"""What the contracts say of a record at a block, and what a record of ours says, in the same words."""

from eth_abi.abi import decode

from ledger.chain.artifacts import artifact, view_call
from ledger.records.codes import LicenseKind, Motion
from ledger.records.effects import MemoryBook, apply, found
from ledger.records.parts import Proposal
from ledger.records.states import Agent, Application, Certificate, License, Organization, Policy, Shipment

OWNER = {
    Organization: "Directory",
    Agent: "Directory",
    Policy: "Policies",
    Certificate: "Certificates",
    Application: "Applications",
    License: "Licenses",
    Shipment: "Shipments",
}


class Views:
    """The view functions of a ledger's contracts after one block."""

    def __init__(self, world, block):
        self.world = world
        self.block = block

    def ask(self, contract, function, *arguments):
        """The answer: values by the ABI's names, a struct as a dict; a single answer by itself."""
        (form,) = (i for i in artifact(contract).abi if i["type"] == "function" and i["name"] == function)
        signature = f"{function}({','.join(_type(i) for i in form['inputs'])})"
        data = self.world.node.call(self.world.address(contract), view_call(signature, *arguments), block=self.block)
        values = decode([_type(output) for output in form["outputs"]], data)
        named = [_named(output, value) for output, value in zip(form["outputs"], values, strict=True)]
        return named[0] if len(named) == 1 else named

    def heads(self, record):
        return list(self.ask(OWNER[type(record)], "heads", record.record))

    def of(self, record, book):
        """(what the contracts say, what the record says) of everything both know."""
        contract, ours = getattr(self, f"_{type(record).__name__.lower()}")(record, book)
        return contract | {"heads": self.heads(record)}, ours | {"heads": [record.head, record.note_head]}

    def _organization(self, record, _book):
        names = ("roles", "sponsor", "status", "agents", "admins", "version", "notes", "recoveries", "record")
        delegates = [mandate.delegate for mandate in record.mandates]
        theirs = {
            "record": self.ask("Directory", "recordOf", record.number),
            "mandates": [self.ask("Directory", "mandateOf", record.number, delegate) for delegate in delegates],
            "votes": [self.ask("Organizations", "votesOf", record.record, motion) for motion in Motion],
            "proposals": self.proposals(record, {"Organizations": 9}),
        }
        ours = {
            "mandates": [[mandate.kinds, mandate.until] for mandate in record.mandates],
            "votes": [sum(vote.motion == motion for vote in record.votes) for motion in Motion],
            "proposals": record.proposals,
        }
        return self.ask("Directory", "organizationOf", record.number) | theirs, fields(record, *names) | ours

    def _agent(self, record, _book):
        names = ("organization", "powers", "status", "since", "number", "appointer", "version")
        contract = self.ask("Directory", "agentOf", record.account, record.organization)
        del contract["recoveries"]
        return contract, fields(record, *names)

    def _policy(self, record, _book):
        current = self.ask("Policies", "currentOf", record.organization, record.kind)
        return (
            self.ask("Policies", "termsOf", record.number)
            | {"record": self.ask("Policies", "recordOf", record.number), "current": current},
            record.terms.to_json() | {"record": record.record, "current": record.number},
        )

    def _certificate(self, record, _book):
        names = ("exporter", "end_user", "authority", "valid_from", "valid_until", "status", "grade", "version")
        # Of a superseded certificate, the contract tells the lines of its successor.
        newest = not any(record.superseded_by)
        places = range(len(record.lines) if newest else 0)
        lines = [self.ask("Certificates", "lineOf", record.number, i) for i in places]
        return (
            self.ask("Certificates", "certificateOf", record.number)
            | {"each": lines, "number": self.ask("Certificates", "numberOf", record.record)},
            fields(record, *names, "notes", "number", "first", "consignee", "signers", "used")
            | {"lines": len(record.lines)}
            | {"each": [fields(record.lines[i], "certified", "granted", "unit", "decimals") for i in places]},
        )

    def _application(self, record, _book):
        names = ("exporter", "authority", "kind", "status", "control", "recorded", "assessor", "decider", "drawn_share")
        parties = {party.organization for party in record.parties}
        return (
            self.ask("Applications", "applicationOf", record.record)
            | {"parties": {p: self.ask("Applications", "partyRoles", record.record, p) for p in parties}},
            fields(record, *names, "version", "notes", "continues")
            | {"lines": len(record.lines), "parties": {p: roles_of(record, p) for p in parties}},
        )

    def _license(self, record, book):
        names = ("exporter", "authority", "policy", "valid_from", "valid_until", "return_by", "stopped_until", "status")
        more = ("kind", "control", "shares", "suspender", "notes", "version", "transfers", "application", "number")
        terms = book.policy(record.policy).terms
        parties = {party.organization for party in record.parties}
        theirs = {
            "number": self.ask("Licenses", "numberOf", record.record),
            "each": [self.ask("Licenses", "lineOf", record.number, i) for i in range(len(record.lines))],
            "parties": {p: self.ask("Licenses", "partyRoles", record.number, p) for p in parties},
            "proposals": self.proposals(record, {"Orders": 65, "Licenses": 70}),
        }
        ours = {
            "lines": len(record.lines),
            "each": [_license_line(line, book) for line in record.lines],
            "parties": {p: roles_of(record, p) for p in parties},
            "proposals": tuple(sorted(record.proposals, key=lambda one: one.kind)),
        }
        return (
            self.ask("Licenses", "licenseOf", record.number) | theirs,
            fields(record, *names, *more) | fields(terms, "handoff_hours", "lateness_hours", "count_tolerance") | ours,
        )

    def _shipment(self, record, book):
        contract, held = self.ask("Shipments", "shipmentOf", record.record)
        flags = contract.pop("flags")
        contract |= {
            "discrepancy": bool(flags & 1),
            "offeredByHolder": bool(flags & 2),
            "reported": bool(flags & 4),
            "intangible": bool(flags & 8),
            "departureGrade": flags >> 4 & 3,
            "deliveryGrade": flags >> 6 & 3,
            "recalled": bool(flags & 256),
            "credited": bool(flags & 512),
            "notes": self.ask("Shipments", "notesOf", record.record),
            "reportHead": self.ask("Shipments", "reportHeadOf", record.record),
            "each": [self._shipment_line(record.record, place, line) for place, line in enumerate(held)],
            "proposals": self.proposals(record, {"Orders": 115}),
        }
        names = ("license holder responsible offered_to last_fact status irregular grade end_user exporter "
                 "stopped_until notes version cleared_at share discrepancy offered_by_holder reported departure_grade "
                 "delivery_grade report_head intangible recalled credited proposals")  # fmt: skip
        ours = fields(record, *names.split())
        ours |= {"license": book.get(record.license).number, "holds": len(record.holds), "lines": len(record.lines)}
        terms = book.policy(book.get(record.license).policy).terms
        lapses = record.offered_at + terms.handoff_hours * 3600 if record.offered_at else 0
        ours |= fields(terms, "handoff_hours", "lateness_hours", "count_tolerance") | {"lapsesAt": lapses}
        ours |= {"temporary": book.get(record.license).kind == LicenseKind.TEMPORARY}
        line_names = ("license_line", "registered", "held", "delivered", "unaccounted", "lost", "returned", "continued")
        return contract, ours | {"each": [fields(line, *line_names) for line in record.lines]}

    def _shipment_line(self, record, place, held):
        held["licenseLine"] = held.pop("line")
        more = {name: self.ask("Shipments", f"{name}Of", record, place) for name in ("registered", "continued")}
        return held | self.ask("Shipments", "goneOf", record, place) | more

    def proposals(self, record, kinds):
        """The open proposals on a record, by the contract that takes acts of the kind."""
        told = {kind: self.ask(contract, "proposalOf", record.record) for contract, kind in kinds.items()}
        return tuple(Proposal(kind=k, agent=agent, content=content) for k, (agent, content) in told.items() if agent)


def same_as_contracts(trade, told=None):
    """Applies all entries and compares what each of this story's own did; the book."""
    book = MemoryBook()
    found(trade.deployment, book)
    for place, entry in enumerate(trade.entries):
        apply(entry, book)
        if place < (trade.told if told is None else told):
            continue
        views = Views(trade, entry.block_number)
        for record in [one for one in book.records() if one.last_seq == entry.seq]:
            contracts, ours = views.of(record, book)
            differing = {name: (ours.get(name), contracts.get(name)) for name in ours.keys() | contracts.keys()}
            wrong = {name: pair for name, pair in differing.items() if pair[0] != pair[1]}
            assert not wrong, f"after entry {entry.seq}, act {entry.kind}, ours and the contracts': {wrong}"
    return book


def roles_of(record, organization):
    """The roles of a record's parties, as bits."""
    return sum(1 << party.role for party in record.parties if party.organization == organization)


def fields(value, *names):
    """Members by their Solidity names."""
    return {_camel(name): getattr(value, name) for name in names}


def _camel(name):
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def _license_line(line, book):
    named = book.get(line.certificate).number if any(line.certificate) else 0
    names = ("unit", "decimals", "granted", "drawn", "unlimited", "certificate_line")
    return fields(line, *names) | {"certificate": named}


def _type(item):
    if not item["type"].startswith("tuple"):
        return item["type"]
    return f"({','.join(_type(part) for part in item['components'])}){item['type'].removeprefix('tuple')}"


def _named(item, value):
    if not item["type"].startswith("tuple"):
        return value
    if item["type"].endswith("[]"):
        return [_named(item | {"type": "tuple"}, one) for one in value]
    return {part["name"]: _named(part, one) for part, one in zip(item["components"], value, strict=True)}
