"""No sentence without a use, and no use without a sentence.

The sources are read as syntax trees. An id is used when it stands anywhere in the code as a
string, when a formatted string's constant beginning fits it (`f"gate.{kind}"`), or, for
`error.…`, when its code stands there. An id is asked for by the first argument of `say`, by
`message=` of a step, by `Word`, and by the code with which an error is raised.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from voting import errors
from voting.words import catalogue

ROOT = Path(__file__).parent.parent.parent
PYTHON = [path for room in ("voting", "tally", "kiosk") for path in (ROOT / room).rglob("*.py")]
PAGES = [
    path
    for path in (ROOT / "kiosk").rglob("*")
    if path.suffix in {".js", ".html", ".typ"} and not {"node_modules", "dist"} & set(path.parts)
] + list((ROOT / "tally").rglob("*.typ"))
SCRIPTS = [path for path in PAGES if path.suffix == ".js"]
ERRORS = {
    name
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, errors.PiaojueError)
}
PLACE_FIRST = {"FormatError", "FaultyTrusteeError"}  # their first argument is no code


@cache
def trees():
    return {path.relative_to(ROOT): ast.parse(path.read_text("utf-8")) for path in PYTHON}


def nodes():
    for path, tree in trees().items():
        for node in ast.walk(tree):
            yield path, node


def name_of(call):
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def constants(node):
    """Yield the strings that an argument may be: a constant, or either arm of a condition."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from constants(node.body)
        yield from constants(node.orelse)


def asked_for():
    """Yield place and id of every sentence that the code names outright."""
    for path, node in nodes():
        if not isinstance(node, ast.Call):
            continue
        name, first = name_of(node), node.args[:1]
        if name in ("say", "Word"):
            arguments = first
        elif name in ERRORS - PLACE_FIRST:
            for text in (text for argument in first for text in constants(argument)):
                yield f"{path}:{node.lineno}", f"error.{text}"
            continue
        else:
            named = node.keywords if name == "Step" else []
            arguments = [part.value for part in named if part.arg == "message"]
        for text in (text for argument in arguments for text in constants(argument)):
            yield f"{path}:{node.lineno}", text
    for kind in ERRORS:
        yield f"voting/errors.py:{kind}", f"error.{vars(errors)[kind].code}"
    for path in SCRIPTS:
        for text in script_ids(path.read_text("utf-8")):
            yield path.relative_to(ROOT), text


def script_ids(script):
    """Yield what a script names outright: ``say("id")``, and ``new RefusedError("code")``."""
    yield from re.findall(r"""(?<![\w.])say\(\s*["'`]([^"'`$]+)["'`]""", script)
    kinds = "|".join(sorted(ERRORS - PLACE_FIRST))
    for code in re.findall(rf"""new (?:{kinds})\(\s*["'`]([^"'`$]+)["'`]""", script):
        yield f"error.{code}"


def script_beginnings(script):
    """Yield the constant beginnings of ids that a script completes: say(`desk.step.${id}`)."""
    yield from re.findall(r"`([a-z][\w-]*(?:\.[\w-]*)+)\$\{", script)


@cache
def mentioned():
    """Return all strings of the code, the ids in pages, and the beginnings that are completed."""
    strings, beginnings = set(), set()
    for _, node in nodes():
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            strings.add(node.value)
        elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            beginnings.add(node.values[0].value)
    for page in PAGES:
        strings |= set(re.findall(r"[\w-]+(?:\.[\w-]+)+|[\w-]+", page.read_text("utf-8")))
    for script in SCRIPTS:
        beginnings |= set(script_beginnings(script.read_text("utf-8")))
    return strings, {text for text in beginnings if re.fullmatch(r"[a-z][\w-]*(\.[\w-]*)+", text)}


def test_every_sentence_that_the_code_asks_for_is_there():
    missing = sorted({(name, place) for place, name in asked_for() if name not in catalogue()})

    assert not missing, "\n".join(f"{name}  {place}" for name, place in missing)


def test_a_script_s_sentences_are_found_however_they_are_asked_for():
    script = """
      h("p", say("a.b")); say(
        'c.d', {n}); words.say("other.e"); say(`f.${id}`); say(`g.h`);
      throw new RefusedError("no-such"); new FormatError("a.place", "what");
    """

    assert set(script_ids(script)) == {"a.b", "c.d", "g.h", "error.no-such"}
    assert set(script_beginnings(script)) == {"f."}


def test_every_beginning_that_a_script_completes_begins_a_sentence():
    begun = {text for path in SCRIPTS for text in script_beginnings(path.read_text("utf-8"))}
    asked = {text for text in begun if text.split(".")[0] in {n.split(".")[0] for n in catalogue()}}

    assert [text for text in asked if not any(name.startswith(text) for name in catalogue())] == []


@pytest.mark.parametrize("room", sorted({name.split(".")[0] for name in catalogue()}))
def test_no_sentence_is_left_over(room):
    strings, beginnings = mentioned()

    def used(name):
        code = name.removeprefix("error.")
        return (
            name in strings
            or (code != name and code in strings)
            or any(name.startswith(text) and text != "error." for text in beginnings)
        )

    assert [name for name in catalogue() if name.startswith(f"{room}.") and not used(name)] == []
