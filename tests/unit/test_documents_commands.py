"""`disclose` and `verify --document`: chosen fields are shown with proof, and each fault ends with its exit code."""

import json
from hashlib import shake_256
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ledger.cli import main
from ledger.documents.canonical import JsonObject, canonical_bytes, parse_object
from ledger.documents.credentials import Document
from ledger.documents.keys import Keys
from ledger.ids import hex0x

KEYS = Keys.from_private(shake_256(b"author").digest(96))
SUBJECT: JsonObject = {
    "topic": "statement",
    "country": "GH",
    "text": "Zes dozen.",
    "lines": [{"line": 0, "counted": 47}, {"line": 1, "counted": 3}],
}
DOCUMENT = KEYS.sign_document("Statement", SUBJECT, chain_id=7)


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    path = tmp_path / "document.json"
    path.write_bytes(DOCUMENT.data)
    return path


@pytest.fixture
def part(whole: Path) -> Path:
    path = whole.with_name("part.json")
    run("disclose", whole, "--field", "/country", "--field", "/lines/1/counted", "--out", path)
    return path


def verified(path: Path) -> JsonObject:
    return parse_object(run("verify", "--document", path, "--json").stdout.encode())


def test_a_disclosed_document_shows_the_chosen_fields_alone(part: Path) -> None:
    assert verified(part)["shown"] == {"country": "GH", "lines": [None, {"counted": 3}]}


def test_a_disclosed_document_has_the_commitment_of_the_whole(part: Path) -> None:
    assert verified(part)["commitment"] == hex0x(DOCUMENT.commitment)


def test_a_disclosed_document_holds_no_word_of_the_rest(part: Path) -> None:
    assert not set(Document.read(part.read_bytes()).disclosures) - set(DOCUMENT.disclosures)


def test_without_a_file_the_document_goes_to_standard_output(whole: Path) -> None:
    shown = run("disclose", whole, "--field", "/country").stdout.strip()
    assert len(Document.read(shown.encode()).disclosures) == 1


def test_verify_names_author_and_key(whole: Path) -> None:
    told = verified(whole)
    assert (told["author"], told["ed25519"]) == (hex0x(KEYS.address), hex0x(KEYS.public.ed25519))


def test_verify_says_that_nothing_is_withheld(whole: Path) -> None:
    assert "Nothing is withheld." in run("verify", "--document", whole).stdout


def test_verify_says_that_the_rest_is_withheld(part: Path) -> None:
    assert "The rest is withheld." in run("verify", "--document", part).stdout


def test_verify_shows_the_place_of_what_is_withheld(part: Path) -> None:
    assert ["lines[0]", "(withheld)"] in [
        line.split() for line in run("verify", "--document", part).stdout.splitlines()
    ]


@pytest.mark.parametrize("words", [("verify", "--document"), ("verify", "--json", "--document")])
def test_a_document_that_holds_ends_with_0(part: Path, words: tuple[str, ...]) -> None:
    assert run(*words, part).exit_code == 0


def altered(path: Path, **changes: str) -> Path:
    document = Document.read(path.read_bytes())
    credential = canonical_bytes({**parse_object(document.credential), **changes})
    path.write_bytes(Document(credential, document.disclosures).data)
    return path


def test_a_document_whose_proof_breaks_ends_with_1(whole: Path) -> None:
    other = Keys.from_private(shake_256(b"somebody else").digest(96))
    issuer = parse_object(other.sign_document("Statement", SUBJECT, chain_id=7).credential)["issuer"]
    assert run("verify", "--document", altered(whole, issuer=str(issuer))).exit_code == 1


def test_a_broken_proof_is_named(whole: Path) -> None:
    changed = altered(whole, issuer="did:pkh:eip155:7:0x" + "00" * 20)
    assert json.loads(run("verify", "--json", "--document", changed).stdout)["error"] == "ProofInvalid"


def test_a_document_whose_proof_breaks_is_not_disclosed(whole: Path) -> None:
    out = whole.with_name("out.json")
    run("disclose", altered(whole, issuer="did:pkh:eip155:7:0x" + "00" * 20), "--field", "/country", "--out", out)
    assert not out.exists()


BAD = {
    "no file": None,
    "an empty file": b"",
    "half a document": DOCUMENT.data[: len(DOCUMENT.data) // 2],
    "the credential alone": DOCUMENT.credential,
    "a disclosure of another document": Document(
        DOCUMENT.credential, KEYS.sign_document("Statement", SUBJECT, chain_id=7).disclosures
    ).data,
    "a disclosure twice": Document(DOCUMENT.credential, (*DOCUMENT.disclosures, DOCUMENT.disclosures[0])).data,
}


@pytest.mark.parametrize("data", BAD.values(), ids=BAD.keys())
def test_what_is_no_document_ends_with_2(tmp_path: Path, data: bytes | None) -> None:
    path = tmp_path / "document.json"
    if data is not None:
        path.write_bytes(data)
    assert run("verify", "--document", path).exit_code == 2


@pytest.mark.parametrize("field", ["/mood", "country", "/lines/2", ""])
def test_a_field_that_is_not_there_ends_with_2(whole: Path, field: str) -> None:
    assert run("disclose", whole, "--field", field).exit_code == 2


def test_verify_without_anything_to_verify_ends_with_2() -> None:
    assert run("verify").exit_code == 2


def test_of_a_file_of_100_mb_no_more_is_read_than_a_document_can_have(tmp_path: Path) -> None:
    path = tmp_path / "huge.json"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    assert "1048577 bytes" in run("verify", "--document", path).stderr
