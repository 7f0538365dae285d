"""The forms (F16 with F13 and F14) for the printer, from what is stored here.

Of one round, with the digest of the outcome that its officers certify; or of the whole meeting,
with that of ``result.json``, once no round is open or waits for its count.

An officer who wants to rely on nothing typesets them on his own device (``piaojue officer``,
``forms``), where everything is verified first. Typesetting takes a second, in a worker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.server.security import OFFICERS
from kiosk.server.services import counting
from tally.outcome import encode_outcome, make_result, opened_of, round_outcome
from tally.record.forms import report_data
from tally.report.report import typeset_report
from voting.errors import RefusedError
from voting.meeting.fold import fold
from voting.meeting.frozen import decode_meeting
from voting.meeting.ledger import decode_ledger
from voting.meeting.state import RoundState

if TYPE_CHECKING:
    from kiosk.server.security import Caller
    from kiosk.server.services.room import Room

_OVER = frozenset(
    {RoundState.COUNTED, RoundState.CERTIFIED, RoundState.VOID, RoundState.UNDER_FLOOR}
)


async def forms(room: Room, caller: Caller, slot: str | None = None) -> bytes:
    """Return the forms of one round, or of the whole meeting so far, as a PDF.

    Raises:
        RefusedError: ``no-round``, ``round-open``, ``round-sealed``; of the whole meeting
            ``round-unfinished`` with the slot, ``nothing-counted``.
    """
    caller.must_be(*OFFICERS)
    view = await room.view()
    meeting, state = view.frozen()
    if slot is not None:
        state.round_at(slot, *_OVER)
    elif not state.rounds:
        raise RefusedError("nothing-counted")
    else:
        for one in state.rounds.values():
            if one.state not in _OVER:
                raise RefusedError("round-unfinished", slot=one.slot, state=str(one.state))
    archives: dict[str, bytes] = {}
    async with room.store.reading() as tx:
        lines = b"".join(line + b"\n" for line in (await tx.ledger())[: view.height])
        for one in state.rounds.values():
            final = await tx.archive(one.slot, counting.FINAL)
            if final is not None and slot in (None, one.slot):
                archives[one.slot] = final
    return await room.pool.run(_typeset, meeting.raw, lines, archives, slot)


def _typeset(raw: bytes, ledger: bytes, archives: dict[str, bytes], slot: str | None) -> bytes:
    meeting, lines = decode_meeting(raw), decode_ledger(ledger)
    opened = {one: opened_of(final) for one, final in archives.items()}
    state = fold(meeting, lines)
    if slot is None:
        result = make_result(meeting, state, lines, opened)
    else:
        result = encode_outcome(round_outcome(meeting, state.rounds[slot], opened.get(slot)))
    return typeset_report(report_data(meeting, lines, opened, result, only=slot), meeting.language)
