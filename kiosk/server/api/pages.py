"""The pages that the server itself hands out: the simple mode, and what everybody may look at.

Hall screen, observer, console and check page come from here always. The pages that see a choice
or a share do so only where the meeting says ``pages = "server"``: otherwise they are those that
are installed on the devices, and a server that showed its own would undo that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kiosk.draft import printed
from kiosk.pages.built import PAGES
from kiosk.pages.routes import Pages
from voting.errors import RefusedError

if TYPE_CHECKING:
    from kiosk.server.services.room import Room
    from voting.errors import PiaojueError

INSTALLED_ONLY: Final = {"kiosk": "page-installed-kiosk", "trustee": "page-installed-trustee"}


def pages_of(room: Room) -> Pages:
    """Return what this server has for browsers."""

    async def about() -> dict[str, object]:
        return {"mode": "server"}

    async def texts() -> list[str]:
        meeting = (await room.view()).meeting
        # Without the roll: the font is for everybody, and its characters would tell of names. The
        # console, which shows the roll, fetches the whole font for what is missing.
        drafted = [text for place, text in printed(room.draft) if not place.startswith("roll[")]
        return drafted if meeting is None else [*drafted, meeting.raw.decode()]

    async def refused(page: str) -> PiaojueError | None:
        if page not in INSTALLED_ONLY or await room.pages_from() == "server":
            return None
        return RefusedError(INSTALLED_ONLY[page])

    return Pages(PAGES, about, texts, refused)
