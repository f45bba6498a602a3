// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

// Every refusal of the system, once. Each says what was asked and what the bound was; times are UTC
// seconds, `moment` is the time the rule was judged for, statuses and roles are bit sets where plural.

// An act as such
error DeadlinePassed(uint64 deadline, uint64 time);
error DeadlineTooFar(uint64 deadline, uint64 latest);
error SignatureInvalid(bytes32 digest);
error WrongRecordId(bytes32 record, bytes32 expected);
error UnknownRecord(bytes32 record);
error StaleParent(bytes32 record, bytes32 head, bytes32 parent);
error AlreadyEntered(bytes32 digest);
error WrongStatus(bytes32 record, uint8 status, uint16 allowed);
error OutOfRange(string field, uint256 value, uint256 minimum, uint256 maximum);
error QuantityTooLarge(string field, uint256 value, uint256 maximum);
error CommitmentMissing(string field);
error OnlyContract(address sender, address required);

// Who may sign
error NotAnAgent(address signer, uint32 organization);
error AgentNotActive(address signer, uint8 status);
error PowerMissing(address signer, uint16 powers, uint16 required);
error RoleMissing(uint32 organization, uint16 roles, uint16 required);
error WrongOrganization(uint32 organization, uint32 required);
error UnknownOrganization(uint32 organization);
error OutsideJurisdiction(uint32 organization, bytes32 record);
error NotAParty(uint32 organization, bytes32 record);
error FourEyes(uint32 agent, bytes32 record);
error SameSuspender(uint32 agent, bytes32 license);
error SignerIsAdmin(address signer, uint16 powers);
error OrganizationSuspended(uint32 organization);

// Organizations, agents, policies
error RolesInvalid(uint16 roles, uint16 allowed);
error PowersInvalid(uint16 powers, uint16 allowed);
error AccountTaken(address account, uint32 organization);
error LastAdmin(uint32 organization, uint16 admins);
error PolicyNotCurrent(uint32 policy, uint32 current);
error AlreadyVoted(uint32 organization, bytes32 record, uint8 motion);
error KindNotMandatable(uint8 kind);
error NoMandate(uint32 organization, uint32 delegate);

// Certificates
error GradeNotRaised(bytes32 certificate, uint8 grade, uint8 raised);
error CertificateNotInForce(uint32 certificate, uint64 moment);
error CertificateMismatch(uint32 certificate, uint32 organization, uint32 required);
error CertificateExceeded(uint32 certificate, uint8 line, uint256 requested, uint256 remaining);
error CertificateGradeTooLow(bytes32 shipment, uint8 grade, uint8 required);
error CertificateUnsigned(bytes32 shipment, uint16 signers, uint16 required);
error UnitMismatch(bytes32 record, uint8 line, bytes3 unit, uint8 decimals);
error AlreadyCosigned(bytes32 certificate, uint8 role);
error UseWindowPassed(uint32 certificate, uint64 until, uint64 moment);

// Applications and licenses
error PartyMissing(bytes32 application, uint8 role);
error RecordedApplication(bytes32 application);
error AssessedHeadMoved(bytes32 assessedHead, bytes32 head);
error WrongContinuation(bytes32 application, bytes32 continues);
error ContinuationExceeded(bytes32 shipment, uint8 line, uint256 requested, uint256 remaining);
error AlreadyBound(bytes32 license, uint8 line, uint32 certificate);
error BalanceExceeded(bytes32 license, uint8 line, uint256 requested, uint256 balance);
error TransfersExhausted(bytes32 license, uint8 transfers, uint8 allowed);
error ShipmentNotOfLicense(bytes32 shipment, bytes32 license);
error AlreadyCredited(bytes32 shipment);
error ReturnMismatch(bytes32 shipment, uint8 line, uint256 named, uint256 returned);
error LicenseNotYetValid(bytes32 license, uint64 validFrom, uint64 moment);
error LicenseExpired(bytes32 license, uint64 validUntil, uint64 moment);
error LicenseStopped(bytes32 license, uint64 stoppedUntil, uint64 moment);
error LinesNotAscending(uint8 line, uint8 previous);
error LineFull(bytes32 license, uint8 line, uint256 granted, uint256 drawn);
error QuantityExceeded(bytes32 record, uint8 line, uint256 requested, uint256 remaining);
error ValueExceeded(bytes32 license, uint256 requested, uint256 remaining);

// Shipments
error OccurredInFuture(uint64 occurredAt, uint64 time);
error OccurredBeforeLastFact(uint64 occurredAt, uint64 lastFact);
error TooLate(uint64 occurredAt, uint64 earliest);
error Irregular(bytes32 shipment, uint16 bits);
error ShipmentStopped(bytes32 shipment, uint64 stoppedUntil, uint64 moment);
error ClearanceMissing(bytes32 shipment, uint64 clearedAt, uint64 moment);
error NotTheHolder(uint32 organization, uint32 holder);
error NotAReceiver(uint32 organization, bytes32 shipment);
error AlreadyHolder(uint32 organization);
error NoOffer(bytes32 shipment);
error OfferOpen(bytes32 shipment, uint32 offeredTo);
error OfferLapsed(bytes32 shipment, uint64 lapsedAt, uint64 moment);
error NotOfferedTo(uint32 organization, uint32 offeredTo);
error CountsMismatch(uint256 given, uint256 expected);
error CountExceedsHeld(uint8 line, uint256 counted, uint256 maximum);
error NotTheReport(bytes32 reportHead, bytes32 expected);
error AlreadyHeld(bytes32 shipment, uint32 organization);
error NotHeld(bytes32 shipment, uint32 organization);
error AlreadyRecalled(bytes32 shipment);
error ReturnOverdue(bytes32 license, uint64 returnBy, uint64 moment);
error SplitMismatch(uint8 line, uint256 given, uint256 held);
