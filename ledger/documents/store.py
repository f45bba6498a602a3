"""Documents on disk, by commitment: one file each, written once, durable before `put` returns.

Keeps canonical JSON as it is given; it does not encrypt, does not check proofs and does not ask who may
read. Files lie in folders named by the first byte of the commitment, so that no folder grows too long.
"""

import os
import tempfile
from pathlib import Path

from ledger.documents.canonical import parse_canonical
from ledger.documents.credentials import commitment_of
from ledger.errors import InvalidField, Refused, Unavailable
from ledger.ids import Commitment


class DocumentStore:
    """The documents under one directory. Several processes may use the same one."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def put(self, data: bytes) -> Commitment:
        """Keep `data`, the canonical bytes of a document; again is the same as once.

        Raises:
            InvalidField: not canonical JSON of an object, or more than 1 MiB.
            Unavailable: the disk did not take it.
        """
        parse_canonical(data)
        commitment = commitment_of(data)
        path = self._path(commitment)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists() or path.read_bytes() != data:
                _write(path, data)
            # Also for a file found in place: whoever renamed it may have died before this line.
            _sync(path.parent)
            _sync(self._directory)
        except OSError as error:
            raise Unavailable(f"document {commitment.hex()} could not be written: {error}") from error
        return commitment

    def get(self, commitment: Commitment) -> bytes:
        """The document that `commitment` (32 bytes) commits to.

        Raises:
            Refused: DocumentUnknown, not kept here; DocumentAltered, the file is no longer what was put.
            Unavailable: the disk did not answer.
        """
        try:
            data = self._path(commitment).read_bytes()
        except FileNotFoundError as error:
            raise Refused("DocumentUnknown", {"commitment": commitment}) from error
        except OSError as error:
            raise Unavailable(f"document {commitment.hex()} could not be read: {error}") from error
        if commitment_of(data) != commitment:
            raise Refused("DocumentAltered", {"commitment": commitment})
        return data

    def _path(self, commitment: Commitment) -> Path:
        if len(commitment) != 32:
            raise InvalidField("commitment", commitment, "32 bytes")
        name = commitment.hex()
        return self._directory / name[:2] / f"{name}.json"


def _write(path: Path, data: bytes) -> None:
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
