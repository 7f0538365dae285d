"""Making tickets, best on a machine that is not the server (``piaojue tickets``).

Tokens are drawn, typeset and forgotten: they go into the PDF and nowhere else. What the server
gets are the public parts, sorted for each series and slot, from which nobody can vote.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tally.report.tickets import typeset_all, typeset_tickets
from voting.meeting.slips import encode_public_parts, public_parts
from voting.protocol.credential import new_token

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from voting.meeting.frozen import Meeting
    from voting.protocol.credential import Token


@dataclass(frozen=True, slots=True)
class Printed:
    """Tickets just made.

    Attributes:
        sheets: By series, the PDF with its tickets. Secret until drawn.
        public: The file to upload.
        tokens: By series. Secret; only a rehearsal, which plays the paper too, looks at them.
    """

    sheets: Mapping[str, bytes] = field(repr=False)
    public: bytes
    tokens: Mapping[str, Sequence[Token]] = field(repr=False)


def make_tickets(meeting: Meeting, *, rand: Callable[[int], bytes]) -> Printed:
    """Draw, typeset and derive every series of a frozen meeting."""
    tokens = _draw(meeting, rand)
    sheets = {
        one.id: typeset_tickets(
            tokens[one.id],
            title=meeting.title,
            series=one.title,
            date=meeting.date,
            lang=meeting.language,
        )
        for one in meeting.series.values()
    }
    return Printed(sheets, encode_public_parts(public_parts(meeting, tokens)), tokens)


def make_sheets(meeting: Meeting, *, rand: Callable[[int], bytes]) -> tuple[bytes, bytes]:
    """The same for a page: all sheets as one PDF, and the file to upload. No token is returned."""
    tokens = _draw(meeting, rand)
    named = [(meeting.series[one].title, part) for one, part in tokens.items()]
    sheets = typeset_all(named, title=meeting.title, date=meeting.date, lang=meeting.language)
    return sheets, encode_public_parts(public_parts(meeting, tokens))


def _draw(meeting: Meeting, rand: Callable[[int], bytes]) -> dict[str, list[Token]]:
    return {
        one.id: [new_token(rand) for _ in range(one.printed)] for one in meeting.series.values()
    }
