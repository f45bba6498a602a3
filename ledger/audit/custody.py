"""Who stands how to a shipment, and the terms below the table of section 5: Fact, Regular, Stopped, Overdue, Refuge,
Receiver, Open offer, Certificate grade and signers.
"""

from dataclasses import dataclass

from ledger.acts.act import Act
from ledger.audit.authority import require_known
from ledger.audit.case import Case
from ledger.audit.certificates import is_in_force
from ledger.audit.codes import (
    CONSIGNEE_NUMBER,
    END_USER_NUMBER,
    HOUR,
    CertificateStatus,
    Grade,
    LicenseKind,
    Role,
    ShipmentStatus,
    bits,
)
from ledger.audit.draws import certificate_behind, require_unstopped
from ledger.audit.policies import SIGNERS
from ledger.audit.refusals import require
from ledger.audit.state import Application, License, Shipment, State

UNSHIPPED = bits(ShipmentStatus.REGISTERED, ShipmentStatus.CLEARED)
LIVE = UNSHIPPED | bits(ShipmentStatus.DEPARTED)
TERMINAL = frozenset(range(ShipmentStatus.DELIVERED, ShipmentStatus.SEIZED + 1))
"""Statuses in which a report changes nothing but the head."""


def by_its_exporter(case: Case[Act]) -> int:
    """The shipment's exporter."""
    exporter = case.the(Shipment).exporter
    require(case.act.organization == exporter, "WrongOrganization", case.act.organization, exporter)
    return 0


def by_holder(case: Case[Act]) -> int:
    """Who holds the goods."""
    holder = case.the(Shipment).holder
    require(case.act.organization == holder, "NotTheHolder", case.act.organization, holder)
    return 0


def by_holder_or_responsible(case: Case[Act]) -> int:
    """Who holds the goods or answers for them."""
    shipment, named = case.the(Shipment), case.act.organization
    require(named in (shipment.holder, shipment.responsible), "NotTheHolder", named, shipment.holder)
    return 0


def by_inspector(case: Case[Act]) -> int:
    """The license's authority, or customs of a sponsor of exporter, holder or end-user."""
    inspects = is_inspector(case.state, case.the(Shipment), case.act.organization)
    require(inspects, "OutsideJurisdiction", case.act.organization, case.act.record)
    return 0


def by_the_licenses_authority(case: Case[Act]) -> int:
    """The authority that issued the shipment's license."""
    within = case.act.organization == license_of(case).authority
    require(within, "OutsideJurisdiction", case.act.organization, case.act.record)
    return 0


def is_inspector(state: State, shipment: Shipment, organization: int) -> bool:
    """See `by_inspector`."""
    if organization == state.the(License, shipment.license).authority:
        return True
    require_known(state, organization)
    sponsors = {state.sponsor(number) for number in (shipment.exporter, shipment.holder, shipment.end_user)} - {0}
    return bool(state.roles(organization) & Role.CUSTOMS) and state.sponsor(organization) in sponsors


def license_of(case: Case[Act]) -> License:
    """The license that the shipment draws on."""
    return case.state.the(License, case.the(Shipment).license)


def party_roles(state: State, license: License, organization: int) -> frozenset[int]:
    """Role numbers in which the license names the organization."""
    parties = state.the(Application, license.application).parties
    return frozenset(role for named, role in parties if named == organization)


def is_end_user_of(state: State, license: License, organization: int) -> bool:
    """Whether the license names it as END_USER."""
    return END_USER_NUMBER in party_roles(state, license, organization)


def is_receiver(state: State, shipment: Shipment, organization: int) -> bool:
    """Active, and a refuge, the shipment's end-user, a party of the license, or a carrier."""
    if not state.is_active(organization):
        return False
    license = state.the(License, shipment.license)
    return (
        state.is_refuge(organization, shipment.exporter)
        or organization == shipment.end_user
        or bool(party_roles(state, license, organization))
        or bool(state.roles(organization) & Role.CARRIER)
    )


def require_receiver(case: Case[Act], to: int) -> None:
    """`to` is not the holder (AlreadyHolder), is a receiver (NotAReceiver)."""
    shipment = case.the(Shipment)
    require(to != shipment.holder, "AlreadyHolder", to)
    require(is_receiver(case.state, shipment, to), "NotAReceiver", to, shipment.record)


def check_time(case: Case[Act], occurred_at: int, *, last_fact: int) -> None:
    """Not after block time, not before the last custody fact."""
    require(occurred_at <= case.time, "OccurredInFuture", occurred_at, case.time)
    require(occurred_at >= last_fact, "OccurredBeforeLastFact", occurred_at, last_fact)


def check_fact(case: Case[Act], occurred_at: int) -> None:
    """Fact: the time, and not later recorded than the policy allows."""
    check_time(case, occurred_at, last_fact=case.the(Shipment).last_fact)
    earliest = earliest_fact(case, license_of(case))
    require(occurred_at >= earliest, "TooLate", occurred_at, earliest)


def earliest_fact(case: Case[Act], license: License) -> int:
    """What occurred before that is recorded too late."""
    hours = case.state.policy(license.policy).terms.lateness_hours
    return max(case.time - hours * HOUR, 0)


def check_regular(case: Case[Act]) -> None:
    """Regular: no irregular bit."""
    irregular = case.the(Shipment).irregular
    require(irregular == 0, "Irregular", case.act.record, irregular)


def check_shipment_unstopped(shipment: Shipment, moment: int) -> None:
    """The shipment's own stop."""
    going = moment >= shipment.stopped_until
    require(going, "ShipmentStopped", shipment.record, shipment.stopped_until, moment)


def check_unstopped(case: Case[Act], moment: int) -> None:
    """Stopped: the shipment's stop, then the license's."""
    check_shipment_unstopped(case.the(Shipment), moment)
    require_unstopped(license_of(case), moment)


def is_overdue(license: License, moment: int) -> bool:
    """Overdue: under a temporary license, at or after returnBy."""
    return license.kind == LicenseKind.TEMPORARY and moment >= license.return_by


def lapse_of(case: Case[Act]) -> int:
    """The last instant at which the offer is open."""
    hours = case.state.policy(license_of(case).policy).terms.handoff_hours
    return case.the(Shipment).offered_at + hours * HOUR


def check_certificates(case: Case[Act], moment: int) -> None:
    """83: certificates in force."""
    failing = failing_certificate(case.state, case.the(Shipment), moment)
    require(failing == 0, "CertificateNotInForce", failing, moment)


def failing_certificate(state: State, shipment: Shipment, moment: int) -> int:
    """Number of the first certificate behind its lines that is not in force; 0: none."""
    license = state.the(License, shipment.license)
    for parcel in shipment.lines:
        certificate = certificate_behind(state, license, parcel.line)
        if certificate and not is_in_force(certificate, moment):
            return certificate.number
    return 0


@dataclass(frozen=True, slots=True)
class Backing:
    """The weakest grade over the lines, and the roles in which every one is cosigned."""

    grade: int
    signers: int


def backing_of(state: State, shipment: Shipment) -> Backing:
    """A line without certificate, with a revoked one or one of another end-user counts as nothing."""
    license = state.the(License, shipment.license)
    grade, signers = Grade.FULL, SIGNERS
    for parcel in shipment.lines:
        certificate = certificate_behind(state, license, parcel.line)
        valid = certificate is not None and certificate.status == CertificateStatus.VALID
        if certificate is None or not valid or certificate.end_user != shipment.end_user:
            return Backing(0, 0)
        signed = certificate.signers
        if CONSIGNEE_NUMBER not in party_roles(state, license, certificate.consignee):
            signed &= ~Role.CONSIGNEE
        grade, signers = min(grade, certificate.grade), signers & signed
    return Backing(grade, signers)


def check_backing(case: Case[Act]) -> None:
    """85: certificate grade (I10), certificate signers."""
    shipment, terms = case.the(Shipment), case.state.policy(license_of(case).policy).terms
    if case.state.roles(shipment.end_user) & terms.exempt_roles:
        return
    backing = backing_of(case.state, shipment)
    graded = backing.grade >= terms.certificate_grade
    require(graded, "CertificateGradeTooLow", shipment.record, backing.grade, terms.certificate_grade)
    signed = not terms.certificate_signers & ~backing.signers
    require(signed, "CertificateUnsigned", shipment.record, backing.signers, terms.certificate_signers)


def is_backed(state: State, shipment: Shipment) -> bool:
    """The same as an answer, for reports."""
    terms = state.policy(state.the(License, shipment.license).policy).terms
    if state.roles(shipment.end_user) & terms.exempt_roles:
        return True
    backing = backing_of(state, shipment)
    return backing.grade >= terms.certificate_grade and not terms.certificate_signers & ~backing.signers


def end_offer(shipment: Shipment) -> None:
    """No offer any more."""
    shipment.offered_to, shipment.offered_at, shipment.offered_by_holder = 0, 0, False


def has_departed(shipment: Shipment) -> bool:
    """Whether it left, by permission or by report."""
    return shipment.departure_grade != 0
