"""Kinds 90, 110 to 112: what one side says has happened, and the other side's word on it (RULES.md, section 6)."""

from ledger.acts.act import Act
from ledger.acts.reports import ConfirmDelivery, ConfirmReport, ReportDelivery, ReportMovement
from ledger.audit.broken import Fact, irregular_bits
from ledger.audit.case import Case, Row
from ledger.audit.codes import Broken, Grade, Power, ShipmentStatus
from ledger.audit.custody import TERMINAL, UNSHIPPED, by_holder, check_time, end_offer, license_of
from ledger.audit.parcels import bring_back, check_counts, count, deliver, differs
from ledger.audit.refusals import refuse, require, require_between, require_commitment
from ledger.audit.shipments import count_tolerance
from ledger.audit.state import Shipment
from ledger.ids import ZERO32

Counting = Case[ConfirmDelivery] | Case[ReportMovement] | Case[ReportDelivery]
HANDOFF, DEPARTURE = 1, 2
CONFIRM_BITS = (1, 2, 3, 10, 12)
HANDOFF_BITS = (1, 2, 5, 6, 7, 12)
DEPARTURE_BITS = (0, 1, 2, 3, 4, 7)
DELIVERY_BITS = (1, 2, 3, 6, 7, 10, 12)
"""Bit 8 is what a shipment that has ended gets, alone."""


def by_end_user_as_holder(case: Case[ConfirmDelivery]) -> int:
    """90."""
    end_user = case.the(Shipment).end_user
    require(case.act.organization == end_user, "WrongOrganization", case.act.organization, end_user)
    return by_holder(case)


def by_reporter(case: Case[Act]) -> int:
    """110, 111, 116: holder, responsible, offered-to, exporter, end-user; a sponsor of these or the authority."""
    shipment, named, state = case.the(Shipment), case.act.organization, case.state
    involved = {
        shipment.holder,
        shipment.responsible,
        shipment.offered_to,
        shipment.exporter,
        shipment.end_user,
    } - {0}
    if named in involved:
        return 0
    sponsors = {state.sponsor(number) for number in involved}
    over = named in sponsors or named == license_of(case).authority
    require(over, "NotAParty", named, shipment.record)
    return 1


def check_arithmetic(case: Counting) -> None:
    """Time, and one count a line, none above what is held with the tolerance; of what has ended the time alone."""
    _check_time(case)
    _check_counts(case)


def _check_time(case: Counting) -> None:
    check_time(case, case.act.occurred_at, last_fact=case.the(Shipment).last_fact)


def _check_counts(case: Counting) -> None:
    shipment = case.the(Shipment)
    if shipment.status not in TERMINAL:
        check_counts(shipment.lines, case.act.counted, count_tolerance(case))


def check_movement(case: Case[ReportMovement]) -> None:
    """110: document; movement; arithmetic; `to`, unless it has ended."""
    act, shipment = case.act, case.the(Shipment)
    require_commitment("document", act.document)
    require_between("movement", act.movement, HANDOFF, DEPARTURE)
    check_arithmetic(case)
    if shipment.status in TERMINAL:
        return
    if act.movement == DEPARTURE:
        require_between("to", act.to, 0, 0)
        return
    if case.state.organization(act.to) is None:
        refuse("UnknownOrganization", act.to)
    require(act.to != shipment.holder, "AlreadyHolder", act.to)


def check_delivery(case: Case[ReportDelivery]) -> None:
    """111: document; arithmetic; after the time, that an end-user is known."""
    require_commitment("document", case.act.document)
    _check_time(case)
    end_user = case.the(Shipment).end_user
    require(end_user != 0, "UnknownOrganization", end_user)
    _check_counts(case)


def has_ended(case: Counting) -> bool:
    """Terminal: bit 8, and nothing else changes but the head."""
    shipment = case.the(Shipment)
    if shipment.status not in TERMINAL:
        return False
    case.bits = Broken.TERMINAL
    case.draft(Shipment).irregular |= Broken.TERMINAL
    return True


def _count(case: Counting, fact: Fact, asked: tuple[int, ...]) -> Shipment:
    """Bits, counts, the last fact; the chance to confirm an older report ends."""
    shipment, act = case.draft(Shipment), case.act
    case.bits = irregular_bits(case, shipment, fact, asked=asked)
    shipment.irregular |= case.bits
    shipment.discrepancy |= differs(shipment.lines, act.counted, count_tolerance(case))
    shipment.lines = count(shipment.lines, act.counted)
    shipment.last_fact, shipment.reported = act.occurred_at, False
    return shipment


def confirmable(case: Case[Act], shipment: Shipment, *, of_delivery: bool) -> None:
    """The holder may confirm it, unless its own agent made it."""
    shipment.reported = shipment.holder != case.behind
    shipment.report_of_delivery = of_delivery
    shipment.report_head = case.next_head()


def confirm_delivery(case: Case[ConfirmDelivery]) -> int | None:
    """90: held becomes delivered, grade A."""
    if has_ended(case):
        return case.the(Shipment).status
    fact = Fact(occurred_at=case.act.occurred_at, to=case.act.organization, arrives=True)
    shipment = _count(case, fact, CONFIRM_BITS)
    shipment.lines = deliver(shipment.lines)
    shipment.responsible = case.behind
    shipment.grade = shipment.delivery_grade = Grade.FULL
    end_offer(shipment)
    return None


def report_movement(case: Case[ReportMovement]) -> int | None:
    """110: a handoff or a departure."""
    if has_ended(case):
        return None
    return _departed(case) if case.act.movement == DEPARTURE else _handed_over(case)


def _departed(case: Case[ReportMovement]) -> int | None:
    """A shipment already departed keeps status and departure grade."""
    shipment = _count(case, Fact(occurred_at=case.act.occurred_at, to=0, leaves=True), DEPARTURE_BITS)
    shipment.responsible = case.behind
    end_offer(shipment)
    if not UNSHIPPED >> shipment.status & 1:
        return None
    shipment.departure_grade = Grade.ONE_SIDED
    return ShipmentStatus.DEPARTED


def _handed_over(case: Case[ReportMovement]) -> int | None:
    """Grade B; to the exporter after departure: returned, credited to nobody."""
    act = case.act
    shipment = _count(case, Fact(occurred_at=act.occurred_at, to=act.to), HANDOFF_BITS)
    shipment.holder, shipment.responsible = act.to, case.behind
    shipment.grade = Grade.ONE_SIDED
    end_offer(shipment)
    confirmable(case, shipment, of_delivery=False)
    if shipment.status != ShipmentStatus.DEPARTED or act.to != shipment.exporter:
        return None
    shipment.lines = bring_back(shipment.lines)
    return ShipmentStatus.RETURNED


def report_delivery(case: Case[ReportDelivery]) -> int | None:
    """111: the end-user holds, grade B; held becomes delivered."""
    if has_ended(case):
        return case.the(Shipment).status
    end_user = case.the(Shipment).end_user
    shipment = _count(case, Fact(occurred_at=case.act.occurred_at, to=end_user, arrives=True), DELIVERY_BITS)
    shipment.holder, shipment.responsible = end_user, case.behind
    shipment.lines = deliver(shipment.lines)
    shipment.grade = shipment.delivery_grade = Grade.ONE_SIDED
    end_offer(shipment)
    confirmable(case, shipment, of_delivery=True)
    return None


def check_confirm(case: Case[ConfirmReport]) -> None:
    """112: an unconfirmed report or order by another organization's agent; its head."""
    shipment, named = case.the(Shipment), case.act.report_head
    expected = shipment.report_head if shipment.reported else ZERO32
    require(shipment.reported and named == expected, "NotTheReport", named, expected)


def confirm_report(case: Case[ConfirmReport]) -> None:
    """112: grade A, a delivery's too; responsible = holder."""
    shipment = case.draft(Shipment)
    shipment.reported, shipment.responsible = False, shipment.holder
    shipment.grade = Grade.FULL
    if shipment.report_of_delivery:
        shipment.delivery_grade = Grade.FULL


ROWS = (
    Row(
        act=ConfirmDelivery,
        record=Shipment,
        powers=(Power.CUSTODY,),
        to=ShipmentStatus.DELIVERED,
        relation=by_end_user_as_holder,
        when_suspended=True,
        checks=check_arithmetic,
        effects=confirm_delivery,
    ),
    Row(
        act=ReportMovement,
        record=Shipment,
        powers=(Power.CUSTODY, Power.RECORD),
        keyless=Power.RECORD,
        relation=by_reporter,
        when_suspended=True,
        checks=check_movement,
        effects=report_movement,
    ),
    Row(
        act=ReportDelivery,
        record=Shipment,
        powers=(Power.CUSTODY, Power.RECORD),
        keyless=Power.RECORD,
        to=ShipmentStatus.DELIVERED,
        relation=by_reporter,
        when_suspended=True,
        checks=check_delivery,
        effects=report_delivery,
    ),
    Row(
        act=ConfirmReport,
        record=Shipment,
        powers=(Power.CUSTODY,),
        relation=by_holder,
        when_suspended=True,
        checks=check_confirm,
        effects=confirm_report,
    ),
)
