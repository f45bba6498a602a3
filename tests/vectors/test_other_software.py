"""Does other people's software agree? Credentials signed and verified, disclosures read, by packages from npm."""

import json
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from nacl.signing import SigningKey

from ledger.documents.canonical import JsonObject, canonical_bytes, parse_object
from ledger.documents.credentials import Document, draft, secure, select, verify
from ledger.documents.dids import did_pkh
from ledger.errors import Refused
from ledger.ids import Address, Time

ROOT = Path(__file__).parents[2]
ACCOUNT = Address(bytes.fromhex("5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"))
KEY = SigningKey(bytes(range(32)))
SUBJECT: JsonObject = {
    "topic": "statement",
    "text": "Zes dozen; één nat. \u20ac 1",
    "lines": [{"line": 0, "counted": 47}, {"line": 1, "counted": 3, "serials": ["a", "b"]}],
}
UNSIGNED = draft("Statement", SUBJECT, issuer=ACCOUNT, chain_id=7, salt=bytes(32))
SIGNED = secure(UNSIGNED, KEY, created=Time(1677281798))
CREDENTIAL = parse_object(SIGNED.credential)

pytestmark = [
    pytest.mark.skipif(shutil.which("node") is None, reason="node is not here"),
    pytest.mark.skipif(not (ROOT / "node_modules/jsonld-signatures").exists(), reason="`npm ci` was not run"),
]


def verifying(credential: JsonObject, *, account: Address = ACCOUNT) -> JsonObject:
    """Their verification, where the directory says that the document key is the key of `account`."""
    return {"task": "verify", "credential": credential, "controller": did_pkh(account, 7)}


def revealing(document: Document) -> JsonObject:
    subject = parse_object(document.credential)["credentialSubject"]
    return {"task": "reveal", "subject": subject, "disclosures": list(document.disclosures)}


TASKS: dict[str, JsonObject] = {
    "ours": verifying(CREDENTIAL),
    "ours, altered": verifying({**CREDENTIAL, "issuer": did_pkh(ACCOUNT, 8)}),
    "ours, of somebody else's key": verifying(CREDENTIAL, account=Address(bytes(20))),
    "theirs": {"task": "sign", "credential": parse_object(UNSIGNED.credential), "seed": bytes(KEY).hex()},
    "all disclosures": revealing(SIGNED),
    "one disclosure": revealing(select(SIGNED, ["/text"])),
}


@pytest.fixture(scope="module")
def answers() -> dict[str, Any]:
    program = [shutil.which("node") or "node", str(Path(__file__).with_name("software.mjs"))]
    given = json.dumps(list(TASKS.values()))
    ran = subprocess.run(program, input=given, capture_output=True, text=True, check=True, timeout=60)
    return dict(zip(TASKS, json.loads(ran.stdout), strict=True))


def test_their_software_accepts_our_proof(answers: dict[str, Any]) -> None:
    assert answers["ours"] == {"proof": True, "credential": True, "why": ""}


def test_their_software_refuses_our_document_altered(answers: dict[str, Any]) -> None:
    assert not answers["ours, altered"]["proof"]


def test_their_software_refuses_an_issuer_whose_key_it_is_not(answers: dict[str, Any]) -> None:
    assert not answers["ours, of somebody else's key"]["credential"]


def test_our_software_accepts_their_proof(answers: dict[str, Any]) -> None:
    theirs = Document(canonical_bytes(answers["theirs"]), UNSIGNED.disclosures)
    assert verify(theirs).ed25519_public == bytes(KEY.verify_key)


def test_our_software_refuses_their_document_altered(answers: dict[str, Any]) -> None:
    altered = canonical_bytes({**answers["theirs"], "issuer": did_pkh(ACCOUNT, 8)})
    with pytest.raises(Refused, match="ProofInvalid"):
        verify(Document(altered, UNSIGNED.disclosures))


def test_for_the_same_time_and_key_their_proof_is_ours(answers: dict[str, Any]) -> None:
    proof = answers["theirs"]["proof"]
    ours = secure(UNSIGNED, KEY, created=Time(seconds(proof["created"])))
    assert parse_object(ours.credential)["proof"] == proof


def test_their_software_reads_our_disclosures(answers: dict[str, Any]) -> None:
    assert answers["all disclosures"] == SUBJECT


def test_their_software_sees_only_what_we_show(answers: dict[str, Any]) -> None:
    assert answers["one disclosure"] == {"text": SUBJECT["text"]}


def seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())
