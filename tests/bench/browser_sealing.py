"""Sealing in Chromium's Worker, also under a quarter of a core; verifying a box there; and Node.

The pages' code is bundled as it is built for the kiosk and served from this machine. A quarter of
a core is a quota of the kernel over the whole browser (a cgroup): slowing a page down by the
developer tools does not slow a Worker. Where no cgroup may be made, that row is left out.
"""

from __future__ import annotations

import functools
import http.server
import json
import os
import shutil
import statistics
import subprocess
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

from tests.bench.measure import processor, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).parent.parent.parent
WEB = ROOT / "kiosk" / "web"
ITEMS = (10, 50)
SIZES = ((10, 3), (50, 3), (240, 5))
"""Questions and answers; the last is an assessment of forty people by six aspects."""
BOX = 100
QUARTER = 0.25
PERIOD = 100_000
CGROUPS = Path("/sys/fs/cgroup")
KINDS = {
    "tables": "tables for g and y, once for a meeting",
    "prepare": "prepared while the voter reads",
    "prepared": "sealed, prepared before",
    "unprepared": "sealed with nothing prepared",
}


def measure() -> None:
    node, chromium = shutil.which("node"), shutil.which("chromium")
    if node is None or chromium is None or not (WEB / "node_modules").is_dir():
        table("sealing in a browser", [("left out", "needs node, chromium and make web")])
        return
    with served(_SCRIPTS, {}) as address:
        with page_of(chromium) as (page, _):
            page.goto(address)
            _show("Chromium", page.evaluate(_PAGE, SIZES))
        with page_of(chromium) as (page, root):
            page.goto(address)
            before = processor(root)
            each, whole = page.evaluate(_BOX, [ITEMS[0], BOX])
            used = processor(root) - before
            rows = [
                (f"a ballot of 10 x 3, of {BOX} verified together", f"{each:.1f} ms"),
                ("hence 500", f"{each * 500 / 1000:.1f} s"),
                (f"making and verifying {BOX}: wall, processor", f"{whole:.1f} s, {used:.1f} s"),
            ]
            table("verifying in Chromium, one Worker", rows)
        with _quota(QUARTER) as group:
            if group is not None:
                with page_of(chromium, group) as (page, _):
                    page.goto(address)
                    _show("Chromium on a quarter of a core", page.evaluate(_PAGE, SIZES))
    script = str(Path(__file__).with_suffix(".mjs"))
    done = subprocess.run(
        [node, script, "--node", *map(str, ITEMS)], check=True, capture_output=True, text=True
    )
    _show("Node", json.loads(done.stdout))


_SCRIPTS = {
    "kiosk/web/src/kiosk/sealer.worker.js": "sealer.worker.js",
    "tests/bench/browser_sealing.mjs": "bench.js",
    "tests/bench/browser_verifying.worker.mjs": "verifying.js",
}
_PAGE = "(items) => import('/bench.js').then((bench) => bench.inPage(items))"
_BOX = """([items, number]) => new Promise((resolve, reject) => {
  const worker = new Worker("/verifying.js", { type: "module" });
  const start = performance.now();
  worker.onmessage = ({ data }) => resolve([data, (performance.now() - start) / 1000]);
  worker.onerror = () => reject(new Error("the Worker broke"));
  worker.postMessage([items, number]);
})"""


def _show(where: str, found: dict[str, dict[str, list[float]]]) -> None:
    for items, times in found.items():
        rows = [
            (
                KINDS[kind],
                f"{statistics.median(ms):.1f} ms ({min(ms):.1f}-{max(ms):.1f})",
            )
            for kind, ms in times.items()
        ]
        table(f"{where}: one ballot of {items} choices, median of 10", rows)


@contextmanager
def served(scripts: Mapping[str, str], files: Mapping[str, bytes]) -> Iterator[str]:
    """Bundle scripts as build.mjs does, by the name they get, and serve them with an empty page."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for source, name in scripts.items():
            target = "esnext" if source.endswith(".mjs") else "chrome93"
            subprocess.run(
                [
                    WEB / "node_modules" / ".bin" / "esbuild",
                    ROOT / source,
                    "--bundle",
                    "--format=esm",
                    f"--target={target}",
                    "--log-level=error",
                    f"--outfile={folder / name}",
                ],
                check=True,
                cwd=WEB,
            )
        for name, data in files.items():
            (folder / name).write_bytes(data)
        (folder / "index.html").write_text("<!doctype html><title>bench</title>")
        handler = functools.partial(_Quiet, directory=place)
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield f"http://127.0.0.1:{server.server_address[1]}/"
            server.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def page_of(chromium: str, group: Path | None = None) -> Iterator[tuple[Any, int]]:
    """A page and the first process of a browser, all in a cgroup from the start."""
    with tempfile.TemporaryDirectory() as place, sync_playwright() as driver:
        command = Path(place) / "chromium"
        first = Path(place) / "pid"
        enter = f"echo $$ > {first}\n"
        if group is not None:
            enter += f"echo $$ > {group}/cgroup.procs\n"
        command.write_text(f'#!/bin/sh\n{enter}exec {chromium} "$@"\n')
        command.chmod(0o700)
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        found = driver.chromium.launch(
            executable_path=str(command), args=arguments, timeout=180_000
        )
        page = found.new_page()
        page.set_default_timeout(600_000)
        yield page, int(first.read_text())
        found.close()


@contextmanager
def _quota(share: float) -> Iterator[Path | None]:
    """A cgroup that gives its processes so much of one core; None where we may not make one."""
    unified = (CGROUPS / "cgroup.controllers").exists()
    group = (CGROUPS if unified else CGROUPS / "cpu") / f"piaojue-bench-{os.getpid()}"
    quota = int(share * PERIOD)
    try:
        group.mkdir()
        if unified:
            (group / "cpu.max").write_text(f"{quota} {PERIOD}")
        else:
            (group / "cpu.cfs_period_us").write_text(str(PERIOD))
            (group / "cpu.cfs_quota_us").write_text(str(quota))
    except OSError:
        yield None
        return
    try:
        yield group
    finally:
        group.rmdir()
