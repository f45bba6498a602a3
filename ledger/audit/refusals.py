"""Every refusal by its name and the names of its values, as `contracts/interfaces/Errors.sol` declares them.

A test holds the table to that page.
"""

from typing import NoReturn

from ledger.audit.codes import MAX_QUANTITY
from ledger.errors import Refused, Value

ERRORS = {
    "DeadlinePassed": ("deadline", "time"),
    "DeadlineTooFar": ("deadline", "latest"),
    "SignatureInvalid": ("digest",),
    "WrongRecordId": ("record", "expected"),
    "UnknownRecord": ("record",),
    "StaleParent": ("record", "head", "parent"),
    "AlreadyEntered": ("digest",),
    "WrongStatus": ("record", "status", "allowed"),
    "OutOfRange": ("field", "value", "minimum", "maximum"),
    "QuantityTooLarge": ("field", "value", "maximum"),
    "CommitmentMissing": ("field",),
    "OnlyContract": ("sender", "required"),
    "NotAnAgent": ("signer", "organization"),
    "AgentNotActive": ("signer", "status"),
    "PowerMissing": ("signer", "powers", "required"),
    "RoleMissing": ("organization", "roles", "required"),
    "WrongOrganization": ("organization", "required"),
    "UnknownOrganization": ("organization",),
    "OutsideJurisdiction": ("organization", "record"),
    "NotAParty": ("organization", "record"),
    "FourEyes": ("agent", "record"),
    "SameSuspender": ("agent", "license"),
    "SignerIsAdmin": ("signer", "powers"),
    "OrganizationSuspended": ("organization",),
    "RolesInvalid": ("roles", "allowed"),
    "PowersInvalid": ("powers", "allowed"),
    "AccountTaken": ("account", "organization"),
    "LastAdmin": ("organization", "admins"),
    "PolicyNotCurrent": ("policy", "current"),
    "AlreadyVoted": ("organization", "record", "motion"),
    "KindNotMandatable": ("kind",),
    "NoMandate": ("organization", "delegate"),
    "GradeNotRaised": ("certificate", "grade", "raised"),
    "CertificateNotInForce": ("certificate", "moment"),
    "CertificateMismatch": ("certificate", "organization", "required"),
    "CertificateExceeded": ("certificate", "line", "requested", "remaining"),
    "CertificateGradeTooLow": ("shipment", "grade", "required"),
    "CertificateUnsigned": ("shipment", "signers", "required"),
    "UnitMismatch": ("record", "line", "unit", "decimals"),
    "AlreadyCosigned": ("certificate", "role"),
    "UseWindowPassed": ("certificate", "until", "moment"),
    "PartyMissing": ("application", "role"),
    "RecordedApplication": ("application",),
    "AssessedHeadMoved": ("assessedHead", "head"),
    "WrongContinuation": ("application", "continues"),
    "ContinuationExceeded": ("shipment", "line", "requested", "remaining"),
    "AlreadyBound": ("license", "line", "certificate"),
    "BalanceExceeded": ("license", "line", "requested", "balance"),
    "TransfersExhausted": ("license", "transfers", "allowed"),
    "ShipmentNotOfLicense": ("shipment", "license"),
    "AlreadyCredited": ("shipment",),
    "ReturnMismatch": ("shipment", "line", "named", "returned"),
    "LicenseNotYetValid": ("license", "validFrom", "moment"),
    "LicenseExpired": ("license", "validUntil", "moment"),
    "LicenseStopped": ("license", "stoppedUntil", "moment"),
    "LinesNotAscending": ("line", "previous"),
    "LineFull": ("license", "line", "granted", "drawn"),
    "QuantityExceeded": ("record", "line", "requested", "remaining"),
    "ValueExceeded": ("license", "requested", "remaining"),
    "OccurredInFuture": ("occurredAt", "time"),
    "OccurredBeforeLastFact": ("occurredAt", "lastFact"),
    "TooLate": ("occurredAt", "earliest"),
    "Irregular": ("shipment", "bits"),
    "ShipmentStopped": ("shipment", "stoppedUntil", "moment"),
    "ClearanceMissing": ("shipment", "clearedAt", "moment"),
    "NotTheHolder": ("organization", "holder"),
    "NotAReceiver": ("organization", "shipment"),
    "AlreadyHolder": ("organization",),
    "NoOffer": ("shipment",),
    "OfferOpen": ("shipment", "offeredTo"),
    "OfferLapsed": ("shipment", "lapsedAt", "moment"),
    "NotOfferedTo": ("organization", "offeredTo"),
    "CountsMismatch": ("given", "expected"),
    "CountExceedsHeld": ("line", "counted", "maximum"),
    "NotTheReport": ("reportHead", "expected"),
    "AlreadyHeld": ("shipment", "organization"),
    "NotHeld": ("shipment", "organization"),
    "AlreadyRecalled": ("shipment",),
    "ReturnOverdue": ("license", "returnBy", "moment"),
    "SplitMismatch": ("line", "given", "held"),
}


def refuse(name: str, *values: Value) -> NoReturn:
    """Raises the refusal of that name with its values in the order of its declaration."""
    raise Refused(name, dict(zip(ERRORS[name], values, strict=True)))


def require(holds: bool, name: str, *values: Value) -> None:
    """Refuses unless `holds`."""
    if not holds:
        refuse(name, *values)


def require_between(field: str, value: int, minimum: int, maximum: int) -> None:
    """OutOfRange unless `value` lies within its bounds; a negative value is shown as the EVM shows it."""
    require(minimum <= value <= maximum, "OutOfRange", field, value % 2**256, minimum, maximum)


def require_commitment(field: str, value: bytes) -> None:
    """CommitmentMissing where 32 bytes that must be there are 0."""
    require(any(value), "CommitmentMissing", field)


def require_quantity(field: str, value: int, minimum: int = 1) -> None:
    """A quantity from `minimum` to 2^80 - 1."""
    require(value >= minimum, "OutOfRange", field, value, minimum, MAX_QUANTITY)
    require(value <= MAX_QUANTITY, "QuantityTooLarge", field, value, MAX_QUANTITY)
