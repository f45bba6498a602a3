"""The document store: written once, found by commitment, never silently altered."""

from pathlib import Path

import pytest

from ledger.documents.credentials import commitment_of
from ledger.documents.store import DocumentStore
from ledger.errors import InvalidField, Refused, Unavailable
from ledger.ids import Commitment

DATA = b'{"a":1}'


@pytest.fixture
def store(tmp_path: Path) -> DocumentStore:
    return DocumentStore(tmp_path / "documents")


def files(directory: Path) -> list[Path]:
    return [path for path in directory.rglob("*") if path.is_file()]


def test_what_was_put_is_found_by_its_commitment(store: DocumentStore) -> None:
    assert store.get(store.put(DATA)) == DATA


def test_the_commitment_is_the_documents_own(store: DocumentStore) -> None:
    assert store.put(DATA) == commitment_of(DATA)


def test_another_process_finds_it(store: DocumentStore, tmp_path: Path) -> None:
    commitment = store.put(DATA)
    assert DocumentStore(tmp_path / "documents").get(commitment) == DATA


def test_putting_twice_keeps_one_file(store: DocumentStore, tmp_path: Path) -> None:
    store.put(DATA)
    store.put(DATA)
    assert len(files(tmp_path)) == 1


@pytest.mark.parametrize("data", [b'{"a": 1}', b'{"a":1.5}', b"[]", b"", b"{" + b" " * (1 << 20) + b"}"])
def test_bytes_that_are_no_canonical_document_are_refused(store: DocumentStore, data: bytes) -> None:
    with pytest.raises(InvalidField):
        store.put(data)


def test_refused_bytes_leave_no_file(store: DocumentStore, tmp_path: Path) -> None:
    with pytest.raises(InvalidField):
        store.put(b'{"a": 1}')
    assert files(tmp_path) == []


def test_an_unknown_commitment_is_refused(store: DocumentStore) -> None:
    with pytest.raises(Refused, match="DocumentUnknown"):
        store.get(Commitment(bytes(32)))


@pytest.mark.parametrize("commitment", [b"", bytes(31), bytes(33)])
def test_a_commitment_of_another_length_is_refused(store: DocumentStore, commitment: bytes) -> None:
    with pytest.raises(InvalidField, match="32 bytes"):
        store.get(Commitment(commitment))


def test_an_altered_file_is_not_handed_out(store: DocumentStore, tmp_path: Path) -> None:
    commitment = store.put(DATA)
    files(tmp_path)[0].write_bytes(b'{"a":2}')
    with pytest.raises(Refused, match="DocumentAltered"):
        store.get(commitment)


def test_putting_again_heals_an_altered_file(store: DocumentStore, tmp_path: Path) -> None:
    commitment = store.put(DATA)
    files(tmp_path)[0].write_bytes(b"{")
    store.put(DATA)
    assert store.get(commitment) == DATA


def test_a_directory_that_cannot_be_made_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Unavailable):
        DocumentStore(tmp_path / "file").put(DATA)
