"""Writing files that nobody else can read, durably; and erasing them."""

from __future__ import annotations

import contextlib
import os
import secrets
from typing import TYPE_CHECKING

from voting.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path


def write_new(path: Path, data: bytes) -> None:
    """Write what a command makes: never over a file that is there; mode 0600.

    Raises:
        InputError: ``file-exists``; ``path-unwritable``.
    """
    try:
        _write(path, data)
    except FileExistsError as e:
        raise InputError("file-exists", path=str(path)) from e
    except OSError as e:
        raise InputError("path-unwritable", path=str(path)) from e


def replace(path: Path, data: bytes) -> None:
    """Write a file so that a crash leaves the old or the new one; mode 0600. Raises OSError."""
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        _write(aside, data)
        aside.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            aside.unlink()
        raise
    _sync_folder(path.parent)


def remove(path: Path) -> None:
    """Unlink a file durably; one that is not there changes nothing. Raises OSError."""
    path.unlink(missing_ok=True)
    _sync_folder(path.parent)


def erase(path: Path) -> None:
    """Overwrite a file and unlink it. Raises OSError. A flash disk may keep old blocks."""
    size = path.stat().st_size
    with path.open("r+b", buffering=0) as file:
        file.write(secrets.token_bytes(size))
        os.fsync(file.fileno())
    path.unlink()
    _sync_folder(path.parent)


def _write(path: Path, data: bytes) -> None:
    made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(made, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
