"""The bits of a report: which rules the reported fact breaks (RULES.md, section 6, the table of bits)."""

from dataclasses import dataclass

from ledger.acts.act import Act
from ledger.audit.case import Case
from ledger.audit.codes import Broken, Grade
from ledger.audit.custody import (
    earliest_fact,
    failing_certificate,
    has_departed,
    is_backed,
    is_end_user_of,
    is_overdue,
    is_receiver,
)
from ledger.audit.draws import is_valid
from ledger.audit.state import License, Shipment


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What is reported: when, toward whom (0: nobody), and what of the shipment's way it is."""

    occurred_at: int
    to: int
    leaves: bool = False
    """Departure or transfer."""
    arrives: bool = False
    """Delivery or transfer."""
    over: bool = False
    """A transfer that drew too much."""


def irregular_bits(case: Case[Act], shipment: Shipment, fact: Fact, *, asked: tuple[int, ...]) -> int:
    """The bits that the row asks and that are set; `shipment` as it was before."""
    state, license = case.state, case.state.the(License, shipment.license)
    terms, moment = state.policy(license.policy).terms, fact.occurred_at
    toward_refuge = state.is_refuge(fact.to, shipment.exporter)
    stopped = moment < max(shipment.stopped_until, license.stopped_until)
    cleared = 0 < shipment.cleared_at <= moment
    broken = {
        Broken.NOT_IN_FORCE: not is_valid(license, moment),
        Broken.STOPPED: stopped and not toward_refuge,
        Broken.LATE: moment < earliest_fact(case, license),
        Broken.CERTIFICATE: _certificate_fails(case, shipment, fact),
        Broken.CLEARANCE: terms.clearance_required and not cleared,
        Broken.RECEIVER: not _may_receive(case, shipment, fact),
        Broken.GRADE: terms.lowest_custody_grade > Grade.ONE_SIDED,
        Broken.UNILATERAL: case.act.organization not in (shipment.holder, shipment.responsible),
        Broken.OVER_DRAW: fact.over,
        Broken.NOT_DEPARTED: not has_departed(shipment),
        Broken.RETURN_OVERDUE: is_overdue(license, moment) and not toward_refuge,
    }
    return sum(bit for bit, set_now in broken.items() if set_now and bit.bit_length() - 1 in asked)


def _certificate_fails(case: Case[Act], shipment: Shipment, fact: Fact) -> bool:
    """Departure: grade or signers; delivery: one not in force; transfer: either."""
    ungraded = fact.leaves and not is_backed(case.state, shipment)
    failing = fact.arrives and failing_certificate(case.state, shipment, fact.occurred_at) != 0
    return ungraded or failing


def _may_receive(case: Case[Act], shipment: Shipment, fact: Fact) -> bool:
    """Handoff: a receiver; transfer: an active party END_USER."""
    if not fact.leaves:
        return is_receiver(case.state, shipment, fact.to)
    license = case.state.the(License, shipment.license)
    return case.state.is_active(fact.to) and is_end_user_of(case.state, license, fact.to)
