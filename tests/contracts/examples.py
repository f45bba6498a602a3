"""One act of every kind that the contracts would take on the stage: who signs, for whom, with what."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ledger.acts import custody, licensing, organizations
from ledger.acts.act import Act
from ledger.acts.custody import Draw
from ledger.acts.licensing import CertificateLine, LicenseLine, Party
from ledger.ids import ZERO32
from tests.scenario import CARRIER, DAY, DOCUMENT, EXPORTER, NAR, SHIP, TERMS, keys_of, salt_of

if TYPE_CHECKING:
    from tests.contracts.stage import Stage

HOUR = 3600
YEAR = 365 * DAY
Example = tuple[str, int, dict[str, Any]]
KEYS = {"ed25519": b"\1" * 32, "x25519": b"\2" * 32}
LINE = LicenseLine(unit=NAR, decimals=0, granted=10, drawn=0, unlimited=False, certificate=ZERO32, certificate_line=0)
CERTIFIED = CertificateLine(unit=NAR, decimals=0, quantity=10)


def window(stage: "Stage") -> dict[str, int]:
    return {"valid_from": stage.trade.time, "valid_until": stage.trade.time + YEAR}


def certificate_terms(stage: "Stage") -> dict[str, Any]:
    parties = {"exporter": stage.trade.exporter, "end_user": stage.trade.end_user, "authority": stage.trade.authority}
    return window(stage) | parties | {"document": DOCUMENT, "lines": (CERTIFIED,)}


def license_terms(stage: "Stage") -> dict[str, Any]:
    parties = (Party(organization=stage.trade.end_user, role=6),)
    return window(stage) | {"kind": 1, "document": DOCUMENT, "parties": parties, "lines": (LINE,)}


def fact(stage: "Stage", shipment: bytes) -> dict[str, Any]:
    return {"record": shipment, "occurred_at": stage.trade.time - HOUR // 2, "document": DOCUMENT}


def accepted_goods(stage: "Stage") -> dict[str, Any]:
    seal = {"seal": salt_of("seal"), "seal_state": 1, "reservation": False}
    return fact(stage, stage.offered) | seal | {"counted": (4,)}


EXAMPLES: "dict[type[Act], Callable[[Stage], Example]]" = {
    organizations.RegisterOrganization: lambda _: ("registrar", 1, {"roles": EXPORTER, "profile": salt_of("new")}),
    organizations.RecordParty: lambda _: ("recorder", 1, {"roles": CARRIER, "profile": salt_of("new")}),
    organizations.AppointAgent: lambda _: (
        "export admin",
        2,
        {"account": keys_of("new clerk").address, "powers": SHIP},
    ),
    organizations.AcceptAppointment: lambda s: ("trainee", 2, {"record": s.pending} | KEYS),
    organizations.ConfirmAppointment: lambda s: ("second admin", 1, {"record": s.accepted}),
    organizations.DismissAgent: lambda s: (
        "export admin",
        2,
        {"record": s.active, "reason": 1, "compromised_since": 0},
    ),
    organizations.AdoptPolicy: lambda s: (
        "registrar",
        1,
        {"kind": 1, "replaces": s.trade.policy, "terms": TERMS, "control_list": salt_of("list")},
    ),
    licensing.SignCertificate: lambda s: ("official", 6, certificate_terms(s)),
    licensing.RecordCertificate: lambda s: ("clerk", 2, certificate_terms(s)),
    licensing.VerifyCertificate: lambda s: ("recorder", 1, {"record": s.paper, "method": 1, "document": DOCUMENT}),
    licensing.RevokeCertificate: lambda s: ("official", 6, {"record": s.certificate, "reason": 1}),
    licensing.ApplyForLicense: lambda s: ("clerk", 2, license_terms(s) | {"authority": 1}),
    licensing.AssessApplication: lambda s: (
        "assessor",
        1,
        {"record": s.submitted, "recommendation": 1, "document": DOCUMENT},
    ),
    licensing.RefuseApplication: lambda s: ("issuer", 1, {"record": s.assessed, "document": DOCUMENT}),
    licensing.RecordLicense: lambda s: (
        "recorder",
        1,
        license_terms(s) | {"exporter": 2, "control": 3, "drawn_share": 0},
    ),
    licensing.IssueLicense: lambda s: (
        "issuer",
        1,
        window(s)
        | {"application": s.assessed, "policy": s.trade.policy, "document": DOCUMENT}
        | {"assessed_head": s.trade.head(s.assessed, licensing.ApplyForLicense)},
    ),
    licensing.SuspendLicense: lambda s: ("enforcer", 1, {"record": s.license, "reason": 1}),
    licensing.ReinstateLicense: lambda s: ("second enforcer", 1, {"record": s.suspended, "reason": 1}),
    custody.RegisterShipment: lambda s: (
        "clerk",
        2,
        {"license": s.license, "end_user": 6, "share": 1, "waybill": ZERO32, "document": DOCUMENT}
        | {"draws": (Draw(line=0, quantity=1),)},
    ),
    custody.CancelShipment: lambda s: ("clerk", 2, {"record": s.registered}),
    custody.ClearShipment: lambda s: ("customs officer", 5, fact(s, s.registered)),
    custody.DepartShipment: lambda s: ("clerk", 2, fact(s, s.cleared)),
    custody.OfferHandoff: lambda s: (
        "clerk",
        2,
        {"record": s.departed, "occurred_at": s.trade.time, "to": 3, "seal": salt_of("seal")},
    ),
    custody.WithdrawOffer: lambda s: ("clerk", 2, {"record": s.offered}),
    custody.AcceptHandoff: lambda s: ("forwarder clerk", 3, accepted_goods(s)),
    custody.RefuseHandoff: lambda s: ("forwarder clerk", 3, {"record": s.offered, "reason": 1}),
    custody.ConfirmDelivery: lambda s: ("storekeeper", 6, fact(s, s.arrived) | {"counted": (4,)}),
    custody.HoldShipment: lambda s: ("customs officer", 5, {"record": s.registered, "reason": 1}),
    custody.ResumeShipment: lambda s: ("customs officer", 5, {"record": s.held, "hold_of": 5}),
    custody.ReportMovement: lambda s: (
        "clerk",
        2,
        fact(s, s.departed) | {"movement": 1, "to": 3, "counted": (4,)},
    ),
    custody.ReportDelivery: lambda s: ("clerk", 2, fact(s, s.departed) | {"counted": (4,)}),
    custody.ConfirmReport: lambda s: (
        "forwarder clerk",
        3,
        {"record": s.reported, "report_head": s.report.record_head},
    ),
    custody.AddStatement: lambda s: (
        "clerk",
        2,
        {"record": s.departed, "subject": ZERO32, "kind": 1, "document": DOCUMENT},
    ),
}
