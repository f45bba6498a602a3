"""Histories for the tests of provenance: an honest one, and forgeries by someone who holds every key and contract.

`Forgery` takes a history apart into drafts, lets a test change, drop, add or reorder acts, signs all of them again and
recomputes every digest, version, note and head: what remains wrong is the rule that the test broke.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from ledger.acts.act import Act, ActClass
from ledger.acts.digests import digest_of
from ledger.acts.manifests import CancelShipment, SplitShipment
from ledger.acts.orders import ReinstateLicense, ResumeShipment, SuspendLicense
from ledger.acts.organizations import ConfirmAppointment
from ledger.acts.reports import AddStatement
from ledger.chain.closure import parts_of
from ledger.chain.deployment import Deployment
from ledger.chain.journal_source import shipment_history
from ledger.ids import Head
from ledger.journal.entries import Entry, Touched, next_head, next_note_head
from ledger.journal.history import Heads, History
from ledger.provenance import Report, judge
from tests.scenario import DECIDE, Trade, founding_agents, keys_of, salt_of

PEOPLE = (
    *founding_agents("authority"),
    *("export admin", "clerk", "forwarder admin", "forwarder clerk", "carrier admin", "driver", "customs admin"),
    *("customs officer", "dean", "official", "storekeeper", "stranger admin", "stranger", "new officer"),
    *("forwarding shipper", "second registrar", "new export admin", "new clerk", "appeal assessor", "appeal issuer"),
)
_BY_ADDRESS = {keys_of(person).address: person for person in PEOPLE}


def honest_history(trade: Trade) -> History:
    """Five of ten, over the forwarder to the end-user, on a license that an officer of the second day issued.

    Before departure: a suspension, a shipment given up, a hold, a statement.
    """
    mark = trade.snapshot()
    trade.appoint("admin", trade.authority, "new officer", DECIDE)
    officer = trade.agent(trade.authority, "new officer")
    trade.act(ConfirmAppointment, "second admin", trade.authority, record=officer)
    licensed = trade.license(10, person="new officer")
    trade.act(SuspendLicense, "enforcer", trade.authority, record=licensed, reason=1)
    trade.act(ReinstateLicense, "second enforcer", trade.authority, record=licensed, reason=1)
    given_up = trade.ship(licensed, 2)
    trade.act(CancelShipment, "clerk", trade.exporter, record=given_up)
    shipment = trade.ship(licensed, 5, share=500_000_000)
    trade.hold(shipment, "inspector", trade.authority)
    trade.act(ResumeShipment, "inspector", trade.authority, record=shipment, hold_of=trade.authority)
    said = {"subject": bytes(32), "kind": 1, "document": salt_of("statement")}
    trade.act(AddStatement, "clerk", trade.exporter, record=shipment, **said)
    trade.advance(3600)
    trade.clear(shipment)
    trade.offer(shipment, "clerk", trade.exporter, trade.forwarder)
    trade.accept_goods(shipment, "forwarder clerk", trade.forwarder, 5)
    trade.depart(shipment, "forwarder clerk", trade.forwarder)
    trade.offer(shipment, "forwarder clerk", trade.forwarder, trade.end_user)
    trade.accept_goods(shipment, "storekeeper", trade.end_user, 5)
    trade.confirm_delivery(shipment, 5)
    history = shipment_history(trade.node, trade.deployment, shipment)
    trade.revert(mark)
    return history


def found_in(report: Report, verdict: str = "fails") -> dict[str, set[int | None]]:
    """By number, the entries at which a check found something of that verdict."""
    found: dict[str, set[int | None]] = {}
    for check in report.checks:
        for finding in check.findings:
            if finding.verdict == verdict:
                found.setdefault(check.number, set()).add(finding.seq)
    return found


def seq_of(history: History, act: type[Act], nth: int = 0) -> int:
    """The entry of the nth such act."""
    return [entry.seq for entry in history.entries if entry.kind == act.KIND][nth]


def altered(history: History, seq: int, change: Callable[[Entry], Entry]) -> History:
    """The history with one entry changed and nothing else."""
    entries = tuple(change(entry) if entry.seq == seq else entry for entry in history.entries)
    return replace(history, entries=entries)


def without(history: History, *seqs: int) -> History:
    return replace(history, entries=tuple(entry for entry in history.entries if entry.seq not in seqs))


@dataclass
class Draft:
    """An entry before it is signed."""

    entry: Entry
    act: Act
    person: str
    keeps_parent: bool = False
    """Whether it stays signed on the head that it names."""

    def change(self, **members: Any) -> None:
        """Other members of the act."""
        self.act = replace(self.act, **members)

    def retouch(self, delta: Callable[[bytes], bytes]) -> None:
        """Other deltas of the notes that it leaves."""
        touched = tuple(replace(one, delta=delta(one.delta)) for one in self.entry.touched)
        self.entry = replace(self.entry, touched=touched)


class Forgery:
    """The drafts of a history, in order."""

    def __init__(self, history: History, deployment: Deployment) -> None:
        self._history = history
        self._deployment = deployment
        self.drafts = [Draft(one, one.decoded(), _BY_ADDRESS[one.signer]) for one in history.entries]

    def of(self, act: type[Act], nth: int = 0) -> Draft:
        return [draft for draft in self.drafts if type(draft.act) is act][nth]

    def drop(self, *drafts: Draft) -> None:
        for draft in drafts:
            self.drafts.remove(draft)

    def move(self, draft: Draft, before: Draft) -> None:
        """Puts the act right before another, at that one's time."""
        self.drafts.remove(draft)
        draft.entry = replace(draft.entry, time=before.entry.time)
        self.drafts.insert(self.drafts.index(before), draft)

    def copy(self, draft: Draft, after: Draft) -> Draft:
        """The same act again, to be changed, right after another."""
        again = Draft(replace(draft.entry, time=after.entry.time), draft.act, draft.person)
        self.drafts.insert(self.drafts.index(after) + 1, again)
        return again

    def history(self) -> History:
        """All signed again, numbered from 1, every head recomputed."""
        forging = _Forging(self._history, self._deployment)
        entries = tuple(forging.entry(seq, draft) for seq, draft in enumerate(self.drafts, start=1))
        return replace(self._history, entries=entries, length=len(entries), heads=forging.heads())

    def report(self) -> Report:
        return judge(self.history(), self._deployment)


def failed(forgery, number):
    """The entries at which the check fails."""
    return found_in(forgery.report()).get(number)


def at(forgery, act, nth=0):
    """The seq that the nth such act gets in the forged history."""
    return seq_of(forgery.history(), act, nth)


def order(forgery, act, person, record, before, **members):
    """An act of an authority on a record, put before another act."""
    common = {"record": record, "parent": bytes(32), "organization": 1, "deadline": before.act.deadline}
    built = act(**common, **members)
    entry = replace(before.entry, kind=act.KIND, touched=(), record_head=salt_of(built))
    draft = Draft(entry, built, person)
    forgery.drafts.insert(forgery.drafts.index(before), draft)
    return draft


class _Forging:
    """The contracts as the forger would like them: they take everything."""

    def __init__(self, history: History, deployment: Deployment) -> None:
        self._history = history
        self._deployment = deployment
        self._renamed: dict[bytes, bytes] = {}
        """New heads by old ones: what signers saw."""
        self._heads: dict[bytes, tuple[bytes, int]] = {}
        self._notes: dict[bytes, tuple[bytes, int]] = {}

    def entry(self, seq: int, draft: Draft) -> Entry:
        act = self._on_new_heads(draft.act, keeps_parent=draft.keeps_parent)
        digest = digest_of(act, self._deployment.chain_id, self._deployment.address(act.CONTRACT))
        keys = keys_of(draft.person)
        head, version = self._heads.get(act.record, (act.parent, 0))
        if act.CLASS is not ActClass.NOTE:
            head, version = next_head(head, digest, keys.address), version + 1
            self._renamed[draft.entry.record_head] = head
        if isinstance(act, SplitShipment):
            begun = next_head(bytes(32), digest, keys.address)
            self._heads |= dict.fromkeys(parts_of(self._deployment, act), (begun, 1))
        self._heads[act.record] = head, version
        return replace(
            draft.entry,
            seq=seq,
            record=act.record,
            organization=act.organization,
            version=version,
            signer=keys.address,
            digest=digest,
            record_head=Head(head),
            act=act.encoded(),
            signature=keys.sign_digest(digest),
            touched=tuple(self._touched(one, digest, keys.address) for one in draft.entry.touched),
        )

    def heads(self) -> dict[Any, Heads]:
        """What the contracts would say at the end."""
        return {
            record: Heads(
                Head(self._heads.get(record, (heads.head, 0))[0]),
                Head(self._notes.get(record, (heads.note_head, 0))[0]),
            )
            for record, heads in self._history.heads.items()
        }

    def _on_new_heads(self, act: Act, *, keeps_parent: bool) -> Act:
        seen = {
            name: self._renamed.get(getattr(act, name), getattr(act, name))
            for name in ("assessed_head", "report_head")
            if hasattr(act, name)
        }
        if act.CLASS is ActClass.STEP and act.record in self._heads and not keeps_parent:
            seen["parent"] = self._heads[act.record][0]
        return replace(act, **seen)

    def _touched(self, one: Touched, digest: bytes, signer: bytes) -> Touched:
        head, note = self._notes.get(one.record, (bytes(32), 0))
        if one.note == 1 or one.record in self._notes:
            head, note = next_note_head(head, digest, signer, one.delta), note + 1
            self._notes[one.record] = head, note
            return replace(one, note=note, note_head=Head(head))
        return one
