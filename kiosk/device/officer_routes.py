"""What the console's page asks of the officer's device that serves it (``officer_local``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.routing import Route

from kiosk.device.trustee_local import secret
from kiosk.server.api.http import answer, read_fields
from voting.errors import FormatError
from voting.meeting.ledger import MAX_LINE_BYTES
from voting.protocol import codec
from voting.words import LANGS

if TYPE_CHECKING:
    from starlette.requests import Request

    from kiosk.device.officer_local import OfficerHolder
    from voting.words import Lang


def officer_routes(holder: OfficerHolder) -> list[Route]:
    """Return the routes under ``/device``, for this device's own page only (``local.guard``)."""

    async def state(_request: Request) -> Response:
        return answer(await run_in_threadpool(holder.state))

    async def unlock(request: Request) -> Response:
        (given,) = await read_fields(request, "passphrase")
        await run_in_threadpool(holder.unlock, secret(given, "passphrase"))
        return await state(request)

    async def enrol(request: Request) -> Response:
        code, given, pen = await read_fields(request, "invitation", "passphrase", "pen")
        await run_in_threadpool(
            holder.enrol,
            secret(code, "invitation"),
            secret(given, "passphrase"),
            pen=codec.boolean(pen, "pen"),
        )
        return await state(request)

    async def lock(request: Request) -> Response:
        await read_fields(request)
        await run_in_threadpool(holder.lock)
        return await state(request)

    async def pending(request: Request) -> Response:
        return answer(await run_in_threadpool(holder.pending, _lang(request)))

    async def propose(request: Request) -> Response:
        kind, body = await read_fields(request, "kind", "body", limit=MAX_LINE_BYTES)
        if not isinstance(body, dict):
            raise FormatError("body", "not an object")
        await run_in_threadpool(holder.propose, codec.text(kind, "kind"), body)
        return answer({})

    async def withdraw(request: Request) -> Response:
        (act,) = await read_fields(request, "act")
        await run_in_threadpool(holder.withdraw, codec.hex64(act, "act"))
        return answer({})

    async def sign(request: Request) -> Response:
        (act,) = await read_fields(request, "act")
        return answer({"complete": await run_in_threadpool(holder.sign, codec.hex64(act, "act"))})

    async def record(_request: Request) -> Response:
        return answer(await run_in_threadpool(holder.record))

    async def sign_record(request: Request) -> Response:
        await read_fields(request)
        await run_in_threadpool(holder.sign_record)
        return answer({})

    async def tickets(request: Request) -> Response:
        (given,) = await read_fields(request, "passphrase")
        passphrase = None if given is None else secret(given, "passphrase")
        sheets = await run_in_threadpool(holder.tickets, passphrase)
        return Response(
            sheets,
            media_type="application/pdf",
            headers={"content-disposition": 'attachment; filename="tickets.pdf"'},
        )

    return [
        Route("/device/state", state),
        Route("/device/unlock", unlock, methods=["POST"]),
        Route("/device/enrol", enrol, methods=["POST"]),
        Route("/device/lock", lock, methods=["POST"]),
        Route("/device/pending", pending),
        Route("/device/propose", propose, methods=["POST"]),
        Route("/device/withdraw", withdraw, methods=["POST"]),
        Route("/device/sign", sign, methods=["POST"]),
        Route("/device/record", record),
        Route("/device/record/sign", sign_record, methods=["POST"]),
        Route("/device/tickets", tickets, methods=["POST"]),
    ]


def _lang(request: Request) -> Lang:
    lang = request.query_params.get("lang", "zh")
    if lang not in LANGS:
        raise FormatError("lang", "not a language")
    return "en" if lang == "en" else "zh"
