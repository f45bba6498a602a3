"""Does the Directory found only ledgers whose authorities can keep four eyes?"""

import hashlib

import pytest

from ledger.chain.account import RelayAccount
from ledger.chain.artifacts import refusal
from ledger.chain.deployment import Appointee, Founder, deploy
from ledger.chain.embedded import EmbeddedChain, Genesis
from ledger.chain.node import CallReverted, Node
from ledger.journal.entries import founding_head
from tests.scenario import (
    ADMIN,
    APPLY,
    ARCHIVE,
    ASSESS,
    AUTHORITY,
    CARRIER,
    CHAIN_ID,
    CUSTODY,
    DECIDE,
    EXPORTER,
    REGISTER,
    SHIP,
    START,
    STATE,
    keys_of,
    salt_of,
)
from tests.views import read_view

A, B, C, D, E = (keys_of(name).address for name in ("a", "b", "c", "d", "e"))
FOUR = (Appointee(A, ADMIN), Appointee(B, ADMIN), Appointee(C, ASSESS), Appointee(D, DECIDE))


@pytest.fixture(scope="module")
def chain(tmp_path_factory):
    relay = RelayAccount(hashlib.sha256(b"relay").digest(), chain_id=CHAIN_ID)
    folder = tmp_path_factory.mktemp("founding")
    chain = EmbeddedChain(
        folder / "chain.sqlite", Genesis(CHAIN_ID, (relay.address,)), clock=lambda: START, mode="rehearsal"
    )
    yield Node.embedded(chain), chain
    chain.close()


@pytest.fixture
def found(chain):
    """Deploys with the founders given; what the constructor answers, None where it founds."""
    node, embedded = chain
    mark = embedded.request("evm_snapshot", [])["result"]

    def attempt(*founders):
        relay = RelayAccount(hashlib.sha256(b"relay").digest(), chain_id=CHAIN_ID)
        try:
            return deploy(node, relay, founders)
        except CallReverted as reverted:
            said = refusal(reverted.data)
            return said.name, said.values

    yield attempt
    embedded.request("evm_revert", [mark])


def authority(*agents, roles=AUTHORITY):
    return Founder(roles, salt_of("authority"), agents)


REFUSED = {
    "no founder": ((), ("OutOfRange", {"field": "founders", "value": 0, "minimum": 1, "maximum": 2**32 - 1})),
    "no authority among them": (
        (authority(Appointee(A, ADMIN), roles=CARRIER),),
        ("RolesInvalid", {"roles": CARRIER, "allowed": AUTHORITY}),
    ),
    "an authority with one admin": (
        (authority(FOUR[0], *FOUR[2:]),),
        ("OutOfRange", {"field": "admins", "value": 1, "minimum": 2, "maximum": 3}),
    ),
    "an authority with one officer": (
        (authority(*FOUR[:3]),),
        ("OutOfRange", {"field": "officers", "value": 1, "minimum": 2, "maximum": 3}),
    ),
    "the same person twice": (
        (authority(FOUR[0], FOUR[0], *FOUR[2:]),),
        ("AccountTaken", {"account": A, "organization": 1}),
    ),
    "the same person in two founders": (
        (authority(*FOUR), Founder(CARRIER, salt_of("second"), (Appointee(A, CUSTODY),))),
        ("AccountTaken", {"account": A, "organization": 1}),
    ),
    "an admin who decides": (
        (authority(Appointee(A, ADMIN | DECIDE), *FOUR[1:]),),
        ("PowersInvalid", {"powers": ADMIN | DECIDE, "allowed": 0x7BCF}),
    ),
    "an agent without power": (
        (authority(*FOUR, Appointee(E, 0)),),
        ("PowersInvalid", {"powers": 0, "allowed": 0x7BFF}),
    ),
    "no role": (
        (authority(*FOUR), authority(roles=0)),
        ("RolesInvalid", {"roles": 0, "allowed": 511}),
    ),
    "a role that does not exist": (
        (authority(*FOUR, roles=AUTHORITY | 1 << 9),),
        ("RolesInvalid", {"roles": AUTHORITY | 1 << 9, "allowed": 511}),
    ),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_founders_that_cannot_keep_four_eyes_found_nothing(found, fault):
    founders, answer = REFUSED[fault]
    assert found(*founders) == answer


def test_founding_records_have_version_zero_and_heads_that_recompute(found, chain):
    node, _ = chain
    founder = authority(*FOUR, roles=AUTHORITY | EXPORTER)
    deployment = found(founder, Founder(CARRIER, salt_of("second"), (Appointee(E, CUSTODY),)))
    directory = deployment.address("Directory")
    records = [
        (deployment.organization_record(1), 1, founder.roles, founder.profile),
        (deployment.organization_record(2), 2, CARRIER, salt_of("second")),
        (deployment.agent_record(1, B), 1, ADMIN, B),
        (deployment.agent_record(2, E), 2, CUSTODY, E),
    ]
    heads = [read_view(node, directory, "Directory", "heads", record[0]).head for record in records]
    assert heads == [founding_head(*record) for record in records]


def test_a_founder_sponsors_itself_and_its_agents_wait_for_their_own_acceptance(found, chain):
    node, _ = chain
    deployment = found(authority(*FOUR))
    directory = deployment.address("Directory")
    organization = read_view(node, directory, "Directory", "organizationOf", 1)
    agent = read_view(node, directory, "Directory", "agentOf", "0x" + A.hex(), 1)
    assert (organization.sponsor, organization.agents, agent.status, agent.version) == (1, 0, 1, 0)


def test_powers_that_no_role_of_the_founder_can_use_are_refused(found):
    outsider = Founder(CARRIER, salt_of("second"), (Appointee(E, REGISTER),))
    allowed = ADMIN | APPLY | SHIP | CUSTODY | STATE | ARCHIVE
    answer = found(authority(*FOUR), outsider)
    assert answer == ("PowersInvalid", {"powers": REGISTER, "allowed": allowed})
