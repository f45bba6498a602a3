"""Whether a signer could sign: RULES.md, column "signer: power", for every act.

Says nothing of whether the organization stood in the right relation to the record; the checks of certificate, license
and custody do.
"""

from ledger.acts.act import Act
from ledger.acts.custody import (
    AcceptHandoff,
    AddStatement,
    CancelShipment,
    ClearShipment,
    ConfirmDelivery,
    ConfirmReport,
    DepartShipment,
    HoldShipment,
    OfferHandoff,
    RefuseHandoff,
    RegisterShipment,
    ReportDelivery,
    ReportMovement,
    ResumeShipment,
    WithdrawOffer,
)
from ledger.acts.licensing import (
    ApplyForLicense,
    AssessApplication,
    IssueLicense,
    RecordCertificate,
    RecordLicense,
    RefuseApplication,
    ReinstateLicense,
    RevokeCertificate,
    SignCertificate,
    SuspendLicense,
    VerifyCertificate,
)
from ledger.acts.organizations import (
    AcceptAppointment,
    AdoptPolicy,
    AppointAgent,
    ConfirmAppointment,
    DismissAgent,
    RecordParty,
    RegisterOrganization,
)
from ledger.checks.findings import Step
from ledger.checks.replay import Past
from ledger.records.codes import AgentStatus, Power, Role, name_of
from ledger.records.states import Agent, Shipment

_POWER: dict[type[Act], Power] = {
    RegisterOrganization: Power.REGISTER,
    RecordParty: Power.RECORD,
    ConfirmAppointment: Power.ADMIN,
    AdoptPolicy: Power.POLICY,
    SignCertificate: Power.CERTIFY,
    RecordCertificate: Power.APPLY,
    VerifyCertificate: Power.VERIFY,
    RevokeCertificate: Power.CERTIFY,
    ApplyForLicense: Power.APPLY,
    AssessApplication: Power.ASSESS,
    RefuseApplication: Power.DECIDE,
    RecordLicense: Power.RECORD,
    IssueLicense: Power.DECIDE,
    SuspendLicense: Power.ENFORCE,
    ReinstateLicense: Power.ENFORCE,
    RegisterShipment: Power.SHIP,
    CancelShipment: Power.SHIP,
    ClearShipment: Power.INSPECT,
    OfferHandoff: Power.CUSTODY,
    WithdrawOffer: Power.CUSTODY,
    AcceptHandoff: Power.CUSTODY,
    RefuseHandoff: Power.CUSTODY,
    ConfirmDelivery: Power.CUSTODY,
    HoldShipment: Power.INSPECT,
    ResumeShipment: Power.INSPECT,
    ConfirmReport: Power.CUSTODY,
    AddStatement: Power.STATE,
}
_SPONSOR_MAY = (RecordCertificate, RegisterShipment, CancelShipment)
_ANY_ROLE = Role((1 << 9) - 1)
_USABLE_BY = {
    Power.ADMIN: _ANY_ROLE,
    Power.INSPECT: Role.AUTHORITY | Role.CUSTOMS,
    Power.VERIFY: Role.AUTHORITY | Role.MISSION,
    Power.APPLY: Role.EXPORTER,
    Power.CERTIFY: Role.END_USER | Role.CONSIGNEE,
    Power.SHIP: Role.EXPORTER,
    Power.CUSTODY: _ANY_ROLE,
    Power.STATE: _ANY_ROLE,
}
"""The roles of which an organization needs one; the other powers are an authority's."""


def authority_fault(past: Past, step: Step) -> str | None:
    """Why the signer could not sign the act when it was entered; None where it could."""
    act = step.act
    if isinstance(act, AcceptAppointment):
        return _acceptance_fault(past, step)
    if isinstance(act, AppointAgent | DismissAgent):
        return _appointing_fault(past, step)
    return "it is no act" if act is None else _acting_fault(past, step, act)


def _acting_fault(past: Past, step: Step, act: Act) -> str | None:
    power, sponsor_may = _needed(past, step, act)
    organization = past.organization_before(act.organization, step)
    if organization is None:
        return f"organization {act.organization} did not exist"
    if sponsor_may and not organization.agents and past.agent_before(organization.sponsor, step.entry.signer, step):
        return _agent_fault(past, organization.sponsor, Power.RECORD, step)
    fault = _agent_fault(past, act.organization, power, step)
    if fault is None and isinstance(act, ConfirmAppointment):
        return _confirming_fault(past, step)
    return fault


def _needed(past: Past, step: Step, act: Act) -> tuple[Power, bool]:
    """The power, and whether the sponsor of an organization without agents may sign with RECORD."""
    if isinstance(act, DepartShipment | ReportMovement | ReportDelivery):
        shipment = past.before(Shipment, step.entry.record, step)
        return (Power.CUSTODY, False) if shipment is None else _needed_on(shipment, act)
    return _POWER[type(act)], isinstance(act, _SPONSOR_MAY)


def _needed_on(shipment: Shipment, act: DepartShipment | ReportMovement | ReportDelivery) -> tuple[Power, bool]:
    if isinstance(act, DepartShipment):
        if act.organization == shipment.exporter:
            return Power.SHIP, True
        return (Power.CUSTODY if act.organization == shipment.holder else Power.INSPECT), False
    involved = act.organization in involved_in(shipment)
    return (Power.CUSTODY, True) if involved else (Power.RECORD, False)


def involved_in(shipment: Shipment) -> set[int]:
    """The organizations whose shipment it is, in one way or another."""
    parts = (shipment.holder, shipment.responsible, shipment.offered_to, shipment.exporter, shipment.end_user)
    return set(parts) - {0}


def _agent_fault(past: Past, organization: int, power: Power, step: Step) -> str | None:
    agent = past.agent_before(organization, step.entry.signer, step)
    if agent is None:
        return f"its signer was no agent of organization {organization}"
    if agent.status != AgentStatus.ACTIVE:
        return f"its signer was an agent of organization {organization}, but {name_of(agent.status)}, not active"
    if not agent.powers & power:
        return f"its signer had no power {power.name} in organization {organization}"
    if not past.roles(organization) & _USABLE_BY.get(power, Role.AUTHORITY):
        return f"organization {organization} had no role that makes the power {power.name} usable"
    return None


def _acceptance_fault(past: Past, step: Step) -> str | None:
    agent = past.before(Agent, step.entry.record, step)
    if agent is None or agent.account != step.entry.signer:
        return "its signer is not the account that was appointed"
    if agent.status != AgentStatus.PENDING:
        return f"the appointment was {name_of(agent.status)}, not pending"
    return None


def _appointing_fault(past: Past, step: Step) -> str | None:
    """An admin of the organization or, while it has none, its sponsor's registrar."""
    number = step.entry.organization
    organization = past.organization_before(number, step)
    if organization is None:
        return f"organization {number} did not exist"
    if organization.admins:
        fault = _agent_fault(past, number, Power.ADMIN, step)
    else:
        fault = _agent_fault(past, organization.sponsor, Power.REGISTER, step)
        # Not all admins of an authority are in the history: its own admin may have been one of them.
        if fault is not None and organization.sponsor == number:
            fault = _agent_fault(past, number, Power.ADMIN, step)
    return fault or _powers_fault(past, step, own=bool(organization.admins))


def _powers_fault(past: Past, step: Step, *, own: bool) -> str | None:
    if not isinstance(step.act, AppointAgent):
        return None
    powers, roles = Power(step.act.powers), past.roles(step.act.organization)
    unusable = [power for power in Power if powers & power and not roles & _USABLE_BY.get(power, Role.AUTHORITY)]
    if unusable or not powers or powers & ~sum(Power):
        return "it gives powers that no role of the organization makes usable"
    if powers & Power.ADMIN and powers & (Power.ASSESS | Power.DECIDE):
        return "it makes one person admin and officer"
    if not own and not powers & Power.ADMIN and past.sponsor(step.act.organization) != step.act.organization:
        return "the sponsor may appoint admins only"
    return None


def _confirming_fault(past: Past, step: Step) -> str | None:
    agent = past.before(Agent, step.entry.record, step)
    admin = past.agent_before(step.entry.organization, step.entry.signer, step)
    if agent is None or agent.status != AgentStatus.ACCEPTED:
        return "there was no accepted appointment to confirm"
    if admin is not None and admin.number == agent.appointer:
        return "the appointing admin confirmed the appointment alone"
    return None
