"""Kinds 80 to 82, 113, 114: what a shipment consists of (RULES.md, sections 5 and 6)."""

from collections.abc import Sequence

from ledger.acts.act import Act, RecordKind
from ledger.acts.manifests import (
    AdjustShipment,
    CancelShipment,
    Draw,
    RecordTransfer,
    RegisterShipment,
    SplitShipment,
)
from ledger.audit.broken import Fact, irregular_bits
from ledger.audit.case import Case, Row
from ledger.audit.codes import (
    CONTINUING,
    MAX_QUANTITY,
    MAX_SHARE,
    MOST_LINES,
    MOST_PARTS,
    Grade,
    Power,
    ShipmentStatus,
)
from ledger.audit.custody import (
    LIVE,
    UNSHIPPED,
    by_holder,
    by_its_exporter,
    check_regular,
    check_shipment_unstopped,
    end_offer,
    is_end_user_of,
    license_of,
)
from ledger.audit.draws import Taking, check_draw, check_draw_lines, exceeds, move, require_in_force, shift
from ledger.audit.heads import moved, part_salt, record_id
from ledger.audit.parcels import change_lines
from ledger.audit.refusals import refuse, require, require_between, require_commitment, require_quantity
from ledger.audit.reports import confirmable
from ledger.audit.state import Application, License, Parcel, Shipment, State
from ledger.ids import ZERO32

Registering = Case[RegisterShipment] | Case[RecordTransfer]
TRANSFER_BITS = (0, 1, 2, 3, 5, 6, 9, 12)


def by_the_licenses_exporter(case: Registering) -> int:
    """80, 114: the exporter that has the license."""
    act = case.act
    exporter = case.state.the(License, act.license).exporter
    require(act.organization == exporter, "WrongOrganization", act.organization, exporter)
    return 0


def check_register(case: Case[RegisterShipment]) -> None:
    """80: document; license in force; endUser a party; draw."""
    act = case.act
    license = case.state.the(License, act.license)
    require_commitment("document", act.document)
    _check_sizes(act.draws)
    require_in_force(license, case.time)
    named = is_end_user_of(case.state, license, act.end_user)
    require(named, "NotAParty", act.end_user, license.record)
    check_draw_lines(license, [draw.line for draw in act.draws])
    check_draw(case, license, _taking(case))


def _check_sizes(draws: Sequence[Draw]) -> None:
    """1 to 32, none 0 or too large."""
    require_between("draws", len(draws), 1, MOST_LINES)
    for draw in draws:
        require_quantity("quantity", draw.quantity)


def _taking(case: Registering) -> Taking:
    act = case.act
    return Taking(act.record, act.end_user, act.share, tuple((draw.line, draw.quantity) for draw in act.draws))


def register(case: Case[RegisterShipment]) -> None:
    """80: the exporter holds; under a retransfer or re-export license the end-user of the continued shipment."""
    license = case.state.the(License, case.act.license)
    _add(case, license).holder = _start(case, license)
    move(case, license.record, _taking(case))


def _add(case: Registering, license: License) -> Shipment:
    act = case.act
    shipment = Shipment(
        record=act.record,
        license=license.record,
        exporter=license.exporter,
        end_user=act.end_user,
        holder=license.exporter,
        responsible=case.behind,
        share=act.share,
        lines=tuple(Parcel(line=draw.line, registered=draw.quantity, held=draw.quantity) for draw in act.draws),
    )
    case.state.records.put(act.record, shipment)
    return shipment


def _start(case: Case[Act], license: License) -> int:
    """Who holds the goods at first: of a known shipment its exporter, not who has the license by now."""
    if license.kind in CONTINUING:
        continued = case.state.the(Application, license.application).continues
        return case.state.the(Shipment, continued).end_user
    known = case.state.find(Shipment, case.act.record)
    return known.exporter if known else license.exporter


def check_adjust(case: Case[AdjustShipment]) -> None:
    """81: document; regular; lines; what is taken off is held; share; where something is added, license and stop."""
    act, shipment, license = case.act, case.the(Shipment), license_of(case)
    require_commitment("document", act.document)
    check_regular(case)
    _check_adjustments(case)
    share = shipment.share + act.share
    require(0 <= share <= MAX_SHARE, "OutOfRange", "share", abs(share), 0, MAX_SHARE)
    if act.share > 0 or any(adjustment.quantity > 0 for adjustment in act.adjustments):
        require_in_force(license, case.time)
        check_shipment_unstopped(shipment, case.time)
    _check_redraw(case, shipment)


def _check_adjustments(case: Case[AdjustShipment]) -> None:
    act, lines = case.act, case.the(Shipment).lines
    require_between("adjustments", len(act.adjustments), 1, len(lines))
    previous = -1
    for adjustment in act.adjustments:
        require(adjustment.line > previous, "LinesNotAscending", adjustment.line, max(previous, 0))
        require_between("line", adjustment.line, 0, len(lines) - 1)
        require(adjustment.quantity != 0, "OutOfRange", "quantity", 0, 1, MAX_QUANTITY)
        previous = adjustment.line
        parcel, size = lines[adjustment.line], abs(adjustment.quantity)
        most = parcel.held if adjustment.quantity < 0 else MAX_QUANTITY - parcel.held - parcel.unaccounted
        require(size <= most, "QuantityExceeded", act.record, adjustment.line, size, most)


def _adjusted(case: Case[AdjustShipment]) -> tuple[Parcel, ...]:
    lines = case.the(Shipment).lines
    more = {adjustment.line: adjustment.quantity for adjustment in case.act.adjustments}
    quantities = [more.get(index, 0) for index in range(len(lines))]
    return change_lines(lines, quantities, _changed)


def _changed(parcel: Parcel, quantity: int) -> dict[str, int]:
    """Registered and held change by the same."""
    return {"registered": parcel.registered + quantity, "held": parcel.held + quantity}


def _check_redraw(case: Case[AdjustShipment], shipment: Shipment) -> None:
    """What rises is judged as if what the shipment holds of it were drawn anew; what falls or stays is not."""
    act = case.act
    rising = {more.line: more.quantity for more in act.adjustments if more.quantity > 0}
    held = [(shipment.lines[index].line, shipment.lines[index].held) for index in rising]
    anew = [(line, before + more) for (line, before), more in zip(held, rising.values(), strict=True)]
    before = Taking(shipment.record, shipment.end_user, -shipment.share, tuple((line, -n) for line, n in held))
    shift(case.state, shipment.license, before)
    after = Taking(shipment.record, shipment.end_user, shipment.share + act.share, tuple(anew))
    check_draw(case, case.state.the(License, shipment.license), after, value=act.share > 0)
    undone = Taking(shipment.record, shipment.end_user, shipment.share, tuple(held))
    shift(case.state, shipment.license, undone)


def adjust(case: Case[AdjustShipment]) -> None:
    """81: registered and not cleared; the license is noted with the difference."""
    act, shipment = case.act, case.draft(Shipment)
    difference = tuple((shipment.lines[more.line].line, more.quantity) for more in act.adjustments)
    shipment.lines = _adjusted(case)
    shipment.share += act.share
    shipment.cleared_at = 0
    move(case, shipment.license, Taking(act.record, shipment.end_user, act.share, difference))


def check_cancel(case: Case[CancelShipment]) -> None:
    """82: the goods are where they started."""
    shipment = case.the(Shipment)
    start = _start(case, license_of(case))
    require(start == shipment.holder, "NotTheHolder", start, shipment.holder)


def cancel(case: Case[CancelShipment]) -> None:
    """82: gives back what is held, and the share if nothing is missing."""
    shipment = case.draft(Shipment)
    missing = any(parcel.unaccounted or parcel.lost for parcel in shipment.lines)
    back = tuple((parcel.line, -parcel.held) for parcel in shipment.lines)
    share = 0 if missing else shipment.share
    move(case, shipment.license, Taking(shipment.record, shipment.end_user, -share, back))
    shipment.share -= share
    shipment.lines = _without_held(shipment.lines)
    end_offer(shipment)


def _without_held(lines: Sequence[Parcel]) -> tuple[Parcel, ...]:
    return change_lines(lines, [-parcel.held for parcel in lines], _changed)


def check_split(case: Case[SplitShipment]) -> None:
    """113: document; regular; not stopped; no offer; parts, quantities, shares; the parts' ids are free."""
    act, shipment = case.act, case.the(Shipment)
    require_commitment("document", act.document)
    check_regular(case)
    check_shipment_unstopped(shipment, case.time)
    require(shipment.offered_to == 0, "OfferOpen", shipment.record, shipment.offered_to)
    parts, lines = len(act.shares), len(shipment.lines)
    require_between("parts", parts, 2, MOST_PARTS)
    require(len(act.quantities) == parts * lines, "CountsMismatch", len(act.quantities), parts * lines)
    for part in range(parts):
        require_between("quantity", sum(_part(case, part)), 1, 2**256 - 1)
    for index, parcel in enumerate(shipment.lines):
        given = sum(act.quantities[index::lines])
        require(given == parcel.held, "SplitMismatch", index, given, parcel.held)
    require_between("shares", sum(act.shares), shipment.share, shipment.share)
    for part in range(parts):
        standing = case.state.find(Shipment, part_id(case.state, case.act, part))
        if standing:
            refuse("StaleParent", standing.record, standing.head, ZERO32)


def _part(case: Case[SplitShipment], part: int) -> tuple[int, ...]:
    lines = len(case.the(Shipment).lines)
    return case.act.quantities[part * lines : (part + 1) * lines]


def part_id(state: State, act: Act, part: int) -> bytes:
    """The id of a part (A4)."""
    salt, contract = part_salt(act.record, part), state.contracts["Shipments"]
    return record_id(state.chain_id, contract, kind=RecordKind.SHIPMENT, organization=act.organization, salt=salt)


def split(case: Case[SplitShipment]) -> None:
    """113: each part takes over what the shipment is, with its own quantities and share."""
    shipment = case.draft(Shipment)
    for part, share in enumerate(case.act.shares):
        _add_part(case, shipment, part, share=share)
    shipment.lines = _without_held(shipment.lines)
    shipment.share = 0


def _add_part(case: Case[SplitShipment], parent: Shipment, part: int, *, share: int) -> None:
    quantities = zip(parent.lines, _part(case, part), strict=True)
    added = Shipment(
        record=part_id(case.state, case.act, part),
        status=parent.status,
        version=1,
        head=moved(ZERO32, case.digest, case.signer),
        license=parent.license,
        exporter=parent.exporter,
        end_user=parent.end_user,
        holder=parent.holder,
        responsible=parent.responsible,
        share=share,
        lines=tuple(Parcel(line=parcel.line, registered=own, held=own) for parcel, own in quantities),
        last_fact=parent.last_fact,
        cleared_at=parent.cleared_at,
        stopped_until=parent.stopped_until,
        grade=parent.grade,
        departure_grade=parent.departure_grade,
        delivery_grade=parent.delivery_grade,
        intangible=parent.intangible,
    )
    case.state.records.put(added.record, added)


def check_transfer(case: Case[RecordTransfer]) -> None:
    """114: document; time; endUser known or 0; draws."""
    act = case.act
    license = case.state.the(License, act.license)
    require_commitment("document", act.document)
    require(act.occurred_at <= case.time, "OccurredInFuture", act.occurred_at, case.time)
    known = act.end_user == 0 or case.state.organization(act.end_user) is not None
    require(known, "UnknownOrganization", act.end_user)
    _check_sizes(act.draws)
    check_draw_lines(license, [draw.line for draw in act.draws])
    for draw in act.draws:
        drawn = license.lines[draw.line].drawn + draw.quantity
        require(drawn <= MAX_QUANTITY, "QuantityTooLarge", "drawn", drawn, MAX_QUANTITY)


def transfer(case: Case[RecordTransfer]) -> None:
    """114: draws whatever the rules say; departed at once, graded B."""
    act = case.act
    license = case.state.the(License, act.license)
    over = exceeds(case, license, _taking(case))
    shipment = _add(case, license)
    shipment.holder = act.end_user or license.exporter
    shipment.last_fact, shipment.intangible = act.occurred_at, True
    fact = Fact(occurred_at=act.occurred_at, to=act.end_user, leaves=True, arrives=True, over=over)
    case.bits = shipment.irregular = irregular_bits(case, shipment, fact, asked=TRANSFER_BITS)
    shipment.grade = shipment.departure_grade = Grade.ONE_SIDED
    if act.end_user:
        confirmable(case, shipment, of_delivery=False)
    move(case, license.record, _taking(case))


ROWS = (
    Row(
        act=RegisterShipment,
        record=Shipment,
        powers=(Power.SHIP,),
        keyless=Power.RECORD,
        to=ShipmentStatus.REGISTERED,
        relation=by_the_licenses_exporter,
        checks=check_register,
        effects=register,
    ),
    Row(
        act=AdjustShipment,
        record=Shipment,
        powers=(Power.SHIP,),
        allowed=UNSHIPPED,
        to=ShipmentStatus.REGISTERED,
        relation=by_its_exporter,
        checks=check_adjust,
        effects=adjust,
    ),
    Row(
        act=CancelShipment,
        record=Shipment,
        powers=(Power.SHIP,),
        keyless=Power.RECORD,
        allowed=UNSHIPPED,
        to=ShipmentStatus.CANCELLED,
        relation=by_its_exporter,
        checks=check_cancel,
        effects=cancel,
    ),
    Row(
        act=SplitShipment,
        record=Shipment,
        powers=(Power.CUSTODY,),
        allowed=LIVE,
        to=ShipmentStatus.SPLIT,
        relation=by_holder,
        checks=check_split,
        effects=split,
    ),
    Row(
        act=RecordTransfer,
        record=Shipment,
        powers=(Power.SHIP,),
        to=ShipmentStatus.DEPARTED,
        relation=by_the_licenses_exporter,
        checks=check_transfer,
        effects=transfer,
    ),
)
