"""One process at a time works with a key: a lock of this machine, by the key file's salt.

Two that have one file open would each remember only what they did themselves, and the second to
store would take the first one's memory away. The salt stands in every copy of a file and in no
other file, so it does not matter which medium each was given; and nothing lies beside the file or
keeps a stick from being taken out. The lock is a file in the folder for temporary files, in a
folder that is this user's own; the system takes it away from a process that ends.

On another machine, for another user, or where there are no such locks, ``KeyFile.store`` finds out.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import stat
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

from voting.errors import RefusedError


@dataclass(slots=True)
class _Held:
    """The locked file, None where there are no locks, and how many of this process hold it."""

    handle: int | None
    number: int = 0


_guard = threading.RLock()  # an object that is collected lets go at any moment
_held: dict[bytes, _Held] = {}
"""By salt."""


def hold(salt: bytes) -> None:
    """Keep other processes from this key until as many ``release``. Raises ``keyfile-in-use``."""
    with _guard:
        held = _held.get(salt)
        if held is None:
            held = _held[salt] = _Held(_lock(_path(salt)))
        held.number += 1


def release(salt: bytes) -> None:
    """Let others have the key once nobody of this process holds it."""
    with _guard:
        held = _held[salt]
        held.number -= 1
        if held.number:
            return
        del _held[salt]
        if held.handle is not None:
            with contextlib.suppress(OSError):
                _path(salt).unlink()
            os.close(held.handle)


def _path(salt: bytes) -> Path:
    name = hashlib.sha256(b"piaojue/keylock/1\n" + salt).hexdigest()[:32]
    return Path(tempfile.gettempdir()) / f"piaojue-{os.getuid()}" / name


def _lock(path: Path) -> int | None:
    while True:
        try:
            path.parent.mkdir(mode=0o700, exist_ok=True)
            folder = path.parent.lstat()
            if folder.st_uid != os.getuid() or not stat.S_ISDIR(folder.st_mode):
                return None  # somebody else's, who could say of every key that it is in use
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        except OSError:
            return None
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(handle), path.stat()):
                return handle
        except BlockingIOError as e:
            os.close(handle)
            raise RefusedError("keyfile-in-use") from e
        except FileNotFoundError:
            pass  # its holder went away meanwhile, and took the file with him
        except OSError:
            os.close(handle)
            return None
        os.close(handle)
