"""Work that many may ask for at the same moment and that is done once.

Reading a counted box takes a worker a while. Screens ask again every few seconds, and anybody may:
whoever comes while it is under way waits for the same answer and adds no work.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

T = TypeVar("T")


class Flights:
    """Work under way, by name. What it came to is for the caller to keep."""

    def __init__(self) -> None:
        self._tasks: dict[str, asyncio.Task[Any]] = {}

    async def run(self, name: str, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Do the work, or wait for who does it already; raises what it raises.

        It goes on if the one who began it goes away.
        """
        task: asyncio.Task[T] | None = self._tasks.get(name)
        if task is None:
            task = self._tasks[name] = asyncio.create_task(work())
            task.add_done_callback(lambda done: self._landed(name, done))
        return await asyncio.shield(task)

    def _landed(self, name: str, done: asyncio.Task[Any]) -> None:
        del self._tasks[name]
        if not done.cancelled():
            done.exception()  # whoever still waits is told; that nobody does is no error
