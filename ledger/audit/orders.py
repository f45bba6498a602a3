"""Kinds 62 to 65, 91 to 96, 115: enforcement, which holds on any head (RULES.md, sections 4 and 5)."""

from ledger.acts.orders import (
    ConfirmSuspension,
    HoldShipment,
    OrderHandoff,
    RecallShipment,
    Regularize,
    ReinstateLicense,
    ReleaseSeizure,
    ResumeShipment,
    RevokeLicense,
    SeizeShipment,
    SuspendLicense,
)
from ledger.audit.authority import require_known
from ledger.audit.case import Case, Row
from ledger.audit.codes import FOREVER, HOUR, MOST_HOLDS, Grade, LicenseStatus, Power, ShipmentStatus, bits
from ledger.audit.custody import (
    LIVE,
    by_inspector,
    by_the_licenses_authority,
    end_offer,
    has_departed,
    require_receiver,
)
from ledger.audit.draws import LIVE as IN_USE
from ledger.audit.licenses import by_its_authority, release_continued
from ledger.audit.parcels import find_again
from ledger.audit.refusals import require, require_between, require_commitment
from ledger.audit.reports import confirmable
from ledger.audit.state import License, Shipment

STOPPED = bits(LicenseStatus.SUSPENDED)


def by_who_holds_or_its_sponsor(case: Case[ResumeShipment]) -> int:
    """92."""
    act = case.act
    if act.organization == act.hold_of:
        return 0
    require_known(case.state, act.hold_of)
    within = act.organization == case.state.sponsor(act.hold_of)
    require(within, "OutsideJurisdiction", act.organization, act.record)
    return 0


def by_seizer_or_its_sponsor(case: Case[ReleaseSeizure]) -> int:
    """94: the seizer holds what it seized."""
    seizer, named = case.the(Shipment).holder, case.act.organization
    require(named in (seizer, case.state.sponsor(seizer)), "OutsideJurisdiction", named, case.act.record)
    return 0


def check_suspend(case: Case[SuspendLicense]) -> None:
    """62: not the officer of the last suspension."""
    suspender = case.the(License).suspender
    require(case.agent != suspender, "SameSuspender", case.agent, case.act.record)


def suspend(case: Case[SuspendLicense]) -> None:
    """62: for the policy's hours, never less than it was."""
    license = case.draft(License)
    until = case.time + case.state.policy(license.policy).terms.suspension_hours * HOUR
    license.stopped_until, license.suspender = max(license.stopped_until, until), case.agent


def check_other_officer(case: Case[ConfirmSuspension] | Case[ReinstateLicense]) -> None:
    """63, 64: not the officer who suspended."""
    suspender = case.the(License).suspender
    require(case.agent != suspender, "FourEyes", case.agent, case.act.record)


def stop_for_ever(case: Case[ConfirmSuspension]) -> None:
    """63."""
    case.draft(License).stopped_until = FOREVER


def reinstate(case: Case[ReinstateLicense]) -> None:
    """64."""
    case.draft(License).stopped_until = case.time


def check_document(
    case: Case[RevokeLicense] | Case[SeizeShipment] | Case[ReleaseSeizure] | Case[OrderHandoff] | Case[Regularize],
) -> None:
    """65, 93, 94, 96, 115: document."""
    require_commitment("document", case.act.document)


def revoke(case: Case[RevokeLicense]) -> None:
    """65, by the second agent."""
    case.draft(License).stopped_until = FOREVER
    release_continued(case)


def check_hold(case: Case[HoldShipment]) -> None:
    """91: not held by it; at most 16 holds."""
    holds, named = case.the(Shipment).holds, case.act.organization
    require(named not in holds, "AlreadyHeld", case.act.record, named)
    require_between("holds", len(holds) + 1, 1, MOST_HOLDS)


def hold(case: Case[HoldShipment]) -> None:
    """91."""
    shipment = case.draft(Shipment)
    shipment.holds |= {case.act.organization}
    shipment.stopped_until = FOREVER


def check_resume(case: Case[ResumeShipment]) -> None:
    """92: held by holdOf."""
    held = case.act.hold_of in case.the(Shipment).holds
    require(held, "NotHeld", case.act.record, case.act.hold_of)


def resume(case: Case[ResumeShipment]) -> None:
    """92: with the last hold gone, unless recalled, it may go on."""
    shipment = case.draft(Shipment)
    shipment.holds -= {case.act.hold_of}
    if not shipment.holds and not shipment.recalled:
        shipment.stopped_until = case.time


def seize(case: Case[SeizeShipment]) -> None:
    """93: the seizer holds and answers."""
    shipment = case.draft(Shipment)
    shipment.holder = shipment.responsible = case.act.organization
    shipment.grade, shipment.reported = Grade.ORDERED, False
    end_offer(shipment)


def check_order(case: Case[ReleaseSeizure] | Case[OrderHandoff]) -> None:
    """94, 96: document; `to` is not the holder, is a receiver."""
    require_commitment("document", case.act.document)
    require_receiver(case, case.act.to)


def _hand_over(case: Case[ReleaseSeizure] | Case[OrderHandoff]) -> Shipment:
    """Holder = to, responsible = the signer's organization, grade O; `to` may confirm it."""
    shipment = case.draft(Shipment)
    shipment.holder, shipment.responsible = case.act.to, case.behind
    shipment.grade = Grade.ORDERED
    end_offer(shipment)
    confirmable(case, shipment, of_delivery=False)
    return shipment


def _set_going(shipment: Shipment) -> int:
    """94, and 96 on a lost shipment: departed, or registered with its clearance void."""
    if has_departed(shipment):
        return ShipmentStatus.DEPARTED
    shipment.cleared_at = 0
    return ShipmentStatus.REGISTERED


def release(case: Case[ReleaseSeizure]) -> int:
    """94."""
    return _set_going(_hand_over(case))


def check_recall(case: Case[RecallShipment]) -> None:
    """95: not recalled."""
    require(not case.the(Shipment).recalled, "AlreadyRecalled", case.act.record)


def recall(case: Case[RecallShipment]) -> None:
    """95."""
    shipment = case.draft(Shipment)
    shipment.recalled, shipment.stopped_until = True, FOREVER


def order(case: Case[OrderHandoff]) -> int | None:
    """96: on a lost shipment, what was lost is held again."""
    shipment = _hand_over(case)
    if shipment.status != ShipmentStatus.LOST:
        return None
    shipment.lines = find_again(shipment.lines)
    return _set_going(shipment)


def check_regularize(case: Case[Regularize]) -> None:
    """115: document; bits not empty, all of them set."""
    check_document(case)
    bits_set, named = case.the(Shipment).irregular, case.act.bits
    require(named != 0 and not named & ~bits_set, "OutOfRange", "bits", named, 1, bits_set)


def regularize(case: Case[Regularize]) -> None:
    """115, by the second agent."""
    case.draft(Shipment).irregular &= ~case.act.bits


ROWS = (
    Row(
        act=SuspendLicense,
        record=License,
        powers=(Power.ENFORCE,),
        allowed=IN_USE,
        to=LicenseStatus.SUSPENDED,
        relation=by_its_authority,
        checks=check_suspend,
        effects=suspend,
    ),
    Row(
        act=ConfirmSuspension,
        record=License,
        powers=(Power.ENFORCE,),
        allowed=STOPPED,
        relation=by_its_authority,
        checks=check_other_officer,
        effects=stop_for_ever,
    ),
    Row(
        act=ReinstateLicense,
        record=License,
        powers=(Power.ENFORCE,),
        allowed=STOPPED,
        to=LicenseStatus.ISSUED,
        relation=by_its_authority,
        checks=check_other_officer,
        effects=reinstate,
    ),
    Row(
        act=RevokeLicense,
        record=License,
        powers=(Power.ENFORCE,),
        allowed=IN_USE,
        to=LicenseStatus.REVOKED,
        relation=by_its_authority,
        two_agents=True,
        checks=check_document,
        effects=revoke,
    ),
    Row(
        act=HoldShipment,
        record=Shipment,
        powers=(Power.INSPECT,),
        allowed=LIVE,
        relation=by_inspector,
        checks=check_hold,
        effects=hold,
    ),
    Row(
        act=ResumeShipment,
        record=Shipment,
        powers=(Power.INSPECT,),
        relation=by_who_holds_or_its_sponsor,
        checks=check_resume,
        effects=resume,
    ),
    Row(
        act=SeizeShipment,
        record=Shipment,
        powers=(Power.INSPECT,),
        allowed=LIVE,
        to=ShipmentStatus.SEIZED,
        relation=by_inspector,
        checks=check_document,
        effects=seize,
    ),
    Row(
        act=ReleaseSeizure,
        record=Shipment,
        powers=(Power.INSPECT,),
        allowed=bits(ShipmentStatus.SEIZED),
        to=ShipmentStatus.DEPARTED,
        relation=by_seizer_or_its_sponsor,
        checks=check_order,
        effects=release,
    ),
    Row(
        act=RecallShipment,
        record=Shipment,
        powers=(Power.ENFORCE,),
        allowed=LIVE,
        relation=by_the_licenses_authority,
        checks=check_recall,
        effects=recall,
    ),
    Row(
        act=OrderHandoff,
        record=Shipment,
        powers=(Power.ENFORCE,),
        allowed=LIVE | bits(ShipmentStatus.LOST),
        relation=by_the_licenses_authority,
        checks=check_order,
        effects=order,
    ),
    Row(
        act=Regularize,
        record=Shipment,
        powers=(Power.ENFORCE,),
        relation=by_the_licenses_authority,
        two_agents=True,
        checks=check_regularize,
        effects=regularize,
    ),
)
