"""How people act: the service prepares, the person's own key signs, the service relays, one line tells what came of it.

A refusal that must come and does not, or comes under another name, ends the demo.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Self, cast

from rich.console import Console
from rich.markup import escape

from ledger.acts.words import Json
from ledger.chain.deployment import Deployment
from ledger.client import Client, ServiceRefused
from ledger.demo.people import OFFICE, Organization, Person
from ledger.documents.canonical import JsonObject
from ledger.errors import Refused
from ledger.ids import Commitment, hex0x
from ledger.sharing import Desk
from ledger.signing import signed, typed_data_of

_NEW_READERS = {"ApplyForLicense", "OfferHandoff"}
"""Acts that give somebody a reason to read what was written before."""


class DemoFailed(Refused):
    """The ledger did something else than the story says."""

    def __init__(self, text: str) -> None:
        super().__init__("DemoFailed", {"text": text})


@dataclass(frozen=True, slots=True)
class Entered:
    """An act in the journal, and what was sent for it."""

    seq: int
    record: str
    head: str
    submission: JsonObject


@dataclass(frozen=True, slots=True)
class Line:
    """One act of somebody, with fields by their Solidity names."""

    person: str
    kind: str
    fields: JsonObject


class Stage:
    """People before the service at `url`. `numbers` are the organizations' on the ledger."""

    def __init__(self, url: str, people: dict[str, Person], deployment: Deployment, *, console: Console) -> None:
        self._url, self.people, self.deployment, self.console = url, people, deployment, console
        self.numbers: dict[Organization, int] = {OFFICE: 1}
        self.refusals: list[str] = []
        self._last_block = 0
        self._open = ExitStack()
        self.client = self._open.enter_context(Client(url))
        """A stranger's: whoever brings a signed act need not say who it is."""
        self._clients: dict[str, Client] = {}
        self._desks: dict[str, Desk] = {}
        self._papers: list[tuple[str, Commitment]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def asking(self, person: str) -> Client:
        """The service as it answers the person, who signs in once."""
        if person not in self._clients:
            client = self._open.enter_context(Client(self._url))
            client.sign_in(self.people[person].keys)
            self._clients[person] = client
        return self._clients[person]

    def desk(self, person: str) -> Desk:
        """Where the person seals, opens and shares documents."""
        if person not in self._desks:
            self._desks[person] = Desk(self.asking(person), self.people[person].keys)
        return self._desks[person]

    def chapter(self, title: str) -> None:
        """A heading."""
        self.console.print(f"\n[bold]{title}[/]")

    def now(self) -> int:
        """UTC seconds; not before the chain's last block, which may run some seconds ahead after a burst."""
        return max(int(time.time()), self._last_block)

    def paper(self, person: str, kind: str, subject: JsonObject) -> str:
        """A document signed by a person, sealed to its organization and kept by the service; its commitment."""
        keys = self.people[person].keys
        document = keys.sign_document(kind, subject, chain_id=self.deployment.chain_id)
        self.desk(person).put(document)
        self._papers.append((person, document.commitment))
        return hex0x(document.commitment)

    def share(self, person: str) -> None:
        """What the person can open is sealed to everybody entitled who cannot."""
        desk = self.desk(person)
        for commitment in list(desk.lacking()):
            desk.share(commitment)

    def act(self, person: str, kind: str, told: str, /, **fields: Json) -> Entered:
        """One act that must be accepted."""
        submission = self.signed(Line(person, kind, fields))
        entered = self._entered(self.client.submit(submission), submission)
        self.tell(str(entered.seq), person, told)
        self._share_papers()
        if kind in _NEW_READERS:
            self.share(person)
        return entered

    def together(self, lines: Sequence[Line], told: str) -> list[Entered]:
        """Acts of several people that must all be accepted, brought in one batch."""
        submissions = [self.signed(line) for line in lines]
        entered = []
        for answer, submission in zip(self.client.submit_batch(submissions), submissions, strict=True):
            if isinstance(answer, Refused):
                raise answer
            entered.append(self._entered(answer, submission))
        self._share_papers()
        first, last = entered[0].seq, entered[-1].seq
        self.console.print(f"  [green]{f'{first}-{last}':>6}[/]  {escape(told)}", soft_wrap=True)
        return entered

    def refused(self, error: str, person: str, kind: str, told: str, /, **fields: Json) -> None:
        """One act that must be refused with `error`."""
        self.fails(error, person, told, lambda: self.client.submit(self.signed(Line(person, kind, fields))))

    def fails(self, error: str, person: str, told: str, attempt: Callable[[], object]) -> None:
        """An attempt that must be refused with `error`."""
        try:
            attempt()
        except ServiceRefused as refused:
            if refused.name != error:
                raise DemoFailed(f"{told}: refused with {refused.name}, not {error}: {refused.detail}") from refused
            self.refusals.append(error)
            self.tell("-", person, told)
            self.console.print(f"          [bold red]{refused.name}[/]  {escape(refused.detail)}", soft_wrap=True)
        else:
            raise DemoFailed(f"{told}: accepted, and must be refused with {error}")

    def signed(self, line: Line, *, by: str | None = None, prepared_by: str | None = None) -> JsonObject:
        """The act of a line, signed by its person, or by whoever forges it; prepared by one who sees the record."""
        person = self.people[line.person]
        fields = {"organization": self.numbers[person.works_for], **line.fields}
        # Who accepts an appointment is no agent yet, and asks as a stranger.
        asked = self.client if line.kind == "AcceptAppointment" else self.asking(prepared_by or line.person)
        prepared = asked.prepare(line.kind, fields)
        return signed(typed_data_of(prepared), self.people[by or line.person].keys)

    def tell(self, mark: str, person: str, told: str) -> None:
        """One line: entry number or a dash, who, what."""
        who = self.people[person]
        self.console.print(
            f"  [green]{mark:>6}[/]  [cyan]{who.name}[/], {escape(who.works_for.name)}, {escape(told)}", soft_wrap=True
        )

    def _share_papers(self) -> None:
        """What acts commit to now is sealed to those who may read it."""
        for person, commitment in self._papers:
            self.desk(person).share(commitment)
        self._papers.clear()

    def _entered(self, answer: JsonObject, submission: JsonObject) -> Entered:
        block = cast("JsonObject", answer["block"])
        self._last_block = int(str(block["time"]))
        return Entered(int(str(answer["seq"])), str(answer["record"]), str(answer["head"]), submission)
