"""Whether a signer could sign: RULES.md, column "signer: power", for every act.

Whose agent signed, with which power, and whether either organization was suspended. Says nothing of whether the
organization stood in the right relation to the record; the checks of directory, certificate, license and custody do.
"""

from ledger.acts.act import Act
from ledger.acts.applications import (
    AmendApplication,
    ApplyForLicense,
    AssessApplication,
    RecordLicense,
    RefuseApplication,
    ReturnApplication,
    WithdrawApplication,
)
from ledger.acts.certificates import (
    CosignCertificate,
    EndorseCertificate,
    RecordCertificate,
    RevokeCertificate,
    SignCertificate,
    VerifyCertificate,
)
from ledger.acts.custody import (
    AcceptHandoff,
    ClearShipment,
    DepartShipment,
    InvalidateClearance,
    OfferHandoff,
    RefuseHandoff,
    WithdrawOffer,
)
from ledger.acts.licensing import (
    AcknowledgeConditions,
    BindCertificate,
    CorrectLicense,
    CreditReturn,
    IssueLicense,
    SupersedeLicense,
    SurrenderLicense,
    TransferLicense,
)
from ledger.acts.manifests import AdjustShipment, CancelShipment, RecordTransfer, RegisterShipment, SplitShipment
from ledger.acts.orders import (
    ConfirmSuspension,
    HoldShipment,
    OrderHandoff,
    RecallShipment,
    Regularize,
    ReinstateLicense,
    ReleaseSeizure,
    ResumeShipment,
    RevokeLicense,
    SeizeShipment,
    SuspendLicense,
)
from ledger.acts.organizations import (
    AcceptAppointment,
    AdoptPolicy,
    AppointAgent,
    ConfirmAppointment,
    DismissAgent,
    EndMandate,
    GrantMandate,
    RecordParty,
    RecoverOrganization,
    RegisterOrganization,
    ReinstateOrganization,
    RenameOrganization,
    RotateAgentKeys,
    SuspendOrganization,
    VoteAuthority,
)
from ledger.acts.reports import (
    AddStatement,
    AttachSerials,
    ConfirmDelivery,
    ConfirmReport,
    ReportDelivery,
    ReportDiscrepancy,
    ReportLoss,
    ReportMovement,
)
from ledger.checks.findings import Step
from ledger.checks.replay import Past
from ledger.records.codes import (
    BY_SPONSOR,
    MANDATABLE,
    WHILE_SUSPENDED,
    AgentStatus,
    OrganizationStatus,
    Power,
    Role,
    name_of,
)
from ledger.records.parts import Mandate
from ledger.records.states import Agent, Application, Certificate, Organization, Shipment

_SIGNED_WITH: dict[Power, tuple[type[Act], ...]] = {
    Power.ADMIN: (
        VoteAuthority,
        RenameOrganization,
        GrantMandate,
        EndMandate,
        AppointAgent,
        ConfirmAppointment,
        RotateAgentKeys,
        DismissAgent,
    ),
    Power.REGISTER: (RegisterOrganization, RecoverOrganization),
    Power.RECORD: (RecordParty, RecordLicense),
    Power.POLICY: (AdoptPolicy,),
    Power.ASSESS: (AssessApplication, ReturnApplication),
    Power.DECIDE: (RefuseApplication, IssueLicense, CorrectLicense, SupersedeLicense, TransferLicense),
    Power.ENFORCE: (
        SuspendOrganization,
        ReinstateOrganization,
        SuspendLicense,
        ConfirmSuspension,
        ReinstateLicense,
        RevokeLicense,
        CreditReturn,
        RecallShipment,
        OrderHandoff,
        Regularize,
    ),
    Power.INSPECT: (
        ClearShipment,
        InvalidateClearance,
        HoldShipment,
        ResumeShipment,
        SeizeShipment,
        ReleaseSeizure,
    ),
    Power.VERIFY: (VerifyCertificate, EndorseCertificate),
    Power.APPLY: (RecordCertificate, ApplyForLicense, AmendApplication, BindCertificate, SurrenderLicense),
    Power.CERTIFY: (SignCertificate,),
    Power.SHIP: (RegisterShipment, AdjustShipment, CancelShipment, RecordTransfer),
    Power.CUSTODY: (
        OfferHandoff,
        WithdrawOffer,
        AcceptHandoff,
        RefuseHandoff,
        ConfirmDelivery,
        ConfirmReport,
        SplitShipment,
        AttachSerials,
    ),
    Power.STATE: (AcknowledgeConditions, AddStatement),
}
"""What needs one power whatever the relation."""
_POWER = {act: power for power, acts in _SIGNED_WITH.items() for act in acts}
_BY_REGISTRAR = (RenameOrganization, AppointAgent, DismissAgent)
"""Signed by the sponsor's registrar for an organization without active admins."""
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
    Power.ARCHIVE: _ANY_ROLE,
}
"""The roles of which an organization needs one; the other powers are an authority's."""


def usable_by(power: Power) -> Role:
    """The roles that make a power usable."""
    return _USABLE_BY.get(power, Role.AUTHORITY)


def authority_fault(past: Past, step: Step) -> str | None:
    """Why the signer could not sign the act when it was entered; None where it could."""
    act = step.act
    if act is None:
        return "it is no act"
    organization = past.organization_before(act.organization, step)
    if organization is None:
        return f"organization {act.organization} did not exist"
    if isinstance(act, AcceptAppointment):
        return _acceptance_fault(past, step) or _suspension_fault(past, step, act.organization)
    behind, power = _standing_in(past, step, organization)
    fault = _agent_fault(past, step, behind, power)
    own = power is not None and power is _needed(past, step, act)
    if fault is None and power is not None and own and not organization.roles & usable_by(power):
        fault = f"organization {act.organization} had no role that makes the power {power.name} usable"
    return fault or _suspension_fault(past, step, act.organization) or _suspension_fault(past, step, behind)


def _needed(past: Past, step: Step, act: Act) -> Power | None:
    """The power; None where the account itself signs without one."""
    if type(act) in _POWER:
        own = isinstance(act, RotateAgentKeys) and step.entry.signer == _account(past, step)
        return None if own else _POWER[type(act)]
    shipment = past.shipment_before(step)
    if shipment is not None:
        return _needed_on(shipment, act)
    match act:
        case CosignCertificate():
            return Power.APPLY if 1 << act.role == Role.EXPORTER else Power.CERTIFY
        case RevokeCertificate():
            certificate = past.before(Certificate, step.entry.record, step)
            return Power.CERTIFY if certificate and certificate.end_user == act.organization else Power.VERIFY
        case WithdrawApplication():
            application = past.before(Application, step.entry.record, step)
            return Power.APPLY if application and application.exporter == act.organization else Power.RECORD
    return Power.CUSTODY


def _needed_on(shipment: Shipment, act: Act) -> Power:
    """By the relation to the shipment that is tried first."""
    number = act.organization
    match act:
        case DepartShipment() if number == shipment.exporter:
            return Power.SHIP
        case DepartShipment():
            return Power.CUSTODY if number == shipment.holder else Power.INSPECT
        case ReportLoss():
            return Power.CUSTODY if number in (shipment.holder, shipment.responsible) else Power.RECORD
        case ReportMovement() | ReportDelivery() | ReportDiscrepancy():
            return Power.CUSTODY if number in involved_in(shipment) else Power.RECORD
    return Power.CUSTODY


def involved_in(shipment: Shipment) -> set[int]:
    """The organizations whose shipment it is, in one way or another."""
    parts = (shipment.holder, shipment.responsible, shipment.offered_to, shipment.exporter, shipment.end_user)
    return set(parts) - {0}


def _standing_in(past: Past, step: Step, organization: Organization) -> tuple[int, Power | None]:
    """Whose agent the signer is: the organization's own, its sponsor's, a delegate's; and the power that it needs."""
    act, signer = step.act, step.entry.signer
    power = None if act is None else _needed(past, step, act)
    own = past.agent_before(organization.number, signer, step)
    if act is None or (own is not None and own.status == AgentStatus.ACTIVE):
        return organization.number, power
    sponsor = organization.sponsor
    if sponsor != organization.number and past.agent_before(sponsor, signer, step) is not None:
        # A departure without keys is the exporter's.
        absent = not organization.agents and (power is Power.SHIP or not isinstance(act, DepartShipment))
        if absent and act.KIND in BY_SPONSOR:
            return sponsor, Power.RECORD
        if not organization.admins and isinstance(act, _BY_REGISTRAR):
            return sponsor, Power.REGISTER
    mandate = mandate_of(past, step, organization)
    return (organization.number if mandate is None else mandate.delegate), power


def mandate_of(past: Past, step: Step, organization: Organization) -> Mandate | None:
    """The mandate under which a delegate's agent signed the act; None where there was none."""
    for mandate in organization.mandates:
        delegated = past.agent_before(mandate.delegate, step.entry.signer, step) is not None
        allowed = step.entry.kind in MANDATABLE and bool(mandate.kinds >> step.entry.kind & 1)
        if delegated and allowed and step.entry.time < mandate.until and not _is_void(past, step, mandate):
            return mandate
    return None


def _is_void(past: Past, step: Step, mandate: Mandate) -> bool:
    """Given before a recovery of the organization."""
    number = step.entry.organization
    given = [
        grant
        for grant in past.steps
        if isinstance(grant.act, GrantMandate)
        and (grant.act.organization, grant.act.delegate) == (number, mandate.delegate)
        and grant.entry.seq < step.entry.seq
    ]
    then = past.organization_before(number, given[-1]) if given else None
    now = past.organization_before(number, step)
    return then is None or now is None or then.recoveries != now.recoveries


def _agent_fault(past: Past, step: Step, organization: int, power: Power | None) -> str | None:
    agent = past.agent_before(organization, step.entry.signer, step)
    if agent is None:
        return f"its signer was no agent of organization {organization}"
    if agent.status != AgentStatus.ACTIVE:
        return f"its signer was an agent of organization {organization}, but {name_of(agent.status)}, not active"
    if power is not None and not agent.powers & power:
        return f"its signer had no power {power.name} in organization {organization}"
    return None


def _suspension_fault(past: Past, step: Step, number: int) -> str | None:
    organization = past.organization_before(number, step)
    active = organization is None or organization.status == OrganizationStatus.ACTIVE
    return None if active or step.entry.kind in WHILE_SUSPENDED else f"organization {number} was suspended"


def _account(past: Past, step: Step) -> bytes:
    agent = past.before(Agent, step.entry.record, step)
    return b"" if agent is None else agent.account


def _acceptance_fault(past: Past, step: Step) -> str | None:
    agent = past.before(Agent, step.entry.record, step)
    if agent is None or agent.account != step.entry.signer:
        return "its signer is not the account that was appointed"
    if agent.status != AgentStatus.PENDING:
        return f"the appointment was {name_of(agent.status)}, not pending"
    return None
