"""What every command has: a language, one line for an error, and an exit code.

0 done, 1 what was asked about is not so (a record that does not verify), 2 it could not be done;
then nothing was changed.
"""

from __future__ import annotations

import functools
import sys
from typing import TYPE_CHECKING, Concatenate, ParamSpec, cast

import click

from voting.errors import PiaojueError, VerificationError
from voting.words import LANGS, explain, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from voting.words import Lang

Params = ParamSpec("Params")


def both(message: str) -> str:
    """Return a sentence in both languages on one line: ``--help`` comes before ``--lang``."""
    return " · ".join(say(message, lang) for lang in LANGS)


def both_paragraphs(message: str) -> str:
    """Return a text in one language after the other."""
    return "\n\n".join(say(message, lang) for lang in LANGS)


def in_language(command: Callable[Concatenate[Lang, Params], int]) -> Callable[Params, None]:
    """Give a command ``--lang``, its exit code, and one line for every error raised on purpose."""

    @click.option("--lang", type=click.Choice(LANGS), default="zh", help=both("help.lang"))
    @functools.wraps(command)
    def run(*args: Params.args, **kwargs: Params.kwargs) -> None:
        lang = cast("Lang", kwargs.pop("lang"))
        try:
            code = command(lang, *args, **kwargs)
        except VerificationError as e:
            click.echo(explain(e, lang), err=True)
            code = 1
        except PiaojueError as e:
            click.echo(explain(e, lang), err=True)
            code = 2
        sys.exit(code)

    return run
