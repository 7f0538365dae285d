"""A trustee's device behind its page: the key file is opened there, and the person answers there.

The page is served by this device (``kiosk.device.local``). The passphrase comes in a request's
body, opens the key file, and is forgotten. ``TrusteeDevice`` runs in a thread; what it says and
asks goes through ``PageTalk``. An error ends its work but not the program: the person reads what
to do, and goes on.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import threading
import time
from typing import TYPE_CHECKING, Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.routing import Route

from kiosk.device.ending import absent_media
from kiosk.device.keys import DeviceKeys
from kiosk.device.page_talk import MAX_ANSWER, PageTalk
from kiosk.device.trustee import TrusteeDevice
from kiosk.server.api.http import answer, read_fields
from voting.errors import FormatError, PiaojueError, RefusedError, UnavailableError
from voting.protocol import codec

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from starlette.requests import Request
    from starlette.responses import Response

    from kiosk.device.held import HeldClient

POLL: Final = 20.0
"""Seconds that a request for news may wait."""

_LOOK: Final = 0.1
MAX_SECRET: Final = 1000

_log = logging.getLogger(__name__)


class TrusteeHolder:
    """One trustee's key file, and the device that works with it once it is open."""

    def __init__(self, client: HeldClient, paths: Sequence[Path]) -> None:
        """Args: paths: Where the key file lies, one for each medium."""
        self._client = client
        self._paths = tuple(paths)
        self._lock = threading.Lock()
        self._talk: PageTalk | None = None
        self._account: str | None = None
        self._over = False

    @property
    def talk(self) -> PageTalk:
        """The conversation. Raises RefusedError ``locked`` before the key file is open."""
        if self._talk is None:
            raise RefusedError("locked")
        return self._talk

    def state(self) -> dict[str, Any]:
        """Return what the page begins with."""
        missing = absent_media(self._paths)
        return {
            "enrolled": self._talk is not None or len(missing) < len(self._paths),
            "unlocked": self._talk is not None,
            "account": self._account,
            "media": [str(path) for path in self._paths],
            "missing": [str(path) for path in missing],
            "over": self._over,
        }

    def unlock(self, passphrase: str) -> None:
        """Open the key file and set the device to work; once open, nothing changes.

        Raises what ``KeyFile.open`` raises, ``not-your-role``, and ``server-silent``.
        """
        with self._lock:
            if self._talk is None:
                keys = DeviceKeys.open(self._paths, passphrase)
                self._start(keys)

    def enrol(self, invitation: str, passphrase: str) -> None:
        """Make the key file on every medium, use the invitation up, and set to work.

        Raises what ``KeyFile.create`` and the server refuse; then there is no file.
        """
        with self._lock:
            if self._talk is not None:
                raise RefusedError("keyfile-exists")
            keys = DeviceKeys.create(self._paths, passphrase)
            client = self._client
            keys.enrol(client.server, invitation, fingerprint=client.fingerprint)
            self._start(keys)

    def close(self) -> None:
        """End the conversation: the device stops at its next question."""
        if self._talk is not None:
            self._talk.close()

    def _start(self, keys: DeviceKeys) -> None:
        account, _ = self._client.open(keys, "trustee")
        index = account.partition(":")[2]
        talk = PageTalk()
        talk.tell("enrolled", account=account)
        self._talk, self._account = talk, account
        device = TrusteeDevice(self._client, keys, talk, secrets.token_bytes, unattended=False)
        threading.Thread(target=self._work, args=(device, talk, int(index)), daemon=True).start()

    def _work(self, device: TrusteeDevice, talk: PageTalk, index: int) -> None:
        """Run the device; after an error say it, and go on when the person says so."""
        while True:
            try:
                device.run(index)
            except PiaojueError as e:
                if e.code == "no-answer":
                    return
                talk.complain(e)
            except Exception as e:
                _log.error("unexpected %s", type(e).__name__)  # not its text
                talk.complain(UnavailableError("internal"))
            else:
                self._over = True
                return
            try:
                talk.ask("stopped")
            except RefusedError:
                return


def trustee_routes(holder: TrusteeHolder) -> list[Route]:
    """Return what the page asks of this device; it is nobody else's to ask (``local.guard``)."""

    async def state(_request: Request) -> Response:
        return answer(await run_in_threadpool(holder.state))

    async def unlock(request: Request) -> Response:
        (given,) = await read_fields(request, "passphrase")
        await run_in_threadpool(holder.unlock, secret(given, "passphrase"))
        return answer(await run_in_threadpool(holder.state))

    async def enrol(request: Request) -> Response:
        code, given = await read_fields(request, "invitation", "passphrase")
        await run_in_threadpool(
            holder.enrol, secret(code, "invitation"), secret(given, "passphrase")
        )
        return answer(await run_in_threadpool(holder.state))

    async def listen(request: Request) -> Response:
        after = request.query_params.get("after", "0")
        if not (after.isascii() and after.isdigit() and len(after) < 10):
            raise FormatError("after", "not a number")
        end = time.monotonic() + POLL
        before = holder.talk.since(int(after))[1]
        while True:
            events, asking = holder.talk.since(int(after))
            if events or asking != before or time.monotonic() >= end:
                return answer({"events": events, "asking": asking})
            if await request.is_disconnected():
                return answer({"events": [], "asking": asking})
            await asyncio.sleep(_LOOK)

    async def speak(request: Request) -> Response:
        n, text = await read_fields(request, "n", "answer")
        holder.talk.answer(
            codec.integer(n, "n", low=1), codec.text(text, "answer", max_length=MAX_ANSWER)
        )
        return answer({})

    return [
        Route("/device/state", state),
        Route("/device/unlock", unlock, methods=["POST"]),
        Route("/device/enrol", enrol, methods=["POST"]),
        Route("/device/talk", listen),
        Route("/device/talk", speak, methods=["POST"]),
    ]


def secret(value: object, place: str) -> str:
    """Read a passphrase or an invitation; an error never quotes it."""
    return codec.text(value, place, max_length=MAX_SECRET)
