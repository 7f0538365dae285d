"""The draft in the console: read, mended, pasted into, and taken up, until the freeze.

A whole draft is ``meeting.toml``, as the command line reads it. One with faults is kept beside it
as ``draft.toml``, so that an evening's work is not lost and the server still starts. When a draft
without faults is put, the room goes on with it at once: who is new in it is invited, whose office
is gone is let out, and if the number of trustees changed the key ceremony begins again.

The file is replaced before the commit, the room's draft after it. Who is let out is found by the
accounts, and another ceremony by what the last one was held for, never by the draft before: so
putting again, or the next start (``settle``), ends what a failed commit or a crash left half done.

A folder without ``meeting.toml`` is a meeting of which there is only a secretary, who then
writes it here (``kiosk.draft.nothing``).
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

from kiosk.draft import DRAFT, RULES
from kiosk.files import remove, replace
from kiosk.server.security import new_invitation, secret_digest
from kiosk.server.services import ceremony, enrolment
from kiosk.server.services.book import book_json
from kiosk.server.services.draft_faults import draft_faults, fault_json, fault_said
from kiosk.server.services.pasting import merged_items, read_pasted
from kiosk.server.services.said import Said, said
from kiosk.server.services.toml_text import replace_table
from voting.errors import DraftError, FormatError, RefusedError
from voting.meeting.draft import read_draft
from voting.meeting.table import read_toml
from voting.rules import read_own

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kiosk.server.security import Caller
    from kiosk.server.services.room import Room, Turn
    from voting.meeting.draft import Draft
    from voting.rules import Rule

UNFINISHED: Final = "draft.toml"
MAX_DRAFT: Final = 2**20
"""Bytes of a draft, and of a pasted table."""
TABLES: Final = frozenset(
    {
        "meeting",
        "roll",
        "groups",
        "rules",
        "items",
        "rosters",
        "chain",
        "relations",
        "series",
        "trustees",
        "officers",
        "rehearsal",
    }
)

Json = dict[str, object]


async def read(room: Room, caller: Caller) -> Json:
    """Return the draft as it stands, with its faults."""
    caller.must_be("secretary")
    text = _text(room)
    frozen = (await room.view()).meeting is not None
    faults = [] if frozen else await _faults(room, text)
    return {
        "toml": text,
        "tables": _tables(text),
        "faults": [fault_json(one) for one in faults],
        "frozen": frozen,
        "book": book_json(_own(room)),
    }


async def put(room: Room, caller: Caller, text: str) -> Json:
    """Keep a draft; take it up when it has no fault.

    Raises:
        RefusedError: ``already-frozen``; ``ceremony-complete``: the number of trustees or the
            threshold changed after the key was made.
    """
    caller.must_be("secretary")
    faults = await _faults(room, text)
    draft = None if faults else read_draft(text, read_own(room.folder / RULES))
    codes: dict[str, str] = {}
    async with room.turn() as turn:
        if turn.view.meeting is not None:
            raise RefusedError("already-frozen")
        room.refuse_if_proposed()
        if draft is None:
            replace(room.folder / UNFINISHED, text.encode())
        else:
            await ceremony.follow(turn.tx, draft)
            codes = await _invite(room, turn, draft)
            await _let_out(room, turn, draft)
            replace(room.folder / DRAFT, text.encode())
            remove(room.folder / UNFINISHED)
    if draft is not None:
        room.draft = draft
    return {
        "saved": "unfinished" if faults else "whole",
        "faults": [fault_json(one) for one in faults],
        "invitations": codes,
    }


async def settle(room: Room) -> None:
    """Bring accounts and ceremony to the draft of the start, as ``put`` would have.

    A crash may have come between its file and its commit. Who is new in the draft is invited
    where codes are shown (``enrolment.invite``).
    """
    async with room.turn() as turn:
        if turn.view.meeting is None:
            with contextlib.suppress(RefusedError):  # ceremony-complete: freezing will say so
                await ceremony.follow(turn.tx, room.draft)
            await _let_out(room, turn, room.draft)


async def paste(
    room: Room,
    caller: Caller,
    kind: str,
    text: str,
    *,
    toml: str | None = None,
    rule: str | None = None,
    gates: Sequence[Mapping[str, str]] = (),
) -> Json:
    """Read a pasted table and return the draft with it; nothing is stored.

    Args:
        kind: ``roll`` or ``items``.
        toml: The draft to put it into; None is the stored one.

    Raises:
        DraftError: ``not-toml``; InputError: ``paste-empty``, ``paste-too-long``.
    """
    caller.must_be("secretary")
    base = _text(room) if toml is None else toml
    return await room.pool.run(_pasted, kind, text, base, rule, list(gates))


async def put_part(room: Room, caller: Caller, table: str, value: object, toml: str | None) -> Json:
    """Return the draft with one table replaced by JSON, and its faults; nothing is stored."""
    caller.must_be("secretary")
    if table not in TABLES:
        raise FormatError("body.table", "not a table of a draft")
    rows = isinstance(value, list) and all(isinstance(one, dict) for one in value)
    if not rows and not isinstance(value, dict):
        raise FormatError("body.value", "not a table")
    base = _text(room) if toml is None else toml
    return await room.pool.run(_with_part, table, value, base, _own(room))


async def standing_faults(room: Room) -> tuple[Said, ...]:
    """Return the faults of the stored draft, each with its place; found once for each text."""
    text = _text(room)
    if not text.strip():
        return (said("desk.missing.draft"),)
    return tuple(fault_said(one) for one in await _faults(room, text))


def _own(room: Room) -> Mapping[str, Rule]:
    """Return the institution's rules; a fault in them is told with those of the stored draft."""
    try:
        return read_own(room.folder / RULES)
    except DraftError:
        return {}


def _text(room: Room) -> str:
    """Return the draft that was put last, an empty text when there is none."""
    for name in (UNFINISHED, DRAFT):
        path = room.folder / name
        if path.exists():
            return path.read_text("utf-8")
    return ""


async def _faults(room: Room, text: str) -> tuple[DraftError, ...]:
    try:
        own = read_own(room.folder / RULES)
    except DraftError as e:
        return (e,)
    spelled = json.dumps([rule.to_json() for rule in own.values()])
    digest = hashlib.sha256(f"{spelled}\n{text}".encode()).hexdigest()
    if room.faults is None or room.faults[0] != digest:
        room.faults = digest, await room.pool.run(draft_faults, text, own)
    return room.faults[1]


async def _invite(room: Room, turn: Turn, draft: Draft) -> dict[str, str]:
    """Invite who is new in the draft, or has another role in it."""
    known = {one.id: one.role for one in await turn.tx.accounts()}
    before = dict(enrolment.accounts_of(room.draft))
    codes = {}
    for account, role in enrolment.accounts_of(draft):
        if known.get(account) == role and account in before:
            continue
        codes[account] = new_invitation(room.rand)
        digest = secret_digest(codes[account])
        if account in known:
            await turn.tx.invite_again(account, digest, forget_key=True, role=role)
        else:
            await turn.tx.add_account(account, role=role, label="", invitation=digest)
    return codes


async def _let_out(room: Room, turn: Turn, draft: Draft) -> None:
    """End what is held by whoever has no office in the draft; tablets have none."""
    wanted = dict(enrolment.accounts_of(draft))
    for one in await turn.tx.accounts():
        if one.id not in wanted and one.role != "kiosk":
            nobody = room.rand(32)  # the digest of a code that nobody was told
            await turn.tx.invite_again(one.id, nobody, forget_key=True)


def _tables(text: str) -> Json | None:
    try:
        data = read_toml(text)
    except DraftError:
        return None
    return _json(data)  # type: ignore[return-value]


def _json(value: object) -> object:
    match value:
        case dict():
            return {str(key): _json(one) for key, one in value.items()}
        case list():
            return [_json(one) for one in value]
        case bool() | int() | str():
            return value
        case datetime.date():
            return value.isoformat()
    return str(value)


# --- in a worker process -------------------------------------------------------------------------


def _pasted(
    kind: str, text: str, toml: str, rule: str | None, gates: list[Mapping[str, str]]
) -> Json:
    data = read_toml(toml)
    pasted = read_pasted(kind, text)
    rows: list[dict[str, Any]] = [dict(one) for one in pasted.rows]
    if kind == "items":
        before = data.get("items", [])
        known = [one for one in before if isinstance(one, dict)] if isinstance(before, list) else []
        rows = merged_items(pasted.rows, known, rule, gates)
    return {
        "toml": replace_table(toml, kind, rows),
        "rows": list(pasted.rows),
        "ignored": list(pasted.ignored),
        "faults": list(pasted.faults),
    }


def _with_part(table: str, value: Any, toml: str, own: Mapping[str, Rule]) -> Json:
    read_toml(toml)
    made = replace_table(toml, table, value)
    return {"toml": made, "faults": [fault_json(one) for one in draft_faults(made, own)]}
