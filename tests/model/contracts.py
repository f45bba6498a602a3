"""The contracts as executor of a walk, and a land for it to walk in: authorities, traders, people without office.

`Contracts` signs with the keys of the accounts and sends each act alone in a block. `opened` plays what makes the land
in the model too, so that a walk starts where both agree.
"""

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ledger.acts.act import Act
from ledger.acts.digests import digest_of
from ledger.acts.organizations import AdoptPolicy
from ledger.audit.founding import Appointee, Founder, found
from ledger.audit.journal import Outcome
from ledger.audit.journal import Touched as Noted
from ledger.audit.state import Record, State
from ledger.chain.artifacts import act_call
from ledger.documents.keys import Keys
from ledger.errors import Refused
from ledger.journal.entries import Entry
from tests.model.contract_views import expected, seen
from tests.model.office import TERMS
from tests.model.steps import Step
from tests.model.walking import Answer, comparable, judged
from tests.world import (
    ADMIN,
    APPLY,
    ASSESS,
    BROKER,
    CARRIER,
    CERTIFY,
    CHAIN_ID,
    CONSIGNEE,
    CUSTODY,
    CUSTOMS,
    DECIDE,
    END_USER,
    ENFORCE,
    EXPORTER,
    INSPECT,
    MISSION,
    RECORD,
    SHIP,
    STATE,
    VERIFY,
    World,
    founding_agents,
    keys_of,
    salt_of,
)

AUTHORITIES = ("authority", "abroad", "overseas")
OFFICERS = ("officer 1", "officer 2", "officer 3")
CANDIDATES = ("chief", "deputy", "rival second admin")
"""An admin who also records; one whom nobody has confirmed; who makes the rival fit to be an authority."""
NEWCOMERS = tuple(f"newcomer {number}" for number in range(60))
TRADERS = {
    "seller": (EXPORTER, APPLY | SHIP, 1),
    "rival": (EXPORTER | END_USER, APPLY | SHIP | CERTIFY, 1),
    "haulier": (CARRIER, 0, 1),
    "forwarder": (CARRIER, 0, 2),
    "buyer": (END_USER | CONSIGNEE, CERTIFY, 1),
    "agent abroad": (CONSIGNEE | END_USER, CERTIFY, 2),
    "broker": (BROKER, 0, 1),
    "customs": (CUSTOMS, INSPECT, 1),
    "customs abroad": (CUSTOMS, INSPECT, 2),
    "embassy": (MISSION, VERIFY, 1),
}
"""Roles, the clerk's powers besides custody and statements, and who sponsors it."""


class Land(World):
    """Three authorities, ten traders with an admin and a clerk each, a policy for every kind of license."""

    def __init__(self, folder: Path, policies: Mapping[int, dict[str, Any]]) -> None:
        super().__init__(folder, dict.fromkeys(AUTHORITIES, ()))
        people = [person for name in AUTHORITIES for person in founding_agents(name)]
        for officer in OFFICERS:
            self.commission(officer, ASSESS | DECIDE | STATE)
        numbers = {}
        for name, (roles, powers, sponsor) in TRADERS.items():
            own = {f"{name} admin": ADMIN | STATE, f"{name} clerk": powers | CUSTODY | STATE}
            suffix = "" if sponsor == 1 else f" of {AUTHORITIES[sponsor - 1]}"
            numbers[name] = self.register(name, roles, own, by=f"registrar{suffix}", authority=sponsor)
            people += own
        self.commission("chief", ADMIN | RECORD | ENFORCE)
        self.appoint("admin", 1, "deputy", RECORD)
        self.appoint("rival admin", numbers["rival"], "rival second admin", ADMIN)
        for kind, terms in policies.items():
            values = {"replaces": 0, "terms": dataclasses.replace(TERMS, **terms), "control_list": salt_of("list")}
            self.act(AdoptPolicy, "registrar", 1, kind=kind, **values)
        everybody = (*people, *OFFICERS, *CANDIDATES, *NEWCOMERS)
        self.keys: dict[bytes, Keys] = {keys_of(name).address: keys_of(name) for name in everybody}


class Contracts:
    """The contracts of a land, asked and told."""

    def __init__(self, land: Land) -> None:
        self.land = land

    def time(self) -> int:
        """Of the next block."""
        return self.land.time

    def digest(self, act: Act) -> bytes:
        """What its signer signs."""
        return digest_of(act, CHAIN_ID, self.land.address(act.CONTRACT))

    def execute(self, act: Act, signer: bytes, *, likely: bool = True) -> Answer:
        """What the contracts say, and do where they take it; an act that is not `likely` is only tried first."""
        land, digest = self.land, self.digest(act)
        signature = land.keys[signer].sign_digest(digest)
        said = None if likely else land.answer(land.address(act.CONTRACT), act_call(act, signature))
        if said is not None:
            return Answer(land.time, digest, None, said)
        try:
            return entered(land.send(act, signature), self.journal_head())
        except Refused as refused:
            return Answer(land.time, digest, None, (refused.name, refused.values))

    def journal_head(self) -> bytes:
        """After the last entry."""
        return bytes(self.land.view("Journal", "state").head)

    def disagreement(self, state: State, record: Record) -> dict[str, tuple[object, object]]:
        """Members of a record that the contracts store otherwise: name -> (model, contracts)."""
        there = seen(self.land, state, record)
        ours = expected(state, record, there)
        return {name: (ours[name], there[name]) for name in there if ours[name] != there[name]}


def entered(entry: Entry, journal_head: bytes) -> Answer:
    """An entry of the journal in the words of the model."""
    notes = tuple(
        Noted(record=note.record, note=note.note, note_head=note.note_head, delta=note.delta) for note in entry.touched
    )
    same = ("seq", "time", "kind", "record", "organization", "version", "signer", "digest", "record_head")
    outcome = Outcome(
        **{name: getattr(entry, name) for name in same},
        notes=notes,
        journal_head=journal_head,
        irregular=0,
    )
    return Answer(entry.time, entry.digest, outcome, None)


def opened(land: Land) -> State:
    """The model after the acts that made the land. Raises AssertionError where it parts from the journal."""
    founders = [
        Founder(founder.roles, founder.profile, tuple(Appointee(a.account, a.powers) for a in founder.agents))
        for founder in land.deployment.founders
    ]
    state = found(CHAIN_ID, land.deployment.addresses, founders)
    for entry in land.entries:
        ours = judged(state, Step(entry.decoded(), entry.signer), time=entry.time, digest=entry.digest)
        assert ours.entry is not None, (entry, ours.refusal)
        assert comparable(ours) == comparable(entered(entry, ours.entry.journal_head)), entry
    return state
