"""Effects on applications (RULES.md, section 4). What grants one is a license's act and arrives as a note."""

from collections.abc import Sequence
from dataclasses import replace

from ledger.acts.act import Act
from ledger.acts.applications import (
    AmendApplication,
    ApplyForLicense,
    AssessApplication,
    RecordLicense,
    RefuseApplication,
    ReturnApplication,
    WithdrawApplication,
)
from ledger.acts.applications import LicenseLine as AskedLine
from ledger.ids import Commitment, RecordId, Time
from ledger.journal.entries import Entry
from ledger.records.book import Book, known
from ledger.records.codes import ApplicationStatus, Control, LicenseKind
from ledger.records.directory import no_effect
from ledger.records.states import Application, LicenseLine


def application_after(act: Act, entry: Entry, book: Book) -> Application:
    """The application as the act leaves it."""
    match act:
        case ApplyForLicense():
            return _asked(act, entry)
        case RecordLicense():
            return _recorded(act, entry, book)
    return _judged(act, known(Application, act.record, book), entry, book)


def _judged(act: Act, application: Application, entry: Entry, book: Book) -> Application:
    match act:
        case AmendApplication():
            return _amended(act, application)
        case WithdrawApplication():
            return replace(application, status=ApplicationStatus.WITHDRAWN)
        case ReturnApplication():
            return replace(application, status=ApplicationStatus.RETURNED, assessor=0)
        case AssessApplication():
            agent = book.agent(act.organization, entry.signer).number
            return replace(application, status=ApplicationStatus.ASSESSED, assessor=agent)
        case RefuseApplication():
            agent = book.agent(act.organization, entry.signer).number
            return replace(application, status=ApplicationStatus.REFUSED, decider=agent)
    raise no_effect(act)


def _asked(act: ApplyForLicense, entry: Entry) -> Application:
    return Application(
        record=RecordId(act.record),
        created_seq=entry.seq,
        exporter=act.organization,
        authority=act.authority,
        kind=LicenseKind(act.kind),
        status=ApplicationStatus.SUBMITTED,
        recorded=False,
        control=Control.POLICY,
        drawn_share=0,
        valid_from=Time(act.valid_from),
        valid_until=Time(act.valid_until),
        continues=RecordId(act.continues),
        assessor=0,
        document=Commitment(act.document),
        parties=act.parties,
        lines=_lines(act.lines),
    )


def _recorded(act: RecordLicense, entry: Entry, book: Book) -> Application:
    return Application(
        record=RecordId(act.record),
        created_seq=entry.seq,
        exporter=act.exporter,
        authority=act.organization,
        kind=LicenseKind(act.kind),
        status=ApplicationStatus.ASSESSED,
        recorded=True,
        control=Control(act.control),
        drawn_share=act.drawn_share,
        valid_from=Time(act.valid_from),
        valid_until=Time(act.valid_until),
        assessor=book.agent(act.organization, entry.signer).number,
        document=Commitment(act.document),
        parties=act.parties,
        lines=_lines(act.lines),
    )


def _amended(act: AmendApplication, application: Application) -> Application:
    """What was assessed is so no longer."""
    return replace(
        application,
        status=ApplicationStatus.SUBMITTED,
        assessor=0,
        valid_from=Time(act.valid_from),
        valid_until=Time(act.valid_until),
        document=Commitment(act.document),
        parties=act.parties,
        lines=_lines(act.lines),
    )


def _lines(asked: Sequence[AskedLine]) -> tuple[LicenseLine, ...]:
    return tuple(
        LicenseLine(
            unit=line.unit,
            decimals=line.decimals,
            granted=line.granted,
            drawn=line.drawn,
            unlimited=line.unlimited,
            certificate=RecordId(line.certificate),
            certificate_line=line.certificate_line,
        )
        for line in asked
    )
