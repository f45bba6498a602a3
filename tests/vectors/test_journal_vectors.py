"""Do strangers agree on the journal's trees, proofs and notes? Our own cases in two languages, and others' vectors."""

import base64
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from ledger.acts.act import RecordKind
from ledger.errors import Refused
from ledger.ids import Address, Digest, Head, RecordId, Time, hex0x
from ledger.journal.checkpoints import open_checkpoint, parse_checkpoint
from ledger.journal.entries import Entry, Touched
from ledger.journal.leaves import LogLeaf, Origin, entry_hash, founded, heads_after
from ledger.journal.merkle import check_inclusion, leaf_hash
from ledger.journal.notes import VerifierKey, parse_note
from ledger.journal.proofs import ConsistencyProof, CurrencyProof, EntryProof
from ledger.journal.tree import Tree
from tests.vectors.journal_cases import FOLDER, cases, text_of

FILES = sorted(FOLDER.glob("*.json"))
SHARED = Path(__file__).parents[3] / "shared" / "vectors"
RFC6962 = SHARED / "rfc6962-merkle-proofs"
TILES = SHARED / "tlog-tiles-log" / "log"
TILES_KEY = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"


def bytes_of(text):
    return bytes.fromhex(text[2:])


def entry_of(case):
    places = {"block_number": 0, "block_hash": b"", "transaction_hash": b"", "log_index": 0}
    touched = tuple(
        Touched(RecordId(bytes_of(t["record"])), t["note"], Head(bytes_of(t["noteHead"])), bytes_of(t["delta"]))
        for t in case["touched"]
    )
    return Entry(
        seq=case["seq"],
        record=RecordId(bytes_of(case["record"])),
        organization=case["organization"],
        kind=case["kind"],
        version=case["version"],
        time=Time(case["time"]),
        signer=Address(bytes_of(case["signer"])),
        digest=Digest(bytes_of(case["digest"])),
        record_head=Head(bytes_of(case["recordHead"])),
        act=bytes_of(case["act"]),
        signature=bytes_of(case["signature"]),
        touched=touched,
        **places,
    )


def journal(case):
    origin = Origin(case["chainId"], Address(bytes_of(case["shipments"])))
    known, places, counts, heads, log, found = {}, {}, {}, Tree(), Tree(), []

    def move(one):
        known[one.record] = one
        counts[one.kind] = max(counts.get(one.kind, 0), one.number)
        heads.put(places.setdefault(one.record, heads.count), leaf_hash(one.data()))

    def say():
        found.append((hex0x(log.root()), hex0x(heads.root()), heads.count))

    founders = (
        (RecordId(bytes_of(f["record"])), RecordKind(f["kind"]), Head(bytes_of(f["head"]))) for f in case["founders"]
    )
    for one in founded(founders):
        move(one)
    say()
    for entry in map(entry_of, case["entries"]):
        for one in heads_after(entry, origin, known.get, counts):
            move(one)
        log.put(log.count, LogLeaf(entry_hash(entry), heads.count, heads.root()).hash())
        say()
    if found != list(zip(case["roots"], case["headsRoots"], case["records"], strict=True)):
        raise Refused("ProofInvalid")


def note(case):
    log, found = VerifierKey.parse(case["vkey"]), parse_note(case["note"])
    open_checkpoint(found, log)
    if case["cosigner"] is not None:
        cosigner = VerifierKey.parse(case["cosigner"])
        signature = cosigner.find(found)
        if signature is None:
            raise Refused("NoteUnsigned")
        cosigner.check(found.text, signature)


def entry(case):
    checkpoint = parse_checkpoint(case["checkpoint"])
    EntryProof.from_json(case["proof"], "proof").check_entry(checkpoint, entry_of(case["entry"]))


def record(case):
    CurrencyProof.from_json(case["proof"], "proof").check(parse_checkpoint(case["checkpoint"]))


def consistency(case):
    proof = ConsistencyProof.from_json(case["proof"], "proof")
    proof.check(bytes_of(case["oldRoot"]), parse_checkpoint(case["checkpoint"]))


CHECKS = {check.__name__: check for check in (journal, note, entry, record, consistency)}


def holds(case):
    try:
        CHECKS[case["check"]](case)
    except (Refused, ValueError):
        return False
    return True


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_case_holds_or_fails_as_its_name_says(path):
    case = json.loads(path.read_text())
    assert (holds(case), case["holds"]) == (path.stem.endswith("_ok"),) * 2


def test_the_files_are_the_cases_that_the_page_describes():
    assert {path.stem: path.read_text() for path in FILES} == {name: text_of(case) for name, case in cases()}


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not here to recompute the cases")
def test_a_recomputation_in_another_language_comes_to_the_same_verdicts():
    script = FOLDER.parent / "journal.mjs"
    done = subprocess.run(["node", script, *FILES], capture_output=True, text=True, check=True, timeout=60)
    assert json.loads(done.stdout) == {path.name: path.stem.endswith("_ok") for path in FILES}


@pytest.mark.skipif(not RFC6962.exists(), reason="../shared/vectors/rfc6962-merkle-proofs is not here")
def test_published_inclusion_proofs_are_accepted_and_refused_as_published():
    wrong = []
    for path in sorted((RFC6962 / "inclusion").rglob("*.json")):
        case = json.loads(path.read_text())
        root, leaf = (base64.b64decode(case[name] or "") for name in ("root", "leafHash"))
        hashes = [base64.b64decode(one) for one in case["proof"] or []]
        try:
            check_inclusion(root, leaf, hashes, place=case["leafIdx"], size=case["treeSize"])
            refused = False
        except Refused:
            refused = True
        if refused != case["wantErr"]:
            wrong.append(path.name)
    assert wrong == []


@pytest.mark.skipif(not TILES.exists(), reason="../shared/vectors/tlog-tiles-log is not here")
@pytest.mark.parametrize("size", range(16))
def test_a_checkpoint_of_a_log_of_others_has_the_root_that_its_entries_give(size):
    checkpoint = open_checkpoint((TILES / f"checkpoint.{size}").read_bytes(), VerifierKey.parse(TILES_KEY))
    bundle = (TILES / "tile" / "entries" / "000.p" / str(size)).read_bytes() if size else b""
    tree = Tree()
    while bundle:
        length = int.from_bytes(bundle[:2], "big")
        tree.put(tree.count, leaf_hash(bundle[2 : 2 + length]))
        bundle = bundle[2 + length :]
    assert (checkpoint.size, checkpoint.root) == (tree.count, tree.root())
