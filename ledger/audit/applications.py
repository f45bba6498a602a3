"""Kinds 50 to 56: what an exporter asks for, and who assesses it (RULES.md, section 4)."""

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
from ledger.audit.authority import require_known
from ledger.audit.case import Case, Row
from ledger.audit.codes import ApplicationStatus, Control, Power, Role, bits
from ledger.audit.heads import granting
from ledger.audit.refusals import require, require_between, require_commitment
from ledger.audit.requests import Request, check_request, lines_of, named_certificates
from ledger.audit.state import Application, Certificate

ASSESSED = bits(ApplicationStatus.ASSESSED)
OPEN = bits(ApplicationStatus.SUBMITTED, ApplicationStatus.RETURNED, ApplicationStatus.ASSESSED)


def by_its_exporter(case: Case[Act]) -> int:
    """The exporter that applied."""
    exporter = case.the(Application).exporter
    require(case.act.organization == exporter, "WrongOrganization", case.act.organization, exporter)
    return 0


def by_who_asked(case: Case[WithdrawApplication]) -> int:
    """52: its exporter, APPLY; of a recorded one its authority, RECORD."""
    application, named = case.the(Application), case.act.organization
    if not application.recorded:
        return by_its_exporter(case)
    require(named == application.authority, "WrongOrganization", named, application.authority)
    return 1


def by_its_authority(case: Case[Act]) -> int:
    """The authority that was asked."""
    within = case.act.organization == case.the(Application).authority
    require(within, "OutsideJurisdiction", case.act.organization, case.act.record)
    return 0


def no_admin(case: Case[RecordLicense]) -> None:
    """56: the signer counts as assessor, so it is no admin."""
    require(not case.powers & Power.ADMIN, "SignerIsAdmin", case.signer, case.powers)


def check_uninvolved(case: Case[Act], application: Application) -> None:
    """On an appeal: an agent that neither assessed nor refused the application it names."""
    before = case.state.find(Application, application.continues)
    involved = before is not None and case.agent in (before.assessor, before.decider)
    require(not involved, "FourEyes", case.agent, application.continues)


def check_not_recorded(case: Case[Act]) -> None:
    """51, 53."""
    require(not case.the(Application).recorded, "RecordedApplication", case.act.record)


def check_apply(case: Case[ApplyForLicense]) -> None:
    """50: the authority is the exporter's sponsor; then the request."""
    act = case.act
    sponsor = case.state.sponsor(act.organization)
    require(act.authority == sponsor, "OutsideJurisdiction", act.authority, act.record)
    asked = Request(kind=act.kind, exporter=act.organization, authority=act.authority, continues=act.continues)
    check_request(case, asked)


def apply(case: Case[ApplyForLicense]) -> None:
    """50: submitted; each certificate is used and noted."""
    act = case.act
    asked = Application(
        record=act.record,
        exporter=act.organization,
        authority=act.authority,
        kind=act.kind,
        continues=act.continues,
        recorded=False,
        control=0,
        drawn_share=0,
    )
    case.state.records.put(act.record, asked)
    _write(case)


def check_amend(case: Case[AmendApplication]) -> None:
    """51: not recorded; terms, parties and lines as 50."""
    check_not_recorded(case)
    before = case.the(Application)
    asked = Request(kind=before.kind, exporter=before.exporter, authority=before.authority, continues=before.continues)
    check_request(case, asked)


def amend(case: Case[AmendApplication]) -> None:
    """51: voids the assessment."""
    case.draft(Application).assessor = 0
    _write(case)


def check_return(case: Case[ReturnApplication]) -> None:
    """53: not recorded; document."""
    check_not_recorded(case)
    require_commitment("document", case.act.document)


def send_back(case: Case[ReturnApplication]) -> None:
    """53: voids the assessment."""
    case.draft(Application).assessor = 0


def check_assess(case: Case[AssessApplication]) -> None:
    """54: uninvolved; recommendation; document."""
    check_uninvolved(case, case.the(Application))
    require_between("recommendation", case.act.recommendation, 1, 2)
    require_commitment("document", case.act.document)


def assess(case: Case[AssessApplication]) -> None:
    """54."""
    case.draft(Application).assessor = case.agent


def check_refuse(case: Case[RefuseApplication]) -> None:
    """55: not the assessor; uninvolved; document."""
    application = case.the(Application)
    require(case.agent != application.assessor, "FourEyes", case.agent, application.record)
    check_uninvolved(case, application)
    require_commitment("document", case.act.document)


def refuse_application(case: Case[RefuseApplication]) -> None:
    """55."""
    case.draft(Application).decider = case.agent


def check_record(case: Case[RecordLicense]) -> None:
    """56: the exporter is the authority's and has its role; control; then as 50, with what was drawn before."""
    act, state = case.act, case.state
    require_known(state, act.exporter)
    within = state.sponsor(act.exporter) == act.organization
    require(within, "OutsideJurisdiction", act.organization, act.record)
    roles = state.roles(act.exporter)
    require(bool(roles & Role.EXPORTER), "RoleMissing", act.exporter, roles, Role.EXPORTER)
    require_between("control", act.control, Control.QUANTITY, Control.OPEN)
    check_request(case, Request(kind=act.kind, exporter=act.exporter, authority=act.organization, continues=None))


def record(case: Case[RecordLicense]) -> None:
    """56: assessed, recorded; the signer counts as assessor."""
    act = case.act
    asked = Application(
        record=act.record,
        exporter=act.exporter,
        authority=act.organization,
        kind=act.kind,
        continues=bytes(32),
        recorded=True,
        control=act.control,
        drawn_share=act.drawn_share,
        assessor=case.agent,
    )
    case.state.records.put(act.record, asked)
    _write(case)


def _write(case: Case[ApplyForLicense] | Case[AmendApplication] | Case[RecordLicense]) -> None:
    """Parties and lines as asked for; each certificate is used from now on, and noted."""
    application = case.draft(Application)
    application.parties = frozenset((party.organization, party.role) for party in case.act.parties)
    application.lines = lines_of(case.state, case.act.lines)
    for certificate in named_certificates(case.state, case.act.lines):
        case.state.draft(Certificate, certificate.record).used = True
        case.touch(certificate.record, granting(case.act.record, ()))


ROWS = (
    Row(
        act=ApplyForLicense,
        record=Application,
        powers=(Power.APPLY,),
        to=ApplicationStatus.SUBMITTED,
        checks=check_apply,
        effects=apply,
    ),
    Row(
        act=AmendApplication,
        record=Application,
        powers=(Power.APPLY,),
        allowed=OPEN,
        to=ApplicationStatus.SUBMITTED,
        relation=by_its_exporter,
        checks=check_amend,
        effects=amend,
    ),
    Row(
        act=WithdrawApplication,
        record=Application,
        powers=(Power.APPLY, Power.RECORD),
        allowed=OPEN,
        to=ApplicationStatus.WITHDRAWN,
        relation=by_who_asked,
    ),
    Row(
        act=ReturnApplication,
        record=Application,
        powers=(Power.ASSESS,),
        allowed=bits(ApplicationStatus.SUBMITTED, ApplicationStatus.ASSESSED),
        to=ApplicationStatus.RETURNED,
        relation=by_its_authority,
        checks=check_return,
        effects=send_back,
    ),
    Row(
        act=AssessApplication,
        record=Application,
        powers=(Power.ASSESS,),
        allowed=bits(ApplicationStatus.SUBMITTED),
        to=ApplicationStatus.ASSESSED,
        relation=by_its_authority,
        checks=check_assess,
        effects=assess,
    ),
    Row(
        act=RefuseApplication,
        record=Application,
        powers=(Power.DECIDE,),
        allowed=ASSESSED,
        to=ApplicationStatus.REFUSED,
        relation=by_its_authority,
        checks=check_refuse,
        effects=refuse_application,
    ),
    Row(
        act=RecordLicense,
        record=Application,
        powers=(Power.RECORD,),
        to=ApplicationStatus.ASSESSED,
        signed=no_admin,
        checks=check_record,
        effects=record,
    ),
)
