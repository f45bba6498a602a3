"""What shipments draw from a license (I1), who may draw, and what a cancelled one gives back."""

import dataclasses

import pytest

from ledger.acts.applications import Party, RecordLicense
from ledger.acts.certificates import RevokeCertificate
from ledger.acts.manifests import CancelShipment, Draw, RegisterShipment
from ledger.acts.orders import ReinstateLicense, SuspendLicense
from ledger.ids import ZERO32
from ledger.journal.entries import LicenseDelta, LineDelta, license_delta
from tests.contracts.examples import HOUR, LINE, license_terms
from tests.scenario import DOCUMENT, END_USER, TERMS, salt_of

MOST = 2**80 - 1
QUANTITY, VALUE, BOTH, OPEN = 1, 2, 3, 4
WHOLE = 10**9


def recorded(stage, *lines, control=QUANTITY, drawn_share=0, **terms):
    """A license recorded from outside under a policy with these terms."""
    trade = stage.trade
    if terms:
        trade.adopt(dataclasses.replace(TERMS, **terms))
    values = license_terms(stage) | {"lines": lines or (LINE,)}
    application = trade.act(
        RecordLicense, "recorder", 1, **values, exporter=2, control=control, drawn_share=drawn_share
    )
    return trade.issue(application.record)


def draw(stage, drawn_on, *draws, share=0, **changed):
    """The refusal of a shipment with (line, quantity) draws; None where it would be registered."""
    values = {
        "license": drawn_on,
        "end_user": 6,
        "share": share,
        "waybill": ZERO32,
        "document": DOCUMENT,
        "draws": tuple(Draw(line=line, quantity=quantity) for line, quantity in draws),
    }
    return stage.trade.refusal(RegisterShipment, "clerk", 2, **(values | changed))


def balance(stage, drawn_on, line=0):
    number = stage.trade.view("Licenses", "numberOf", drawn_on)
    return stage.trade.view("Licenses", "lineOf", number, line).drawn


def shares(stage, drawn_on):
    return stage.trade.view("Licenses", "licenseOf", stage.trade.view("Licenses", "numberOf", drawn_on)).shares


def of(granted, drawn=0, **changed):
    return dataclasses.replace(LINE, granted=granted, drawn=drawn, **changed)


# Quantity


@pytest.mark.parametrize(("tolerance", "most"), [(0, 1000), (1, 1000), (10, 1001), (500, 1050), (10_000, 2000)])
def test_i1_the_last_draw_may_pass_granted_within_the_tolerance(stage, tolerance, most):
    drawn_on = recorded(stage, of(1000), quantity_tolerance=tolerance)
    assert draw(stage, drawn_on, (0, most)) is None
    values = {"record": drawn_on, "line": 0, "requested": most + 1, "remaining": most}
    assert draw(stage, drawn_on, (0, most + 1)) == ("QuantityExceeded", values)


def test_i1_a_line_that_is_drawn_up_is_full(stage):
    drawn_on = recorded(stage, of(10), quantity_tolerance=1000)
    stage.trade.ship(drawn_on, 10)
    values = {"license": drawn_on, "line": 0, "granted": 10, "drawn": 10}
    assert draw(stage, drawn_on, (0, 1)) == ("LineFull", values)


def test_i1_a_line_one_short_of_full_takes_the_tolerance_too(stage):
    drawn_on = recorded(stage, of(10), quantity_tolerance=1000)
    stage.trade.ship(drawn_on, 9)
    assert draw(stage, drawn_on, (0, 2)) is None
    assert draw(stage, drawn_on, (0, 3))[1]["remaining"] == 2


@pytest.mark.parametrize("drawn", [10, 11, MOST])
def test_i1_a_license_recorded_as_drawn_up_or_over_is_full(stage, drawn):
    drawn_on = recorded(stage, of(10, drawn), quantity_tolerance=10_000)
    assert draw(stage, drawn_on, (0, 1))[0] == "LineFull"


def test_i1_what_was_drawn_before_the_ledger_counts(stage):
    """Story 10: a license enters 60 % drawn and refuses 41 %."""
    drawn_on = recorded(stage, of(100, 60))
    assert draw(stage, drawn_on, (0, 40)) is None
    assert draw(stage, drawn_on, (0, 41))[0] == "QuantityExceeded"


def test_i1_no_tolerance_carries_a_line_beyond_what_can_be_stored(stage):
    drawn_on = recorded(stage, of(MOST, MOST - 1), quantity_tolerance=10_000)
    values = {"record": drawn_on, "line": 0, "requested": 2, "remaining": 1}
    assert draw(stage, drawn_on, (0, 2)) == ("QuantityExceeded", values)
    assert draw(stage, drawn_on, (0, 1)) is None


@pytest.mark.parametrize("control", [VALUE, OPEN])
def test_without_control_of_quantity_a_line_is_bound_by_its_width_alone(stage, control):
    drawn_on = recorded(stage, of(1, 5), control=control)
    assert draw(stage, drawn_on, (0, MOST - 5)) is None
    assert draw(stage, drawn_on, (0, MOST - 4))[0] == "QuantityExceeded"


@pytest.mark.parametrize("control", [QUANTITY, BOTH])
def test_a_line_without_limit_is_counted_and_not_bound(stage, control):
    drawn_on = recorded(stage, of(0, unlimited=True), control=control)
    stage.trade.ship(drawn_on, 10**20)
    assert balance(stage, drawn_on) == 10**20
    assert draw(stage, drawn_on, (0, 10**20)) is None


# Value


@pytest.mark.parametrize("control", [VALUE, BOTH])
@pytest.mark.parametrize(("tolerance", "limit"), [(0, WHOLE), (1, WHOLE + 100_000), (10_000, 2 * WHOLE)])
def test_i1_shares_stay_within_the_value_and_its_tolerance(stage, control, tolerance, limit):
    drawn_on = recorded(stage, of(9), control=control, value_tolerance=tolerance)
    assert draw(stage, drawn_on, (0, 1), share=limit) is None
    values = {"license": drawn_on, "requested": limit + 1, "remaining": limit}
    assert draw(stage, drawn_on, (0, 1), share=limit + 1) == ("ValueExceeded", values)


@pytest.mark.parametrize("control", [QUANTITY, OPEN])
def test_without_control_of_value_shares_are_counted_and_not_bound(stage, control):
    drawn_on = recorded(stage, of(9), control=control)
    stage.trade.ship(drawn_on, 1, share=2**32 - 1)
    assert shares(stage, drawn_on) == 2**32 - 1


def test_i1_a_value_recorded_as_overdrawn_takes_nothing_more(stage):
    drawn_on = recorded(stage, of(9), control=VALUE, drawn_share=3 * WHOLE)
    values = {"license": drawn_on, "requested": 1, "remaining": 0}
    assert draw(stage, drawn_on, (0, 1), share=1) == ("ValueExceeded", values)


def test_under_control_of_value_a_shipment_without_value_is_taken_at_the_limit(stage):
    drawn_on = recorded(stage, of(9), control=VALUE, drawn_share=WHOLE, value_tolerance=0)
    assert draw(stage, drawn_on, (0, 1), share=0) is None


# The shape of a draw


SHAPES = {
    "no draw": ((), ("OutOfRange", {"field": "draws", "value": 0, "minimum": 1, "maximum": 32})),
    "33 draws": (
        tuple((line, 1) for line in range(33)),
        ("OutOfRange", {"field": "draws", "value": 33, "minimum": 1, "maximum": 32}),
    ),
    "quantity 0": (((0, 0),), ("OutOfRange", {"field": "quantity", "value": 0, "minimum": 1, "maximum": MOST})),
    "quantity 2^80": (((0, 2**80),), ("QuantityTooLarge", {"field": "quantity", "value": 2**80, "maximum": MOST})),
    "an unknown line": (((2, 1),), ("OutOfRange", {"field": "line", "value": 2, "minimum": 0, "maximum": 1})),
    "a line twice": (((1, 1), (1, 1)), ("LinesNotAscending", {"line": 1, "previous": 1})),
    "lines in disorder": (((1, 1), (0, 1)), ("LinesNotAscending", {"line": 0, "previous": 1})),
}


@pytest.mark.parametrize("fault", SHAPES)
def test_a_faulty_draw_is_refused(stage, fault):
    draws, answer = SHAPES[fault]
    assert draw(stage, stage.license, *draws) == answer


def test_a_shipment_without_manifest_is_refused(stage):
    answer = draw(stage, stage.license, (0, 1), document=bytes(32))
    assert answer == ("CommitmentMissing", {"field": "document"})


def test_a_shipment_under_no_license_is_refused(stage):
    assert draw(stage, salt_of("nothing"), (0, 1)) == ("UnknownRecord", {"record": salt_of("nothing")})


def test_only_the_licenses_exporter_ships(stage):
    act, _ = stage.build(RegisterShipment)
    values = {name: getattr(act, name) for name in ("license", "end_user", "share", "waybill", "document", "draws")}
    answer = stage.trade.refusal(RegisterShipment, "forwarder clerk", 3, **values)
    assert answer == ("WrongOrganization", {"organization": 3, "required": 2})


@pytest.mark.parametrize("organization", [3, 2, 0, 99])
def test_an_end_user_that_the_license_does_not_name_is_refused(stage, organization):
    answer = draw(stage, stage.license, (0, 1), end_user=organization)
    assert answer == ("NotAParty", {"organization": organization, "record": stage.license})


# In force


@pytest.mark.parametrize(
    ("start", "end", "name"),
    [(1, 9, "LicenseNotYetValid"), (0, 1, None), (-9, 1, None), (-9, 0, "LicenseExpired")],
)
def test_a_license_is_drawn_on_from_its_first_instant_to_its_last(stage, start, end, name):
    trade = stage.trade
    opened = trade.time + HOUR
    trade.assess(application := trade.apply(10))
    record = trade.issue(application, valid_from=opened + start, valid_until=opened + end)
    trade.advance(HOUR)
    answer = draw(stage, record, (0, 1))
    assert (answer and answer[0]) == name
    assert answer is None or answer[1]["moment"] == opened


@pytest.mark.parametrize("before", [1, 0])
def test_a_suspended_license_is_drawn_on_again_when_its_suspension_has_lapsed(stage, before):
    trade = stage.trade
    trade.act(SuspendLicense, "enforcer", 1, record=stage.license, reason=1)
    until = trade.time + 72 * HOUR
    trade.advance(72 * HOUR - before)
    answer = draw(stage, stage.license, (0, 1))
    values = {"license": stage.license, "stoppedUntil": until, "moment": until - 1}
    assert answer == (("LicenseStopped", values) if before else None)


def test_a_reinstated_license_is_drawn_on_at_once(stage):
    trade = stage.trade
    trade.act(SuspendLicense, "enforcer", 1, record=stage.license, reason=1)
    trade.advance(9)
    trade.act(ReinstateLicense, "second enforcer", 1, record=stage.license, reason=1)
    assert draw(stage, stage.license, (0, 1)) is None


# Certificates behind the lines


def test_a_line_with_a_revoked_certificate_is_not_drawn(stage):
    stage.trade.act(RevokeCertificate, "official", 6, record=stage.certificate, reason=1)
    assert draw(stage, stage.license, (0, 1))[0] == "CertificateNotInForce"


def test_a_line_whose_certificate_has_lapsed_is_not_drawn(stage):
    trade = stage.trade
    paper = trade.paper_certificate(9, valid_until=trade.time + HOUR)
    trade.assess(application := trade.apply(9, certificate=paper))
    drawn_on = trade.issue(application)
    assert draw(stage, drawn_on, (0, 1)) is None
    trade.advance(HOUR)
    assert draw(stage, drawn_on, (0, 1))[0] == "CertificateNotInForce"


def test_a_line_is_drawn_for_the_end_user_of_its_certificate(stage):
    trade = stage.trade
    other = trade.register("other", END_USER, {"other admin": 1})
    parties = (Party(organization=6, role=6), Party(organization=other, role=6))
    paper = trade.paper_certificate(9)
    trade.assess(application := trade.apply(9, certificate=paper, parties=parties))
    drawn_on = trade.issue(application)
    number = trade.view("Certificates", "numberOf", paper)
    values = {"certificate": number, "organization": other, "required": 6}
    assert draw(stage, drawn_on, (0, 1), end_user=other) == ("CertificateMismatch", values)


# The notes of a license, and giving back


def test_a_draw_is_a_note_of_the_license_with_its_lines_and_share(stage):
    trade = stage.trade
    shipment = trade.ship(stage.license, 1, 2, share=7)
    (note,) = trade.entries[-1].touched
    assert license_delta(note.delta) == LicenseDelta(shipment, 7, (LineDelta(0, 1), LineDelta(1, 2)))


def test_i1_a_cancelled_shipment_gives_its_draw_back(stage):
    trade = stage.trade
    before = [balance(stage, stage.license, line) for line in (0, 1)], shares(stage, stage.license)
    shipment = trade.ship(stage.license, 1, 2, share=7)
    entry = trade.act(CancelShipment, "clerk", 2, record=shipment)
    assert ([balance(stage, stage.license, line) for line in (0, 1)], shares(stage, stage.license)) == before
    delta = license_delta(entry.touched[0].delta)
    assert delta == LicenseDelta(shipment, -7, (LineDelta(0, -1), LineDelta(1, -2)))


def test_a_full_line_can_be_drawn_again_after_a_cancellation(stage):
    drawn_on = recorded(stage, of(10))
    shipment = stage.trade.ship(drawn_on, 10)
    stage.trade.act(CancelShipment, "clerk", 2, record=shipment)
    assert draw(stage, drawn_on, (0, 10)) is None


def test_the_licenses_balance_is_the_same_whatever_the_order_of_draws(stage):
    """Draws are notes: two shipments signed on the same license block nobody."""
    act, person = stage.build(RegisterShipment)
    other, _ = stage.build(RegisterShipment)
    trade = stage.trade
    for one in (other, act):
        trade.send(one, trade.sign(one, person))
    assert len({entry.record for entry in trade.entries[-2:]}) == 2
