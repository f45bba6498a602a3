"""What a shipment takes of a license and gives back, and whether the license is in force (RULES.md, section 4; I1)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ledger.acts.act import Act
from ledger.audit.case import Case
from ledger.audit.certificates import is_in_force
from ledger.audit.codes import MAX_QUANTITY, WHOLE, WHOLE_VALUE, Control, LicenseStatus, bits
from ledger.audit.heads import drawing
from ledger.audit.refusals import require, require_between
from ledger.audit.state import Certificate, License, Line, State

LIVE = bits(LicenseStatus.ISSUED, LicenseStatus.SUSPENDED)


@dataclass(frozen=True, slots=True)
class Taking:
    """What a shipment takes, or takes more: quantities by line of the license, and a share of its value."""

    shipment: bytes
    end_user: int
    share: int
    quantities: tuple[tuple[int, int], ...]


def require_in_force(license: License, moment: int) -> None:
    """In force at a moment: status, beginning, end, stop."""
    require(bool(LIVE >> license.status & 1), "WrongStatus", license.record, license.status, LIVE)
    begun = license.valid_from <= moment
    require(begun, "LicenseNotYetValid", license.record, license.valid_from, moment)
    require(moment < license.valid_until, "LicenseExpired", license.record, license.valid_until, moment)
    require_unstopped(license, moment)


def require_unstopped(license: License, moment: int) -> None:
    """Not suspended or revoked at that moment."""
    going = license.stopped_until <= moment
    require(going, "LicenseStopped", license.record, license.stopped_until, moment)


def is_valid(license: License, moment: int) -> bool:
    """Issued or suspended, and inside its validity; stops are not asked."""
    return bool(LIVE >> license.status & 1) and license.valid_from <= moment < license.valid_until


def check_draw_lines(license: License, lines: Sequence[int]) -> None:
    """Ascending, each known."""
    previous = -1
    for line in lines:
        require(line > previous, "LinesNotAscending", line, max(previous, 0))
        require_between("line", line, 0, len(license.lines) - 1)
        previous = line


def check_draw(case: Case[Act], license: License, taking: Taking, *, value: bool = True) -> None:
    """Quantity, line by line, then value, then the certificates behind the lines; `value`: whether it is asked."""
    tolerances = case.state.policy(license.policy).terms
    for line, quantity in taking.quantities:
        check_quantity(license, line, quantity, tolerance=tolerances.quantity_tolerance)
    if value and license.control in (Control.VALUE, Control.BOTH):
        limit = value_limit(tolerances.value_tolerance)
        within = license.shares + taking.share <= limit
        require(within, "ValueExceeded", license.record, taking.share, max(limit - license.shares, 0))
    for line, _ in taking.quantities:
        _check_certificate(case, license.lines[line], taking.end_user)


def check_quantity(license: License, index: int, quantity: int, *, tolerance: int) -> None:
    """Where quantity is bounded not full, and not beyond what is granted with the tolerance."""
    line, limit = license.lines[index], MAX_QUANTITY
    if license.control in (Control.QUANTITY, Control.BOTH) and not line.unlimited:
        require(line.drawn < line.granted, "LineFull", license.record, index, line.granted, line.drawn)
        limit = quantity_limit(line, tolerance)
    within = line.drawn + quantity <= limit
    require(within, "QuantityExceeded", license.record, index, quantity, max(limit - line.drawn, 0))


def quantity_limit(line: Line, tolerance: int) -> int:
    """Granted with the tolerance, never more than a quantity can be."""
    return min(line.granted * (WHOLE + tolerance) // WHOLE, MAX_QUANTITY)


def value_limit(tolerance: int) -> int:
    """The whole value with the tolerance, parts per billion."""
    return WHOLE_VALUE * (WHOLE + tolerance) // WHOLE


def _check_certificate(case: Case[Act], line: Line, end_user: int) -> None:
    certificate = case.state.certificate(line.certificate)
    if certificate is None:
        return
    require(is_in_force(certificate, case.time), "CertificateNotInForce", certificate.number, case.time)
    same = certificate.end_user == end_user
    require(same, "CertificateMismatch", certificate.number, end_user, certificate.end_user)


def exceeds(case: Case[Act], license: License, taking: Taking) -> bool:
    """114: whether a line was full, or quantity or value beyond its limit."""
    tolerances = case.state.policy(license.policy).terms
    over = False
    if license.control in (Control.QUANTITY, Control.BOTH):
        for index, quantity in taking.quantities:
            line = license.lines[index]
            limit = quantity_limit(line, tolerances.quantity_tolerance)
            over |= not line.unlimited and (line.drawn >= line.granted or line.drawn + quantity > limit)
    if license.control in (Control.VALUE, Control.BOTH):
        over |= license.shares + taking.share > value_limit(tolerances.value_tolerance)
    return over


def move(case: Case[Act], license: bytes, taking: Taking) -> None:
    """Draws, or gives back what is negative, and notes it on the license."""
    shift(case.state, license, taking)
    case.touch(license, drawing(taking.shipment, taking.share, taking.quantities))


def shift(state: State, record: bytes, taking: Taking) -> None:
    """The same without a note: the license is the act's own record."""
    license = state.draft(License, record)
    license.shares += taking.share
    license.lines = with_drawn(license.lines, taking.quantities)


def with_drawn(lines: Sequence[Line], quantities: Iterable[tuple[int, int]]) -> tuple[Line, ...]:
    """The lines with more drawn on some."""
    more = dict(quantities)
    return tuple(replace(line, drawn=line.drawn + more.get(index, 0)) for index, line in enumerate(lines))


def certificate_behind(state: State, license: License, index: int) -> Certificate | None:
    """The newest certificate behind a line of a license; None where it names none."""
    return state.certificate(license.lines[index].certificate)
