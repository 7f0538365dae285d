"""Writing the draft as TOML, and replacing one table of it without touching the others.

The secretary may keep ``meeting.toml`` by hand, with comments, and also paste a roll in the
console. So a table is replaced in the text: every other line stays as it was, and of the replaced
table only the comment above its first header. What comes out is read again and compared; where
the text was written in a way that this can not follow (a table inside braces at the top), the whole
draft is written anew, and its comments are lost.
"""

from __future__ import annotations

import datetime
import json
import re
import tomllib
from typing import Any, Final

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_HEADER: Final = re.compile(r"\s*\[\[?\s*(?:\"([^\"]*)\"|'([^']*)'|([A-Za-z0-9_-]+))[^\n]*\]")
_LONG: Final = re.compile(r'"""|\'\'\'')


def replace_table(text: str, name: str, value: object) -> str:
    """Return the draft with one top-level table, or list of tables, replaced.

    Args:
        text: TOML that ``tomllib`` reads.
        value: A dict, or a list of dicts; an empty one takes the table out.
    """
    wanted = dict(tomllib.loads(text))
    if value:
        wanted[name] = value
    else:
        wanted.pop(name, None)
    made = _replaced(text, name, emit({name: value}) if value else "")
    try:
        if tomllib.loads(made) == tomllib.loads(emit(wanted)):
            return made
    except tomllib.TOMLDecodeError:
        pass
    return emit(wanted)


def emit(data: dict[str, Any]) -> str:
    """Write a dict of tables as TOML: texts, numbers, truth values, dates, lists, tables."""
    plain = {key: one for key, one in data.items() if not _is_table(one)}
    parts = [_keys(plain)] if plain else []
    for name, value in data.items():
        if isinstance(value, dict):
            parts.append(_table(_key(name), value))
        elif _is_table(value):
            parts += [f"[[{_key(name)}]]\n{_keys(row)}" for row in value]
    return "\n".join(parts)


def _table(name: str, value: dict[str, Any]) -> str:
    own = {key: one for key, one in value.items() if not isinstance(one, dict)}
    inner = [
        _table(f"{name}.{_key(key)}", one) for key, one in value.items() if isinstance(one, dict)
    ]
    head = [f"[{name}]\n{_keys(own)}"] if own or not inner else []
    return "\n".join([*head, *inner])


def _keys(values: dict[str, Any]) -> str:
    return "".join(f"{_key(key)} = {_value(value)}\n" for key, value in values.items())


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _value(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case datetime.date():
            return value.isoformat()
        case dict():
            inner = ", ".join(f"{_key(key)} = {_value(one)}" for key, one in value.items())
            return f"{{ {inner} }}" if inner else "{}"
        case list() | tuple():
            if any(isinstance(one, dict) for one in value):
                return "[\n" + "".join(f"  {_value(one)},\n" for one in value) + "]"
            return "[" + ", ".join(_value(one) for one in value) + "]"
        case float():
            return repr(value)
    return _text(str(value))


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _is_table(value: object) -> bool:
    if isinstance(value, dict):
        return True
    return isinstance(value, list) and bool(value) and all(isinstance(v, dict) for v in value)


def _replaced(text: str, name: str, written: str) -> str:
    """Put ``written`` where the first header of the table stands, and drop its other parts."""
    kept: list[str] = []
    placed = False
    for root, part in _parts(text):
        if root != name:
            kept.append(part)
        elif not placed:
            placed = True
            kept.append(_comment(part) + written + "\n")
    if not placed and written:
        if kept and not kept[-1].endswith("\n"):
            kept.append("\n")
        kept.append(f"\n{written}")
    return "".join(kept)


def _comment(part: str) -> str:
    lines = part.splitlines(keepends=True)
    above = next((n for n, line in enumerate(lines) if _HEADER.match(line)), 0)
    return "".join(lines[:above])


def _parts(text: str) -> list[tuple[str, str]]:
    """Cut the text before every header, comments above it included; with its root's name."""
    parts: list[tuple[str, list[str]]] = [("", [])]
    waiting: list[str] = []  # blank and comment lines, which belong to what follows
    closing = ""
    for line in text.splitlines(keepends=True):
        header = None if closing else _HEADER.match(line)
        if header is not None and not line.lstrip().startswith("[ "):
            root = next(one for one in header.groups() if one is not None)
            parts.append((root, waiting))
            waiting = []
        elif not closing and (not line.strip() or line.lstrip().startswith("#")):
            waiting.append(line)
            continue
        parts[-1][1].extend([*waiting, line])
        waiting = []
        closing = _still_open(line, closing)
    parts[-1][1].extend(waiting)
    return [(root, "".join(lines)) for root, lines in parts]


def _still_open(line: str, closing: str) -> str:
    """Return the quotes of a long string that goes on after this line, or nothing."""
    for found in _LONG.findall(line):
        if not closing:
            closing = found
        elif closing == found:
            closing = ""
    return closing
