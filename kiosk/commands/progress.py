"""A bar on stderr while ballots are verified, when that is a terminal."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from voting.words import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from voting.words import Lang

    Progress = Callable[[str, int, int], None]


@contextmanager
def progress_bar(lang: Lang) -> Iterator[Progress]:
    """Give a progress bar on stderr, when that is a terminal and there is something to wait for."""
    if not sys.stderr.isatty():
        yield lambda _slot, _done, _total: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, Any] = {}

        def told(slot: str, done: int, total: int) -> None:
            if slot not in tasks:
                title = say("cli.verify.ballots", lang, slot=slot[:8])
                tasks[slot] = bar.add_task(title, total=total)
            bar.update(tasks[slot], completed=done)

        yield told
