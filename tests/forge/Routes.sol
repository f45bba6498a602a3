// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import "../../contracts/interfaces/IApplications.sol";
import "../../contracts/interfaces/ICertificates.sol";
import "../../contracts/interfaces/IDepartures.sol";
import "../../contracts/interfaces/IDirectory.sol";
import "../../contracts/interfaces/IIssuance.sol";
import "../../contracts/interfaces/ILicenses.sol";
import "../../contracts/interfaces/IManifests.sol";
import "../../contracts/interfaces/IOrders.sol";
import "../../contracts/interfaces/IOrganizations.sol";
import "../../contracts/interfaces/IPolicies.sol";
import "../../contracts/interfaces/IReports.sol";
import "../../contracts/interfaces/IShipments.sol";
import "../../contracts/interfaces/IStatements.sol";
import {Ledger, Route} from "./Ledger.sol";

/// Where each act goes. One whose members are all single words is named by its type hash; one with an array or a
/// struct in it by its whole EIP-712 type, which forge hashes without our code.
abstract contract Routes is Ledger {
    string private constant FIRST = "(bytes32 record,bytes32 parent,uint32 organization,uint64 deadline,";
    string private constant CERTIFICATE =
        "bytes32 salt,uint32 exporter,uint32 endUser,uint32 authority,uint64 validFrom,uint64 validUntil,bytes32 supersedes,bytes32 document,CertificateLine[] lines)CertificateLine(bytes3 unit,uint8 decimals,uint96 quantity)";
    string private constant LINES =
        "Party[] parties,LicenseLine[] lines)LicenseLine(bytes3 unit,uint8 decimals,uint96 granted,uint96 drawn,bool unlimited,bytes32 certificate,uint8 certificateLine)Party(uint32 organization,uint8 role)";

    function _names() internal pure override returns (string[] memory names) {
        names = new string[](15);
        (names[0], names[1], names[2]) = ("Journal", "Directory", "Policies");
        (names[3], names[4], names[5]) = ("Certificates", "Applications", "Licenses");
        (names[6], names[7], names[8]) = ("Shipments", "Reports", "Organizations");
        (names[9], names[10], names[11]) = ("Issuance", "Manifests", "Orders");
        (names[12], names[13], names[14]) = ("Departures", "Statements", "Gateway");
    }

    function _routes() internal {
        _routeOrganizations();
        _routePapers();
        _routeLicenses();
        _routeShipments();
        _routeOrders();
        _routeReports();
    }

    /// The contract that keeps the records of an act's kind.
    function _ownerOf(uint8 kind) private view returns (address) {
        if (kind < 30) return contracts.directory;
        if (kind < 40) return contracts.policies;
        if (kind < 50) return contracts.certificates;
        if (kind < 60) return contracts.applications;
        return kind < 80 ? contracts.licenses : contracts.shipments;
    }

    function _route(uint8 kind, address target, bytes4 selector, bytes32 typeHash) private {
        routes[kind] = Route(target, _ownerOf(kind), selector, typeHash, "", false);
        routed.push(kind);
    }

    function _route(uint8 kind, address target, bytes4 selector, string memory name, string memory rest) private {
        string memory definition = string.concat(name, FIRST, rest);
        _route(kind, target, selector, keccak256(bytes(definition)));
        routes[kind].definition = definition;
    }

    function _routeNote(uint8 kind, address target, bytes4 selector, bytes32 typeHash) private {
        _route(kind, target, selector, typeHash);
        routes[kind].note = true;
    }

    function _routeOrganizations() private {
        address to = contracts.directory;
        _route(1, to, IDirectory.registerOrganization.selector, REGISTER_ORGANIZATION);
        _route(2, to, IDirectory.recordParty.selector, RECORD_PARTY);
        _route(20, to, IDirectory.appointAgent.selector, APPOINT_AGENT);
        _route(21, to, IDirectory.acceptAppointment.selector, ACCEPT_APPOINTMENT);
        _route(22, to, IDirectory.confirmAppointment.selector, CONFIRM_APPOINTMENT);
        _route(23, to, IDirectory.rotateAgentKeys.selector, ROTATE_AGENT_KEYS);
        _route(24, to, IDirectory.dismissAgent.selector, DISMISS_AGENT);
        to = contracts.organizations;
        _route(4, to, IOrganizations.suspendOrganization.selector, SUSPEND_ORGANIZATION);
        _route(5, to, IOrganizations.reinstateOrganization.selector, REINSTATE_ORGANIZATION);
        _route(6, to, IOrganizations.renameOrganization.selector, RENAME_ORGANIZATION);
        string memory mandated = "uint32 delegate,uint64 until,uint8[] kinds)";
        _route(7, to, IOrganizations.grantMandate.selector, "GrantMandate", mandated);
        _route(8, to, IOrganizations.endMandate.selector, END_MANDATE);
        _route(9, to, IOrganizations.recoverOrganization.selector, RECOVER_ORGANIZATION);
        _route(
            30,
            contracts.policies,
            IPolicies.adoptPolicy.selector,
            "AdoptPolicy",
            "bytes32 salt,uint8 kind,uint32 replaces,Terms terms,bytes32 controlList)Terms(uint8 certificateGrade,uint16 certificateSigners,uint16 firstUseDays,uint16 lastUseDays,uint16 exemptRoles,bool clearanceRequired,uint8 control,uint16 valueTolerance,uint16 quantityTolerance,uint16 countTolerance,uint16 handoffHours,uint16 latenessHours,uint16 suspensionHours,uint8 lowestCustodyGrade,uint8 transfers)"
        );
    }

    function _routePapers() private {
        address to = contracts.certificates;
        _route(40, to, ICertificates.signCertificate.selector, "SignCertificate", CERTIFICATE);
        _route(41, to, ICertificates.cosignCertificate.selector, COSIGN_CERTIFICATE);
        _route(42, to, ICertificates.recordCertificate.selector, "RecordCertificate", CERTIFICATE);
        _route(43, to, ICertificates.verifyCertificate.selector, VERIFY_CERTIFICATE);
        _routeNote(44, to, ICertificates.endorseCertificate.selector, ENDORSE_CERTIFICATE);
        _route(45, to, ICertificates.revokeCertificate.selector, REVOKE_CERTIFICATE);
        to = contracts.applications;
        _route(
            50,
            to,
            IApplications.applyForLicense.selector,
            "ApplyForLicense",
            string.concat(
                "bytes32 salt,uint8 kind,uint32 authority,bytes32 continues,uint64 validFrom,uint64 validUntil,bytes32 document,",
                LINES
            )
        );
        _route(
            51,
            to,
            IApplications.amendApplication.selector,
            "AmendApplication",
            string.concat("uint64 validFrom,uint64 validUntil,bytes32 document,", LINES)
        );
        _route(53, to, IApplications.returnApplication.selector, RETURN_APPLICATION);
        _route(52, to, IApplications.withdrawApplication.selector, WITHDRAW_APPLICATION);
        _route(54, to, IApplications.assessApplication.selector, ASSESS_APPLICATION);
        _route(55, to, IApplications.refuseApplication.selector, REFUSE_APPLICATION);
        _route(
            56,
            to,
            IApplications.recordLicense.selector,
            "RecordLicense",
            string.concat(
                "bytes32 salt,uint8 kind,uint32 exporter,uint8 control,uint32 drawnShare,uint64 validFrom,uint64 validUntil,bytes32 document,",
                LINES
            )
        );
    }

    function _routeLicenses() private {
        address to = contracts.issuance;
        _route(60, to, IIssuance.issueLicense.selector, ISSUE_LICENSE);
        _route(61, to, IIssuance.bindCertificate.selector, BIND_CERTIFICATE);
        _route(67, to, IIssuance.supersedeLicense.selector, SUPERSEDE_LICENSE);
        to = contracts.licenses;
        _route(66, to, ILicenses.correctLicense.selector, CORRECT_LICENSE);
        _route(68, to, ILicenses.transferLicense.selector, TRANSFER_LICENSE);
        _routeNote(71, to, ILicenses.acknowledgeConditions.selector, ACKNOWLEDGE_CONDITIONS);
        _route(69, to, ILicenses.surrenderLicense.selector, SURRENDER_LICENSE);
        _route(
            70,
            to,
            ILicenses.creditReturn.selector,
            "CreditReturn",
            "bytes32 shipment,uint32 share,bytes32 document,Draw[] returned)Draw(uint8 line,uint96 quantity)"
        );
        to = contracts.orders;
        _route(62, to, IOrders.suspendLicense.selector, SUSPEND_LICENSE);
        _route(63, to, IOrders.confirmSuspension.selector, CONFIRM_SUSPENSION);
        _route(64, to, IOrders.reinstateLicense.selector, REINSTATE_LICENSE);
        _route(65, to, IOrders.revokeLicense.selector, REVOKE_LICENSE);
    }

    function _routeShipments() private {
        address to = contracts.manifests;
        _route(
            80,
            to,
            IManifests.registerShipment.selector,
            "RegisterShipment",
            "bytes32 salt,bytes32 license,uint32 endUser,uint32 share,bytes32 waybill,bytes32 document,Draw[] draws)Draw(uint8 line,uint96 quantity)"
        );
        _route(
            81,
            to,
            IManifests.adjustShipment.selector,
            "AdjustShipment",
            "int64 share,bytes32 document,Adjustment[] adjustments)Adjustment(uint8 line,int96 quantity)"
        );
        _route(82, to, IManifests.cancelShipment.selector, CANCEL_SHIPMENT);
        _route(
            113,
            to,
            IManifests.splitShipment.selector,
            "SplitShipment",
            "bytes32 document,uint32[] shares,uint96[] quantities)"
        );
        _route(
            114,
            to,
            IManifests.recordTransfer.selector,
            "RecordTransfer",
            "bytes32 salt,uint64 occurredAt,bytes32 license,uint32 endUser,uint32 share,bytes32 document,Draw[] draws)Draw(uint8 line,uint96 quantity)"
        );
        to = contracts.departures;
        _route(83, to, IDepartures.clearShipment.selector, CLEAR_SHIPMENT);
        _route(84, to, IDepartures.invalidateClearance.selector, INVALIDATE_CLEARANCE);
        _route(85, to, IDepartures.departShipment.selector, DEPART_SHIPMENT);
        to = contracts.shipments;
        _route(86, to, IShipments.offerHandoff.selector, OFFER_HANDOFF);
        _route(87, to, IShipments.withdrawOffer.selector, WITHDRAW_OFFER);
        _route(
            88,
            to,
            IShipments.acceptHandoff.selector,
            "AcceptHandoff",
            "uint64 occurredAt,bytes32 seal,uint8 sealState,bool reservation,bytes32 document,uint96[] counted)"
        );
        _route(89, to, IShipments.refuseHandoff.selector, REFUSE_HANDOFF);
    }

    function _routeOrders() private {
        address to = contracts.orders;
        _route(91, to, IOrders.holdShipment.selector, HOLD_SHIPMENT);
        _route(92, to, IOrders.resumeShipment.selector, RESUME_SHIPMENT);
        _route(93, to, IOrders.seizeShipment.selector, SEIZE_SHIPMENT);
        _route(94, to, IOrders.releaseSeizure.selector, RELEASE_SEIZURE);
        _route(95, to, IOrders.recallShipment.selector, RECALL_SHIPMENT);
        _route(96, to, IOrders.orderHandoff.selector, ORDER_HANDOFF);
        _route(115, to, IOrders.regularize.selector, REGULARIZE);
    }

    function _routeReports() private {
        address to = contracts.reports;
        string memory delivered = "uint64 occurredAt,bytes32 document,uint96[] counted)";
        _route(90, to, IReports.confirmDelivery.selector, "ConfirmDelivery", delivered);
        _route(
            110,
            to,
            IReports.reportMovement.selector,
            "ReportMovement",
            "uint64 occurredAt,uint8 movement,uint32 to,bytes32 document,uint96[] counted)"
        );
        _route(111, to, IReports.reportDelivery.selector, "ReportDelivery", delivered);
        _route(112, to, IReports.confirmReport.selector, CONFIRM_REPORT);
        to = contracts.statements;
        _routeNote(116, to, IStatements.reportDiscrepancy.selector, REPORT_DISCREPANCY);
        _route(117, to, IStatements.reportLoss.selector, "ReportLoss", "bytes32 document,uint96[] lost)");
        routes[117].note = true;
        _route(118, to, IStatements.attachSerials.selector, "AttachSerials", "uint8 line,bytes32[] serials)");
        routes[118].note = true;
        _routeNote(119, to, IStatements.addStatement.selector, ADD_STATEMENT);
    }
}
