"""One act of every kind that the contracts would take on the stage: who signs, for whom, with what."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ledger.acts import applications, certificates, custody, licensing, manifests, orders, organizations, reports
from ledger.acts.act import Act
from ledger.acts.applications import LicenseLine, Party
from ledger.acts.certificates import CertificateLine
from ledger.acts.manifests import Adjustment, Draw
from ledger.ids import ZERO32
from tests.scenario import CARRIER, DAY, DOCUMENT, EXPORTER, NAR, SHIP, TERMS, keys_of, salt_of

if TYPE_CHECKING:
    from tests.contracts.stage import Stage

HOUR = 3600
YEAR = 365 * DAY
UNILATERAL = 1 << 7
Example = tuple[str, int, dict[str, Any]]
KEYS = {"ed25519": b"\1" * 32, "x25519": b"\2" * 32}
PAPER = {"document": DOCUMENT}
BACK = (Draw(line=0, quantity=4),)
WHY = {"reason": 1}
LINE = LicenseLine(unit=NAR, decimals=0, granted=10, drawn=0, unlimited=False, certificate=ZERO32, certificate_line=0)
CERTIFIED = CertificateLine(unit=NAR, decimals=0, quantity=10)
DRAWN = {"end_user": 6, "share": 1, "draws": (Draw(line=0, quantity=1),)} | PAPER


def window(stage: "Stage") -> dict[str, int]:
    return {"valid_from": stage.trade.time, "valid_until": stage.trade.time + YEAR}


def certificate_terms(stage: "Stage") -> dict[str, Any]:
    parties = {"exporter": stage.trade.exporter, "end_user": stage.trade.end_user, "authority": stage.trade.authority}
    return window(stage) | parties | PAPER | {"supersedes": ZERO32, "lines": (CERTIFIED,)}


def license_terms(stage: "Stage") -> dict[str, Any]:
    parties = (Party(organization=stage.trade.end_user, role=6),)
    return window(stage) | PAPER | {"kind": 1, "parties": parties, "lines": (LINE,)}


def amended_terms(stage: "Stage") -> dict[str, Any]:
    return {name: value for name, value in license_terms(stage).items() if name != "kind"}


def granting(stage: "Stage", application: bytes) -> dict[str, Any]:
    head = stage.trade.head(application, applications.ApplyForLicense)
    named = {"application": application, "assessed_head": head, "policy": stage.trade.policy, "return_by": 0}
    return window(stage) | named | PAPER


def fact(stage: "Stage", shipment: bytes) -> dict[str, Any]:
    return {"record": shipment, "occurred_at": stage.trade.time - HOUR // 2, "document": DOCUMENT}


def accepted_goods(stage: "Stage") -> dict[str, Any]:
    seal = {"seal": salt_of("seal"), "seal_state": 1, "reservation": False}
    return fact(stage, stage.offered) | seal | {"counted": (4,)}


def mandate(stage: "Stage") -> dict[str, Any]:
    return {"delegate": stage.trade.forwarder, "until": stage.trade.time + YEAR, "kinds": (80, 85)}


def on(stage: "Stage", number: int) -> dict[str, Any]:
    return {"record": stage.trade.organization(number)}


_DIRECTORY: "dict[type[Act], Callable[[Stage], Example]]" = {
    organizations.RegisterOrganization: lambda _: ("registrar", 1, {"roles": EXPORTER, "profile": salt_of("new")}),
    organizations.RecordParty: lambda _: ("recorder", 1, {"roles": CARRIER, "profile": salt_of("new")}),
    organizations.VoteAuthority: lambda s: ("admin", 1, on(s, s.trade.stranger) | {"motion": 1}),
    organizations.SuspendOrganization: lambda s: ("enforcer", 1, on(s, s.trade.stranger) | WHY),
    organizations.ReinstateOrganization: lambda s: ("enforcer", 1, on(s, s.barred) | WHY),
    organizations.RenameOrganization: lambda s: ("export admin", 2, on(s, 2) | {"profile": salt_of("new")}),
    organizations.GrantMandate: lambda s: ("export admin", 2, on(s, 2) | mandate(s)),
    organizations.EndMandate: lambda s: ("export admin", 2, on(s, 2) | {"delegate": s.trade.carrier}),
    organizations.RecoverOrganization: lambda s: ("registrar", 1, on(s, s.trade.stranger) | PAPER),
    organizations.AppointAgent: lambda _: (
        "export admin",
        2,
        {"account": keys_of("new clerk").address, "powers": SHIP},
    ),
    organizations.AcceptAppointment: lambda s: ("trainee", 2, {"record": s.pending} | KEYS),
    organizations.ConfirmAppointment: lambda s: ("second admin", 1, {"record": s.accepted}),
    organizations.RotateAgentKeys: lambda s: ("clerk", 2, {"record": s.active} | KEYS),
    organizations.DismissAgent: lambda s: ("export admin", 2, {"record": s.active, "compromised_since": 0} | WHY),
    organizations.AdoptPolicy: lambda s: (
        "registrar",
        1,
        {"kind": 1, "replaces": s.trade.policy, "terms": TERMS, "control_list": salt_of("list")},
    ),
}
_PAPERS: "dict[type[Act], Callable[[Stage], Example]]" = {
    certificates.SignCertificate: lambda s: ("official", 6, certificate_terms(s)),
    certificates.CosignCertificate: lambda s: ("clerk", 2, {"record": s.certificate, "role": 3} | PAPER),
    certificates.RecordCertificate: lambda s: ("clerk", 2, certificate_terms(s)),
    certificates.VerifyCertificate: lambda s: ("recorder", 1, {"record": s.paper, "method": 1} | PAPER),
    certificates.EndorseCertificate: lambda s: ("recorder", 1, {"record": s.certificate} | PAPER),
    certificates.RevokeCertificate: lambda s: ("official", 6, {"record": s.certificate} | WHY),
    applications.ApplyForLicense: lambda s: (
        "clerk",
        2,
        license_terms(s) | {"authority": 1, "continues": ZERO32},
    ),
    applications.AmendApplication: lambda s: ("clerk", 2, amended_terms(s) | {"record": s.submitted}),
    applications.WithdrawApplication: lambda s: ("clerk", 2, {"record": s.submitted}),
    applications.ReturnApplication: lambda s: ("assessor", 1, {"record": s.submitted} | PAPER),
    applications.AssessApplication: lambda s: ("assessor", 1, {"record": s.submitted, "recommendation": 1} | PAPER),
    applications.RefuseApplication: lambda s: ("issuer", 1, {"record": s.assessed} | PAPER),
    applications.RecordLicense: lambda s: (
        "recorder",
        1,
        license_terms(s) | {"exporter": 2, "control": 3, "drawn_share": 0},
    ),
    licensing.IssueLicense: lambda s: ("issuer", 1, granting(s, s.assessed)),
    licensing.BindCertificate: lambda s: (
        "clerk",
        2,
        {"record": s.bare, "line": 0, "certificate": s.certificate, "certificate_line": 0},
    ),
    licensing.CorrectLicense: lambda s: ("issuer", 1, {"record": s.license} | PAPER),
    licensing.SupersedeLicense: lambda s: ("issuer", 1, granting(s, s.succeeding) | {"license": s.bare}),
    licensing.TransferLicense: lambda s: ("issuer", 1, {"record": s.license, "to": s.heir} | PAPER),
    licensing.SurrenderLicense: lambda s: ("clerk", 2, {"record": s.license}),
    licensing.CreditReturn: lambda s: (
        "enforcer",
        1,
        {"record": s.second, "shipment": s.returned, "share": 10_000_000, "returned": BACK} | PAPER,
    ),
    licensing.AcknowledgeConditions: lambda s: ("clerk", 2, {"record": s.license} | PAPER),
}
_ORDERS: "dict[type[Act], Callable[[Stage], Example]]" = {
    orders.SuspendLicense: lambda s: ("enforcer", 1, {"record": s.license} | WHY),
    orders.ConfirmSuspension: lambda s: ("second enforcer", 1, {"record": s.suspended} | WHY),
    orders.ReinstateLicense: lambda s: ("second enforcer", 1, {"record": s.suspended} | WHY),
    orders.RevokeLicense: lambda s: ("enforcer", 1, {"record": s.license} | WHY | PAPER),
    orders.HoldShipment: lambda s: ("customs officer", 5, {"record": s.registered} | WHY),
    orders.ResumeShipment: lambda s: ("customs officer", 5, {"record": s.held, "hold_of": 5}),
    orders.SeizeShipment: lambda s: ("customs officer", 5, {"record": s.departed} | WHY | PAPER),
    orders.ReleaseSeizure: lambda s: ("customs officer", 5, {"record": s.seized, "to": 2} | PAPER),
    orders.RecallShipment: lambda s: ("enforcer", 1, {"record": s.departed} | WHY),
    orders.OrderHandoff: lambda s: ("enforcer", 1, {"record": s.departed, "to": 3} | PAPER),
    orders.Regularize: lambda s: ("enforcer", 1, {"record": s.irregular, "bits": UNILATERAL} | PAPER),
}
_SHIPMENTS: "dict[type[Act], Callable[[Stage], Example]]" = {
    manifests.RegisterShipment: lambda s: ("clerk", 2, {"license": s.license, "waybill": ZERO32} | DRAWN),
    manifests.AdjustShipment: lambda s: (
        "clerk",
        2,
        {"record": s.registered, "share": -1, "adjustments": (Adjustment(line=0, quantity=-1),)} | PAPER,
    ),
    manifests.CancelShipment: lambda s: ("clerk", 2, {"record": s.registered}),
    custody.ClearShipment: lambda s: ("customs officer", 5, fact(s, s.registered)),
    custody.InvalidateClearance: lambda s: ("customs officer", 5, {"record": s.cleared} | WHY),
    custody.DepartShipment: lambda s: ("clerk", 2, fact(s, s.cleared)),
    custody.OfferHandoff: lambda s: (
        "clerk",
        2,
        {"record": s.departed, "occurred_at": s.trade.time, "to": 3, "seal": salt_of("seal")},
    ),
    custody.WithdrawOffer: lambda s: ("clerk", 2, {"record": s.offered}),
    custody.AcceptHandoff: lambda s: ("forwarder clerk", 3, accepted_goods(s)),
    custody.RefuseHandoff: lambda s: ("forwarder clerk", 3, {"record": s.offered} | WHY),
    manifests.SplitShipment: lambda s: (
        "clerk",
        2,
        {"record": s.departed, "shares": (4_000_000, 6_000_000), "quantities": (1, 3)} | PAPER,
    ),
    manifests.RecordTransfer: lambda s: ("clerk", 2, {"license": s.license, "occurred_at": s.trade.time} | DRAWN),
}
_REPORTS: "dict[type[Act], Callable[[Stage], Example]]" = {
    reports.ConfirmDelivery: lambda s: ("storekeeper", 6, fact(s, s.arrived) | {"counted": (4,)}),
    reports.ReportMovement: lambda s: ("clerk", 2, fact(s, s.departed) | {"movement": 1, "to": 3, "counted": (4,)}),
    reports.ReportDelivery: lambda s: ("clerk", 2, fact(s, s.departed) | {"counted": (4,)}),
    reports.ConfirmReport: lambda s: (
        "forwarder clerk",
        3,
        {"record": s.reported, "report_head": s.report.record_head},
    ),
    reports.ReportDiscrepancy: lambda s: ("clerk", 2, {"record": s.departed, "subject": ZERO32} | PAPER),
    reports.ReportLoss: lambda s: ("clerk", 2, {"record": s.departed, "lost": (1,)} | PAPER),
    reports.AttachSerials: lambda s: ("clerk", 2, {"record": s.departed, "line": 0, "serials": (salt_of("serial"),)}),
    reports.AddStatement: lambda s: ("clerk", 2, {"record": s.departed, "subject": ZERO32, "kind": 1} | PAPER),
}
EXAMPLES = _DIRECTORY | _PAPERS | _ORDERS | _SHIPMENTS | _REPORTS
