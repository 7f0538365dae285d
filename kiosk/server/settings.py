"""What the server is started with, and what it keeps in the meeting's folder.

    meeting.toml    the draft                        written by the secretary, or in the console
    draft.toml      a draft that still has faults    kept beside until it has none
    pages/          pages signed by pen, scanned     by their SHA-256
    meeting.sqlite  ledger, ballots, credentials     unless --database names PostgreSQL
    server.key      the server's own signing seed    made at the first start, readable by it only
    ca.key, ca.pem, tls.key, tls.pem                 its TLS authority and leaf (kiosk.server.tls)
    roll.jsonl, minutes.jsonl                        names; never in the record, never served
    minutes.jsonl.damaged-N                          as it was found at a start, lines missing

The server's key orders the ledger and can vote for nobody: an act that needs an officer is signed
on that officer's device. Whoever steals the whole folder learns who attended, and no choice.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kiosk.draft import DRAFT, RULES, load, nothing
from kiosk.files import replace
from voting.errors import DraftError, InputError

if TYPE_CHECKING:
    from pathlib import Path

    from voting.meeting.draft import Draft

KEY: Final = "server.key"
OURS: Final = frozenset({KEY, "draft.toml", "pages"})
"""What a folder may hold before it has a draft, beside the database and the TLS files."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the meeting lies and where the server listens. Port 0 takes any free one.

    Attributes:
        names: What else the server is called in the room, for its certificate.
    """

    folder: Path
    database: str | None = None
    host: str = "127.0.0.1"
    port: int = 0
    names: tuple[str, ...] = ()


def load_draft(folder: Path) -> Draft:
    """Read the folder's draft; an empty folder is a meeting with a secretary and nothing else.

    Raises DraftError with the place of the first fault; ``no-draft`` for a folder that holds
    something else and no draft, which somebody named by mistake.
    """
    try:
        return load(folder)[1]
    except InputError as e:
        if e.code != "path-unreadable":
            raise
        if (folder / DRAFT).exists() or not all(_is_ours(path.name) for path in folder.iterdir()):
            raise DraftError("no-draft", DRAFT) from e
        return nothing()


def _is_ours(name: str) -> bool:
    known = name in OURS or name == RULES
    return known or name.startswith((".", "meeting.sqlite", "ca.", "tls."))


def server_seed(folder: Path) -> bytes:
    """Return the server's 32-byte signing seed; made once."""
    path = folder / KEY
    if not path.exists():
        replace(path, secrets.token_bytes(32))
    return path.read_bytes()
