// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Acts} from "./Acts.sol";
import {Custody} from "./Custody.sol";
import {Goods} from "./Goods.sol";
import {Grade, Power, Role, ShipmentStatus} from "./interfaces/Codes.sol";
import {Contracts} from "./interfaces/Deployment.sol";
import {
    AlreadyCredited,
    AlreadyHolder,
    Irregular,
    LicenseStopped,
    NoOffer,
    NotAReceiver,
    NotOfferedTo,
    NotTheHolder,
    OfferLapsed,
    OfferOpen,
    OrganizationSuspended,
    OutOfRange,
    ReturnOverdue,
    ShipmentNotOfLicense,
    ShipmentStopped,
    TooLate,
    UnknownRecord
} from "./interfaces/Errors.sol";
import {Hand} from "./interfaces/Hand.sol";
import {Entered, Note} from "./interfaces/IJournal.sol";
import {Standing, Taking} from "./interfaces/ILicenses.sol";
import {Draw} from "./interfaces/IManifests.sol";
import {LineDelta, Source} from "./interfaces/IRecords.sol";
import {
    ACCEPT_HANDOFF,
    AcceptHandoff,
    Acceptance,
    Flag,
    Held,
    IShipments,
    OFFER_HANDOFF,
    OfferHandoff,
    REFUSE_HANDOFF,
    RefuseHandoff,
    Shipment,
    WITHDRAW_OFFER,
    WithdrawOffer
} from "./interfaces/IShipments.sol";
import {Records} from "./Records.sol";

/// Shipments on their way from exporter to end-user.
///
/// STORED      holder, responsible, open offer, last custody fact, stop, irregular bits; with Goods the lines; until
///             when a license is stopped, as Licenses says.
/// DERIVED     lapsed offers, overdue, whether a stop still holds; seals and papers stand in the acts.
/// TRUSTED     each holder for its own hand; Manifests, Departures, Reports, Orders and Statements, which write through
///             write, add, settle and annotate.
/// INVARIANTS  I3: one holder; I4: an ended shipment takes no permission; I9 and I11 with Goods.
contract Shipments is Records, Goods {
    /// A shipment as it is stored: in a word what a handoff moves or always asks, in another one the rest.
    struct Consignment {
        Hand hand;
        uint32 license;
        uint32 endUser;
        uint32 exporter;
        uint40 stoppedUntil;
        uint40 clearedAt;
        uint32 share;
        uint8 holds;
        uint16 handoffHours;
        uint16 countTolerance;
        bool temporary;
    }

    address private immutable REPORTS;
    address private immutable ORDERS;
    address private immutable DEPARTURES;
    address private immutable STATEMENTS;
    address private immutable MANIFESTS;
    address private immutable ISSUANCE;

    mapping(bytes32 record => Consignment) private _shipments;
    mapping(bytes32 record => bytes32 head) private _reportHeads;
    mapping(bytes32 record => uint32 count) private _notes;
    mapping(uint32 license => uint40 until) private _stops;

    constructor(Contracts memory contracts) Acts(contracts) Custody(contracts) {
        REPORTS = contracts.reports;
        ORDERS = contracts.orders;
        DEPARTURES = contracts.departures;
        STATEMENTS = contracts.statements;
        MANIFESTS = contracts.manifests;
        ISSUANCE = contracts.issuance;
    }

    /// @inheritdoc IShipments
    function offerHandoff(OfferHandoff calldata act, bytes calldata signature) external {
        // The act as it came. Every member narrower than a word is read below, which refuses one that is too wide.
        bytes calldata words = msg.data[4:228];
        (bytes32 digest, address signer) =
            _recover(act.deadline, keccak256(bytes.concat(OFFER_HANDOFF, words)), signature);
        (Consignment storage shipment, Hand hand) = _known(act.record);
        uint32 organization = act.organization;
        _near(organization, hand);
        (uint32 behind, uint32 suspended, uint16 roles) =
            DIRECTORY.authorizeToward(signer, organization, Power.CUSTODY, 86, act.to);
        _ready(act.record, act.parent, hand);
        hand = _offer(act, shipment, hand, suspended, roles);

        uint16 flags = hand.flags() & ~Flag.OFFERED_BY_HOLDER;
        hand = hand.withFlags(behind == hand.holder() ? flags | Flag.OFFERED_BY_HOLDER : flags);
        (uint32 version, bytes32 head) = _step(shipment, hand, act.record, act.parent, digest, signer);
        JOURNAL.appendStep(86, act.record, organization, version, signer, digest, head, words, signature);
    }

    /// @inheritdoc IShipments
    function withdrawOffer(WithdrawOffer calldata act, bytes calldata signature) external {
        // As at an offer.
        bytes calldata words = msg.data[4:132];
        (bytes32 digest, address signer) =
            _recover(act.deadline, keccak256(bytes.concat(WITHDRAW_OFFER, words)), signature);
        uint32 organization = act.organization;
        (Consignment storage shipment, Hand hand) = _known(act.record);
        _near(organization, hand);
        DIRECTORY.requirePower(signer, organization, Power.CUSTODY, 87);
        _ready(act.record, act.parent, hand);
        if (hand.offeredTo() == 0) revert NoOffer(act.record);

        (uint32 version, bytes32 head) =
            _step(shipment, hand.withOfferedTo(0), act.record, act.parent, digest, signer);
        JOURNAL.appendStep(87, act.record, organization, version, signer, digest, head, words, signature);
    }

    /// @inheritdoc IShipments
    function acceptHandoff(Acceptance calldata acceptance, bytes calldata signature) external {
        AcceptHandoff calldata act = acceptance.act;
        uint256 end = _end(act);
        bytes memory signed = bytes.concat(ACCEPT_HANDOFF, msg.data[100:388], keccak256(msg.data[452:end]));
        (bytes32 digest, address signer) = _recover(act.deadline, keccak256(signed), signature);
        (uint32 organization, uint64 occurredAt) = (act.organization, act.occurredAt);
        (Consignment storage shipment, Hand hand) = _offered(act.record, organization);
        DIRECTORY.requirePower(signer, organization, Power.CUSTODY, 88);
        _ready(act.record, act.parent, hand);
        _fact(act.record, hand, occurredAt);
        if (occurredAt > hand.lapsesAt()) revert OfferLapsed(act.record, hand.lapsesAt(), occurredAt);
        if (hand.stopped() && !_isRefuge(organization, _roles(organization), shipment.exporter)) {
            _running(act.record, shipment.stoppedUntil, occurredAt);
        }
        if (act.sealState > 3) revert OutOfRange("sealState", act.sealState, 0, 3);

        uint16 flags = hand.flags() & ~Flag.REPORTED;
        if (_differ(act.record, act.counted, hand.lines()) && _count(act.record, act.counted, shipment.countTolerance)) {
            flags |= Flag.DISCREPANCY;
        }
        uint8 grade = flags & Flag.OFFERED_BY_HOLDER != 0 ? Grade.FULL : Grade.ONE_SIDED;
        hand = hand.taken(organization, uint40(occurredAt), grade, flags);
        if (hand.homeward() && hand.status() == ShipmentStatus.DEPARTED) {
            return _comeHome(act, signature, shipment, hand, digest, signer);
        }
        (uint32 version, bytes32 head) = _step(shipment, hand, act.record, act.parent, digest, signer);
        JOURNAL.appendStep(
            88,
            act.record,
            organization,
            version,
            signer,
            digest,
            head,
            msg.data[68:end],
            signature
        );
    }

    /// @inheritdoc IShipments
    function refuseHandoff(RefuseHandoff calldata act, bytes calldata signature) external {
        (bytes32 digest, address signer) =
            _recover(act.deadline, keccak256(abi.encode(REFUSE_HANDOFF, act)), signature);
        uint32 organization = act.organization;
        (Consignment storage shipment, Hand hand) = _offered(act.record, organization);
        DIRECTORY.requirePower(signer, organization, Power.CUSTODY, 89);
        _ready(act.record, act.parent, hand);

        (uint32 version, bytes32 head) =
            _step(shipment, hand.withOfferedTo(0), act.record, act.parent, digest, signer);
        JOURNAL.appendStep(
            89, act.record, organization, version, signer, digest, head, msg.data[4:164], signature
        );
    }

    /// @inheritdoc IShipments
    function write(Entered calldata entry, Shipment calldata shipment, Held[] calldata held, Note[] calldata notes)
        external
    {
        _only(MANIFESTS);
        _storeHeld(entry.record, held);
        bytes32 head = _close(entry, shipment, notes);
        if (shipment.version == 0 && shipment.flags & Flag.REPORTED != 0) _reportHeads[entry.record] = head;
    }

    /// @inheritdoc IShipments
    function add(bytes32 record, Shipment calldata shipment, Held[] calldata held, Source calldata source) external {
        _only(MANIFESTS);
        // The exporter may have registered a shipment with the salt of this part.
        _atHead(record, 0);
        _storeHeld(record, held);
        _store(record, shipment, 1);
        _found(record, keccak256(abi.encode(bytes32(0), source.digest, source.signer)));
    }

    /// @inheritdoc IShipments
    function settle(Entered calldata entry, Shipment calldata shipment, Held[] calldata held, bool reported) external {
        if (msg.sender != DEPARTURES && msg.sender != ORDERS) _only(REPORTS);
        uint8 before = _shipments[entry.record].hand.status();
        _storeHeld(entry.record, held);
        if (before == ShipmentStatus.LOST && shipment.status != before) _find(entry.record, shipment.lines);
        if (before != shipment.status && shipment.status == ShipmentStatus.RETURNED) {
            _takeBack(entry.record, shipment.lines);
        }
        bytes32 head = _close(entry, shipment, _noNotes());
        if (reported) _reportHeads[entry.record] = head;
    }

    /// @inheritdoc IShipments
    function annotate(Entered calldata entry, uint16 flags, uint96[] calldata lost) external {
        _only(STATEMENTS);
        Entered memory note = entry;
        (Consignment storage shipment, Hand hand) = _known(note.record);
        hand = hand.withFlags(hand.flags() | flags);
        if (lost.length != 0 && _lose(note.record, lost)) hand = hand.withStatus(ShipmentStatus.LOST);
        shipment.hand = hand;
        note.version = hand.version();
        note.recordHead = _head(note.record);
        _append(note, _oneNote(_note(note.record, ++_notes[note.record], _source(note), "")));
    }

    /// @inheritdoc IShipments
    function extend(bytes32 record, bytes32 license, LineDelta[] calldata lines, Source calldata source)
        external
        returns (Note memory)
    {
        _only(ISSUANCE);
        (, Hand hand) = _known(record);
        _inStatus(record, hand.status(), uint16(1) << ShipmentStatus.DELIVERED);
        _continue(record, lines);
        return _noted(record, abi.encode(license, lines), source);
    }

    /// @inheritdoc IShipments
    function curtail(bytes32 record, bytes32 license, LineDelta[] calldata lines, Source calldata source)
        external
        returns (Note memory)
    {
        _only(address(LICENSES));
        LineDelta[] memory deltas = _discontinue(record, lines);
        return _noted(record, abi.encode(license, deltas), source);
    }

    /// @inheritdoc IShipments
    function credit(bytes32 record, bytes32 license, Source calldata source)
        external
        returns (Taking memory taking, Note memory note)
    {
        _only(address(LICENSES));
        (Consignment storage shipment, Hand hand) = _known(record);
        shipment.hand = hand.withFlags(hand.flags() | Flag.CREDITED);
        taking = _returned(record, shipment);
        note = _noted(record, abi.encode(license, new LineDelta[](0)), source);
    }

    /// @inheritdoc IShipments
    function requireReturned(
        bytes32 record,
        bytes32 license,
        uint32 number,
        uint32 share,
        Draw[] calldata returned
    ) external view {
        (Consignment storage shipment, Hand hand) = _known(record);
        if (shipment.license != number) revert ShipmentNotOfLicense(record, license);
        _inStatus(record, hand.status(), uint16(1) << ShipmentStatus.RETURNED);
        if (hand.flags() & Flag.CREDITED != 0) revert AlreadyCredited(record);
        _within("share", share, 0, shipment.share);
        _matchReturned(record, returned, hand.lines());
    }

    /// @inheritdoc IShipments
    function stop(uint32 license, uint40 until) external {
        _only(address(LICENSES));
        _stops[license] = until;
    }

    /// @inheritdoc IShipments
    function shipmentOf(bytes32 record) external view returns (Shipment memory shipment, Held[] memory held) {
        (Consignment storage stored, Hand hand) = _known(record);
        shipment.version = hand.version();
        shipment.holder = hand.holder();
        shipment.responsible = hand.responsible();
        shipment.offeredTo = hand.offeredTo();
        shipment.lastFact = hand.lastFact();
        shipment.lapsesAt = hand.lapsesAt();
        shipment.status = hand.status();
        shipment.irregular = hand.irregular();
        shipment.grade = hand.grade();
        shipment.flags = hand.flags();
        shipment.license = stored.license;
        shipment.endUser = stored.endUser;
        shipment.exporter = stored.exporter;
        shipment.stoppedUntil = stored.stoppedUntil;
        shipment.clearedAt = stored.clearedAt;
        shipment.lines = hand.lines();
        shipment.share = stored.share;
        shipment.holds = stored.holds;
        shipment.latenessHours = hand.latenessHours();
        shipment.handoffHours = stored.handoffHours;
        shipment.countTolerance = stored.countTolerance;
        shipment.temporary = stored.temporary;
        held = _heldLines(record, shipment.lines);
    }

    /// @inheritdoc IShipments
    function notesOf(bytes32 record) external view returns (uint32) {
        return _notes[record];
    }

    /// @inheritdoc IShipments
    function reportHeadOf(bytes32 record) external view returns (bytes32) {
        return _reportHeads[record];
    }

    function _known(bytes32 record) private view returns (Consignment storage shipment, Hand hand) {
        shipment = _shipments[record];
        hand = shipment.hand;
        if (hand.version() == 0) revert UnknownRecord(record);
    }

    function _near(uint32 organization, Hand hand) private pure {
        if (organization != hand.holder() && organization != hand.responsible()) {
            revert NotTheHolder(organization, hand.holder());
        }
    }

    /// A shipment that is offered to the organization.
    function _offered(bytes32 record, uint32 organization)
        private
        view
        returns (Consignment storage shipment, Hand hand)
    {
        shipment = _shipments[record];
        hand = shipment.hand;
        uint32 offeredTo = hand.offeredTo();
        if (offeredTo == 0) {
            _known(record);
            revert NoOffer(record);
        }
        if (organization != offeredTo) revert NotOfferedTo(organization, offeredTo);
    }

    /// A step on the head, while the goods are under way.
    function _ready(bytes32 record, bytes32 parent, Hand hand) private view {
        _atHead(record, parent);
        _inStatus(record, hand.status(), ShipmentStatus.LIVE);
    }

    /// A possible fact in time, on a regular shipment.
    function _fact(bytes32 record, Hand hand, uint64 occurredAt) private view {
        _possible(hand.lastFact(), occurredAt);
        uint16 latenessHours = hand.latenessHours();
        if (block.timestamp - occurredAt > uint256(latenessHours) * 1 hours) {
            revert TooLate(occurredAt, _earliest(latenessHours));
        }
        if (hand.irregular() != 0) revert Irregular(record, hand.irregular());
    }

    /// The hand with the offer; refuses an impossible fact, a second offer, and who may not get the goods, or not now.
    /// @param suspended the organization, of those that offer, that is; 0: none
    /// @param roles of the receiver; 0 where it is not active
    function _offer(OfferHandoff calldata act, Consignment storage shipment, Hand hand, uint32 suspended, uint16 roles)
        private
        view
        returns (Hand)
    {
        (uint32 to, uint64 moment, uint32 license) = (act.to, act.occurredAt, shipment.license);
        _fact(act.record, hand, moment);
        uint32 open = hand.offeredTo();
        if (open != 0 && moment <= hand.lapsesAt()) revert OfferOpen(act.record, open);
        if (to == hand.holder()) revert AlreadyHolder(to);
        if (roles == 0) revert NotAReceiver(to, act.record);
        if (!_isRefuge(to, roles, shipment.exporter)) {
            bool known = roles & Role.CARRIER != 0 || to == shipment.endUser;
            if (!known && LICENSES.partyRoles(license, to) == 0) revert NotAReceiver(to, act.record);
            if (suspended != 0) revert OrganizationSuspended(suspended);
            _running(act.record, shipment.stoppedUntil, moment);
            uint40 stoppedUntil = _stops[license];
            if (moment < stoppedUntil) revert LicenseStopped(LICENSES.recordOf(license), stoppedUntil, moment);
            if (shipment.temporary) _dueLater(license, moment);
        }
        hand = hand.withOfferedTo(to).withHomeward(to == shipment.exporter);
        return hand.withLapsesAt(uint40(moment + uint256(shipment.handoffHours) * 1 hours));
    }

    function _dueLater(uint32 license, uint64 moment) private view {
        Standing memory standing = LICENSES.standingOf(license);
        if (_isOverdue(standing, moment)) {
            revert ReturnOverdue(LICENSES.recordOf(license), standing.returnBy, moment);
        }
    }

    function _running(bytes32 record, uint40 stoppedUntil, uint64 moment) private pure {
        if (moment < stoppedUntil) revert ShipmentStopped(record, stoppedUntil, moment);
    }

    /// Stores what a handoff moved, and moves the record by one step, whose parent has been found to be the head.
    function _step(
        Consignment storage shipment,
        Hand hand,
        bytes32 record,
        bytes32 parent,
        bytes32 digest,
        address signer
    ) private returns (uint32 version, bytes32 head) {
        version = hand.version() + 1;
        shipment.hand = hand.withVersion(version);
        head = keccak256(abi.encode(parent, digest, signer));
        _found(record, head);
    }

    /// Moves the record by an entry of another contract; its new head.
    function _close(Entered memory entry, Shipment calldata shipment, Note[] memory notes) private returns (bytes32) {
        uint32 version = shipment.version + 1;
        _store(entry.record, shipment, version);
        _move(entry, version);
        _append(entry, notes);
        return entry.recordHead;
    }

    function _store(bytes32 record, Shipment calldata shipment, uint32 version) private {
        Hand hand = Hand.wrap(version);
        hand = hand.withHolder(shipment.holder);
        hand = hand.withResponsible(shipment.responsible);
        hand = hand.withOfferedTo(shipment.offeredTo);
        hand = hand.withLastFact(shipment.lastFact);
        hand = hand.withLapsesAt(shipment.lapsesAt);
        hand = hand.withStatus(shipment.status);
        hand = hand.withIrregular(shipment.irregular);
        hand = hand.withGrade(shipment.grade);
        hand = hand.withFlags(shipment.flags);
        hand = hand.withLatenessHours(shipment.latenessHours);
        hand = hand.withLines(shipment.lines);
        hand = hand.withStopped(shipment.stoppedUntil != 0);
        hand = hand.withHomeward(shipment.offeredTo == shipment.exporter);
        _shipments[record] = Consignment({
            hand: hand,
            license: shipment.license,
            endUser: shipment.endUser,
            exporter: shipment.exporter,
            stoppedUntil: shipment.stoppedUntil,
            clearedAt: shipment.clearedAt,
            share: shipment.share,
            holds: shipment.holds,
            handoffHours: shipment.handoffHours,
            countTolerance: shipment.countTolerance,
            temporary: shipment.temporary
        });
    }

    /// What is held is back with the exporter; where both signed, a temporary license counts it as outstanding no more.
    function _comeHome(
        AcceptHandoff calldata act,
        bytes calldata signature,
        Consignment storage shipment,
        Hand hand,
        bytes32 digest,
        address signer
    ) private {
        hand = hand.withStatus(ShipmentStatus.RETURNED);
        _takeBack(act.record, hand.lines());
        Note[] memory notes = _noNotes();
        if (hand.grade() == Grade.FULL && shipment.temporary) {
            hand = hand.withFlags(hand.flags() | Flag.CREDITED);
            Source memory source = Source({digest: digest, signer: signer});
            notes = _oneNote(LICENSES.giveBack(shipment.license, _returned(act.record, shipment), source));
        }
        (uint32 version, bytes32 head) = _step(shipment, hand, act.record, act.parent, digest, signer);
        Entered memory entry;
        entry.kind = 88;
        entry.record = act.record;
        entry.organization = act.organization;
        entry.version = version;
        entry.signer = signer;
        entry.digest = digest;
        entry.recordHead = head;
        entry.act = abi.encode(act);
        entry.signature = signature;
        _append(entry, notes);
    }

    /// What a returned shipment gives back, with all of its share.
    function _returned(bytes32 record, Consignment storage shipment) private view returns (Taking memory taking) {
        taking.shipment = record;
        taking.endUser = shipment.endUser;
        taking.share = shipment.share;
        taking.lines = _returnedLines(record, shipment.hand.lines());
    }

    function _noted(bytes32 record, bytes memory delta, Source calldata source) private returns (Note memory) {
        return _note(record, ++_notes[record], source, delta);
    }

    /// Where the act ends in the calldata. From byte 68 on they are abi.encode(act): its offset, nine words, the offset of
    /// its counts, their number, the counts. Other offsets than an encoder writes are refused, and so is a flag that is
    /// neither 0 nor 1; the other members are read.
    function _end(AcceptHandoff calldata act) private pure returns (uint256) {
        (uint256 outer,, uint256 inner) = abi.decode(msg.data[4:100], (uint256, uint256, uint256));
        (,, uint256 counts) = abi.decode(msg.data[324:420], (bool, bytes32, uint256));
        if (outer != 64 || inner != 32 || counts != 320) revert();
        return 452 + 32 * act.counted.length;
    }
}
