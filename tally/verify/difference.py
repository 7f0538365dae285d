"""Where the ``result.json`` that was given first differs from the one that was made again."""

from __future__ import annotations

from tally.record.layout import RESULT
from voting.errors import FormatError
from voting.protocol import codec


def first_difference(given: bytes, remade: bytes) -> str:
    """Return the place, as ``result.rounds[0].items``; of what is not JSON, the file itself."""
    try:
        read: object = codec.decode_exact(given, RESULT)
    except FormatError:
        return RESULT
    return _where(read, codec.decode_exact(remade, RESULT), "result")


def _where(a: object, b: object, place: str) -> str:
    if isinstance(a, dict) and isinstance(b, dict) and list(a) == list(b):
        for name in a:
            if a[name] != b[name]:
                return _where(a[name], b[name], f"{place}.{name}")
    if isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for i, (one, other) in enumerate(zip(a, b, strict=True)):
            if one != other:
                return _where(one, other, f"{place}[{i}]")
    return place
