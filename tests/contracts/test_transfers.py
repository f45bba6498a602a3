"""Transfers of technology: recorded whatever rule they break, each broken rule a bit."""

import dataclasses

import pytest

from ledger.acts.applications import Party
from ledger.acts.certificates import RevokeCertificate
from ledger.acts.manifests import Draw, RecordTransfer
from ledger.acts.orders import SuspendLicense
from ledger.acts.organizations import SuspendOrganization
from ledger.acts.reports import ConfirmDelivery, ConfirmReport, ReportDelivery
from ledger.ids import ZERO32
from ledger.journal.entries import LicenseDelta, LineDelta, license_delta
from tests.contracts.examples import HOUR
from tests.scenario import ADMIN, CUSTODY, DAY, DOCUMENT, END_USER, TERMS

NOT_IN_FORCE, STOPPED, LATE, CERTIFICATE, _, RECEIVER, GRADE = (1 << bit for bit in range(7))
OVER_DRAW, RETURN_OVERDUE = 1 << 9, 1 << 12
MOST = 2**80 - 1


def members(stage, license, *quantities, **changed):
    draws = tuple(Draw(line=line, quantity=quantity) for line, quantity in enumerate(quantities))
    values = {"license": license, "end_user": 6, "share": 0, "document": DOCUMENT, "draws": draws}
    return values | {"occurred_at": stage.trade.time} | changed


def refusal(stage, license, *quantities, person="clerk", organization=2, **changed):
    return stage.trade.refusal(RecordTransfer, person, organization, **members(stage, license, *quantities, **changed))


def transfer(stage, license, *quantities, **changed):
    return stage.trade.act(RecordTransfer, "clerk", 2, **members(stage, license, *quantities, **changed))


def bits(stage, license, *quantities, **changed):
    """What a transfer sets."""
    return shipment_of(stage, transfer(stage, license, *(quantities or (1,)), **changed).record).irregular


def shipment_of(stage, record):
    return stage.trade.view("Shipments", "shipmentOf", record).shipment


def under(stage, quantity=10, certificate=None, kind=1, valid=DAY, **terms):
    """A license under a policy with other terms."""
    trade = stage.trade
    trade.adopt(dataclasses.replace(TERMS, **terms), kind=kind)
    trade.assess(
        application := trade.apply(quantity, certificate=certificate or trade.certificate(quantity), kind=kind)
    )
    back = {"return_by": trade.time + HOUR} if kind == 4 else {}
    return trade.issue(application, valid_until=trade.time + valid, **back)


# Refused


def test_only_the_licenses_exporter_records_a_transfer(stage):
    answer = refusal(stage, stage.license, 1, person="forwarder clerk", organization=3)
    assert answer == ("WrongOrganization", {"organization": 3, "required": 2})


FAULTS = {
    "no document": ({"document": ZERO32}, ("CommitmentMissing", {"field": "document"})),
    "a recipient that is not there": ({"end_user": 99}, ("UnknownOrganization", {"organization": 99})),
    "no draw": ({"draws": ()}, ("OutOfRange", {"field": "draws", "value": 0, "minimum": 1, "maximum": 32})),
    "a line twice": ({"draws": (Draw(line=1, quantity=1),) * 2}, ("LinesNotAscending", {"line": 1, "previous": 1})),
    "an unknown line": (
        {"draws": (Draw(line=2, quantity=1),)},
        ("OutOfRange", {"field": "line", "value": 2, "minimum": 0, "maximum": 1}),
    ),
    "quantity 0": (
        {"draws": (Draw(line=0, quantity=0),)},
        ("OutOfRange", {"field": "quantity", "value": 0, "minimum": 1, "maximum": MOST}),
    ),
    "drawn beyond what can be stored": (
        {"draws": (Draw(line=0, quantity=MOST),)},
        ("QuantityTooLarge", {"field": "drawn", "value": MOST + 32, "maximum": MOST}),
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_transfer_is_refused(stage, fault):
    changed, answer = FAULTS[fault]
    assert refusal(stage, stage.license, 1, **changed) == answer


def test_a_transfer_of_the_future_is_refused(stage):
    time = stage.trade.time
    answer = refusal(stage, stage.license, 1, occurred_at=time + 1)
    assert answer == ("OccurredInFuture", {"occurredAt": time + 1, "time": time})


# Effects


def test_a_transfer_is_with_its_recipient_at_once_on_one_sides_word(stage):
    moment = stage.trade.time - 5
    found = shipment_of(stage, transfer(stage, stage.license, 2, share=7, occurred_at=moment).record)
    assert (found.status, found.holder, found.endUser, found.responsible, found.exporter) == (3, 6, 6, 2, 2)
    assert (found.grade, found.flags >> 4 & 3, found.flags & 1 << 3, found.lastFact) == (1, 1, 1 << 3, moment)
    assert (found.irregular, found.clearedAt, found.share) == (0, 0, 7)


def test_i1_a_transfer_is_a_note_of_the_license_with_its_lines_and_share(stage):
    entry = transfer(stage, stage.license, 1, 2, share=7)
    (note,) = entry.touched
    delta = LicenseDelta(entry.record, 7, (LineDelta(0, 1), LineDelta(1, 2)))
    assert (note.record, license_delta(note.delta)) == (stage.license, delta)


def test_a_transfer_to_nobody_known_stays_with_the_exporter_and_is_irregular(stage):
    found = shipment_of(stage, transfer(stage, stage.license, 1, end_user=0).record)
    assert (found.holder, found.endUser, found.irregular & RECEIVER) == (2, 0, RECEIVER)


def test_a_delivery_to_nobody_known_is_not_reported(stage):
    shipment = transfer(stage, stage.license, 1, end_user=0).record
    values = {"occurred_at": stage.trade.time, "document": DOCUMENT, "counted": (1,)}
    answer = stage.trade.refusal(ReportDelivery, "clerk", 2, record=shipment, **values)
    assert answer == ("UnknownOrganization", {"organization": 0})


def test_the_recipient_confirms_the_transfer_and_its_custody_rises_to_a(stage):
    entry = transfer(stage, stage.license, 1)
    stage.trade.confirm_report(entry.record, "storekeeper", 6, entry)
    found = shipment_of(stage, entry.record)
    assert (found.grade, found.responsible, found.flags >> 4 & 3) == (3, 6, 1)


def test_the_recipient_confirms_the_delivery_of_a_transfer(stage):
    shipment = transfer(stage, stage.license, 1).record
    values = {"occurred_at": stage.trade.time, "document": ZERO32, "counted": (1,)}
    assert stage.trade.refusal(ConfirmDelivery, "storekeeper", 6, record=shipment, **values) is None


def test_nobody_confirms_a_transfer_to_itself(stage):
    entry = transfer(stage, stage.license, 1, end_user=2)
    values = {"record": entry.record, "report_head": entry.record_head}
    answer = stage.trade.refusal(ConfirmReport, "clerk", 2, **values)
    assert answer == ("NotTheReport", {"reportHead": entry.record_head, "expected": ZERO32})


# Bits


def test_a_transfer_that_keeps_every_rule_sets_no_bit_without_any_clearance(stage):
    assert bits(stage, stage.license) == 0


@pytest.mark.parametrize(("after", "expected"), [(-1, 0), (0, NOT_IN_FORCE)])
def test_bit_0_a_transfer_outside_validity(stage, after, expected):
    license = under(stage, valid=HOUR)
    last = stage.trade.time + HOUR
    stage.trade.advance(2 * HOUR)
    assert bits(stage, license, occurred_at=last + after) == expected


@pytest.mark.parametrize(("before", "expected"), [(1, STOPPED), (0, 0)])
def test_bit_1_a_transfer_under_a_suspension(stage, before, expected):
    trade = stage.trade
    trade.act(SuspendLicense, "enforcer", 1, record=stage.license, reason=1)
    lapse = trade.time + 72 * HOUR
    trade.time = lapse + HOUR
    assert bits(stage, stage.license, occurred_at=lapse - before) == expected


@pytest.mark.parametrize(("late", "expected"), [(0, 0), (1, LATE)])
def test_bit_2_a_transfer_recorded_beyond_the_lateness_limit(stage, late, expected):
    moment = stage.trade.time
    stage.trade.advance(72 * HOUR + late)
    assert bits(stage, stage.license, occurred_at=moment) == expected


@pytest.mark.parametrize(("needed", "expected"), [(1, 0), (2, CERTIFICATE)])
def test_bit_3_a_transfer_below_the_certificate_grade(stage, needed, expected):
    license = under(stage, certificate=stage.trade.paper_certificate(10), certificate_grade=needed)
    assert bits(stage, license) == expected


@pytest.mark.parametrize(("signers", "expected"), [(0, 0), (8, CERTIFICATE)])
def test_bit_3_a_transfer_under_a_certificate_that_is_not_cosigned(stage, signers, expected):
    assert bits(stage, under(stage, certificate_signers=signers)) == expected


def test_bit_3_a_transfer_under_a_revoked_certificate(stage):
    stage.trade.act(RevokeCertificate, "official", 6, record=stage.certificate, reason=1)
    assert bits(stage, stage.license) == CERTIFICATE


@pytest.mark.parametrize(("exempt", "expected"), [(END_USER, 0), (2, CERTIFICATE)])
def test_bit_3_is_not_for_an_exempt_recipient(stage, exempt, expected):
    license = under(stage, certificate=stage.trade.paper_certificate(10), exempt_roles=exempt)
    assert bits(stage, license) == expected


def test_bit_5_a_transfer_to_who_is_no_end_user_of_the_license(stage):
    assert bits(stage, stage.license, end_user=3) & RECEIVER == RECEIVER


def test_bit_5_a_transfer_to_a_suspended_end_user(stage):
    trade = stage.trade
    other = trade.register("other", END_USER, {"other admin": ADMIN | CUSTODY})
    parties = (Party(organization=other, role=6),)
    trade.adopt(dataclasses.replace(TERMS, certificate_grade=0))
    trade.assess(application := trade.apply(9, parties=parties))
    license = trade.issue(application)
    before = bits(stage, license, end_user=other)
    trade.act(SuspendOrganization, "enforcer", 1, record=trade.organization(other), reason=1)
    assert (before, bits(stage, license, end_user=other)) == (0, RECEIVER)


@pytest.mark.parametrize(("lowest", "expected"), [(1, 0), (2, GRADE)])
def test_bit_6_a_transfer_is_graded_b(stage, lowest, expected):
    assert bits(stage, under(stage, lowest_custody_grade=lowest)) == expected


@pytest.mark.parametrize(("quantity", "expected"), [(18, 0), (19, OVER_DRAW)])
def test_bit_9_a_transfer_beyond_its_line(stage, quantity, expected):
    """32 of 50 are drawn on the stage."""
    assert bits(stage, stage.license, quantity) == expected


@pytest.mark.parametrize(("over", "expected"), [(0, 0), (1, OVER_DRAW)])
def test_bit_9_a_transfer_beyond_the_value(stage, over, expected):
    number = stage.trade.view("Licenses", "numberOf", stage.license)
    room = 1_100_000_000 - stage.trade.view("Licenses", "licenseOf", number).shares
    assert bits(stage, stage.license, share=room + over) == expected


def test_bit_9_a_transfer_on_a_full_line(stage):
    transfer(stage, stage.license, 18)
    assert bits(stage, stage.license) == OVER_DRAW


@pytest.mark.parametrize(("after", "expected"), [(-1, 0), (0, RETURN_OVERDUE)])
def test_bit_12_a_transfer_under_a_temporary_license_when_it_should_be_back(stage, after, expected):
    license = under(stage, kind=4)
    due = stage.trade.time + HOUR
    stage.trade.advance(2 * HOUR)
    assert bits(stage, license, occurred_at=due + after) == expected
