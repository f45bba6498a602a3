"""How long a certificate may be named by applications, from its first use to its last."""

import dataclasses

import pytest

from ledger.acts.applications import AmendApplication, ApplyForLicense, RecordLicense
from ledger.acts.certificates import SignCertificate
from tests.contracts.examples import CERTIFIED, LINE, amended_terms, certificate_terms, license_terms
from tests.scenario import DAY, TERMS


def number_of(stage, record):
    return stage.trade.view("Certificates", "numberOf", record)


def under(stage, **terms):
    """A policy with use windows; the certificate that they are measured on, valid from a day ago."""
    stage.trade.adopt(dataclasses.replace(TERMS, **terms))
    return stage.trade.paper_certificate(9, valid_from=stage.trade.time - DAY)


def ask(stage, certificate, act=ApplyForLicense):
    person, organization, values = stage.example(act)
    lines = (dataclasses.replace(LINE, certificate=certificate),)
    return stage.trade.refusal(act, person, organization, **(values | {"lines": lines}))


@pytest.mark.parametrize("act", [ApplyForLicense, AmendApplication, RecordLicense], ids=lambda act: act.__name__)
@pytest.mark.parametrize("late", [False, True])
def test_a_certificate_is_first_used_before_its_days_are_over(stage, act, late):
    paper = under(stage, first_use_days=10)
    until = stage.trade.time + 9 * DAY
    stage.trade.advance(9 * DAY - (0 if late else 1))
    values = {"certificate": number_of(stage, paper), "until": until, "moment": until}
    assert ask(stage, paper, act) == (("UseWindowPassed", values) if late else None)


@pytest.mark.parametrize("late", [False, True])
def test_a_certificate_in_use_is_named_again_before_its_last_days_are_over(stage, late):
    paper = under(stage, first_use_days=2, last_use_days=20)
    stage.trade.apply(1, certificate=paper)
    until = stage.trade.time + 19 * DAY
    stage.trade.advance(19 * DAY - (0 if late else 1))
    values = {"certificate": number_of(stage, paper), "until": until, "moment": until}
    assert ask(stage, paper) == (("UseWindowPassed", values) if late else None)


def test_without_days_the_use_of_a_certificate_is_not_asked(stage):
    paper = under(stage)
    stage.trade.advance(29 * DAY)
    assert ask(stage, paper) is None


def test_a_superseding_certificate_does_not_begin_its_use_again(stage):
    """It was used, so that the days of a later use count, from its own beginning."""
    trade = stage.trade
    paper = under(stage, first_use_days=2, last_use_days=20)
    trade.apply(1, certificate=paper)
    lines = (dataclasses.replace(CERTIFIED, quantity=9),)
    values = certificate_terms(stage) | {"supersedes": paper, "lines": lines}
    new = trade.act(SignCertificate, "official", 6, **values).record
    trade.advance(20 * DAY - 1)
    before = ask(stage, new)
    trade.advance(1)
    assert (before, ask(stage, new)[0]) == (None, "UseWindowPassed")


def test_the_policy_of_the_kind_that_is_asked_for_says_the_days(stage):
    paper = under(stage, first_use_days=1)
    values = license_terms(stage) | {"kind": 2, "authority": 1, "continues": bytes(32)}
    lines = (dataclasses.replace(LINE, certificate=paper),)
    assert stage.trade.refusal(ApplyForLicense, "clerk", 2, **(values | {"lines": lines})) is None


def test_an_amended_application_names_its_certificate_as_a_later_use(stage):
    trade = stage.trade
    paper = under(stage, first_use_days=2, last_use_days=20)
    application = trade.apply(1, certificate=paper)
    trade.advance(10 * DAY)
    lines = (dataclasses.replace(LINE, certificate=paper),)
    values = amended_terms(stage) | {"record": application, "lines": lines}
    assert trade.refusal(AmendApplication, "clerk", 2, **values) is None
