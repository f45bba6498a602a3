"""Random walks of the model alone: does it stay within the invariants, whatever the steps say?"""

import dataclasses
import random

import pytest

from ledger.acts.kinds import ACTS
from ledger.acts.organizations import AdoptPolicy, ConfirmAppointment
from ledger.audit.codes import AgentStatus, LicenseKind, Power, Role
from ledger.audit.state import Agent, Application, Certificate, License, Shipment
from tests.model.breaches import BREACHES
from tests.model.office import OFFICE, TERMS, account, commitment, digest_of, trade
from tests.model.steps import WEIGHTS, Steps
from tests.model.walking import judged

SEEDS = range(2)
LENGTH = 600
NAMES = [name for name in sorted(ACTS) for _ in range(WEIGHTS.get(name, 2))]
PEOPLE = [account(f"person {number}") for number in range(60)]


@dataclasses.dataclass
class Walk:
    state: object
    entered: list
    answers: list

    def each(self, kind):
        return [record for record in self.state.records.values() if isinstance(record, kind)]


@pytest.fixture(scope="module", params=SEEDS)
def walked(request):
    return walk(request.param)


def peopled(chance):
    """A trade of some kind, and others who may join it."""
    made = trade(kind=1, others=("two", "three"))
    for kind in range(2, 9):
        terms = dataclasses.replace(TERMS, control=chance.choice((1, 2, 3, 4)), clearance_required=kind == 3)
        values = {"kind": kind, "replaces": 0, "terms": terms, "control_list": commitment("list")}
        made.office.do("office 1 admin 1", AdoptPolicy, 1, **values)
    for number in (3, 4, 5):
        officer = made.office.join(f"officer {number}", 1, OFFICE | Power.ASSESS | Power.DECIDE, by="office 1 admin 1")
        made.office.do("office 1 admin 2", ConfirmAppointment, 1, officer)
    others = {"exporter 2": Role.EXPORTER | Role.END_USER, "carrier 2": Role.CARRIER, "broker": Role.BROKER}
    for name, roles in others.items():
        made.office.admit(name, roles)
    return made.office


def walk(seed):
    chance = random.Random(seed)  # noqa: S311 - chance for tests
    office = peopled(chance)
    accounts = [agent.account for agent in office.state.records.values() if isinstance(agent, Agent)] + PEOPLE
    entered, answers, time = [], [], office.time
    for _ in range(LENGTH):
        time += chance.choice((1, 1, 1, 60, 3_600))
        step = chosen(Steps(office.state, accounts, time, chance), chance)
        answer = judged(office.state, step, time=time, digest=digest_of(step.act, step.signer.hex()))
        answers.append((step, answer))
        if answer.entry:
            entered.append((step, answer.entry))
    return Walk(office.state, entered, answers)


def chosen(steps, chance):
    """Mostly a step that is entered, else one that breaks a rule, or anything."""
    way = chance.random()
    if way < 0.1:
        return steps.anything(chance.choice(NAMES))
    return steps.breaking(chance.choice([*BREACHES])) if way < 0.3 else steps.entering(chance.choice(NAMES))


def registered(walked, license, index):
    """What shipments draw on a license line, less what was credited."""
    total = 0
    for shipment in walked.each(Shipment):
        for parcel in shipment.lines:
            if shipment.license == license.record and parcel.line == index:
                total += parcel.registered - (parcel.returned if shipment.credited else 0)
    return total


def test_i1_what_is_drawn_is_what_shipments_draw(walked):
    for license in walked.each(License):
        asked = walked.state.the(Application, license.application)
        for index, line in enumerate(license.lines):
            if license.kind != LicenseKind.TEMPORARY:  # continuations lower what is outstanding there
                assert line.drawn == asked.lines[index].drawn + registered(walked, license, index)


def test_i2_no_certificate_grants_more_than_it_certifies(walked):
    for certificate in walked.each(Certificate):
        assert all(line.granted <= line.certified for line in certificate.lines)


def test_i9_what_is_registered_is_somewhere(walked):
    for shipment in walked.each(Shipment):
        for parcel in shipment.lines:
            parts = (parcel.held, parcel.delivered, parcel.returned, parcel.lost, parcel.unaccounted)
            assert parcel.registered == sum(parts)
            assert min(parts) >= 0


def test_i11_continuations_stay_within_what_was_delivered(walked):
    for shipment in walked.each(Shipment):
        assert all(0 <= parcel.continued <= parcel.delivered for parcel in shipment.lines)


def test_i6_entries_count_from_one(walked):
    seqs = [entry.seq for _, entry in walked.entered]
    assert seqs == list(range(seqs[0], seqs[0] + len(seqs)))


def test_i7_no_digest_is_entered_twice(walked):
    digests = [entry.digest for _, entry in walked.entered]
    assert len(set(digests)) == len(digests)


def test_counts_of_agents_are_what_they_count(walked):
    for number in range(1, walked.state.count("ORGANIZATION") + 1):
        found = walked.state.organization(number)
        agents = [agent for agent in walked.each(Agent) if agent.organization == number]
        active = [agent for agent in agents if walked.state.agent_status(agent) == AgentStatus.ACTIVE]
        assert (found.agents, found.admins) == (len(active), sum(agent.powers & 1 for agent in active))


def test_a_walk_goes_far(walked):
    assert len(walked.entered) > LENGTH // 4
