"""Writing files that nobody else can read, durably; and erasing them."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from typing import TYPE_CHECKING

from voting.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path


def write_new(path: Path, data: bytes) -> None:
    """Write what a command makes: never over a file that is there, whole or not; mode 0600.

    Raises:
        InputError: ``file-exists``; ``path-unwritable``.
    """
    try:
        _write(path, data)
        _sync_folder(path.parent)
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


def append(path: Path, data: bytes) -> None:
    """Write at a file's end, durably, and make the file if need be; mode 0600.

    Raises:
        OSError: The file is as it was before, as far as the disk still allows it.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        before = os.fstat(handle).st_size
        try:
            _fill(handle, data)
            if not before:
                _sync_folder(path.parent)
        except OSError:
            with contextlib.suppress(OSError):
                os.ftruncate(handle, before)
            raise
    finally:
        os.close(handle)


def make_folder(path: Path) -> None:
    """Make a folder durably, unless it is there; mode 0700. Raises OSError."""
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        return
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
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        try:
            _fill(handle, data)
        finally:
            os.close(handle)
    except OSError:
        with contextlib.suppress(OSError):
            path.unlink()
        raise


def _fill(handle: int, data: bytes) -> None:
    """Write everything; a buffered file would try again, at its close, what did not fit."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(handle, rest) :]
    os.fsync(handle)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as e:
        if e.errno != errno.EINVAL:  # of a file system that cannot do it, a shared folder say
            raise
    finally:
        os.close(handle)
