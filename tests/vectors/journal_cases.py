"""The cases of `ledger/journal/PROOFS.md`: a journal of nine synthetic entries, its proofs, each fault by itself.

`python -m tests.vectors.journal_cases` writes them to tests/vectors/journal/, one file a case, named after its fault.
"""

import base64
import hashlib
import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

from ledger.acts.act import RecordKind
from ledger.acts.manifests import SplitShipment
from ledger.ids import ZERO32, Address, Digest, Head, RecordId, Time, hex0x
from ledger.journal.checkpoints import Checkpoint, origin_of
from ledger.journal.entries import Entry, Touched, next_head, next_note_head
from ledger.journal.leaves import LogLeaf, Origin, RecordHeads, entry_hash, founded, heads_after
from ledger.journal.merkle import leaf_hash
from ledger.journal.notes import COSIGNATURE, TEXT, Signer
from ledger.journal.proofs import ConsistencyProof, CurrencyProof, EntryProof
from ledger.journal.tree import Tree

FOLDER = Path(__file__).parent / "journal"
ORIGIN = Origin(4242, Address(bytes(range(20))))
NAME = origin_of(4242, Address(bytes(range(40, 60))))
LOG = Signer(NAME, TEXT, bytes(range(32)))
OTHER_LOG = Signer(NAME, TEXT, bytes(range(1, 33)))
WITNESS = Signer("witness.example/w1", COSIGNATURE, bytes(range(64, 96)))
NOTED_AT = Time(1_795_305_600)
Case = dict[str, Any]


def some(name: object, length: int = 32) -> bytes:
    return hashlib.shake_256(repr(name).encode()).digest(length)


class Story:
    """A journal that grows entry by entry, with both trees at every size."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        kinds = (RecordKind.ORGANIZATION, RecordKind.AGENT, RecordKind.AGENT)
        self.founders = founded(
            (RecordId(some(("founder", place))), kind, Head(some(("head", place)))) for place, kind in enumerate(kinds)
        )
        self.counts: dict[RecordKind, int] = {}
        self.known: dict[bytes, RecordHeads] = {}
        self.places: dict[bytes, int] = {}
        self.log, self.heads = Tree(), Tree()
        for one in self.founders:
            self._move(one)
        self.leaves: list[LogLeaf] = [LogLeaf(b"", self.heads.count, self.heads.root())]

    def enter(self, kind: int, record: bytes, *noted: bytes, act: bytes = b"", step: bool = True) -> Entry:
        seq = len(self.entries) + 1
        signer, digest = Address(some(("signer", seq), 20)), Digest(some(("digest", seq)))
        before = self.known.get(record)
        head = before.head if before else Head(ZERO32)
        entry = Entry(
            seq=seq,
            record=RecordId(record),
            organization=seq % 3 + 1,
            kind=kind,
            version=(before.version if before else 0) + step,
            time=Time(1_795_300_000 + seq),
            signer=signer,
            digest=digest,
            record_head=next_head(head, digest, signer) if step else head,
            act=act or some(("act", seq), 31 * seq),
            signature=some(("signature", seq), 65),
            touched=tuple(self._note(one, seq, digest, signer) for one in noted),
            block_number=seq,
            block_hash=some(("block", seq)),
            transaction_hash=some(("transaction", seq)),
            log_index=0,
        )
        for one in heads_after(entry, ORIGIN, self.known.get, self.counts):
            self._move(one)
        leaf = LogLeaf(entry_hash(entry), self.heads.count, self.heads.root())
        self.leaves.append(leaf)
        self.log.put(seq - 1, leaf.hash())
        self.entries.append(entry)
        return entry

    def checkpoint(self, size: int | None = None) -> Checkpoint:
        size = self.log.count if size is None else size
        return Checkpoint(NAME, size, self.log.root_at(size))

    def prove(self, seq: int) -> EntryProof:
        return EntryProof(seq, self.leaves[seq], self.log.inclusion(seq - 1))

    def current(self, record: bytes) -> CurrencyProof:
        place = self.places[record]
        return CurrencyProof(self.prove(self.log.count), self.known[record], place, self.heads.inclusion(place))

    def grown(self, old: int) -> ConsistencyProof:
        return ConsistencyProof(old, self.log.consistency(old))

    def _note(self, record: bytes, seq: int, digest: bytes, signer: bytes) -> Touched:
        before, delta = self.known[record], some(("delta", seq), 32 * (seq % 4))
        head = next_note_head(before.note_head, digest, signer, delta)
        return Touched(before.record, before.notes + 1, head, delta)

    def _move(self, one: RecordHeads) -> None:
        place = self.places.setdefault(one.record, self.heads.count)
        self.known[one.record] = one
        self.counts[one.kind] = max(self.counts.get(one.kind, 0), one.number)
        self.heads.put(place, leaf_hash(one.data()))


def told() -> tuple[Story, CurrencyProof]:
    """Nine entries: records made, stepped, noted, two notes at once, a note on itself, a split into three parts; and a
    proof of the shipment before its split."""
    story, (first, second, _) = Story(), (one.record for one in Story().founders)
    license, shipment = some("license"), some("shipment")
    story.enter(21, first)
    story.enter(1, some("organization"), second)
    story.enter(60, license, first, second)
    story.enter(80, shipment, license)
    story.enter(119, shipment, shipment, step=False)
    story.enter(80, some("another shipment"), license)
    before = story.current(shipment)
    act = SplitShipment(
        record=shipment,
        parent=story.known[shipment].head,
        organization=7,
        deadline=1_795_400_000,
        document=some("document"),
        shares=(1, 2, 3),
        quantities=(4, 5, 6),
    )
    story.enter(113, shipment, license, act=act.encoded())
    story.enter(62, license)
    story.enter(22, first, second)
    return story, before


def cases() -> Iterator[tuple[str, Case]]:
    """Every case with the name of its file."""
    story, before = told()
    yield from _journals(story)
    yield from _entries(story)
    yield from _records(story, before)
    yield from _growth(story)
    yield from _notes(story)


def _journals(story: Story) -> Iterator[tuple[str, Case]]:
    whole: Case = {
        "about": "Every root of a journal with nine entries.",
        "check": "journal",
        "holds": True,
        "chainId": ORIGIN.chain_id,
        "shipments": hex0x(ORIGIN.shipments),
        "founders": [
            {"record": hex0x(one.record), "kind": int(one.kind), "head": hex0x(one.head)} for one in story.founders
        ],
        "entries": [entry_json(entry) for entry in story.entries],
        "roots": [hex0x(story.log.root_at(size)) for size in range(story.log.count + 1)],
        "headsRoots": [hex0x(leaf.heads_root) for leaf in story.leaves],
        "records": [leaf.records for leaf in story.leaves],
    }
    yield "journal_ok", whole
    last = whole["entries"][-1]
    yield (
        "journal_entry_left_out_fail",
        whole | _failing("The eighth entry is missing.", entries=[*whole["entries"][:7], last]),
    )
    swapped = [*whole["founders"][1::-1], whole["founders"][2]]
    yield "journal_founders_swapped_fail", whole | _failing("Founders stand in another order.", founders=swapped)
    yield "journal_another_chain_fail", whole | _failing("Parts of a split get other ids on another chain.", chainId=1)
    unnoted = [*whole["entries"][:-1], last | {"touched": []}]
    yield "journal_note_left_out_fail", whole | _failing("A note of the last entry is missing.", entries=unnoted)


def _entries(story: Story) -> Iterator[tuple[str, Case]]:
    good = {
        "about": "Entry 4 stands in the checkpoint.",
        "check": "entry",
        "holds": True,
        "checkpoint": story.checkpoint().text(),
        "proof": story.prove(4).to_json(),
        "entry": entry_json(story.entries[3]),
    }
    yield "entry_ok", good
    last = {"proof": story.prove(9).to_json(), "entry": entry_json(story.entries[8])}
    yield "entry_at_the_right_edge_ok", good | {"about": "The last entry, whose path is short."} | last
    altered = good["entry"] | {"signature": _flipped(good["entry"]["signature"])}
    yield "entry_altered_fail", good | _failing("One bit of the entry's signature differs.", entry=altered)
    without = good["entry"] | {"touched": []}
    yield "entry_without_its_note_fail", good | _failing("The entry's note is left out.", entry=without)
    at_another = {"proof": good["proof"] | {"seq": 3}, "entry": good["entry"] | {"seq": 3}}
    yield "entry_at_another_seq_fail", good | _failing("The proof is of another seq.", **at_another)
    smaller = story.checkpoint(8).text()
    yield (
        "entry_another_checkpoint_fail",
        good | _failing("The proof belongs to a later checkpoint.", checkpoint=smaller),
    )
    root = Checkpoint(NAME, 9, some("root")).text()
    yield "entry_another_root_fail", good | _failing("The checkpoint has another root.", checkpoint=root)
    for name, about, proof in _broken(good["proof"]):
        yield f"entry_{name}_fail", good | _failing(about, proof=proof)
    for member, value in (("records", 9), ("headsRoot", hex0x(some("root")))):
        proof = good["proof"] | {member: value}
        yield f"entry_another_{member}_fail", good | _failing(f"The leaf has another {member}.", proof=proof)


def _records(story: Story, before: CurrencyProof) -> Iterator[tuple[str, Case]]:
    shipment = some("shipment")
    good = {
        "about": "The shipment is what its split left.",
        "check": "record",
        "holds": True,
        "checkpoint": story.checkpoint().text(),
        "proof": story.current(shipment).to_json(),
    }
    yield "record_ok", good
    part = next(record for record, one in story.known.items() if one.last_seq == 7 and one.version == 1)
    made = {"proof": story.current(part).to_json()}
    yield "record_part_of_a_split_ok", good | {"about": "A part, which no event names."} | made
    founder = {"proof": story.current(story.founders[2].record).to_json()}
    yield "record_founder_untouched_ok", good | {"about": "A founding record that no entry moved."} | founder
    stale = good["proof"] | {
        name: before.to_json()[name] for name in ("version", "head", "notes", "noteHead", "lastSeq")
    }
    yield (
        "record_stale_head_fail",
        good | _failing("The head before the split, at the checkpoint after it.", proof=stale),
    )
    old = before.to_json()
    yield "record_old_proof_fail", good | _failing("A whole proof of an earlier checkpoint.", proof=old)
    not_last = good["proof"] | {"last": story.prove(6).to_json(), "path": old["path"]}
    yield "record_last_is_not_last_fail", good | _failing("The heads tree of an earlier entry.", proof=not_last)
    elsewhere = good["proof"] | {
        "last": good["proof"]["last"] | {"headsRoot": old["last"]["headsRoot"]},
        "path": old["path"],
    }
    yield "record_root_not_committed_fail", good | _failing("A heads root that no leaf commits to.", proof=elsewhere)
    for member, value in (
        ("version", 1),
        ("notes", 2),
        ("number", 3),
        ("kind", 6),
        ("place", 4),
        ("lastSeq", 6),
        ("record", hex0x(part)),
    ):
        proof = good["proof"] | {member: value}
        yield f"record_another_{member}_fail", good | _failing(f"The leaf has another {member}.", proof=proof)
    for name, about, proof in _broken(good["proof"]):
        yield f"record_{name}_fail", good | _failing(about, proof=proof)


def _growth(story: Story) -> Iterator[tuple[str, Case]]:
    good = {
        "about": "Nine entries extend five.",
        "check": "consistency",
        "holds": True,
        "checkpoint": story.checkpoint().text(),
        "oldRoot": hex0x(story.log.root_at(5)),
        "proof": story.grown(5).to_json(),
    }
    yield "consistency_ok", good
    for old in (0, 4, 8, 9):
        at = {"oldRoot": hex0x(story.log.root_at(old)), "proof": story.grown(old).to_json()}
        yield f"consistency_from_{old}_ok", good | {"about": f"Nine entries extend {old}."} | at
    yield (
        "consistency_rewritten_fail",
        good | _failing("The old root is of other entries.", oldRoot=hex0x(some("root"))),
    )
    same = {"oldRoot": hex0x(some("root")), "proof": {"from": 9, "path": []}}
    yield "consistency_same_size_another_root_fail", good | _failing("Two roots of one size: a fork.", **same)
    later = {"oldRoot": hex0x(some("root")), "proof": {"from": 10, "path": []}}
    yield "consistency_shortened_fail", good | _failing("The journal has become shorter.", **later)
    nothing = {"oldRoot": hex0x(some("root")), "proof": {"from": 0, "path": []}}
    yield "consistency_from_nothing_with_a_root_fail", good | _failing("No leaves have one root only.", **nothing)
    idle = {"oldRoot": hex0x(story.log.root_at(0)), "proof": {"from": 0, "path": [hex0x(some("hash"))]}}
    yield "consistency_from_nothing_with_a_path_fail", good | _failing("From nothing there is nothing to hash.", **idle)
    for name, about, proof in _broken(good["proof"]):
        yield f"consistency_{name}_fail", good | _failing(about, proof=proof)


def _notes(story: Story) -> Iterator[tuple[str, Case]]:
    checkpoint = story.checkpoint()
    text = checkpoint.text()
    signed = checkpoint.signed(LOG)
    both = signed.with_signatures([WITNESS.cosign(text, NOTED_AT)])
    good = {
        "about": "A checkpoint with the log's signature.",
        "check": "note",
        "holds": True,
        "note": str(signed),
        "vkey": str(LOG.public),
        "cosigner": None,
    }
    yield "note_ok", good
    cosigned = good | {"about": "And a witness's cosignature.", "note": str(both), "cosigner": str(WITNESS.public)}
    yield "note_cosigned_ok", cosigned
    stranger = both.with_signatures([Signer("stranger.example", TEXT, bytes(32)).sign(text)])
    yield (
        "note_with_a_stranger_ok",
        good | {"about": "Signatures of keys that are not known are passed over.", "note": str(stranger)},
    )
    yield "note_not_cosigned_fail", cosigned | _failing("The witness's line is missing.", note=str(signed))
    line = WITNESS.cosign(text, NOTED_AT)
    later = type(line)(line.name, line.key_id, (NOTED_AT + 1).to_bytes(8, "big") + line.value[8:])
    yield (
        "note_cosigned_at_another_time_fail",
        cosigned | _failing("The cosignature's time was altered.", note=str(signed.with_signatures([later]))),
    )
    yield (
        "note_another_key_fail",
        good | _failing("Signed by another key of the same name.", note=str(checkpoint.signed(OTHER_LOG))),
    )
    forged = Checkpoint(NAME, 9, some("root")).text()
    yield (
        "note_text_altered_fail",
        good | _failing("The text is not the one that was signed.", note=str(signed).replace(text, forged)),
    )
    for name, about, body in (
        ("extension_line", "A fourth line.", text + "extension\n"),
        ("leading_zero", "A size with a leading zero.", text.replace("\n9\n", "\n09\n")),
        ("size_negative", "A size below zero.", text.replace("\n9\n", "\n-9\n")),
        ("size_too_large", "A size of 2^63.", text.replace("\n9\n", f"\n{2**63}\n")),
        ("root_too_short", "A root of 31 bytes.", f"{NAME}\n9\n{base64.b64encode(bytes(31)).decode()}\n"),
        (
            "empty_with_a_root",
            "No entries, and a root that is not that of none.",
            f"{NAME}\n0\n{base64.b64encode(bytes(32)).decode()}\n",
        ),
        ("another_origin", "The checkpoint of another log, by this key.", text.replace("/4242/", "/4243/")),
    ):
        note = f"{body}\n{LOG.sign(body).line()}\n"
        yield f"note_{name}_fail", good | _failing(about, note=note)
    yield (
        "note_without_a_blank_line_fail",
        good | _failing("No empty line before the signatures.", note=str(signed).replace("\n\n", "\n")),
    )
    yield "note_without_an_end_fail", good | _failing("The last line does not end.", note=str(signed)[:-1])
    yield (
        "note_control_character_fail",
        good | _failing("A carriage return.", note=str(signed).replace("\n\n", "\r\n\n")),
    )
    yield (
        "note_two_blanks_fail",
        good | _failing("Two blanks before the signature.", note=str(signed).replace(f"{NAME} ", f"{NAME}  ")),
    )
    yield (
        "note_base64_in_another_form_fail",
        good | _failing("Bits after the signature's end.", note=_loose(str(signed))),
    )
    yield (
        "note_hyphen_for_the_dash_fail",
        good | _failing("A hyphen instead of U+2014.", note=str(signed).replace("\u2014", "-")),
    )


def _broken(proof: Case) -> Iterator[tuple[str, str, Case]]:
    """A proof with each fault that its path can have."""
    path = proof["path"]
    yield "path_too_short", "The path lacks its last hash.", proof | {"path": path[:-1]}
    yield "path_too_long", "The path has one hash more.", proof | {"path": [*path, path[-1]]}
    yield (
        "path_in_another_order",
        "Two hashes of the path are swapped.",
        proof | {"path": [path[1], path[0], *path[2:]]},
    )
    yield "path_bit_flipped", "One bit of the path differs.", proof | {"path": [_flipped(path[0]), *path[1:]]}
    yield "path_hash_too_short", "A hash of 31 bytes.", proof | {"path": [path[0][:-2], *path[1:]]}
    yield "path_endless", "More hashes than any tree has levels.", proof | {"path": path * 64}
    yield "member_unknown", "A member that no proof has.", proof | {"note": 1}
    yield "member_missing", "A member is missing.", {name: value for name, value in proof.items() if name != "path"}


def _failing(about: str, **members: Any) -> Case:
    return {"about": about, "holds": False} | deepcopy(members)


def _flipped(text: str) -> str:
    return text[:-1] + "0123456789abcdef"[int(text[-1], 16) ^ 1]


def _loose(note: str) -> str:
    """The last signature with a bit set that its base64 does not count."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    padding = len(note) - len(note.rstrip("\n="))
    last = note[-padding - 1]
    return note[: -padding - 1] + letters[letters.index(last) + 1] + note[-padding:]


def entry_json(entry: Entry) -> Case:
    """An entry as the cases write it."""
    touched = [
        {"record": hex0x(one.record), "note": one.note, "noteHead": hex0x(one.note_head), "delta": hex0x(one.delta)}
        for one in entry.touched
    ]
    return {
        "seq": entry.seq,
        "record": hex0x(entry.record),
        "organization": entry.organization,
        "kind": entry.kind,
        "version": entry.version,
        "time": entry.time,
        "signer": hex0x(entry.signer),
        "digest": hex0x(entry.digest),
        "recordHead": hex0x(entry.record_head),
        "act": hex0x(entry.act),
        "signature": hex0x(entry.signature),
        "touched": touched,
    }


def text_of(case: Case) -> str:
    """A case as its file holds it."""
    return json.dumps(case, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, case in cases():
        (FOLDER / f"{name}.json").write_text(text_of(case))
