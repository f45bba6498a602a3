"""What an act about a shipment would plausibly say, given the model's state; see `papers.py`."""

from collections.abc import Callable
from typing import Any

from ledger.acts.manifests import Adjustment, Draw
from ledger.audit.codes import Role
from ledger.audit.state import Application, License, Shipment
from ledger.ids import ZERO32
from tests.model.papers import Paper, document, nothing, reason, same_document


def when(paper: Paper) -> dict[str, Any]:
    return {"occurred_at": paper.time - paper.one(0, 0, 0, 0, 0, 1, 60, 80 * 3_600)}


def draws(paper: Paper) -> dict[str, Any]:
    license = paper.some(License, 1, 2)
    for _ in range(4):  # rather one that has something left
        if license and any(line.drawn >= line.granted for line in license.lines):
            license = paper.some(License, 1)
    lines = license.lines if license else ()
    wanted = [index for index in range(len(lines)) if paper.chance.random() < 0.7] or [0]
    left = [max(lines[index].granted - lines[index].drawn, 0) if lines else 1 for index in wanted]
    taken = [max(paper.near(quantity) // paper.one(1, 3, 10, 20), 1) for quantity in left]
    found = paper.state.find(Application, license.application) if license else None
    users = sorted(organization for organization, role in found.parties if role == 6) if found else []
    return {
        "salt": paper.bytes32(),
        "license": license.record if license else ZERO32,
        "end_user": paper.one(*users) if users else paper.number(),
        "share": paper.one(0, 10**6, 10**6, 10**8),
        "draws": tuple(Draw(line=i, quantity=min(q, 2**96 - 1)) for i, q in zip(wanted, taken, strict=True)),
        **document(paper),
    }


def register(paper: Paper) -> dict[str, Any]:
    return {"waybill": paper.one(ZERO32, paper.bytes32()), **draws(paper)}


def adjustments(paper: Paper) -> dict[str, Any]:
    found = paper.about(Shipment)
    lines = found.lines if found else ()
    changed = [
        Adjustment(line=index, quantity=paper.one(1, 5, -1, -parcel.held // 2, -parcel.held) or 1)
        for index, parcel in enumerate(lines)
        if paper.chance.random() < 0.6
    ]
    return {"share": paper.one(0, 5, -5), "adjustments": tuple(changed), **document(paper)}


def parts(paper: Paper) -> dict[str, Any]:
    found = paper.about(Shipment)
    held = [parcel.held for parcel in found.lines] if found else [1]
    share = found.share if found else 0
    first = [quantity // 3 for quantity in held]
    rest = [quantity - part for quantity, part in zip(held, first, strict=True)]
    return {"shares": (share // 4, share - share // 4), "quantities": (*first, *rest), **document(paper)}


def counted(paper: Paper) -> dict[str, Any]:
    found = paper.about(Shipment)
    held = [parcel.held for parcel in found.lines] if found else []
    counts = held if paper.chance.random() < 0.7 else [paper.one(n, max(n - 1, 0), n + 1, n * 105 // 100) for n in held]
    return {"counted": tuple(counts), **when(paper), **document(paper)}


def offer(paper: Paper) -> dict[str, Any]:
    return {"to": next_holder(paper), "seal": paper.bytes32(), **when(paper)}


def next_holder(paper: Paper) -> int:
    found = paper.about(Shipment)
    known = (found.end_user, found.exporter) if found else ()
    return int(paper.one(paper.number(Role.CARRIER), paper.number(), paper.number(Role.CUSTOMS), *known))


def acceptance(paper: Paper) -> dict[str, Any]:
    return {"seal": paper.bytes32(), "seal_state": paper.chance.randrange(4), "reservation": False, **counted(paper)}


def movement(paper: Paper) -> dict[str, Any]:
    kind, found = paper.one(1, 1, 2), paper.about(Shipment)
    to = paper.one(next_holder(paper), found.exporter) if found else 1
    return {"movement": kind, "to": to if kind == 1 else 0, **counted(paper)}


def order(paper: Paper) -> dict[str, Any]:
    return {"to": next_holder(paper), **document(paper)}


def loss(paper: Paper) -> dict[str, Any]:
    found = paper.about(Shipment)
    most = [parcel.held + parcel.unaccounted for parcel in found.lines] if found else []
    whole = paper.chance.random() < 0.2
    return {"lost": tuple(n if whole else n // paper.one(1, 3, 10) for n in most), **document(paper)}


def resume(paper: Paper) -> dict[str, Any]:
    found = paper.about(Shipment)
    return {"hold_of": paper.one(*sorted(found.holds)) if found and found.holds else paper.number()}


def report_head(paper: Paper) -> dict[str, Any]:
    found = paper.about(Shipment)
    return {"report_head": found.report_head if found else ZERO32}


def bits(paper: Paper) -> dict[str, Any]:
    found = paper.about(Shipment)
    set_now = found.irregular if found else 0
    return {"bits": paper.one(set_now, set_now, set_now & -set_now), **document(paper)}


SHIPPING: dict[str, Callable[[Paper], dict[str, Any]]] = {
    "RegisterShipment": register,
    "AdjustShipment": adjustments,
    "CancelShipment": nothing,
    "ClearShipment": lambda paper: {**when(paper), **document(paper)},
    "InvalidateClearance": reason,
    "DepartShipment": lambda paper: {**when(paper), **document(paper)},
    "OfferHandoff": offer,
    "WithdrawOffer": nothing,
    "AcceptHandoff": acceptance,
    "RefuseHandoff": reason,
    "ConfirmDelivery": counted,
    "HoldShipment": reason,
    "ResumeShipment": resume,
    "SeizeShipment": lambda paper: {**reason(paper), **document(paper)},
    "ReleaseSeizure": order,
    "RecallShipment": reason,
    "OrderHandoff": order,
    "ReportMovement": movement,
    "ReportDelivery": counted,
    "ConfirmReport": report_head,
    "SplitShipment": parts,
    "RecordTransfer": lambda paper: {**when(paper), **draws(paper)},
    "Regularize": lambda paper: {**bits(paper), **same_document(paper)},
    "ReportDiscrepancy": lambda paper: {"subject": paper.bytes32(), **document(paper)},
    "ReportLoss": loss,
    "AttachSerials": lambda paper: {"line": 0, "serials": tuple(paper.bytes32() for _ in range(3))},
    "AddStatement": lambda paper: {"subject": ZERO32, "kind": paper.chance.randint(1, 8), **document(paper)},
}
"""By the name of the act."""
