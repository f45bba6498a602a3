"""Effects on licenses (RULES.md, section 4). Draws, and the end of a superseded one, arrive as notes."""

from dataclasses import replace

from ledger.acts.act import Act, RecordKind
from ledger.acts.licensing import (
    AcknowledgeConditions,
    BindCertificate,
    CorrectLicense,
    CreditReturn,
    IssueLicense,
    SupersedeLicense,
    SurrenderLicense,
    TransferLicense,
)
from ledger.acts.orders import ConfirmSuspension, ReinstateLicense, RevokeLicense, SuspendLicense
from ledger.ids import Commitment, RecordId, Time
from ledger.journal.entries import Entry
from ledger.records.book import Book, known
from ledger.records.codes import FOREVER, Control, LicenseKind, LicenseStatus
from ledger.records.counting import HOUR
from ledger.records.directory import no_effect
from ledger.records.parts import Acknowledgement
from ledger.records.proposals import seconded
from ledger.records.states import NO_RECORD, Application, License, LicenseLine

ONWARD = (LicenseKind.RETRANSFER, LicenseKind.REEXPORT)
"""Under these kinds, goods that were delivered go on."""


def license_after(act: Act, entry: Entry, book: Book) -> License:
    """The license as the act leaves it."""
    if isinstance(act, IssueLicense | SupersedeLicense):
        return _issued(act, entry, book)
    license = known(License, act.record, book)
    match act:
        case SuspendLicense() | ConfirmSuspension() | ReinstateLicense() | RevokeLicense():
            return _ordered(act, license, entry, book)
        case CreditReturn():
            return _credited(act, license, entry, book)
    return _kept(act, license)


def _kept(act: Act, license: License) -> License:
    match act:
        case BindCertificate():
            return _bound(act, license)
        case CorrectLicense():
            return replace(license, document=Commitment(act.document))
        case TransferLicense():
            return replace(license, exporter=act.to, transfers=license.transfers + 1)
        case SurrenderLicense():
            return replace(license, status=LicenseStatus.SURRENDERED)
        case AcknowledgeConditions():
            others = tuple(one for one in license.acknowledgements if one.organization != act.organization)
            own = Acknowledgement(organization=act.organization, document=Commitment(act.document))
            return replace(license, acknowledgements=(*others, own))
    raise no_effect(act)


def _issued(act: IssueLicense | SupersedeLicense, entry: Entry, book: Book) -> License:
    application = known(Application, act.application, book)
    record = RecordId(act.record)
    policy = book.policy(act.policy)
    return License(
        record=record,
        created_seq=entry.seq,
        number=book.new_number(RecordKind.LICENSE, record),
        exporter=application.exporter,
        authority=application.authority,
        policy=act.policy,
        kind=application.kind,
        control=application.control if application.recorded else Control(policy.terms.control),
        status=LicenseStatus.ISSUED,
        valid_from=Time(act.valid_from),
        valid_until=Time(act.valid_until),
        return_by=Time(act.return_by),
        shares=application.drawn_share,
        application=application.record,
        continues=application.continues if application.kind in ONWARD else NO_RECORD,
        supersedes=RecordId(act.license) if isinstance(act, SupersedeLicense) else NO_RECORD,
        document=Commitment(act.document),
        parties=application.parties,
        lines=application.lines,
    )


def _ordered(
    act: SuspendLicense | ConfirmSuspension | ReinstateLicense | RevokeLicense,
    license: License,
    entry: Entry,
    book: Book,
) -> License:
    match act:
        case SuspendLicense():
            return _suspended(license, entry, book)
        case ConfirmSuspension():
            return replace(license, stopped_until=Time(FOREVER))
        case ReinstateLicense():
            return replace(license, status=LicenseStatus.ISSUED, stopped_until=entry.time)
    acts, proposals = seconded(act, entry, license.proposals, book)
    if not acts:
        return replace(license, proposals=proposals)
    return replace(license, status=LicenseStatus.REVOKED, stopped_until=Time(FOREVER), proposals=proposals)


def _suspended(license: License, entry: Entry, book: Book) -> License:
    until = entry.time + book.policy(license.policy).terms.suspension_hours * HOUR
    return replace(
        license,
        status=LicenseStatus.SUSPENDED,
        stopped_until=Time(max(license.stopped_until, until)),
        suspender=book.agent(entry.organization, entry.signer).number,
    )


def _bound(act: BindCertificate, license: License) -> License:
    lines = list(license.lines)
    lines[act.line] = replace(
        lines[act.line], certificate=RecordId(act.certificate), certificate_line=act.certificate_line
    )
    return replace(license, lines=tuple(lines))


def _credited(act: CreditReturn, license: License, entry: Entry, book: Book) -> License:
    """The second entry takes the draw of what was returned back."""
    acts, proposals = seconded(act, entry, license.proposals, book)
    if not acts:
        return replace(license, proposals=proposals)
    returned = {draw.line: draw.quantity for draw in act.returned}
    lines = tuple(_drawn_less(line, returned.get(number, 0)) for number, line in enumerate(license.lines))
    return replace(license, lines=lines, shares=license.shares - act.share, proposals=proposals)


def _drawn_less(line: LicenseLine, quantity: int) -> LicenseLine:
    return replace(line, drawn=line.drawn - quantity)
