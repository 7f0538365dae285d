"""Writing what a command makes: never over a file that is there, readable by nobody else."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from voting.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path


def write_new(path: Path, data: bytes) -> None:
    """Write a new file with mode 0600 and make it durable.

    Raises:
        InputError: ``file-exists``; ``path-unwritable``.
    """
    try:
        made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as e:
        raise InputError("file-exists", path=str(path)) from e
    except OSError as e:
        raise InputError("path-unwritable", path=str(path)) from e
    with os.fdopen(made, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
