"""How each rule is broken: in which acts, and what is changed in one that would be entered (`changes.py`).

Where no change is named any member is spoiled, or the record is not ready for the act.
"""

from dataclasses import dataclass

from ledger.acts.act import ActClass
from ledger.acts.kinds import ACTS
from ledger.audit.codes import CONTINUING, LONGEST_DEADLINE, LicenseKind
from ledger.audit.rows import ROWS
from ledger.audit.state import License
from ledger.ids import ZERO32
from tests.model.changes import (
    HOUR,
    NOBODY,
    Change,
    a_carrier,
    another,
    bound_elsewhere,
    credited,
    foreign,
    granting,
    has_old_certificate,
    holder,
    inactive,
    is_lapsed,
    is_offered,
    is_overdue,
    is_stopped,
    leaving,
    miscounted,
    not_ascending,
    of_another_license,
    of_shipment,
    offered_to,
    other_units,
    own,
    random32,
    recording_admin,
    signed_by,
    suspended,
    suspender,
    to,
    too_large,
    under,
    uneven,
    voted,
    who_holds_it,
)


@dataclass(frozen=True, slots=True)
class Breach:
    """Names of acts, and what becomes other in one of them."""

    acts: list[str]
    change: Change | None = None


def by(names: str, change: Change | None = None) -> Breach:
    return Breach(names.split(), change)


EVERY = [*ACTS]
STEPS = [name for name, act in ACTS.items() if act.CLASS is ActClass.STEP]
CREATING = [name for name, act in ACTS.items() if act.CREATES]
OF_KNOWN = [name for name, act in ACTS.items() if not act.CREATES]
WITH_DOCUMENT = [name for name, act in ACTS.items() if hasattr(act, "document")]
WITH_STATUS = [name for name, act in ACTS.items() if ROWS[act].allowed]
DECISIONS = "AssessApplication RefuseApplication IssueLicense ConfirmSuspension ReinstateLicense RevokeLicense"
MOVES = "ClearShipment DepartShipment OfferHandoff"
COUNTS = "AcceptHandoff ConfirmDelivery ReportMovement ReportDelivery ReportLoss"
REPORTS = "ReportMovement ReportDelivery ConfirmDelivery"
LONG_AGO = to(occurred_at=lambda paper, _: paper.time - paper.one(HOUR, 80 * HOUR, 100 * HOUR, 9_000 * HOUR))
TO_COME = to(occurred_at=lambda paper, _: paper.time + paper.one(1, 24 * HOUR))

OF_ALL_ACTS = {
    "DeadlinePassed": Breach(EVERY, to(deadline=lambda paper, _: paper.time - 1)),
    "DeadlineTooFar": Breach(EVERY, to(deadline=lambda paper, _: paper.time + LONGEST_DEADLINE + 1)),
    "WrongRecordId": Breach(CREATING, to(record=random32)),
    "UnknownRecord": Breach(OF_KNOWN, to(record=random32)),
    "StaleParent": Breach(STEPS, to(parent=random32)),
    "WrongStatus": Breach(WITH_STATUS),
    "OutOfRange": Breach(EVERY),
    "CommitmentMissing": Breach(WITH_DOCUMENT, to(document=ZERO32)),
    "NotAnAgent": Breach(EVERY, signed_by(foreign)),
    "AgentNotActive": Breach(EVERY, signed_by(inactive)),
    "PowerMissing": Breach(EVERY, signed_by(own)),
    "WrongOrganization": Breach(EVERY, another),
    "UnknownOrganization": Breach(EVERY, to(organization=NOBODY)),
    "OutsideJurisdiction": Breach(EVERY, another),
    "OrganizationSuspended": Breach(EVERY, suspended),
}
OF_PAPERS = {
    "RoleMissing": by("TransferLicense RecordCertificate SignCertificate CosignCertificate RecordLicense"),
    "FourEyes": by(f"{DECISIONS} Regularize ConfirmAppointment RecoverOrganization"),
    "SameSuspender": by("SuspendLicense", signed_by(suspender)),
    "SignerIsAdmin": by("RecordLicense", signed_by(recording_admin)),
    "RolesInvalid": by("RegisterOrganization RecordParty VoteAuthority SuspendOrganization CosignCertificate"),
    "PowersInvalid": by("AppointAgent"),
    "AccountTaken": by("AppointAgent", bound_elsewhere),
    "LastAdmin": by("DismissAgent"),
    "PolicyNotCurrent": by("AdoptPolicy IssueLicense SupersedeLicense"),
    "AlreadyVoted": by("VoteAuthority", voted),
    "KindNotMandatable": by("GrantMandate", to(kinds=lambda paper, _: (paper.one(20, 40, 60, 88, 90, 112),))),
    "NoMandate": by("EndMandate"),
    "GradeNotRaised": by("VerifyCertificate RecordCertificate"),
    "CertificateNotInForce": by("IssueLicense BindCertificate RegisterShipment ClearShipment"),
    "CertificateMismatch": by("RegisterShipment IssueLicense BindCertificate RecordCertificate"),
    "CertificateExceeded": by("IssueLicense BindCertificate RecordCertificate"),
    "UnitMismatch": by("SignCertificate RecordCertificate ApplyForLicense", other_units),
    "AlreadyCosigned": by("CosignCertificate EndorseCertificate"),
    "UseWindowPassed": by("ApplyForLicense", has_old_certificate),
    "PartyMissing": by("ApplyForLicense RecordLicense", to(kind=LicenseKind.BROKERING)),
    "RecordedApplication": by("AmendApplication ReturnApplication"),
    "AssessedHeadMoved": by("IssueLicense SupersedeLicense", to(assessed_head=random32)),
    "WrongContinuation": by("IssueLicense", granting(lambda paper, one: paper.state.find(License, one.continues))),
    "ContinuationExceeded": by("IssueLicense", granting(lambda _, one: one.kind in CONTINUING)),
    "AlreadyBound": by("BindCertificate"),
    "BalanceExceeded": by("SupersedeLicense"),
    "TransfersExhausted": by("TransferLicense"),
}
OF_GOODS = {
    "QuantityTooLarge": by("RegisterShipment RecordTransfer SignCertificate RecordCertificate", too_large),
    "NotAParty": by("AcknowledgeConditions AttachSerials AddStatement ReportDelivery RegisterShipment", another),
    "CertificateGradeTooLow": by("DepartShipment", leaving(lambda terms: terms.certificate_grade)),
    "CertificateUnsigned": by("DepartShipment", leaving(lambda terms: terms.certificate_signers)),
    "ClearanceMissing": by("DepartShipment", leaving(lambda terms: terms.clearance_required)),
    "ShipmentNotOfLicense": by("CreditReturn", of_another_license),
    "AlreadyCredited": by("CreditReturn", credited),
    "ReturnMismatch": by("CreditReturn", miscounted),
    "LicenseNotYetValid": by("RegisterShipment", under(lambda paper, one: paper.time < one.valid_from)),
    "LicenseExpired": by("RegisterShipment", under(lambda paper, one: one.valid_until <= paper.time)),
    "LicenseStopped": by("RegisterShipment", under(lambda paper, one: paper.time < one.stopped_until)),
    "LinesNotAscending": by("RegisterShipment RecordTransfer AdjustShipment", not_ascending),
    "LineFull": by("RegisterShipment"),
    "QuantityExceeded": by("RegisterShipment AdjustShipment"),
    "ValueExceeded": by("RegisterShipment", to(share=1_200_000_000)),
    "OccurredInFuture": by(f"{MOVES} {REPORTS} AcceptHandoff RecordTransfer", TO_COME),
    "OccurredBeforeLastFact": by(f"{MOVES} {REPORTS} AcceptHandoff", LONG_AGO),
    "TooLate": by(f"{MOVES} AcceptHandoff", LONG_AGO),
    "Irregular": by(f"{MOVES} AdjustShipment SplitShipment", of_shipment(lambda _, one: one.irregular)),
    "ShipmentStopped": by(f"{MOVES} SplitShipment", of_shipment(is_stopped, organization=holder)),
    "NotTheHolder": by("OfferHandoff WithdrawOffer ConfirmReport SplitShipment ReportLoss", another),
    "NotAReceiver": by("OfferHandoff OrderHandoff ReleaseSeizure", to(to=lambda paper, _: paper.number())),
    "AlreadyHolder": by("OfferHandoff OrderHandoff ReportMovement TransferLicense"),
    "NoOffer": by("AcceptHandoff RefuseHandoff WithdrawOffer", of_shipment(lambda _, one: not one.offered_to)),
    "OfferOpen": by("OfferHandoff SplitShipment", of_shipment(is_offered, organization=holder)),
    "OfferLapsed": by("AcceptHandoff", of_shipment(is_lapsed, organization=offered_to)),
    "NotOfferedTo": by("AcceptHandoff RefuseHandoff", another),
    "CountsMismatch": by(f"{COUNTS} SplitShipment"),
    "CountExceedsHeld": by(COUNTS),
    "NotTheReport": by("ConfirmReport", to(report_head=random32)),
    "AlreadyHeld": by("HoldShipment", of_shipment(lambda _, one: one.holds, organization=who_holds_it)),
    "NotHeld": by("ResumeShipment", of_shipment(lambda _, one: not one.holds)),
    "AlreadyRecalled": by("RecallShipment", of_shipment(lambda _, one: one.recalled)),
    "ReturnOverdue": by("OfferHandoff", of_shipment(is_overdue, organization=holder, to=a_carrier)),
    "SplitMismatch": by("SplitShipment", uneven),
}
BREACHES = OF_ALL_ACTS | OF_PAPERS | OF_GOODS
"""By the name of the error. AlreadyEntered is missing: that is any order or note that is brought again."""
