"""What the contracts say of a record at a block, and what a record of ours says, in the same words."""

from eth_abi.abi import decode

from ledger.chain.artifacts import artifact, view_call
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
        return (
            self.ask("Directory", "organizationOf", record.number)
            | {"record": self.ask("Directory", "recordOf", record.number)},
            fields(record, "roles", "sponsor", "status", "agents", "admins", "version", "notes", "record"),
        )

    def _agent(self, record, _book):
        names = ("organization", "powers", "status", "since", "number", "appointer", "version")
        return self.ask("Directory", "agentOf", record.account, record.organization), fields(record, *names)

    def _policy(self, record, _book):
        current = self.ask("Policies", "currentOf", record.organization, record.kind)
        return (
            self.ask("Policies", "termsOf", record.number)
            | {"record": self.ask("Policies", "recordOf", record.number), "current": current},
            record.terms.to_json() | {"record": record.record, "current": record.number},
        )

    def _certificate(self, record, _book):
        own = fields(record, "exporter", "end_user", "authority", "valid_from", "valid_until", "status", "grade")
        lines = [self.ask("Certificates", "lineOf", record.number, i) for i in range(len(record.lines))]
        return (
            self.ask("Certificates", "certificateOf", record.number)
            | {"each": lines, "number": self.ask("Certificates", "numberOf", record.record)},
            own
            | fields(record, "version", "notes", "number")
            | {"lines": len(record.lines)}
            | {"each": [fields(line, "certified", "granted", "unit", "decimals") for line in record.lines]},
        )

    def _application(self, record, _book):
        names = ("exporter", "authority", "kind", "status", "control", "recorded", "assessor", "drawn_share")
        return (
            self.ask("Applications", "applicationOf", record.record),
            fields(record, *names, "version", "notes") | {"lines": len(record.lines)},
        )

    def _license(self, record, _book):
        names = ("exporter", "authority", "policy", "valid_from", "valid_until", "stopped_until", "status", "kind")
        more = ("control", "shares", "suspender", "notes", "version", "application", "number")
        balances = [list(self.ask("Licenses", "balanceOf", record.number, i)) for i in range(len(record.lines))]
        parties = {party.organization for party in record.parties}
        return (
            self.ask("Licenses", "licenseOf", record.number)
            | {"number": self.ask("Licenses", "numberOf", record.record), "balances": balances}
            | {"parties": {p: self.ask("Licenses", "partyRoles", record.number, p) for p in parties}},
            fields(record, *names, *more)
            | {"lines": len(record.lines), "balances": [[line.granted, line.drawn] for line in record.lines]}
            | {"parties": {party: int(record.party_roles(party)) for party in parties}},
        )

    def _shipment(self, record, book):
        contract, held = self.ask("Shipments", "shipmentOf", record.record)
        registered = [self.ask("Shipments", "registeredOf", record.record, i) for i in range(len(record.lines))]
        lines = [_line(one, other) for one, other in zip(held, registered, strict=True)]
        flags = contract.pop("flags")
        contract |= {
            "discrepancy": bool(flags & 1),
            "offeredByHolder": bool(flags & 2),
            "reported": bool(flags & 4),
            "departureGrade": flags >> 4 & 3,
            "deliveryGrade": flags >> 6 & 3,
            "reportHead": self.ask("Shipments", "reportHeadOf", record.record),
            "each": lines,
        }
        names = ("license holder responsible offered_to last_fact status irregular grade end_user exporter offered_at "
                 "stopped_until notes version cleared_at share discrepancy offered_by_holder reported departure_grade "
                 "delivery_grade report_head holds")  # fmt: skip
        ours = fields(record, *names.split())
        ours |= {"license": book.get(record.license).number, "holds": len(record.holds), "lines": len(record.lines)}
        line_names = ("license_line", "registered", "held", "delivered", "unaccounted", "lost", "returned")
        return contract, ours | {"each": [fields(line, *line_names) for line in record.lines]}


def fields(value, *names):
    """Members by their Solidity names."""
    return {_camel(name): getattr(value, name) for name in names}


def _camel(name):
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def _line(held, registered):
    return held | {"licenseLine": registered.pop("line")} | registered


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
