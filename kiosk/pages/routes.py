"""The addresses of pages, the same on a server and on a device's own loopback.

An app says which pages it offers, which text its meeting shows, and what ``/device/about``
answers; a page that may not be had from here is answered with one sentence and what to do.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.routing import Route

from kiosk.pages import fonts
from kiosk.pages.built import START, File, built
from kiosk.pages.headers import FILE_HEADERS, PAGE_HEADERS
from voting.errors import RefusedError
from voting.protocol import codec
from voting.words import LANGS, catalogue, explain, say

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

    from starlette.requests import Request

    from voting.errors import PiaojueError

_HTML: Final = "text/html; charset=utf-8"


async def _nobody(_page: str) -> None:
    """Refuse no page."""


@dataclass(frozen=True, slots=True)
class Pages:
    """What one origin serves.

    Attributes:
        offered: Names of pages, of ``built.PAGES``.
        about: What ``/device/about`` answers.
        texts: What the meeting shows: texts whose characters the font must have.
        refused: By page, why it may not be had from here now; None where it may.
    """

    offered: Sequence[str]
    about: Callable[[], Awaitable[Mapping[str, object]]]
    texts: Callable[[], Awaitable[Iterable[str]]]
    refused: Callable[[str], Awaitable[PiaojueError | None]] = _nobody

    def routes(self) -> list[Route]:
        """Return the routes, to stand beside those of the data."""
        pages = [Route(f"/{name}", self._page, name=name) for name in self.offered]
        return [
            Route("/", self._page, name=START),
            *pages,
            Route("/assets/{name}", _asset),
            Route("/words/{lang}.json", _words),
            Route("/fonts/sans.woff", self._sans),
            Route("/fonts/full.otf", _full),
            Route("/device/about", self._about),
        ]

    async def warm(self) -> None:
        """Make the font that the first page will ask for, so that nobody waits for it."""
        await run_in_threadpool(fonts.sans, await self.texts())

    async def _page(self, request: Request) -> Response:
        name = request.url.path.lstrip("/") or START
        if (why := await self.refused(name)) is not None:
            return Response(_sentence(why), 403, PAGE_HEADERS, _HTML)
        page = built().pages[name]
        return Response(page.data, 200, PAGE_HEADERS, page.media_type)

    async def _sans(self, request: Request) -> Response:
        texts = await self.texts()
        return _answer(request, await run_in_threadpool(fonts.sans, texts))

    async def _about(self, _request: Request) -> Response:
        value = {**await self.about(), "pages": list(self.offered), "build": built().build}
        return Response(codec.encode(value), 200, media_type="application/json")


async def _asset(request: Request) -> Response:
    file = built().assets.get(request.path_params["name"])
    if file is None:
        raise RefusedError("not-found")
    return _answer(request, file)


async def _words(request: Request) -> Response:
    """GET every sentence in a language, by id, unfilled; ``{{`` is a brace."""
    lang = request.path_params["lang"]
    if lang not in LANGS:
        raise RefusedError("not-found")
    sentences = {name: entry[lang] for name, entry in catalogue().items()}
    return _answer(request, File.of(codec.encode(sentences), "application/json"))


async def _full(request: Request) -> Response:
    return _answer(request, await run_in_threadpool(fonts.full))


def _answer(request: Request, file: File) -> Response:
    """Answer with a file, or with 304 where the browser has it already."""
    headers = {**FILE_HEADERS, "etag": file.tag}
    known = request.headers.get("if-none-match", "")
    if file.tag in (tag.strip() for tag in known.split(",")):
        return Response(None, 304, headers)
    return Response(file.data, 200, headers, file.media_type)


def _sentence(error: PiaojueError) -> str:
    """Return a plain page, without script: the sentence in both languages."""
    lines = "".join(
        f'<p lang="{"zh-Hans" if lang == "zh" else lang}">{html.escape(explain(error, lang))}</p>'
        for lang in LANGS
    )
    return (
        '<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{html.escape(say("page.product"))}</title><link rel="icon" href="data:,">'
        f'<link rel="stylesheet" href="/assets/{START}.css"></head>'
        f'<body><main><div class="card"><h1>{html.escape(say("page.start"))}</h1>{lines}'
        f'<p><a href="/">{html.escape(say("page.start.lead"))}</a></p></div></main></body></html>'
    )
