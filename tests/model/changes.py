"""What is changed in an act that would be entered, so that it breaks a rule (`breaches.py` says which).

A change answers the members that become other; `signer` among them is the account that signs. Where the state holds
nothing that fits, nothing is changed.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ledger.acts.manifests import Draw
from ledger.acts.organizations import Terms
from ledger.audit.codes import AgentStatus, OrganizationStatus, Power, Role
from ledger.audit.state import Agent, Application, Certificate, Kept, License, Organization, Shipment
from ledger.ids import ZERO32
from tests.model.papers import DAY, UNITS, Paper

HOUR = 3_600
NOBODY = 999
Change = Callable[[Paper, Any], dict[str, Any]]
ASSESSED, USABLE, LEAVING, MOVING = 3, (1, 2), (1, 2), (1, 2, 3)
"""Statuses: of an application; of a license; of a shipment that may depart, or change hands."""


def to(**values: Any) -> Change:
    """These values; a function is asked for its value with paper and act."""
    return lambda paper, act: {name: v(paper, act) if callable(v) else v for name, v in values.items()}


def random32(paper: Paper, _act: Any) -> bytes:
    return paper.bytes32()


def any_of(paper: Paper, kind: type[Kept], fits: Callable[[Any], Any]) -> Kept | None:
    """A record of that kind that fits."""
    found = [record for record in paper.state.records.values() if isinstance(record, kind) and fits(record)]
    return paper.chance.choice(found) if found else None


# Who signs, and for whom


def signed_by(fits: Callable[[Paper, Any, Agent], Any]) -> Change:
    """An agent that fits."""

    def change(paper: Paper, act: Any) -> dict[str, Any]:
        found = any_of(paper, Agent, lambda agent: fits(paper, act, agent))
        return {"signer": found.account} if found else {}

    return change


def own(_paper: Paper, act: Any, agent: Agent) -> bool:
    return agent.organization == act.organization


def foreign(_paper: Paper, act: Any, agent: Agent) -> bool:
    return agent.organization != act.organization


def inactive(paper: Paper, act: Any, agent: Agent) -> bool:
    return own(paper, act, agent) and paper.state.agent_status(agent) != AgentStatus.ACTIVE


def recording_admin(paper: Paper, act: Any, agent: Agent) -> bool:
    both = Power.ADMIN | Power.RECORD
    return own(paper, act, agent) and agent.powers & both == both


def suspender(paper: Paper, act: Any, agent: Agent) -> bool:
    license = paper.state.find(License, act.record)
    return license is not None and agent.number == license.suspender


def another(paper: Paper, _act: Any) -> dict[str, Any]:
    """Any organization, or none."""
    return {"organization": paper.one(paper.number(), paper.number(), paper.number(Role.AUTHORITY), NOBODY)}


def suspended(paper: Paper, _act: Any) -> dict[str, Any]:
    """A suspended organization, and a shipment of its own where the act is about one."""
    found = any_of(paper, Organization, lambda one: one.status == OrganizationStatus.SUSPENDED)
    if not found:
        return {}
    number = found.number
    held = any_of(paper, Shipment, lambda one: number in (one.holder, one.exporter) and one.status in MOVING)
    about = {"record": held.record} if held and isinstance(paper.record, Shipment) else {}
    return {"organization": number, **about}


def bound_elsewhere(paper: Paper, act: Any) -> dict[str, Any]:
    found = any_of(paper, Agent, lambda agent: foreign(paper, act, agent))
    return {"account": found.account} if found else {}


def voted(paper: Paper, _act: Any) -> dict[str, Any]:
    """The vote of one who has voted."""
    votes, composition = paper.state.votes, paper.state.count("composition")
    open_votes = [
        {"record": key[1], "motion": key[2], "organization": number}
        for key in votes
        for number in sorted(votes.get(key) or ())
        if key[0] == composition
    ]
    return paper.chance.choice(open_votes) if open_votes else {}


# Papers


def other_units(paper: Paper, act: Any) -> dict[str, Any]:
    return {"lines": tuple(replace(line, unit=UNITS[line.unit == UNITS[0]]) for line in act.lines)}


def has_old_certificate(paper: Paper, act: Any) -> dict[str, Any]:
    """A kind of license that asks for a first use in time, and a certificate that is older."""
    before = paper.time - 30 * DAY
    found = any_of(paper, Certificate, lambda one: one.exporter == act.organization and one.valid_from < before)
    if not found:
        return {}
    lines = tuple(replace(line, certificate=found.record, certificate_line=0) for line in act.lines)
    return {"kind": 7, "continues": ZERO32, "lines": lines}


def granting(fits: Callable[[Paper, Application], Any]) -> Change:
    """The grant of an assessed application that fits."""

    def change(paper: Paper, _act: Any) -> dict[str, Any]:
        asked = any_of(paper, Application, lambda one: one.status == ASSESSED and fits(paper, one))
        if not asked:
            return {}
        current = paper.state.policies.get((asked.authority, asked.kind)) or 0
        named = {"application": asked.record, "assessed_head": asked.head, "organization": asked.authority}
        return named | {"policy": current, "return_by": paper.time + DAY if asked.kind == 4 else 0}

    return change


def under(fits: Callable[[Paper, License], Any]) -> Change:
    """A shipment of one piece under a license that fits."""

    def change(paper: Paper, _act: Any) -> dict[str, Any]:
        license = any_of(paper, License, lambda one: one.status in USABLE and fits(paper, one))
        if not license:
            return {}
        parties = paper.state.the(Application, license.application).parties
        users = sorted(number for number, role in parties if role == 6)
        named = {"license": license.record, "organization": license.exporter, "end_user": paper.one(*users)}
        return named | {"draws": (Draw(line=0, quantity=1),), "share": 0}

    return change


def of_another_license(paper: Paper, act: Any) -> dict[str, Any]:
    found = any_of(paper, Shipment, lambda one: one.license != act.record)
    return {"shipment": found.record} if found else {}


def credited(paper: Paper, _act: Any) -> dict[str, Any]:
    found = any_of(paper, Shipment, lambda one: one.credited)
    return {"record": found.license, "shipment": found.record, "share": 0} if found else {}


def miscounted(_paper: Paper, act: Any) -> dict[str, Any]:
    """More than came back."""
    first, *rest = act.returned or (None,)
    return {} if first is None else {"returned": (replace(first, quantity=first.quantity + 1), *rest)}


# Shipments


def of_shipment(fits: Callable[[Paper, Shipment], Any], **values: Callable[[Paper, Shipment], Any]) -> Change:
    """The same of a shipment that fits, with counts of its own."""

    def change(paper: Paper, act: Any) -> dict[str, Any]:
        found = any_of(paper, Shipment, lambda one: fits(paper, one))
        if not found:
            return {}
        counts = {"counted": tuple(parcel.held for parcel in found.lines)} if hasattr(act, "counted") else {}
        return {"record": found.record, **counts} | {name: value(paper, found) for name, value in values.items()}

    return change


def leaving(asks: Callable[[Terms], Any]) -> Change:
    """Of a shipment that could depart, but for what the policy asks."""

    def fits(paper: Paper, shipment: Shipment) -> bool:
        ready = shipment.status in LEAVING and not shipment.irregular and not shipment.stopped_until
        return ready and bool(asks(terms(paper, shipment)))

    return of_shipment(fits)


def terms(paper: Paper, shipment: Shipment) -> Terms:
    """What the policy of a shipment's license says."""
    return paper.state.policy(paper.state.the(License, shipment.license).policy).terms


def is_offered(_paper: Paper, shipment: Shipment) -> bool:
    return shipment.offered_to > 0 and shipment.status in MOVING and not shipment.irregular


def is_lapsed(paper: Paper, shipment: Shipment) -> bool:
    lapses_at = shipment.offered_at + terms(paper, shipment).handoff_hours * HOUR
    return is_offered(paper, shipment) and lapses_at < paper.time


def is_overdue(paper: Paper, shipment: Shipment) -> bool:
    license = paper.state.the(License, shipment.license)
    return 0 < license.return_by <= paper.time and shipment.status in MOVING and not shipment.irregular


def is_stopped(paper: Paper, shipment: Shipment) -> bool:
    return paper.time < shipment.stopped_until and shipment.status in MOVING and not shipment.irregular


def not_ascending(paper: Paper, act: Any) -> dict[str, Any]:
    name = "draws" if hasattr(act, "draws") else "adjustments"
    lines = getattr(act, name)
    return {name: paper.one(lines[::-1], lines + lines[-1:])}


def too_large(_paper: Paper, act: Any) -> dict[str, Any]:
    name = "draws" if hasattr(act, "draws") else "lines"
    return {name: tuple(replace(line, quantity=2**80) for line in getattr(act, name))}


def uneven(_paper: Paper, act: Any) -> dict[str, Any]:
    """Parts that hold more than there was."""
    return {"quantities": (*act.quantities[:-1], act.quantities[-1] + 1)}


def offered_to(_paper: Paper, shipment: Shipment) -> int:
    return shipment.offered_to


def holder(_paper: Paper, shipment: Shipment) -> int:
    return shipment.holder


def a_carrier(paper: Paper, _shipment: Shipment) -> int:
    return paper.number(Role.CARRIER)


def who_holds_it(paper: Paper, shipment: Shipment) -> int:
    """Of those that had it held."""
    return int(paper.one(*sorted(shipment.holds)))
