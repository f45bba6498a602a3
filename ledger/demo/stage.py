"""How people act: the service prepares, the person's own key signs, the service relays, one line tells what came of it.

A refusal that must come and does not, or comes under another name, ends the demo.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

from rich.console import Console
from rich.markup import escape

from ledger.acts.words import Json
from ledger.chain.deployment import Deployment
from ledger.client import Client, ServiceRefused
from ledger.demo.people import OFFICE, Organization, Person
from ledger.documents.canonical import JsonObject
from ledger.errors import Refused
from ledger.ids import hex0x
from ledger.signing import signed, typed_data_of


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
    """People before one service. `numbers` are the organizations' on the ledger."""

    def __init__(self, client: Client, people: dict[str, Person], deployment: Deployment, *, console: Console) -> None:
        self.client, self.people, self.deployment, self.console = client, people, deployment, console
        self.numbers: dict[Organization, int] = {OFFICE: 1}
        self.refusals: list[str] = []
        self._last_block = 0

    def chapter(self, title: str) -> None:
        """A heading."""
        self.console.print(f"\n[bold]{title}[/]")

    def now(self) -> int:
        """UTC seconds; not before the chain's last block, which may run some seconds ahead after a burst."""
        return max(int(time.time()), self._last_block)

    def paper(self, person: str, kind: str, subject: JsonObject) -> str:
        """A document signed by a person and kept by the service; its commitment."""
        keys = self.people[person].keys
        document = keys.sign_document(kind, subject, chain_id=self.deployment.chain_id)
        return hex0x(self.client.put_document(document))

    def act(self, person: str, kind: str, told: str, /, **fields: Json) -> Entered:
        """One act that must be accepted."""
        submission = self.signed(Line(person, kind, fields))
        entered = self._entered(self.client.submit(submission), submission)
        self.tell(str(entered.seq), person, told)
        return entered

    def together(self, lines: Sequence[Line], told: str) -> list[Entered]:
        """Acts of several people that must all be accepted, brought in one batch."""
        submissions = [self.signed(line) for line in lines]
        entered = []
        for answer, submission in zip(self.client.submit_batch(submissions), submissions, strict=True):
            if isinstance(answer, Refused):
                raise answer
            entered.append(self._entered(answer, submission))
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

    def signed(self, line: Line, *, by: str | None = None) -> JsonObject:
        """The act of a line, signed by its person, or by whoever forges it."""
        person = self.people[line.person]
        fields = {"organization": self.numbers[person.works_for], **line.fields}
        prepared = self.client.prepare(line.kind, fields)
        return signed(typed_data_of(prepared), self.people[by or line.person].keys)

    def tell(self, mark: str, person: str, told: str) -> None:
        """One line: entry number or a dash, who, what."""
        who = self.people[person]
        self.console.print(
            f"  [green]{mark:>6}[/]  [cyan]{who.name}[/], {escape(who.works_for.name)}, {escape(told)}", soft_wrap=True
        )

    def _entered(self, answer: JsonObject, submission: JsonObject) -> Entered:
        block = cast("JsonObject", answer["block"])
        self._last_block = int(str(block["time"]))
        return Entered(int(str(answer["seq"])), str(answer["record"]), str(answer["head"]), submission)
