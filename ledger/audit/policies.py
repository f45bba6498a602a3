"""Kind 30: what an authority asks of exports under one kind of license (RULES.md, section 2)."""

from ledger.acts.act import RecordKind
from ledger.acts.organizations import AdoptPolicy, Terms
from ledger.audit.case import Case, Row
from ledger.audit.codes import WHOLE, CertificateGrade, Control, Grade, LicenseKind, PolicyStatus, Power, Role
from ledger.audit.refusals import require, require_between, require_commitment
from ledger.audit.state import Policy

SIGNERS = Role.EXPORTER | Role.CONSIGNEE | Role.AUTHORITY
MOST_HOURS = 8760
"""A year."""
MOST_DAYS = 36_500
"""A century."""


def check_adopt(case: Case[AdoptPolicy]) -> None:
    """30: control list; kind; terms; replaces the current policy of this authority and kind."""
    act = case.act
    require_commitment("controlList", act.control_list)
    require_between("kind", act.kind, 1, LicenseKind.LAST)
    _check_terms(act.terms)
    current = case.state.policies.get((act.organization, act.kind)) or 0
    require(act.replaces == current, "PolicyNotCurrent", act.replaces, current)


def _check_terms(terms: Terms) -> None:
    require_between("certificateGrade", terms.certificate_grade, 0, CertificateGrade.SIGNED)
    require_between("lowestCustodyGrade", terms.lowest_custody_grade, Grade.ONE_SIDED, Grade.FULL)
    strange = terms.certificate_signers & ~SIGNERS
    require(not strange, "OutOfRange", "certificateSigners", terms.certificate_signers, 0, SIGNERS)
    require_between("firstUseDays", terms.first_use_days, 0, MOST_DAYS)
    require_between("lastUseDays", terms.last_use_days, 0, MOST_DAYS)
    require_between("exemptRoles", terms.exempt_roles, 0, Role.ALL)
    require_between("control", terms.control, Control.QUANTITY, Control.OPEN)
    require_between("valueTolerance", terms.value_tolerance, 0, WHOLE)
    require_between("quantityTolerance", terms.quantity_tolerance, 0, WHOLE)
    require_between("countTolerance", terms.count_tolerance, 0, WHOLE)
    require_between("handoffHours", terms.handoff_hours, 1, MOST_HOURS)
    require_between("latenessHours", terms.lateness_hours, 1, MOST_HOURS)
    require_between("suspensionHours", terms.suspension_hours, 1, MOST_HOURS)


def adopt(case: Case[AdoptPolicy]) -> None:
    """30."""
    act, state = case.act, case.state
    number = state.next_number(RecordKind.POLICY)
    state.numbered.put((RecordKind.POLICY, number), act.record)
    state.policies.put((act.organization, act.kind), number)
    adopted = Policy(record=act.record, number=number, authority=act.organization, kind=act.kind, terms=act.terms)
    state.records.put(act.record, adopted)


ROWS = (
    Row(
        act=AdoptPolicy,
        record=Policy,
        powers=(Power.POLICY,),
        to=PolicyStatus.ADOPTED,
        checks=check_adopt,
        effects=adopt,
    ),
)
