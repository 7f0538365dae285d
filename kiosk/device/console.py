"""An officer's console on the command line (``piaojue officer``).

One command a line, one answer a line. Beside the commands it watches for acts that need this
officer's signature: after its own checks (``officer``) it says what the act does and waits for
``sign``, or signs by itself when told to at the start (``--yes``). Who signs by pen enters and
proposes, and is asked for no signature.

    attend NAME [SERIES]      leave NAME        return NAME
    present GROUP COUNT [SERIES]
    recuse NAME ITEM          unrecuse NAME ITEM
    room ITEM STEP            next              prepare ITEM,ITEM… SERIES,SERIES…
    upload FILE               propose KIND {json}
    sign                      withdraw
    forms FILE                page FILE         sign-record       record FILE
    status                    help              quit
"""

from __future__ import annotations

import json
import queue
import shlex
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kiosk.device.client import printable
from kiosk.device.forms import typeset_forms
from kiosk.device.recording import save_record, sign_record
from kiosk.files import write_new
from voting.crypto.hashing import sha256_hex
from voting.errors import (
    InputError,
    PiaojueError,
    RefusedError,
    UnavailableError,
)
from voting.meeting import ledger
from voting.meeting.slips import decode_public_parts
from voting.protocol import codec
from voting.words import say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kiosk.device.client import Client
    from kiosk.device.officer import OfficerDevice
    from kiosk.device.talk import TerminalTalk

PAUSE: Final = 0.2

_SETTLED: Final = frozenset({"no-proposal", "act-overtaken"})
"""Another officer of the same role was quicker: the act is in the ledger."""


class Console:
    """Reads commands, watches for acts to sign, answers in one line each."""

    def __init__(
        self, device: OfficerDevice, client: Client, talk: TerminalTalk, *, unattended: bool
    ) -> None:
        self._device = device
        self._client = client
        self._talk = talk
        self._unattended = unattended
        self._seen: set[str] = set()
        self._named: str | None = None  # the act that was shown or proposed here last
        self._note_signed = False
        self._looks = 0
        self._complained = ""
        self._commands: Mapping[str, Callable[[str], None]] = {
            "attend": self._attend,
            "leave": lambda rest: self._enter("leave", who=_words(rest, 1)[0]),
            "return": lambda rest: self._enter("return", who=_words(rest, 1)[0]),
            "present": self._present,
            "recuse": lambda rest: self._recusal("recuse", rest),
            "unrecuse": lambda rest: self._recusal("unrecuse", rest),
            "room": self._room,
            "next": lambda _rest: self._next(),
            "words": self._written,
            "prepare": self._prepare,
            "upload": self._upload,
            "propose": self._propose,
            "sign": lambda _rest: self._sign(),
            "withdraw": lambda _rest: self._withdraw(),
            "sign-record": lambda _rest: self._sign_record(),
            "record": lambda rest: save_record(self._client, Path(_words(rest, 1)[0])),
            "forms": self._forms,
            "page": self._page,
            "status": lambda _rest: self._status(),
            "help": lambda _rest: self._talk.tell("help", commands=[*self._commands, "quit"]),
        }

    def run(self) -> None:
        """Serve until ``quit`` or the end of standard input."""
        lines: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=_read, args=(lines,), daemon=True).start()
        while True:
            try:
                line = lines.get(timeout=PAUSE)
            except queue.Empty:
                self._watch()
                continue
            if line is None or line == "quit":
                return
            if line:
                self._do(line)

    def _do(self, line: str) -> None:
        name, _, rest = line.partition(" ")
        try:
            if name not in self._commands:
                raise InputError("unknown-command", command=name)
            self._commands[name](rest.strip())
        except PiaojueError as e:
            self._talk.complain(_of_command(e))
        else:
            self._talk.tell("ok", command=name)

    # --- signing ----------------------------------------------------------------------------------

    def _watch(self) -> None:
        """Look for an act that waits for this officer; say so once, or sign it."""
        try:
            if self._device.meeting is None:
                self._look_at_meeting()
            found = self._device.pending()
            if found is not None and self._wants_me(found[1], found[2]):
                self._show(found[0], found[3])
            if self._unattended and not self._note_signed and self._is_closed():
                self._sign_record()
        except UnavailableError:
            return
        except PiaojueError as e:
            if e.code not in _SETTLED and str(e) != self._complained:
                self._complained = str(e)  # said once, not at every look
                self._talk.complain(e)

    def _is_closed(self) -> bool:
        """Ask for the ledger at every fifth look: nobody waits for the end of a meeting."""
        self._looks += 1
        return self._looks % 5 == 0 and self._device.refresh().closed

    def _look_at_meeting(self) -> None:
        """Say the fingerprint of the meeting once it is frozen, whoever signed that."""
        self._device.refresh()
        if (meeting := self._device.meeting) is not None:
            self._talk.tell("meeting", title=meeting.title, code=meeting.code)

    def _wants_me(self, places: list[list[str]], signed: list[str]) -> bool:
        me = self._device.officer
        return me not in signed and any(me in allowed for allowed in places)

    def _show(self, act: ledger.Act, frozen: bytes | None) -> None:
        """Check an act and say what it does, once; what is shown is what ``sign`` signs."""
        digest = sha256_hex(ledger.encode_act(act))
        if digest in self._seen:
            return
        self._seen.add(digest)
        try:
            text = self._device.review(act, frozen, self._talk.lang)
            self._named = digest
            self._talk.tell("to-sign", kind=act.kind, act=_summary(act), text=text)
            if self._unattended:
                self._sign()
        except UnavailableError:
            self._seen.discard(digest)  # at the next look again: nobody signed it
            raise
        except PiaojueError:
            self._named = digest  # what is refused here may be withdrawn here
            raise

    def _sign(self) -> None:
        act = self._device.reviewed
        if act is None:
            raise RefusedError("no-proposal")
        complete = self._device.sign()
        self._talk.tell("signed", kind=act.kind, complete=complete)
        self._talk.tell("in-ledger" if complete else "others-to-sign")

    def _withdraw(self) -> None:
        """Withdraw what was shown or proposed here last, not what came in its place unseen."""
        if self._named is None:
            raise RefusedError("no-proposal")
        self._device.withdraw(self._named)

    def _sign_record(self) -> None:
        sign_record(self._client, self._device)
        self._note_signed = True
        self._talk.tell("record-signed")

    # --- commands ---------------------------------------------------------------------------------

    def _attend(self, rest: str) -> None:
        who, *series = _words(rest, 1, 2)
        self._enter("attend", who=who, series=series[0] if series else None)

    def _present(self, rest: str) -> None:
        """Enter how many of a group that is counted are in the room."""
        group, count, *series = _words(rest, 2, 3)
        if not count.isdecimal():
            raise InputError("command-arguments")
        drawn = series[0] if series else None
        self._client.post("/api/present", {"group": group, "series": drawn, "count": int(count)})

    def _recusal(self, act: str, rest: str) -> None:
        who, item = _words(rest, 2)
        self._enter(act, who=who, item=item)

    def _room(self, rest: str) -> None:
        item, step = _words(rest, 2)
        self._enter("room", item=item, step=step)

    def _enter(
        self,
        act: str,
        *,
        who: str | None = None,
        series: str | None = None,
        item: str | None = None,
        step: str | None = None,
    ) -> None:
        self._client.post(
            "/api/room", {"act": act, "who": who, "series": series, "item": item, "step": step}
        )

    def _next(self) -> None:
        """Say who stands in the next rounds of contests, as this device computes it."""
        found = {item: one.to_json() for item, one in self._device.following().items()}
        self._talk.tell("next", number=len(found), standings=codec.encode(found).decode())

    def _written(self, rest: str) -> None:
        """Say what was written into a counted box in words, as this device reads it."""
        found = self._device.written(_words(rest, 1)[0])
        entries = codec.encode(found).decode()
        self._talk.tell("words", number=len(found), entries=entries)

    def _prepare(self, rest: str) -> None:
        items, _, series = rest.partition(" ")
        self._client.post(
            "/api/slots/prepare", {"items": items.split(","), "series": series.split(",")}
        )

    def _upload(self, rest: str) -> None:
        try:
            body = Path(_words(rest, 1)[0]).read_bytes()
        except OSError as e:
            raise InputError("no-file", path=rest) from e
        parts = decode_public_parts(body)
        self._client.post_bytes("/api/tickets", body)
        self._device.check_issued(parts)

    def _propose(self, rest: str) -> None:
        kind, _, body = rest.partition(" ")
        self._named = self._device.propose(kind, _object(body or "{}"))

    def _forms(self, rest: str) -> None:
        write_new(Path(_words(rest, 1)[0]), typeset_forms(self._client, self._device))

    def _page(self, rest: str) -> None:
        """Upload the scan of a page signed by pen; its digest goes into *certify* or *void*."""
        try:
            body = Path(_words(rest, 1)[0]).read_bytes()
        except OSError as e:
            raise InputError("no-file", path=rest) from e
        kept = self._client.post_bytes("/api/pages", body)["page"]
        self._talk.tell("page-kept", page=printable(kept))

    def _status(self) -> None:
        state = self._client.get("/api/state")
        self._talk.tell(
            "status",
            stage=self._said("stage", state["stage"]),
            height=printable(state["height"]),
            rounds=[
                f"{printable(one['slot'])} {self._said('round', one['state'])}"
                for one in state["rounds"]
            ],
        )

    def _said(self, of: str, state: object) -> str:
        """Return a state in the reader's language; as it came, if it is none that we know."""
        try:
            return say(f"device.{of}.{state}", self._talk.lang)
        except LookupError:
            return printable(state)


def _summary(act: ledger.Act) -> str:
    """Return what an act says, short enough for a line."""
    parts = [
        f"{name}={value}"
        for name, value in act.body.items()
        if isinstance(value, (str, int, bool)) or name in ("items", "series")
    ]
    return f"{act.kind} " + " ".join(str(part)[:120] for part in parts)


def _of_command(error: PiaojueError) -> PiaojueError:
    """Say of a command that the server could not read where, and where its form is written."""
    if error.code == "malformed" and "what" not in error.params:
        return InputError("command-not-understood", place=error.params.get("place"))
    return error


def _object(text: str) -> dict[str, object]:
    """Read the JSON object of a command as people type it: spaces are no fault in it."""
    try:
        value = json.loads(text)
        codec.encode(value)
    except (ValueError, RecursionError) as e:
        raise InputError("command-json") from e
    if not isinstance(value, dict):
        raise InputError("command-json")
    return value


def _words(rest: str, least: int, most: int | None = None) -> list[str]:
    """Split a command's arguments; a name with spaces stands in quotes."""
    try:
        words = shlex.split(rest)
    except ValueError as e:
        raise InputError("command-arguments") from e
    if not least <= len(words) <= (most or least):
        raise InputError("command-arguments")
    return words


def _read(lines: queue.Queue[str | None]) -> None:
    for line in sys.stdin:
        lines.put(line.strip())
    lines.put(None)
