"""What the server is started with, and what it keeps in the meeting's folder.

    meeting.toml    the draft                        written by the secretary
    meeting.sqlite  ledger, ballots, credentials     unless --database names PostgreSQL
    server.key      the server's own signing seed    made at the first start, readable by it only
    roll.jsonl, minutes.jsonl                        names; never in the record, never served

The server's key orders the ledger and can vote for nobody: an act that needs an officer is signed
on that officer's device. Whoever steals the whole folder learns who attended, and no choice.
"""

from __future__ import annotations

import ipaddress
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kiosk.draft import DRAFT, load
from kiosk.files import replace
from voting.errors import DraftError, InputError, RefusedError

if TYPE_CHECKING:
    from pathlib import Path

    from voting.meeting.draft import Draft

KEY: Final = "server.key"


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the meeting lies and where the server listens. Port 0 takes any free one."""

    folder: Path
    database: str | None = None
    host: str = "127.0.0.1"
    port: int = 0


def check_host(host: str) -> None:
    """Refuse plain HTTP anywhere but on this machine's own loopback."""
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = host == "localhost"
    if not loopback:
        raise RefusedError("plain-http", host=host)


def load_draft(folder: Path) -> Draft:
    """Read the folder's draft. Raises DraftError with the place of the first fault."""
    try:
        return load(folder)[1]
    except InputError as e:
        if e.code == "path-unreadable":
            raise DraftError("no-draft", DRAFT) from e
        raise


def server_seed(folder: Path) -> bytes:
    """Return the server's 32-byte signing seed; made once."""
    path = folder / KEY
    if not path.exists():
        replace(path, secrets.token_bytes(32))
    return path.read_bytes()
