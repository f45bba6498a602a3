"""Records: a list for each kind with its filters, one record, its history."""

from typing import Annotated

from fastapi import APIRouter, Query

from api import queries
from api.answers import Entry, Known, One, OneOfAny, Overdue, Page
from api.asking import any_record, history, known, listed, moment, one, one_license, one_shipment, organizations
from api.parsing import Ledger, RecordPath
from api.problems import errors
from api.reading import Seen
from api.records import Agent, Application, Certificate, License, Organization, Policy, Shipment
from ledger.acts.act import RecordKind
from ledger.ids import Time
from ledger.read_model import filters
from ledger.records import states

router = APIRouter(prefix="/v1", tags=["records"])
LISTED = errors(401, 422, 503)
FOUND = errors(401, 404, 422, 503)


@router.get("/organizations", responses=LISTED)
def list_organizations(
    asked: Annotated[queries.Organizations, Query()], ledger: Ledger, seen: Seen
) -> Page[Organization]:
    """Organizations in order of registration."""
    return organizations(asked, ledger, seen)


@router.get("/organizations/{record}", responses=FOUND)
def get_organization(record: RecordPath, ledger: Ledger, seen: Seen) -> One[Organization]:
    """One organization."""
    return one(Organization, states.Organization, record, ledger=ledger, seen=seen)


@router.get("/agents", responses=LISTED)
def list_agents(asked: Annotated[queries.Agents, Query()], ledger: Ledger, seen: Seen) -> Page[Agent]:
    """Agents in order of appointment."""
    seen.require("directory")
    wanted = asked.wanted(filters.AgentFilter)
    return listed(Agent, ledger.read_model.agents(wanted, limit=asked.limit, after=asked.after))


@router.get("/agents/{record}", responses=FOUND)
def get_agent(record: RecordPath, ledger: Ledger, seen: Seen) -> One[Agent]:
    """One agent."""
    return one(Agent, states.Agent, record, ledger=ledger, seen=seen)


@router.get("/policies", responses=LISTED)
def list_policies(asked: Annotated[queries.Policies, Query()], ledger: Ledger, seen: Seen) -> Page[Policy]:
    """Policies in order of adoption; of one organization and kind the last is the current one."""
    seen.require("directory")
    wanted = asked.wanted(filters.PolicyFilter)
    return listed(Policy, ledger.read_model.policies(wanted, limit=asked.limit, after=asked.after))


@router.get("/policies/{record}", responses=FOUND)
def get_policy(record: RecordPath, ledger: Ledger, seen: Seen) -> One[Policy]:
    """One policy."""
    return one(Policy, states.Policy, record, ledger=ledger, seen=seen)


@router.get("/certificates", responses=LISTED)
def list_certificates(asked: Annotated[queries.Certificates, Query()], ledger: Ledger, seen: Seen) -> Page[Certificate]:
    """End-use certificates in order of entry."""
    wanted = asked.wanted(filters.CertificateFilter)
    scope = seen.of(RecordKind.CERTIFICATE)
    page = ledger.read_model.certificates(wanted, limit=asked.limit, after=asked.after, seen=scope)
    return listed(Certificate, page)


@router.get("/certificates/{record}", responses=FOUND)
def get_certificate(record: RecordPath, ledger: Ledger, seen: Seen) -> One[Certificate]:
    """One end-use certificate."""
    return one(Certificate, states.Certificate, record, ledger=ledger, seen=seen)


@router.get("/applications", responses=LISTED)
def list_applications(asked: Annotated[queries.Applications, Query()], ledger: Ledger, seen: Seen) -> Page[Application]:
    """Applications in order of entry."""
    wanted = asked.wanted(filters.ApplicationFilter)
    scope = seen.of(RecordKind.APPLICATION)
    page = ledger.read_model.applications(wanted, limit=asked.limit, after=asked.after, seen=scope)
    return listed(Application, page)


@router.get("/applications/{record}", responses=FOUND)
def get_application(record: RecordPath, ledger: Ledger, seen: Seen) -> One[Application]:
    """One application."""
    return one(Application, states.Application, record, ledger=ledger, seen=seen)


@router.get("/licenses", responses=LISTED)
def list_licenses(asked: Annotated[queries.Licenses, Query()], ledger: Ledger, seen: Seen) -> Page[License]:
    """Licenses in order of issue, each with what is left of it."""
    wanted, at = asked.wanted(filters.LicenseFilter), Time(asked.at) if asked.at is not None else moment(ledger)
    scope = seen.of(RecordKind.LICENSE)
    page = ledger.read_model.licenses(wanted, at=at, limit=asked.limit, after=asked.after, seen=scope)
    return listed(License, page)


@router.get("/licenses/{record}", responses=FOUND)
def get_license(record: RecordPath, ledger: Ledger, seen: Seen) -> One[License]:
    """One license, with what is left of it."""
    return one_license(record, ledger, seen)


@router.get("/shipments", responses=LISTED)
def list_shipments(asked: Annotated[queries.Shipments, Query()], ledger: Ledger, seen: Seen) -> Page[Shipment]:
    """Shipments in order of registration."""
    wanted = asked.wanted(filters.ShipmentFilter)
    scope = seen.of(RecordKind.SHIPMENT)
    page = ledger.read_model.shipments(wanted, limit=asked.limit, after=asked.after, seen=scope)
    return listed(Shipment, page)


@router.get("/shipments/{record}", responses=FOUND)
def get_shipment(record: RecordPath, ledger: Ledger, seen: Seen) -> One[Shipment]:
    """One shipment."""
    return one_shipment(record, ledger, seen)


@router.get("/overdue", responses=LISTED)
def list_overdue(asked: Annotated[queries.Overdue, Query()], ledger: Ledger, seen: Seen) -> Page[Overdue]:
    """Shipments with goods out under a temporary license after its returnBy, in order of registration."""
    wanted, at = asked.wanted(filters.ShipmentFilter), Time(asked.at) if asked.at is not None else moment(ledger)
    scope = seen.of(RecordKind.SHIPMENT)
    page = ledger.read_model.overdue(wanted, at=at, limit=asked.limit, after=asked.after, seen=scope)
    return listed(Overdue, page)


@router.get("/records/{record}", responses=FOUND)
def get_record(record: RecordPath, ledger: Ledger, seen: Seen) -> OneOfAny:
    """One record of any kind; `recordKind` says which."""
    return any_record(record, ledger, seen)


@router.get("/known/{record}", responses=errors(422, 503))
def get_known(record: RecordPath, ledger: Ledger) -> Known:
    """Whether a record of that id exists: all that a stranger learns of it."""
    return known(record, ledger)


@router.get("/records/{record}/history", responses=FOUND | errors(403))
def get_history(
    record: RecordPath, asked: Annotated[queries.Slice, Query()], ledger: Ledger, seen: Seen
) -> Page[Entry]:
    """The entries that moved the record or left a note on it, oldest first."""
    return history(record, asked, ledger=ledger, seen=seen)
