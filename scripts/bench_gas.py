"""Gas of every act, alone and in a batch, and of a whole journey beside the same facts in EAS.

Plays fifty-one parties, certificates, licenses and shipments through their lives on an embedded chain in a temporary
folder: the first act of each kind goes alone, the other fifty together. The acts that this leaves out go singly
(single.py), in a batch on one record where they can repeat. Then one journey from the certificate to the delivery
(journey.py), and its facts as delegated attestations in the Ethereum Attestation Service (eas.py). Goals: each act of a
handoff costs at most 80,000 gas alone and 40,000 in a batch; the journey in a batch a fifth of EAS's gas.
Exits 1 where a goal is missed and `--strict` asks for it.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # for the trade of the tests

from ledger.acts.act import Act
from ledger.acts.applications import (
    ApplyForLicense,
    AssessApplication,
    LicenseLine,
    Party,
    RecordLicense,
    RefuseApplication,
)
from ledger.acts.certificates import (
    CertificateLine,
    RecordCertificate,
    RevokeCertificate,
    SignCertificate,
    VerifyCertificate,
)
from ledger.acts.custody import AcceptHandoff, ClearShipment, DepartShipment, OfferHandoff, RefuseHandoff, WithdrawOffer
from ledger.acts.kinds import ACTS
from ledger.acts.licensing import IssueLicense
from ledger.acts.manifests import CancelShipment, Draw, RegisterShipment
from ledger.acts.orders import HoldShipment, ReinstateLicense, ResumeShipment, SuspendLicense
from ledger.acts.organizations import (
    AcceptAppointment,
    AdoptPolicy,
    AppointAgent,
    ConfirmAppointment,
    DismissAgent,
    RecordParty,
    RegisterOrganization,
)
from ledger.acts.reports import AddStatement, ConfirmDelivery, ConfirmReport, ReportDelivery, ReportMovement
from ledger.chain.artifacts import act_call, entries_of, submit_call
from ledger.ids import ZERO32
from ledger.journal.entries import Entry
from scripts import journey
from scripts.eas import Eas
from scripts.single import singles
from tests.scenario import ASSESS, CARRIER, DAY, DOCUMENT, NAR, SHIP, TERMS, Trade, keys_of, salt_of

BATCH = 50
GOALS = dict.fromkeys((OfferHandoff, WithdrawOffer, AcceptHandoff, RefuseHandoff), (80_000, 40_000))
JOURNEY_GOAL = 5
CALL_GAS = 800_000
BLOCK_GAS = 30_000_000

Signed = tuple[str, int, dict[str, Any]]
"""Who signs, for whom, and the members that the trade does not fill in."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Gas of one kind of act; batched None: it cannot repeat; a goal of None: none."""

    act: str
    alone: int
    batched: int | None
    goal_alone: int | None = None
    goal_batched: int | None = None
    one_record: bool = False
    """Whether the batch was on one record, and not on fifty."""

    def met(self) -> bool:
        return self.alone <= (self.goal_alone or self.alone) and (self.batched or 0) <= (self.goal_batched or BLOCK_GAS)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Gas of the journey here and in EAS; a goal of 5: at most a fifth of EAS's, of None: none."""

    way: str
    ours: int
    eas: int
    goal: int | None = None

    @property
    def ratio(self) -> float:
        return self.ours / self.eas

    def met(self) -> bool:
        return self.ours * (self.goal or 0) <= self.eas


class Bench:
    """The fifty-one, and what their acts have cost so far."""

    def __init__(self, trade: Trade) -> None:
        self.trade = trade
        self.costs: list[Cost] = []

    def play(self, kind: type[Act], acts: Sequence[Signed], *, measured: bool = True) -> list[Entry]:
        """The first act alone, the others in one batch; their entries."""
        alone, first = self._send(kind, acts[:1], self._alone)
        together, others = self._send(kind, acts[1:], self._together)
        if measured:
            goals = GOALS.get(kind, (None, None))
            self.costs.append(Cost(kind.__name__, alone, together // len(others), *goals))
        return first + others

    def _send(
        self, kind: type[Act], acts: Sequence[Signed], send: Callable[[type[Act], list[bytes]], Any]
    ) -> tuple[int, list[Entry]]:
        calls = []
        for person, organization, members in acts:
            act = self.trade.build(kind, organization, **members)
            calls.append(act_call(act, self.trade.sign(act, person)))
        receipt = send(kind, calls)
        entries = entries_of(receipt.logs)
        if len(entries) != len(acts):
            raise RuntimeError(f"{kind.__name__}: {len(acts) - len(entries)} of {len(acts)} were refused")
        for entry in entries:
            self.trade.heads[entry.record] = entry.record_head
        self.trade.entries.extend(entries)
        return receipt.gas_used, entries

    def _alone(self, kind: type[Act], calls: list[bytes]) -> Any:
        return self.trade.transact(self.trade.address(kind.CONTRACT), calls[0])

    def _together(self, kind: type[Act], calls: list[bytes]) -> Any:
        batch = submit_call([(kind.CONTRACT, CALL_GAS, call) for call in calls])
        return self.trade.transact(self.trade.address("Gateway"), batch, BLOCK_GAS)


def organizations(bench: Bench) -> None:
    """Organizations, agents, policies."""
    names = [f"person {number}" for number in range(BATCH + 1)]
    officers = [f"officer {number}" for number in range(BATCH + 1)]
    profile = {"roles": CARRIER, "profile": DOCUMENT}
    bench.play(RegisterOrganization, [("registrar", 1, profile) for _ in names])
    bench.play(RecordParty, [("recorder", 1, profile) for _ in names])
    agents = bench.play(AppointAgent, [("export admin", 2, _appointed(name, SHIP)) for name in names])
    accepted = bench.play(AcceptAppointment, [_accepting(n, 2, e) for n, e in zip(names, agents, strict=True)])
    dismissed = {"reason": 1, "compromised_since": 0}
    bench.play(DismissAgent, [("export admin", 2, {"record": e.record} | dismissed) for e in accepted])
    agents = bench.play(AppointAgent, [("admin", 1, _appointed(n, ASSESS)) for n in officers], measured=False)
    waiting = [_accepting(n, 1, e) for n, e in zip(officers, agents, strict=True)]
    accepted = bench.play(AcceptAppointment, waiting, measured=False)
    bench.play(ConfirmAppointment, [("second admin", 1, {"record": e.record}) for e in accepted])
    terms = {"kind": 1, "terms": TERMS, "control_list": DOCUMENT}
    bench.play(AdoptPolicy, [("registrar", 1, terms | {"replaces": 1 + number}) for number in range(BATCH + 1)])


def _appointed(name: str, powers: int) -> dict[str, Any]:
    return {"account": keys_of(name).address, "powers": powers}


def _accepting(name: str, organization: int, agent: Entry) -> Signed:
    return name, organization, {"record": agent.record, "ed25519": DOCUMENT, "x25519": DOCUMENT}


def licensing(bench: Bench) -> None:
    """Certificates, applications, licenses: one line each."""
    time = bench.trade.time
    window = {"valid_from": time, "valid_until": time + DAY, "document": DOCUMENT}
    certified = (CertificateLine(unit=NAR, decimals=0, quantity=100),)
    parties = {"exporter": 2, "end_user": 6, "authority": 1, "supersedes": ZERO32}
    signed = bench.play(SignCertificate, _all("official", 6, window | parties | {"lines": certified}))
    paper = bench.play(RecordCertificate, _all("clerk", 2, window | parties | {"lines": certified}))
    bench.play(VerifyCertificate, _each("recorder", 1, paper, method=1, document=DOCUMENT))

    named = {"kind": 1, "parties": (Party(organization=6, role=6),)}
    asked = [
        ("clerk", 2, window | named | {"authority": 1, "continues": ZERO32, "lines": (_line(e.record),)})
        for e in signed
    ]
    applications = bench.play(ApplyForLicense, asked)
    others = bench.play(ApplyForLicense, asked, measured=False)
    assessment = {"recommendation": 1, "document": DOCUMENT}
    assessed = bench.play(AssessApplication, _each("assessor", 1, applications, **assessment))
    refused = bench.play(AssessApplication, _each("assessor", 1, others, **assessment), measured=False)
    bench.play(RefuseApplication, _each("issuer", 1, refused, document=DOCUMENT))
    outside = {"exporter": 2, "control": 3, "drawn_share": 0, "lines": (_line(ZERO32),)}
    bench.play(RecordLicense, _all("recorder", 1, window | named | outside))
    issued = bench.play(IssueLicense, [_issue(bench.trade, e, window) for e in assessed])
    bench.play(SuspendLicense, _each("enforcer", 1, issued, reason=1))
    bench.play(ReinstateLicense, _each("second enforcer", 1, issued, reason=1))
    bench.play(RevokeCertificate, _each("official", 6, signed, reason=1))


def _line(certificate: bytes) -> LicenseLine:
    return LicenseLine(
        unit=NAR,
        decimals=0,
        granted=100,
        drawn=0,
        unlimited=False,
        certificate=certificate,
        certificate_line=0,
    )


def _issue(trade: Trade, assessed: Entry, window: dict[str, Any]) -> Signed:
    named = {"application": assessed.record, "assessed_head": assessed.record_head, "policy": trade.policy}
    return "issuer", 1, window | named | {"return_by": 0}


def shipments(bench: Bench) -> None:
    """Registration, custody, reports: one line each, all under one license."""
    trade = bench.trade
    drawn_on = trade.license(10_000)
    draws = (Draw(line=0, quantity=10),)
    manifest = {"license": drawn_on, "end_user": 6, "share": 1, "waybill": ZERO32, "document": DOCUMENT, "draws": draws}
    registered = bench.play(RegisterShipment, _all("clerk", 2, manifest))
    cancelled = bench.play(RegisterShipment, _all("clerk", 2, manifest), measured=False)
    reported = bench.play(RegisterShipment, _all("clerk", 2, manifest), measured=False)
    bench.play(CancelShipment, _each("clerk", 2, cancelled))
    trade.advance(60)
    bench.play(ClearShipment, _each("customs officer", 5, registered, document=DOCUMENT, occurred_at=trade.time))
    bench.play(DepartShipment, _each("clerk", 2, registered, document=ZERO32, occurred_at=trade.time))
    _handoffs(bench, registered)
    _reports(bench, reported)


def _handoffs(bench: Bench, shipments: list[Entry]) -> None:
    trade = bench.trade
    fact: dict[str, Any] = {"occurred_at": trade.time}
    counted = fact | {"document": ZERO32, "counted": (10,)}
    seal = {"seal": salt_of("seal")}
    taken = counted | seal | {"seal_state": 1, "reservation": False}
    to_forwarder = _each("clerk", 2, shipments, to=3, **fact, **seal)
    bench.play(OfferHandoff, to_forwarder)
    bench.play(WithdrawOffer, _each("clerk", 2, shipments))
    bench.play(OfferHandoff, to_forwarder, measured=False)
    bench.play(RefuseHandoff, _each("forwarder clerk", 3, shipments, reason=1))
    bench.play(OfferHandoff, to_forwarder, measured=False)
    bench.play(AcceptHandoff, _each("forwarder clerk", 3, shipments, **taken))
    bench.play(OfferHandoff, _each("forwarder clerk", 3, shipments, to=6, **fact, **seal), measured=False)
    bench.play(AcceptHandoff, _each("storekeeper", 6, shipments, **taken), measured=False)
    bench.play(ConfirmDelivery, _each("storekeeper", 6, shipments, **counted))


def _reports(bench: Bench, shipments: list[Entry]) -> None:
    fact = {"occurred_at": bench.trade.time, "document": DOCUMENT, "counted": (10,)}
    bench.play(HoldShipment, _each("customs officer", 5, shipments, reason=1))
    bench.play(ResumeShipment, _each("customs officer", 5, shipments, hold_of=5))
    moved = bench.play(ReportMovement, _each("clerk", 2, shipments, movement=1, to=3, **fact))
    confirmed = [("forwarder clerk", 3, {"record": e.record, "report_head": e.record_head}) for e in moved]
    bench.play(ConfirmReport, confirmed)
    bench.play(ReportDelivery, _each("forwarder clerk", 3, shipments, **fact))
    bench.play(AddStatement, _each("clerk", 2, shipments, subject=ZERO32, kind=1, document=DOCUMENT))


def _all(person: str, organization: int, members: dict[str, Any]) -> list[Signed]:
    return [(person, organization, members)] * (BATCH + 1)


def _each(person: str, organization: int, entries: Sequence[Entry], **members: Any) -> list[Signed]:
    return [(person, organization, {"record": entry.record} | members) for entry in entries]


def compared(console: Console) -> list[Comparison]:
    """The journey in one batch and act by act, each beside EAS's way; what EAS is asked for first only warms it up."""
    with tempfile.TemporaryDirectory() as folder, console.status("Travelling"):
        travels = journey.Travels(Path(folder))
        steps, batch = journey.measured(travels)
        eas = Eas(travels)
        eas.chained(steps)
        found = [
            Comparison("one batch", batch, eas.batched(steps), JOURNEY_GOAL),
            Comparison("one batch, EAS's payload packed by hand", batch, eas.batched(steps, packed=True)),
            Comparison("one act a transaction", sum(step.gas for step in steps), eas.chained(steps)),
        ]
        travels.close()
    return found


def measured(console: Console) -> list[Cost]:
    """The costs of all acts, by the number of the act's kind."""
    with tempfile.TemporaryDirectory() as folder:
        trade = Trade(Path(folder))
        bench = Bench(trade)
        for part in track((organizations, licensing, shipments), "Playing", console=console, transient=True):
            part(bench)
        trade.close()
    played = {cost.act for cost in bench.costs}
    with tempfile.TemporaryDirectory() as folder, console.status("Measuring the other acts"):
        others = singles(Path(folder), [kind for name, kind in ACTS.items() if name not in played], BATCH)
    costs = bench.costs + [Cost(kind.__name__, alone, each, one_record=True) for kind, alone, each in others]
    return sorted(costs, key=lambda cost: ACTS[cost.act].KIND)


def table(costs: Sequence[Cost]) -> Table:
    shown = Table("act", title=f"Gas per act, alone and in a batch of {BATCH}; *: all on one record")
    for heading in ("alone", "batched", "goal"):
        shown.add_column(heading, justify="right")
    for cost in costs:
        batched = f"{cost.batched:,}{'*' if cost.one_record else ''}" if cost.batched else ""
        shown.add_row(cost.act, f"{cost.alone:,}", batched, _goal(cost))
    return shown


def _goal(cost: Cost) -> str:
    if cost.goal_alone is None:
        return ""
    return f"{cost.goal_alone:,} / {cost.goal_batched:,} {'met' if cost.met() else 'missed'}"


def journey_table(comparisons: Sequence[Comparison]) -> Table:
    shown = Table("way", title="The whole journey: three lines, five handoffs, eighteen acts")
    for heading in ("License Ledger", "EAS 1.4.0", "of EAS's", "goal"):
        shown.add_column(heading, justify="right")
    for each in comparisons:
        goal = f"1/{each.goal} {'met' if each.met() else 'missed'}" if each.goal else ""
        shown.add_row(each.way, f"{each.ours:,}", f"{each.eas:,}", f"{each.ratio:.1%}", goal)
    return shown


def main(arguments: list[str]) -> int:
    """Measures and prints; 0, or 1 where a goal is missed under --strict."""
    parser = argparse.ArgumentParser(prog="bench gas", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the numbers as JSON")
    parser.add_argument("--strict", action="store_true", help="exit 1 where a goal is missed")
    options = parser.parse_args(arguments)
    console = Console(stderr=True)
    costs, comparisons = measured(console), compared(console)
    if options.json:
        travelled = [asdict(each) | {"ratio": round(each.ratio, 4)} for each in comparisons]
        print(json.dumps({"acts": [asdict(cost) for cost in costs], "journey": travelled}, indent=2))
    else:
        Console().print(table(costs), journey_table(comparisons))
    met = all(cost.met() for cost in costs) and all(each.met() for each in comparisons)
    return int(options.strict and not met)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
