"""Times with their spread, and the memory of a program with all its children."""

from __future__ import annotations

import os
import platform
import resource
import statistics
import subprocess
import threading
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

PERIOD = 0.05


@dataclass(frozen=True)
class Times:
    """Seconds, one for each repetition."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    def quantile(self, share: float) -> float:
        """Return the smallest time that this share of all do not exceed."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    def text(self, unit: str = "s") -> str:
        """Median and spread, as ``12.3 s (11.8-13.0)``."""
        scale = {"s": 1, "ms": 1000}[unit]
        low, high = min(self.seconds) * scale, max(self.seconds) * scale
        return f"{self.median * scale:.1f} {unit} ({low:.1f}-{high:.1f})"


@dataclass(frozen=True)
class Run:
    """One run of a program: seconds, and the peak of its memory in MB.

    ``memory`` counts every page once, mapped files among them; ``own`` is without files.
    ``processor`` is seconds of all its processes together: what a busy machine changes less.
    """

    seconds: float
    processor: float
    memory: float
    own: float


def repeat(times: int, work: Callable[[], object]) -> Times:
    """Call it so many times, after once for nothing."""
    work()
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return Times(tuple(seconds))


def run(command: Sequence[str]) -> Run:
    """Run a program to its end and watch it. It must succeed."""
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    peak = [0.0, 0.0]
    done = threading.Event()

    def watch() -> None:
        while not done.wait(PERIOD):
            for i, size in enumerate(_memory(process.pid)):
                peak[i] = max(peak[i], size)

    watcher = threading.Thread(target=watch)
    watcher.start()
    said, _ = process.communicate()
    seconds = time.perf_counter() - start
    done.set()
    watcher.join()
    assert process.returncode == 0, said.decode()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(seconds, processor, *peak)


def table(title: str, rows: Iterable[tuple[str, str]]) -> None:
    """Print what was measured."""
    print(f"\n{title}", flush=True)
    for name, value in rows:
        print(f"  {name:<52} {value}", flush=True)


def machine() -> list[tuple[str, str]]:
    """Say where the times were taken, and how busy it was."""
    cpu = next(
        (line for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        "?",
    )
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    names = ("pynacl", "sqlalchemy", "starlette", "uvicorn", "typst")
    return [
        ("cores", f"{os.cpu_count()} x {cpu.split(':')[-1].strip()}"),
        ("memory", f"{total:.0f} GB"),
        ("system", f"{platform.freedesktop_os_release()['PRETTY_NAME']}, {platform.release()}"),
        (
            "python",
            f"{platform.python_version()}; " + ", ".join(f"{n} {version(n)}" for n in names),
        ),
        ("load average before", " ".join(f"{load:.1f}" for load in os.getloadavg())),
    ]


def processor(root: int) -> float:
    """Return the processor seconds so far of a process and its living children."""
    ticks = 0
    for pid in _tree(root):
        try:
            stat = Path(f"/proc/{pid}/stat").read_text()
        except OSError:
            continue
        fields = stat.rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _memory(root: int) -> tuple[float, float]:
    """Return (all, without files) of a process and its children in MB."""
    total = own = 0
    for pid in _tree(root):
        try:
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:  # it has just ended
            continue
        sizes = {line.split(":")[0]: line.split() for line in rollup.splitlines()}
        total += int(sizes["Pss"][1])
        own += int(sizes["Pss_Anon"][1])
    return total / 1024, own / 1024


def _tree(root: int) -> list[int]:
    found = [root]
    for pid in found:
        try:
            for task in Path(f"/proc/{pid}/task").iterdir():
                found += map(int, (task / "children").read_text().split())
        except OSError:
            continue
    return found
