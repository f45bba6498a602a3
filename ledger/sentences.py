"""What a refusal means, in one English sentence: one table, name of the error -> sentence.

The contract's errors first, in the order of `contracts/interfaces/Errors.sol`, then the service's own. A test holds
names and fields to the ABI. A field may be written as `{latest:time}`: the part after the colon says how it is shown.
Nothing here decides what is refused.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from enum import IntFlag
from string import Formatter
from typing import Any

from ledger.errors import Refused, show
from ledger.records.codes import (
    FOREVER,
    AgentStatus,
    CertificateGrade,
    Irregular,
    Motion,
    Power,
    Role,
    name_of,
    names_of,
)

SENTENCES = {
    "DeadlinePassed": "The act was to be entered by {deadline:time}; it is {time:time}.",
    "DeadlineTooFar": "The deadline {deadline:time} lies more than 30 days ahead; the latest is {latest:time}.",
    "SignatureInvalid": "The signature is none of the act with digest {digest}: 65 bytes, low s, v 27 or 28.",
    "WrongRecordId": "The record's id must be {expected}, made from chain, contract, kind, organization and salt.",
    "UnknownRecord": "There is no record {record}.",
    "StaleParent": "The record has moved on: the act names {parent} as its head, the head is {head}.",
    "AlreadyEntered": "The act with digest {digest} is in the journal already.",
    "WrongStatus": "Record {record} has status {status}; this act needs a status among {allowed:numbers}.",
    "OutOfRange": "{field} is {value}; it must lie between {minimum} and {maximum}.",
    "QuantityTooLarge": "{field} is {value}; a quantity is at most {maximum}.",
    "CommitmentMissing": "{field} must commit to a document; it is empty.",
    "OnlyContract": "Only the contract {required} may do this, not {sender}.",
    "NotAnAgent": "The account {signer} is no agent of organization {organization}.",
    "AgentNotActive": "The agent {signer} is not active: its status is {status:agent}.",
    "PowerMissing": "The agent {signer} has the powers {powers:powers}; this act needs {required:powers}.",
    "RoleMissing": "Organization {organization} has the roles {roles:roles}; this act needs {required:roles}.",
    "WrongOrganization": "This act belongs to organization {required}, not to organization {organization}.",
    "UnknownOrganization": "There is no organization {organization}.",
    "OutsideJurisdiction": "Record {record} lies outside the jurisdiction of organization {organization}.",
    "NotAParty": "Organization {organization} is no party of record {record}.",
    "FourEyes": "Agent {agent} has already acted on record {record}; a second agent must do this.",
    "SameSuspender": "Agent {agent} made the last suspension of license {license}; another officer must make this one.",
    "SignerIsAdmin": "The agent {signer} is an administrator ({powers:powers}), who neither assesses nor decides.",
    "OrganizationSuspended": "Organization {organization} is suspended and gives and gets no permission.",
    "RolesInvalid": "The roles {roles:roles} cannot be given here; allowed are {allowed:roles}, at least one.",
    "PowersInvalid": "The powers {powers:powers} cannot be given here; allowed are {allowed:powers}, at least one.",
    "AccountTaken": "The account {account} is bound to organization {organization} for ever.",
    "LastAdmin": "This would leave organization {organization} without an administrator; it has {admins}.",
    "PolicyNotCurrent": "Policy {policy} is not the current one; that is {current} (0: none).",
    "AlreadyVoted": "Organization {organization} has voted on record {record} already (motion {motion:motion}).",
    "KindNotMandatable": "No mandate covers acts of kind {kind}.",
    "NoMandate": "Organization {delegate} has no mandate of organization {organization}.",
    "GradeNotRaised": "Certificate {certificate} has grade {grade:grade}; only R can be raised to {raised:grade}.",
    "CertificateNotInForce": "Certificate {certificate} is revoked, or not inside its window at {moment:time}.",
    "CertificateMismatch": "Certificate {certificate} concerns organization {required}, not {organization} (0: none).",
    "CertificateExceeded": (
        "Line {line} of certificate {certificate} has {remaining} left to grant; {requested} were asked for."
    ),
    "CertificateGradeTooLow": (
        "The certificates behind shipment {shipment} have grade {grade:grade}; the policy asks for {required:grade}."
    ),
    "CertificateUnsigned": (
        "The certificates behind shipment {shipment} are all cosigned by: {signers:roles};"
        " the policy asks for {required:roles}."
    ),
    "UnitMismatch": "Line {line} of record {record} does not count in {unit:unit} with {decimals} decimals.",
    "AlreadyCosigned": "Certificate {certificate} is signed in the role {role:role} already.",
    "UseWindowPassed": "Certificate {certificate} could be used until {until:time}; it is {moment:time}.",
    "PartyMissing": "Application {application} names no party with the role {role:role}.",
    "RecordedApplication": "Application {application} was recorded by the authority; this act is for others.",
    "AssessedHeadMoved": "The application changed since it was assessed: {assessedHead} was named, its head is {head}.",
    "WrongContinuation": "Application {application} continues {continues} (0: nothing); this act asks for another.",
    "ContinuationExceeded": (
        "Line {line} of shipment {shipment} has {remaining} left to continue; {requested} were asked for."
    ),
    "AlreadyBound": "Line {line} of license {license} has certificate {certificate}, which is in force.",
    "BalanceExceeded": "Line {line} of license {license} has {balance} not drawn; {requested} were asked for.",
    "TransfersExhausted": "License {license} was transferred {transfers} times; the policy allows {allowed}.",
    "ShipmentNotOfLicense": "Shipment {shipment} does not draw on license {license}.",
    "AlreadyCredited": "What was returned of shipment {shipment} is credited already.",
    "ReturnMismatch": "Of license line {line}, {returned} came back with shipment {shipment}; the act says {named}.",
    "LicenseNotYetValid": "License {license} is valid from {validFrom:time}; the act concerns {moment:time}.",
    "LicenseExpired": "License {license} was valid until {validUntil:time}; the act concerns {moment:time}.",
    "LicenseStopped": "License {license} is stopped until {stoppedUntil:time}; the act concerns {moment:time}.",
    "LinesNotAscending": "Line {line} follows line {previous}; lines must ascend.",
    "LineFull": "Line {line} of license {license} is full: {drawn} of {granted} are drawn.",
    "QuantityExceeded": "Line {line} of record {record} has {remaining} left; {requested} were asked for.",
    "ValueExceeded": (
        "License {license} has {remaining} parts per billion of its value left; {requested} were asked for."
    ),
    "OccurredInFuture": "The act says it occurred at {occurredAt:time}; it is {time:time}.",
    "OccurredBeforeLastFact": "The act says {occurredAt:time}; the shipment's last fact is of {lastFact:time}.",
    "TooLate": (
        "The fact of {occurredAt:time} is entered too late; the policy reaches back to {earliest:time}."
        " It can be reported instead."
    ),
    "Irregular": "Shipment {shipment} is irregular ({bits:broken}) and gets no new permission.",
    "ShipmentStopped": "Shipment {shipment} is stopped until {stoppedUntil:time}; the act concerns {moment:time}.",
    "ClearanceMissing": ("Shipment {shipment} needs a clearance by {moment:time}; it was cleared at {clearedAt:time}."),
    "NotTheHolder": "Organization {organization} does not hold the goods; organization {holder} does.",
    "NotAReceiver": "Organization {organization} may not receive shipment {shipment}.",
    "AlreadyHolder": "Organization {organization} holds the goods already.",
    "NoOffer": "Nobody has offered shipment {shipment}.",
    "OfferOpen": "Shipment {shipment} is offered to organization {offeredTo}; that offer is still open.",
    "OfferLapsed": "The offer of shipment {shipment} lapsed at {lapsedAt:time}; the act concerns {moment:time}.",
    "NotOfferedTo": "The goods are offered to organization {offeredTo}, not to organization {organization}.",
    "CountsMismatch": "{given} numbers were given; {expected} were expected, one a line.",
    "CountExceedsHeld": "{counted} were counted on line {line}; at most {maximum} can be there.",
    "NotTheReport": "{reportHead} is not the head after an unconfirmed report; that is {expected} (0: there is none).",
    "AlreadyHeld": "Organization {organization} holds shipment {shipment} back already.",
    "NotHeld": "Organization {organization} does not hold shipment {shipment} back.",
    "AlreadyRecalled": "Shipment {shipment} is recalled already.",
    "ReturnOverdue": "Goods under license {license} were due back by {returnBy:time}; the act concerns {moment:time}.",
    "SplitMismatch": "The parts have {given} on line {line} in sum; {held} are held.",
    "GatewayOutOfGas": "The transaction has too little gas for its call {index}.",
    "SessionMissing": "This needs a session: sign in with an agent's key at /v1/sessions.",
    "SessionUnknown": "There is no such session here any more: sign in again.",
    "SignInRefused": (
        "The nonce was not given here, is too old or was used; or the signature is not the account's;"
        " or the account is no active agent of an active organization."
    ),
    "TooManyAttempts": "Too many have tried to sign in from here; try again in {seconds} seconds.",
    "NotEntitled": "Organization {organization} may not read this.",
    "InvalidField": "{field} is {value}; it must be: {bound}.",
    "NotJson": "The body is not JSON: {place}.",
    "BodyTooLarge": "The body is larger than {limit} bytes.",
    "BodyTooSlow": "The body did not arrive within {seconds} seconds.",
    "UnknownAct": "No act with digest {digest} has arrived here.",
    "DocumentUnknown": "The document {commitment} is not kept here.",
    "DocumentAltered": "The document kept as {commitment} is no longer what was put.",
    "ProofInvalid": "The document's proof is not by the key {verificationMethod} over these bytes.",
    "NotTheIssuersKey": "The account {issuer} is no active agent with the document key {ed25519}.",
    "NotCommitted": "The document {commitment} names no author, and no act commits to it.",
    "KeyForNobody": "The key {recipient} is the X25519 key of no active agent that may read this.",
    "TooManyWaiting": (
        "{documents} documents ({bytes} bytes) of {issuer} wait for acts that commit to them; no more are kept."
    ),
    "RpcMethodUnknown": "The method {method} is not offered; those that read are: {offered}.",
    "RpcTooMuch": "{asked} were asked for; at most {most} are given at once.",
    "NotFound": "There is nothing at {path}.",
    "MethodNotAllowed": "{path} does not take {method}.",
    "Unavailable": "Something the service needs does not answer; the same call may work later.",
    "Broken": "The service failed. Nothing is known to be wrong with the request.",
}


def sentence(refused: Refused) -> str:
    """The refusal in words; its name and values where the table has no sentence for them."""
    try:
        return _Words().vformat(SENTENCES[refused.name], (), refused.values)
    except KeyError:
        return str(refused)


_LAST_SECOND = 253_402_300_799  # of the year 9999; calendars end there


class _Words(Formatter):
    """str.format with our own ways to show a value; everything unknown is shown as it is."""

    def format_field(self, value: Any, format_spec: str) -> str:
        return _WAYS[format_spec](value)


def _time(seconds: int) -> str:
    if seconds == 0:
        return "no time"
    if seconds == FOREVER:
        return "further notice"
    if seconds > _LAST_SECOND:
        return "a time after the year 9999"
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S} UTC"


def _numbers(bits: int) -> str:
    return ", ".join(str(bit) for bit in range(bits.bit_length()) if bits >> bit & 1)


def _flags(kind: type[IntFlag]) -> Callable[[int], str]:
    return lambda value: ", ".join(names_of(kind(value))) or "none"


_WAYS: dict[str, Callable[[Any], str]] = {
    "": show,
    "time": _time,
    "unit": lambda code: code.rstrip(b"\0").decode("ascii", "replace"),
    "numbers": _numbers,
    "agent": lambda status: name_of(AgentStatus(status)),
    "grade": lambda grade: CertificateGrade(grade).name,
    "roles": _flags(Role),
    "role": lambda bit: _flags(Role)(1 << bit),
    "motion": lambda motion: name_of(Motion(motion)),
    "powers": _flags(Power),
    "broken": _flags(Irregular),
}
