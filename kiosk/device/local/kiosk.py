"""The tablet's own part: enrolling by a one-time code that is typed into the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.routing import Route

from kiosk.device.kioskfile import KioskFile
from kiosk.device.local.app import make_local
from kiosk.server.api.http import answer, read_fields
from voting.errors import RefusedError
from voting.protocol import codec

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

    from kiosk.device.client import Client


def enrol(client: Client, invitation: str, path: Path) -> str:
    """Use up an invitation, keep what it gives, return the account.

    Raises:
        RefusedError: ``invitation-unknown``, ``not-a-kiosk`` (it was somebody else's).
    """
    before = client.token
    account, token = client.enrol(invitation)
    if not account.startswith("kiosk:"):
        client.token = before
        raise RefusedError("not-a-kiosk", account=account)
    KioskFile(token, client.ca).write(path)
    return account


def make_kiosk(client: Client, path: Path) -> Starlette:
    """Return the kiosk's app; ``path`` is where it keeps its token."""

    async def enrolling(request: Request) -> Response:
        """POST ``{"invitation"}`` -> ``{"account"}``."""
        (invitation,) = await read_fields(request, "invitation")
        code = codec.text(invitation, "body.invitation", max_length=100)
        return answer({"account": await run_in_threadpool(enrol, client, code, path)}, 201)

    return make_local(
        "kiosk",
        client,
        [Route("/device/enrol", enrolling, methods=["POST"])],
        about=lambda: {"enrolled": client.token is not None},
    )
