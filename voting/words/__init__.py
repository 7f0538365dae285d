"""Every sentence that people read, in simplified Chinese and in English.

The catalogue is ``catalogue/*.toml``, one file per domain. An entry is an id with one
sentence per language, ``"quorum.met" = { zh = "…{present}…", en = "…{present}…" }``; ids are
unique over all files, and both languages name the same placeholders. Code holds ids and
numbers, never sentences, so that a report, a page and the command line say the same thing.

Chinese is written first. A placeholder is a bare ``{name}``. A list given for one is joined
with the language's comma.
"""

from __future__ import annotations

import string
import tomllib
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from voting.characters import unseen
from voting.errors import DraftError, PiaojueError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = ("zh", "en")
_COMMA: dict[Lang, str] = {"zh": "、", "en": ", "}
_COLON: dict[Lang, str] = {"zh": "：", "en": ": "}


class Word(str):
    """A param that is itself an id of the catalogue, and is shown as what it says."""

    __slots__ = ()


def say(sentence: str, lang: Lang = "zh", /, **params: object) -> str:
    """Return the sentence with this id in ``lang``, its placeholders filled.

    Raises:
        LookupError: no such id, or a placeholder for which nothing was given. Both are faults
            of the program, not of anybody's input.
    """
    text = catalogue()[sentence][lang]
    return text.format_map({name: _shown(value, lang) for name, value in params.items()})


def explain(error: PiaojueError, lang: Lang = "zh") -> str:
    """Return one line that says what is wrong and what to do next.

    The sentence is ``error.<code>``; without one, that of the nearest family, which names the
    code. A fault in a draft starts with its place. Place and params may hold a stranger's text:
    the line is ``harmless``.
    """
    line = _explanation(error, lang)
    return harmless(f"{error.place}{_COLON[lang]}{line}" if isinstance(error, DraftError) else line)


def harmless(text: str) -> str:
    """Return a text as one line that cannot steer a terminal: ``?`` for what leaves no ink.

    What comes from a record or a file is a stranger's; an escape sequence in it could clear the
    screen and write a verdict of its own.
    """
    return "".join("?" if unseen(one) else one for one in text)


def listed(parts: Iterable[object], lang: Lang = "zh") -> str:
    """Return the parts joined with the language's comma."""
    return _COMMA[lang].join(_shown(part, lang) for part in parts)


def with_prefix(prefix: str, lang: Lang = "zh") -> dict[str, str]:
    """Return the unfilled sentences whose id starts with ``prefix``, for a page to fill itself."""
    return {name: text[lang] for name, text in catalogue().items() if name.startswith(prefix)}


def placeholders(text: str) -> frozenset[str]:
    """Return the names in braces; ``ValueError`` when a brace is open or a name is not bare."""
    names = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
    if not all(name.isidentifier() for name in names):
        raise ValueError(text)
    return frozenset(names)


@cache
def catalogue() -> Mapping[str, Mapping[Lang, str]]:
    """Return all entries by id. Read once per process."""
    entries: dict[str, Mapping[Lang, str]] = {}
    for name, entry in _entries():
        if name in entries:
            raise ValueError(f"two sentences have the id {name}")
        entries[name] = entry
    return MappingProxyType(entries)


def _entries() -> Iterator[tuple[str, Mapping[Lang, str]]]:
    folder = files(__package__).joinpath("catalogue")
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if not file.name.endswith(".toml"):
            continue
        for name, entry in tomllib.loads(file.read_text("utf-8")).items():
            if not isinstance(entry, dict) or sorted(entry) != sorted(LANGS):
                raise ValueError(f"{file.name}: {name} must have exactly zh and en")
            yield name, MappingProxyType({lang: entry[lang] for lang in LANGS})


def _explanation(error: PiaojueError, lang: Lang) -> str:
    params = {"code": error.code, **error.params}
    families = [vars(kind)["code"] for kind in type(error).__mro__ if "code" in vars(kind)]
    for code in (error.code, *families):
        try:
            return say(f"error.{code}", lang, **params)
        except LookupError:
            continue  # unknown code, or raised with fewer params than the sentence names
    raise LookupError(error.code)


def _shown(value: object, lang: Lang) -> str:
    if isinstance(value, (set, frozenset)):
        value = sorted(value)
    if isinstance(value, (list, tuple)):
        return listed(value, lang)
    return say(value, lang) if isinstance(value, Word) else str(value)
