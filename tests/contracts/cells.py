"""A record in every status of its kind, and for every act what must be there so that only the status decides.

`gallery` holds the records; `bring` gives who signs an act, for whom, its members and the record that it meets.
"""

from collections.abc import Callable, Mapping
from typing import Any

from ledger.acts import custody, licensing, manifests, orders, organizations, reports
from ledger.acts.act import Act, RecordKind
from ledger.acts.certificates import VerifyCertificate
from tests.contracts.examples import granting
from tests.contracts.stage import Stage
from tests.scenario import DOCUMENT, salt_of

STATUSES: Mapping[RecordKind, Mapping[str, int]] = {
    kind: {name: number for number, name in enumerate(names.split(), start=1)}
    for kind, names in {
        RecordKind.ORGANIZATION: "active suspended",
        RecordKind.AGENT: "pending accepted active dismissed",
        RecordKind.POLICY: "adopted",
        RecordKind.CERTIFICATE: "valid superseded revoked",
        RecordKind.APPLICATION: "submitted returned assessed granted refused withdrawn",
        RecordKind.LICENSE: "issued suspended revoked surrendered superseded",
        RecordKind.SHIPMENT: "registered cleared departed delivered cancelled split returned lost seized",
    }.items()
}
Values = dict[str, Any]
Records = dict[RecordKind, dict[str, bytes]]
WHY = {"reason": 1}
SEAL = {"seal": salt_of("seal"), "seal_state": 1, "reservation": False}
HOLDERS = {1: "inspector", 2: "clerk", 3: "forwarder clerk", 5: "customs officer", 6: "storekeeper"}


def gallery(stage: Stage) -> Records:
    """A record in every status; the licenses have no certificates, the shipments one line of 4."""
    trade = stage.trade
    adopted = next(entry.record for entry in trade.entries if entry.kind == organizations.AdoptPolicy.KIND)
    named = {
        RecordKind.ORGANIZATION: {"active": trade.organization(trade.stranger)},
        RecordKind.AGENT: {status: getattr(stage, status) for status in STATUSES[RecordKind.AGENT]},
        RecordKind.POLICY: {"adopted": adopted},
        RecordKind.CERTIFICATE: {"valid": stage.certificate, "superseded": stage.corrected, "revoked": stage.revoked},
        RecordKind.APPLICATION: {
            status: getattr(stage, {"returned": "sent_back"}.get(status, status))
            for status in STATUSES[RecordKind.APPLICATION]
        },
        RecordKind.LICENSE: _licenses(stage),
        RecordKind.SHIPMENT: _shipments(stage),
    }
    named[RecordKind.ORGANIZATION]["suspended"] = trade.organization(stage.barred)
    return named


def _licenses(stage: Stage) -> dict[str, bytes]:
    trade = stage.trade
    issued, suspended, revoked, surrendered, superseded = (trade.license(10, certified=False) for _ in range(5))
    trade.act(orders.SuspendLicense, "enforcer", 1, record=suspended, **WHY)
    for person in ("enforcer", "second enforcer"):
        trade.act(orders.RevokeLicense, person, 1, record=revoked, document=DOCUMENT, **WHY)
    trade.act(licensing.SurrenderLicense, "clerk", 2, record=surrendered)
    named = {"license": superseded} | granting(stage, _continuing(stage, superseded))
    trade.act(licensing.SupersedeLicense, "issuer", 1, **named)
    return dict(zip(STATUSES[RecordKind.LICENSE], (issued, suspended, revoked, surrendered, superseded), strict=True))


def _shipments(stage: Stage) -> dict[str, bytes]:
    on_stage = ("registered", "cleared", "departed", "delivered", "cancelled", "returned", "seized")
    found = {status: getattr(stage, status) for status in on_stage}
    for end in ("split", "lost"):
        found[end] = stage.trade.ship(stage.license, 4, share=10_000_000)
        _end(stage, found[end], end)
    return found


def _continuing(stage: Stage, record: bytes) -> bytes:
    """An assessed application to supersede the license."""
    application = stage.trade.apply(10, continues=record)
    stage.trade.assess(application)
    return application


def _end(stage: Stage, shipment: bytes, status: str) -> None:
    """Brings a shipment that is registered or cleared, whoever holds it, to a status."""
    trade = stage.trade
    holder = _holder(stage, shipment)
    if status == "cleared":
        trade.clear(shipment)
    elif status == "cancelled":
        trade.act(manifests.CancelShipment, "clerk", 2, record=shipment)
    elif status == "split":
        parts = {"shares": (4_000_000, 6_000_000), "quantities": (1, 3), "document": DOCUMENT}
        trade.act(manifests.SplitShipment, HOLDERS[holder], holder, record=shipment, **parts)
    elif status == "lost":
        trade.act(reports.ReportLoss, "recorder", 1, record=shipment, lost=(4,), document=DOCUMENT)
    elif status == "seized":
        trade.act(orders.SeizeShipment, "customs officer", 5, record=shipment, document=DOCUMENT, **WHY)
    elif status == "delivered":
        trade.report_delivery(shipment, "clerk", 2, 4)
    elif status in ("departed", "returned"):
        trade.report_movement(shipment, "clerk", 2, 4, movement=2)
        if status == "returned":
            trade.report_movement(shipment, "clerk", 2, 4, to=3)
            trade.report_movement(shipment, "forwarder clerk", 3, 4, to=2)


def _holder(stage: Stage, shipment: bytes) -> int:
    return int(stage.trade.view("Shipments", "shipmentOf", shipment).shipment.holder)


def _new(stage: Stage) -> bytes:
    return stage.trade.ship(stage.license, 4, share=10_000_000)


def bring(stage: Stage, act: type[Act], cell: tuple[str, str], record: bytes) -> tuple[str, int, Values, bytes]:
    """Who signs, for whom, the members, and the record whose status is asked.

    cell: the subject of the row and its status; record: the gallery's record in that status.
    """
    subject, status = cell
    person, organization, values = stage.example(act)
    if (act, subject) in SECONDS:
        named = SECONDS[act, subject](stage, record, status)
        return person, organization, values | named, record if subject == "application" else named["license"]
    changed = {"record": record} | CELL.get(act, _as_it_is)(stage, record, status)
    person, organization = changed.pop("by", (person, organization))
    values = values | changed
    if "occurred_at" in values:
        values["occurred_at"] = stage.trade.time
    return person, organization, values, values["record"]


def _as_it_is(*_: object) -> Values:
    return {}


def _its_admin(stage: Stage, record: bytes, _: str) -> Values:
    return {"by": ("second admin", 1) if record == stage.accepted else ("export admin", 2)}


def _itself(stage: Stage, record: bytes, status: str) -> Values:
    person = {"pending": "trainee", "accepted": "new assessor", "active": "clerk", "dismissed": "leaver"}[status]
    return {"by": (person, 1 if record == stage.accepted else 2)}


def _own(stage: Stage, _: bytes, status: str) -> Values:
    """The exporter, which has a mandate to end, or the carrier that is suspended."""
    if status == "active":
        return {"record": stage.trade.organization(2)}
    return {"by": ("barred admin", stage.barred)}


def _by_holder(stage: Stage, record: bytes, _: str) -> Values:
    holder = _holder(stage, record)
    return {"by": (HOLDERS[holder], holder)}


def _by_its_sponsor(stage: Stage, record: bytes, status: str) -> Values:
    return {} if status == "seized" else {"by": ("inspector", 1)}


def _offered(stage: Stage, record: bytes, status: str) -> Values:
    """With an offer where the status leaves one."""
    if status in ("cancelled", "lost"):
        record = _new(stage)
    if status in ("registered", "cleared", "departed", "cancelled", "lost"):
        stage.trade.offer(record, "clerk", 2, 3)
        if status in ("cancelled", "lost"):
            _end(stage, record, status)
    return {"record": record}


def _withdrawn(stage: Stage, record: bytes, status: str) -> Values:
    return (
        _offered(stage, record, status)
        if status in ("registered", "cleared", "departed")
        else _by_holder(stage, record, status)
    )


def _arrived(stage: Stage, record: bytes, status: str) -> Values:
    """In the end-user's hands where the status lets it."""
    if status in ("delivered", "cancelled", "returned", "seized"):
        return {}
    record = _new(stage)
    stage.trade.offer(record, "clerk", 2, 6)
    stage.trade.accept_goods(record, "storekeeper", 6, 4)
    _end(stage, record, status)
    return {"record": record}


def _held(stage: Stage, record: bytes, status: str) -> Values:
    if status == "split":
        return {}
    record = _new(stage)
    if status == "cleared":
        _end(stage, record, status)
    stage.trade.hold(record)
    if status != "cleared":
        _end(stage, record, status)
    return {"record": record}


def _reported(stage: Stage, record: bytes, status: str) -> Values:
    """With a report that the holder may confirm where the status lets it."""
    trade = stage.trade
    if status == "seized":
        return {"by": ("customs officer", 5)}
    record = _new(stage)
    report = trade.report_movement(record, "clerk", 2, 4, to=3)
    if status == "cancelled":
        report = trade.report_movement(record, "forwarder clerk", 3, 4, to=2)
    if status in ("departed", "returned"):
        _end(stage, record, "departed")
        report = trade.report_movement(record, "clerk", 2, 4, to=4)
    if status == "returned":
        report = trade.report_movement(record, "driver", 4, 4, to=2)
    elif status != "departed":
        _end(stage, record, status)
    if status == "delivered":
        report = trade.entries[-1]
    holder = _holder(stage, record)
    return {"record": record, "report_head": report.record_head, "by": ((HOLDERS | {4: "driver"})[holder], holder)}


def _irregular(stage: Stage, record: bytes, _: str) -> Values:
    stage.trade.report_movement(record, "recorder", 1, 4, to=3)
    return {"bits": stage.trade.view("Shipments", "shipmentOf", record).shipment.irregular}


def _credited(stage: Stage, record: bytes, status: str) -> Values:
    if status == "suspended":
        stage.trade.act(orders.SuspendLicense, "enforcer", 1, record=stage.second, **WHY)
    return {"record": stage.second} if status in ("issued", "suspended") else {}


def _by_the_other(stage: Stage, _: bytes, status: str) -> Values:
    return {"by": ("second enforcer", 1)}


CELL: Mapping[type[Act], Callable[[Stage, bytes, str], Values]] = {
    organizations.VoteAuthority: lambda _, __, status: {"motion": 1 if status == "active" else 3},
    organizations.RenameOrganization: _own,
    organizations.GrantMandate: _own,
    organizations.EndMandate: _own,
    organizations.AcceptAppointment: _itself,
    organizations.ConfirmAppointment: _its_admin,
    organizations.RotateAgentKeys: _its_admin,
    organizations.DismissAgent: _its_admin,
    VerifyCertificate: lambda stage, _, status: {"record": stage.paper} if status == "valid" else {},
    licensing.CreditReturn: _credited,
    orders.SuspendLicense: _by_the_other,
    custody.OfferHandoff: lambda stage, record, status: _by_holder(stage, record, status) | {"to": 4},
    custody.WithdrawOffer: _withdrawn,
    custody.AcceptHandoff: _offered,
    custody.RefuseHandoff: _offered,
    manifests.SplitShipment: _by_holder,
    reports.ConfirmDelivery: _arrived,
    orders.ResumeShipment: _held,
    orders.ReleaseSeizure: _by_its_sponsor,
    orders.Regularize: _irregular,
    reports.ConfirmReport: _reported,
    reports.ReportLoss: lambda *_: {"by": ("recorder", 1)},
}
"""What an act needs besides its example on the stage, `by` being who signs and for whom."""

SECONDS: Mapping[tuple[type[Act], str], Callable[[Stage, bytes, str], Values]] = {
    (licensing.IssueLicense, "application"): lambda stage, record, _: granting(stage, record),
    (licensing.SupersedeLicense, "application"): lambda stage, record, status: granting(
        stage, stage.succeeding if status == "assessed" else record
    ),
    (licensing.SupersedeLicense, "old license"): lambda stage, record, _: (
        {"license": record} | granting(stage, _continuing(stage, record))
    ),
}
