"""Worker processes that end with the program that started them.

A spawned worker that waits for work holds the write end of its siblings' pipes and its starter's
output: after a kill it would wait for ever, and whoever reads that output with it.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from multiprocessing import connection


def end_with_parent(until: connection.Connection | None = None) -> None:
    """Leave a worker's end to its starter: not to Ctrl-C, and not to nobody after a kill.

    Args:
        until: A pipe's end; the worker leaves what it does when the other end is closed.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    assert parent is not None

    sentinel = parent.sentinel

    def watch() -> None:
        connection.wait([sentinel] if until is None else [sentinel, until])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
