"""What the journal records of an accepted act: the entry, and a note for each record that it touches (A10, A11)."""

from dataclasses import dataclass

from ledger.acts.act import Act, ActClass
from ledger.audit.case import Case
from ledger.audit.heads import journaled, moved, noted
from ledger.audit.state import Record
from ledger.ids import ZERO32


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """One note on one record."""

    record: bytes
    note: int
    """Counts from 1."""
    note_head: bytes
    delta: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """An entry as the journal must have it."""

    seq: int
    time: int
    kind: int
    record: bytes
    organization: int
    version: int
    signer: bytes
    digest: bytes
    record_head: bytes
    notes: tuple[Touched, ...]
    journal_head: bytes
    """After the entry."""
    irregular: int
    """Bits that the act put on record."""


def enter(case: Case[Act]) -> Outcome:
    """Moves the heads and writes the entry."""
    act, state = case.act, case.state
    record = state.draft(Record, act.record)
    if act.CLASS is not ActClass.NOTE:
        record.head = moved(record.head, case.digest, case.signer)
        record.version += 1
    notes = [_note(case, act.record, b"")] if act.CLASS is ActClass.NOTE else []
    notes += [_note(case, touched, case.touched[touched]) for touched in sorted(case.touched)]
    seq = state.count("entries") + 1
    state.counts.put("entries", seq)
    head = journaled(
        state.journal_head.get("head") or ZERO32,
        *(seq, case.time, act.KIND, act.record, act.organization, record.version),
        *(case.signer, case.digest, record.head),
    )
    state.journal_head.put("head", head)
    return Outcome(
        seq=seq,
        time=case.time,
        kind=act.KIND,
        record=act.record,
        organization=act.organization,
        version=record.version,
        signer=case.signer,
        digest=case.digest,
        record_head=record.head,
        notes=tuple(notes),
        journal_head=head,
        irregular=case.bits,
    )


def _note(case: Case[Act], record: bytes, delta: bytes) -> Touched:
    touched = case.state.draft(Record, record)
    touched.notes += 1
    touched.note_head = noted(touched.note_head, case.digest, case.signer, delta=delta)
    return Touched(record=record, note=touched.notes, note_head=touched.note_head, delta=delta)
