"""The public parts of printed tickets: what leaves the machine that printed them.

    {"tickets":1,"meeting":"<fingerprint>","series":[{"id":"A","lists":{"<slot>":["<g^x>",…]}}]}

For every series and slot the list of public credentials, sorted by itself, so that nothing in
it tells which credentials belong to one ticket. The tokens are on paper and nowhere else. The
``issue`` act commits to the digest of each list.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from voting.crypto.group import ED25519
from voting.errors import FormatError
from voting.meeting import shape
from voting.meeting.binding import list_digest
from voting.protocol import codec
from voting.protocol.credential import private_credential, public_credential

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from voting.meeting.frozen import Meeting
    from voting.protocol.credential import Token

MAX_BYTES: Final = 64 * 2**20
_PLACE: Final = "tickets"


@dataclass(frozen=True, slots=True)
class SeriesParts:
    """One series: by slot, the public credentials of its tickets, sorted."""

    id: str
    lists: Mapping[str, tuple[str, ...]]

    @property
    def printed(self) -> int:
        """How many tickets the series has."""
        return len(next(iter(self.lists.values())))


@dataclass(frozen=True, slots=True)
class PublicParts:
    """All series of one meeting, in the meeting's order."""

    meeting: str
    series: tuple[SeriesParts, ...]

    def issue_body(self, *, made: str) -> dict[str, object]:
        """Return the body of the ``issue`` act that commits to these lists."""
        return {
            "made": made,
            "series": [
                {
                    "id": one.id,
                    "printed": one.printed,
                    "lists": {slot: list_digest(listed) for slot, listed in one.lists.items()},
                }
                for one in self.series
            ],
        }


def public_parts(meeting: Meeting, tokens: Mapping[str, Sequence[Token]]) -> PublicParts:
    """Derive the public parts of tickets. 25 µs for each ticket and slot.

    Args:
        tokens: By series, the tokens that were drawn for it. Secrets: only the result leaves.
    """
    return PublicParts(
        meeting.fingerprint,
        tuple(
            SeriesParts(one, {slot: _listed(tokens[one], slot) for slot in meeting.slots})
            for one in meeting.series
        ),
    )


def encode_public_parts(parts: PublicParts) -> bytes:
    """Write the file to upload."""
    return codec.encode(
        {
            "tickets": 1,
            "meeting": parts.meeting,
            "series": [
                {"id": one.id, "lists": {slot: list(found) for slot, found in one.lists.items()}}
                for one in parts.series
            ],
        }
    )


def decode_public_parts(data: bytes) -> PublicParts:
    """Read it: every entry an element, every list sorted, no credential twice anywhere.

    Raises FormatError.
    """
    value = codec.decode_exact(data, _PLACE, max_bytes=MAX_BYTES)
    version, meeting, series = codec.fields(value, _PLACE, "tickets", "meeting", "series")
    codec.integer(version, f"{_PLACE}.tickets", low=1, high=1)
    listed = codec.array(series, f"{_PLACE}.series", low=1)
    parts = PublicParts(
        codec.hex64(meeting, f"{_PLACE}.meeting"),
        tuple(_series(one, f"{_PLACE}.series[{i}]") for i, one in enumerate(listed)),
    )
    every = [text for one in parts.series for found in one.lists.values() for text in found]
    if len(set(every)) != len(every):
        raise FormatError(_PLACE, "a credential twice")
    return parts


def _listed(tokens: Sequence[Token], slot: str) -> tuple[str, ...]:
    secrets = (private_credential(token, slot, ED25519) for token in tokens)
    return tuple(sorted(public_credential(secret, ED25519).text for secret in secrets))


def _series(value: object, place: str) -> SeriesParts:
    name, lists = codec.fields(value, place, "id", "lists")
    if not isinstance(lists, dict) or not lists:
        raise FormatError(f"{place}.lists", "not lists by slot")
    found = {
        shape.uuid22(slot, f"{place}.lists"): _list(listed, f"{place}.lists.{slot}")
        for slot, listed in lists.items()
    }
    if len({len(listed) for listed in found.values()}) != 1:
        raise FormatError(f"{place}.lists", "not as many in every slot")
    return SeriesParts(shape.identifier(name, f"{place}.id"), found)


def _list(value: object, place: str) -> tuple[str, ...]:
    found = []
    for i, text in enumerate(codec.array(value, place, low=1)):
        element = ED25519.decode(text, f"{place}[{i}]")
        if element == ED25519.identity:
            raise FormatError(f"{place}[{i}]", "the identity")
        found.append(element.text)
    if found != sorted(found):
        raise FormatError(place, "not sorted")
    return tuple(found)
