"""Small files that must be whole after a crash: written beside, synced, renamed. Raises OSError as the system says."""

import os
from pathlib import Path


def replace(path: Path, text: str, *, mode: int = 0o644) -> None:
    """The file holds all of `text`, or what it held before; on disk when this returns."""
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    _write(draft, text, mode)
    draft.replace(path)
    _sync(path.parent)


def create(path: Path, text: str, *, mode: int) -> None:
    """A new file, on disk when this returns. Raises FileExistsError."""
    _write(path, text, mode)
    _sync(path.parent)


def _write(path: Path, text: str, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
