"""What the notes of entries change in other records than their own (RULES.md, column "touches").

A note says what moved on which line; what it means follows from the act that left it.
"""

from collections.abc import Sequence
from dataclasses import replace

from ledger.acts.act import Act
from ledger.acts.certificates import RecordCertificate, SignCertificate
from ledger.acts.licensing import BindCertificate, CreditReturn, IssueLicense, SupersedeLicense
from ledger.journal.entries import LineDelta, certificate_delta, license_delta, record_delta, shipment_delta
from ledger.records.book import Book
from ledger.records.codes import ApplicationStatus, CertificateStatus, LicenseStatus
from ledger.records.states import (
    Application,
    Certificate,
    CertificateLine,
    License,
    LicenseLine,
    Record,
    Shipment,
    ShipmentLine,
)


def noted(record: Record, delta: bytes, act: Act, book: Book) -> Record:
    """The record as a note by `act` leaves it, its own chain aside."""
    match record:
        case License():
            return _license(record, delta, act, book)
        case Certificate():
            return _certificate(record, delta, act)
        case Application():
            return replace(record, status=ApplicationStatus.GRANTED, license=record_delta(delta))
        case Shipment():
            return _shipment(record, delta, act)
    return record


def _license(license: License, delta: bytes, act: Act, book: Book) -> License:
    drawn = license_delta(delta)
    if not isinstance(act, SupersedeLicense):
        return replace(license, shares=license.shares + drawn.share, lines=_drawn(license.lines, drawn.lines))
    after = replace(license, status=LicenseStatus.SUPERSEDED, superseded_by=drawn.shipment)
    asked = book.get(act.application)
    # A book of a part may lack the successor's application: what it took then stays granted here.
    if not isinstance(asked, Application):
        return after
    pairs = zip(license.lines, asked.lines, strict=True)
    return replace(after, lines=tuple(replace(line, granted=line.granted - new.granted) for line, new in pairs))


def _certificate(certificate: Certificate, delta: bytes, act: Act) -> Certificate:
    granted = certificate_delta(delta)
    match act:
        case SignCertificate() | RecordCertificate():
            return replace(certificate, status=CertificateStatus.SUPERSEDED, superseded_by=granted.license)
        case IssueLicense() | BindCertificate():
            return replace(certificate, lines=_granted(certificate.lines, granted.lines))
    return replace(certificate, used=True)


def _shipment(shipment: Shipment, delta: bytes, act: Act) -> Shipment:
    if isinstance(act, CreditReturn):
        return replace(shipment, credited=True)
    return replace(shipment, lines=_continued(shipment.lines, shipment_delta(delta).lines))


def _drawn(lines: tuple[LicenseLine, ...], deltas: Sequence[LineDelta]) -> tuple[LicenseLine, ...]:
    after = list(lines)
    for delta in deltas:
        after[delta.line] = replace(after[delta.line], drawn=after[delta.line].drawn + delta.quantity)
    return tuple(after)


def _granted(lines: tuple[CertificateLine, ...], deltas: Sequence[LineDelta]) -> tuple[CertificateLine, ...]:
    after = list(lines)
    for delta in deltas:
        after[delta.line] = replace(after[delta.line], granted=after[delta.line].granted + delta.quantity)
    return tuple(after)


def _continued(lines: tuple[ShipmentLine, ...], deltas: Sequence[LineDelta]) -> tuple[ShipmentLine, ...]:
    after = list(lines)
    for delta in deltas:
        after[delta.line] = replace(after[delta.line], continued=after[delta.line].continued + delta.quantity)
    return tuple(after)
