"""A trade in the middle of its business: a record in every status that an act can start from.

`Stage` holds the records, `example` the one act of each kind that the contracts would take there.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ledger.acts.act import Act
from ledger.acts.applications import RefuseApplication, ReturnApplication, WithdrawApplication
from ledger.acts.certificates import RevokeCertificate
from ledger.acts.manifests import CancelShipment
from ledger.acts.orders import SeizeShipment, SuspendLicense
from ledger.acts.organizations import AppointAgent, DismissAgent, GrantMandate, SuspendOrganization
from ledger.journal.entries import Entry
from tests.contracts.examples import EXAMPLES, HOUR, YEAR
from tests.scenario import ADMIN, APPLY, ASSESS, CARRIER, DOCUMENT, EXPORTER, SHIP, Trade, keys_of

SHIPPED = ("cleared", "departed", "delivered", "arrived")
ENDED = ("returned", "seized")


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Records by status. Every shipment draws one line of `license`, or of `second`; its end-user is the trade's."""

    trade: Trade
    heir: int
    """Another exporter of the authority."""
    barred: int
    """A carrier that the authority has suspended."""
    certificate: bytes
    """Grade A."""
    paper: bytes
    """A certificate of grade R."""
    revoked: bytes
    corrected: bytes
    """A certificate that another one supersedes."""
    submitted: bytes
    sent_back: bytes
    withdrawn: bytes
    assessed: bytes
    succeeding: bytes
    """An assessed application that continues `bare`."""
    granted: bytes
    refused: bytes
    license: bytes
    """50 and 50, for a year; quantity and value are bound."""
    second: bytes
    """A license for 50."""
    bare: bytes
    """A license for 10 without a certificate."""
    suspended: bytes
    """A license that the enforcer has suspended."""
    pending: bytes
    """An agent of the exporter: the trainee."""
    accepted: bytes
    """An agent of the authority: the new assessor."""
    active: bytes
    """An agent of the exporter: the clerk."""
    dismissed: bytes
    """An agent of the exporter: the leaver."""
    registered: bytes
    cleared: bytes
    departed: bytes
    """The exporter holds it."""
    delivered: bytes
    cancelled: bytes
    returned: bytes
    seized: bytes
    """By customs."""
    offered: bytes
    """The exporter offers it to the forwarder."""
    arrived: bytes
    """The end-user holds it."""
    held: bytes
    """Customs holds it up."""
    reported: bytes
    """By the exporter, as handed to the forwarder."""
    irregular: bytes
    """The authority's recorder alone reported a handoff to the forwarder."""
    report: Entry

    def example(self, kind: type[Act]) -> tuple[str, int, dict[str, Any]]:
        """Who signs, for whom, and the members of an act of the kind that would be taken."""
        return EXAMPLES[kind](self)

    def build(self, kind: type[Act], **changed: Any) -> tuple[Act, str]:
        """An act that would be taken, with some members changed, and who signs it."""
        person, organization, values = self.example(kind)
        return self.trade.build(kind, organization, **(values | changed)), person


def set_stage(folder: Path) -> Stage:
    """Builds the stage on a chain of its own."""
    trade = Trade(folder)
    houses = _houses(trade)
    agents = _agents(trade)
    papers = _papers(trade)
    shipments = _shipments(trade, papers["license"]) | _ended(trade, papers["second"])
    trade.advance(HOUR)  # so that the next block's time is the clock's
    return Stage(trade=trade, **houses, **agents, **papers, **shipments)


def _houses(trade: Trade) -> dict[str, int]:
    """Two more organizations; the stranger gets a second admin, the carrier a mandate of the exporter."""
    heir = trade.register("heir", EXPORTER, {"heir admin": ADMIN, "heir clerk": APPLY | SHIP})
    barred = trade.register("barred", CARRIER, {"barred admin": ADMIN})
    suspended = trade.organization(barred)
    trade.act(SuspendOrganization, "enforcer", trade.authority, record=suspended, reason=1)
    trade.appoint("stranger admin", trade.stranger, "second stranger admin", ADMIN)
    mandate = {"delegate": trade.carrier, "until": trade.time + YEAR, "kinds": (85,)}
    trade.act(GrantMandate, "export admin", trade.exporter, record=trade.organization(trade.exporter), **mandate)
    return {"heir": heir, "barred": barred}


def _agents(trade: Trade) -> dict[str, bytes]:
    def appointed(by: str, organization: int, person: str, powers: int) -> bytes:
        return trade.act(AppointAgent, by, organization, account=keys_of(person).address, powers=powers).record

    found = {
        "pending": appointed("export admin", trade.exporter, "trainee", SHIP),
        "accepted": appointed("admin", trade.authority, "new assessor", ASSESS),
        "dismissed": appointed("export admin", trade.exporter, "leaver", SHIP),
        "active": trade.agent(trade.exporter, "clerk"),
    }
    trade.accept("new assessor", trade.authority)
    trade.accept("leaver", trade.exporter)
    trade.act(DismissAgent, "export admin", trade.exporter, record=found["dismissed"], reason=1, compromised_since=0)
    return found


def _papers(trade: Trade) -> dict[str, bytes]:
    certificate = trade.certificate(100, 100)
    revoked = trade.certificate(5)
    trade.act(RevokeCertificate, "official", trade.end_user, record=revoked, reason=1)
    corrected = trade.paper_certificate(5)
    trade.paper_certificate(6, supersedes=corrected)
    submitted, assessed, refused, sent_back, withdrawn = (trade.apply(10) for _ in range(5))
    granted = trade.apply(50, 50, certificate=certificate)
    for application in (assessed, refused, granted):
        trade.assess(application)
    trade.act(RefuseApplication, "issuer", trade.authority, record=refused, document=b"\1" * 32)
    trade.act(ReturnApplication, "assessor", trade.authority, record=sent_back, document=DOCUMENT)
    trade.act(WithdrawApplication, "clerk", trade.exporter, record=withdrawn)
    return {
        "certificate": certificate,
        "paper": trade.paper_certificate(5),
        "revoked": revoked,
        "corrected": corrected,
        "submitted": submitted,
        "sent_back": sent_back,
        "withdrawn": withdrawn,
        "assessed": assessed,
        "granted": granted,
        "refused": refused,
        "license": trade.issue(granted),
        **_licenses(trade),
    }


def _licenses(trade: Trade) -> dict[str, bytes]:
    """Three more licenses, and an application to supersede one of them."""
    suspended = trade.license(10)
    trade.act(SuspendLicense, "enforcer", trade.authority, record=suspended, reason=1)
    bare = trade.license(10, certified=False)
    succeeding = trade.apply(10, continues=bare)
    trade.assess(succeeding)
    return {"suspended": suspended, "second": trade.license(50), "bare": bare, "succeeding": succeeding}


def _shipments(trade: Trade, drawn_on: bytes) -> dict[str, Any]:
    names = [*SHIPPED, "cancelled", "offered", "held", "reported", "registered"]
    found: dict[str, Any] = {name: trade.ship(drawn_on, 4, share=10_000_000) for name in names}
    for name in SHIPPED:
        trade.clear(found[name])
    for name in ("departed", "delivered", "arrived"):
        trade.depart(found[name])
    for name in ("delivered", "arrived"):
        trade.offer(found[name], "clerk", trade.exporter, trade.end_user)
        trade.accept_goods(found[name], "storekeeper", trade.end_user, 4)
    trade.confirm_delivery(found["delivered"], 4)
    trade.act(CancelShipment, "clerk", trade.exporter, record=found["cancelled"])
    trade.offer(found["offered"], "clerk", trade.exporter, trade.forwarder)
    trade.hold(found["held"])
    found["report"] = trade.report_movement(found["reported"], "clerk", trade.exporter, 4, to=trade.forwarder)
    return found


def _ended(trade: Trade, drawn_on: bytes) -> dict[str, bytes]:
    """What came back, what customs took, and what the authority alone saw."""
    found = {name: trade.ship(drawn_on, 4, share=10_000_000) for name in (*ENDED, "irregular")}
    for name in ENDED:
        trade.clear(found[name])
        trade.depart(found[name])
    trade.offer(found["returned"], "clerk", trade.exporter, trade.forwarder)
    trade.accept_goods(found["returned"], "forwarder clerk", trade.forwarder, 4)
    trade.offer(found["returned"], "forwarder clerk", trade.forwarder, trade.exporter)
    trade.accept_goods(found["returned"], "clerk", trade.exporter, 4)
    seizing = {"record": found["seized"], "reason": 1, "document": DOCUMENT}
    trade.act(SeizeShipment, "customs officer", trade.customs, **seizing)
    trade.report_movement(found["irregular"], "recorder", trade.authority, 4, to=trade.forwarder)
    return found
